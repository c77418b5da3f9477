# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Strict mode, and one machine that is proxy and cluster at once. Sourced by tests/e2e/run.

e2e_case strict-proxied strict "strict: players behind the proxy get in (v1, v2)"
case_strict_proxied() {
    expect_login v1 --from "$net.1.5"
    expect_login v2 --from "$net.2.5"
    expect_rows 2 "ip IN ('$net.1.5', '$net.2.5') AND rcode = 100"
}

e2e_case strict-direct strict "strict: a direct player is closed at accept, with a header or without"
case_strict_direct() {
    local header
    play direct silent --from "$net.1.5" --timeout 2000
    [[ $heard == *'closed count=1 of=1 '*'last_ms='[0-9]* ]] || fail 'it was not closed'
    ((${heard##*last_ms=} < 500)) || fail 'it was not closed at accept'
    for header in none v1 v2; do
        play direct login --from "$net.1.5" --header "$header" --claim "$net.2.5:40000" --timeout 1500
        [[ $heard == closed\ *' bytes=0' ]] || fail 'expected to be closed without an answer'
    done
    expect_rows 0 "ip LIKE '$net.%'"
    note_refusals untrusted-peer 4
}

e2e_case strict-flood strict "strict: 300 refused connections are a line or two in the log" 10
case_strict_flood() {
    local mark
    mark=$(file_mark "$server_log")
    play direct silent --from "$net.1.5" --count 300 --timeout 4000
    ((status == 0)) || fail 'not all were closed'
    note_refusals untrusted-peer 300
    wait_for 15 refusals_as_noted || {
        refusals_compare
        fail 'what the log says was refused is not what was refused'
    }
    (($(server_says "$mark" | wc -l) <= 3)) || fail 'the log was flooded'
}

e2e_case strict-cluster strict "strict: the char server on the same machine is linked, and players are sent to it"
case_strict_cluster() {
    expect_said 0 "$said_linked"
    expect_login v2 --from "$net.1.5"
    [[ $heard == *' char='*:[0-9]* ]] || fail 'the player was sent no char server'
    process_gone "$server_char_pid" && fail 'the char server has ended'
    # And again: its address may come and go as it likes.
    play direct server-login --from 127.0.0.1 --user "$server_user" --pass wrong
    [[ $heard == refused\ * ]] || fail 'a wrong server password is to be answered'
}

both_cases() {
    printf '> the char server of this setup is linked without a header\n'
    expect_said 0 "$said_linked"
    printf '> a plain player from the same address is closed\n'
    expect_closed direct --from 127.0.0.1
    printf '> one behind the proxy on the same machine gets in\n'
    expect_login home-v1 --from "$net.1.5"
    expect_login home-v2 --from "$net.2.5"
    expect_rows 2 "ip IN ('$net.1.5', '$net.2.5') AND rcode = 100"
    expect_rows 0 "ip = '127.0.0.1' AND user = 'player'"
    printf '> a server login behind the proxy is refused\n'
    play home-v2 server-login --from "$net.1.5" --user "$server_user" --pass "$server_password"
    [[ $heard == closed\ * ]] || fail 'expected to be closed without an answer'
    printf '> a server login in pieces is still one\n'
    play direct server-login --from 127.0.0.1 --user "$server_user" --pass wrong --split 1 --gap 2
    [[ $heard == refused\ * ]] || fail 'expected an answer'
}

e2e_case both-strict both-strict "strict, proxy and char server both on 127.0.0.1: distinguished by their first bytes"
case_both_strict() {
    both_cases
    expect_closed direct --from "$net.1.5"
}

e2e_case both-on both-on "on, proxy and char server both on 127.0.0.1: distinguished by their first bytes"
case_both_on() {
    both_cases
    expect_login direct --from "$net.3.5"
}
