# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Chains of proxies between a player and the servers, written down one a line, and a whole session through each.
# Sourced after cluster.sh and session.sh.

# Of sender number N, the player's side first: proxy I is at 127.11.N.I and comes from there, all servers on their own
# ports; at the IPv6 loopback, on ports of its own. A player with TLS dials 127.12.N.1, which is a plain proxy to it with TLS.
senders_names=()
declare -A sender_number sender_group sender_front sender_chain sender_wants
declare -A sender_v6_port

# sender GROUP NAME FRONT PROXY... [= WANT...]
#
#   FRONT  how the player comes: v4, v6, dual-v4 and dual-v6 (one listener for both), tls, tls-v6
#   PROXY  KIND[@unix][:SENDS], the one nearest to the player first. A PROXY takes the header of the one before it, but for a
#          KIND that ends with -blind, which takes it for the player's bytes and puts its own in front. SENDS for HAProxy: plain,
#          v1, v2, v2-ssl, v2-ssl-cn, and options of version 2 behind a +; for hitch: v1, v2, pass (on what it got).
#   WANT   unnamed: the player is refused for want of a name; `unique-id`, `authority`, `tls`: it is in the connection log
sender() {
    local name=$1-$2 chain=()
    senders_names+=("$name")
    sender_number[$name]=${#senders_names[@]}
    sender_group[$name]=$1
    sender_front[$name]=$3
    shift 3
    while (($# > 0)) && [[ $1 != = ]]; do
        chain+=("$1")
        shift
    done
    sender_chain[$name]=${chain[*]}
    sender_wants[$name]=${*:2}
}

senders_of() { # GROUP
    local name
    for name in "${senders_names[@]}"; do
        [[ ${sender_group[$name]} != "$1" ]] || echo "$name"
    done
}

# The proxy_ keys of the cluster that all of it runs with: hitch cannot choose its own address, and comes from the servers' own.
# A chain ends with nginx' own address as the destination where nginx is not the first: there a route is needed, as
# for IPv6, which no player can be sent.
senders_keys() {
    local name number i chain
    cat <<'END'
proxy_direct 127.0.0.1
proxy_trusted 127.0.0.1
proxy_trusted 127.11.0.0/16
proxy_connlog all
proxy_route ::/0 char=127.11.0.1 map=127.11.0.1
END
    for name in "${senders_names[@]}"; do
        read -ra chain <<<"${sender_chain[$name]}"
        number=${sender_number[$name]}
        for ((i = 1; i < ${#chain[@]}; i++)); do
            [[ ${chain[i]} != nginx* ]] ||
                echo "proxy_route 127.11.$number.$((i + 1)) char=127.11.$number.1 map=127.11.$number.1"
        done
    done
}

# sender_v6 NAME SERVER: its port there, which no other has.
sender_v6() {
    local key=$1-$2
    [[ -n ${sender_v6_port[$key]-} ]] || free_port "sender_v6_port[$key]"
}

# sender_at NAME I SERVER KIND: where proxy I listens, as it is dialled.
sender_at() {
    local number front=${sender_front[$1]}
    number=${sender_number[$1]}
    if [[ $4 == *@unix ]]; then
        # A short name: nginx writes it into the line of version 1, which ends at 107 bytes.
        echo "$clean_folder/$number-$2-$3"
    elif (($2 == 1)) && [[ $front == *v6 ]]; then
        echo "[::1]:${sender_v6_port[$1-$3]}"
    else
        echo "127.11.$number.$2:${cluster_port[$3]}"
    fi
}

# The same as places to listen at, one a line: a listener for both families is one of IPv6 that IPv4 comes to as well.
sender_binds() { # NAME I SERVER KIND
    local front=${sender_front[$1]}
    if (($2 == 1)) && [[ $front == dual-* ]]; then
        echo "[::ffff:127.11.${sender_number[$1]}.1]:${cluster_port[$3]}"
        [[ $front == dual-v4 ]] || echo "[::1]:${sender_v6_port[$1-$3]}"
    else
        sender_at "$@"
    fi
}

# Sets what one proxy of a chain is written from.
element_kind='' element_sends='' element_accepts='' element_to='' element_from='' element_tls=''
sender_element() { # NAME I SERVER
    local chain i=$2 before=plain
    read -ra chain <<<"${sender_chain[$1]}"
    element_kind=${chain[i - 1]%%:*} element_sends=${chain[i - 1]#*:}
    element_from=127.11.${sender_number[$1]}.$i
    element_to=$cluster_origin:${cluster_port[$3]}
    ((i == ${#chain[@]})) || element_to=$(sender_at "$1" $((i + 1)) "$3" "${chain[i]%%:*}")
    ((i == 1)) || before=${chain[i - 2]#*:}
    element_accepts=no element_tls=no
    [[ $before == plain || $element_kind == *-blind ]] || element_accepts=yes
    # The player's TLS ends at the first that can end it.
    if [[ ${sender_front[$1]} == tls* ]] && { ((i == 1)) || [[ $element_kind == hitch ]]; }; then
        [[ $element_sends == tcp* ]] || element_tls=yes
    fi
}

element_haproxy() { # NAME I SERVER
    local bind how=${element_sends#tcp-} send='' options=''
    printf 'listen %s-%s-%s\n' "$1" "$2" "$3"
    while read -r bind; do
        [[ $bind != /* ]] || bind=unix@$bind
        printf '    bind %s' "$bind"
        [[ $element_accepts == no ]] || printf ' accept-proxy'
        [[ $element_tls == no ]] ||
            printf ' ssl crt %s/both.pem ca-file %s/cert.pem verify optional' "$senders_folder" "$senders_folder"
        printf '\n'
    done < <(sender_binds "$1" "$2" "$3" "$element_kind")
    [[ $how == plain ]] || send=send-proxy${how#v1}
    if [[ $how == v2* ]]; then
        send=send-proxy-${how%%+*}
        [[ $how != *+* ]] || options=${how#*+}
    fi
    printf '    source %s\n    unique-id-format %s\n    server next %s %s%s\n' "$element_from" "$1" \
        "${element_to/#\//unix@/}" "$send" "${options:+ proxy-v2-options ${options//+/,}}"
}

element_nginx() { # NAME I SERVER
    local bind
    printf '    server {\n'
    while read -r bind; do
        [[ $bind != /* ]] || bind=unix:$bind
        printf '        listen %s' "$bind"
        [[ $bind != \[::ffff:* ]] || printf ' ipv6only=off'
        [[ $element_accepts == no ]] || printf ' proxy_protocol'
        [[ $element_tls == no ]] || printf ' ssl'
        printf ';\n'
    done < <(sender_binds "$1" "$2" "$3" "$element_kind")
    [[ $element_accepts == no ]] || printf '        set_real_ip_from 127.0.0.0/8;\n        set_real_ip_from unix:;\n'
    [[ $element_tls == no ]] ||
        printf '        ssl_certificate %s/cert.pem;\n        ssl_certificate_key %s/key.pem;\n' "$senders_folder" "$senders_folder"
    printf '        proxy_pass %s;\n        proxy_protocol on;\n' "${element_to/#\//unix:/}"
    [[ $element_to == /* ]] || printf '        proxy_bind %s;\n' "$element_from"
    printf '    }\n'
}

element_stunnel() { # NAME I SERVER
    printf '[%s-%s]\naccept = %s\nconnect = %s\nlocal = %s\nprotocol = proxy\ncert = %s/both.pem\n' "$1" "$3" \
        "$(sender_at "$1" "$2" "$3" stunnel | tr -d '[]')" "$element_to" "$element_from" "$senders_folder"
}

# A process each: it knows one way alone.
element_hitch() { # NAME I SERVER
    local at file=$senders_folder/hitch-$1-$3.conf user sends
    at=$(sender_at "$1" "$2" "$3" hitch)
    user=$(id -un)
    [[ $user != root ]] || user=nobody
    case $element_sends in
    pass) sends='proxy-proxy = on' ;;
    *) sends="write-proxy-$element_sends = on" ;;
    esac
    cat >"$file" <<END
frontend = "[$(tr -d '[]' <<<"${at%:*}")]:${at##*:}"
backend = "[${element_to%:*}]:${element_to##*:}"
pem-file = "$senders_folder/both.pem"
user = "$user"
workers = 1
$sends
END
    senders_begin "hitch-$1-$3" "$at" hitch --config="$file"
}

# One of Amazon's, played byte for byte.
element_balancer() { # NAME I SERVER
    local at
    at=$(sender_at "$1" "$2" "$3" "$element_kind")
    senders_begin "$1-$3" "$at" "$player" balance "$at" --to "$element_to" --from "$element_from" --as "$element_kind" --timeout 600000
}

# senders_begin NAME ADDRESS COMMAND...: starts a proxy. What it listens at is waited for when all are started.
senders_waits=()
senders_begin() {
    local name=$1 at=$2
    shift 2
    PATH=$PATH:/usr/sbin:/usr/local/sbin "$@" >"$senders_folder/$name.log" 2>&1 </dev/null &
    clean_own $!
    senders_waits+=("$at $senders_folder/$name.log")
}

senders_wait() {
    local wait at
    for wait in "${senders_waits[@]}"; do
        at=${wait%% *}
        if ! wait_for 20 sender_listens "$at"; then
            say_log "${wait#* }"
            fail "nothing listens at $at"
        fi
    done
}

sender_listens() { # ADDRESS
    if [[ $1 == /* ]]; then
        [[ -S $1 ]]
    else
        [[ -n $(ss -Hltn "src = $1") ]]
    fi
}

# For a player who speaks no TLS: it comes from the player's own address.
sender_tls_client() { # NAME SERVER
    local number source at
    number=${sender_number[$1]}
    at=$(sender_at "$1" 1 "$2" '')
    source=$net.$number.5
    [[ ${sender_front[$1]} != *v6 ]] || source="[::1]"
    cat <<END
listen player-$1-$2
    bind 127.12.$number.1:${cluster_port[$2]}
    source $source
    server next $at ssl verify none sni str(login.example.org) crt $senders_folder/both.pem
END
}

# Every proxy of a group, each at its place; one process for all of a kind where it can be.
senders_folder=
senders_start() { # GROUP
    local name server chain i admin pid
    senders_folder=$cluster_folder/hops/senders-$1
    mkdir -p "$senders_folder"
    senders_certificate
    for name in haproxy nginx stunnel; do
        : >"$senders_folder/$name.part"
    done
    senders_waits=()
    while read -r name; do
        read -ra chain <<<"${sender_chain[$name]}"
        for server in login char map; do
            [[ ${sender_front[$name]} != *v6 ]] || sender_v6 "$name" "$server"
            for ((i = 1; i <= ${#chain[@]}; i++)); do
                sender_element "$name" "$i" "$server"
                case $element_kind in
                haproxy*) element_haproxy "$name" "$i" "$server" >>"$senders_folder/haproxy.part" ;;
                nginx*) element_nginx "$name" "$i" "$server" >>"$senders_folder/nginx.part" ;;
                stunnel) element_stunnel "$name" "$i" "$server" >>"$senders_folder/stunnel.part" ;;
                hitch) element_hitch "$name" "$i" "$server" ;;
                *) element_balancer "$name" "$i" "$server" ;;
                esac
            done
            [[ ${sender_front[$name]} != tls* ]] || sender_tls_client "$name" "$server" >>"$senders_folder/haproxy.part"
        done
    done < <(senders_of "$1")
    [[ ! -s $senders_folder/nginx.part ]] || senders_start_nginx
    [[ ! -s $senders_folder/stunnel.part ]] || senders_start_stunnel
    [[ ! -s $senders_folder/haproxy.part ]] || haproxy_start "$senders_folder/haproxy" admin pid <"$senders_folder/haproxy.part"
    senders_wait
}

senders_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=player.example.org' \
        -keyout "$senders_folder/key.pem" -out "$senders_folder/cert.pem" >"$senders_folder/openssl.log" 2>&1 || {
        cat "$senders_folder/openssl.log"
        fail 'no certificate'
    }
    cat "$senders_folder/key.pem" "$senders_folder/cert.pem" >"$senders_folder/both.pem"
    chmod 644 "$senders_folder"/*.pem
}

senders_start_nginx() {
    local module listens
    for module in /usr/lib/nginx/modules/ngx_stream_module.so /usr/share/nginx/modules/ngx_stream_module.so ''; do
        [[ -z $module || -e $module ]] && break
    done
    {
        cat <<END
${module:+load_module $module;}
daemon off;
master_process off;
pid $senders_folder/nginx.pid;
events { worker_connections 2048; }
stream {
    error_log $senders_folder/nginx.error;
END
        cat "$senders_folder/nginx.part"
        echo '}'
    } >"$senders_folder/nginx.conf"
    listens=$(sed -n 's/^ *listen \([^ ;]*\).*/\1/p' "$senders_folder/nginx.conf" | tail -n 1)
    senders_begin nginx "${listens#unix:}" nginx -p "$senders_folder" -e "$senders_folder/nginx.error" -c "$senders_folder/nginx.conf"
}

senders_start_stunnel() {
    {
        printf 'foreground = yes\npid =\nsocket = l:TCP_NODELAY=1\nsocket = r:TCP_NODELAY=1\n'
        cat "$senders_folder/stunnel.part"
    } >"$senders_folder/stunnel.conf"
    senders_begin stunnel "$(sed -n 's/^accept = \(127.*\)/\1/p' "$senders_folder/stunnel.conf" | tail -n 1)" \
        stunnel4 "$senders_folder/stunnel.conf"
}

# Skips where one of the programs is missing.
senders_need() { # PROGRAM...
    local program
    for program in openssl "$@"; do
        PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$program" >/dev/null || skip "not installed: $program"
    done
}

# senders_case GROUP: a session through each sender of the group, all at once; then what came of each.
senders_case() {
    local name wrong=()
    session_begin
    senders_start "$1"
    while read -r name; do
        sender_play "$name"
    done < <(senders_of "$1")
    while read -r name; do
        wait "${player_pid[$name]}" || true
        printf '> %s: %s: %s\n' "$name" "${sender_front[$name]}" "${sender_chain[$name]}"
        # In a shell of its own: a sender that fails hides no other.
        (sender_check "$name") >"$senders_folder/$name.check" 2>&1 || wrong+=("$name")
    done < <(senders_of "$1")
    for name in "${wrong[@]}"; do
        printf '\n> %s: %s: %s\n' "$name" "${sender_front[$name]}" "${sender_chain[$name]}"
        cat "$senders_folder/$name.check"
    done
    ((${#wrong[@]} == 0)) || fail "not as they should be: ${wrong[*]}"
}

# sender_play NAME: the player's session, in the background.
sender_play() {
    local name=$1 number server at options=()
    number=${sender_number[$name]}
    for server in login char map; do
        case ${sender_front[$name]} in
        tls*) at=127.12.$number.1:${cluster_port[$server]} ;;
        *) at=$(sender_at "$name" 1 "$server" '') ;;
        esac
        if [[ $server == login ]]; then
            options=(play "$at")
        elif [[ ${sender_front[$name]} == tls* || ${sender_front[$name]} == *v6 ]]; then
            # It is sent where to go, but in clear text, or as IPv4.
            options+=("--$server-at" "$at")
        fi
    done
    [[ ${sender_front[$name]} == v6 || ${sender_front[$name]} == dual-v6 ]] || options+=(--from "$net.$number.5")
    player_behind "$name" "${options[@]}" "${cluster_client[@]}" --user "player$number" --timeout 15000 --retry 40000 \
        --must-not-contain "$cluster_origin"
}

sender_unnamed() { # HOP
    [[ $(rows "SELECT COUNT(*) FROM proxy_connlog WHERE source = '::ffff:$1' AND reason = 'unnamed-player'") == 1 ]]
}

# sender_check NAME: what the player was sent, and what the servers have logged.
sender_check() {
    local name=$1 number front=${sender_front[$1]} told
    number=${sender_number[$name]}
    heard=$(<"${player_log[$name]}")
    printf '%s\n' "$heard"
    if [[ ${sender_wants[$name]} == *unnamed* ]]; then
        expect_heard '^closed player=0 leg=login .* bytes=0 '
        wait_for 5 sender_unnamed "127.11.$number.2" || fail 'the connection log does not say why'
        expect_rows 0 "user = 'player$number'"
        return
    fi
    expect_heard '^arrived count=1 of=1$'
    expect_heard '^searched bytes=[1-9][0-9]{2,} found=0$'
    told=127.11.$number.1
    [[ $front != *v6 ]] || told=127.11.0.1
    # The last nginx of a chain names itself: its route is for that address, whichever family the player is of.
    ! sender_routed "$name" || told=127.11.$number.1
    expect_all_told "$told"
    expect_told login char "$told:${cluster_port[char]}"
    expect_told char map "$told:${cluster_port[map]}"
    if [[ $front == *v6 ]]; then
        expect_rows 1 "user = 'player$number' AND rcode = 100 AND INET_ATON(ip) >= INET_ATON('240.0.0.0')"
        expect_rows 0 "user LIKE 'player%' AND rcode = 100 AND INET_ATON(ip) >= INET_ATON('240.0.0.0')
            AND ip <> (SELECT MAX(ip) FROM loginlog WHERE user = 'player$number' AND rcode = 100)"
    else
        expect_rows 1 "user = 'player$number' AND ip = '$net.$number.5' AND rcode = 100"
        expect_rows 0 "user = 'player$number' AND ip <> '$net.$number.5'"
    fi
    sender_check_log "$name"
}

# Whether an nginx that is not the first names itself as the destination.
sender_routed() { # NAME
    local chain
    read -ra chain <<<"${sender_chain[$1]}"
    [[ " ${chain[*]:1}" =~ ' nginx'(@unix)?: ]]
}

# The connection log has the player's own address on every server, the hop, and what the header said beside.
sender_check_log() { # NAME
    local name=$1 number chain last hop condition
    number=${sender_number[$name]}
    read -ra chain <<<"${sender_chain[$name]}"
    last=${#chain[@]}
    # Of headers one behind the other the last one names the player, and the one before it the hop.
    while [[ ${chain[last - 1]} == *-blind:* ]]; do
        last=$((last - 1))
    done
    hop=127.11.$number.$last
    [[ ${chain[-1]} != hitch* ]] || hop=127.0.0.1
    condition="verdict = 'accepted' AND hop = '::ffff:$hop' AND header = $(sender_version "$name")"
    if [[ ${sender_front[$name]} == *v6 ]]; then
        condition+=" AND source = '::1'"
        sender_routed "$name" || condition+=" AND destination = '::1' AND destination_port IN
            (${sender_v6_port[$name-login]}, ${sender_v6_port[$name-char]}, ${sender_v6_port[$name-map]})"
    else
        condition+=" AND source = '::ffff:$net.$number.5'"
        sender_routed "$name" || condition+=" AND destination = '::ffff:127.11.$number.1'
            AND destination_port IN (${cluster_port[login]}, ${cluster_port[char]}, ${cluster_port[map]})"
    fi
    [[ ${sender_wants[$name]} != *unique-id* ]] || condition+=" AND unique_id = '$name'"
    [[ ${sender_wants[$name]} != *authority* ]] || condition+=" AND authority = 'login.example.org'"
    [[ ${sender_wants[$name]} != *tls* ]] || condition+=" AND tls LIKE 'TLSv1._'"
    printf '> the connection log: %s\n' "$condition"
    if ! wait_for 5 sender_logged "$condition"; then
        rows "SELECT * FROM proxy_connlog WHERE hop = '::ffff:$hop' ORDER BY id DESC LIMIT 12"
        fail 'the connection log has not a row of each server'
    fi
}

sender_logged() { # CONDITION
    [[ $(rows "SELECT COUNT(DISTINCT server) FROM proxy_connlog WHERE $1") == 3 ]]
}

# The version of the last header.
sender_version() { # NAME
    local chain i
    read -ra chain <<<"${sender_chain[$1]}"
    for ((i = ${#chain[@]} - 1; i >= 0; i--)); do
        case ${chain[i]} in
        hitch:pass | *-blind:*) continue ;; # the one's before it counts
        nginx* | stunnel* | *:v1 | *:tcp-v1 | elb) echo 1 ;;
        *) echo 2 ;;
        esac
        return
    done
}
