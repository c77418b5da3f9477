# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Login, char and map server of the emulator under test, with two proxies in front of them: a session's whole way.
# Sourced after server.sh and the dialects.

# The origin's address is one that occurs in no packet by chance, so that it can be searched for.
cluster_origin=127.77.13.9
# Proxies: hop 1 and 2 write headers of version 2, hop 3 of version 1. Each comes from the address it listens at.
cluster_hops=127.10.0.0/24
# A proxy that the test player plays itself.
cluster_played=127.10.0.9
# A TCP proxy between the servers.
cluster_tcp=127.20.0.1
# The emulators' own LAN table: players of that network are sent this address.
cluster_lan=127.99.0.1

cluster_packetver= # of the client that the servers were built for
cluster_plays=    # the version that is played: the nearest that the test player knows
cluster_client=() # the same, and how it scrambles, as options of the test player and the probe
cluster_folder=
cluster_setup=
cluster_starts=0
cluster_database=
cluster_servers=() # login char map, map2 where the dialect has two, and api in the setups `bans` and `chaos` where there is one
declare -A cluster_port cluster_pid cluster_log
declare -A hop_pid

# The maps of each map server; new characters begin on one of the first's.
cluster_maps_map=(prontera iz_int iz_int01 iz_int02 iz_int03 iz_int04 new_1-1 new_2-1 new_3-1 new_4-1 new_5-1 new_zone01)
cluster_maps_map2=(izlude)

# The client's version as the tree was configured, or as its sources have it.
tree_packetver() {
    local file found=''
    for file in "$tree_bin/config.log" "$tree/config.log"; do
        [[ -n $found || ! -f $file ]] ||
            found=$(sed -n "s/^  *\$ .*--enable-packetver='\{0,1\}\([0-9]\{8\}\).*/\1/p" "$file" | tail -n 1)
    done
    for file in "$tree_bin"{,/..,/../..,/../../..}/CMakeCache.txt; do
        [[ -n $found || ! -f $file ]] || found=$(sed -n 's/^PACKETVER:[A-Z]*=\([0-9]\{8\}\)$/\1/p' "$file")
    done
    for file in "$tree"/src/{config/packets.hpp,config/packets.h,common/mmo.hpp,common/mmo.h}; do
        [[ -n $found || ! -f $file ]] ||
            found=$(sed -n 's/^[[:space:]]*#[[:space:]]*define[[:space:]]*PACKETVER[[:space:]]*\([0-9]\{8\}\).*/\1/p' \
                "$file" | head -n 1)
    done
    echo "$found"
}

# cluster_find [PACKETVER]: what there is to play with. The test player is there.
cluster_find() {
    local said
    cluster_choose none
    cluster_packetver=${1:-$(tree_packetver)}
    [[ -n $cluster_packetver ]] || return 0
    if ! said=$("$player" client "$cluster_packetver" 2>/dev/null); then
        [[ -z ${1-} ]] || die "no client that can be played: $1: give a newer one"
        say_note "the client of $cluster_packetver is older than those that can be played: the cases of a player in the game are skipped"
        cluster_packetver=
        return 0
    fi
    cluster_plays=${said#client version=}
    [[ $cluster_plays == "$cluster_packetver" ]] ||
        say_note "the client of $cluster_packetver is played as that of $cluster_plays, the nearest that is known"
}

# The servers that a setup has.
cluster_choose() { # SETUP
    cluster_servers=(login char map)
    if [[ $tree_dialect == rathena ]]; then
        cluster_servers+=(map2)
    fi
    if [[ $1 == bans || $1 == chaos ]] && tree_program api-server >/dev/null; then
        cluster_servers+=(api)
    fi
}

# How many of them are map servers.
cluster_map_count() {
    printf '%s\n' "${cluster_servers[@]}" | grep -c '^map'
}

# cluster_keys SETUP: the proxy_ keys, the same on every server.
cluster_keys() {
    local setup=$1
    case $setup in
    strict | links | one-machine | hostile-strict)
        echo 'proxy_protocol strict'
        echo 'proxy_direct 127.0.0.1'
        ;;
    *) echo 'proxy_protocol on' ;;
    esac
    echo "proxy_trusted $cluster_hops"
    case $setup in
    session | strict) ;;
    chaos) chaos_keys ;; # tests/chaos
    hostile | hostile-strict) hostile_keys ;; # tests/hostile
    bans)
        echo 'proxy_direct 127.0.0.1'
        echo 'proxy_connlog all'
        ;;
    senders) senders_keys ;; # tests/e2e/lib/senders.sh
    one-machine) echo 'proxy_trusted 127.0.0.1' ;;
    links) echo "proxy_direct $cluster_tcp" ;;
    ticket-on) echo 'proxy_auth_ip_check on' ;;
    ticket-off) echo 'proxy_auth_ip_check off' ;;
    unhidden) echo 'proxy_hide_origin off' ;;
    untold) echo 'proxy_advertise off' ;;
    *) die "no such setup: $setup: see cluster_keys" ;;
    esac
    # The player that plays a proxy comes back as one.
    echo "proxy_route $cluster_played/32 char=$cluster_origin map=$cluster_origin"
    # The longest prefix wins; a port is as it was unless it is given.
    echo 'proxy_route 127.10.0.64/26 char=198.51.100.26:1026 map=198.51.100.26:2026'
    echo 'proxy_route 127.10.0.65/32 char=198.51.100.32:1032 map=198.51.100.32:2032'
    echo 'proxy_route 127.10.0.64/28 char=198.51.100.28 map=198.51.100.28'
    # By the header's destination.
    echo 'proxy_route 10.44.0.0/16 char=198.51.100.44:1044 map=198.51.100.44:2044'
}

# cluster_dials SETUP SERVER: where the char server dials the login server, and a map server the char server.
cluster_dials() {
    local to=login
    [[ $2 == char ]] || to=char
    if [[ $1 == links ]]; then
        echo "$cluster_tcp ${cluster_port[$to]}"
    else
        echo "$cluster_origin ${cluster_port[$to]}"
    fi
}

# cluster_configure SETUP SERVER
cluster_configure() {
    local setup=$1 server=$2 folder=$cluster_folder/$2
    local server_address=$cluster_origin guard_count=1000 dials
    "${tree_layout}_configure" "$folder" "$cluster_database" "${cluster_port[login]}" "${cluster_port[char]}"
    dials=$(cluster_dials "$setup" "$server")
    # shellcheck disable=SC2086 # two words
    "${tree_layout}_cluster_configure" "$folder" "$server" $dials
    if [[ $setup == rendered ]]; then
        rendered_settings "$folder" "${server%2}"
    elif [[ $setup != none ]]; then
        cluster_keys "$setup" | "${tree_layout}_add_keys" "$folder" "${server%2}"
    fi
}

# Scripts of eAthena, and of rAthena until 2012, have no commands of players: there everybody may use the emulator's own for
# going to another map, and the map server's log says where a player comes from.
cluster_commands() {
    [[ ! -f $tree/src/map/script.c ]] || grep -q bindatcmd "$tree/src/map/script.c"
}

# As many players as a case may want at once: player1, player2 ...
cluster_accounts() {
    local rows='' i
    for ((i = 1; i <= 199; i++)); do
        rows+="${rows:+, }('player$i', 'secret', 'M', 'player@example.org')"
    done
    db_sql "$cluster_database" "INSERT INTO login (userid, user_pass, sex, email) VALUES $rows"
    if ! cluster_commands && [[ -n $(db_sql "$cluster_database" "SHOW COLUMNS FROM login LIKE 'group_id'") ]]; then
        db_sql "$cluster_database" "UPDATE login SET group_id = 99 WHERE sex <> 'S'"
    fi
}

# cluster_make SETUP: ports, a database, and a run folder for each server.
cluster_make() {
    local server program
    cluster_setup=$1
    cluster_choose "$1"
    cluster_starts=$((cluster_starts + 1))
    cluster_folder=$clean_folder/cluster-$BASHPID-$cluster_starts
    cluster_database=cluster_${BASHPID}_$cluster_starts
    cluster_pid=()
    hop_pid=()
    database_make "$cluster_database"
    cluster_accounts
    for server in "${cluster_servers[@]}"; do
        free_port "cluster_port[$server]"
        program=$(tree_program "${server%2}-server")
        tree_run_folder "$cluster_folder/$server" "$program"
    done
    for server in "${cluster_servers[@]}"; do
        cluster_configure "$1" "$server"
    done
    [[ -z $server_account ]] || chown -R -P -h "$server_account" "$cluster_folder"
    mkdir -p "$cluster_folder/hops"
}

# Says why, and skips, where there is nothing to play with.
cluster_can_play() {
    local server
    for server in char map; do
        if ! tree_program "$server-server" >/dev/null; then
            printf 'SKIP: there is no %s-server to play with\n' "$server"
            return 77
        fi
    done
    if [[ -z $cluster_packetver ]]; then
        echo "SKIP: the version of the client is not known: give --packetver"
        return 77
    fi
}

# cluster_launch SERVER: starts it, or starts it again; its log begins anew.
cluster_launch() {
    local server_folder=$cluster_folder/$1 pid
    cluster_log[$1]=$cluster_folder/$1/$1-$(now_ms).out
    server_launch "${1%2}-server" "${cluster_log[$1]}" pid
    cluster_pid[$1]=$pid
}

cluster_listens() { # SERVER
    process_gone "${cluster_pid[$1]}" ||
        [[ -n $(ss -Hltn "src = $cluster_origin and sport = :${cluster_port[$1]}") ]]
}

# A map server reads its databases first, which takes a debug build on a busy machine a minute or two.
cluster_wait_listen() { # SERVER
    if ! wait_for 180 cluster_listens "$1" || process_gone "${cluster_pid[$1]}"; then
        say_log "${cluster_log[$1]}"
        echo "FAIL: the $1 server does not start with setup '$cluster_setup'"
        return 1
    fi
    [[ $1 != map ]] || cluster_find_client
}

# Older clients scramble what they send the map server that runs by now, if it wants that.
cluster_find_client() {
    local keys
    keys=$("${tree_layout}_client_keys")
    cluster_client=(--packetver "$cluster_plays")
    [[ -z $keys ]] || cluster_client+=(--keys "$keys")
}

cluster_quit() { # SERVER [SIGNAL], in place of the request to end
    [[ -z ${2-} ]] || kill -s "$2" "${cluster_pid[$1]}" 2>/dev/null || true
    clean_stop "${cluster_pid[$1]}"
    unset "cluster_pid[$1]"
}

# What shows that a server has found the one it belongs to, in that one's log: so many lines since byte FROM.
cluster_linked() { # SERVER FROM COUNT
    local to=char line='Map-[Ss]erver.* loading complete'
    if [[ $1 == char ]]; then
        to=login line=$said_linked
    fi
    (($(tail -c "+$(($2 + 1))" "${cluster_log[$to]}" | grep -Eac -- "$line") >= $3))
}

cluster_wait_link() { # SERVER [FROM [COUNT [SECONDS]]]
    local server
    wait_for "${4-180}" cluster_linked "$1" "${2-0}" "${3-1}" && return 0
    for server in "${!cluster_log[@]}"; do
        say_log "${cluster_log[$server]}" 15
    done
    echo "FAIL: the $1 server does not link up"
    return 1
}

# Starts the servers that cluster_make has made. They are ready for players when this returns.
cluster_up() {
    local server
    cluster_launch login
    cluster_wait_listen login || return 1
    cluster_launch char
    cluster_wait_listen char || return 1
    # A map server that comes before its time tries again after ten seconds.
    cluster_wait_link char || return 1
    for server in "${cluster_servers[@]:2}"; do
        cluster_launch "$server"
    done
    for server in "${cluster_servers[@]:2}"; do
        cluster_wait_listen "$server" || return 1
    done
    cluster_wait_link map 0 "$(cluster_map_count)"
}

# cluster_start SETUP: all of it, with the three proxies.
cluster_start() {
    cluster_make "$1"
    cluster_up || return 1
    hop_start 127.10.0.1 send-proxy-v2
    hop_start 127.10.0.2 send-proxy-v2
    hop_start 127.10.0.3 send-proxy
}

# hop_start ADDRESS [SEND [SOURCE]]: a proxy at that address for all servers, each on the port the server itself has. It
# sends headers of the kind that HAProxy calls SEND, and comes from SOURCE.
hop_start() {
    local address=$1 send=${2-} from=${3-$1} server hop_process
    # shellcheck disable=SC2034 # haproxy_start wants somewhere to put it
    local hop_admin
    {
        for server in "${cluster_servers[@]}"; do
            cat <<END
listen $server
    bind $address:${cluster_port[$server]}
    source $from
    timeout client 10m
    timeout server 10m
    server origin $cluster_origin:${cluster_port[$server]} $send
END
        done
    } >"$cluster_folder/hops/$address"
    haproxy_start "$cluster_folder/hops/haproxy-$address" hop_admin hop_process <"$cluster_folder/hops/$address"
    hop_pid[$address]=$hop_process
}

hop_stop() { # ADDRESS [SIGNAL]
    kill -s "${2-TERM}" "${hop_pid[$1]}" 2>/dev/null || true
    clean_stop "${hop_pid[$1]}"
    unset "hop_pid[$1]"
}

cluster_stop() {
    local name
    for name in "${!hop_pid[@]}"; do
        hop_stop "$name"
    done
    for name in api map2 map char login; do
        if [[ -n ${cluster_pid[$name]-} ]]; then
            cluster_quit "$name"
        fi
    done
    cluster_setup=
}

# The name of a server that has ended by itself, if one has.
cluster_lost() {
    local name
    for name in "${!cluster_pid[@]}"; do
        if process_gone "${cluster_pid[$name]}"; then
            echo "$name"
            return 0
        fi
    done
    return 1
}
