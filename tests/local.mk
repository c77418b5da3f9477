# SPDX-License-Identifier: MIT
# What the end-to-end suite runs with; the suite itself is scripts/check and scripts/live-check.
noinst_PROGRAMS += tests/player/player
tests_player_player_SOURCES = \
	tests/player/balance.c \
	tests/player/checksum.h \
	tests/player/commands.c \
	tests/player/commands.h \
	tests/player/login.c \
	tests/player/main.c \
	tests/player/play.c \
	tests/player/raw.c \
	tests/player/serverlogin.h \
	tests/player/silent.c \
	tests/player/watch.c
tests_player_player_LDADD = libplayer.a libbase.a

# Needs no server, and no more than a shell.
TESTS += tests/e2e/test_tree.sh

# The last lines of `make check`: what of the tests was left out for want of a tool.
ropp_left_out =
if !HAVE_CMOCKA
ropp_left_out += 'all unit tests (need cmocka)'
endif
if !HAVE_LIBCONFIG
ropp_left_out += 'tests/unit/test_agreement (needs libconfig)'
endif
if !HAVE_TIMEOUT
ropp_left_out += 'the time limit of every test (needs timeout)'
endif
check-local: check-TESTS
	@$(srcdir)/tests/left-out $(ropp_left_out) -- $(TEST_LOGS)
EXTRA_DIST += tests/left-out

EXTRA_DIST += \
	tests/receivers/feed \
	tests/receivers/run \
	tests/receivers/servers.sh \
	tests/receivers/table \
	tests/receivers/verdicts.tsv \
	tests/e2e/test_tree.sh \
	tests/e2e/run \
	tests/e2e/senders \
	tests/e2e/lib/bans.sh \
	tests/e2e/lib/cluster.sh \
	tests/e2e/lib/cluster-hercules.sh \
	tests/e2e/lib/cluster-lines.sh \
	tests/e2e/lib/cluster-rathena.sh \
	tests/e2e/lib/expect.sh \
	tests/e2e/lib/hercules.sh \
	tests/e2e/lib/lines.sh \
	tests/e2e/lib/rathena.sh \
	tests/e2e/lib/player.sh \
	tests/e2e/lib/server.sh \
	tests/e2e/lib/senders.sh \
	tests/e2e/lib/session.sh \
	tests/e2e/lib/tree.sh \
	tests/e2e/lib/words.sh \
	tests/e2e/cases/address.sh \
	tests/e2e/cases/attack.sh \
	tests/e2e/cases/bans.sh \
	tests/e2e/cases/cluster.sh \
	tests/e2e/cases/config.sh \
	tests/e2e/cases/deploy.sh \
	tests/e2e/cases/headers.sh \
	tests/e2e/cases/hops.sh \
	tests/e2e/cases/limits.sh \
	tests/e2e/cases/off.sh \
	tests/e2e/cases/probe.sh \
	tests/e2e/cases/protection.sh \
	tests/e2e/cases/refusals.sh \
	tests/e2e/cases/senders.sh \
	tests/e2e/cases/session.sh \
	tests/e2e/cases/strict.sh \
	tests/e2e/cases/ticket.sh \
	tests/e2e/cases/wayback.sh

# Prometheus with the files of scripts/monitoring; scripts/check runs it.
EXTRA_DIST += \
	tests/monitoring/run \
	tests/monitoring/rules.test.yml

# The Debian packages; scripts/check runs it.
EXTRA_DIST += tests/package/run
