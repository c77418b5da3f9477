#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The one ropp.c that is written into emulators: it compiles as C11 and as C++17, without a warning. Its files are joined,
# so that two statics of one name break it and not the module's own library.
set -euo pipefail

passed=0 failed=0

compiles() { # LANGUAGE STANDARD
    # shellcheck disable=SC2086 # both are words for the compiler
    if ${CC:-cc} -x "$1" "-std=$2" -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Werror ${MARIADB_CFLAGS-} -I. \
        -fsyntax-only ropp.c; then
        passed=$((passed + 1))
    else
        printf 'FAIL ropp.c as %s\n' "$2"
        failed=$((failed + 1))
    fi
}

compiles c c11
if ${CC:-cc} -x c++ -fsyntax-only /dev/null 2>/dev/null; then
    compiles c++ c++17
else
    printf 'left out: ropp.c as C++17 (needs a C++ compiler)\n'
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
