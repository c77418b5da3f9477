// SPDX-License-Identifier: MIT
/* A connection of a player's, to a listener on this machine: what it ends with, and when. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tools/player/link.h"

#define SOON_MS 30    /* until a deadline that is waited for */
#define LATE_MS 20000 /* until one that is not */

static const uint8_t words[] = "who is there";

static int listener;
static struct ropp_hostport at;
static struct ropp_link link_of_one;
static int turns, ends, opens, agains;
static char sent[64]; /* what came with the latest connection */

static int begin(void **state)
{
    (void)state;
    turns = ends = opens = agains = 0;
    assert_true(ropp_hostport_parse("127.0.0.1", 0, &at));
    listener = ropp_net_listen(&at);
    assert_true(listener >= 0);
    link_of_one = (struct ropp_link){.to = at,
                                     .out = words,
                                     .out_length = sizeof words,
                                     .timeout_ms = SOON_MS};
    return 0;
}

static int end(void **state)
{
    (void)state;
    ropp_link_free(&link_of_one);
    return listener < 0 ? 0 : close(listener);
}

/* Takes the next connection, which is there already. */
static int take(void)
{
    struct pollfd polled = {.fd = listener, .events = POLLIN};
    int fd;

    assert_int_equal(poll(&polled, 1, LATE_MS), 1);
    fd = accept(listener, NULL, NULL);
    assert_true(fd >= 0);
    return fd;
}

static void read_sent(void)
{
    int fd = take();

    memset(sent, 0, sizeof sent);
    assert_int_equal(recv(fd, sent, sizeof sent, 0), sizeof words);
    assert_int_equal(close(fd), 0);
}

static bool on_turn(struct ropp_link *link)
{
    assert_int_equal(link->turn_ms, 0);
    turns++;
    return true;
}

static bool on_end(struct ropp_link *link)
{
    ends++;
    read_sent();
    if (agains == 0)
        return false;
    agains--;
    ropp_link_again(link);
    return true;
}

static void on_open(void *context)
{
    assert_ptr_equal(context, &opens);
    opens++;
}

static void run_to(enum ropp_link_end how)
{
    assert_true(ropp_link_run(&link_of_one, 1, on_open, &opens));
    assert_int_equal(link_of_one.end, how);
    assert_int_equal(opens, 1);
    assert_true(link_of_one.ended_ms >= link_of_one.began_ms);
    if (how == ROPP_LINK_ANSWERED || how == ROPP_LINK_TIMED_OUT)
        assert_int_equal(link_of_one.error, 0);
}

static void test_nobody_answers(void **state)
{
    (void)state;
    link_of_one.ended = on_end;
    run_to(ROPP_LINK_TIMED_OUT);
    assert_int_equal(ends, 1);
    assert_string_equal(sent, (const char *)words);
    assert_true(link_of_one.connected_ms >= link_of_one.began_ms);
    assert_true(link_of_one.ended_ms - link_of_one.began_ms >= SOON_MS);
    assert_true(link_of_one.local.length > 0);
    assert_int_equal(link_of_one.fd, -1);
}

static void test_nobody_is_there(void **state)
{
    (void)state;
    assert_int_equal(close(listener), 0);
    listener = -1;
    link_of_one.timeout_ms = LATE_MS;
    run_to(ROPP_LINK_UNREACHABLE);
    assert_int_equal(link_of_one.error, ECONNREFUSED);
    assert_int_equal(link_of_one.connected_ms, 0);
    assert_int_equal(link_of_one.local.length, 0);
}

/* At its time, once; and it may be the end. */
static void test_a_turn(void **state)
{
    int64_t from = ropp_net_now_ms();

    (void)state;
    link_of_one.timeout_ms = LATE_MS;
    link_of_one.turn = on_turn;
    link_of_one.turn_ms = from + SOON_MS;
    run_to(ROPP_LINK_ANSWERED);
    assert_int_equal(turns, 1);
    assert_true(ropp_net_now_ms() >= from + SOON_MS);
}

/* From the beginning: everything is sent again, and nothing is left of the one before. */
static void test_again(void **state)
{
    (void)state;
    agains = 2;
    link_of_one.ended = on_end;
    link_of_one.turn = on_turn;
    link_of_one.turn_ms = ropp_net_now_ms() + LATE_MS;
    run_to(ROPP_LINK_TIMED_OUT);
    assert_int_equal(ends, 3);
    assert_int_equal(turns, 0);
    assert_string_equal(sent, (const char *)words);
    assert_int_equal(link_of_one.in_length, 0);
}

/* Never connected any more, although it was before. */
static bool on_end_then_nobody(struct ropp_link *link)
{
    ends++;
    if (ends > 1)
        return false;
    read_sent();
    assert_int_equal(close(listener), 0);
    listener = -1;
    ropp_link_again(link);
    return true;
}

static void test_again_and_nobody_is_there(void **state)
{
    (void)state;
    link_of_one.ended = on_end_then_nobody;
    run_to(ROPP_LINK_UNREACHABLE);
    assert_int_equal(ends, 2);
    assert_int_equal(link_of_one.connected_ms, 0);
    assert_int_equal(link_of_one.local.length, 0);
    assert_int_equal(link_of_one.error, ECONNREFUSED);
}

/* One of several that ends before the others is asked once what is next. */
static bool on_first_end(struct ropp_link *link)
{
    (void)link;
    ends++;
    return false;
}

static void test_an_end_among_others(void **state)
{
    struct ropp_link links[2];

    (void)state;
    links[0] = links[1] = link_of_one;
    links[0].ended = on_first_end;
    links[1].timeout_ms = LATE_MS;
    links[1].turn = on_turn;
    links[1].turn_ms = ropp_net_now_ms() + 2 * SOON_MS;
    assert_true(ropp_link_run(links, 2, NULL, NULL));
    assert_int_equal(links[0].end, ROPP_LINK_TIMED_OUT);
    assert_int_equal(links[1].end, ROPP_LINK_ANSWERED);
    assert_int_equal(ends, 1);
    ropp_link_free(&links[0]);
    ropp_link_free(&links[1]);
}

/* ---- what is heard ---- */

static int others_end; /* of the connection */

static void on_open_answer(void *context)
{
    (void)context;
    opens++;
    others_end = take();
    assert_int_equal(send(others_end, "me", 2, 0), 2);
}

static bool on_heard(struct ropp_link *link)
{
    return link->in_length == 2 && memcmp(link->in, "me", 2) == 0;
}

static bool on_heard_wants_more(struct ropp_link *link)
{
    if (others_end >= 0) {
        assert_int_equal(close(others_end), 0);
        others_end = -1;
    }
    return link->in_length > 2;
}

static void test_an_answer(void **state)
{
    (void)state;
    link_of_one.timeout_ms = LATE_MS;
    link_of_one.heard = on_heard;
    link_of_one.keep = true;
    assert_true(ropp_link_run(&link_of_one, 1, on_open_answer, NULL));
    assert_int_equal(link_of_one.end, ROPP_LINK_ANSWERED);
    assert_int_equal(link_of_one.in_length, 2);
    assert_true(link_of_one.fd >= 0); /* kept */
    assert_int_equal(close(others_end), 0);
}

static void test_half_an_answer(void **state)
{
    (void)state;
    link_of_one.timeout_ms = LATE_MS;
    link_of_one.heard = on_heard_wants_more;
    link_of_one.keep = true;
    assert_true(ropp_link_run(&link_of_one, 1, on_open_answer, NULL));
    assert_int_equal(link_of_one.end, ROPP_LINK_CLOSED);
    assert_int_equal(link_of_one.in_length, 2);
    assert_int_equal(link_of_one.fd, -1);
}

/* ---- what is sent, and when ---- */

/* Closes when all of it is there. */
static void *read_all(void *unused)
{
    int fd = take();

    memset(sent, 0, sizeof sent);
    (void)recv(fd, sent, sizeof words, MSG_WAITALL);
    (void)close(fd);
    return unused;
}

/* Sends until nobody takes it any more. */
static void *talk(void *unused)
{
    static const char much[65536];
    int fd = take();

    while (send(fd, much, sizeof much, MSG_NOSIGNAL) > 0)
        ;
    (void)close(fd);
    return unused;
}

static void run_with(void *(*other)(void *))
{
    pthread_t thread;
    int begun = pthread_create(&thread, NULL, other, NULL);

    assert_int_equal(begun, 0);
    link_of_one.timeout_ms = LATE_MS;
    run_to(ROPP_LINK_CLOSED);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

/* It takes no less than that from the connection on. */
static void all_is_sent(int64_t least_ms)
{
    run_with(read_all);
    assert_string_equal(sent, (const char *)words);
    assert_int_equal(link_of_one.error, 0);
    assert_true(link_of_one.ended_ms - link_of_one.connected_ms >= least_ms);
}

static void test_in_pieces(void **state)
{
    (void)state;
    link_of_one.piece = 5; /* 5, 5 and 3 */
    link_of_one.piece_end = sizeof words;
    link_of_one.gap_ms = SOON_MS;
    all_is_sent(2 * SOON_MS);
}

/* The rest is sent at once. */
static void test_the_beginning_in_pieces(void **state)
{
    (void)state;
    link_of_one.piece = 2; /* 2, 1 and 10 */
    link_of_one.piece_end = 3;
    link_of_one.gap_ms = SOON_MS;
    all_is_sent(2 * SOON_MS);
    assert_int_equal(link_of_one.sent, sizeof words);
}

static void test_held_back(void **state)
{
    (void)state;
    link_of_one.hold_ms = SOON_MS;
    all_is_sent(SOON_MS);
}

static void test_begins_later(void **state)
{
    int64_t from = ropp_net_now_ms();

    (void)state;
    link_of_one.delay_ms = SOON_MS;
    all_is_sent(0);
    assert_true(link_of_one.began_ms - from >= SOON_MS);
}

/* A server that never ends is no server of ours. */
static void test_too_much_is_said(void **state)
{
    (void)state;
    run_with(talk);
    assert_int_equal(link_of_one.error, EMSGSIZE);
    assert_true(link_of_one.in_length >= (size_t)1 << 24);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nobody_answers, begin, end),
        cmocka_unit_test_setup_teardown(test_nobody_is_there, begin, end),
        cmocka_unit_test_setup_teardown(test_a_turn, begin, end),
        cmocka_unit_test_setup_teardown(test_again, begin, end),
        cmocka_unit_test_setup_teardown(test_again_and_nobody_is_there, begin, end),
        cmocka_unit_test_setup_teardown(test_an_end_among_others, begin, end),
        cmocka_unit_test_setup_teardown(test_an_answer, begin, end),
        cmocka_unit_test_setup_teardown(test_half_an_answer, begin, end),
        cmocka_unit_test_setup_teardown(test_in_pieces, begin, end),
        cmocka_unit_test_setup_teardown(test_the_beginning_in_pieces, begin, end),
        cmocka_unit_test_setup_teardown(test_held_back, begin, end),
        cmocka_unit_test_setup_teardown(test_begins_later, begin, end),
        cmocka_unit_test_setup_teardown(test_too_much_is_said, begin, end),
    };
    return UNIT_RUN(argc, argv, "link", tests, NULL, NULL);
}
