// SPDX-License-Identifier: MIT
/* A connection of a player's, to a listener on this machine: what it ends with, and when. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tools/player/link.h"

#define SOON_MS 30    /* until a deadline that is waited for */
#define LATE_MS 20000 /* until one that is not */

static const uint8_t words[] = "who is there";

/* ---- the system's calls, noted and made to fail ---- */

static int polls;
static char pieces[100];                   /* "SIZE SIZE ": what was given to send */
static int send_errors[4], recv_errors[4]; /* the next ones; 0: none */

int __real_poll(struct pollfd *polled, nfds_t count, int wait_ms);
int __wrap_poll(struct pollfd *polled, nfds_t count, int wait_ms);
ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __real_recv(int fd, void *bytes, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);

/* Those of the link alone: its socket does not block. */
static struct ropp_link link_of_one;

static bool is_next(int *errors)
{
    errno = errors[0];
    memmove(errors, errors + 1, 3 * sizeof *errors);
    return errno != 0;
}

int __wrap_poll(struct pollfd *polled, nfds_t count, int wait_ms)
{
    polls++;
    return __real_poll(polled, count, wait_ms);
}

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
    size_t used = strlen(pieces);

    if (fd != link_of_one.fd)
        return __real_send(fd, bytes, size, flags);
    assert_int_equal(flags, MSG_NOSIGNAL);
    snprintf(pieces + used, sizeof pieces - used, "%zu ", size);
    return is_next(send_errors) ? -1 : __real_send(fd, bytes, size, flags);
}

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags)
{
    if (fd == link_of_one.fd && is_next(recv_errors))
        return -1;
    return __real_recv(fd, bytes, size, flags);
}

static int listener;
static struct ropp_hostport at;
static int turns, ends, opens, agains;
static char sent[64]; /* what came with the latest connection */

static int begin(void **state)
{
    (void)state;
    turns = ends = opens = agains = polls = 0;
    pieces[0] = '\0';
    memset(send_errors, 0, sizeof send_errors);
    memset(recv_errors, 0, sizeof recv_errors);
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
    assert_int_equal(link->end, ROPP_LINK_TIMED_OUT);
    assert_true(link->ended_ms != 0 && link->sent == sizeof words && link->reported);
    if (agains == 0)
        return false;
    agains--;
    link->error = 5;
    link->in = malloc(10);
    link->in_length = 3;
    link->in_room = 10;
    link->turn_ms = 7;
    ropp_link_again(link);
    assert_int_equal(link->end, ROPP_LINK_RUNNING);
    assert_int_equal(link->error, 0);
    assert_int_equal(link->fd, -1);
    assert_int_equal(link->local.length, 0);
    assert_int_equal(link->began_ms, 0);
    assert_int_equal(link->connected_ms, 0);
    assert_int_equal(link->ended_ms, 0);
    assert_null(link->in);
    assert_int_equal(link->in_length, 0);
    assert_int_equal(link->in_room, 0);
    assert_int_equal(link->sent, 0);
    assert_int_equal(link->turn_ms, 0);
    assert_false(link->reported);
    assert_in_range(link->next_ms, ropp_net_now_ms() - LATE_MS, ropp_net_now_ms());
    assert_in_range(link->deadline_ms - link->next_ms, SOON_MS, SOON_MS);
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
    assert_in_range(link_of_one.took_us / 1000, 0, link_of_one.ended_ms - link_of_one.began_ms + 1);
    if (link_of_one.in_length < 1000)
        assert_in_range(polls, 1, 20); /* it sleeps where it waits */
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
    assert_string_equal(pieces, "5 5 3 ");
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
    assert_string_equal(pieces, "2 1 10 ");
}

static void test_all_at_once(void **state)
{
    (void)state;
    link_of_one.piece_end = 5; /* without a piece it says nothing */
    link_of_one.gap_ms = LATE_MS;
    all_is_sent(0);
    assert_string_equal(pieces, "13 ");
}

/* A system that is busy is asked again; what the other side has ended is over. */
static void test_a_busy_system(void **state)
{
    (void)state;
    send_errors[0] = EAGAIN;
    send_errors[1] = EINTR;
    recv_errors[0] = EINTR;
    recv_errors[1] = EAGAIN;
    all_is_sent(0);
    assert_string_equal(pieces, "13 13 13 ");
    assert_int_equal(recv_errors[0], 0);
}

static void fails_with(int *errors, int error)
{
    (void)begin(NULL);
    errors[0] = error;
    link_of_one.timeout_ms = LATE_MS;
    run_to(ROPP_LINK_CLOSED);
    assert_int_equal(link_of_one.error, error);
    assert_int_equal(link_of_one.fd, -1);
    assert_int_equal(close(listener), 0);
}

static void test_a_broken_connection(void **state)
{
    (void)state;
    assert_int_equal(close(listener), 0);
    fails_with(send_errors, EPIPE);
    fails_with(send_errors, ECONNRESET);
    listener = -1;
}

/* As the other side has reset it, before or after it was heard. */
static void *reset(void *unused)
{
    struct linger at_once = {1, 0};
    int fd = take();

    (void)recv(fd, sent, sizeof words, MSG_WAITALL);
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)close(fd);
    return unused;
}

static void test_a_reset(void **state)
{
    (void)state;
    run_with(reset);
    assert_int_equal(link_of_one.error, ECONNRESET);
}

/* Nothing is sent, and what is said is heard all the same. */
static void test_says_nothing(void **state)
{
    (void)state;
    link_of_one.out_length = 0;
    link_of_one.timeout_ms = LATE_MS;
    link_of_one.heard = on_heard;
    assert_true(ropp_link_run(&link_of_one, 1, on_open_answer, NULL));
    assert_int_equal(link_of_one.end, ROPP_LINK_ANSWERED);
    assert_int_equal(link_of_one.fd, -1); /* not kept */
    assert_string_equal(pieces, "");
    assert_in_range(polls, 1, 5);
    assert_int_equal(close(others_end), 0);
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
        cmocka_unit_test_setup_teardown(test_all_at_once, begin, end),
        cmocka_unit_test_setup_teardown(test_a_busy_system, begin, end),
        cmocka_unit_test_setup_teardown(test_a_broken_connection, begin, end),
        cmocka_unit_test_setup_teardown(test_a_reset, begin, end),
        cmocka_unit_test_setup_teardown(test_says_nothing, begin, end),
        cmocka_unit_test_setup_teardown(test_held_back, begin, end),
        cmocka_unit_test_setup_teardown(test_begins_later, begin, end),
        cmocka_unit_test_setup_teardown(test_too_much_is_said, begin, end),
    };
    return UNIT_RUN(argc, argv, "link", tests, NULL, NULL);
}
