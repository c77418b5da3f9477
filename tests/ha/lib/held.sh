# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the servers hold, and whether it is as before. Sourced by tests/ha/run and tests/hostile/run.

held_sockets() { # SERVER
    { find "/proc/${cluster_pid[$1]}/fd" -type l -lname 'socket:*' 2>/dev/null || true; } | wc -l
}

held_kb() { # SERVER
    awk '$1 == "VmRSS:" { print $2 }' "/proc/${cluster_pid[$1]}/status"
}

held_note() { # FILE COMMAND
    local server
    for server in "${cluster_servers[@]}"; do
        "$2" "$server" >"$clean_folder/$1-$server"
    done
}

held_as_before() {
    local server
    for server in "${cluster_servers[@]}"; do
        (($(held_sockets "$server") <= $(<"$clean_folder/sockets-$server"))) || return 1
    done
}

check_sockets() {
    local server result=0
    wait_for 180 held_as_before || result=$?
    for server in "${cluster_servers[@]}"; do
        printf '%s %s, before %s; ' "$server" "$(held_sockets "$server")" "$(<"$clean_folder/sockets-$server")"
    done
    return "$result"
}

# With all players in the game, at the beginning and at the end: a fifth more, two megabytes, and the buffers (18 kB) of as many
# sessions as there are players, who come at once when a hop breaks: the allocator keeps what it once had.
check_memory() {
    local server now then result=0
    for server in "${cluster_servers[@]}"; do
        now=$(<"$clean_folder/kb-after-$server") then=$(<"$clean_folder/kb-before-$server")
        printf '%s %s kB, before %s; ' "$server" "$now" "$then"
        ((now <= then + then / 5 + 2048 + 18 * ${players-0})) || result=1
    done
    return "$result"
}
