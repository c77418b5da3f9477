# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A PROXY header: instructions, counted by callgrind, so that the machine's load does not matter; and nanoseconds of the
# processor. The harness is in both. Sourced by tests/bench/run.

header_about() {
    echo 'instructions and nanoseconds a header'
}

header_needs() {
    [[ -x $build/tests/bench/bench_header ]] || echo 'make tests/bench/bench_header'
}

# The least that other receivers were seen to take for such a header, or somewhat less.
header_goals='v2-ipv4 221
v1-ipv4 841
v1-ipv6 1800
v2-ipv6-tlvs-crc 1300
v2-ipv6 225'

header_kinds=(v2-ipv4 v1-ipv4 v1-ipv6 v2-ipv6-tlvs-crc v2-ipv6 v2-ipv6-id-crc)

# ropp, and the peers behind it, sorted.
header_find_programs() {
    local name
    header_names=(ropp)
    header_programs=([ropp]=$build/tests/bench/bench_header)
    for name in "${!peers[@]}"; do
        [[ $name == go-mmproxy ]] || header_programs[$name]=${peers[$name]}
    done
    while read -r name; do
        [[ $name == ropp ]] || header_names+=("$name")
    done < <(printf '%s\n' "${!header_programs[@]}" | LC_ALL=C sort --ignore-case)
}

# Not every peer takes every header.
header_find_refused() {
    local name kind
    for name in "${header_names[@]:1}"; do
        for kind in "${header_kinds[@]}"; do
            "${header_programs[$name]}" "$kind" 1 >/dev/null || header_refused["$name $kind"]=yes
        done
    done
    for name in "${!header_refused[@]}"; do
        echo "         left out, since it is refused: $name" >&2
    done
}

# header_counted PROGRAM KIND TIMES
header_counted() {
    local counted
    counted=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$1" "$2" "$3" 2>&1 >/dev/null) ||
        die "callgrind fails: $1 $2: $counted"
    sed -n 's/^.*Collected : //p' <<<"$counted"
}

# A hundred headers more, so that the program's start is not counted.
header_instructions() {
    local kind=$1 name few many
    for name in "${header_names[@]}"; do
        [[ -z ${header_refused["$name $kind"]-} ]] || continue
        few=$(header_counted "${header_programs[$name]}" "$kind" 100)
        many=$(header_counted "${header_programs[$name]}" "$kind" 200)
        printf 'header/%s\t%s\tinstructions\t%d\n' "$kind" "$name" "$(((many - few) / 100))"
    done
    awk -v kind="$kind" '$1 == kind { printf "header/%s\tgoal\tinstructions\t%s\n", kind, $2 }' <<<"$header_goals"
}

# header_time PROGRAM KIND TIMES
header_time() {
    local name=$1 kind=$2 said
    said=$("${header_programs[$name]}" "$kind" "$3") || die "refused by $name: $kind: see above"
    printf 'header/%s\t%s\tns\t%s\n' "$kind" "$name" "${said#* }"
}

header_run() {
    local kind name round rounds=15 times=300000 counted=("${header_kinds[@]}")
    local header_names=()
    local -A header_programs=() header_refused=()
    header_find_programs
    header_find_refused
    [[ $quick == no ]] || rounds=3 times=20000 counted=(v2-ipv4)
    if [[ -n $(missing valgrind) ]]; then
        echo '         instructions left out: need valgrind' >&2
    else
        for kind in "${counted[@]}"; do
            header_instructions "$kind"
        done
    fi
    # The programs take turns, so that what disturbs the machine disturbs them alike.
    for ((round = 0; round < rounds; round++)); do
        for kind in "${header_kinds[@]}"; do
            for name in "${header_names[@]}"; do
                [[ -n ${header_refused["$name $kind"]-} ]] || header_time "$name" "$kind" "$times"
            done
        done
    done
}
