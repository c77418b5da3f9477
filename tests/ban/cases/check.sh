# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# `ropp ban check`. Sourced by tests/ban/test_cli.sh.

start 'check: the longest prefix decides'
empty
run 0 ban add 203.0.112.0/20 --reason wide
run 0 ban add 203.0.113.0/24 --allow --reason ours
run 0 ban add 203.0.113.7 --reason bot --author alice
run 1 ban check 203.0.113.7
has out '203.0.113.7: banned for ever: bot'
has out 'ban 203.0.113.7/32 of the list manual'
has out 'by alice'
has out 'why: the longest prefix in force'
has out 'also around it:'
run 0 ban check 203.0.113.8
has out '203.0.113.8: allowed for ever: ours'
run 1 ban check 203.0.112.1
has out 'why: it is the only entry in force that contains the address'
has_no out 'also around it'
run 0 ban check 203.0.128.1
has out '203.0.128.1: not listed'
run 1 ban check ::ffff:203.0.113.7
has out '203.0.113.7: banned'

start 'check: of equal prefixes'
empty
sql "INSERT INTO proxy_ban (prefix, kind, reason, expires) VALUES ('192.0.2.0/24', 'ban', 'short', NOW() + INTERVAL 1 HOUR),
    ('192.0.2.0/24', 'ban', 'long', NULL)"
run 1 ban check 192.0.2.1
has out 'banned for ever: long'
has out 'of equal prefixes the one that stays longest decides'
run 0 ban add 192.0.2.0/24 --allow
run 0 ban check 192.0.2.1
has out 'of equal prefixes the allowance decides'

start 'check: what has ended decides nothing'
empty
run 0 ban add 192.0.2.0/24
sql "INSERT INTO proxy_ban (prefix, kind, expires) VALUES ('192.0.2.1', 'allow', NOW() + INTERVAL 1 HOUR)"
run 0 ban check 192.0.2.1
# Two hours ago that would have been a moment to come.
sql "SET timestamp = UNIX_TIMESTAMP() - 7200; UPDATE proxy_ban SET expires = NOW() + INTERVAL 1 HOUR WHERE prefix = '192.0.2.1/32'"
run 1 ban check 192.0.2.1
has out 'which is past'

start 'check: every length of a prefix is found'
empty
echo 'SET @ropp_wide = 1;' >all.sql
for ((i = 0; i <= 32; i++)); do
    a=$((0xffffffff << (32 - i) & 0xffffffff))
    printf "INSERT INTO proxy_ban (prefix, reason) VALUES ('%d.%d.%d.%d/%d', 'of %d');\n" \
        $((a >> 24)) $((a >> 16 & 255)) $((a >> 8 & 255)) $((a & 255)) $i $i
done >>all.sql
db_load bans all.sql
for i in 32 31 25 24 23 16 8 1 0; do
    sql "DELETE FROM proxy_ban WHERE prefix_length > $i"
    run 1 ban check 255.255.255.255
    has out "ever: of $i"
done
empty
run 0 ban check 255.255.255.255
ones() { # LENGTH: an IPv6 prefix of ones alone
    local i bits text=''
    for ((i = 0; i < 8; i++)); do
        bits=$(($1 - 16 * i))
        bits=$((bits < 0 ? 0 : bits > 16 ? 16 : bits))
        text+=$(printf '%x:' $((0xffff << (16 - bits) & 0xffff)))
    done
    printf '%s/%d' "${text%:}" "$1"
}
echo 'SET @ropp_wide = 1;' >all.sql
for ((i = 0; i <= 128; i++)); do
    printf "INSERT INTO proxy_ban (prefix, reason) VALUES ('%s', 'of %d');\n" "$(ones $i)" $i
done >>all.sql
db_load bans all.sql
for i in 128 127 112 96 65 64 63 48 33 32 17 16 1 0; do
    sql "DELETE FROM proxy_ban WHERE prefix_length > $i"
    run 1 ban check ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
    has out "ever: of $i"
done

start 'check: an IPv6 player'
empty
run 0 ban add 2001:db8:1::1 --reason home
run 1 ban check 2001:db8:1::2
has out 'banned for ever: home'
has out 'stand-in in the emulator: '
run 0 ban check 2001:db8:2::1 --json
standin=$(jq -r .standin out)
[[ $standin == 2[45]*.*.*.* ]] || complain "the stand-in is $standin"
sql "SET @ropp_wide = 1; INSERT INTO proxy_ban (prefix, reason) VALUES ('$standin', 'by its stand-in'), ('240.0.0.0/4', 'unroutable')"
run 1 ban check 2001:db8:2::7
has out 'by its stand-in'
run 0 ban check 2001:db8:3::1
run 0 ban add 2001:db8:2::/64 --allow
run 0 ban check 2001:db8:2::7
has out 'of equal prefixes the allowance decides'

start 'check: ipbanlist'
empty
sql "INSERT INTO ipbanlist VALUES ('198.51.100.*', NOW(), NOW() + INTERVAL 90 MINUTE, 'spam'),
    ('198.51.*.*', NOW(), NOW() - INTERVAL 1 HOUR, 'over'), ('198.*.100.*', NOW(), NOW() + INTERVAL 1 HOUR, 'no form'),
    ('192.0.2.7', NOW(), NOW() + INTERVAL 1 HOUR, 'one'), ('$standin', NOW(), NOW() + INTERVAL 1 HOUR, 'v6')"
run 1 ban check 198.51.100.9
has out 'min): spam'
has out '(1 h '
has out 'ban 198.51.100.0/24 of the list ipbanlist'
run 0 ban check 198.51.101.9
run 1 ban check 192.0.2.7 --json
json '.verdict == "banned" and .banned and .entry.source == "ipbanlist" and .entry.prefix == "192.0.2.7/32"'
run 1 ban check 2001:db8:2::9
has out ': v6'
run 0 ban add 192.0.2.7 --allow
run 0 ban check 192.0.2.7
has out 'ipbanlist'

start 'check: the allowance wins, and what the emulator wrote itself'
empty
sql "DELETE FROM ipbanlist; INSERT INTO ipbanlist VALUES ('198.51.100.9', NOW(), NOW() + INTERVAL 1 HOUR, 'spam'),
    ('203.0.113.*', NOW(), NOW() + INTERVAL 5 MINUTE, 'Password error ban'),
    ('203.0.114.*', NOW(), NOW() + INTERVAL 5 MINUTE, 'mala suerte')"
run 0 ban add 198.51.100.0/24 --allow
run 0 ban check 198.51.100.9
has out 'an allowance wins against all of ipbanlist'
run 1 ban check 203.0.113.7
has out '203.0.113.7: no new logins until'
has out 'char and map do not ask, and nobody is thrown out'
run 1 ban check 203.0.113.7 --json
json '.verdict == "no new logins" and .banned and .where == "login"'
sql "SET timestamp = UNIX_TIMESTAMP() - 7200; INSERT INTO proxy_ban (prefix, expires) VALUES ('203.0.113.7', NOW() + INTERVAL 1 HOUR)"
run 1 ban check 203.0.113.7
has out '203.0.113.7: no new logins until'
run 1 ban check 203.0.114.7 --json
json '.verdict == "banned" and .where == "everywhere"'
sql "INSERT INTO proxy_status (server, host, port, login_only) VALUES ('login', 'x', 6900, '[\"mala suerte\", \"x\"]')"
run 1 ban check 203.0.114.7
has out 'no new logins'
run 1 ban check 203.0.113.7
has out 'banned until'
run 0 ban export --format plain
has out 203.0.113.0/24
has_no out 203.0.114.0/24
sql "UPDATE proxy_status SET login_only = '[\"x\", \"mala %\"]'"
run 1 ban check 203.0.114.7
has out 'no new logins'
sql "UPDATE proxy_status SET login_only = '[\"mala s%\", \"mala\", \"suerte%\"]'; UPDATE ipbanlist SET reason = 'mala_s' WHERE reason = 'mala suerte'"
run 1 ban check 203.0.114.7
has out 'banned until'
sql "DELETE FROM proxy_status; DELETE FROM ipbanlist; INSERT INTO ipbanlist VALUES
    ('198.51.100.*', NOW(), NOW() + INTERVAL 90 MINUTE, 'spam')"
empty

start "check: ipbanlist's times are the server's"
mariadb_client -e "SET GLOBAL time_zone = '+05:00'"
sql "UPDATE ipbanlist SET rtime = NOW() + INTERVAL 90 MINUTE"
run 1 ban check 198.51.100.9
has out '(1 h '
sql "UPDATE ipbanlist SET rtime = NOW() - INTERVAL 1 SECOND"
run 0 ban check 198.51.100.9
mariadb_client -e "SET GLOBAL time_zone = 'SYSTEM'"

start 'check: ipbanlist by another name, and none'
# shellcheck disable=SC2016 # quotes of SQL
sql 'RENAME TABLE ipbanlist TO `block``ed`; UPDATE `block``ed` SET rtime = NOW() + INTERVAL 1 HOUR'
run 0 ban check 198.51.100.9
mkdir -p renamed/conf
cat >renamed/conf/inter_athena.conf <<END
ipban_db_port: $db_port
ipban_db_id: $db_user
ipban_db_pw: $db_password
ipban_db_db: bans
ipban_table: block\`ed
END
plain 1 ban check 198.51.100.9 --tree renamed
# shellcheck disable=SC2016 # quotes of SQL
sql 'RENAME TABLE `block``ed` TO ipbanlist; DELETE FROM ipbanlist'

start 'check --json'
empty
run 0 ban add 192.0.2.0/24 --reason r
run 0 ban add 192.0.2.1 --allow
run 0 ban check 192.0.2.1 --json
json '.address == "192.0.2.1" and .standin == null and .verdict == "allowed" and .banned == false
    and .entry.kind == "allow" and (.others | length) == 1 and .others[0].reason == "r" and (.why | length) > 0'
run 0 ban check 192.0.3.1 --json
json '.verdict == "not listed" and .entry == null and .why == null and .others == []'

start 'check: what may not be'
for name in 192.0.2.0/24 host '' 2001:db8::1%eth0; do
    run 2 ban check "$name"
    is_error "no address: '$name'"
done
