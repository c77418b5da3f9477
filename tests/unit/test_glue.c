/* The glue, woven into an emulator that is nothing but a socket layer: what it does with
 * descriptors. The rest of it is what tests/e2e plays with. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "ropp.h"
#include "glue/hooks.h"

/* ---- the emulator ---- */

#define ROOM 1000

typedef int (*RecvFunc)(int fd);
typedef int (*ParseFunc)(int fd);

struct socket_data {
    struct {
        unsigned eof : 1, server : 1;
    } flag;
    uint32_t client_addr;
    uint8_t *rdata, *wdata;
    size_t rdata_size, rdata_pos, max_rdata, wdata_size, max_wdata;
    time_t rdata_tick;
    RecvFunc func_recv;
    ParseFunc func_parse;
};

static struct socket_data *session[ROOM];
static int fd_max;
static time_t last_tick;
static int ip_rules;

#define SOCKET_ERROR         (-1)
#define sListen(fd, backlog) ((void)(fd), (void)(backlog), 0)
#define RFIFOP(fd, pos)      (session[fd]->rdata + session[fd]->rdata_pos + (pos))
#define RFIFOREST(fd)        (session[fd]->rdata_size - session[fd]->rdata_pos)
#define RFIFOSPACE(fd)       (session[fd]->max_rdata - session[fd]->rdata_size)
#define RFIFOFLUSH(fd)       (void)(fd)
#define WFIFOHEAD(fd, size)
#define WFIFOP(fd, pos)     (session[fd]->wdata + (pos))
#define WFIFOSET(fd, size)  (session[fd]->wdata_size += (size))
#define ShowStatus(...)     printf(__VA_ARGS__)
#define ShowWarning(...)    printf(__VA_ARGS__)
#define ShowFatalError(...) printf(__VA_ARGS__)

static const char *error_msg(void)
{
    return "";
}

static int connect_check(uint32_t ip)
{
    (void)ip;
    return 1;
}

static bool session_isActive(int fd)
{
    assert_in_range(fd, 0, ROOM - 1); /* an emulator that has no test of its own */
    return session[fd] != NULL && !session[fd]->flag.eof;
}

static void set_eof(int fd)
{
    session[fd]->flag.eof = 1;
}

static void do_close(int fd)
{
    session[fd] = NULL;
}

static int nothing(int fd)
{
    (void)fd;
    return 0;
}

/* ---- the module, as far as it decides something here ---- */

static enum ropp_verdict verdict;
static bool new_list;
static int looked[ROOM];
static struct ropp_addr seen[ROOM];

static bool fake_accept(struct ropp_conn *conn, uint32_t peer)
{
    struct ropp_addr addr = ropp_addr_v4(peer);
    struct ropp_server_packets none = {{0, 0}};

    ropp_conn_open(conn, verdict, &addr, none, 0, 1000);
    return true;
}

static bool fake_start(unsigned port, char text[ROPP_LINE_TEXT])
{
    (void)port;
    text[0] = '\0';
    return true;
}

static bool fake_turn(void)
{
    return new_list;
}

static bool fake_kick(struct ropp_conn *conn);

#undef ropp_module_start /* the name that an emulator's objects agree upon */
#define ropp_module_start  fake_start
#define ropp_module_accept fake_accept
#define ropp_module_turn   fake_turn
#define ropp_module_kick   fake_kick
#include "glue/rathena.inc"
#include "glue/common.inc"

static bool fake_kick(struct ropp_conn *conn)
{
    int fd;

    for (fd = 1; conn != &ropp_glue_sessions[fd].conn; fd++)
        assert_true(fd < ROOM);
    looked[fd]++;
    seen[fd] = ropp_conn_player(conn);
    return false;
}

/* ---- its life ---- */

static struct socket_data sessions[ROOM];

static int begin(void **state)
{
    (void)state;
    memset(session, 0, sizeof session);
    memset(looked, 0, sizeof looked);
    memset(seen, 0, sizeof seen);
    fd_max = 0;
    new_list = false;
    while (ropp_glue_left > 0)
        ropp_hook_turn();
    return 0;
}

/* A session, whoever makes it. */
static void make_session(int fd)
{
    ropp_hook_session(fd);
    memset(&sessions[fd], 0, sizeof sessions[fd]);
    sessions[fd].func_recv = sessions[fd].func_parse = nothing;
    session[fd] = &sessions[fd];
    if (fd_max <= fd)
        fd_max = fd + 1;
}

static void make_player(int fd, enum ropp_verdict as)
{
    verdict = as;
    assert_int_equal(ropp_hook_accept(fd, 0xcb007109), 0);
    make_session(fd);
    ropp_hook_connected(fd);
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

/* ---- */

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
        assert_int_equal(ropp_hook_accept(fds[i], 0xcb007109), 1);
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
    assert_int_equal(seen[7].family, ROPP_FAMILY_INET);
    do_close(7);
    make_session(7); /* the fork's own */
    turn(true);
    assert_int_equal(looked[7], 2);
    assert_int_equal(seen[7].family, ROPP_FAMILY_UNSPEC);
    do_close(7);
    make_player(7, ROPP_VERDICT_HEADER);
    assert_ptr_not_equal(session[7]->func_parse, nothing);
    do_close(7);
    make_session(7);
    assert_ptr_equal(session[7]->func_parse, nothing);
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
    assert_int_equal(ropp_glue_farewells, 1);
    assert_int_equal(ropp_glue_held, 1);
    ropp_hook_session(7);
    assert_int_equal(ropp_glue_farewells, 0);
    assert_int_equal(ropp_glue_held, 0);
}

static void test_what_was_accepted_and_got_no_session(void **state)
{
    (void)state;
    verdict = ROPP_VERDICT_HEADER;
    assert_int_equal(ropp_hook_accept(7, 0x7f090909), 0);
    assert_true(ropp_hook_defer_check());
    make_session(7);
    assert_ptr_equal(session[7]->func_parse, nothing);
    make_session(8);
    ropp_hook_connected(8); /* not the one */
    assert_ptr_equal(session[8]->func_parse, nothing);
    make_player(8, ROPP_VERDICT_DIRECT);
    assert_false(ropp_hook_defer_check());
}

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
    session[2]->flag.server = 1;
    make_player(3, ROPP_VERDICT_DIRECT);
    set_eof(3);
    make_player(4, ROPP_VERDICT_HEADER);
    make_player(6, ROPP_VERDICT_DIRECT);
    fd_max = 6; /* the emulator does not go further */
    turn(true);
    assert_int_equal(looks_of_all(), 1);
    assert_int_equal(looked[1], 1);
    fd_max = 3 * ROOM; /* nor does the array, whatever the emulator says */
    turn(true);
    turn(true);
    assert_int_equal(looks_of_all(), 5);
    assert_int_equal(looked[6], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_as_many_as_the_array_has, begin),
        cmocka_unit_test_setup(test_no_descriptor_beyond_it, begin),
        cmocka_unit_test_setup(test_a_session_inherits_nothing, begin),
        cmocka_unit_test_setup(test_counts_are_given_back, begin),
        cmocka_unit_test_setup(test_what_was_accepted_and_got_no_session, begin),
        cmocka_unit_test_setup(test_a_round_comes_to_all_while_lists_change, begin),
        cmocka_unit_test_setup(test_a_round_ends, begin),
        cmocka_unit_test_setup(test_a_round_goes_on_while_sessions_come, begin),
        cmocka_unit_test_setup(test_only_players_are_looked_at, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
