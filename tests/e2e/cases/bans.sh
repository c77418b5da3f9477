# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Ban lists: what is in the tables is in force on all servers, two seconds later. Sourced by tests/e2e/run.

e2e_case ban-network cluster:bans "a /24 by INSERT: refused and thrown out everywhere within 2 s, and let in again after DELETE" 14
case_ban_network() {
    session_begin
    inside map-by-hop map 171 "2 --from $net.1.5"
    inside map-direct map 172 "direct --from $net.1.6"
    inside char-by-hop char 173 "1 --from $net.1.7"
    inside login-direct login 174 "direct --from $net.1.8"
    inside other-map map 175 "2 --from $net.2.5"
    inside other-char char 176 "direct --from $net.2.6"
    for name in "${!player_pid[@]}"; do
        player_playing "$name" 1
    done
    changed "INSERT INTO proxy_ban (prefix, reason) VALUES ('$net.1.0/24', 'a test')"
    expect_soon banned "2 --from $net.1.99" "direct --from $net.1.98"
    expect_kicked map-by-hop map-direct char-by-hop login-direct
    expect_now in "3 --from $net.2.9" "direct --from $net.0.255"
    printf '> the client is refused in a form it knows\n'
    for hop in direct 1 3; do
        session "$hop" --from "$net.1.1"
        expect_heard "^refused player=0 leg=login packet=$(refusal_packet) code=3\$"
    done
    changed "DELETE FROM proxy_ban WHERE prefix = '$net.1.0/24'"
    expect_soon in "2 --from $net.1.99" "direct --from $net.1.98"
    expect_session 2 --from "$net.1.5"
    expect_inside other-map other-char
}

e2e_case ban-address cluster:bans "a /32 and an IPv6 address by procedure, an IPv6 /48 by INSERT: those and no others" 6
case_ban_address() {
    local v6net=2001:db8:$((number + 1000))
    session_begin
    # shellcheck disable=SC2046 # two words
    inside v6-map map 171 "$(v6 "$v6net:1::5")"
    inside v6-other map 172 "$(v6 "2001:db8:$number:1::5")"
    player_playing v6-map 1
    player_playing v6-other 1
    changed "CALL proxy_ban_add('$net.3.5', '1 hour', 'a test')"
    expect_soon banned "1 --from $net.3.5" "direct --from $net.3.5"
    expect_now in "1 --from $net.3.4" "direct --from $net.3.6"
    changed "INSERT INTO proxy_ban (prefix) VALUES ('$v6net::/48')"
    expect_soon banned "$(v6 "$v6net::1")" "$(v6 "$v6net:ffff::9")"
    expect_kicked v6-map
    expect_now in "$(v6 "2001:db8:$number::1")"
    changed "CALL proxy_ban_add('2001:db8:$number:7::5', NULL, 'its /64')"
    expect_soon banned "$(v6 "2001:db8:$number:7:8::9")"
    expect_now in "$(v6 "2001:db8:$number:8::9")"
    rows "CALL proxy_ban_del('2001:db8:$number:7::5')"
    rows "DELETE FROM proxy_ban WHERE prefix = '$v6net::/48'"
    changed "CALL proxy_ban_del('$net.3.5')"
    expect_soon in "1 --from $net.3.5" "$(v6 "$v6net::1")" "$(v6 "2001:db8:$number:7:8::9")"
    expect_inside v6-other
}

e2e_case ban-expiry cluster:bans "a ban that expires, and an allowance that does: within 2 s, without a change to the tables" 7
case_ban_expiry() {
    session_begin
    changed "INSERT INTO proxy_ban (kind, prefix, expires) VALUES ('ban', '$net.1.0/24', NOW() + INTERVAL 4 SECOND),
        ('ban', '$net.2.0/24', NULL), ('allow', '$net.2.5', NOW() + INTERVAL 7 SECOND)"
    expect_soon banned "2 --from $net.1.5" "2 --from $net.2.6"
    expect_now in "2 --from $net.2.5"
    began=$(rows "SELECT UNIX_TIMESTAMP(expires) * 1000 FROM proxy_ban WHERE prefix = '$net.1.0/24'")
    expect_soon in "2 --from $net.1.5" "direct --from $net.1.5"
    (($(now_ms) >= began)) || fail 'before its time'
    began=$(rows "SELECT UNIX_TIMESTAMP(expires) * 1000 FROM proxy_ban WHERE prefix = '$net.2.5/32'")
    expect_soon banned "2 --from $net.2.5"
    rows "DELETE FROM proxy_ban WHERE prefix LIKE '$net.%'"
}

e2e_case ban-allow cluster:bans "an allowance inside a banned network, and a longer ban inside that"
case_ban_allow() {
    session_begin
    inside allowed map 171 "2 --from $net.2.5"
    player_playing allowed 1
    rows "CALL proxy_ban_allow('$net.2.0/24', 'never', 'the office')"
    rows "INSERT INTO proxy_ban (prefix) VALUES ('$net.2.9/32')"
    changed "INSERT INTO proxy_ban (prefix) VALUES ('$net.0.0/16')"
    expect_soon banned "2 --from $net.3.5" "direct --from $net.2.9"
    expect_now in "2 --from $net.2.5" "direct --from $net.2.200"
    changed "CALL proxy_ban_del('$net.2.0/24')"
    expect_soon banned "2 --from $net.2.200"
    expect_kicked allowed
    changed "DELETE FROM proxy_ban WHERE prefix LIKE '$net.%'"
    expect_soon in "2 --from $net.3.5" "direct --from $net.2.9"
}

panel_row() { # LIST
    changed "INSERT INTO ipbanlist (list, btime, rtime, reason) VALUES ('$1', NOW(), NOW() + INTERVAL 1 HOUR, 'a test')"
}

e2e_case ban-panel cluster:bans "a panel's ipbanlist row acts on all three servers; for an IPv6 player's stand-in, too" 5
case_ban_panel() {
    local stand_in v6net=2001:db8:$number
    session_begin
    # shellcheck disable=SC2046 # a hop and options
    expect_session $(v6 "$v6net::5")
    stand_in=$(rows "SELECT ip FROM loginlog WHERE user = '$session_user' ORDER BY time DESC LIMIT 1")
    printf '> the stand-in is %s\n' "$stand_in"
    inside by-hop map 171 "2 --from $net.1.5"
    inside by-v6 char 172 "$(v6 "$v6net::77")"
    player_playing by-hop 1
    player_playing by-v6 1
    panel_row "$net.1.*"
    expect_soon banned "2 --from $net.1.9" "direct --from $net.1.9"
    expect_kicked by-hop
    expect_now in "2 --from $net.2.9"
    panel_row "$stand_in"
    expect_soon banned "$(v6 "$v6net::9")"
    expect_kicked by-v6
    expect_now in "$(v6 "$v6net:1::9")"
    changed "DELETE FROM ipbanlist WHERE list IN ('$net.1.*', '$stand_in')"
    expect_soon in "2 --from $net.1.9" "direct --from $net.1.9" "$(v6 "$v6net::9")"
}

# listed_everywhere NETWORK: a ban of a network that nobody plays from acts everywhere, and so does all that was in the
# tables before it.
listed_everywhere() {
    changed "INSERT INTO proxy_ban (prefix) VALUES ('$1.0/24')"
    expect_soon banned "2 --from $1.1"
}

# expect_one WANT SERVER PLAYER...: that server sees the player that way, at the first connection.
expect_one() {
    local line
    # shellcheck disable=SC2086 # a hop and options
    line=$(watch "$1" "$2" 1 $3)
    printf '> %s: %s %s\n' "$line" "$2" "$3"
    [[ $line == "$1 "* ]] || fail "expected $1"
}

e2e_case ban-login-only cluster:bans "seven wrong passwords refuse new logins of the /24, and throw nobody out of char and map" 4
case_ban_login_only() {
    local i reason
    session_begin
    inside on-map map 171 "2 --from $net.1.5"
    inside on-map-direct map 172 "direct --from $net.1.6"
    inside at-char char 173 "1 --from $net.1.7"
    player_playing on-map 1
    player_playing on-map-direct 1
    player_playing at-char 1
    for ((i = 0; i < 7; i++)); do
        "$player" login "$(at 1 login)" --from "$net.1.8" --user "$session_user" --pass wrong || true
    done
    reason=$(rows "SELECT reason FROM ipbanlist WHERE list = '$net.1.*'")
    printf '> the emulator has banned %s.1.*: %s\n' "$net" "$reason"
    [[ -n $reason ]] || fail 'the emulator has banned nobody'
    listed_everywhere "$net.9"
    expect_inside on-map on-map-direct at-char
    for i in char map; do
        expect_one in "$i" "2 --from $net.1.9"
        expect_one in "$i" "direct --from $net.1.9"
    done
    expect_one banned login "2 --from $net.1.9"
    expect_one banned login "direct --from $net.1.9"
    printf '> the same network, banned by a panel\n'
    panel_row "$net.1.*"
    expect_soon banned "2 --from $net.1.9"
    expect_kicked on-map on-map-direct at-char
    changed "DELETE FROM ipbanlist WHERE list = '$net.1.*'"
    expect_soon in "2 --from $net.1.9"
    rows "DELETE FROM proxy_ban WHERE prefix = '$net.9.0/24'"
}

e2e_case ban-allow-panel cluster:bans "an allowance inside a panel's pattern lets in, at the login server too; of an IPv6 player, too"
case_ban_allow_panel() {
    local stand_in v6net=2001:db8:$number
    session_begin
    # shellcheck disable=SC2046 # a hop and options
    expect_session $(v6 "$v6net::5")
    stand_in=$(rows "SELECT ip FROM loginlog WHERE user = '$session_user' ORDER BY time DESC LIMIT 1")
    panel_row "$net.2.*"
    panel_row "$stand_in"
    expect_soon banned "2 --from $net.2.5" "$(v6 "$v6net::9")"
    rows "CALL proxy_ban_allow('$v6net::/64', NULL, 'a friend')"
    changed "CALL proxy_ban_allow('$net.2.5', NULL, 'the office')"
    expect_soon in "2 --from $net.2.5" "direct --from $net.2.5" "$(v6 "$v6net::9")"
    expect_now banned "2 --from $net.2.6"
    expect_session 2 --from "$net.2.5"
    rows "DELETE FROM proxy_ban WHERE kind = 'allow'"
    changed "DELETE FROM ipbanlist WHERE list IN ('$net.2.*', '$stand_in')"
    expect_soon in "2 --from $net.2.6"
}

# restored TABLE: as a dump does it that is restored, with the servers looking on in between.
restored() {
    printf '> %s is restored\n' "$1"
    rows "CREATE TABLE dumped AS SELECT * FROM $1; RENAME TABLE $1 TO old"
    listed_still
    rows "CREATE TABLE $1 LIKE old"
    listed_still
    rows "INSERT INTO $1 SELECT * FROM dumped; DROP TABLE old, dumped"
    listed_still
}

# Every worker has looked at the tables since, and the players are still out.
listed_still() {
    local before
    before=$(rows 'SELECT MIN(heartbeat) FROM proxy_status')
    wait_for 20 heard_of_since "$before" || fail 'a server says nothing any more'
    expect_now banned "2 --from $net.3.5" "2 --from $net.4.5"
}

heard_of_since() { # MOMENT
    [[ $(rows "SELECT MIN(heartbeat) > '$1' + INTERVAL 2 SECOND FROM proxy_status") == 1 ]]
}

e2e_case ban-restore cluster:bans "a dump that is restored, table by table: every ban stays in force, and the servers say so" 29
case_ban_restore() {
    local mark
    session_begin
    mark=$(cluster_mark map)
    panel_row "$net.4.*"
    changed "INSERT INTO proxy_ban (prefix) VALUES ('$net.3.0/24')"
    expect_soon banned "2 --from $net.3.5" "2 --from $net.4.5"
    restored ipbanlist
    restored proxy_ban
    restored proxy_source
    expect_cluster_said map "$mark" "ropp: bans: .*proxy_ban' doesn't exist.*the bans that were read last stay in force"
    db_load "$cluster_database" "$top/sql/install.sql" # the triggers, which the test's dump does not have
    status_is 'bans_state' 'current' || wait_for 10 status_is 'bans_state' 'current' || fail "the status is: $(status_rows bans_state)"
    rows "DELETE FROM ipbanlist WHERE list = '$net.4.*'"
    changed "DELETE FROM proxy_ban WHERE prefix = '$net.3.0/24'"
    expect_soon in "2 --from $net.3.5" "direct --from $net.3.5" "2 --from $net.4.5"
}

e2e_case ban-own-links own "a map server links up in spite of a ban for all of 127.0.0.0/8, in no list; the log says so" 6
case_ban_own_links() {
    local mark
    cluster_can_play || exit
    cluster_make session
    cluster_up || exit 1
    hop_start 127.10.0.2 send-proxy-v2
    session_begin
    mark=$(cluster_mark char)
    changed "INSERT INTO proxy_ban (prefix) VALUES ('127.0.0.0/8')"
    expect_soon banned "2 --from $net.1.1"
    expect_cluster_said char "$mark" "ropp: the ban 127\.0\.0\.0/8 covers this machine's own address 127\.0\.0\.1"
    mark=$(cluster_mark char)
    cluster_quit map
    cluster_launch map
    cluster_wait_listen map || exit 1
    cluster_wait_link map "$mark" || exit 1
    changed "DELETE FROM proxy_ban"
    expect_soon in "2 --from $net.1.1"
    expect_session 2 --from "$net.1.1"
}

# connlog CONDITION: the rows of this case's network, as text.
connlog() {
    rows "SELECT server, verdict, reason, header, REPLACE(source, '::ffff:', ''), IFNULL(REPLACE(hop, '::ffff:', ''), '-'),
        IFNULL(REPLACE(destination, '::ffff:', ''), '-'), IFNULL(destination_port, '-'),
        IF(unique_id = CONCAT('ropp-', REPLACE(source, '::ffff:', ''), '-', source_port), 'its own', IFNULL(unique_id, '-')),
        IFNULL(ban_id, '-'), IF(source_port > 0, 'port', '-')
        FROM proxy_connlog WHERE $1 ORDER BY id" | tr '\t' ' '
}

connlog_says() { # CONDITION LINE
    connlog "$1" | grep -Fxq -- "$2"
}

# expect_connlog CONDITION LINE...
expect_connlog() {
    local where=$1 line
    shift
    for line in "$@"; do
        if ! wait_for 3 connlog_says "$where" "$line"; then
            connlog "$where"
            fail "the connection log does not say: $line"
        fi
        printf '> the connection log: %s\n' "$line"
    done
}

# A hop that gives every connection a number of its own.
numbering_hop() {
    local server
    # shellcheck disable=SC2034 # haproxy_start wants somewhere to put it
    local hop_admin hop_process
    for server in $(watched); do
        cat <<END
listen $server
    bind 127.10.0.5:${cluster_port[$server]}
    source 127.10.0.5
    unique-id-format ropp-%ci-%cp
    server origin $cluster_origin:${cluster_port[$server]} send-proxy-v2 proxy-v2-options unique-id
END
    done >"$cluster_folder/hops/numbering"
    haproxy_start "$cluster_folder/hops/haproxy-numbering" hop_admin hop_process <"$cluster_folder/hops/numbering"
}

e2e_case ban-connlog cluster:bans "proxy_connlog all: who, through which hop, to where, how, and why not" 5
case_ban_connlog() {
    local server ban here
    session_begin
    here="source BETWEEN '::ffff:$net.0.0' AND '::ffff:$net.255.255'"
    numbering_hop
    expect_session 5 --from "$net.1.5"
    for server in login char map; do
        expect_connlog "$here" \
            "$server accepted  2 $net.1.5 127.10.0.5 127.10.0.5 ${cluster_port[$server]} its own - port"
    done
    expect_session 3 --from "$net.1.6"
    expect_connlog "$here" "login accepted  1 $net.1.6 127.10.0.3 127.10.0.3 ${cluster_port[login]} - - port"
    expect_session direct --from "$net.1.7"
    expect_connlog "$here" "map accepted  0 $net.1.7 - - - - - -"
    inside victim map 171 "2 --from $net.2.5"
    player_playing victim 1
    changed "INSERT INTO proxy_ban (prefix) VALUES ('$net.2.0/24')"
    ban=$(rows "SELECT id FROM proxy_ban WHERE prefix = '$net.2.0/24'")
    expect_soon banned "5 --from $net.2.6" "direct --from $net.2.7"
    expect_kicked victim
    # Those that looked for the ban may have been in when it came.
    expect_now banned "5 --from $net.2.6" "direct --from $net.2.7"
    for server in $(watched); do
        expect_connlog "$here" \
            "$server refused banned 2 $net.2.6 127.10.0.5 127.10.0.5 ${cluster_port[$server]} its own $ban port" \
            "$server refused banned 0 $net.2.7 - - - - $ban -"
    done
    expect_connlog "$here" "map kicked banned 2 $net.2.5 127.10.0.2 127.10.0.2 ${cluster_port[map]} - $ban port"
    rows "DELETE FROM proxy_ban WHERE id = $ban"
    printf '> a bad header is the proxy'"'"'s\n'
    "$player" raw "$(at direct char)" --from 127.10.0.77 --hex 474554202f0d0a0d0a --timeout 2000 || true
    expect_connlog "source = '::ffff:127.10.0.77'" 'char refused not-proxy-protocol 0 127.10.0.77 - - - - - -'
}

# api_hold NAME COUNT ADDRESS [OPTION...]: connections to the api server that say nothing and stay.
api_hold() {
    local name=$1 count=$2 address=$3
    shift 3
    player_behind "$name" silent "$(at direct api)" --from "$cluster_played" --header v2 --claim "$address:40000" "$@" \
        --count "$count" --timeout 60000
    wait_for 5 file_says "${player_log[$name]}" '^open' || fail 'the connections are not open'
}

api_in() { # COUNT NETWORK
    [[ $(rows "SELECT COUNT(*) FROM proxy_connlog WHERE server = 'api' AND verdict = 'accepted'
        AND source BETWEEN '::ffff:$2.0' AND '::ffff:$2.255'") == "$1" ]]
}

e2e_case ban-api cluster:bans "the api server: a request right behind its header, its own limit for each player, bans and kicks"
case_ban_api() {
    local log
    [[ " ${cluster_servers[*]} " == *' api '* ]] || skip 'there is no api server'
    session_begin
    log=${cluster_log[api]}
    "$player" raw "$(at direct api)" --from "$cluster_played" --header v2 --claim "$net.1.5:40000" \
        --hex "$(printf 'GET / HTTP/1.1\r\n\r\n' | od -An -v -tx1 | tr -d ' \n')" --timeout 2000 || true
    expect_connlog "source = '::ffff:$net.1.5'" \
        "api accepted  2 $net.1.5 $cluster_played $cluster_origin ${cluster_port[api]} - - port"
    printf '> as many players as come through one proxy, but of one player not more than %s connections\n' "$cluster_api_limit"
    api_hold crowd 12 "$net.2.1" --claim-each --hold 500
    wait_for 5 api_in 12 "$net.2" || fail 'not all came in'
    expect_cluster_unsaid api 0 'Too many connections'
    api_hold one $((cluster_api_limit + 1)) "$net.3.5"
    expect_cluster_said api 0 "Too many connections .*$net\.3\.5"
    changed "INSERT INTO proxy_ban (prefix) VALUES ('$net.2.0/24')"
    expect_soon banned "1 --from $net.2.99" "direct --from $net.2.98"
    wait_for 2 process_gone "${player_pid[crowd]}" || fail 'the players are still there'
    grep '^closed count=12 of=12 ' "${player_log[crowd]}" || fail 'not all were thrown out'
    expect_inside one
    changed "DELETE FROM proxy_ban WHERE prefix = '$net.2.0/24'"
    expect_soon in "1 --from $net.2.99" "direct --from $net.2.98"
}

crowd_in() { # COUNT: of this case's network.
    [[ $(rows "SELECT COUNT(*) FROM proxy_connlog WHERE server = 'login' AND verdict = 'accepted'
        AND source BETWEEN '::ffff:$net.0.0' AND '::ffff:$net.255.255'") == "$1" ]]
}

lists_change() {
    while true; do
        db_sql "$cluster_database" "INSERT INTO proxy_ban (prefix) VALUES ('192.0.2.1/32');
            DELETE FROM proxy_ban WHERE prefix = '192.0.2.1/32'"
        sleep 0.1
    done
}

e2e_case ban-crowd cluster:bans "300 players while lists change all the time: who is banned is out, whatever its descriptor" 4
case_ban_crowd() {
    session_begin
    player_behind crowd silent "$(at direct login)" --from "$cluster_played" --header v2 --claim "$net.1.0:40000" --claim-each \
        --count 300 --hold 500 --timeout 60000
    wait_for 20 crowd_in 300 || fail 'not all came in'
    clean_group lists_change
    changed "INSERT INTO proxy_ban (prefix) VALUES ('$net.0.0/16')"
    wait_for 10 process_gone "${player_pid[crowd]}" || fail 'the players are still there'
    grep '^closed count=300 of=300 ' "${player_log[crowd]}" || fail 'not all were thrown out'
    clean_stop "$clean_child"
    rows "DELETE FROM proxy_ban WHERE prefix = '$net.0.0/16'"
}

status_rows() { # COLUMNS
    rows "SELECT server, port, $1 FROM proxy_status ORDER BY server, port" | tr '\t' ' '
}

# What must be there, in that order.
status_wanted() { # WORDS
    local server
    for server in "${cluster_servers[@]}"; do
        printf '%s %s %s\n' "${server%2}" "${cluster_port[$server]}" "$1"
    done | sort -k 1,1 -k 2n
}

status_is() { # COLUMNS WORDS
    [[ $(status_rows "$1") == "$(status_wanted "$2")" ]]
}

expect_status() { # COLUMNS WORDS
    printf '> proxy_status: %s: %s\n' "$1" "$2"
    if ! wait_for 5 status_is "$1" "$2"; then
        status_rows "$1"
        fail 'not what is expected'
    fi
}

e2e_case ban-status cluster:bans "proxy_status: a row for each server, with its snapshot and its counters"
case_ban_status() {
    local before=() now pids server
    session_begin
    expect_status "host = '$(uname -n)', mode, bans_state, heartbeat > NOW() - INTERVAL 5 SECOND, started < NOW(),
        snapshot_loaded IS NOT NULL, snapshot_bytes > 0, version != '', reasons LIKE '{%}'" '1 on current 1 1 1 1 1 1'
    pids=$(for server in "${cluster_servers[@]}"; do echo "${cluster_pid[$server]}"; done | sort)
    [[ $(rows 'SELECT pid FROM proxy_status' | sort) == "$pids" ]] || fail 'the processes are others'
    rows "INSERT INTO proxy_ban (prefix, reason) VALUES ('$net.1.1', ''), ('$net.1.2', '')"
    expect_status 'snapshot_entries' "$(rows 'SELECT COUNT(*) FROM proxy_ban WHERE expires IS NULL OR expires > NOW()')"
    read -r -a before < <(rows "SELECT accepted, proxied, banned, kicked, refused FROM proxy_status WHERE server = 'login'")
    expect_now banned "2 --from $net.1.1" "direct --from $net.1.2"
    expect_now in "2 --from $net.2.1" "direct --from $net.2.2"
    now="$((before[0] + 1)) $((before[1] + 1)) $((before[2] + 2)) $((before[3])) $((before[4] + 2))"
    printf '> the counters of login: %s, then %s\n' "${before[*]}" "$now"
    wait_for 5 login_counters "$now" || fail "they are: $(rows "SELECT accepted, proxied, banned, kicked, refused
        FROM proxy_status WHERE server = 'login'")"
    rows "DELETE FROM proxy_ban WHERE prefix LIKE '$net.%'"
}

login_counters() {
    [[ $(rows "SELECT accepted, proxied, banned, kicked, refused FROM proxy_status WHERE server = 'login'" |
        tr '\t' ' ') == "$1" ]]
}

questions() {
    rows "SHOW GLOBAL STATUS LIKE 'Questions'" | cut -f 2
}

banned_count() {
    rows "SELECT banned FROM proxy_status WHERE server = 'login'"
}

banned_since() { # BEFORE COUNT
    (($(banned_count) - $1 == $2))
}

e2e_case ban-flood cluster:bans "3000 banned connections through HAProxy: no query and no line of the log for each" 8
case_ban_flood() {
    local i mark before asked lines answered=0 kept flood=3000
    session_begin
    changed "INSERT INTO proxy_ban (prefix) VALUES ('$net.0.0/16')"
    expect_soon banned "2 --from $net.1.1"
    wait_for 5 banned_settled || fail 'the counters do not settle'
    mark=$(cluster_mark login)
    before=$(banned_count)
    kept=$(rows "SELECT COUNT(*) + SUM(dropped) FROM proxy_connlog WHERE server = 'login'")
    asked=$(questions)
    for i in 1 2 3; do
        heard=$("$player" login "$(at 2 login)" --from "$net.$((i * 8)).1" --from-each --count $((flood / 3)) --spread 1000 \
            --timeout 8000 || true)
        printf '%s\n' "$heard" | sed 's/ ms=[0-9]*//' | sort | uniq -c
        answered=$((answered + $(heard_count refused)))
        (($(heard_count refused) + $(heard_count closed) == flood / 3)) || fail 'not all were refused'
    done
    asked=$(($(questions) - asked))
    lines=$(server_log=${cluster_log[login]} server_says "$mark" | wc -l)
    printf '> %s queries of all servers, %s lines of the log, %s players answered\n' "$asked" "$lines" "$answered"
    ((asked < flood / 10)) || fail 'too many queries'
    ((lines <= 5)) || fail 'too many lines'
    ((answered > 0)) || fail 'nobody was answered'
    wait_for 5 banned_since "$before" "$flood" || fail "$(($(banned_count) - before)) were counted"
    [[ $(rows "SELECT COUNT(*) FROM loginlog WHERE ip LIKE '$net.%' AND ip != '$net.1.1'") == 0 ]] || fail 'loginlog has rows of them'
    printf '> the connection log: %s rows, and how many are not there\n' "$(rows "SELECT COUNT(*) FROM proxy_connlog
        WHERE source BETWEEN '::ffff:$net.8.0' AND '::ffff:$net.255.255'")"
    wait_for 5 connlog_counts $((kept + flood)) || fail 'rows and dropped ones are not all of them'
    rows "DELETE FROM proxy_ban WHERE prefix = '$net.0.0/16'"
}

# The counters are written every two seconds.
banned_settled() {
    local now
    now=$(rows "SELECT UNIX_TIMESTAMP(heartbeat) * 1000 FROM proxy_status WHERE server = 'login'")
    ((now > began + bans_soon_ms + bans_probe_ms))
}

# Rows of the connection log, and records that it says are missing. The row that says so is not one of a connection.
connlog_counts() { # COUNT
    [[ $(rows "SELECT SUM(reason != 'dropped') + SUM(dropped) FROM proxy_connlog WHERE server = 'login'") == "$1" ]]
}

# slowest NAME: how long the slowest answer to that player took, who is sent home.
slowest() {
    kill -s USR1 "${player_pid[$1]}"
    wait_for 10 process_gone "${player_pid[$1]}" || fail "'$1' does not end"
    player_words "$1" >&2
    sed -n 's/^stayed .* slowest_ms=\([0-9]*\) .*/\1/p' "${player_log[$1]}"
}

# pinging NAME STAGE NUMBER ADDRESS: a player who asks the server something fifty times a second.
pinging() {
    player_start "$1" 2 --count 1 --user-first "$3" --stay-at "$2" --stay 600000 --tick 20 --timeout 60000 --from "$4"
    player_playing "$1" 1
}

# back_within MS ADDRESS: a new ban acts.
back_within() {
    rows "INSERT INTO proxy_ban (prefix) VALUES ('$2')"
    await banned "$1" "2 --from $2"
}

# Nobody here waits longer for an answer than a busy machine makes anybody wait.
expect_unhindered() { # NAME...
    local name took
    for name in "$@"; do
        took=$(slowest "$name")
        printf '> the slowest answer to %s took %s ms\n' "$name" "$took"
        ((took < 500)) || fail 'a turn of the loop has waited for MariaDB'
    done
}

# expect_unasked WANT PLAYER...: at the servers that ask MariaDB nothing about a connection
expect_unasked() {
    local want=$1 who server saw
    shift
    for who in "$@"; do
        for server in char map; do
            # shellcheck disable=SC2086 # a hop and options
            saw=$(watch "$want" "$server" 1 $who)
            printf '> %s: %s %s\n' "$saw" "$server" "$who"
            [[ $saw == "$want "* ]] || fail "expected $want"
        done
    done
}

# The rows of a month and a day ago, more than are deleted at once, and of a month less a day.
rows_of_the_past() {
    db_sql "$cluster_database" "INSERT INTO proxy_connlog (time, server)
        SELECT NOW() - INTERVAL 31 DAY, 'old' FROM seq_1_to_6000;
        INSERT INTO proxy_connlog (time, server) VALUES (NOW() - INTERVAL 29 DAY, 'kept')"
}

rows_pruned() {
    [[ $(rows "SELECT COUNT(*), SUM(server = 'kept') FROM proxy_connlog WHERE server IN ('old', 'kept')") == $'1\t1' ]]
}

# A ban for the very network that the servers' links come from, and a server that must come through it.
links_stay() {
    local mark
    printf '> servers in proxy_direct come and go in spite of a ban for all of 127.0.0.0/8\n'
    changed "INSERT INTO proxy_ban (prefix) VALUES ('127.0.0.0/8')"
    expect_soon banned "2 --from $net.1.1"
    mark=$(cluster_mark char)
    cluster_quit map
    cluster_launch map
    cluster_wait_listen map || exit 1
    cluster_wait_link map "$mark" || exit 1
    [[ $(cluster_links_lost) == 1 ]] || fail 'another link was lost'
    changed "DELETE FROM proxy_ban WHERE prefix = '127.0.0.0/8'"
    expect_soon in "2 --from $net.1.1"
}

# How often a server has lost another one.
cluster_links_lost() {
    grep -Eaih "$said_lost" "${cluster_log[login]}" "${cluster_log[char]}" | sort -u | wc -l
}

# How far each server's log is.
declare -A log_marks
mark_logs() {
    local server
    for server in "${cluster_servers[@]}"; do
        log_marks[$server]=$(cluster_mark "$server")
    done
}

# Ten seconds after a map server has found its char server, many trees have it send its rates, which the char server writes to
# MariaDB: were that frozen by then, it would wait with everything it has to say.
rates_written() {
    (($(rows 'SELECT COUNT(*) FROM ragsrvinfo') >= $(cluster_map_count)))
}

wait_for_rates() {
    [[ -n $(rows "SHOW TABLES LIKE 'ragsrvinfo'") ]] || return 0
    printf '> the map servers have sent their rates\n'
    wait_for 30 rates_written || printf '> they have not: this tree has the table and does not use it\n'
}

# Every worker is back; one that is not has nothing to give up when MariaDB goes again.
expect_back() {
    local server
    for server in "${cluster_servers[@]}"; do
        expect_cluster_said "$server" 0 'ropp: MariaDB is back' 10
    done
}

# Every worker has given up waiting for an answer, since the mark.
expect_given_up() {
    local server
    for server in "${cluster_servers[@]}"; do
        expect_cluster_said "$server" "${log_marks[$server]}" 'ropp: .*: the bans that were loaded last stay in force' 20
    done
}

e2e_case ban-outage own "MariaDB frozen, killed, started again: bans stay, nothing waits, the worker is back in 10 s" 22
case_ban_outage() {
    cluster_can_play || exit
    db_start "$clean_folder/db-outage"
    cluster_make bans
    rows_of_the_past
    cluster_up || exit 1
    hop_start 127.10.0.2 send-proxy-v2
    session_begin
    wait_for 10 rows_pruned || fail 'old rows of the connection log stay, or others go'
    links_stay
    changed "INSERT INTO proxy_ban (prefix) VALUES ('$net.3.1')"
    expect_soon banned "2 --from $net.3.1"
    wait_for_rates
    stock_waits
    pinging on-map map 171 "$net.2.5"
    pinging at-login login 172 "$net.2.6"
    printf '> MariaDB is frozen\n'
    mark_logs
    freeze "$db_pid" || fail 'it does not stand still'
    expect_now banned "2 --from $net.3.1" "direct --from $net.3.1"
    expect_unasked in "2 --from $net.2.7" "direct --from $net.2.7"
    expect_given_up
    expect_now banned "2 --from $net.3.1" "direct --from $net.3.1"
    kill -s CONT "$db_pid"
    began=$(now_ms)
    back_within 10000 "$net.3.2"
    expect_back
    printf '> MariaDB is killed\n'
    mark_logs
    db_end KILL
    expect_given_up
    expect_now banned "2 --from $net.3.2" "direct --from $net.3.1"
    expect_unasked in "2 --from $net.2.7"
    db_launch
    began=$(now_ms)
    back_within 10000 "$net.3.3"
    expect_now banned "2 --from $net.3.1"
    expect_unhindered on-map at-login
    servers_end
}

# The measurement of those two sees the query that the emulator itself makes for a new player; while it can make one: eAthena does
# not connect again.
stock_waits() {
    local took
    printf '> what the emulator itself asks MariaDB, it waits for\n'
    pinging at-login login 173 "$net.2.8"
    freeze "$db_pid" || fail 'it does not stand still'
    "$player" login "$(at direct login)" --from "$net.2.9" --timeout 20000 &
    wait_for 10 cluster_connected login "$net.2.9" || fail 'the player does not connect'
    sleep 1.5 # that is how long it is frozen
    kill -s CONT "$db_pid"
    wait $! || fail 'the player was not let in'
    took=$(slowest at-login)
    printf '> the slowest answer took %s ms\n' "$took"
    ((took > 1000)) || fail 'the measurement sees nothing'
}

cluster_connected() { # SERVER ADDRESS
    [[ -n $(ss -Htn state established "src = $cluster_origin and sport = :${cluster_port[$1]} and dst = $2") ]]
}

# What is left when the servers have ended: everything that happened, and when each was there last.
servers_end() {
    local name
    expect_unasked banned "direct --from $net.3.3"
    for name in "${cluster_servers[@]}"; do
        cluster_quit "$name"
    done
    expect_connlog "source = '::ffff:$net.3.3' AND server != 'login'" \
        "char refused banned 0 $net.3.3 - - - - $(rows "SELECT id FROM proxy_ban WHERE prefix = '$net.3.3/32'") -" \
        "map refused banned 0 $net.3.3 - - - - $(rows "SELECT id FROM proxy_ban WHERE prefix = '$net.3.3/32'") -"
    status_is 'bans_state' 'current' || fail "the status is: $(status_rows bans_state)"
}

# own_login SETUP: a login server of the case's own, with the test player for a char server.
own_login() {
    free_port server_port
    server_prepare "$server_folder/../$1" "$server_database"
    server_start "$1" player || exit 1
}

# The player plays the proxy.
proxied() {
    echo direct --from "$proxy_address" --header v2 --claim "$1:40000"
}

e2e_case ban-on-error own "MariaDB not there at the start: open lets everybody in and says so, closed nobody; until it is there" 7
case_ban_on_error() {
    local to
    # shellcheck disable=SC2034 # haproxy_start wants somewhere to put them
    local admin pid
    rows "INSERT INTO proxy_ban (prefix) VALUES ('$net.2.0/24')"
    for to in open closed; do
        free_port server_db_port
        own_login "bans-$to"
        expect_said 0 "cannot connect to MariaDB: .*127\.0\.0\.1:$server_db_port"
        if [[ $to == open ]]; then
            expect_said 0 'no bans are known, so EVERYBODY comes in'
            expect_login direct --from "$net.1.5"
            # shellcheck disable=SC2046 # options
            expect_login $(proxied "$net.2.5")
        else
            expect_said 0 'no bans are known, so nobody comes in'
            expect_refusal 3 direct --from "$net.1.5"
            # shellcheck disable=SC2046 # options
            expect_refusal 3 $(proxied "$net.1.5")
        fi
        haproxy_start "$clean_folder/db-proxy-$to" admin pid <<END
listen db
    bind 127.0.0.1:$server_db_port
    server db 127.0.0.1:$db_port
END
        expect_said 0 'ropp: MariaDB is back' 10
        wait_for 2 login_in "$net.1.5" || fail 'nobody comes in'
        expect_login direct --from "$net.1.5"
        # shellcheck disable=SC2046 # options
        expect_refusal 3 $(proxied "$net.2.5")
        server_stop
    done
    rows "DELETE FROM proxy_ban WHERE prefix = '$net.2.0/24'"
}

login_in() { # ADDRESS
    "$player" login "127.0.0.1:$server_port" --from "$1" >/dev/null
}

e2e_case connlog-modes own "proxy_connlog off: no rows; refused, the default: those alone"
case_connlog_modes() {
    local mode want attempts
    for mode in off refused; do
        own_login "connlog-$mode"
        began=$(now_ms)
        rows "INSERT INTO proxy_ban (prefix) VALUES ('$net.2.0/24')"
        attempts=0
        wait_for 3 login_refused || fail 'not banned'
        expect_login direct --from "$net.1.5"
        server_stop
        want=$(rows "SELECT COUNT(*) > 0, COALESCE(MIN(reason), '-'),
            COALESCE(SUM(verdict = 'accepted'), '-'), COALESCE(SUM(verdict = 'refused') > 0, '-') FROM proxy_connlog
            WHERE source BETWEEN '::ffff:$net.1.0' AND '::ffff:$net.3.0'" | tr '\t' ' ')
        printf '> the connection log with %s: %s\n' "$mode" "$want"
        case $mode in
        off) [[ $want == '0 - - -' ]] || fail 'the connection log has rows' ;;
        refused) [[ $want == '1 banned 0 1' ]] || fail 'the connection log has not what it should' ;;
        esac
        rows "DELETE FROM proxy_ban WHERE prefix = '$net.2.0/24'"
    done
}

# Each time from another address, or the emulator's own guard would have it.
login_refused() {
    attempts=$((attempts + 1))
    [[ $("$player" login "127.0.0.1:$server_port" --from "$net.2.$attempts") == 'refused code=3' ]]
}
