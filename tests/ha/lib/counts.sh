# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What is counted when all is over: what the players have reported is put beside what the servers have logged, in the same
# database. Sourced by tests/ha/run.

count_attackers=::ffff:198.19.% # never among those whose addresses are looked at
count_grace_ms=5000 # so long after the end of a fault a session may be found lost to it
count_leg_ms=10000  # so long a player waits for a server, and says then that it had a connection
count_road_ms=1000  # so long what a player has sent is on its way

# What a server logs comes to the database a little later.
count_logged() {
    local before=${count_rows-}
    count_rows=$(db_sql "$cluster_database" 'SELECT COUNT(*) FROM proxy_connlog')
    [[ $before == "$count_rows" ]] && return 0
    sleep 2
    return 1
}

# count_load TABLE FILE: tab-separated.
count_load() {
    mariadb_client --local-infile=1 "$cluster_database" -e "LOAD DATA LOCAL INFILE '$2' INTO TABLE $1"
}

# Players' reports and the faults as tables: what the players are called and where they are, their connections, their lost sessions.
count_tables() {
    local name i count
    wait_for 60 count_logged || die 'the connection log does not come to its end: proxy_connlog'
    db_sql "$cluster_database" '
        CREATE TABLE ha_player (name VARCHAR(32) PRIMARY KEY, address INET6 NOT NULL);
        CREATE TABLE ha_leg (at BIGINT, name VARCHAR(32), hop VARCHAR(16), server VARCHAR(8), address VARCHAR(16), port INT, KEY (port),
            KEY (name));
        CREATE TABLE ha_lost (at BIGINT, name VARCHAR(32), hop VARCHAR(16), port INT, since BIGINT, why VARCHAR(16));
        CREATE TABLE ha_stranded (at BIGINT, name VARCHAR(32), hop VARCHAR(16), since BIGINT);
        CREATE TABLE ha_fault (began BIGINT, ended BIGINT, what VARCHAR(16), scope VARCHAR(16), kind VARCHAR(16));
        CREATE TABLE ha_newcomer (address INET6 NOT NULL PRIMARY KEY);
        CREATE TABLE ha_tunnel (name VARCHAR(16) PRIMARY KEY, address INET6 NOT NULL)'
    for name in "${!crowd_count[@]}"; do
        count=${crowd_count[$name]}
        for ((i = 1; i <= count; i++)); do
            printf '%s%d\t::ffff:%s.%d\n' "$name" "$i" "${world_players[$name]}" "$i"
        done
    done >"$clean_folder/players"
    for name in "${world_hops[@]}"; do
        printf '%s\t::ffff:%s\n' "$name" "${world_tunnel[$name]}"
    done >"$clean_folder/tunnels"
    for ((i = 100; i < attack_newcomer; i++)); do
        printf '::ffff:%s.%d\n' "${world_players[europe]}" "$i"
    done >"$clean_folder/newcomers"
    touch "$clean_folder/faults"
    count_load ha_player "$clean_folder/players"
    count_load ha_tunnel "$clean_folder/tunnels"
    count_load ha_newcomer "$clean_folder/newcomers"
    count_load ha_fault "$clean_folder/faults"
    for name in leg lost stranded; do
        crowd_lines "$name" | tr ' ' '\t' >"$clean_folder/$name"
        count_load "ha_$name" "$clean_folder/$name"
    done
    # Each lost session, with the hop that the map server saw it come from. Ports come again within minutes, so the row is the last one from
    # before its end.
    db_sql "$cluster_database" "CREATE TABLE ha_session AS
        SELECT l.*, (SELECT t.name FROM proxy_connlog c JOIN ha_tunnel t ON t.address = c.hop
            WHERE c.server = 'map' AND c.source = p.address AND c.source_port = l.port AND c.time <= FROM_UNIXTIME(l.at / 1000)
            ORDER BY c.id DESC LIMIT 1) AS peer
        FROM ha_lost l JOIN ha_player p USING (name)"
}

# Whether a session of a hop that reached the origin by a peer crossed what fault f broke. The game throws out who logs in a second
# time, and closes without a word on who is just coming in: a login that waited at a broken hop does that, when the hop is back. What was
# sent meanwhile is sent again at growing intervals, the last of which may be as long as the fault.
count_crossed="((s.why = 'thrown' OR s.why = 'closed' AND s.at - s.since < 1000) AND f.scope <> 'emulator'
        AND f.ended + (f.ended - f.began) + $count_grace_ms >= s.at
        AND EXISTS (SELECT * FROM ha_leg g WHERE g.name = s.name AND g.hop = f.what AND g.server = 'login'
            AND g.at BETWEEN f.began - $count_road_ms AND f.ended + $count_leg_ms)
    OR f.ended + $count_grace_ms >= s.since AND (f.scope = 'whole' AND f.what IN (s.hop, s.peer)
    OR f.scope = 'origin' AND f.what = s.peer
    OR f.what = s.hop AND f.scope = s.peer AND s.peer <> s.hop
    OR f.scope = 'emulator' AND f.what = 'map'))
    AND f.began <= s.at"

# Rows of a query, which should be none; their number comes last.
count_none() { # QUERY
    local found
    found=$(db_sql "$cluster_database" "$1")
    [[ -z $found ]] || printf '%s\n' "$found"
    [[ -z $found ]]
}

check_logged() {
    local logins rows
    logins=$(db_sql "$cluster_database" "SELECT COUNT(*) FROM loginlog JOIN ha_player ON user = name")
    rows=$(db_sql "$cluster_database" "SELECT COUNT(*) FROM proxy_connlog WHERE verdict = 'accepted' AND hop IS NOT NULL")
    count_none "SELECT 'login log', time, user, ip FROM loginlog JOIN ha_player ON user = name
        WHERE ip <> SUBSTRING(address, 8) LIMIT 20" || return 1
    count_none "SELECT 'connection log', c.time, c.server, c.source, c.source_port, c.hop FROM proxy_connlog c
        WHERE c.hop IS NOT NULL AND c.verdict = 'accepted' AND c.source NOT LIKE '%$network_stranger'
        AND c.source NOT LIKE '$count_attackers' AND c.source NOT IN (SELECT address FROM ha_newcomer) AND NOT EXISTS (
            SELECT * FROM ha_leg l WHERE l.server = c.server AND l.port = c.source_port AND c.source = CONCAT('::ffff:', l.address))
        LIMIT 20" || return 1
    count_none "SELECT 'hop', time, server, source, hop FROM proxy_connlog
        WHERE hop IS NOT NULL AND hop NOT IN (SELECT address FROM ha_tunnel) LIMIT 20" || return 1
    crowd_lines seen | head -n 20
    (($(crowd_lines_count seen) == 0)) || return 1
    printf '0 wrong of %s logins and %s connections\n' "$logins" "$rows"
    ((logins >= players && rows >= 3 * players))
}

check_sent() {
    crowd_lines stray | head -n 20
    (($(crowd_lines_count stray) == 0)) || return 1
    printf '0 of %s sent elsewhere than to the hop they had dialled\n' "$(db_sql "$cluster_database" \
        "SELECT COUNT(*) FROM ha_leg WHERE server <> 'login'")"
}

check_stranded() {
    count_none "SELECT s.* FROM ha_stranded s WHERE NOT EXISTS (SELECT * FROM ha_fault f
        WHERE f.scope = 'emulator' AND f.began <= s.at AND f.ended + $count_grace_ms >= s.since)" || return 1
    printf '0 stranded; %s were while a server was started again\n' "$(db_sql "$cluster_database" 'SELECT COUNT(*) FROM ha_stranded')"
}

# A slow way is not a broken one: it loses nobody.
check_lost() {
    count_none "SELECT s.* FROM ha_session s WHERE NOT EXISTS (SELECT * FROM ha_fault f WHERE f.kind <> 'slow' AND $count_crossed)
        LIMIT 40" || return 1
    printf '0 of %s lost sessions did not cross what was broken; %s were thrown out by a login that had waited at a broken hop\n' \
        "$(db_sql "$cluster_database" 'SELECT COUNT(*) FROM ha_session')" \
        "$(db_sql "$cluster_database" "SELECT COUNT(*) FROM ha_session WHERE why = 'thrown'")"
}
