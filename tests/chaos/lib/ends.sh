# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# That the servers live, and end well when they are asked to. Sourced after the cluster's files by tests/chaos/run and
# tests/hostile/run.

servers_check_alive() {
    local lost
    if lost=$(cluster_lost); then
        printf 'the %s server has ended; its last words:\n' "$lost"
        tail -n 60 "${cluster_log[$lost]}"
        return 1
    fi
    printf '%s\n' "${cluster_servers[*]}"
}

# servers_quit SERVER: asks it to end. What came of that is for servers_check_end.
servers_quit() {
    local pid=${cluster_pid[$1]} status=0
    unset "cluster_pid[$1]"
    clean_forget "$pid"
    kill -s TERM "$pid" 2>/dev/null || true
    if ! wait_for 180 process_gone "$pid"; then
        printf '%s: does not end when it is asked to\n' "$1" >>"$clean_folder/ends"
        kill -s KILL "$pid"
    fi
    wait "$pid" || status=$?
    printf '%s: status %d\n' "$1" "$status" >>"$clean_folder/ends"
}

servers_quit_all() {
    local server
    for server in map2 api map char login; do
        [[ -z ${cluster_pid[$server]-} ]] || servers_quit "$server"
    done
}

servers_check_end() {
    local log result=0
    sort "$clean_folder/ends"
    if grep -v ': status 0$' "$clean_folder/ends"; then
        result=1
    fi
    for log in "$cluster_folder"/*/*.out; do
        grep -aqE 'Sanitizer|runtime error:' "$log" || continue
        result=1
        printf '%s:\n' "${log##*/}"
        grep -aE '^SUMMARY: .*Sanitizer|runtime error:' "$log" | sort | uniq -c
        grep -aEA 40 'Sanitizer|runtime error:' "$log" | head -n 60
    done
    ((result != 0)) || printf '%s ends\n' "$(wc -l <"$clean_folder/ends")"
    return "$result"
}
