#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The hooks on the reference emulators: what is before and behind the woven lines.
set -euo pipefail
# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
# shellcheck source=tests/patch/years.sh
. "${srcdir:-.}/tests/patch/years.sh"

tree=$dir/tree

# The emulator's files that have woven lines, in $dir/woven.
weave() { # YEAR
    rm -rf "$tree"
    make_year "$1" "$tree"
    run 0 apply "$tree"
    grep -qx "#define ROPP_TREE_DIALECT \"$(year_dialect "$1")\"" "$tree/src/common/ropp_tree.h" || complain 'another dialect is taken'
    grep -rl --include='*.c' --include='*.cpp' 'ropp:begin' "$tree/src" >"$dir/woven"
}

# each_woven AWK-PROGRAM: it prints what is wrong with the lines of a file. Call a hook by its name in `hook`; `code` is the line
# without space around it. What it remembers is of this file: before, opener, waits, left, said and here.
each_woven() {
    local wrong
    # shellcheck disable=SC2016 # awk's
    wrong=$(xargs awk 'FNR == 1 { before = opener = said = ""; waits = left = here = 0 }
        { code = $0; gsub(/^[ \t]+|[ \t]+$/, "", code); hook = ""
        if (match(code, /ropp_hook_[a-z_]+/)) hook = substr(code, RSTART + 10, RLENGTH - 10) } '"${1//print /print FILENAME \": \" }" <"$dir/woven")
    [ -z "$wrong" ] || complain "$wrong"
}

# behind HOOK FIRST LEAST: what FIRST, an extended pattern, does not match comes right behind the line that calls it, other woven
# lines included; and it is called so often at least.
behind() {
    local calls
    each_woven "waits { if (code !~ /$2/) print \"behind ropp_hook_$1: \" code; waits = 0 } hook ~ /^$1\$/ { waits = 1 }"
    calls=$(xargs grep -hE "ropp_hook_$1\(" <"$dir/woven" | wc -l)
    ((calls >= $3)) || complain "ropp_hook_$1 is called $calls times, not $3"
}

# calls TEXT...: each of these calls of a hook is woven.
calls() {
    local text
    for text in "$@"; do
        xargs grep -qhF -- "ropp_hook_$text" <"$dir/woven" || complain "no ropp_hook_$text"
    done
}

for kind in "${years[@]}"; do
    servers=3 refusals=2
    [ "$kind" != hercules ] || servers=4 refusals=3
    start "$kind: who is refused goes no further"
    weave "$kind"
    behind refuse_server '^return( 0)?;$' "$refusals"
    behind allowed '^return (0|false);$' 1
    behind defer_check '^return 1;$' 1
    behind 'ticket(_noted|_here)?' '^node = NULL;$' 3
    [ "$kind" = hercules ] || behind is_key '^continue;$' 1
    each_woven 'hook == "accept" && code ~ /\{$/ { left = 3; said = "" }
        left > 0 { said = said " " code; if (--left == 0 && said !~ /lose\(fd\); return -1;$/) print "behind ropp_hook_accept:" said }'

    start "$kind: everything is called, with what it wants"
    calls 'accept(fd, ntohl(client_address.sin_addr.s_addr))' 'connected(fd);' 'listening(fd);' 'session(fd);' 'turn();' 'final();' \
        'send(fd, (unsigned int)len);' 'packetver(PACKETVER);' 'allowed(ip)' 'ticket_from(ntohl(RFIFOL(fd, 15)));' \
        'ticket_noted(account_id, node->ip)' 'ticket(account_id, node->ip, ip'
    [ "$(year_tree "$kind")" != eathena ] || calls 'ticket_here(fd, account_id, node->ip)'
    each_woven 'hook ~ /^(refuse_server|allowed|defer_check|accept|is_key)$/ && code !~ /^if \(ropp_hook_/ { print "not asked: " code }
        hook ~ /^ticket(_noted|_here)?$/ &&
            before !~ /^if \(node != NULL && node->login_id1 == login_id1 && node->([a-z0-9_]+) == [a-z0-9_]+ &&$/ { print "when: " before }
        { before = code }'
    # Where: first of all in a function or a case, or right behind what it is about.
    each_woven '/ropp:begin/ { opener = before }
        hook ~ /^(defer_check|session|send|turn|final|allowed|refuse_server)$/ && opener !~ /^\{$|^case / { print hook " is behind: " opener }
        hook == "connected" && opener !~ /->client_addr = / { print "connected is behind: " opener }
        hook == "is_key" && opener != "continue;" { print "is_key is behind: " opener }
        code != "" { before = code }'
    each_woven 'hook == "send" && code !~ /^len = / { print "not taken: " code }
        hook == "refuse_server" && code != "if (ropp_hook_refuse_server(fd))" { print "another session: " code }'

    start "$kind: settings are read before the emulator reads them"
    each_woven 'waits && code !~ /^#|^\/\* ropp:end/ { if (code !~ /fopen|load_file/) print "behind the settings: " code; waits = 0 }
        hook ~ /^config_/ { waits = 1 }'
    (($(xargs grep -h 'ropp_hook_config_' <"$dir/woven" | wc -l) >= servers)) || complain 'not every server reads settings'

    start "$kind: a rule is behind the makefile's own, of which the first is what make makes"
    while IFS= read -r file; do
        tail -n 1 "$file" | grep -q '^# ropp:end build-make-depend' || complain "${file#"$tree/"} does not end with the rule"
    done < <(grep -rl --include='Makefile*' 'ropp:begin build-make-depend' "$tree/src")
    grep -q 'ropp:begin build-make-depend' "$tree/src/common/Makefile.in" || complain 'no rule in the makefile of the common library'

    start "$kind: what is called is declared, at the top"
    each_woven '/#include.*ropp_hooks\.h/ { here = 1; if (FNR > 4) print "line " FNR ": #include" }
        hook != "" && !here { print "not declared: " code }'
done

# The key is that of the line, whatever else is read from a text there.
for kind in rathena rathena-c; do
    start "$kind: a second sscanf() where the map server reads its settings"
    rm -rf "$tree"
    make_year "$kind" "$tree"
    map=$(echo "$tree"/src/map/map.c*)
    sed -i 's/^\t\tif (strcasecmp(key, "import") == 0)$/\t\tsscanf(value, "%31s", name);\n&/' "$map"
    grep -q '^.*sscanf(value' "$map" || complain 'there is no second one'
    run 0 apply "$tree"
    grep -A 4 'ropp:begin map-config-known' "$map" | grep -qF 'if (ropp_hook_is_key(key))' || complain "not woven: $(<"$dir/out")"
done

summary "the hooks on the reference emulators"
