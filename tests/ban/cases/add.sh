# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# `ropp ban add` and `del`. Sourced by tests/ban/test_cli.sh.

in_force="SELECT CONCAT_WS(' ', kind, prefix, source, author, reason) FROM proxy_ban ORDER BY id"

start 'add'
empty
run 0 ban add 203.0.113.0/24 --reason bots --author alice
has out 'banned 203.0.113.0/24 for ever: bots'
has out "undo: $ropp ban del 203.0.113.0/24 --defaults-file $dir/ropp.cnf"
is "$in_force" 'ban 203.0.113.0/24 manual alice bots'
is 'SELECT expires FROM proxy_ban' NULL
is "SELECT CONCAT_WS(' ', action, prefix, author, user) FROM proxy_ban_history" \
    "add 203.0.113.0/24 alice $db_user@127.0.0.1"
[[ $(counter manual) == 1 ]] || complain "the counter is $(counter manual)"

start 'add: what may be written'
empty
run 0 ban add 192.0.2.7
has out 'banned 192.0.2.7/32'
run 0 ban add ::ffff:192.0.2.8
has out 'banned 192.0.2.8/32'
run 0 ban add 2001:DB8:0::7
has out 'banned 2001:db8::/64'
has out 'one IPv6 address is taken as its /64'
run 0 ban add 2001:db8::7/128
has out 'banned 2001:db8::7/128'
has_no out 'is taken as'
is 'SELECT GROUP_CONCAT(prefix ORDER BY id SEPARATOR " ") FROM proxy_ban' \
    '192.0.2.7/32 192.0.2.8/32 2001:db8::/64 2001:db8::7/128'

start 'add: what may not'
run 2 ban add 203.0.113.9/24
is_error 'bits are set behind the prefix: 203.0.113.9/24: write 203.0.113.0/24, or 203.0.113.9 for the one address'
run 2 ban add 2001:db8::1/32
is_error 'write 2001:db8::/32, or 2001:db8::1'
run 2 ban add ::ffff:192.0.2.1/120
is_error 'write 192.0.2.0/24, or ::ffff:192.0.2.1'
for name in 203.0.113 203.0.113.0/33 203.0.113.0/ 203.0.113.0/08 host 2001:db8::/129 '' 1.2.3.256; do
    run 2 ban add "$name"
    is_error "no prefix: '$name'"
done
for name in '203.0.113.* 203.0.113.0/24' '203.0.*.* 203.0.0.0/16'; do
    run 2 ban add "${name% *}"
    is_error "a pattern: '${name% *}': write ${name#* }"
    run 2 ban del "${name% *}"
    is_error "write ${name#* }"
done
run 2 ban add '203.*.113.*'
is_error "no prefix: '203.*.113.*'"
run 1 ban add 192.0.2.9 --source 'a b'
is_error 'a b'
run 2 ban add 192.0.2.9 --reason "$(printf '%0300d' 0)"
is_error 'MariaDB does not do it: bans on 127.0.0.1'
is "SELECT COUNT(*) FROM proxy_ban WHERE prefix LIKE '192.0.2.9%'" 0

start 'add: ends'
empty
run 0 ban add 192.0.2.1 --for 7d
has out '(7 d 0 h)'
run 0 ban add 192.0.2.2 --until '2037-01-02 03:04'
has out 'until 2037-01-02 03:04'
is 'SELECT UNIX_TIMESTAMP(expires) - UNIX_TIMESTAMP(created) BETWEEN 604700 AND 604800 FROM proxy_ban ORDER BY id LIMIT 1' 1
is 'SET time_zone = "+00:00"; SELECT expires FROM proxy_ban ORDER BY id DESC LIMIT 1' '2037-01-02 03:04:00'
TZ=UTC-2 run 0 ban add 192.0.2.3 --until '2037-01-02 03:04'
has out 'until 2037-01-02 03:04'
is 'SET time_zone = "+00:00"; SELECT expires FROM proxy_ban ORDER BY id DESC LIMIT 1' '2037-01-02 01:04:00'
run 0 ban add 192.0.2.3 --until '2037-01-02T03:04:00+02:00'
is 'SET time_zone = "+00:00"; SELECT expires FROM proxy_ban ORDER BY id DESC LIMIT 1' '2037-01-02 01:04:00'
run 0 ban add 192.0.2.3 --for 1.5h
has out '1 h '
run 0 ban add 192.0.2.3 --for 600 # as fail2ban writes it
is 'SELECT UNIX_TIMESTAMP(expires) - UNIX_TIMESTAMP() BETWEEN 590 AND 600 FROM proxy_ban ORDER BY id DESC LIMIT 1' 1
run 0 ban add 192.0.2.3 --for -1
has out 'banned 192.0.2.3/32 for ever'
for name in -2 -1h 0 00 1,5h; do
    run 2 ban add 192.0.2.4 --for "$name"
    is_error "no such time: --for '$name': write it as 30m, 12h, 7d or 2w"
done
run 2 ban add 192.0.2.4 --until '2037-01-02 03:04 CET'
is_error 'with Z or +02:00 behind it for another time zone'
run 2 ban add 192.0.2.4 --for soon
is_error "no such time: --for 'soon'"
run 2 ban add 192.0.2.4 --until '2020-01-01 00:00'
is_error "already past: --until '2020-01-01 00:00'"
run 2 ban add 192.0.2.4 --for 100w --until '2037-01-01'
is_error 'two ends'
run 2 ban add 192.0.2.4 --for 9000d
is_error 'too far away'
is 'SELECT COUNT(*) FROM proxy_ban' 3

start 'add: the same again changes it'
empty
run 0 ban add 192.0.2.0/25 --for 1h --reason first
run 0 ban add 192.0.2.0/25 --reason second --author bob
has out 'changed: banned 192.0.2.0/25 for ever: second'
has out 'before: until'
has out ': first'
run 0 ban add 192.0.2.0/25 --for 2h --author bob
is "$in_force" 'ban 192.0.2.0/25 manual bob second'
is 'SELECT UNIX_TIMESTAMP(expires) - UNIX_TIMESTAMP() BETWEEN 7100 AND 7200 FROM proxy_ban' 1
is 'SELECT GROUP_CONCAT(action, author ORDER BY id) FROM proxy_ban_history' 'addroot,changebob,changebob'

start 'add: of several that are the same the one that lasts is changed and the others go'
empty
sql "INSERT INTO proxy_ban (prefix, expires) VALUES ('192.0.2.1', NOW() + INTERVAL 1 HOUR),
    ('192.0.2.1', NULL), ('192.0.2.1', NOW() + INTERVAL 2 HOUR)"
run 0 ban add 192.0.2.1 --for 1m
is 'SELECT COUNT(*), MAX(expires) < NOW() + INTERVAL 2 MINUTE FROM proxy_ban' $'1\t1'

start 'add: one that has ended stays, and lists are apart'
empty
sql "INSERT INTO proxy_ban (prefix, expires) VALUES ('192.0.2.1', NOW() + INTERVAL 1 SECOND)"
wait_ended
run 0 ban add 192.0.2.1
has_no out changed
run 0 ban add 192.0.2.1 --source other
has_no out changed
has out "undo: $ropp ban del 192.0.2.1/32 --source other"
is 'SELECT COUNT(*) FROM proxy_ban' 3

start 'add: an allowance'
empty
run 0 ban add 192.0.2.0/24
run 0 ban add 192.0.2.0/24 --allow
has out 'let in 192.0.2.0/24 for ever'
run 0 ban add 192.0.2.0/24 --reason again
has out 'an allowance of the same prefix is stronger'
is "$in_force" "$(printf 'ban 192.0.2.0/24 manual root again\nallow 192.0.2.0/24 manual root ')"

start 'add: what would hit its owner'
empty
run 1 ban add 0.0.0.0/0
is_error 'very wide: 0.0.0.0/0: shorter than /8'
run 1 ban add ::/0
is_error 'shorter than /16'
run 1 ban add 2000::/15
is_error 'very wide'
for name in 127.0.0.1 10.1.2.0/24 192.168.0.0/16 172.16.0.0/12 172.0.0.0/8 100.64.0.1 169.254.1.1 fe80::1 fd00::/16 ::1; do
    run 1 ban add "$name"
    is_error 'private or reserved'
    run 0 ban add "$name" --allow
done
is "SELECT COUNT(*) FROM proxy_ban WHERE kind = 'ban'" 0
run 1 ban add 172.0.0.0/8
is_error 'may be in 172.16.0.0/12'
run 0 ban add 0.0.0.0/0 --force
run 0 ban add 127.0.0.1 --force
run 0 ban add 243.1.2.3 # the stand-in of an IPv6 player
is "SELECT COUNT(*) FROM proxy_ban WHERE kind = 'ban'" 3

start 'add: one of the servers'
sql "INSERT INTO proxy_status (server, host, port) VALUES ('map', '198.51.100.5', 5121),
    ('char', '198.51.100.5', 6121), ('login', '2001:db8:5::1', 6900), ('map', 'no-such-host.invalid', 5121)"
run 1 ban add 198.51.100.0/24
is_error 'one of your servers: 198.51.100.0/24: contains char,map (198.51.100.5, 198.51.100.5)'
run 1 ban add 2001:db8:5::2
is_error 'contains login (2001:db8:5::1'
run 0 ban add 198.51.100.0/24 --force
run 0 ban add 198.51.100.5 --allow
run 0 ban add 198.51.101.0/24
sql 'DELETE FROM proxy_status'

start 'add --json'
empty
run 0 ban add 2001:db8::1 --json --for 1h --reason $'"\t\\'
json '.result == "added" and .entry.prefix == "2001:db8::/64" and .entry.kind == "ban"
    and .entry.reason == "\"\t\\" and (.entry.expires | fromdate) > now and .entry.source == "manual"
    and (.notes | length) == 1 and .before == null'
run 0 ban add 2001:db8::/64 --json
json '.result == "changed" and .entry.expires == null and .before.reason == .entry.reason and .notes == []'

start 'add: words of all kinds stay what they are'
empty
run 0 ban add 192.0.2.1 --reason "it's \"quoted\" \\ 100% ; DROP TABLE proxy_ban" --author "o'neil"
is "SELECT HEX(CONCAT(author, reason)) FROM proxy_ban" "$(printf '%s' \
    "o'neilit's \"quoted\" \\ 100% ; DROP TABLE proxy_ban" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)"
run 0 ban add 192.0.2.2 --reason $'red \e[31m\nline \xc2\x9b'
has_no out $'\e'
run 0 ban list
has_no out $'\e'
has out 'red ?[31m?line ?'
# In messages, too, which name what others have written.
run 2 ban add $'192.0.2.\e[2J\xc2\x9b7'
has_no err $'\e'
has_no err $'\xc2\x9b'
has err "no prefix: '192.0.2.?[2J?7': write"

start 'del'
empty
run 0 ban add 192.0.2.0/24 --for 7d --reason "it's"
run 0 ban add 192.0.2.0/24 --allow --author alice
version=$(counter manual)
run 0 ban del 192.0.2.0/24 --author carol
has out 'taken out: ban of 192.0.2.0/24'
has out 'taken out: allowance of 192.0.2.0/24, for ever'
is 'SELECT COUNT(*) FROM proxy_ban' 0
[[ $(counter manual) != "$version" ]] || complain 'the counter stays'
is 'SELECT COUNT(*) FROM proxy_ban_history WHERE action = "delete" AND author = "carol"' 2

start 'del: its undo puts back what was there'
grep '^undo: ' out | sed 's/^undo: [^ ]* //' >undo
while read -r line; do
    # Words as a shell would take them.
    eval "plain 0 $line"
done <undo
is "SELECT CONCAT_WS(' ', kind, prefix, reason, UNIX_TIMESTAMP(expires) - UNIX_TIMESTAMP() BETWEEN 604700 AND 604800)
    FROM proxy_ban ORDER BY kind" "$(printf "ban 192.0.2.0/24 it's 1\nallow 192.0.2.0/24 ")"

in_force_for="SELECT CONCAT_WS(' ', kind, prefix, reason, ROUND((UNIX_TIMESTAMP(expires) - UNIX_TIMESTAMP()) / 86400)) FROM proxy_ban"
start 'undo can be pasted'
empty
mkdir -p "a tree's/conf"
cat >"a tree's/conf/inter_athena.conf" <<END
ipban_db_ip: 127.0.0.1
ipban_db_port: $db_port
ipban_db_id: $db_user
ipban_db_pw: $db_password
ipban_db_db: bans
END
# Runs the line as a shell would, in a folder where nothing else names a database.
paste_undo() {
    local line
    line=$(sed -n 's/^undo: [^ ]* //p' out)
    eval "plain 0 $line"
}
plain 0 ban add 192.0.2.0/24 --reason "it's \$HOME" --source x --tree "a tree's"
paste_undo
is 'SELECT COUNT(*) FROM proxy_ban' 0
paste_undo
is "$in_force" "ban 192.0.2.0/24 x root it's \$HOME"
ROPP_PASSWORD=$db_password plain 0 ban del 192.0.2.0/24 --source x --host 127.0.0.1 --port "$db_port" --user "$db_user" --database bans
ROPP_PASSWORD=$db_password paste_undo
is 'SELECT COUNT(*) FROM proxy_ban' 1
has_no out password

start 'undo of a change makes it what it was'
empty
plain 0 ban add 192.0.2.0/24 --for 7d --reason bots --tree "a tree's"
plain 0 ban add 192.0.2.0/24 --for 1h --reason other --tree "a tree's"
paste_undo
is "$in_force_for" "$(printf 'ban 192.0.2.0/24 bots 7')"
plain 0 ban add 192.0.2.0/24 --tree "a tree's"
paste_undo
is "$in_force_for" "$(printf 'ban 192.0.2.0/24 bots 7')"
plain 0 ban add 10.1.0.0/16 --force --for 7d --tree "a tree's"
plain 0 ban add 10.1.0.0/16 --force --tree "a tree's"
paste_undo
is "$in_force_for WHERE prefix = '10.1.0.0/16'" "$(printf 'ban 10.1.0.0/16  7')"
empty

start 'del: nothing there'
run 1 ban del 192.0.2.0/25
is_error 'not listed: 192.0.2.0/25'
run 2 ban del 192.0.2.1/24
is_error 'bits are set behind the prefix'

start 'del: a ban that is over is not offered again'
sql "SET timestamp = UNIX_TIMESTAMP() - 7200; INSERT INTO proxy_ban (prefix, expires) VALUES ('192.0.2.9', NOW() + INTERVAL 1 HOUR)"
run 0 ban del 192.0.2.9
has out 'taken out: ban of 192.0.2.9/32, '
has_no out '{'
has_no out 'undo: '
empty

start 'a list that does not exist'
empty
run 0 ban add 192.0.2.0/24 --source firehol
run 1 ban del 192.0.2.0/24 --source firehl
is_error "no such list: firehl: did you mean 'firehol'? the lists are firehol, manual"
run 1 ban del 192.0.2.0/24 --source ipbanlist
is_error "the emulator's own table: ipbanlist"
run 0 ban add 192.0.3.0/24 --source firehl --json
json '.notes == ["a new list: firehl; or did you mean '"'firehol'"'?"]'
run 0 ban add 192.0.4.0/24 --source firehl --json
json '.notes == []'
run 0 ban add 192.0.5.0/24 --source 'bots' --json
json '.notes == ["a new list: bots"]'

start 'del: of another list'
empty
run 0 ban add 192.0.2.0/24 --source firehol
run 1 ban del 192.0.2.0/24
is_error 'not in the list manual: 192.0.2.0/24: it is in firehol'
run 0 ban del 192.0.2.0/24 --source FireHOL
is 'SELECT COUNT(*) FROM proxy_ban' 0

start 'del --json'
empty
run 0 ban add 2001:db8::1
run 0 ban del 2001:db8::ffff --json
json '.result == "deleted" and (.entries | length) == 1 and .entries[0].prefix == "2001:db8::/64"'
