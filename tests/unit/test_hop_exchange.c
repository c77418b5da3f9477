// SPDX-License-Identifier: MIT
/* A first exchange at each address of each hop: which hop it is counted for, what is said of one that
 * fails, and when the next may begin. The login server is a thread with a listener at each address. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tools/hop/exchange.h"
#include "tools/player/bytes.h"
#include "tools/player/net.h"

#define LIMIT_MS 20000 /* nothing here is waited for so long */
#define FIRST    0x7f000001u
#define KEY      0x01dc
#define BANNED   0x006a

/* What is answered at 127.0.0.1 and those after: a packet's number, 0 for none. */
static unsigned answers[8];
static int listeners[8];
static size_t listener_count;
static size_t together; /* so many must have come before the first is answered */
static uint8_t asked[2];
static pthread_t server;

static struct ropp_network network;
static struct ropp_hop hops[3];
static struct ropp_exchanges exchanges;

static void answer(int fd, unsigned packet)
{
    uint8_t bytes[2];

    (void)recv(fd, asked, sizeof asked, MSG_WAITALL);
    ropp_put16(bytes, packet);
    if (packet != 0)
        (void)send(fd, bytes, sizeof bytes, MSG_NOSIGNAL);
    (void)close(fd);
}

static void *serve(void *unused)
{
    struct pollfd polled;
    int fds[8];
    size_t i, answered = 0;

    for (i = 0; i < listener_count; i++) {
        polled = (struct pollfd){.fd = listeners[i], .events = POLLIN};
        fds[i] = poll(&polled, 1, LIMIT_MS) == 1 ? accept(listeners[i], NULL, NULL) : -1;
        if (fds[i] < 0)
            return NULL;
        for (; i + 1 >= together && answered <= i; answered++)
            answer(fds[answered], answers[answered]);
    }
    return unused;
}

/* The hop has the next so many addresses. */
static void give(size_t hop, size_t count)
{
    static uint32_t given;
    size_t i;

    if (hop == 0)
        given = 0;
    hops[hop].rate = hops[hop].tries = 1000;
    hops[hop].public.count = count;
    for (i = 0; i < count; i++)
        hops[hop].public.items[i] = ropp_addr_v4(FIRST + given++);
    network.count = hop + 1;
}

/* All but the last so many have a server, at the port that the first one got. */
static void listen_at(size_t count)
{
    struct ropp_hostport at;
    size_t i;

    listener_count = count;
    for (i = 0; i < count; i++) {
        char text[32];

        snprintf(text, sizeof text, "127.0.0.%zu", i + 1);
        assert_true(ropp_hostport_parse(text, network.origin.ports[ROPP_ROLE_LOGIN].items[0], &at));
        listeners[i] = ropp_net_listen(&at);
        assert_true(listeners[i] >= 0);
        network.origin.ports[ROPP_ROLE_LOGIN].items[0] = (uint16_t)ropp_hostport_port(&at);
    }
}

static int begin(void **state)
{
    (void)state;
    memset(&network, 0, sizeof network);
    memset(hops, 0, sizeof hops);
    memset(answers, 0, sizeof answers);
    memset(asked, 0, sizeof asked);
    network.hops = hops;
    network.origin.ports[ROPP_ROLE_LOGIN].count = 1;
    listener_count = together = 0;
    return 0;
}

static int end(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < listener_count; i++)
        (void)close(listeners[i]);
    ropp_exchanges_free(&exchanges);
    return 0;
}

static void run(int timeout_ms)
{
    int begun = pthread_create(&server, NULL, serve, NULL);

    assert_int_equal(begun, 0);
    assert_true(ropp_exchanges_round(&exchanges, timeout_ms));
    assert_int_equal(pthread_join(server, NULL), 0);
}

static void is(size_t item, size_t hop, bool connected, const char *trouble)
{
    const struct ropp_exchange *exchange = &exchanges.items[item];
    struct ropp_summary connect = ropp_samples_summary(&exchange->connect);
    struct ropp_summary whole = ropp_samples_summary(&exchange->whole);

    assert_int_equal(exchange->hop, hop);
    assert_int_equal(ropp_addr_to_v4(&exchange->at), FIRST + item);
    assert_int_equal(connect.tried, 1);
    assert_int_equal(connect.failed, connected ? 0 : 1);
    assert_int_equal(whole.tried, 1);
    assert_int_equal(whole.failed, trouble == NULL ? 0 : 1);
    if (connected)
        assert_string_equal(exchange->from, "127.0.0.1");
    if (trouble == NULL)
        assert_null(exchange->trouble);
    else
        assert_string_equal(exchange->trouble, trouble);
}

static void test_each_address(void **state)
{
    (void)state;
    give(0, 1);
    give(1, 2);
    give(2, 1);
    listen_at(3);
    answers[0] = KEY;
    answers[1] = BANNED;
    ropp_exchanges_begin(&exchanges, &network, 3, 1);
    assert_int_equal(exchanges.count, 4);
    run(LIMIT_MS);
    assert_int_equal(ropp_get16(asked), 0x01db);
    is(0, 0, true, NULL);
    is(1, 1, true, "packet 0x006a in place of a key: is this address banned?");
    is(2, 1, true, "closed without an answer");
    is(3, 2, false, "no connection: Connection refused");
    assert_true(ropp_samples_summary(&exchanges.items[0].connect).median_ms <=
                ropp_samples_summary(&exchanges.items[0].whole).median_ms);
}

/* A listener that nobody accepts from: there is a connection, and no more. */
static void test_no_answer_in_time(void **state)
{
    (void)state;
    give(0, 1);
    listen_at(1);
    ropp_exchanges_begin(&exchanges, &network, 3, 1);
    assert_true(ropp_exchanges_round(&exchanges, 20));
    is(0, 0, true, "no answer in time");
}

/* Three at a time, which an emulator lets pass; then there is a pause. */
static void test_a_pause_between_batches(void **state)
{
    const int64_t from = ropp_net_now_ms();

    (void)state;
    give(0, 4);
    listen_at(4);
    answers[0] = answers[3] = KEY;
    together = 3;
    ropp_exchanges_begin(&exchanges, &network, 3, 100);
    assert_int_equal(exchanges.pause_ms, 100);
    run(LIMIT_MS);
    assert_in_range(ropp_net_now_ms() - from, 100, LIMIT_MS);
    assert_in_range(exchanges.due_ms - ropp_net_now_ms(), 1, 100);
    is(0, 0, true, NULL);
    is(1, 0, true, "closed without an answer");
    is(3, 0, true, NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_address, begin, end),
        cmocka_unit_test_setup_teardown(test_no_answer_in_time, begin, end),
        cmocka_unit_test_setup_teardown(test_a_pause_between_batches, begin, end),
    };

    return UNIT_RUN(argc, argv, "hop_exchange", tests, NULL, NULL);
}
