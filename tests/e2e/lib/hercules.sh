# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Hercules' configuration: libconfig files in conf/import. Sourced.

# shellcheck disable=SC2034 # for the cases
hercules_login_file=conf/import/login-server.conf

# The group that names the database to a server.
hercules_sql() { # DATABASE
    cat <<END
sql_connection: {
        db_hostname: "127.0.0.1"
        db_port: $db_port
        db_username: "$db_user"
        db_password: "$db_password"
        db_database: "$1"
    }
END
}

# hercules_configure FOLDER DATABASE LOGIN-PORT CHAR-PORT: everything but the proxy_ keys.
hercules_configure() {
    local folder=$1 database=$2 login_port=$3 char_port=$4 sql
    local import=$folder/conf/import
    sql=$(hercules_sql "$database")
    cat >"$import/login-server.conf" <<END
login_configuration: {
    console: {
        stdout_with_ansisequence: false
        console_silent: 0
    }
    inter: {
        bind_ip: "$server_address"
        login_port: $login_port
    }
    log: {
        log_login: true
    }
    account: {
        new_account: false
        use_MD5_passwords: false
        $sql
        ipban: {
            enabled: true
            cleanup_interval: $server_cleanup_s
            $sql
            dynamic_pass_failure: {
                enabled: true
                ban_interval: 5
                ban_limit: 7
                ban_duration: 5
            }
        }
    }
    permission: {
        check_client_version: false
        hash: {
            enabled: false
        }
        DNS_blacklist: {
            enabled: false
        }
    }
}
END
    cat >"$import/inter-server.conf" <<END
inter_configuration: {
    log: {
        $sql
    }
}
END
    cat >"$import/socket.conf" <<END
socket_configuration: {
    ip_rules: {
        enable: true
        order: "deny,allow"
        allow_list: (
            "$guard_allow/255.255.0.0"
        )
        deny_list: (
            "$guard_deny/255.255.0.0"
        )
    }
    ddos: {
        interval: 3000
        count: $guard_count
        autoreset: 600000
    }
}
END
    cat >"$import/char-server.conf" <<END
char_configuration: {
    $sql
    inter: {
        userid: "$server_user"
        passwd: "$server_password"
        bind_ip: "127.0.0.1"
        login_ip: "127.0.0.1"
        login_port: $login_port
        char_ip: "127.0.0.1"
        char_port: $char_port
    }
}
END
    hercules_network "$folder" 127.0.0.1:255.255.255.255
}

# hercules_network FOLDER ALLOWED [LAN]: which networks are what. As it comes, this file exempts all of 127.0.0.0/8, where
# the players of the suite live, from bans.
hercules_network() {
    rm -f "$1/conf/network.conf"
    {
        [[ -z ${3-} ]] || printf 'lan_subnets: (\n    "%s",\n)\n' "$3"
        printf 'allowed: (\n    "%s",\n)\n' "$2"
        printf 'trusted: (\n    "127.0.0.1:255.255.255.255",\n)\n'
    } >"$1/conf/network.conf"
}

# hercules_add_keys FOLDER [SERVER]: the proxy_ keys, `key value` on each line of standard input.
hercules_add_keys() {
    local key value trusted='' direct='' routes=''
    {
        echo 'proxy_protocol: {'
        while read -r key value; do
            case $key in
            proxy_protocol) printf '    mode: "%s"\n' "$value" ;;
            proxy_trusted) trusted+="${trusted:+, }\"$value\"" ;;
            proxy_direct) direct+="${direct:+, }\"$value\"" ;;
            proxy_route) routes+="${routes:+, }\"$value\"" ;;
            *)
                [[ $value =~ ^[0-9]+$ ]] || value="\"$value\""
                printf '    %s: %s\n' "$key" "$value"
                ;;
            esac
        done
        [[ -z $trusted ]] || printf '    proxy_trusted: [%s]\n' "$trusted"
        [[ -z $direct ]] || printf '    proxy_direct: [%s]\n' "$direct"
        [[ -z $routes ]] || printf '    proxy_route: [%s]\n' "$routes"
        echo '}'
    } >>"$1/conf/import/${2-login}-server.conf"
}
