# A player's first words to a server: what `ropp probe` and the test player share.
noinst_LIBRARIES += libplayer.a
libplayer_a_SOURCES = \
	tools/player/bytes.h \
	tools/player/link.c \
	tools/player/link.h \
	tools/player/net.c \
	tools/player/net.h \
	tools/player/packet.c \
	tools/player/packet.h \
	tools/player/sender.c \
	tools/player/sender.h
