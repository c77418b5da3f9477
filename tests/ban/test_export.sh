#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every export format, loaded by its real program: each must decide about every address as the table does.
#
#   tests/ban/test_export.sh [--entries FILE]
#
# --entries names the program tests/ban/entries. nftables and ipset are asked in network namespaces made for it, which
# needs root; what the machine cannot do is skipped, with the reason. The last line is `N passed, N failed`.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=scripts/lib/say.sh
source "$top/scripts/lib/say.sh"
# shellcheck source=scripts/lib/clean.sh
source "$top/scripts/lib/clean.sh"
# shellcheck source=scripts/lib/wait.sh
source "$top/scripts/lib/wait.sh"
# shellcheck source=scripts/lib/haproxy.sh
source "$top/scripts/lib/haproxy.sh"

entries=tests/ban/entries
while (($# > 0)); do
    [[ $1 == --entries && $# -gt 1 ]] || die "unknown option: $1: give --entries FILE"
    entries=$2
    shift 2
done
[[ -x $entries ]] || die "no such program: $entries: build it with make"
PATH=$PATH:/usr/sbin:/sbin

clean_begin export
passed=0 failed=0 skipped=0

pass() { # CASE
    passed=$((passed + 1))
    printf '  %spass%s  %s\n' "$say_green" "$say_plain" "$1"
}

fail() { # CASE FILE
    failed=$((failed + 1))
    printf '  %sFAIL%s  %s\n' "$say_red" "$say_plain" "$1"
    head -n 20 "$2" | sed 's/^/      | /'
}

skip() { # CASE REASON
    skipped=$((skipped + 1))
    printf '  skip  %s: %s\n' "$1" "$2"
}

have() { # PROGRAM
    command -v "$1" >/dev/null && return 0
    skip "$1" 'not installed'
    return 1
}

# agree CASE SET ADDRESSES ANSWERS: the answers must be those of the table, one a line, "ADDRESS 1" or "ADDRESS 0".
agree() {
    local folder=$clean_folder/answers
    mkdir -p "$folder"
    "$entries" decide "$2" <"$3" >"$folder/table"
    if [[ -s $folder/table ]] && diff "$folder/table" "$4" >"$folder/diff" 2>&1; then
        pass "$1 ($(grep -c ' 1$' "$4" || true) of $(wc -l <"$4") addresses banned)"
    else
        fail "$1: < the table, > the program" "$folder/diff"
    fi
}

# ---- sets of entries, and addresses worth asking for ----

set_nested() {
    cat <<'END'
ban 127.5.0.0/16
allow 127.5.7.0/24
ban 127.5.7.9/32
ban 192.0.2.0/24
allow 192.0.2.128/26
ban 192.0.2.129/32
ban 192.0.3.0/24
allow 203.0.113.0/24
ban 203.0.113.0/24
ban 198.51.100.7/32
ban 2001:db8::/32
allow 2001:db8:1::/48
ban 2001:db8:1:2::/64
allow 2001:db8:1:2::7/128
ban 2a00:1234:5678::/48
END
}

ask_nested() {
    printf '%s\n' 127.4.255.255 127.5.0.0 127.5.6.255 127.5.7.0 127.5.7.8 127.5.7.9 127.5.7.10 127.5.8.0 127.5.255.255 \
        127.6.0.0 192.0.1.255 192.0.2.0 192.0.2.127 192.0.2.128 192.0.2.129 192.0.2.130 192.0.2.191 192.0.2.192 \
        192.0.2.255 192.0.3.0 192.0.3.255 192.0.4.0 203.0.113.7 198.51.100.6 198.51.100.7 198.51.100.8 0.0.0.0 \
        255.255.255.255 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2001:db8:: 2001:db8:0:ffff:ffff:ffff:ffff:ffff \
        2001:db8:1:: 2001:db8:1:1:ffff:ffff:ffff:ffff 2001:db8:1:2:: 2001:db8:1:2::6 2001:db8:1:2::7 2001:db8:1:2::8 \
        2001:db8:1:3:: 2001:db8:2:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 2001:db9:: 2a00:1234:5677:ffff:: \
        2a00:1234:5678:ffff::1 2a00:1234:5679:: ::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
}

# Everybody but a few.
set_most() {
    printf '%s\n' 'ban 0.0.0.0/0' 'ban ::/0' 'allow 198.51.100.0/24' 'allow 255.255.255.255/32' 'allow 2001:db8::/32' \
        'allow ::/128' 'ban 2001:db8:5::/48'
}

ask_most() {
    printf '%s\n' 0.0.0.0 198.51.99.255 198.51.100.0 198.51.100.255 198.51.101.0 255.255.255.254 255.255.255.255 :: ::2 \
        2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2001:db8:: 2001:db8:5:: 2001:db8:5:ffff:ffff:ffff:ffff:ffff 2001:db8:6:: \
        2001:db9:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
}

set_everybody() {
    printf '%s\n' 'ban 0.0.0.0/0' 'ban ::/0'
}

ask_everybody() {
    ask_most
}

set_nobody() {
    printf '%s\n' 'allow 192.0.2.0/24'
}

ask_nobody() {
    ask_most
}

v4_text() { # NUMBER
    printf '%d.%d.%d.%d' $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255))
}

v6_text() { # NUMBER OF 32 BITS
    printf '2001:db8:7::%x:%x' $(($1 >> 16)) $(($1 & 65535))
}

# Random nested entries in a /20 and a /108; the same at every run.
random_numbers() { # SEED COUNT TEXT-FUNCTION BITS BASE WHAT
    local i length number size kind
    RANDOM=$1
    for ((i = 0; i < $2; i++)); do
        length=$((RANDOM % 13 + 20))
        size=$((1 << (32 - length)))
        number=$(($5 + (RANDOM & 4095 & ~(size - 1))))
        kind=ban
        ((RANDOM % 3 > 0)) || kind=allow
        if [[ $6 == entries ]]; then
            printf '%s %s/%d\n' "$kind" "$("$3" "$number")" $((length + $4 - 32))
        else
            printf '%s\n' "$("$3" "$number")" "$("$3" $((number + size - 1)))" "$("$3" $((number - 1)))" \
                "$("$3" $((number + size)))"
        fi
    done
}

# 203.0.64.0 and 2001:db8:7::5:4000
random_set() { # entries | addresses
    random_numbers 7 20 v4_text 32 $((203 << 24 | 64 << 8)) "$1"
    random_numbers 11 20 v6_text 128 $((5 << 16 | 64 << 8)) "$1"
}

set_random() {
    random_set entries
}

ask_random() {
    random_set addresses | sort -u
}

# ---- the programs ----

# The programs' answers are left in `verdict`: 1, 0, or what is wrong.
verdict=''

# http PORT FIRST-LINES ADDRESS: the program answers "1 ADDRESS" or "0 ADDRESS", so that it is known to have seen the right
# one.
http() {
    local line answer
    verdict='no answer'
    exec {answer}<>"/dev/tcp/127.0.0.1/$1"
    printf '%s\r\n\r\n' "$2" >&"$answer"
    while IFS= read -r -t 5 -u "$answer" line || [[ -n $line ]]; do
        verdict=$line
    done
    exec {answer}>&-
    [[ $verdict != [01]" $3" ]] || verdict=${verdict%% *}
}

# ask_each COMMAND...: asks about each address on standard input.
ask_each() {
    local address
    while read -r address; do
        "$@" "$address" </dev/null
        printf '%s %s\n' "$address" "$verdict"
    done
}

plain_case() { # SET-NAME SET ADDRESSES
    local folder=$clean_folder/plain
    mkdir -p "$folder"
    "$entries" plain "$2" >"$folder/file"
    sed -n 's/^[^#]/ban &/p' "$folder/file" >"$folder/bans"
    "$entries" decide "$folder/bans" <"$3" >"$folder/answers"
    agree "plain, $1" "$2" "$3" "$folder/answers"
}

# The lines that an export gives its reader to use.
usage_of() { # FILE
    sed -n "s|^#     ||; t found; b; :found s|FILE|$1|; p" "$1"
}

haproxy_claim() { # ADDRESS: as a sender of headers claims it
    local family=TCP4 destination=127.0.0.1
    if [[ $1 == *:* ]]; then
        family=TCP6 destination=::1
    fi
    http "$claim_port" "PROXY $family $1 $destination 1000 2000"$'\r\n'"GET / HTTP/1.0" "$1"
}

# A connection from the address itself: refused, or answered.
haproxy_dial() { # ADDRESS
    local status=0
    curl --silent --max-time 5 --interface "$1" "http://127.0.0.1:$dial_port/" >"$clean_folder/curl" || status=$?
    case $status:$(<"$clean_folder/curl") in
    0:let-in) verdict=0 ;;
    7: | 52: | 55: | 56:) verdict=1 ;; # closed at once, or before an answer
    *) verdict="curl ends with $status" ;;
    esac
}

# HAProxy looks for IPv4 inside ::/96, as export.h says.
haproxy_asks() { # ADDRESSES
    grep -vE '^::[0-9a-f]?$' "$1"
}

# shellcheck disable=SC2034 # haproxy_start wants somewhere to put them
claim_port='' dial_port='' haproxy_admin='' haproxy_process=''
haproxy_case() { # SET-NAME SET ADDRESSES
    local folder=$clean_folder/haproxy-$1
    mkdir -p "$folder"
    "$entries" haproxy "$2" >"$folder/banned"
    free_port claim_port
    free_port dial_port
    haproxy_start "$folder" haproxy_admin haproxy_process <<END
frontend claims
    mode http
    timeout http-keep-alive 1s
    bind 127.0.0.1:$claim_port accept-proxy
    $(usage_of "$folder/banned" | grep acl)
    http-request return content-type text/plain lf-string "1 %[src]" if banned
    http-request return content-type text/plain lf-string "0 %[src]"
frontend dials
    mode http
    bind 127.0.0.1:$dial_port
$(usage_of "$folder/banned")
    http-request return content-type text/plain string "let-in"
END
    haproxy_asks "$3" >"$folder/asked"
    ask_each haproxy_claim <"$folder/asked" >"$folder/answers"
    agree "haproxy, $1" "$2" "$folder/asked" "$folder/answers"
    if grep '^127\.' "$3" >"$folder/dialled"; then
        ask_each haproxy_dial <"$folder/dialled" >"$folder/dialled.answers"
        agree "haproxy, $1, connections" "$2" "$folder/dialled" "$folder/dialled.answers"
        haproxy_other_forms "$folder"
    fi
    clean_stop "$haproxy_process"
}

# What export.h says of addresses that hold IPv4 ones.
haproxy_other_forms() { # FOLDER
    printf '%s\n' ::ffff:192.0.2.1 ::ffff:192.0.2.130 2002:c000:201::1 2002:c000:282::1 ::c000:201 ::c000:282 |
        ask_each haproxy_claim >"$1/forms"
    if [[ $(sed 's/^[^ ]* //; s/ .*//' "$1/forms" | tr -d '\n') == 101010 ]]; then
        pass 'haproxy, IPv4 inside IPv6: mapped as ropp, 6to4 and compatible as the address inside'
    else
        fail 'haproxy, IPv4 inside IPv6: not 1 0 1 0 1 0' "$1/forms"
    fi
}

# nginx takes 255.255.255.255 for no address.
nginx_asks() { # ADDRESSES
    grep -vxF 255.255.255.255 "$1"
}

nginx_ask() { # ADDRESS
    http "$nginx_port" "GET / HTTP/1.0"$'\r\n'"X-Real-IP: $1" "$1"
}

nginx_port=''
nginx_case() { # SET-NAME SET ADDRESSES
    local folder=$clean_folder/nginx-$1 pid
    mkdir -p "$folder"
    "$entries" nginx "$2" >"$folder/banned"
    free_port nginx_port
    cat >"$folder/nginx.conf" <<END
daemon off;
master_process off;
pid $folder/pid;
events { }
http {
    access_log off;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    geo \$banned { include $folder/banned; }
    server {
        listen 127.0.0.1:$nginx_port;
        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;
        return 200 "\$banned \$remote_addr";
    }
}
END
    nginx -p "$folder" -e "$folder/error.log" -c "$folder/nginx.conf" >"$folder/log" 2>&1 &
    pid=$!
    clean_own "$pid"
    if ! wait_for 10 port_listens "$nginx_port"; then
        cat "$folder/error.log" >>"$folder/log"
        fail "nginx, $1: does not start" "$folder/log"
        return
    fi
    nginx_asks "$3" >"$folder/asked"
    ask_each nginx_ask <"$folder/asked" >"$folder/answers"
    agree "nginx, $1" "$2" "$folder/asked" "$folder/answers"
    clean_stop "$pid"
}

# ---- the kernel's, in a network namespace ----

namespace=''
namespace_begin() {
    if ((EUID != 0)); then
        skip 'nftables and ipset' 'network namespaces need root'
        return 1
    fi
    have ip || return 1
    namespace=ropp-export-$$
    if ! ip netns add "$namespace" 2>"$clean_folder/netns"; then
        namespace=''
        skip 'nftables and ipset' "this machine makes no network namespaces: $(head -n 1 "$clean_folder/netns")"
        return 1
    fi
}

inside() {
    ip netns exec "$namespace" "$@"
}

namespace_end() {
    local status=$?
    [[ -z $namespace ]] || ip netns del "$namespace" || true
    (exit "$status") # clean_end takes it from there
    clean_end
}

# kernel_can PROGRAM COMMAND...: whether the kernel does what the program needs, whatever is exported.
kernel_can() {
    local name=$1
    shift
    inside "$@" 2>"$clean_folder/kernel" && return 0
    skip "$name" "this kernel does not: $*: $(tr '\n' ' ' <"$clean_folder/kernel")"
    return 1
}

# A program says whether an address is in a set by its exit status, and why not in words.
in_set() { # NOT-FOUND-PATTERN COMMAND...
    local pattern=$1
    shift
    if inside "$@" >"$clean_folder/in_set" 2>&1; then
        verdict=1
    elif grep -q "$pattern" "$clean_folder/in_set"; then
        verdict=0
    else
        verdict=$(tr '\n' ' ' <"$clean_folder/in_set")
    fi
}

nft_ask() { # ADDRESS
    local digit=4
    [[ $1 != *:* ]] || digit=6
    in_set 'No such file or directory' nft get element inet ropp "banned$digit" "{ $1 }"
}

nft_case() { # SET-NAME SET ADDRESSES
    local folder=$clean_folder/nft-$1
    mkdir -p "$folder"
    "$entries" nftables "$2" >"$folder/banned"
    if ! inside nft -f "$folder/banned" >"$folder/log" 2>&1; then
        fail "nftables, $1: nft -f refuses it" "$folder/log"
        return
    fi
    ask_each nft_ask <"$3" >"$folder/answers"
    agree "nftables, $1" "$2" "$3" "$folder/answers"
}

# The same by `ropp ban follow`: first a set without its last entries, then all of it, which is a change of what is there; and
# back and forth once more, so that what was put in is taken out again.
nft_follow_case() { # SET-NAME SET ADDRESSES
    local folder=$clean_folder/nft-follow-$1
    mkdir -p "$folder"
    head -n -3 "$2" >"$folder/less"
    if ! inside "$entries" follow "$folder/less" "$2" "$folder/less" >"$folder/log" 2>&1; then
        fail "nftables, followed, $1: the kernel refuses it" "$folder/log"
        return
    fi
    ask_each nft_ask <"$3" >"$folder/answers"
    agree "nftables, followed, $1 but for three" "$folder/less" "$3" "$folder/answers"
    inside "$entries" follow "$folder/less" "$2" "$folder/less" "$2" >"$folder/log" 2>&1
    ask_each nft_ask <"$3" >"$folder/answers"
    agree "nftables, followed, $1" "$2" "$3" "$folder/answers"
}

# The rules that the export proposes, made once, are there after every reload.
nft_rules_case() {
    local folder=$clean_folder/nft-rules
    mkdir -p "$folder"
    "$entries" nftables "$clean_folder/nested.set" >"$folder/banned"
    usage_of "$folder/banned" >"$folder/rules"
    {
        inside nft flush ruleset
        inside nft -f "$folder/banned"
        inside bash -e "$folder/rules"
        inside nft -f "$folder/banned"
        inside nft list chain inet ropp banned
    } >"$folder/log" 2>&1 || true
    if [[ $(grep -cE 'ip6? saddr @banned[46] drop' "$folder/log") == 2 ]]; then
        pass 'nftables, the rules proposed outlast a reload'
    else
        fail 'nftables, the rules proposed' "$folder/log"
    fi
}

ipset_ask() { # ADDRESS
    local digit=4
    [[ $1 != *:* ]] || digit=6
    in_set 'is NOT in set' ipset test "ropp_banned$digit" "$1"
}

ipset_case() { # SET-NAME SET ADDRESSES
    local folder=$clean_folder/ipset-$1
    mkdir -p "$folder"
    "$entries" ipset "$2" >"$folder/banned"
    if ! inside ipset restore -file "$folder/banned" >"$folder/log" 2>&1; then
        fail "ipset, $1: ipset restore refuses it" "$folder/log"
        return
    fi
    ask_each ipset_ask <"$3" >"$folder/answers"
    agree "ipset, $1" "$2" "$3" "$folder/answers"
}

# ---- all of it ----

sets=(nested most everybody random nobody)
for name in "${sets[@]}"; do
    "set_$name" >"$clean_folder/$name.set"
    "ask_$name" >"$clean_folder/$name.ask"
done

# for_sets CASE: each of the sets; for nftables and ipset each replaces the one before it.
for_sets() {
    local name
    for name in "${sets[@]}"; do
        "$1" "$name" "$clean_folder/$name.set" "$clean_folder/$name.ask"
    done
}

for_sets plain_case
if have haproxy && have curl; then
    for_sets haproxy_case
fi
if have nginx; then
    for_sets nginx_case
fi
trap namespace_end EXIT
if namespace_begin; then
    if have nft && kernel_can nftables nft 'add table inet probe; add set inet probe s { type ipv6_addr; flags interval; }; delete table inet probe'; then
        for_sets nft_case
        for_sets nft_follow_case
        nft_rules_case
    fi
    if have ipset && kernel_can ipset ipset create probe hash:net family inet6; then
        for_sets ipset_case
    fi
fi
((skipped == 0)) || printf '%d skipped\n' "$skipped"
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
