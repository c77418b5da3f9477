#!/usr/bin/env bash
# `ropp decode` as an owner and as a program sees it: output, messages, exit status.
# ROPP names the program to test, ./ropp by default.
set -euo pipefail

ropp=${ROPP:-./ropp}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

signature=0d0a0d0a000d0a515549540a
v4=c0000207c6336401dc041af4
v6='20010db8000000000000000000000007 20010db8000000000000000000000001 dc04 1af4'

# bytes N HEX: N times the same byte
bytes() { printf "$2%.0s" $(seq "$1"); }
zeros() { bytes "$1" 00; }

# header COMMAND-AND-FAMILY BODY: a version 2 header with the right length
header() {
    local body=${2//[[:space:]]/}
    printf '%s%s%04x%s' "$signature" "$1" $((${#body} / 2)) "$body"
}

# complain NAME WHAT GOT WANTED
complain() {
    printf 'FAIL %s: %s is\n%s\nand should be\n%s\n' "$1" "$2" "$3" "$4"
    failed=$((failed + 1))
}

# run STATUS ARGUMENT ...: runs it on $dir/in; leaves $dir/out and $dir/err
run() {
    local wanted=$1 status=0
    shift
    "$ropp" decode "$@" <"$dir/in" >"$dir/out" 2>"$dir/err" || status=$?
    [ "$status" = "$wanted" ] || complain "$name" "exit status of 'decode $*'" "$status" "$wanted"
}

# check NAME HEX STATUS JSON: both outputs end with STATUS, and --json prints JSON
check() {
    local name=$1
    printf '%s\n' "$2" >"$dir/in"
    run "$3" --hex
    run "$3" --hex --json
    [ "$(cat "$dir/out")" = "$4" ] || complain "$name" "the JSON" "$(cat "$dir/out")" "$4"
    if [ "$3" = 0 ] && [ -s "$dir/err" ]; then
        complain "$name" "standard error" "$(cat "$dir/err")" ""
    fi
    if [ "$3" != 0 ] && ! grep -q '^ropp: ' "$dir/err"; then
        complain "$name" "standard error" "$(cat "$dir/err")" "ropp: ..."
    fi
    passed=$((passed + 1))
}

# output NAME STATUS EXPECTED ARGUMENT ...: what is printed for $dir/in
output() {
    local name=$1 status=$2 expected=$3
    shift 3
    run "$status" "$@"
    [ "$(cat "$dir/out")" = "$expected" ] || complain "$name" output "$(cat "$dir/out")" "$expected"
    passed=$((passed + 1))
}

# message NAME STATUS PATTERN ARGUMENT ...: what is said on standard error, and nothing printed
message() {
    local name=$1 status=$2 pattern=$3
    shift 3
    run "$status" "$@"
    grep -Eq "$pattern" "$dir/err" || complain "$name" message "$(cat "$dir/err")" "$pattern"
    [ ! -s "$dir/out" ] || complain "$name" output "$(cat "$dir/out")" ""
    passed=$((passed + 1))
}

tcp4='"family":"INET","transport":"STREAM","source":"192.0.2.7","source_port":56324,"destination":"198.51.100.1","destination_port":6900'
check "v2 TCP4" "$signature 2111000c $v4" 0 \
    '{"result":"ok","version":2,"command":"PROXY",'"$tcp4"',"length":28}'
check "command 2" "$signature 22" 1 '{"result":"invalid","reason":"v2-command","version":2}'
check "v2 UDP6" "$signature 21220024 $v6" 0 \
    '{"result":"ok","version":2,"command":"PROXY","family":"INET6","transport":"DGRAM","source":"2001:db8::7","source_port":56324,"destination":"2001:db8::1","destination_port":6900,"length":52}'
check "mapped: the family is the wire's, the addresses are IPv4" \
    "$signature 21210024 00000000000000000000ffffc0000207 00000000000000000000ffffc6336401 dc041af4" 0 \
    '{"result":"ok","version":2,"command":"PROXY","family":"INET6","transport":"STREAM","source":"192.0.2.7","source_port":56324,"destination":"198.51.100.1","destination_port":6900,"length":52}'
check "port 0 is a port" "$signature 2111000c 00000000000000000000 0000" 0 \
    '{"result":"ok","version":2,"command":"PROXY","family":"INET","transport":"STREAM","source":"0.0.0.0","source_port":0,"destination":"0.0.0.0","destination_port":0,"length":28}'
check "v2 LOCAL" "$signature 20000000" 0 \
    '{"result":"ok","version":2,"command":"LOCAL","family":"UNSPEC","transport":"UNSPEC","length":16}'
check "v2 LOCAL keeps its addresses to itself" "$signature 2011000c $v4" 0 \
    '{"result":"ok","version":2,"command":"LOCAL","family":"INET","transport":"STREAM","length":28}'
check "v2 UNIX: a path to escape, an abstract name" \
    "$signature 213100d8 2f611b225c$(zeros 103) 00616263$(zeros 104)" 0 \
    '{"result":"ok","version":2,"command":"PROXY","family":"UNIX","transport":"STREAM","source":"/a\u001b\"\\","destination":"@abc","length":232}'
check "v2 UNIX: no path at all" "$signature 213200d8 $(zeros 216)" 0 \
    '{"result":"ok","version":2,"command":"PROXY","family":"UNIX","transport":"DGRAM","length":232}'
check "v2 TLVs" \
    "$(header 2111 "$v4 010002 6832 050003 00ff61 ee0005 0104030201 ee0001 02 e00008 0102030405060708 ea0003 01 6964 200011 01 00000001 210003 312e33 990003 010203 040000")" 0 \
    '{"result":"ok","version":2,"command":"PROXY",'"$tcp4"',"length":91,"tlvs":[{"type":1,"name":"ALPN","value":"6832"},{"type":5,"name":"UNIQUE_ID","value":"00ff61"},{"type":238,"name":"AZURE_LINK_ID","value":"0104030201"},{"type":238,"value":"02"},{"type":224,"name":"GOOGLE_PSC_ID","value":"0102030405060708"},{"type":234,"name":"AWS_VPCE_ID","value":"016964"},{"type":32,"name":"SSL","value":"0100000001210003312e33990003010203","client":1,"verify":1,"tlvs":[{"type":33,"name":"SSL_VERSION","value":"312e33"},{"type":153,"value":"010203"}]},{"type":4,"name":"NOOP","value":""}]}'
check "bytes of the game behind it" "$signature 2111000c $v4 64001400" 0 \
    '{"result":"ok","version":2,"command":"PROXY",'"$tcp4"',"length":28,"trailing":4}'
check "wrong checksum" "$signature 21110013 $v4 030004 00000000" 1 \
    '{"result":"invalid","reason":"crc32c-mismatch","version":2}'
check "a game client" "6400 14000000" 1 '{"result":"invalid","reason":"not-proxy-protocol"}'
check "nothing" "" 1 '{"result":"need-more"}'
check "first half" "$signature 21" 1 '{"result":"need-more","version":2}'
check "length known, not all there" "$signature 2111000c c0000207" 1 \
    '{"result":"need-more","version":2,"length":28}'

printf 'PROXY TCP4 192.0.2.7 198.51.100.1 56324 6900\r\nd\0' >"$dir/in"
v1='{"result":"ok","version":1,"command":"PROXY",'"$tcp4"',"length":46,"trailing":2}'
output "v1, binary, from standard input" 0 "$v1" --json
output "v1, binary, from a file" 0 "$v1" --json "$dir/in"
output "v1, binary, from -" 0 "$v1" - --json
output "v1, the table" 0 'result       ok
version      1
command      PROXY
family       INET
transport    STREAM
source       192.0.2.7 port 56324
destination  198.51.100.1 port 6900
length       46 bytes
after it     2 bytes, the game'\''s'

printf 'PROXY UNKNOWN \377\r\n' >"$dir/in"
output "v1 UNKNOWN" 0 '{"result":"ok","version":1,"command":"PROXY","family":"UNSPEC","transport":"UNSPEC","length":17}' --json

echo "$signature 20110002 0102" >"$dir/in"
output "LOCAL, the table" 0 'result       ok
version      2
command      LOCAL
family       INET
transport    STREAM
length       18 bytes
passed over  2 bytes without meaning here
after it     0 bytes, the game'\''s' --hex
echo "$signature 20000007 030004 a9b87e8f" >"$dir/in" # as HAProxy 2.6 checks a server's health
output "a checksum, the table" 0 'result       ok
version      2
command      LOCAL
family       UNSPEC
transport    UNSPEC
length       23 bytes
tlvs
  0x03 CRC32C                4  a9b87e8f, right
after it     0 bytes, the game'\''s' --hex
# Bytes that are no text stay hex: an escape sequence must not reach the terminal.
header 2111 "$v4 020006 610d1b5b3362 200016 01 00000001 210003 312e33 220003 626f62 990002 0102
    010041 $(bytes 65 61) ee0005 01 05000000 e00008 0000000000000007 ea0003 01 6964" >"$dir/in"
output "TLVs, the table" 0 'result       ok
version      2
command      PROXY
family       INET
transport    STREAM
source       192.0.2.7 port 56324
destination  198.51.100.1 port 6900
length       155 bytes
tlvs
  0x02 AUTHORITY             6  610d1b5b3362
  0x20 SSL                  22  client 0x01, verify 1
    0x21 SSL_VERSION         3  1.3
    0x22 SSL_CN              3  bob
    0x99 -                   2  0102
  0x01 ALPN                 65  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...
  0xee AZURE_LINK_ID         5  5
  0xe0 GOOGLE_PSC_ID         8  7
  0xea AWS_VPCE_ID           3  id
after it     0 bytes, the game'\''s' --hex

# The longest header: 16 + 65535 bytes, most of it one TLV, and the game's bytes behind it.
{
    echo "$signature 2111ffff $v4 02fff0"
    bytes 65520 61
    echo 6400
} >"$dir/in"
run 0 --hex --json
if ! grep -q '"length":65551,.*61"}\],"trailing":2}$' "$dir/out"; then
    complain "the longest header" output "$(tail -c 80 "$dir/out")" '... "trailing":2}'
fi
passed=$((passed + 1))

message "no such file" 2 '^ropp: cannot read the capture: .*/absent \(No such file' "$dir/absent"
message "a folder" 2 '^ropp: cannot read the capture: .* \(Is a directory\): ' "$dir"
message "no such option" 2 "^ropp: no such option: '--xml': see" --xml
message "two files" 2 "^ropp: more than one file: 'b': " a b
message "an option behind --" 2 '^ropp: cannot read the capture: --json ' -- --json
echo "0d 0g" >"$dir/in"
message "no hex" 2 '^ropp: not a hex dump: standard input, character 5: ' --hex
echo "0d 0" >"$dir/in"
message "half a byte" 2 '^ropp: not a hex dump: standard input, character 5: ' --hex
run 0 --help
grep -q '^usage: ropp decode ' "$dir/out" || complain "--help" output "$(cat "$dir/out")" "usage: ..."

if [ -w /dev/full ]; then
    printf 'PROXY UNKNOWN\r\n' >"$dir/in"
    status=0
    "$ropp" decode <"$dir/in" >/dev/full 2>"$dir/err" || status=$?
    [ "$status" = 2 ] || complain "full disk" "exit status" "$status" 2
    passed=$((passed + 1))
fi

echo "decode: $passed cases, $failed complaints"
[ "$failed" = 0 ]
