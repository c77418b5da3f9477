# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A look-up in the table of bans, which tests/bench/bench_table.c describes. Sourced by tests/bench/run.

lookup_about() {
    echo 'a look-up in the table of bans, beside a hash and a scan; its memory'
}

lookup_needs() {
    [[ -x $build/tests/bench/bench_table ]] || echo 'make tests/bench/bench_table'
}

lookup_run() {
    local sizes=()
    [[ $quick == no ]] || sizes=(1000)
    "$build/tests/bench/bench_table" "${sizes[@]}"
}
