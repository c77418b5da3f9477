#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The hooks for what is older than 2008, on miniature trees of three shapes: what is found out about each, that the
# woven socket layer compiles with it, and that nothing is left behind.
set -euo pipefail

# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
# shellcheck source=tests/patch/spacing.sh
. "${srcdir:-.}/tests/patch/spacing.sh"
tree=$dir/tree orig=$dir/orig
read -ra cc <<<"${CC:-cc}"

# ---- what the trees share ----

# settings FUNCTION: reads a file of `key: value` lines
settings() {
    cat <<END
int $1(const char *path)
{
	char text[128], key[64], value[64];
	FILE *in = fopen(path, "r");

	while (in && fgets(text, sizeof text, in))
		if (sscanf(text, "%60[^:]: %60s", key, value) == 2)
			puts(key);
	return in != NULL;
}
END
}

# servers FOLDER: the three servers, with the packets by which other servers log in
servers() {
    mkdir -p "$1/src/login" "$1/src/char" "$1/src/map"
    {
        printf '#include "../common/socket.h"\n#include <stdio.h>\n'
        settings login_config_read
        cat <<'END'
int parse_login(int fd)
{
	int cmd = RFIFOW(fd, 0);

	switch (cmd) {
	case 0x64:
	case 0x2710:
		break;
	}
	switch (cmd) {
	case 0x2710:
	case 0x272f: // with a challenge
		if (RFIFOREST(fd) < 86)
			return 0;
		session[fd]->func_parse = 0;
		break;
	case 0x65:
#if PACKETVER < 20100615
		RFIFOW(fd, 0) = 0x6a;
#else
		RFIFOW(fd, 0) = 0x83e;
#endif
	}
	return 0;
}
END
    } >"$1/src/login/login.c"
    {
        printf '#include "../common/socket.h"\n#include <stdio.h>\n'
        settings char_config_read
        cat <<'END'
int parse_char(int fd)
{
	switch (RFIFOW(fd, 0)) {
	case 0x66:
	case 0x2af8: // not from a player
		session[fd]->eof = 1;
		return 0;
	}
	switch (RFIFOW(fd, 0)) {
	case 0x2af8:
	{
		int slot = 0;
		if (RFIFOREST(fd) < 60 + slot)
			return 0;
		break;
	}
	}
	return 0;
}
END
    } >"$1/src/char/char.c"
    {
        printf '#include <stdio.h>\n'
        settings inter_config_read
    } >"$1/src/char/inter.c"
    {
        printf '#include <stdio.h>\n'
        settings map_config_read
    } >"$1/src/map/map.c"
}

# The members of a session that every shape has.
members() {
    cat <<'END'
	int (*func_recv)(int);
	int (*func_send)(int);
	int (*func_parse)(int);
	void *session_data;
END
}

# macros AT: how bytes are reached, AT being where an offset or a pointer leads
macros() {
    cat <<END
#define RFIFOP(fd, at) ($1 session[fd]->rdata_pos + (at))
#define RFIFOW(fd, at) (*(unsigned short *)RFIFOP(fd, at))
#define RFIFOREST(fd) (int)((session[fd])->rdata_size - (session[fd])->rdata_pos)
#define RFIFOSPACE(fd) (int)((session[fd])->max_rdata - (session[fd])->rdata_size)
#define WFIFOSPACE(fd) (int)((session[fd])->max_wdata - (session[fd])->wdata_size)
END
}

# The beginning of a socket layer.
layer() {
    cat <<'END'
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "socket.h"

struct socket_data *session[FD_SETSIZE] = { NULL };
int fd_max;
static fd_set readfds;
static int nothing(int fd) { return fd; }
static int (*first_parse)(int) = nothing;
static int recv_to_fifo(int fd) { return (int)read(fd, session[fd]->rdata, 1); }
void set_defaultparse(int (*parse)(int)) { first_parse = parse; }

END
}

# ---- eAthena of 2007: offsets, a host's order of bytes, a clock of its own, a guard that may be off ----

tree_offsets() { # FOLDER
    servers "$1"
    mkdir -p "$1/src/common" "$1/src/login_sql"
    {
        printf '#include <stddef.h>\n#include <time.h>\n#include <sys/select.h>\n'
        printf 'struct socket_data {\n\tunsigned char eof;\n\tunsigned char *rdata, *wdata;\n'
        printf '\tsize_t max_rdata, max_wdata;\n\tsize_t rdata_size, wdata_size;\n\tsize_t rdata_pos;\n'
        printf '\ttime_t rdata_tick;\n\tunsigned int client_addr;\n'
        members
        printf '};\n'
        macros 'session[fd]->rdata +'
        printf '#define WFIFOP(fd, at) (session[fd]->wdata + session[fd]->wdata_size + (at))\n'
        printf 'extern struct socket_data *session[FD_SETSIZE];\nextern int fd_max;\n'
        printf 'int WFIFOSET(int fd, size_t len);\nvoid set_eof(int fd);\n'
    } >"$1/src/common/socket.h"
    printf 'void ShowStatus(const char *, ...);\nvoid ShowWarning(const char *, ...);\nvoid ShowFatalError(const char *, ...);\n' \
        >"$1/src/common/showmsg.h"
    {
        printf '#include "../common/showmsg.h"\n'
        layer
        cat <<'END'
static time_t last_tick;
#ifndef MINICORE
static int ip_rules = 1;
static int connect_check(unsigned int ip)
{
	return ip != 0;
}
#endif

void set_eof(int fd) { session[fd]->eof = 1; }

int delete_session(int fd)
{
	FD_CLR(fd, &readfds);
	free(session[fd]);
	session[fd] = NULL;
	return 0;
}

void do_close(int fd)
{
	close(fd);
	if (session[fd] != NULL) delete_session(fd);
}

static int make(int fd)
{
	session[fd] = calloc(1, sizeof *session[fd]);
	session[fd]->func_recv = recv_to_fifo, session[fd]->func_parse = first_parse;
	return fd;
}

int connect_client(int listener)
{
	struct sockaddr_in client_address = {0};
	socklen_t len = sizeof client_address;
	int fd = accept(listener, (struct sockaddr *)&client_address, &len);

	if (fd < 0)
		return -1;
#ifndef MINICORE
	if (ip_rules && !connect_check(ntohl( client_address.sin_addr.s_addr ))) {
		do_close(fd);
		return -1;
	}
#endif
	FD_SET(fd, &readfds);
	make(fd);
	session[fd]->client_addr = ntohl( client_address.sin_addr.s_addr );
	session[fd]->rdata_tick = last_tick; /* of the turn */
	return fd;
}

int make_listen_bind(unsigned int ip, unsigned short port)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	printf("%u %u\n", ip, port);
	make(fd);
	return fd;
}

int make_connection(unsigned int ip, unsigned short port)
{
	int fd = make_listen_bind(ip, port);

	return fd;
}

int WFIFOSET(int fd, size_t len) {
	session[fd]->wdata_size += len;
	return 0;
}

int do_sendrecv(int next)
{
	return next + nothing(0);
}

int do_parsepacket(void)
{
	int i;

	for (i = 1; i < fd_max; i++) {
		if (!session[i])
			continue;
		session[i]->func_parse(i);
		if (!session[i])
			continue;
	}
	return 0;
}
END
    } >"$1/src/common/socket.c"
    cp "$1/src/login/login.c" "$1/src/login_sql/login.c"
    # shellcheck disable=SC2016 # not for the shell
    printf 'LIBS = -lz\nMKDEF = CC="$(CC)" LIB_S="$(LIBS)"\n' >"$1/Makefile"
    printf 'all: obj common\n\ncommon: obj/core.o obj/socket.o obj/db.o\n' >"$1/src/common/Makefile"
    for server in login login_sql char map; do
        printf 'COMMON_OBJ = ../common/obj/core.o ../common/obj/socket.o \\\n\t../common/obj/db.o\n' >"$1/src/$server/Makefile"
    done
}

# ---- Auriga: pointers, addresses as accept gives them, a loop that itself ends sessions ----

tree_pointers() { # FOLDER
    servers "$1"
    mkdir -p "$1/src/common"
    {
        printf '#include <netinet/in.h>\n#include <stddef.h>\n#include <sys/select.h>\n'
        printf '#define close(id) do { if (session[id]) session[id]->eof = 1; } while(0);\n'
        printf 'struct socket_data {\n\tint eof;\n\tint auth;\n\tunsigned int tick;\n\tunsigned char *rdata, *wdata;\n'
        printf '\tunsigned char *max_rdata, *max_wdata;\n\tunsigned char *rdata_size, *rdata_pos;\n'
        printf '\tunsigned char *wdata_size, *wdata_pos;\n\tstruct sockaddr_in client_addr;\n'
        members
        printf '\tint (*func_destruct)(int);\n};\n'
        macros ''
        printf '#define WFIFOP(fd, at) (session[fd]->wdata_size + (at))\n'
        printf 'extern struct socket_data *session[FD_SETSIZE];\nextern int fd_max;\nvoid WFIFOSET(int fd, size_t len);\n'
        printf 'unsigned int gettick(void);\nvoid set_sock_destruct(int (*func_destruct)(int));\n'
    } >"$1/src/common/socket.h"
    {
        layer
        cat <<'END'
#undef close
static int connect_check(unsigned long addr);

void delete_session(int fd)
{
	if (session[fd]->func_destruct)
		session[fd]->func_destruct(fd);
	close(fd);
	FD_CLR(fd, &readfds);
	free(session[fd]);
	session[fd] = NULL;
}

#define socket_close(fd) (void)close(fd)

static int connect_client(int listener)
{
	struct sockaddr_in client_address = {0};
	socklen_t len = sizeof client_address;
	int pos, fd = accept(listener, (struct sockaddr *)&client_address, &len);

	if (fd == -1)
		return -1;
	if( !connect_check((unsigned long) client_address.sin_addr.s_addr) ) {
		socket_close(fd);
		return -1;
	}
	FD_SET(fd, &readfds);
	pos = fd;
	session[pos] = calloc(1, sizeof *session[pos]);
	session[pos]->func_recv = recv_to_fifo, session[pos]->func_parse = first_parse;
	session[pos]->client_addr = client_address; session[pos]->auth = 0;
	session[pos]->tick = gettick();
	return pos;
}

int make_listen_port(unsigned short port, unsigned long ip)
{
	int pos = socket(AF_INET, SOCK_STREAM, 0);

	printf("%lu %u\n", ip, port);
	session[pos] = calloc(1, sizeof *session[pos]);
	session[pos]->func_recv = connect_client; return pos;
}

int make_connection(unsigned long ip, unsigned short port) {
	int pos = make_listen_port(port, ip);

	return pos;
}

void WFIFOSET(int fd, size_t len) {
	session[fd]->wdata_size += len;
}

void do_sendrecv(int next)
{
	printf("%d\n", next);
}

void do_parsepacket(void)
{
	unsigned int tick = gettick();
	int i;

	for (i = 0; i < fd_max; i++) {
		struct socket_data *sd;

		if ((sd = session[i]) == NULL)
			continue;
		if (sd->eof || (sd->auth >= 0 && tick - sd->tick > 10000))
			delete_session(i);
		else if (sd->func_parse && sd->rdata_size != sd->rdata_pos)
			sd->func_parse(i);
	}
}

static int connect_check(unsigned long addr)
{
	return addr != 0;
}
END
    } >"$1/src/common/socket.c"
    cat >"$1/tickets.c" <<'END'
static struct {
	int account_id, login_id1, login_id2, delflag;
	unsigned long ip;
} auth_fifo[256];

static int cmp_authfifo(int i, int account_id, int login_id1, int login_id2, unsigned long ip)
{
	return auth_fifo[i].account_id == account_id && (login_id1 ^ login_id2) && ip;
}
int use(int i) { return cmp_authfifo(i, 1, 2, 3, 4); }
END
    tee -a "$1/src/login/login.c" <"$1/tickets.c" >>"$1/src/char/char.c"
    rm "$1/tickets.c"
    # shellcheck disable=SC2016 # not for the shell
    printf 'LIBS = -lm\n\nMKDEF = CC="$(CC)" CFLAGS="$(CFLAGS)" LIBS="$(LIBS)"\n' >"$1/Makefile"
    # shellcheck disable=SC2016 # not for the shell
    for server in common login char map; do
        printf 'all: it\n\nCOMMON_SRC = $(shell ls ../common/*.c)\n\nit: $(COMMON_SRC:.c=.o)\n' >"$1/src/$server/Makefile"
    done
}

# ---- Freya: packets are made elsewhere and copied, no guard, no clock; makefiles that a script writes ----

tree_copies() { # FOLDER
    servers "$1"
    mkdir -p "$1/src/common"
    {
        printf '#include <netinet/in.h>\n#include <sys/select.h>\n'
        printf 'struct socket_data{\n\tunsigned char eof;\n\tchar *rdata, *wdata;\n\tint max_rdata, max_wdata;\n'
        printf '\tint rdata_size, wdata_size;\n\tint rdata_pos;\n\tstruct sockaddr_in client_addr;\n'
        members
        printf '};\n'
        macros 'session[fd]->rdata +'
        printf 'extern char WPACKETBUF[65536];\n#define WPACKETP(pos) (WPACKETBUF + (pos))\n'
        printf 'extern struct socket_data *session[FD_SETSIZE];\nint fd_max;\nvoid SENDPACKET(const int fd, const int len);\n'
    } >"$1/src/common/socket.h"
    {
        layer
        cat <<'END'
char WPACKETBUF[65536];

static int connect_client(int listener)
{
	struct sockaddr_in client_address = {0};
	socklen_t len = sizeof client_address;
	int fd = accept(listener, (struct sockaddr *)&client_address, &len);

	if (fd < 1 || fd >= FD_SETSIZE)
		return -1;
	FD_SET(fd, &readfds);
	session[fd] = calloc(1, sizeof *session[fd]);
	session[fd]->func_recv = recv_to_fifo, session[fd]->func_parse = first_parse;
	session[fd]->client_addr = client_address; return fd;
}

int make_listen_port(int port)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	session[fd] = calloc(1, sizeof *session[fd] + (size_t)(port & 0));
	session[fd]->func_recv = connect_client; return fd;
}

int make_connection(long ip, int port)
{
	int fd = make_listen_port(port + (int)(ip & 0));

	return fd;
}

int delete_session(int fd)
{
	FD_CLR(fd, &readfds);
	free(session[fd]);
	session[fd] = NULL;

	return 0;
}

void SENDPACKET(const int fd, const int len)
{
	memcpy(session[fd]->wdata + session[fd]->wdata_size, WPACKETBUF, (size_t)len);
	session[fd]->wdata_size += len;
}

int do_sendrecv(int next)
{
	return next;
}

int do_parsepacket(void)
{
	int i;

	for (i = 0; i < fd_max; i++) {
		if (!session[i] || (session[i]->rdata_size == 0 && session[i]->eof == 0))
			continue;
		if (session[i]->func_parse) {
			session[i]->func_parse(i);
			if (!session[i])
				continue;
		}
	}

	return 0;
}
END
    } >"$1/src/common/socket.c"
    # shellcheck disable=SC2016 # not for the shell
    printf '#!/bin/sh\nLIBS=-lz\nOBJECTS="common login char"\nOBJECTS="$OBJECTS map"\nfor obj in $OBJECTS; do\n\tif true; then\n\t\tobj_list=`cat src/$obj/objects | xargs echo`\n\tfi\ndone\necho $LIBS\n' \
        >"$1/configure"
    chmod 755 "$1/configure"
}

# ---- the checks ----

fact() { # NAME VALUE
    grep -qxF -- "#define ROPP_TREE_$1 $2" "$tree/src/common/ropp_tree.h" ||
        complain "$1 is not '$2': $(cat "$tree/src/common/ropp_tree.h")"
}

# marks NAME COUNT: so many insertions of a hook in the tree
marks() {
    local found
    found=$(grep -rh "ropp:begin $1 " "$tree" | wc -l) || true
    [ "$found" = "$2" ] || complain "$found insertions of $1 instead of $2"
}

# behind FILE HOOK TEXT [LINES]: the hook's insertion begins in the line behind the last one with the text, or so many behind it
behind() {
    grep -A"${4:-1}" -- "$3" "$tree/$1" | tail -1 | grep -q "ropp:begin $2 " || complain "$2 is not behind '$3': $(grep -C4 "$2" "$tree/$1")"
}

compiles() { # FILE FLAG...
    local file=$1
    shift
    (cd "$tree/$(dirname "$file")" && "${cc[@]}" -fsyntax-only -Wall -Wno-deprecated-declarations -Werror=implicit-function-declaration "$@" "$(basename "$file")") \
        >"$dir/cc" 2>&1 || complain "$file does not compile: $(head -20 "$dir/cc")"
    ! grep ropp "$dir/cc" >/dev/null || complain "$file compiles with warnings: $(grep -A3 ropp "$dir/cc" | head -20)"
}

# called FILE FUNCTION OLD NEW: a name in a function of the tree is another one
called() {
    sed -i "/^[a-z].*\\b$2(/,/^}/s/\\([^.>]\\)\\b$3\\b/\\1$4/g" "$tree/$1"
}

# inserts FILE HOOK LINE...: the hook's insertion there, without its blanks and what is for the preprocessor
inserts() {
    local file=$1 hook=$2
    shift 2
    sed -n "/ropp:begin $hook /,/ropp:end/{/ropp:/d;s/^[\t ]*//;/^#/d;p}" "$tree/$file" >"$dir/inserted"
    printf '%s\n' "$@" | diff - "$dir/inserted" >"$dir/diff" || complain "$hook in $file: $(cat "$dir/diff")"
}

# Each server reads the settings before the emulator reads its own.
settings_come_first() {
    local late
    late=$(find "$tree/src" -name '*.c' -exec awk 'FNR == 1 { waits = 0 }
        waits && !/^[ \t]*(#|\/\*|ropp_hook_)/ { if (!/fopen/) print FILENAME ": " $0; waits = 0 }
        /ropp_hook_config_/ { waits = 1 }' {} +)
    [ -z "$late" ] || complain "behind the settings: $late"
}

# whole SHAPE: woven, compiled, compared, reverted
whole() {
    local file
    fresh "$1"
    run 0 check "$tree"
    has out 'Athena before 2008'
    run 0 apply "$tree"
    run 0 status "$tree"
    run 0 apply "$tree"
    has out 'up to date'
    for file in src/common/socket.c src/login/login.c src/char/char.c src/char/inter.c src/map/map.c; do
        compiles "$file"
    done
    behind src/login/login.c login-char-server 'case 0x272f'
    marks login-char-server "$2"
    behind src/char/char.c char-map-server 'case 0x2af8'
    marks char-map-server 1
    settings_come_first
    marks socket-turn 1
    marks socket-ended 1
}

start "offsets"
whole offsets 2
fact LOOP '"looks again"'
fact CLOSE 'do_close(fd)'
fact EOF 'eof'
fact SET_EOF 'set_eof(fd)'
fact DEFAULT_PARSE 'first_parse'
fact CLIENT_ADDR 'client_addr'
fact CLIENT_ADDR_ORDER '(uint32_t)'
fact GUARD 'connect_check'
fact GUARD_IS_ON 'ip_rules'
fact GUARD_ORDER '(uint32_t)'
fact STOP_CLOCK '(s->rdata_tick = 0)'
fact HAS_DESTRUCTOR '0'
fact HAS_SHOWMSG '1'
fact SEND 'WFIFOSET'
fact REFUSAL_SINCE '20100615'
compiles src/common/socket.c -DMINICORE
grep -q 'do_close(fd);' <(grep -A8 'ropp:begin socket-accept' "$tree/src/common/socket.c") || complain 'an unknown peer is not closed as the tree does'
marks build-make-servers 4
grep -qxF 'common: obj/ropp.o' "$tree/src/common/Makefile" || complain 'ropp is no common object'
grep -qxF 'COMMON_OBJ += ../common/obj/ropp.o' "$tree/src/login_sql/Makefile" || complain 'a server does not take it'
[ "$(sed -n 's/^COMMON_OBJ \(+\{0,1\}=\).*/\1/p' "$tree/src/login_sql/Makefile" | tr '\n' ' ')" = '= += ' ] || complain 'what is added is overwritten'
# A rule before all others would be what make makes.
for server in login login_sql char map; do
    [ "$(tail -n 1 "$tree/src/$server/Makefile")" = '# ropp:end build-make-depend' ] || complain "src/$server/Makefile does not end with the rule"
done
run 0 revert "$tree"
same "$tree" "$orig"

start "a guard that is asked in other words, and judges at accept all the same"
for words in '== 0) {' '< 1) goto refused; if (0) {'; do
    fresh offsets
    sed -i -e 's/ip_rules && !\(connect_check.*\))) {/ip_rules \&\& \1) '"$words"'/' \
        -e '/^int connect_client/,/^}/s/^\treturn fd;/&\nrefused:\n\tdo_close(fd);\n\treturn -1;/' "$tree/src/common/socket.c"
    grep -qF "$words" "$tree/src/common/socket.c" || complain "the guard is as before: $words"
    run 0 apply "$tree"
    fact GUARD 'connect_check'
    compiles src/common/socket.c
    sed -n '/^int connect_client/,/^}/p' "$tree/src/common/socket.c" >"$dir/accept"
    [ "$(grep -n 'ropp_hook_accept(' "$dir/accept" | cut -d: -f1)" -lt "$(grep -n 'connect_check(' "$dir/accept" | cut -d: -f1)" ] ||
        complain "the guard judges the proxy: $words"
done

start "a guard that takes an address in this order of bytes or that"
fresh pointers
sed -i 's/!connect_check((unsigned long) client_address.sin_addr.s_addr)/!connect_check(*(unsigned int *)(\&client_address.sin_addr))/' "$tree/src/common/socket.c"
grep -q '(&client_address.sin_addr)' "$tree/src/common/socket.c" || complain 'the guard is as before'
run 0 apply "$tree" --dialect athena
fact GUARD_ORDER 'ntohl'
compiles src/common/socket.c
fresh offsets
sed -i 's/!connect_check(ntohl(/!connect_check((unsigned int)ntohl(/' "$tree/src/common/socket.c"
run 0 apply "$tree"
fact GUARD_ORDER '(uint32_t)'
compiles src/common/socket.c

start "a guard that is asked in two builds"
fresh offsets
sed -i 's/^\tif (ip_rules && !connect_check.*/#ifdef DEBUG\n\tif (!connect_check(0)) {\n#else\n&\n#endif/' "$tree/src/common/socket.c"
run 0 apply "$tree"
fact GUARD 'connect_check'
compiles src/common/socket.c

start "the bans that a login server writes itself, each with a name behind"
fresh offsets
cat >>"$tree/src/login_sql/login.c" <<'END'
const char *penalty = "INSERT INTO `ipbanlist` (`list`, `reason`) VALUES ('%u.*', 'Too many: %s')";
int login_ip_ban_check(unsigned int addr)
{
	return addr == 1;
}
END
rm -rf "$orig"
cp -a "$tree" "$orig"
run 0 apply "$tree"
fact IPBAN_REASON '"Too many: %"'
marks ipban-allowed 1
compiles src/login_sql/login.c
run 0 revert "$tree"
same "$tree" "$orig"

start "a login server of early 2007: bans of two kinds, and an address by its bytes"
for parameters in 'unsigned char *addr' 'unsigned char *addr, unsigned long ipl' 'uint8 * addr, unsigned long ipl'; do
    fresh offsets
    cat >>"$tree/src/login_sql/login.c" <<END
typedef unsigned char uint8;
const char *penalty = "INSERT INTO \`ipbanlist\` (\`list\`, \`reason\`) VALUES ('%d.*', 'Too many: %s')";
const char *dynamic = "INSERT INTO \`ipbanlist\` (\`list\`, \`reason\`) VALUES ('%d.*', 'Dynamic ban of %s')";
int login_ip_ban_check($parameters)
{
	return addr[0] == 1;
}
END
    run 0 apply "$tree"
    fact IPBAN_REASON '"Too many: %"'
    fact IPBAN_REASON_DYNAMIC '"Dynamic ban of %"'
    inserts src/login_sql/login.c ipban-allowed \
        'if (ropp_hook_allowed((unsigned int)addr[0] << 24 | (unsigned int)addr[1] << 16 | (unsigned int)addr[2] << 8 | addr[3]))' \
        'return 0;'
    compiles src/login_sql/login.c
done

start "a login server of 2006, which asks ipbanlist in the midst of the packets"
fresh offsets
# shellcheck disable=SC2016 # for the tree's database
sed -i '0,/^\tint cmd = .*/s//&\n\n\tif (ipban > 0) {\n\t\t\/\/ip ban\n\t\tsprintf(query, "SELECT count(*) FROM `ipbanlist` WHERE `list` = '"'%d.*'"'", cmd);\n\t}/' \
    "$tree/src/login_sql/login.c"
sed -i 's/^int parse_login/char query[99];\nint ipban;\n&/' "$tree/src/login_sql/login.c"
run 0 check "$tree"
has out 'an allowance in proxy_ban does not win'
marks ipban-allowed 0
fresh offsets
run 0 check "$tree"
! grep 'an allowance in proxy_ban does not win' "$dir/out" || complain 'warned of what is not there'

start "reasons of bans that are not understood"
fresh offsets
for reason in 'Too many' 'Far too many'; do
    printf 'const char *%s = "INSERT INTO ipbanlist (list, reason) VALUES (1, '"'%s: %%s'"')";\n' "${reason%% *}" "$reason"
done >>"$tree/src/login_sql/login.c"
run 0 apply "$tree"
fact IPBAN_REASON '"Password error ban%"' # has a name behind it in all that are known
fact IPBAN_REASON_DYNAMIC '""'

start "two functions that listen, of which the servers take one"
for body in 'return make_listen_bind(0, (unsigned short)port);' 'int fd = make(port); return fd;'; do
    fresh offsets
    printf 'int make_listen_port(int port)\n{\n\t%s\n}\n' "$body" >>"$tree/src/common/socket.c"
    run 0 apply "$tree"
    marks socket-listening 1
    behind src/common/socket.c socket-listening '^int make_listen_bind' 6
    compiles src/common/socket.c
done

start "pointers"
whole pointers 1
fact LOOP '"ends sessions"'
fact CLOSE 'ropp_emu_set_eof(fd)'
fact SET_EOF '(session[fd]->eof = 1)'
fact CLIENT_ADDR 'client_addr.sin_addr.s_addr'
fact CLIENT_ADDR_ORDER 'ntohl'
fact GUARD_IS_ON '1'
fact GUARD_ORDER 'ntohl'
fact STOP_CLOCK '(s->auth = -1)'
fact START_CLOCK '(s->auth = 0, s->tick = gettick())'
fact HAS_DESTRUCTOR '1'
fact HAS_SHOWMSG '0'
grep -q 'ropp_hook_connected(pos);' "$tree/src/common/socket.c" || complain 'the session is not the one that was made'
for ticket in login char; do
    marks "$ticket-ticket" 1
    behind "src/$ticket/$ticket.c" "$ticket-ticket" 'cmp_authfifo(int i' 2
done
run 0 revert "$tree"
same "$tree" "$orig"

start "a clock that stops once something was sent"
fresh pointers
sed -i -e 's/(sd->auth >= 0 && tick - sd->tick > 10000)/(!session[i]->connected \&\& now - sd->created > 10)/' "$tree/src/common/socket.c"
sed -i -e 's/int auth;/int connected;/' -e 's/unsigned int tick;/time_t created;/' "$tree/src/common/socket.h"
run 0 apply "$tree" --dialect athena
fact STOP_CLOCK '(s->connected = 1)'
fact START_CLOCK '(s->connected = s->rdata_size > s->rdata_pos, s->created = time(NULL))'

start "copies"
whole copies 1
fact CLOSE '(close(fd), delete_session(fd))'
fact GUARD 'ROPP_EMU_NO_GUARD'
fact STOP_CLOCK '((void)0)'
fact PACKET 'WPACKETP(0)'
fact PACKET_ROOM 'sizeof WPACKETBUF'
fact SEND 'SENDPACKET'
behind src/common/socket.c socket-send '^void SENDPACKET(' 2
marks socket-guard 0
sh -n "$tree/configure" || complain 'configure is no script any more'
[ -x "$tree/configure" ] || complain 'configure cannot be run any more'
# shellcheck disable=SC2016 # for the tree's shell
inserts configure build-make-servers '[ "$obj" != common ] || obj_list="$obj_list ropp"'
run 0 revert "$tree"
same "$tree" "$orig"

start "what is inserted has the names that the functions themselves have"
fresh offsets
for server in login login_sql; do
    called "src/$server/login.c" login_config_read path login_conf
    called "src/$server/login.c" parse_login fd client
done
{
    settings sql_config_read | sed 's/path/sql_conf/'
    printf 'int login_ip_ban_check(unsigned int addr)\n{\n\treturn addr == 1;\n}\n'
} >>"$tree/src/login_sql/login.c"
called src/char/char.c char_config_read path char_conf
called src/char/char.c parse_char fd client
called src/char/inter.c inter_config_read path inter_conf
{
    printf '#include <stdio.h>\n'
    settings inter_config_read | sed 's/path/inter_conf/'
    cat <<'END'
int map_config_read(const char *map_conf)
{
	char line[128], setting[64], value[64];
	FILE *in = fopen(map_conf, "r");

	while (in && fgets(line, sizeof line, in)) {
		if (sscanf(line, "%60[^:]: %60s", setting, value) != 2)
			continue;
		puts(setting);
	}
	return in != NULL;
}
END
} >"$tree/src/map/map.c"
called src/common/socket.c do_sendrecv next until
called src/common/socket.c delete_session fd gone
called src/common/socket.c WFIFOSET fd receiver
called src/common/socket.c WFIFOSET len bytes
run 0 apply "$tree"
for server in login login_sql; do
    inserts "src/$server/login.c" login-config 'ropp_hook_packetver(PACKETVER);' 'ropp_hook_config_fopen(ROPP_LOGIN, login_conf);'
    inserts "src/$server/login.c" login-char-server 'if (ropp_hook_refuse_server(client))' 'return 0;'
done
inserts src/login_sql/login.c login-sql-config 'ropp_hook_config_fopen(ROPP_LOGIN, sql_conf);'
inserts src/login_sql/login.c ipban-allowed 'if (ropp_hook_allowed(addr))' 'return 0;'
inserts src/char/char.c char-config 'ropp_hook_config_fopen(ROPP_CHAR, char_conf);'
inserts src/char/char.c char-map-server 'if (ropp_hook_refuse_server(client))' 'return 0;'
inserts src/char/inter.c char-inter-config 'ropp_hook_config_fopen(ROPP_CHAR, inter_conf);'
inserts src/map/map.c map-config 'ropp_hook_config_fopen(ROPP_MAP, map_conf);'
inserts src/map/map.c map-config-known 'if (ropp_hook_is_key(setting))' 'continue;'
inserts src/map/map.c map-inter-config 'ropp_hook_config_fopen(ROPP_MAP, inter_conf);'
settings_come_first
socket=src/common/socket.c
inserts $socket socket-accept 'if (ropp_hook_accept(fd, ntohl(client_address.sin_addr.s_addr))) {' 'do_close(fd);' 'return -1;' '}'
inserts $socket socket-connected 'ropp_hook_session(fd);' 'ropp_hook_connected(fd);'
inserts $socket socket-own 'ropp_hook_session(fd);'
inserts $socket socket-listening 'ropp_hook_session(fd);' 'ropp_hook_listening(fd);'
inserts $socket socket-turn 'ropp_hook_turn();' 'until = ropp_hook_wait(until);'
inserts $socket socket-ended 'ropp_hook_ended(gone);'
inserts $socket socket-send 'bytes = ropp_hook_send(receiver, (unsigned int)bytes);'
for file in $socket src/login/login.c src/login_sql/login.c src/char/char.c src/char/inter.c src/map/map.c; do
    compiles "$file"
done

fresh pointers
for server in login char; do
    called "src/$server/$server.c" cmp_authfifo i slot
    called "src/$server/$server.c" cmp_authfifo account_id account
    called "src/$server/$server.c" cmp_authfifo login_id1 first
    called "src/$server/$server.c" cmp_authfifo ip from
done
run 0 apply "$tree"
inserts src/login/login.c login-ticket \
    'if (auth_fifo[slot].account_id == account && auth_fifo[slot].login_id1 == first && !auth_fifo[slot].delflag &&' \
    'ropp_hook_ticket((unsigned int)account, ntohl(auth_fifo[slot].ip), ntohl(from)))' 'return 0;'
inserts src/char/char.c char-ticket \
    'if (auth_fifo[slot].account_id == account && auth_fifo[slot].login_id1 == first && auth_fifo[slot].delflag != 1 &&' \
    'ropp_hook_ticket((unsigned int)account, ntohl(auth_fifo[slot].ip), ntohl(from)))' 'return 0;'
inserts $socket socket-accept 'if (ropp_hook_accept(fd, ntohl(client_address.sin_addr.s_addr))) {' 'socket_close(fd);' 'return -1;' '}'
inserts $socket socket-connected 'ropp_hook_session(pos);' 'ropp_hook_connected(pos);'
inserts $socket socket-own 'ropp_hook_session(pos);'
inserts $socket socket-listening 'ropp_hook_session(pos);' 'ropp_hook_listening(pos);'
compiles src/login/login.c
compiles src/char/char.c

fresh copies
called $socket SENDPACKET fd receiver
called $socket SENDPACKET len bytes
run 0 apply "$tree"
inserts $socket socket-send '{' 'int ropp_length = (int)ropp_hook_send(receiver, (unsigned int)bytes);' '' \
    'if (ropp_length != bytes) {' 'SENDPACKET(receiver, ropp_length);' 'return;' '}' '}'
compiles $socket

for shape in offsets pointers copies; do
    fresh "$shape"
    same_places "$shape" "$tree"
done

start "a loop that would look at a session that was freed"
fresh offsets
sed -i '/func_parse(i);/,/continue;/{/if (!session/d;/continue;/d}' "$tree/src/common/socket.c"
run 1 apply "$tree" --dialect athena
has err "fact 'loop'"

start "a session without a bound"
fresh pointers
sed -i 's/extern struct socket_data \*session\[FD_SETSIZE\]/extern struct socket_data **session/' "$tree/src/common/socket.h"
run 1 apply "$tree" --dialect athena
has err "fact 'session-bound'"

start "a branch of which each half opens a brace"
fresh pointers
cat >>"$tree/src/map/map.c" <<'END'
int count(int many)
{
#ifdef TXT_ONLY
	if (many) {
#endif
#ifdef USE_SQL
	if (many > 1) {
#endif
		return 1;
	}
	return 0;
}
END
sed -i 's/map_config_read/read_map/' "$tree/src/map/map.c"
settings map_config_read >>"$tree/src/map/map.c"
rm -rf "$orig"
cp -a "$tree" "$orig"
run 0 apply "$tree"
marks map-config 1
run 0 revert "$tree"
same "$tree" "$orig"

summary "ropp patch, older than 2008"
