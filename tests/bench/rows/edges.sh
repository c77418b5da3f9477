# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A ban at an edge that `ropp ban follow` keeps in step, which tests/bench/edges describes. Sourced by tests/bench/run.

edges_about() {
    echo 'how long until a ban acts at HAProxy, nftables, ipset and in a file'
}

edges_needs() {
    [[ -x $build/ropp ]] || echo 'make'
    missing mariadbd haproxy nft ipset ip curl
    ((EUID == 0)) || echo root
}

edges_run() {
    local options=()
    [[ $quick == no ]] || options=(--bans 1 1000)
    "$bench/edges" --build "$build" "${options[@]}"
}
