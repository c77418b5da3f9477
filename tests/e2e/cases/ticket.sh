# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A ticket used from another address than it was issued to: at login, at char, at char for the map. Sourced by tests/e2e/run.

# The three places: what the player does there, from $net.1.6 instead of $net.1.5, and through another hop.
ticket_at_char() { printf '%s\n' --char-at "$(at 2 char)" --char-from "$net.1.6"; }
ticket_at_map() { printf '%s\n' --map-at "$(at 2 map)" --map-from "$net.1.6"; }
ticket_at_again() { printf '%s\n' --again --again-at "$(at 2 char)" --again-from "$net.1.6"; }

# The server that looks at it, and the answer that a wrong ticket gets.
declare -A ticket_judge=([char]=login [map]=char [again]=char)
declare -A ticket_answer=([char]='0x006c 0' [map]='0x0081 0' [again]='0x006c 0')

# What its log says, for one account and both addresses.
ticket_line() { # END
    echo "ropp: ticket of account $(session_account) was issued to $(quoted "$net.1.5") and is used from $(quoted "$net.1.6"): $1"
}

# The honest player, who switches hops and keeps the address.
honest_session() {
    local login_mark char_mark
    login_mark=$(cluster_mark login)
    char_mark=$(cluster_mark char)
    expect_session 1 --from "$net.1.5" --char-at "$(at 2 char)" --map-at "$(at 3 map)" --again --again-at "$(at 1 char)"
    expect_cluster_unsaid login "$login_mark" 'ropp: ticket'
    expect_cluster_unsaid char "$char_mark" 'ropp: ticket'
}

e2e_case ticket-on cluster:ticket-on "proxy_auth_ip_check on: refused from another address at all three places" 12
case_ticket_on() {
    local place mark judge options
    session_begin
    for place in char map again; do
        judge=${ticket_judge[$place]}
        mark=$(cluster_mark "$judge")
        mapfile -t options < <("ticket_at_$place")
        # shellcheck disable=SC2086 # two words
        expect_stop "$place" ${ticket_answer[$place]} 1 --from "$net.1.5" "${options[@]}"
        expect_cluster_said "$judge" "$mark" "$(ticket_line refused)"
        [[ $(server_log=${cluster_log[$judge]} server_says "$mark" | grep -c 'ropp: ticket') == 1 ]] ||
            fail 'expected one line'
    done
    honest_session
}

e2e_case ticket-on-direct cluster:ticket-on "on: a direct player's ticket is bound to the address, too"
case_ticket_on_direct() {
    local mark
    session_begin
    mark=$(cluster_mark login)
    expect_stop char 0x006c 0 direct --from "$net.1.5" --char-from "$net.1.6"
    expect_cluster_said login "$mark" "$(ticket_line refused)"
    expect_session direct --from "$net.1.5" --again
}

e2e_case ticket-on-ipv6 cluster:ticket-on "on: the stand-in of an IPv6 player counts like any other"
case_ticket_on_ipv6() {
    local played=(direct --from "$cluster_played" --header v2 --dest '[2001:db8::1]:6900')
    session_begin
    expect_session "${played[@]}" --claim "[2001:db8:$number::5]:40000" --again
    expect_stop char 0x006c 0 "${played[@]}" --claim "[2001:db8:$number::5]:40000" --char-claim "[2001:db8:$number:1::5]:40000"
    printf '> another address of the same /64 is the same player\n'
    expect_session "${played[@]}" --claim "[2001:db8:$number::5]:40000" --char-claim "[2001:db8:$number::77]:40000"
}

e2e_case ticket-log cluster:session "log, the default: let pass, and said, at all three places" 5
case_ticket_log() {
    local place mark judge options
    session_begin
    for place in char map again; do
        judge=${ticket_judge[$place]}
        mark=$(cluster_mark "$judge")
        mapfile -t options < <("ticket_at_$place")
        expect_session 1 --from "$net.1.5" "${options[@]}"
        expect_cluster_said "$judge" "$mark" "$(ticket_line 'let pass')"
    done
    honest_session
}

e2e_case ticket-off cluster:ticket-off "off: let pass without a word" 13
case_ticket_off() {
    local place options server
    session_begin
    for place in char map again; do
        mapfile -t options < <("ticket_at_$place")
        expect_session 1 --from "$net.1.5" "${options[@]}"
    done
    honest_session
    for server in "${cluster_servers[@]}"; do
        expect_cluster_unsaid "$server" 0 'ropp: ticket'
    done
}
