# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What must be true of every attack. Sourced by tests/hostile/run.

judge_idle_most=150 # thousandths of one processor, of all servers together, when only one player plays
judge_floor_ms=5    # no answer that comes within this time is called late

judge_begin() { # NAME
    local server
    judge_sql 'SELECT COALESCE(MAX(id), 0) FROM proxy_connlog' >"$clean_folder/rows-$1"
    judge_sql "SELECT COUNT(*) FROM loginlog" >"$clean_folder/loginlog-$1"
    for server in "${cluster_servers[@]}"; do
        cluster_mark "$server" >"$clean_folder/mark-$1-$server"
    done
    held_note sockets held_sockets
}

judge_sql() {
    db_sql "$cluster_database" "$1"
}

# judge WHAT COMMAND...: says what does not hold, and goes on.
judge() {
    local what=$1 log=$clean_folder/judge.log result=0
    shift
    "$@" >"$log" 2>&1 &
    wait $! || result=$?
    if ((result != 0)); then
        printf 'FAIL: %s\n' "$what"
        judged=1
    fi
    printf '> %s: %s\n' "$what" "$(cat "$log")"
}

judge_sockets_back() {
    wait_for 60 held_as_before || true # who is left is judged later
}

judge_all() { # NAME
    local judged=0
    wait_for 60 judge_logged || echo 'the connection log does not come to its end'
    held_note kb-after held_kb
    judge 'the servers are there' servers_check_alive
    judge 'every honest player got in' judge_got_in "$1"
    judge 'under the address that the header names' judge_addresses "$1"
    judge 'nothing that attackers claim is believed' judge_disbelieved "$1"
    judge 'the connection log names the reasons' judge_reasons "$1"
    judge 'sockets are as before' check_sockets
    judge 'memory is as before' check_memory
    judge 'the servers are idle again' judge_idle
    judge 'the flood was there' judge_flood "$1"
    [[ $judge_times == no ]] || judge 'nobody was late' judge_late "$1"
    ((judged == 0))
}

judge_forget_peak() {
    local server
    for server in "${cluster_servers[@]}"; do
        echo 5 >"/proc/${cluster_pid[$server]}/clear_refs"
    done
}

# The most that a server has had since then.
judge_peak() { # SERVER
    awk '$1 == "VmHWM:" { print $2 }' "/proc/${cluster_pid[$1]}/status"
}

# What a server had in the warm-up, or has now: how much of it the allocator gives back in between is chance.
judge_kb_before() { # SERVER
    local now peak
    now=$(held_kb "$1") peak=$(<"$clean_folder/peak-$1")
    echo $((now > peak ? now : peak))
}

# What a server logs comes to the database a little later.
judge_logged() {
    local before=${judge_last-}
    judge_last=$(judge_sql 'SELECT COALESCE(MAX(id), 0) FROM proxy_connlog')
    [[ $before != "$judge_last" ]] || return 0
    sleep 1
    return 1
}

judge_got_in() { # NAME
    local phase count result=0
    for phase in quiet attack after; do
        count=$(grep -c '^accepted ' "$clean_folder/logins-$1-$phase" || true)
        printf '%s %d of %d, ' "$phase" "$count" "$(grep -vc '^took ' "$clean_folder/logins-$1-$phase" || true)"
        grep -v '^accepted \|^took ' "$clean_folder/logins-$1-$phase" | sort | uniq -c || true
        ((count > 0)) || result=1
        ! grep -qv '^accepted \|^took ' "$clean_folder/logins-$1-$phase" || result=1
        printf '%d exchanges; ' "$(wc -l <"$clean_folder/exchanges-$1-$phase")"
        [[ -s $clean_folder/exchanges-$1-$phase ]] || result=1
    done
    return "$result"
}

# The login log has each of them once, and nobody else.
judge_addresses() { # NAME
    local phase count net found sum=0 since
    for phase in quiet attack after; do
        count=$(grep -c '^accepted ' "$clean_folder/logins-$1-$phase" || true)
        sum=$((sum + count)) net=$(honest_network "$1" "$phase")
        found=$(judge_sql "SELECT CONCAT_WS(' ', COUNT(*), COUNT(DISTINCT ip), MIN(INET_ATON(ip)) - INET_ATON('$net.0'),
            MAX(INET_ATON(ip)) - INET_ATON('$net.0')) FROM loginlog WHERE ip LIKE '${net%.*}.%' AND user = 'player1' AND rcode = 100")
        printf '%s %s; ' "$phase" "$found"
        [[ $found == "$count $count 1 $count" ]] || return 1
    done
    since=$(<"$clean_folder/loginlog-$1")
    found=$(judge_sql "SELECT COUNT(*) FROM loginlog")
    printf '%d new rows of %d logins' "$((found - since))" "$sum"
    ((found - since == sum))
}

judge_disbelieved() { # NAME
    local rows found
    rows=$(<"$clean_folder/rows-$1")
    found=$(judge_sql "SELECT server, source, hop, reason FROM proxy_connlog WHERE id > $rows AND verdict = 'accepted' AND (
        source LIKE '::ffff:127.90.%' OR source LIKE '::ffff:127.92.%' OR source LIKE '::ffff:127.81.%' OR source LIKE '::ffff:127.10.%'
        OR hop LIKE '::ffff:127.10.0.%' AND hop <> '::ffff:$cluster_played' AND source NOT LIKE '::ffff:127.91.%') LIMIT 20")
    [[ -z $found ]] || { printf '%s\n' "$found"; return 1; }
    found=$(judge_sql "SELECT user, ip, rcode FROM loginlog WHERE user = 'attacker' OR ip LIKE '127.10.%' OR ip LIKE '127.8%'
        OR ip LIKE '127.9%' LIMIT 20")
    [[ -z $found ]] || { printf '%s\n' "$found"; return 1; }
    printf '0 of %s rows' "$(judge_sql "SELECT COUNT(*) FROM proxy_connlog WHERE id > $rows")"
}

judge_reasons() { # NAME
    local reason count rows
    rows=$(<"$clean_folder/rows-$1")
    for reason in ${attack_reasons[$1]}; do
        count=$(judge_sql "SELECT COUNT(*) FROM proxy_connlog WHERE id > $rows AND reason = '$reason'")
        printf '%s %s; ' "$reason" "$count"
        ((count > 0)) || return 1
    done
}

judge_idle() {
    local before load
    before=$(held_cpu_ms)
    sleep 1
    load=$(($(held_cpu_ms) - before))
    printf '%d thousandths of a processor' "$load"
    ((load <= judge_idle_most))
}

judge_flood() { # NAME
    cat "$clean_folder/flood-$1"
    grep -q ' connected [1-9]' "$clean_folder/flood-$1"
}

# Twice the time of quiet is late, but for what is quick all the same.
judge_late() { # NAME
    local kind quiet attack result=0
    for kind in logins exchanges; do
        quiet=$(honest_figures "$kind" "$1" quiet | cut -d ' ' -f 3)
        attack=$(honest_figures "$kind" "$1" attack | cut -d ' ' -f 3)
        printf '%s p99 %s ms, in quiet %s; ' "$kind" "$attack" "$quiet"
        awk -v quiet="$quiet" -v attack="$attack" -v floor="$judge_floor_ms" \
            'BEGIN { exit attack > floor && attack > 2 * quiet }' || result=1
    done
    return "$result"
}

# A server logs a summary every ten seconds.
judge_logs() { # NAME...
    local name reason result=0
    for name; do
        for reason in ${attack_reasons[$name]}; do
            if ! wait_for 15 judge_log_says "$name" "$reason"; then
                printf 'FAIL: %s: no log names %s\n' "$name" "$reason"
                result=1
            fi
        done
    done
    return "$result"
}

judge_log_says() { # NAME REASON
    local server
    for server in "${cluster_servers[@]}"; do
        ! file_says "${cluster_log[$server]}" "ropp: refused .* $2 [0-9]" "$(<"$clean_folder/mark-$1-$server")" || return 0
    done
    return 1
}

judge_session() {
    kill -s USR1 "$honest_session_pid"
    wait_for 10 process_gone "$honest_session_pid" || { echo 'the player does not end'; return 1; }
    grep -v '^ticked ' "$clean_folder/session"
    grep -q '^arrived count=1 of=1$' "$clean_folder/session"
}
