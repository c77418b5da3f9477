# SPDX-License-Identifier: MIT
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

# A client that stays and connects anew for each check: hundreds of clients would take minutes to start.
client_begin() {
    mkfifo "$clean_folder/questions" "$clean_folder/answers"
    "$db_client" --no-defaults --protocol=socket --socket="$db_socket" --user=root --default-character-set=utf8mb4 \
        --batch --skip-column-names --unbuffered --force <"$clean_folder/questions" >"$clean_folder/answers" 2>&1 &
    clean_own $!
    exec {client_in}>"$clean_folder/questions" {client_out}<"$clean_folder/answers"
}

# rows STATEMENT: its rows, columns set apart by a bar, and what it is refused with. Fails when it is.
client_user=root
rows() {
    local line status=0
    if [[ $client_user != root ]]; then
        mariadb_client --user="$client_user" --batch --skip-column-names "$db" -e "$1" 2>&1 | tr '\t' '|'
        return
    fi
    printf "connect %s\n%s;\nSELECT 'that was all';\n" "$db" "$1" >&"$client_in"
    while IFS= read -r -t 60 line <&"$client_out" || die "MariaDB does not answer: $1: see its log"; do
        [[ $line != 'that was all' ]] || break
        [[ $line != 'ERROR '* ]] || status=1
        printf '%s\n' "${line//$'\t'/|}"
    done
    return "$status"
}

run() { # STATEMENT
    rows "$1" >"$clean_folder/run" || die "MariaDB refuses: $1: $(cat "$clean_folder/run")"
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
    if ! got=$(rows "$2"); then
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
    got=$(rows "$2") || true
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
    if got=$(rows "$2"); then
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
    client_user=$1
    shift
    "$@"
    client_user=root
}
