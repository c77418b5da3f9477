# Benchmarks judge nothing and are built on request: make tests/bench/bench_header
EXTRA_PROGRAMS = tests/bench/bench_header
tests_bench_bench_header_SOURCES = tests/bench/bench_header.c
tests_bench_bench_header_LDADD = libropp.a
