#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the module as one ropp.h and one ropp.c, and the header of the hooks, ropp_hooks.h.
#
#   amalgamate.sh h|c|hooks VERSION SOURCE_DIR FILE...
#
# FILEs are named relative to SOURCE_DIR, inner rings first, so that a file only ever needs those
# before it. Includes of the module's own headers are dropped: the pair has them inside. Both headers
# want the same FILEs, those of ropp.h.
#
# An emulator's makefile may know nothing of these headers, and leave an object as it was built with
# older ones. So the names that one object calls in another have a sum of both headers in them, and
# objects that do not fit are an error of the linker's.
set -eu

hooks=module/glue/hooks.h

kind=$1
version=$2
dir=$3
shift 3

# The sum of what the objects must agree upon.
interface() { # FILE...
    (cd "$dir" && echo "$version" && cat "$hooks" "$@") | cksum | cut -d ' ' -f 1
}

case $kind in
h)
    interface=$(interface "$@")
    cat <<END
/* ropp $version: the PROXY protocol for Ragnarok Online emulators. One header made of the module's
 * headers; written by the build, so change the files named below and not this one.
 * SPDX-License-Identifier: MIT */
#ifndef ROPP_H
#define ROPP_H
#define ROPP_VERSION "$version"
#define ropp_module_start ropp_module_start_with_ropp_h_$interface
END
    ;;
hooks)
    interface=$(interface "$@")
    sed '/^#define ROPP_HOOKS_H/q' "$dir/$hooks"
    printf '\n/* Objects that were built with other headers than these do not link. */\n'
    sed -n 's/.*[ *]\(ropp_hook_[a-z_]*\)(.*/\1/p' "$dir/$hooks" | while read -r name; do
        printf '#define %s %s_with_ropp_h_%s\n' "$name" "$name" "$interface"
    done
    sed '1,/^#define ROPP_HOOKS_H/d' "$dir/$hooks"
    exit
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
    echo "amalgamate.sh: '$kind' is neither h, c nor hooks" >&2
    exit 2
    ;;
esac

for file; do
    printf '\n/* ---- %s ---- */\n' "$file"
    sed -e '/^\/\/ SPDX-License-Identifier:/d' -e '/^#[[:space:]]*include "/d' "$dir/$file"
done

if [ "$kind" = h ]; then
    printf '\n#endif\n'
fi
