# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Char and map server of a Hercules whose settings are lines: what cluster.sh needs of them. Sourced.

# lines_cluster_configure FOLDER SERVER DIALS-IP DIALS-PORT: beside what lines_configure has written.
lines_cluster_configure() {
    local folder=$1 server=$2
    rathena_cluster_servers "$@"
    if [[ -e $folder/conf/network.conf ]]; then
        hercules_network "$folder" 0.0.0.0:0.0.0.0 "$cluster_lan:255.255.0.0"
    else
        rathena_cluster_subnet "$folder/conf/subnet.conf"
    fi
    [[ $server == map ]] || return 0
    echo 'packet_obfuscation: 0' >"$folder/conf/import/battle_conf.txt"
    rathena_cluster_game "$folder" "$folder/conf/maps.conf" "${cluster_maps_map[@]}" "${cluster_maps_map2[@]}"
}

# The map server takes packets as they are.
lines_client_keys() {
    :
}
