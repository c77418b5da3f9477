# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# `ropp status`. Sourced by tests/ban/test_cli.sh.

start 'status: nobody'
sql 'DELETE FROM proxy_status'
run 1 status
[[ $(cat out) == 'no server has written its status yet' ]] || complain "there is more to say: $(cat out)"
run 1 status --json
json '. == {"processes": [], "edges": []}'
run 0 status --prometheus
has out 'ropp_database_up 1'

start 'status: all are there'
sql "INSERT INTO proxy_status VALUES
    ('map', 'one', 5121, 3, '0.1.0', NOW() - INTERVAL 3 HOUR, NOW(), 'strict', NOW() - INTERVAL 2 MINUTE, 1000000, 31457280,
        'current', 7, 100, 90, 40, 30, 2, '{\"banned\": 30, \"header-timeout\": 10}', '[]', '', '', ''),
    ('login', 'one', 6900, 1, '0.1.0', NOW(), NOW(), 'on', NULL, 0, 0, 'loading', 0, 1, 0, 0, 0, 0, '{}', '[]', '', '', ''),
    ('char', 'tw\"o\\\\', 6121, 2, '0.1.0', NOW(), NOW() - INTERVAL 5 SECOND, 'off', NULL, 0, 0, 'off', 0, 0, 0, 0, 0, 0, '{}', '[]', '', '', '')"
run 0 status
[[ $(awk 'NR > 1 { print $1 }' out | tr '\n' ' ') == 'login char map ' ]] || complain "the order is wrong: $(cat out)"
has out one:5121
has out '3 h 0 min'
has out '30 MiB'
has out 1000000
has_no out LATE
has_no out 'woven without'

start 'status: what a server was woven without'
sql "UPDATE proxy_status SET left_out = 'routes tickets' WHERE server = 'char'"
run 0 status
has out 'note: the char server at tw"o\ was woven without: routes tickets'
run 0 status --json
json '[.processes[].left_out] == ["", "routes tickets", ""]'
sql "UPDATE proxy_status SET left_out = CONCAT('routes', CHAR(27), '[2J') WHERE server = 'char'"
run 0 status
has out 'was woven without: routes?[2J'
sql "UPDATE proxy_status SET left_out = ''"

start 'status --json'
run 0 status --json
json '[.processes[].server] == ["login", "char", "map"]'
json '.processes[2] | .host == "one" and .port == 5121 and .pid == 3 and .version == "0.1.0" and .mode == "strict"
    and .heartbeat_age_s <= 10 and .late == false and .bans_state == "current" and .snapshot_age_s >= 120
    and .snapshot_entries == 1000000 and .snapshot_bytes == 31457280 and .connlog_dropped == 7 and .accepted == 100
    and .proxied == 90 and .refused == 40 and .banned == 30 and .kicked == 2
    and .reasons == {"banned": 30, "header-timeout": 10} and (.started | fromdate) < now'
json '.processes[0].snapshot_age_s == null and .processes[1].host == "tw\"o\\"'

start 'status: one is late'
sql "UPDATE proxy_status SET heartbeat = NOW() - INTERVAL 42 SECOND WHERE server = 'map'"
run 1 status
has out ', LATE'
run 1 status --json
json '.processes[2].late and .processes[2].heartbeat_age_s >= 42'

if command -v script >/dev/null; then
    start 'status: on a terminal'
    for columns in 80 200; do
        script -qec "stty cols $columns rows 24; '$ropp' status --defaults-file '$dir/ropp.cnf'" /dev/null </dev/null |
            tr -d '\r' >out || true
        ! grep -Eq ".{$((columns + 1))}" out || complain "wider than $columns columns: $(cat out)"
        has out UNLOGGED
        has out one:5121
    done
    [[ $(wc -l <out) == 4 ]] || complain "no single table at 200 columns: $(cat out)"
fi

start 'status --prometheus'
run 0 status --prometheus
has out 'ropp_up{server="map",host="one",port="5121"} 0'
has out 'ropp_up{server="login",host="one",port="6900"} 1'
has out 'ropp_up{server="char",host="tw\"o\\",port="6121"} 1'
has out 'ropp_connections_refused_total{server="map",host="one",port="5121",reason="header-timeout"} 10'
has out 'ropp_bans_state{server="map",host="one",port="5121",state="current"} 1'
has out 'ropp_bans_state{server="map",host="one",port="5121",state="stale"} 0'
has out 'ropp_info{server="map",host="one",port="5121",version="0.1.0",mode="strict"} 1'
has_no out 'ropp_snapshot_age_seconds{server="login"'
written=$(sed -n 's/^ropp_status_time_seconds //p' out)
((written <= $(date +%s) && written >= $(date +%s) - 20)) || complain "it says that it was written at $written"
has out 'ropp_database_up 1'
# Each metric is announced once, before all of its samples; every line is a comment or a sample.
is_prometheus() { # FILE
    awk '
        /^# HELP [a-z_]+ ./ { help[$3]++; next }
        /^# TYPE [a-z_]+ (gauge|counter)$/ { if (!help[$3] || type[$3]++) exit 1; now = $3; kind = $4; next }
        /^[a-z_]+(\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\})? [0-9]+$/ {
            split($0, part, /[{ ]/)
            if (part[1] != now || (kind == "counter") != (now ~ /_total$/)) exit 1
            samples++
            next
        }
        { exit 1 }
        END { if (!samples) exit 1 }' "$1" || complain "this is not Prometheus' format: $(cat "$1")"
    if command -v promtool >/dev/null; then
        promtool check metrics <"$1" >promtool.out 2>&1 || complain "promtool: $(cat promtool.out)"
    fi
}
is_prometheus out

start 'status --prometheus --output'
cp out printed
run 0 status --prometheus --output ropp.prom
[[ ! -s out ]] || complain "there is output beside the file: $(cat out)"
diff <(sed 's/ [0-9]*$//' printed) <(sed 's/ [0-9]*$//' ropp.prom) >diff.out || complain "the file is another: $(cat diff.out)"
is_prometheus ropp.prom
chmod 604 ropp.prom

start 'status --prometheus: the database is away'
for name in '--port 1' '--database blank' '--database absent'; do
    # shellcheck disable=SC2086 # two words
    run 0 status --prometheus $name
    has out 'ropp_database_up 0'
    has_no out ropp_up
    is_prometheus out
    [[ $(wc -l <err) == 1 && $(head -c 6 err) == 'ropp: ' ]] || complain "it says $(cat err)"
done
run 0 status --prometheus --port 1 --output ropp.prom
has ropp.prom 'ropp_database_up 0'
has_no ropp.prom ropp_up
has err 'cannot connect to MariaDB'
is_prometheus ropp.prom
[[ $(stat -c %a ropp.prom) == 604 && $(echo ropp.prom*) == ropp.prom ]] || complain "it is $(ls -l ropp.prom*)"
sql 'RENAME TABLE proxy_status TO status_away'
run 0 status --prometheus
has out 'ropp_database_up 0'
is_prometheus out
sql 'RENAME TABLE status_away TO proxy_status'
# Without metrics nothing is right about that.
run 2 status --port 1
run 2 status --json --port 1
# What cannot be written is said, whoever is there.
run 2 status --prometheus --output nowhere/ropp.prom
is_error 'cannot write: nowhere/ropp.prom'
run 2 status --prometheus --output nowhere/ropp.prom --port 1
has err 'cannot write: nowhere/ropp.prom'

start 'status: two forms'
run 2 status --prometheus --json
is_error 'two forms: --prometheus and --json'
run 2 status --prometheus --watch
is_error 'two forms: --prometheus and --watch'
run 2 status --output ropp.prom
is_error 'no metrics: --output ropp.prom: add --prometheus'
run 2 status --watch 0
is_error 'no such number: --watch 0'
run 2 status --watch=x
is_error 'no such number: --watch x'
run 2 status --watch=1 2
is_error "one word too many: '2'"

start 'status --watch'
"$ropp" status --watch 1 --json --defaults-file ropp.cnf >watch.out 2>&1 &
pid=$!
clean_own "$pid"
has_shown() {
    (($(wc -l <watch.out) >= 3))
}
wait_for 10 has_shown || complain "it shows nothing: $(cat watch.out)"
clean_stop "$pid"
jq -e '.processes | length == 3' watch.out >/dev/null || complain "this is not one object a line: $(cat watch.out)"

start 'status --watch: the database goes'
sql 'UPDATE proxy_status SET heartbeat = NOW()'
"$ropp" status --watch=1 --defaults-file ropp.cnf >watch.out 2>watch.err &
pid=$!
clean_own "$pid"
wait_for 10 file_says watch.out one:5121 || complain 'it shows nothing'
sql "KILL $(sql "SELECT id FROM information_schema.processlist WHERE user = '$db_user'")"
status=0
wait "$pid" || status=$?
clean_forget "$pid"
((status == 2)) || complain "it ends with $status"
grep -q '^ropp: MariaDB does not do it' watch.err || complain "it says $(cat watch.err)"
! grep -q $'\033' watch.out || complain 'it clears a screen that is a file'
sql 'DELETE FROM proxy_status'
