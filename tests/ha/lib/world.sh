# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The internet of the test: machines in network and mount namespaces of their own, continents with players, and the relay between
# them. The script's own namespace is the origin. Sourced by tests/ha/run.

world_origin=203.0.113.9
declare -A world_public=([miami]=198.51.100.10 [lima]=198.51.100.20 [jakarta]=198.51.100.30)
declare -A world_tunnel=([origin]=10.66.0.1 [miami]=10.66.0.10 [lima]=10.66.0.11 [jakarta]=10.66.0.12)
world_hops=(miami lima jakarta)
world_continents=(africa america asia europe oceania)
# Each player has an address of its own; the attackers have many.
declare -A world_players=([africa]=198.18.0 [america]=198.18.1 [asia]=198.18.2 [europe]=198.18.3 [oceania]=198.18.4)
world_attackers=198.19.0.0/16

# There and back, in milliseconds, and how much is lost on a way.
world_permille=10
world_times='
    origin miami 120   origin lima 250   origin jakarta 250
    miami lima 20      miami jakarta 250  lima jakarta 250
    africa miami 120   africa lima 250   africa jakarta 250
    america miami 20   america lima 20   america jakarta 250
    asia miami 250     asia lima 250     asia jakarta 20
    europe miami 120   europe lima 250   europe jakarta 250
    oceania miami 250  oceania lima 250  oceania jakarta 120
    africa origin 120  america origin 120  asia origin 250  europe origin 20  oceania origin 250'

world_relay_pid=
declare -A machine_pid

# What the test needs of the machine; says what is missing.
world_possible() {
    if ((EUID != 0)); then
        echo 'namespaces need root'
    elif [[ ! -c /dev/net/tun ]]; then
        echo 'there is no /dev/net/tun'
    elif ! unshare --net --mount --pid --fork true 2>/dev/null; then
        echo 'this machine makes no namespaces'
    elif ! unshare --net ip tuntap add dev wan mode tun 2>/dev/null; then
        echo 'this machine makes no TUN devices'
    else
        return 0
    fi
    return 1
}

# world_device NAMESPACE ADDRESS...: its way out, once the relay has made the device.
world_device() {
    local in=(nsenter "--net=$1") address
    shift
    "${in[@]}" ip link set lo up
    for address in "$@"; do
        if [[ $address == */32 ]]; then
            "${in[@]}" ip address add "$address" dev wan
        else
            "${in[@]}" ip route add local "$address" dev lo # all of its addresses are this machine's
        fi
    done
    "${in[@]}" ip link set wan up
    "${in[@]}" ip route add default dev wan
}

machine_ready() { # NAME
    [[ -e $clean_folder/machines/$1/ready ]] || process_gone "${machine_pid[$1]}"
}

machine_make() { # NAME
    local folder=$clean_folder/machines/$1
    mkdir -p "$folder"
    nsenter "--net=/run/netns/$1" unshare --mount "$ha/lib/machine" "$folder" >"$folder/said" 2>&1 &
    machine_pid[$1]=$!
    clean_own "${machine_pid[$1]}"
    wait_for 20 machine_ready "$1"
    [[ -e $folder/ready ]] || { say_log "$folder/said"; die "no machine: $1: see above"; }
}

# machine_run NAME COMMAND...
machine_run() {
    local pid=${machine_pid[$1]}
    shift
    nsenter --target "$pid" --net --mount "$@"
}

# machine_processes NAME PROGRAM: their ids.
machine_processes() {
    local space folder
    space=$(readlink "/proc/${machine_pid[$1]}/ns/net")
    for folder in /proc/[0-9]*; do
        if [[ $(cat "$folder/comm" 2>/dev/null) == "$2" && $(readlink "$folder/ns/net" 2>/dev/null) == "$space" ]]; then
            printf '%s\n' "${folder##*/}"
        fi
    done
}

# Signals all processes of a program.
machine_signal() { # NAME PROGRAM SIGNAL
    local pids
    mapfile -t pids < <(machine_processes "$1" "$2")
    ((${#pids[@]} == 0)) || kill -s "$3" "${pids[@]}" 2>/dev/null || true
}

machine_idle() { # NAME PROGRAM
    [[ -z $(machine_processes "$1" "$2") ]]
}

# world_order ORDER...: to the relay.
world_order() {
    printf '%s\n' "$*" >&"$world_orders"
}

# world_ways SITE [MORE-MS PERMILLE]: the usual ways of a site, or worse ones.
world_ways() {
    local from to ms
    while read -r from to ms; do
        if [[ $1 == "$from" || $1 == "$to" || $1 == all ]]; then
            world_order way "$from" "$to" $((ms / 2 + ${2-0})) "${3-$world_permille}"
        fi
    done < <(xargs -n 3 <<<"$world_times")
}

# The relay and all namespaces, with their devices and addresses. The way is not to be longer because this machine is busy.
world_make() {
    local name sites=("origin=/proc/self/ns/net,$world_origin/32")
    mkdir -p "$clean_folder/machines"
    for name in "${world_hops[@]}"; do
        ip netns add "$name"
        sites+=("$name=/run/netns/$name,${world_public[$name]}/32")
    done
    for name in "${world_continents[@]}"; do
        ip netns add "$name"
        sites+=("$name=/run/netns/$name,${world_players[$name]}.0/24")
    done
    mkfifo "$clean_folder/orders"
    nice -n -5 "$relay" "$seed" "${sites[@]}" <"$clean_folder/orders" >"$clean_folder/relay" 2>&1 &
    world_relay_pid=$!
    clean_own "$world_relay_pid"
    exec {world_orders}>"$clean_folder/orders"
    wait_for 10 file_says "$clean_folder/relay" '^ready$' || { say_log "$clean_folder/relay"; die 'the relay does not start: see above'; }
    world_device /proc/self/ns/net "$world_origin/32"
    for name in "${world_hops[@]}"; do
        world_device "/run/netns/$name" "${world_public[$name]}/32"
        machine_make "$name"
    done
    for name in "${world_continents[@]}"; do
        world_device "/run/netns/$name" "${world_players[$name]}.0/24"
    done
    world_ways all
}

# world_attack HOP: many machines behind one router, a step away from a hop. Theirs is no way by the relay: it shall not be what is busy.
world_attack() {
    local in=(nsenter --net=/run/netns/attackers)
    ip netns add attackers
    ip link add wan netns attackers type veth peer name street netns "$1"
    machine_run "$1" ip address add 192.0.2.1/30 dev street
    machine_run "$1" ip link set street up
    machine_run "$1" ip route add "$world_attackers" via 192.0.2.2
    "${in[@]}" ip address add 192.0.2.2/30 dev wan
    "${in[@]}" ip link set lo up
    "${in[@]}" ip link set wan up
    "${in[@]}" ip route add local "$world_attackers" dev lo
    "${in[@]}" ip route add default via 192.0.2.1
}
