# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Logins, long sessions, bursts and silent peers, with ropp and without, which tests/bench/game describes. Sourced by
# tests/bench/run.

game_about() {
    echo 'logins, long sessions, bursts and silent peers, with ropp and without, and through HAProxy'
}

game_needs() {
    local program
    trees_need
    for program in tests/bench/bench_player tests/bench/bench_bare; do
        [[ -x $build/$program ]] || echo "make $program"
    done
    missing mariadbd haproxy ss
}

game_run() {
    local options=()
    trees_make
    [[ $quick == no ]] || options=(--quick)
    "$bench/game" "${options[@]}" --build "$build" --stock "$stock" "$tree"
}
