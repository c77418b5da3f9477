# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# `ropp ban list`. Sourced by tests/ban/test_cli.sh.

start 'list: nothing'
empty
run 0 ban list
has out 'no entry in force'
run 0 ban list --expired
has out 'no entry has ended'
run 0 ban list --history
has out 'no entry'
run 0 ban list --json
json '. == {"total": 0, "page": 1, "pages": 0, "entries": []}'

start 'list: filters'
empty
run 0 ban add 203.0.113.0/24 --reason 'Bots of spring' --author alice
run 0 ban add 203.0.113.7 --allow --author bob
run 0 ban add 203.0.112.0/23 --source firehol
run 0 ban add 2001:db8::/32 --for 1h
sql "INSERT INTO proxy_ban (prefix, expires) VALUES ('192.0.2.1', NOW() + INTERVAL 1 SECOND)"
wait_ended
listed() { # PREFIXES OPTION...: the prefixes that are listed, newest first
    local wanted=$1
    shift
    run 0 ban list "$@" --json
    json "[.entries[].prefix] == (\"$wanted\" | split(\" \")) and .total == (\"$wanted\" | split(\" \") | length)"
}
listed '2001:db8::/32 203.0.112.0/23 203.0.113.7/32 203.0.113.0/24'
listed '203.0.112.0/23' --source firehol
listed '203.0.113.7/32' --kind allow
listed '203.0.113.0/24' --author alice
listed '203.0.113.0/24' --reason 'bots OF'
listed '203.0.113.7/32 203.0.113.0/24' --within 203.0.113.0/24
listed '203.0.113.7/32' --within 203.0.113.7
listed '203.0.112.0/23 203.0.113.7/32 203.0.113.0/24' --within 0.0.0.0/0
listed '2001:db8::/32' --within ::/0
listed '203.0.113.0/24' --within 203.0.112.0/23 --kind ban --source manual
listed '192.0.2.1/32' --expired
listed '' --expired --kind allow
listed '' --reason %
run 0 ban list
has out '4 in all'
has out '203.0.113.0/24'
has out 'Bots of spring'
has out 'for ever'
[[ $(head -n 1 out) == *ID*KIND*PREFIX*UNTIL*LIST*AUTHOR*CREATED*REASON ]] || complain "the heading is $(head -n 1 out)"

start 'list: pages'
run 0 ban list --limit 3 --json
json '.total == 4 and .page == 1 and .pages == 2 and (.entries | length) == 3'
run 0 ban list --limit 3 --page 2 --json
json '.page == 2 and [.entries[].prefix] == ["203.0.113.0/24"]'
run 0 ban list --limit 3
has out '1 to 3 of 4, page 1 of 2: --page shows the next ones'
run 0 ban list --limit 3 --page 2
has out '4 to 4 of 4, page 2 of 2'
has_no out 'next ones'
run 0 ban list --limit 3 --page 3
has out 'no such page: there are 2'

start 'list: what may not be'
for name in '--limit 0' '--limit x' '--limit 100001' '--page 0' '--page -1'; do
    # shellcheck disable=SC2086 # two words
    run 2 ban list $name
    is_error "no such number: $name"
done
run 2 ban list --kind neither
is_error 'no such kind: --kind neither'
run 2 ban list --expired --history
is_error 'two lists'
run 1 ban list --source firehl
is_error "no such list: firehl: did you mean 'firehol'? the lists are firehol, manual"
run 1 ban list --source ipbanlist
is_error "the emulator's own table: ipbanlist: see it with \`ropp ban export --format plain --source ipbanlist\`"
run 2 ban list 192.0.2.1
is_error "one word too many: '192.0.2.1'"
run 2 ban list --within 192.0.2.1/24
is_error 'bits are set behind the prefix'

start 'list --history'
empty
run 0 ban add 192.0.2.0/24 --author alice --reason bots --for 1h
run 0 ban add 192.0.2.0/24 --author bob
run 0 ban del 192.0.2.0/24 --author carol
run 0 ban add 192.0.2.0/25 --author dave
run 0 ban list --history
has out 'SQL USER'
has out "$db_user@127.0.0.1"
has out carol
has out '4 in all'
run 0 ban list --history --json
json '[.history[] | .action + " " + .author] == ["add dave", "delete carol", "change bob", "add alice"]
    and .history[3].prefix == "192.0.2.0/24" and .history[3].reason == "bots" and .history[3].entries == null
    and (.history[3].time | fromdate) <= now and .history[3].expires != null and .history[0].expires == null
    and .history[1].id == .history[3].id and (.history[3].id | type) == "number"'
run 0 ban list --history --within 192.0.2.0/25 --json
json '[.history[].author] == ["dave"]'
run 0 ban list --history --author bob --kind ban --source manual --reason bots --json
json '.total == 1'
run 1 ban list --history --source firehol
is_error 'no such list: firehol: the lists are manual'

start 'list --history: of a list that is gone'
run 0 ban add 192.0.2.1 --source gone
run 0 ban del 192.0.2.1 --source gone
sql "DELETE FROM proxy_source WHERE name = 'gone'"
run 1 ban list --source gone
run 0 ban list --history --source gone
has out '2 in all'
