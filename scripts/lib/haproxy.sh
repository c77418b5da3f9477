# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# HAProxy with a folder of its own. Sourced after say.sh, clean.sh and wait.sh.

haproxy_tool() {
    PATH=$PATH:/usr/sbin:/usr/local/sbin command -v haproxy ||
        die "not found: haproxy: apt-get install haproxy"
}

# haproxy_start FOLDER ADMIN PID: runs with the sections that come on standard input. The variables named
# get the port of its administration and its process id. It is ready when this returns.
haproxy_start() {
    local folder=$1 tool haproxy_child
    local -n haproxy_port=$2 haproxy_pid=$3
    mkdir -p "$folder"
    free_port haproxy_port
    {
        cat <<END
global
    stats socket ipv4@127.0.0.1:$haproxy_port level admin
    maxconn 2000
    nbthread 1
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
END
        cat
    } >"$folder/haproxy.cfg"
    tool=$(haproxy_tool)
    "$tool" -db -f "$folder/haproxy.cfg" >"$folder/log" 2>&1 &
    haproxy_child=$!
    clean_own "$haproxy_child"
    if ! wait_for 10 haproxy_answers "$haproxy_port" "$haproxy_child" || process_gone "$haproxy_child"; then
        say_log "$folder/log"
        die "HAProxy does not start: $folder/haproxy.cfg: see above"
    fi
    # shellcheck disable=SC2034 # the caller's
    haproxy_pid=$haproxy_child
}

haproxy_answers() { # ADMIN PID
    process_gone "$2" && return 0
    haproxy_ask "$1" 'show info' | grep -q '^Uptime_sec'
}

# haproxy_ask ADMIN COMMAND: what its administration answers.
haproxy_ask() {
    # shellcheck disable=SC2016 # for the inner shell
    timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "%s\n" "$2" >&3 && cat <&3' \
        _ "$1" "$2" 2>/dev/null || true
}
