# What the end-to-end suite runs with; the suite itself is scripts/check and scripts/live-check.
noinst_PROGRAMS += tests/player/player
tests_player_player_SOURCES = \
	tests/player/commands.c \
	tests/player/commands.h \
	tests/player/link.c \
	tests/player/link.h \
	tests/player/login.c \
	tests/player/main.c \
	tests/player/net.c \
	tests/player/net.h \
	tests/player/packet.c \
	tests/player/packet.h \
	tests/player/raw.c \
	tests/player/sender.c \
	tests/player/sender.h \
	tests/player/silent.c
