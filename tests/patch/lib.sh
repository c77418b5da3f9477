# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the tests of `ropp patch` share: miniature trees, hooks for them, and checks. Sourced.
# ROPP names the program to test, ./ropp by default.

ropp=${ROPP:-./ropp}
case $ropp in /*) ;; *) ropp=$PWD/$ropp ;; esac
dir=$(mktemp -d)
trap 'chmod -R u+rwx "$dir" 2>/dev/null || true; rm -rf "$dir"' EXIT
# What git prints and does must not depend on its user.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
passed=0
failed=0
case_name=

# start NAME: begins a case
start() {
    case_name=$1
    passed=$((passed + 1))
}

complain() { # WHAT
    printf 'FAIL %s: %s\n' "$case_name" "$1"
    failed=$((failed + 1))
}

# run STATUS ARGUMENT ...: runs `ropp patch`; leaves $dir/out and $dir/err
run() {
    local wanted=$1 status=0
    shift
    "$ropp" patch "$@" >"$dir/out" 2>"$dir/err" || status=$?
    [ "$status" = "$wanted" ] ||
        complain "'patch $*' ends with $status instead of $wanted: $(cat "$dir/out" "$dir/err")"
}

# has FILE TEXT: the text is in $dir/FILE. Without a process: it is asked thousands of times.
has() {
    local all
    IFS= read -rd '' all <"$dir/$1" || true
    [[ $all == *"$2"* ]] || complain "'$2' is not in $1: $all"
}

has_no() {
    local all
    IFS= read -rd '' all <"$dir/$1" || true
    [[ $all != *"$2"* ]] || complain "'$2' is in $1: $all"
}

# same A B: two folders are identical, with modes and links
same() {
    diff -r --no-dereference "$1" "$2" >"$dir/diff" || complain "$1 and $2 differ: $(<"$dir/diff")"
    find "$1" "$2" -printf '%P %m %y\n' | sort | uniq -u >"$dir/diff"
    [[ ! -s $dir/diff ]] || complain "modes in $1 and $2 differ: $(<"$dir/diff")"
}

# differ A B: they are not
differ() {
    ! diff -rq --no-dereference "$1" "$2" >/dev/null || complain "$1 and $2 are the same"
}

# fresh NAME: $dir/tree is a new tree, and $dir/orig a copy of it
fresh() {
    chmod -R u+rwx "$dir/tree" "$dir/orig" 2>/dev/null || true
    rm -rf "$dir/tree" "$dir/orig"
    "tree_$1" "$dir/tree"
    cp -a "$dir/tree" "$dir/orig"
}

summary() { # TITLE
    echo "$1: $passed cases, $failed complaints"
    [ "$failed" = 0 ]
}

# A tree in C++, with tabs and braces on lines of their own.
tree_cpp() { # FOLDER
    mkdir -p "$1/src/common" "$1/src/login"
    cat >"$1/src/common/socket.cpp" <<'END'
// The socket layer. Not the code: int connect_client(int fd) {
#include "socket.hpp"
#include <stdlib.h>

int connect_client(int listen_fd);
static const char *decoy = "int connect_client(int fd) { create_session(fd); }";

#ifndef MINICORE
static bool connect_check(unsigned ip)
{
	return ip != 0;
}
#endif

/* create_session(fd, connect_client(fd)) is what follows */
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
	create_session(fd,
		recv_to_fifo, send_from_fifo);
	session[fd]->client_addr = peer(fd);
	return fd;
}
END
    cat >"$1/src/login/login.cpp" <<'END'
#include "login.hpp"

bool LoginServer::config_read(const char *name) {
	return connect_client(0) == 0;
}
END
    # shellcheck disable=SC2016 # not for the shell
    printf 'COMMON_OBJ = core.o socket.o \\\n\tdb.o # not timer.o\n\nall: $(COMMON_OBJ)\n\tcc -o x $(COMMON_OBJ)\n' \
        >"$1/src/common/Makefile.in"
    # shellcheck disable=SC2016 # not for the shell
    printf 'set( SRC\n\t"${DIR}/core.cpp"\n\t"${DIR}/socket.cpp" # sockets\n\t)\nadd_library(common ${SRC})\n' \
        >"$1/src/common/CMakeLists.txt"
    printf '\357\273\277<?xml version="1.0"?>\r\n<Project>\r\n  <ItemGroup>\r\n    <!-- <ClCompile Include="socket.cpp" /> -->\r\n    <ClCompile Include="socket.cpp" />\r\n  </ItemGroup>\r\n</Project>' \
        >"$1/src/common/common.vcxproj"
    chmod 640 "$1/src/common/socket.cpp"
    mkdir "$1/.git" "$1/npc"
    printf 'ropp:begin\n' >"$1/npc/notes.txt"
}

# A tree in C, K&R braces, CRLF here and there, an HPM, and no line break at the end of a file.
tree_c() { # FOLDER
    mkdir -p "$1/src/common" "$1/src/login"
    printf 'int HPM;\n' >"$1/src/common/HPM.c"
    sed 's/$/\r/' >"$1/src/common/socket.c" <<'END'
#include "socket.h"

#define CHECK(ip) do { \
    connect_check(ip); \
} while (0)

static int connect_check_(unsigned ip);
static int connect_check(unsigned ip) { return connect_check_(ip) ? 1 : 0; }

static int connect_client(int listen_fd) {
    int fd = sAccept(listen_fd);
    if (fd == -1) return -1; else if (fd >= MAXCONN) {
        sClose(fd);
        return -1;
    }
    if (!connect_check(1)) { sClose(fd); return -1; }
#if 0
    create_session(old);
#endif
    sockt->create_session(fd, recv_to_fifo,
        send_from_fifo, default_func_parse);
    sockt->session[fd]->client_addr = 1; return fd;
}
END
    printf '#include "login.h"\n/* caf\351 */\nbool login_config_read(const char *name, bool imported)\n{\n    return connect_client(0) == 0;\n}' \
        >"$1/src/login/login.c"
    printf 'set(SRC\n  core.c\n  socket.c\n)\n' >"$1/src/common/CMakeLists.txt"
}

# Hooks for both trees: $1 is the folder for --patches.
make_hooks() {
    mkdir -p "$1/cpp" "$1/c"
    printf 'name Miniature C++\nhas src/common/socket.cpp\nlacks src/common/HPM.c\n' >"$1/cpp/dialect"
    printf 'name Miniature C\nhas src/common/socket.c\nhas src/common/HPM.c\n' >"$1/c/dialect"
    printf 'int ropp;\n' >"$1/mod.c"
    cat >"$1/cpp/socket.hook" <<'END'
hook include
    why  the declarations
    file src/common/socket.cpp | src/common/socket.c
    at   after-line ^#include "socket\.
    insert
        | #include "mod.h"
end

hook accept
    why       the policy
    file      src/common/socket.cpp | src/common/socket.c
    in        function connect_client
    signature \( int (?<listener> \w+ ) \)
    at        after fd >= MAXCONN
    insert
        | if (mod_accept(fd, ${listener}))
        |     return -1;
end

hook guard
    why  the guard
    file src/common/socket.cpp | src/common/socket.c
    in   function connect_check
    at   start
    insert
        | mod_guard();
end

hook session
    why  before the session
    file src/common/socket.cpp | src/common/socket.c
    in   function connect_client
    at   before create_session \( fd , recv_to_fifo
    insert
        | mod_before(fd);
end

hook connected
    why  behind the session
    file src/common/socket.cpp | src/common/socket.c
    in   function connect_client
    at   after session \[ fd \] -> client_addr =
    insert
        | mod_connected(fd);
end

hook config
    why  the settings
    file src/login/login.cpp | src/login/login.c
    in   function /(LoginServer::|login_)config_read/
    at   end
    insert
        | mod_config();
end
END
    cp "$1/cpp/socket.hook" "$1/c/socket.hook"
    cat >"$1/cpp/build.hook" <<'END'
copy module
    why  the module
    from mod.c
    to   src/common/mod.cpp when src/common/socket.cpp
    to   src/common/mod.c
end

hook build-make
    why      the module
    file     src/common/Makefile.in
    at       after ^COMMON_OBJ =
    optional there may be no make
    insert
        | COMMON_OBJ += mod.o
end

hook build-cmake
    why  the module
    file src/common/CMakeLists.txt
    at   after-line \b socket\. (?<ext> c(pp)? ) \b
    insert
        | mod.${ext}
end

hook build-vs
    why      the module
    file     src/common/common.vcxproj
    at       after-line Include="socket\.
    optional there may be none
    insert
        | <ClCompile Include="mod.cpp" />
end
END
    cp "$1/cpp/build.hook" "$1/c/build.hook"
}
