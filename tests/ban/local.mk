# SPDX-License-Identifier: MIT
# The export formats and the programs that read them: scripts/check runs test_export.sh.
noinst_PROGRAMS += tests/ban/entries
tests_ban_entries_SOURCES = tests/ban/entries.c
tests_ban_entries_LDADD = libedge.a $(ropp_lists_ldadd)

EXTRA_DIST += tests/ban/test_export.sh

# `ropp ban follow`: scripts/check runs test_follow.sh.
noinst_PROGRAMS += tests/ban/knock tests/ban/datagrams
tests_ban_knock_SOURCES = tests/ban/knock.c
tests_ban_datagrams_SOURCES = tests/ban/datagrams.c
EXTRA_DIST += tests/ban/test_follow.sh

# `ropp ban` and `ropp status` with a MariaDB of their own; scripts/check runs it.
EXTRA_DIST += \
	tests/ban/test_cli.sh \
	tests/ban/cases/add.sh \
	tests/ban/cases/check.sh \
	tests/ban/cases/connect.sh \
	tests/ban/cases/export.sh \
	tests/ban/cases/fail2ban.sh \
	tests/ban/cases/import.sh \
	tests/ban/cases/list.sh \
	tests/ban/cases/mysql.sh \
	tests/ban/cases/status.sh \
	tests/ban/cases/whole.sh
