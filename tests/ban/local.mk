# The export formats and the programs that read them: scripts/check runs test_export.sh.
noinst_PROGRAMS += tests/ban/entries
tests_ban_entries_SOURCES = tests/ban/entries.c
tests_ban_entries_LDADD = $(ropp_lists_ldadd)

EXTRA_DIST += tests/ban/test_export.sh
