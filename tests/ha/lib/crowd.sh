# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The players of all continents. What they report is in a file for each continent. Sourced by tests/ha/run.

declare -A crowd_pid crowd_count

crowd_start() {
    local name hop hops=() i=0
    for hop in "${world_hops[@]}"; do
        hops+=(--hop "$hop=${world_public[$hop]}:${cluster_port[login]}")
    done
    for name in "${world_continents[@]}"; do
        crowd_count[$name]=$(((players + i) / 5))
        ((crowd_count[$name] > 0)) || continue
        nsenter "--net=/run/netns/$name" "$crowd" "${hops[@]}" --user "$name" --from "${world_players[$name]}.1" \
            --count "${crowd_count[$name]}" --first $((i % 3)) --seed $((seed + i)) --tick "$tick_ms" --play "$play_ms" \
            --spread $((players * 100)) >"$clean_folder/crowd-$name" 2>"$clean_folder/crowd-$name.errors" &
        crowd_pid[$name]=$!
        clean_own "${crowd_pid[$name]}"
        i=$((i + 1))
    done
}

# How many players have had an answer in the game within the last seconds.
crowd_playing() { # SECONDS
    local since=$(($(now_ms) - $1 * 1000))
    tail -q -n 4000 "$clean_folder"/crowd-*[a-z] | awk -v since="$since" '
        $1 == "took" && $2 > since && !($3 in seen) { seen[$3] = 1; count++ }
        END { print count + 0 }'
}

crowd_all_play() { # SECONDS
    (($(crowd_playing "$1") == players))
}

# All leave. What went wrong is in a file.
crowd_stop() {
    local name
    for name in "${!crowd_pid[@]}"; do
        kill -s TERM "${crowd_pid[$name]}" 2>/dev/null || echo "$name: had ended before" >>"$clean_folder/leaving"
    done
    for name in "${!crowd_pid[@]}"; do
        wait_for 60 process_gone "${crowd_pid[$name]}" || echo "$name: does not end" >>"$clean_folder/leaving"
        wait "${crowd_pid[$name]}" || echo "$name: ends with $?" >>"$clean_folder/leaving"
        clean_forget "${crowd_pid[$name]}" || true
        cat "$clean_folder/crowd-$name.errors" >>"$clean_folder/leaving"
    done
}

check_left() {
    cat "$clean_folder/leaving"
    [[ ! -s $clean_folder/leaving ]]
}

# crowd_lines WHAT: all lines of a kind, without the word.
crowd_lines() {
    sed -n "s/^$1 //p" "$clean_folder"/crowd-*[a-z]
}

crowd_lines_count() { # WHAT
    crowd_lines "$1" | wc -l
}
