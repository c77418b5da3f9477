# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What an emulator's tree is: its dialect, how it keeps its settings, where its programs are, how it waits for the network.
# Sourced.

tree=         # absolute path
tree_bin=     # the folder that holds login-server, or login-server_sql in trees that have both kinds
tree_dialect= # rathena or hercules
tree_layout=  # rathena, hercules, or lines: which functions write its settings

# tree_find TREE [BIN]: TREE is the emulator's folder, or one that has it somewhere below.
tree_find() {
    local found
    [[ -d $1 ]] || die "no such folder: $1: give the emulator's tree"
    tree=$(cd "$1" && pwd)
    if ! tree_find_layout "$tree"; then
        found=$(tree_below "$tree")
        [[ $found != *$'\n'* ]] || die "more than one emulator: ${found//$'\n'/, }: give one of them"
        [[ -n $found ]] || die "not an emulator's tree: $tree: give the folder that has conf/login_athena.conf" \
            '(rAthena), conf/login/login-server.conf (Hercules) or conf/login-server.conf (Hercules until 2016)'
        tree=$found
        tree_find_layout "$tree" || true
    fi
    tree_find_programs "${2-}"
}

# Hercules has kept its settings in groups, with a folder for each server, since August 2016; before, in lines as rAthena does.
# shellcheck disable=SC2034 # for the suite
tree_find_layout() { # FOLDER
    local conf=$1/conf
    if [[ -f $conf/login_athena.conf ]]; then
        tree_dialect=rathena tree_layout=rathena
    elif [[ -f $conf/login/login-server.conf ]]; then
        tree_dialect=hercules tree_layout=hercules
    elif [[ -f $conf/login-server.conf ]]; then
        tree_dialect=hercules tree_layout=lines
    else
        return 1
    fi
}

# The emulators below a folder, one a line.
tree_below() { # FOLDER
    local path
    find "$1" -mindepth 3 -maxdepth 6 -type f \
        \( -path '*/conf/login_athena.conf' -o -path '*/conf/login/login-server.conf' -o -path '*/conf/login-server.conf' \) \
        2>/dev/null | while read -r path; do printf '%s\n' "${path%/conf/*}"; done | sort -u
}

# In the tree's root where it was built with make, below a build folder where it was built with CMake.
tree_find_programs() { # [BIN]
    local found
    if [[ -n $1 ]]; then
        found=$(find -L "$1" -maxdepth 4 -type f \( -name login-server -o -name login-server_sql \) -perm -u+x 2>/dev/null || true)
        [[ -n $found ]] || die "no login-server: $1: give the folder that holds the programs you built"
    elif [[ -x $tree/login-server_sql ]]; then
        found=$tree/login-server_sql
    elif [[ -x $tree/login-server ]]; then
        found=$tree/login-server
    else
        found=$(find "$tree" -maxdepth 5 -type f \( -name login-server -o -name login-server_sql \) -perm -u+x 2>/dev/null || true)
        [[ -n $found ]] ||
            die "not built: $tree: build it first, or give the folder of the programs with --bin"
    fi
    # Where there are both kinds in one folder, the one for SQL.
    [[ $(printf '%s\n' "$found" | sed 's/_sql$//' | sort -u | wc -l) != 1 ]] || found=${found%%$'\n'*}
    [[ $found != *$'\n'* ]] ||
        die "more than one login-server: ${found//$'\n'/, }: choose one with --bin"
    tree_bin=$(cd "$(dirname "$found")" && pwd)
}

# tree_program NAME [BIN]: the program of that name, also where CMake keeps each in a folder of its own, and the one for SQL where
# there are two kinds.
tree_program() {
    local name=$1 bin=${2-$tree_bin} path
    for path in "$bin/${name}_sql" "$bin/$name" "$bin/../${name%-server}/$name"; do
        if [[ -x $path ]]; then
            (cd "$(dirname "$path")" && printf '%s/%s\n' "$(pwd)" "${path##*/}")
            return 0
        fi
    done
    return 1
}

# epoll or select, as the program itself was built.
tree_events() {
    if grep -aq epoll_wait "$(tree_program login-server)"; then
        echo epoll
    else
        echo select
    fi
}

# Whether the program was built from woven sources.
tree_is_woven() {
    grep -aq 'ropp_hook_\|proxy_header_timeout' "$(tree_program login-server)"
}

# The commit the tree is at.
tree_commit() {
    git -c safe.directory='*' -C "$tree" log -1 --format=%H 2>/dev/null || echo unknown
}

# Where the tree comes from, without secrets that an address may hold.
tree_name() {
    local origin
    origin=$(git -C "$tree" remote get-url origin 2>/dev/null || true)
    origin=${origin%.git}
    case $origin in
    *github.com[:/]*) echo "${origin##*github.com[:/]}" ;;
    *) basename "$tree" ;;
    esac
}

# Gepard, a protection of the client: the servers of a tree with it send a packet of its own before anybody may log in.
tree_has_gepard() {
    grep -qsF conf/gepard_shield.conf "$tree"/src/common/socket.{c,cpp}
}

# What makes the tables, in that order. brAthena has words of its own.
tree_sql_files() {
    local name
    for name in sql-files/{main,logs,web}.sql sql/{principal,logs}.sql; do
        if [[ -f $tree/$name ]]; then
            printf '%s\n' "$tree/$name"
        fi
    done
}

# tree_run_folder FOLDER PROGRAM...: an emulator's working folder. Everything of the tree is there by link; conf/import
# is its own and empty but for the tree's templates.
tree_run_folder() {
    local folder=$1 path name
    shift
    mkdir -p "$folder/conf/import" "$folder/log" "$folder/save"
    for path in "$tree"/conf/*; do
        name=${path##*/}
        [[ $name == import ]] || ln -sfn "$path" "$folder/conf/$name"
    done
    for path in "$tree"/conf/import-tmpl/*; do
        [[ -f $path ]] && cp -f "$path" "$folder/conf/import/"
    done
    for name in db npc maps cache msg lang sql-files; do
        [[ ! -e $tree/$name ]] || ln -sfn "$tree/$name" "$folder/$name"
    done
    for path in "$@"; do
        name=${path##*/}
        ln -sfn "$path" "$folder/${name%_sql}"
    done
}
