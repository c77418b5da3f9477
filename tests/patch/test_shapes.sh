#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Trees of several shapes: alternatives within a hook, features that a tree may be without, build systems of which one
# is enough, and dialects that are found by trying.
set -euo pipefail

# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
tree=$dir/tree orig=$dir/orig hooks=$dir/hooks
p=(--patches "$hooks")

mkdir -p "$hooks/new" "$hooks/odd"
cat >"$hooks/new/dialect" <<'END'
name    New
has     src/socket.c
lacks   src/odd.c
feature tickets  tickets are taken from anywhere
feature routes   players are sent the origin
END
cat >"$hooks/new/all.hook" <<'END'
hook server
    why  nobody behind a proxy is a server
    file src/login.c
    in   function parse_request
    at   start
    insert
        | refuse_new();
    or
    in   function parse_login
    case 0x2710
    at   start
    insert
        | refuse_old();
end
hook ticket
    why     a ticket has an address
    feature tickets
    file    src/login.c
    at      after node = find
    insert
        | ticket();
end
hook route
    why     the hop's address
    feature routes
    file    src/socket.c
    in      function send
    at      start
    insert
        | route();
end
hook make
    why   part of the library
    build make
    file  src/Makefile.in
    at    after ^OBJ
    insert
        | OBJ += ropp.o
end
hook cmake
    why   part of the library
    build cmake
    file  CMakeLists.txt
    at    after-line socket\.c
    insert
        | ropp.c
end
copy tree-facts
    why   what the tree is like
    facts
    to    src/ropp_tree.h
end
END
cat >"$hooks/odd/dialect" <<'END'
name Odd
has  src/odd.c
END
cat >"$hooks/odd/odd.hook" <<'END'
hook odd-socket
    why  the socket
    file src/socket.c
    in   function odd_send
    at   start
    insert
        | odd();
end
hook odd-login
    why  the login
    file src/login.c
    in   function odd_login
    at   start
    insert
        | odd();
end
copy odd-facts
    why   what the tree is like
    facts
    to    src/ropp_tree.h
end
END

tree_new() {
    mkdir -p "$1/src"
    printf 'int send(int fd)\n{\n\twrite(fd);\n}\n' >"$1/src/socket.c"
    printf 'int parse_request(int fd)\n{\n\tnode = find(fd);\n}\n' >"$1/src/login.c"
    printf 'OBJ = socket.o\n' >"$1/src/Makefile.in"
    printf 'set(x\n\tsocket.c\n)\n' >"$1/CMakeLists.txt"
}
tree_old() {
    tree_new "$1"
    printf 'int parse_login(int fd)\n{\n\tswitch (id) {\n\tcase 0x64:\n\t\tbreak;\n\tcase 0x2710:\n\t\tnode = find(fd);\n\t}\n}\n' \
        >"$1/src/login.c"
}
tree_odd() {
    mkdir -p "$1/src"
    printf 'int odd_send(int fd)\n{\n\twrite(fd);\n}\n' >"$1/src/socket.c"
    printf 'int odd_login(int fd)\n{\n\tread(fd);\n}\n' >"$1/src/login.c"
}

woven() { # TEXT FILE
    grep -qF -- "$1" "$tree/$2" || complain "'$1' is not in $2: $(cat "$tree/$2")"
}

start "the first shape"
fresh new
run 0 apply "$tree" "${p[@]}"
woven 'refuse_new();' src/login.c
woven '#define ROPP_TREE_DIALECT "new"' src/ropp_tree.h
woven '#define ROPP_TREE_WITHOUT ""' src/ropp_tree.h
run 0 status "$tree" "${p[@]}"
run 0 revert "$tree" "${p[@]}"
same "$tree" "$orig"

start "the second shape, behind a packet's id"
fresh old
run 0 apply "$tree" "${p[@]}"
woven 'refuse_old();' src/login.c
grep -A2 'case 0x2710' "$tree/src/login.c" | grep -q 'ropp:begin server' || complain "not behind its case: $(cat "$tree/src/login.c")"
run 0 apply "$tree" "${p[@]}"
has out 'up to date'
run 0 revert "$tree" "${p[@]}"
same "$tree" "$orig"

start "none of the shapes"
fresh old
sed -i 's/0x2710/0x2711/' "$tree/src/login.c"
rm -rf "$orig"
cp -a "$tree" "$orig"
run 1 apply "$tree" "${p[@]}"
has err "hook 'server' (nobody behind a proxy is a server) finds no place: $tree/src/login.c"
same "$tree" "$orig"

start "a feature without its place is refused, and says how to go on"
fresh new
sed -i 's/node = find/found = find/' "$tree/src/login.c"
rm -rf "$orig"
cp -a "$tree" "$orig"
run 1 apply "$tree" "${p[@]}"
has err "with --without tickets it is left out: tickets are taken from anywhere"
same "$tree" "$orig"
run 2 check "$tree" "${p[@]}" --without ticket
has err "no such feature: --without ticket: there are: tickets, routes"
run 0 apply "$tree" "${p[@]}" --without tickets
woven '#define ROPP_TREE_WITHOUT "tickets"' src/ropp_tree.h
run 0 check "$tree" "${p[@]}"
has out 'left out: --without tickets'
run 0 status "$tree" "${p[@]}"
run 0 apply "$tree" "${p[@]}"
has out 'up to date'
run 1 apply "$tree" "${p[@]}" --without none
run 0 revert "$tree" "${p[@]}"
same "$tree" "$orig"

start "a feature can be left out where it has its place, and taken back in"
fresh new
run 0 apply "$tree" "${p[@]}" --without routes --without tickets
woven '#define ROPP_TREE_WITHOUT "routes tickets"' src/ropp_tree.h
! grep -q 'route();' "$tree/src/socket.c" || complain 'the route is there'
! grep -q 'ticket();' "$tree/src/login.c" || complain 'the ticket is there'
run 0 apply "$tree" "${p[@]}" --without none
woven 'route();' src/socket.c
woven '#define ROPP_TREE_WITHOUT ""' src/ropp_tree.h

start "one build system is enough, and one that is there must fit"
fresh new
rm "$tree/src/Makefile.in"
run 0 check "$tree" "${p[@]}"
fresh new
rm "$tree/src/Makefile.in" "$tree/CMakeLists.txt"
run 1 apply "$tree" "${p[@]}"
has err "no build would take ropp in: $tree"
fresh new
sed -i 's/OBJ/THINGS/' "$tree/src/Makefile.in"
run 1 apply "$tree" "${p[@]}"
has err "hook 'make'"

start "a dialect whose rules do not hold is found by trying"
fresh odd
run 0 apply "$tree" "${p[@]}"
woven '#define ROPP_TREE_DIALECT "odd"' src/ropp_tree.h
run 0 revert "$tree" "${p[@]}"
same "$tree" "$orig"

start "traps are warned of, and refuse nothing"
fresh new
cat >"$hooks/new/traps.hook" <<'END'
trap address
    why   this overwrites the address
    word  client_addr
    match client_addr\s*=[^=]
    but   src/socket.c
end
END
run 0 check "$tree" "${p[@]}"
has_no out warning
printf 'void f(void)\n{\n\t/* client_addr = 0 */\n\tif (client_addr == 1)\n\t\tclient_addr = 2;\n}\n' >"$tree/src/guard.c"
printf '/* client_addr = 0 */ int client_addr = 1;\n' >>"$tree/src/socket.c"
run 0 check "$tree" "${p[@]}"
has out 'warning: src/guard.c:5: this overwrites the address'
[[ $(grep -c '^warning' "$dir/out") == 1 ]] || complain "other warnings: $(cat "$dir/out")"
run 0 check "$tree" "${p[@]}" --json
jq -e '.traps == [{"name": "address", "file": "src/guard.c", "line": 5, "why": "this overwrites the address"}]' "$dir/out" >/dev/null ||
    complain "the traps are: $(cat "$dir/out")"
run 0 apply "$tree" "${p[@]}"
printf 'trap nothing\n    why  there is no word\nend\n' >"$hooks/new/traps.hook"
run 2 check "$tree" "${p[@]}"
has err "trap 'nothing' has no 'word'"
has err "trap 'nothing' has no 'match'"
rm "$hooks/new/traps.hook"

start "a dialect without one of its facts is not the tree's, whatever its rules say"
fresh new
cat >"$hooks/new/fact.hook" <<'END'
fact word
    why   what the glue must know
    file  src/socket.c
    match (?<word>write)\(
    value "${word}"
end
END
mkdir "$hooks/newer"
sed 's/^name .*/name Newer/; s/^has .*/has src\/newer.c/' "$hooks/new/dialect" >"$hooks/newer/dialect"
cp "$hooks/new/all.hook" "$hooks/newer/"
run 0 apply "$tree" "${p[@]}"
woven '#define ROPP_TREE_DIALECT "new"' src/ropp_tree.h
run 0 revert "$tree" "${p[@]}"
sed -i 's/write/put/' "$tree/src/socket.c"
run 0 apply "$tree" "${p[@]}"
woven '#define ROPP_TREE_DIALECT "newer"' src/ropp_tree.h
rm -r "$hooks/newer" "$hooks/new/fact.hook"

start "a tree that was woven with --dialect keeps it"
fresh new
touch "$tree/src/odd.c"
sed -i 's/write/read/' "$tree/src/socket.c"
rm -rf "$orig"
cp -a "$tree" "$orig"
run 0 apply "$tree" "${p[@]}" --dialect new
run 0 status "$tree" "${p[@]}"
run 0 apply "$tree" "${p[@]}"
has out 'up to date'
run 0 revert "$tree" "${p[@]}"
same "$tree" "$orig"

start "what is no tree at all"
mkdir -p "$dir/none/src"
run 1 check "$dir/none" "${p[@]}"
has err "this is no tree that ropp knows"
has err "Odd: no src/odd.c, 2 of 3 hooks and files find no place"

summary "ropp patch, shapes"
