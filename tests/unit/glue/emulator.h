// SPDX-License-Identifier: MIT
/* An emulator that is nothing but a socket layer, in the shape of each dialect: what the glue is
 * compiled against. ROPP_TEST_HERCULES makes it Hercules', and with ROPP_EMU_HAS_CONNECTED the one
 * of today. ROPP_TEST_ATHENA makes it one from before 2008 that differs in as much as it can: buffers
 * of pointers, addresses in a sockaddr_in, a server's session only told by its handler, a loop that
 * parses only what was received and itself ends sessions, and a recv to which nothing is an error.
 * Sockets are arrays: what a test puts into one, the next receive finds. */
#ifndef ROPP_TEST_GLUE_EMULATOR_H
#define ROPP_TEST_GLUE_EMULATOR_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "glue/hooks.h"
#include "tests/unit/unit.h"

#define ROOM 1000

#include "tests/unit/glue/sockets.h"

#define BUFFER     2048
#define STALL_TIME 60 /* seconds without a byte after which the emulator ends a session */

#ifdef ROPP_TEST_ATHENA
#    include <arpa/inet.h>
#endif

typedef int (*RecvFunc)(int fd);
typedef int (*ParseFunc)(int fd);
typedef int (*ConnectedFunc)(int fd);
typedef int (*DeleteFunc)(int fd);

#ifdef ROPP_TEST_ATHENA

struct socket_data {
    int eof;
    int auth; /* below 0: never ended for its silence */
    unsigned int tick;
    unsigned char *rdata, *wdata;
    unsigned char *max_rdata, *max_wdata;
    unsigned char *rdata_size, *wdata_size;
    unsigned char *rdata_pos;
    struct sockaddr_in client_addr;
    RecvFunc func_recv;
    ParseFunc func_parse;
    DeleteFunc func_destruct;
};

#else

struct socket_data {
    struct {
        unsigned eof : 1, server : 1;
    } flag;
    uint32_t client_addr;
    uint8_t *rdata, *wdata;
    size_t rdata_size, rdata_pos, max_rdata, wdata_size, max_wdata;
    time_t rdata_tick; /* 0: never ended for its silence */
    RecvFunc func_recv;
    ParseFunc func_parse;
#    ifdef ROPP_EMU_HAS_CONNECTED
    ConnectedFunc func_client_connected; /* both may be NULL */
    DeleteFunc func_delete;
#    endif
};

#endif

static struct socket_data *session[ROOM];
static int ip_rules;

static void emu_eof(int fd);
static void emu_close(int fd);
static bool emu_is_active(int fd);

#ifdef ROPP_TEST_HERCULES

static struct {
    struct socket_data **session;
    int fd_max;
    time_t last_tick;
    void (*close)(int fd);
    bool (*session_is_active)(int fd);
} sockets_interface = {session, 0, 0, emu_close, emu_is_active}, *sockt = &sockets_interface;

#    define set_eof            emu_eof
#    define ROPP_EMU_SESSIONS  sockt->session
#    define ROPP_EMU_BOUND     ROOM
#    define ROPP_EMU_IS_ACTIVE sockt->session_is_active
static int *const emu_fd_max = &sockets_interface.fd_max;
static time_t *const emu_tick = &sockets_interface.last_tick;

#elif defined ROPP_TEST_ATHENA

static int fd_max;
static time_t last_tick;
static int emu_parse(int fd);
static ParseFunc default_func_parse = emu_parse;

#    define gettick() ((unsigned int)last_tick)
static int *const emu_fd_max = &fd_max;
static time_t *const emu_tick = &last_tick;

#else

static int fd_max;
static time_t last_tick;
#    define SHOW_SERVER_STATS
static size_t socket_data_qi;

#    define set_eof          emu_eof
#    define do_close         emu_close
#    define session_isActive emu_is_active
static int *const emu_fd_max = &fd_max;
static time_t *const emu_tick = &last_tick;

#endif

/* ---- what the emulator says ---- */

enum emu_kind { EMU_STATUS, EMU_WARNING, EMU_FATAL, EMU_KINDS };

static char said[EMU_KINDS][1024]; /* the last of each */
static jmp_buf at_exit;
static int exit_status;

static void emu_say(enum emu_kind kind, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    (void)vsnprintf(said[kind], sizeof said[kind], format, values);
    va_end(values);
}

#define ShowStatus(...)     emu_say(EMU_STATUS, __VA_ARGS__)
#define ShowWarning(...)    emu_say(EMU_WARNING, __VA_ARGS__)
#define ShowFatalError(...) emu_say(EMU_FATAL, __VA_ARGS__)

static void emu_exit(int status)
{
    exit_status = status;
    longjmp(at_exit, 1);
}

/* ---- buffers ---- */

#ifdef ROPP_TEST_ATHENA
#    define EMU_EOF(s)         (s)->eof
#    define RFIFOP(fd, pos)    (session[fd]->rdata_pos + (pos))
#    define RFIFOREST(fd)      ((size_t)(session[fd]->rdata_size - session[fd]->rdata_pos))
#    define WFIFOSPACE(fd)     (session[fd]->max_wdata - session[fd]->wdata_size)
#    define WFIFOP(fd, pos)    (session[fd]->wdata_size + (pos))
#    define EMU_OFFSET(s, at)  ((size_t)((s)->at - (s)->rdata))
#    define EMU_AT(s, at, pos) ((s)->at + (pos))
#else
#    define EMU_EOF(s)      (s)->flag.eof
#    define RFIFOP(fd, pos) (session[fd]->rdata + session[fd]->rdata_pos + (pos))
#    define RFIFOREST(fd)                                                                          \
        (session[fd]->flag.eof ? 0 : session[fd]->rdata_size - session[fd]->rdata_pos)
#    define RFIFOFLUSH(fd)      emu_flush(fd)
#    define WFIFOHEAD(fd, size) (reserved = (size))
#    define WFIFOP(fd, pos)     (session[fd]->wdata + session[fd]->wdata_size + (pos))
#    define EMU_OFFSET(s, at)   ((s)->at)
#    define EMU_AT(s, at, pos)  (pos)
#endif
#define RFIFOSPACE(fd)     ((size_t)(session[fd]->max_rdata - session[fd]->rdata_size))
#define WFIFOSET(fd, size) emu_send(fd, (size_t)(size))

static struct socket_data sessions[ROOM];
#ifndef ROPP_TEST_ATHENA
static size_t reserved; /* by the latest WFIFOHEAD */
#endif
static uint8_t received[ROOM][BUFFER], sent_bytes[ROOM][BUFFER];

/* What the other end has sent and nobody has received yet. */
static struct {
    uint8_t bytes[BUFFER];
    size_t size;
    bool is_closed;
} sockets[ROOM];

static void emu_flush(int fd)
{
    struct socket_data *s = session[fd];
    size_t read = EMU_OFFSET(s, rdata_pos), unread = EMU_OFFSET(s, rdata_size) - read;

    memmove(s->rdata, s->rdata + read, unread);
    s->rdata_size = EMU_AT(s, rdata, unread);
    s->rdata_pos = EMU_AT(s, rdata, 0);
}

/* How many bytes are in its buffer of what was received, and of what is to be sent. */
static size_t emu_buffered(int fd)
{
    return EMU_OFFSET(session[fd], rdata_size);
}

static size_t emu_written(const struct socket_data *s)
{
#ifdef ROPP_TEST_ATHENA
    return (size_t)(s->wdata_size - s->wdata);
#else
    return s->wdata_size;
#endif
}

static void emu_write(int fd, size_t size)
{
    session[fd]->wdata_size = EMU_AT(session[fd], wdata, size);
}

static void emu_make_room(int fd, size_t size)
{
    session[fd]->max_rdata = EMU_AT(session[fd], rdata, size);
}

/* ---- what differs in a session ---- */

static uint32_t emu_address(int fd)
{
#ifdef ROPP_TEST_ATHENA
    return ntohl(session[fd]->client_addr.sin_addr.s_addr);
#else
    return session[fd]->client_addr;
#endif
}

static void emu_set_address(int fd, uint32_t addr)
{
#ifdef ROPP_TEST_ATHENA
    session[fd]->client_addr.sin_addr.s_addr = htonl(addr);
#else
    session[fd]->client_addr = addr;
#endif
}

static void emu_start_clock(int fd)
{
#ifdef ROPP_TEST_ATHENA
    session[fd]->tick = gettick();
#else
    session[fd]->rdata_tick = *emu_tick;
#endif
}

static bool emu_clock_is_off(int fd)
{
#ifdef ROPP_TEST_ATHENA
    return session[fd]->auth < 0;
#else
    return session[fd]->rdata_tick == 0;
#endif
}

static bool emu_clock_began_now(int fd)
{
#ifdef ROPP_TEST_ATHENA
    return session[fd]->auth >= 0 && session[fd]->tick == gettick();
#else
    return session[fd]->rdata_tick == *emu_tick;
#endif
}

static bool emu_is_late(int fd)
{
#ifdef ROPP_TEST_ATHENA
    return session[fd]->auth >= 0 && gettick() - session[fd]->tick > STALL_TIME;
#else
    return session[fd]->rdata_tick != 0 && *emu_tick - session[fd]->rdata_tick > STALL_TIME;
#endif
}

/* WFIFOSET, with the hook at its beginning. */
static void emu_send(int fd, size_t length)
{
    if (session[fd] == NULL || session[fd]->wdata == NULL)
        return;
#ifndef ROPP_TEST_ATHENA
    assert_true(length <= reserved);
    reserved = 0;
#endif
    length = ropp_hook_send(fd, (unsigned int)length);
    session[fd]->wdata_size += length;
}

/* ---- sessions ---- */

/* What the emulator has seen of a session. */
static struct {
    int connected, parsed, parsed_at_eof, deleted;
    uint32_t client_addr; /* when it had it first */
} seen[ROOM];

static bool eats = true;    /* the emulator understands what it is given, and takes it */
static bool serves = false; /* it takes it as the login of a server */
static bool ends = false;   /* it ends the session for it */
static uint8_t heard[ROOM][BUFFER];
static size_t heard_size[ROOM];

static void emu_eof(int fd)
{
    if (emu_is_active(fd))
        EMU_EOF(session[fd]) = 1;
}

static void emu_close(int fd)
{
    assert_non_null(session[fd]);
#ifdef ROPP_EMU_HAS_CONNECTED
    session[fd]->func_delete(fd);
#endif
#ifdef ROPP_TEST_ATHENA
    ropp_hook_ended(fd);
    if (session[fd]->func_destruct != NULL)
        session[fd]->func_destruct(fd);
#endif
    session[fd] = NULL;
}

static bool emu_is_active(int fd)
{
    assert_in_range(fd, 0, ROOM - 1); /* an emulator that has no test of its own */
    return session[fd] != NULL && !EMU_EOF(session[fd]);
}

static int emu_recv(int fd)
{
    struct socket_data *s = session[fd];
    size_t size = sockets[fd].size < RFIFOSPACE(fd) ? sockets[fd].size : RFIFOSPACE(fd);

    if (EMU_EOF(s))
        return -1;
    if (size == 0) {
#ifndef ROPP_TEST_ATHENA
        if (sockets[fd].is_closed)
#endif
            emu_eof(fd);
        return 0;
    }
    memcpy(s->rdata + EMU_OFFSET(s, rdata_size), sockets[fd].bytes, size);
    s->rdata_size += size;
    emu_start_clock(fd);
#ifdef SHOW_SERVER_STATS
    socket_data_qi += size;
#endif
    sockets[fd].size -= size;
    memmove(sockets[fd].bytes, sockets[fd].bytes + size, sockets[fd].size);
    return 0;
}

/* Makes the session a server's, or a player's again. */
static void emu_serve(int fd, bool serves_now);

static int emu_parse(int fd)
{
    struct socket_data *s = session[fd];
    size_t size = (size_t)(s->rdata_size - s->rdata_pos);

    if (seen[fd].parsed++ == 0)
        seen[fd].client_addr = emu_address(fd);
    if (EMU_EOF(s)) {
        seen[fd].parsed_at_eof++;
#ifndef ROPP_TEST_ATHENA /* its loop does that, and looks at the session again after this */
        emu_close(fd);
#endif
        return 0;
    }
    if (!eats || size == 0)
        return 0;
    memcpy(heard[fd] + heard_size[fd], RFIFOP(fd, 0), size);
    heard_size[fd] += size;
    s->rdata_pos += size;
    if (serves)
        emu_serve(fd, true);
    if (ends)
        emu_eof(fd);
    return 0;
}

#ifdef ROPP_TEST_ATHENA

static int emu_server_parse(int fd)
{
    return emu_parse(fd);
}

static void emu_serve(int fd, bool serves_now)
{
    session[fd]->func_parse = serves_now ? emu_server_parse : emu_parse;
}

static bool emu_is_server(int fd)
{
    return session[fd]->func_parse == emu_server_parse;
}

/* A handler of the emulator's own. */
static bool emu_is_parse(ParseFunc parse)
{
    return parse == emu_parse || parse == emu_server_parse;
}

#    define EMU_SEEN_ENDS(fd) seen[fd].deleted

#else

static void emu_serve(int fd, bool serves_now)
{
    session[fd]->flag.server = serves_now;
}

static bool emu_is_server(int fd)
{
    return session[fd]->flag.server;
}

static bool emu_is_parse(ParseFunc parse)
{
    return parse == emu_parse;
}

#    define EMU_SEEN_ENDS(fd) seen[fd].parsed_at_eof

#endif

#ifdef ROPP_EMU_HAS_CONNECTED

static int emu_connected(int fd)
{
    seen[fd].connected++;
    seen[fd].client_addr = session[fd]->client_addr;
    return 0;
}

#endif

#if defined ROPP_EMU_HAS_CONNECTED || defined ROPP_TEST_ATHENA

static int emu_deleted(int fd)
{
    seen[fd].deleted++;
    return 0;
}

#endif

/* A session, whoever makes it. */
static void make_session(int fd)
{
    struct socket_data *s = &sessions[fd];

    ropp_hook_session(fd);
    memset(s, 0, sizeof *s);
    memset(&sockets[fd], 0, sizeof sockets[fd]);
    memset(&seen[fd], 0, sizeof seen[fd]);
    heard_size[fd] = 0;
    s->rdata = received[fd];
    s->wdata = sent_bytes[fd];
    s->rdata_size = s->rdata_pos = EMU_AT(s, rdata, 0);
    s->max_rdata = EMU_AT(s, rdata, BUFFER);
    s->wdata_size = EMU_AT(s, wdata, 0);
    s->max_wdata = EMU_AT(s, wdata, BUFFER);
    s->func_recv = emu_recv;
    s->func_parse = emu_parse;
#ifdef ROPP_EMU_HAS_CONNECTED
    s->func_client_connected = emu_connected;
    s->func_delete = emu_deleted;
#endif
#ifdef ROPP_TEST_ATHENA
    s->func_destruct = emu_deleted;
#endif
    session[fd] = s;
    emu_start_clock(fd);
    if (*emu_fd_max <= fd)
        *emu_fd_max = fd + 1;
}

/* ---- the guard ---- */

static uint32_t judged[16];
static int judged_count;
static bool guard_lets_in;

static int connect_check(uint32_t ip)
{
    if (ropp_hook_defer_check())
        return 1;
#ifdef ROPP_TEST_ATHENA /* the order of bytes in which accept has it */
    ip = ntohl(ip);
#endif
    assert_in_range(judged_count, 0, 15);
    judged[judged_count++] = ip;
    return guard_lets_in;
}

/* Somebody connects. False when no session was made. */
static bool emu_accept(int fd, uint32_t peer)
{
    if (ropp_hook_accept(fd, peer))
        return false;
#ifdef ROPP_TEST_ATHENA
    if (ip_rules && !connect_check(htonl(peer)))
        return false;
#else
    if (ip_rules && !connect_check(peer))
        return false;
#endif
    make_session(fd);
    emu_set_address(fd, peer);
    ropp_hook_connected(fd);
#ifdef ROPP_EMU_HAS_CONNECTED
    session[fd]->func_client_connected(fd);
#endif
    return true;
}

/* ---- listening ---- */

static int listen_fd, listen_backlog; /* -1: nothing was asked for */
static bool listen_fails;

#ifdef ROPP_TEST_ATHENA
#    define listen emu_listen
#    define recv   emu_peek
#    define atexit emu_at_exit

/* What is at the socket to be read: -1 for nothing. */
static int emu_peek(int fd, char *to, size_t length, int flags)
{
    assert_non_null(to);
    assert_int_equal(length, 1);
    assert_int_equal(flags, MSG_PEEK | MSG_DONTWAIT);
    return sockets[fd].size > 0 ? 1 : sockets[fd].is_closed ? 0 : -1;
}

static void (*registered)(void);

static int emu_at_exit(void (*function)(void))
{
    registered = function;
    return 0;
}
#endif

#define sListen(fd, backlog) emu_listen(fd, backlog)

static int emu_listen(int fd, int backlog)
{
    listen_fd = fd;
    listen_backlog = backlog;
    emu_no_room();
    return listen_fails ? SOCKET_ERROR : 0;
}

/* ---- the loop ---- */

/* All sessions receive what there is. */
static void emu_receive(void)
{
    int fd;

    for (fd = 1; fd < *emu_fd_max; fd++)
        if (session[fd] != NULL && (sockets[fd].size > 0 || sockets[fd].is_closed))
            session[fd]->func_recv(fd);
}

#ifdef ROPP_TEST_ATHENA
static void ropp_glue_look_after(void);
#endif

/* All sessions look at what they have. */
static void emu_look(void)
{
    int fd;

#ifdef ROPP_TEST_ATHENA
    ropp_glue_look_after(); /* as the turn does */
#endif
    for (fd = 1; fd < *emu_fd_max; fd++) {
        if (session[fd] == NULL)
            continue;
        if (emu_is_late(fd))
            emu_eof(fd);
#ifdef ROPP_TEST_ATHENA
        if (EMU_EOF(session[fd])) {
            emu_close(fd);
            continue;
        }
        if (RFIFOREST(fd) == 0)
            continue;
        assert_int_equal(session[fd]->func_parse(fd), 0);
        assert_non_null(session[fd]);
#else
        assert_int_equal(session[fd]->func_parse(fd), 0);
#endif
        if (session[fd] != NULL)
            emu_flush(fd);
    }
}

/* A turn of the loop. */
static void emu_turn(void)
{
    ropp_hook_turn();
    emu_receive();
    emu_look();
}

static void emu_begin(void)
{
    memset(session, 0, sizeof session);
    memset(said, 0, sizeof said);
    exit_status = 0;
    *emu_fd_max = 0;
    *emu_tick = 1000000;
    ip_rules = 0;
    judged_count = 0;
    guard_lets_in = true;
    eats = true;
    serves = false;
    ends = false;
    listen_fd = listen_backlog = -1;
    listen_fails = false;
}

#endif
