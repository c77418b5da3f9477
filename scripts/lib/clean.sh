# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A temporary folder and the processes a script has started, both gone when it ends, however it
# ends. Only processes started here are ever signalled, by their own id. Sourced after say.sh.

clean_folder=
clean_owner=  # the process that takes it away
clean_keep=no # yes leaves the folder
clean_show=   # a log whose end is shown when the script fails
clean_pids=()
clean_groups=' ' # those of them that lead a process group

clean_stderr=2 # the script's own, even where output is sent elsewhere

clean_begin() { # NAME
    exec {clean_stderr}>&2
    clean_folder=$(mktemp -d "${TMPDIR:-/tmp}/ropp-$1.XXXXXX")
    # Servers that give up their rights must be able to reach their own folders below it.
    chmod 755 "$clean_folder"
    clean_owner=$BASHPID
    clean_traps
}

# In a subshell: what it starts ends with it, and nothing else does; the folder stays.
clean_nested() {
    clean_pids=()
    clean_groups=' '
    clean_traps
}

clean_traps() {
    trap clean_end EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# Remembers a process that this shell has started in the background.
clean_own() { # PID
    clean_pids+=("$1")
}

# clean_group COMMAND...: starts a command or a function in the background, in a process group of its own, so that it can
# be ended with all that it has started. Its process id is left in clean_child.
clean_child=
clean_group() {
    set -m
    "$@" </dev/null &
    clean_child=$!
    set +m
    clean_own "$clean_child"
    clean_groups+="$clean_child "
}

# Forgets a process that has ended. Fails when it was not one of ours.
clean_forget() { # PID
    local pid rest=()
    for pid in "${clean_pids[@]}"; do
        [[ $pid == "$1" ]] || rest+=("$pid")
    done
    ((${#rest[@]} < ${#clean_pids[@]})) || return 1
    clean_pids=("${rest[@]}")
    # The system gives the number to others in time.
    clean_groups=${clean_groups/ $1 / }
}

# Ends a process of ours, and its group if it leads one: TERM, and KILL after five seconds.
clean_stop() { # PID
    local target=$1 i
    # Not to be asked of the system: bash takes the number for one of its jobs, and may mean its own group then.
    if [[ $clean_groups == *" $1 "* ]]; then
        target=-$1
    fi
    clean_forget "$1" || return 0
    kill -s TERM -- "$target" 2>/dev/null || true
    for ((i = 0; i < 250; i++)); do
        kill -0 -- "$target" 2>/dev/null || break
        nap 0.02
    done
    kill -s KILL -- "$target" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

clean_end() {
    local status=$? pids i
    trap - EXIT
    trap '' INT TERM HUP
    set +e
    if ((status != 0)) && [[ -n $clean_show ]]; then
        printf '\n' >&"$clean_stderr"
        say_log "$clean_show" >&"$clean_stderr"
    fi
    pids=("${clean_pids[@]}")
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        clean_stop "${pids[i]}"
    done
    if [[ -z $clean_folder || $BASHPID != "$clean_owner" ]]; then
        exit "$status"
    fi
    if [[ $clean_keep == yes ]]; then
        printf 'kept: %s\n' "$clean_folder" >&2
    else
        rm -rf "$clean_folder"
    fi
    exit "$status"
}
