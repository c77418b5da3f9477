# SPDX-License-Identifier: MIT
# Benchmarks judge nothing and are built on request: make tests/bench/bench_header tests/bench/bench_table
EXTRA_PROGRAMS = tests/bench/bench_header
tests_bench_bench_header_SOURCES = tests/bench/bench_header.c
tests_bench_bench_header_LDADD = libropp.a

EXTRA_PROGRAMS += tests/bench/bench_table
tests_bench_bench_table_SOURCES = tests/bench/bench_table.c
tests_bench_bench_table_LDADD = libropp.a

EXTRA_DIST += tests/bench/bans tests/bench/edges tests/bench/instructions tests/bench/turns.c
