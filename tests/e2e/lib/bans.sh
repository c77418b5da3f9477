# shellcheck shell=bash
# What the cases about ban lists are written with. Sourced after session.sh and the cases about clusters.

# A ban, and the end of one, is to be seen within two seconds; to see it takes a little, too.
bans_soon_ms=2000
bans_probe_ms=300

began=0 # when what is waited for was brought about

# attempt SERVER PLAYER: a short connection of a player, written as HOP OPTION... Says `banned`, `in`, or what else came of
# it. At the login server a banned player is told so; elsewhere the connection ends at once.
attempt() {
    local server=$1 hop=$2 answer
    shift 2
    if [[ $server == login ]]; then
        answer=$("$player" login "$(at "$hop" login)" --user "$session_user" --timeout 1000 "$@" || true)
    else
        answer=$("$player" silent "$(at "$hop" "$server")" --timeout 100 "$@" || true)
    fi
    case $answer in
    'refused code=3' | *'closed count=1 of=1 '*) echo banned ;;
    'accepted '* | *'closed count=0 of=1 '*) echo in ;;
    *) echo "$answer" ;;
    esac
}

# Tries until a server sees a player that way; prints how long that took.
attempts() { # WANT SERVER PLAYER
    local want=$1 got='' end=$((began + 15000))
    shift
    while [[ $got != "$want" ]] && (($(now_ms) < end)); do
        # shellcheck disable=SC2048,SC2086 # a server, a hop and options
        got=$(attempt $*)
        [[ $got == "$want" ]] || sleep 0.03
    done
    printf '%s ms: %s at %s\n' "$(($(now_ms) - began))" "$got" "$*"
}

# await WANT MS PLAYER...: all servers, all at once, see all these players that way so soon after $began.
await() {
    local want=$1 within=$2 who server pid pids=() came=$cluster_folder/hops/await-$RANDOM line
    shift 2
    for who in "$@"; do
        for server in login char map; do
            attempts "$want" "$server" "$who" >"$came-${#pids[@]}" &
            pids+=($!)
        done
    done
    for pid in "${pids[@]}"; do
        wait "$pid"
    done
    sort -n "$came"-* | sed 's/^/> /'
    while read -r line; do
        [[ $line == *" ms: $want at "* ]] || fail "expected $want: $line"
        ((${line%% *} <= within + bans_probe_ms)) || fail "later than $within ms: $line"
    done < <(cat "$came"-*)
    rm "$came"-*
}

expect_soon() { # WANT PLAYER...
    await "$1" "$bans_soon_ms" "${@:2}"
}

# expect_now WANT PLAYER...: as it is already.
expect_now() {
    local want=$1 who server got
    shift
    for who in "$@"; do
        for server in login char map; do
            # shellcheck disable=SC2086 # a hop and options
            got=$(attempt "$server" $who)
            printf '> %s at %s %s\n' "$got" "$server" "$who"
            [[ $got == "$want" ]] || fail "expected $want"
        done
    done
}

# changed STATEMENT: changes the ban list; the time counts from its commit.
changed() {
    printf '> %s\n' "$1"
    began=$(rows "$1; SELECT ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000)" | tail -n 1)
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
        ((took >= 0 && took <= bans_soon_ms + bans_probe_ms)) || fail "later than $bans_soon_ms ms"
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
