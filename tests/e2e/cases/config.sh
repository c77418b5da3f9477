# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Mistakes in the configuration stop the start, and say where they are. Sourced by tests/e2e/run.

# stops KEY VALUE SAYS...: starts the server with good keys and this one behind them. It must end with a failure and
# say the file, the line, the key, and whatever else is given.
stops() {
    local key=$1 value=$2 file line text
    shift 2
    file=${tree_layout}_login_file
    file=${!file}
    printf '> %s: %s\n' "$key" "$value"
    "${tree_layout}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    { setup_keys on && printf '%s %s\n' "$key" "$value"; } | "${tree_layout}_add_keys" "$server_folder"
    line=$(grep -nF -- "$value" "$server_folder/$file" | tail -n 1 | cut -d: -f1)
    must_not_start
    for text in "$file:$line" "$key" "$@"; do
        grep -Fq -- "$text" "$server_log" || fail "the message does not name '$text'"
    done
}

# A value of a key that is known is said, too.
stops_at() { # KEY VALUE
    stops "$1" "$2" "'$2'"
}

# Of one that is not, it may be a mistyped key's password.
stops_unsaid() { # KEY VALUE SAYS...
    stops "$@"
    ! grep -Fq -- "$2" <(grep -a ropp "$server_log") || fail "the message names '$2'"
}

# stops_text TEXT SAYS...: the same for lines as they are, and what the message must say besides the file.
stops_text() {
    local text=$1 file
    shift
    file=${tree_layout}_login_file
    file=${!file}
    printf '> %s\n' "${text//$'\n'/ }"
    "${tree_layout}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    printf '%s\n' "$text" >>"$server_folder/$file"
    must_not_start
    for text in "$file:" "$@"; do
        grep -Fq -- "$text" "$server_log" || fail "the message does not name '$text'"
    done
}

# starts_text TEXT: a start with lines as they are.
starts_text() {
    local file=${tree_layout}_login_file
    printf '> %s\n' "${1//$'\n'/ }"
    "${tree_layout}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    printf '%s\n' "$1" >>"$server_folder/${!file}"
    server_starts=$((server_starts + 1))
    server_log=$server_folder/config-$server_starts.out
    server_launch login-server "$server_log" server_pid
    wait_for 30 server_listens || fail 'the server does not listen'
    process_gone "$server_pid" && fail 'the server does not start'
    server_stop
    sed 's/\x1b\[[0-9;]*[A-Za-z]//g' "$server_log" | grep -a ropp || true
}

# Starts the server as it is configured; it must end by itself, with a failure.
must_not_start() {
    local ended=0
    server_starts=$((server_starts + 1))
    server_log=$server_folder/refused-$server_starts.out
    server_launch login-server "$server_log" server_pid
    wait_for 10 process_gone "$server_pid" || fail 'the server has started'
    wait "$server_pid" || ended=$?
    sed 's/\x1b\[[0-9;]*[A-Za-z]//g' "$server_log" | grep -a ropp || true
    ((ended != 0)) || fail 'the exit status is 0'
    ! grep -q 'is ready' "$server_log" || fail 'the server said that it is ready'
}

e2e_case config-errors own "a wrong proxy_ key or value stops the start with file, line, key and value"
case_config_errors() {
    free_port server_port
    server_prepare "$server_folder/../config" "$server_database"
    stops_at proxy_trusted 10.0.0.300
    stops_at proxy_trusted 10.0.0.1/8
    stops_at proxy_trusted 10.0.0.0/33
    stops_at proxy_trusted 2001:db8::1/32
    stops_at proxy_trusted example.org
    stops_at proxy_direct 192.168.1.0/16
    stops_at proxy_header_timeout 99
    stops_at proxy_listen_backlog 70000
    stops_unsaid proxy_trustd 10.11.12.13
    stops_unsaid proxy_header_timout 1234 proxy_header_timeout
    stops_unsaid proxy_db_pasword hunter2 proxy_db_password
    printf '> on, and nobody trusted\n'
    "${tree_layout}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    echo 'proxy_protocol on' | "${tree_layout}_add_keys" "$server_folder"
    must_not_start
    grep -q 'proxy_trusted' "$server_log" || fail 'the message does not name proxy_trusted'
    printf '> a mode that is none\n'
    "${tree_layout}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    printf 'proxy_protocol onn\nproxy_trusted 127.0.0.1\n' | "${tree_layout}_add_keys" "$server_folder"
    must_not_start
    grep -q "proxy_protocol.*'onn'" "$server_log" || fail 'the message does not name the key and the value'
}

e2e_case config-types own "what looks like a setting of ours and is none, or is of a wrong type, stops the start"
case_config_types() {
    free_port server_port
    server_prepare "$server_folder/../types" "$server_database"
    if [[ $tree_layout != hercules ]]; then
        stops_text 'proxy protocol: on' 'proxy protocol: write proxy_protocol'
        stops_text 'Proxy-Trusted: 192.0.2.1' 'Proxy-Trusted: write proxy_trusted'
        stops_text 'proxy_protocol = on' 'no colon'
        stops_text 'proxy_bans: maybe' "proxy_bans: 'maybe': write on or off"
        return
    fi
    stops_text 'proxy_protocol: { proxy_db_host: 12.5 }' 'proxy_db_host: not in quotes' 'write it in quotes'
    stops_text 'proxy_protocol: { proxy_db_password: 00042 }' 'proxy_db_password: not in quotes'
    stops_text 'proxy_protocol: { mode: [ "on" ] }' 'proxy_protocol: a list: write one value'
    stops_text 'proxy_protocol: { mode: { on: true } }' 'proxy_protocol: a group: write one value'
    stops_text 'proxy_protocol: { proxy_trusted: [ ] }' 'proxy_trusted: a list with nothing in it'
    stops_text 'proxy_protocol: { }' 'the group is empty'
    stops_text 'proxy_protocol: true' 'write proxy_protocol: {'
    stops_text 'Proxy_Protocol: { mode: "on" }' 'Proxy_Protocol: write proxy_protocol'
    stops_text 'proxy-protocol: { mode: "on" }' 'proxy-protocol: write proxy_protocol'
    stops_text 'more: { proxy_trusted: "192.0.2.1" }' 'move it into the group proxy_protocol'
}

e2e_case config-switches own "yes, no, true and false are taken for what they say"
case_config_switches() {
    local on='PROXY protocol on: 1 trusted'
    free_port server_port
    server_prepare "$server_folder/../switches" "$server_database"
    if [[ $tree_layout != hercules ]]; then
        starts_text $'proxy_protocol: Yes\nproxy_trusted: 192.0.2.1\nproxy_bans: FALSE\nproxy_connlog: no'
    else
        starts_text 'proxy_protocol: { mode: true, proxy_trusted: "192.0.2.1", proxy_bans: False, proxy_connlog: "no" }'
    fi
    grep -q "$on" "$server_log" || fail 'the mode is not on'
}

e2e_case config-unused own "settings while the mode is off are named in the log, once; without any, nothing is"
case_config_unused() {
    local lines
    free_port server_port
    server_prepare "$server_folder/../unused" "$server_database"
    if [[ $tree_layout != hercules ]]; then
        starts_text $'proxy_trusted: 192.0.2.1\nproxy_bans: on'
    else
        starts_text 'proxy_protocol: { proxy_trusted: "192.0.2.1", proxy_bans: true }'
    fi
    lines=$(grep -ac 'proxy_protocol is missing.*: proxy_trusted, proxy_bans' "$server_log") || true
    [[ $lines == 1 ]] || fail "it is said $lines times that they do nothing"
    if [[ $tree_layout != hercules ]]; then
        starts_text $'proxy_protocol: off\nproxy_connlog: all'
    else
        starts_text 'proxy_protocol: { mode: "off", proxy_connlog: "all" }'
    fi
    grep -aq 'proxy_protocol is off.*: proxy_connlog' "$server_log" || fail 'it is not said that it does nothing'
    if [[ $tree_layout != hercules ]]; then
        starts_text 'proxy_protocol: off'
    else
        starts_text 'proxy_protocol: { mode: "off" }'
    fi
    ! grep -aq 'ropp:\|proxy_' "$server_log" || fail 'something is said although there is nothing to say'
    starts_text '// nothing'
    ! grep -aq 'ropp:\|proxy_' "$server_log" || fail 'something is said without any setting'
}

e2e_case config-timeout own "proxy_header_timeout and proxy_listen_backlog are obeyed"
case_config_timeout() {
    free_port server_port
    server_prepare "$server_folder/../timeout" "$server_database"
    "${tree_layout}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    {
        setup_keys on
        echo 'proxy_header_timeout 500'
        echo 'proxy_listen_backlog 77'
    } | "${tree_layout}_add_keys" "$server_folder"
    server_log=$server_folder/login.out
    server_launch login-server "$server_log" server_pid
    wait_for 30 server_listens || fail 'the server does not listen'
    process_gone "$server_pid" && fail 'the server does not start'
    wait_for 5 backlog_is 77 || fail "the backlog is $(backlog) and not 77"
    play direct silent --from "$proxy_address" --count 5 --timeout 3000
    [[ $heard =~ first_ms=([0-9]+)\ last_ms=([0-9]+)$ ]] || fail 'they were not closed'
    ((BASH_REMATCH[1] >= 450 && BASH_REMATCH[2] <= 1500)) || fail 'the deadline is not 500 ms'
}
