#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `ropp patch --try-compile`: what would compile is known before anything is written.
set -euo pipefail
# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"

top=$(cd "${srcdir:-.}" && pwd)
tree=$dir/tree
orig=$dir/orig
own=$dir/own
export TMPDIR=$dir/temporary
mkdir "$TMPDIR"

# A tree by hand, so that its build is known: two files in C with a flag that they need.
tree_flags() { # FOLDER
    tree_c "$1"
    mkdir -p "$1/include"
    printf '#define NEEDED_TYPE int\n' >"$1/include/needed.h"
    printf '#define MAXCONN 16\nstruct s { int client_addr; };\nstruct i { struct s **session; void (*create_session)(int, int, int, int); };\nextern struct i *sockt;\n' \
        >"$1/src/common/socket.h"
    cat >"$1/src/common/socket.c" <<'END'
#include "socket.h"
#include <needed.h>
#ifndef FLAG
#error "without its flag"
#endif
NEEDED_TYPE sAccept(int);
void sClose(int);
static int connect_check(unsigned ip)
{
	return ip != 0;
}
int connect_client(int listen_fd)
{
	int fd = sAccept(listen_fd);
	if (fd >= MAXCONN) {
		sClose(fd);
		return -1;
	}
	if (!connect_check(1))
		return -1;
	sockt->create_session(fd, 1,
		2, 3);
	sockt->session[fd]->client_addr = 1;
	return fd;
}
END
    printf 'typedef int bool_t;\n' >"$1/src/login/login.h"
    printf '#include "login.h"\nbool_t login_config_read(const char *name)\n{\n\treturn name != 0;\n}\n' \
        >"$1/src/login/login.c"
    # shellcheck disable=SC2016 # not for the shell
    for folder in common login; do
        printf '%s\n' 'obj/%.o: %.c sub' \
            '	@mkdir -p obj && echo made >>made' \
            '	@$(CC) -DFLAG="1 and more" -I../../include -MMD -MF obj/x.d -c -o $@ $<' \
            'Makefile: ../never' '	touch remade' '../never:' '	touch $@' \
            'sub:' '	$(MAKE) -C ../login touched; touch sub-made' 'touched:' '	+touch touched' \
            >"$1/src/$folder/Makefile"
    done
}

hooks_for_flags() {
    rm -rf "$own"
    make_hooks "$own"
    rm -rf "$own/cpp"
    sed -i 's/recv_to_fifo/1/' "$own/c/socket.hook"
    printf '%s\n' 'int mod_accept(int, int);' 'void mod_guard(void);' 'void mod_before(int);' \
        'void mod_connected(int);' 'void mod_config(void);' >"$own/mod.h"
    printf '%s\n' '' 'copy header' 'why the header' 'from mod.h' 'to src/common/mod.h' end >>"$own/c/build.hook"
    printf '%s\n' '' 'hook login-include' 'why the header' 'file src/login/login.c' \
        'at after-line ^#include "login' insert '| #include "../common/mod.h"' end >>"$own/c/socket.hook"
    printf 'int mod_accept(int a, int b) { return FLAG_OF_THE_FOLDER + a + b; }\n' >"$own/mod.c"
    sed -i 's/FLAG_OF_THE_FOLDER/(int) sizeof (#FLAG)/; s/#FLAG/"x"/' "$own/mod.c"
}
p=(--patches "$own" --dialect c)

clean() { # the tree and the temporary folder are as they were
    same "$tree" "$orig"
    [ -z "$(ls -A "$TMPDIR")" ] || complain "something is left: $(ls "$TMPDIR")"
}

start "a tree that compiles, with the flags of its Makefile, which is not run"
fresh flags
hooks_for_flags
run 0 check "$tree" "${p[@]}" --try-compile
has out "3 of 3 woven files compile, 0 only without ropp"
clean
run 0 apply "$tree" "${p[@]}" --try-compile
has out "3 of 3 woven files compile"
run 0 check "$tree" "${p[@]}" --try-compile
has out "3 of 3 woven files compile"
run 0 revert "$tree"
clean

start "an error of a hook's is refused, with its file, line and hook"
sed -i 's/mod_guard();/mod_guard(nowhere);/' "$own/c/socket.hook"
run 1 check "$tree" "${p[@]}" --try-compile
has err "with ropp this does not compile: $tree/src/common/socket.c:"
has err "(hook 'guard')"
has_no out "next: "
run 1 apply "$tree" "${p[@]}" --try-compile
has err "nothing was changed"
has out "2 of 3 woven files compile, 1 only without ropp"
clean
run 1 check "$tree" "${p[@]}" --try-compile --json
jq -e '.result == "refused" and (.compiled[] | select(.file == "src/common/socket.c") | .state == "broken" and (.error | endswith("(hook '"'guard'"')"))) and
    (.compiled[] | select(.file == "src/login/login.c") | .state == "compiles" and .error == null)' "$dir/out" >/dev/null ||
    complain "JSON does not show it: $(cat "$dir/out")"
run 0 check "$tree" "${p[@]}"

start "an error in a copied file is ropp's"
hooks_for_flags
printf 'int mod(void) { return nowhere; }\n' >"$own/mod.c"
run 1 check "$tree" "${p[@]}" --try-compile
has err "src/common/mod.c:2: "
clean

start "errors that the tree has without ropp are no reason to refuse"
hooks_for_flags
sed -i 's/^extern/typo extern/' "$tree/src/common/socket.h" "$orig/src/common/socket.h"
run 0 check "$tree" "${p[@]}" --try-compile
has out "note: this does not compile without ropp either: $tree/src/common/socket.h:4: "
has out "2 of 3 woven files compile, 0 only without ropp"
clean

start "what a compiler quotes of a tree gives no orders to a terminal"
sed -i $'1i #error \033[2J' "$tree/src/common/socket.h" "$orig/src/common/socket.h"
run 0 check "$tree" "${p[@]}" --try-compile
has out "note: this does not compile without ropp either: $tree/src/common/socket.h:1: #error ?[2J"
has_no out $'\033'
sed -i 1d "$tree/src/common/socket.h" "$orig/src/common/socket.h"
clean

start "a header that stops every file is none of ropp's, in its new files too"
cp -a "$own" "$dir/own2"
sed -i '1i #include "../../lib/broken.h"' "$own/mod.c"
sed -i '1i #include "../../lib/broken.h"' "$tree/src/common/socket.c" "$orig/src/common/socket.c"
mkdir "$tree/lib" "$orig/lib"
echo '#error broken' | tee "$tree/lib/broken.h" >"$orig/lib/broken.h"
run 0 check "$tree" "${p[@]}" --try-compile
has out "note: this does not compile without ropp either: $tree/lib/broken.h:1: "
has out "1 of 3 woven files compile, 0 only without ropp"
clean
rm -rf "$own" "${tree:?}/lib" "${orig:?}/lib"
mv "$dir/own2" "$own"
sed -i 1d "$tree/src/common/socket.c" "$orig/src/common/socket.c"

start "but an error of ropp's among them is"
sed -i 's/mod_guard();/mod_guard(nowhere);/' "$own/c/socket.hook"
run 1 check "$tree" "${p[@]}" --try-compile
has err "(hook 'guard')"
clean

start "a Makefile that gets its compiler and flags from the top, and compiles by make's own rules"
fresh flags
hooks_for_flags
# shellcheck disable=SC2016 # not for the shell
printf '%s\n' 'CC = cc -DFLAG=\"1\"' 'CFLAGS = -I../../include' 'all: never' '	$(MAKE) -C src/common' 'never:' '	touch never' >"$tree/Makefile"
for folder in common login; do
    printf 'all: %s.o\n' "$([ "$folder" = common ] && echo socket || echo login)" >"$tree/src/$folder/Makefile"
done
rm -rf "$orig"
cp -a "$tree" "$orig"
run 0 check "$tree" "${p[@]}" --try-compile
has out "3 of 3 woven files compile"
clean

start "without a Makefile, the flags of compile_commands.json"
fresh flags
hooks_for_flags
rm "$tree"/src/*/Makefile
run 0 check "$tree" "${p[@]}" --try-compile
has out "note: this does not compile without ropp either"
mkdir "$tree/build"
cat >"$tree/build/compile_commands.json" <<END
[
{ "directory": "$(realpath "$tree")/build", "file": "$(realpath "$tree")/src/login/login.c",
  "arguments": ["cc", "-c", "-o", "login.o", "$(realpath "$tree")/src/login/login.c"] },
{
  "directory": "$(realpath "$tree")/build",
  "command": "cc -DFLAG=\\"1\\" -I$(realpath "$tree")/include -MD -MF x.d -o x.o -c $(realpath "$tree")/src/common/socket.c",
  "file": "$(realpath "$tree")/src/common/socket.c"
}
]
END
rm -rf "$orig"
cp -a "$tree" "$orig"
run 0 check "$tree" "${p[@]}" --try-compile
has out "3 of 3 woven files compile"
clean
printf '[{"file": "x", "command": "cc' >"$tree/build/compile_commands.json"
run 0 check "$tree" "${p[@]}" --try-compile
has out "note: this does not compile without ropp either"

start "where it does not belong, and where nothing can be written"
run 2 revert "$tree" --try-compile
has err "it is for check and apply"
fresh flags
TMPDIR=$dir/nowhere
run 2 apply "$tree" "${p[@]}" --try-compile
has err "cannot write a temporary file"
same "$tree" "$orig"
TMPDIR=$dir/temporary

start "a reference emulator, before it is configured and after"
tree_rathena() {
    "$top/tests/emulator/make-tree" rathena "$1" >/dev/null
}
fresh rathena
run 0 check "$tree" --try-compile
has out "11 of 11 woven files compile"
clean

summary "ropp patch, try to compile"
