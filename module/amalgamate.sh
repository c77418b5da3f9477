#!/bin/sh
# Writes the module as one ropp.h and one ropp.c.
#
#   amalgamate.sh h|c VERSION SOURCE_DIR FILE...
#
# FILEs are named relative to SOURCE_DIR, inner rings first, so that a file only ever needs those
# before it. Includes of the module's own headers are dropped: the pair has them inside.
set -eu

kind=$1
version=$2
dir=$3
shift 3

case $kind in
h)
    cat <<END
/* ropp $version: the PROXY protocol for Ragnarok Online emulators. One header made of the module's
 * headers; written by the build, so change the files named below and not this one.
 * SPDX-License-Identifier: MIT */
#ifndef ROPP_H
#define ROPP_H
#define ROPP_VERSION "$version"
END
    ;;
c)
    cat <<END
/* ropp $version: the PROXY protocol for Ragnarok Online emulators. One file made of the module's
 * sources; written by the build, so change the files named below and not this one.
 * SPDX-License-Identifier: MIT */
#if !defined(_GNU_SOURCE) && !defined(_WIN32)
#define _GNU_SOURCE /* the C library shows its POSIX and Linux parts only when asked */
#endif
#include "ropp.h"
END
    ;;
*)
    echo "amalgamate.sh: '$kind' is neither h nor c" >&2
    exit 2
    ;;
esac

for file; do
    printf '\n/* ---- %s ---- */\n' "$file"
    sed '/^#[[:space:]]*include "/d' "$dir/$file"
done

if [ "$kind" = h ]; then
    printf '\n#endif\n'
fi
