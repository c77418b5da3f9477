# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Routes: what a proxied player is sent when the header's destination is not what was dialled. The test player is the
# proxy here, and a player from the internet behind it. Sourced by tests/e2e/run.

# behind HOP-ADDRESS: options for a player with a public address behind a proxy at that one. Wherever it is sent, it
# dials the origin.
behind() {
    printf '%s\n' --from "$1" --header v2 --claim 203.0.113.9:40000 \
        --char-at "$(at direct char)" --map-at "$(at direct map)"
}

# session_behind HOP-ADDRESS DESTINATION OPTION...
session_behind() {
    local options
    mapfile -t options < <(behind "$1")
    session direct "${options[@]}" --dest "$2" "${@:3}"
}

# no_way_line HOP DESTINATION: what the log says, and what to add.
no_way_line() {
    echo "ropp: no route back for 203\.0\.113\.9 through $(quoted "$1") to $(quoted "$2"): add proxy_route: $(quoted "$1")"
}

e2e_case wayback-private cluster:session "a private destination for a public player: refused, and the log says what to add" 13
case_wayback_private() {
    local hop=127.10.0.10 mark destination
    session_begin
    for destination in 10.0.0.5 127.0.0.1; do
        mark=$(cluster_mark login)
        session_behind "$hop" "$destination:6900" --must-not-contain "$cluster_origin"
        expect_heard '^refused player=0 leg=login packet=0x0081 code=1$'
        expect_heard ' found=0$'
        # At most one line in ten seconds.
        expect_cluster_said login "$mark" "$(no_way_line "$hop" "$destination")" 12
    done
    printf '> and at the char server\n'
    mark=$(cluster_mark char)
    session_behind "$hop" 198.51.100.7:6900 --char-dest 192.168.9.9:6121 --must-not-contain "$cluster_origin"
    expect_told login char "198.51.100.7:${cluster_port[char]}"
    expect_heard '^refused player=0 leg=char packet=0x0081 code=1$'
    expect_heard ' found=0$'
    expect_cluster_said char "$mark" "$(no_way_line "$hop" 192.168.9.9)" 12
    [[ -n ${cluster_port[map2]-} ]] || return 0
    printf '> and at the map server, on the way to another\n'
    mark=$(cluster_mark map)
    session_behind "$hop" 198.51.100.7:6900 --map-dest 172.16.3.4:5121 --warp '@xmap izlude' \
        --must-not-contain "$cluster_origin"
    expect_told char map "198.51.100.7:${cluster_port[map]}"
    expect_heard '^disconnected player=0 leg=map '
    expect_heard ' found=0$'
    expect_cluster_said map "$mark" "$(no_way_line "$hop" 172.16.3.4)" 12
}

e2e_case wayback-route cluster:session "with a proxy_route for it: its address and its ports"
case_wayback_route() {
    session_begin
    printf '> by the header'"'"'s destination\n'
    session_behind 127.10.0.10 10.44.1.2:6900 --must-not-contain "$cluster_origin"
    expect_told login char 198.51.100.44:1044
    expect_told char map 198.51.100.44:2044
    expect_heard '^searched .* found=0$'
    expect_heard '^arrived count=1 of=1$'
    printf '> a public destination is what was dialled\n'
    session_behind 127.10.0.10 198.51.100.7:6900
    expect_told login char "198.51.100.7:${cluster_port[char]}"
    expect_told char map "198.51.100.7:${cluster_port[map]}"
}

e2e_case wayback-longest cluster:session "of several routes the longest prefix wins; without a port the server's own is sent"
case_wayback_longest() {
    session_begin
    session_behind 127.10.0.65 198.51.100.7:6900
    expect_told login char 198.51.100.32:1032
    expect_told char map 198.51.100.32:2032
    session_behind 127.10.0.66 198.51.100.7:6900
    expect_told login char "198.51.100.28:${cluster_port[char]}"
    expect_told char map "198.51.100.28:${cluster_port[map]}"
    session_behind 127.10.0.90 10.0.0.5:6900
    expect_told login char 198.51.100.26:1026
    expect_told char map 198.51.100.26:2026
}

e2e_case wayback-unhidden cluster:unhidden "proxy_hide_origin off: without a route the player is sent what stock sends" 5
case_wayback_unhidden() {
    session_begin
    session_behind 127.10.0.10 10.0.0.5:6900
    expect_all_told "$cluster_origin"
    expect_heard '^arrived count=1 of=1$'
    expect_cluster_unsaid login 0 'no route back'
    printf '> with one, the way back\n'
    expect_session 2 --from "$net.1.5" --must-not-contain "$cluster_origin"
    expect_all_told 127.10.0.2
}

e2e_case wayback-untold cluster:untold "proxy_advertise off: routes only"
case_wayback_untold() {
    session_begin
    expect_stop login 0x0081 1 2 --from "$net.1.5" --must-not-contain "$cluster_origin"
    expect_heard ' found=0$'
    session_behind 127.10.0.65 198.51.100.7:6900 --must-not-contain "$cluster_origin"
    expect_told login char 198.51.100.32:1032
    expect_told char map 198.51.100.32:2032
    expect_heard '^searched .* found=0$'
}
