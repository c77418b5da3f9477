#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# That a run of the benchmarks leaves results that other programs can read. What they say is not looked at.
set -euo pipefail

# Under callgrind a sanitizer does not start.
if nm tests/bench/bench_header 2>/dev/null | grep __asan_init >/dev/null; then
    echo 'left out: instructions of a build with sanitizers'
    exit 77
fi

top=$(cd "${srcdir:-.}" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

complain() { # TEXT...
    printf 'FAIL %s\n' "$*"
    failed=$((failed + 1))
}

passes() { # TITLE COMMAND...
    local title=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        complain "$title"
    fi
}

# Nine columns; a number of samples, and a median that lies between the least and the most.
csv_is_valid() { # FILE
    awk -F , '
        NR == 1 { bad += $0 != "row,peer,unit,n,median,min,max,commit,machine"; next }
        NF != 9 || $4 < 1 || $5 !~ /^[0-9.]+$/ || $5 < $6 || $5 > $7 || $8 == "" || $9 == "" { bad++; print }
        $2 == "ropp" && $3 == "ns" { headers++; bad += $4 != 3 }
        END { exit bad > 0 || headers != 6 }' "$1"
}

svg_is_valid() { # FILE
    if command -v xmllint >/dev/null; then
        xmllint --noout "$1"
    elif command -v python3 >/dev/null; then
        python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$1"
    else
        echo 'left out: whether a plot is XML (needs xmllint or python3)'
    fi
}

# A plot has a mark with a title for each figure.
svg_shows_all() { # FILE UNIT
    [[ $(grep -c '<g><title>' "$1") == $(awk -F , -v unit="$2" '$3 == unit' "$dir/out/results.csv" | wc -l) ]]
}

# A peer that refuses one kind of header and takes the others.
cat >"$dir/peer" <<EOF
#!/bin/sh
[ "\$1" != v2-ipv4 ] || exit 1
exec "$PWD/tests/bench/bench_header" "\$@"
EOF
chmod +x "$dir/peer"
"$top/tests/bench/run" --quick --only header --peer "a peer=$dir/peer" --out "$dir/out" >"$dir/said" 2>&1 ||
    complain "the run fails: $(<"$dir/said")"
passes 'the figures' csv_is_valid "$dir/out/results.csv"
passes 'a header that a peer refuses' test "$(grep -c '^header/[^,]*,a peer,ns,' "$dir/out/results.csv")" = 5
passes 'ropp before its peers' grep -q '^| ns | ropp | a peer |' "$dir/out/results.md"
passes 'the tables' grep -q '^| v2-ipv4 | [0-9]' "$dir/out/results.md"
for plot in "$dir"/out/header-*.svg; do
    passes "the plot ${plot##*/}" svg_is_valid "$plot"
done
passes 'the plot of nanoseconds, all of it' svg_shows_all "$dir/out/header-ns.svg" ns
passes 'a row that does not exist' grep -q 'no such row: tea' < <("$top/tests/bench/run" --only tea 2>&1)

# What is not a figure does not become one.
passes 'a sample without a number' test "$(printf 'a/b\tropp\tns\tnan\n' |
    awk -v commit=c -v machine=m -f "$top/tests/bench/lib/results.awk" >"$dir/bad.csv" 2>/dev/null && echo taken)" = ''
# A plot must not break by what a name holds.
printf 'row,peer,unit,n,median,min,max,commit,machine\nodd/a<b,p&q,ns,1,5,5,5,c,m\n' >"$dir/odd.csv"
awk -v group=odd -v unit=ns -f "$top/tests/bench/lib/plot.awk" "$dir/odd.csv" >"$dir/odd.svg"
passes 'names with < and &' svg_is_valid "$dir/odd.svg"
passes 'names with < and &, as they are' grep -q 'a&lt;b, p&amp;q: 5 ns' "$dir/odd.svg"

echo "$passed passed, $failed failed"
((failed == 0))
