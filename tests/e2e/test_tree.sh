#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which trees the end-to-end suite finds, and what it reads of them: the layouts of the emulators' years and of their forks,
# made here of empty files.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/say.sh
source "$top/scripts/lib/say.sh"
# shellcheck source=tests/e2e/lib/tree.sh
source "$top/tests/e2e/lib/tree.sh"
# Only what does without the servers is called of these.
# shellcheck source=/dev/null
source "$top/tests/e2e/lib/cluster.sh"
# shellcheck source=/dev/null
source "$top/tests/e2e/lib/cluster-hercules.sh"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

complain() { # WHAT
    printf 'FAIL %s\n' "$1"
    failed=$((failed + 1))
}

# tree_of NAME FILE...: a tree with a login server and these files, all empty.
tree_of() {
    local name=$1 file
    shift
    for file in login-server "$@"; do
        mkdir -p "$dir/$name/$(dirname "$file")"
        : >"$dir/$name/$file"
    done
    chmod +x "$dir/$name/login-server"
}

# found FOLDER: what tree_find makes of it.
found() {
    (
        tree_find "$dir/$1" 2>&1
        printf '%s %s %s\n' "$tree_dialect" "$tree_layout" "${tree#"$dir/"}"
    ) || true
}

# finds FOLDER WHAT
finds() {
    local said
    said=$(found "$1")
    passed=$((passed + 1))
    [[ $said == "$2" ]] || complain "$1 is '$2', not: $said"
}

# refuses FOLDER WORDS
refuses() {
    local said
    said=$(found "$1")
    passed=$((passed + 1))
    [[ $said == ropp:*"$2"* ]] || complain "$1 is refused with '$2', not: $said"
}

tree_of rathena conf/login_athena.conf conf/import-tmpl/login_conf.txt
tree_of hercules conf/login/login-server.conf conf/import-tmpl/login-server.conf
tree_of lines conf/login-server.conf conf/import-tmpl/login_conf.txt
tree_of repository/src/rAthena conf/login_athena.conf
tree_of two/one conf/login_athena.conf
tree_of two/other conf/login-server.conf
tree_of nothing conf/freya/login.conf

finds rathena 'rathena rathena rathena'
finds hercules 'hercules hercules hercules'
finds lines 'hercules lines lines'
finds repository 'rathena rathena repository/src/rAthena'
refuses two "$dir/two/one, $dir/two/other"
refuses nothing 'conf/login-server.conf'
refuses absent 'no such folder'

# sql_of FOLDER FILE...
sql_of() {
    local folder=$1 want
    shift
    want=$(printf "$dir/$folder/%s\n" "$@")
    tree=$dir/$folder
    passed=$((passed + 1))
    [[ $(tree_sql_files) == "$want" ]] || complain "$folder has $want, not: $(tree_sql_files)"
}

tree_of rathena sql-files/main.sql sql-files/logs.sql sql-files/web.sql sql-files/item_db.sql
tree_of lines sql/principal.sql sql/logs.sql sql/renovacao/renovacao.sql
sql_of rathena sql-files/main.sql sql-files/logs.sql sql-files/web.sql
sql_of lines sql/principal.sql sql/logs.sql

# gepard_in FOLDER yes|no
gepard_in() {
    local said=no
    tree=$dir/$1
    ! tree_has_gepard || said=yes
    passed=$((passed + 1))
    [[ $said == "$2" ]] || complain "$1 has Gepard: $said"
}

tree_of guarded conf/login_athena.conf src/common/socket.cpp
gepard_in guarded no
echo 'const char *file = "conf/gepard_shield.conf";' >"$dir/guarded/src/common/socket.cpp"
gepard_in guarded yes
gepard_in rathena no

# keys_of VERSION KEYS: with what that client scrambles, by Hercules' table.
keys_of() {
    local said
    tree=$dir/hercules
    # shellcheck disable=SC2034 # for hercules_client_keys
    cluster_packetver=$1
    said=$(hercules_client_keys)
    passed=$((passed + 1))
    [[ $said == "$2" ]] || complain "the keys of $1 are '$2', not: $said"
}

mkdir -p "$dir/hercules/src/map"
cat >"$dir/hercules/src/map/packets_keys_main.h" <<'END'
#if PACKETVER == 20141022
	packetKeys(0x11111111,0x22222222,0x33333333);
#endif
#if PACKETVER == 20190530 || \
	PACKETVER == 20190605
	packetKeys(0x0, 0x0, 0x0);
#endif
END
keys_of 20141022 0x11111111,0x22222222,0x33333333
keys_of 20190530 ''
keys_of 20190605 ''
keys_of 20200101 ''

printf 'suite, trees: %d cases, %d complaints\n' "$passed" "$failed"
((failed == 0))
