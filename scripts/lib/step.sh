# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Numbered steps, each with its log. Sourced after say.sh and clean.sh.

say_steps=0 # how many steps there are in all; 0 when it is not known
say_step=0

# The width of the terminal.
step_columns() {
    local size
    size=$(stty size <&2 2>/dev/null) || size=''
    size=${size#* }
    printf '%d' "$((size > 0 ? size : 80))"
}

# step_line TITLE [TAIL [COLOUR]]: the running step as one line. On a terminal it is written over what is there of it, and the
# title is cut where it has no room; elsewhere the title is there already, and the tail follows.
step_line() {
    local head="[$say_step] $1" tail=${2-} room
    ((say_steps == 0)) || head="[$say_step/$say_steps] $1"
    if [[ -t 1 && -t 2 ]]; then
        # The last column stays empty: writing there may begin a new line.
        room=$(($(step_columns) - 1 - ${#tail}))
        ((room >= 8)) || room=8
        ((${#head} <= room)) || head=${head:0:room-3}...
        head=$'\r\e[K'$head
    elif [[ -n $tail ]]; then
        head=
    fi
    printf '%s%s%s%s' "$head" "${3-}" "$tail" "$say_plain"
}

step_begin() { # TITLE
    say_step=$((say_step + 1))
    step_line "$1"
}

step_done() { # TITLE MS
    local took
    took=" ok ($(say_seconds "$2"))"
    step_line "$1" "$took" "$say_green"
    printf '\n'
}

# Turns a wheel and counts seconds until the process is gone.
step_wheel() { # PID TITLE
    local began=$SECONDS wheel='|/-+' turn=0
    while kill -0 "$1" 2>/dev/null; do
        step_line "$2" " ${wheel:turn++ % 4:1} $((SECONDS - began))s "
        nap 0.2
    done
}

# step TITLE LOG COMMAND...: runs a command with its output in LOG, and shows the end of that when it fails. The command's
# exit status is left in step_status; it is not returned, for within a condition bash would let the command
# run on after an error.
step_status=0
step() {
    local title=$1 log=$2 began pid
    shift 2
    began=$(now_ms)
    step_status=0
    step_begin "$title"
    clean_group "$@" >"$log" 2>&1
    pid=$clean_child
    if [[ -t 1 && -t 2 ]]; then
        step_wheel "$pid" "$title"
    fi
    wait "$pid" || step_status=$?
    clean_forget "$pid" || true
    if ((step_status == 0)); then
        step_done "$title" $(($(now_ms) - began))
    else
        step_line "$title" " FAILED (exit status $step_status)" "$say_red"
        printf '\n'
        say_log "$log"
    fi
}
