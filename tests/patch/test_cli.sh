#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `ropp patch` on miniature trees, as its users see it.
set -euo pipefail

# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
hooks=$dir/hooks
make_hooks "$hooks"
tree=$dir/tree
orig=$dir/orig
p=(--patches "$hooks")

for kind in cpp c; do
    start "$kind: check"
    fresh $kind
    run 0 check "$tree" "${p[@]}"
    has out "hook accept"
    has out "in connect_client"
    has_no out "NO PLACE"
    same "$tree" "$orig"

    start "$kind: status before"
    run 1 status "$tree" "${p[@]}"
    has out "not applied"

    start "$kind: diff is what apply does"
    run 0 diff "$tree" "${p[@]}"
    cp "$dir/out" "$dir/patch"
    same "$tree" "$orig"
    cp -a "$orig" "$dir/by-patch"
    patch -s -p1 --binary -d "$dir/by-patch" <"$dir/patch" || complain 'patch -p1 refuses the diff'
    run 0 apply "$tree" "${p[@]}"
    differ "$tree" "$orig"
    same "$tree" "$dir/by-patch"
    rm -rf "$dir/by-patch"
    if command -v git >/dev/null; then
        cp -a "$orig" "$dir/by-git"
        rm -rf "$dir/by-git/.git"
        (cd "$dir/by-git" && git init -q . && git apply --whitespace=nowarn "$dir/patch") ||
            complain 'git apply refuses the diff'
        rm -rf "$dir/by-git/.git"
        [ ! -d "$tree/.git" ] || mkdir "$dir/by-git/.git"
        chmod 640 "$dir/by-git/src/common/socket.cpp" 2>/dev/null || true # git does not keep it
        same "$tree" "$dir/by-git"
        rm -rf "$dir/by-git"
    else
        echo "left out: $kind: git apply takes the diff (needs git)"
    fi

    start "$kind: what was done to each file"
    grep -Eq '^ +src/common/socket\.c(pp)? .*, [1-9][0-9]* insertions$' "$dir/out" || complain "no count: $(cat "$dir/out")"
    grep -Eq '^ +src/common/mod\.c(pp)? +[a-z]+$' "$dir/out" || complain "a count for a copy: $(cat "$dir/out")"

    start "$kind: apply twice equals once"
    cp -a "$tree" "$dir/once"
    touch "$dir/mark"
    run 0 apply "$tree" "${p[@]}"
    has out "up to date"
    same "$tree" "$dir/once"
    [ -z "$(find "$tree" -newer "$dir/mark")" ] || complain "something was written"
    run 0 status "$tree" "${p[@]}"
    has out "up to date"
    run 0 diff "$tree" "${p[@]}"
    [ ! -s "$dir/out" ] || complain "there is a diff"

    start "$kind: the lines of check are those of the woven files"
    run 0 check "$tree" "${p[@]}" --json
    if command -v jq >/dev/null; then
        jq -r '.hooks[] | select(.kind == "hook" and .state == "fits") | "\(.file) \(.line) \(.name)"' "$dir/out" >"$dir/list"
        [ -s "$dir/list" ] || complain "no hooks in the JSON"
        while read -r file line name; do
            sed -n "$((line - 1))p" "$tree/$file" | grep -q "ropp:begin $name " ||
                complain "$name is not in line $line of $file"
        done <"$dir/list"
    else
        echo "left out: $kind: the lines of check (needs jq)"
    fi

    start "$kind: revert"
    run 0 revert "$tree"  "${p[@]}"
    has out "restored"
    same "$tree" "$orig"
    run 0 revert "$tree" "${p[@]}"
    has out "not in this tree"
    same "$tree" "$orig"

    start "$kind: other hooks replace the old ones in one go"
    run 0 apply "$tree" "${p[@]}"
    cp -a "$hooks" "$dir/other"
    sed -i 's/mod_guard();/mod_guard_2();/; /^hook connected/,/^end/d' "$dir/other/$kind/socket.hook"
    printf 'int ropp2;\n' >"$dir/other/mod.c"
    run 1 status "$tree" --patches "$dir/other"
    has out "not as ropp"
    run 0 diff "$tree" --patches "$dir/other"
    cp -a "$tree" "$dir/by-patch"
    patch -s -p1 --binary -d "$dir/by-patch" <"$dir/out" || complain 'patch -p1 refuses the diff'
    run 0 apply "$tree" --patches "$dir/other"
    same "$tree" "$dir/by-patch"
    grep -rq mod_guard_2 "$tree/src" || complain "the new line is missing"
    ! grep -rq mod_connected "$tree/src" || complain "the old line is still there"
    run 0 revert "$tree" --patches "$dir/other"
    same "$tree" "$orig"
    rm -rf "$dir/other" "$dir/by-patch" "$dir/once"
done

start "what the woven C++ looks like"
fresh cpp
run 0 apply "$tree" "${p[@]}"
sed -e 's/ [0-9.]* [0-9a-f]\{8\} / V H /' "$tree/src/common/socket.cpp" | sed -n '/^int connect_client( /,/^}/p' >"$dir/got"
cat >"$dir/wanted" <<'END'
int connect_client( int listen_fd )
{
	int fd = sAccept(listen_fd); // may fail

	if( fd == -1 )
	{
		show("connect_client: create_session(%d)\n", fd);
		return -1;
	}
	if( fd >= MAXCONN ) // too many
	{
		sClose(fd);
		return -1;
	}
	/* ropp:begin accept V H */
	if (mod_accept(fd, listen_fd))
		return -1;
	/* ropp:end accept */

#ifndef MINICORE
	if( !connect_check(peer(fd)) ) {
		sClose(fd);
		return -1;
	}
#endif

#ifndef SOCKET_EPOLL
	if( fd_max <= fd ) {
#else
	if( epoll_add(fd) ) {
#endif
		fd_max = fd + 1;
	}
	/* ropp:begin session V H */
	mod_before(fd);
	/* ropp:end session */
	create_session(fd,
		recv_to_fifo, send_from_fifo);
	session[fd]->client_addr = peer(fd);
	/* ropp:begin connected V H */
	mod_connected(fd);
	/* ropp:end connected */
	return fd;
}
END
diff "$dir/wanted" "$dir/got" || complain "the woven file is not as it should be"
[ "$(stat -c %a "$tree/src/common/socket.cpp")" = 640 ] || complain "the mode has changed"
sed -n 2p "$tree/src/common/mod.cpp" | grep -qx 'int ropp;' || complain "the copy is wrong"
head -n 1 "$tree/src/common/mod.cpp" | grep -q '^/\* ropp:file module ' || complain "the copy has no marker"
run 0 check "$tree" "${p[@]}"
has out "(#ifndef MINICORE)"

start "CRLF stays CRLF"
fresh c
run 0 apply "$tree" "${p[@]}"
! grep -qv $'\r$' "$tree/src/common/socket.c" || complain "a line ends otherwise"
fresh cpp
run 0 apply "$tree" "${p[@]}"
[ "$(grep -c $'\r$' "$tree/src/common/common.vcxproj")" = 9 ] || complain "the project file has other line ends"

start "a statement inside a line"
fresh c
run 0 apply "$tree" "${p[@]}"
tr -d '\r' <"$tree/src/common/socket.c" | grep -A3 'client_addr = 1;$' | tail -n +3 | head -n 1 | grep -q 'mod_connected(fd);' ||
    complain "the line is not broken behind the statement"

# -- refusals: the tree must stay as it is, and the message must help -------

# refused STATUS COMMAND TEXT ...: the command refuses, says these texts, and changes nothing
refused() {
    local status=$1 command=$2 text
    shift 2
    cp -a "$tree" "$dir/before"
    run "$status" "$command" "$tree" "${p[@]}"
    for text in "$@"; do
        has err "$text"
    done
    [ "$command" = diff ] || has err "ropp: "
    same "$tree" "$dir/before"
    rm -rf "$dir/before"
}

start "a missing function"
fresh cpp
sed -i 's/connect_client/connect_clients/' "$tree/src/common/socket.cpp"
refused 1 apply "hook 'accept' (the policy) finds no place" "src/common/socket.cpp" "similar: connect_clients (line" "socket.hook:9"
run 1 check "$tree" "${p[@]}"
has out "NO PLACE"
has out "hook guard"
has out ", 3 do not fit"
run 1 diff "$tree" "${p[@]}"
[ ! -s "$dir/out" ] || complain "a diff in spite of it"

start "a missing pattern"
fresh cpp
sed -i 's/recv_to_fifo/recv_to_queue/' "$tree/src/common/socket.cpp"
refused 1 apply "nothing in function connect_client" "its beginning 'create_session \\( fd ,' matches in line"

start "two places"
fresh cpp
sed -i 's/^\treturn fd;/\tsession[fd]->client_addr = 2;\n&/' "$tree/src/common/socket.cpp"
refused 1 apply "2 places in function connect_client"

start "a branch without braces"
fresh c
sed -i 's/^    sockt->session/    if (fd)\n        &/' "$tree/src/common/socket.c"
refused 1 apply "governed by the 'if'"

start "one bad hook keeps all others out, and all bad ones are named"
fresh cpp
sed -i 's/connect_check/check_connect/; s/MAXCONN/FD_SETSIZE/' "$tree/src/common/socket.cpp"
refused 1 apply "hook 'accept'" "hook 'guard'" "nothing was changed"

start "a missing file"
fresh cpp
rm "$tree/src/login/login.cpp"
refused 1 apply "none of these files is there: src/login/login.cpp, src/login/login.c"

start "an optional hook"
fresh cpp
rm "$tree/src/common/Makefile.in"
cp -a "$tree" "$dir/less"
run 0 check "$tree" "${p[@]}"
has out "left out: there may be no make"
run 0 apply "$tree" "${p[@]}"
run 0 revert "$tree" "${p[@]}"
same "$tree" "$dir/less"
rm -rf "$dir/less"

start "an optional hook with two places is an error all the same"
fresh cpp
printf 'COMMON_OBJ = x\n' >>"$tree/src/common/Makefile.in"
refused 1 apply "hook 'build-make'" "2 places"

start "an edited block"
fresh cpp
run 0 apply "$tree" "${p[@]}"
cp -a "$tree" "$dir/applied"
sed -i 's/mod_guard();/my_guard();/' "$tree/src/common/socket.cpp"
refused 1 revert "the inserted lines of hook 'guard' were edited" "src/common/socket.cpp:" "--force"
refused 1 apply "the inserted lines of hook 'guard' were edited"
run 1 status "$tree" "${p[@]}"
has out "edited"
run 0 apply "$tree" "${p[@]}" --force
same "$tree" "$dir/applied"
sed -i 's/mod_guard();/my_guard();/' "$tree/src/common/socket.cpp"
run 0 revert "$tree" "${p[@]}" --force
same "$tree" "$orig"
rm -rf "$dir/applied"

start "edits around the blocks are kept"
fresh cpp
run 0 apply "$tree" "${p[@]}"
sed -i 's/return ip != 0;/return ip > 1;/; 1i // mine' "$tree/src/common/socket.cpp"
sed -i 's/return ip != 0;/return ip > 1;/; 1i // mine' "$orig/src/common/socket.cpp"
run 0 status "$tree" "${p[@]}"
run 0 revert "$tree" "${p[@]}"
same "$tree" "$orig"

start "a damaged marker"
fresh cpp
run 0 apply "$tree" "${p[@]}"
sed -i '/ropp:end guard/d' "$tree/src/common/socket.cpp"
refused 1 revert "marker of ropp's is damaged" "src/common/socket.cpp:"
refused 1 apply "damaged" "a block begins inside the block 'guard' of line"
cp -a "$tree" "$dir/before"
run 1 revert "$tree" "${p[@]}" --force
same "$tree" "$dir/before"
rm -rf "$dir/before"

start "a foreign file where a copy goes"
fresh cpp
echo mine >"$tree/src/common/mod.cpp"
refused 1 apply "src/common/mod.cpp" "not by ropp"
cp -a "$tree" "$dir/before"
run 1 apply "$tree" "${p[@]}" --force
same "$tree" "$dir/before"
rm -rf "$dir/before"

start "an edited copy"
fresh cpp
run 0 apply "$tree" "${p[@]}"
echo 'int mine;' >>"$tree/src/common/mod.cpp"
refused 1 revert "this copy of ropp's was edited" "src/common/mod.cpp"
refused 1 apply "this copy of ropp's was edited"
run 0 revert "$tree" "${p[@]}" --force
same "$tree" "$orig"

start "a lost copy, a lost block"
fresh cpp
run 0 apply "$tree" "${p[@]}"
cp -a "$tree" "$dir/applied"
rm "$tree/src/common/mod.cpp"
cp "$orig/src/login/login.cpp" "$tree/src/login/login.cpp"
run 1 status "$tree" "${p[@]}"
run 0 apply "$tree" "${p[@]}"
same "$tree" "$dir/applied"
rm -rf "$dir/applied"

start "a file made by configure is left alone"
fresh cpp
run 0 apply "$tree" "${p[@]}"
cp "$tree/src/common/Makefile.in" "$tree/src/common/Makefile"
run 0 status "$tree" "${p[@]}"
run 0 revert "$tree" "${p[@]}"
has out "src/common/Makefile was made from src/common/Makefile.in"
grep -q mod.o "$tree/src/common/Makefile" || complain "the made file was changed"

# -- dialects ---------------------------------------------------------------

start "no tree of a known dialect"
rm -rf "$tree"
mkdir -p "$tree/src"
refused 1 apply "no tree that ropp knows" "Miniature C: no src/common/socket.c" "Miniature C++: no src/common/socket.cpp"
run 0 revert "$tree" "${p[@]}"

start "what a dialect must not have"
fresh cpp
touch "$tree/src/common/HPM.c"
refused 1 apply "Miniature C++: src/common/HPM.c is there"

start "two dialects"
cp -a "$hooks" "$dir/two"
printf 'name Both\nhas src\n' >"$dir/two/c/dialect"
fresh cpp
run 1 check "$tree" --patches "$dir/two"
has err "more than one dialect"
run 0 check "$tree" --patches "$dir/two" --dialect cpp
run 0 check "$tree" --patches="$dir/two" --dialect=cpp
run 1 check "$tree" --patches "$dir/two" --dialect pascal
has err "there are: athena, c, cpp"
rm -rf "$dir/two"

# -- hook files -------------------------------------------------------------

start "mistakes in hook files"
mkdir -p "$dir/bad/cpp"
cp "$hooks/cpp/dialect" "$dir/bad/cpp"
printf 'hook a\nwhy b\nfile ../c\nat noon\ninsert\n| x\nend\n' >"$dir/bad/cpp/a.hook"
printf 'hook b\nwhy b\nfile a.c\nat after (\ninsert\n| x\nend\n' >"$dir/bad/cpp/b.hook"
fresh cpp
run 2 check "$tree" --patches "$dir/bad"
has err "ropp: $dir/bad/cpp/a.hook:3: "
has err "ropp: $dir/bad/cpp/a.hook:4: "
has err "ropp: $dir/bad/cpp/b.hook:4: the pattern '(' is wrong at its character 2"
same "$tree" "$orig"

start "lines that belong to no hook"
{
    printf 'stray\nmore\n'
    printf 'hook a\nwhy b\nfile a.c\nat start\ninsert\n| x\nend\n'
    printf 'astray\n'
} >"$dir/bad/cpp/a.hook"
run 2 check "$tree" --patches "$dir/bad"
has err "a.hook:1: 'stray' outside of a hook"
has_no err "'more' outside"
has err "a.hook:10: 'astray' outside of a hook"

start "one name twice"
printf 'hook a\nwhy b\nfile a.c\nat start\ninsert\n| x\nend\n' >"$dir/bad/cpp/a.hook"
cp "$dir/bad/cpp/a.hook" "$dir/bad/cpp/b.hook"
run 2 check "$tree" --patches "$dir/bad"
has err "b.hook:1: the name 'a' is taken already"

start "no dialect file"
rm "$dir/bad/cpp/b.hook" "$dir/bad/cpp/dialect"
run 2 check "$tree" --patches "$dir/bad"
has err "without a 'dialect' file"
run 2 check "$tree" --patches "$dir/nowhere"
has err "cannot open the folder of hook files: $dir/nowhere: "
mkdir "$dir/empty"
run 2 check "$tree" --patches "$dir/empty"
has err "no hook files"
rm -rf "$dir/bad" "$dir/empty"

# -- facts ------------------------------------------------------------------

# facts VALUE: hooks with a fact, and the header it goes to; the fact is in a literal of connect_client.
facts() {
    rm -rf "$dir/facts"
    cp -a "$hooks" "$dir/facts"
    cat >"$dir/facts/cpp/facts.hook" <<'END'
fact what-it-shows
    why      the words that the emulator shows
    file     src/common/socket.cpp
    in       function connect_client
    match    show\("(?<words>[^":\\]+):
    value    "${words}"
END
    [ -z "${1-}" ] || echo "    default  $1" >>"$dir/facts/cpp/facts.hook"
    cat >>"$dir/facts/cpp/facts.hook" <<'END'
end

copy facts
    why   what was found out
    facts
    to    src/common/facts.h
end
END
}

start "a fact"
fresh cpp
facts
p=(--patches "$dir/facts")
run 0 check "$tree" "${p[@]}"
has out 'fact what-it-shows'
has out '"connect_client"  src/common/socket.cpp:'
has out 'in connect_client'
has_no out 'hook what-it-shows'
run 0 check "$tree" "${p[@]}" --json
has out '{"kind": "fact", "name": "what-it-shows", "state": "fits", "file": "src/common/socket.cpp", "line": '
has out '"value": "\"connect_client\""}'
same "$tree" "$orig"
run 0 apply "$tree" "${p[@]}"
grep -qx '#define ROPP_TREE_WHAT_IT_SHOWS "connect_client"' "$tree/src/common/facts.h" || complain "the fact is not in the header"
head -n 1 "$tree/src/common/facts.h" | grep -q '^/\* ropp:file facts ' || complain "the header has no marker"
echo 'int x = sizeof ROPP_TREE_WHAT_IT_SHOWS;' | cat "$tree/src/common/facts.h" - | ${CC:-cc} -fsyntax-only -x c - || complain "the header is no C"
run 0 check "$tree" "${p[@]}"
line=$(grep -F 'fact what-it-shows' "$dir/out" | sed 's/.*socket\.cpp:\([0-9]*\).*/\1/')
sed -n "${line}p" "$tree/src/common/socket.cpp" | grep -q 'show("connect_client: ' || complain "it is not in line $line"

start "a tree's own bytes give no orders to a terminal"
cp -p "$tree/src/common/socket.cpp" "$dir/before"
sed -i $'s/"connect_client: create/"connect\033[2J: create/' "$tree/src/common/socket.cpp"
run 0 check "$tree" "${p[@]}"
has out '"connect?[2J"'
has_no out $'\033'
mv "$dir/before" "$tree/src/common/socket.cpp"

start "a fact: apply twice equals once, status, revert"
cp -a "$tree" "$dir/once"
run 0 apply "$tree" "${p[@]}"
has out "up to date"
same "$tree" "$dir/once"
rm -rf "$dir/once"
run 0 status "$tree" "${p[@]}"
has out "up to date"

start "a fact that has changed"
sed -i 's/"connect_client: create/"Verbindung: create/' "$tree/src/common/socket.cpp"
run 1 status "$tree" "${p[@]}"
has out "not as ropp"
run 0 apply "$tree" "${p[@]}"
grep -qx '#define ROPP_TREE_WHAT_IT_SHOWS "Verbindung"' "$tree/src/common/facts.h" || complain "the header is the old one"
sed -i 's/"Verbindung: create/"connect_client: create/' "$tree/src/common/socket.cpp"
echo '// mine' >>"$tree/src/common/facts.h"
refused 1 revert "this copy of ropp's was edited" "src/common/facts.h"
run 0 revert "$tree" "${p[@]}" --force
same "$tree" "$orig"

start "a fact that the tree does not show"
fresh cpp
sed -i 's/show("connect_client: /show(words, "/' "$tree/src/common/socket.cpp"
cp -a "$tree/." "$orig/"
run 1 apply "$tree" "${p[@]}" --dialect cpp
has err "fact 'what-it-shows' (the words that the emulator shows) finds no place: $tree/src/common/socket.cpp: nothing in function connect_client"
same "$tree" "$orig"
facts '"nothing"'
run 0 check "$tree" "${p[@]}"
has out '"nothing"  by default: nothing in function connect_client'
run 0 check "$tree" "${p[@]}" --json
has out '"state": "default"'
run 0 apply "$tree" "${p[@]}"
grep -qx '#define ROPP_TREE_WHAT_IT_SHOWS "nothing"' "$tree/src/common/facts.h" || complain "the header has no default"
run 0 revert "$tree" "${p[@]}"
same "$tree" "$orig"

start "a fact that two builds of a tree say, the same or each another"
fresh cpp
facts '"nothing"'
sed -i 's/show("connect_client: .*/#ifdef DEBUG\n&\n#else\n&\n#endif/' "$tree/src/common/socket.cpp"
run 0 check "$tree" "${p[@]}"
has out 'fact what-it-shows  "connect_client"  src/common/socket.cpp:'
sed -i '0,/show("connect_client: /s//show("elsewhere: /' "$tree/src/common/socket.cpp"
run 0 check "$tree" "${p[@]}"
has out '"nothing"  by default: 2 places in function connect_client'
rm -rf "$dir/facts"
fresh cpp
p=(--patches "$hooks")

# copies LINE...: hooks with one more copy
copies() {
    rm -rf "$dir/copies"
    cp -a "$hooks" "$dir/copies"
    printf '%s\n' '' 'copy again' 'why again' 'from mod.c' "$@" 'end' >>"$dir/copies/cpp/build.hook"
}

start "two copies for one file"
copies 'to src/common/mod.cpp'
fresh cpp
run 1 check "$tree" --patches "$dir/copies"
has err 'another copy goes there'
has out ', 1 does not fit'
run 1 apply "$tree" --patches "$dir/copies"
same "$tree" "$orig"

start "a copy that depends on what cannot be looked at"
copies 'to src/common/again.cpp when src/loop/a.cpp'
fresh cpp
ln -s loop "$tree/src/loop"
ln -s loop "$orig/src/loop"
run 1 check "$tree" --patches "$dir/copies"
has err 'src/loop'
run 1 apply "$tree" --patches "$dir/copies"
same "$tree" "$orig"

start "a copy that is no more"
copies 'to src/common/again.cpp'
fresh cpp
run 0 apply "$tree" --patches "$dir/copies"
run 0 diff "$tree" "${p[@]}"
has out 'deleted file mode'
has out '--- a/src/common/again.cpp'
cp -a "$tree" "$dir/by-patch"
patch -s -p1 --binary -d "$dir/by-patch" <"$dir/out" || complain 'patch -p1 refuses the diff'
run 0 apply "$tree" "${p[@]}"
same "$tree" "$dir/by-patch"
rm -rf "$dir/by-patch" "$dir/copies"
fresh cpp

start "a copy of a file that is not there"
cp -a "$hooks" "$dir/less"
rm "$dir/less/mod.c"
run 1 apply "$tree" --patches "$dir/less"
has err "no file 'mod.c' in $dir/less or in ropp itself"
same "$tree" "$orig"
rm -rf "$dir/less"

# -- odd trees --------------------------------------------------------------

start "symbolic links"
fresh cpp
mv "$tree/src/login/login.cpp" "$dir/elsewhere.cpp"
ln -s "$dir/elsewhere.cpp" "$tree/src/login/login.cpp"
cp "$dir/elsewhere.cpp" "$dir/elsewhere.orig"
refused 1 apply "src/login/login.cpp is a symbolic link"
cmp "$dir/elsewhere.cpp" "$dir/elsewhere.orig" || complain "written through a link"
fresh cpp
mv "$tree/src/login" "$dir/login"
ln -s "$dir/login" "$tree/src/login"
refused 1 apply "src/login is a symbolic link"
rm -rf "$dir/login"
fresh cpp
mv "$tree/src" "$tree/source"
ln -s source "$tree/src"
refused 1 apply "src is a symbolic link"
run 1 apply "$tree" "${p[@]}" --dialect cpp
has err "src is a symbolic link"
[ ! -e "$tree/source/common/mod.cpp" ] || complain "written through a link"
fresh cpp
ln -s "$tree" "$dir/link"
run 0 apply "$dir/link" "${p[@]}"
run 0 revert "$dir/link/" "${p[@]}"
same "$tree" "$orig"
rm "$dir/link"
fresh cpp
ln -s /etc/passwd "$tree/src/common/mod.cpp"
refused 1 apply "src/common/mod.cpp is a symbolic link"

start "folders, pipes and binary files in the place of files"
fresh cpp
rm "$tree/src/login/login.cpp"
mkdir "$tree/src/login/login.cpp"
refused 1 apply "src/login/login.cpp is a folder"
fresh cpp
rm "$tree/src/login/login.cpp"
mkfifo "$tree/src/login/login.cpp"
run 1 apply "$tree" "${p[@]}"
has err "is something special"
fresh cpp
printf 'a\0b\n' >>"$tree/src/login/login.cpp"
refused 1 apply "NUL bytes"
fresh cpp
truncate -s 17M "$tree/src/login/login.cpp"
refused 1 apply "larger than 16 MiB"
fresh cpp
run 0 apply "$tree" "${p[@]}"
deep=$tree/src/login/$(printf 'd/%.0s' {1..20})
mkdir -p "$deep"
mv "$tree/src/login/login.cpp" "$deep/was.cpp"
cp -p "$orig/src/login/login.cpp" "$tree/src/login/login.cpp"
printf '%*s\n' "$(((16 << 20) - $(wc -c <"$deep/was.cpp") - 1))" '' >>"$deep/was.cpp"
run 0 revert "$tree" "${p[@]}"
! grep -q ropp:begin "$deep/was.cpp" || complain "a file of 16 MiB, twenty folders down, keeps its lines"
fresh cpp
: >"$tree/src/login/login.cpp"
refused 1 apply "no definition"

start "no tree at all"
run 2 check "$dir/nowhere" "${p[@]}"
has err "no such folder: $dir/nowhere"
run 2 check "$dir/hooks/mod.c" "${p[@]}"
has err "not a folder"

# -- usage ------------------------------------------------------------------

start "usage"
fresh cpp
run 2
run 2 frob "$tree"
has err "no such command: patch frob"
run 2 check
has err "no tree"
run 2 check "$tree" more
run 2 check "$tree" --colour
has err "no such option: --colour"
run 2 check "$tree" --patches
has err "no value: --patches"
run 2 diff "$tree" --json
run 0 --help
has out "usage: ropp patch"
run 0 check --help

start "JSON"
if command -v jq >/dev/null; then
    fresh cpp
    # result COMMAND STATUS WANTED
    result() {
        run "$2" "$1" "$tree" "${p[@]}" --json
        [ "$(jq -r .result "$dir/out")" = "$3" ] || complain "$1: $(cat "$dir/out")"
    }
    result check 0 fits
    result status 1 not-applied
    result apply 0 applied
    [ "$(jq '[.files[] | select(.change == "created")] | length' "$dir/out")" = 1 ] || complain "$(cat "$dir/out")"
    result apply 0 up-to-date
    result status 0 up-to-date
    sed -i 's/mod_guard/my_guard/' "$tree/src/common/socket.cpp"
    result status 1 edited
    result apply 1 refused
    result revert 1 refused
    sed -i 's/my_guard/mod_guard/' "$tree/src/common/socket.cpp"
    result revert 0 reverted
    result revert 0 not-applied
    sed -i 's/MAXCONN/"\\/' "$tree/src/common/socket.cpp"
    result check 1 refused
else
    echo 'left out: the JSON of every command (needs jq)'
fi

start "names with blanks and signs"
mkdir "$dir/a b'\$"
tree_cpp "$dir/a b'\$/t"
run 0 apply "$dir/a b'\$/t" "${p[@]}"
run 0 status "$dir/a b'\$/t" "${p[@]}"
(cd "$dir/a b'\$/t" && run 0 revert . "${p[@]}")
same "$dir/a b'\$/t" "$orig"

start "two runs at once"
fresh cpp
for i in 1 2 3 4 5 6 7 8; do
    if [ $((i % 2)) = 0 ]; then command=apply; else command=revert; fi
    "$ropp" patch "$command" "$tree" "${p[@]}" >"$dir/out.$i" 2>&1 &
    pids[i]=$!
done
for i in 1 2 3 4 5 6 7 8; do
    wait "${pids[i]}" || complain "run $i: $(cat "$dir/out.$i")"
done
run 0 revert "$tree" "${p[@]}"
same "$tree" "$orig"

summary "ropp patch"
