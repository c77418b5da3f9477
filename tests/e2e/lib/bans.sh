# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the cases about ban lists are written with. Sourced after session.sh and the cases about clusters.

# A ban, and the end of one, is to be seen within two seconds; to see it takes a little, too.
bans_soon_ms=2000
bans_probe_ms=300

began=0   # when what is waited for was brought about
late_ms=0 # how late this machine itself was, at the last look

# The packet by which this emulator refuses a login to the client it was built for.
refusal_packet() {
    if [[ $tree_dialect == hercules ]] && ((cluster_packetver >= 20180627)); then
        echo 0x0b02
    elif ((cluster_packetver >= 20120000)) || [[ $tree_dialect == hercules ]] && ((cluster_packetver >= 20101123)); then
        echo 0x083e
    else
        echo 0x006a
    fi
}

# watch WANT SERVER MS PLAYER: connections of a player, written as HOP OPTION..., one after the other until the server sees
# it that way. At the login server a banned player is answered; elsewhere the connection ends at once.
watch() {
    local want=$1 server=$2 within=$3 hop=$4 how=(--user "$session_user")
    shift 4
    [[ $server == login ]] || how=(--say-nothing)
    # A banned peer of the char server is kept until its first byte: it might be a server.
    [[ $server != char ]] || how=(--one-byte)
    "$player" watch "$(at "$hop" "$server")" --want "$want" --timeout "$within" "${how[@]}" "$@" || true
}

# The servers that are looked at: a second map server is the same program.
watched() {
    printf '%s\n' "${cluster_servers[@]}" | grep -v '^map2$'
}

# watch_all WANT MS PLAYER...: all servers, each about each of these players, all at once. A line for each of them.
watch_all() {
    local want=$1 within=$2 who server pid pids=() saw=$cluster_folder/hops/saw-$RANDOM
    shift 2
    for who in "$@"; do
        for server in $(watched); do
            # shellcheck disable=SC2086 # a hop and options
            watch "$want" "$server" "$within" $who >"$saw-${#pids[@]}" && sed -i "s/\$/: $server ${who//\//\\/}/" "$saw-${#pids[@]}" &
            pids+=($!)
        done
    done
    for pid in "${pids[@]}"; do
        wait "$pid"
    done
    cat "$saw"-*
    rm "$saw"-*
}

# await WANT MS PLAYER...: all servers see all of them that way so soon after $began.
await() {
    local want=$1 within=$2 line took
    late_ms=0
    while read -r line; do
        [[ $line =~ ^([a-z]+)\ at_ms=([0-9]+)\ connections=[0-9]+\ late_ms=([0-9]+):\ (.*)$ ]] || fail "no sight: $line"
        took=$((BASH_REMATCH[2] - began))
        ((BASH_REMATCH[3] <= late_ms)) || late_ms=${BASH_REMATCH[3]}
        printf '> %s ms: %s, %s\n' "$took" "${BASH_REMATCH[1]}" "${BASH_REMATCH[4]}"
        [[ ${BASH_REMATCH[1]} == "$want" ]] || fail "expected $want"
        ((took <= within + bans_probe_ms + BASH_REMATCH[3])) ||
            fail "later than $within ms, and this machine was late itself by ${BASH_REMATCH[3]} ms"
    done < <(watch_all "$want" $((within + 10000)) "${@:3}")
}

expect_soon() { # WANT PLAYER...
    await "$1" "$bans_soon_ms" "${@:2}"
}

# expect_now WANT PLAYER...: at the first connection.
expect_now() {
    local line
    while read -r line; do
        printf '> %s\n' "$line"
        [[ $line == "$1 "* ]] || fail "expected $1"
    done < <(watch_all "$1" 1 "${@:2}")
}

# changed STATEMENT: changes the ban list; the time counts from its commit.
changed() {
    local try
    printf '> %s\n' "$1"
    # One of two statements that meet may be told to try again.
    for try in 1 2 3; do
        began=$(rows "$1; SELECT ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000)" | tail -n 1) && return
        printf '> try %s has failed\n' "$try"
    done
    fail 'the change is not made'
}

# v6 ADDRESS: an IPv6 player behind the proxy that the test player plays.
v6() {
    echo "direct --from $cluster_played --header v2 --claim [$1]:40000 --dest [2001:db8::1]:6900"
}

# inside NAME STAGE NUMBER PLAYER: a player who is in already, and idle: at login, char or on the map.
inside() {
    local name=$1 stage=$2 first=$3
    # shellcheck disable=SC2086 # a hop and options
    player_start "$name" $4 --count 1 --user-first "$first" --stay-at "$stage" --stay 600000 --tick 60000 --timeout 60000
}

# expect_kicked NAME...: soon after $began. A player writes its last words when it is thrown out, and ends.
expect_kicked() {
    local name took
    for name in "$@"; do
        wait_for 10 process_gone "${player_pid[$name]}" || fail "'$name' is still there"
        took=$(stat -c %.3Y "${player_log[$name]}")
        took=$((${took/[.,]/} - began))
        grep '^disconnected ' "${player_log[$name]}" || fail "'$name' was not thrown out"
        printf '> %s ms: %s\n' "$took" "$name"
        ((took >= 0 && took <= bans_soon_ms + bans_probe_ms + late_ms)) || fail "later than $bans_soon_ms ms"
    done
}

expect_inside() { # NAME...
    local name
    for name in "$@"; do
        if process_gone "${player_pid[$name]}"; then
            cat "${player_log[$name]}"
            fail "'$name' was thrown out"
        fi
    done
}
