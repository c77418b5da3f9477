# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2016,SC1003 # what test_cli.sh has set; messages have backticks
# All that `ropp ban` prints, of entries of which every value is another one. Sourced by tests/ban/test_cli.sh.

# plainly FILE: with a word for what is another one in every run: how long, by whom, and how it was called.
plainly() {
    sed -E -e 's/ \([0-9]+ d [0-9]+ h\)/ (SPAN)/' -e "s|$ropp|ropp|g" -e "s| --defaults-file $dir/ropp.cnf| WITH|g" \
        -e "s/$db_user@[a-z0-9.]+( *)/USER\1/" -e '/^  (ban|allowance)/s/ +/ /g' \
        -e 's/"created": "20[0-9T:-]+Z"/"created": NOW/g' "$1"
}

prints() { # TEXT: that and nothing else, and nothing on standard error
    diff -u <(printf '%s' "${1:+$1$'\n'}") <(plainly out) >diff.out || complain "it does not print that: $(cat diff.out)"
    [[ ! -s err ]] || complain "it says $(cat err)"
}

says() { # TEXT: the same of standard error
    diff -u <(printf '%s\n' "$1") <(plainly err) >diff.out || complain "it does not say that: $(cat diff.out)"
    [[ ! -s out ]] || complain "it prints $(cat out)"
}

# entry MOMENT AUTHOR VALUES: writes one of (id, kind, prefix, reason, source, expires) at that moment
entry() {
    sql "SET time_zone = '+00:00', timestamp = UNIX_TIMESTAMP('$1'), @ropp_author = '$2', @ropp_wide = 1;
        INSERT INTO proxy_ban (id, kind, prefix, reason, author, source, expires) VALUES ($3)"
}

fill() {
    empty
    sql 'DELETE FROM ipbanlist; DELETE FROM proxy_status; ALTER TABLE proxy_ban AUTO_INCREMENT = 600'
    entry '2026-01-02 03:04:05' alice "101, 'ban', '203.0.113.0/24', 'bots of \"spring\"', 'alice', 'manual', NULL"
    entry '2026-02-03 04:05:06' bob "202, 'allow', '203.0.113.7', 'ours', 'bob', 'friends', '2037-01-02 03:04:05'"
    entry '2026-03-04 05:06:07' carol "303, 'ban', '203.0.112.0/20', '', 'carol', 'firehol', '2037-02-03 04:05:06'"
    entry '2026-04-05 06:07:08' '' "404, 'ban', '2001:db8::/32', 'six', '', 'manual', NULL"
    entry '2025-05-06 07:08:09' dave "505, 'ban', '192.0.2.1', 'over', 'dave', 'manual', '2025-06-07 08:09:10'"
}

start 'whole: list'
fill
run 0 ban list
prints ' ID  KIND   PREFIX          UNTIL             LIST     AUTHOR  CREATED           REASON
404  ban    2001:db8::/32   for ever          manual           2026-04-05 06:07  six
303  ban    203.0.112.0/20  2037-02-03 04:05  firehol  carol   2026-03-04 05:06
202  allow  203.0.113.7/32  2037-01-02 03:04  friends  bob     2026-02-03 04:05  ours
101  ban    203.0.113.0/24  for ever          manual   alice   2026-01-02 03:04  bots of "spring"
4 in all'
run 0 ban list --json
prints '{"total": 4, "page": 1, "pages": 1, "entries": [{"id": 404, "kind": "ban", "prefix": "2001:db8::/32", "reason": "six", "author": "", "source": "manual", "created": NOW, "expires": null}, {"id": 303, "kind": "ban", "prefix": "203.0.112.0/20", "reason": "", "author": "carol", "source": "firehol", "created": NOW, "expires": "2037-02-03T04:05:06Z"}, {"id": 202, "kind": "allow", "prefix": "203.0.113.7/32", "reason": "ours", "author": "bob", "source": "friends", "created": NOW, "expires": "2037-01-02T03:04:05Z"}, {"id": 101, "kind": "ban", "prefix": "203.0.113.0/24", "reason": "bots of \"spring\"", "author": "alice", "source": "manual", "created": NOW, "expires": null}]}'
run 0 ban list --limit 3
prints ' ID  KIND   PREFIX          UNTIL             LIST     AUTHOR  CREATED           REASON
404  ban    2001:db8::/32   for ever          manual           2026-04-05 06:07  six
303  ban    203.0.112.0/20  2037-02-03 04:05  firehol  carol   2026-03-04 05:06
202  allow  203.0.113.7/32  2037-01-02 03:04  friends  bob     2026-02-03 04:05  ours
1 to 3 of 4, page 1 of 2: --page shows the next ones'
run 0 ban list --limit 3 --page 2
prints ' ID  KIND  PREFIX          UNTIL     LIST    AUTHOR  CREATED           REASON
101  ban   203.0.113.0/24  for ever  manual  alice   2026-01-02 03:04  bots of "spring"
4 to 4 of 4, page 2 of 2'
run 0 ban list --limit 2 --page 2
prints ' ID  KIND   PREFIX          UNTIL             LIST     AUTHOR  CREATED           REASON
202  allow  203.0.113.7/32  2037-01-02 03:04  friends  bob     2026-02-03 04:05  ours
101  ban    203.0.113.0/24  for ever          manual   alice   2026-01-02 03:04  bots of "spring"
3 to 4 of 4, page 2 of 2'
run 0 ban list --limit 3 --page 3
prints 'no such page: there are 2'
run 0 ban list --limit 4 --json --page 2
prints '{"total": 4, "page": 2, "pages": 1, "entries": []}'
run 0 ban list --expired
prints ' ID  KIND  PREFIX        UNTIL             LIST    AUTHOR  CREATED           REASON
505  ban   192.0.2.1/32  2025-06-07 08:09  manual  dave    2025-05-06 07:08  over
1 in all'
run 0 ban list --within 198.51.100.0/24
prints 'no entry in force'
run 0 ban list --expired --within 198.51.100.0/24
prints 'no entry has ended'
run 0 ban list --history
prints 'TIME              ACTION  KIND   PREFIX          UNTIL             LIST     AUTHOR          SQL USER        REASON
2025-05-06 07:08  add     ban    192.0.2.1/32    2025-06-07 08:09  manual   dave            root@localhost  over
2026-04-05 06:07  add     ban    2001:db8::/32   for ever          manual   root@localhost  root@localhost  six
2026-03-04 05:06  add     ban    203.0.112.0/20  2037-02-03 04:05  firehol  carol           root@localhost
2026-02-03 04:05  add     allow  203.0.113.7/32  2037-01-02 03:04  friends  bob             root@localhost  ours
2026-01-02 03:04  add     ban    203.0.113.0/24  for ever          manual   alice           root@localhost  bots of "spring"
5 in all'
run 0 ban list --history --json
prints '{"total": 5, "page": 1, "pages": 1, "history": [{"time": "2025-05-06T07:08:09Z", "action": "add", "id": 505, "kind": "ban", "prefix": "192.0.2.1/32", "reason": "over", "author": "dave", "source": "manual", "expires": "2025-06-07T08:09:10Z", "user": "root@localhost", "entries": null}, {"time": "2026-04-05T06:07:08Z", "action": "add", "id": 404, "kind": "ban", "prefix": "2001:db8::/32", "reason": "six", "author": "root@localhost", "source": "manual", "expires": null, "user": "root@localhost", "entries": null}, {"time": "2026-03-04T05:06:07Z", "action": "add", "id": 303, "kind": "ban", "prefix": "203.0.112.0/20", "reason": "", "author": "carol", "source": "firehol", "expires": "2037-02-03T04:05:06Z", "user": "root@localhost", "entries": null}, {"time": "2026-02-03T04:05:06Z", "action": "add", "id": 202, "kind": "allow", "prefix": "203.0.113.7/32", "reason": "ours", "author": "bob", "source": "friends", "expires": "2037-01-02T03:04:05Z", "user": "root@localhost", "entries": null}, {"time": "2026-01-02T03:04:05Z", "action": "add", "id": 101, "kind": "ban", "prefix": "203.0.113.0/24", "reason": "bots of \"spring\"", "author": "alice", "source": "manual", "expires": null, "user": "root@localhost", "entries": null}]}'
run 0 ban list --history --within 198.51.100.0/24
prints 'no entry'
run 0 ban list --within 203.0.112.0/20 --kind ban
prints ' ID  KIND  PREFIX          UNTIL             LIST     AUTHOR  CREATED           REASON
303  ban   203.0.112.0/20  2037-02-03 04:05  firehol  carol   2026-03-04 05:06
101  ban   203.0.113.0/24  for ever          manual   alice   2026-01-02 03:04  bots of "spring"
2 in all'
run 0 ban list --within 203.0.113.0/25
prints ' ID  KIND   PREFIX          UNTIL             LIST     AUTHOR  CREATED           REASON
202  allow  203.0.113.7/32  2037-01-02 03:04  friends  bob     2026-02-03 04:05  ours
1 in all'

start 'whole: check'
run 0 ban check 203.0.113.7
prints '203.0.113.7: allowed until 2037-01-02 03:04 (SPAN): ours
by:  allowance 203.0.113.7/32 of the list friends, since 2026-02-03 04:05, by bob
why: the longest prefix in force that contains the address decides
also around it:
 ban 203.0.113.0/24 for ever manual bots of "spring"
 ban 203.0.112.0/20 until 2037-02-03 04:05 (SPAN) firehol'
run 0 ban check 203.0.113.7 --json
prints '{"address": "203.0.113.7", "standin": null, "verdict": "allowed", "banned": false, "where": null, "entry": {"id": 202, "kind": "allow", "prefix": "203.0.113.7/32", "reason": "ours", "author": "bob", "source": "friends", "created": NOW, "expires": "2037-01-02T03:04:05Z"}, "why": "the longest prefix in force that contains the address decides", "others": [{"id": 101, "kind": "ban", "prefix": "203.0.113.0/24", "reason": "bots of \"spring\"", "author": "alice", "source": "manual", "created": NOW, "expires": null}, {"id": 303, "kind": "ban", "prefix": "203.0.112.0/20", "reason": "", "author": "carol", "source": "firehol", "created": NOW, "expires": "2037-02-03T04:05:06Z"}]}'
run 1 ban check 203.0.113.8
prints '203.0.113.8: banned for ever: bots of "spring"
by:  ban 203.0.113.0/24 of the list manual, since 2026-01-02 03:04, by alice
why: the longest prefix in force that contains the address decides
also around it:
 ban 203.0.112.0/20 until 2037-02-03 04:05 (SPAN) firehol'
run 1 ban check 203.0.113.8 --json
prints '{"address": "203.0.113.8", "standin": null, "verdict": "banned", "banned": true, "where": "everywhere", "entry": {"id": 101, "kind": "ban", "prefix": "203.0.113.0/24", "reason": "bots of \"spring\"", "author": "alice", "source": "manual", "created": NOW, "expires": null}, "why": "the longest prefix in force that contains the address decides", "others": [{"id": 303, "kind": "ban", "prefix": "203.0.112.0/20", "reason": "", "author": "carol", "source": "firehol", "created": NOW, "expires": "2037-02-03T04:05:06Z"}]}'
run 0 ban check 192.0.2.1
prints '192.0.2.1: not listed
also around it:
 ban 192.0.2.1/32 until 2025-06-07 08:09, which is past manual over'
run 0 ban check 198.51.100.1
prints '198.51.100.1: not listed'
run 0 ban check 198.51.100.1 --json
prints '{"address": "198.51.100.1", "standin": null, "verdict": "not listed", "banned": false, "where": null, "entry": null, "why": null, "others": []}'
run 1 ban check 2001:db8::1
prints '2001:db8::1: banned for ever: six
by:  ban 2001:db8::/32 of the list manual, since 2026-04-05 06:07
why: it is the only entry in force that contains the address
stand-in in the emulator: 242.149.63.129'
run 1 ban check 2001:db8::1 --json
prints '{"address": "2001:db8::1", "standin": "242.149.63.129", "verdict": "banned", "banned": true, "where": "everywhere", "entry": {"id": 404, "kind": "ban", "prefix": "2001:db8::/32", "reason": "six", "author": "", "source": "manual", "created": NOW, "expires": null}, "why": "it is the only entry in force that contains the address", "others": []}'
sql "SET time_zone = '+00:00'; INSERT INTO ipbanlist VALUES ('198.51.*.*', '2026-05-06 07:08:09', '2037-03-04 05:06:07', 'spam'),
    ('198.51.100.*', '2026-05-07 07:08:09', '2037-04-05 06:07:08', 'Password error ban')"
run 1 ban check 198.51.101.1
prints '198.51.101.1: banned until 2037-03-04 05:06 (SPAN): spam
by:  ban 198.51.0.0/16 of the list ipbanlist, since 2026-05-06 07:08
why: it is the only entry in force that contains the address'
run 1 ban check 198.51.100.1
prints '198.51.100.1: banned until 2037-03-04 05:06 (SPAN): spam
by:  ban 198.51.0.0/16 of the list ipbanlist, since 2026-05-06 07:08
why: the longest prefix in force that contains the address decides
also around it:
 ban 198.51.100.0/24 until 2037-04-05 06:07 (SPAN) ipbanlist Password error ban'
run 1 ban check 198.51.100.1 --json
prints '{"address": "198.51.100.1", "standin": null, "verdict": "banned", "banned": true, "where": "everywhere", "entry": {"id": 0, "kind": "ban", "prefix": "198.51.0.0/16", "reason": "spam", "author": "", "source": "ipbanlist", "created": NOW, "expires": "2037-03-04T05:06:07Z"}, "why": "the longest prefix in force that contains the address decides", "others": [{"id": 0, "kind": "ban", "prefix": "198.51.100.0/24", "reason": "Password error ban", "author": "", "source": "ipbanlist", "created": NOW, "expires": "2037-04-05T06:07:08Z"}]}'
entry '2026-05-08 07:08:09' erin "606, 'ban', '198.51.100.0/24', 'own', 'erin', 'manual', NULL"
run 1 ban check 198.51.100.1
prints '198.51.100.1: banned for ever: own
by:  ban 198.51.100.0/24 of the list manual, since 2026-05-08 07:08, by erin
why: an entry of proxy_ban decides before ipbanlist
also around it:
 ban 198.51.0.0/16 until 2037-03-04 05:06 (SPAN) ipbanlist spam
 ban 198.51.100.0/24 until 2037-04-05 06:07 (SPAN) ipbanlist Password error ban'
sql "DELETE FROM ipbanlist WHERE reason = 'spam'; DELETE FROM proxy_ban WHERE id = 606"
run 1 ban check 198.51.100.1
prints '198.51.100.1: no new logins until 2037-04-05 06:07 (SPAN): Password error ban
by:  ban 198.51.100.0/24 of the list ipbanlist, since 2026-05-07 07:08
why: the login server'\''s own check refuses new logins; char and map do not ask, and nobody is thrown out'
run 1 ban check 198.51.100.1 --json
prints '{"address": "198.51.100.1", "standin": null, "verdict": "no new logins", "banned": true, "where": "login", "entry": {"id": 0, "kind": "ban", "prefix": "198.51.100.0/24", "reason": "Password error ban", "author": "", "source": "ipbanlist", "created": NOW, "expires": "2037-04-05T06:07:08Z"}, "why": "the login server'\''s own check refuses new logins; char and map do not ask, and nobody is thrown out", "others": []}'

start 'whole: add'
fill
run 0 ban add 198.51.100.0/24 --reason 'it is so' --author alice --until 2037-05-06Z
prints 'banned 198.51.100.0/24 until 2037-05-06 00:00 (SPAN): it is so
undo: ropp ban del 198.51.100.0/24 WITH'
run 0 ban add 198.51.100.0/24 --author bob --json
prints '{"result": "changed", "entry": {"id": 600, "kind": "ban", "prefix": "198.51.100.0/24", "reason": "it is so", "author": "bob", "source": "manual", "created": NOW, "expires": null}, "before": {"id": 600, "kind": "ban", "prefix": "198.51.100.0/24", "reason": "it is so", "author": "alice", "source": "manual", "created": NOW, "expires": "2037-05-06T00:00:00Z"}, "notes": []}'
run 0 ban add 198.51.100.0/24 --source new --allow --until 2037-05-06Z
prints 'let in 198.51.100.0/24 until 2037-05-06 00:00 (SPAN)
note: a new list: new
undo: ropp ban del 198.51.100.0/24 --source new WITH'
run 0 ban add 198.51.100.0/24 --reason other --until 2037-05-07Z
prints 'changed: banned 198.51.100.0/24 until 2037-05-07 00:00 (SPAN): other
before: for ever: it is so
note: an allowance of the same prefix is stronger: #601 of the list new; take it out with `ropp ban del 198.51.100.0/24 --source new`
undo: ropp ban add 198.51.100.0/24 --reason '\''it is so'\'' WITH'
run 0 ban add 198.51.100.0/24 --reason other --author carol --json
prints '{"result": "changed", "entry": {"id": 600, "kind": "ban", "prefix": "198.51.100.0/24", "reason": "other", "author": "carol", "source": "manual", "created": NOW, "expires": null}, "before": {"id": 600, "kind": "ban", "prefix": "198.51.100.0/24", "reason": "other", "author": "root", "source": "manual", "created": NOW, "expires": "2037-05-07T00:00:00Z"}, "notes": ["an allowance of the same prefix is stronger: #601 of the list new; take it out with `ropp ban del 198.51.100.0/24 --source new`"]}'
run 0 ban add 2001:db8:1::7 --source frends --json
prints '{"result": "added", "entry": {"id": 602, "kind": "ban", "prefix": "2001:db8:1::/64", "reason": "", "author": "root", "source": "frends", "created": NOW, "expires": null}, "notes": ["a new list: frends; or did you mean '\''friends'\''?", "one IPv6 address is taken as its /64; write /128 for it alone"]}'
run 0 ban add 10.0.0.0/8 --force --source frends
prints 'banned 10.0.0.0/8 for ever
undo: ropp ban del 10.0.0.0/8 --source frends WITH'
run 0 ban add 10.0.0.0/8 --force --source frends --reason "it's"
prints 'changed: banned 10.0.0.0/8 for ever: it'\''s
before: for ever
undo: ropp ban add 10.0.0.0/8 --force --source frends WITH'
run 0 ban add 10.0.0.0/8 --force --source frends --until 2037-05-06Z
prints 'changed: banned 10.0.0.0/8 until 2037-05-06 00:00 (SPAN): it'\''s
before: for ever: it'\''s
undo: ropp ban add 10.0.0.0/8 --force --source frends --reason '\''it'\''\'\'''\''s'\'' WITH'

start 'whole: what is not added'
run 1 ban add 12.0.0.0/7
says 'ropp: very wide: 12.0.0.0/7: shorter than /8; add --force if you mean it'
run 1 ban add 192.0.0.0/8
says 'ropp: private or reserved: 192.0.0.0/8: your own servers may be in 192.0.0.0/24; add --force if you mean it'
run 1 ban add 2002::/15
says 'ropp: very wide: 2002::/15: shorter than /16; add --force if you mean it'
run 2 ban add 198.51.100.1/24
says 'ropp: bits are set behind the prefix: 198.51.100.1/24: write 198.51.100.0/24, or 198.51.100.1 for the one address'
run 2 ban add 2001:db8::1/32
says 'ropp: bits are set behind the prefix: 2001:db8::1/32: write 2001:db8::/32, or 2001:db8::1 for the one address'
run 2 ban add '198.51.*.*'
says 'ropp: a pattern: '\''198.51.*.*'\'': write 198.51.0.0/16'
run 2 ban add 198.51.100.0/33
says 'ropp: no prefix: '\''198.51.100.0/33'\'': write the length behind the slash as a plain number, at most 32 for IPv4 and 128 for IPv6'
run 2 ban add nobody
says 'ropp: no prefix: '\''nobody'\'': write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH'
sql "INSERT INTO proxy_status (server, host, port) VALUES ('map', '198.51.101.5', 5121)"
run 1 ban add 198.51.101.0/24
says 'ropp: one of your servers: 198.51.101.0/24: contains map (198.51.101.5, 198.51.101.5); add --force if you mean it'
sql 'DELETE FROM proxy_status'

start 'whole: del'
run 0 ban del 198.51.100.0/24 --author alice
prints 'taken out: ban of 198.51.100.0/24, for ever: other
undo: ropp ban add 198.51.100.0/24 --reason other WITH'
run 0 ban del 10.0.0.0/8 --source frends
prints 'taken out: ban of 10.0.0.0/8, until 2037-05-06 00:00 (SPAN): it'\''s
undo: ropp ban add 10.0.0.0/8 --force --source frends --until 2037-05-06T00:00:00Z --reason '\''it'\''\'\'''\''s'\'' WITH'
run 0 ban del 192.0.2.1
prints 'taken out: ban of 192.0.2.1/32, until 2025-06-07 08:09, which is past: over'
run 0 ban del 203.0.113.7 --source friends --json
prints '{"result": "deleted", "entries": [{"id": 202, "kind": "allow", "prefix": "203.0.113.7/32", "reason": "ours", "author": "bob", "source": "friends", "created": NOW, "expires": "2037-01-02T03:04:05Z"}]}'
run 1 ban del 203.0.112.0/20
says 'ropp: not in the list manual: 203.0.112.0/20: it is in firehol; take it out there with --source firehol, which lasts until the next import, or let it in with `ropp ban add 203.0.112.0/20 --allow`'
run 1 ban del 203.0.112.0/20 --source frend
says 'ropp: no such list: frend: did you mean '\''frends'\''? the lists are firehol, frends, friends, manual, new'
run 1 ban del 198.51.200.0/24
says 'ropp: not listed: 198.51.200.0/24: see what is around it with `ropp ban list --within 198.51.200.0/24`, or what decides with `ropp ban check`'
for name in a b c d e f g h i; do
    run 0 ban add 198.51.102.0/24 --source "list-$name"
done
run 1 ban del 198.51.200.0/24 --source zzz
says 'ropp: no such list: zzz: the lists are firehol, frends, friends, list-a, list-b, list-c, list-d, list-e, list-f, list-g, list-h, list-i and 2 more'

start 'whole: import'
fill
printf '# x\n198.51.100.0/24\n10.1.2.3\nnobody\n8.0.0.0/4\n198.51.101.7/24\n198.51.102.1-198.51.102.2\n' >list.txt
run 0 ban import list.txt --source in --reason why --author alice --mask --until 2037-05-06Z
plainly err >err.whole
[[ $(cat err.whole) == "ropp: bad line: list.txt:4: 'nobody': no address: write ADDRESS, ADDRESS/LENGTH, FIRST-LAST or a pattern such as 192.0.2.*
ropp: bad line: list.txt:5: '8.0.0.0/4': more addresses than a /8 (IPv6: a /16) has, many players' among them: write smaller networks" ]] ||
    complain "it says $(cat err)"
: >err
prints 'list.txt: 7 lines, 2 of them bad, 4 entries: 3 prefixes
left out: private networks of 1 entries (--keep-private keeps them)
left out: 1 lines wider than /8 or /16 (--force keeps them)
masked: 2 entries with bits behind the prefix
in: 3 prefixes: 3 added, 0 removed, 0 changed, 0 as they were'
run 0 ban import list.txt --source in --reason why --mask --keep-private --json
: >err
prints '{"result": "imported", "source": "in", "file": "list.txt", "lines": 7, "bad_lines": 2, "wide_lines": 1, "entries": 4, "set_apart": 0, "masked": 2, "prefixes": 4, "added": 1, "removed": 0, "changed": 3, "unchanged": 0}'
run 0 ban list --source in --json
sed -i 's/"id": [0-9]*/"id": NEW/g' out
prints '{"total": 4, "page": 1, "pages": 1, "entries": [{"id": NEW, "kind": "ban", "prefix": "10.1.2.3/32", "reason": "why", "author": "root", "source": "in", "created": NOW, "expires": null}, {"id": NEW, "kind": "ban", "prefix": "198.51.102.2/32", "reason": "why", "author": "alice", "source": "in", "created": NOW, "expires": null}, {"id": NEW, "kind": "ban", "prefix": "198.51.102.1/32", "reason": "why", "author": "alice", "source": "in", "created": NOW, "expires": null}, {"id": NEW, "kind": "ban", "prefix": "198.51.100.0/23", "reason": "why", "author": "alice", "source": "in", "created": NOW, "expires": null}]}'
run 0 ban import list.txt --source in --reason why --mask --dry-run
: >err
prints 'list.txt: 7 lines, 2 of them bad, 4 entries: 3 prefixes
left out: private networks of 1 entries (--keep-private keeps them)
left out: 1 lines wider than /8 or /16 (--force keeps them)
masked: 2 entries with bits behind the prefix
in would be: 3 prefixes: 0 added, 1 removed, 0 changed, 3 as they were
nothing was written (--dry-run)'
printf '198.51.100.0/24\n' >list.txt
longest=$(printf 'n%.0s' {1..64})
run 0 ban import list.txt --source "$longest" --dry-run
prints 'list.txt: 1 lines, 0 of them bad, 1 entries: 1 prefixes
nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn would be: 1 prefixes: 1 added, 0 removed, 0 changed, 0 as they were
nothing was written (--dry-run)'
run 2 ban import list.txt --source "${longest}n"
says 'ropp: no name for a list: --source '\''nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn'\'': write at most 64 letters, digits, dots, dashes and underscores'
run 2 ban import list.txt --source 'a b'
says 'ropp: no name for a list: --source '\''a b'\'': write at most 64 letters, digits, dots, dashes and underscores'
run 2 ban import list.txt --source ''
says 'ropp: no value: --source: write '\''--source VALUE'\'''
run 2 ban import list.txt --source MANUAL
says 'ropp: the list of what people have banned: --source MANUAL: an import would replace all of it; name another list'
run 1 ban import list.txt --source in
says 'ropp: most of the list would go: in: of 4 entries in force 4 are not in list.txt; see whether it is whole and the right one, or add --force'

start 'whole: export'
fill
run 0 ban export --format plain --output list.out
prints 'list.out: 13 prefixes'
sed 's/, 20[0-9: -]* UTC$/, NOW/' list.out >out
prints '# ropp: 13 banned prefixes (IPv4: 12, IPv6: 1), NOW
# ropp ban import FILE --source NAME
203.0.112.0/24
203.0.113.0/30
203.0.113.4/31
203.0.113.6/32
203.0.113.8/29
203.0.113.16/28
203.0.113.32/27
203.0.113.64/26
203.0.113.128/25
203.0.114.0/23
203.0.116.0/22
203.0.120.0/21
2001:db8::/32'
run 0 ban export --format plain --source friends --output friends.out --json
prints '{"result": "exported", "output": "friends.out", "prefixes": 0}'
run 1 ban export --format plain --source friends --output list.out
says 'ropp: not a single ban: the list friends: list.out stays as it is; --force empties it'
run 2 ban export --format plain --json
says 'ropp: the list itself is no JSON: --json: add --output FILE'
run 2 ban export --format x
says 'ropp: no such format: --format x: give plain, haproxy, nginx, nftables or ipset'
run 2 ban export
says 'ropp: no such format: --format is missing: give plain, haproxy, nginx, nftables or ipset'
run 0 ban export --format plain --source friends --output list.out --force
prints 'list.out: 0 prefixes'
entry '2026-05-08 07:08:09' erin "606, 'ban', '240.0.0.1', 'one', 'erin', 'manual', NULL"
entry '2026-05-08 07:08:09' erin "607, 'ban', '239.0.0.1', 'no', 'erin', 'manual', NULL"
entry '2026-05-08 07:08:09' erin "608, 'ban', '240.0.0.2/31', 'no', 'erin', 'manual', NULL"
entry '2026-05-08 07:08:09' erin "609, 'allow', '240.0.0.9', 'no', 'erin', 'manual', NULL"
run 0 ban export --format plain --output list.out
: >out
says 'note: 1 bans of stand-ins of IPv6 players mean nothing to another program: ban the /64 as well'
empty

# The server lets a user have so many statements an hour: the next one fails, whichever it is.
limited() { # STATEMENTS BEFORE
    mariadb_client bans -e "$2; CREATE OR REPLACE USER limited@'127.0.0.1' IDENTIFIED BY 'x' WITH MAX_QUERIES_PER_HOUR $1;
        GRANT ALL ON bans.* TO limited@'127.0.0.1'; FLUSH USER_RESOURCES"
}
sed -e 's/^user = .*/user = limited/' -e 's/^password = .*/password = x/' ropp.cnf >limited.cnf

# fails_anywhere STATUS BEFORE COMMAND...: whichever of its statements fails, it says so and nothing else, and ends with 2;
# with all of them it ends with STATUS. Before each time the statement BEFORE is run.
fails_anywhere() {
    local wanted=$1 before=$2 count status
    shift 2
    for ((count = 1; count < 60; count++)); do
        limited "$count" "$before"
        status=0
        "$ropp" "$@" --defaults-file "$dir/limited.cnf" >out 2>err </dev/null || status=$?
        if [[ ! -s err ]]; then
            ((status == wanted)) || complain "'$*' ends with $status instead of $wanted"
            ((count > 3)) || complain "'$*' is done with $count statements"
            return 0
        fi
        ((status == 2)) || complain "'$*' ends with $status after $count statements: $(cat out err)"
        [[ ! -s out ]] || complain "'$*' prints something after $count statements: $(cat out)"
        [[ $(wc -l <err) == 1 && $(<err) == 'ropp: '*max_queries_per_hour* ]] ||
            complain "'$*' does not say what is wrong after $count statements: $(cat err)"
    done
    complain "'$*' is not done with $count statements"
}

start 'whole: a database that fails at any statement'
fill
fails_anywhere 0 'DO 0' ban list --source firehol --json
fails_anywhere 1 'DO 0' ban check 203.0.113.8
fails_anywhere 0 "DELETE FROM proxy_ban WHERE prefix = '198.51.100.0/24'" ban add 198.51.100.0/24
fails_anywhere 0 "DELETE FROM proxy_ban WHERE prefix = '198.51.100.0/24'; INSERT INTO proxy_ban (prefix) VALUES ('198.51.100.0/24'), ('198.51.100.0/24')" ban add 198.51.100.0/24 --force
fails_anywhere 0 "DELETE FROM proxy_ban WHERE prefix = '198.51.100.0/24'; INSERT INTO proxy_ban (prefix) VALUES ('198.51.100.0/24'), ('198.51.100.0/24')" ban del 198.51.100.0/24
printf '198.51.100.0/24\n198.51.102.0/24\n' >list.txt
fails_anywhere 0 "DELETE FROM proxy_ban WHERE source = 'any'; INSERT INTO proxy_ban (prefix, source) VALUES ('198.51.101.1', 'any'), ('198.51.100.0/24', 'any')" \
    ban import list.txt --source any --reason why
fails_anywhere 0 'DO 0' ban export --format plain --source firehol --output any.out
sql "INSERT INTO proxy_status (server, host, port) VALUES ('map', '203.0.113.9', 5121)"
fails_anywhere 0 'UPDATE proxy_status SET heartbeat = NOW()' status
sql 'DELETE FROM proxy_status'
mariadb_client -e "DROP USER limited@'127.0.0.1'"
empty

# One who may write and not read: what cannot be read is not taken for nothing.
start 'whole: a user who may not read the entries'
fill
mariadb_client bans -e "CREATE USER blind@127.0.0.1 IDENTIFIED BY 'x';
    GRANT SELECT (source), INSERT, UPDATE, DELETE ON proxy_ban TO blind@127.0.0.1;
    GRANT SELECT, INSERT, UPDATE ON proxy_source TO blind@127.0.0.1; GRANT SELECT, INSERT ON proxy_ban_history TO blind@127.0.0.1;
    GRANT SELECT ON proxy_schema TO blind@127.0.0.1; GRANT SELECT ON proxy_status TO blind@127.0.0.1"
sed -e 's/^user = .*/user = blind/' -e 's/^password = .*/password = x/' ropp.cnf >blind.cnf
printf '198.51.100.0/24\n' >list.txt
for name in 'import list.txt --source any' 'add 198.51.100.0/24' 'del 203.0.113.0/24' list 'check 203.0.113.8' 'export --format plain'; do
    # shellcheck disable=SC2086 # a command and its words
    plain 2 ban $name --defaults-file "$dir/blind.cnf"
    is_error 'MariaDB does not allow it: bans on 127.0.0.1: '
done
is "SELECT COUNT(*) FROM proxy_ban WHERE source = 'any' OR prefix = '198.51.100.0/24'" 0
is "SELECT COUNT(*) FROM proxy_ban WHERE prefix = '203.0.113.0/24'" 1
mariadb_client -e "DROP USER blind@127.0.0.1"
empty
