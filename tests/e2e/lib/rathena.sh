# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# rAthena's configuration: lines of `key: value` in conf/import. Sourced.

# Where the proxy_ keys of the login server go, as the server names the file in its messages.
# shellcheck disable=SC2034 # for the cases
rathena_login_file=conf/import/login_conf.txt

# rathena_configure FOLDER DATABASE LOGIN-PORT CHAR-PORT: everything but the proxy_ keys.
rathena_configure() {
    local import=$1/conf/import database=$2 login_port=$3 char_port=$4 section
    for section in login_server ipban_db char_server map_server web_server log_db; do
        cat <<END
${section}_ip: 127.0.0.1
${section}_port: $db_port
${section}_id: $db_user
${section}_pw: $db_password
${section}_db: $database
END
    done >"$import/inter_conf.txt"
    cat >"$import/packet_conf.txt" <<END
enable_ip_rules: yes
order: deny,allow
allow: $guard_allow/255.255.0.0
deny: $guard_deny/255.255.0.0
ddos_interval: 3000
ddos_count: $guard_count
ddos_autoreset: 600000
END
    cat >"$import/login_conf.txt" <<END
bind_ip: $server_address
login_port: $login_port
console: off
console_silent: 0
new_account: no
log_login: yes
use_MD5_passwords: no
use_dnsbl: no
client_hash_check: off
ipban_enable: yes
ipban_cleanup_interval: $server_cleanup_s
ipban_dynamic_pass_failure_ban: yes
ipban_dynamic_pass_failure_ban_interval: 5
ipban_dynamic_pass_failure_ban_limit: 7
ipban_dynamic_pass_failure_ban_duration: 5
END
    cat >"$import/char_conf.txt" <<END
userid: $server_user
passwd: $server_password
bind_ip: 127.0.0.1
login_ip: 127.0.0.1
login_port: $login_port
char_ip: 127.0.0.1
char_port: $char_port
console: off
END
    ! grep -qs '^sql\.db_hostname' "$tree/conf/inter_athena.conf" || rathena_dotted_keys "$1" "$database"
    ! tree_has_gepard || rathena_gepard "$1/conf/gepard_shield.conf"
}

# Off but in the case about it. Where the tree's servers have run, this is a link to their own file.
rathena_gepard() { # FILE
    rm -f "$1"
    echo "gepard_shield_enabled: ${server_gepard-no}" >"$1"
}

# rathena_dotted_keys FOLDER DATABASE: what the keys of the login server are called in Hercules' lines, and in all trees until 2014.
rathena_dotted_keys() {
    cat >>"$1/conf/import/inter_conf.txt" <<END
sql.db_hostname: 127.0.0.1
sql.db_port: $db_port
sql.db_username: $db_user
sql.db_password: $db_password
sql.db_database: $2
END
    cat >>"$1/conf/import/login_conf.txt" <<END
ipban.enable: yes
ipban.dynamic_pass_failure_ban: yes
ipban.dynamic_pass_failure_ban_interval: 5
ipban.dynamic_pass_failure_ban_limit: 7
ipban.dynamic_pass_failure_ban_duration: 5
END
}

# rathena_add_keys FOLDER [SERVER]: the proxy_ keys, `key value` on each line of standard input.
rathena_add_keys() {
    sed -n 's/^\(proxy_[a-z_]*\) \(.*\)$/\1: \2/p' >>"$1/conf/import/${2-login}_conf.txt"
}
