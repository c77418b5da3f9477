# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A session's whole way over three servers: the hop a player came by is the hop the player stays on. Sourced by tests/e2e/run.

# A player goes to the map, to another one and back, to the characters and in again.
everywhere=(--warp '@xmap izlude' --warp '@xmap prontera' --again --must-not-contain "$cluster_origin")

# What was sent on that way: the map server's address at every choice, and at every change of server.
expect_everywhere() { # ADDRESS
    expect_all_told "$1"
    expect_told login char "$1:${cluster_port[char]}"
    expect_told char map "$1:${cluster_port[map]}"
    expect_told again map "$1:${cluster_port[map]}"
    if [[ -n ${cluster_port[map2]-} ]]; then
        expect_told map map "$1:${cluster_port[map2]}" "$1:${cluster_port[map]}"
    else
        printf '> one map server: a change of the map is not a change of the server\n'
        expect_heard ' map=izlude'
    fi
}

e2e_case session-hops cluster:session "through hop 1, 2, 3: every address sent is that hop's, the origin's is nowhere" 13
case_session_hops() {
    local hop
    session_begin
    for hop in 2 1 3; do
        expect_session "$hop" --from "$net.1.5" "${everywhere[@]}"
        expect_everywhere "127.10.0.$hop"
        expect_heard '^searched bytes=[1-9][0-9]{2,} found=0$'
    done
}

e2e_case session-direct cluster:session "directly: the configured address, as ever; and the search for it finds it"
case_session_direct() {
    session_begin
    session direct --from "$net.1.5" "${everywhere[@]}"
    [[ $status == 1 && $heard == *'arrived count=1 of=1'* ]] || fail 'expected to arrive, and to find the address'
    expect_everywhere "$cluster_origin"
    expect_heard '^leak .* leg=login '
    expect_heard '^leak .* leg=char '
}

e2e_case session-lan cluster:session "the emulator's LAN table is for direct players, and overrides no hop"
case_session_lan() {
    local lan=${cluster_lan%.*}.77
    session_begin
    expect_session direct --from "$lan" --char-at "$(at direct char)" --map-at "$(at direct map)"
    expect_all_told "$cluster_lan"
    expect_session 2 --from "$lan" --must-not-contain "$cluster_origin" --must-not-contain "$cluster_lan"
    expect_all_told 127.10.0.2
}

e2e_case session-strict cluster:strict "strict: through the hops only; the servers' own links need proxy_direct" 7
case_session_strict() {
    session_begin
    expect_session 2 --from "$net.1.5" "${everywhere[@]}"
    expect_everywhere 127.10.0.2
    expect_session 1 --from "$net.1.5"
    session direct --from "$net.1.5" --timeout 2000
    expect_heard '^closed player=0 leg=login .* bytes=0 '
    session 2 --from "$net.1.5" --char-at "$(at direct char)" --timeout 2000
    expect_heard '^closed player=0 leg=char .* bytes=0 '
    session 2 --from "$net.1.5" --map-at "$(at direct map)" --timeout 2000
    expect_heard '^closed player=0 leg=map .* bytes=0 '
}

e2e_case session-one-machine cluster:one-machine "proxy and servers all on 127.0.0.1: links and players distinguished on all three" 6
case_session_one_machine() {
    session_begin
    hop_start 127.10.0.4 send-proxy-v2 127.0.0.1
    expect_session 4 --from "$net.1.5" "${everywhere[@]}"
    expect_everywhere 127.10.0.4
    session direct --from 127.0.0.1 --timeout 2000
    expect_heard '^closed player=0 leg=login .* bytes=0 '
    session 4 --from "$net.1.5" --char-at "$(at direct char)" --char-from 127.0.0.1 --timeout 2000
    expect_heard '^closed player=0 leg=char .* bytes=0 '
}

# expect_seen ADDRESS: where the last session's address shows: loginlog and last_ip (login), the answer to @ip (map). The
# char server has no column for it, but compares it with the others' and would have said so.
expect_seen() {
    local account
    account=$(session_account)
    [[ $(rows "SELECT last_ip FROM login WHERE account_id = $account") == "$1" ]] || fail "last_ip is not $1"
    [[ $(rows "SELECT ip FROM loginlog WHERE user = '$session_user' AND rcode = 100") == "$1" ]] ||
        fail "loginlog has not $1 and nothing else"
    if cluster_commands; then
        expect_heard "^text player=0 leg=map words=.*$(quoted "$1")\$"
    else
        expect_cluster_said map "$map_mark" "logged in\..* IP: '$(quoted "$1")'"
    fi
    [[ $(rows "SELECT COUNT(*) FROM charlog WHERE account_id = $account") != 0 ]] || fail 'charlog has no row'
    expect_cluster_unsaid login "$login_mark" 'ropp: ticket'
    expect_cluster_unsaid char "$char_mark" 'ropp: ticket'
}

e2e_case session-address cluster:session "loginlog, last_ip and getcharip show the player's address (v1, v2, direct)" 7
case_session_address() {
    local hop login_mark char_mark map_mark ask=(--chat @ip)
    session_begin
    cluster_commands || ask=()
    for hop in 2 3 direct; do
        login_mark=$(cluster_mark login)
        char_mark=$(cluster_mark char)
        map_mark=$(cluster_mark map)
        rows 'DELETE FROM loginlog'
        expect_session "$hop" --from "$net.1.1${hop/direct/9}" "${ask[@]}" --again
        expect_seen "$net.1.1${hop/direct/9}"
    done
}

e2e_case session-ipv6 cluster:session "an IPv6 player has one stand-in address on all three servers (v1, v2)" 5
case_session_ipv6() {
    local header first='' login_mark char_mark map_mark ask=(--chat @ip)
    session_begin
    cluster_commands || ask=()
    for header in v2 v1; do
        login_mark=$(cluster_mark login)
        char_mark=$(cluster_mark char)
        map_mark=$(cluster_mark map)
        rows 'DELETE FROM loginlog'
        expect_session direct --from "$cluster_played" --header "$header" --claim "[2001:db8:$number::5]:40000" \
            --dest '[2001:db8::1]:6900' "${ask[@]}" --again
        : "${first:=$(rows "SELECT ip FROM loginlog WHERE user = '$session_user' AND rcode = 100")}"
        [[ $first =~ ^2(4[0-9]|5[0-5])\. ]] || fail "not an address of 240.0.0.0/4: $first"
        expect_seen "$first"
    done
}

# hex_field LENGTH TEXT: the text in a field of a packet, zeroes behind it.
hex_field() {
    local hex
    hex=$(printf '%s' "$2" | od -An -v -tx1 | tr -d ' \n')
    printf '%s%0*d' "$hex" $(($1 * 2 - ${#hex})) 0
}

e2e_case session-map-server cluster:session "a map server's login behind a header is refused, whatever its password"
case_session_map_server() {
    local mark login
    session_begin
    mark=$(cluster_mark char)
    # 0x2af8: name, password, four bytes, the address and the port that players are to dial.
    login=f82a$(hex_field 24 "$server_user")$(hex_field 24 "$server_password")00000000$(hex_field 6 '')
    printf '> a map server logs in through hop 2\n'
    status=0
    heard=$("$player" raw "$(at 2 char)" --from "$net.1.5" --hex "$login" --timeout 3000) || status=$?
    printf '%s\n' "$heard"
    [[ $heard != *"received "[0-9a-f]* ]] || fail 'the server answered'
    expect_cluster_said char "$mark" 'ropp: refused .* server-behind-proxy' 12
    expect_cluster_unsaid char "$mark" 'onnection of (a|the) map-server|[Mm]ap-[Ss]erver .*(connected|online|complete)'
}

e2e_case session-stranger cluster:session "a map server's login without the password: the address in it is not taken for the origin's"
case_session_stranger() {
    local id login
    session_begin
    id=$(printf '%08x' "$(session_account)")
    printf "> an address that comes up in a player's packets: account %s\n" "$(session_account)"
    login=f82a$(hex_field 24 "$server_user")$(hex_field 24 wrong)00000000${id:6:2}${id:4:2}${id:2:2}${id:0:2}0000
    heard=$("$player" raw "$(at direct char)" --from "$net.1.6" --hex "$login" --quiet 300 --timeout 3000) || true
    printf '%s\n' "$heard"
    expect_heard '^received f92a0[1-9]'
    expect_session 2 --from "$net.1.5"
}

e2e_case session-keys cluster:session "no server takes one of our keys for a mistyped one of its own"
case_session_keys() {
    local server
    for server in "${cluster_servers[@]}"; do
        expect_cluster_unsaid "$server" 0 '[Uu]nknown setting .*proxy_'
    done
}
