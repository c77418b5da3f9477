# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the cases about whole sessions are written with. Sourced after expect.sh and cluster.sh.

# Every case has an account of its own in the cluster's database, and a network apart from the cluster's.
session_user=
session_begin() {
    # shellcheck disable=SC2034 # for rows
    server_database=$cluster_database
    session_user=player$number
    # shellcheck disable=SC2034 # for the cases
    net=127.$((120 + number))
}

# at HOP SERVER: where a player dials. HOP is `direct`, or the last number of a proxy's address.
at() {
    case $1 in
    direct) echo "$cluster_origin:${cluster_port[$2]}" ;;
    127.*) echo "$1:${cluster_port[$2]}" ;;
    *) echo "127.10.0.$1:${cluster_port[$2]}" ;;
    esac
}

# session HOP OPTION...: a player's whole way, beginning at that hop; its words go to $heard and its status to $status.
session() {
    local hop=$1 word words=()
    shift
    for word; do
        [[ $word != '@xmap '* ]] || cluster_commands || word="@warp ${word#@xmap } 100 100"
        words+=("$word")
    done
    set -- "${words[@]}"
    printf '> session by %s: %s\n' "$hop" "$*"
    status=0
    heard=$("$player" play "$(at "$hop" login)" "${cluster_client[@]}" --user "$session_user" \
        --timeout 10000 --retry 40000 "$@") || status=$?
    printf '%s\n' "$heard"
    ((status < 2)) || fail "the player was called wrongly"
}

# expect_session HOP OPTION...
expect_session() {
    session "$@"
    ((status == 0)) || fail 'expected to come to the end of the way'
}

# expect_stop LEG PACKET CODE HOP OPTION...: the server of that leg says no.
expect_stop() {
    local line=" leg=$1 packet=$2 code=$3"
    shift 3
    session "$@"
    ((status != 0)) || fail 'expected a refusal'
    grep -q "^refused .*$line\$" <<<"$heard" || fail "expected: refused$line"
}

# told LEG SERVER: the addresses that a player was told on that leg, one a line.
told() {
    sed -n "s/^redirect player=0 leg=$1 server=$2 packet=[^ ]* address=\([^ ]*\) .*/\1/p" <<<"$heard"
}

# expect_told LEG SERVER ADDRESS...: what was told there, in that order.
expect_told() {
    local leg=$1 server=$2
    shift 2
    if [[ $(told "$leg" "$server") != "$(printf '%s\n' "$@")" ]]; then
        told "$leg" "$server"
        fail "expected to be told: $*"
    fi
}

# expect_all_told ADDRESS: every address in every packet is that one, and no packet names a domain.
expect_all_told() {
    local others
    others=$(grep '^redirect ' <<<"$heard" | grep -v " address=$(quoted "$1"):[0-9]* domain=\( \|\$\)" || true)
    [[ -z $others ]] || fail "expected $1 and nothing else, not: $others"
    [[ $heard == *$'\nredirect '*' server=map '* ]] || fail 'expected to be told of servers'
}

# expect_heard PATTERN
expect_heard() {
    grep -Eq -- "$1" <<<"$heard" || fail "the player did not report: $1"
}

# cluster_mark SERVER: how far that server's log is.
cluster_mark() {
    file_mark "${cluster_log[$1]}"
}

# expect_cluster_said SERVER FROM PATTERN [SECONDS]
expect_cluster_said() {
    local server_log=${cluster_log[$1]}
    expect_said "${@:2}"
}

expect_cluster_unsaid() { # SERVER FROM PATTERN
    # shellcheck disable=SC2034 # for expect_unsaid
    local server_log=${cluster_log[$1]}
    expect_unsaid "${@:2}"
}

# The account's number.
session_account() {
    rows "SELECT account_id FROM login WHERE userid = '$session_user'"
}
