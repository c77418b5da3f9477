#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `ropp ban follow` with a real MariaDB, HAProxy, nginx, nftables and ipset: what a ban does at every edge, and what happens
# when one of them is gone.
#
#   tests/ban/test_follow.sh [--build DIR] [--ropp FILE] [CASES...]
#
# --build is where the programs of the tests were built, and ropp too unless --ropp names another. CASES are some of those at
# the end of this file, in their order. All of it goes on in a network namespace made for it, which needs root; without one
# nftables and ipset are left out. The last line is `N passed, N failed`.
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

build=. ropp='' wanted=()
while (($# > 0)); do
    case $1 in
    --build | --ropp)
        (($# > 1)) || die "no value: $1: give one"
        [[ $1 == --ropp ]] || build=$2
        [[ $1 == --build ]] || ropp=$2
        shift
        ;;
    -*) die "unknown option: $1: give --build DIR or --ropp FILE" ;;
    *) wanted+=("$1") ;;
    esac
    shift
done
build=$(realpath "$build")
ropp=$(realpath "${ropp:-$build/ropp}")
for program in "$ropp" "$build/tests/ban/knock" "$build/tests/ban/datagrams"; do
    [[ -x $program ]] || die "no such program: $program: build it with make"
done
PATH=$PATH:/usr/sbin:/sbin
for program in haproxy nginx curl jq; do
    command -v "$program" >/dev/null || die "not found: $program: apt-get install $program"
done

clean_begin follow
dir=$clean_folder
export HOME=$dir TZ=UTC LC_ALL=C
unset ROPP_PASSWORD NOTIFY_SOCKET WATCHDOG_USEC
cd "$dir"

# ---- where it goes on ----

namespace=''
enter=()
has_kernel=no

namespace_end() {
    local status=$?
    # Whoever is inside first.
    ((${#clean_pids[@]} == 0)) || for pid in "${clean_pids[@]}"; do clean_stop "$pid"; done
    [[ -z $namespace ]] || ip netns del "$namespace" || true
    (exit "$status") # clean_end takes it from there
    clean_end
}

namespace_begin() {
    ((EUID == 0)) || return 1
    namespace=ropp-follow-$$
    ip netns add "$namespace" 2>"$dir/netns" || {
        namespace=''
        return 1
    }
    enter=(ip netns exec "$namespace")
    inside ip link set lo up
    command -v nft >/dev/null && command -v ipset >/dev/null &&
        inside nft 'add table inet probe; add set inet probe s { type ipv6_addr; flags interval; }; delete table inet probe' \
            2>"$dir/kernel" &&
        inside ipset create probe hash:net family inet6 2>"$dir/kernel" && inside ipset destroy probe
}

inside() {
    "${enter[@]}" "$@"
}

# start VARIABLE LOG COMMAND...: in the background, inside; the variable gets its process id.
start() {
    local -n start_pid=$1
    local log=$2
    shift 2
    "${enter[@]}" "$@" >>"$log" 2>&1 </dev/null &
    # shellcheck disable=SC2034 # the caller's
    start_pid=$!
    clean_own $!
}

# ---- what is found ----

passed=0 failed=0 case_good=yes

complain() { # WHAT
    printf '      %s\n' "$1"
    case_good=no
}

# soon SECONDS WHAT COMMAND...: it must become so.
soon() {
    local seconds=$1 what=$2
    shift 2
    wait_for "$seconds" "$@" || complain "not within $seconds s: $what"
}

# hold SECONDS WHAT COMMAND...: it must stay so.
hold() {
    local seconds=$1 what=$2
    shift 2
    if wait_for "$seconds" broken "$@"; then complain "not for $seconds s: $what"; fi
}

broken() { # COMMAND...
    ! "$@"
}

must() { # WHAT COMMAND...
    local what=$1
    shift
    "$@" || complain "not so: $what"
}

# ---- the database ----

sql() {
    db_sql follow "$1"
}

ban() { # PREFIX [EXPIRES]
    sql "INSERT INTO proxy_ban (prefix, expires) VALUES ('$1', ${2-NULL})"
}

unban() { # PREFIX
    sql "DELETE FROM proxy_ban WHERE prefix = '$1'"
}

ropp_with_database() {
    "$ropp" "$@" --defaults-file "$dir/ropp.cnf"
}

# ---- the edges ----

# Two HAProxys: by a socket, whose file has one entry of its own, and by a port; the second has a door without a list, behind
# which the kernel's are.
one_pid='' two_pid='' one_door='' two_door='' open_door='' two_admin='' nginx_pid='' nginx_door=''

haproxy_config() { # DOOR STATS LIST [OPEN-DOOR]
    cat <<END
global
    stats socket $2 level admin
    nbthread 1
defaults
    mode http
    timeout connect 5s
    timeout client 10s
    timeout server 10s
frontend door
    bind 127.0.0.1:$1
    tcp-request connection reject if { src -f $3 }
    http-request return content-type text/plain string let-in
END
    [[ -z ${4-} ]] || printf 'frontend open\n    bind 127.0.0.1:%s\n    http-request return content-type text/plain string let-in\n' "$4"
}

door_opens() { # PORT
    [[ -n $(inside ss -Hltn "sport = :$1") ]]
}

one_start() {
    start one_pid one.log haproxy -db -f "$dir/one.cfg"
    wait_for 10 door_opens "$one_door" || die "HAProxy does not start: $dir/one.log"
}

two_start() {
    start two_pid two.log haproxy -db -f "$dir/two.cfg"
    wait_for 10 door_opens "$two_door" || die "HAProxy does not start: $dir/two.log"
}

nginx_start() {
    printf 'default 0;\n' >nginx.acl
    cat >nginx.conf <<END
daemon off;
master_process on;
worker_processes 1;
pid $dir/nginx.pid;
events { }
http {
    access_log off;
    client_body_temp_path $dir/body;
    proxy_temp_path $dir/proxy;
    fastcgi_temp_path $dir/fastcgi;
    uwsgi_temp_path $dir/uwsgi;
    scgi_temp_path $dir/scgi;
    geo \$banned { include $dir/nginx.acl; }
    server {
        listen 127.0.0.1:$nginx_door;
        if (\$banned) { return 444; }
        location / { return 200 let-in; }
    }
}
END
    start nginx_pid nginx.log nginx -p "$dir" -e "$dir/nginx.error" -c "$dir/nginx.conf"
    wait_for 10 door_opens "$nginx_door" || die "nginx does not start: $dir/nginx.error"
}

# What makes nginx read its file: counted, and failing while there is a file `broken`.
write_reload() {
    cat >reload <<END
#!/bin/sh
echo run >>$dir/runs
find -L /proc/self/fd -maxdepth 1 -type s 2>/dev/null | wc -l >$dir/sockets
if [ -e $dir/broken ]; then echo 'the reload is broken'; exit 3; fi
if [ -e $dir/meddle-file ]; then
    echo 'default 0;' >$dir/nginx.acl
    rm $dir/meddle-file
fi
kill -HUP $nginx_pid
END
    chmod 755 reload
}

# An ipset for `ropp ban follow` that takes a member out again as soon as all is put in, once while there is a file
# `meddle-ipset`.
write_meddler() {
    mkdir meddler
    cat >meddler/ipset <<END
#!/bin/sh
$(PATH=$PATH:/usr/sbin:/sbin command -v ipset || echo ipset) "\$@" || exit
if [ "\$1" = restore ] && [ -e $dir/meddle-ipset ]; then
    ipset del ropp_banned4 127.9.0.1
    rm $dir/meddle-ipset
fi
END
    chmod 755 meddler/ipset
}

# What a program that is started here gets of sockets.
sockets_here() {
    find -L /proc/self/fd -maxdepth 1 -type s 2>/dev/null | wc -l
}

runs() {
    if [[ -e runs ]]; then wc -l <runs; else echo 0; fi
}

edges_start() {
    local port
    for port in one_door two_door open_door two_admin nginx_door; do
        free_port "$port"
    done
    echo 127.99.0.1 >one.acl
    : >two.acl
    haproxy_config "$one_door" "$dir/one.sock" "$dir/one.acl" >one.cfg
    haproxy_config "$two_door" "ipv4@127.0.0.1:$two_admin" "$dir/two.acl" "$open_door" >two.cfg
    one_start
    two_start
    nginx_start
    write_reload
    write_meddler
}

# The rule is the owner's; the sets come from `ropp ban follow`.
nft_rule() {
    inside nft "add chain inet ropp banned { type filter hook input priority -10; }
        add rule inet ropp banned tcp dport $open_door ip saddr @banned4 reject with tcp reset" >nft.log 2>&1 ||
        complain "no rule can be made: $(head -n 1 nft.log)"
}

door_of() { # EDGE
    case $1 in
    one) echo "$one_door" ;;
    two) echo "$two_door" ;;
    nginx) echo "$nginx_door" ;;
    nft) echo "$open_door" ;;
    esac
}

edges=(one two nginx)
kernel_edges=()

# lets_in EDGE ADDRESS: whether the address is let in. An answer that is neither yes nor no ends the test.
lets_in() {
    local status=0
    if [[ $1 == ipset ]]; then
        if inside ipset test ropp_banned4 "$2" 2>/dev/null; then return 1; fi
        return 0
    fi
    inside curl --silent --max-time 5 --interface "$2" "http://127.0.0.1:$(door_of "$1")/" >answer || status=$?
    case $status:$(<answer) in
    0:let-in) return 0 ;;
    7: | 52: | 55: | 56:) return 1 ;;
    *) die "no answer that says anything: edge $1: curl ends with $status: $(<answer)" ;;
    esac
}

refuses() { # EDGE ADDRESS
    ! lets_in "$@"
}

everywhere() { # lets_in|refuses ADDRESS
    local edge
    for edge in "${edges[@]}"; do
        "$1" "$edge" "$2" || return 1
    done
}

# ---- the program itself ----

follow_pid=''
follow_start() { # OPTION...
    start follow_pid follow.log env PATH="$dir/meddler:$PATH" NOTIFY_SOCKET="$dir/notify" WATCHDOG_USEC=2000000 \
        "$ropp" ban follow --defaults-file "$dir/ropp.cnf" "$@"
}

follow_usual() {
    follow_start --haproxy "$dir/one.sock=$dir/one.acl" --config "$dir/follow.conf" "${kernel_edges[@]}"
}

write_config() {
    cat >follow.conf <<END
# The other targets.
haproxy = 127.0.0.1:$two_admin=$dir/two.acl

output = $dir/nginx.acl
format = nginx
run = $dir/reload
END
}

says() { # PATTERN [FROM]
    file_says follow.log "$1" "${2-0}"
}

notified() { # TEXT
    grep -qxF -- "$1" notified
}

edge_status() { # JQ-FILTER: is true of some edge
    ropp_with_database status --json >status.json 2>status.err || true
    jq -e "any(.edges[]; $1)" status.json >/dev/null 2>&1
}

edge_status_of() { # JQ-FILTER: is true of the list of edges
    ropp_with_database status --json >status.json 2>status.err || true
    jq -e ".edges | $1" status.json >/dev/null 2>&1
}

in_step() {
    ropp_with_database status --json >status.json 2>status.err || true
    jq -e '.edges | length > 0 and all(.bans_state == "current" and .trouble == "" and .late == false)' status.json \
        >/dev/null 2>&1
}

# ---- cases ----

case_begin() {
    ban 127.9.0.1
    follow_usual
    soon 15 'READY=1' notified READY=1
    soon 5 'banned everywhere' everywhere refuses 127.9.0.1 # nginx takes a moment to read its file
    must 'others are let in everywhere' everywhere lets_in 127.9.0.2
    soon 5 'what the file had is no longer in the list' lets_in one 127.99.0.1
    must "the command does not get the database's connection" [ "$(<sockets)" == "$(sockets_here)" ]
    must 'one reload' [ "$(runs)" == 1 ]
    must 'all of it is in the log by now' [ "$(grep -c ': 1 prefixes in force' follow.log)" == $((${#edges[@]} + ${#kernel_edges[@]})) ]
    soon 5 'WATCHDOG=1' notified WATCHDOG=1
    if [[ $has_kernel == yes ]]; then
        nft_rule
        edges+=(nft ipset)
        must 'banned by the kernel too' everywhere refuses 127.9.0.1
        must 'others are let in by the kernel too' everywhere lets_in 127.9.0.2
    fi
}

case_ban() {
    local before mark
    before=$(runs)
    mark=$(file_mark follow.log)
    ban 127.9.0.2
    soon 5 'a ban acts everywhere' everywhere refuses 127.9.0.2
    must 'and hits nobody else' everywhere lets_in 127.9.0.3
    ban 127.9.3.0/24
    sql "INSERT INTO proxy_ban (kind, prefix) VALUES ('allow', '127.9.3.7')"
    soon 5 'a ban with an allowance in it' everywhere refuses 127.9.3.6
    soon 5 'the allowance' everywhere lets_in 127.9.3.7
    unban 127.9.3.7/32
    soon 5 'the allowance is gone' everywhere refuses 127.9.3.7
    unban 127.9.3.0/24
    unban 127.9.0.2/32
    soon 5 'lifted everywhere' everywhere lets_in 127.9.0.2
    soon 5 'the other too' everywhere lets_in 127.9.3.6
    must 'still banned' everywhere refuses 127.9.0.1
    must 'a reload for each change at most' [ "$(runs)" -le $((before + 8)) ]
    must 'a reload for a change at least' [ "$(runs)" -ge $((before + 3)) ]
    must 'no target was out of step for it' broken says 'not in step' "$mark"
}

case_ipbanlist() {
    sql "INSERT INTO ipbanlist VALUES ('127.9.4.*', NOW(), NOW() + INTERVAL 1 DAY, 'by a panel'),
        ('127.9.5.*', NOW(), NOW() + INTERVAL 1 DAY, 'Password error ban')"
    soon 6 'a row of a panel acts' everywhere refuses 127.9.4.4
    must "the emulator's own does not" everywhere lets_in 127.9.5.5
    sql 'DELETE FROM ipbanlist'
    soon 6 'and is lifted' everywhere lets_in 127.9.4.4
}

case_expiry() {
    ban 127.9.0.3 'NOW() + INTERVAL 5 SECOND'
    soon 5 'a ban with an end acts' everywhere refuses 127.9.0.3
    soon 10 'and leaves every edge' everywhere lets_in 127.9.0.3
}

# What the servers have recorded as their own reasons holds while nobody can be asked.
case_reasons() {
    local mark
    sql "INSERT INTO proxy_status (server, host, port, login_only) VALUES ('login', 'test', 1, '[\"too many failures\"]');
        INSERT INTO ipbanlist VALUES ('127.9.6.*', NOW(), NOW() + INTERVAL 1 DAY, 'too many failures'),
            ('127.9.7.*', NOW(), NOW() + INTERVAL 1 DAY, 'Password error ban')"
    soon 15 'a reason that is not theirs acts' refuses one 127.9.7.7
    soon 5 'theirs does not' everywhere lets_in 127.9.6.6 # the others take a moment longer
    mark=$(file_mark follow.log)
    sql 'RENAME TABLE proxy_status TO proxy_status_away'
    soon 15 'it is seen that it is away' says 'does not show what is in force' "$mark"
    # Longer than it takes until it is asked again.
    hold 13 'theirs does not, all the while' lets_in one 127.9.6.6
    sql "RENAME TABLE proxy_status_away TO proxy_status; DELETE FROM proxy_status WHERE server = 'login'; DELETE FROM ipbanlist"
    soon 15 'lifted' everywhere lets_in 127.9.7.7
}

# Three of four targets are as quick as ever while the fourth says nothing.
case_hangs() {
    local began edge
    freeze "$two_pid"
    began=$(now_ms)
    ban 127.9.0.4
    for edge in one nginx "${kernel_edges[@]#--}"; do
        soon 4 "a ban at $edge beside one that hangs" refuses "${edge/#nftables/nft}" 127.9.0.4
    done
    must 'within five seconds' [ $(($(now_ms) - began)) -lt 5000 ]
    soon 12 'it is seen to hang' edge_status '.bans_state == "stale" and (.trouble | contains("does not answer"))'
    ropp_with_database status >status.txt 2>&1 && complain 'ropp status finds nothing wrong'
    must 'the table says so' grep -q 'does not answer' status.txt
    kill -s CONT "$two_pid"
    soon 8 'brought up to date when it goes on' refuses two 127.9.0.4
    soon 8 'all are in step' in_step
    unban 127.9.0.4/32
    soon 5 'lifted' everywhere lets_in 127.9.0.4
}

# The new process has what its file says, and nothing else.
case_killed() {
    local mark
    mark=$(file_mark follow.log)
    kill -s KILL "$one_pid"
    wait "$one_pid" 2>/dev/null || true
    clean_forget "$one_pid"
    soon 6 'it is seen to be away' says "not in step: haproxy $dir/one.sock" "$mark"
    soon 8 'status says so' edge_status '.trouble | contains("refused")'
    one_start
    soon 5 'it has the list again' refuses one 127.9.0.1
    soon 5 'and nothing else' lets_in one 127.99.0.1
    soon 8 'status says so' edge_status '(.target | contains("one.sock")) and .bans_state == "current" and .trouble == ""'
}

case_reloaded() {
    [[ $has_kernel == yes ]] || return 0
    inside nft flush ruleset
    soon 6 'the sets are there again' inside nft get element inet ropp banned4 '{ 127.9.0.1 }' >/dev/null 2>&1
    nft_rule
    inside ipset destroy ropp_banned4 || complain 'ipset has no such set'
    soon 6 'the set is there again' refuses ipset 127.9.0.1
    inside ipset del ropp_banned4 127.9.0.1 || complain 'ipset does not have it'
    soon 6 'what was taken out is there again' refuses ipset 127.9.0.1
    echo 'default 0;' >nginx.acl
    soon 6 'the file is whole again' grep -qF '127.9.0.1/32 1;' nginx.acl
    soon 6 'and read' refuses nginx 127.9.0.1
}

# Somebody changes what an edge has in the very moment it is brought up to date. Not before the case `database`: MariaDB, killed, would
# take the last second back.
case_meddled() {
    : >meddle-file
    if [[ $has_kernel == yes ]]; then : >meddle-ipset; fi
    ban 127.9.0.8
    soon 5 'somebody has meddled with all' unmeddled
    soon 8 'what was taken away is there again' everywhere refuses 127.9.0.1
    soon 5 'the new ban acts' everywhere refuses 127.9.0.8
    unban 127.9.0.8/32
    soon 6 'lifted' everywhere lets_in 127.9.0.8
}

unmeddled() {
    [[ ! -e meddle-file && ! -e meddle-ipset ]]
}

case_database() {
    local before mark connection
    before=$(runs)
    mark=$(file_mark follow.log)
    db_end KILL
    soon 10 'it is seen to be away' says 'what is in force stays in force' "$mark"
    must 'nothing is taken away' everywhere refuses 127.9.0.1
    db_launch
    soon 15 'it is found again' says 'the database answers again' "$mark"
    ban 127.9.0.5
    soon 6 'a new ban acts' everywhere refuses 127.9.0.5
    must 'still banned' everywhere refuses 127.9.0.1
    must 'one reload, for the new ban' [ "$(runs)" == $((before + 1)) ]
    # Cut off by a database that is there all the while.
    mark=$(file_mark follow.log)
    for connection in $(sql "SELECT id FROM information_schema.PROCESSLIST WHERE db = 'follow' AND id <> CONNECTION_ID()"); do
        sql "KILL $connection"
    done
    soon 10 'it is seen to be cut off' says 'what is in force stays in force' "$mark"
    soon 15 'it connects again' says 'the database answers again' "$mark"
    # A dump that is being restored: the table is there and nothing is in it yet.
    mark=$(file_mark follow.log)
    sql 'CREATE TABLE kept AS SELECT * FROM proxy_ban; TRUNCATE proxy_ban'
    soon 8 'it is seen to be empty' says 'has no entry of the list manual any more' "$mark"
    must 'and nothing is taken away' everywhere refuses 127.9.0.1
    sql 'INSERT INTO proxy_ban SELECT * FROM kept WHERE expires IS NULL; DROP TABLE kept'
    unban 127.9.0.5/32
    soon 10 'it follows on' everywhere lets_in 127.9.0.5
}

# A command that fails is run again, and the file is not written again for it.
case_command() {
    local written mark
    mark=$(file_mark follow.log)
    : >broken
    ban 127.9.0.6
    soon 5 'the failure is reported' says 'the command fails: .*the reload is broken' "$mark"
    soon 5 'the others are up to date' refuses one 127.9.0.6
    written=$(stat -c %Y.%i nginx.acl)
    soon 6 'status says so' edge_status '.trouble | contains("the command fails")'
    rm broken
    soon 20 'it is run again' refuses nginx 127.9.0.6
    must 'the file was written once' [ "$(stat -c %Y.%i nginx.acl)" == "$written" ]
    unban 127.9.0.6/32
    soon 6 'lifted' everywhere lets_in 127.9.0.6
}

# Whoever is banned tries all the time, while all lists are replaced.
case_gapless() {
    local edge pids=() before mark i
    sql "SET @ropp_bulk = 1; START TRANSACTION;
        INSERT INTO proxy_ban (prefix, source) SELECT CONCAT('10.', seq >> 7 & 255, '.', (seq & 127) << 1, '.1'), 'long'
            FROM seq_0_to_9999;
        INSERT INTO proxy_source (name, version) VALUES ('long', 1); COMMIT"
    soon 15 'a long list is in force' edge_status '(.target | contains("one.sock")) and .entries == 10001'
    soon 15 'everywhere' in_step
    for edge in one two ${kernel_edges[0]+nft}; do
        "${enter[@]}" "$build/tests/ban/knock" 127.9.0.1 "$(door_of "$edge")" >"knock.$edge" &
        pids+=($!)
        clean_own $!
    done
    for ((i = 0; i < 2; i++)); do
        before=$(runs)
        mark=$(file_mark follow.log)
        kill -s HUP "$follow_pid"
        soon 20 'HAProxy has it again' says "^haproxy $dir/one.sock.*: 10001 prefixes in force" "$mark"
        soon 20 'so has the other' says "^haproxy 127.*: 10001 prefixes in force" "$mark"
        soon 20 'nginx has it again' [ "$(runs)" -gt "$before" ]
        [[ $has_kernel == no ]] || soon 20 'nftables has it again' says '^nftables: 10001 prefixes in force' "$mark"
    done
    # One of the two sets is gone: the other one is not to be empty while it is made.
    for ((i = 0; i < 3 && ${#kernel_edges[@]} > 0; i++)); do
        mark=$(file_mark follow.log)
        inside nft delete set inet ropp banned6
        soon 10 'the other set is there again' says '^nftables: 10001 prefixes in force' "$mark"
    done
    for pid in "${pids[@]}"; do
        kill -s TERM "$pid"
        wait "$pid" 2>/dev/null || true
        clean_forget "$pid"
    done
    for edge in one two ${kernel_edges[0]+nft}; do
        must "nobody was let in at $edge: $(<"knock.$edge")" grep -Eq '^[0-9]{3,} tried, 0 let in$' "knock.$edge"
    done
    sql "SET @ropp_bulk = 1; START TRANSACTION; DELETE FROM proxy_ban WHERE source = 'long';
        UPDATE proxy_source SET version = version + 1 WHERE name = 'long'; COMMIT"
    soon 15 'the list is gone again' edge_status '(.target | contains("one.sock")) and .entries == 1'
}

case_status() {
    soon 8 'all are in step' in_step
    ropp_with_database status >status.txt 2>&1 || complain "ropp status finds something wrong: $(<status.txt)"
    must 'the table has them' grep -Eq "^haproxy 127.0.0.1:$two_admin=.* current " status.txt
    ropp_with_database status --prometheus >metrics
    must 'metrics have them' grep -Eq "^ropp_snapshot_entries\{server=\"edge\",host=\"[^\"]*\",target=\"file $dir/nginx.acl\"\} 1\$" metrics
    must 'and their state' grep -Eq '^ropp_bans_state\{server="edge",.*,state="current"\} 1$' metrics
    must 'but no counters' [ -z "$(grep 'ropp_connections_accepted_total.*edge' metrics)" ]
    must 'the manager knows' grep -q "^STATUS=1 prefixes, [35] of [35] targets in step$" notified
}

case_end() {
    kill -s TERM "$follow_pid"
    soon 5 'it ends' process_gone "$follow_pid"
    wait "$follow_pid" || complain "it ends with $?"
    clean_forget "$follow_pid"
    must 'it says so' notified STOPPING=1
    must 'and that it was ready only once' [ "$(grep -cxF READY=1 notified)" == 1 ]
    must 'what is in force stays' everywhere refuses 127.9.0.1
}

has_run() { # TIMES
    [ "$(runs)" == "$1" ]
}

# Whether the command was run for the file that is there, nobody knows: the one who wrote it may have been killed before.
case_restart() {
    local before
    before=$(runs)
    follow_usual
    soon 10 'the command is run for a file that stays as it is' has_run $((before + 1))
    soon 8 'all are in step' in_step
    hold 3 'once' has_run $((before + 1))
    kill -s TERM "$follow_pid"
    soon 5 'it ends' process_gone "$follow_pid"
    clean_forget "$follow_pid"
}

# At the start, an empty database is not believed.
case_empty() {
    local mark
    unban 127.9.0.1/32
    : >notified
    mark=$(file_mark follow.log)
    follow_usual
    soon 10 'it is seen to be empty' says 'not a single ban' "$mark"
    soon 5 'READY=1 all the same' notified READY=1
    must 'nothing is taken away' everywhere refuses 127.9.0.1
    ban 127.9.0.7
    soon 8 'the first ban acts' everywhere refuses 127.9.0.7
    soon 5 'and what was there before goes' everywhere lets_in 127.9.0.1
    kill -s INT "$follow_pid"
    soon 5 'it ends' process_gone "$follow_pid"
    clean_forget "$follow_pid"
    follow_start --haproxy "$dir/one.sock=$dir/one.acl" --force
    unban 127.9.0.7/32
    soon 8 'lifted, to the last one' lets_in one 127.9.0.7
    clean_stop "$follow_pid"
}

# Two targets whose names make the same number, by which their rows are told apart.
case_rows() {
    follow_start --output c29 --format plain --output c194 --format plain --force
    soon 8 'the one is shown' edge_status '.target == "file c29"'
    soon 8 'and the other' edge_status '.target == "file c194"'
    must 'and both at once' edge_status_of 'map(.target) | contains(["file c29", "file c194"])'
    clean_stop "$follow_pid"
}

# Whichever statement is the one that the database refuses, what is said is what it says.
case_limited() {
    local most mark
    sql "CREATE USER limited@localhost; GRANT ALL ON follow.* TO limited@localhost"
    for most in {2..9}; do
        sql "ALTER USER limited@localhost WITH MAX_QUERIES_PER_HOUR $most; FLUSH USER_RESOURCES"
        mark=$(file_mark follow.log)
        follow_start --user limited --output "$dir/limited.acl" --format plain
        soon 10 "it is refused after $most statements" says "exceeded the 'max_queries_per_hour' resource.* it is tried again" "$mark"
        process_gone "$follow_pid" && complain "it ends after $most statements"
        clean_stop "$follow_pid"
    done
    sql 'DROP USER limited@localhost'
}

# Every unit, as systemd reads it, with this ropp.
case_units() {
    local unit
    command -v systemd-analyze >/dev/null || {
        complain 'not found: systemd-analyze: apt-get install systemd'
        return
    }
    mkdir -p units/bin
    cp "$ropp" units/bin/ropp
    for unit in "$build"/systemd/*.service "$build"/systemd/*.timer; do
        sed "s|^ExecStart=[^ ]*/ropp |ExecStart=$dir/units/bin/ropp |" "$unit" >"units/${unit##*/}"
    done
    must 'the units were made' [ "$(grep -l "^ExecStart=$dir/units/bin/ropp " units/*.service | wc -l)" == 3 ]
    # A list comes from elsewhere, and what it is put into is memory.
    must 'what is fetched has a limit' grep -Eqx 'LimitFSIZE=[0-9]+M' units/ropp-import@.service
    (cd units && systemd-analyze verify --man=no ./*.service ./*.timer) >verified 2>&1 || true
    # Nothing of ours: other units of this machine are none of it.
    must "no complaint: $(grep 'ropp' verified)" [ -z "$(grep 'ropp' verified)" ]
}

# ---- all of it ----

db_start "$dir/db"
db_sql '' 'CREATE DATABASE follow'
db_load follow "$top/sql/install.sql"
sql "CREATE TABLE ipbanlist (list VARCHAR(15) NOT NULL, btime DATETIME NOT NULL, rtime DATETIME NOT NULL,
    reason VARCHAR(255) NOT NULL DEFAULT '', PRIMARY KEY (list, btime))"
printf '[ropp]\nsocket = %s\nuser = root\ndatabase = follow\n' "$db_socket" >ropp.cnf
trap namespace_end EXIT
if namespace_begin; then
    has_kernel=yes
    kernel_edges=(--nftables --ipset)
else
    printf '  skip  nftables and ipset: this machine has no network namespaces for it, or no such kernel\n'
fi
edges_start
write_config
touch notified
clean_group "$build/tests/ban/datagrams" "$dir/notify" >>notified
cases=(begin ban ipbanlist reasons expiry hangs killed reloaded database command gapless status meddled end restart empty rows limited units)
for name in "${cases[@]}"; do
    [[ ${#wanted[@]} == 0 || $name == begin || " ${wanted[*]} " == *" $name "* ]] || continue
    case_good=yes began=$(now_ms)
    "case_$name"
    if [[ $case_good == yes ]]; then
        passed=$((passed + 1))
        printf '  %spass%s  %s (%s)\n' "$say_green" "$say_plain" "$name" "$(say_seconds $(($(now_ms) - began)))"
    else
        failed=$((failed + 1))
        printf '  %sFAIL%s  %s (%s)\n' "$say_red" "$say_plain" "$name" "$(say_seconds $(($(now_ms) - began)))"
        say_log follow.log
    fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
