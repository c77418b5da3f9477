#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The tunnels and packet filters that `ropp hop render --keys` writes, started as they are by wg-quick and nft: on an origin
# and two hops, each a network namespace, with the kernel's WireGuard or, where it has none, wireguard-go. Needs root. ROPP
# names the program, ./ropp by default.
set -euo pipefail

skip() {
    echo "skipped: $*"
    exit 77
}
((EUID == 0)) || skip 'needs root'
PATH=$PATH:/usr/sbin:/sbin
for tool in wg wg-quick ip nft unshare nsenter; do
    command -v "$tool" >/dev/null || skip "needs $tool"
done
command -v wireguard-go >/dev/null || modinfo wireguard >/dev/null 2>&1 || skip 'needs wireguard-go, or the kernel module'
[[ -c /dev/net/tun ]] || skip 'needs /dev/net/tun'

ropp=${ROPP:-./ropp}
case $ropp in /*) ;; *) ropp=$PWD/$ropp ;; esac
dir=$(mktemp -d)
declare -A holder

# What runs in the namespaces ends with them.
cleanup() {
    local name space process
    for name in "${!holder[@]}"; do
        space=$(readlink "/proc/${holder[$name]}/ns/net") || continue
        for process in /proc/[0-9]*; do
            [[ $(readlink "$process/ns/net" 2>/dev/null) != "$space" ]] || kill -KILL "${process#/proc/}" 2>/dev/null || true
        done
    done
    rm -rf "$dir"
}
trap cleanup EXIT

fail() {
    printf 'FAIL %s\n' "$*"
    exit 1
}

# wait_for SECONDS COMMAND...
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

# A machine: a network of its own, and a /run of its own, where wireguard-go has its sockets.
machine() { # NAME
    unshare -n -m sh -c 'mount -t tmpfs none /run && exec sleep 300' &
    holder[$1]=$!
    disown "$!"
    wait_for 10 separate "$1" || fail 'no namespace'
    in_machine "$1" ip link set lo up
}

separate() { # NAME
    [[ $(cat "/proc/${holder[$1]}/comm" 2>/dev/null) == sleep ]]
}

in_machine() { # NAME COMMAND...
    local name=$1
    shift
    nsenter -t "${holder[$name]}" -n -m timeout -k 5 20 "$@" </dev/null
}

# On a wire that all machines are on, which is the origin's.
wire() { # NAME ADDRESS
    ip link add "$1" netns "${holder[origin]}" type veth peer name wire netns "${holder[$1]}" 2>"$dir/said" ||
        skip "no veth: $(cat "$dir/said")"
    in_machine origin ip link set "$1" master wire up
    in_machine "$1" ip address add "$2/24" dev wire
    in_machine "$1" ip link set wire up
}

# reaches NAME ADDRESS PORT: nobody listens there, and whoever is refused was let through.
reaches() {
    local status=0
    # shellcheck disable=SC2016 # for the inner shell
    in_machine "$1" timeout 1 bash -c '</dev/tcp/$0/$1' "$2" "$3" 2>/dev/null || status=$?
    ((status == 1))
}

render() { # OPTION...
    (cd "$dir" && "$ropp" hop render hops.conf --out out --keys keys "$@") >"$dir/said" 2>&1 || fail "not rendered: $(cat "$dir/said")"
}

tunnel() { # NAME up|down
    in_machine "$1" wg-quick "$2" "$dir/out/$1/wg-ropp.conf" >"$dir/said" 2>&1 || fail "$1: $(cat "$dir/said")"
}

cat >"$dir/hops.conf" <<'END'
[origin]
address = 10.66.0.1
public = 192.0.2.1
[hop miami]
public = 192.0.2.2
tunnel = 10.66.0.10
[hop lima]
public = 192.0.2.3
tunnel = 10.66.0.11
via = miami, direct
END
render
for name in origin miami lima; do
    machine "$name"
done
in_machine origin ip link add wire type bridge 2>"$dir/said" || skip "no bridge: $(cat "$dir/said")"
in_machine origin ip address add 192.0.2.1/24 dev wire
in_machine origin ip link set wire up
wire miami 192.0.2.2
wire lima 192.0.2.3

for name in origin miami lima; do
    tunnel "$name" up
done
wait_for 20 reaches miami 10.66.0.1 6900 || fail 'the hop does not reach the origin by the tunnel'
wait_for 20 reaches lima 10.66.0.10 6900 || fail 'the hop behind does not reach the one in front'
[[ $(in_machine miami wg show wg-ropp latest-handshakes) == *"$(cat "$dir/keys/origin.pub")"$'\t'[1-9]* ]] || fail 'no handshake'
reaches miami 192.0.2.1 6900 || fail 'the origin is hidden before its packet filter is loaded'

# Once they are loaded, the game's ports are there by the tunnel alone, and the runtime API for the origin alone.
for name in origin miami lima; do
    in_machine "$name" nft -f "$dir/out/$name/nftables.conf" || fail "the packet filter of $name"
    in_machine "$name" nft -f "$dir/out/$name/nftables.conf" || fail "the packet filter of $name, again"
done
reaches miami 10.66.0.1 6900 || fail 'the origin does not let a hop in'
! reaches miami 192.0.2.1 6900 || fail 'the origin is open to everybody'
reaches miami 192.0.2.1 22 || fail 'other ports of the origin are closed'
reaches lima 192.0.2.2 6900 || fail 'a hop does not let players in'
reaches lima 10.66.0.10 6900 || fail 'a hop does not let the hop behind it in'
! reaches miami 10.66.0.11 6900 || fail 'a hop lets one in that is not behind it'
reaches origin 10.66.0.10 8405 || fail 'the origin may not ask a proxy'
! reaches lima 10.66.0.10 8405 || fail 'a hop may rule the proxy of another'
reaches lima 10.66.0.10 8404 || fail 'a hop may not look at the one in front'
! reaches miami 10.66.0.11 8404 || fail 'a hop may look at one behind it'

# Another key: the same two machines have nothing to say to each other.
tunnel miami down
rm "$dir/keys/miami."*
render --for miami
tunnel miami up
for _ in 1 2 3; do
    ! reaches miami 10.66.0.1 6900 || fail 'the origin answers a key that it does not know'
done
# Once the origin has it, too, they have.
render
tunnel origin down
tunnel origin up
wait_for 20 reaches miami 10.66.0.1 6900 || fail 'the hop with its new key does not reach the origin'
echo 'hop tunnel: up, filtered, refused with another key, up again'
