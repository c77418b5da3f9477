# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Honest players by a trusted proxy with headers of version 2: one who stays in the game and asks the map server something fifty times a
# second, and others who log in, so many a second. How long the answers took is measured by them. Sourced by tests/hostile/run.

honest_timeout_ms=30000 # who has no answer by then has not got in
honest_session_pid=

honest_begin() {
    : >"$clean_folder/session"
    "$player" play "$(at direct login)" "${cluster_client[@]}" --user player2 --from "$cluster_played" --header v2 \
        --claim 127.60.0.1 --timeout "$honest_timeout_ms" --retry 40000 --tick 20 --stay 3600000 --times \
        >"$clean_folder/session" 2>&1 &
    honest_session_pid=$!
    clean_own "$honest_session_pid"
    wait_for 60 file_says "$clean_folder/session" '^playing ' || { say_log "$clean_folder/session"; die 'nobody gets into the game: see above'; }
}

# A network for each time.
honest_network() { # NAME PHASE
    local i phases=(quiet attack after) number=0
    for ((i = 0; i < ${#attack_names[@]}; i++)); do
        [[ ${attack_names[i]} != "$1" ]] || number=$((128 + 3 * i))
    done
    for ((i = 0; i < 3; i++)); do
        [[ ${phases[i]} != "$2" ]] || number=$((number + i))
    done
    echo "127.$number.0"
}

# honest_measure NAME PHASE SECONDS: what the players report goes to logins-NAME-PHASE and exchanges-NAME-PHASE, the servers'
# processor time, in thousandths of one processor, to load-NAME-PHASE, and how many lines they have logged to lines-NAME-PHASE.
honest_measure() {
    local name=$1 phase=$2 count=$((logins * $3)) from before began lines
    from=$(file_mark "$clean_folder/session") before=$(held_cpu_ms) began=$(now_ms) lines=$(honest_lines)
    "$player" login "$(at direct login)" --user player1 --from "$cluster_played" --header v2 --claim "$(honest_network "$name" "$phase").1" \
        --claim-each --count "$count" --spread $(($3 * 1000)) --timeout "$honest_timeout_ms" --times \
        >"$clean_folder/logins-$name-$phase" 2>&1 || true
    echo $((($(held_cpu_ms) - before) * 1000 / ($(now_ms) - began + 1))) >"$clean_folder/load-$name-$phase"
    echo $(($(honest_lines) - lines)) >"$clean_folder/lines-$name-$phase"
    tail -c "+$((from + 1))" "$clean_folder/session" | sed -n 's/^ticked .* us=//p' >"$clean_folder/exchanges-$name-$phase"
}

honest_lines() {
    local server
    for server in "${cluster_servers[@]}"; do
        cat "${cluster_log[$server]}"
    done | wc -l
}

# The processor time that all servers have taken so far.
held_cpu_ms() {
    local server sum=0 ticks
    for server in "${cluster_servers[@]}"; do
        ticks=$(awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/${cluster_pid[$server]}/stat")
        sum=$((sum + ticks * 10))
    done
    echo "$sum"
}

# honest_figures KIND NAME PHASE: how many, and of the times in milliseconds the median, p99 and the largest.
honest_figures() {
    local file=$clean_folder/$1-$2-$3
    if [[ $1 == logins ]]; then
        sed -n 's/^took us=//p' "$file"
    else
        cat "$file"
    fi | sort -n | awk '{ us[NR] = $1 } END {
        if (NR == 0) { print "0 - - -"; exit }
        printf "%d %.2f %.2f %.2f\n", NR, us[int((NR + 1) / 2)] / 1000, us[int(NR * 0.99 + 0.99)] / 1000, us[NR] / 1000 }'
}
