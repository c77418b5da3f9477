# SPDX-License-Identifier: MIT
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

start 'export: a list that does not exist'
cp all.txt before.txt
run 0 ban add 2001:db8::/32 --source drop
run 1 ban export --format plain --source drpo --output all.txt
is_error "no such list: drpo: did you mean 'drop'? the lists are drop, manual, x"
cmp -s all.txt before.txt || complain 'the file was written'
run 1 ban export --format plain --source manuel --json --output all.txt
is_error "no such list: manuel: did you mean 'manual'?"
run 1 ban export --format plain --source firehol
is_error 'no such list: firehol: the lists are drop, manual, x'
run 0 ban export --format plain --source MANUAL
[[ $(grep -v '^#' out) == 192.0.2.0/25 ]] || complain "it is $(cat out)"
run 0 ban export --format plain --source ipbanlist
[[ $(grep -v '^#' out) == 198.51.100.0/24 ]] || complain "it is $(cat out)"

start 'export: nothing, in the place of something'
run 0 ban del 2001:db8::/32 --source drop
for name in plain haproxy nginx nftables ipset; do
    run 0 ban export --format "$name" --output some.txt
    cp some.txt before.txt
    run 1 ban export --format "$name" --source drop --output some.txt
    is_error 'not a single ban: the list drop: some.txt stays as it is; --force empties it'
    cmp -s some.txt before.txt || complain "$name: the file was written"
    run 0 ban export --format "$name" --source drop --output some.txt --force
    has some.txt '# ropp: 0 banned prefixes'
    # Nothing in the place of nothing.
    run 0 ban export --format "$name" --source drop --output some.txt
done
printf '192.0.2.1\n' >some.txt
run 1 ban export --format plain --source drop --output some.txt
is_error 'not a single ban'
: >some.txt
run 0 ban export --format plain --source drop --output some.txt
run 0 ban export --format plain --source drop --output none.txt
run 0 ban export --format plain --source drop

start 'export --output: whose the file is'
# Runs ropp as somebody else, who can reach it and the folder.
as() { # STATUS UID:GID GROUPS ARGUMENT...
    local wanted=$1 who=$2 groups=$3 status=0
    shift 3
    setpriv --reuid "${who%:*}" --regid "${who#*:}" --groups "$groups" "$ropp_copy" "$@" \
        --defaults-file "$shared/ropp.cnf" >out 2>err </dev/null || status=$?
    ((status == wanted)) || complain "'$*' as $who ends with $status instead of $wanted: $(cat out err)"
}
owned() { # FILE OWNER:GROUP:MODE
    [[ $(stat -c %u:%g:%a "$1") == "$2" ]] || complain "$1 is $(stat -c %u:%g:%a "$1") and should be $2"
}
if ((EUID == 0)) && command -v setpriv >/dev/null; then
    shared=$dir/shared ropp_copy=$dir/shared/ropp
    mkdir -m 755 "$shared"
    cp "$ropp" "$ropp_copy"
    cp ropp.cnf "$shared"
    chmod 644 "$shared/ropp.cnf"
    mkdir -m 777 "$shared/lists"
    file=$shared/lists/banned.txt
    fresh() { # OWNER:GROUP MODE
        echo old >"$file"
        chown "$1" "$file"
        chmod "$2" "$file"
    }
    fresh 70001:70002 640
    run 0 ban export --format plain --output "$file"
    owned "$file" 70001:70002:640
    # A group of one's own is kept, and an owner who reads everything is no loss.
    fresh 0:70002 640
    as 0 70001:70001 70002 ban export --format plain --output "$file"
    owned "$file" 70001:70002:640
    [[ ! -s err ]] || complain "it says $(cat err)"
    # A group that cannot be kept would shut its members out.
    fresh 0:70003 640
    as 2 70001:70001 70002 ban export --format plain --output "$file"
    is_error "cannot keep the group: $file: 70003"
    [[ $(cat "$file") == old ]] || complain 'the file was written'
    owned "$file" 0:70003:640
    fresh 70004:70002 640
    as 2 70001:70001 70002 ban export --format plain --output "$file"
    is_error "cannot keep the owner: $file: 70004"
    # Whoever may read it still may.
    fresh 70004:70003 644
    as 0 70001:70001 70002 ban export --format plain --output "$file"
    has err "note: $file is no longer"
    owned "$file" 70001:70001:644
    if command -v setfacl >/dev/null && setfacl -m u:70005:r "$file" 2>/dev/null; then
        run 0 ban export --format plain --output "$file"
        [[ $(getfacl -pnc "$file") == *user:70005:r--* ]] || complain "the access list is gone: $(getfacl -pnc "$file")"
    fi
    [[ $(ls "$shared/lists") == banned.txt ]] || complain "temporary files are left: $(ls "$shared/lists")"
fi

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
