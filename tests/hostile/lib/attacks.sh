# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The attacks: who comes, with what, to servers that are set up how. Sourced by tests/hostile/run.
#
# The networks:
#
#   127.10.0.9       a proxy in proxy_trusted, by which honest players come
#   127.10.0.20-119  proxies in proxy_trusted that attack
#   127.81.0.0/16    attackers whom nobody trusts
#   127.90.0.0/16    claimed by those who must not be believed
#   127.91.0.0/16    claimed in whole headers of trusted proxies, which are believed
#   127.92.0.0/16    claimed too, and banned
#   127.128-247.0.0  honest players, a network for each time they are measured

attack_deadline_ms=3000 # proxy_header_timeout, as it is unless it is set
attack_wave_ms=$((attack_deadline_ms + 700))

attack_setups=(usual strict few queue)
attack_names=()
declare -A attack_setup attack_title attack_reasons attack_flood

# attack NAME SETUP REASONS TITLE FLOOD-ARGUMENT...: REASONS is what these connections are refused for.
attack() {
    attack_names+=("$1")
    attack_setup[$1]=$2 attack_reasons[$1]=$3 attack_title[$1]=$4
    attack_flood[$1]=${*:5}
}

attack_trusted='--from 127.10.0.20 --addresses 100'
attack_wave="--burst 1000 --every $attack_wave_ms"

attack trickle usual header-timeout 'a thousand headers, a byte a second' trickle "$attack_trusted" --claim 127.90.0.1 "$attack_wave"
attack short usual header-timeout 'a thousand headers that stop before their last byte' \
    short "$attack_trusted" --claim 127.90.0.1 "$attack_wave"
attack silence usual header-timeout 'a thousand silent peers, all late at one deadline' silence "$attack_trusted" "$attack_wave"
attack half usual header-timeout 'a thousand beginnings of headers and packets' half "$attack_trusted" "$attack_wave"
attack reset usual header-cut-short 'resets at accept, within a header and after it' \
    reset "$attack_trusted" --claim 127.91.0.1 --rate 1000
attack half-closed usual header-cut-short 'peers that close their half within a header and after it' \
    half-closed "$attack_trusted" --claim 127.91.0.1 --rate 500
attack largest usual '' 'headers of 65,551 bytes, a thousand at a time' largest "$attack_trusted" --claim 127.91.0.1 --rate 300
attack garbage usual not-proxy-protocol 'a flood from trusted peers that send no header' garbage "$attack_trusted" --rate RATE
attack untrusted usual untrusted-header 'a flood of headers from peers that nobody trusts' \
    login --from 127.81.0.1 --claim 127.90.0.1 --addresses 2000 --rate RATE
attack banned usual banned 'a flood of banned players' login "$attack_trusted" --claim 127.92.0.1 --rate RATE
attack nameless usual unnamed-player 'a flood of players whom no header names' nameless "$attack_trusted" --claim 127.90.0.1 --rate RATE
attack strict strict untrusted-peer 'the same flood at servers that let in proxies alone' \
    login --from 127.81.0.1 --claim 127.90.0.1 --addresses 2000 --rate RATE
attack descriptors few header-crowded-out 'every descriptor is used up' silence "$attack_trusted" --burst 1000
attack unheard few silent-crowded-out 'every descriptor is used up by peers who come without a proxy' \
    silence --from 127.81.0.1 --addresses 2000 --burst 1000
attack wordless few silent-crowded-out 'every descriptor is used up by players who say nothing behind their headers' \
    header "$attack_trusted" --claim 127.91.0.1 --burst 1000
attack burst queue header-timeout 'more connections at once than the queue holds' silence "$attack_trusted" --burst 2000 --open 2000

attack_list() {
    local name
    for name in "${attack_names[@]}"; do
        printf '%-14s %s\n' "$name" "${attack_title[$name]}"
    done
}

# attack_of_setup SETUP [ONLY...]: their names, one a line.
attack_of_setup() {
    local setup=$1 name
    shift
    for name in "${attack_names[@]}"; do
        [[ ${attack_setup[$name]} == "$setup" ]] || continue
        (($# > 0)) && [[ " $* " != *" $name "* ]] || printf '%s\n' "$name"
    done
}

# ---- the servers ----

hostile_keys() {
    echo 'proxy_connlog all'
    echo "proxy_header_timeout $attack_deadline_ms"
    [[ $attack_setup_now != queue ]] || echo 'proxy_listen_backlog 64'
}

# In the setup `few` a server may have so many descriptors.
attack_few=200

attack_setup_now=
attack_setup_begin() { # SETUP
    local account=("${server_as[@]}")
    attack_setup_now=$1
    if [[ $1 == strict ]]; then
        cluster_make hostile-strict
    else
        cluster_make hostile
    fi
    db_sql "$cluster_database" "INSERT INTO login (userid, user_pass, sex, email)
        VALUES ('attacker', 'secret', 'M', 'player@example.org');
        INSERT INTO proxy_ban (kind, prefix, reason) VALUES ('ban', '127.92.0.0/16', 'an attacker')"
    [[ $1 != few ]] || server_as=(prlimit "--nofile=$attack_few" "${server_as[@]}")
    cluster_up || die "the servers do not start: $tree: see above"
    server_as=("${account[@]}")
    rm -f "$clean_folder/ends"
    held_note sockets held_sockets
    judge_forget_peak
    attack_warm_up
    held_note peak judge_peak
    wait_for 30 held_as_before || die "connections are not closed: $tree: see $clean_folder with --keep"
    wait_for 60 attack_banned || die "no server has its ban list: proxy_status: see $clean_folder with --keep"
}

attack_banned() {
    (($(db_sql "$cluster_database" "SELECT COUNT(*) FROM proxy_status WHERE bans_state = 'current' AND snapshot_entries >= 1") == \
        ${#cluster_servers[@]}))
}

# Two thousand connections that are gone again: what the emulator's sessions take at most is taken, and what comes on top of it shows.
attack_warm_up() {
    local targets arguments
    mapfile -t targets < <(attack_targets)
    read -ra arguments <<<"$attack_trusted"
    "$flood" silence "${arguments[@]}" --rate 1500 --open 2000 --seconds 2 "${targets[@]}" >"$clean_folder/warm-up"
}

# ---- one attack ----

attack_targets() {
    local server
    for server in login char map; do
        at direct "$server"
    done
}

attack_begin() { # NAME SECONDS
    local targets arguments
    read -ra arguments <<<"${attack_flood[$1]//RATE/$rate}"
    mapfile -t targets < <(attack_targets)
    nice -n 15 "$flood" "${arguments[@]}" --seconds "$2" "${targets[@]}" >"$clean_folder/flood-$1" 2>&1 &
    attack_pid=$!
    clean_own "$attack_pid"
}

attack_end() { # NAME
    local result=0
    wait "$attack_pid" || result=$?
    clean_forget "$attack_pid"
    ((result == 0)) || { cat "$clean_folder/flood-$1"; echo 'FAIL: the flood does not run'; return 1; }
}

# The players before, during and after it; then all that came of it is judged.
attack_case() { # NAME
    local name=$1 lasts=$seconds least=$((attack_deadline_ms / 1000 + 1))
    # Those who are late are to see the end of their time; who came after them, too.
    [[ ${attack_reasons[$name]} != header-timeout ]] || lasts=$((seconds > least ? seconds : least))
    [[ ${attack_setup[$name]} == usual ]] || lasts=$((lasts + least))
    judge_begin "$name"
    honest_measure "$name" quiet "$seconds"
    held_note kb-before judge_kb_before
    attack_begin "$name" "$lasts"
    honest_measure "$name" attack "$lasts"
    attack_end "$name"
    judge_sockets_back
    honest_measure "$name" after "$seconds"
    judge_all "$name"
}
