# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Jobs that run beside each other, each with its log. Sourced after say.sh and clean.sh.
#
# There are two kinds. One that is `busy` keeps a processor busy, and as many of those run at once as there are
# processors; they give way to the others. One that is `idle` mostly waits, for servers and for clocks, and up to
# jobs_idle_max of those run at once. Jobs begin in the order in which they were named, as soon as what they need has
# ended well.

jobs_idle_max=6

job_names=() # in that order
declare -A job_kind job_needs job_report job_title job_command
declare -A job_state # waiting, running, passed, failed or left-out
declare -A job_pid job_began job_ms

# job NAME KIND NEEDS REPORT TITLE COMMAND...: NEEDS are names of jobs, apart by blanks, and must have been named before. REPORT is
# called with NAME when the job has ended, and prints what came of it.
job() {
    local name=$1
    [[ -z ${job_state[$name]-} ]] || die "two jobs of one name: $name: rename one"
    job_names+=("$name")
    job_kind[$name]=$2 job_needs[$name]=$3 job_report[$name]=$4 job_title[$name]=$5
    shift 5
    job_command[$name]=$(printf '%q ' "$@")
    job_state[$name]=waiting
}

job_log() { # NAME
    printf '%s/log/%s' "$clean_folder" "$1"
}

# Its command, with its standard error beside its output.
job_process() { # NAME
    # shellcheck disable=SC2064 # the name of this job
    trap "times >'$(job_log "$1").times'" EXIT
    [[ ${job_kind[$1]} != busy ]] || renice -n 10 -p "$BASHPID" >/dev/null 2>&1 || true
    eval "${job_command[$1]}" 2>&1
}

job_begin() { # NAME
    job_state[$1]=running
    job_began[$1]=$(now_ms)
    clean_group job_process "$1" >"$(job_log "$1")"
    job_pid[$1]=$clean_child
}

job_end() { # NAME STATUS
    clean_forget "${job_pid[$1]}" || true
    job_ms[$1]=$(($(now_ms) - job_began[$1]))
    job_state[$1]=passed
    (($2 == 0)) || job_state[$1]=failed
    "${job_report[$1]}" "$1"
}

# Whether it may begin: 0 yes, 1 not yet, 2 never.
job_may_begin() { # NAME
    local need
    for need in ${job_needs[$1]}; do
        case ${job_state[$need]} in
        passed) ;;
        failed | left-out) return 2 ;;
        *) return 1 ;;
        esac
    done
}

# Begins what may begin. How many of each kind are running is left in jobs_running.
declare -A jobs_running
jobs_begin() {
    local name may
    local -A most=([busy]=$(nproc) [idle]=$jobs_idle_max)
    for name in "${job_names[@]}"; do
        [[ ${job_state[$name]} == waiting ]] || continue
        may=0
        job_may_begin "$name" || may=$?
        if ((may == 2)); then
            job_state[$name]=left-out
            "${job_report[$name]}" "$name"
        elif ((may == 0 && jobs_running[${job_kind[$name]}] < most[${job_kind[$name]}])); then
            jobs_running[${job_kind[$name]}]=$((jobs_running[${job_kind[$name]}] + 1))
            job_begin "$name"
        fi
    done
}

# Reports the jobs that have ended.
jobs_end() {
    local name status
    for name in "${job_names[@]}"; do
        if [[ ${job_state[$name]} != running ]] || kill -0 "${job_pid[$name]}" 2>/dev/null; then
            continue
        fi
        status=0
        wait "${job_pid[$name]}" || status=$?
        jobs_running[${job_kind[$name]}]=$((jobs_running[${job_kind[$name]}] - 1))
        job_end "$name" "$status"
    done
}

# Runs all of them.
jobs_run() {
    jobs_running=([busy]=0 [idle]=0)
    jobs_begin
    while ((jobs_running[busy] + jobs_running[idle] > 0)); do
        nap 0.2 # `wait -n` misses what has ended before it is called, in bash before 5.2
        jobs_end
        jobs_begin
    done
}

# What it kept processors busy with, in ms: itself and all that it waited for. 0 when it was killed.
job_busy_ms() { # NAME
    local spent minutes seconds ms=0
    [[ -e $(job_log "$1").times ]] || : >"$(job_log "$1").times"
    while read -r -a spent; do
        for spent in "${spent[@]}"; do
            minutes=${spent%m*} seconds=${spent#*m}
            seconds=${seconds//[.,s]/}
            ms=$((ms + minutes * 60000 + 10#$seconds))
        done
    done <"$(job_log "$1").times"
    printf '%s' "$ms"
}

# The ten that took longest, and what all took of the processors.
jobs_slowest() {
    local name ms busy all=0
    for name in "${!job_ms[@]}"; do
        busy=$(job_busy_ms "$name")
        all=$((all + busy))
        printf '%s %s %s\n' "${job_ms[$name]}" "$busy" "${job_title[$name]}"
    done >"$clean_folder/log/jobs"
    sort -rn "$clean_folder/log/jobs" | head -n 10 | while read -r ms busy title; do
        printf '%9s  %s (a processor: %s)\n' "$(say_seconds "$ms")" "$title" "$(say_seconds "$busy")"
    done
    printf 'all of them kept a processor busy for %s\n' "$(say_seconds "$all")"
}
