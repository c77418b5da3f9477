#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The tunnel that `ropp hop render --keys` writes, started as it is by wg-quick: between two network namespaces, with the
# kernel's WireGuard or, where it has none, wireguard-go. Needs root. ROPP names the program, ./ropp by default.
set -euo pipefail

skip() {
    echo "skipped: $*"
    exit 77
}
((EUID == 0)) || skip 'needs root'
for tool in wg wg-quick ip unshare nsenter; do
    PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || skip "needs $tool"
done
command -v wireguard-go >/dev/null || modinfo wireguard >/dev/null 2>&1 || skip 'needs wireguard-go, or the kernel module'
[[ -c /dev/net/tun ]] || skip 'needs /dev/net/tun'

ropp=${ROPP:-./ropp}
case $ropp in /*) ;; *) ropp=$PWD/$ropp ;; esac
dir=$(mktemp -d)
holders=()

# What runs in the namespaces ends with them.
cleanup() {
    local holder space process
    for holder in "${holders[@]}"; do
        space=$(readlink "/proc/$holder/ns/net") || continue
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
machine() { # VARIABLE
    local -n holder=$1
    unshare -n -m sh -c 'mount -t tmpfs none /run && exec sleep 300' &
    holder=$!
    disown "$holder"
    holders+=("$holder")
    wait_for 10 separate "$holder" || fail 'no namespace'
    in_machine "$holder" ip link set lo up
}

separate() { # HOLDER
    [[ $(cat "/proc/$1/comm" 2>/dev/null) == sleep ]]
}

in_machine() { # HOLDER COMMAND...
    local holder=$1
    shift
    nsenter -t "$holder" -n -m timeout -k 5 20 "$@" </dev/null
}

# Nobody listens there: whoever is refused was heard.
reaches() { # HOLDER ADDRESS
    local status=0
    # shellcheck disable=SC2016 # for the inner shell
    in_machine "$1" timeout 1 bash -c '</dev/tcp/$0/6900' "$2" 2>/dev/null || status=$?
    ((status == 1))
}

cat >"$dir/hops.conf" <<'END'
[origin]
address = 10.66.0.1
[hop miami]
public = 192.0.2.2
tunnel = 10.66.0.10
END
(cd "$dir" && "$ropp" hop render hops.conf --out out --keys keys) >"$dir/said" 2>&1 || fail "not rendered: $(cat "$dir/said")"

origin='' miami=''
machine origin
machine miami
ip link add to-miami netns "$origin" type veth peer name to-origin netns "$miami" 2>"$dir/said" || skip "no veth: $(cat "$dir/said")"
in_machine "$origin" ip address add 192.0.2.1/24 dev to-miami
in_machine "$origin" ip link set to-miami up
in_machine "$miami" ip address add 192.0.2.2/24 dev to-origin
in_machine "$miami" ip link set to-origin up

start() { # HOLDER NAME
    in_machine "$1" wg-quick up "$dir/out/$2/wg-ropp.conf" >"$dir/said" 2>&1 || fail "$2: $(cat "$dir/said")"
}

start "$origin" origin
start "$miami" miami
wait_for 20 reaches "$miami" 10.66.0.1 || fail 'the hop does not reach the origin by the tunnel'
wait_for 20 reaches "$origin" 10.66.0.10 || fail 'the origin does not reach the hop by the tunnel'
[[ $(in_machine "$miami" wg show wg-ropp latest-handshakes) == "$(cat "$dir/keys/origin.pub")"$'\t'[1-9]* ]] || fail 'no handshake'

# Another key: the same two machines have nothing to say to each other.
in_machine "$miami" wg-quick down "$dir/out/miami/wg-ropp.conf" >"$dir/said" 2>&1 || fail "down: $(cat "$dir/said")"
rm "$dir/keys/miami."*
(cd "$dir" && "$ropp" hop render hops.conf --out out --keys keys --for miami) >"$dir/said" 2>&1 || fail "not rendered: $(cat "$dir/said")"
start "$miami" miami
for _ in 1 2 3; do
    ! reaches "$miami" 10.66.0.1 || fail 'the origin answers a key that it does not know'
done
# Once the origin has it, too, they have.
(cd "$dir" && "$ropp" hop render hops.conf --out out --keys keys) >"$dir/said" 2>&1 || fail "not rendered: $(cat "$dir/said")"
in_machine "$origin" wg-quick down "$dir/out/origin/wg-ropp.conf" >"$dir/said" 2>&1 || fail "down: $(cat "$dir/said")"
start "$origin" origin
wait_for 20 reaches "$miami" 10.66.0.1 || fail 'the hop with its new key does not reach the origin'
echo 'hop tunnel: up, refused with another key, up again'
