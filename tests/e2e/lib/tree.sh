# shellcheck shell=bash
# What an emulator's tree is: its dialect, where its programs are, how it waits for the network. Sourced.

tree=        # absolute path
tree_bin=    # the folder that holds login-server
tree_dialect=

# tree_find TREE [BIN]
tree_find() {
    [[ -d $1 ]] || die "no such folder: $1: give the emulator's tree"
    tree=$(cd "$1" && pwd)
    if [[ -f $tree/conf/login_athena.conf ]]; then
        tree_dialect=rathena
    elif [[ -f $tree/conf/login/login-server.conf ]]; then
        tree_dialect=hercules
    else
        die "not an emulator's tree: $tree: neither conf/login_athena.conf nor conf/login/login-server.conf is there"
    fi
    tree_find_programs "${2-}"
}

# In the tree's root where it was built with make, below a build folder where it was built with CMake.
tree_find_programs() { # [BIN]
    local found
    if [[ -n $1 ]]; then
        found=$(find -L "$1" -maxdepth 4 -type f -name login-server -perm -u+x 2>/dev/null || true)
        [[ -n $found ]] || die "no login-server: $1: give the folder that holds the programs you built"
    elif [[ -x $tree/login-server ]]; then
        found=$tree/login-server
    else
        found=$(find "$tree" -maxdepth 5 -type f -name login-server -perm -u+x 2>/dev/null || true)
        [[ -n $found ]] ||
            die "not built: $tree: build it first, or give the folder of the programs with --bin"
    fi
    [[ $found != *$'\n'* ]] ||
        die "more than one login-server: ${found//$'\n'/, }: choose one with --bin"
    tree_bin=$(cd "$(dirname "$found")" && pwd)
}

# The program of that name, also where CMake keeps each in a folder of its own.
tree_program() { # NAME
    local name=$1 path
    for path in "$tree_bin/$name" "$tree_bin/../${name%-server}/$name"; do
        if [[ -x $path ]]; then
            (cd "$(dirname "$path")" && printf '%s/%s\n' "$(pwd)" "$name")
            return 0
        fi
    done
    return 1
}

# epoll or select, as the program itself was built.
tree_events() {
    if grep -aq epoll_wait "$tree_bin/login-server"; then
        echo epoll
    else
        echo select
    fi
}

# Whether the program was built from woven sources.
tree_is_woven() {
    grep -aq 'ropp_hook_\|proxy_header_timeout' "$tree_bin/login-server"
}

# The commit the tree stands at.
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

tree_sql_files() {
    local name
    for name in main.sql logs.sql web.sql; do
        if [[ -f $tree/sql-files/$name ]]; then
            printf '%s\n' "$tree/sql-files/$name"
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
    for name in db npc maps cache msg sql-files; do
        [[ ! -e $tree/$name ]] || ln -sfn "$tree/$name" "$folder/$name"
    done
    for path in "$@"; do
        ln -sfn "$path" "$folder/${path##*/}"
    done
}
