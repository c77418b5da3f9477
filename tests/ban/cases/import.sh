# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# `ropp ban import`. Sourced by tests/ban/test_cli.sh.

listing="SELECT GROUP_CONCAT(prefix ORDER BY range_start, prefix_length SEPARATOR ' ') FROM proxy_ban WHERE source = 'x'"
ids="SELECT GROUP_CONCAT(id ORDER BY range_start) FROM proxy_ban WHERE source = 'x'"

start 'import'
empty
run 0 ban add 203.0.113.0/24
cat >list.txt <<'END'
# a list
203.0.112.0/25
203.0.112.128/25 ; its other half
203.0.112.7
198.51.100.4-198.51.100.7
192.0.2.*
2001:db8:1::/48
2001:db8:2::1
END
run 0 ban import list.txt --source x --reason 'public list' --author alice
has out 'list.txt: 8 lines, 0 of them bad, 7 entries: 5 prefixes'
has out 'x: 5 prefixes: 5 added, 0 removed, 0 changed, 0 as they were'
[[ ! -s err ]] || complain "it says $(cat err)"
is "$listing" '192.0.2.0/24 198.51.100.4/30 203.0.112.0/24 2001:db8:1::/48 2001:db8:2::/64'
is "SELECT DISTINCT CONCAT_WS('|', kind, reason, author, source, expires) FROM proxy_ban WHERE source = 'x'" \
    'ban|public list|alice|x'
is "SELECT COUNT(*) FROM proxy_ban WHERE source = 'manual'" 1
is "SELECT CONCAT_WS(' ', version, entries, author) FROM proxy_source WHERE name = 'x'" '1 5 alice'
is "SELECT CONCAT_WS(' ', action, kind, entries, author, reason, source, user) FROM proxy_ban_history
    WHERE action = 'import'" "import ban 5 alice public list x $db_user@127.0.0.1"
is "SELECT COUNT(*) FROM proxy_ban_history WHERE source = 'x'" 1
run 1 ban check 203.0.112.200
run 0 ban list --history
has out '5 entries'

start 'import: what stays the same is left alone'
before=$(sql "$ids")
run 0 ban import list.txt --source x --reason 'public list' --author bob
has out '5 as they were'
[[ $(sql "$ids") == "$before" ]] || complain 'the ids have changed'
is "SELECT version FROM proxy_source WHERE name = 'x'" 1
is "SELECT COUNT(*) FROM proxy_ban_history WHERE source = 'x'" 1

start 'import: what is different is replaced'
sed -i -e '/^192/d' -e 's/^2001:db8:1/2001:db8:3/' list.txt
printf '100.0.0.1\n203.0.114.0/24\nffff::/32\n' >>list.txt
run 0 ban import list.txt --source x --reason 'public list' --keep-private
has out '7 prefixes: 4 added, 2 removed, 0 changed, 3 as they were'
is "$listing" '100.0.0.1/32 198.51.100.4/30 203.0.112.0/24 203.0.114.0/24 2001:db8:2::/64 2001:db8:3::/48 ffff::/32'
is "SELECT version FROM proxy_source WHERE name = 'x'" 2
before=$(sql "$ids")
run 0 ban import list.txt --source x --reason other --for 7d --keep-private
has out '7 prefixes: 0 added, 0 removed, 7 changed, 0 as they were'
[[ $(sql "$ids") == "$before" ]] || complain 'the ids have changed'
is "SELECT DISTINCT reason, UNIX_TIMESTAMP(expires) - UNIX_TIMESTAMP() BETWEEN 604000 AND 604800 FROM proxy_ban
    WHERE source = 'x'" $'other\t1'
run 0 ban import list.txt --source x --reason other --until '2037-01-01Z' --allow
has out '7 changed'
is "SELECT DISTINCT kind, UNIX_TIMESTAMP(expires) FROM proxy_ban WHERE source = 'x'" $'allow\t2114380800'

start 'import: the same prefix twice is mended'
empty
sql "SET @ropp_wide = 1; INSERT INTO proxy_ban (prefix, source, kind) VALUES ('192.0.2.0/24', 'x', 'ban'), ('192.0.2.0/24', 'x', 'allow'),
    ('192.0.2.0/25', 'x', 'ban'), ('0.0.0.0/0', 'x', 'ban'), ('::/0', 'x', 'ban')"
printf '192.0.2.0/24\n192.0.3.1\n' >list.txt
run 0 ban import list.txt --source X
has out '2 prefixes: 1 added, 4 removed, 0 changed, 1 as they were'
is "$listing" '192.0.2.0/24 192.0.3.1/32'

start 'import --dry-run'
version=$(counter x)
printf '192.0.3.1\n192.0.4.1\n' >list.txt
before=$(sql "$listing")
run 0 ban import list.txt --source x --dry-run
has out 'x would be: 2 prefixes: 1 added, 1 removed, 0 changed, 1 as they were'
has out 'nothing was written'
is "$listing" "$before"
[[ $(counter x) == "$version" ]] || complain 'the counter has changed'
run 0 ban import list.txt --source unheard-of --dry-run --json
json '. == {"result": "dry-run", "source": "unheard-of", "file": "list.txt", "lines": 2, "bad_lines": 0, "wide_lines": 0,
    "entries": 2, "set_apart": 0, "masked": 0, "prefixes": 2, "added": 2, "removed": 0, "changed": 0, "unchanged": 0}'
is "SELECT COUNT(*) FROM proxy_source WHERE name = 'unheard-of'" 0

start 'import: gzip, and standard input'
gzip -k -f list.txt
run 0 ban import list.txt.gz --source x
has out '2 prefixes: 1 added, 1 removed'
"$ropp" ban import - --source x --defaults-file ropp.cnf <list.txt.gz >out || complain 'it does not read standard input'
has out '2 as they were'
head -c 40 list.txt.gz >cut.gz
run 2 ban import cut.gz --source x
has err 'ropp: '
is "$listing" '192.0.3.1/32 192.0.4.1/32'

start 'import: bad lines'
{
    echo 192.0.2.1
    for ((i = 0; i < 25; i++)); do
        echo "host$i.example"
    done
    echo 192.0.2.9/24
    printf '192.0.2.2\e[31m\n'
} >list.txt
run 0 ban import list.txt --source x --force
has err "ropp: bad line: list.txt:2: 'host0.example': "
has err "ropp: bad line: list.txt:21: 'host19.example': "
has_no err host20
has err 'list.txt: 7 more'
has_no err $'\e'
[[ $(wc -l <err) == 21 ]] || complain "these are not 21 lines: $(cat err)"
has out '28 lines, 27 of them bad, 1 entries: 1 prefixes'
is "$listing" 192.0.2.1/32

start 'import: more bad lines than good ones'
printf '192.0.2.1\n192.0.2.2\n<html>\n<body>\n' >list.txt
run 0 ban import list.txt --source x
printf '192.0.2.1\n192.0.2.2\n<html>\n<body>\nLog in\n' >list.txt
run 1 ban import list.txt --source x
has err 'ropp: more bad lines than good ones: list.txt: 3 and 2: '
[[ ! -s out ]] || complain "there is output: $(cat out)"
is "$listing" '192.0.2.1/32 192.0.2.2/32'
run 1 ban import list.txt --source x --dry-run
run 0 ban import list.txt --source x --force

start 'import: fewer entries than the file says'
empty
object() { # NUMBER
    printf '{"cidr":"198.51.%d.0/24","sblid":"SBL%d"}\n' "$1" "$1"
}
metadata() { # RECORDS
    printf '{"type":"metadata","timestamp":1,"size":2,"records":%d}\n' "$1"
}
{ object 2 && object 4 && metadata 2; } >whole.json
run 0 ban import whole.json --source x
{ object 2 && metadata 1500; } >list.json
run 1 ban import list.json --source x
is_error 'incomplete: list.json: it says that it has 1500 entries, and has 1: fetch it again'
object 2 >list.json
run 1 ban import list.json --source x
is_error "incomplete: list.json: the metadata that end a list of Spamhaus' are missing"
cat whole.json list.json >two.json
run 1 ban import two.json --source x
{ cat whole.json && object 8 && metadata 1; } >two.json
run 0 ban import two.json --source x
printf '# Entries         : 3 subnets, 300 unique IPs\n198.51.2.0/24\n198.51.4.0/24\n' >list.txt
run 1 ban import list.txt --source x
is_error 'incomplete: list.txt: it says that it has 3 entries, and has 2'
printf '198.51.6.0/24\n2001:db8::/32\n' >>list.txt
run 0 ban import list.txt --source x
for name in plain haproxy nginx nftables ipset; do
    run 0 ban export --format "$name" --source x --output own.txt
    run 0 ban import own.txt --source x
    has out '4 as they were'
    grep -v 198.51.4.0 own.txt >cut.txt
    run 1 ban import cut.txt --source x
    is_error 'incomplete: cut.txt: it says that it has 4 entries, and has 3'
    run 0 ban import cut.txt --source x --dry-run --force
done
is "$listing" '198.51.2.0/24 198.51.4.0/24 198.51.6.0/24 2001:db8::/32'
sed -i '/:/d' list.txt
run 0 ban import list.txt --source x

start 'import: a file that was cut'
printf '198.51.2.0/24\n198.51.4.0/24\n198.51.6.1' >list.txt
run 1 ban import list.txt --source x
is_error 'the last line has no end: list.txt:3: '
run 1 ban import list.txt --source x --allow
run 0 ban import list.txt --source x --dry-run --force
printf '198.51.6.1' >one.txt
run 1 ban import one.txt --source x --dry-run
is_error 'the last line has no end: one.txt:1: '
for name in '198.51.6.1 # one' '# the end' '198.51.6.1;' '{"cidr":"198.51.6.0/24"}'; do
    printf '198.51.2.0/24\n198.51.4.0/24\n%s' "$name" >list.txt
    run 0 ban import list.txt --source x --dry-run
done
printf '[\n  "198.51.2.0/24",\n  "198.51.4.0/24"\n' >list.txt
run 2 ban import list.txt --source x
is_error 'cut short JSON: list.txt:4: '
gzip -c whole.json | head -c 60 >cut.gz
run 2 ban import cut.gz --source x
is_error 'cut short gzip file: cut.gz'
is "$listing" '198.51.2.0/24 198.51.4.0/24 198.51.6.0/24'

start 'import: most of the list would go'
printf '198.51.2.0/24\n' >list.txt
for name in '' --allow --dry-run; do
    # shellcheck disable=SC2086 # none or one word
    run 1 ban import list.txt --source x $name
    is_error 'most of the list would go: x: of 3 entries in force 2 are not in list.txt'
done
is "$listing" '198.51.2.0/24 198.51.4.0/24 198.51.6.0/24'
printf '198.51.2.0/23\n198.51.4.0/22\n' >list.txt # what covers them is as good
run 0 ban import list.txt --source x
is "$listing" '198.51.2.0/23 198.51.4.0/22'
printf '198.51.2.0/23\n198.51.100.0/24\n' >list.txt # a half
run 0 ban import list.txt --source x
run 0 ban import whole.json --source x --force
# What has ended already cannot be lost.
sql "SET timestamp = UNIX_TIMESTAMP() - 7200; UPDATE proxy_ban SET expires = NOW() + INTERVAL 1 HOUR WHERE source = 'x'"
printf '198.51.100.0/24\n' >list.txt
run 0 ban import list.txt --source x

start 'import: what would ban the world'
printf 'network,geoname_id,registered_country_geoname_id\n203.0.113.0/24,100,100\n' >list.txt
run 1 ban import list.txt --source world
is_error 'a table of every network in the world (GeoLite2): list.txt: '
sed -i 1d list.txt
run 0 ban import list.txt --source world --dry-run

start 'import: more in it than addresses, and none is taken'
# FILE|WHERE AND WHAT
# shellcheck disable=SC2016 # messages have backticks
refused=(
    '192.0.2.0/24 AS64500\nAS64501\n|2: a list of operators'
    '192.0.2.1\n192.0.2.3, 192.0.2.9\n|2: several addresses'
    'ALL: 192.0.2.1\nALL: LOCAL\n|2: a hosts.deny with more than addresses'
    'deny 192.0.2.1;\nallow 192.0.2.9;\n|2: settings of nginx'
    'add b 192.0.2.1\nadd friends 192.0.2.9\n|2: another set of ipset or nftables'
    'add b 192.0.2.0/24\nadd b 192.0.2.9 nomatch\n|2: a set of ipset or nftables that has more'
    'Name: b\nMembers:\n192.0.2.1\n|1: what `ipset list` prints'
    'table ip t {\n chain c {\n  ip saddr 192.0.2.1 drop\n }\n}\n|3: a ruleset of nftables'
    '{"nftables": [{"metainfo": {"json_schema_version": 1}}]}\n|1: what `nft -j` prints'
)
before=$(sql "$listing")
for name in "${refused[@]}"; do
    printf '%b' "${name%|*}" >list.txt
    run 1 ban import list.txt --source x
    is_error "refused as a whole: list.txt:${name##*|}"
done
is "$listing" "$before"
printf '%b' "${refused[0]%|*}" >list.txt
run 0 ban import list.txt --source x --dry-run --force
has err 'bad line: list.txt:2: '
printf 'table ip t {\n set b {\n  elements = { 192.0.2.1,\n' >list.txt
run 1 ban import list.txt --source x
is_error 'incomplete: list.txt: a brace is open at its end'

start 'import --mask'
printf '192.0.2.7/24\n198.51.100.1/255.255.255.128\n192.0.3.1\n192.0.4.1\n' >list.txt
run 0 ban import list.txt --source masks
has err "bad line: list.txt:1: '192.0.2.7/24': bits behind the prefix"
has out '4 lines, 2 of them bad, 2 entries: 2 prefixes'
run 0 ban import list.txt --source masks --mask
[[ ! -s err ]] || complain "it says $(cat err)"
has out 'masked: 2 entries'
has out 'masks: 4 prefixes: 2 added'
is "SELECT GROUP_CONCAT(prefix ORDER BY range_start SEPARATOR ' ') FROM proxy_ban WHERE source = 'masks'" \
    '192.0.2.0/24 192.0.3.1/32 192.0.4.1/32 198.51.100.0/25'
run 0 ban import list.txt --source masks --mask --json
json '.masked == 2'
empty
printf '198.51.100.0/24\n' >list.txt

start 'import: a name that may be a slip'
run 0 ban import list.txt --source firehol
[[ ! -s err ]] || complain "it says $(cat err)"
run 0 ban import list.txt --source firehl
has err "note: a new list: firehl; or did you mean 'firehol'?"
empty
printf '192.0.2.1\n' >list.txt
run 0 ban import list.txt --source x

start 'import: nothing to import'
for name in '' '# nothing' $'nobody\nat all'; do
    printf '%s\n' "$name" >list.txt
    run 1 ban import list.txt --source x
    has err 'ropp: not a single prefix: list.txt: the list x stays as it is'
    run 1 ban import list.txt --source x --dry-run
done
is "$listing" 192.0.2.1/32
run 0 ban import list.txt --source x --force
is "$listing" NULL
run 2 ban import absent.txt --source x
is_error absent.txt
run 2 ban import "$dir" --source x
has err "$dir"

start 'import: private networks and wide prefixes'
printf '10.0.0.0/8\n127.0.0.1\n192.0.2.0/24\n0.0.0.0/0\n64.0.0.0/4\n::/0\n172.0.0.0/8\n' >list.txt
run 0 ban import list.txt --source x
has out '--keep-private keeps them'
has out '--force keeps them'
is "SELECT COUNT(*) FROM proxy_ban WHERE source = 'x' AND prefix_length < 8" 0
run 0 ban check 10.1.1.1
run 0 ban check 172.16.0.1
run 0 ban check 65.0.0.1
run 1 ban check 172.15.0.1
run 0 ban import list.txt --source x --keep-private
run 1 ban check 10.1.1.1
run 0 ban check 65.0.0.1
run 0 ban import list.txt --source x --keep-private --force
run 1 ban check 8.8.8.8
run 0 ban import list.txt --source x --allow
run 0 ban check 10.1.1.1
has out allowed

start 'import: one of the servers'
sql "DELETE FROM proxy_ban; INSERT INTO proxy_status (server, host, port) VALUES ('map', '198.51.100.5', 5121)"
printf '198.51.100.0/24\n' >list.txt
run 1 ban import list.txt --source x
is_error 'one of your servers: list.txt: contains map (198.51.100.5, 198.51.100.5)'
run 0 ban import list.txt --source x --force
sql 'DELETE FROM proxy_status'

start 'import: what may not be'
run 2 ban import list.txt
is_error 'no list: ban import: name it with --source NAME'
run 2 ban import list.txt --source 'a b'
is_error "no name for a list: --source 'a b'"
run 2 ban import list.txt --source Manual
is_error 'the list of what people have banned'
run 2 ban import list.txt --source x --for soon
is_error 'no such time'

start 'import: one at a time'
sql "SELECT GET_LOCK(CONCAT('ropp-import-', MD5(CONCAT(DATABASE(), '/', 'x'))), 0); SELECT SLEEP(60)" >lock.out 2>&1 &
pid=$!
clean_own "$pid"
holder="SELECT IS_USED_LOCK(CONCAT('ropp-import-', MD5(CONCAT(DATABASE(), '/', 'x'))))"
is_locked() {
    [[ $(sql "$holder") =~ ^[0-9]+$ ]]
}
wait_for 10 is_locked || complain 'there is no lock'
run 1 ban import list.txt --source x
is_error 'another import is running'
run 0 ban import list.txt --source y
run 0 ban import list.txt --source x --dry-run
sql "KILL $(sql "$holder")"
wait "$pid" || true
clean_forget "$pid"

start 'import: all or nothing'
empty
printf '192.0.2.%d\n' {1..200} | sed 's/[02468]$/&\/32/' | awk 'NR % 2' >list.txt
run 0 ban import list.txt --source x
before=$(sql "$listing")
sql "SET sql_mode = 'STRICT_ALL_TABLES'; CREATE TRIGGER trip BEFORE INSERT ON proxy_ban FOR EACH ROW FOLLOWS proxy_ban_before_insert
    SET NEW.reason = IF(NEW.prefix = '203.0.113.2/32', REPEAT('x', 1000), '')"
printf '203.0.113.%d\n' 0 2 4 6 >list.txt
run 2 ban import list.txt --source x --force
is_error "MariaDB does not do it: bans on 127.0.0.1: Data too long for column 'reason'"
is "$listing" "$before"
is "SELECT version FROM proxy_source WHERE name = 'x'" 1
sql 'DROP TRIGGER trip'

start 'import: many'
empty
awk 'BEGIN { for (i = 0; i < 30000; i++) printf "%d.%d.%d.%d\n", 11 + i / 65536, i / 256 % 256, i % 256, i % 7 * 2 }' >list.txt
run 0 ban import list.txt --source many
has out '30000 prefixes: 30000 added'
[[ ! -s err ]] || complain "there is a bar without a terminal: $(cat err)"
is 'SELECT COUNT(*) FROM proxy_ban' 30000
head -n 10000 list.txt >part.txt
run 1 ban import part.txt --source many --reason new
is_error 'most of the list would go: many: of 30000 entries in force 20000 are not in part.txt'
run 0 ban import part.txt --source many --reason new --force
has out '10000 prefixes: 0 added, 20000 removed, 10000 changed, 0 as they were'
is "SELECT COUNT(*), COUNT(DISTINCT prefix) FROM proxy_ban WHERE reason = 'new'" $'10000\t10000'
empty
