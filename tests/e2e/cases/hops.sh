# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A network as `ropp hop render` writes it: three hops with real proxies, one of them behind another, and the servers with
# the settings that go with it. Sourced by tests/e2e/run.

declare -A rendered_public=([miami]=127.66.0.1 [lima]=127.66.0.2 [jakarta]=127.66.0.3)

# The description, once the ports are known, and what is made of it.
rendered_make() {
    local maps=${cluster_port[map]}${cluster_port[map2]:+, ${cluster_port[map2]}}
    mkdir -p "$cluster_folder/hops"
    cat >"$cluster_folder/hops/hops.conf" <<END
[origin]
address = $cluster_origin
login = ${cluster_port[login]}
char = ${cluster_port[char]}
map = $maps

[hop miami]
public = ${rendered_public[miami]}
tunnel = 127.66.1.1

[hop lima]                  ; behind another one, and able to do without it
public = ${rendered_public[lima]}
tunnel = 127.66.1.2
via = miami, direct

[hop jakarta]
public = ${rendered_public[jakarta]}
tunnel = 127.66.1.3
kind = nginx
END
    "$ropp" hop render "$cluster_folder/hops/hops.conf" --out "$cluster_folder/hops/out"
}

# rendered_settings FOLDER SERVER: the settings for the emulator, as they were written.
rendered_settings() {
    local out=$cluster_folder/hops/out/origin
    [[ -n $ropp ]] || return 0
    [[ -d $out ]] || rendered_make >/dev/null
    if [[ $tree_layout == hercules ]]; then
        cat "$out/hercules.conf" >>"$1/conf/import/$2-server.conf"
    else
        cat "$out/rathena.conf" >>"$1/conf/import/$2_conf.txt"
    fi
}

# rendered_start NAME [SED]: its proxy, with its file; only the paths of the machine are others, and where the origin asks
# from: here that is a machine of many addresses.
rendered_start() {
    local out=$cluster_folder/hops/out/$1 pid
    [[ -f $out/bans.acl ]] || : >"$out/bans.acl"
    echo 'default 0;' >"$out/bans.conf"
    if [[ -f $out/nginx.conf ]]; then
        {
            printf 'daemon off;\nmaster_process off;\npid %s;\n' "$out/pid"
            sed "s,/etc/ropp/,$out/,; s,^stream {,&\n    error_log $out/error.log;," "$out/nginx.conf"
        } >"$out/started.conf"
        nginx -e "$out/error.log" -c "$out/started.conf" >"$out/log" 2>&1 &
    else
        sed "s,/etc/ropp/,$out/,; s,/run/haproxy/,$out/,; s/src $cluster_origin }/src 127.0.0.1 }/; ${2-}" \
            "$out/haproxy.cfg" >"$out/started.cfg"
        "$(haproxy_tool)" -db -f "$out/started.cfg" >"$out/log" 2>&1 &
    fi
    pid=$!
    clean_own "$pid"
    hop_pid[$1]=$pid
    wait_for 20 rendered_listens "$1" && ! process_gone "$pid" && return 0
    say_log "$out/log"
    fail "the proxy of $1 does not start"
}

rendered_listens() { # NAME
    process_gone "${hop_pid[$1]}" || [[ -n $(ss -Hltn "src = ${rendered_public[$1]} and sport = :${cluster_port[login]}") ]]
}

# A hop has found its way: a player can log in.
rendered_answers() { # NAME
    session "${rendered_public[$1]}" --from "$net.1.5" >/dev/null
    ((status == 0))
}

rendered_begin() {
    [[ -n $ropp ]] || skip "there is no ropp program: give --ropp"
    session_begin
    for name in miami lima jakarta; do
        [[ -n ${hop_pid[$name]-} ]] || rendered_start "$name"
        wait_for 30 rendered_answers "$name" || fail "no way through $name"
    done
}

e2e_case hops-rendered cluster:rendered "a rendered network: a chain, HAProxy and nginx; each player stays on the hop that was dialled" 13
case_hops_rendered() {
    local name
    rendered_begin
    for name in miami lima jakarta; do
        expect_session "${rendered_public[$name]}" --from "$net.1.5" "${everywhere[@]}"
        expect_everywhere "${rendered_public[$name]}"
        [[ $(rows "SELECT ip FROM loginlog WHERE user = '$session_user' ORDER BY time DESC LIMIT 1") == "$net.1.5" ]] ||
            fail "the login server has not logged the player's own address"
    done
    rendered_used lima miami || fail 'lima does not go through miami'
    printf '> nobody but hops is let in\n'
    session direct --from "$net.1.5"
    ((status != 0)) || fail 'the origin answers a player'
}

e2e_case hops-failover cluster:rendered "the hop in the middle dies: the one behind it takes its other way, and comes back to the first" 12
case_hops_failover() {
    rendered_begin
    hop_stop miami KILL
    wait_for 20 rendered_answers lima || fail 'no way for lima without miami'
    expect_session "${rendered_public[lima]}" --from "$net.1.5" "${everywhere[@]}"
    expect_everywhere "${rendered_public[lima]}"
    expect_session "${rendered_public[jakarta]}" --from "$net.1.5"
    rendered_start miami
    wait_for 20 rendered_used lima miami || fail 'lima has not come back to miami'
    expect_session "${rendered_public[lima]}" --from "$net.1.5"
}

# check STATUS [OPTION...]: what `ropp hop check` says goes to $heard.
rendered_check() {
    local wanted=$1 status=0
    shift
    # Without an account each hop is a wrong login, and seven of them ban who looks.
    rows 'DELETE FROM loginlog WHERE rcode IN (0, 1)'
    printf '> ropp hop check %s\n' "$*"
    heard=$("$ropp" hop check "$cluster_folder/hops/hops.conf" --timeout 4000 "$@" 2>&1) || status=$?
    printf '%s\n' "$heard"
    [[ $status == "$wanted" ]] || fail "ropp hop check ends with $status"
}

e2e_case hops-check cluster:rendered "ropp hop check: all is well; and a dead hop, an open origin, each in its row alone" 25
case_hops_check() {
    local account=()
    rendered_begin
    # Not with clients that scramble: it has no keys.
    [[ " ${cluster_client[*]} " == *' --keys '* ]] || account=(--user "$session_user" "${cluster_client[@]}")
    export ROPP_PROBE_PASSWORD=secret
    rendered_check 0 "${account[@]}"
    expect_heard "^ok  lima +${rendered_public[lima]}:${cluster_port[login]} +"
    expect_heard '^3 checked, 0 bad$'
    rendered_check 0 --json
    jq -e '.good and (.checks | length) == 3 and all(.checks[]; .good)' <<<"$heard" >/dev/null || fail 'JSON says another thing'

    hop_stop jakarta KILL
    rendered_check 1 "${account[@]}"
    expect_heard "^BAD +jakarta +${rendered_public[jakarta]}:"
    expect_heard '^3 checked, 1 bad$'
    rendered_start jakarta

    # As if the origin were to be found where players must not see it.
    sed -i "s/^address = .*/&\npublic = $cluster_origin/" "$cluster_folder/hops/hops.conf"
    rendered_check 1 "${account[@]}"
    expect_heard "^BAD +origin +$cluster_origin:${cluster_port[char]} +OPEN TO EVERYBODY$"
    expect_heard "^ok  +jakarta "
    sed -i "s/^public = $cluster_origin/public = 127.77.13.10/" "$cluster_folder/hops/hops.conf"
    rendered_check 0 "${account[@]}"
    expect_heard "^ok +origin +127.77.13.10:${cluster_port[login]} +closed, as it should be$"
    sed -i '/^public = 127.77.13.10/d' "$cluster_folder/hops/hops.conf"
}

# Whether a hop sends players by a way, as its own figures say.
rendered_used() { # NAME WAY
    local before after
    before=$(rendered_sessions "$1" "$2")
    rendered_answers "$1" || return 1
    after=$(rendered_sessions "$1" "$2")
    ((after > before))
}

rendered_tunnel() { # NAME
    sed -n "/^\[hop $1\]/,/^\[/s/^tunnel = //p" "$cluster_folder/hops/hops.conf"
}

rendered_sessions() { # NAME WAY
    curl -fsS "http://$(rendered_tunnel "$1"):8404/metrics" |
        sed -n "s/^haproxy_server_sessions_total{proxy=\"to-login\",server=\"$2\"} //p"
}

# rendered_ask NAME COMMAND: what a hop's HAProxy answers the origin.
rendered_ask() {
    # shellcheck disable=SC2016 # for the inner shell
    timeout 5 bash -c 'exec 3<>"/dev/tcp/$1/8405" && printf "%s\n" "$2" >&3 && cat <&3' _ "$(rendered_tunnel "$1")" "$2"
}

# rendered_measure STATUS OPTION...: what `ropp hop measure` says goes to $heard. The reference emulators' guard is patient here.
rendered_measure() {
    local wanted=$1 status=0
    shift
    printf '> ropp hop measure %s\n' "$*"
    heard=$("$ropp" hop measure "$cluster_folder/hops/hops.conf" --timeout 4000 "$@" 2>&1) || status=$?
    printf '%s\n' "$heard"
    [[ $status == "$wanted" ]] || fail "ropp hop measure ends with $status"
}

# What makes a hop's port of figures answer 80 ms later, as if it were far away.
rendered_slowed() { # NAME
    local tunnel
    tunnel=$(rendered_tunnel "$1")
    printf 's/:8404$/:8504/\n$ a\\'
    printf '%s\\n' 'listen slow' "    bind $tunnel:8404" '    tcp-request inspect-delay 80ms' \
        '    tcp-request content accept if WAIT_END' "    server figures $tunnel:8504"
}

rendered_is_slow() { # NAME WAY MS
    (($(rendered_ask "$1" 'show stat' | sed -n "s/^up-login,$2,//p" | cut -d, -f 37) >= $3))
}

e2e_case hops-measure cluster:rendered "ropp hop measure: every hop, the ways behind; the fastest way is preferred, and nobody who plays is moved"
case_hops_measure() {
    local name began before
    rendered_begin
    before=$(rows 'SELECT COUNT(*) FROM loginlog')
    rendered_measure 0 --count 3 --every 300
    for name in miami lima jakarta; do
        expect_heard "^$name +${rendered_public[$name]}:${cluster_port[login]} +127\\.[0-9.]+ +[0-9]+ ms +[0-9]+ ms +[0-9]+ ms +[0-9]+ ms +0 of 3\$"
    done
    [[ $(rows 'SELECT COUNT(*) FROM loginlog') == "$before" ]] || fail 'it has cost a login'
    began=$(now_ms)
    rendered_measure 0 --count 2 --json
    jq -e '(.hops | length) == 3 and all(.hops[]; .failed == 0 and .tried == 2 and .p95_ms >= .median_ms) and (has("ways") | not)' \
        <<<"$heard" >/dev/null || fail 'JSON says another thing'
    (($(now_ms) - began >= 3200)) || fail 'the guard would have taken it for an attack'
    hop_stop jakarta KILL
    rendered_measure 1 --count 1 --every 300 --through
    expect_heard "^jakarta +.* - +- +- +- +1 of 1\$"
    expect_heard '^jakarta: no connection: Connection refused$'
    expect_heard '^jakarta: not asked: nginx has no runtime API$'
    expect_heard '^lima +miami +taken +[0-9]+ ms +[0-9]+ ms .* 0 of 1 +0$'
    expect_heard '^lima +direct +spare '
    rendered_start jakarta

    # The first way becomes slow, while somebody plays by it.
    hop_stop miami
    rendered_start miami "$(rendered_slowed miami)"
    wait_for 20 rendered_used lima miami || fail 'lima has not come back to miami'
    wait_for 20 rendered_is_slow lima miami 80 || fail 'the way by miami is not slow'
    "$player" play "$(at "${rendered_public[lima]}" login)" "${cluster_client[@]}" --user "$session_user" --from "$net.1.5" \
        --timeout 10000 --retry 40000 --stay 40000 >"$clean_folder/stays-$number" 2>&1 &
    clean_own $!
    wait_for 20 rendered_plays miami || fail 'nobody plays by miami'
    rendered_measure 0 --count 5 --every 700 --prefer fastest
    expect_heard '^lima: new sessions go by direct \([0-9]+ ms; miami: [0-9]+ ms\)$'
    expect_heard '^lima +direct +taken '
    expect_heard '^lima +miami +spare +.* 1$'
    session_user=player$((number + 60))
    rendered_used lima direct || fail 'new sessions do not go by the way that is preferred'
    rendered_plays miami || fail 'who played by miami does not any more'
    # A way that is preferred and down is passed over.
    rendered_ask lima 'set server to-login/direct state maint' >/dev/null
    rendered_used lima miami || fail 'a preferred way holds on to players when it is down'
    rendered_ask lima 'set server to-login/direct state ready' >/dev/null
    # Not fast enough to be worth a change; and back.
    rendered_measure 0 --count 3 --every 300 --through --json
    jq -e '[.ways[] | select(.hop == "lima")] | .[0].preferred == false and .[1].preferred and .[1].state == "taken"' \
        <<<"$heard" >/dev/null || fail 'JSON says another thing of the ways'
    rendered_measure 0 --count 1 --every 300 --prefer file
    expect_heard "^lima: the file's order\$"
    rendered_used lima miami || fail "the file's order does not hold"
    hop_stop miami
    rendered_start miami
}

rendered_plays() { # WAY of lima
    (($(rendered_ask lima 'show stat' | sed -n "s/^to-map[_0-9]*,$1,//p" | cut -d, -f 3 | paste -sd+ | bc) > 0))
}
