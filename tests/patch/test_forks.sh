#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Forks and other years say the same things otherwise, and have more of them. What a hook inserts must follow: weaving a changed
# reference emulator gives what comes of changing the woven one.
set -euo pipefail
# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
# shellcheck source=tests/patch/spacing.sh
. "${srcdir:-.}/tests/patch/spacing.sh"
# shellcheck source=tests/patch/years.sh
. "${srcdir:-.}/tests/patch/years.sh"

# A function whose name has more before or behind it is another one. sed's program, to go before the definition of NAME.
namesakes() { # NAME...
    local name other
    for name in "$@"; do
        other='(int32 fd, size_t len, const char *name)\n{\n\treturn fopen(name, "r") + fd + len;\n}\n'
        printf 's/^[a-z][a-z0-9_ *]*[ *]%s(.*[^;]$/static int other_%s%s\\n&/\n' "$name" "$name" "$other"
        printf 's/^[a-z][a-z0-9_ *]*[ *]%s(.*[^;]$/static int %s_other%s\\n&/\n' "$name" "$name" "$other"
    done
}

# change TREE: runs the sed programs of $dir/changes/FILE on the tree's files of that name, wherever they are
change() {
    local program file
    for program in "$dir"/changes/*; do
        [ -n "$(find "$1/src" -name "${program##*/}" -print -quit)" ] || complain "no ${program##*/}"
        find "$1/src" -name "${program##*/}" | while IFS= read -r file; do
            cp "$file" "$dir/before"
            sed -f "$program" "$dir/before" >"$file"
            ! cmp -s "$file" "$dir/before" || complain "${program##*/} is not changed"
        done
    done
}

# changes FILE: adds the sed program of the standard input
changes() {
    mkdir -p "$dir/changes"
    cat >>"$dir/changes/$1"
}

# follows YEAR: the hooks follow the changes; forgets them
follows() {
    rm -rf "$dir/changed" "$dir/woven" "$dir/a" "$dir/b"
    make_year "$1" "$dir/changed"
    cp -a "$dir/changed" "$dir/woven"
    run 0 apply "$dir/woven"
    change "$dir/woven"
    change "$dir/changed"
    run 0 apply "$dir/changed"
    without_blanks "$dir/woven" "$dir/a"
    without_blanks "$dir/changed" "$dir/b"
    same "$dir/a" "$dir/b"
    rm -rf "$dir/changes"
}

config_functions=(login_config_read char_config_read map_config_read inter_config_read api_config_read)
socket_functions=(connect_client connect_check create_session make_listen_bind do_sockets socket_final WFIFOSET wfifoset recv_to_fifo)
server_functions=(logclif_parse_reqcharconnec logchrif_parse_reqauth chclif_parse_maplogin chclif_parse_reqtoconnect
    chmapif_parse_reqauth ipban_check login_parse_request_connection login_parse_request_api_connection login_fromchar_parse_auth
    char_parse_char_connect char_parse_char_login_map_server char_parse_frommap_auth_request parse_char parse_frommap parse_login
    parse_fromchar)

# Statements that are nearly what a hook looks for, before and behind it.
near_sockets() { # SESSION: how the tree says session[...]
    cat <<WORDS
s/^	set_nonblocking(fd, 1);/&\\
	guard.setsocketopts = setsocketopts;\\
	if (id >= other)\\
		return fd;\\
	session_isActive_of(fd);/
s/^	create_session(fd, .*/	if ($1[fd]->client_addr == 0)\\
		return -1;\\
	$1[other]->client_addr = 0;\\
	other[fd]->client_addr = 0;\\
	$1[fd]->client_port = 0;\\
	$1[fd].client_addr = 0;\\
	own.client_addr = 0;\\
&/
WORDS
}
near_settings() { # HOW: fopen, or how libconfig's file is read
    printf 's/^.*%s.*/&\\\n	how = fopen;\\\n	how = libconfig;\\\n	libconfig->load_string(config, text);/\n' "$1"
}
near_tickets() { # LINE
    cat <<WORDS
/$1/i\\
	other = (struct auth_node *)idb_get(online_db, account_id);\\
	other = umap_find(online, account_id);\\
	if (other == idb_get(auth_db, account_id))\\
		return 0;\\
	login_get_auth_node(account_id);\\
	other = my_login_get_auth_node(account_id);\\
	other = my_idb_get(auth_db, account_id);\\
	other = idb_get_of(auth_db, account_id);\\
	other = idb_get(auth_dbs, account_id);\\
	RFIFOSKIP(fd, 2);\\
	RFIFOSKIP(fd, 230);\\
	RFIFOSKIP(other, 23);\\
	WFIFOSKIP(fd, 23);\\
	RFIFOREST(fd);
WORDS
}

for year in rathena hercules hercules-early eathena; do
    kind=$(year_tree "$year") suffix=c
    [ "$kind" != rathena ] || suffix=cpp

    start "$year: names that contain a hook's"
    namesakes "${socket_functions[@]}" | changes "socket.$suffix"
    for file in login char inter map ipban; do
        case $kind-$file in hercules-inter | eathena-ipban) continue ;; esac
        namesakes "${config_functions[@]}" "${server_functions[@]}" | changes "$file.$suffix"
    done
    case $kind in
    rathena)
        for file in loginclif loginchrif char_clif char_mapif; do
            namesakes "${server_functions[@]}" | changes "$file.cpp"
        done
        ;;
    hercules) namesakes "${config_functions[@]}" | changes api.c ;;
    esac
    follows "$year"

    start "$year: statements that are nearly a hook's"
    case $kind in
    hercules)
        near_sockets 'sockt->session' | changes socket.c
        for file in login char map api; do
            near_settings 'libconfig->load_file(' | changes "$file.c"
        done
        ;;
    *)
        near_sockets session | changes "socket.$suffix"
        for file in login char inter map; do
            near_settings ' fopen(' | changes "$file.$suffix"
        done
        printf '%s\n' 's/^\t\tif (strcasecmp(key, "import") == 0)/\t\tif (strncmp(line, key, 3) == 0)\n\t\t\tcontinue;\n&/' \
            's/^\tchar line\[.*/&\n\tsscanf(line);\n\tstrncmp(line, text, value);/' | changes "map.$suffix"
        ;;
    esac
    case $kind in
    rathena)
        near_tickets 'auto node = ' | changes char_clif.cpp
        near_tickets 'auto node = ' | changes char_mapif.cpp
        near_tickets 'struct login_auth_node \*node' | changes loginchrif.cpp
        ;;
    *)
        near_tickets '^\t*node = .*(' | changes login.c
        near_tickets '^\t*node = .*(' | changes char.c
        ;;
    esac
    follows "$year"

    start "$year: what is said otherwise"
    printf '%s\n' '/do_sockets(/,/^}/s/\bnext\b/pause/g' '/create_session(int/,/^}/s/\bfd\b/id/g' '/\(WFIFOSET\|wfifoset\)(int/,/^}/{s/\bfd\b/id/g;s/\blen\b/size/g}' |
        changes "socket.$suffix"
    [ "$kind" = eathena ] || printf '%s\n' '/^static bool ipban_check/,/^}/s/\bip\b/address/g' | changes "ipban.$suffix"
    case $kind in
    rathena)
        printf '%s\n' '/reqcharconnec(/,/^}/s/\bfd\b/id/g' | changes loginclif.cpp
        printf '%s\n' '/parse_maplogin(/,/^}/s/\bfd\b/id/g' 's/\bnode\b/found/g' 's/util::umap_find(char_get_authdb(), /(struct auth_node *)idb_get(auth_db, /' |
            changes char_clif.cpp
        printf '%s\n' 's/\bnode\b/found/g' 's/util::umap_find(char_get_authdb(), /util::umap_find(char_authdb, /' | changes char_mapif.cpp
        printf '%s\n' 's/\bnode\b/found/g' 's/RFIFOSKIP(fd, 23)/RFIFOSKIP(fd, 19)/' 's/ login_get_auth_node(/ (struct login_auth_node *)idb_get(auth_db, /' |
            changes loginchrif.cpp
        ;;
    hercules)
        printf '%s\n' '/login_parse_request_connection(/,/^}/s/\bfd\b/id/g' '/login_parse_request_api_connection(/,/^}/s/\bfd\b/id/g' \
            '/login_fromchar_parse_auth(/,/^}/{s/\bnode\b/found/g;s/RFIFOSKIP(fd, 23)/RFIFOSKIP(fd, 19)/;s/ idb_get(login_auth_db, / login_get_auth_node(/}' |
            changes login.c
        printf '%s\n' '/char_parse_char_login_map_server(/,/^}/s/\bfd\b/id/g' 's/\bnode\b/found/g' 's/ idb_get(char_auth_db, / umap_find(authdb, /' | changes char.c
        ;;
    esac
    for file in login char map; do
        printf '%s\n' 's/\b\(cfgName\|filename\)\b/path/g' | changes "$file.$suffix"
    done
    for file in char map; do
        printf '%s\n' 's/config_read(const char \*/config_read(char */' | changes "$file.$suffix"
    done
    case $kind in
    hercules) ;;
    *) printf '%s\n' '/map_config_read(/,/^}/{s/\bkey\b/w1/g;s/sscanf(line,/sscanf(w0,/}' | changes "map.$suffix" ;;
    esac
    follows "$year"
done

start "a second login server, for SQL, is warned of: no hook goes there"
rm -rf "$dir/changed"
make_year rathena "$dir/changed"
run 0 check "$dir/changed"
has_no out 'is not woven'
mkdir "$dir/changed/src/login_sql"
printf 'int parse_login(int fd);\n\nint parse_login(int fd)\n{\n\treturn fd;\n}\n' >"$dir/changed/src/login_sql/login.c"
run 0 check "$dir/changed"
has out 'src/login_sql/login.c:3: this login server, of eAthena in 2008, is not woven'

summary "the hooks on forks of the reference emulators"
