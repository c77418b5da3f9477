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
    [[ ! -e $1/conf/network.conf ]] || hercules_network "$1" 127.0.0.1:255.255.255.255
}

# lines_add_keys FOLDER [SERVER]
lines_add_keys() {
    rathena_add_keys "$@"
}
