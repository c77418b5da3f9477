ropp_patches = \
	patches/rathena/dialect \
	patches/rathena/build.hook \
	patches/rathena/login.hook \
	patches/rathena/socket.hook \
	patches/hercules/dialect \
	patches/hercules/build.hook \
	patches/hercules/login.hook \
	patches/hercules/socket.hook

EXTRA_DIST += $(ropp_patches)
