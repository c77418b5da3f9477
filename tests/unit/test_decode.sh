#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `ropp decode` as an owner and as a program sees it: output, messages, exit status.
# ROPP names the program to test, ./ropp by default.
set -euo pipefail

ropp=${ROPP:-./ropp}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
name=
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
    010041 $(bytes 65 61) ee0005 01 04030201 e00008 0102030405060708 ea0003 01 6964" >"$dir/in"
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
  0xee AZURE_LINK_ID         5  16909060
  0xe0 GOOGLE_PSC_ID         8  72623859790382856
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

printf 'PROXY TCP4 192.0.2.7 unix:/run/n1.sock 56324 0\r\n' >"$dir/in"
output "a departure: the destination is no address" 0 \
    '{"result":"ok","version":1,"command":"PROXY","family":"INET","transport":"STREAM","source":"192.0.2.7","source_port":56324,"length":48,"note":"The destination is no address, which departs from the specification. ropp takes it, as nginx and others do: the source counts, the destination is unknown."}' --json
printf 'PROXY TCP6 2001:db8::7 127.0.0.1 56324 8000\r\n' >"$dir/in"
output "a departure: addresses of two families" 0 'result       ok
version      1
command      PROXY
family       INET6
transport    STREAM
source       2001:db8::7 port 56324
destination  127.0.0.1 port 8000
length       45 bytes
after it     0 bytes, the game'\''s
note         The addresses are not of the family that the line names, which departs from the specification. ropp takes it, as nginx and others do: the source counts.'

# ---- the forms in which bytes are written down ----

binary() { # HEX > bytes
    printf '%b' "$(sed 's/[[:space:]]//g; s/../\\x&/g' <<<"$1")"
}

# dumped NAME INPUT-NAME COMMAND ...: what the command makes of $dir/header is read, whatever it is.
dumped() {
    local name=$1 input=$2
    shift 2
    "$@" <"$dir/header" >"$dir/in"
    output "$name" 0 '{"result":"ok","version":2,"command":"PROXY",'"$tcp4"',"length":28,"trailing":8,"input":"'"$input"'"}' --json
}

# The C escapes of every byte, as a C program or Python would write them.
escaped() {
    od -An -v -tx1 | tr -d '\n' | sed 's/ /\\x/g'
}

hexdump_canonical() { # hexdump -C, for machines without it
    if command -v hexdump >/dev/null; then
        hexdump -C
    else
        od -A x -t x1z -v | sed -E 's/^([0-9a-f]+)/\1 /; s/ +>(.*)<$/  |\1|/'
    fi
}

binary "$(header 2111 "$v4") 6400140000007061" >"$dir/header"
dumped "od -An -tx1" hex od -An -v -tx1
dumped "hexdump -C" dump hexdump_canonical
dumped "escapes" escapes escaped
dumped "escapes, of Python" escapes bash -c "printf \"b'\"; od -An -v -tx1 | tr -d '\\n' | sed 's/ /\\\\x/g'; printf \"'\""
dumped "one hex number" hex bash -c "printf 0x; od -An -v -tx1 | tr -d ' \\n'"
dumped "0x and commas" hex bash -c "od -An -v -tx1 | sed 's/ /, 0x/g; s/^, //'"
dumped "colons" hex bash -c "od -An -v -tx1 | tr -d '\\n' | sed 's/^ //; s/ /:/g'"
if command -v xxd >/dev/null; then
    dumped "xxd" dump xxd
    dumped "xxd -p" hex xxd -p
    dumped "xxd -i" hex xxd -i
    dumped "xxd -g 1 -c 8" dump xxd -g 1 -c 8
else
    echo 'left out: what xxd prints (needs xxd)'
fi

printf '%s' 'PROXY TCP4 192.0.2.7 198.51.100.1 56324 6900\r\nd\0' >"$dir/in"
output "version 1 with escapes" 0 "${v1%\}},\"input\":\"escapes\"}" --json
output "how it was read" 0 'read as      a string with escapes
result       ok
version      1
command      PROXY
family       INET
transport    STREAM
source       192.0.2.7 port 56324
destination  198.51.100.1 port 6900
length       46 bytes
after it     2 bytes, the game'\''s'

# Bytes of the header itself are never taken for a dump: UNKNOWN may have anything behind it.
printf 'PROXY UNKNOWN \\x0d\r\n' >"$dir/in"
output "a backslash in version 1" 0 \
    '{"result":"ok","version":1,"command":"PROXY","family":"UNSPEC","transport":"UNSPEC","length":20}' --json
printf 'PROXY TCP4 192.0.2.7\n' >"$dir/in"
output "a line's end missing" 1 '{"result":"invalid","reason":"v1-line-end","version":1}' --json
echo 'GET / HTTP/1.1' >"$dir/in"
run 1
grep -q '^ropp: it was taken as it is: standard input: it is text, but no dump' "$dir/err" ||
    complain "text in no form" "standard error" "$(cat "$dir/err")" "ropp: it was taken as it is ..."
printf '00000000: 0d0a 0d0a  ....\n00000008: 0d0a  ..\n' >"$dir/in"
message "a line of the dump is missing" 2 '^ropp: lines of the dump are missing: standard input, line 2: '

# ---- capture files ----

# A packet of ours: Ethernet, IPv4 192.0.2.10:51342 > 198.51.100.5:6900, TCP.
frame() { # SEQUENCE FLAGS PAYLOAD
    local payload=${3//[[:space:]]/}
    printf '020000000001020000000002080045%s%04x0000400040060000c000020ac6336405c88e1af4%08x0000000050%s020000000000%s' \
        00 $((40 + ${#payload} / 2)) "$1" "$2" "$payload"
}

pcap() { # FRAME ...: a capture file, big endian
    local each size
    printf 'a1b2c3d4 0002 0004 00000000 00000000 00040000 00000001'
    for each in "$@"; do
        size=$((${#each} / 2))
        printf '0000000000000000%08x%08x%s' "$size" "$size" "$each"
    done
}

ends='"from":"192.0.2.10:51342","to":"198.51.100.5:6900"'
first=$(frame 99 02 '')
whole=$(header 2111 "$v4")
binary "$(pcap "$first" "$(frame 110 18 "${whole:20}")" "$(frame 100 18 "${whole:0:20}")" "$(frame 128 18 6400)")" >"$dir/in"
output "pcap: a header in two segments, the second one first" 0 \
    '{"result":"ok","version":2,"command":"PROXY",'"$tcp4"',"length":28,"trailing":2,"input":"pcap",'"$ends"'}' --json
output "pcap, the table" 0 'read as      a pcap file: 4 packets, 4 of TCP
connections  1, 0 of them silent

connection   192.0.2.10:51342 > 198.51.100.5:6900
result       ok
version      2
command      PROXY
family       INET
transport    STREAM
source       192.0.2.7 port 56324
destination  198.51.100.1 port 6900
length       28 bytes
after it     2 bytes, the game'\''s'
binary "$(pcap "$first" "$(frame 100 18 "$whole")" "$(frame 899 02 '')" "$(frame 900 18 "64001400")")" >"$dir/in"
output "pcap: two connections, one object a line" 1 \
    '{"result":"ok","version":2,"command":"PROXY",'"$tcp4"',"length":28,"input":"pcap",'"$ends"'}
{"result":"invalid","reason":"not-proxy-protocol","input":"pcap",'"$ends"'}' --json
grep -q '^ropp: not a valid header, not-proxy-protocol: standard input, 192.0.2.10:51342 > 198.51.100.5:6900, offset 0: ' \
    "$dir/err" || complain "pcap: which connection" "standard error" "$(cat "$dir/err")" "ropp: ..."
binary "$(pcap "$first" "$(frame 110 18 "${whole:20}")")" >"$dir/in"
output "pcap: a gap" 1 '{"result":"need-more","input":"pcap",'"$ends"'}' --json
grep -q ' has a gap after 0 bytes: ' "$dir/err" ||
    complain "pcap: a gap" "standard error" "$(cat "$dir/err")" "... has a gap after 0 bytes: ..."
binary "$(pcap "$first")" >"$dir/in"
output "pcap: nobody said anything" 1 '{"result":"need-more","input":"pcap"}' --json
binary "$(pcap "$first" "$(frame 100 18 "$whole")")00000000000000000000" >"$dir/in"
run 0 --json
grep -q '^ropp: the capture ends in the middle of a packet: ' "$dir/err" ||
    complain "pcap: cut" "standard error" "$(cat "$dir/err")" "ropp: the capture ends ..."
binary "a1b2c3d4 0002 0004 00000000 00000000 00040000 00000093 0000000000000000 00000001 00000001 00" >"$dir/in"
message "pcap: a kind of packet that nobody knows" 2 '^ropp: packets of an unknown kind: standard input, link type 147: '
frame 100 18 "$whole" >"$dir/in"
output "one packet in hex, as Wireshark copies it" 0 \
    '{"result":"ok","version":2,"command":"PROXY",'"$tcp4"',"length":28,"input":"packets",'"$ends"'}' --json

message "no such file" 2 '^ropp: cannot read the capture: .*/absent \(No such file' "$dir/absent"
message "a folder" 2 '^ropp: cannot read the capture: .* \(Is a directory\): ' "$dir"
message "no such option" 2 "^ropp: no such option: --xml: see" --xml
message "two files" 2 "^ropp: more than one file: 'b': " a b
message "an option behind --" 2 '^ropp: cannot read the capture: --json ' -- --json
echo "0d 0g" >"$dir/in"
message "no hex" 2 '^ropp: not a hex dump: standard input, character 5: ' --hex
echo "0d 0" >"$dir/in"
message "half a byte" 2 '^ropp: not a hex dump: standard input, character 5: ' --hex
run 0 --help
grep -q '^usage: ropp decode ' "$dir/out" || complain "--help" output "$(cat "$dir/out")" "usage: ..."

# ---- every word of it ----

# whole NAME STATUS OUTPUT MESSAGES ARGUMENT ...: all that is printed and said for $dir/in
whole() {
    local name=$1 status=$2 expected=$3 said=$4
    shift 4
    run "$status" "$@"
    [ "$(cat "$dir/out")" = "$expected" ] || complain "$name" output "$(cat "$dir/out")" "$expected"
    [ "$(cat "$dir/err")" = "$said" ] || complain "$name" "standard error" "$(cat "$dir/err")" "$said"
    passed=$((passed + 1))
}

not_proxy='The connection does not begin with a PROXY protocol header; usually the proxy is not set to send one, or a client has connected past it.'
longer='capture the connection from its first byte on, and longer'
echo "$signature 21" >"$dir/in"
whole "cut behind the version" 1 'result       need-more
version      2' "ropp: the header is not complete: standard input ends after 13 bytes: $longer" --hex
echo "$signature 2111000c c0000207" >"$dir/in"
whole "cut behind its length" 1 'result       need-more
version      2
length       28 bytes' "ropp: the header is not complete: standard input ends after 20 of 28 bytes: $longer" --hex
echo "$signature 211100" >"$dir/in"
whole "cut in its length" 1 'result       need-more
version      2' "ropp: the header is not complete: standard input ends after 15 bytes: $longer" --hex
echo "$signature 21110102" >"$dir/in"
whole "cut behind the fixed part" 1 '{"result":"need-more","version":2,"length":274}' \
    "ropp: the header is not complete: standard input ends after 16 of 274 bytes: $longer" --hex --json
printf 'PROXY TCP4 192.0.2.7' >"$dir/in"
whole "version 1, cut" 1 'result       need-more
version      1' "ropp: the header is not complete: $dir/in ends after 20 bytes: $longer" "$dir/in"
echo "$signature 31" >"$dir/in"
whole "another version" 1 'result       invalid
reason       v2-version
version      2' \
    "ropp: not a valid header, v2-version: standard input, offset 12: A binary header carries a version other than 2; the sender is newer than this decoder or the bytes are damaged." --hex
echo 'GET / HTTP/1.1' >"$dir/in"
whole "text in no form, the table" 1 'result       invalid
reason       not-proxy-protocol' "ropp: not a valid header, not-proxy-protocol: standard input, offset 0: $not_proxy
ropp: it was taken as it is: standard input: it is text, but no dump that is known; see \`ropp decode --help\`"
echo "6400 1400" >"$dir/in"
whole "no header in hex" 1 'read as      hex digits
result       invalid
reason       not-proxy-protocol' "ropp: not a valid header, not-proxy-protocol: standard input, offset 0: $not_proxy"
printf '\001\002' >"$dir/in"
whole "no header in bytes" 1 '{"result":"invalid","reason":"not-proxy-protocol"}' \
    "ropp: not a valid header, not-proxy-protocol: standard input, offset 0: $not_proxy" --json
echo "0d 0g" >"$dir/in"
whole "no hex, all of it" 2 '' "ropp: not a hex dump: standard input, character 5: give pairs of hex digits, as \`xxd -p\` writes them" --hex

# Each form by its name, in the table and as JSON.
forms() { # WORDS NAME HEADING
    local name="the form $2"
    run 0
    [ "$(head -n 1 "$dir/out")" = "read as      $1" ] || complain "$name" heading "$(cat "$dir/out")" "$1"
    run 0 --json
    grep -q "\"input\":\"$2\"" "$dir/out" || complain "$name" "the JSON" "$(cat "$dir/out")" "$2"
    passed=$((passed + 1))
}
echo "$signature 2111000c $v4" >"$dir/in"
forms 'hex digits' hex
printf '0000: %s\n' "${signature}2111000c$v4" >"$dir/in"
forms 'a dump with offsets' dump
printf 'PROXY UNKNOWN\\r\\n' >"$dir/in"
forms 'a string with escapes' escapes
frame 100 18 "$whole" >"$dir/in"
forms 'a dump of packets: 1 packets, 1 of TCP' packets
binary "$(pcap "$(frame 100 18 "$whole")")" >"$dir/in"
forms 'a pcap file: 1 packets, 1 of TCP' pcap

# A pcapng of two interfaces, the second of them of a kind that nobody knows.
block() { # TYPE BODY
    local body=${2//[[:space:]]/}
    while [ $((${#body} % 8)) != 0 ]; do body=${body}00; done
    printf '%s%08x%s%08x' "$1" $((12 + ${#body} / 2)) "$body" $((12 + ${#body} / 2))
}
packet() { # INTERFACE FRAME
    block 00000006 "$(printf '%08x 00000000 00000000 %08x %08x %s' "$1" $((${#2} / 2)) $((${#2} / 2)) "$2")"
}
section=$(block 0a0d0d0a "1a2b3c4d 0001 0000 ffffffffffffffff")
binary "$section$(block 00000001 "0001 0000 00000000")$(block 00000001 "0093 0000 00000000")$(packet 0 "$first")$(packet 1 "$first")$(
    packet 0 "$(frame 100 18 "$whole")")$(packet 0 "00")" >"$dir/in"
forms 'a pcapng file: 4 packets, 2 of TCP' pcapng

# Three connections, of which one is silent: the table, the objects, and what is said of each.
six() { # SEQUENCE FLAGS PAYLOAD: the same over IPv6
    local payload=${3//[[:space:]]/}
    printf '02000000000102000000000286dd6000000000%02x0640%s%sc88e1af4%08x0000000050%s020000000000%s' \
        $((20 + ${#payload} / 2)) 20010db8000000000000000000000010 20010db8000000000000000000000005 "$1" "$2" "$payload"
}
binary "$(pcap "$(six 99 02 '')" "$first" "$(six 100 18 "$whole")" "$(frame 100 18 "${whole:0:40}")" "$(frame 899 02 '')" 00)" >"$dir/in"
whole "three connections" 1 'read as      a pcap file: 6 packets, 5 of TCP
connections  3, 1 of them silent

connection   [2001:db8::10]:51342 > [2001:db8::5]:6900
result       ok
version      2
command      PROXY
family       INET
transport    STREAM
source       192.0.2.7 port 56324
destination  198.51.100.1 port 6900
length       28 bytes
after it     0 bytes, the game'\''s

connection   192.0.2.10:51342 > 198.51.100.5:6900
result       need-more
version      2
length       28 bytes' 'ropp: the header is not complete: standard input, 192.0.2.10:51342 > 198.51.100.5:6900 ends after 20 of 28 bytes: capture the connection from its first byte on, and longer'
whole "three connections, as objects" 1 '{"result":"ok","version":2,"command":"PROXY","family":"INET","transport":"STREAM","source":"192.0.2.7","source_port":56324,"destination":"198.51.100.1","destination_port":6900,"length":28,"input":"pcap","from":"[2001:db8::10]:51342","to":"[2001:db8::5]:6900"}
{"result":"need-more","version":2,"length":28,"input":"pcap","from":"192.0.2.10:51342","to":"198.51.100.5:6900"}' 'ropp: the header is not complete: standard input, 192.0.2.10:51342 > 198.51.100.5:6900 ends after 20 of 28 bytes: capture the connection from its first byte on, and longer' --json
binary "$(pcap "$first" "$(frame 100 18 "${whole:0:40}")" "$(frame 125 18 6400)")0000" >"$dir/in"
whole "a gap and a cut" 1 'read as      a pcap file: 3 packets, 3 of TCP
connections  1, 0 of them silent

connection   192.0.2.10:51342 > 198.51.100.5:6900
result       need-more
version      2
length       28 bytes' 'ropp: the header is not complete: standard input, 192.0.2.10:51342 > 198.51.100.5:6900 has a gap after 20 of 28 bytes: capture the connection from its first byte on, and longer
ropp: the capture ends in the middle of a packet: standard input: end tcpdump with Ctrl-C before you copy its file'
binary "a1b2c3d4 0002 0004 00000000 00000000 00040000 00000093 0000000000000000 00000001 00000001 00" >"$dir/in"
whole "a kind of packet that nobody knows" 2 '' \
    'ropp: packets of an unknown kind: standard input, link type 147: capture with tcpdump -i any -w FILE'
printf '00000000: 0d0a 0d0a  ....\n00000008: 0d0a  ..\n' >"$dir/in"
whole "a line of the dump is missing, all of it" 2 '' \
    'ropp: lines of the dump are missing: standard input, line 2: its offset is not where the line before it ended: copy the whole dump'

# Bytes on either side of what a terminal may show, and values on either side of what is shown of them.
header 2111 "$v4 020002 207e 020002 1f7e 020002 207f 010040 $(bytes 64 61) 010041 $(bytes 65 62) 050002 00ff 050041 $(bytes 65 0a)
    20000d 05 01020304 210005 544c537631 20000d 07 00000000 220005 0a61626364 ee0005 01 05060708 ea0042 01 $(bytes 65 63)
    e00008 0102030405060708 040003 616263" >"$dir/in"
whole "every TLV, the table" 0 'result       ok
version      2
command      PROXY
family       INET
transport    STREAM
source       192.0.2.7 port 56324
destination  198.51.100.1 port 6900
length       377 bytes
tlvs
  0x02 AUTHORITY             2   ~
  0x02 AUTHORITY             2  1f7e
  0x02 AUTHORITY             2  207f
  0x01 ALPN                 64  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  0x01 ALPN                 65  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...
  0x05 UNIQUE_ID             2  00ff
  0x05 UNIQUE_ID            65  0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a...
  0x20 SSL                  13  client 0x05, verify 16909060
    0x21 SSL_VERSION         5  TLSv1
  0x20 SSL                  13  client 0x07, verify 0
    0x22 SSL_CN              5  0a61626364
  0xee AZURE_LINK_ID         5  134678021
  0xea AWS_VPCE_ID          66  cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc...
  0xe0 GOOGLE_PSC_ID         8  72623859790382856
  0x04 NOOP                  3  abc
after it     0 bytes, the game'\''s' '' --hex
whole "every TLV, the object" 0 '{"result":"ok","version":2,"command":"PROXY","family":"INET","transport":"STREAM","source":"192.0.2.7","source_port":56324,"destination":"198.51.100.1","destination_port":6900,"length":377,"tlvs":[{"type":2,"name":"AUTHORITY","value":"207e"},{"type":2,"name":"AUTHORITY","value":"1f7e"},{"type":2,"name":"AUTHORITY","value":"207f"},{"type":1,"name":"ALPN","value":"61616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"},{"type":1,"name":"ALPN","value":"6262626262626262626262626262626262626262626262626262626262626262626262626262626262626262626262626262626262626262626262626262626262"},{"type":5,"name":"UNIQUE_ID","value":"00ff"},{"type":5,"name":"UNIQUE_ID","value":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"},{"type":32,"name":"SSL","value":"0501020304210005544c537631","client":5,"verify":16909060,"tlvs":[{"type":33,"name":"SSL_VERSION","value":"544c537631"}]},{"type":32,"name":"SSL","value":"07000000002200050a61626364","client":7,"verify":0,"tlvs":[{"type":34,"name":"SSL_CN","value":"0a61626364"}]},{"type":238,"name":"AZURE_LINK_ID","value":"0105060708"},{"type":234,"name":"AWS_VPCE_ID","value":"016363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363"},{"type":224,"name":"GOOGLE_PSC_ID","value":"0102030405060708"},{"type":4,"name":"NOOP","value":"616263"}]}' '' --hex --json
header 2131 "207e5c7f1f$(zeros 103) 00$(bytes 107 61)" >"$dir/in"
whole "paths, the table" 0 'result       ok
version      2
command      PROXY
family       UNIX
transport    STREAM
source        ~\x5c\x7f\x1f
destination  @aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
length       232 bytes
after it     0 bytes, the game'\''s' '' --hex
header 2132 "$(bytes 108 61) 0061$(zeros 2)62$(zeros 103)" >"$dir/in"
whole "paths, as long as they can be" 0 'result       ok
version      2
command      PROXY
family       UNIX
transport    DGRAM
source       aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
destination  @a\x00\x00b
length       232 bytes
after it     0 bytes, the game'\''s' '' --hex
whole "paths, as long as they can be, the object" 0 '{"result":"ok","version":2,"command":"PROXY","family":"UNIX","transport":"DGRAM","source":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","destination":"@a\u0000\u0000b","length":232}' '' --hex --json
header 2011 "$v4 040001 00" >"$dir/in"
whole "LOCAL with addresses and a TLV" 0 'result       ok
version      2
command      LOCAL
family       INET
transport    STREAM
length       32 bytes
passed over  12 bytes without meaning here
tlvs
  0x04 NOOP                  1  00
after it     0 bytes, the game'\''s' '' --hex
header 2000 "" >"$dir/in"
whole "LOCAL, nothing in it" 0 'result       ok
version      2
command      LOCAL
family       UNSPEC
transport    UNSPEC
length       16 bytes
after it     0 bytes, the game'\''s' '' --hex

# What is text and what is none, on either side of each bound.
as_it_is="ropp: it was taken as it is: standard input: it is text, but no dump that is known; see \`ropp decode --help\`"
no_header="ropp: not a valid header, not-proxy-protocol: standard input, offset 0: $not_proxy"
for bound in '\t' '\v' '\f' '\r' '\n' ' '; do
    printf '6400%b1400' "$bound" >"$dir/in"
    whole "hex digits with $bound between them" 1 '{"result":"invalid","reason":"not-proxy-protocol","input":"hex"}' "$no_header" --json
done
for bound in '\010' '\016' '\037' '\177'; do
    printf '6400%b1400' "$bound" >"$dir/in"
    whole "no text: $bound" 1 '{"result":"invalid","reason":"not-proxy-protocol"}' "$no_header" --json
done
for bound in '~' '!' g /; do
    printf '%s' "6400${bound}1400" >"$dir/in"
    whole "text: $bound" 1 '{"result":"invalid","reason":"not-proxy-protocol"}' "$no_header
$as_it_is" --json
done

# As much as is read, and one byte more.
: >"$dir/in"
truncate -s 64M "$dir/in"
whole "as much as is read" 1 '{"result":"invalid","reason":"not-proxy-protocol"}' "$no_header" --json
truncate -s $((64 * 1024 * 1024 + 1)) "$dir/in"
whole "one byte more" 1 '{"result":"invalid","reason":"not-proxy-protocol"}' "$no_header
ropp: only a part was read: standard input, the first 64 MiB: give a shorter capture" --json

# At a terminal it says what it waits for.
if command -v script >/dev/null; then
    printf 'PROXY UNKNOWN\r\n\004' | script -qefc "stty raw -echo eof ^D icanon; '$ropp' decode --json" "$dir/terminal" >/dev/null || true
    grep -q 'ropp: reading from the terminal, end with Ctrl-D' "$dir/terminal" ||
        complain "at a terminal" "what is said" "$(cat "$dir/terminal")" 'ropp: reading from the terminal, end with Ctrl-D'
    passed=$((passed + 1))
fi

if [ -w /dev/full ]; then
    printf 'PROXY UNKNOWN\r\n' >"$dir/in"
    status=0
    "$ropp" decode <"$dir/in" >/dev/full 2>"$dir/err" || status=$?
    [ "$status" = 2 ] || complain "full disk" "exit status" "$status" 2
    passed=$((passed + 1))
fi

echo "decode: $passed cases, $failed complaints"
[ "$failed" = 0 ]
