# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What was measured, for people. Sourced by tests/hostile/run.

table_row() {
    printf '%-12s %-7s %6s %8s %8s %8s %6s %8s %8s %8s %6s %7s\n' "$@"
}

# Times in milliseconds; the servers' processor time in hundredths of one processor, and the lines that they have logged.
table_print() {
    local name phase
    printf '\n'
    table_row '' '' logins p50 p99 max talks p50 p99 max 'cpu %' lines
    for name in "${attack_names[@]}"; do
        for phase in quiet attack after; do
            [[ -e $clean_folder/load-$name-$phase ]] || continue
            # shellcheck disable=SC2046 # words
            table_row "$name" "$phase" $(honest_figures logins "$name" "$phase") $(honest_figures exchanges "$name" "$phase") \
                $(($(<"$clean_folder/load-$name-$phase") / 10)) "$(<"$clean_folder/lines-$name-$phase")"
        done
        [[ ! -e $clean_folder/flood-$name ]] || printf '%-12s %s\n' '' "$(<"$clean_folder/flood-$name")"
    done
    printf '\n'
}
