# SPDX-License-Identifier: MIT
ropp_patches = \
	patches/athena/dialect \
	patches/athena/build.hook \
	patches/athena/char.hook \
	patches/athena/ipban.hook \
	patches/athena/login.hook \
	patches/athena/map.hook \
	patches/athena/socket.hook \
	patches/athena/traps.hook \
	patches/athena/tree.hook \
	patches/rathena/dialect \
	patches/rathena/build.hook \
	patches/rathena/char.hook \
	patches/rathena/ipban.hook \
	patches/rathena/login.hook \
	patches/rathena/map.hook \
	patches/rathena/socket.hook \
	patches/rathena/traps.hook \
	patches/rathena/tree.hook \
	patches/hercules/dialect \
	patches/hercules/api.hook \
	patches/hercules/build.hook \
	patches/hercules/char.hook \
	patches/hercules/ipban.hook \
	patches/hercules/login.hook \
	patches/hercules/map.hook \
	patches/hercules/socket.hook \
	patches/hercules/traps.hook \
	patches/hercules/tree.hook

EXTRA_DIST += $(ropp_patches)
