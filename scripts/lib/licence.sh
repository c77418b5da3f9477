# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Which sources name their licence in their first line, or in the one behind `#!`. Sourced.

# licence_wanted FILE: whether it is a source. What autoreconf writes is none of ours.
licence_wanted() {
    case $1 in
    configure | build-aux/*) return 1 ;;
    *.c | *.h | *.cpp | *.hpp | *.inc | *.sh | *.sql | *.mk | *.hook | */dialect) return 0 ;;
    Makefile.am | configure.ac | tools/completion/ropp | tools/completion/ropp.fish) return 0 ;;
    esac
    [[ $(head -c 2 -- "$1" | tr -d '\0') == '#!' ]]
}

# licence_check FILE...: names the sources among them that do not name their licence. False when there are any.
licence_check() {
    local file lines at result=0
    for file; do
        { [[ -f $file ]] && licence_wanted "$file"; } || continue
        mapfile -n 2 -t lines <"$file"
        at=0
        [[ ${lines[0]-} != '#!'* ]] || at=1
        if [[ ! ${lines[at]-} =~ ^(//|#|--|dnl)\ SPDX-License-Identifier:\ MIT$ ]]; then
            printf '%s: no SPDX-License-Identifier in its first line\n' "$file"
            result=1
        fi
    done
    return "$result"
}
