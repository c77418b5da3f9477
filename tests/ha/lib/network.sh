# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The network under test as `ropp hop render` writes it: the origin's servers, the tunnels, and three hops. What is written goes
# where it belongs and is started as it is; only the tunnels' keys are put in. Sourced by tests/ha/run.

declare -A network_private network_key

# The description, once the servers' ports are known, and what is made of it.
network_render() {
    local hops=$clean_folder/hops name often=''
    # Whether a broken hop is back is asked again and again, from one address.
    [[ $attack == yes ]] || often='tries = 1000'
    mkdir -p "$hops"
    cat >"$hops/hops.conf" <<END
[origin]
address = ${world_tunnel[origin]}
public = $world_origin
login = ${cluster_port[login]}
char = ${cluster_port[char]}
map = ${cluster_port[map]}${cluster_port[map2]+, ${cluster_port[map2]}}

[hop miami]
public = ${world_public[miami]}
tunnel = ${world_tunnel[miami]}
$often

[hop lima]                  ; behind another one, and able to do without it
public = ${world_public[lima]}
tunnel = ${world_tunnel[lima]}
via = miami, direct
$often

[hop jakarta]
public = ${world_public[jakarta]}
tunnel = ${world_tunnel[jakarta]}
kind = nginx
END
    "$ropp" hop render "$hops/hops.conf" --out "$hops/out" >"$hops/log" || die "not rendered: $hops/hops.conf: see above"
    for name in origin "${world_hops[@]}"; do
        network_private[$name]=$(wg genkey)
        network_key[$name]=$(wg pubkey <<<"${network_private[$name]}")
    done
    for name in origin "${world_hops[@]}"; do
        network_put_keys "$name"
    done
}

# What a person does with the skeleton.
network_put_keys() { # NAME
    local file=$clean_folder/hops/out/$1/wg-ropp.conf name edits=("s,(of this machine: wg genkey),${network_private[$1]},")
    edits+=("s,(of the origin: wg pubkey),${network_key[origin]},")
    for name in "${world_hops[@]}"; do
        edits+=("s,(of $name: wg pubkey),${network_key[$name]},")
    done
    sed -i "$(printf '%s\n' "${edits[@]}")" "$file"
    chmod 600 "$file"
    ! grep -n '(of ' "$file" || die "a key is missing: $file: see above"
}

# Called by cluster_configure: the settings for the emulator, as they were written, and a log of every connection.
rendered_settings() { # FOLDER SERVER
    local out=$clean_folder/hops/out/origin
    [[ -d $out ]] || network_render
    if [[ $tree_layout == hercules ]]; then
        sed 's/^}$/    proxy_connlog: "all"\n}/' "$out/hercules.conf" >>"$1/conf/import/$2-server.conf"
        return
    fi
    {
        cat "$out/rathena.conf"
        echo 'proxy_connlog: all'
    } >>"$1/conf/import/$2_conf.txt"
    # As it comes: five connections of one address within three seconds are too many.
    echo 'ddos_count: 5' >>"$1/conf/import/packet_conf.txt"
}

# The origin: its packet filter, its tunnel, its servers.
network_origin() {
    local i name rows=''
    nft -f "$clean_folder/hops/out/origin/nftables.conf"
    wg-quick up "$clean_folder/hops/out/origin/wg-ropp.conf" >"$clean_folder/hops/origin-wg" 2>&1 ||
        { say_log "$clean_folder/hops/origin-wg"; die 'no tunnel at the origin: see above'; }
    for name in "${world_continents[@]}"; do
        for ((i = 1; i <= (players + 4) / 5; i++)); do
            rows+="${rows:+, }('$name$i', 'secret', 'M', 'player@example.org')"
        done
    done
    db_sql "$cluster_database" "INSERT INTO login (userid, user_pass, sex, email) VALUES $rows"
    cluster_up || die "the servers do not start: $tree: see above"
}

hop_program() { # NAME
    if [[ $1 == jakarta ]]; then
        echo nginx
    else
        echo haproxy
    fi
}

# A hop's files, each where its first lines say.
network_hop() { # NAME
    local out=$clean_folder/hops/out/$1
    machine_run "$1" touch /etc/ropp/bans.acl
    machine_run "$1" sh -c 'echo "default 0;" >/etc/ropp/bans.conf'
    machine_run "$1" cp --remove-destination "$out/nftables.conf" /etc/nftables.d/ropp.conf
    machine_run "$1" cp --remove-destination "$out/wg-ropp.conf" /etc/wireguard/
    case $(hop_program "$1") in
    nginx) machine_run "$1" cp --remove-destination "$out/nginx.conf" /etc/nginx/ ;;
    haproxy) machine_run "$1" cp --remove-destination "$out/haproxy.cfg" /etc/haproxy/ ;;
    esac
    machine_run "$1" nft -f /etc/nftables.d/ropp.conf
    hop_tunnel_up "$1"
    hop_proxy_up "$1"
}

hop_tunnel_up() { # NAME
    machine_run "$1" wg-quick up wg-ropp >>"$clean_folder/hops/$1-wg" 2>&1 || {
        say_log "$clean_folder/hops/$1-wg"
        die "no tunnel: $1: see above"
    }
}

hop_proxy_up() { # NAME
    local command=(nginx -g 'daemon off;')
    [[ $(hop_program "$1") == nginx ]] || command=(haproxy -db -f /etc/haproxy/haproxy.cfg)
    PATH=$PATH:/usr/sbin machine_run "$1" "${command[@]}" >>"$clean_folder/hops/$1-proxy" 2>&1 &
    clean_own $!
    if ! wait_for 20 hop_listens "$1"; then
        say_log "$clean_folder/hops/$1-proxy"
        die "the proxy does not start: $1: see above"
    fi
}

hop_listens() { # NAME
    [[ -n $(machine_run "$1" ss -Hltn "src = ${world_public[$1]} and sport = :${cluster_port[login]}") ]]
}

# All hops have their ways: a player of each continent's can log in.
network_answers() { # NAME
    nsenter --net=/run/netns/europe "$player" login "${world_public[$1]}:${cluster_port[login]}" --user player --pass secret \
        --from "${world_players[europe]}.254" --timeout 5000 >/dev/null 2>&1
}

# A hop that begins anew, while no player has a session by it: its tunnel knows nobody, and is found within seconds, not when the
# origin's keys are over.
check_anew() {
    local hop=jakarta from
    machine_signal "$hop" wireguard-go KILL
    wait_for 10 machine_idle "$hop" wireguard-go
    hop_tunnel_up "$hop"
    from=$(now_ms)
    wait_for 45 network_answers "$hop"
    printf 'after %s\n' "$(say_seconds $(($(now_ms) - from)))"
}
