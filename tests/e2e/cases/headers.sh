# SPDX-License-Identifier: MIT
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

# The emulators receive 2,048 bytes at a time; a login has 55. Where a header ends near the end of those, only the
# beginning of the login behind it has come with it.
e2e_case header-longest on "a header of 65,551 bytes, and of others, whole and in pieces"
case_header_longest() {
    local size third=1
    for size in 65551 65550 4096 4076 2048 2047 2046 2028 1994 1993; do
        as_proxy --header v2 --claim "$net.$third.5:40000" --total "$size"
        as_proxy --header v2 --claim "$net.$third.6:40000" --total "$size" --split 1000
        third=$((third + 1))
    done
    expect_rows 20 "ip LIKE '$net.%' AND rcode = 100"
}

e2e_case header-then-late-login on "the header's deadline does not touch the session after it"
case_header_then_late_login() {
    expect_login v1 --from "$net.1.5" --hold 3600 --timeout 8000 &
    expect_login v2 --from "$net.2.5" --hold 3600 --timeout 8000 &
    { wait -n && wait -n; } || fail 'the deadline outlived the header'
    expect_rows 2 "ip LIKE '$net.%' AND rcode = 100"
}

e2e_case header-unnamed on "LOCAL, UNKNOWN, UNSPEC, then a login: a player without a name is refused, and the log says why"
case_header_unnamed() {
    local header before mark
    mark=$(file_mark "$server_log")
    before=$(rows "SELECT COUNT(*) FROM loginlog WHERE ip = '$proxy_address'")
    for header in v2-local v2-unspec v1-unknown; do
        expect_closed direct --from "$proxy_address" --header "$header"
    done
    note_refusals unnamed-player 3
    expect_rows "$before" "ip = '$proxy_address'"
    expect_said "$mark" "the headers of $(quoted "$proxy_address") name .* and no address" 12
}

e2e_case header-unnamed-hop unnamed-hop "proxy_unnamed: hop lets them in as the hop's own address, with its bans"
case_header_unnamed_hop() {
    local header before
    before=$(rows "SELECT COUNT(*) FROM loginlog WHERE ip = '$proxy_address' AND rcode = 100")
    for header in v2-local v2-unspec v1-unknown; do
        as_proxy --header "$header"
    done
    expect_rows $((before + 3)) "ip = '$proxy_address' AND rcode = 100"
    play direct server-login --from "$proxy_address" --header v2-local --user "$server_user" \
        --pass "$server_password"
    [[ $heard == closed\ * ]] || fail 'expected to be closed without an answer'
    note_refusals server-behind-proxy 1
}

e2e_case header-untrusted on "a header from a peer that is not trusted is not believed, and the log names the peer"
case_header_untrusted() {
    local header mark
    mark=$(file_mark "$server_log")
    for header in v1 v2; do
        expect_closed direct --from "$net.1.5" --header "$header" --claim "$net.2.5:40000"
        expect_closed direct --from "$net.1.5" --header "$header" --claim "$net.2.5:40000" --split 1 --gap 5
    done
    note_refusals untrusted-header 4
    expect_rows 0 "ip = '$net.2.5'"
    expect_rows 0 "ip = '$net.1.5'"
    expect_said "$mark" "a PROXY header from $(quoted "$net.1.5"), which is not in proxy_trusted" 12
    expect_unsaid "$mark" 'DDoS Attack|[Uu]nknown packet|0x0?a0d'
    expect_login direct --from "$net.1.6"
}

e2e_case header-untrusted-flood on "400 headers that are not believed, some in pieces, and 100 peers who say nothing: no query for each, no line of the log" 5
case_header_untrusted_flood() {
    local mark asked
    mark=$(file_mark "$server_log")
    asked=$(questions)
    play direct login --from "$net.4.1" --from-each --header v2 --claim "$net.2.5:40000" --count 300 --spread 500 --timeout 8000
    note_refusals untrusted-header 300
    (($(heard_count closed) == 300)) || fail 'not all were closed'
    play direct login --from "$net.6.1" --from-each --header v2 --claim "$net.2.5:40000" --split 8 --gap 20 --count 100 --timeout 8000
    note_refusals untrusted-header 100
    (($(heard_count closed) == 100)) || fail 'not all in pieces were closed'
    (($(server_says "$mark" | wc -l) <= 3)) || fail 'the log was flooded'
    play direct silent --from "$net.8.1" --from-each --count 100 --timeout 500
    asked=$(($(questions) - asked))
    printf '> %s queries\n' "$asked"
    ((asked < 100)) || fail 'the database was asked about each'
}

# The line of a version 1 header, in hex.
v1_header() { # SOURCE
    printf 'PROXY TCP4 %s 127.0.0.1 1 2\r\n' "$1" | od -An -v -tx1 | tr -d ' \n'
}

e2e_case header-twice on "a second header of a player's own is not a header, and refused"
case_header_twice() {
    local way mark
    mark=$(file_mark "$server_log")
    for way in v1 v2; do
        expect_closed "$way" --from "$net.1.5" --hex "$(v1_header "$net.66.6")"
    done
    note_refusals second-header 2
    expect_rows 0 "ip IN ('$net.66.6', '$net.1.5')"
    expect_said "$mark" "a second PROXY header, from $(quoted "$net.1.5") through $(quoted "$proxy_address")" 12
}

e2e_case header-stacked on "behind a source that is a trusted proxy another header follows, eight deep at most"
case_header_stacked() {
    local chain
    as_proxy --header v1 --claim "$proxy_address:1" --hex "$(v1_header "$net.1.5")"
    as_proxy --header v2 --claim "$proxy_address:1" --hex "$(v1_header "$net.2.5")" --split 1 --gap 2
    expect_rows 1 "ip = '$net.1.5' AND rcode = 100"
    expect_rows 1 "ip = '$net.2.5' AND rcode = 100"
    # Nobody behind the proxies: somebody on the proxy's own machine.
    as_proxy --header v1 --claim "$proxy_address:1"
    chain=$(v1_header "$proxy_address")
    chain=$chain$chain$chain$chain$chain$chain
    as_proxy --header v1 --claim "$proxy_address:1" --hex "$chain$(v1_header "$net.3.5")"
    expect_rows 1 "ip = '$net.3.5' AND rcode = 100"
    expect_closed direct --from "$proxy_address" --header v1 --claim "$proxy_address:1" \
        --hex "$chain$(v1_header "$proxy_address")$(v1_header "$net.4.5")"
    note_refusals chain-too-long 1
    expect_rows 0 "ip = '$net.4.5'"
}

e2e_case header-nginx-chain unnamed-hop "the version 1 lines that nginx writes behind another proxy"
case_header_nginx_chain() {
    local line third=1
    for line in "::1 56324 8001" "unix:/run/n1.sock 56324 0"; do
        expect_login direct --from "$proxy_address" \
            --hex "$(printf 'PROXY TCP4 %s\r\n' "$net.$third.5 $line" | od -An -v -tx1 | tr -d ' \n')"
        expect_rows 1 "ip = '$net.$third.5' AND rcode = 100"
        third=$((third + 1))
    done
}
