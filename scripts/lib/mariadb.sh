# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A throwaway MariaDB with a data folder, a port and a socket of its own. Nothing of the system's is
# read or touched. Sourced after say.sh, clean.sh and wait.sh.

db_port=
db_socket=
db_log=
db_pid=
db_server=()
db_user=ragnarok
db_password=ragnarok

db_tool() { # NAME OTHER-NAME
    command -v "$1" || command -v "$2" || PATH=$PATH:/usr/sbin:/usr/libexec command -v "$1" ||
        die "not found: $1: apt-get install mariadb-server-core mariadb-client-core"
}

# A server must not run as root; the package's own user is there for that, or nobody.
db_account() {
    if ((EUID != 0)); then
        id -un
    elif id mysql >/dev/null 2>&1; then
        echo mysql
    else
        echo nobody
    fi
}

db_answers() { # PID
    process_gone "$1" && return 0
    mariadb_client -e 'SELECT 1' >/dev/null 2>&1
}

# Runs the server on the data that are there, and waits for it. Also after it was killed.
db_launch() {
    "${db_server[@]}" >>"$db_log" 2>&1 &
    db_pid=$!
    clean_own "$db_pid"
    if ! wait_for 30 db_answers "$db_pid" || process_gone "$db_pid"; then
        say_log "$db_log"
        die "MariaDB does not start: ${db_log%/*}: see above"
    fi
}

# db_install FOLDER ACCOUNT: the server's own tables, in FOLDER/data.
db_install() {
    local folder=$1 install
    install=$(db_tool mariadb-install-db mysql_install_db)
    "$install" --no-defaults --user="$2" --datadir="$folder/data" --tmpdir="$folder/tmp" \
        --skip-test-db --auth-root-authentication-method=normal --innodb-log-file-size=4M --force \
        >"$folder/log" 2>&1 || {
        say_log "$folder/log"
        die "MariaDB does not install its tables: $folder: see above"
    }
}

# db_tables FOLDER: makes them once for many servers, which db_start gives a copy each when ROPP_DB_TABLES names FOLDER.
db_tables() {
    local account
    account=$(db_account)
    mkdir -p "$1/data" "$1/tmp"
    if ((EUID == 0)); then
        chown -R "$account" "$1"
    fi
    db_install "$1" "$account"
}

# db_start FOLDER [OPTION...]: an empty folder to keep it in; options for the server.
db_start() {
    local folder=$1 account server
    account=$(db_account)
    server=$(db_tool mariadbd mysqld)
    db_client=$(db_tool mariadb mysql)
    mkdir -p "$folder/data" "$folder/tmp"
    if ((EUID == 0)); then
        chown -R "$account" "$folder"
    fi
    free_port db_port
    db_socket=$folder/sock
    db_log=$folder/log
    ((${#db_socket} < 100)) || die "path too long for a socket: $db_socket: set TMPDIR to a shorter one"
    if [[ -n ${ROPP_DB_TABLES-} ]]; then
        cp -a "$ROPP_DB_TABLES/data/." "$folder/data/"
    else
        db_install "$folder" "$account"
    fi
    db_server=("$server" --no-defaults --user="$account" --datadir="$folder/data" --tmpdir="$folder/tmp"
        --socket="$db_socket" --bind-address=127.0.0.1 --port="$db_port"
        --pid-file="$folder/pid" --skip-name-resolve --skip-log-bin --sql-mode=NO_ENGINE_SUBSTITUTION
        --innodb-log-file-size=4M --innodb-buffer-pool-size=16M --innodb-flush-log-at-trx-commit=0
        --innodb-doublewrite=0 --key-buffer-size=1M --aria-pagecache-buffer-size=1M
        --performance-schema=0 --max-connections=64 --table-open-cache=256 "${@:2}")
    db_launch
    mariadb_client -e "CREATE USER '$db_user'@'127.0.0.1' IDENTIFIED BY '$db_password';
        GRANT ALL ON *.* TO '$db_user'@'127.0.0.1' WITH GRANT OPTION"
}

mariadb_client() {
    timeout 60 "$db_client" --no-defaults --protocol=socket --socket="$db_socket" --user=root "$@"
}

# db_sql DATABASE STATEMENT: rows on standard output, one a line, columns set apart by tabs.
db_sql() {
    mariadb_client --batch --skip-column-names "$1" -e "$2"
}

# db_end SIGNAL: ends the server by it.
db_end() {
    kill -s "$1" "$db_pid"
    wait "$db_pid" 2>/dev/null || true
    clean_forget "$db_pid"
}

# db_load DATABASE FILE...
db_load() {
    local database=$1 file
    shift
    for file in "$@"; do
        mariadb_client "$database" <"$file" || die "MariaDB refuses: $file: see above"
    done
}
