#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The rooms of tools/ are as docs/ARCHITECTURE.md has them: what each of them includes is in its row, and what is in its row it
# includes. Needs no ./ropp.
set -euo pipefail

cd "${srcdir:-.}"
passed=0 failed=0

complain() { # TEXT...
    printf 'FAIL %s\n' "$*"
    failed=$((failed + 1))
}

# The rows of the table: a room, and what it builds on, each apart by a blank.
rows() {
    awk -F ' *[|] *' '/^## / { here = $0 == "## The rooms of tools/" }
        here && $2 ~ /^`/ {
            on = $4
            sub(/the module.s `core`/, "core", on)
            sub(/the module/, "module", on)
            gsub(/[`,]/, "", on)
            gsub(/`/, "", $2)
            print $2, on
        }' docs/ARCHITECTURE.md
}

# What the files of a room include of others: a room of tools/, core, or module for the rest of it; and the header's name.
included() { # ROOM
    sed -n 's/^#include "\([^"]*\)".*/\1/p' "tools/$1"/*.[ch] | sort -u | while read -r header; do
        case $header in
        "tools/$1/"*) [[ ${header#"tools/$1/"} != */* ]] || printf '%s %s\n' "$(dirname "${header#tools/}")" "${header#tools/}" ;;
        tools/*) printf '%s %s\n' "$(dirname "${header#tools/}")" "${header#tools/}" ;;
        core/*) printf 'core %s\n' "$header" ;;
        *) printf 'module %s\n' "$header" ;;
        esac
    done
}

declare -A builds_on=()
while read -r room on; do
    builds_on[$room]=" $on "
done < <(rows)
((${#builds_on[@]} > 10)) || complain 'docs/ARCHITECTURE.md: no table of the rooms'

while read -r room; do
    [[ -n ${builds_on[$room]-} ]] || {
        complain "tools/$room has no row"
        continue
    }
    used=' '
    while read -r other header; do
        case ${builds_on[$room]} in
        *" $header "*) used+="$header " ;;
        *" $other "*) used+="$other " ;;
        *' module '*)
            [[ $other == core ]] || complain "tools/$room includes $header"
            used+='module '
            ;;
        *) complain "tools/$room includes $header" ;;
        esac
        passed=$((passed + 1))
    done < <(included "$room")
    for other in ${builds_on[$room]}; do
        [[ $used == *" $other "* ]] || complain "tools/$room does not build on $other"
        passed=$((passed + 1))
    done
done < <(find tools -mindepth 2 -name '*.c' -printf '%h\n' | sed 's,^tools/,,' | sort -u)

echo "rooms: $passed looked at, $failed complaints"
((failed == 0))
