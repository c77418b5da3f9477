# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Hercules' configuration until August 2016, and that of its forks of then: rAthena's lines under other names, in other
# words where the database is. Sourced after the two dialects.

# shellcheck disable=SC2034 # for the cases
lines_login_file=conf/import/login_conf.txt

# lines_configure FOLDER DATABASE LOGIN-PORT CHAR-PORT: everything but the proxy_ keys.
lines_configure() {
    rathena_configure "$@"
    rathena_dotted_keys "$1" "$2"
    ! grep -qs '^brAdb_' "$tree/conf/inter-server.conf" || lines_game_database "$1" "$2"
    [[ ! -e $1/conf/network.conf ]] || hercules_network "$1" 127.0.0.1:255.255.255.255
}

# lines_game_database FOLDER DATABASE: brAthena's map server reads its items and monsters from a database of their own, and does
# without them.
lines_game_database() {
    cat >>"$1/conf/import/inter_conf.txt" <<END
brAdb_ip: 127.0.0.1
brAdb_port: $db_port
brAdb_id: $db_user
brAdb_pw: $db_password
brAdb_name: $2
END
}

# lines_add_keys FOLDER [SERVER]
lines_add_keys() {
    rathena_add_keys "$@"
}
