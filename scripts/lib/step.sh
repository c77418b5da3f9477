# shellcheck shell=bash
# Numbered steps, each with its log. Sourced after say.sh and clean.sh.

say_steps=0 # how many steps there are in all; 0 when it is not known
say_step=0

step_head() {
    say_step=$((say_step + 1))
    if ((say_steps > 0)); then
        printf '[%d/%d] %s' "$say_step" "$say_steps" "$1"
    else
        printf '[%d] %s' "$say_step" "$1"
    fi
}

# Turns a wheel and counts seconds on standard error until the process is gone.
step_wheel() { # PID
    local began=$SECONDS wheel='|/-+' turn=0
    while kill -0 "$1" 2>/dev/null; do
        printf ' %s %ds ' "${wheel:turn++ % 4:1}" "$((SECONDS - began))" >&2
        sleep 0.2
        printf '\r\e[K%s' "$(say_step=$((say_step - 1)) && step_head "$2")" >&2
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
    step_head "$title"
    clean_group "$@" >"$log" 2>&1
    pid=$clean_child
    if [[ -t 1 && -t 2 ]]; then
        step_wheel "$pid" "$title"
    fi
    wait "$pid" || step_status=$?
    clean_forget "$pid" || true
    if ((step_status == 0)); then
        printf ' %sok%s %s(%s)%s\n' "$say_green" "$say_plain" "$say_dim" \
            "$(say_seconds $(($(now_ms) - began)))" "$say_plain"
    else
        printf ' %sFAILED%s (exit status %d)\n' "$say_red" "$say_plain" "$step_status"
        say_log "$log"
    fi
}
