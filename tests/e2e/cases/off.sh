# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Off, or not configured at all: the stock emulator. Sourced by tests/e2e/run.

e2e_case backlog-off off "off: the listen backlog is the emulator's own"
case_backlog_off() {
    printf '> backlog %s\n' "$(backlog)"
    (($(backlog) < 100)) || fail 'it is not what the emulators ask for'
}

e2e_case off-header off "off: nobody is trusted, a header is noise"
case_off_header() {
    local before
    before=$(rows "SELECT COUNT(*) FROM loginlog WHERE ip = '$proxy_address' AND rcode = 100")
    expect_login plain --from "$net.1.5"
    expect_rows $((before + 1)) "ip = '$proxy_address' AND rcode = 100"
    play v1 login --from "$net.1.5" --timeout 1500
    ((status != 0)) || fail 'the header was believed'
    expect_rows 0 "ip = '$net.1.5'"
    expect_unsaid 0 '^.{0,20}ropp'
}

# What differs from one run to the next, in a server's log and in packets, is cut out.
plain_log() { # FILE BIN
    sed -e 's/\x1b\[[0-9;]*[A-Za-z]//g' -e "s|$2/|BIN/|g" -e "s/$server_port/PORT/g" -e "s/$server_char_port/PORT/g" \
        -e 's|[^ ]*/src/|src/|g' -e 's/#[0-9]\{1,\}/#N/g' -e 's/\(\.c\(pp\)\{0,1\}\):[0-9]\{1,\}/\1:N/g' \
        -e 's/took [0-9]\{1,\} milliseconds/took N milliseconds/' \
        -e 's/([A-Za-z0-9_]*+0x[0-9a-f]\{1,\}) \[0x[0-9a-f]\{1,\}\]/(AT)/' -e 's/0x[0-9a-f]\{9,\}/AT/g' "$1" | # a backtrace
        grep -v 'Connected to .* database\|Memory manager\|Web Auth Token\|revision\|[Cc]ompiled\|Compile Flags'
}

# When a player has gone, and whether the guard's line comes before that of the login beside it, is for the machine to say: those
# lines come behind the rest.
plain_log_ordered() { # FILE BIN
    local text
    text=$(plain_log "$@")
    { grep -Ev "$said_any_moment" <<<"$text" || :; }
    { grep -E "$said_any_moment" <<<"$text" || :; } | sort
}

# login_id1, login_id2, the token of the web service.
plain_packet() {
    sed -E -e 's/^(received (6900|c40a).{4}).{8}(.{8}).{8}/\1IDENTITY\3IDENTITY/' \
        -e 's/^(received c40a.{90}).{34}/\1TOKEN/' -e 's/ ms=[0-9]+//' -e 's/_ms=[0-9]+//g'
}

# A little of everything that a login server meets. However long a busy machine lets wait for an answer, what matters is what it is;
# only who says nothing gets none.
everyday() {
    local good bad at=127.0.0.1:$server_port
    good=$(login_packet player secret)
    bad=$(login_packet player wrong)
    local -a raw=("$player" raw "$at" --timeout 10000 --quiet 250)
    {
        "${raw[@]}" --from 127.120.1.1 --hex "$good"
        "${raw[@]}" --from 127.120.1.2 --hex "$bad"
        "${raw[@]}" --from 127.120.1.3 --hex "$(login_packet nobody secret)"
        "${raw[@]}" --from 127.120.1.4 --hex "$good" --split 30 --gap 60
        "${raw[@]}" --from 127.120.1.5 --hex ffff0011
        "${raw[@]}" --from 127.120.1.6 --header v1 --hex "$good"
        "${raw[@]}" --from 127.120.1.7 --header v2 --hex "$good"
        "${raw[@]}" --from 127.120.1.8 --timeout 250
        db_sql "$server_database" "INSERT INTO ipbanlist (list, btime, rtime, reason)
            VALUES ('127.120.2.*', NOW(), NOW() + INTERVAL 1 HOUR, 'a test')"
        "${raw[@]}" --from 127.120.2.1 --hex "$good"
        "${raw[@]}" --from "${guard_deny%.0.0}.1.1" --hex "$good"
        "$player" server-login "$at" --from 127.0.0.1 --user "$server_user" --pass wrong
        "$player" login "$at" --from 127.120.3.1 --count 12 --spread 600
        "$player" login "$at" --from 127.120.3.2
    } | plain_packet
}

# The login packet of a player, in hex.
login_packet() { # USER PASSWORD
    printf '640000000000'
    printf '%s' "$1" | hex_padded 24
    printf '%s' "$2" | hex_padded 24
    printf '00'
}

hex_padded() { # BYTES
    od -An -v -tx1 | tr -d ' \n' | awk -v n="$1" '{ while (length($0) < 2 * n) $0 = $0 "0"; printf "%s", $0 }'
}

# stock_like NAME SETUP BIN: what that program says and does on an everyday, into files.
stock_like() {
    local name=$1 folder=$server_folder/../$1
    printf '> %s: setup %s, programs of %s\n' "$name" "$2" "$3"
    server_database=$name
    database_make "$name"
    server_prepare "$folder" "$name" "$3"
    server_start "$2" player || fail "cannot start $name"
    backlog >"$results/$name.backlog"
    everyday >"$results/$name.heard" 2>&1 || true
    server_stop
    plain_log_ordered "$server_log" "$3" >"$results/$name.log"
    db_sql "$name" 'SELECT ip, user, rcode, log FROM loginlog' >"$results/$name.loginlog"
    db_sql "$name" 'SELECT list, reason FROM ipbanlist' >"$results/$name.ipbanlist"
}

same_as() { # NAME OTHER
    local what
    for what in heard loginlog ipbanlist log backlog; do
        printf '> %s: %s lines of %s\n' "$1" "$(wc -l <"$results/$1.$what")" "$what"
        diff "$results/$2.$what" "$results/$1.$what" ||
            fail "$what of '$1' differs from that of '$2'"
    done
    cat "$results/$1.heard"
}

e2e_case off-is-stock own "off, and no key at all: packets, loginlog and log are the stock emulator's" 8
case_off_is_stock() {
    local results=$server_folder/..
    free_port server_port
    stock_like without none "$tree_bin"
    stock_like off off "$tree_bin"
    same_as off without
    if [[ -n $stock ]]; then
        stock_like stock none "$stock"
        same_as without stock
    else
        printf '> no stock programs were given to compare with\n'
    fi
}
