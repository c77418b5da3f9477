# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# An attack at one hop, of several kinds one after another, while players play by all of them. Sourced by tests/ha/run.

attack_hop=miami
attack_kinds=(silence garbage half leave)
attack_rate=3000      # connections a second
attack_addresses=4096 # they come from
attack_open=8000      # at once
attack_newcomers=15   # players whom nobody has seen before, in each phase
attack_newcomer=100   # the last part of the first one's address

# Connections that the servers' modules have seen of the attackers.
attack_seen() {
    db_sql "$cluster_database" "SELECT COUNT(*) FROM proxy_connlog WHERE source LIKE '$count_attackers'"
}

# What is logged comes to the database a little later.
attack_logged() {
    local before=${attack_rows-}
    attack_rows=$(attack_seen)
    [[ $before == "$attack_rows" ]] && return 0
    sleep 2
    return 1
}

attack_sockets() {
    local server sum=0
    for server in "${cluster_servers[@]}"; do
        sum=$((sum + $(held_sockets "$server")))
    done
    echo "$sum"
}

# attack_figures NAME FROM TO: of the players' exchanges in that time, for each hop, how many there were, the median and p99.
attack_figures() {
    local hop
    for hop in "${world_hops[@]}"; do
        crowd_lines took | awk -v from="$2" -v to="$3" -v hop="$hop" '$1 >= from && $1 < to && $3 == hop { print $4 }' | sort -n |
            awk -v name="$1" -v hop="$hop" '{ ms[NR] = $1 }
                END { print name, hop, NR, ms[int((NR + 1) / 2)] + 0, ms[int(NR * 0.99 + 0.99)] + 0 }'
    done
}

# Connections that the hop's kernel keeps track of, at most so far.
attack_tracked=0
attack_track() {
    local now
    now=$(machine_run "$attack_hop" cat /proc/sys/net/netfilter/nf_conntrack_count)
    ((now <= attack_tracked)) || attack_tracked=$now
}

attack_logins() { # FROM TO
    crowd_lines in | awk -v from="$1" -v to="$2" -v hop="$attack_hop" '$1 >= from && $1 < to && $3 == hop' | wc -l
}

# attack_newcomers_login FILE SECONDS: one after another, over that time.
attack_newcomers_login() {
    nsenter --net=/run/netns/europe "$player" login "${world_public[$attack_hop]}:${cluster_port[login]}" --user player --pass secret \
        --from "${world_players[europe]}.$attack_newcomer" --from-each --count "$attack_newcomers" --spread $(($2 * 1000)) \
        --timeout 10000 >"$1" 2>&1 &
    attack_newcomer=$((attack_newcomer + attack_newcomers))
}

# attack_phase KIND SECONDS: nobody attacks while it is `quiet`.
attack_phase() {
    local kind=$1 from before most=0 now pid flood_said=- newcomers
    from=$(now_ms) before=$(attack_seen)
    attack_newcomers_login "$clean_folder/newcomers-$kind" "$2"
    newcomers=$!
    clean_own "$newcomers"
    if [[ $kind == quiet ]]; then
        sleep "$2"
    else
        nsenter --net=/run/netns/attackers nice -n 15 "$flood" "$kind" --rate "$attack_rate" --seconds "$2" \
            --addresses "$attack_addresses" --open "$attack_open" --from "${world_attackers%/*}" "${world_public[$attack_hop]}:${cluster_port[login]}" \
            "${world_public[$attack_hop]}:${cluster_port[char]}" "${world_public[$attack_hop]}:${cluster_port[map]}" \
            >"$clean_folder/flood-$kind" 2>&1 &
        pid=$!
        clean_own "$pid"
        while ! process_gone "$pid"; do
            now=$(attack_sockets)
            ((now <= most)) || most=$now
            attack_track
            sleep 1
        done
        wait "$pid" || die "the flood does not run: $kind: $(<"$clean_folder/flood-$kind")"
        clean_forget "$pid"
        flood_said=$(<"$clean_folder/flood-$kind")
    fi
    wait "$newcomers" || true # not all of them get in
    clean_forget "$newcomers"
    attack_figures "$kind" "$from" "$(now_ms)" >>"$clean_folder/figures"
    wait_for 60 attack_logged || die 'the connection log does not come to its end: proxy_connlog'
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$kind" "$flood_said" "$(($(attack_seen) - before))" "$most" \
        "$(attack_logins "$from" "$(now_ms)")" "$(grep -c '^accepted' "$clean_folder/newcomers-$kind" || true)" \
        >>"$clean_folder/attacks"
    event "$kind: $(tail -n 1 "$clean_folder/attacks")"
}

attack_run() { # SECONDS
    local kind
    attack_seconds=$1
    world_attack "$attack_hop"
    for kind in quiet "${attack_kinds[@]}"; do
        attack_phase "$kind" "$1"
    done
    attack_table
}

attack_table() {
    printf '\n%-10s %-60s %8s %8s %8s %8s\n' attack connections 'reached' 'open' 'logins' "new of $attack_newcomers"
    awk -F '\t' '{ printf "%-10s %-60s %8d %8d %8d %8d\n", $1, $2, $3, $4, $5, $6 }' "$clean_folder/attacks"
    printf '\n%-10s %-10s %10s %10s %10s\n' attack hop exchanges 'p50, ms' 'p99, ms'
    awk '{ printf "%-10s %-10s %10d %10d %10d\n", $1, $2, $3, $4, $5 }' "$clean_folder/figures"
    printf '\n'
}

# What the limits of the hop let through in that time: half of its arrivals (50) on each port, ten seconds' worth at once; the rest is kept
# for players. A tenth more, since HAProxy's threads count at the same time. And nothing of who says nothing, which nginx does not look at.
check_reached() {
    local kind said reached rest most arrivals=25 result=0
    [[ $(hop_program "$attack_hop") != nginx ]] || arrivals=50
    while IFS=$'\t' read -r kind said reached rest; do
        most=$((arrivals * 3 * (attack_seconds + 2 + 10) * 11 / 10))
        [[ $kind != quiet ]] || most=0
        [[ $kind != silence && $kind != leave || $(hop_program "$attack_hop") == nginx ]] || most=0
        printf '%s %d, at most %d; ' "$kind" "$reached" "$most"
        ((reached <= most)) || result=1
        [[ $kind == quiet || $said == *"begun "[1-9]* ]] || result=1
    done <"$clean_folder/attacks"
    return "$result"
}

# Who has played by the attacked hop, and who never has.
check_enter() {
    awk -F '\t' '{ printf "%s %d and %d new; ", $1, $5, $6; if ($5 == 0 || $6 == 0) none = 1 } END { exit none }' "$clean_folder/attacks"
}

# An attack that fills that table keeps everybody out, and the hop's own checks of its ways. What it holds is the hop's connections to
# the origin, 75 a second, each for two minutes after its end.
check_tracked() {
    printf '%d connections were tracked at most\n' "$attack_tracked"
    ((attack_tracked > 0 && attack_tracked <= 10000))
}

check_unmoved() {
    awk -v attacked="$attack_hop" '
        $1 == "quiet" { p99[$2] = $5 }
        $1 != "quiet" && $2 != attacked {
            factor = $5 / p99[$2]
            if (factor > most) most = factor
            if ($3 == 0) silent = 1
        }
        END { printf "p99 at the other hops is %.2f times that of quiet, at most\n", most; exit silent || most > 1.5 }' "$clean_folder/figures"
}
