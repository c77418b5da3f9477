#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/corpus/headers.tsv through `ropp decode`, which must give the verdict and the address that the table says: from the
# bytes every other header, the rest from hex digits, which it finds out by itself. ROPP names the program to test, ./ropp by default.
set -euo pipefail

ropp=${ROPP:-./ropp}
table=${srcdir:-.}/tests/corpus/headers.tsv
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

# wanted VERDICT SOURCE: sets the status, and what the JSON begins with and has in it.
wanted() {
    status_wanted=1 source_wanted=''
    case $1 in
    address)
        status_wanted=0 begin_wanted='{"result":"ok",' source_wanted=",\"source\":\"$2\","
        ;;
    no-address) status_wanted=0 begin_wanted='{"result":"ok",' ;;
    need-more) begin_wanted='{"result":"need-more"' ;;
    *) begin_wanted="{\"result\":\"invalid\",\"reason\":\"$1\"" ;;
    esac
}

# decoded NAME HOW: what $dir/header is decoded as. By files, since a substitution costs more than the program.
decoded() {
    local status=0 json=
    "$ropp" decode --json <"$dir/header" >"$dir/json" 2>/dev/null || status=$?
    read -r json <"$dir/json" || true
    if [[ $status == "$status_wanted" && $json == "$begin_wanted"* && $json == *"$source_wanted"* ]] &&
        [[ -n $source_wanted || $json != *'"source_port"'* ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAIL %s, %s: status %s, %s\n' "$1" "$2" "$status" "$json"
    fi
}

while IFS=$'\t' read -r name verdict source hex escaped why; do
    [[ $name != \#* ]] || continue
    wanted "$verdict" "$source"
    if ((passed % 2 == 0)); then
        printf '%s\n' "$hex" >"$dir/header"
        decoded "$name" 'hex digits'
    else
        printf '%b' "$escaped" >"$dir/header"
        decoded "$name" bytes
    fi
    # Where ropp takes what the specification does not, it says so.
    if [[ $why == departure* ]]; then
        [[ $("$ropp" decode --json <<<"$hex") == *',"note":"'* ]] ||
            { failed=$((failed + 1)) && printf 'FAIL %s: no note\n' "$name"; }
    fi
done < <(awk -F '\t' -v OFS='\t' '{ bytes = $4; gsub(/../, "\\x&", bytes); $4 = $4 OFS bytes; print }' "$table")

printf 'corpus: %d runs, %d complaints\n' "$passed" "$failed"
((failed == 0 && passed > 600))
