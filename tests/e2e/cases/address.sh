# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The true address: what a header makes the emulator see. Sourced by tests/e2e/run.

e2e_case address-v1 on "loginlog holds the player's address through HAProxy send-proxy"
case_address_v1() {
    expect_login v1 --from "$net.1.5"
    expect_rows 1 "ip = '$net.1.5' AND user = 'player' AND rcode = 100"
    expect_rows 0 "ip = '$proxy_address' AND user = 'player'"
}

e2e_case address-v2 on "loginlog holds the player's address through HAProxy send-proxy-v2"
case_address_v2() {
    expect_login v2 --from "$net.1.5"
    expect_rows 1 "ip = '$net.1.5' AND user = 'player' AND rcode = 100"
    expect_rows 0 "ip = '$proxy_address' AND user = 'player'"
}

e2e_case address-wrong-password on "a wrong password is logged with the player's address"
case_address_wrong_password() {
    local way
    for way in v1 v2; do
        expect_refusal 1 "$way" --from "$net.1.5" --pass wrong
    done
    expect_rows 2 "ip = '$net.1.5' AND rcode = 1"
}

e2e_case address-direct on "a player who connects directly is served as ever"
case_address_direct() {
    expect_login direct --from "$net.1.5"
    expect_rows 1 "ip = '$net.1.5' AND rcode = 100"
}

e2e_case address-mapped on "an IPv4 address written as IPv6 is IPv4"
case_address_mapped() {
    expect_login direct --from "$proxy_address" --header v2 --claim "[::ffff:$net.1.5]:40000" \
        --dest '[::ffff:127.0.0.1]:6900'
    expect_login direct --from "$proxy_address" --header v1 --claim "[::ffff:$net.1.6]:40000" \
        --dest '[::ffff:127.0.0.1]:6900'
    expect_rows 1 "ip = '$net.1.5' AND rcode = 100"
    expect_rows 1 "ip = '$net.1.6' AND rcode = 100"
}

# The address under which the last player was logged.
last_address() { # ROWS-BEFORE
    rows "SELECT ip FROM loginlog WHERE rcode = 100 AND user = 'player' LIMIT $1, 1"
}

logins() {
    rows "SELECT COUNT(*) FROM loginlog WHERE rcode = 100 AND user = 'player'"
}

# stand_in WAY OPTION...: logs an IPv6 player in; the address it was logged under goes to $stand_in.
stand_in=
stand_in() {
    local before
    before=$(logins)
    expect_login "$@"
    stand_in=$(last_address "$before")
    printf '> logged as %s\n' "$stand_in"
    [[ $stand_in =~ ^2(4[0-9]|5[0-5])\. ]] || fail "not an address of 240.0.0.0/4: $stand_in"
}

e2e_case address-ipv6 on "an IPv6 player gets a stand-in from 240.0.0.0/4, the same every time"
case_address_ipv6() {
    local claim="2001:db8:$number" first
    local -a as_proxy=(direct --from "$proxy_address" --dest '[2001:db8::1]:6900')
    stand_in "${as_proxy[@]}" --header v2 --claim "[$claim::5]:40000"
    first=$stand_in
    stand_in "${as_proxy[@]}" --header v2 --claim "[$claim::5]:40001"
    [[ $stand_in == "$first" ]] || fail 'the same address has two stand-ins'
    stand_in "${as_proxy[@]}" --header v1 --claim "[$claim:0:8000::9]:40000"
    [[ $stand_in == "$first" ]] || fail 'the same /64 has two stand-ins'
    stand_in "${as_proxy[@]}" --header v2 --claim "[$claim:1::5]:40000"
    [[ $stand_in != "$first" ]] || fail 'another /64 has the same stand-in'
}

e2e_case address-ipv6-haproxy on "an IPv6 player through HAProxy: v1 and v2 give one stand-in"
case_address_ipv6_haproxy() {
    local first
    [[ -n ${way_ports[v6-v1]-} ]] || skip 'this machine has no IPv6 loopback'
    stand_in v6-v1 --from ::1
    first=$stand_in
    stand_in v6-v2 --from ::1
    [[ $stand_in == "$first" ]] || fail 'v1 and v2 give two stand-ins'
}
