# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Those who mean harm, and those who only sleep. Sourced by tests/e2e/run.

e2e_case silent-500 on "500 silent connections delay nobody and are gone within the deadline plus 1 s"
case_silent_500() {
    local log=$server_folder/silent-$number.out silent began took first_ms last_ms half
    # Half of them say nothing at all, half begin a header.
    half=$(printf 'PROXY TCP4 127.' | od -An -v -tx1 | tr -d ' \n')
    "$player" silent "$(way_address direct)" --from "$proxy_address" --count 250 --timeout 8000 \
        >"$log" &
    silent=$!
    clean_own "$silent"
    "$player" silent "$(way_address direct)" --from "$proxy_address" --count 250 --timeout 8000 \
        --hex "$half" >"$log.half" &
    half=$!
    clean_own "$half"
    wait_for 3 file_says "$log" '^open' || fail 'the connections are not open'
    wait_for 3 file_says "$log.half" '^open' || fail 'the connections are not open'
    for way in v1 v2 direct; do
        began=$(now_ms)
        expect_login "$way" --from "$net.1.5"
        took=$(($(now_ms) - began))
        printf '> answered after %s ms\n' "$took"
        ((took < 1000)) || fail 'the silent ones delayed it'
    done
    if file_says "$log" '^closed' || file_says "$log.half" '^closed'; then
        fail 'the connections were gone before the logins were through'
    fi
    wait "$silent" "$half" || true
    note_refusals header-timeout 500
    cat "$log" "$log.half"
    for log in "$log" "$log.half"; do
        [[ $(tail -n 1 "$log") =~ ^closed\ count=250\ of=250\ first_ms=([0-9]+)\ last_ms=([0-9]+)$ ]] ||
            fail 'not all were closed'
        first_ms=${BASH_REMATCH[1]} last_ms=${BASH_REMATCH[2]}
        ((first_ms >= 2900)) || fail 'closed before the deadline of 3000 ms'
        # A fifth of a second is left to a machine that has other things to do.
        ((last_ms <= 4200)) || fail 'closed later than the deadline plus one second'
    done
}

e2e_case server-behind-proxy on "a server login behind a header is refused and counted (v1, v2)"
case_server_behind_proxy() {
    local way mark
    mark=$(file_mark "$server_log")
    for way in v1 v2; do
        play "$way" server-login --from "$net.1.5" --user "$server_user" --pass "$server_password"
        [[ $heard == closed\ * ]] || fail 'expected to be closed without an answer'
    done
    play direct server-login --from "$proxy_address" --header v2-local --user "$server_user" \
        --pass "$server_password"
    [[ $heard == closed\ * ]] || fail 'expected to be closed without an answer'
    expect_rows 0 "ip IN ('$net.1.5', '$proxy_address') AND user = '$server_user'"
    expect_unsaid "$mark" "$said_server_login"
    note_refusals server-behind-proxy 2
    note_refusals unnamed-player 1
}

e2e_case server-not-direct on "a server login from a proxy that is not a direct peer is closed"
case_server_not_direct() {
    play direct server-login --from "$proxy_address" --user "$server_user" --pass "$server_password"
    [[ $heard == closed\ * ]] || fail 'expected to be closed without an answer'
    note_refusals server-not-direct 1
}

e2e_case no-header on "a trusted proxy that sends no header gets no player in"
case_no_header() {
    expect_closed plain --from "$net.1.5"
    expect_rows 0 "ip = '$net.1.5'"
    note_refusals not-proxy-protocol 1
}

# HAProxy with health checks of its own, twenty a second, and twenty of them to bring a server up.
checks_admin=
checks_pid=
checking_haproxy() { # NAME OPTION...
    haproxy_start "$server_folder/checks-$1" checks_admin checks_pid <<END
backend emulators
    source $proxy_address
    server emulator 127.0.0.1:$server_port check inter 50ms fastinter 50ms downinter 50ms rise 20 fall 1 ${*:2}
END
}

# The state of the emulator and how many checks have failed: columns of "show stat".
checks_stat() {
    haproxy_ask "$checks_admin" 'show stat' |
        awk -F, '$1 == "emulators" && $2 == "emulator" { print $18, $22 }'
}

checks_say() { # PATTERN
    # shellcheck disable=SC2053 # a pattern
    [[ $(checks_stat) == $1 ]]
}

# Set down by hand, the server is up again after twenty good checks in a row and not before.
twenty_checks() {
    wait_for 5 checks_say 'UP 0' || fail "the emulator is not up: $(checks_stat)"
    haproxy_ask "$checks_admin" 'set server emulators/emulator health down'
    wait_for 5 checks_say 'DOWN* 0' || fail "the emulator is not down: $(checks_stat)"
    wait_for 10 checks_say 'UP 0' || fail "the checks do not succeed: $(checks_stat)"
}

e2e_case health-check on "HAProxy's health checks leave nothing in the logs (v1, v2, plain TCP)"
case_health_check() {
    local way mark rows_before left
    for way in v1 v2 tcp; do
        printf '> health checks: %s\n' "$way"
        mark=$(file_mark "$server_log")
        rows_before=$(rows 'SELECT COUNT(*) FROM loginlog')
        case $way in
        v1) checking_haproxy v1 send-proxy check-send-proxy ;;
        v2) checking_haproxy v2 send-proxy-v2 check-send-proxy ;;
        tcp) checking_haproxy tcp ;;
        esac
        twenty_checks
        clean_stop "$checks_pid"
        # A login, which is logged, and with it everything before it.
        expect_login direct --from "$net.1.5"
        expect_said "$mark" "$(said_closed "$net.1.5")"
        left=$(server_says "$mark" | grep -v "$(quoted "$net.1.5")\|'player'\|ropp: refused\|PROXY header" || true)
        [[ -z $left ]] || fail "the checks are in the log: $left"
        [[ $(rows 'SELECT COUNT(*) FROM loginlog') == $((rows_before + 1)) ]] ||
            fail 'the checks are in loginlog'
    done
}

e2e_case backlog-on on "the listen backlog is raised to what the system allows"
case_backlog_on() {
    local most
    most=$(</proc/sys/net/core/somaxconn)
    printf '> backlog %s\n' "$(backlog)"
    [[ $(backlog) == "$most" ]] || fail "it is not $most"
}
