# SPDX-License-Identifier: MIT
# The load of the chaos run; the run itself is scripts/check chaos.
noinst_PROGRAMS += tests/chaos/storm
tests_chaos_storm_SOURCES = \
	tests/chaos/act.c \
	tests/chaos/act.h \
	tests/chaos/forge.c \
	tests/chaos/forge.h \
	tests/chaos/random.h \
	tests/chaos/storm.c \
	tests/player/checksum.h \
	tests/player/serverlogin.h
tests_chaos_storm_LDADD = libplayer.a libbase.a

EXTRA_DIST += \
	tests/chaos/lib/churn.sh \
	tests/chaos/lib/ends.sh \
	tests/chaos/lib/honest.sh \
	tests/chaos/lib/servers.sh \
	tests/chaos/run
