# shellcheck shell=bash
# Hercules' char and map servers: what cluster.sh needs of them. Sourced.

# hercules_cluster_configure FOLDER SERVER DIALS-IP DIALS-PORT: beside what hercules_configure has written.
hercules_cluster_configure() {
    local folder=$1 server=$2 dials_ip=$3 dials_port=$4 name sql
    local import=$folder/conf/import
    sql="sql_connection: {
        db_hostname: \"127.0.0.1\"
        db_port: $db_port
        db_username: \"$db_user\"
        db_password: \"$db_password\"
        db_database: \"$cluster_database\"
    }"
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
    rm -f "$folder/conf/network.conf"
    cat >"$folder/conf/network.conf" <<END
lan_subnets: (
    "$cluster_lan:255.255.0.0",
)
allowed: (
    "0.0.0.0:0.0.0.0",
)
trusted: (
    "127.0.0.1:255.255.255.255",
)
END
    [[ $server == map ]] || return 0
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
    local folder=$1 path name list
    rm -f "$folder/conf/map"
    mkdir -p "$folder/conf/map"
    for path in "$tree"/conf/map/*; do
        ln -sfn "$path" "$folder/conf/map/${path##*/}"
    done
    list=$(printf '    "%s",\n' "${cluster_maps_map[@]}" "${cluster_maps_map2[@]}")
    rm -f "$folder/conf/map/maps.conf"
    printf 'map_list: (\n%s\n)\nmap_removed: (\n)\n' "${list%,*}" >"$folder/conf/map/maps.conf"
}
