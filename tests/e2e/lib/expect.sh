# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the cases are written with. Every check says what it looks at, so that the log of a case that
# fails shows the story. Sourced.

fail() {
    printf 'FAIL: %s\n' "$*"
    exit 1
}

skip() {
    printf 'SKIP: %s\n' "$*"
    exit 77
}

# way_address WAY: where a player dials. `direct` is the login server's own port; v1, v2, plain, v6-v1 and v6-v2 are
# HAProxy, which comes from $proxy_address; home-v1 and home-v2 are HAProxy that comes from 127.0.0.1.
way_address() {
    case $1 in
    direct) echo "127.0.0.1:$server_port" ;;
    v6-*) echo "[::1]:${way_ports[$1]}" ;;
    *) echo "127.0.0.1:${way_ports[$1]}" ;;
    esac
}

# play WAY COMMAND OPTION...: runs the test player; its words go to $heard and its status to $status.
play() {
    local way=$1 command=$2
    shift 2
    printf '> player %s by %s: %s\n' "$command" "$way" "$*"
    status=0
    heard=$("$player" "$command" "$(way_address "$way")" "$@") || status=$?
    heard_shown
    ((status < 2)) || fail "the player was called wrongly"
}

# The words, summed up where they are many.
heard_shown() {
    if (($(wc -l <<<"$heard") <= 6)); then
        printf '%s\n' "$heard"
    else
        printf '%s\n' "$heard" | sed 's/ ms=[0-9]*//' | sort | uniq -c
    fi
}

# expect_login WAY OPTION...
expect_login() {
    local way=$1
    shift
    play "$way" login "$@"
    ((status == 0)) || fail "expected to be let in"
}

# expect_refusal CODE WAY OPTION...: the server answers, and says no.
expect_refusal() {
    local code=$1 way=$2
    shift 2
    play "$way" login "$@"
    [[ $heard == "refused code=$code" ]] || fail "expected refusal $code"
}

# expect_closed WAY OPTION...: the connection ends without a word.
expect_closed() {
    local way=$1
    shift
    play "$way" login "$@"
    [[ $heard == closed\ *' bytes=0' ]] || fail "expected to be closed without an answer"
}

# How many of the player's last results are of that kind.
heard_count() { # WORD
    grep -c "^$1 " <<<"$heard" || true
}

# rows FROM... : shorthand for a query on this run's database.
rows() {
    db_sql "$server_database" "${1/FROM loginlog/FROM loginlog_text}"
}

# expect_rows COUNT CONDITION: rows of loginlog.
expect_rows() {
    local count
    count=$(rows "SELECT COUNT(*) FROM loginlog WHERE $2")
    printf '> loginlog where %s: %s\n' "$2" "$count"
    if [[ $count != "$1" ]]; then
        rows 'SELECT * FROM loginlog' | tail -n 20
        fail "expected $1 rows"
    fi
}

# expect_said FROM PATTERN [SECONDS]: the server has logged it since that byte, or does within the time.
expect_said() {
    printf '> the log says: %s\n' "$2"
    if ! file_will_say "${3-3}" "$server_log" "$2" "$1"; then
        server_says "$1"
        fail "the server did not log: $2"
    fi
}

# expect_unsaid FROM PATTERN
expect_unsaid() {
    printf '> the log does not say: %s\n' "$2"
    if file_says "$server_log" "$2" "$1"; then
        server_says "$1" | grep -E -- "$2"
        fail "the server logged: $2"
    fi
}

# A player from nowhere near the case logs in directly: the server serves.
expect_alive() {
    process_gone "$server_pid" && fail "the login server has ended"
    printf '> the server serves\n'
    local answer
    answer=$("$player" login "$(way_address v2)" --from ${guard_allow%.0.0}.255.1) ||
        fail "the server does not serve any more: $answer"
}

# quoted TEXT: for use in an extended pattern.
quoted() {
    printf '%s\n' "$1" | sed 's/[][\.*^$+?(){}|]/\\&/g'
}

# note_refusals REASON COUNT: so many connections of this server's life have been refused for that
# reason.
note_refusals() {
    printf '%s %s\n' "$1" "$2" >>"$server_log.refusals"
}

# The sums by reason: as noted, and as the log says.
refusals_noted() {
    [[ -e $server_log.refusals ]] || return 0
    awk '{ sum[$1] += $2 } END { for (r in sum) print r, sum[r] }' "$server_log.refusals" | sort
}

refusals_told() {
    # "... ropp: refused N connections, the latest from A: REASON N, REASON N. REASON: what it means"
    { grep -a 'ropp: refused' "$server_log" || true; } |
        sed -e 's/.*, the latest from [^ ]*: //' -e 's/\. .*//' -e 's/, /\n/g' |
        awk '{ sum[$1] += $2 } END { for (r in sum) print r, sum[r] }' | sort
}

refusals_as_noted() {
    [[ $(refusals_noted) == "$(refusals_told)" ]]
}

refusals_compare() {
    printf '> refused, as noted and as logged:\n'
    diff -y -W 80 <(refusals_noted) <(refusals_told) || true
}

# How many connections the login server's listening socket lets wait.
backlog() {
    ss -Hltn "sport = :$server_port" | awk '{ print $3; exit }'
}

# A server that is starting listens with the emulator's own for as long as ropp takes to begin.
backlog_is() { # NUMBER
    [[ $(backlog) == "$1" ]]
}
