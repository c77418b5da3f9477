# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# `ropp ban export`. What the files mean to their programs is tested elsewhere. Sourced by tests/ban/test_cli.sh.

start 'export'
empty
sql 'DELETE FROM ipbanlist'
run 0 ban add 192.0.2.0/24
run 0 ban add 192.0.2.128/25 --allow
run 0 ban add 2001:db8::/32 --source x
sql "INSERT INTO ipbanlist VALUES ('198.51.100.*', NOW(), NOW() + INTERVAL 1 HOUR, ''), ('198.51.101.*', NOW(), NOW(), '')"
sql "INSERT INTO proxy_ban (prefix, expires) VALUES ('203.0.113.0/24', NOW() + INTERVAL 1 SECOND)"
wait_ended
run 0 ban export --format plain
[[ $(grep -v '^#' out | tr '\n' ' ') == '192.0.2.0/25 198.51.100.0/24 2001:db8::/32 ' ]] || complain "it is $(cat out)"
run 0 ban export --format plain --source x
[[ $(grep -v '^#' out) == 2001:db8::/32 ]] || complain "it is $(cat out)"
run 0 ban export --format plain --source nothing
has_no out 192
for name in haproxy nginx nftables ipset; do
    run 0 ban export --format "$name"
    has out 192.0.2.0/25
    has out 198.51.100.0/24
    has out 2001:db8::/32
    has_no out 203.0.113
done

start 'export: what is exported can be imported'
run 0 ban export --format plain --output all.txt
has out 'all.txt: 3 prefixes'
run 0 ban import all.txt --source copy --dry-run --json
json '.bad_lines == 0 and .prefixes == 3'

start 'export --output'
chmod 640 all.txt
ln -s all.txt link.txt
run 0 ban export --format haproxy --output link.txt --json
json '. == {"result": "exported", "output": "link.txt", "prefixes": 3}'
[[ -L link.txt && $(stat -c %a all.txt) == 640 ]] || complain 'the link or the mode is gone'
has all.txt 192.0.2.0/25
(umask 027 && run 0 ban export --format plain --output new.txt)
[[ $(stat -c %a new.txt) == 640 ]] || complain "a new file has the mode $(stat -c %a new.txt)"
run 2 ban export --format plain --output nowhere/x
is_error 'cannot write: nowhere/x (No such file or directory)'
run 2 ban export --format plain --output /dev/null
is_error 'not a plain file: /dev/null'
[[ -c /dev/null ]] || complain '/dev/null is gone'
[[ $(ls all.txt.* new.txt.* 2>/dev/null) == '' ]] || complain 'temporary files are left'

start 'export: a stand-in means nothing elsewhere'
run 0 ban add 243.1.2.3
run 0 ban export --format plain
has err 'note: 1 bans of stand-ins'

start 'export: what may not be'
run 2 ban export
is_error "no such format: --format is missing: give plain, haproxy, nginx, nftables or ipset"
run 2 ban export --format csv
is_error 'no such format: --format csv'
run 2 ban export --format plain --json
is_error 'the list itself is no JSON'
run 2 ban export --format plain file
is_error "one word too many: 'file'"
sql 'DELETE FROM ipbanlist'
