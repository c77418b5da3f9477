#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `ropp hop render`: what a description may say, and what is made of it; and how `ropp hop measure` prints a hop that is not there. ROPP names the program, ./ropp by default.
set -euo pipefail

ropp=${ROPP:-./ropp}
case $ropp in /*) ;; *) ropp=$PWD/$ropp ;; esac
golden=$(realpath "${srcdir:-.}")/tests/unit/hop
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C
runs=0
failed=0

complain() { # WHAT
    printf 'FAIL %s\n' "$1"
    failed=$((failed + 1))
}

# render STATUS OPTION...: of $dir/hops.conf; leaves $dir/said
render() {
    local wanted=$1 status=0
    shift
    runs=$((runs + 1))
    (cd "$dir" && "$ropp" hop render hops.conf --out out "$@") >"$dir/said" 2>&1 || status=$?
    [ "$status" = "$wanted" ] || complain "ends with $status instead of $wanted: $(cat "$dir/said")"
}

said() { # TEXT
    grep -qF -- "$1" "$dir/said" || complain "'$1' is not said: $(cat "$dir/said")"
}

# says STATUS TEXT OPTION...: render says nothing but that.
says() {
    local status=$1 text=$2
    shift 2
    render "$status" "$@"
    [ "$(cat "$dir/said")" = "$text" ] || complain "'$text' is not what is said: $(cat "$dir/said")"
}

has() { # FILE TEXT
    grep -qxF -- "$2" "$dir/out/$1" || complain "$1: '$2' is not there: $(cat "$dir/out/$1")"
}

has_no() { # FILE TEXT
    ! grep -qF -- "$2" "$dir/out/$1" || complain "$1: '$2' is there"
}

# rules FILE: a packet filter is, but for its comments, what standard input holds. One rule less would let everybody in.
rules() {
    diff - <(grep -v '^ *#' "$dir/out/$1") || complain "$1: there are other rules"
}

example() {
    cat >"$dir/hops.conf" <<'END'
# a comment; and one behind a value
[origin]
address = 10.66.0.1      # what hops dial
public = 203.0.113.9
map = 5121, 5122

[hop miami]
public = 198.51.100.10
tunnel = 10.66.0.10

[hop lima]
public = 198.51.100.20, 2001:db8::20
bind = 172.31.0.5, 2001:db8::20
tunnel = 10.66.0.11
via = miami, direct
connections = 5
rate = 7
sessions = 8
tries = 6
arrivals = 9
wait = 3
metrics = 9404

[hop jakarta]
public = 198.51.100.30
kind = nginx
END
}

# ---- all of it, to the letter ----

# whole STATUS NAME: what is said of tests/unit/hop/NAME.conf, and every file that is made of it, is what NAME.out holds. Where
# another text is meant, this renews them: RENEW=yes tests/unit/test_hop.sh; look at the difference.
whole() {
    local file
    cp "$golden/$2.conf" "$dir/hops.conf"
    rm -rf "$dir/out"
    mkdir "$dir/out"
    render "$1"
    {
        echo '# SPDX-License-Identifier: MIT'
        cat "$dir/said"
        (cd "$dir" && find out -type f | sort) | while read -r file; do
            printf '\n==> %s %s\n' "$file" "$(stat -c %a "$dir/$file")"
            cat "$dir/$file"
        done
    } >"$dir/whole"
    [ -z "${RENEW-}" ] || cp "$dir/whole" "$golden/$2.out"
    diff "$golden/$2.out" "$dir/whole" || complain "tests/unit/hop/$2.conf: what is made of it is another"
}

umask 022
whole 0 many
whole 0 few
whole 1 wrong

# ---- what is made of it ----

example
render 0
for file in origin/{rathena,hercules,nftables,wg-ropp}.conf {miami,lima}/{haproxy.cfg,nftables.conf,wg-ropp.conf} jakarta/{nginx,nftables}.conf; do
    said "written   out/$file"
    # The origin's public address is nobody's business; its own servers dial each other by it.
    case $file in
    origin/rathena.conf | origin/hercules.conf) ;;
    *) has_no "$file" 203.0.113.9 ;;
    esac
done
[ ! -e "$dir/out/jakarta/wg-ropp.conf" ] || complain "a tunnel for a hop without one"

has lima/haproxy.cfg '    user haproxy'
has lima/haproxy.cfg '    stats socket /run/haproxy/admin.sock user haproxy group haproxy mode 660 level admin' # control is not root's, either
has lima/haproxy.cfg '    bind 172.31.0.5:6900'
has lima/haproxy.cfg '    bind [2001:db8::20]:5122'
has lima/haproxy.cfg '    bind 10.66.0.11:9404'
has lima/haproxy.cfg '    source 10.66.0.11'
has lima/haproxy.cfg '    server miami 10.66.0.10:6121 track up-char/miami'
has lima/haproxy.cfg '    server direct 10.66.0.1:6121 check check-send-proxy observe layer4 error-limit 3 on-error fastinter backup'
has lima/haproxy.cfg '    server miami 10.66.0.10:8404 check'
has lima/haproxy.cfg '    tcp-request connection reject if { sc0_conn_cur(players) gt 5 }'
has lima/haproxy.cfg '    tcp-request connection reject if { sc0_conn_rate(players) gt 7 }'
has lima/haproxy.cfg '    tcp-request inspect-delay 3s'
has lima/haproxy.cfg '    tcp-request content reject unless { req.len gt 0 }'
has lima/haproxy.cfg '    tcp-request content reject if { be_conn(to-char) ge 8 }'
has lima/haproxy.cfg '    maxconn 16'
has lima/haproxy.cfg '    tcp-request connection reject if !played { sc0_gpc0_rate(players) gt 6 }'
has lima/haproxy.cfg '    tcp-request content reject if { fe_id,table_conn_rate(arrivals) ge 90 }'
has lima/haproxy.cfg '    tcp-request content reject if !played { fe_id,table_conn_rate(arrivals) ge 45 }'
has lima/haproxy.cfg '    option abortonclose'
has_no lima/haproxy.cfg 'expect-proxy'
has lima/haproxy.cfg '    use-server miami if { srv_is_up(preferred/miami) }'
has lima/haproxy.cfg 'backend preferred'
has lima/haproxy.cfg '    server direct 127.0.0.1:1 disabled'
has lima/haproxy.cfg '    bind 10.66.0.11:8405'
has lima/haproxy.cfg '    tcp-request connection reject unless { src 10.66.0.1 }'
has_no miami/haproxy.cfg preferred # it has one way
has miami/haproxy.cfg '    tcp-request connection reject unless { src 10.66.0.11 }'
has miami/haproxy.cfg '    bind 10.66.0.10:6900'
has_no miami/haproxy.cfg ' track '
has jakarta/nginx.conf '        server 10.66.0.1:5122 max_fails=2 fail_timeout=5s;'
has jakarta/nginx.conf '    proxy_bind 198.51.100.30;'
# Of IPv6 one network of 64 bits is one address, to the proxy and to the packet filter.
# shellcheck disable=SC2016 # not for the shell
{
    has jakarta/nginx.conf '    limit_conn_zone $player zone=players:10m;'
    has jakarta/nginx.conf '        "~(?s)^(?<network>.{8}).{8}\z" $network;'
    has jakarta/nginx.conf '        default $binary_remote_addr;'
}
has jakarta/nginx.conf '        limit_conn everybody 1000;'
has jakarta/nftables.conf '        tcp dport 5122 tcp flags & (fin | syn | rst | ack) == syn limit rate over 50/second burst 500 packets drop'
has jakarta/nginx.conf 'worker_rlimit_nofile 40000;' # a service has 1024 else
has origin/rathena.conf 'proxy_trusted: 10.66.0.10, 10.66.0.11, 198.51.100.30'
has origin/rathena.conf 'proxy_direct: 127.0.0.1, 10.66.0.1, 203.0.113.9'
has origin/hercules.conf '    proxy_direct: ["127.0.0.1", "10.66.0.1", "203.0.113.9"]'
has origin/rathena.conf 'proxy_route: 172.31.0.5 char=198.51.100.20 map=198.51.100.20'
has origin/rathena.conf 'proxy_route: 2001:db8::20 char=198.51.100.20 map=198.51.100.20'
has origin/hercules.conf '    proxy_trusted: ["10.66.0.10", "10.66.0.11", "198.51.100.30"]'
has origin/hercules.conf '    proxy_route: ["172.31.0.5 char=198.51.100.20 map=198.51.100.20", "2001:db8::20 char=198.51.100.20 map=198.51.100.20"]'
has miami/nftables.conf '        ip saddr { 10.66.0.11 } ip daddr 10.66.0.10 tcp dport { 6900, 6121, 5121, 5122 } accept'
has miami/nftables.conf '        ip saddr { 10.66.0.1, 10.66.0.11 } tcp dport 8404 accept'
has miami/nftables.conf '        ip saddr 10.66.0.1 tcp dport 8405 accept'
has miami/nftables.conf '        tcp dport 8405 drop'
has_no jakarta/nftables.conf 8405 # nginx has no such thing
rules lima/nftables.conf <<'END'

table inet ropp_hop
delete table inet ropp_hop
table inet ropp_hop {
    set new_ip {
        type ipv4_addr
        size 262144
        flags dynamic,timeout
        timeout 1m
    }
    set new_ip6 {
        type ipv6_addr
        size 262144
        flags dynamic,timeout
        timeout 1m
    }
    chain untracked_prerouting {
        type filter hook prerouting priority raw; policy accept;
        ip daddr { 172.31.0.5 } tcp dport { 6900, 6121, 5121, 5122 } notrack
        ip6 daddr { 2001:db8::20 } tcp dport { 6900, 6121, 5121, 5122 } notrack
    }
    chain untracked_output {
        type filter hook output priority raw; policy accept;
        ip saddr { 172.31.0.5 } tcp sport { 6900, 6121, 5121, 5122 } notrack
        ip6 saddr { 2001:db8::20 } tcp sport { 6900, 6121, 5121, 5122 } notrack
    }
    chain input {
        type filter hook input priority filter; policy accept;
        ct state established,related accept
        iifname "lo" accept
        ip daddr 10.66.0.11 tcp dport { 6900, 6121, 5121, 5122 } drop
        ip saddr { 10.66.0.1 } tcp dport 9404 accept
        tcp dport 9404 drop
        ip saddr 10.66.0.1 tcp dport 8405 accept
        tcp dport 8405 drop
        tcp dport { 6900, 6121, 5121, 5122 } tcp flags & (fin | syn | rst | ack) == syn update @new_ip { ip saddr limit rate over 42/minute burst 7 packets } drop
        tcp dport { 6900, 6121, 5121, 5122 } tcp flags & (fin | syn | rst | ack) == syn update @new_ip6 { ip6 saddr & ffff:ffff:ffff:ffff:: limit rate over 42/minute burst 7 packets } drop
    }
}
END
rules origin/nftables.conf <<'END'

table inet ropp_origin
delete table inet ropp_origin
table inet ropp_origin {
    chain input {
        type filter hook input priority filter; policy accept;
        ct state established,related accept
        iifname "lo" accept
        ip saddr { 10.66.0.10, 10.66.0.11, 198.51.100.30 } tcp dport { 6900, 6121, 5121, 5122 } accept
        tcp dport { 6900, 6121, 5121, 5122 } drop
    }
}
END
has miami/nftables.conf '        ip daddr 10.66.0.10 tcp dport { 6900, 6121, 5121, 5122 } drop'
has_no miami/nftables.conf 'ip6 daddr'
has origin/wg-ropp.conf 'Endpoint = 198.51.100.20:51820'
has origin/wg-ropp.conf 'PostUp = while ip link show dev %i; do echo >/dev/udp/10.66.0.10/9; echo >/dev/udp/10.66.0.11/9; sleep 5; done >/dev/null 2>&1 </dev/null &'
has_no lima/wg-ropp.conf '203.0.113'
! grep -rqi 'privatekey = [^(]' "$dir/out" || complain 'a key'

# ---- no port that the file does not give ----

no_port_is_nought() {
    ! grep -rnE '(dport |:)0([ ;,]|$)' "$dir/out" || complain 'there is a port 0'
}
no_port_is_nought

# ---- the same again, and one machine alone ----

cp -a "$dir/out" "$dir/before"
few=$(ulimit -S -n)
ulimit -S -n 24 # of files that are open at a time
whole 0 many
render 0
! grep -q written "$dir/said" || complain 'something was written again'
example
rm -rf "$dir/out"
cp -a "$dir/before" "$dir/out"
ulimit -S -n "$few"
render 0
said 'unchanged out/lima/haproxy.cfg'
! grep -q written "$dir/said" || complain 'something was written again'
diff -r "$dir/before" "$dir/out" || complain 'the second time is another'
sed -i 's/^rate = 7/rate = 8/' "$dir/hops.conf"
render 0
said 'written   out/lima/haproxy.cfg'
said 'unchanged out/miami/haproxy.cfg'
has lima/haproxy.cfg '    tcp-request connection reject if { sc0_conn_rate(players) gt 8 }'
example
rm -rf "$dir/out"
render 0 --for lima
[ "$(ls "$dir/out")" = lima ] || complain "--for lima writes $(ls "$dir/out")"
render 0 --for origin
render 1 --for nobody
said 'no such machine: --for nobody: hops.conf has no hop of this name'
printf '\357\273\277' | cat - "$dir/hops.conf" | sed 's/$/\r/' >"$dir/dos.conf"
mv "$dir/dos.conf" "$dir/hops.conf"
render 0
# wrong_words TEXT WORD...: is wrong usage, of which that is said.
wrong_words() {
    local text=$1 status=0
    shift
    runs=$((runs + 1))
    "$ropp" hop "$@" >"$dir/said" 2>&1 || status=$?
    [ "$status $(cat "$dir/said")" = "2 ropp: $text" ] || complain "$*: $status: $(cat "$dir/said")"
}
wrong_words 'no folder: hop render: say where to write: --out DIR' render "$dir/hops.conf"
for command in render check measure; do
    wrong_words "one word too many: 'b': see \`ropp hop $command --help\`" "$command" "$dir/hops.conf" b
done
usage=('FILE --out DIR [--for NAME] [--keys DIR]' FILE FILE)
for command in render check measure; do
    wrong_words "no file: hop $command: write \`ropp hop $command ${usage[0]}\`" "$command"
    usage=("${usage[@]:1}")
done

# Byte for byte: one more, one less and another are not the same.
example
rm -rf "$dir/out"
render 0
cp -a "$dir/out" "$dir/before2"
echo >>"$dir/out/lima/haproxy.cfg"
truncate -s -1 "$dir/out/miami/haproxy.cfg"
sed -i '1s/Made/made/' "$dir/out/jakarta/nginx.conf"
render 0
[ "$(grep -c written "$dir/said")" = 3 ] || complain "others are written: $(cat "$dir/said")"
[ "$(grep -c unchanged "$dir/said")" = 9 ] || complain "others are unchanged: $(cat "$dir/said")"
diff -r "$dir/before2" "$dir/out" || complain 'what was changed is not put right'
# Where they cannot be written; what comes behind that is not, either.
says 2 'ropp: cannot make the folder: none/out: No such file or directory' --out none/out
: >"$dir/file"
says 2 'ropp: cannot make the folder: file/origin: Not a directory
origin' --out file
rm "$dir/out/origin/hercules.conf"
mkdir "$dir/out/origin/hercules.conf"
rm -rf "$dir/out/miami"
render 2
said 'ropp: not a plain file: out/origin/hercules.conf'
[ ! -e "$dir/out/miami" ] || complain 'it goes on where one cannot be written'
rmdir "$dir/out/origin/hercules.conf"
rm "$dir/out/origin/wg-ropp.conf"
ln -s wg-ropp.conf "$dir/out/origin/wg-ropp.conf"
render 2
said 'ropp: cannot keep others from reading it: out/origin/wg-ropp.conf: Too many levels of symbolic links'
[ ! -e "$dir/out/miami" ] || complain 'it goes on where one cannot be hidden'
rm -rf "$dir/out"

# Where the server speaks first nobody is waited for.
example
sed -i 's/^wait = 3/wait = 0/' "$dir/hops.conf"
render 0
has_no lima/haproxy.cfg 'inspect-delay'
has_no lima/haproxy.cfg 'req.len'
has lima/haproxy.cfg '    tcp-request content reject if { be_conn(to-char) ge 8 }'

# The origin sees a hop by its second address.
example
sed -i 's/^tunnel = 10.66.0.11/tunnel = 2001:db8::20/' "$dir/hops.conf"
rm -rf "$dir/out"
render 0
has lima/haproxy.cfg '    source 2001:db8::20'
has origin/nftables.conf '        ip6 saddr { 2001:db8::20 } tcp dport { 6900, 6121, 5121, 5122 } accept'
# Where players can dial nobody may be able to rule the proxy.
has_no lima/haproxy.cfg 'listen control'
has_no lima/nftables.conf 8405
[ ! -e "$dir/out/lima/wg-ropp.conf" ] || complain 'a tunnel by an address that players dial'

example
sed -i 's/^metrics = .*/&\ncontrol = off/' "$dir/hops.conf"
render 0
has_no lima/haproxy.cfg 'listen control'
has miami/haproxy.cfg 'listen control'

# Other places, and what the servers keep.
example
sed -i 's/^kind = nginx/&\nbans = \/srv\/bans.conf/; s/^rate = 7/&\nbans = \/srv\/bans.acl/; s/^map = .*/&\nconnlog = all/' "$dir/hops.conf"
render 0
has lima/haproxy.cfg '    tcp-request connection reject if { src -f /srv/bans.acl }'
has miami/haproxy.cfg '    tcp-request connection reject if { src -f /etc/ropp/bans.acl }'
has jakarta/nginx.conf '        include /srv/bans.conf;'
has origin/rathena.conf 'proxy_connlog: all'
has origin/hercules.conf '    proxy_connlog: "all"'

# Keys: made once, and from then on the same; nobody else reads them.
if command -v wg >/dev/null; then
    example
    chmod 644 "$dir/out/lima/wg-ropp.conf"
    render 0 --keys keys
    [ "$(cd "$dir/keys" && echo *)" = 'lima.key lima.pub miami.key miami.pub origin.key origin.pub' ] || complain "keys: $(ls "$dir/keys")"
    [ "$(stat -c %a "$dir/keys" "$dir/keys/lima.key" "$dir/out/lima/wg-ropp.conf" "$dir/out/origin/wg-ropp.conf" | tr '\n' ' ')" = \
        '700 600 600 600 ' ] || complain 'others can read a key'
    has lima/wg-ropp.conf "PrivateKey = $(cat "$dir/keys/lima.key")"
    has lima/wg-ropp.conf "PublicKey = $(cat "$dir/keys/miami.pub")"
    has lima/wg-ropp.conf "PublicKey = $(cat "$dir/keys/origin.pub")"
    has origin/wg-ropp.conf "PublicKey = $(wg pubkey <"$dir/keys/lima.key")"
    has_no miami/wg-ropp.conf "$(cat "$dir/keys/lima.key")"
    has_no lima/wg-ropp.conf '(of'
    chmod 644 "$dir/out/lima/wg-ropp.conf"
    render 0 --keys keys
    said 'unchanged out/lima/wg-ropp.conf'
    [ "$(stat -c %a "$dir/out/lima/wg-ropp.conf")" = 600 ] || complain 'others can read a key in a file that stays as it is'
    # Without --keys they are not lost, and nothing else is written.
    cp -a "$dir/out" "$dir/out.before"
    sed -i 's/5121, 5122/5121, 5123/' "$dir/hops.conf"
    render 1
    said 'ropp: it has a key, which would be lost: out/origin/wg-ropp.conf: give --keys DIR as before, or remove that file first'
    render 1 --for lima
    said 'out/lima/wg-ropp.conf'
    diff -r "$dir/out.before" "$dir/out" >/dev/null || complain 'files are written beside a key that would be lost'
    rm "$dir/out/lima/wg-ropp.conf"
    render 0 --for lima
    has lima/wg-ropp.conf 'PrivateKey = (of this machine: wg genkey)'
    render 0 --for lima
    example
    render 0 --keys keys
    # The private one stays on its machine.
    mv "$dir/keys/lima.key" "$dir/lima.key"
    render 0 --keys keys
    has lima/wg-ropp.conf 'PostUp = wg set %i private-key /etc/wireguard/ropp.key'
    has_no lima/wg-ropp.conf PrivateKey
    has origin/wg-ropp.conf "PublicKey = $(cat "$dir/keys/lima.pub")"
    install -m 644 "$dir/lima.key" "$dir/keys/lima.key"
    render 2 --keys keys
    said 'others can read a private key: keys/lima.key: chmod 600'
    chmod 600 "$dir/keys/lima.key"
    cp "$dir/keys/miami.pub" "$dir/keys/lima.pub"
    render 2 --keys keys
    said 'this is not the public key of keys/lima.key: keys/lima.pub'
    echo short >"$dir/keys/lima.pub"
    render 2 --keys keys
    said 'this is no key: keys/lima.pub'
    rm "$dir/keys/lima.pub"
    echo short >"$dir/keys/lima.key"
    render 2 --keys keys
    said 'this is no key: keys/lima.key'
    # shellcheck disable=SC2016 # not for the shell
    no_key='it must be one line, as `wg genkey` and `wg pubkey` print it'
    for key in AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-=; do
        echo "$key" >"$dir/keys/lima.key"
        says 2 "ropp: this is no key: keys/lima.key: $no_key" --keys keys
    done
    : >"$dir/keys/lima.key"
    says 2 "ropp: this is no key: keys/lima.key: $no_key" --keys keys
    rm "$dir/keys/lima.key"
    mkdir "$dir/keys/lima.pub"
    says 2 "ropp: this is no key: keys/lima.pub: $no_key" --keys keys
    rmdir "$dir/keys/lima.pub"
    # Blanks around one, and whatever is behind it.
    public=$(wg pubkey <"$dir/lima.key")
    printf ' \t\r\n%s\t \r\nmore\n' "$public" >"$dir/keys/lima.pub"
    render 0 --keys keys
    has origin/wg-ropp.conf "PublicKey = $public"
    has lima/wg-ropp.conf 'PostUp = wg set %i private-key /etc/wireguard/ropp.key'
    rm "$dir/keys/lima.pub"
    # The mode of what is made.
    install -m 600 "$dir/lima.key" "$dir/keys/lima.key"
    render 0 --keys keys
    has lima/wg-ropp.conf "PrivateKey = $(cat "$dir/lima.key")"
    [ "$(cat "$dir/keys/lima.pub")" = "$public" ] || complain 'a public key that is made is another'
    [ "$(stat -c %a "$dir/keys/lima.pub" | tr '\n' ' ')" = '644 ' ] || complain "the mode of a public key: $(stat -c %a "$dir/keys/lima.pub")"
    for mode in 640 620 610 604 602 601; do
        chmod "$mode" "$dir/keys/lima.key"
        says 2 'ropp: others can read a private key: keys/lima.key: chmod 600, or make a new one' --keys keys
    done
    chmod 700 "$dir/keys/lima.key"
    render 0 --keys keys
    # Every file with keys, to the letter.
    mv "$dir/keys/miami.key" "$dir/miami.key"
    render 0 --keys keys
    key_of() { # MACHINE
        cat "$dir/keys/$1.pub"
    }
    for file in origin/wg-ropp.conf lima/wg-ropp.conf miami/wg-ropp.conf; do
        printf '==> %s\n' "$file"
        tail -n +4 "$dir/out/$file"
    done >"$dir/keyed"
    diff - "$dir/keyed" <<END || complain 'a file with keys is another'
==> origin/wg-ropp.conf
[Interface]
Address = 10.66.0.1/32
ListenPort = 51820
PrivateKey = $(cat "$dir/keys/origin.key")
# So that a hop that begins anew is found within seconds.
PostUp = while ip link show dev %i; do echo >/dev/udp/10.66.0.10/9; echo >/dev/udp/10.66.0.11/9; sleep 5; done >/dev/null 2>&1 </dev/null &

[Peer]
# miami
PublicKey = $(key_of miami)
AllowedIPs = 10.66.0.10/32
Endpoint = 198.51.100.10:51820
PersistentKeepalive = 25

[Peer]
# lima
PublicKey = $(key_of lima)
AllowedIPs = 10.66.0.11/32
Endpoint = 198.51.100.20:51820
PersistentKeepalive = 25
==> lima/wg-ropp.conf
[Interface]
Address = 10.66.0.11/32
ListenPort = 51820
PrivateKey = $(cat "$dir/lima.key")

[Peer]
# the origin
PublicKey = $(key_of origin)
AllowedIPs = 10.66.0.1/32

[Peer]
# miami
PublicKey = $(key_of miami)
AllowedIPs = 10.66.0.10/32
Endpoint = 198.51.100.10:51820
PersistentKeepalive = 25
==> miami/wg-ropp.conf
[Interface]
Address = 10.66.0.10/32
ListenPort = 51820
# The private key is on this machine alone.
PostUp = wg set %i private-key /etc/wireguard/ropp.key

[Peer]
# the origin
PublicKey = $(key_of origin)
AllowedIPs = 10.66.0.1/32

[Peer]
# lima
PublicKey = $(key_of lima)
AllowedIPs = 10.66.0.11/32
Endpoint = 198.51.100.20:51820
PersistentKeepalive = 25
END
    # What has no key yet may be written without one.
    echo hello >"$dir/out/lima/wg-ropp.conf"
    render 0 --for lima
    has lima/wg-ropp.conf 'PrivateKey = (of this machine: wg genkey)'
    # Where there is no place for them.
    says 2 'ropp: cannot make the folder: none/keys: No such file or directory' --keys none/keys
    render 2 --keys /proc/self
    said 'ropp: cannot write the key: /proc/self/miami.key: '
    # A network without a tunnel has none, not even the origin's.
    sed -i '/^tunnel/d; /^via/d; /^bind/d' "$dir/hops.conf"
    rm -rf "$dir/out"
    render 0 --keys keys4
    [ -z "$(ls "$dir/keys4")" ] || complain "keys without a tunnel: $(ls "$dir/keys4")"
    # Without wg nothing is made.
    example
    rm "$dir/keys/lima.key"
    (cd "$dir" && PATH=/nonexistent "$ropp" hop render hops.conf --out out3 --keys keys3) >"$dir/said" 2>&1 && complain 'keys without wg'
    said 'is wireguard-tools installed?'
    [ ! -e "$dir/out3" ] || complain 'something was written without keys'
fi

# What the description is called is a comment and nothing else.
rm -rf "$dir/out"
example
cp "$dir/hops.conf" "$dir/hops"$'\n'"PostUp = reboot"
(cd "$dir" && "$ropp" hop render "hops"$'\n'"PostUp = reboot" --out out) >"$dir/said" 2>&1 || complain "a name with a line break: $(cat "$dir/said")"
! grep -rq '^PostUp = reboot' "$dir/out" || complain 'a name becomes a setting'
grep -q 'from hops?PostUp = reboot, for lima: change that file, not this one\.$' "$dir/out/lima/haproxy.cfg" ||
    complain "a name with a line break: $(head -n 1 "$dir/out/lima/haproxy.cfg")"
cp "$dir/hops.conf" "$dir/hops"$'\r'
(cd "$dir" && "$ropp" hop render "hops"$'\r' --out out) >"$dir/said" 2>&1 || complain "a name with a line break: $(cat "$dir/said")"
grep -q 'from hops?, for lima: change that file, not this one\.$' "$dir/out/lima/haproxy.cfg" ||
    complain "a name with a carriage return: $(head -n 1 "$dir/out/lima/haproxy.cfg")"

# ---- mistakes ----

# wrong LINE MESSAGE SED: the example, edited, is refused with that message for that line
wrong() {
    example
    sed -i "$3" "$dir/hops.conf"
    rm -rf "$dir/out"
    render 1
    said "ropp: hops.conf:$1: $2"
    [ ! -e "$dir/out" ] || complain "something was written in spite of: $2"
}

wrong 3 'no address: address = 10.66.0.300: write one as in' 's/^address = 10.66.0.1 /address = 10.66.0.300 /'
wrong 2 'no address: [origin]: write address = what hops dial' '/^address/d'
wrong 3 'more than one address: address = 10.66.0.1, 10.66.0.2' 's/10.66.0.1 /10.66.0.1, 10.66.0.2 /'
wrong 3 "no value: address: write one behind the '='" 's/^address = .*/address =/'
wrong 1 'no [origin]: write that section' '/^\[origin/,/^map/d'
wrong 5 'no port: map = 65536: write a number from 1 to 65535' 's/5122/65536/'
wrong 5 'no port: map = 0' 's/5122/0/'
wrong 5 'no port: map = : write' 's/5122$/,/'
wrong 2 'a port twice: [origin]: map = 6900: login has it already' 's/5122/6900/'
wrong 2 'a port twice: [origin]: map = 5121: map has it already' 's/5122/5121/'
wrong 4 "no such key: publik: did you mean 'public'? there are address, public" 's/^public = 203.*/publik = 1/'
wrong 5 "a second 'public' in this section" 's/^map = .*/public = 203.0.113.8/'
wrong 5 'no setting: map: write KEY = VALUE' 's/^map = .*/map/'
wrong 2 'a setting before any section: address' '/^\[origin/d'
wrong 7 'no such section: [hop]: write [origin] or [hop NAME]' 's/^\[hop miami\]/[hop]/'
wrong 7 'a section without its end' 's/^\[hop miami\]/[hop miami/'
wrong 7 'no name for a hop: Miami' 's/^\[hop miami\]/[hop Miami]/'
wrong 7 'no name for a hop: direct' 's/^\[hop miami\]/[hop direct]/'
# As long as a name may be, and by one longer.
name32=abcdefghijklmnop-0123456789-xyz0
wrong 24 "no name for a hop: ${name32}1: write lower-case letters, digits and hyphens, at most 32" "s/^\[hop jakarta\]/[hop ${name32}1]/"
example
sed -i "s/^\[hop jakarta\]/[hop $name32]/" "$dir/hops.conf"
render 0
said "written   out/$name32/nginx.conf"
wrong 11 'a second hop of this name: miami: the first is in line 7' 's/^\[hop lima\]/[hop miami]/'
wrong 11 'a second [origin]: the first is in line 2' 's/^\[hop lima\]/[origin]/'
wrong 7 'no address for players: hop miami' '/^public = 198.51.100.10/d'
wrong 11 'an address twice: lima: tunnel = 10.66.0.10: it is miami'"'"'s tunnel already (line 7)' 's/10.66.0.11/10.66.0.10/'
wrong 24 'an address twice: jakarta: public = 198.51.100.10: it is miami'"'"'s public already' 's/198.51.100.30/198.51.100.10/'
wrong 7 'an address twice: miami: public = 203.0.113.9: it is origin'"'"'s public already' 's/198.51.100.10/203.0.113.9/'
# By the address that players arrive at the servers know which hop was dialled.
wrong 24 'an address twice: jakarta: bind = 172.31.0.5: it is lima'"'"'s bind already (line 11)' 's/^kind = nginx/&\nbind = 172.31.0.5/'
wrong 11 'an address twice: lima: bind = 10.66.0.10: it is miami'"'"'s tunnel already (line 7)' 's/^bind = 172.31.0.5/bind = 10.66.0.10/'
wrong 11 'no such hop: hop lima: via = tokio' 's/via = miami/via = tokio/'
wrong 11 'a hop behind itself: hop lima' 's/via = miami/via = lima/'
wrong 11 'a way twice: hop lima: via = miami' 's/via = miami, direct/via = miami, miami/'
wrong 11 'hop lima: via = jakarta: that one is nginx' 's/via = miami/via = jakarta/'
wrong 7 'a circle: hop miami: its ways (via) lead back to it' 's/^tunnel = 10.66.0.10$/&\nvia = lima/'
wrong 11 'hop lima: bind has 1 addresses and public 2' 's/^bind = .*/bind = 172.31.0.5/'
wrong 26 'stunnel cannot be a hop of players: kind = stunnel' 's/kind = nginx/kind = stunnel/'
wrong 26 'no such kind: kind = squid: write haproxy or nginx' 's/kind = nginx/kind = squid/'
wrong 16 'no number from 1 to 100000: connections = 0' 's/connections = 5/connections = 0/'
wrong 18 'no number from 1 to 100000: sessions = 0' 's/sessions = 8/sessions = 0/'
wrong 19 'no number from 1 to 100000: tries = 0' 's/tries = 6/tries = 0/'
wrong 21 'no number from 0 to 60: wait = 61' 's/wait = 3/wait = 61/'
wrong 22 'no number from 1 to 65535: metrics = 99404' 's/9404/99404/'
wrong 11 'a port twice: hop lima: metrics = 6900: login has it already' 's/^metrics = .*/metrics = 6900/'
wrong 11 'a port twice: hop lima: control = 9404: metrics has it already' 's/^metrics = .*/&\ncontrol = 9404/'
wrong 23 'no number from 1 to 65535: control = on' 's/^metrics = .*/&\ncontrol = on/'
wrong 23 'no path: bans = bans.acl: write one that begins with / and has no blanks' 's/^metrics = .*/&\nbans = bans.acl/'
wrong 23 'no path: bans = /a b' 's/^metrics = .*/&\nbans = \/a b/'
wrong 6 'no such log: connlog = some: write off, refused or all' 's/^map = .*/&\nconnlog = some/'
# shellcheck disable=SC2016 # not for the shell
wrong 1 'no hop: write a section [hop NAME] for each' '/^\[hop/,$d;1d'

# A longer circle, and ways that meet without one.
example
cat >>"$dir/hops.conf" <<'END'
[hop a]
public = 198.51.100.41
via = b
[hop b]
public = 198.51.100.42
tunnel = 10.66.0.42
via = c, miami
[hop c]
public = 198.51.100.43
tunnel = 10.66.0.43
via = miami, lima
END
render 0
# Only hops that dial the origin themselves are let in there.
has origin/nftables.conf '        ip saddr { 10.66.0.10, 10.66.0.11, 198.51.100.30 } tcp dport { 6900, 6121, 5121, 5122 } accept'
has origin/rathena.conf 'proxy_trusted: 10.66.0.10, 10.66.0.11, 198.51.100.30'
# A hop without a tunnel is no peer, and without its key the file would not be taken.
has_no b/wg-ropp.conf '# a'
has b/wg-ropp.conf '# c'
# It has no second address, at which the hops behind it would be believed.
sed -i '/^tunnel = 10.66.0.43/d' "$dir/hops.conf"
render 1
said 'hop b: via = c: that one has no tunnel of its own: write tunnel = '
sed -i 's/^public = 198.51.100.43/&\ntunnel = 198.51.100.43/' "$dir/hops.conf"
render 1
said 'hop b: via = c: that one has no tunnel of its own: write tunnel = '
sed -i 's/^tunnel = 198.51.100.43/tunnel = 10.66.0.43/' "$dir/hops.conf"
sed -i 's/^via = miami, lima/via = miami, a/' "$dir/hops.conf"
render 1
said 'a circle: hop a'
said 'a circle: hop c'

# So many ways that to walk all of them would never end.
example
for i in $(seq 60); do
    printf '[hop h%d]\npublic = 192.0.2.%d\ntunnel = 10.67.0.%d\n' "$i" "$i" "$i"
    [ "$i" = 60 ] || printf 'via = %s\n' "$(seq -s ', ' -f 'h%g' $((i + 1)) $((i + 8 < 60 ? i + 8 : 60)))"
done >>"$dir/hops.conf"
echo 'kind = squid' >>"$dir/hops.conf"
render 1
said 'no such kind: kind = squid'
! grep -qF 'a circle' "$dir/said" || complain 'a circle where there is none'

# As large as it may be, and by one byte larger.
example
{
    cat "$dir/hops.conf"
    head -c $(((1 << 20) - $(stat -c %s "$dir/hops.conf"))) /dev/zero | tr '\0' '\n'
} >"$dir/large.conf"
mv "$dir/large.conf" "$dir/hops.conf"
render 0
echo >>"$dir/hops.conf"
render 1
said 'this is no description of hops: hops.conf: it is too large'

# No text at all, however much of it.
head -c $((1 << 20)) /dev/zero >"$dir/hops.conf"
says 1 'ropp: this is no description of hops: hops.conf: it is no text'
head -c 4096 /dev/zero >"$dir/hops.conf"
render 1
said 'this is no description of hops: hops.conf: it is no text'
: >"$dir/hops.conf"
render 1
said 'no [origin]'
rm "$dir/hops.conf"
says 2 'ropp: cannot open the file: hops.conf: No such file or directory'
mkdir "$dir/hops.conf"
says 2 'ropp: cannot read the file: hops.conf: Is a directory'
rmdir "$dir/hops.conf"


# ---- measured where nobody listens ----

cat >"$dir/hops.conf" <<'END'
[origin]
address = 10.66.0.1
login = 1

[hop jakarta]
public = 127.0.0.1
kind = nginx
END
runs=$((runs + 1))
status=0
"$ropp" hop measure "$dir/hops.conf" --count 1 --through >"$dir/said" 2>"$dir/complaints" || status=$?
[ "$status" = 1 ] || complain "measure ends with $status instead of 1: $(cat "$dir/complaints")"
# An empty line is between the exchanges and the ways.
diff - "$dir/said" <<'END' || complain 'what measure prints is another'
HOP      AT           FROM  CONNECT  MEDIAN  P95  JITTER  FAILED
jakarta  127.0.0.1:1  -           -       -    -       -  1 of 1
jakarta: no connection: Connection refused

jakarta: not asked: nginx has no runtime API
END

# Again and again, as long as somebody takes it.
runs=$((runs + 1))
status=0
timeout 20 "$ropp" hop measure "$dir/hops.conf" --count 1 --watch >/dev/full 2>"$dir/complaints" || status=$?
[ "$status" = 2 ] || complain "measure that nobody reads ends with $status instead of 2: $(cat "$dir/complaints")"

# An origin that this machine cannot dial (no machine dials that address) is not known to be hidden.
cat >"$dir/hops.conf" <<'END'
[origin]
address = 10.66.0.1
public = 127.0.0.77, 255.255.255.255
login = 1

[hop jakarta]
public = 127.0.0.1
kind = nginx
END
checked() { # STATUS OPTION...
    local wanted=$1 status=0
    shift
    runs=$((runs + 1))
    "$ropp" hop check "$dir/hops.conf" "$@" >"$dir/said" 2>&1 || status=$?
    [ "$status" = "$wanted" ] || complain "check $* ends with $status instead of $wanted: $(cat "$dir/said")"
}
checked 1 --timeout 1000
grep -qE '^ok +origin +hidden +127.0.0.77:1 +closed, as it should be$' "$dir/said" || complain "a closed port: $(cat "$dir/said")"
grep -qE '^\? +origin +hidden +255.255.255.255:1 +not asked: Network is unreachable: ' "$dir/said" ||
    complain "what was never dialled: $(cat "$dir/said")"

# ---- the keys of clients until 2018, by which a check comes as far as the game ----

checked 2 --keys 1,2
said "not three keys: --keys '1,2'"
checked 1 --keys 0x1,2,3

echo "hop: $runs runs, $failed complaints"
[ "$failed" = 0 ]
