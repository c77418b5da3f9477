#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `ropp probe` where there is no server: what it refuses to do, and what it says when nobody answers. The rest is in the
# end-to-end suite. ROPP and PLAYER name the programs, ./ropp and ./tests/player/player by default.
set -euo pipefail

ropp=${ROPP:-./ropp}
player=${PLAYER:-./tests/player/player}
dir=$(mktemp -d)
listener=
finish() {
    if [ -n "$listener" ]; then
        kill -CONT "$listener" 2>/dev/null || true
        kill "$listener" 2>/dev/null || true
    fi
    rm -rf "$dir"
}
trap finish EXIT
unset ROPP_PROBE_PASSWORD
passed=0
failed=0

complain() { # WHAT
    printf 'FAIL %s: %s\n' "$case_name" "$1"
    failed=$((failed + 1))
}

start() { # NAME
    case_name=$1
    passed=$((passed + 1))
}

listener_ends() {
    wait "$listener" || true
    listener=
}

# run STATUS ARGUMENT ...: leaves $dir/out and $dir/err
run() {
    local wanted=$1 status=0
    shift
    "$ropp" probe "$@" </dev/null >"$dir/out" 2>"$dir/err" || status=$?
    [ "$status" = "$wanted" ] ||
        complain "'probe $*' ends with $status instead of $wanted: $(cat "$dir/out" "$dir/err")"
}

has() { # FILE TEXT
    grep -qF -- "$2" "$dir/$1" || complain "'$2' is not in $1: $(cat "$dir/$1")"
}

# wrong TEXT ARGUMENT ...: refused with that message and nothing on standard output
wrong() {
    local text=$1
    shift
    run 2 "$@"
    has err "ropp: $text"
    [ ! -s "$dir/out" ] || complain "something is on standard output: $(cat "$dir/out")"
}

# listen [OPTION...]: somebody at $port who takes one connection, keeps what it says in $dir/heard, answers with --hex if given, and
# ends it
listen() {
    : >"$dir/listener"
    "$player" listen 127.0.0.1:0 --timeout 20000 --save "$dir/heard" "$@" >"$dir/listener" &
    listener=$!
    until grep -q '^listening ' "$dir/listener"; do
        if ! kill -0 "$listener" 2>/dev/null; then
            echo "FAIL $case_name: the listener does not start"
            exit 1
        fi
        sleep 0.02
    done
    port=$(sed -n 's/^listening .* port=//p' "$dir/listener")
}

start 'usage'
run 0 --help
has out 'usage: ropp probe HOST[:PORT]'
wrong 'no host'
wrong 'no such option: --pass:' 127.0.0.1 --pass secret
wrong 'no such option: --password:' 127.0.0.1 --password secret
wrong 'no value: --user' 127.0.0.1 --user
wrong 'no value: --user' 127.0.0.1 --user=
wrong "no such place: --until 'heaven'" 127.0.0.1 --until=heaven
wrong "no such option: --untill=login: did you mean '--until'? " 127.0.0.1 --untill=login
wrong "more than one host: '--json'" 127.0.0.1 -- --json
wrong "more than one host: '127.0.0.2'" 127.0.0.1 127.0.0.2

start 'hosts and ports'
for where in 127.0.0.1:0 127.0.0.1:65536 127.0.0.1:x 127.0.0.1: :6900 '[::1' '[::1]6900' '[]:1' '' "$(printf 'x%.0s' {1..300})"; do
    wrong "not a host and a port: '$where'" "$where"
done
wrong 'unknown host: no..such..host (' no..such..host:6900

start 'values'
wrong "not a time: --timeout '50'" 127.0.0.1 --timeout 50
wrong "not a time: --timeout '60001'" 127.0.0.1 --timeout 60001
wrong "no such place: --until 'heaven'" 127.0.0.1 --until heaven
wrong "no such header: --header 'v3'" 127.0.0.1 --header v3
wrong "not a known version: --packetver '1': give the client's date, from 2" 127.0.0.1 --packetver 1
wrong "not a known version: --packetver '20100727'" 127.0.0.1 --packetver 20100727
wrong "not a known version: --packetver '2021-11-03'" 127.0.0.1 --packetver 2021-11-03
wrong "not three keys: --keys '1,2'" 127.0.0.1 --packetver 20151104 --keys 1,2
wrong "not an address: --claim 'here'" 127.0.0.1 --claim here
wrong "not an address: --must-not-contain 'here'" 127.0.0.1 --must-not-contain here
wrong "not an address with its port: --char-at '127.0.0.1'" 127.0.0.1 --char-at 127.0.0.1
wrong "not a user's name: --user 'aaaaaaaaaaaaaaaaaaaaaaaa'" 127.0.0.1 --user aaaaaaaaaaaaaaaaaaaaaaaa
wrong "not a character's name: --create 'abc'" 127.0.0.1 --user u --create abc

start 'what does not go together'
wrong 'no account: --until' 127.0.0.1 --until char
wrong 'a password without an account' 127.0.0.1 --pass-file /dev/null
wrong 'no use for a character: --create' 127.0.0.1 --create Probe
wrong 'no use for a character: --create' 127.0.0.1 --user u --until char --create Probe
wrong 'a header without a player' 127.0.0.1 --header v2
wrong 'no header to put it in' 127.0.0.1 --claim 192.0.2.1
wrong 'an IPv4 and an IPv6 address' 127.0.0.1 --from ::1
wrong 'the servers will name the address in --dest' 127.0.0.1 --user u --header v2 --claim 192.0.2.1 --dest 192.0.2.2
wrong 'no header can be written' 127.0.0.1 --header v2 --claim 2001:db8::1

start 'passwords'
wrong "cannot read the password: $dir/none (" 127.0.0.1 --user u --pass-file "$dir/none"
: >"$dir/empty"
wrong "no password: $dir/empty" 127.0.0.1 --user u --pass-file "$dir/empty"
printf '%s\n' aaaaaaaaaaaaaaaaaaaaaaaa >"$dir/long"
wrong "the password is too long: $dir/long" 127.0.0.1 --user u --pass-file "$dir/long"
wrong 'no password: standard input' 127.0.0.1 --user u --pass-file -
ROPP_PROBE_PASSWORD='' wrong 'no password: ROPP_PROBE_PASSWORD' 127.0.0.1 --user u
if command -v setsid >/dev/null; then
    status=0
    setsid "$ropp" probe 127.0.0.1 --user u </dev/null >"$dir/out" 2>"$dir/err" || status=$?
    [ "$status" = 2 ] || complain "without a terminal it ends with $status"
    has err 'no terminal to ask at'
else
    echo 'left out: a password without a terminal (needs setsid)'
fi

start 'nobody is there'
listen
kill "$listener"
listener_ends
run 1 "127.0.0.1:$port"
has out 'unreachable: no connection to the login server'
has out 'nothing listens there'
run 1 "127.0.0.1:$port" --from 192.0.2.77
has out '--from is not an address of this machine'

start 'closed'
listen
run 1 "127.0.0.1:$port"
has out "connected to 127.0.0.1:$port from 127.0.0.1:"
has out 'closed: the login server, or the proxy before it'
has out 'proxy_trusted'
listener_ends
has listener 'received bytes=55' # one login, and no more

# An accepted login, of the account 2000001, last seen from 192.0.2.9: no char server follows.
accepted=69002f000b00000081841e000c000000c0000209$(printf '00%.0s' {1..26})01
printf 'secret\n' >"$dir/password"

start 'a login server without a char server'
listen --hex "$accepted"
run 1 "127.0.0.1:$port" --user someone --pass-file "$dir/password"
listener_ends
has out ' ms: account 2000001, char servers: 0, last seen from 192.0.2.9'
has out 'no-server: the login server knows no char server'
has out 'is the char server linked?'
listen --hex "$accepted"
run 1 "127.0.0.1:$port" --user someone --pass-file "$dir/password" --json
listener_ends
has out '"account":2000001,"servers":0,"last_ip":"192.0.2.9"'
has out '"result":"no-server"'

start 'an answer of no login server'
listen --hex 485454502f312e31
run 1 "127.0.0.1:$port"
listener_ends
has out 'unknown: packet 0x5448 is no answer that a login server gives'
has out 'another service has this port'

start 'options with their values behind ='
listen
run 1 --until=login --timeout=4000 --json -- "127.0.0.1:$port"
listener_ends
has out '"result":"closed"'
[ ! -s "$dir/err" ] || complain "something is on standard error: $(cat "$dir/err")"

# The newest known one that is not newer; said once.
for version in 20211117:20211103 20190529:20180620 20151105:20151104 99999999:20211103; do
    start "the client ${version%:*}"
    listen
    run 1 "127.0.0.1:$port" --packetver "${version%:*}" --json
    listener_ends
    has err "ropp: the client ${version%:*} is not known: taking the packets of ${version#*:}"
    [ "$(wc -l <"$dir/err")" = 1 ] || complain "it says more than once: $(cat "$dir/err")"
done
for version in 20211103 20100728; do
    start "the client $version"
    listen
    run 1 "127.0.0.1:$port" --packetver "$version" --keys 0,0,0
    listener_ends
    [ ! -s "$dir/err" ] || complain "something is on standard error: $(cat "$dir/err")"
done

start 'the header goes first, the account behind it'
listen
run 1 "127.0.0.1:$port" --header v1 --claim 192.0.2.9:4444 --dest 198.51.100.7 --user someone --pass-file "$dir/password" \
    --until login --json
listener_ends
head -n 1 "$dir/heard" | tr -d '\r' >"$dir/header"
[ "$(cat "$dir/header")" = 'PROXY TCP4 192.0.2.9 198.51.100.7 4444 6900' ] ||
    complain "the header is not what was asked for: $(cat "$dir/header")"
grep -qa 'someone' "$dir/heard" || complain 'the user was not sent'
grep -qa 'secret' "$dir/heard" || complain 'the password was not sent'
has out '"result":"closed"'
has out '"source":"192.0.2.9:4444"'
! grep -q secret "$dir/out" "$dir/err" || complain 'the password is shown'

if command -v script >/dev/null; then
    start 'asked for at the terminal, and not shown'
    listen
    { for _ in {1..500}; do grep -qs Password: "$dir/terminal" && break || sleep 0.02; done; echo hushed; } |
        script -qefc "$ropp probe 127.0.0.1:$port --user someone; stty -a" "$dir/terminal" >/dev/null || true
    listener_ends
    grep -qa hushed "$dir/heard" || complain 'the password was not sent'
    ! grep -q hushed "$dir/terminal" || complain "the password is shown: $(cat "$dir/terminal")"
    grep -q ' echo ' "$dir/terminal" || complain "the terminal shows nothing any more: $(cat "$dir/terminal")"
else
    echo 'left out: a password at the terminal (needs script)'
fi

# Whether it has an IPv6 address is the machine's affair; one of the other family is of no use.
start 'a name that is dialled from an IPv6 address'
"$ropp" probe localhost:6900 --from ::1 --timeout 500 >"$dir/out" 2>"$dir/err" </dev/null && complain 'somebody answers'
! grep -q 'an IPv4 and an IPv6 address' "$dir/err" || complain "it asks for the IPv4 address: $(cat "$dir/err")"

start 'a name'
listen
run 1 "localhost:$port" --from 127.0.0.1
listener_ends
has out "connected to 127.0.0.1:$port from 127.0.0.1:"
has out 'closed: the login server, or the proxy before it'

start 'silent'
listen
kill -STOP "$listener"
began=$(date +%s%N)
run 1 "127.0.0.1:$port" --timeout 300 --json
took=$((($(date +%s%N) - began) / 1000000))
has out '"result":"silent"'
has out '"causes":["the proxy accepts, but does not reach the server'
[ "$took" -ge 300 ] || complain "it gave up after $took ms"
[ "$took" -lt 5000 ] || complain "it waited $took ms"
kill -CONT "$listener"
listener_ends
if command -v jq >/dev/null; then
    jq -e '.result == "silent" and (.steps | map(.step)) == ["connected", "silent"] and (.causes | length) > 1' \
        "$dir/out" >/dev/null || complain "not the object it should be: $(cat "$dir/out")"
else
    echo 'left out: the whole object of --json (needs jq)'
fi

echo "probe: $passed cases, $failed complaints"
[ "$failed" = 0 ]
