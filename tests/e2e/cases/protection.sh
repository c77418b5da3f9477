# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Trees with a protection that the client must answer to before it may log in. The test player cannot, so that every other case
# runs with it off. Sourced by tests/e2e/run.

# asked_to_answer OPTION...: the protection's first packet comes instead of the login server's answer, none of whose it is.
asked_to_answer() {
    play direct login "$@"
    [[ $heard =~ ^unknown\ packet=0x[0-9a-f]{4}$ ]] || fail "expected the protection's first packet"
}

e2e_case protection own "Gepard on: its first packet comes behind a header too, and a banned player is refused before it"
case_protection() {
    local header
    tree_has_gepard || skip 'this tree has no Gepard'
    server_gepard=yes
    own_login on
    asked_to_answer --from "$net.1.5"
    for header in v1 v2; do
        asked_to_answer --from "$proxy_address" --header "$header" --claim "$net.2.5:40000"
    done
    ban "$net.2.*"
    for header in v1 v2; do
        expect_refusal 3 direct --from "$proxy_address" --header "$header" --claim "$net.2.5:40000"
    done
    expect_rows 2 "ip = '$net.2.5' AND rcode = -3"
    asked_to_answer --from "$proxy_address" --header v2 --claim "$net.3.5:40000"
}
