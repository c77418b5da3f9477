# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The servers under the storm: when they are out of service, what they hold. Sourced after the cluster's files by tests/chaos/run.

chaos_keys() {
    echo 'proxy_direct 127.0.0.1'
    echo 'proxy_connlog all'
    echo 'proxy_header_timeout 6000'
    echo 'proxy_ban_on_error closed'
    echo "proxy_db_port $churn_port"
    echo "proxy_db_user $churn_user"
    echo "proxy_db_password $churn_password"
}

# ---- out of service ----

# servers_disturbed in|out: from now on players may be turned away, or may not. The count of both is in a file; it is odd
# while they may.
servers_disturbed() {
    local count
    count=$(servers_disturbances)
    echo $((count + 1)) >"$clean_folder/disturbances.new"
    mv "$clean_folder/disturbances.new" "$clean_folder/disturbances"
    printf '%s %s\n' "$(now_ms)" "$1" >>"$clean_folder/disturbed"
}

servers_disturbances() {
    cat "$clean_folder/disturbances" 2>/dev/null || echo 0
}

# servers_restart SERVER: out of service until a player gets through again.
servers_restart() {
    local mark
    say_note "the $1 server is started again"
    kill -s USR1 "$storm_pid" 2>/dev/null || true
    servers_disturbed in
    servers_quit "$1"
    mark=$(cluster_mark char)
    [[ $1 != char ]] || mark=0
    cluster_launch "$1"
    cluster_wait_listen "$1" || die "the $1 server does not start again: see above"
    if [[ $1 == char ]]; then
        cluster_wait_link char 0 2
        cluster_wait_link map 0 "$(cluster_map_count)"
    else
        cluster_wait_link "$1" "$mark"
    fi
    wait_for 240 honest_arrives || die "no player gets in after the $1 server has started again: see $clean_folder"
    servers_disturbed out
    kill -s USR2 "$storm_pid" 2>/dev/null || true
}

# ---- what they hold ----

# servers_ready: all have their ban lists; notes what they hold before the storm.
servers_ready() {
    local server
    wait_for 180 servers_listed || die "no server has its ban list: proxy_status: see $clean_folder with --keep"
    for server in "${cluster_servers[@]}"; do
        servers_fds "$server" >"$clean_folder/fds-$server"
    done
}

servers_listed() {
    local count
    count=$(db_sql "$cluster_database" "SELECT COUNT(*) FROM proxy_status WHERE bans_state = 'current' AND snapshot_entries >= 3")
    ((count == ${#cluster_servers[@]}))
}

# Sockets: a server that is started again may have other files of this script's. One that has ended has none.
servers_fds() { # SERVER
    { find "/proc/${cluster_pid[$1]}/fd" -type l -lname 'socket:*' 2>/dev/null || true; } | wc -l
}

servers_kb() { # SERVER
    awk '$1 == "VmRSS:" { kb = $2 } END { print kb + 0 }' "/proc/${cluster_pid[$1]}/status" 2>/dev/null || echo 0
}

servers_note_memory() {
    local server
    for server in "${cluster_servers[@]}"; do
        servers_kb "$server" >"$clean_folder/kb-$server"
    done
}

servers_as_before() {
    local server
    for server in "${cluster_servers[@]}"; do
        (($(servers_fds "$server") == $(<"$clean_folder/fds-$server"))) || return 1
    done
}

servers_check_descriptors() {
    local server result=0
    wait_for 180 servers_as_before || result=$?
    for server in "${cluster_servers[@]}"; do
        printf '%s %s, before %s; ' "$server" "$(servers_fds "$server")" "$(<"$clean_folder/fds-$server")"
    done
    return "$result"
}

# From the middle of the storm to its end: a fifth more, and what lists and buffers may take.
servers_check_memory() {
    local server now then result=0
    for server in "${cluster_servers[@]}"; do
        now=$(servers_kb "$server") then=$(<"$clean_folder/kb-$server")
        printf '%s %s kB, before %s; ' "$server" "$now" "$then"
        ((now > 0 && now <= then + then / 5 + 32768)) || result=1
    done
    return "$result"
}

# ---- what they count ----

servers_row() { # SERVER COLUMNS
    db_sql "$cluster_database" "SELECT $2 FROM proxy_status WHERE server = '${1%2}' AND port = ${cluster_port[$1]}"
}

# The numbers in the JSON of the reasons.
servers_reasons() { # SERVER
    servers_row "$1" reasons | grep -o '": [0-9]*' | awk '{ sum += $2 } END { print sum + 0 }'
}

# What the connection log has of the login server, which has not been started again: rows, and rows that were left out.
servers_connlog() {
    db_sql "$cluster_database" "SELECT COALESCE(SUM(IF(reason = 'dropped', 0, 1) + dropped), 0) FROM proxy_connlog WHERE server = 'login'"
}

# Nothing is lost. What was on its way when the connection to MariaDB broke may be there twice.
servers_connlog_whole() {
    local rows counted
    rows=$(servers_connlog)
    counted=$(servers_row login 'accepted + proxied + refused + kicked')
    ((rows >= counted && rows <= counted + counted / 10))
}

servers_check_counters() {
    local server sum refused result=0 players
    wait_for 180 servers_connlog_whole || result=1
    printf 'login: the connection log has %s, accepted + proxied + refused + kicked are %s\n' "$(servers_connlog)" \
        "$(servers_row login "CONCAT_WS(' ', accepted + proxied + refused + kicked, '=', accepted, proxied, refused, kicked)")"
    for server in "${cluster_servers[@]}"; do
        sum=$(servers_reasons "$server") refused=$(servers_row "$server" refused)
        printf '%s: refused %s, by reason %s: %s\n' "$server" "$refused" "$sum" "$(servers_row "$server" reasons)"
        ((sum == refused)) || result=1
    done
    players=$(sed -n 's/^kind honest-\(header\|ipv6\|allowed\|late\|stacked\|hop\) .* accepted=\([0-9]*\).*/\2/p' \
        "$clean_folder/storm" | awk '{ sum += $1 } END { print sum + 0 }')
    printf 'at least %s players came by header: proxied is %s\n' "$players" "$(servers_row login proxied)"
    ((players <= $(servers_row login proxied))) || result=1
    return "$result"
}
