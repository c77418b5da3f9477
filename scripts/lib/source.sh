# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The project's sources, apart from whatever has been built in their folder. Sourced after say.sh.

# git for a folder that may be somebody else's.
source_git() { # FOLDER ARGUMENT...
    git -c safe.directory='*' -C "$@" 2>/dev/null
}

# Whether git keeps this folder itself: a copy inside another repository is not that repository's.
source_in_git() { # FOLDER
    local up
    up=$(source_git "$1" rev-parse --show-cdup) && [[ -z $up ]]
}

# Where nobody says what belongs to the project (an archive of a forge): all but what a build in this folder leaves.
source_guess() { # FOLDER
    local path
    (cd "$1" && find . \( -name .git -o -name .deps -o -name autom4te.cache -o -path ./glue -o -path './ropp-[0-9]*' \
        -o -path ./debian/.debhelper -o -path ./debian/tmp -o -path ./debian/ropp -o -path ./debian/ropp-hop \) -prune -o \
        -type f ! -name '*.[oa]' ! -name '*.log' ! -name '*.trs' ! -name '*.tmp' ! -name .dirstamp ! -path ./Makefile \
        ! -path ./config.status ! -path ./ropp.c ! -path ./ropp.h ! -path ./ropp_hooks.h ! -path ./bundle.c ! -path ./compile_commands.json \
        ! -path './debian/*.substvars' ! -path './debian/*.debhelper*' ! -path ./debian/files ! -path ./debian/debhelper-build-stamp \
        ! -path './systemd/*.service' ! -path './systemd/*.timer' -print0) |
        while IFS= read -r -d '' path; do
            [[ $(head -c 4 "$1/$path" | tr -d '\0') == $'\x7fELF' ]] || printf '%s\0' "$path"
        done
}

# source_files FOLDER: what belongs to the project, ended by zero bytes: what git keeps and what is new beside it; in a release
# archive what its MANIFEST names.
source_files() {
    if source_in_git "$1"; then
        source_git "$1" ls-files -z --cached --others --exclude-standard
    elif [[ -e $1/MANIFEST ]]; then
        tr '\n' '\0' <"$1/MANIFEST"
    else
        source_guess "$1"
    fi
}

# source_copy FROM TO: copies them, and makes configure where it is not one of them.
source_copy() {
    local from=$1 to=$2 path
    mkdir -p "$to"
    source_files "$from" | while IFS= read -r -d '' path; do
        [[ ! -e $from/$path ]] || printf '%s\0' "$path"
    done | tar -C "$from" --null --no-recursion -T - -c | tar -C "$to" -x
    [[ -e $to/configure.ac ]] || die "these are not ropp's sources: $from: get them again"
    if [[ ! -e $to/configure ]]; then
        (cd "$to" && autoreconf -i)
    fi
}
