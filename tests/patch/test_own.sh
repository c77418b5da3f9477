#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a tree's owner brings along: hooks over ropp's own (--patches), and lines inserted by hand
# that `ropp patch adopt` takes over.
set -euo pipefail
# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"

top=$(cd "${srcdir:-.}" && pwd)
tree=$dir/tree
orig=$dir/orig
own=$dir/own
login=src/login/loginclif.cpp

tree_rathena() { # FOLDER
    "$top/tests/emulator/make-tree" rathena "$1" >/dev/null
}

# Without the two spaces that ropp's pattern for it needs not care about, but with another name for
# the function that takes a char server: one hook of ropp's has no place.
renamed() {
    fresh rathena
    sed -i 's/logclif_parse_reqcharconnec/parse_char_server/' "$tree/$login"
    rm -rf "$orig"
    cp -a "$tree" "$orig"
}

# -- hooks over ropp's own ---------------------------------------------------

start "without the own hook there is no place, and what to do is said"
renamed
run 1 apply "$tree"
has err "hook 'login-char-server'"
has err "its lines, to insert by hand"
has err "      if (ropp_hook_refuse_server("
has err "patch adopt $tree login-char-server $login:LINE"
has_no err "patches/"
same "$tree" "$orig"

start "an own hook replaces ropp's of its name, and the others stay"
mkdir -p "$own/rathena"
sed -n '/^hook login-char-server/,/^end/p' "$top/patches/rathena/login.hook" |
    sed 's/logclif_parse_reqcharconnec/parse_char_server/' >"$own/rathena/login.hook"
run 0 check "$tree" --patches "$own"
has out "hook login-char-server"
has out "hook socket-accept"
has out "next: $ropp patch apply $tree --patches $own"
run 0 apply "$tree" --patches "$own"
grep -q 'ropp:begin login-char-server' "$tree/$login" || complain "the own hook is not woven"
grep -rq 'ropp:begin socket-accept' "$tree/src" || complain "ropp's own hooks are not woven"
run 0 status "$tree" --patches "$own"
run 1 status "$tree"
run 0 revert "$tree"
same "$tree" "$orig"

start "an own copy replaces ropp's of its name"
printf '%s\n' '' 'copy glue' 'why a glue of the owner' 'from rathena/own.inc' 'to src/common/ropp_glue.inc' end >>"$own/rathena/login.hook"
echo 'int own;' >"$own/rathena/own.inc"
run 0 apply "$tree" --patches "$own"
grep -qx 'int own;' "$tree/src/common/ropp_glue.inc" || complain "the own copy is not there"
[ -f "$tree/src/common/ropp.h" ] || complain "ropp's other copies are not there"
run 0 revert "$tree"
same "$tree" "$orig"
sed -i '/^copy glue/,$d' "$own/rathena/login.hook"
rm "$own/rathena/own.inc"

start "what is woven in elsewhere is taken out without the own hooks, too"
mkdir -p "$tree/3rdparty/lib" "$tree/tools"
printf 'int lib;\n' | tee "$tree/3rdparty/lib/lib.c" "$tree/tools/build.script" >/dev/null
rm -rf "$orig"
cp -a "$tree" "$orig"
printf '%s\n' '' 'hook elsewhere' 'why a hook of the owner' 'file 3rdparty/lib/none.c | 3rdparty/lib/lib.c' 'at end' insert '| int more;' end \
    '' 'hook odd' 'why a hook of the owner' 'file tools/build.script' 'language make' 'at end' insert '| more' end \
    '' 'copy beside' 'why a file of the owner' 'from rathena/own.inc' 'to 3rdparty/lib/own.inc' end >>"$own/rathena/login.hook"
echo 'int own;' >"$own/rathena/own.inc"
run 0 apply "$tree" --patches "$own"
[ -f "$tree/3rdparty/lib/own.inc" ] || complain "the own copy is not there"
grep -rqx 'int more;' "$tree/3rdparty" || complain "the own hook is not woven"
run 1 status "$tree"
run 0 revert "$tree"
same "$tree" "$orig"
run 0 apply "$tree" --patches "$own"
sed -i '/^hook elsewhere/,$d' "$own/rathena/login.hook"
rm "$own/rathena/own.inc"
run 0 apply "$tree" --patches "$own"
same "$tree/3rdparty" "$orig/3rdparty"
same "$tree/tools" "$orig/tools"
! grep -q 3rdparty "$tree/src/common/ropp_tree.h" || complain "$(cat "$tree/src/common/ropp_tree.h")"
run 0 revert "$tree"
same "$tree" "$orig"

start "one file, read as two languages"
printf '%s\n' '' 'hook as-settings' 'why a hook of the owner' "file $login" 'language conf' 'at end' insert '| // read as settings' end \
    >>"$own/rathena/login.hook"
run 0 apply "$tree" --patches "$own"
grep -qx '// read as settings' "$tree/$login" || complain "the hook is not woven"
run 0 revert "$tree"
same "$tree" "$orig"
sed -i '/^hook as-settings/,$d' "$own/rathena/login.hook"

start "an own hook without a place is refused with its file and line"
sed -i 's/parse_char_server/no_such_function/' "$own/rathena/login.hook"
run 1 apply "$tree" --patches "$own"
has err "(it is in $own/rathena/login.hook:"
same "$tree" "$orig"

start "a hook more, and ropp's own name twice"
fresh rathena
printf '%s\n' 'hook more' 'why a hook of the owner' "file $login" 'at end' insert '| int more;' end \
    >"$own/rathena/login.hook"
run 0 apply "$tree" --patches "$own"
grep -q 'int more;' "$tree/$login" || complain "the additional hook is not woven"
run 0 revert "$tree"
cat "$own/rathena/login.hook" >"$own/rathena/again.hook"
run 2 apply "$tree" --patches "$own"
has err "the name 'more' is taken already"
same "$tree" "$orig"

start "a file of the owner's that cannot be read is named, with the cause"
rm "$own/rathena/again.hook"
{ cat "$own/rathena/login.hook"; head -c 1048577 /dev/zero | tr '\0' '#'; } >"$own/rathena/long.hook"
run 2 apply "$tree" --patches "$own"
has err "cannot read the hook file: $own/rathena/long.hook: larger than 1024 KiB: not one of ropp's files"
rm "$own/rathena/long.hook"
ln -s nowhere "$own/rathena/gone.hook"
run 2 apply "$tree" --patches "$own"
has err "cannot read the hook file: $own/rathena/gone.hook: No such file or directory"
rm "$own/rathena/gone.hook"
same "$tree" "$orig"

start "what is left out of several files is one line"
fresh rathena
run 0 check "$tree"
[ "$(grep -c '^  hook build-make-servers ' "$dir/out")" = 1 ] || complain "$(grep build-make-servers "$dir/out")"

# -- adopt -------------------------------------------------------------------

# by_hand: inserts the hook's lines where the owner has found their place; $line is the first one.
by_hand() {
    # shellcheck disable=SC2016 # not for the shell
    sed -n '/^hook login-char-server/,/^    or/s/^ *| \{0,1\}//p' "$top/patches/rathena/login.hook" |
        sed 's/${fd}/fd/' >"$dir/lines"
    line=$(grep -n 'parse_char_server' "$tree/$login" | head -1 | cut -d: -f1)
    line=$((line + 1))
    [ "$(sed -n "${line}p" "$tree/$login")" = '{' ] && line=$((line + 1))
    sed -i "$((line - 1))r $dir/lines" "$tree/$login"
}

start "what is inserted by hand is adopted, woven, known and taken out"
renamed
by_hand
cp -a "$tree" "$dir/inserted"
run 0 adopt "$tree" login-char-server "$login:$line"
has out "hook 'login-char-server' has its place: $login:$((line + 1))"
has out "next: $ropp patch apply $tree"
grep -v 'ropp:' "$tree/$login" | cmp -s - "$dir/inserted/$login" || complain "more than markers was added"
run 0 check "$tree"
has out "inserted by hand"
run 0 apply "$tree"
run 0 status "$tree"
cp -a "$tree" "$dir/once"
run 0 apply "$tree"
has out "up to date"
same "$tree" "$dir/once"
run 0 check "$tree" --json
jq -e '.hooks[] | select(.name == "login-char-server") | .adopted and .state == "fits"' "$dir/out" >/dev/null ||
    complain "JSON does not show it"
run 0 revert "$tree"
same "$tree" "$orig"
rm -rf "$dir/once" "$dir/inserted"

start "lines of a hook's other form are adopted, too, and no others"
fresh rathena
char=src/char/char.cpp
sed -i 's/char_config_read/read_char_settings/' "$tree/$char"
cp "$tree/$char" "$dir/without"
sed -i 's/FILE \*stream = fopen(cfgName/ropp_hook_config_fopen(ROPP_CHAR, cfgName);\n\t&/' "$tree/$char"
run 1 apply "$tree"
run 0 adopt "$tree" char-config "$char:$(grep -n ropp_hook_config_fopen "$tree/$char" | cut -d: -f1)"
run 0 apply "$tree"
run 0 revert "$tree"
cmp -s "$tree/$char" "$dir/without" || complain "$(diff "$dir/without" "$tree/$char")"

start "of forms that are equally near, any"
fresh rathena
for form in one two; do
    printf '%s\n' "file $login" 'in function no_such_function' 'at start' insert "| ropp_$form();" "$([ $form = one ] && echo or || echo end)"
done | sed '1i hook two-forms\nwhy a hook of the owner' >"$own/rathena/login.hook"
echo 'ropp_two();' >>"$tree/$login"
run 1 apply "$tree" --patches "$own"
run 0 adopt "$tree" two-forms "$login:$(wc -l <"$tree/$login")" --patches "$own"
run 0 apply "$tree" --patches "$own"
run 0 revert "$tree"
same "$tree" "$orig"
rm "$own/rathena/login.hook"

start "ropp's bare name in a comment is none of the names that the lines must have"
fresh rathena
printf '%s\n' 'hook commented' 'why a hook of the owner' "file $login" 'in function no_such_function' 'at start' \
    insert '| ropp_commented(); // by ROPP' end >"$own/rathena/login.hook"
echo 'ropp_commented();' >>"$tree/$login"
line=$(wc -l <"$tree/$login")
run 0 adopt "$tree" commented "$login:$line-$line" --patches "$own"
run 0 revert "$tree"
same "$tree" "$orig"
rm "$own/rathena/login.hook"

start "lines that are other lines are refused, and nothing changes"
renamed
by_hand
cp -a "$tree" "$dir/inserted"
run 1 adopt "$tree" login-char-server "$login:1"
has err "these are not the lines of hook 'login-char-server'"
run 1 adopt "$tree" login-char-server "$login:999999"
sed -i "${line}s/ropp_hook_refuse_server/another_function_of_the_tree/" "$tree/$login"
run 1 adopt "$tree" login-char-server "$login:$line"
has err "these are not the lines of hook 'login-char-server'"
sed -i "${line}s/another_function_of_the_tree/ropp_hook_refuse_server/" "$tree/$login"
# A line fewer: what follows is the tree's own, and would be taken out with the hook.
cp "$tree/$login" "$dir/whole"
sed -i "$((line + $(wc -l <"$dir/lines") - 1))d" "$tree/$login"
run 1 adopt "$tree" login-char-server "$login:$line"
has err "these are not the lines of hook 'login-char-server'"
cp "$dir/whole" "$tree/$login"
run 1 adopt "$tree" socket-accept "src/common/socket.cpp:1"
has err "hook 'socket-accept' finds its place without you"
run 1 adopt "$tree" no-such-hook "$login:$line"
has err "no such hook"
run 1 adopt "$tree" login-char-server "conf/login.conf:1"
has err "does not go there"
run 1 adopt "$tree" login-char-server "lib/none.cpp:1"
has err "does not go there"
run 1 adopt "$tree" login-char-server "src/login/none.cpp:1"
has err "there is no such file"
for place in "$login" "$login:0" "$login:x" "$login:3-2" "$login:3-" "$login:3 "; do
    run 2 adopt "$tree" login-char-server "$place"
    has err "write FILE:LINE"
done
run 2 adopt "$tree" login-char-server
has err "no place"
run 2 adopt "$tree"
has err "no hook"
run 2 check "$tree" login-char-server
same "$tree" "$dir/inserted"

start "lines that still have the hook's placeholders"
sed -i "${line}s/(fd)/(\${fd})/" "$tree/$login"
run 1 adopt "$tree" login-char-server "$login:$line"
has err "\${...} is still there"
sed -i "${line}s/\${fd}/fd/" "$tree/$login"
same "$tree" "$dir/inserted"

start "lines that are marked already, or end inside a block"
run 0 adopt "$tree" login-char-server "$login:$line"
rm -rf "$dir/inserted"
cp -a "$tree" "$dir/inserted"
count=$(wc -l <"$dir/lines")
run 1 adopt "$tree" login-char-server "$login:$((line + 1))-$((line + count))"
has err "something of ropp's is there already"
run 1 adopt "$tree" login-char-server "$login:$line-$((line + count + 1))"
has err "something of ropp's is there already"
same "$tree" "$dir/inserted"
rm -rf "$dir/inserted"

start "an edit of adopted lines is seen, and taken with --force"
run 0 apply "$tree"
sed -i "/ropp:begin login-char-server/,/ropp:end/s/(ropp_/( ropp_/" "$tree/$login"
cp -a "$tree" "$dir/edited"
run 1 status "$tree"
run 1 apply "$tree"
has err "they are your own: take them as they are now with --force"
same "$tree" "$dir/edited"
run 0 apply "$tree" --force
run 0 status "$tree"
grep -q "( ropp_hook_refuse_server" "$tree/$login" || complain "the edit is lost"
run 0 revert "$tree"
same "$tree" "$orig"
rm -rf "$dir/edited"

start "when ropp's lines change, the adopted ones are not taken for them"
renamed
by_hand
run 0 adopt "$tree" login-char-server "$login:$line"
rm -rf "$own"
mkdir -p "$own/rathena"
sed -n '/^hook login-char-server/,/^end/p' "$top/patches/rathena/login.hook" |
    sed 's/^ *insert$/&\n        | (void)0;/' >"$own/rathena/login.hook"
run 1 apply "$tree" --patches "$own"
has err "for another version of ropp"

start "lines with DOS line ends come back as they were"
renamed
sed -i 's/$/\r/' "$tree/$login" "$orig/$login"
by_hand
sed -i 's/\r*$/\r/' "$tree/$login"
run 0 adopt "$tree" login-char-server "$login:$line"
! grep -qv $'\r$' "$tree/$login" || complain "a line without a carriage return"
run 0 apply "$tree"
run 0 revert "$tree"
same "$tree" "$orig"

summary "ropp patch, hooks of one's own"
