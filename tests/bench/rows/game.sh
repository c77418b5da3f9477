# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Four rows about a login server, with ropp and without, which tests/bench/game describes. Sourced by tests/bench/run.

logins_about() {
    echo 'logins with ropp and without, direct and through HAProxy'
}

session_about() {
    echo 'a long session, after its header'
}

burst_about() {
    echo '2000 players at once'
}

silent_about() {
    echo 'logins beside a thousand silent peers'
}

game_needs() {
    local program
    trees_need
    for program in tests/bench/bench_player tests/bench/bench_bare; do
        [[ -x $build/$program ]] || echo "make $program"
    done
    missing mariadbd haproxy ss
}

game_run() { # PART
    local options=(--part "$1")
    trees_make
    [[ $quick == no ]] || options+=(--quick)
    [[ -z ${peers[go-mmproxy]-} ]] || options+=(--mmproxy "${peers[go-mmproxy]}")
    "$bench/game" "${options[@]}" --build "$build" --stock "$stock" "$tree"
}

logins_needs() { game_needs; }
session_needs() { game_needs; }
burst_needs() { game_needs; }
silent_needs() { game_needs; }

logins_run() { game_run logins; }
session_run() { game_run session; }
burst_run() { game_run burst; }
silent_run() { game_run silent; }
