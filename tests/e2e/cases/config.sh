# shellcheck shell=bash
# Mistakes in the configuration stop the start, and say where they are. Sourced by tests/e2e/run.

# stops KEY VALUE SAYS...: starts the server with good keys and this one behind them. It must end with a failure and
# say the file, the line, the key, and whatever else is given.
stops() {
    local key=$1 value=$2 file line text
    shift 2
    file=${tree_dialect}_login_file
    file=${!file}
    printf '> %s: %s\n' "$key" "$value"
    "${tree_dialect}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    { setup_keys on && printf '%s %s\n' "$key" "$value"; } | "${tree_dialect}_add_keys" "$server_folder"
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
    "${tree_dialect}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    echo 'proxy_protocol on' | "${tree_dialect}_add_keys" "$server_folder"
    must_not_start
    grep -q 'proxy_trusted' "$server_log" || fail 'the message does not name proxy_trusted'
    printf '> a mode that is none\n'
    "${tree_dialect}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    printf 'proxy_protocol onn\nproxy_trusted 127.0.0.1\n' | "${tree_dialect}_add_keys" "$server_folder"
    must_not_start
    grep -q "proxy_protocol.*'onn'" "$server_log" || fail 'the message does not name the key and the value'
}

e2e_case config-timeout own "proxy_header_timeout and proxy_listen_backlog are obeyed"
case_config_timeout() {
    free_port server_port
    server_prepare "$server_folder/../timeout" "$server_database"
    "${tree_dialect}_configure" "$server_folder" "$server_database" "$server_port" "$server_char_port"
    {
        setup_keys on
        echo 'proxy_header_timeout 500'
        echo 'proxy_listen_backlog 77'
    } | "${tree_dialect}_add_keys" "$server_folder"
    server_log=$server_folder/login.out
    server_launch login-server "$server_log" server_pid
    wait_for 30 server_listens || fail 'the server does not listen'
    process_gone "$server_pid" && fail 'the server does not start'
    printf '> backlog %s\n' "$(backlog)"
    [[ $(backlog) == 77 ]] || fail 'the backlog is not 77'
    play direct silent --from "$proxy_address" --count 5 --timeout 3000
    [[ $heard =~ first_ms=([0-9]+)\ last_ms=([0-9]+)$ ]] || fail 'they were not closed'
    ((BASH_REMATCH[1] >= 450 && BASH_REMATCH[2] <= 1500)) || fail 'the deadline is not 500 ms'
}
