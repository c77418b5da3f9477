# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# `ropp status`. Sourced by tests/ban/test_cli.sh.

start 'status: nobody'
sql 'DELETE FROM proxy_status'
run 1 status
has out 'no server has written its status yet'
run 1 status --json
json '. == {"processes": []}'
run 0 status --prometheus

start 'status: all are there'
sql "INSERT INTO proxy_status VALUES
    ('map', 'one', 5121, 3, '0.1.0', NOW() - INTERVAL 3 HOUR, NOW(), 'strict', NOW() - INTERVAL 2 MINUTE, 1000000, 31457280,
        'current', 7, 100, 90, 40, 30, 2, '{\"banned\": 30, \"header-timeout\": 10}'),
    ('login', 'one', 6900, 1, '0.1.0', NOW(), NOW(), 'on', NULL, 0, 0, 'loading', 0, 1, 0, 0, 0, 0, '{}'),
    ('char', 'tw\"o\\\\', 6121, 2, '0.1.0', NOW(), NOW() - INTERVAL 5 SECOND, 'off', NULL, 0, 0, 'off', 0, 0, 0, 0, 0, 0, '{}')"
run 0 status
[[ $(awk 'NR > 1 { print $1 }' out | tr '\n' ' ') == 'login char map ' ]] || complain "the order is wrong: $(cat out)"
has out one:5121
has out '3 h 0 min'
has out '30 MiB'
has out 1000000
has_no out LATE

start 'status --json'
run 0 status --json
json '[.processes[].server] == ["login", "char", "map"]'
json '.processes[2] | .host == "one" and .port == 5121 and .pid == 3 and .version == "0.1.0" and .mode == "strict"
    and .heartbeat_age_s <= 10 and .late == false and .bans_state == "current" and .snapshot_age_s >= 120
    and .snapshot_entries == 1000000 and .snapshot_bytes == 31457280 and .journal_dropped == 7 and .accepted == 100
    and .proxied == 90 and .refused == 40 and .banned == 30 and .kicked == 2
    and .reasons == {"banned": 30, "header-timeout": 10} and (.started | fromdate) < now'
json '.processes[0].snapshot_age_s == null and .processes[1].host == "tw\"o\\"'

start 'status: one is late'
sql "UPDATE proxy_status SET heartbeat = NOW() - INTERVAL 42 SECOND WHERE server = 'map'"
run 1 status
has out ', LATE'
run 1 status --json
json '.processes[2].late and .processes[2].heartbeat_age_s >= 42'

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
# Each metric is announced once, before all of its samples; every line is a comment or a sample.
awk '
    /^# HELP [a-z_]+ ./ { help[$3]++; next }
    /^# TYPE [a-z_]+ (gauge|counter)$/ { if (!help[$3] || type[$3]++) exit 1; now = $3; kind = $4; next }
    /^[a-z_]+\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\} [0-9]+$/ {
        split($0, part, "{")
        if (part[1] != now || (kind == "counter") != (now ~ /_total$/)) exit 1
        next
    }
    { exit 1 }' out || complain "this is not Prometheus' format: $(cat out)"
if command -v promtool >/dev/null; then
    promtool check metrics <out >promtool.out 2>&1 || complain "promtool: $(cat promtool.out)"
fi

start 'status: two forms'
run 2 status --prometheus --json
is_error 'two forms: --prometheus and --json'
run 2 status --prometheus --watch
is_error 'two forms: --prometheus and --watch'
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
sql 'DELETE FROM proxy_status'
