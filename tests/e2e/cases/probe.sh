# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# `ropp probe`, as an owner runs it against a hop. Sourced by tests/e2e/run.

probe_begin() {
    [[ -n $ropp ]] || skip "there is no ropp program: give --ropp"
    session_begin
    printf 'secret\n' >"$clean_folder/probe-password"
}

# probe STATUS RESULT HOP OPTION...: probes a hop's login port; its words go to $heard. RESULT is a pattern.
probe() {
    local wanted=$1 result=$2 hop=$3
    shift 3
    printf '> ropp probe %s: %s\n' "$hop" "$*"
    status=0
    heard=$("$ropp" probe "$(at "$hop" login)" "${cluster_client[@]}" --json "$@") || status=$?
    printf '%s\n' "$heard"
    [[ $status == "$wanted" ]] || fail "exit status $status and not $wanted"
    [[ $heard =~ \"result\":\"($result)\" ]] || fail "the result is not $result"
}

# probe_account STATUS RESULT HOP OPTION...: the same with an account.
probe_account() {
    probe "$@" --user "$session_user" --pass-file "$clean_folder/probe-password"
}

# expect_probed TEXT
expect_probed() {
    [[ $heard == *"$1"* ]] || fail "the probe did not say: $1"
}

# expect_way SERVER ADDRESS WAY: what the probe says it was sent about that server.
expect_way() {
    expect_probed "\"server\":\"$1\",\"address\":\"$2\",\"port\":${cluster_port[$1]},\"way\":\"$3\""
}

# expect_look ADDRESS: the query that the probe gives shows it.
expect_look() {
    local query
    query=$(sed -n 's/.*"look":"\([^"]*\)".*/\1/p' <<<"$heard")
    [[ $query == SELECT\ * ]] || fail 'the probe does not say where to look'
    printf '> %s\n' "$query"
    [[ $(rows "$query" | cut -f 2) == "$1" ]] || fail "expected $1"
}

e2e_case probe-guest cluster:session "without an account: the hop forwards, and loginlog shows the address it sent"
case_probe_guest() {
    local hop accounts
    probe_begin
    accounts=$(rows 'SELECT COUNT(*) FROM login')
    for hop in 1 2 3 direct; do
        probe 0 answered "$hop" --from "$net.1.5"
        expect_probed '"meaning":"there is no such account"'
        expect_probed "\"from\":\"$net.1.5:"
        expect_look "$net.1.5"
    done
    [[ $(rows 'SELECT COUNT(*) FROM login') == "$accounts" ]] || fail 'the probe has made an account'
}

e2e_case probe-map cluster:session "with an account: into the game through the hop, and no character made unasked" 7
case_probe_map() {
    local hop
    probe_begin
    for hop in login char; do
        probe_account 0 ok 2 --until "$hop" --from "$net.1.5"
        expect_way char 127.10.0.2 same
        expect_look "$net.1.5"
    done
    probe_account 1 no-character 2
    [[ $(rows "SELECT COUNT(*) FROM \`char\` WHERE account_id = $(session_account)") == 0 ]] ||
        fail 'the probe has made a character'
    probe_account 0 ok 2 --create "Probe$number" --must-not-contain "$cluster_origin"
    expect_probed "\"step\":\"created\",\"name\":\"Probe$number\""
    for hop in 1 2 3; do
        wait_for 40 probe_offline || fail 'the account stays online'
        probe_account 0 ok "$hop" --must-not-contain "$cluster_origin"
        expect_way char "127.10.0.$hop" same
        expect_way map "127.10.0.$hop" same
        expect_probed "\"step\":\"entered\""
        expect_probed "\"name\":\"Probe$number\""
        expect_probed '"found":0}'
    done
    [[ $(rows "SELECT COUNT(*) FROM \`char\` WHERE account_id = $(session_account)") == 1 ]] ||
        fail 'the probe has made another character'
}

e2e_case probe-scrambled cluster:session "without the keys of a map server that wants its packets scrambled: no way in, and what to give"
case_probe_scrambled() {
    [[ ${cluster_client[*]} == *' --keys '* ]] || skip 'the map server takes packets as they are'
    probe_begin
    cluster_client=(--packetver "$cluster_plays")
    # rAthena's of 2015 refuses what it does not understand; later ones close.
    probe_account 1 'closed|refused' 2 --create "Probe$number"
    expect_probed '"leg":"map","step":"connected"'
    expect_probed 'give its three keys with --keys'
}

probe_offline() {
    [[ $(rows "SELECT COUNT(*) FROM \`char\` WHERE account_id = $(session_account) AND online <> 0") == 0 ]]
}

e2e_case probe-refused cluster:session "a wrong password and a banned address are distinguished from a broken hop"
case_probe_refused() {
    probe_begin
    printf 'wrong\n' >"$clean_folder/probe-password"
    probe_account 1 refused 2 --from "$net.1.5"
    expect_probed '"meaning":"the password is wrong"'
    expect_probed '"reason":"by the login server: the password is wrong"'
    expect_look "$net.1.5"
    rows "INSERT INTO ipbanlist (list, btime, rtime, reason) VALUES ('$net.2.*', NOW(), NOW() + INTERVAL 1 HOUR, 'e2e')"
    probe 1 refused 2 --from "$net.2.5"
    expect_probed '"code":3,"meaning":"rejected: as a banned address is"'
    expect_probed 'proxy_ban and ipbanlist'
    rows "DELETE FROM ipbanlist WHERE list = '$net.2.*'"
}

e2e_case probe-leak cluster:session "an address that must not be there is found; the origin itself has it everywhere"
case_probe_leak() {
    probe_begin
    probe_account 1 leak direct --until login --must-not-contain "$cluster_origin"
    expect_probed '"step":"leak","address":"'"$cluster_origin"'"'
    expect_probed "\"reason\":\"$cluster_origin is in what the login server sent\""
    expect_way char "$cluster_origin" same
}

e2e_case probe-undialable cluster:unhidden "an address that nobody outside can dial is a leak, and is not followed"
case_probe_undialable() {
    probe_begin
    probe_account 1 leak direct --until login --from 127.10.0.10 --header v2 --claim 203.0.113.9 --dest 10.0.0.5
    expect_way char "$cluster_origin" undialable
    expect_probed proxy_route
}

e2e_case probe-no-header cluster:session "a trusted proxy without headers, and one with nothing behind it: closed, with the causes" 7
case_probe_no_header() {
    local dead
    # shellcheck disable=SC2034 # haproxy_start wants somewhere to put them
    local hop_admin hop_process
    probe_begin
    hop_start 127.10.0.5
    probe 1 closed 5
    expect_probed send-proxy-v2
    expect_probed untrusted-peer
    hop_stop 127.10.0.5
    printf '> a proxy with nothing behind it\n'
    free_port dead
    haproxy_start "$clean_folder/probe-dead" hop_admin hop_process <<END
listen dead
    bind 127.10.0.6:${cluster_port[login]}
    server origin $cluster_origin:$dead
END
    probe 1 closed 6
    expect_probed 'the proxy reaches no server behind it'
    printf '> and no proxy\n'
    probe 1 unreachable 7
    expect_probed 'nothing listens there'
    printf '> and another service\n'
    heard=$("$ropp" probe "127.0.0.1:$db_port") && fail 'the database is no login server'
    printf '%s\n' "$heard"
    expect_probed 'unknown: '
    expect_probed 'another service has this port'
}

e2e_case probe-wrong-hop cluster:session "a proxy whose header is not believed, and one whose header names nobody: closed, with the causes"
case_probe_wrong_hop() {
    # shellcheck disable=SC2034 # haproxy_start wants somewhere to put them
    local hop_admin hop_process
    probe_begin
    printf '> a proxy that is not in proxy_trusted\n'
    hop_start 127.10.0.5 send-proxy-v2 127.20.0.5
    probe 1 closed 5
    expect_probed 'the proxy sends a header, but is not in proxy_trusted'
    hop_stop 127.10.0.5
    printf '> a proxy that hears the players through a unix socket\n'
    haproxy_start "$clean_folder/probe-unix" hop_admin hop_process <<END
listen front
    bind 127.10.0.6:${cluster_port[login]}
    server back unix@$clean_folder/probe-unix.socket
listen back
    bind unix@$clean_folder/probe-unix.socket
    source 127.10.0.6
    server origin $cluster_origin:${cluster_port[login]} send-proxy-v2
END
    probe 1 closed 6
    expect_probed "the proxy's header names nobody"
}

e2e_case probe-strict cluster:strict "strict: directly closed, through a hop answered"
case_probe_strict() {
    probe_begin
    probe 1 closed direct --from "$net.1.5"
    probe 0 answered 2 --from "$net.1.5"
}

e2e_case probe-as-proxy cluster:session "the owner plays the proxy: believed from a trusted address only"
case_probe_as_proxy() {
    local header
    probe_begin
    for header in v1 v2; do
        probe 0 answered direct --from "$cluster_played" --header "$header" --claim "$net.1.5"
        expect_probed "\"step\":\"header\",\"version\":\"$header\",\"source\":\"$net.1.5:40000\""
        expect_look "$net.1.5"
        probe 1 closed direct --from "$net.1.9" --header "$header" --claim "$net.1.5"
        expect_probed 'does not trust this machine'
    done
    probe_account 0 ok direct --from "$cluster_played" --header v2 --claim "$net.1.5" --create "Proxy$number"
    expect_way map "$cluster_origin" same
}
