# SPDX-License-Identifier: MIT
ropp_patches = \
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
