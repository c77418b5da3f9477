// SPDX-License-Identifier: MIT
/* The glue, woven into an emulator that is nothing but a socket layer (tests/unit/glue): what
 * becomes of a session from accept to its end, when, and how often. Compiled for the shapes an
 * emulator has. */
#include <limits.h>

#include "tests/unit/glue/emulator.h"
#include "tests/unit/glue/module.h"
#include "tests/unit/unit.h"

/* ---- the system's descriptors ---- */

static unsigned descriptor_limit;
static int next_descriptor, next_asked; /* asked so often */

static unsigned fake_descriptor_limit(void)
{
    return descriptor_limit;
}

static int fake_next_descriptor(int fd)
{
    assert_non_null(session[fd]);
    next_asked++;
    return next_descriptor;
}

#define exit                  emu_exit
#define _Exit                 emu_exit
#define ropp_descriptor_limit fake_descriptor_limit
#define ropp_next_descriptor  fake_next_descriptor
#ifdef ROPP_TEST_ATHENA
#    include "glue/athena.inc"
#elif defined ROPP_TEST_HERCULES
#    include "glue/hercules.inc"
#    include "glue/hercules-settings.inc"
#    include "glue/common.inc"
#else
#    include "glue/rathena.inc"
#    include "glue/common.inc"
#endif
#include "glue/session.inc"
#include "glue/rejection.inc"
#include "glue/handover.inc"
#include "glue/bans.inc"
#include "glue/hooks.inc"
#undef exit
#undef _Exit
#undef ropp_descriptor_limit
#undef ropp_next_descriptor

static bool fake_kick(struct ropp_conn *conn)
{
    int fd;

    for (fd = 1; conn != &ropp_glue_sessions[fd].conn; fd++)
        assert_true(fd < ROOM);
    looked[fd]++;
    looked_at[fd] = ropp_conn_player(conn);
    return kicks;
}

/* ---- what happens ---- */

#define PROXY  0x7f090909u /* 127.9.9.9 */
#define PLAYER 0xc6336407u /* 198.51.100.7 */
#define PEER   0xcb007109u /* 203.0.113.9 */

#define HEADER         "PROXY TCP4 198.51.100.7 192.0.2.1 4000 6900\r\n"
#define HEADER_OF_IPV6 "PROXY TCP6 2001:db8::7 2001:db8::1 4000 6900\r\n"
#define NOBODY         "PROXY UNKNOWN\r\n"
#define GAME           "\x64\x02game"

static int begin(void **state)
{
    int fd;

    (void)state;
    emu_begin();
    module_begin();
    for (fd = 1; fd < ROOM; fd++)
        ropp_hook_session(fd);
    (void)ropp_emu_hurries();
    assert_int_equal(ropp_glue_readers.used, 0);
    ropp_glue_is_put_off = false;
    ropp_glue_is_asked = true;
    ropp_glue_accepted.fd = 0;
    ropp_glue_many = ROOM;
    ropp_glue_flood = 1;
    ropp_glue_newcomer = 0;
    next_descriptor = 5;
    next_asked = 0;
    ropp_glue_left = 0;
    ropp_glue_next = 0;
    return 0;
}

/* The other end sends something; the next receive finds it. */
static void put(int fd, const char *bytes)
{
    size_t size = strlen(bytes);

    assert_true(sockets[fd].size + size <= BUFFER);
    memcpy(sockets[fd].bytes + sockets[fd].size, bytes, size);
    sockets[fd].size += size;
}

static void hang_up(int fd)
{
    sockets[fd].is_closed = true;
}

static void pass_ms(int64_t ms)
{
    clock_ms += ms;
}

static void make_player(int fd, enum ropp_verdict as)
{
    verdict = as;
    assert_true(emu_accept(fd, PEER));
}

/* Somebody behind a proxy, so far as that is known at accept. */
static void make_proxied(int fd)
{
    verdict = ROPP_VERDICT_HEADER;
    assert_true(emu_accept(fd, PROXY));
}

/* A server's login: a banned peer from whom one is awaited. */
static void make_held(int fd)
{
    this_server = ROPP_SERVER_LOGIN;
    holds = true;
    make_player(fd, ROPP_VERDICT_DIRECT);
}

static void heard_is(int fd, const char *bytes)
{
    assert_int_equal(heard_size[fd], strlen(bytes));
    assert_memory_equal(heard[fd], bytes, heard_size[fd]);
}

/* The emulator has never seen it. */
static void is_unseen(int fd)
{
    assert_int_equal(seen[fd].connected, 0);
    assert_int_equal(seen[fd].parsed, 0);
    assert_int_equal(seen[fd].deleted, 0);
}

/* It has it, with its own handlers and nobody between. */
static void is_the_emulators(int fd)
{
    assert_non_null(session[fd]);
    assert_ptr_equal(session[fd]->func_recv, emu_recv);
    assert_true(emu_is_parse(session[fd]->func_parse));
    assert_false(ropp_glue_sessions[fd].is_watched);
    assert_false(ropp_glue_sessions[fd].has_our_handlers);
#ifdef ROPP_EMU_HAS_CONNECTED
    assert_ptr_equal(session[fd]->func_client_connected, emu_connected);
    assert_ptr_equal(session[fd]->func_delete, emu_deleted);
    assert_int_equal(seen[fd].connected, 1);
#endif
}

static bool is_ending(int fd)
{
    return session[fd] == NULL || EMU_EOF(session[fd]);
}

static void turn(bool with_new_list)
{
    new_list = with_new_list;
    ropp_hook_turn();
}

static int looks_of_all(void)
{
    int fd, sum = 0;

    for (fd = 0; fd < ROOM; fd++)
        sum += looked[fd];
    return sum;
}

/* ---- handed over ---- */

static void test_a_header_and_the_game_behind_it(void **state)
{
    (void)state;
    make_proxied(7);
    emu_turn();
    put(7, HEADER GAME);
    emu_turn();
    is_the_emulators(7);
    heard_is(7, GAME);
    assert_int_equal(seen[7].client_addr, PLAYER);
    assert_int_equal(emu_address(7), PLAYER);
    assert_true(emu_clock_began_now(7));
    assert_int_equal(accepted_count, 1);
    assert_int_equal(accepted_player.family, ROPP_FAMILY_INET);
    assert_int_equal(ropp_addr_to_v4(&accepted_player), PLAYER);
    put(7, GAME);
    emu_turn();
    heard_is(7, GAME GAME);
    assert_int_equal(accepted_count, 1);
    assert_int_equal(refused_count, 0);
}

static void test_a_header_in_pieces(void **state)
{
    size_t i;

    (void)state;
    make_proxied(7);
    for (i = 0; i < strlen(HEADER); i++) {
        char piece[2] = {HEADER[i], '\0'};

        is_unseen(7);
        assert_int_equal(accepted_count, 0);
        put(7, piece);
        emu_turn();
    }
    assert_int_equal(accepted_count, 1);
    assert_false(ropp_glue_sessions[7].has_our_handlers);
    emu_turn();
    assert_int_equal(seen[7].parsed, 0); /* nothing is asked about who says nothing */
    put(7, GAME);
    emu_turn();
    is_the_emulators(7);
    heard_is(7, GAME);
    assert_int_equal(seen[7].client_addr, PLAYER);
    assert_int_equal(accepted_count, 1);
}

/* The bytes that are taken out are no longer waited for, either. */
static void test_the_header_is_gone_from_the_buffer(void **state)
{
    (void)state;
    eats = false;
#ifdef SHOW_SERVER_STATS
    socket_data_qi = 0;
#endif
    make_proxied(7);
    put(7, HEADER GAME);
    emu_turn();
    assert_int_equal(RFIFOREST(7), strlen(GAME));
    assert_memory_equal(RFIFOP(7, 0), GAME, strlen(GAME));
#ifdef SHOW_SERVER_STATS
    assert_int_equal(socket_data_qi, strlen(GAME));
#endif
}

/* What did not fit beside the header comes in the same turn, for a part of a packet would be taken
 * for a broken one. */
static void test_a_full_buffer_is_filled_again(void **state)
{
    size_t extra;

    (void)state;
    for (extra = 1; extra < strlen(GAME); extra++) {
        make_proxied(7);
        emu_make_room(7, strlen(HEADER) + extra);
        put(7, HEADER GAME);
        emu_turn();
        heard_is(7, GAME);
        is_the_emulators(7);
        emu_close(7);
    }
}

static void test_a_full_buffer_without_a_header(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    emu_make_room(7, strlen(GAME));
    put(7, GAME GAME);
    emu_receive();
    assert_int_equal(sockets[7].size, strlen(GAME));
    emu_look();
    emu_turn();
    heard_is(7, GAME GAME);
}

/* An emulator may close a session, or mark it, while it receives: nothing of it is touched then. */
static int receive_and_close(int fd)
{
    (void)emu_recv(fd);
    emu_close(fd);
    return 0;
}

static int receive_and_end(int fd)
{
    (void)emu_recv(fd);
    emu_eof(fd);
    return 0;
}

static void test_closed_while_it_receives(void **state)
{
    (void)state;
    make_proxied(7);
    make_proxied(8);
    ropp_glue_sessions[7].recv = receive_and_close;
    ropp_glue_sessions[8].recv = receive_and_close;
    put(7, HEADER GAME);
    emu_receive();
    assert_null(session[7]);
    pass_ms(1000);
    emu_look(); /* what has arrived in the meantime is received here */
    assert_null(session[8]);
    assert_int_equal(accepted_count, 0);
    assert_int_equal(ropp_glue_readers.used, 0);
}

static void test_ended_while_it_receives(void **state)
{
    (void)state;
    make_proxied(7);
    ropp_glue_sessions[7].recv = receive_and_end;
    put(7, HEADER GAME);
    emu_turn();
    emu_turn();
    assert_null(session[7]);
    is_unseen(7);
    assert_int_equal(accepted_count, 0);
    assert_int_equal(refused_count, 0);
}

/* What they return is the emulator's. */
static int receive_something(int fd)
{
    (void)emu_recv(fd);
    return 3;
}

static int parse_something(int fd)
{
    (void)fd;
    return 5;
}

static int parse_and_close(int fd)
{
    emu_close(fd);
    return 7;
}

static void test_what_its_handlers_return(void **state)
{
    (void)state;
    make_proxied(7);
    ropp_glue_sessions[7].recv = receive_something;
    put(7, "PROXY ");
    assert_int_equal(session[7]->func_recv(7), 3);
    make_held(8);
    put(8, "\x10\x27");
    emu_receive();
    ropp_glue_sessions[8].parse = parse_something;
    assert_int_equal(session[8]->func_parse(8), 5);
    assert_false(is_ending(8)); /* it has not taken the login yet */
    ropp_glue_sessions[8].parse = parse_and_close;
    assert_int_equal(session[8]->func_parse(8), 7);
    assert_int_equal(refused_count, 0);
}

static void test_a_direct_player(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    assert_true(emu_clock_began_now(7));
    emu_turn();
    emu_turn();
    assert_int_equal(accepted_count, 0);
    assert_int_equal(seen[7].parsed, 0); /* nothing is asked about who says nothing */
    put(7, GAME);
    emu_turn();
    is_the_emulators(7);
    heard_is(7, GAME);
    assert_int_equal(seen[7].parsed, 1);
    assert_int_equal(seen[7].client_addr, PEER);
    assert_int_equal(accepted_count, 1);
}

/* The emulator ends who hangs up before a word, and who has sent a header that he may not send. */
static void test_a_direct_player_without_a_word(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    make_player(8, ROPP_VERDICT_DIRECT);
    emu_turn();
    hang_up(7);
    put(8, HEADER);
    emu_turn();
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(EMU_SEEN_ENDS(7), 1);
    assert_null(session[8]);
    assert_int_equal(seen[8].parsed, 0); /* and logs nothing about it */
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_UNTRUSTED_HEADER);
}

/* One that may be a server once its first bytes are known is given back as it was. */
static void test_a_direct_player_in_pieces(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    emu_turn();
    put(7, "PR");
    emu_turn();
    assert_int_equal(heard_size[7], 0);
    put(7, "ONTERA");
    emu_turn();
    is_the_emulators(7);
    heard_is(7, "PRONTERA");
}

static void test_stock_is_not_touched(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_STOCK);
    is_the_emulators(7);
    put(7, HEADER);
    emu_turn();
    heard_is(7, HEADER);
    assert_int_equal(accepted_count, 0);
}

/* A proxy that names nobody is the emulator's once it speaks. The one here is not let in. */
static void test_nobody_is_named(void **state)
{
    (void)state;
    make_proxied(7);
    put(7, NOBODY);
    emu_turn();
    is_unseen(7);
    assert_int_equal(accepted_count, 0);
    put(7, GAME);
    emu_turn();
    emu_turn();
    is_unseen(7);
    assert_null(session[7]);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_UNNAMED);
}

/* ---- first bytes that are a header where none may be ---- */

static void test_a_second_header(void **state)
{
    (void)state;
    make_proxied(7);
    put(7, HEADER);
    emu_turn();
    put(7, HEADER GAME);
    emu_receive();
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_SECOND_HEADER);
    assert_true(is_ending(7));
    assert_int_equal(emu_buffered(7), 0);
    emu_look();
    assert_null(session[7]);
    assert_int_equal(seen[7].parsed, 0);
#ifdef ROPP_EMU_HAS_CONNECTED
    assert_int_equal(seen[7].deleted, seen[7].connected);
#endif
    assert_int_equal(accepted_count, 1);
    assert_int_equal(refused_count, 1);
}

/* What may become one is kept back, and the emulator does not end it in the meantime. It logs nothing
 * about it either. */
static void test_an_untrusted_header_in_pieces(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    emu_look();
    put(7, "PROX");
    emu_turn();
    put(7, "Y TCP4 ");
    emu_receive();
    assert_int_equal(emu_buffered(7), 0);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_UNTRUSTED_HEADER);
    emu_look();
    assert_null(session[7]);
    assert_int_equal(seen[7].parsed, 0);
    assert_int_equal(heard_size[7], 0);
    assert_int_equal(accepted_count, 0);
#ifdef ROPP_EMU_HAS_CONNECTED
    assert_int_equal(seen[7].connected, 1);
    assert_int_equal(seen[7].deleted, 1);
#endif
}

static void test_what_looks_like_a_header_and_is_none(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    put(7, "PRO");
    emu_turn();
    assert_int_equal(heard_size[7], 0);
    assert_true(emu_clock_began_now(7)); /* it is the emulator's still */
    put(7, "BLEM");
    emu_turn();
    is_the_emulators(7);
    heard_is(7, "PROBLEM");
    assert_int_equal(accepted_count, 1);
}

static void test_what_looks_like_a_header_for_too_long(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    put(7, "PRO");
    emu_turn();
    pass_ms(999);
    emu_turn();
    assert_int_equal(heard_size[7], 0);
    pass_ms(1);
    emu_turn();
    emu_turn();
    is_the_emulators(7);
    heard_is(7, "PRO");
    assert_int_equal(accepted_count, 1);
    assert_int_equal(refused_count, 0);
}

/* It hangs up while it is kept back: the emulator, which has seen it, ends it. */
static void test_what_looks_like_a_header_hangs_up(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    put(7, "PRO");
    emu_turn();
    hang_up(7);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(EMU_SEEN_ENDS(7), 1);
    assert_int_equal(refused_count, 0);
}

/* Its own handlers are back when the emulator ends it. */
static int (*recv_at_end)(int fd);
static bool watched_at_end;

static int note_recv(int fd)
{
    recv_at_end = session[fd]->func_recv;
    watched_at_end = ropp_glue_sessions[fd].is_watched;
    return emu_parse(fd);
}

static void test_what_hangs_up_ends_as_the_emulators(void **state)
{
    (void)state;
    recv_at_end = NULL;
    watched_at_end = true;
    make_player(7, ROPP_VERDICT_DIRECT);
    put(7, "PRO");
    emu_turn();
    assert_ptr_equal(session[7]->func_recv, ropp_glue_recv);
    ropp_glue_sessions[7].parse = note_recv;
    hang_up(7);
    emu_turn();
    assert_ptr_equal(recv_at_end, emu_recv);
    assert_false(watched_at_end);
}

/* ---- the header's deadline, and the emulator's ---- */

static void test_a_header_that_never_comes(void **state)
{
    (void)state;
    make_proxied(7);
    emu_turn();
    pass_ms(999);
    emu_turn();
    assert_non_null(session[7]);
    pass_ms(1);
    emu_turn();
    assert_null(session[7]);
    is_unseen(7);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_HEADER_TIMEOUT);
    assert_int_equal(accepted_count, 0);
}

static void test_a_header_that_came_while_the_server_stood_still(void **state)
{
    (void)state;
    make_proxied(7);
    emu_turn();
    pass_ms(5000);
    put(7, HEADER GAME);
    emu_look(); /* before anything is received */
    is_the_emulators(7);
    assert_int_equal(refused_count, 0);
    emu_turn();
    heard_is(7, GAME);
}

/* Before that, the loop alone receives: it knows when there is something. */
static void test_nothing_is_received_out_of_turn(void **state)
{
    (void)state;
    make_proxied(7);
    put(7, HEADER GAME);
    emu_look();
    is_unseen(7);
    assert_int_equal(sockets[7].size, strlen(HEADER GAME));
}

/* It is read before its time is up, and again after: the rest of it makes it whole. */
static void test_the_rest_came_while_the_server_stood_still(void **state)
{
    (void)state;
    make_proxied(7);
    put(7, "PROXY TCP4 198.51.100.7");
    emu_turn();
    pass_ms(1000);
    put(7, " 192.0.2.1 4000 6900\r\n");
    emu_look();
    emu_turn();
    assert_int_equal(refused_count, 0);
    assert_int_equal(emu_address(7), PLAYER);
}

static void test_it_hung_up_while_the_server_stood_still(void **state)
{
    (void)state;
    make_proxied(7);
    emu_turn();
    pass_ms(5000);
    hang_up(7);
    emu_look();
    assert_null(session[7]);
    is_unseen(7);
    assert_int_equal(refused_count, 0); /* a health check */
}

/* While a header is awaited the emulator's own idle time-out would only log beside it. */
static void test_no_idle_time_out_before_the_header(void **state)
{
    (void)state;
    make_proxied(7);
    assert_true(emu_clock_is_off(7));
    put(7, "PROXY ");
    emu_receive();
    assert_true(emu_clock_is_off(7));
    *emu_tick += STALL_TIME + 1;
    emu_turn();
    assert_non_null(session[7]);
    assert_false(EMU_EOF(session[7]));
}

/* Behind one that names nobody there is no deadline of ours: the emulator's counts. */
static void test_the_idle_time_out_of_a_health_check(void **state)
{
    (void)state;
    make_proxied(7);
    put(7, NOBODY);
    *emu_tick += 5;
    emu_turn();
    assert_true(emu_clock_began_now(7));
    *emu_tick += STALL_TIME;
    pass_ms(STALL_TIME * 1000);
    emu_turn();
    assert_non_null(session[7]);
    *emu_tick += 1;
    emu_turn();
    emu_turn();
    assert_null(session[7]);
    is_unseen(7);
    assert_int_equal(refused_count, 0);
}

static void test_the_idle_time_out_of_a_proxied_player(void **state)
{
    (void)state;
    make_proxied(7);
    *emu_tick += 5;
    put(7, HEADER);
    emu_turn();
    assert_true(emu_clock_began_now(7));
    *emu_tick += STALL_TIME + 1;
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(EMU_SEEN_ENDS(7), 1);
}

/* One that is handed over at its deadline has received nothing just now: its time begins anew. */
static void test_the_idle_time_out_begins_at_the_hand_over(void **state)
{
    (void)state;
    make_held(7);
    put(7, "\x10");
    emu_turn();
    *emu_tick += 5;
    ropp_glue_sessions[7].conn.unless_link = ROPP_REASON_NONE;
    pass_ms(1000);
    emu_look();
    assert_true(emu_clock_began_now(7));
}

/* ---- it hangs up before the emulator has seen it ---- */

static void test_a_health_check(void **state)
{
    (void)state;
    make_proxied(7);
    hang_up(7);
    emu_turn();
    assert_null(session[7]);
    is_unseen(7);
    assert_int_equal(refused_count, 0);
    assert_int_equal(accepted_count, 0);
}

static void test_a_header_cut_short(void **state)
{
    (void)state;
    make_proxied(7);
    put(7, "PROXY TCP4");
    emu_turn();
    hang_up(7);
    emu_turn();
    assert_null(session[7]);
    is_unseen(7);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_HEADER_CUT_SHORT);
    assert_non_null(refused_header); /* for the connection log */
    assert_int_equal(ropp_glue_readers.used, 0);
}

static void test_a_broken_header(void **state)
{
    (void)state;
    make_proxied(7);
    put(7, GAME);
    emu_receive();
    assert_int_equal(refused_count, 1);
    assert_true(is_ending(7));
    assert_int_equal(emu_buffered(7), 0);
    put(7, HEADER);
    emu_turn();
    assert_null(session[7]);
    is_unseen(7);
    assert_int_equal(refused_count, 1);
}

/* ---- the guard ---- */

static void test_the_guard_judges_the_player(void **state)
{
    (void)state;
    ip_rules = 1;
    make_proxied(7);
    assert_int_equal(judged_count, 0);
    assert_false(ropp_hook_defer_check()); /* whom it judges next is no proxy */
    put(7, HEADER GAME);
    emu_turn();
    assert_int_equal(judged_count, 1);
    assert_int_equal(judged[0], PLAYER);
    heard_is(7, GAME);
}

static void test_the_guard_refuses_the_player(void **state)
{
    (void)state;
    ip_rules = 1;
    guard_lets_in = false;
    make_proxied(7);
    put(7, HEADER GAME);
    emu_turn();
    assert_null(session[7]);
    is_unseen(7);
    assert_int_equal(judged_count, 1);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_GUARD);
    assert_int_equal(accepted_count, 0);
}

/* A health check would count as an attack by the proxy. */
static void test_the_guard_and_a_health_check(void **state)
{
    (void)state;
    ip_rules = 1;
    make_proxied(7);
    put(7, NOBODY);
    emu_turn();
    assert_int_equal(ropp_glue_readers.used, 1); /* a name may follow */
    hang_up(7);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(judged_count, 0);
    assert_int_equal(ropp_glue_readers.used, 0);
}

static void test_no_guard(void **state)
{
    (void)state;
    guard_lets_in = false;
    make_proxied(7);
    put(7, HEADER GAME);
    emu_turn();
    assert_int_equal(judged_count, 0);
    heard_is(7, GAME);
}

static void test_the_guard_judges_a_direct_player_once(void **state)
{
    (void)state;
    ip_rules = 1;
    make_player(7, ROPP_VERDICT_DIRECT);
    put(7, "PRO");
    emu_turn();
    put(7, "BLEM");
    emu_turn();
    heard_is(7, "PROBLEM");
    assert_int_equal(judged_count, 1);
    assert_int_equal(judged[0], PEER);
}

/* Neither does the login of a server whose ban does not count. */
static void test_the_guard_judges_a_held_server_once(void **state)
{
    (void)state;
    ip_rules = 1;
    make_held(7);
    put(7, "\x10\x27");
    emu_turn();
    assert_int_equal(judged_count, 1);
}

static void test_the_guard_judges_who_may_be_either(void **state)
{
    (void)state;
    ip_rules = 1;
    this_server = ROPP_SERVER_LOGIN;
    make_player(7, ROPP_VERDICT_EITHER);
    assert_int_equal(judged_count, 0);
    put(7, "\x10\x27");
    emu_turn();
    assert_int_equal(judged_count, 1);
    assert_int_equal(judged[0], PEER);
}

/* Another connection was accepted and got no session: the guard's check of it must not be put off
 * in its name. */
static void test_the_guard_is_not_put_off_by_another(void **state)
{
    (void)state;
    ip_rules = 1;
    make_proxied(7);
    assert_int_equal(ropp_hook_accept(8, PROXY), 0);
    assert_int_equal(ropp_hook_defer_check(), 1);
    put(7, HEADER GAME);
    emu_turn();
    assert_int_equal(judged_count, 1);
    heard_is(7, GAME);
}

static void test_a_ban_comes_before_the_guard(void **state)
{
    (void)state;
    ip_rules = 1;
    admits = ROPP_REASON_BANS_UNKNOWN;
    make_proxied(7);
    put(7, HEADER GAME);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(judged_count, 0);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_BANS_UNKNOWN);
}

/* Only at the hand-over: a further judgement would let nobody back out. */
static void test_who_was_let_in_is_not_judged_again(void **state)
{
    (void)state;
    make_proxied(7);
    put(7, HEADER);
    emu_turn();
    admits = ROPP_REASON_BANNED;
    put(7, "PRO");
    emu_turn();
    put(7, "BLEM");
    emu_turn();
    heard_is(7, "PROBLEM");
    assert_int_equal(refused_count, 0);
}

/* ---- a refused player gets an answer ---- */

static void make_banned(int fd)
{
    admits = ROPP_REASON_BANNED;
    make_proxied(fd);
    put(fd, HEADER);
    emu_receive();
}

static void answered(int fd, size_t length)
{
    size_t i;

    assert_int_equal(emu_written(session[fd]), length);
    for (i = 0; i < length; i++)
        assert_int_equal(session[fd]->wdata[i], REJECTION);
}

static void test_a_login_is_answered(void **state)
{
    (void)state;
    make_banned(7);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_BANNED);
    emu_look();
    answered(7, 0);
    *emu_tick += STALL_TIME + 1; /* the emulator's time-out does not cut it off */
    emu_look();
    assert_false(is_ending(7));
    put(7, GAME);
    emu_receive();
    assert_int_equal(emu_buffered(7), 0); /* what is unread would take the answer back */
    emu_look();
    answered(7, 26);
    put(7, GAME);
    emu_turn();
    emu_turn();
    answered(7, 26);
    pass_ms(999);
    emu_turn();
    assert_non_null(session[7]);
    assert_int_equal(ropp_glue_rejections, 1);
    pass_ms(1);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(ropp_glue_rejections, 0);
    assert_int_equal(ropp_glue_kept, 0);
    is_unseen(7);
    assert_int_equal(refused_count, 1);
    assert_int_equal(accepted_count, 0);
}

static void test_a_login_with_the_header_is_answered(void **state)
{
    (void)state;
    admits = ROPP_REASON_BANNED;
    rejection_length = 23;
    make_proxied(7);
    put(7, HEADER GAME);
    emu_turn();
    assert_int_equal(emu_buffered(7), 0);
    answered(7, 23);
    hang_up(7);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(ropp_glue_rejections, 0);
}

/* One byte is enough, behind the header or later; none is not. */
static void test_whatever_it_says_is_answered(void **state)
{
    (void)state;
    admits = ROPP_REASON_BANNED;
    make_proxied(7);
    put(7, HEADER "x");
    make_proxied(8);
    put(8, HEADER);
    make_proxied(9);
    put(9, HEADER);
    emu_turn();
    answered(7, 26);
    answered(8, 0);
    ropp_glue_sessions[8].recv = receive_something;
    put(8, "x");
    assert_int_equal(session[8]->func_recv(8), 3);
#ifndef ROPP_TEST_ATHENA /* to which nothing is the end */
    assert_int_equal(session[9]->func_recv(9), 0);
#endif
    emu_turn();
    answered(8, 26);
    answered(9, 0);
}

/* Who says nothing is answered when the time is up. */
static void test_silence_is_answered_late(void **state)
{
    (void)state;
    make_banned(7);
    pass_ms(999);
    emu_turn();
    answered(7, 0);
    assert_non_null(session[7]);
    pass_ms(1);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(emu_written(&sessions[7]), 26);
}

/* Nothing is sent to one that has hung up. */
static void test_nobody_is_left_to_answer(void **state)
{
    (void)state;
    make_banned(7);
    hang_up(7);
#ifdef ROPP_TEST_ATHENA
    emu_receive(); /* the turn comes before it */
#endif
    pass_ms(1000);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(emu_written(&sessions[7]), 0);
    assert_int_equal(ropp_glue_rejections, 0);
}

/* The emulator closes one, or marks it, while it receives. */
static void test_closed_while_it_is_answered(void **state)
{
    (void)state;
    make_banned(7);
    make_banned(8);
    ropp_glue_sessions[7].recv = receive_and_close;
    ropp_glue_sessions[8].recv = receive_and_end;
    put(7, GAME);
    put(8, GAME);
    emu_receive();
    assert_null(session[7]);
    assert_false(ropp_glue_sessions[8].has_spoken);
    pass_ms(1000);
    emu_turn();
    assert_null(session[8]);
    assert_int_equal(emu_written(&sessions[8]), 0);
}

static void test_without_words_it_is_closed(void **state)
{
    (void)state;
    rejection_length = 0;
    make_banned(7);
    assert_true(is_ending(7));
    emu_look();
    assert_null(session[7]);
    assert_int_equal(emu_written(&sessions[7]), 0);
    rejection_length = 1;
    make_banned(7);
    assert_false(is_ending(7));
}

/* In a flood only some are answered, and never more at a time. */
static void test_a_flood_is_just_closed(void **state)
{
    int fd;

    (void)state;
    for (fd = 1; fd <= ROPP_GLUE_REJECTION_MAX + 20; fd++)
        make_banned(fd);
    assert_int_equal(ropp_glue_rejections, ROPP_GLUE_REJECTION_MAX);
    for (fd = 1; fd <= ROPP_GLUE_REJECTION_MAX + 20; fd++)
        assert_int_equal(is_ending(fd), fd > ROPP_GLUE_REJECTION_MAX);
    emu_turn();
    hang_up(1);
    emu_turn();
    make_banned(1);
    assert_false(is_ending(1));
    make_banned(ROPP_GLUE_REJECTION_MAX + 1);
    assert_true(is_ending(ROPP_GLUE_REJECTION_MAX + 1));
}

/* A session the emulator has seen is ended by it, without our words. */
static void test_a_session_that_began_is_not_answered(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    put(7, HEADER);
    emu_receive();
    ropp_glue_sessions[7].conn.reason = ROPP_REASON_BANNED;
    ropp_glue_refused(7);
    emu_look();
    assert_null(session[7]);
    assert_int_equal(emu_written(&sessions[7]), 0);
    assert_int_equal(seen[7].parsed, 0);
#ifdef ROPP_EMU_HAS_CONNECTED
    assert_int_equal(seen[7].deleted, seen[7].connected);
#endif
}

/* ---- banned peers that may be servers ---- */

static void test_a_held_server(void **state)
{
    (void)state;
    make_held(7);
    assert_int_equal(ropp_glue_held, 1);
    emu_turn();
    is_unseen(7);
    put(7, "\x10");
    emu_turn();
    is_unseen(7);
    put(7, "\x27login");
    serves = true;
    emu_turn();
    is_the_emulators(7);
    heard_is(7, "\x10\x27login");
    assert_true(emu_is_server(7));
    assert_int_equal(ropp_glue_held, 0);
    assert_int_equal(accepted_count, 1);
    assert_int_equal(refused_count, 0);
    serves = false;
    put(7, GAME);
    emu_turn();
    assert_false(is_ending(7));
}

/* The emulator has looked at the login and made no server of it. */
static void test_a_held_server_whose_login_fails(void **state)
{
    (void)state;
    make_held(7);
    eats = false; /* it is not all there yet */
    put(7, "\x10\x27");
    emu_turn();
    assert_false(is_ending(7));
    eats = true;
    put(7, "login");
    emu_receive();
    emu_look();
    assert_true(is_ending(7));
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_BANNED);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(refused_count, 1);
}

/* Some emulators end the session of whoever does not know the password: it is counted as well. */
static void test_a_held_server_whose_login_ends_it(void **state)
{
    (void)state;
    make_held(7);
    ends = true;
    put(7, "\x10\x27login");
    emu_turn();
    assert_true(is_ending(7));
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_BANNED);
    assert_int_equal(ropp_glue_held, 0);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(refused_count, 1);
}

/* Two bytes let nobody stay who is banned, and they are among the few until the login is there. */
static void test_a_held_server_whose_login_never_comes(void **state)
{
    int fd;

    (void)state;
    eats = false;
    for (fd = 1; fd <= ROPP_GLUE_HELD_MAX; fd++) {
        make_held(fd);
        put(fd, "\x10\x27");
    }
    emu_turn();
    assert_int_equal(ropp_glue_held, ROPP_GLUE_HELD_MAX);
    assert_false(emu_accept(ROPP_GLUE_HELD_MAX + 1, PEER));
    refused_count = 0;
    hang_up(2);
    pass_ms(ROPP_CONN_HOLD_MS - 1);
    emu_turn();
    assert_null(session[2]);
    assert_int_equal(ropp_glue_held, ROPP_GLUE_HELD_MAX - 1);
    assert_int_equal(refused_count, 0);
    assert_false(is_ending(1));
    pass_ms(1);
    emu_turn();
    assert_true(is_ending(1));
    assert_int_equal(refused_count, ROPP_GLUE_HELD_MAX - 1);
    assert_int_equal(refused_for, ROPP_REASON_BANNED);
    assert_int_equal(ropp_glue_held, 0);
}

/* The server has stalled, and the rest has come in the meantime. */
static void test_a_held_server_whose_login_is_read_late(void **state)
{
    (void)state;
    make_held(7);
    eats = false;
    put(7, "\x10\x27");
    emu_turn();
    pass_ms(ROPP_CONN_HOLD_MS);
    eats = serves = true;
    put(7, "login");
    emu_receive();
    emu_look();
    serves = false;
    is_the_emulators(7);
    assert_true(emu_is_server(7));
    assert_int_equal(ropp_glue_held, 0);
    pass_ms(ROPP_CONN_HOLD_MS);
    put(7, GAME);
    emu_turn();
    assert_false(is_ending(7));
    assert_int_equal(refused_count, 0);
}

/* It asks for a challenge first, which makes no server of it, and once only. */
static void test_a_held_server_asks_for_a_challenge(void **state)
{
    (void)state;
    this_server = ROPP_SERVER_LOGIN;
    make_held(7);
    make_held(8);
    put(7, "\x2d\x27");
    put(8, "\x2d\x27");
    emu_turn();
    emu_turn();
    assert_false(is_ending(7));
    assert_false(is_ending(8));
    put(7, "\x10\x27login");
    serves = true;
    emu_turn();
    serves = false;
    is_the_emulators(7);
    assert_true(emu_is_server(7));
    put(8, "\x2d\x27");
    emu_turn();
    assert_true(is_ending(8));
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_BANNED);
}

static void test_a_held_server_says_no_more_than_that(void **state)
{
    (void)state;
    make_held(7);
    put(7, "\x2d\x27");
    emu_turn();
    pass_ms(ROPP_CONN_HOLD_MS - 1);
    emu_turn();
    assert_false(is_ending(7));
    assert_int_equal(ropp_glue_held, 1);
    pass_ms(1);
    emu_turn();
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_BANNED);
    assert_int_equal(ropp_glue_held, 0);
}

/* Whoever has its descriptor next may ask as well. */
static void test_a_challenge_is_asked_for_by_each(void **state)
{
    (void)state;
    make_held(7);
    put(7, "\x2d\x27");
    emu_turn();
    emu_close(7);
    make_held(7);
    put(7, "\x2d\x27");
    emu_turn();
    assert_false(is_ending(7));
    assert_int_equal(refused_count, 0);
}

static void test_a_held_server_hangs_up(void **state)
{
    (void)state;
    make_held(7);
    eats = false;
    put(7, "\x10\x27");
    emu_turn();
    hang_up(7);
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(EMU_SEEN_ENDS(7), 1);
    assert_int_equal(refused_count, 0);
}

static void test_a_held_player(void **state)
{
    (void)state;
    make_held(7);
    put(7, GAME);
    emu_turn();
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_BANNED);
    assert_int_equal(ropp_glue_held, 0);
    answered(7, 26);
    is_unseen(7);
}

static void test_a_held_peer_says_nothing(void **state)
{
    (void)state;
    make_held(7);
    pass_ms(ROPP_CONN_HOLD_MS - 1);
    emu_turn();
    assert_int_equal(refused_count, 0);
    pass_ms(1);
    emu_turn();
    assert_int_equal(refused_count, 1);
    assert_int_equal(ropp_glue_held, 0);
}

static void test_a_held_peer_hangs_up(void **state)
{
    (void)state;
    make_held(7);
    hang_up(7);
    emu_turn();
    assert_null(session[7]);
    is_unseen(7);
    assert_int_equal(ropp_glue_held, 0);
}

static void test_few_are_held(void **state)
{
    int fd;

    (void)state;
    for (fd = 1; fd <= ROPP_GLUE_HELD_MAX; fd++)
        make_held(fd);
    assert_int_equal(refused_count, 0);
    assert_false(emu_accept(ROPP_GLUE_HELD_MAX + 1, PEER));
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_BANNED);
    assert_int_equal(ropp_hook_defer_check(), 0);
    holds = false; /* others come in as ever */
    make_player(ROPP_GLUE_HELD_MAX + 1, ROPP_VERDICT_DIRECT);
    hang_up(1);
    emu_turn();
    make_held(1);
}

static void test_refused_at_accept(void **state)
{
    (void)state;
    refuses = true;
    assert_int_equal(ropp_hook_accept(7, PROXY), 1);
    assert_int_equal(ropp_hook_defer_check(), 0);
    make_session(7); /* another's */
    ropp_hook_connected(7);
    assert_ptr_equal(session[7]->func_recv, emu_recv);
    assert_ptr_equal(session[7]->func_parse, emu_parse);
}

/* ---- packets to the player ---- */

static void test_a_packet_is_given_to_the_module(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    emu_write(7, 10);
    assert_int_equal(ropp_hook_send(7, 26), 26);
    assert_ptr_equal(sent_conn, &ropp_glue_sessions[7].conn);
    assert_ptr_equal(sent_packet, session[7]->wdata + 10);
    assert_int_equal(sent_length, 26);
    assert_false(is_ending(7));
}

static void test_a_packet_that_must_not_leave(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    send_becomes = 3;
    assert_int_equal(ropp_hook_send(7, 26), 3);
#ifdef ROPP_TEST_ATHENA /* its loop sends nothing to a session that is marked */
    assert_int_equal(ropp_hook_wait(5000), 100);
    turn(false);
    assert_int_equal(ropp_hook_send(7, 26), 3);
    assert_false(is_ending(7));
    turn(false);
    assert_int_equal(ropp_hook_wait(5000), 0); /* now its loop is to see that */
    assert_int_equal(ropp_hook_wait(5000), 1000);
#endif
    assert_true(is_ending(7));
}

/* Its end is not another's, whoever has its descriptor next. */
static void test_a_packet_and_the_end_of_its_session(void **state)
{
    (void)state;
    send_becomes = 3;
    make_player(7, ROPP_VERDICT_DIRECT);
    make_player(8, ROPP_VERDICT_DIRECT);
    ropp_hook_send(7, 26);
    ropp_hook_send(8, 26);
    ropp_hook_ended(7);
    session[7] = NULL;
    assert_int_equal(ropp_glue_ending, ROPP_EMU_PARSES_ALWAYS ? 0 : 1);
    make_session(7);
    make_session(8);
    assert_int_equal(ropp_glue_ending, 0);
    turn(false);
    turn(false);
    assert_false(is_ending(7));
    assert_false(is_ending(8));
}

static void test_packets_that_are_left_alone(void **state)
{
    (void)state;
    send_becomes = 3;
    make_player(7, ROPP_VERDICT_DIRECT);
    emu_write(7, BUFFER - 26);
    assert_int_equal(ropp_hook_send(7, 27), 27); /* there is no room for it */
    emu_serve(7, true);
    assert_int_equal(ropp_hook_send(7, 26), 26);
    emu_serve(7, false);
    session[7]->wdata = NULL;
    assert_int_equal(ropp_hook_send(7, 26), 26);
    assert_int_equal(ropp_hook_send(8, 26), 26); /* there is no session */
    assert_null(sent_packet);
    assert_false(is_ending(7));
    session[7]->wdata = sent_bytes[7];
    assert_int_equal(ropp_hook_send(7, 26), 3);
}

static void test_no_server_behind_a_proxy(void **state)
{
    (void)state;
    make_proxied(7);
    make_player(8, ROPP_VERDICT_DIRECT);
    put(7, HEADER GAME);
    emu_turn();
    assert_int_equal(ropp_hook_refuse_server(8), 0);
    assert_false(is_ending(8));
    put(7, "login");
    emu_receive();
    assert_int_equal(ropp_hook_refuse_server(7), 1);
    assert_true(is_ending(7));
    assert_int_equal(ropp_glue_sessions[7].conn.reason, ROPP_REASON_SERVER_BEHIND_PROXY);
}

/* Whoever asks to be a server may name any address: it counts when the emulator has taken him for
 * one. */
static void test_what_a_server_names(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    make_player(8, ROPP_VERDICT_DIRECT);
    eats = false;
    put(7, "login");
    emu_turn();
    assert_int_equal(ropp_hook_refuse_server(7), 0);
    assert_ptr_equal(server_packet, session[7]->rdata);
    assert_int_equal(server_packet_length, strlen("login"));
    assert_int_equal(ropp_hook_refuse_server(8), 0);
    ropp_hook_send(7, 3);
    assert_int_equal(linked_count, 0);
    emu_serve(7, true);
    ropp_hook_send(7, 3);
    ropp_hook_send(7, 3);
    assert_int_equal(linked_count, 1);
    assert_ptr_equal(linked_conn, &ropp_glue_sessions[7].conn);
    assert_int_equal(linked_named, NAMED);
    make_session(8); /* another one */
    emu_serve(8, true);
    ropp_hook_send(8, 3);
    assert_int_equal(linked_count, 1);
}

/* ---- descriptors ---- */

static void test_as_many_as_the_array_has(void **state)
{
    (void)state;
    assert_int_equal(sizeof ropp_glue_sessions / sizeof ropp_glue_sessions[0], ROOM);
}

static void test_no_descriptor_beyond_it(void **state)
{
    static const int fds[] = {-1, 0, ROOM, ROOM + 1, 1 << 30};
    size_t i;

    (void)state;
    verdict = ROPP_VERDICT_DIRECT;
    for (i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        assert_int_equal(ropp_hook_accept(fds[i], PEER), 1);
        ropp_hook_session(fds[i]);
        ropp_hook_connected(fds[i]);
        assert_int_equal(ropp_hook_send(fds[i], 26), 26);
        assert_int_equal(ropp_hook_refuse_server(fds[i]), 0);
    }
}

static void test_a_session_inherits_nothing(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    turn(true);
    assert_int_equal(looked_at[7].family, ROPP_FAMILY_INET);
    emu_close(7);
    make_session(7); /* the fork's own */
    turn(true);
    assert_int_equal(looked[7], 2);
    assert_int_equal(looked_at[7].family, ROPP_FAMILY_UNSPEC);
    emu_close(7);
    make_player(7, ROPP_VERDICT_HEADER);
    assert_ptr_not_equal(session[7]->func_parse, emu_parse);
    emu_close(7);
    assert_false(ropp_glue_sessions[7].has_begun);
    make_session(7);
    assert_ptr_equal(session[7]->func_parse, emu_parse);
    assert_true(ropp_glue_sessions[7].has_begun);
    turn(true);
    assert_int_equal(looked[7], 3);
}

/* Sessions that are counted while they are there are given back when somebody else has closed them.
 */
static void test_counts_are_given_back(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    ropp_glue_leave(&ropp_glue_sessions[7], true);
    ropp_glue_hold(&ropp_glue_sessions[7], true);
    assert_int_equal(ropp_glue_rejections, 1);
    assert_int_equal(ropp_glue_held, 1);
    ropp_hook_session(7);
    assert_int_equal(ropp_glue_rejections, 0);
    assert_int_equal(ropp_glue_held, 0);
}

static void test_what_was_accepted_and_got_no_session(void **state)
{
    (void)state;
    verdict = ROPP_VERDICT_HEADER;
    assert_int_equal(ropp_hook_accept(7, PROXY), 0);
    assert_true(ropp_hook_defer_check());
    make_session(7);
    assert_ptr_equal(session[7]->func_parse, emu_parse);
    make_session(8);
    ropp_hook_connected(8); /* not the one */
    assert_ptr_equal(session[8]->func_parse, emu_parse);
    make_player(8, ROPP_VERDICT_DIRECT);
    assert_false(ropp_hook_defer_check());
}

/* Who is refused has nothing of the one before, whose session was never made. */
static void test_refused_after_one_without_a_session(void **state)
{
    (void)state;
    verdict = ROPP_VERDICT_HEADER;
    assert_int_equal(ropp_hook_accept(7, PROXY), 0);
    assert_true(ropp_hook_defer_check());
    refuses = true;
    assert_int_equal(ropp_hook_accept(8, PROXY), 1);
    assert_false(ropp_hook_defer_check());
    make_session(7); /* another's */
    ropp_hook_connected(7);
    assert_ptr_equal(session[7]->func_parse, emu_parse);
}

/* ---- a new ban list, and who is in already ---- */

static void test_a_round_comes_to_all_while_lists_change(void **state)
{
    int fd, i;

    (void)state;
    for (fd = 1; fd <= 600; fd++)
        make_player(fd, ROPP_VERDICT_DIRECT);
    for (i = 0; i < 3; i++) {
        turn(true);
        assert_in_range(looks_of_all(), 1, (i + 1) * ROPP_GLUE_LOOKS);
    }
    for (fd = 1; fd <= 600; fd++)
        assert_in_range(looked[fd], 1, 2);
}

/* So many on one turn and no more, wherever the round is. */
static void test_looks_on_one_turn(void **state)
{
    int fd;

    (void)state;
    for (fd = 1; fd <= 600; fd++)
        make_player(fd, ROPP_VERDICT_DIRECT);
    turn(true);
    assert_int_equal(looks_of_all(), ROPP_GLUE_LOOKS);
    turn(false);
    assert_int_equal(looks_of_all(), 2 * ROPP_GLUE_LOOKS);
    turn(false);
    assert_int_equal(looks_of_all(), 600);
    turn(false);
    assert_int_equal(looks_of_all(), 600);
}

static void test_a_round_ends(void **state)
{
    int fd, i;

    (void)state;
    for (fd = 3; fd < ROOM; fd += 3)
        make_player(fd, ROPP_VERDICT_DIRECT);
    turn(true);
    for (i = 0; i < 5; i++)
        turn(false);
    for (fd = 0; fd < ROOM; fd++)
        assert_int_equal(looked[fd], fd % 3 == 0 && fd > 0);
}

static void test_a_round_goes_on_while_sessions_come(void **state)
{
    int fd, i;

    (void)state;
    for (fd = 1; fd <= 300; fd++)
        make_player(fd, ROPP_VERDICT_DIRECT);
    turn(true);
    for (fd = 301; fd < ROOM; fd++)
        make_player(fd, ROPP_VERDICT_DIRECT);
    for (i = 0; i < 5; i++)
        turn(false);
    for (fd = 1; fd <= 300; fd++)
        assert_int_equal(looked[fd], 1);
}

static void test_only_players_are_looked_at(void **state)
{
    (void)state;
    make_player(1, ROPP_VERDICT_DIRECT);
    make_player(2, ROPP_VERDICT_DIRECT);
    emu_serve(2, true);
    make_player(3, ROPP_VERDICT_DIRECT);
    emu_eof(3);
    make_player(4, ROPP_VERDICT_HEADER);
    make_player(6, ROPP_VERDICT_DIRECT);
    *emu_fd_max = 6; /* the emulator does not go further */
    turn(true);
    assert_int_equal(looks_of_all(), 1);
    assert_int_equal(looked[1], 1);
    *emu_fd_max = 3 * ROOM; /* nor does the array, whatever the emulator says */
    turn(true);
    turn(true);
    assert_int_equal(looks_of_all(), 5);
    assert_int_equal(looked[6], 2);
}

static void test_who_is_banned_by_now_is_closed(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    make_player(8, ROPP_VERDICT_DIRECT);
    emu_serve(8, true);
    make_proxied(9);
    turn(true);
    assert_false(is_ending(7));
    kicks = true;
    turn(false); /* the round is over */
    assert_false(is_ending(7));
    turn(true);
    assert_true(is_ending(7));
    assert_false(is_ending(8));
    assert_false(is_ending(9));
}

/* By the true address, from the moment the emulator has the session. */
static void test_a_proxied_player_is_looked_at(void **state)
{
    (void)state;
    make_proxied(7);
    turn(true);
    assert_int_equal(looked[7], 0);
    put(7, HEADER);
    new_list = false;
    emu_turn();
    turn(true);
    assert_int_equal(looked[7], 1);
    assert_int_equal(ropp_addr_to_v4(&looked_at[7]), PLAYER);
    put(7, "PRO"); /* kept back again, and for a moment nobody's to kick */
    new_list = false;
    emu_turn();
    turn(true);
    assert_int_equal(looked[7], 1);
    put(7, "BLEM");
    kicks = true;
    new_list = false;
    emu_turn();
    turn(true);
    assert_int_equal(looked[7], 2);
    assert_true(is_ending(7));
}

/* A player who is refused already is on the way out. */
static void test_who_is_refused_is_not_looked_at(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    ropp_glue_sessions[7].conn.reason = ROPP_REASON_NO_ROUTE;
    turn(true);
    assert_int_equal(looked[7], 0);
}

static void test_the_last_descriptor_is_looked_at(void **state)
{
    (void)state;
    make_player(ROOM - 1, ROPP_VERDICT_DIRECT);
    turn(true);
    turn(true);
    assert_int_equal(looked[ROOM - 1], 2);
}

/* ---- the emulator's own check of ipbanlist ---- */

static void test_an_allowance_for_an_address(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    assert_int_equal(ropp_hook_allowed(PEER), 0);
    assert_int_equal(ropp_addr_to_v4(&allowed_player), PEER);
    allows = true;
    assert_int_equal(ropp_hook_allowed(PLAYER), 1);
    assert_int_equal(ropp_addr_to_v4(&allowed_player), PLAYER);
}

/* The emulator knows an IPv6 player by a stand-in; allowances are about the true address. */
static void test_an_allowance_behind_a_standin(void **state)
{
    uint32_t standin;

    (void)state;
    make_proxied(7);
    put(7, HEADER_OF_IPV6 GAME);
    emu_turn();
    standin = emu_address(7);
    assert_true(standin >= 0xf0000000);
    ropp_hook_allowed(standin);
    assert_int_equal(allowed_player.family, ROPP_FAMILY_INET6);
    ropp_hook_allowed(standin ^ 1); /* another's */
    assert_int_equal(allowed_player.family, ROPP_FAMILY_INET);
    emu_serve(7, true);
    ropp_hook_allowed(standin);
    assert_int_equal(allowed_player.family, ROPP_FAMILY_INET);
    emu_serve(7, false);
    *emu_fd_max = 7; /* the emulator does not go further */
    ropp_hook_allowed(standin);
    assert_int_equal(allowed_player.family, ROPP_FAMILY_INET);
    *emu_fd_max = 3 * ROOM; /* nor does the array */
    ropp_hook_allowed(standin);
    assert_int_equal(allowed_player.family, ROPP_FAMILY_INET6);
    ropp_hook_allowed(standin ^ 1);
    assert_int_equal(allowed_player.family, ROPP_FAMILY_INET);
    emu_eof(7);
    ropp_hook_allowed(standin);
    assert_int_equal(allowed_player.family, ROPP_FAMILY_INET);
}

static void test_an_allowance_behind_the_first_standin(void **state)
{
    (void)state;
    make_proxied(1); /* the first descriptor, too */
    put(1, "PROXY TCP6 ::7 2001:db8::1 4000 6900\r\n" GAME);
    emu_turn();
    assert_int_equal(emu_address(1), 0xf0000000);
    ropp_hook_allowed(0xf0000000);
    assert_int_equal(allowed_player.family, ROPP_FAMILY_INET6);
}

/* An address that the emulator has got from elsewhere is nobody's stand-in. */
static void test_no_allowance_by_a_foreign_standin(void **state)
{
    (void)state;
    make_player(7, ROPP_VERDICT_DIRECT);
    emu_set_address(7, 0xf0000001);
    ropp_hook_allowed(0xf0000001);
    assert_int_equal(ropp_addr_to_v4(&allowed_player), 0xf0000001);
}

/* ---- the start, the log, the end ---- */

static void test_settings_that_are_wrong(void **state)
{
    (void)state;
    ropp_hook_config_fopen(ROPP_MAP, "conf/map.conf");
    assert_int_equal(read_server, ROPP_SERVER_MAP);
    read_fails = true;
    if (setjmp(at_exit) == 0) {
        ropp_hook_config_fopen(ROPP_LOGIN, "conf/login.conf");
        fail();
    }
    assert_string_equal(said[EMU_FATAL], "ropp: wrong: conf/login.conf\n");
    assert_int_equal(exit_status, EXIT_FAILURE);
}

static void test_the_refusal_that_a_client_knows(void **state)
{
    static const struct {
        unsigned packetver, id;
    } known[] = {
#ifdef ROPP_TEST_HERCULES
        {20101122, 0x6a},
        {20101123, 0x83e},
        {20180626, 0x83e},
        {20180627, 0xb02},
#elif defined ROPP_TEST_ATHENA
        {8, 0x6a},
        {20100614, 0x6a},
        {20100615, 0x83e},
#else
        {20111231, 0x6a},
        {20120000, 0x83e},
        {20211103, 0x83e},
#endif
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        ropp_hook_packetver(known[i].packetver);
        assert_int_equal(refusal_id, known[i].id);
    }
}

static void test_listening(void **state)
{
    (void)state;
    ropp_hook_listening(3);
#ifdef ROPP_TEST_ATHENA
    assert_string_equal(login_only, ROPP_TREE_IPBAN_REASON "; " ROPP_TREE_IPBAN_REASON_DYNAMIC);
#else
    assert_string_equal(login_only, ROPP_TREE_IPBAN_REASON);
#endif
    assert_string_equal(left_out, "routes tickets");
    assert_string_equal(said[EMU_STATUS], "");
    assert_string_equal(said[EMU_WARNING], "");
    assert_int_equal(listen_backlog, -1); /* as the emulator has it */
    start_line = "ropp starts";
    wanted_backlog = 1024;
    ropp_hook_listening(3);
    assert_string_equal(said[EMU_STATUS], "ropp starts\n");
    assert_string_equal(said[EMU_WARNING], "");
    assert_int_equal(listen_backlog, 1024);
    assert_int_equal(listen_fd, 3);
}

static void test_the_port_it_listens_at(void **state)
{
    unsigned port;
    int fd = emu_bind(&port);

    (void)state;
    assert_int_not_equal(port, 0);
    ropp_hook_listening(fd);
    assert_int_equal(started_port, port);
    emu_forget(fd);
    ropp_hook_listening(fd);
    assert_int_equal(started_port, 0);
}

static void test_listening_with_trouble(void **state)
{
    (void)state;
    unused_line = "there are settings";
    ropp_hook_listening(3);
    assert_string_equal(said[EMU_WARNING], "there are settings\n");
    unused_line = NULL;
    wanted_backlog = 1;
    listen_fails = true;
    ropp_hook_listening(3);
    assert_non_null(strstr(said[EMU_WARNING], "backlog to 1 (" EMU_NO_ROOM ")"));
    start_fails = true;
    start_line = "cannot start";
    if (setjmp(at_exit) == 0) {
        ropp_hook_listening(3);
        fail();
    }
    assert_string_equal(said[EMU_FATAL], "ropp: cannot start\n");
}

static void test_lines_of_the_module(void **state)
{
    (void)state;
    ropp_hook_turn();
    assert_string_equal(said[EMU_STATUS], "");
    assert_string_equal(said[EMU_WARNING], "");
    note = ROPP_NOTE_STATUS;
    ropp_hook_turn();
    assert_string_equal(said[EMU_STATUS], "a line\n");
    assert_string_equal(said[EMU_WARNING], "");
    note = ROPP_NOTE_WARNING;
    ropp_hook_turn();
    assert_string_equal(said[EMU_WARNING], "a line\n");
}

static void test_tickets(void **state)
{
    (void)state;
    assert_int_equal(ropp_hook_ticket(7, PLAYER, PEER), 0);
    assert_int_equal(ticket_account, 7);
    assert_int_equal(ticket_to, PLAYER);
    assert_int_equal(ticket_from, PEER);
    assert_string_equal(said[EMU_WARNING], "");
    ticket_refused = true;
    ticket_line = "a ticket";
    ropp_hook_ticket_from(PROXY);
    assert_int_equal(ropp_hook_ticket_noted(8, PEER), 1);
    assert_int_equal(ticket_account, 8);
    assert_int_equal(ticket_to, PEER);
    assert_int_equal(ticket_from, PROXY);
    assert_string_equal(said[EMU_WARNING], "a ticket\n");
}

/* A ticket that is used on a session, from the address that it has there. */
static void test_a_ticket_of_a_session(void **state)
{
    static const int none[] = {-1, 0, 8, ROOM};
    size_t i;

    (void)state;
    ticket_refused = true;
    make_proxied(7);
    put(7, HEADER);
    emu_turn();
    for (i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(ropp_hook_ticket_here(none[i], 2000001, PEER), 0);
    assert_int_equal(ticket_account, 0);
    assert_int_equal(ropp_hook_ticket_here(7, 2000001, PEER), 1);
    assert_int_equal(ticket_account, 2000001);
    assert_int_equal(ticket_to, PEER);
    assert_int_equal(ticket_from, PLAYER);
    ticket_refused = false;
    assert_int_equal(ropp_hook_ticket_here(7, 2000001, PEER), 0);
}

static void test_keys(void **state)
{
    (void)state;
    assert_int_equal(ropp_hook_is_key("proxy_protocol"), 1);
    assert_int_equal(ropp_hook_is_key("login_port"), 0);
}

static void test_the_end(void **state)
{
    (void)state;
    ropp_hook_final();
    assert_int_equal(stopped_count, 1);
}

/* ---- loops that parse only what was received ---- */

/* The deadline of a session that is silent passes on the turn itself, where the loop asks nobody. */
static void test_a_deadline_without_a_byte(void **state)
{
    (void)state;
    make_proxied(7);
    assert_int_equal(ropp_glue_kept, 1);
    turn(false);
    assert_int_equal(refused_count, 0);
    pass_ms(1000);
    turn(false);
    assert_int_equal(refused_count, ROPP_EMU_PARSES_ALWAYS ? 0 : 1);
    emu_turn();
    emu_turn();
    assert_null(session[7]);
    assert_int_equal(refused_count, 1);
    assert_int_equal(ropp_glue_kept, 0);
}

/* The sessions that the turn looks at are those that the emulator has, and that are still ours. */
static void test_whose_deadlines_pass_on_a_turn(void **state)
{
    (void)state;
    make_proxied(1); /* the first one */
    make_proxied(7);
    make_proxied(8);
    make_proxied(9);
    session[7] = NULL; /* closed, without a word */
    session[8]->func_parse = parse_something;
    *emu_fd_max = 9; /* the emulator does not go further */
    pass_ms(1000);
    turn(false);
    assert_int_equal(refused_count, ROPP_EMU_PARSES_ALWAYS ? 0 : 1);
    assert_int_equal(is_ending(1), ROPP_EMU_PARSES_ALWAYS ? false : true);
    assert_false(is_ending(9));
}

/* While nobody waits for a header it may wait as long as it likes, within what a ban list asks for. */
static void test_how_long_a_turn_may_wait(void **state)
{
    (void)state;
    assert_int_equal(ropp_hook_wait(5000), 1000);
    assert_int_equal(ropp_hook_wait(20), 20);
    make_proxied(7);
    assert_int_equal(ropp_hook_wait(5000), 100);
    assert_int_equal(ropp_hook_wait(20), 20);
    put(7, HEADER GAME);
    emu_turn();
    is_the_emulators(7);
    assert_int_equal(ropp_hook_wait(5000), 1000);
    is_on = false;
    assert_int_equal(ropp_hook_wait(5000), 5000);
}

/* The emulator frees sessions by itself, whatever is kept of them. */
static void test_the_emulator_ends_a_session(void **state)
{
    (void)state;
    make_proxied(7);
    ropp_hook_ended(7); /* a health check */
    assert_int_equal(refused_count, 0);
    assert_int_equal(ropp_glue_kept, 0);
    make_proxied(8);
    put(8, "PROXY ");
    emu_receive();
    ropp_hook_ended(8);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_HEADER_CUT_SHORT);
    assert_non_null(refused_header); /* for the connection log */
    assert_int_equal(ropp_glue_readers.used, 0);
    ropp_hook_ended(8);
    assert_int_equal(refused_count, 1);
    make_banned(9);
    assert_int_equal(ropp_glue_rejections, 1);
    ropp_hook_ended(9);
    assert_int_equal(refused_count, 2);
    assert_int_equal(ropp_glue_rejections, 0);
    assert_int_equal(ropp_glue_kept, 0);
    make_held(11);
    assert_int_equal(ropp_glue_held, 1);
    ropp_hook_ended(11);
    assert_int_equal(ropp_glue_held, 0);
    ropp_hook_ended(10); /* no session */
    ropp_hook_ended(-1);
    ropp_hook_ended(ROOM);
    assert_int_equal(refused_count, 2);
    holds = false;
    make_proxied(12);
    put(12, "PROXY ");
    emu_receive();
    session[12] = NULL; /* nor here, whatever was kept of one */
    ropp_hook_ended(12);
    assert_int_equal(refused_count, 2);
    assert_int_equal(ropp_glue_kept, 1);
}

#ifdef ROPP_TEST_ATHENA

/* Nothing in these trees tells of the end of the socket layer. */
static void test_the_end_is_registered(void **state)
{
    (void)state;
    registered = NULL;
    ropp_hook_listening(3);
    assert_true(registered == ropp_hook_final);
    registered = NULL;
    ropp_hook_listening(4);
    assert_null(registered);
}

#endif

/* ---- many at one deadline ---- */

enum { FIRST_OF_MANY = 20, MANY = 10 * ROPP_GLUE_CLOSINGS };

static int open_of_many(void)
{
    int fd, count = 0;

    for (fd = FIRST_OF_MANY; fd < FIRST_OF_MANY + MANY; fd++)
        count += session[fd] != NULL;
    return count;
}

/* A few on each turn, and whoever plays is heard in between. */
static void test_closing_is_spread_over_turns(void **state)
{
    int fd, turns;

    (void)state;
    for (fd = FIRST_OF_MANY; fd < FIRST_OF_MANY + MANY; fd++)
        make_proxied(fd);
    make_proxied(7);
    put(7, HEADER);
    emu_turn();
    pass_ms(1000);
    for (turns = 1; turns <= 10; turns++) {
        put(7, GAME);
        heard_size[7] = 0;
        emu_turn();
        heard_is(7, GAME);
        assert_int_equal(refused_count, turns * ROPP_GLUE_CLOSINGS);
        assert_int_equal(open_of_many(), MANY - turns * ROPP_GLUE_CLOSINGS);
        if (turns < 10)
            assert_int_equal(ropp_hook_wait(1000), 0); /* the others are not to wait */
    }
    (void)ropp_hook_wait(1000);
    assert_int_equal(refused_for, ROPP_REASON_HEADER_TIMEOUT);
    assert_int_equal(ropp_hook_wait(5000), 1000);
}

/* A loop that would wait a second before the next turn has them all at once. */
static void test_closing_is_not_spread_where_the_loop_waits(void **state)
{
    int fd;

    (void)state;
    ropp_glue_is_asked = false;
    for (fd = FIRST_OF_MANY; fd < FIRST_OF_MANY + MANY; fd++)
        make_proxied(fd);
    pass_ms(1000);
    emu_turn();
    assert_int_equal(refused_count, MANY);
    (void)ropp_hook_wait(1000);
    assert_true(ropp_glue_is_asked);
}

/* Whoever is put off and sends his header in the meantime is late, and welcome. */
static void test_put_off_and_in_time_after_all(void **state)
{
    int fd, last = FIRST_OF_MANY + ROPP_GLUE_CLOSINGS;

    (void)state;
    for (fd = FIRST_OF_MANY; fd <= last; fd++)
        make_proxied(fd);
    pass_ms(1000);
    emu_turn();
    assert_int_equal(refused_count, ROPP_GLUE_CLOSINGS);
    assert_non_null(session[last]);
    put(last, HEADER GAME);
    emu_turn();
    heard_is(last, GAME);
    assert_int_equal(refused_count, ROPP_GLUE_CLOSINGS);
}

/* ---- decoders ---- */

#define HALF   "PROXY TCP4 198.51."
#define OTHER  "100.7 192.0.2.1 4000 6900\r\n"
#define READER (FIRST_OF_MANY + ROPP_GLUE_READERS - 1) /* what is opened behind the others */

/* All decoders but one are held by half headers. */
static void make_halves(void)
{
    int fd;

    assert_int_equal(ropp_glue_readers.used, 0);
    for (fd = FIRST_OF_MANY; fd < READER; fd++) {
        make_proxied(fd);
        put(fd, HALF);
        emu_turn();
    }
    assert_int_equal(ropp_glue_readers.used, ROPP_GLUE_READERS - 1);
    assert_int_equal(refused_count, 0);
}

static void test_who_holds_a_decoder(void **state)
{
    (void)state;
    make_proxied(7); /* silent */
    make_player(8, ROPP_VERDICT_DIRECT);
    make_held(9);
    emu_turn();
    put(8, "PROX");
    put(9, "\x10");
    emu_turn();
    assert_int_equal(ropp_glue_readers.used, 0);
    put(7, HALF);
    emu_turn();
    assert_int_equal(ropp_glue_readers.used, 1);
    assert_null(accepted_header);
    put(7, OTHER);
    emu_turn();
    assert_int_equal(accepted_count, 1);
    assert_non_null(accepted_header); /* for the connection log */
    assert_int_equal(accepted_header->length, strlen(HALF OTHER));
    assert_int_equal(ropp_glue_readers.used, 0);
    put(7, GAME);
    emu_turn();
    is_the_emulators(7);
    assert_int_equal(ropp_glue_readers.used, 0);
}

static void test_a_decoder_is_given_back(void **state)
{
    (void)state;
    make_proxied(7); /* late */
    put(7, HALF);
    make_proxied(8); /* hangs up */
    put(8, HALF);
    make_proxied(9); /* wrong */
    put(9, HALF);
    make_proxied(10); /* replaced */
    put(10, HALF);
    emu_turn();
    assert_int_equal(ropp_glue_readers.used, 4);
    put(9, "x");
    emu_turn();
    assert_int_equal(ropp_glue_readers.used, 3);
    hang_up(8);
    emu_turn();
    emu_turn();
    assert_int_equal(ropp_glue_readers.used, 2);
    ropp_hook_session(10);
    assert_int_equal(ropp_glue_readers.used, 1);
    pass_ms(1000);
    emu_turn();
    assert_int_equal(ropp_glue_readers.used, 0);
    assert_int_equal(refused_count, 3);
}

/* A header that comes whole takes no room from those that do not. */
static void test_a_whole_header_crowds_nobody_out(void **state)
{
    int fd;

    (void)state;
    make_halves();
    for (fd = READER; fd < READER + 50; fd++) {
        make_proxied(fd);
        put(fd, HEADER GAME);
        emu_turn();
        heard_is(fd, GAME);
    }
    assert_int_equal(refused_count, 0);
    assert_int_equal(ropp_glue_readers.used, ROPP_GLUE_READERS - 1);
    for (fd = FIRST_OF_MANY; fd < READER; fd++)
        put(fd, OTHER GAME);
    emu_turn();
    assert_int_equal(accepted_count, 50 + ROPP_GLUE_READERS - 1);
    heard_is(FIRST_OF_MANY, GAME);
    assert_int_equal(ropp_glue_readers.used, 0);
}

/* One half header too many: whose was silent for the longest time goes. */
static void test_the_oldest_is_crowded_out(void **state)
{
    (void)state;
    make_halves();
    put(FIRST_OF_MANY, "1");
    emu_turn(); /* not silent any more */
    make_proxied(READER);
    put(READER, HALF);
    emu_turn();
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_HEADER_CROWDED_OUT);
    assert_true(is_ending(FIRST_OF_MANY + 1));
    assert_non_null(session[FIRST_OF_MANY]);
    assert_int_equal(ropp_glue_readers.used, ROPP_GLUE_READERS - 1);
    put(READER, OTHER GAME);
    put(FIRST_OF_MANY, "00.7 192.0.2.1 4000 6900\r\n" GAME);
    emu_turn();
    emu_turn();
    heard_is(READER, GAME);
    heard_is(FIRST_OF_MANY, GAME);
    assert_null(session[FIRST_OF_MANY + 1]);
    is_unseen(FIRST_OF_MANY + 1);
    assert_int_equal(refused_count, 1);
}

/* Whose session is gone, or was refused, only gives the decoder back. */
static void test_nobody_is_crowded_out(void **state)
{
    (void)state;
    make_halves();
    session[FIRST_OF_MANY] = NULL;
    ropp_conn_refuse(&ropp_glue_sessions[FIRST_OF_MANY + 1].conn, ROPP_REASON_BANNED);
    make_proxied(READER);
    make_proxied(READER + 1);
    put(READER, HALF);
    put(READER + 1, HALF);
    emu_receive();
    assert_int_equal(ropp_glue_readers.used, ROPP_GLUE_READERS - 1);
    assert_int_equal(ropp_glue_sessions[FIRST_OF_MANY].reader, 0);
    assert_int_equal(ropp_glue_sessions[FIRST_OF_MANY + 1].reader, 0);
    assert_int_equal(refused_count, 0);
}

/* A health check that waits has read its header: it stays. */
static void test_a_complete_header_is_not_crowded_out(void **state)
{
    int fd;

    (void)state;
    for (fd = FIRST_OF_MANY; fd < READER + 10; fd++) {
        make_proxied(fd);
        put(fd, NOBODY);
        emu_turn();
    }
    assert_int_equal(ropp_glue_readers.used, ROPP_GLUE_READERS - 1);
    make_proxied(READER + 10);
    put(READER + 10, HALF);
    emu_turn();
    assert_int_equal(refused_count, 0);
    for (fd = FIRST_OF_MANY; fd <= READER + 10; fd++)
        assert_non_null(session[fd]);
    put(READER + 10, OTHER GAME);
    emu_turn();
    heard_is(READER + 10, GAME);
}

/* Somebody comes behind a proxy, and another turn begins. */
static void come(int fd)
{
    make_proxied(fd);
    turn(false);
}

/* No descriptor is left: who has been silent for the longest time goes. */
static void test_room_is_made(void **state)
{
    int fd;

    (void)state;
    ropp_glue_many = 40;
    make_player(9, ROPP_VERDICT_DIRECT);
    put(9, GAME);
    make_proxied(10);
    put(10, HEADER GAME);
    make_proxied(11);
    put(11, HALF);
    emu_turn();
    pass_ms(1);
    for (fd = 14; fd >= 12; fd--) { /* in another order than that of their descriptors */
        come(fd);
        pass_ms(1);
    }
    assert_int_equal(next_asked, 0);
    come(40);
    assert_int_equal(next_asked, 1);
    assert_int_equal(refused_count, 0);
    next_descriptor = -1;
    come(8); /* in the place of one that has left */
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_HEADER_CROWDED_OUT);
    assert_true(is_ending(11));
    assert_int_equal(ropp_glue_readers.used, 0);
    next_descriptor = ROOM;              /* the emulator has none for it */
    make_player(7, ROPP_VERDICT_DIRECT); /* whoever comes */
    turn(false);
    assert_int_equal(refused_count, 2);
    assert_true(is_ending(14));
    hang_up(13);
    emu_receive();
    come(42); /* who is about to go is no room */
    assert_int_equal(refused_count, 3);
    assert_true(is_ending(12));
    next_descriptor = ROOM - 1;
    come(43);
    assert_int_equal(refused_count, 3);
    emu_turn();
    emu_turn();
    assert_null(session[11]);
    put(40, HEADER GAME);
    emu_turn();
    heard_is(40, GAME);
    is_the_emulators(10);
    assert_true(emu_is_active(9));
}

/* Who has said nothing behind his header, or has come without a proxy, is no better. */
static void test_room_is_made_by_silent_players(void **state)
{
    (void)state;
    ropp_glue_many = 12;
    make_player(9, ROPP_VERDICT_STOCK);
    make_player(10, ROPP_VERDICT_DIRECT);
    put(10, GAME);
    make_proxied(11);
    put(11, HEADER);
    pass_ms(1);
    emu_turn();
    make_player(12, ROPP_VERDICT_DIRECT);
    pass_ms(1);
    make_proxied(13);
    pass_ms(1);
    make_player(14, ROPP_VERDICT_DIRECT);
    pass_ms(1);
    emu_turn();
    next_descriptor = -1;
    come(15);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_SILENT_CROWDED_OUT);
    assert_true(is_ending(11));
    come(16);
    assert_int_equal(refused_for, ROPP_REASON_SILENT_CROWDED_OUT);
    assert_true(is_ending(12));
    come(18);
    assert_int_equal(refused_for, ROPP_REASON_HEADER_CROWDED_OUT);
    assert_true(is_ending(13));
    put(14, GAME);
    make_player(17, ROPP_VERDICT_DIRECT);
    emu_receive();
    emu_look();
    turn(false);
    assert_int_equal(refused_count, 4);
    assert_true(is_ending(15));
    is_the_emulators(14);
    heard_is(14, GAME);
    emu_turn();
    assert_null(session[11]);
    assert_int_equal(seen[11].parsed, 0);
    assert_null(session[12]);
    assert_int_equal(seen[12].parsed, 0);
    assert_true(emu_is_active(9)); /* who is nobody's affair, and who plays */
    is_the_emulators(10);
    assert_true(emu_is_active(16));
    assert_true(emu_is_active(17));
    assert_true(emu_is_active(18));
}

/* With no proxy at all nobody is. */
static void test_no_room_is_made_when_off(void **state)
{
    (void)state;
    ropp_glue_many = 12;
    next_descriptor = -1;
    is_on = false;
    make_player(12, ROPP_VERDICT_STOCK);
    make_player(13, ROPP_VERDICT_STOCK);
    turn(false);
    assert_int_equal(next_asked, 0);
    assert_int_equal(refused_count, 0);
}

/* It is closed before the turn accepts anybody, where the loop would only do so later. */
static void test_room_is_made_at_once(void **state)
{
    (void)state;
    ropp_glue_many = 12;
    make_proxied(11);
    emu_turn();
    next_descriptor = -1;
    make_proxied(12);
    assert_non_null(session[11]);
    emu_look();
    turn(false);
    assert_null(session[11]);
    assert_int_equal(refused_count, 1);
    is_unseen(11);
    assert_true(emu_is_active(12));
}

/* Others have left on the same turn. */
static void test_room_came_by_itself(void **state)
{
    (void)state;
    ropp_glue_many = 12;
    make_proxied(11);
    put(11, HALF);
    next_descriptor = -1;
    make_proxied(12);
    emu_receive();
    emu_look();
    next_descriptor = 9;
    turn(false);
    assert_int_equal(refused_count, 0);
    next_descriptor = -1;
    turn(false); /* nobody has come */
    assert_int_equal(refused_count, 0);
}

/* The loop accepts before it receives: whose header has arrived is put out for nobody, or one would
 * put out the other as long as anybody comes. */
static void test_no_room_from_whose_header_has_come(void **state)
{
    int fd;

    (void)state;
    ropp_glue_many = 12;
    next_descriptor = -1;
    make_proxied(11);
    for (fd = 12; fd < 20; fd++) {
        put(fd - 1, HEADER GAME);
        make_proxied(fd);
        emu_receive();
        emu_look();
        turn(false);
        is_the_emulators(fd - 1);
        heard_is(fd - 1, GAME);
    }
    assert_int_equal(refused_count, 0);
    put(19, HALF);
    make_proxied(20); /* half of one has not */
    emu_receive();
    emu_look();
    turn(false);
    assert_int_equal(refused_count, 1);
    assert_int_equal(refused_for, ROPP_REASON_HEADER_CROWDED_OUT);
    assert_true(is_ending(19));
    assert_true(emu_is_active(20));
}

/* A few who say nothing may be players whose first packet is late. */
static void test_no_room_from_a_few(void **state)
{
    int fd;

    (void)state;
    ropp_glue_many = 12;
    ropp_glue_flood = ROPP_GLUE_FLOOD;
    next_descriptor = -1;
    for (fd = 11; fd < 11 + ROPP_GLUE_FLOOD; fd++) {
        make_proxied(fd);
        emu_turn();
        emu_look();
        turn(false);
    }
    assert_int_equal(refused_count, 0);
    make_proxied(fd);
    emu_turn();
    emu_look();
    turn(false);
    assert_int_equal(refused_count, 1);
    assert_true(is_ending(11));
}

/* Players are not put out for others, and neither is the newcomer himself. */
static void test_no_room_can_be_made(void **state)
{
    (void)state;
    ropp_glue_many = 12;
    next_descriptor = -1;
    make_player(10, ROPP_VERDICT_DIRECT);
    put(10, GAME);
    emu_turn();
    make_proxied(11);
    put(11, HEADER GAME);
    emu_turn();
    make_proxied(12);
    put(12, HEADER GAME);
    emu_turn();
    assert_int_equal(refused_count, 0);
    is_the_emulators(12);
    is_the_emulators(11);
}

/* As many as the system allows, or the emulator has room for. */
static void test_how_many_descriptors_there_are(void **state)
{
    (void)state;
    descriptor_limit = 100;
    ropp_hook_listening(3);
    assert_int_equal(ropp_glue_many, 100 - ROPP_GLUE_NEARLY);
    descriptor_limit = UINT_MAX;
    ropp_hook_listening(3);
    assert_int_equal(ropp_glue_many, ROOM - ROPP_GLUE_NEARLY);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#ifdef ROPP_TEST_ATHENA
        cmocka_unit_test_setup(test_the_end_is_registered, begin),
#endif
        cmocka_unit_test_setup(test_a_deadline_without_a_byte, begin),
        cmocka_unit_test_setup(test_whose_deadlines_pass_on_a_turn, begin),
        cmocka_unit_test_setup(test_how_long_a_turn_may_wait, begin),
        cmocka_unit_test_setup(test_the_emulator_ends_a_session, begin),
        cmocka_unit_test_setup(test_a_header_and_the_game_behind_it, begin),
        cmocka_unit_test_setup(test_a_header_in_pieces, begin),
        cmocka_unit_test_setup(test_the_header_is_gone_from_the_buffer, begin),
        cmocka_unit_test_setup(test_a_full_buffer_is_filled_again, begin),
        cmocka_unit_test_setup(test_a_full_buffer_without_a_header, begin),
        cmocka_unit_test_setup(test_closed_while_it_receives, begin),
        cmocka_unit_test_setup(test_ended_while_it_receives, begin),
        cmocka_unit_test_setup(test_what_its_handlers_return, begin),
        cmocka_unit_test_setup(test_a_direct_player, begin),
        cmocka_unit_test_setup(test_a_direct_player_without_a_word, begin),
        cmocka_unit_test_setup(test_a_direct_player_in_pieces, begin),
        cmocka_unit_test_setup(test_stock_is_not_touched, begin),
        cmocka_unit_test_setup(test_nobody_is_named, begin),
        cmocka_unit_test_setup(test_a_second_header, begin),
        cmocka_unit_test_setup(test_an_untrusted_header_in_pieces, begin),
        cmocka_unit_test_setup(test_what_looks_like_a_header_and_is_none, begin),
        cmocka_unit_test_setup(test_what_looks_like_a_header_for_too_long, begin),
        cmocka_unit_test_setup(test_what_looks_like_a_header_hangs_up, begin),
        cmocka_unit_test_setup(test_what_hangs_up_ends_as_the_emulators, begin),
        cmocka_unit_test_setup(test_a_header_that_never_comes, begin),
        cmocka_unit_test_setup(test_a_header_that_came_while_the_server_stood_still, begin),
        cmocka_unit_test_setup(test_nothing_is_received_out_of_turn, begin),
        cmocka_unit_test_setup(test_the_rest_came_while_the_server_stood_still, begin),
        cmocka_unit_test_setup(test_it_hung_up_while_the_server_stood_still, begin),
        cmocka_unit_test_setup(test_no_idle_time_out_before_the_header, begin),
        cmocka_unit_test_setup(test_the_idle_time_out_of_a_health_check, begin),
        cmocka_unit_test_setup(test_the_idle_time_out_of_a_proxied_player, begin),
        cmocka_unit_test_setup(test_the_idle_time_out_begins_at_the_hand_over, begin),
        cmocka_unit_test_setup(test_a_health_check, begin),
        cmocka_unit_test_setup(test_a_header_cut_short, begin),
        cmocka_unit_test_setup(test_a_broken_header, begin),
        cmocka_unit_test_setup(test_the_guard_judges_the_player, begin),
        cmocka_unit_test_setup(test_the_guard_refuses_the_player, begin),
        cmocka_unit_test_setup(test_the_guard_and_a_health_check, begin),
        cmocka_unit_test_setup(test_no_guard, begin),
        cmocka_unit_test_setup(test_the_guard_judges_a_direct_player_once, begin),
        cmocka_unit_test_setup(test_the_guard_judges_a_held_server_once, begin),
        cmocka_unit_test_setup(test_the_guard_judges_who_may_be_either, begin),
        cmocka_unit_test_setup(test_the_guard_is_not_put_off_by_another, begin),
        cmocka_unit_test_setup(test_a_ban_comes_before_the_guard, begin),
        cmocka_unit_test_setup(test_who_was_let_in_is_not_judged_again, begin),
        cmocka_unit_test_setup(test_a_login_is_answered, begin),
        cmocka_unit_test_setup(test_a_login_with_the_header_is_answered, begin),
        cmocka_unit_test_setup(test_whatever_it_says_is_answered, begin),
        cmocka_unit_test_setup(test_silence_is_answered_late, begin),
        cmocka_unit_test_setup(test_nobody_is_left_to_answer, begin),
        cmocka_unit_test_setup(test_closed_while_it_is_answered, begin),
        cmocka_unit_test_setup(test_without_words_it_is_closed, begin),
        cmocka_unit_test_setup(test_a_flood_is_just_closed, begin),
        cmocka_unit_test_setup(test_a_session_that_began_is_not_answered, begin),
        cmocka_unit_test_setup(test_a_held_server, begin),
        cmocka_unit_test_setup(test_a_held_server_whose_login_fails, begin),
        cmocka_unit_test_setup(test_a_held_server_whose_login_ends_it, begin),
        cmocka_unit_test_setup(test_a_held_server_whose_login_never_comes, begin),
        cmocka_unit_test_setup(test_a_held_server_whose_login_is_read_late, begin),
        cmocka_unit_test_setup(test_a_held_server_asks_for_a_challenge, begin),
        cmocka_unit_test_setup(test_a_held_server_says_no_more_than_that, begin),
        cmocka_unit_test_setup(test_a_challenge_is_asked_for_by_each, begin),
        cmocka_unit_test_setup(test_a_held_server_hangs_up, begin),
        cmocka_unit_test_setup(test_a_held_player, begin),
        cmocka_unit_test_setup(test_a_held_peer_says_nothing, begin),
        cmocka_unit_test_setup(test_a_held_peer_hangs_up, begin),
        cmocka_unit_test_setup(test_few_are_held, begin),
        cmocka_unit_test_setup(test_refused_at_accept, begin),
        cmocka_unit_test_setup(test_a_packet_is_given_to_the_module, begin),
        cmocka_unit_test_setup(test_a_packet_that_must_not_leave, begin),
        cmocka_unit_test_setup(test_a_packet_and_the_end_of_its_session, begin),
        cmocka_unit_test_setup(test_packets_that_are_left_alone, begin),
        cmocka_unit_test_setup(test_no_server_behind_a_proxy, begin),
        cmocka_unit_test_setup(test_what_a_server_names, begin),
        cmocka_unit_test_setup(test_as_many_as_the_array_has, begin),
        cmocka_unit_test_setup(test_no_descriptor_beyond_it, begin),
        cmocka_unit_test_setup(test_a_session_inherits_nothing, begin),
        cmocka_unit_test_setup(test_counts_are_given_back, begin),
        cmocka_unit_test_setup(test_what_was_accepted_and_got_no_session, begin),
        cmocka_unit_test_setup(test_refused_after_one_without_a_session, begin),
        cmocka_unit_test_setup(test_a_round_comes_to_all_while_lists_change, begin),
        cmocka_unit_test_setup(test_looks_on_one_turn, begin),
        cmocka_unit_test_setup(test_a_round_ends, begin),
        cmocka_unit_test_setup(test_a_round_goes_on_while_sessions_come, begin),
        cmocka_unit_test_setup(test_only_players_are_looked_at, begin),
        cmocka_unit_test_setup(test_who_is_banned_by_now_is_closed, begin),
        cmocka_unit_test_setup(test_a_proxied_player_is_looked_at, begin),
        cmocka_unit_test_setup(test_who_is_refused_is_not_looked_at, begin),
        cmocka_unit_test_setup(test_the_last_descriptor_is_looked_at, begin),
        cmocka_unit_test_setup(test_an_allowance_for_an_address, begin),
        cmocka_unit_test_setup(test_an_allowance_behind_a_standin, begin),
        cmocka_unit_test_setup(test_an_allowance_behind_the_first_standin, begin),
        cmocka_unit_test_setup(test_no_allowance_by_a_foreign_standin, begin),
        cmocka_unit_test_setup(test_settings_that_are_wrong, begin),
        cmocka_unit_test_setup(test_the_refusal_that_a_client_knows, begin),
        cmocka_unit_test_setup(test_listening, begin),
        cmocka_unit_test_setup(test_the_port_it_listens_at, begin),
        cmocka_unit_test_setup(test_listening_with_trouble, begin),
        cmocka_unit_test_setup(test_lines_of_the_module, begin),
        cmocka_unit_test_setup(test_tickets, begin),
        cmocka_unit_test_setup(test_a_ticket_of_a_session, begin),
        cmocka_unit_test_setup(test_keys, begin),
        cmocka_unit_test_setup(test_the_end, begin),
        cmocka_unit_test_setup(test_closing_is_spread_over_turns, begin),
        cmocka_unit_test_setup(test_closing_is_not_spread_where_the_loop_waits, begin),
        cmocka_unit_test_setup(test_put_off_and_in_time_after_all, begin),
        cmocka_unit_test_setup(test_who_holds_a_decoder, begin),
        cmocka_unit_test_setup(test_a_decoder_is_given_back, begin),
        cmocka_unit_test_setup(test_a_whole_header_crowds_nobody_out, begin),
        cmocka_unit_test_setup(test_the_oldest_is_crowded_out, begin),
        cmocka_unit_test_setup(test_nobody_is_crowded_out, begin),
        cmocka_unit_test_setup(test_a_complete_header_is_not_crowded_out, begin),
        cmocka_unit_test_setup(test_room_is_made, begin),
        cmocka_unit_test_setup(test_no_room_from_whose_header_has_come, begin),
        cmocka_unit_test_setup(test_room_is_made_by_silent_players, begin),
        cmocka_unit_test_setup(test_no_room_is_made_when_off, begin),
        cmocka_unit_test_setup(test_room_is_made_at_once, begin),
        cmocka_unit_test_setup(test_room_came_by_itself, begin),
        cmocka_unit_test_setup(test_no_room_from_a_few, begin),
        cmocka_unit_test_setup(test_no_room_can_be_made, begin),
        cmocka_unit_test_setup(test_how_many_descriptors_there_are, begin),
    };

    return UNIT_RUN(argc, argv, "glue", tests, NULL, NULL);
}
