ropp_patches = \
	patches/rathena/dialect \
	patches/rathena/build.hook \
	patches/rathena/char.hook \
	patches/rathena/login.hook \
	patches/rathena/map.hook \
	patches/rathena/socket.hook \
	patches/hercules/dialect \
	patches/hercules/api.hook \
	patches/hercules/build.hook \
	patches/hercules/char.hook \
	patches/hercules/login.hook \
	patches/hercules/map.hook \
	patches/hercules/socket.hook

EXTRA_DIST += $(ropp_patches)
