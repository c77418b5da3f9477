# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# A server that cannot have ropp's tables: MySQL, or a MariaDB that is too old. Sourced by tests/ban/test_cli.sh.

# The server again, under another version's name.
as_version() { # [VERSION]
    local server=("${db_server[@]}")
    db_end TERM
    [[ -z ${1-} ]] || db_server+=("--version=$1")
    db_launch
    db_server=("${server[@]}")
}

for version in 8.0.36 5.7.44-log 10.4.33-MariaDB; do
    start "install.sql: $version"
    as_version "$version"
    status=0
    mariadb_client blank <"$top/sql/install.sql" >out 2>err || status=$?
    ((status == 1)) || complain "ends with $status: $(cat out err)"
    has err 'ropp needs MariaDB 10.5 or newer'
    [[ -z $(db_sql blank 'SHOW TABLES') ]] || complain "leaves tables: $(db_sql blank 'SHOW TABLES')"

    start "ropp ban: $version"
    run 2 ban list --database blank
    is_error "ropp's tables need MariaDB 10.5 or newer: blank on 127.0.0.1: it is $version; "
    # What was left by an install.sql that did not ask.
    db_sql blank 'CREATE TABLE proxy_schema (version INT NOT NULL PRIMARY KEY)'
    run 2 ban add 203.0.113.7 --database blank
    is_error "ropp's tables need MariaDB 10.5 or newer: blank on 127.0.0.1: it is $version; "
    db_sql blank 'DROP TABLE proxy_schema'
done

start 'tables that are there count, whatever the server says that it is'
run 0 ban list

for version in 10.5.23-MariaDB-0+deb11u1 12.3.1-MariaDB-log; do
    start "install.sql: $version"
    as_version "$version"
    db_load blank "$top/sql/install.sql"
    run 0 ban list --database blank
    db_load blank "$top/sql/uninstall.sql"
done
as_version
