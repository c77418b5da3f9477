# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What is broken, and for how long. Every fault is a line of two files: one for people, with times, and one for the counting:
# when it began and ended in milliseconds of the wall clock, and what it broke:
#
#   HOP whole        what comes by this hop, and what goes through it
#   HOP origin       what it dials the origin for
#   HOP HOP          what the first sends by the second
#   SERVER emulator  a server of the emulator
#
# Sourced by tests/ha/run.

fault_kinds=(kill freeze cut slow apart tunnel hang)
declare -A fault_of=()    # the kind, by hop
declare -A fault_until=() # milliseconds
declare -A fault_began=()
declare -A fault_healing=() # what is noted of it, when it answers
declare -A fault_other=() # from whom it is set apart
declare -A fault_count=()

event() { # TEXT...
    local now
    now=$(now_ms)
    printf '%s %8s  %s\n' "$(date -d "@$((now / 1000))" +%T)" "$(say_seconds $((now - began)))" "$*" >>"$events"
}

fault_note() { # BEGAN WHAT SCOPE [KIND]
    printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$(now_ms)" "$2" "$3" "${4-}" >>"$clean_folder/faults"
}

# fault_begin HOP KIND SECONDS
fault_begin() {
    local hop=$1 kind=$2 program
    program=$(hop_program "$hop")
    fault_of[$hop]=$kind
    fault_began[$hop]=$(now_ms)
    fault_until[$hop]=$((fault_began[$hop] + $3 * 1000))
    fault_count[$kind]=$((${fault_count[$kind]-0} + 1))
    case $kind in
    kill) machine_signal "$hop" "$program" KILL ;;
    freeze) machine_signal "$hop" "$program" STOP ;;
    cut) world_order cut "$hop" '*' ;;
    slow) world_ways "$hop" 150 50 ;;
    apart)
        fault_other[$hop]=origin
        # The one in the middle may lose its origin, the one behind it may lose the middle.
        [[ $hop != lima ]] || ((RANDOM % 2)) || fault_other[$hop]=miami
        world_order cut "$hop" "${fault_other[$hop]}"
        ;;
    tunnel) machine_signal "$hop" wireguard-go KILL ;;
    hang)
        world_order hold "$hop" '*'
        machine_signal "$hop" "$program" STOP
        machine_signal "$hop" wireguard-go STOP
        ;;
    esac
    event "$hop: $kind${fault_other[$hop]+ from ${fault_other[$hop]}}, for $3 s"
}

fault_end() { # HOP
    local hop=$1 kind=${fault_of[$1]} program scope=whole
    program=$(hop_program "$hop")
    case $kind in
    kill) hop_proxy_up "$hop" ;;
    freeze) machine_signal "$hop" "$program" CONT ;;
    cut) world_order join "$hop" '*' ;;
    slow) world_ways "$hop" ;;
    apart)
        world_order join "$hop" "${fault_other[$hop]}"
        scope=${fault_other[$hop]}
        ;;
    tunnel)
        wait_for 10 machine_idle "$hop" wireguard-go
        hop_tunnel_up "$hop"
        ;;
    hang)
        machine_signal "$hop" wireguard-go CONT
        machine_signal "$hop" "$program" CONT
        world_order release "$hop" '*'
        ;;
    esac
    event "$hop: $kind is over"
    unset "fault_of[$hop]" "fault_other[$hop]"
    fault_heal "$hop" "$scope" "$kind"
}

# A hop is whole when it answers again.
fault_heal() { # HOP SCOPE KIND
    rm -f "$clean_folder/healed-$1"
    fault_healing[$1]="${fault_began[$1]} $1 $2 $3"
    {
        wait_for 180 network_answers "$1" || true
        touch "$clean_folder/healed-$1"
    } &
    clean_own $!
}

fault_note_healed() {
    local hop
    for hop in "${!fault_healing[@]}"; do
        [[ -e $clean_folder/healed-$hop ]] || continue
        event "$hop: answers"
        # shellcheck disable=SC2086 # four words
        fault_note ${fault_healing[$hop]}
        unset "fault_healing[$hop]"
    done
}

fault_all_healed() {
    fault_note_healed
    ((${#fault_healing[@]} == 0))
}

fault_end_due() {
    local hop now
    now=$(now_ms)
    for hop in "${!fault_of[@]}"; do
        ((now < fault_until[$hop])) || fault_end "$hop"
    done
}

# The next kind goes to fault_kind: every one comes once before any comes again.
fault_kind= fault_deck=()
fault_draw() {
    local at
    ((${#fault_deck[@]} > 0)) || fault_deck=("${fault_kinds[@]}")
    at=$((RANDOM % ${#fault_deck[@]}))
    fault_kind=${fault_deck[at]}
    unset "fault_deck[at]"
    fault_deck=("${fault_deck[@]}")
}

# At a hop that is whole, as long as another one stays so.
fault_begin_some() {
    local hop=${world_hops[RANDOM % 3]}
    if [[ -z ${fault_of[$hop]-}${fault_healing[$hop]-} ]] && ((${#fault_of[@]} + ${#fault_healing[@]} < 2)); then
        fault_draw
        fault_begin "$hop" "$fault_kind" $((4 + RANDOM % 21))
    fi
}

# fault_restart SERVER: started again; nobody gets in meanwhile.
fault_restart() {
    local server=$1 from mark
    from=$(now_ms)
    event "the $server server is started again"
    mark=$(file_mark "${cluster_log[char]}")
    [[ $server != char ]] || mark=0
    cluster_quit "$server"
    cluster_launch "$server"
    cluster_wait_listen "$server" || die "the $server server does not start again: see above"
    case $server in
    login) cluster_wait_link char 0 1 ;;
    char)
        cluster_wait_link char 0 1
        cluster_wait_link map 0 "$(cluster_map_count)"
        ;;
    map) cluster_wait_link map "$mark" 1 ;;
    esac
    event "the $server server is back"
    fault_note "$from" "$server" emulator restart
}

# faults_run SECONDS: at random, and each server once.
faults_run() {
    local end next=0 restarts=(login char map) turn=0 now span=$(($1 * 1000)) start lost hop
    RANDOM=$seed
    start=$(now_ms)
    end=$((start + span))
    while now=$(now_ms) && ((now < end)); do
        ! lost=$(cluster_lost) || die "the $lost server has ended: see its log with --keep"
        fault_end_due
        fault_note_healed
        if ((turn < 3 && now > start + span * (turn + 1) / 4)); then
            fault_restart "${restarts[turn]}"
            turn=$((turn + 1))
        fi
        if ((now >= next)); then
            fault_begin_some
            next=$((now + 3000 + RANDOM % 6000))
        fi
        sleep 0.2
    done
    for hop in "${!fault_of[@]}"; do
        fault_end "$hop"
    done
    wait_for 180 fault_all_healed || die "a hop does not answer any more: ${!fault_healing[*]}"
    event 'all is whole again'
}
