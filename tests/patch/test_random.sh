#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Trees with random changes: `apply` either refuses and changes nothing, or `revert` restores every byte. SEED and ROUNDS
# may be set.
set -euo pipefail

# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
hooks=$dir/hooks
make_hooks "$hooks"
tree=$dir/tree
p=(--patches "$hooks")
seed=${SEED:-1}
rounds=${ROUNDS:-20}
applied=0

# mutate SEED FILE: changes a few lines
mutate() {
    awk -v seed="$1" '
        function junk(k) {
            k = int(rand() * 9)
            if (k == 0) return ""
            if (k == 1) return "// { ( connect_client(int fd) {"
            if (k == 2) return "/* } */"
            if (k == 3) return "#ifdef RANDOM"
            if (k == 4) return "#endif"
            if (k == 5) return "\tx = \"{ /* \\\" \"; y();"
            if (k == 6) return "   \t"
            if (k == 7) return "#if 0"
            return "\tif (z) { w(); }"
        }
        BEGIN { srand(seed); rate = rand() * 0.08; crlf = rand() < 0.3 ? rand() : 0 }
        {
            sub(/\r$/, "")
            r = rand()
            if (r < rate / 4) next                       # a line is lost
            if (r < rate / 2) print                      # or doubled
            if (r < rate) print junk()                   # or something is in front of it
            if (rand() < rate / 4) gsub(/\t/, "    ")
            if (rand() < rate / 4) { printf "%s ", $0; next }   # or it runs into the next
            printf "%s%s\n", $0, rand() < crlf ? "\r" : ""
        }' "$2" >"$dir/mutated"
    cat "$dir/mutated" >"$2"
    # Now and then without a line break at the end.
    [ $(($1 % 3)) != 0 ] || truncate -s -1 "$2" 2>/dev/null || true
}

start "trees with random changes, from seed $seed"
for ((round = 0; round < rounds; round++)); do
    kind=cpp
    [ $((round % 2)) = 0 ] || kind=c
    fresh $kind
    n=0
    for file in "$tree"/src/*/*; do
        n=$((n + 1))
        mutate $((seed + round * 100 + n)) "$file"
    done
    rm -rf "$dir/orig"
    cp -a "$tree" "$dir/orig"
    status=0
    "$ropp" patch apply "$tree" "${p[@]}" >"$dir/out" 2>"$dir/err" || status=$?
    case $status in
    0)
        applied=$((applied + 1))
        rm -rf "$dir/once"
        cp -a "$tree" "$dir/once"
        run 0 status "$tree" "${p[@]}"
        run 0 apply "$tree" "${p[@]}"
        same "$dir/once" "$tree"
        run 0 revert "$tree" "${p[@]}"
        ;;
    1) ;;
    *) complain "round $round ends with $status: $(cat "$dir/err")" ;;
    esac
    same "$dir/orig" "$tree"
done
[ "$applied" -gt $((rounds / 10)) ] || complain "the hooks fit $applied of $rounds trees: too few to show anything"

echo "$rounds trees, the hooks fit $applied"
summary "ropp patch, random trees"
