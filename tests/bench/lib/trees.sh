# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The emulators that are measured: those that were given, or reference emulators, built when the first row wants them.
# Sourced by tests/bench/run.

trees_need() {
    local program
    for program in ropp tests/player/player; do
        [[ -x $build/$program ]] || echo "make $program"
    done
    if [[ -z $tree$stock ]]; then
        missing make g++
    elif [[ -z $tree || -z $stock ]]; then
        echo '--tree and --stock'
    fi
}

trees_make() {
    [[ -z $tree ]] || return 0
    # shellcheck disable=SC2034 # for clean_end
    clean_show=$clean_folder/trees.log
    trees_build >"$clean_folder/trees.log" 2>&1
    clean_show=''
}

trees_build() {
    tree=$clean_folder/woven stock=$clean_folder/stock
    "$top/tests/emulator/make-tree" rathena "$tree"
    cp -a "$tree" "$stock"
    "$build/ropp" patch apply "$tree"
    make -s -C "$tree" EPOLL=1
    make -s -C "$stock" EPOLL=1
}
