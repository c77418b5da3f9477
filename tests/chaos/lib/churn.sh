# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Bans that change all the time, and a database that comes and goes. The servers' workers reach MariaDB by a relay and as an
# account of their own, so that either can be taken away from them and not from the emulator. Sourced by tests/chaos/run.

churn_user=worker
churn_password=worker
churn_port=
churn_admin=
churn_relay_pid=

churn_relay() {
    free_port churn_port
    haproxy_start "$clean_folder/relay" churn_admin churn_relay_pid <<END
frontend relay
    bind 127.0.0.1:$churn_port
    timeout client 10m
    default_backend database
backend database
    timeout server 10m
    server mariadb 127.0.0.1:$db_port
END
    mariadb_client -e "CREATE USER '$churn_user'@'127.0.0.1' IDENTIFIED BY '$churn_password'"
}

churn_sql() {
    db_sql "$cluster_database" "$1"
}

# The bans that are there all the while, and the account's rights, table by table so that one can be taken.
churn_begin() {
    local table
    while read -r table; do
        mariadb_client -e "GRANT ALL ON \`$cluster_database\`.\`$table\` TO '$churn_user'@'127.0.0.1'"
    done < <(churn_sql 'SHOW TABLES')
    churn_sql "INSERT INTO proxy_ban (kind, prefix, reason) VALUES ('ban', '127.64.0.0/16', 'a storm'),
        ('allow', '127.64.1.0/24', 'a storm'), ('ban', '127.65.0.0/16', 'a storm')"
}

churn_number() { # BOUND
    echo $(((RANDOM * 32768 + RANDOM) % $1))
}

# A prefix within the networks that are banned and not.
churn_prefix() {
    local net=$((70 + RANDOM % 10))
    case $((RANDOM % 5)) in
    0) echo "127.$net.0.0/16" ;;
    1) echo "127.$net.$((RANDOM % 4)).0/24" ;;
    2) echo "127.$net.$((RANDOM % 4)).$((RANDOM % 256))/32" ;;
    3) printf '2001:db8:%x::/48\n' "$net" ;;
    4) printf '2001:db8:%x:%x::/64\n' "$net" "$((RANDOM % 64))" ;;
    esac
}

churn_add() { # KIND
    local rows='' i expires kind=$1
    for ((i = 0; i <= RANDOM % 20; i++)); do
        expires=NULL
        ((RANDOM % 2 == 0)) || expires="NOW() + INTERVAL $((1 + RANDOM % 4)) SECOND"
        rows+="${rows:+, }('$kind', '$(churn_prefix)', 'churn', $expires)"
    done
    churn_sql "INSERT INTO proxy_ban (kind, prefix, reason, expires) VALUES $rows"
}

churn_del() {
    churn_sql "DELETE FROM proxy_ban WHERE reason = 'churn' ORDER BY RAND() LIMIT $((1 + RANDOM % 60))"
}

churn_panel() {
    churn_sql "INSERT INTO ipbanlist (list, btime, rtime, reason) VALUES ('127.$((70 + RANDOM % 10)).$((RANDOM % 4)).*', NOW(),
        NOW() + INTERVAL $((2 + RANDOM % 30)) SECOND, 'churn')"
    ((RANDOM % 2 == 0)) || churn_sql "DELETE FROM ipbanlist WHERE reason = 'churn' ORDER BY RAND() LIMIT 3"
}

# A list that is another one each time, from nothing to two thousand prefixes.
churn_import() {
    local file=$clean_folder/list i count
    count=$(churn_number 2000)
    for ((i = 0; i < count; i++)); do
        printf '127.%d.%d.%d\n' "$((70 + RANDOM % 10))" "$((RANDOM % 256))" "$((RANDOM % 256))"
    done >"$file"
    "$ropp" ban import "$file" --source storm --keep-private --force --tree "$cluster_folder/login" >/dev/null
}

# The workers' right to read a table.
churn_rights() {
    local table
    case $((RANDOM % 2)) in
    0) table=proxy_connlog ;;
    1) table=ipbanlist ;;
    esac
    mariadb_client -e "REVOKE ALL ON \`$cluster_database\`.\`$table\` FROM '$churn_user'@'127.0.0.1'"
    sleep "$((RANDOM % 3)).5"
    mariadb_client -e "GRANT ALL ON \`$cluster_database\`.\`$table\` TO '$churn_user'@'127.0.0.1'"
}

churn_kill() {
    local id
    while read -r id; do
        mariadb_client -e "KILL $id" 2>/dev/null || true
    done < <(churn_sql "SELECT id FROM information_schema.processlist WHERE user = '$churn_user'")
}

# The relay answers nothing for a while: sometimes for longer than the workers wait.
churn_hang() {
    kill -s STOP "$churn_relay_pid"
    sleep "$((RANDOM % 7)).5"
    kill -s CONT "$churn_relay_pid"
}

# It refuses for a while.
churn_away() {
    haproxy_ask "$churn_admin" 'disable frontend relay' >/dev/null
    churn_kill
    sleep "$((RANDOM % 4)).5"
    haproxy_ask "$churn_admin" 'enable frontend relay' >/dev/null
}

churn_step() {
    case $((RANDOM % 20)) in
    [0-5]) churn_add ban ;;
    [6-7]) churn_add allow ;;
    [8-9] | 10) churn_del ;;
    11 | 12) churn_panel ;;
    13 | 14) churn_import ;;
    15 | 16) churn_rights ;;
    17) churn_kill ;;
    18) churn_hang ;;
    19) churn_away ;;
    esac
}

# Goes on until the storm is over. The numbers are the seed's, the moments are not.
churn() {
    RANDOM=$seed
    while [[ ! -e $clean_folder/over ]]; do
        # Two at the same rows may be in each other's way.
        churn_step 2>>"$clean_folder/churn-errors" || true
        sleep 0.1
    done
}
