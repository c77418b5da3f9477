# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How refusals are logged. The last case of its setup, since it looks at all that were before. Sourced by tests/e2e/run.

# bad_header COUNT OPTION...: the proxy's connections are closed without an answer.
bad_header() {
    local count=$1
    shift
    play direct raw --from "$proxy_address" --count "$count" --timeout 2500 "$@"
    (($(heard_count closed) == count)) || fail "closed are $(heard_count closed) of $count"
    [[ $heard != *"received "[0-9a-f]* ]] || fail 'the server answered'
}

hex_of() { # TEXT
    printf '%b' "$1" | od -An -v -tx1 | tr -d ' \n'
}

e2e_case refusals-summed-up on "bad headers are closed, counted, and logged in a line every ten seconds" 5
case_refusals_summed_up() {
    local mark lines elapsed started signature=0d0a0d0a000d0a515549540a
    mark=$(file_mark "$server_log")
    started=$(now_ms)
    bad_header 100 --hex "$(hex_of 'PROXY TCP4 1.2.3.4 5.6.7.8 1 99999\r\n')"
    bad_header 100 --hex "$(hex_of 'GET / HTTP/1.1\r\n\r\n')"
    bad_header 50 --hex "${signature}3111000c"
    bad_header 50 --hex "${signature}21110004"
    note_refusals v1-port 100
    note_refusals not-proxy-protocol 100
    note_refusals v2-version 50
    note_refusals v2-length 50
    # A proxy that dies in the middle of its header.
    "$player" silent "$(way_address direct)" --from "$proxy_address" \
        --hex "$(hex_of 'PROXY TCP4 ')" --count 5 --timeout 300 || true
    note_refusals header-cut-short 5
    if ! wait_for 24 refusals_as_noted; then
        refusals_compare
        grep -a 'ropp: refused' "$server_log" || true
        fail 'what the log says was refused is not what was refused'
    fi
    refusals_compare
    elapsed=$(($(now_ms) - started))
    lines=$(server_says "$mark" | grep -c 'ropp: refused' || true)
    printf '> %s lines in %s ms\n' "$lines" "$elapsed"
    ((lines >= 1 && lines <= 1 + elapsed / 10000 + 1)) || fail 'too many lines'
}
