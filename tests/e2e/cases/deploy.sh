# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The configurations that docs/deploy/ shows, each started as it is; its addresses and ports alone are the test's. Sourced by
# tests/e2e/run.

# deploy_blocks PAGE WHAT: the configurations of docs/deploy/PAGE.md which have WHAT (a pattern) in them, apart by a line of `--`.
deploy_blocks() {
    awk -v what="$2" '
        /^```/ { if (inside && text ~ what) { if (n++) print "--"; printf "%s", text } inside = !inside; text = ""; next }
        inside { text = text $0 "\n" }' "$top/docs/deploy/$1.md"
}

# What is at 198.51.100.10 in the pages.
deploy_hop=

# The same on standard output with the test's addresses and ports. Those of stunnel's own are free ones.
declare -A deploy_port=()
deploy_here() {
    local port script server
    script="s,198\.51\.100\.10,$deploy_hop,g; s,203\.0\.113\.[0-9]*,$cluster_origin,g; s,/etc/\(stunnel\|hitch\)/,$deploy_folder/,"
    for server in login:6900 char:6121 map:5121; do
        port=${server#*:}
        server=${cluster_port[${server%:*}]}
        # On one machine the servers are on loopback, and the test's are there at an address of their own.
        script+="; s,\(to\|connect = \|origin \)127\.0\.0\.1:$port\b,\1$cluster_origin:$port,; s,:$port\b,:$server,g"
    done
    for port in "${!deploy_port[@]}"; do
        script+="; s,:$port\b,:${deploy_port[$port]},g"
    done
    sed "$script"
}

deploy_begin() { # FOLDER HOP
    [[ -n $session_user ]] || session_begin
    deploy_folder=$clean_folder/deploy-$1
    deploy_hop=$2
    mkdir -p "$deploy_folder"
    printf '> docs/deploy/%s.md\n' "$1"
}

# deploy_start NAME ADDRESS:PORT COMMAND...: runs it, until it listens there.
deploy_start() {
    local name=$1 at=$2 pid
    shift 2
    printf '> %s\n' "$*"
    PATH=$PATH:/usr/sbin "$@" >"$deploy_folder/$name.log" 2>&1 &
    pid=$!
    clean_own "$pid"
    if ! wait_for 20 deploy_listens "$pid" "$at" || process_gone "$pid"; then
        say_log "$deploy_folder/$name.log"
        fail "$name does not start"
    fi
}

deploy_listens() { # PID ADDRESS:PORT
    process_gone "$1" || [[ -n $(ss -Hltn "src = ${2%:*} and sport = :${2#*:}") ]]
}

deploy_haproxy() { # PAGE
    deploy_blocks "$1" 'listen login' | deploy_here >"$deploy_folder/haproxy.cfg"
    deploy_start haproxy "$deploy_hop:${cluster_port[login]}" "$(haproxy_tool)" -db -f "$deploy_folder/haproxy.cfg"
}

# A player goes by that hop to all three servers, and is known by the player's own address.
deploy_plays() {
    expect_session "$deploy_hop" --from "$net.1.5" --must-not-contain "$cluster_origin"
    expect_all_told "$deploy_hop"
    deploy_logged
}

deploy_logged() {
    [[ $(rows "SELECT ip FROM loginlog WHERE user = '$session_user' ORDER BY time DESC LIMIT 1") == "$net.1.5" ]] ||
        fail "the login server has not logged the player's own address"
    rows "DELETE FROM loginlog WHERE user = '$session_user'"
}

e2e_case deploy-proxies cluster:session "docs/deploy: the files for HAProxy, for servers on several machines and for nginx, as they are shown" 8
case_deploy_proxies() {
    deploy_begin haproxy 127.10.0.21
    deploy_haproxy haproxy
    deploy_plays
    deploy_begin several-machines 127.10.0.22
    deploy_haproxy several-machines
    deploy_plays
    deploy_begin nginx 127.10.0.23
    {
        printf 'daemon off;\nmaster_process off;\npid %s/pid;\n' "$deploy_folder"
        deploy_blocks nginx 'stream [{]' | deploy_here
    } >"$deploy_folder/nginx.conf"
    deploy_start nginx "$deploy_hop:${cluster_port[login]}" nginx -e "$deploy_folder/error.log" -c "$deploy_folder/nginx.conf"
    deploy_plays
}

e2e_case deploy-one-machine cluster:one-machine "docs/deploy: the files for one machine, as they are shown" 4
case_deploy_one_machine() {
    deploy_begin one-machine 127.10.0.24
    deploy_haproxy one-machine
    deploy_plays
}

e2e_case deploy-tls cluster:one-machine "docs/deploy: the files for TLS by stunnel and by hitch, as they are shown" 8
case_deploy_tls() {
    local file side port
    for file in stunnel4 hitch openssl; do
        PATH=$PATH:/usr/sbin command -v "$file" >/dev/null || skip "there is no $file"
    done
    deploy_begin stunnel 127.10.0.25
    for port in 16900 16121 15121 26900 26121 25121; do
        free_port "deploy_port[$port]"
    done
    (cd "$deploy_folder" && deploy_blocks stunnel '^openssl ' | sh -e) 2>"$deploy_folder/openssl.log" ||
        fail "no certificates: $(cat "$deploy_folder/openssl.log")"
    for side in origin hop; do
        {
            printf 'pid =\n'
            deploy_blocks stunnel "cert = /etc/stunnel/$side" | deploy_here
        } >"$deploy_folder/$side.conf"
    done
    deploy_start origin "$cluster_origin:${deploy_port[25121]}" stunnel4 "$deploy_folder/origin.conf"
    deploy_start hop "127.0.0.1:${deploy_port[15121]}" stunnel4 "$deploy_folder/hop.conf"
    deploy_haproxy stunnel
    deploy_plays

    cat "$deploy_folder"/hop.{key,crt} >"$deploy_folder/hop.pem"
    deploy_hitch "$deploy_folder/hop.pem"
}

# The player's side of TLS is a stunnel here, and it is the whole way that is shown by the other cases: here it is the header.
deploy_hitch() { # PEM
    local front
    deploy_begin hitch 127.10.0.26
    cp "$1" "$deploy_folder/hop.pem"
    chmod 644 "$deploy_folder/hop.pem"
    deploy_blocks hitch '^frontend' | deploy_here >"$deploy_folder/hitch.conf"
    deploy_start hitch "$deploy_hop:${cluster_port[login]}" hitch --config="$deploy_folder/hitch.conf" --user=nobody --workers=1
    free_port front
    cat >"$deploy_folder/client.conf" <<END
foreground = yes
pid =
client = yes
[login]
accept = 127.0.0.1:$front
local = $net.1.5
connect = $deploy_hop:${cluster_port[login]}
END
    deploy_start client "127.0.0.1:$front" stunnel4 "$deploy_folder/client.conf"
    heard=$("$player" login "127.0.0.1:$front" --user "$session_user" --from 127.0.0.1) || true
    printf '%s\n' "$heard"
    deploy_logged
}

e2e_case deploy-settings own "docs/deploy: the servers take every setting that is shown"
case_deploy_settings() {
    local page text what='(^|\n)proxy_protocol: [a-z]'
    [[ $tree_layout != hercules ]] || what='proxy_protocol: [{]'
    for page in "$top"/docs/deploy/*.md; do
        page=$(basename "$page" .md)
        text=$(deploy_blocks "$page" "$what")
        [[ -z $text ]] || starts_text "$text"
    done
}
