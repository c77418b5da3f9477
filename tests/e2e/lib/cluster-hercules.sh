# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Hercules' char, map and api servers: what cluster.sh needs of them. Sourced.

# So many connections of one address the api server takes.
cluster_api_limit=5

# hercules_cluster_configure FOLDER SERVER DIALS-IP DIALS-PORT: beside what hercules_configure has written.
hercules_cluster_configure() {
    local folder=$1 server=$2 dials_ip=$3 dials_port=$4 sql
    local import=$folder/conf/import
    sql=$(hercules_sql "$cluster_database")
    cat >"$import/char-server.conf" <<END
char_configuration: {
    console: {
        stdout_with_ansisequence: false
        console_silent: 0
    }
    $sql
    server_name: "ropp"
    inter: {
        userid: "$server_user"
        passwd: "$server_password"
        bind_ip: "$cluster_origin"
        login_ip: "$dials_ip"
        login_port: $dials_port
        char_ip: "$cluster_origin"
        char_port: ${cluster_port[char]}
    }
    pincode: {
        enabled: false
    }
}
END
    cat >"$import/map-server.conf" <<END
map_configuration: {
    console: {
        stdout_with_ansisequence: false
        console_silent: 0
    }
    $sql
    inter: {
        userid: "$server_user"
        passwd: "$server_password"
        bind_ip: "$cluster_origin"
        char_ip: "$dials_ip"
        char_port: $dials_port
        map_ip: "$cluster_origin"
        map_port: ${cluster_port[map]}
    }
}
END
    hercules_network "$folder" 0.0.0.0:0.0.0.0 "$cluster_lan:255.255.0.0"
    case $server in
    api) hercules_cluster_api "$folder" "$dials_ip" "$dials_port" ;;
    map) hercules_cluster_game "$folder" ;;
    esac
}

# own_folder FOLDER NAME: in place of a link to a folder of the tree one of its own, with links to what is in there.
own_folder() {
    local folder=$1 name=$2 path
    rm -f "$folder/$name"
    mkdir -p "$folder/$name"
    for path in "$tree/$name"/*; do
        ln -sfn "$path" "$folder/$name/${path##*/}"
    done
}

# The api server has a list of networks that its limits are not for, all of 127.0.0.0/8 as it comes.
hercules_cluster_api() { # FOLDER DIALS-IP DIALS-PORT
    cat >"$1/conf/import/api-server.conf" <<END
api_configuration: {
    console: {
        stdout_with_ansisequence: false
        console_silent: 0
    }
    ip_connections_limit: $cluster_api_limit
    $(hercules_sql "$cluster_database")
    inter: {
        userid: "$server_user"
        passwd: "$server_password"
        bind_ip: "$cluster_origin"
        login_ip: "$2"
        login_port: $3
        api_ip: "$cluster_origin"
        api_port: ${cluster_port[api]}
    }
}
END
    own_folder "$1" conf/api
    rm -f "$1/conf/api/api_network.conf"
    printf '%s: (\n)\n' lan_subnets allowed trusted >"$1/conf/api/api_network.conf"
}

# With what a client of that version scrambles its packets to the map server, as the emulator knows it. Three zeroes are
# for a client that does not.
hercules_client_keys() {
    local file=$tree/src/map/packets_keys_main.h
    [[ ! -f $file ]] ||
        sed -n "/PACKETVER == $cluster_packetver\\b/,/packetKeys(/{ s/.*packetKeys(\\([^)]*\\)).*/\\1/; T; p; q }" "$file" |
        sed '/^ *0x0*, *0x0*, *0x0* *$/d'
}

hercules_cluster_game() { # FOLDER
    local folder=$1 name scrambled=0
    [[ -z $(hercules_client_keys) ]] || scrambled=2 # always
    printf 'battle_configuration: {\n    packet_obfuscation: %d\n}\n' "$scrambled" >"$folder/conf/import/battle.conf"
    hercules_cluster_maps "$folder"
    # None of the game's scripts: they would take half a minute.
    rm -rf "$folder/npc"
    mkdir -p "$folder/npc/re" "$folder/npc/pre-re"
    printf '%s\n' "$cluster_script" >"$folder/npc/ropp_test.txt"
    for name in re pre-re; do
        cat >"$folder/npc/$name/scripts_main.conf" <<END
npc_global_list: (
    "npc/ropp_test.txt",
)
npc_removed_list: (
)
END
    done
}

# The short list of maps, in place of a file that the tree's own settings include.
hercules_cluster_maps() { # FOLDER
    local folder=$1 list
    own_folder "$folder" conf/map
    list=$(printf '    "%s",\n' "${cluster_maps_map[@]}" "${cluster_maps_map2[@]}")
    rm -f "$folder/conf/map/maps.conf"
    printf 'map_list: (\n%s\n)\nmap_removed: (\n)\n' "${list%,*}" >"$folder/conf/map/maps.conf"
}
