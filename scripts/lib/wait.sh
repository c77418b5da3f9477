# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Waiting for a condition, with a bound; and free TCP ports. Sourced after say.sh.

# wait_for SECONDS COMMAND...: until the command succeeds. Fails when it has not by then. What has not happened for a second is
# looked at less often. The command sees this function's own variables.
wait_for() {
    local wait_began=${EPOCHREALTIME/[.,]/} wait_us=$(($1 * 1000000)) wait_took
    shift
    until "$@"; do
        wait_took=$((${EPOCHREALTIME/[.,]/} - wait_began))
        ((wait_took < wait_us)) || return 1
        if ((wait_took < 1000000)); then nap 0.03; else nap 0.1; fi
    done
}

# process_gone PID
process_gone() {
    ! kill -0 "$1" 2>/dev/null
}

# freeze PID: stops a process, and waits until all its threads stand still. Told to stop, those that run on another processor run
# on for a while.
freeze() {
    kill -s STOP "$1"
    wait_for 10 process_frozen "$1"
}

process_frozen() { # PID
    ! grep -qv '^T' < <(sed 's/.*) //' "/proc/$1/task"/*/stat)
}

# file_says FILE PATTERN [FROM]: an extended pattern, looked for from byte FROM on.
file_says() {
    if ((${3-0} == 0)); then
        grep -Eaqs -- "$2" "$1"
    else
        grep -Eaqs -- "$2" < <(tail -c "+$(($3 + 1))" "$1")
    fi
}

# file_will_say SECONDS FILE PATTERN [FROM]: the same, or it does within the time. It sleeps until something is written.
file_will_say() {
    local lines follower status=0
    exec {lines}< <(exec tail -c "+$((${4-0} + 1))" -f "$2")
    follower=$!
    timeout "$1" grep -Eaq -- "$3" <&"$lines" || status=$?
    exec {lines}<&-
    kill "$follower" 2>/dev/null || true
    return "$status"
}

# How far a file has been written, to look for what comes later.
file_mark() {
    if [[ -e $1 ]]; then
        stat -c %s "$1"
    else
        echo 0
    fi
}

port_listens() { # PORT
    [[ -n $(ss -Hltn "sport = :$1") ]]
}

ports_given=' '

# Sets the variable named to a port that nobody listens on, below the range from which the system
# takes the ports of outgoing connections.
free_port() { # VARIABLE
    local -n port_out=$1
    local try
    for ((try = 0; try < 200; try++)); do
        port_out=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if [[ $ports_given != *" $port_out "* ]] && ! port_listens "$port_out"; then
            ports_given+="$port_out "
            return 0
        fi
    done
    die "no free port: 20000 to 32000: end what listens there"
}
