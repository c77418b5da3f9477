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
connlog = all

[hop miami]
public = ${rendered_public[miami]}
tunnel = 127.66.1.1
bans = $cluster_folder/hops/out/miami/bans.acl
tries = 30                   ; one address is several players in these cases

[hop lima]                  ; behind another one, and able to do without it
public = ${rendered_public[lima]}
tunnel = 127.66.1.2
via = miami, direct
bans = $cluster_folder/hops/out/lima/bans.acl
tries = 30

[hop jakarta]
public = ${rendered_public[jakarta]}
tunnel = 127.66.1.3
kind = nginx
bans = $cluster_folder/hops/out/jakarta/bans.conf
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

# rendered_start NAME [SED]: its proxy, with its file; only the paths of the machine and the proxy's user are others, and where
# the origin asks from: here that is a machine of many addresses.
rendered_start() {
    local out=$cluster_folder/hops/out/$1 pid
    [[ -f $out/bans.acl ]] || : >"$out/bans.acl"
    echo 'default 0;' >"$out/bans.conf"
    if [[ -f $out/nginx.conf ]]; then
        {
            printf 'daemon off;\nmaster_process off;\npid %s;\n' "$out/pid"
            sed "s,^stream {,&\n    error_log $out/error.log;," "$out/nginx.conf"
        } >"$out/started.conf"
        nginx -e "$out/error.log" -c "$out/started.conf" >"$out/log" 2>&1 &
    else
        sed -e "s,/run/haproxy/,$out/,; s/src $cluster_origin }/src 127.0.0.1 }/; ${2-}" \
            -e '/^    \(user\|group\) haproxy$/d; s/ user haproxy group haproxy / /' "$out/haproxy.cfg" >"$out/started.cfg"
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

e2e_case hops-rendered cluster:rendered "a rendered network: a chain, HAProxy and nginx; each player stays on the hop that was dialled" 14
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

e2e_case hops-failover cluster:rendered "the hop in the middle dies: the one behind it takes its other way, and comes back to the first" 11
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

# rendered_tries ADDRESS: thirty connections at miami that say nothing, fifteen at a time, so that none comes to the emulators' guard.
rendered_tries() {
    local at
    at=$(at "${rendered_public[miami]}" login)
    "$player" silent "$at" --from "$1" --count 15 --timeout 500 || true
    "$player" silent "$at" --from "$1" --count 15 --timeout 500 || true
}

# rendered_key ADDRESS: whether the login server behind miami answers.
rendered_key() {
    "$player" raw "$(at "${rendered_public[miami]}" login)" --hex db01 --from "$1" --quiet 500 --timeout 3000 | grep '^received dc01'
}

e2e_case hops-strangers cluster:rendered "who tries again and again and never plays is refused by the hop, and nobody else is" 8
case_hops_strangers() {
    local i
    rendered_begin
    rendered_key "$net.1.6" || fail 'a stranger is refused at once'
    rendered_tries "$net.1.6"
    ! rendered_key "$net.1.6" || fail 'a stranger is not refused after thirty tries'
    rendered_key "$net.1.8" || fail 'another stranger is refused'
    for ((i = 0; i < 3; i++)); do
        expect_session "${rendered_public[miami]}" --from "$net.1.7"
    done
    rendered_tries "$net.1.7"
    rendered_key "$net.1.7" || fail 'who has played is refused as a stranger'
}

# rendered_check STATUS [OPTION...]: what `ropp hop check` says goes to $heard.
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

# The whole of it, as the origin can.
rendered_account=()
rendered_check_all() { # STATUS
    rendered_check "$1" "${rendered_account[@]}" --through --defaults-file "$cluster_folder/hops/my.cnf"
}

# expect_bad MACHINE CHECK RESULT REMEDY: that row is bad, no other one is, and it is said what to do.
expect_bad() {
    [[ $(grep -c '^BAD ' <<<"$heard") == 1 ]] || fail 'not exactly one row is bad'
    expect_heard "^BAD +$1 +$2 +.*$3"
    expect_heard "^$1, $2: .*$4"
}

e2e_case hops-check cluster:rendered "ropp hop check: all is well; and each single fault is bad in its row alone, with what to do" 94
case_hops_check() {
    local name out=$cluster_folder/hops/out
    rendered_begin
    # Not with clients that scramble: it has no keys.
    [[ " ${cluster_client[*]} " == *' --keys '* ]] || rendered_account=(--user "$session_user" "${cluster_client[@]}")
    export ROPP_PROBE_PASSWORD=secret
    # shellcheck disable=SC2154 # of mariadb.sh
    printf '[ropp]\nhost=127.0.0.1\nport=%s\nuser=%s\npassword=%s\ndatabase=%s\n' "$db_port" "$db_user" "$db_password" \
        "$cluster_database" >"$cluster_folder/hops/my.cnf"
    rendered_check 0 "${rendered_account[@]}"
    expect_heard "^ok +lima +player +${rendered_public[lima]}:${cluster_port[login]} +"
    expect_heard '^\? +lima +header +.* +not asked: give --tree, --defaults-file or --database$'
    expect_heard '^\? +hops +bans +- +not asked: from the origin: --through$'
    expect_heard '^3 checked, 0 bad, '
    rendered_check 0 --json
    jq -e '.good and .bad == 0 and .not_asked == ([.checks[] | select(.state == "not asked")] | length) and
        ([.checks[] | select(.check == "player") | .state] == ["ok", "ok", "ok"])' <<<"$heard" >/dev/null ||
        fail 'JSON says another thing'

    wait_for 20 rendered_known || fail 'the servers do not write their status'
    rendered_check_all 0
    for name in miami lima jakarta; do
        expect_heard "^ok +$name +header +.* logged as 127.0.0.1, which is this machine; header of version [12]\$"
    done
    expect_heard '^ok +miami +bans +127.66.1.1:8405 +0 prefixes, as in the database$'
    expect_heard '^ok +lima +ways +127.66.1.2:8405 +miami is taken$'
    expect_heard '^\? +jakarta +ways +- +not asked: nginx has no runtime API$'
    expect_heard "^ok +origin +server +login:${cluster_port[login]} +strict, bans current\$"

    printf '> a hop is down; and one that another hop is behind\n'
    hop_stop jakarta KILL
    rendered_check_all 1
    expect_bad jakarta player 'unreachable' 'no'
    rendered_start jakarta
    hop_stop miami KILL
    wait_for 20 rendered_answers lima || fail 'no way for lima without miami'
    rendered_check_all 1
    expect_bad miami player 'unreachable' 'no'
    expect_heard '^ok +lima +ways +.* direct is taken; miami is down '
    rendered_start miami

    printf '> a tunnel with a wrong key: nothing comes through it\n'
    hop_stop lima
    rendered_start lima "s/server direct $cluster_origin:/server direct 127.66.77.77:/"
    wait_for 20 rendered_used lima miami || fail 'lima does not come back to miami'
    rendered_check_all 1
    expect_bad lima ways 'miami is taken; direct is down \(login: DOWN, L4CON' 'wg show.*keys'

    printf '> an older file: the header is not what it should be\n'
    hop_stop lima
    rendered_start lima
    wait_for 20 rendered_used lima miami || fail 'lima does not come back to miami'
    rendered_ask lima 'set server preferred/direct state ready' >/dev/null
    rendered_check_all 0
    expect_heard '^ok +lima +header +.*; header of version 2$'
    hop_stop lima
    rendered_start lima 's/send-proxy-v2 proxy-v2-options crc32c,unique-id/send-proxy/'
    wait_for 20 rendered_answers lima || fail 'no way for lima'
    rendered_ask lima 'set server preferred/direct state ready' >/dev/null
    # Its other way goes to a hop, which takes any header.
    rendered_check_all 1
    expect_bad lima header 'header of version 1' 'ropp hop render'
    hop_stop lima
    rendered_start lima
    wait_for 20 rendered_used lima miami || fail 'lima does not come back to miami'

    printf '> a header that is not believed\n'
    rows "CREATE TRIGGER unbelieved BEFORE INSERT ON proxy_connlog FOR EACH ROW
        SET NEW.source = IF(NEW.hop = '::ffff:127.66.1.3', NEW.hop, NEW.source)"
    rendered_check_all 1
    expect_bad jakarta header 'logged as 127.66.1.3, and this machine is 127.0.0.1' 'proxy_trusted'
    rows 'DROP TRIGGER unbelieved'

    printf '> a connection log without the players who were let in: the login server has its own\n'
    rows "CREATE TRIGGER unlogged BEFORE INSERT ON proxy_connlog FOR EACH ROW SET NEW.destination = NULL, NEW.hop = '::1'"
    rendered_check 0 --defaults-file "$cluster_folder/hops/my.cnf"
    expect_heard '^ok +lima +header +.* logged as 127.0.0.1, which is this machine; with which header: connlog = all in \[origin\]$'
    rows 'DROP TRIGGER unlogged'

    printf '> a ban that one hop has not heard of; and one too many\n'
    "$ropp" ban add 203.0.113.0/24 --reason test --defaults-file "$cluster_folder/hops/my.cnf" >/dev/null
    rendered_ask miami "add acl $out/miami/bans.acl 203.0.113.0/24" >/dev/null
    rendered_check_all 1
    expect_bad lima bans '0 prefixes where the database has 1; missing: 203.0.113.0/24' 'ropp ban export'
    rendered_ask lima "add acl $out/lima/bans.acl 203.0.113.0/25" >/dev/null
    rendered_ask lima "add acl $out/lima/bans.acl 203.0.113.128/25" >/dev/null
    rendered_check_all 0
    rendered_ask lima "add acl $out/lima/bans.acl 198.51.100.7" >/dev/null
    rendered_check_all 1
    expect_bad lima bans '2 prefixes where the database has 1; too many: 198.51.100.7/32' 'ropp ban export'
    rendered_ask lima "clear acl $out/lima/bans.acl" >/dev/null
    rendered_ask miami "clear acl $out/miami/bans.acl" >/dev/null
    "$ropp" ban del 203.0.113.0/24 --defaults-file "$cluster_folder/hops/my.cnf" >/dev/null

    printf '> servers that run otherwise\n'
    rows "CREATE TRIGGER otherwise BEFORE INSERT ON proxy_status FOR EACH ROW SET NEW.mode = IF(NEW.server = 'char', 'on', NEW.mode)"
    wait_for 20 rendered_runs_on || fail 'the char server does not write its status'
    rendered_check_all 1
    expect_bad origin server "char:${cluster_port[char]} +proxy_protocol: on" 'strict'
    rows 'DROP TRIGGER otherwise'
    rows "INSERT INTO proxy_status (server, host, port, mode, heartbeat) VALUES ('map', 'elsewhere', 1, 'strict', NOW() + INTERVAL 1 HOUR)"
    wait_for 20 rendered_known || fail 'the servers do not write their status'
    rendered_check_all 1
    expect_bad origin server 'map:1 +runs, and no hop knows its port' "add 1 to 'map'"
    rows "DELETE FROM proxy_status WHERE host = 'elsewhere'"

    if [[ ${#rendered_account[@]} != 0 ]]; then
        printf '> a hop got an address that the servers have no route for\n'
        sed -i "s/^public = ${rendered_public[lima]}\$/&, ::1/" "$cluster_folder/hops/hops.conf"
        "$ropp" hop render "$cluster_folder/hops/hops.conf" --out "$out" --for lima >/dev/null
        hop_stop lima
        rendered_start lima
        wait_for 20 rendered_used lima miami || fail 'lima does not come back to miami'
        rendered_check_all 1
        expect_bad lima player "\\[::1\\]:${cluster_port[login]} " 'proxy_route'
        sed -i 's/^\(public = .*\), ::1$/\1/' "$cluster_folder/hops/hops.conf"
        "$ropp" hop render "$cluster_folder/hops/hops.conf" --out "$out" --for lima >/dev/null
        hop_stop lima
        rendered_start lima
        wait_for 20 rendered_used lima miami || fail 'lima does not come back to miami'
    fi

    printf '> the origin open to the world: as if it were to be found where players must not see it\n'
    sed -i "s/^address = .*/&\npublic = $cluster_origin/" "$cluster_folder/hops/hops.conf"
    rendered_check 1 "${rendered_account[@]}"
    expect_heard "^BAD +origin +hidden +$cluster_origin:${cluster_port[char]} +OPEN TO EVERYBODY$"
    expect_heard "^origin, hidden: load origin/nftables.conf"
    [[ $(grep '^BAD ' <<<"$heard" | grep -vc ' origin ') == 0 ]] || fail 'another row is bad'
    sed -i "s/^public = $cluster_origin/public = 127.77.13.10/" "$cluster_folder/hops/hops.conf"
    rendered_check 0 "${rendered_account[@]}"
    expect_heard "^ok +origin +hidden +127.77.13.10:${cluster_port[login]} +closed, as it should be$"
    sed -i "s/^public = 127.77.13.10/public = 127.0.0.1/" "$cluster_folder/hops/hops.conf"
    rendered_check 0 "${rendered_account[@]}"
    expect_heard "^\? +origin +hidden +127.0.0.1 +not asked: this machine has that address"
    sed -i '/^public = 127.0.0.1$/d' "$cluster_folder/hops/hops.conf"
}

# Every server has written its status lately, as it is.
rendered_known() {
    [[ $(rows "SELECT COUNT(*) FROM proxy_status WHERE mode = 'strict' AND bans_state = 'current' AND heartbeat > NOW() - INTERVAL 5 SECOND
        AND host != 'elsewhere'") == "${#cluster_servers[@]}" ]]
}

rendered_runs_on() {
    [[ $(rows "SELECT mode FROM proxy_status WHERE server = 'char'") == on ]]
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

e2e_case hops-measure cluster:rendered "ropp hop measure: every hop, the ways behind; the fastest way is preferred, and nobody who plays is moved" 17
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
    jq -e '(.hops | length) == 3 and all(.hops[]; .failed == 0 and .tried == 2 and .p95_ms >= .median_ms and .jitter_ms >= 0) and (has("ways") | not)' \
        <<<"$heard" >/dev/null || fail 'JSON says another thing'
    (($(now_ms) - began >= 3200)) || fail 'the guard would have taken it for an attack'
    hop_stop jakarta KILL
    rendered_measure 1 --count 1 --every 300 --through
    expect_heard "^jakarta +.* - +- +- +- +1 of 1\$"
    expect_heard '^jakarta: no connection: Connection refused$'
    expect_heard '^jakarta: not asked: nginx has no runtime API$'
    # Its own connection, which has just been closed, may still be counted.
    expect_heard '^lima +miami +taken +[0-9]+ ms +[0-9]+ ms .* 0 of 1 +[01]$'
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
    expect_heard '^lima +miami +spare +.* [12]$'
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
