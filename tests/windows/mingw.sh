# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What is built for Windows with mingw-w64, on any other system. Sourced after say.sh, with the project's folder in `top`.

mingw=x86_64-w64-mingw32
mingw_warnings=(-Wall -Wextra -Wshadow -Wconversion -Wpedantic -Werror)

# mingw_compile LANGUAGE BUILD ARGUMENT...: as c11 or c++17, with the headers of a build. The header of MariaDB
# is the one of this system, made to look like MySQL's on Windows (mysql.h).
# shellcheck disable=SC2154 # of the script
mingw_compile() {
    local standard=$1 build=$2 compiler=gcc language=c mariadb
    shift 2
    [[ $standard != c++* ]] || compiler=g++ language=c++
    read -ra mariadb < <(pkg-config --cflags libmariadb)
    "$mingw-$compiler" "-std=$standard" "${mingw_warnings[@]}" -I"$top/tests/windows" -I"$top/tests/unit/glue" -I"$top/module" \
        -I"$top" -I"$build" "${mariadb[@]}" -x "$language" "$@"
}

# mingw_mariadb LIBRARY OBJECT...: the library that stands for MariaDB's client in a link, with what these objects want of it. There
# is none for Windows here: a program that is linked with this one runs until it calls something of it.
mingw_mariadb() {
    local library=$1
    shift
    {
        printf 'LIBRARY libmariadb.dll\nEXPORTS\n'
        "$mingw-nm" --undefined-only "$@" | awk '$2 ~ /^mysql_/ { print $2 }' | sort -u
    } >"$library.def"
    # It leaves empty files where it works.
    TMPDIR=$(dirname "$library") "$mingw-dlltool" --input-def "$library.def" --output-delaylib "$library"
}
