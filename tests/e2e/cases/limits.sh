# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The emulator's own limits and bans, which must meet the player and never the proxy. Sourced by tests/e2e/run.

# Thirty logins within three seconds.
thirty=(--count 30 --spread 2500)

e2e_case burst-many on "30 logins in 3 s from 30 addresses all pass (v1, v2)" 5
case_burst_many() {
    local way mark third=1
    mark=$(file_mark "$server_log")
    for way in v1 v2; do
        play "$way" login --from "$net.$third.10" --from-each "${thirty[@]}"
        (($(heard_count accepted) == 30)) || fail "only $(heard_count accepted) of 30 were let in"
        expect_rows 30 "ip LIKE '$net.$third.%' AND rcode = 100"
        third=$((third + 1))
    done
    expect_unsaid "$mark" 'DDoS'
}

# With ddos_count 5, rAthena's guard strikes at the seventh connection and Hercules' at the sixth.
expect_guard() {
    local accepted closed
    accepted=$(heard_count accepted)
    closed=$(heard_count closed)
    ((accepted == 5 || accepted == 6)) || fail "the guard lets 5 or 6 in, not $accepted"
    ((accepted + closed == 30)) || fail "the others are to be closed, not only $closed"
    refused=$((refused + closed))
}
refused=0

# One address trips the guard; its neighbour and everybody else are let in right after.
trip_guard() { # WAY ADDRESS NEIGHBOUR
    local mark accepted
    mark=$(file_mark "$server_log")
    play "$1" login --from "$2" "${thirty[@]}"
    expect_guard
    expect_said "$mark" "$(said_guard "$2")"
    expect_unsaid "$mark" "$(said_guard "$proxy_address")"
    accepted=$(heard_count accepted)
    expect_closed "$1" --from "$2"
    refused=$((refused + 1))
    expect_login "$1" --from "$3"
    expect_rows "$accepted" "ip = '$2' AND rcode = 100"
}

e2e_case burst-one on "30 from one address trip the guard for that address alone (v1, v2)" 5
case_burst_one() {
    trip_guard v1 "$net.1.5" "$net.1.6"
    trip_guard v2 "$net.2.5" "$net.2.6"
    note_refusals emulator-guard "$refused"
}

e2e_case burst-direct on "a direct player still meets the guard"
case_burst_direct() {
    local mark
    mark=$(file_mark "$server_log")
    play direct login --from "$net.1.5" --count 30 --spread 500
    expect_guard
    expect_said "$mark" "$(said_guard "$net.1.5")"
    expect_login direct --from "$net.1.6"
}

e2e_case guard-lists on "the emulator's allow and deny lists judge the true address"
case_guard_lists() {
    local way
    for way in v1 v2; do
        expect_closed "$way" --from "${guard_deny%.0.0}.1.5"
        play "$way" login --from "${guard_allow%.0.0}.1.5" --count 30
        ((status == 0)) || fail 'an address of the allow list met the guard'
    done
    note_refusals emulator-guard 2
}

ban() { # LIST
    rows "INSERT INTO ipbanlist (list, btime, rtime, reason)
        VALUES ('$1', NOW(), NOW() + INTERVAL 1 HOUR, 'a test')"
}

e2e_case ipban on "an ipbanlist row for the player's /24 refuses that player and no other (v1, v2)"
case_ipban() {
    local way third=1
    for way in v1 v2; do
        expect_login "$way" --from "$net.$third.5"
        ban "$net.$third.*"
        expect_refusal 3 "$way" --from "$net.$third.5"
        expect_refusal 3 "$way" --from "$net.$third.77"
        expect_login "$way" --from "$net.$((third + 10)).5"
        expect_rows 2 "ip LIKE '$net.$third.%' AND rcode = -3"
        third=$((third + 1))
    done
    expect_rows 0 "ip = '$proxy_address' AND rcode = -3"
}

e2e_case ipban-proxy on "an ipbanlist row for the proxy's address refuses nobody behind it"
case_ipban_proxy() {
    ban "$proxy_address"
    expect_login v1 --from "$net.1.5"
    expect_login v2 --from "$net.1.5"
    rows "DELETE FROM ipbanlist WHERE list = '$proxy_address'"
}

e2e_case wrong-passwords on "seven wrong passwords ban the player's network, not the proxy (v1, v2)"
case_wrong_passwords() {
    local way i third=1 allowed=${guard_allow%.0.0}
    # From the guard's allow list, or it would be the guard that stops the seventh.
    for way in v1 v2; do
        third=$((third + 100))
        for ((i = 0; i < 7; i++)); do
            expect_refusal 1 "$way" --from "$allowed.$third.5" --pass wrong
        done
        expect_refusal 3 "$way" --from "$allowed.$third.6"
        expect_login "$way" --from "$allowed.$((third + 1)).6"
        [[ $(rows "SELECT list FROM ipbanlist WHERE list LIKE '$allowed.$third.%'") == "$allowed.$third.*" ]] ||
            fail 'the network of the player is not banned'
    done
    [[ -z $(rows "SELECT list FROM ipbanlist WHERE list LIKE '${proxy_address%.*}.%'") ]] ||
        fail 'the network of the proxy is banned'
}
