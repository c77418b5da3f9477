# SPDX-License-Identifier: MIT
# What ropp costs. Judges nothing, and is run on request: make bench. Options for tests/bench/run: make bench BENCH='--quick'
BENCH =
BENCH_OUT = bench-results

ropp_bench_programs = \
	tests/bench/bench_bare \
	tests/bench/bench_header \
	tests/bench/bench_player \
	tests/bench/bench_table

EXTRA_PROGRAMS = $(ropp_bench_programs)
tests_bench_bench_header_SOURCES = tests/bench/bench_header.c tests/bench/receiver.h
tests_bench_bench_header_LDADD = libropp.a

tests_bench_bench_table_SOURCES = tests/bench/bench_table.c
tests_bench_bench_table_LDADD = libropp.a

tests_bench_bench_bare_SOURCES = tests/bench/bench_bare.c

tests_bench_bench_player_SOURCES = tests/bench/bench_player.c
tests_bench_bench_player_LDADD = libplayer.a libbase.a

bench: all $(ropp_bench_programs)
	$(srcdir)/tests/bench/run --build . --out '$(BENCH_OUT)' $(BENCH)
.PHONY: bench

check_PROGRAMS += tests/bench/bench_header
TESTS += tests/bench/test_run.sh

EXTRA_DIST += \
	tests/bench/bans \
	tests/bench/edges \
	tests/bench/game \
	tests/bench/import \
	tests/bench/lib/plot.awk \
	tests/bench/lib/prefixes.awk \
	tests/bench/lib/results.awk \
	tests/bench/lib/table.awk \
	tests/bench/lib/trees.sh \
	tests/bench/rows/edges.sh \
	tests/bench/rows/flood.sh \
	tests/bench/rows/game.sh \
	tests/bench/rows/header.sh \
	tests/bench/rows/import.sh \
	tests/bench/rows/lookup.sh \
	tests/bench/run \
	tests/bench/test_run.sh \
	tests/bench/turns.c
