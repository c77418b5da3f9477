# SPDX-License-Identifier: MIT
# A player and its way over the servers: what `ropp probe` and the test player share.
noinst_LIBRARIES += libplayer.a
libplayer_a_SOURCES = \
	tools/player/bytes.h \
	tools/player/client.c \
	tools/player/client.h \
	tools/player/journey.c \
	tools/player/journey.h \
	tools/player/link.c \
	tools/player/link.h \
	tools/player/net.c \
	tools/player/net.h \
	tools/player/packet.c \
	tools/player/packet.h \
	tools/player/password.c \
	tools/player/password.h \
	tools/player/scramble.c \
	tools/player/scramble.h \
	tools/player/sender.c \
	tools/player/sender.h \
	tools/player/trace.c \
	tools/player/trace.h
