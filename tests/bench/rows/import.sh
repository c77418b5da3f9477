# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A million prefixes, imported and in force at a login server, which tests/bench/import describes. Sourced by tests/bench/run.

import_about() {
    echo "a million prefixes: their import, MariaDB's processor, and when they are in force"
}

import_needs() {
    trees_need
    missing mariadbd ss
}

import_run() {
    local options=()
    trees_make
    [[ $quick == no ]] || options=(--prefixes 1000 --rounds 1)
    "$bench/import" --build "$build" "${options[@]}" "$tree"
}
