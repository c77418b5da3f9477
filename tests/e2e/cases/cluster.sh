# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What breaks: proxies that die or freeze, servers that are started again, links through a proxy. Each case has a cluster
# of its own, since it leaves nothing whole. Sourced by tests/e2e/run.

# player_behind NAME COMMAND AT OPTION...: the test player in the background; its words go to a file.
declare -A player_pid player_log
player_behind() {
    local name=$1
    shift
    printf '> players "%s": %s\n' "$name" "$*"
    player_log[$name]=$cluster_folder/hops/players-$name
    "$player" "$@" >"${player_log[$name]}" 2>&1 &
    player_pid[$name]=$!
    clean_own "${player_pid[$name]}"
}

# player_start NAME HOP OPTION...: players that stay in the game.
player_start() {
    local name=$1 hop=$2
    shift 2
    player_behind "$name" play "$(at "$hop" login)" "${cluster_client[@]}" --user player --user-each --from-each \
        --timeout 20000 --retry 40000 --tick 1000 "$@"
}

player_playing() { # NAME COUNT
    if ! wait_for 60 file_says "${player_log[$1]}" "^playing count=$2\$"; then
        tail -n 30 "${player_log[$1]}"
        fail "not all of '$1' are in the game"
    fi
}

player_words() { # NAME
    sed -E 's/ (player|ms|bytes|ticks|answered|name|account)=[^ ]*//g' "${player_log[$1]}" | sort | uniq -c
}

# player_stayed NAME COUNT: all of them, to the end of their time, and the server has answered all the while.
player_stayed() {
    local line
    wait "${player_pid[$1]}" || true
    player_words "$1"
    (($(grep -c '^stayed ' "${player_log[$1]}") == $2)) || fail "not all of '$1' have stayed"
    while read -r line; do
        [[ $line =~ ticks=([0-9]+)\ answered=([0-9]+)$ ]] || fail "no ticks: $line"
        ((BASH_REMATCH[1] - BASH_REMATCH[2] <= 2)) || fail "the server was away: $line"
    done < <(grep '^stayed ' "${player_log[$1]}")
}

player_thrown_out() { # NAME COUNT
    wait_for 30 process_gone "${player_pid[$1]}" || fail "'$1' are still there"
    player_words "$1"
    (($(grep -c '^disconnected ' "${player_log[$1]}") == $2)) || fail "not all of '$1' were disconnected"
}

own_cluster() { # SETUP
    cluster_can_play || exit
    cluster_start "$1" || exit 1
    session_begin
}

e2e_case hop-killed own "SIGKILL for hop 1 with 50 players on it: nobody else notices, all 50 come back by hop 2" 22
case_hop_killed() {
    own_cluster session
    player_start fifty 1 --count 50 --from 127.60.1.1 --spread 2000 --stay 600000
    player_playing fifty 50
    player_start others 2 --count 3 --user-first 51 --from 127.60.2.1 --stay 12000
    player_start direct direct --count 3 --user-first 54 --from 127.60.3.1 --stay 12000
    player_playing others 3
    player_playing direct 3
    hop_stop 127.10.0.1 KILL
    player_thrown_out fifty 50
    player_stayed others 3
    player_stayed direct 3
    player_start fifty 2 --count 50 --from 127.60.1.1 --spread 2000 --must-not-contain "$cluster_origin"
    wait "${player_pid[fifty]}" || true
    player_words fifty
    grep -q '^arrived count=50 of=50$' "${player_log[fifty]}" || fail 'not all came back'
    grep -q '^searched .* found=0$' "${player_log[fifty]}" || fail "the origin's address was sent"
    ! cluster_lost || fail 'a server has ended'
}

# restart SERVER: ends and starts it, and waits for the links that there were.
restart() {
    local mark signal=
    printf '> %s is started again\n' "$1"
    # Asked to end, Hercules' char server of 2015 tells the map servers to throw everybody out.
    [[ $1 != char ]] || signal=KILL
    cluster_quit "$1" "$signal"
    mark=$(cluster_mark char)
    cluster_launch "$1"
    cluster_wait_listen "$1" || exit 1
    case $1 in
    login) cluster_wait_link char || exit 1 ;;
    char)
        cluster_wait_link char || exit 1
        cluster_wait_link map 0 "$(cluster_map_count)" || exit 1
        ;;
    *) cluster_wait_link map "$mark" || exit 1 ;;
    esac
}

# Whether a new player gets in, once the servers are linked again.
newcomer() { # NUMBER
    session_user=player$1
    wait_for 30 newcomer_arrives "$1" || fail 'a new player does not get in'
}

newcomer_arrives() {
    session 2 --from "127.60.9.$1" --must-not-contain "$cluster_origin" --timeout 5000
    ((status == 0))
}

e2e_case cluster-restarts own "strict, a proxy frozen, players in the game: each server starts again and the links come back" 18
case_cluster_restarts() {
    own_cluster strict
    player_start frozen 1 --count 5 --user-first 11 --from 127.60.1.1 --stay 600000 --timeout 600000
    player_playing frozen 5
    player_start others 2 --count 3 --user-first 21 --from 127.60.2.1 --stay 600000
    player_playing others 3
    freeze "${hop_pid[127.10.0.1]}" || fail 'the proxy does not stand still'
    restart login
    newcomer 31
    restart char
    newcomer 32
    if grep -q '^disconnected' "${player_log[others]}"; then
        player_words others
        fail 'players on the map were thrown out'
    fi
    restart map
    player_thrown_out others 3
    newcomer 33
    if [[ -n ${cluster_port[map2]-} ]]; then
        restart map2
        newcomer 34
    fi
    ! cluster_lost || fail 'a server has ended'
    # It could not die of a gentler signal.
    hop_stop 127.10.0.1 KILL
}

# The link's proxy, with a header or without; it comes from the address that it listens at.
tcp_proxy() { # [SEND [SOURCE]]
    hop_start "$cluster_tcp" "${1-}" "${2-$cluster_tcp}"
}

e2e_case cluster-links own "strict: links through a TCP proxy that is in proxy_direct; none through one that sends a header" 33
case_cluster_links() {
    local mark map_mark
    cluster_can_play || exit
    cluster_make links
    tcp_proxy
    cluster_up || exit 1
    hop_start 127.10.0.2 send-proxy-v2
    session_begin
    newcomer 1
    printf '> the proxy of the links dies and comes again\n'
    mark=$(cluster_mark login)
    map_mark=$(cluster_mark char)
    hop_stop "$cluster_tcp" KILL
    tcp_proxy
    cluster_wait_link char "$mark" || exit 1
    cluster_wait_link map "$map_mark" "$(cluster_map_count)" || exit 1
    newcomer 2
    printf '> with a header, a server is as good as a player\n'
    mark=$(cluster_mark login)
    hop_stop "$cluster_tcp" KILL
    tcp_proxy send-proxy-v2 127.10.0.50
    expect_cluster_said login "$mark" 'ropp: refused .* server-behind-proxy' 30
    ! cluster_linked char "$mark" 1 || fail 'the link came up behind a header'
    ! cluster_lost || fail 'a server has ended'
    printf '> without one again\n'
    mark=$(cluster_mark login)
    map_mark=$(cluster_mark char)
    hop_stop "$cluster_tcp" KILL
    tcp_proxy
    cluster_wait_link char "$mark" || exit 1
    cluster_wait_link map "$map_mark" "$(cluster_map_count)" || exit 1
    newcomer 3
}
