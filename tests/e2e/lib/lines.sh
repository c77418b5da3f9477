# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Hercules' configuration until August 2016, and that of its forks of then: rAthena's lines under other names, in other
# words where the database is. Sourced after the two dialects.

# shellcheck disable=SC2034 # for the cases
lines_login_file=conf/import/login_conf.txt

# lines_configure FOLDER DATABASE LOGIN-PORT CHAR-PORT: everything but the proxy_ keys.
lines_configure() {
    local import=$1/conf/import
    rathena_configure "$@"
    cat >>"$import/inter_conf.txt" <<END
sql.db_hostname: 127.0.0.1
sql.db_port: $db_port
sql.db_username: $db_user
sql.db_password: $db_password
sql.db_database: $2
END
    cat >>"$import/login_conf.txt" <<END
ipban.enable: yes
ipban.dynamic_pass_failure_ban: yes
ipban.dynamic_pass_failure_ban_interval: 5
ipban.dynamic_pass_failure_ban_limit: 7
ipban.dynamic_pass_failure_ban_duration: 5
END
    [[ ! -e $1/conf/network.conf ]] || hercules_network "$1" 127.0.0.1:255.255.255.255
}

# lines_add_keys FOLDER [SERVER]
lines_add_keys() {
    rathena_add_keys "$@"
}
