# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Reference emulators in the shape of other years than those that tests/emulator/make-tree makes; only to be woven. Sourced.

# shellcheck disable=SC2034 # for who sources this
years=(rathena rathena-c hercules hercules-early eathena eathena-char)

# make_year YEAR FOLDER
make_year() {
    "${srcdir:-.}/tests/emulator/make-tree" "$(year_tree "$1")" "$2" >/dev/null
    case $1 in
    # rAthena until 2019: the same files, in C.
    rathena-c)
        mv "$2/src" "$2/cpp"
        mkdir "$2/src"
        tar -C "$2/cpp" -cf - . | tar -C "$2/src" --no-same-owner --no-same-permissions --transform 's/\.cpp$/.c/' -xf -
        rm -r "$2/cpp"
        sed -i 's/socket\.cpp/socket.c/' "$2/src/common/CMakeLists.txt" "$2/src/common/common.vcxproj"
        ;;
    # The char server's folder after there was none without SQL any more.
    eathena-char) mv "$2/src/char_sql" "$2/src/char" ;;
    # Hercules of 2013: eAthena's parsers, and an interface of the socket layer.
    hercules-early)
        mv "$2/src/char_sql" "$2/src/char"
        : >"$2/src/common/HPM.c"
        printf 'struct socket_interface {\n\tint fd_max;\n};\n' >>"$2/src/common/socket.h"
        ;;
    esac
}

# year_tree YEAR: the reference emulator that it is made of
year_tree() {
    case $1 in
    hercules-early) echo eathena ;;
    *) echo "${1%%-*}" ;;
    esac
}

# year_dialect YEAR
year_dialect() {
    case $1 in
    eathena*) echo rathena ;;
    *) echo "${1%%-*}" ;;
    esac
}
