#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `ropp ban` and `ropp status` as their users see them, with a MariaDB of their own.
#
#   tests/ban/test_cli.sh [--ropp FILE] [CASES...]
#
# CASES are names in tests/ban/cases, all of them unless named.
# The last line is `N passed, N failed`; the exit status is 1 if any failed.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/say.sh
source "$top/scripts/lib/say.sh"
# shellcheck source=scripts/lib/clean.sh
source "$top/scripts/lib/clean.sh"
# shellcheck source=scripts/lib/wait.sh
source "$top/scripts/lib/wait.sh"
# shellcheck source=scripts/lib/mariadb.sh
source "$top/scripts/lib/mariadb.sh"

ropp=./ropp cases=()
while (($# > 0)); do
    case $1 in
    --ropp)
        (($# > 1)) || die "no value: --ropp: give a program"
        ropp=$2
        shift
        ;;
    -*) die "unknown option: $1: give --ropp FILE" ;;
    *)
        [[ -f $top/tests/ban/cases/$1.sh ]] || die "no such cases: $1: see $top/tests/ban/cases"
        cases+=("$1")
        ;;
    esac
    shift
done
[[ -x $ropp ]] || die "no such program: $ropp: build it with make"
ropp=$(realpath "$ropp")

clean_begin ban
dir=$clean_folder
passed=0 failed=0 case_name='' case_good=yes
# Nobody's own settings and time zone decide.
export HOME=$dir TZ=UTC LC_ALL=C
unset ROPP_PASSWORD SUDO_USER
cd "$dir"

# ---- cases ----

end_case() {
    [[ -n $case_name ]] || return 0
    if [[ $case_good == yes ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

start() { # NAME
    end_case
    case_name=$1 case_good=yes
}

complain() { # WHAT
    printf 'FAIL %s: %s\n' "$case_name" "$1"
    case_good=no
}

# run STATUS ARGUMENT...: runs ropp with the usual connection; leaves out and err
run() {
    plain "$@" --defaults-file "$dir/ropp.cnf"
}

# The same without one.
plain() {
    local wanted=$1 status=0
    shift
    "$ropp" "$@" >out 2>err </dev/null || status=$?
    ((status == wanted)) || complain "'$*' ends with $status instead of $wanted: $(cat out err)"
}

has() { # FILE TEXT
    grep -qF -- "$2" "$1" || complain "'$2' is not in $1: $(cat "$1")"
}

has_no() { # FILE TEXT
    ! grep -qF -- "$2" "$1" || complain "'$2' is in $1: $(cat "$1")"
}

# An error of one line that says what, where and what to do.
is_error() { # TEXT
    has err "$1"
    [[ $(wc -l <err) == 1 && $(head -c 6 err) == 'ropp: ' && $(tr -cd : <err) == ::* ]] ||
        complain "this is no 'ropp: what: where: what to do': $(cat err)"
    [[ ! -s out ]] || complain "there is output beside the error: $(cat out)"
}

json() { # FILTER: is true of what was printed, which is one object a line
    jq -e "$1" out >json.out 2>&1 || complain "$1 does not hold: $(cat out json.out)"
}

sql() { # STATEMENT
    db_sql bans "$1"
}

is() { # STATEMENT RESULT
    local got
    got=$(sql "$1") || true
    [[ $got == "$2" ]] || complain "$1: is '$got' and should be '$2'"
}

empty() {
    sql 'SET @ropp_bulk = 1; DELETE FROM proxy_ban; DELETE FROM proxy_ban_history;
        DELETE FROM proxy_source; INSERT INTO proxy_source (name) VALUES ("manual")'
}

counter() { # SOURCE
    sql "SELECT version FROM proxy_source WHERE name = '$1'"
}

# Waits until so many entries have ended.
ended() { # COUNT
    [[ $(sql 'SELECT COUNT(*) FROM proxy_ban WHERE expires <= NOW()') == "$1" ]]
}

wait_ended() {
    wait_for 5 ended 1 || complain 'the entry does not end'
}

# Where the program under test says that a file of sql/ is: beside it when it is installed.
sql_file() { # NAME
    local installed
    installed=$(realpath -m "$ropp/../../share/ropp/sql/$1.sql")
    if [[ -e $installed ]]; then
        echo "$installed"
    else
        echo "sql/$1.sql"
    fi
}

db_start "$dir/db"
mariadb_client -e 'CREATE DATABASE bans; CREATE DATABASE blank'
db_load bans "$top/sql/install.sql"
mariadb_client bans -e 'CREATE TABLE ipbanlist (list VARCHAR(15) NOT NULL, btime DATETIME NOT NULL,
    rtime DATETIME NOT NULL, reason VARCHAR(255) NOT NULL DEFAULT "", PRIMARY KEY (list, btime))'
cat >ropp.cnf <<END
[ropp]
host = 127.0.0.1
port = $db_port
user = $db_user
password = $db_password
database = bans
END
((${#cases[@]} > 0)) || mapfile -t cases < <(basename -s .sh "$top"/tests/ban/cases/*.sh)
for name in "${cases[@]}"; do
    # shellcheck disable=SC1090 # each of them
    source "$top/tests/ban/cases/$name.sh"
done
end_case
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
