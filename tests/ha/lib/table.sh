# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What came of it, for people. Sourced by tests/ha/run.

# table_of NUMBERS: how many, the median, the 95th of a hundred, the largest; from standard input, one a line.
table_of() {
    sort -n | awk '{ n[NR] = $1 } END { printf "%d %d %d %d\n", NR, n[int((NR + 1) / 2)], n[int(NR * 0.95 + 0.95)], n[NR] }'
}

# From a lost session to the next one, in milliseconds; and the tries that took.
table_returns() {
    cat "$clean_folder"/crowd-*[a-z] | awk '
        $1 == "lost" { lost[$3] = $2; from[$3] = $4 }
        $1 == "in" && $3 in lost { print $2 - lost[$3], $5, ($4 == from[$3] ? "same" : "other"); delete lost[$3] }'
}

table_row() { # WHAT COUNT MEDIAN P95 MOST
    printf '%-34s %8s %8s %8s %8s\n' "$@"
}

table_print() {
    local hop kind row
    printf '\n'
    table_row '' count median p95 most
    for hop in "${world_hops[@]}"; do
        row=$(crowd_lines took | awk -v hop="$hop" '$3 == hop { print $4 }' | table_of)
        # shellcheck disable=SC2086 # four words
        table_row "an exchange by $hop, ms" $row
    done
    row=$(crowd_lines in | awk '$4 == 1 { print $5 }' | table_of)
    # shellcheck disable=SC2086 # four words
    table_row 'into the game, at once, ms' $row
    row=$(table_returns | awk '{ print $1 }' | table_of)
    # shellcheck disable=SC2086 # four words
    table_row 'thrown out, and back, ms' $row
    row=$(table_returns | awk '{ print $2 }' | table_of)
    # shellcheck disable=SC2086 # four words
    table_row 'thrown out, and back, tries' $row
    table_row 'thrown out, and back by another hop' "$(table_returns | grep -c other || true)" '' '' ''
    for kind in leg in lost failed stranded; do
        row=$(crowd_lines_count "$kind")
        case $kind in
        leg) table_row 'connections made' "$row" '' '' '' ;;
        in) table_row 'sessions' "$row" '' '' '' ;;
        lost) table_row 'sessions lost' "$row" '' '' '' ;;
        failed) table_row 'tries that failed' "$row" '' '' '' ;;
        stranded) table_row 'players with no hop left to try' "$row" '' '' '' ;;
        esac
    done
    for kind in "${fault_kinds[@]}"; do
        table_row "faults: $kind" "${fault_count[$kind]-0}" '' '' ''
    done
    printf '\n'
}
