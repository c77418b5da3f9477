# shellcheck shell=bash
# Headers as they come over a real network, good and bad. Sourced by tests/e2e/run.

# Plays the proxy itself, to send what HAProxy would not.
as_proxy() { # OPTION...
    expect_login direct --from "$proxy_address" "$@"
}

e2e_case header-bytewise on "a header and a login that come byte by byte (v1, v2)"
case_header_bytewise() {
    as_proxy --header v1 --claim "$net.1.5:40000" --split 1 --gap 2
    as_proxy --header v2 --claim "$net.2.5:40000" --split 1 --gap 2
    expect_rows 1 "ip = '$net.1.5' AND rcode = 100"
    expect_rows 1 "ip = '$net.2.5' AND rcode = 100"
}

e2e_case header-one-segment on "a header and a login in one segment (v1, v2)"
case_header_one_segment() {
    as_proxy --header v1 --claim "$net.1.5:40000"
    as_proxy --header v2 --claim "$net.2.5:40000"
    expect_rows 1 "ip = '$net.1.5' AND rcode = 100"
    expect_rows 1 "ip = '$net.2.5' AND rcode = 100"
}

e2e_case header-longest on "a header of 65,551 bytes, whole and in pieces"
case_header_longest() {
    local size third=1
    for size in 65551 65550 4096 2048 2047; do
        as_proxy --header v2 --claim "$net.$third.5:40000" --total "$size"
        as_proxy --header v2 --claim "$net.$third.6:40000" --total "$size" --split 1000
        third=$((third + 1))
    done
    expect_rows 10 "ip LIKE '$net.%' AND rcode = 100"
}

e2e_case header-then-late-login on "the header's deadline does not touch the session after it"
case_header_then_late_login() {
    expect_login v1 --from "$net.1.5" --hold 3600 --timeout 8000 &
    expect_login v2 --from "$net.2.5" --hold 3600 --timeout 8000 &
    { wait -n && wait -n; } || fail 'the deadline outlived the header'
    expect_rows 2 "ip LIKE '$net.%' AND rcode = 100"
}

e2e_case header-local on "LOCAL and UNKNOWN, then a login: served with the peer's own address"
case_header_local() {
    local header before
    before=$(rows "SELECT COUNT(*) FROM loginlog WHERE ip = '$proxy_address' AND rcode = 100")
    for header in v2-local v2-unspec v1-unknown; do
        as_proxy --header "$header"
    done
    expect_rows $((before + 3)) "ip = '$proxy_address' AND rcode = 100"
}

e2e_case header-untrusted on "a header from a peer that is not trusted is not believed"
case_header_untrusted() {
    local header
    for header in v1 v2; do
        play direct login --from "$net.1.5" --header "$header" --claim "$net.2.5:40000" --timeout 1500
        ((status != 0)) || fail 'it was believed'
    done
    expect_rows 0 "ip = '$net.2.5'"
    expect_rows 0 "ip = '$net.1.5' AND rcode = 100"
    expect_login direct --from "$net.1.6"
}

e2e_case header-twice on "a second header of a player's own is not a header"
case_header_twice() {
    local way forged
    forged=$(printf 'PROXY TCP4 %s.66.6 127.0.0.1 1 2\r\n' "$net" | od -An -v -tx1 | tr -d ' \n')
    for way in v1 v2; do
        play "$way" login --from "$net.1.5" --hex "$forged" --timeout 1500
        ((status != 0)) || fail 'it was believed'
    done
    expect_rows 0 "ip = '$net.66.6'"
}
