# shellcheck shell=bash
# What people see of a script: numbered steps, results, errors. Sourced.

# Colour only where a person reads.
if [[ -t 1 && -z ${NO_COLOR-} && ${TERM-dumb} != dumb ]]; then
    say_bold=$'\e[1m' say_green=$'\e[32m' say_red=$'\e[31m' say_dim=$'\e[2m' say_plain=$'\e[0m'
else
    say_bold='' say_green='' say_red='' say_dim='' say_plain=''
fi

say_steps=0 # how many steps there are in all; 0 when it is not known
say_step=0

# die WHAT: WHERE: WHAT TO DO
die() {
    printf 'ropp: %s\n' "$*" >&2
    exit 2
}

say_title() {
    printf '%s%s%s\n' "$say_bold" "$*" "$say_plain"
}

say_note() {
    printf '      %s\n' "$*"
}

# Milliseconds, for measuring.
now_ms() {
    local now=${EPOCHREALTIME/[.,]/}
    printf '%s' "$((now / 1000))"
}

say_seconds() { # MS
    printf '%d.%d s' "$(($1 / 1000))" "$(($1 % 1000 / 100))"
}

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
    "$@" >"$log" 2>&1 &
    pid=$!
    if [[ -t 1 && -t 2 ]]; then
        step_wheel "$pid" "$title"
    fi
    wait "$pid" || step_status=$?
    if ((step_status == 0)); then
        printf ' %sok%s %s(%s)%s\n' "$say_green" "$say_plain" "$say_dim" \
            "$(say_seconds $(($(now_ms) - began)))" "$say_plain"
    else
        printf ' %sFAILED%s (exit status %d)\n' "$say_red" "$say_plain" "$step_status"
        say_log "$log"
    fi
}

# The end of a log, set apart from what the script itself says.
say_log() { # FILE [LINES]
    printf '      ---- the last lines of %s\n' "${1##*/}"
    tail -n "${2-40}" "$1" | sed 's/^/      | /'
    printf '      ----\n'
}
