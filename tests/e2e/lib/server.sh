# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The emulator under test: its folder, its settings, its start and its end. Sourced after tree.sh and
# the dialects.

# The proxy's address towards the emulator, apart from every player's.
proxy_address=127.9.9.9
# The emulator's own guard lets the one network in whatever it does, and never the other. No case has one of them for its
# own.
guard_allow=127.251.0.0
guard_deny=127.252.0.0
# After so many connections in three seconds it strikes.
guard_count=5
# Seconds between the login server's looks for bans that are over. It waits for MariaDB then, with everything: let it be never.
server_cleanup_s=86400
server_user=s1
server_password=p1
# Where the servers listen.
server_address=127.0.0.1

server_database= # what it keeps its tables in
server_folder=   # where it runs
server_port=
server_char_port=
server_db_port= # where ropp looks for MariaDB, in the setups bans-*
server_log=
server_pid=
server_char_pid=
# shellcheck disable=SC2034 # for the runner
server_setup=
server_starts=0

# Every setup is a name for a set of proxy_ keys.
setup_keys() { # NAME
    case $1 in
    none) ;;
    off) echo 'proxy_protocol off' ;;
    bans)
        echo 'proxy_protocol on'
        echo "proxy_trusted $proxy_address"
        # Nobody can be sent the IPv6 address that somebody dialled.
        echo 'proxy_route ::/0 char=127.0.0.1 map=127.0.0.1'
        ;;
    on)
        setup_keys bans
        # The cases about bans look at the emulator's own.
        echo 'proxy_bans off'
        ;;
    unnamed-hop)
        setup_keys on
        echo 'proxy_unnamed hop'
        # Neither such a header nor a unix socket names what the player dialled.
        echo "proxy_route $proxy_address char=127.0.0.1 map=127.0.0.1"
        ;;
    strict)
        echo 'proxy_protocol strict'
        echo "proxy_trusted $proxy_address"
        echo 'proxy_direct 127.0.0.1'
        ;;
    both-on | both-strict)
        echo "proxy_protocol ${1#both-}"
        echo 'proxy_trusted 127.0.0.1'
        echo 'proxy_direct 127.0.0.1'
        ;;
    connlog-off | connlog-refused)
        setup_keys bans
        echo "proxy_connlog ${1#connlog-}"
        ;;
    bans-off)
        setup_keys on
        echo 'proxy_connlog off'
        ;;
    bans-open | bans-closed)
        setup_keys bans
        echo 'proxy_direct 127.0.0.1'
        echo "proxy_db_port $server_db_port"
        echo "proxy_ban_on_error ${1#bans-}"
        ;;
    *) die "no such setup: $1: see setup_keys" ;;
    esac
}

# database_make NAME: a new database as the tree's own SQL files make it, with ropp's tables and the suite's account.
database_make() {
    local files
    mapfile -t files < <(tree_sql_files)
    ((${#files[@]} > 0)) || die "no SQL files: $tree/sql-files: the tree is not complete"
    mariadb_client -e "CREATE DATABASE \`$1\` CHARACTER SET latin1"
    db_load "$1" "${files[@]}" "$top/sql/install.sql"
    # Its servers write this column always, and make it only while Gepard is on.
    ! tree_has_gepard || db_sql "$1" 'ALTER TABLE loginlog ADD unique_id INT UNSIGNED NOT NULL DEFAULT 0'
    db_sql "$1" "INSERT INTO login (userid, user_pass, sex, email)
        VALUES ('player', 'secret', 'M', 'player@example.org')"
    if [[ -z $(db_sql "$1" "SELECT 1 FROM login WHERE userid = '$server_user'") ]]; then
        db_sql "$1" "INSERT INTO login (account_id, userid, user_pass, sex, email)
            VALUES (1, '$server_user', '$server_password', 'S', 'server@example.org')"
    fi
    database_view "$1"
}

# Emulators from before 2008 keep the addresses of loginlog as numbers: the suite asks a view that has them as text.
database_view() { # NAME
    local ip=ip
    case $(db_sql "$1" "SELECT data_type FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 'loginlog' AND column_name = 'ip'") in
    *int) ip='INET_NTOA(ip)' ;;
    esac
    db_sql "$1" "CREATE VIEW loginlog_text AS SELECT time, $ip AS ip, user, rcode, log FROM loginlog"
}

# Root is not who runs a game server, and Hercules refuses to: then it is the tree's owner, or nobody.
server_account=
server_as=()
server_choose_account() {
    ((EUID == 0)) || return 0
    server_account=$(stat -c %U "$tree")
    [[ $server_account != root && $server_account != UNKNOWN ]] || server_account=nobody
    server_as=(setpriv "--reuid=$server_account" "--regid=$(id -g "$server_account")" --clear-groups)
    "${server_as[@]}" test -r "$tree/conf" -a -x "$(tree_program login-server)" || server_explain_unreadable
}

# server_barrier PATH: the first folder above it that the account may not enter; nothing when it may enter all.
server_barrier() {
    local left=${1#/} folder=
    while [[ $left == */* ]]; do
        folder+=/${left%%/*} left=${left#*/}
        if ! "${server_as[@]}" test -x "$folder"; then
            printf '%s' "$folder"
            return
        fi
    done
}

server_explain_unreadable() {
    local barrier
    barrier=$(server_barrier "$tree")
    [[ -n $barrier ]] || barrier=$(server_barrier "$tree_bin")
    [[ $barrier != "$tree" && $barrier != "$tree"/* ]] || barrier=
    [[ -z $barrier ]] ||
        die "not readable for '$server_account', as whom the servers run: $tree: nobody else may enter $barrier: move the tree to another place, as in mv $tree /srv/"
    die "not readable for '$server_account', as whom the servers run: $tree: chmod -R o+rX $tree"
}

# server_prepare FOLDER DATABASE [BIN]: a folder to run in, without proxy_ keys yet.
server_prepare() {
    local database=$2 programs char
    programs=("$(tree_program login-server "${3-$tree_bin}")")
    server_folder=$1
    if char=$(tree_program char-server); then
        programs+=("$char")
    fi
    tree_run_folder "$server_folder" "${programs[@]}"
    "${tree_layout}_configure" "$server_folder" "$database" "$server_port" "$server_char_port"
    [[ -z $server_account ]] || chown -R -P -h "$server_account" "$server_folder"
}

# server_launch PROGRAM LOG VARIABLE: starts a program of the run folder; its process id goes to the variable.
server_launch() {
    local program=$1 log=$2
    local -n launched=$3
    (cd "$server_folder" && exec env TERM=dumb "${server_as[@]}" "./$program" </dev/null >"$log" 2>&1) &
    launched=$!
    clean_own "$launched"
}

# server_start SETUP CHAR: CHAR is `real` for the tree's own char server where there is one, `player` for the test
# player's, `none` for none. The folder has been prepared.
server_start() {
    local setup=$1 char=$2
    "${tree_layout}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    if [[ $setup != none ]]; then
        setup_keys "$setup" | "${tree_layout}_add_keys" "$server_folder"
    fi
    server_starts=$((server_starts + 1))
    server_log=$server_folder/login-$server_starts.out
    server_launch login-server "$server_log" server_pid
    if ! wait_for 30 server_listens || process_gone "$server_pid"; then
        say_log "$server_log"
        echo "FAIL: the login server does not start with setup '$setup'"
        return 1
    fi
    server_setup=$setup
    server_start_char "$char"
}

server_listens() {
    process_gone "$server_pid" || port_listens "$server_port"
}

server_start_char() { # CHAR
    local char=$1
    server_char_pid=
    [[ $char != none ]] || return 0
    if [[ $char == real && -e $server_folder/char-server ]]; then
        server_launch char-server "$server_folder/char-$server_starts.out" server_char_pid
    else
        "$player" server-login "127.0.0.1:$server_port" --from 127.0.0.1 --user "$server_user" \
            --pass "$server_password" --stay 3600000 >"$server_folder/char-$server_starts.out" 2>&1 &
        server_char_pid=$!
        clean_own "$server_char_pid"
    fi
    if ! wait_for 30 server_linked || ! file_says "$server_log" "$said_linked"; then
        say_log "$server_log"
        say_log "$server_folder/char-$server_starts.out"
        echo 'FAIL: the char server does not link up'
        return 1
    fi
}

server_linked() {
    process_gone "$server_pid" || process_gone "$server_char_pid" ||
        file_says "$server_log" "$said_linked"
}

server_stop() {
    # The login server first, or it may or may not log the end of the other.
    if [[ -n $server_pid ]]; then
        clean_stop "$server_pid"
    fi
    if [[ -n $server_char_pid ]]; then
        clean_stop "$server_char_pid"
    fi
    server_pid=
    server_char_pid=
    # shellcheck disable=SC2034 # for the runner
    server_setup=
}

# What the server has logged from a byte on, without colours.
server_says() { # FROM
    tail -c "+$(($1 + 1))" "$server_log" | sed 's/\x1b\[[0-9;]*[A-Za-z]//g'
}
