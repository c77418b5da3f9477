// SPDX-License-Identifier: MIT
/* An emulator that is nothing but a socket layer, in the shape of either dialect: what the glue is
 * compiled against. ROPP_TEST_HERCULES makes it Hercules', and with ROPP_EMU_HAS_CONNECTED the one
 * of today. Sockets are arrays: what a test puts into one, the next receive finds. */
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

typedef int (*RecvFunc)(int fd);
typedef int (*ParseFunc)(int fd);
typedef int (*ConnectedFunc)(int fd);
typedef int (*DeleteFunc)(int fd);

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
#ifdef ROPP_EMU_HAS_CONNECTED
    ConnectedFunc func_client_connected;
    DeleteFunc func_delete;
#endif
};

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
    longjmp(at_exit, status);
}

/* ---- buffers ---- */

#define RFIFOP(fd, pos)     (session[fd]->rdata + session[fd]->rdata_pos + (pos))
#define RFIFOREST(fd)       (session[fd]->flag.eof ? 0 : session[fd]->rdata_size - session[fd]->rdata_pos)
#define RFIFOSPACE(fd)      (session[fd]->max_rdata - session[fd]->rdata_size)
#define RFIFOFLUSH(fd)      emu_flush(fd)
#define WFIFOHEAD(fd, size) (reserved = (size))
#define WFIFOP(fd, pos)     (session[fd]->wdata + session[fd]->wdata_size + (pos))
#define WFIFOSET(fd, size)  emu_send(fd, size)

static struct socket_data sessions[ROOM];
static size_t reserved; /* by the latest WFIFOHEAD */
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

    s->rdata_size -= s->rdata_pos;
    memmove(s->rdata, s->rdata + s->rdata_pos, s->rdata_size);
    s->rdata_pos = 0;
}

/* WFIFOSET, with the hook at its beginning. */
static void emu_send(int fd, size_t length)
{
    if (session[fd] == NULL || session[fd]->wdata == NULL)
        return;
    assert_true(length <= reserved);
    reserved = 0;
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
static uint8_t heard[ROOM][BUFFER];
static size_t heard_size[ROOM];

static void emu_eof(int fd)
{
    if (emu_is_active(fd))
        session[fd]->flag.eof = 1;
}

static void emu_close(int fd)
{
    assert_non_null(session[fd]);
#ifdef ROPP_EMU_HAS_CONNECTED
    session[fd]->func_delete(fd);
#endif
    session[fd] = NULL;
}

static bool emu_is_active(int fd)
{
    assert_in_range(fd, 0, ROOM - 1); /* an emulator that has no test of its own */
    return session[fd] != NULL && !session[fd]->flag.eof;
}

static int emu_recv(int fd)
{
    struct socket_data *s = session[fd];
    size_t size = sockets[fd].size < RFIFOSPACE(fd) ? sockets[fd].size : RFIFOSPACE(fd);

    if (s->flag.eof)
        return -1;
    if (size == 0) {
        if (sockets[fd].is_closed)
            emu_eof(fd);
        return 0;
    }
    memcpy(s->rdata + s->rdata_size, sockets[fd].bytes, size);
    s->rdata_size += size;
    s->rdata_tick = *emu_tick;
#ifdef SHOW_SERVER_STATS
    socket_data_qi += size;
#endif
    sockets[fd].size -= size;
    memmove(sockets[fd].bytes, sockets[fd].bytes + size, sockets[fd].size);
    return 0;
}

static int emu_parse(int fd)
{
    struct socket_data *s = session[fd];
    size_t size = s->rdata_size - s->rdata_pos;

    if (seen[fd].parsed++ == 0)
        seen[fd].client_addr = s->client_addr;
    if (s->flag.eof) {
        seen[fd].parsed_at_eof++;
        emu_close(fd);
        return 0;
    }
    if (!eats || size == 0)
        return 0;
    memcpy(heard[fd] + heard_size[fd], RFIFOP(fd, 0), size);
    heard_size[fd] += size;
    s->rdata_pos += size;
    if (serves)
        s->flag.server = 1;
    return 0;
}

#ifdef ROPP_EMU_HAS_CONNECTED

static int emu_connected(int fd)
{
    seen[fd].connected++;
    seen[fd].client_addr = session[fd]->client_addr;
    return 0;
}

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
    s->max_rdata = s->max_wdata = BUFFER;
    s->rdata_tick = *emu_tick;
    s->func_recv = emu_recv;
    s->func_parse = emu_parse;
#ifdef ROPP_EMU_HAS_CONNECTED
    s->func_client_connected = emu_connected;
    s->func_delete = emu_deleted;
#endif
    session[fd] = s;
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
    assert_in_range(judged_count, 0, 15);
    judged[judged_count++] = ip;
    return guard_lets_in;
}

/* Somebody connects. False when no session was made. */
static bool emu_accept(int fd, uint32_t peer)
{
    if (ropp_hook_accept(fd, peer))
        return false;
    if (ip_rules && !connect_check(peer))
        return false;
    make_session(fd);
    session[fd]->client_addr = peer;
    ropp_hook_connected(fd);
#ifdef ROPP_EMU_HAS_CONNECTED
    session[fd]->func_client_connected(fd);
#endif
    return true;
}

/* ---- listening ---- */

static int listen_backlog;
static bool listen_fails;

#define sListen(fd, backlog) emu_listen(backlog)

static int emu_listen(int backlog)
{
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

/* All sessions look at what they have. */
static void emu_look(void)
{
    int fd;

    for (fd = 1; fd < *emu_fd_max; fd++) {
        if (session[fd] == NULL)
            continue;
        if (session[fd]->rdata_tick != 0 && *emu_tick - session[fd]->rdata_tick > STALL_TIME)
            emu_eof(fd);
        session[fd]->func_parse(fd);
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
    *emu_fd_max = 0;
    *emu_tick = 1000000;
    ip_rules = 0;
    judged_count = 0;
    guard_lets_in = true;
    eats = true;
    serves = false;
    listen_backlog = 0;
    listen_fails = false;
}

#endif
