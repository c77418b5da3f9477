# shellcheck shell=bash
# What the cases are written with. Each case has a database of its own, with the tables in it. Sourced.

passed=0 failed=0
case_name=
db=

case_begin() { # NAME
    case_name=$1
    case_passed=$passed case_failed=$failed
    fresh "case_${1//-/_}"
}

case_end() {
    printf '%-12s %3d passed, %d failed\n' "$case_name" "$((passed - case_passed))" "$((failed - case_failed))"
}

# fresh NAME [OPTION]: makes the database and the tables in it, and works on it from now on.
fresh() {
    db=$1
    mariadb_client -e "CREATE DATABASE $db ${2-}"
    load install.sql
}

load() { # FILE
    db_load "$db" "$top/sql/$1"
}

# Rows of a statement, columns set apart by a bar.
client_options=()
rows() { # STATEMENT
    mariadb_client "${client_options[@]}" --default-character-set=utf8mb4 --batch --skip-column-names "$db" -e "$1" | tr '\t' '|'
}

run() { # STATEMENT
    db_sql "$db" "$1" >/dev/null || die "MariaDB refuses: $1: see above"
}

good() {
    passed=$((passed + 1))
}

bad() { # WHAT
    printf 'FAIL %s: %s\n' "$case_name" "$1"
    failed=$((failed + 1))
}

# says ROWS STATEMENT: the statement, or the last of several, gives these rows.
says() {
    local got
    if ! got=$(rows "$2" 2>&1); then
        bad "$2: $got"
    elif [[ $got != "$1" ]]; then
        bad "$2: says '$got' instead of '$1'"
    else
        good
    fi
}

# begins TEXT STATEMENT: the first row begins with this text.
begins() {
    local got
    got=$(rows "$2" 2>&1) || true
    if [[ $got == "$1"* ]]; then
        good
    else
        bad "$2: says '$got' instead of '$1...'"
    fi
}

# refuses MESSAGE STATEMENT: the statement fails with this very message. A message that begins with a star may have
# anything before the rest.
refuses() {
    local got
    if got=$(rows "$2" 2>&1); then
        bad "$2: is not refused"
        return
    fi
    got=$(sed -n 's/^ERROR [0-9]* ([0-9A-Z]*)\( at line [0-9]*\)\{0,1\}: //p' <<<"$got")
    # shellcheck disable=SC2053 # the star
    if [[ $got == "$1" || $1 == \** && $got == *"${1#\*}"* ]]; then
        good
    else
        bad "$2: is refused with '$got' instead of '$1'"
    fi
}

# as USER COMMAND...: a check of above, asked by another SQL user, who has no password.
as() {
    client_options=(--user="$1")
    shift
    "$@"
    client_options=()
}
