# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Logins, long sessions, bursts and silent peers, with ropp and without, which tests/bench/game describes: on the trees that
# were given, or on reference emulators. Sourced by tests/bench/run.

game_about() {
    echo 'logins, long sessions, bursts and silent peers, with ropp and without, and through HAProxy'
}

game_needs() {
    local program
    for program in ropp tests/player/player tests/bench/bench_player tests/bench/bench_bare; do
        [[ -x $build/$program ]] || echo "make $program"
    done
    missing mariadbd haproxy ss
    [[ -z $tree$stock || ( -n $tree && -n $stock ) ]] || echo '--tree and --stock'
    [[ -n $tree ]] || missing make g++
}

# Reference emulators, built with and without ropp, unless there are trees.
game_trees() {
    local name
    [[ -z $tree ]] || return 0
    tree=$clean_folder/woven stock=$clean_folder/stock
    for name in "$tree" "$stock"; do
        "$top/tests/emulator/make-tree" rathena "$name"
        [[ $name == "$stock" ]] || "$build/ropp" patch apply "$name" >&2
        make -s -C "$name" EPOLL=1 >&2
    done
}

game_run() {
    local options=()
    game_trees >"$clean_folder/trees" 2>&1 || die "the emulators are not built: $(tail -n 5 "$clean_folder/trees")"
    [[ $quick == no ]] || options=(--rounds 1 --logins 100)
    "$bench/game" "${options[@]}" --build "$build" --stock "$stock" "$tree"
}
