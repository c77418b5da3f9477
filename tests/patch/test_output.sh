#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# All that `ropp patch` prints and writes, on a small tree, held against outputs.txt. When that is
# meant to change, this renews it: RENEW=yes tests/patch/test_output.sh; look at the difference.
set -euo pipefail

# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
wanted=$(cd "${srcdir:-.}" && pwd)/tests/patch/outputs.txt
got=$dir/got
tree=tree
version=$("$ropp" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
umask 022
mkdir "$dir/work"
cd "$dir/work"
: >"$got"

# say ARGUMENT...: runs `ropp patch`, and adds what it prints, and how it ends
say() {
    local status=0
    "$ropp" patch "$@" >"$dir/out" 2>"$dir/err" || status=$?
    {
        printf '$ ropp patch %s\n' "$*"
        sed '/^{/s/}, {/},\n{/g' "$dir/out"
        sed 's/^/! /' "$dir/err"
        [ "$status" = 0 ] || echo "? $status"
    } >>"$got"
}

# part TITLE
part() {
    start "$1"
    printf '\n== %s ==\n' "$1" >>"$got"
}

# look FILE...: adds what is in these files
look() {
    local file
    for file in "$@"; do
        printf -- '-- %s\n' "$file" >>"$got"
        sed 's/\r$/<CR>/' "$file" >>"$got"
    done
}

# files: adds the names of all files, with their modes
files() {
    echo '-- all files' >>"$got"
    (cd "$tree" && find . -mindepth 1 -printf '%P %m %y\n' | sort) >>"$got"
}

tree_mini() { # FOLDER
    mkdir -p "$1/src/common" "$1/src/login" "$1/src/char" "$1/src/map" "$1/conf"
    cat >"$1/src/common/socket.c" <<'END'
#include "socket.h"

static const char *title = "Mini \"2\"";
static int limit = 4096;

#ifdef EPOLL
#ifndef SMALL
int connect_client(int listen_fd, struct sockaddr *address)
{
	int fd = accept(listen_fd, address, 0);

	if (fd < 0)
		return -1;
	log_peer(inet_ntoa(address->sin_addr), fd); log_peer(inet_ntoa(other), fd);
	return fd;
}
#endif
#else
void none(void) { }
#endif

void do_final(void) { close_all(); }
END
    printf '#include "login.h"\r\n\r\nint login_config_read(const char *name)\r\n{\r\n  return 0;\r\n}\r\n' >"$1/src/login/login.c"
    printf 'int char_config_read(const char *name) { return 1; }' >"$1/src/char/char.c"
    printf 'int map_config_read(const char *name) {\n    return 2;\n}\n\nint inet_ntoa_of_map(void) { return inet_ntoa(3); }\n' >"$1/src/map/map.c"
    printf '// inet_ntoa(4)\nint inet_ntoa(5);\n' >"$1/src/ropp_mine.c"
    printf 'inet_ntoa(6)\n' >"$1/src/notes.txt"
    printf 'inet_ntoa(7)\n' >"$1/src/a.mk"
    for name in z b d a c; do printf 'inet_ntoa(8)\n' >"$1/src/$name.h"; done
    printf 'OBJ = a.o \\\n\tb.o\n' >"$1/src/common/Makefile.in"
    printf 'set(SRC\n  a.c\n)\n' >"$1/src/common/CMakeLists.txt"
    printf 'port: 1\n' >"$1/conf/net.conf"
    chmod -R u=rwX,go= "$1"
    chmod 640 "$1/src/login/login.c"
}

hooks() {
    rm -rf own
    mkdir -p own/mini
    printf 'int module;\n' >own/module.c
    cat >own/mini/dialect <<'END'
name Mini Emulator
has src/common/socket.c
lacks src/common/HPM.c | src/common/socket.cpp
feature chat players do not see each other's names
feature trade nobody trades
END
    cat >own/mini/a.hook <<'END'
hook accept
    why       who is let in
    file      src/common/socket.cpp | src/common/socket.c
    in        function connect_client
    signature \( int (?<listener> \w+ ) ,
    at        after int (?<fd> \w+ ) = accept
    insert
        | if (!ropp_accept(${fd}, ${listener}))
        |     return -2;
end

hook config
    why  the settings
    each src/login/login.c | src/char/char.c | src/map/map.c
    in   function /(login|char|map)_config_read/
    at   start
    insert
        | ropp_config(name);
end

hook none
    why      what few trees have
    each     src/login/login.c | src/char/char.c | src/none.c
    in       function not_there
    at       end
    optional older trees have none
    insert
        | ropp_none();
end

hook extra
    why  what is beside extra.c
    file src/common/socket.c
    when src/extra.c | src/more.c
    at   end
    insert
        | int ropp_extra;
end

hook chat
    why     the names
    feature chat
    file    src/common/socket.c
    in      function do_final
    at      end
    insert
        | ropp_chat();
end

hook shape
    why  one of two
    file src/common/socket.c
    in   function do_init
    at   start
    insert
        | ropp_init();
or
    in   function none
    at   start
    insert
        | ropp_none();
end

hook net
    why  a setting
    file conf/net.conf
    at   after-line ^port
    insert
        | proxy: on
end

trap address
    why   this shows the proxy's address
    word  inet_ntoa
    match \b inet_ntoa \( (?! other )
    but   src/login/login.c
end
END
    cat >own/mini/b.hook <<'END'
fact title
    why     what it is called
    file    src/common/socket.c
    match   title = (?<text> "[^;]*" ) ;
    value   ${text}
end

fact limit
    why     how many there may be
    file    src/common/socket.c
    in      function do_final
    match   limit = (?<number> \d+ )
    value   ${number}
    default 77
end

copy module
    why  the module
    from module.c
    to   src/common/ropp.cpp when src/common/socket.cpp
    to   src/common/ropp.c
end

copy facts
    why  what was found out
    facts
    to   src/common/ropp_tree.h
end

copy more
    why      what is for C++
    from     module.c
    to       src/common/more.cpp when src/common/socket.cpp
    optional only for C++
end

hook build-make
    why   the module, by make
    build make
    file  src/common/Makefile.in
    at    after ^OBJ =
    insert
        | OBJ += ropp.o
end

hook build-cmake
    why   the module, by cmake
    build cmake
    file  src/common/CMakeLists.txt
    at    after-line ^ \s+ a\.c
    insert
        | ropp.c
end

hook build-vs
    why   the module, by Visual Studio
    build vs
    file  vs/common.vcxproj | vs/common.vcproj
    at    after-line "a\.c"
    insert
        | <x/>
end
END
}

anew() {
    chmod -R u+rwx "$tree" 2>/dev/null || true
    rm -rf "$tree"
    tree_mini "$tree"
    hooks
}
p=(--patches own)

# -- from the beginning to the end -------------------------------------------

part 'before'
anew
say status $tree "${p[@]}"
say status $tree "${p[@]}" --json
say revert $tree "${p[@]}"
say revert $tree "${p[@]}" --json
say check $tree "${p[@]}"
say check $tree "${p[@]}" --json
say diff $tree "${p[@]}"
files

part 'apply'
say apply $tree "${p[@]}"
files
look $tree/src/common/socket.c $tree/src/login/login.c $tree/src/char/char.c $tree/src/map/map.c \
    $tree/src/common/Makefile.in $tree/src/common/CMakeLists.txt $tree/conf/net.conf \
    $tree/src/common/ropp.c $tree/src/common/ropp_tree.h

part 'behind'
say apply $tree "${p[@]}"
say apply $tree "${p[@]}" --json
say status $tree "${p[@]}"
say status $tree "${p[@]}" --json
say status $tree
say check $tree "${p[@]}"
say check $tree "${p[@]}" --json
say diff $tree "${p[@]}"

part 'other hooks'
sed -i 's/ropp_config(name)/ropp_settings(name)/; /^hook chat/,/^end/d' own/mini/a.hook
printf 'int other;\n' >own/module.c
say status $tree "${p[@]}"
say status $tree "${p[@]}" --json
say diff $tree "${p[@]}"
say apply $tree "${p[@]}" --json
say revert $tree "${p[@]}" --json
files
tree_mini orig
same orig "$tree"
say apply $tree "${p[@]}" --dialect mini
say revert $tree "${p[@]}"
same orig "$tree"

# -- what is left out ---------------------------------------------------------

part 'without'
anew
say check $tree "${p[@]}" --without chat
say apply $tree "${p[@]}" --without chat --without trade
tail -n 12 $tree/src/common/ropp_tree.h >"$dir/tail"
look "$dir/tail"
say status $tree "${p[@]}"
say check $tree "${p[@]}"
say check $tree "${p[@]}" --without none
say check $tree "${p[@]}" --without=none --without chat --json
say apply $tree "${p[@]}" --without none
say check $tree "${p[@]}" --without cha
say check $tree "${p[@]}" --dialect mini --without chats
say revert $tree "${p[@]}"
same orig "$tree"

part 'what is made from another file'
anew
cp $tree/src/common/Makefile.in $tree/src/common/Makefile
say apply $tree "${p[@]}"
cp $tree/src/common/Makefile.in $tree/src/common/Makefile
say revert $tree "${p[@]}"
grep -c ropp: $tree/src/common/Makefile >>"$got"

part 'no build'
anew
rm $tree/src/common/Makefile.in $tree/src/common/CMakeLists.txt
say check $tree "${p[@]}"
say check $tree "${p[@]}" --json
say apply $tree "${p[@]}"
printf 'set(SRC\n  b.c\n)\n' >$tree/src/common/CMakeLists.txt
say check $tree "${p[@]}"

# -- what does not fit --------------------------------------------------------

part 'one hook without a place'
anew
sed -i 's/do_final/do_end/' $tree/src/common/socket.c
say check $tree "${p[@]}" --json
say apply $tree "${p[@]}"
say diff $tree "${p[@]}"
say status $tree "${p[@]}"

part 'three without a place'
sed -i 's/= accept/= take/' $tree/src/common/socket.c
sed -i 's/port/ports/' $tree/conf/net.conf
sed -i 's/^port/port/; s/\^port/^port:/' own/mini/a.hook
say apply $tree "${p[@]}"

part 'four without a place'
rm $tree/src/map/map.c
sed -i 's/char_config_read/char_config/' $tree/src/char/char.c
say check $tree "${p[@]}"

part 'all kinds of places, by hand'
anew
cat >own/mini/c.hook <<'END'
hook kinds
    why  of every kind
    file src/common/socket.c
    in   function nowhere
    at   start
    insert
        | ropp_1();
        |     ropp_2();
end
END
say apply $tree "${p[@]}"
for at in 'at end' 'at before xyz' 'at after xyz' 'at before-line xyz' 'at after-line xyz'; do
    sed -i "s/^    at .*/    $at/" own/mini/c.hook
    say apply $tree "${p[@]}"
done
sed -i 's,^    in .*,    in   function /now\\w+/,' own/mini/c.hook
say apply $tree "${p[@]}"
sed -i '/^    in /d' own/mini/c.hook
say apply $tree "${p[@]}"
sed -i 's/^    file .*/&\n    in   function connect_client\n    case 0x64/' own/mini/c.hook
say apply $tree "${p[@]}"
rm own/mini/c.hook

part 'facts and copies that do not fit'
anew
sed -i 's/title/heading/' $tree/src/common/socket.c
say apply $tree "${p[@]}"
anew
rm own/module.c
say apply $tree "${p[@]}"
anew
sed -i 's,to   src/common/ropp\.c$,to   src/other/ropp.c,' own/mini/b.hook
say apply $tree "${p[@]}"
anew
sed -i 's,to   src/common/ropp\.c$,to   src/other/ropp.c when src/other,' own/mini/b.hook
say apply $tree "${p[@]}"
say check $tree "${p[@]}"
anew
sed -i 's,to   src/common/ropp\.c$,to   src/map/map.c,' own/mini/b.hook
say apply $tree "${p[@]}"
anew
sed -i 's,to   src/common/ropp\.c$,to   src/common/ropp_tree.h,' own/mini/b.hook
say check $tree "${p[@]}"

part 'files that do not fit'
anew
printf 'a\0b\n' >>$tree/src/map/map.c
say apply $tree "${p[@]}"
anew
rm $tree/src/map/map.c
ln -s ../char/char.c $tree/src/map/map.c
say apply $tree "${p[@]}"
rm $tree/src/map/map.c
mkdir $tree/src/map/map.c
say apply $tree "${p[@]}"
rmdir $tree/src/map/map.c
mkfifo $tree/src/map/map.c
say apply $tree "${p[@]}"
rm $tree/src/map/map.c
say check $tree "${p[@]}"
mv $tree/src/map $tree/other
ln -s ../other $tree/src/map
say check $tree "${p[@]}"
anew
rm $tree/conf/net.conf
truncate -s 16777217 $tree/conf/net.conf
say apply $tree "${p[@]}"

# -- edits --------------------------------------------------------------------

part 'edits'
anew
say apply $tree "${p[@]}" --json
cp -a $tree applied
sed -i 's/ropp_chat();/my_chat();/' $tree/src/common/socket.c
sed -i 's/return -2;/return -3;/' $tree/src/common/socket.c
say status $tree "${p[@]}"
say status $tree "${p[@]}" --json
say apply $tree "${p[@]}"
say apply $tree "${p[@]}" --json
say revert $tree "${p[@]}"
say check $tree "${p[@]}"
say diff $tree "${p[@]}"
say apply $tree "${p[@]}" --force
same applied $tree
echo 'int mine;' >>$tree/src/common/ropp.c
say status $tree "${p[@]}"
say revert $tree "${p[@]}"
say check $tree "${p[@]}" --force
say apply $tree "${p[@]}" --force
same applied $tree
sed -i '/ropp:end chat/d' $tree/src/common/socket.c
say status $tree "${p[@]}"
say apply $tree "${p[@]}" --force
say revert $tree "${p[@]}" --force
rm -rf applied

part 'something of that name is there'
anew
echo mine >$tree/src/common/ropp.c
say apply $tree "${p[@]}" --force
say check $tree "${p[@]}"

# -- which tree ---------------------------------------------------------------

part 'which dialect'
anew
say check $tree "${p[@]}" --dialect no-such
cp -a own/mini own/other
sed -i 's/^name .*/name Another/; s/^has .*/has src/' own/other/dialect
say check $tree "${p[@]}"
say check $tree "${p[@]}" --dialect other
sed -i 's/^hook chat/hook chats/; s/in      function do_final/in      function nowhere/' own/other/a.hook
say status $tree "${p[@]}"
rm -rf own/other
touch $tree/src/common/HPM.c
say status $tree "${p[@]}"
say check nowhere "${p[@]}"
say check own/module.c "${p[@]}"
rm -rf own
say check $tree "${p[@]}"
mkdir own
say check $tree "${p[@]}"
mkdir own/mini
echo 'hook a' >own/mini/a.hook
say check $tree "${p[@]}"
hooks
echo 'nonsense' >>own/mini/dialect
say check $tree "${p[@]}"
hooks
cp own/mini/a.hook own/mini/c.hook
say check $tree "${p[@]}"
hooks
rm own/mini/dialect
say check $tree "${p[@]}"
hooks
truncate -s 1048577 own/mini/c.hook
say check $tree "${p[@]}"
truncate -s 1048576 own/mini/c.hook
say check $tree "${p[@]}"

# -- adopt --------------------------------------------------------------------

part 'adopt'
anew
sed -i 's/do_final/do_end/' $tree/src/common/socket.c
rm -rf orig
cp -a $tree orig
sed -i 's/close_all();/close_all();\n\t  ropp_chat();\n/' $tree/src/common/socket.c
for place in '' 23 : :23 src/common/socket.c src/common/socket.c: src/common/socket.c:0 src/common/socket.c:x \
    src/common/socket.c:24x src/common/socket.c:24- src/common/socket.c:24-23 src/common/socket.c:24-x \
    src/common/socket.c:99999999999999999999 src/common/socket.c:26 src/common/socket.c:23 src/common/socket.c:24-99 \
    src/common/socket.c:24-25x src/common/none.c:1 src/common/Makefile.in:1 conf/net.c:1 src:1 src/login:1 src/common.c/x.c:1; do
    say adopt $tree chat "$place" "${p[@]}"
done
say adopt $tree nothing src/common/socket.c:24 "${p[@]}"
say adopt $tree title src/common/socket.c:24 "${p[@]}"
say adopt $tree accept src/common/socket.c:24 "${p[@]}"
say adopt $tree chat src/common/socket.c:24 "${p[@]}"
look $tree/src/common/socket.c
say adopt $tree chat src/common/socket.c:25 "${p[@]}"
say adopt $tree chat src/common/socket.c:24-26 "${p[@]}"
say check $tree "${p[@]}"
say check $tree "${p[@]}" --json
say apply $tree "${p[@]}"
say status $tree "${p[@]}"
sed -i 's/  ropp_chat();/ropp_chat(1);/' $tree/src/common/socket.c
say status $tree "${p[@]}"
say apply $tree "${p[@]}"
say apply $tree "${p[@]}" --force
look $tree/src/common/socket.c
sed -i 's/| ropp_chat();/| ropp_chat(0);/' own/mini/a.hook
say apply $tree "${p[@]}"
sed -i 's/| ropp_chat(0);/| ropp_chat();/' own/mini/a.hook
sed -i '/ropp:end chat/d' $tree/src/common/socket.c
say adopt $tree chat src/common/socket.c:24 "${p[@]}"

part 'adopt at the top of the tree'
anew
printf 'int a;\nropp_top();\n' >$tree/top.c
cat >own/mini/c.hook <<'END'
hook top
    why  a file at the top
    file top.c
    in   function nowhere
    at   start
    insert
        | ropp_top();
end
END
say adopt $tree top src/common/socket.c:1 "${p[@]}"
say adopt $tree top Makefile:2 "${p[@]}"
say adopt $tree top top.c:1 "${p[@]}"
say adopt $tree top top.c:2 "${p[@]}"
look $tree/top.c
say revert $tree "${p[@]}"
look $tree/top.c
rm own/mini/c.hook

part 'adopt lines that differ'
anew
sed -i 's/int fd = accept/int sock = take/; s/^\treturn fd;/\tif (!ropp_accept(sock, listen_fd))\n\t\treturn -2;\n&/' $tree/src/common/socket.c
say apply $tree "${p[@]}"
line() { # TEXT: line 15 of the file
    sed -i "15s/.*/\t$1/" $tree/src/common/socket.c
}
say adopt $tree accept src/common/socket.c:16 "${p[@]}"
say adopt $tree accept src/common/socket.c:14 "${p[@]}"
say adopt $tree accept src/common/socket.c:15-17 "${p[@]}" --dialect nothing
# shellcheck disable=SC2016 # not for the shell
line 'if (!ropp_accept(${fd}, listen_fd))'
say adopt $tree accept src/common/socket.c:15-16 "${p[@]}"
say adopt $tree accept src/common/socket.c:15 "${p[@]}"
line 'if (!ropp_other(sock, listen_fd))'
say adopt $tree accept src/common/socket.c:15-16 "${p[@]}"
line 'if (!ropp_accep(sock, listen_fd))'
say adopt $tree accept src/common/socket.c:15-16 "${p[@]}"
line ''
say adopt $tree accept src/common/socket.c:15 "${p[@]}"
line 'if (!ropp_accept(sock, listen_fd)) return -2;'
say adopt $tree accept src/common/socket.c:15-15 "${p[@]}"
look $tree/src/common/socket.c
sed -i '/ropp:/d' $tree/src/common/socket.c
line 'if (!ropp_accept(sock, listen_fd))'
say adopt $tree accept src/common/socket.c:15 "${p[@]}"
say revert $tree "${p[@]}"
look $tree/src/common/socket.c

# -- after an interrupted run ---------------------------------------------------

# journal STAGE LINE...: what an interrupted run has left
journal() {
    rm -rf $tree/.ropp-journal
    mkdir $tree/.ropp-journal
    [ $# = 0 ] || { local stage=$1; shift; printf '%s\n' "$@" >"$tree/.ropp-journal/$stage"; }
}
title='ropp-journal 1'
part 'an interrupted run'
anew
map=src/map/map.c
journal
say status $tree "${p[@]}"
journal prepare
say status $tree "${p[@]}"
journal prepare "$title" "replace 1 $map"
say status $tree "${p[@]}"
files
echo new >$tree/src/map/.ropp-0.new
ln $tree/$map $tree/src/map/.ropp-0.old
journal prepare "$title" "replace 1 $map" end
say status $tree "${p[@]}"
files
for log in x 'ropp-journal 2' "$title
replace 1 $map
" "$title
replaces 1 $map
end" "$title
replace x $map
end" "$title
replace  $map
end" "$title
replace 1 /$map
end" "$title
replace 1
end" "$title
replace 1x $map
end"; do
    journal commit "$log"
    say status $tree "${p[@]}"
done
printf 'ropp-journal 1\nend' >$tree/.ropp-journal/commit
say status $tree "${p[@]}"
printf 'ropp-journal 1\0\nend\n' >$tree/.ropp-journal/commit
say status $tree "${p[@]}"
printf 'ropp-journal 1\nend\n' >$tree/.ropp-journal/commit
say status $tree "${p[@]}"

part 'a run that was interrupted while names were switched'
hash=e54954baa03a5941 # of "new", which would have been written
switched() {
    mv $tree/$map $tree/src/map/.ropp-0.old
    echo new >$tree/$map
    echo made >$tree/src/map/made.c
    mv $tree/conf/net.conf $tree/conf/.ropp-2.old
}
switched
journal commit "$title" "replace $hash $map" 'create 0 src/map/made.c' 'remove 0 conf/net.conf' end
say status $tree "${p[@]}"
files
say status $tree "${p[@]}" --force
files
switched
journal commit "$title" "replace $hash $map" "create $hash src/map/made.c" 'remove 0 conf/net.conf' end
echo new >$tree/src/map/made.c
say status $tree "${p[@]}"
files
switched
journal commit "$title" "replace 0 $map" "create $hash src/map/made.c" 'remove 0 conf/net.conf' end
say status $tree "${p[@]}"
say status $tree "${p[@]}" --force
switched
echo mine >$tree/conf/net.conf
journal commit "$title" "replace $hash $map" "create 0 src/map/made.c" 'remove 0 conf/net.conf' end
echo new >$tree/src/map/.ropp-1.new
say status $tree "${p[@]}"
say status $tree "${p[@]}" --force
files
rm -f $tree/src/map/made.c
journal commit "$title" "replace 1 src/gone/map.c" "replace 1 $map" end
say status $tree "${p[@]}"
switched
rm $tree/src/map/made.c
journal "done" "$title" "replace $hash $map" 'create 0 src/map/made.c' 'remove 0 conf/net.conf' end
say status $tree "${p[@]}"
files
rm -rf $tree/.ropp-journal
echo file >$tree/.ropp-journal
say status $tree "${p[@]}"
say apply $tree "${p[@]}"
rm $tree/.ropp-journal
mkdir $tree/.ropp-journal
mkdir $tree/.ropp-journal/commit
say status $tree "${p[@]}"

# -- usage --------------------------------------------------------------------

part 'usage'
anew
say
say frob $tree
say chekc $tree
say check
say apply
say check $tree more
say check $tree more words
say check $tree more words yet
say adopt $tree
say adopt $tree hook
say revert $tree --try-compile
say status $tree --try-compile
say adopt $tree hook place --try-compile
say diff $tree --json
say adopt $tree hook place --json
say check $tree --colour
say check $tree --patches
say --help

sed -e "s,$dir/work,WORK,g; s,$dir,DIR,g; s,$ropp,ROPP,g; s/${version//./\\.}/VERSION/g" \
    -e 's/[0-9]* of [0-9]* hooks and files find no place/N of M hooks and files find no place/g' \
    -e '/^--- /s/\t.*//; /^+++ /s/\t.*//' "$got" >"$dir/clean"
[ -z "${RENEW-}" ] || cp "$dir/clean" "$wanted"
diff -u "$wanted" "$dir/clean" || complain 'other outputs'

summary "ropp patch, its outputs"
