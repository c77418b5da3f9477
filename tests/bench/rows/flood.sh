# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What banned players cost who come again and again, which tests/bench/bans describes. Sourced by tests/bench/run.

flood_about() {
    echo 'a flood of banned players, refused by the emulator and by ropp'
}

flood_needs() {
    trees_need
    missing mariadbd haproxy ss
}

flood_run() {
    trees_make
    "$bench/bans" --prefixes 0 --build "$build" --stock "$stock" "$tree"
}
