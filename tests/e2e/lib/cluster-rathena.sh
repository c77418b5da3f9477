# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# rAthena's char and map servers: what cluster.sh needs of them. Sourced.

# The answer to `@ip` names the player's address; `@xmap MAP` leads to a map, on whichever server that is. The player is let go
# first: emulators until 2014 free the script of a player who leaves for another server, and run it on.
# shellcheck disable=SC2016 # the variables are the script's
cluster_script='-	script	ropp_test	-1,{
OnInit:
	bindatcmd "ip", strnpcinfo(3) + "::OnAddress";
	bindatcmd "xmap", strnpcinfo(3) + "::OnMap";
	end;
OnAddress:
	dispbottom getcharip();
	end;
OnMap:
	.@map$ = .@atcmd_parameters$[0];
	.@player = getcharid(0);
	detachrid;
	warpchar .@map$, 100, 100, .@player;
	end;
}'

# rathena_cluster_configure FOLDER SERVER DIALS-IP DIALS-PORT: beside what rathena_configure has written.
rathena_cluster_configure() {
    local folder=$1 server=$2
    local -n maps=cluster_maps_map
    [[ $server != map2 ]] || local -n maps=cluster_maps_map2
    rathena_cluster_servers "$@"
    rathena_cluster_subnet "$folder/conf/subnet_athena.conf"
    [[ $server == map* ]] || return 0
    rathena_cluster_game "$folder" "$folder/conf/maps_athena.conf" "${maps[@]}"
}

# Where the servers are, and how they know one another.
rathena_cluster_servers() { # FOLDER SERVER DIALS-IP DIALS-PORT
    local folder=$1 server=$2 dials_ip=$3 dials_port=$4
    cat >"$folder/conf/import/char_conf.txt" <<END
userid: $server_user
passwd: $server_password
server_name: ropp
bind_ip: $cluster_origin
login_ip: $dials_ip
login_port: $dials_port
char_ip: $cluster_origin
char_port: ${cluster_port[char]}
pincode_enabled: no
console: off
END
    cat >"$folder/conf/import/map_conf.txt" <<END
userid: $server_user
passwd: $server_password
bind_ip: $cluster_origin
char_ip: $dials_ip
char_port: $dials_port
map_ip: $cluster_origin
map_port: ${cluster_port[$server]}
console: off
END
}

rathena_cluster_subnet() { # FILE
    rm -f "$1"
    echo "subnet: 255.255.0.0:$cluster_lan:$cluster_lan" >"$1"
}

rathena_cluster_game() { # FOLDER FILE MAP...
    local folder=$1 file=$2 name
    shift 2
    rm -f "$file"
    printf 'map: %s\n' "$@" >"$file"
    # None of the game's scripts: they would take half a minute.
    rm -rf "$folder/npc"
    mkdir -p "$folder/npc/re" "$folder/npc/pre-re"
    printf '%s\n' "$cluster_script" >"$folder/npc/ropp_test.txt"
    for name in re pre-re; do
        echo 'npc: npc/ropp_test.txt' >"$folder/npc/$name/scripts_main.conf"
    done
    : >"$folder/npc/scripts_custom.conf"
    : >"$folder/npc/scripts_main.conf"
    # Until 2015 nobody may leave in the first ten seconds.
    echo 'prevent_logout: 0' >>"$folder/conf/import/battle_conf.txt"
    cluster_commands || echo 'warp: 0,0' >>"$folder/conf/import/atcommand_conf.txt"
}

# With what older clients scramble their packets to the map server: it prints the keys when it starts, and zeroes for newer
# ones.
rathena_client_keys() {
    local key='\(0x[0-9A-Fa-f]\{8\}\)'
    sed -n "/0x0*, 0x0*, 0x0*\\b/d; s/.*Packet Obfuscation: .*$key.*$key.*$key.*/\1,\2,\3/p" "${cluster_log[map]}"
}
