// SPDX-License-Identifier: MIT
/* What `ropp hop measure` makes of times, and of what HAProxy says of the ways behind a hop. */
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tools/hop/exchange.h"
#include "tools/hop/prefer.h"
#include "tools/hop/samples.h"
#include "tools/hop/stat.h"
#include "tools/hop/ways.h"
#include "tools/player/net.h"

#define LIMIT_MS 5000 /* nothing here is waited for so long */

static struct ropp_summary summary_of(const int64_t *ms, size_t count, size_t room)
{
    struct ropp_samples samples;
    struct ropp_summary summary;

    ropp_samples_begin(&samples, room);
    for (size_t i = 0; i < count; i++)
        ropp_samples_add(&samples, ms[i]);
    summary = ropp_samples_summary(&samples);
    ropp_samples_free(&samples);
    return summary;
}

#define SUMMARY(room, ...)                                                                         \
    summary_of((const int64_t[]){__VA_ARGS__},                                                     \
               sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t), room)

static void expect(struct ropp_summary is, size_t tried, size_t failed, int64_t median, int64_t p95,
                   int64_t jitter)
{
    assert_int_equal(is.tried, tried);
    assert_int_equal(is.failed, failed);
    assert_int_equal(is.median_ms, median);
    assert_int_equal(is.p95_ms, p95);
    assert_int_equal(is.jitter_ms, jitter);
}

static void summarises(void **state)
{
    (void)state;
    expect(SUMMARY(5, 30, 10, 20), 3, 0, 20, 30, 15);
    expect(SUMMARY(5, 7), 1, 0, 7, 7, 0);
    expect(SUMMARY(5, -1, -1), 2, 2, -1, -1, -1);
    /* Those that failed are in between, and no times. */
    expect(SUMMARY(5, 10, -1, 14, -1), 4, 2, 10, 14, 4);
    /* The newest two are left. */
    expect(SUMMARY(2, 500, 10, 12), 2, 0, 10, 12, 2);
    expect(summary_of(NULL, 0, 3), 0, 0, -1, -1, -1);
    /* One of twenty takes longer than the 95th of a hundred. */
    expect(SUMMARY(20, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 900), 20, 0, 1, 1,
           47);
    expect(SUMMARY(10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 900), 10, 0, 1, 900, 100);
}

static void prefers(void **state)
{
    static const int64_t faster[] = {100, 85, 90}, by_percent[] = {100, 86, 100},
                         by_ms[] = {20, 16, 20}, another[] = {100, 90, 50}, same[] = {100, 85, 85},
                         down[] = {-1, 20, 30}, unknown[] = {100, -1, -1};
    struct ropp_preference preference = {0};

    (void)state;
    assert_false(ropp_prefer(&preference, faster, 3));
    assert_false(ropp_prefer(&preference, faster, 3));
    assert_true(ropp_prefer(&preference, faster, 3));
    assert_int_equal(preference.way, 1);
    assert_false(ropp_prefer(&preference, faster, 3)); /* it is the first by now */

    /* Not in a row, not by both measures, or nothing to compare with. */
    preference = (struct ropp_preference){0};
    for (unsigned i = 0; i < 10; i++) {
        assert_false(ropp_prefer(&preference, faster, 3));
        assert_false(ropp_prefer(&preference, faster, 3));
        assert_false(ropp_prefer(&preference, i % 2 ? by_percent : by_ms, 3));
        assert_false(ropp_prefer(&preference, i % 2 ? down : unknown, 3));
    }
    assert_int_equal(preference.way, 0);

    /* Three times one and the same way. */
    assert_false(ropp_prefer(&preference, faster, 3));
    assert_false(ropp_prefer(&preference, another, 3));
    assert_false(ropp_prefer(&preference, another, 3));
    assert_true(ropp_prefer(&preference, another, 3));
    assert_int_equal(preference.way, 2);

    preference = (struct ropp_preference){0};
    for (unsigned i = 0; i < 2; i++)
        assert_false(ropp_prefer(&preference, same, 3));
    assert_true(ropp_prefer(&preference, same, 3));
    assert_int_equal(preference.way, 1); /* of two that are as fast, the better one of the file */
}

static void expect_stat(const char *stat, const char *proxy, const char *server, const char *column,
                        const char *value)
{
    struct ropp_buffer cell = {0};
    const bool found = ropp_stat_find(stat, proxy, server, column, &cell);

    if (value == NULL)
        assert_false(found);
    else {
        assert_true(found);
        assert_string_equal(cell.data, value);
    }
    ropp_buffer_free(&cell);
}

static void reads_stat(void **state)
{
    static const char stat[] = "# pxname,svname,status,last_chk,end\n"
                               "to-login,direct,UP 1/3,\"a \"\"b\"\", c\",7\n"
                               "to-login,BACKEND,UP,,8\n"
                               "short,one\n";

    (void)state;
    expect_stat(stat, "to-login", "direct", "status", "UP 1/3");
    expect_stat(stat, "to-login", "direct", "last_chk", "a \"b\", c");
    expect_stat(stat, "to-login", "direct", "end", "7");
    expect_stat(stat, "to-login", "BACKEND", "last_chk", "");
    expect_stat(stat, "to-login", "BACKEND", "end", "8");
    expect_stat(stat, "to-login", "BACKEND", "pxname", "to-login");
    expect_stat(stat, "to-login", "none", "end", NULL);
    expect_stat(stat, "to-login", "direct", "stat", NULL);
    expect_stat(stat, "short", "one", "status", NULL);
    expect_stat("", "short", "one", "status", NULL);
}

/* Two hops, of which lima goes through miami or straight to the origin. */
static void network_begin(struct ropp_network *network, struct ropp_hop hops[2])
{
    static char names[2][8] = {"miami", "lima"};

    memset(network, 0, sizeof *network);
    memset(hops, 0, 2 * sizeof *hops);
    for (size_t i = 0; i < 3; i++)
        network->origin.ports[i] = (struct ropp_ports){{(uint16_t)(6000 + i)}, 1};
    hops[0].name = names[0];
    hops[0].ways[hops[0].way_count++] = ROPP_WAY_DIRECT;
    hops[1].name = names[1];
    hops[1].ways[hops[1].way_count++] = 0;
    hops[1].ways[hops[1].way_count++] = ROPP_WAY_DIRECT;
    network->hops = hops;
    network->count = 2;
}

#define HEAD   "# pxname,svname,scur,status,check_status,check_duration\n"
#define DIRECT "to-login,direct,1,UP,L4OK,40\nto-char,direct,0,UP,L4OK,38\n"

static void reads_ways(void **state)
{
    struct ropp_network network;
    struct ropp_hop hops[2];
    struct ropp_ways ways;
    struct ropp_way *lima;

    (void)state;
    network_begin(&network, hops);
    ropp_ways_begin(&ways, network.count);
    ropp_ways_take(&network, &ways, 0, HEAD DIRECT "to-map,direct,2,UP,L4OK,41\n");
    ropp_ways_take(&network, &ways, 1,
                   HEAD DIRECT "to-map,direct,0,DOWN,L4TOUT,3000\n"
                               "to-login,miami,5,UP,,\nup-login,miami,0,UP,L7OK,60\n"
                               "to-char,miami,0,UP 1/3,,\nup-char,miami,0,UP 1/3,L7OK,61\n"
                               "to-map,miami,0,UP,,\nup-map,miami,0,UP,L7OK,64\n"
                               "preferred,miami,0,MAINT,,\npreferred,direct,0,UP,,\n");
    ropp_ways_whole(&network, &ways);
    assert_int_equal(ropp_ways_of(&ways, 0)->step_ms, 38);
    assert_int_equal(ropp_ways_of(&ways, 0)->whole_ms, 38);
    assert_int_equal(ropp_ways_of(&ways, 0)->sessions, 3);
    assert_false(ropp_ways_of(&ways, 0)->preferred);

    lima = ropp_ways_of(&ways, 1);
    assert_true(lima[0].up);
    assert_null(lima[0].trouble);
    assert_int_equal(lima[0].step_ms, 30); /* its check goes there and back twice */
    assert_int_equal(lima[0].whole_ms, 68);
    assert_int_equal(lima[0].sessions, 5);
    assert_false(lima[0].preferred);
    assert_false(lima[1].up); /* for one port it is not */
    assert_string_equal(lima[1].trouble, "map: DOWN, L4TOUT");
    assert_int_equal(lima[1].whole_ms, -1);
    assert_true(lima[1].preferred);
    lima[0].step_ms = 0; /* less than a millisecond */
    ropp_ways_whole(&network, &ways);
    assert_int_equal(lima[0].whole_ms, 38);
    /* What is preferred is taken as long as it is up. */
    assert_int_equal(ropp_ways_taken(&network, &ways, 1), 0);
    lima[1].up = true;
    assert_int_equal(ropp_ways_taken(&network, &ways, 1), 1);
    lima[0].up = lima[1].up = false;
    assert_int_equal(ropp_ways_taken(&network, &ways, 1), 2);

    /* Before the first check there is no time, and that is not a quick one. */
    ropp_ways_take(&network, &ways, 0,
                   HEAD "to-login,direct,1,UP,INI,\nto-char,direct,,UP,INI,\n"
                        "to-map,direct,0,UP,INI,\n");
    assert_true(ropp_ways_of(&ways, 0)->up);
    assert_int_equal(ropp_ways_of(&ways, 0)->step_ms, -1);
    assert_int_equal(ropp_ways_of(&ways, 0)->sessions, 1);
    ropp_ways_take(&network, &ways, 0,
                   HEAD "to-login,direct,1,UP,INI,\nto-char,direct,0,UP,L4OK,40\n"
                        "to-map,direct,0,UP,INI,\n");
    assert_int_equal(ropp_ways_of(&ways, 0)->step_ms, 40);

    /* Of miami nothing is known, and so not of the way through it. */
    ways.troubles[0] = strdup("no answer");
    ropp_ways_whole(&network, &ways);
    assert_int_equal(lima[0].whole_ms, -1);
    ropp_ways_free(&ways);

    /* An older file has no such backend. */
    ropp_ways_begin(&ways, network.count);
    ropp_ways_take(&network, &ways, 0, HEAD "to-login,direct,1,UP,L4OK,40\n");
    assert_false(ropp_ways_of(&ways, 0)->up);
    assert_string_equal(ropp_ways_of(&ways, 0)->trouble,
                        "char: HAProxy has no such way: render it again; map: HAProxy has no such "
                        "way: render it again");
    ropp_ways_free(&ways);
}

static int64_t pause_of(uint64_t rate, uint64_t tries, size_t addresses, size_t hops)
{
    struct ropp_hop hop[4];
    const struct ropp_network network = {.hops = hop, .count = hops};
    struct ropp_exchanges exchanges;
    int64_t pause_ms;

    for (size_t i = 0; i < hops; i++)
        hop[i] = (struct ropp_hop){.rate = rate, .tries = tries, .public = {.count = addresses}};
    ropp_exchanges_begin(&exchanges, &network, 1, 0);
    pause_ms = exchanges.pause_ms;
    ropp_exchanges_free(&exchanges);
    return pause_ms;
}

/* No more than a hop allows is begun, in ten seconds and in a minute. */
static void pauses(void **state)
{
    (void)state;
    assert_int_equal(pause_of(100, 1000, 1, 1), ROPP_EXCHANGE_PAUSE_MS);
    assert_int_equal(pause_of(2, 1000, 1, 1), 5251);
    assert_int_equal(pause_of(100, 12, 1, 1), 5251);
    assert_int_equal(pause_of(100, 12, 2, 1), 10502);
    assert_int_equal(pause_of(2, 6, 1, 1), 10501);
    /* Three are one batch, and with four each is in every second one alone. */
    assert_int_equal(pause_of(100, 6, 1, 3), 10501);
    assert_int_equal(pause_of(100, 6, 1, 4), 5250);
}

/* -- a proxy that is told which way is preferred ------------------------------ */

static int api; /* the listener of its runtime API */
static char told[512];
static bool hung_up;
static const char *refusal; /* of the second command */

/* Takes one connection and answers each line with a prompt, until it ends. */
static void *run_api(void *unused)
{
    struct pollfd polled = {.fd = api, .events = POLLIN};
    int fd = poll(&polled, 1, LIMIT_MS) == 1 ? accept(api, NULL, NULL) : -1;
    size_t used = 0, lines = 0;

    for (polled.fd = fd; fd >= 0 && poll(&polled, 1, LIMIT_MS) == 1;) {
        ssize_t size = recv(fd, told + used, sizeof told - 1 - used, 0);

        if (size <= 0) {
            hung_up = size == 0;
            break;
        }
        for (size_t end = used + (size_t)size; used < end; used++)
            if (told[used] == '\n') {
                if (++lines == 2 && refusal != NULL)
                    (void)send(fd, refusal, strlen(refusal), MSG_NOSIGNAL);
                (void)send(fd, "\n> ", 3, MSG_NOSIGNAL);
            }
    }
    if (fd >= 0)
        close(fd);
    return unused;
}

static char *prefer_at_the_proxy(const char *refuses)
{
    struct ropp_network network;
    struct ropp_hostport at;
    struct ropp_hop hops[2];
    pthread_t proxy;
    char *trouble;
    int begun;

    network_begin(&network, hops);
    assert_true(ropp_hostport_parse("127.0.0.1", 0, &at));
    api = ropp_net_listen(&at);
    assert_true(api >= 0);
    hops[1].kind = ROPP_HOP_HAPROXY;
    hops[1].tunnel = ropp_addr_v4(0x7f000001);
    hops[1].control = (uint16_t)ropp_hostport_port(&at);
    network.origin.address = ropp_addr_v4(0x0a420001);
    memset(told, 0, sizeof told);
    hung_up = false;
    refusal = refuses;
    begun = pthread_create(&proxy, NULL, run_api, NULL);
    assert_int_equal(begun, 0);
    trouble = ropp_ways_prefer(&network, 1, 1, LIMIT_MS);
    assert_int_equal(pthread_join(proxy, NULL), 0);
    close(api);
    return trouble;
}

static void prefers_at_the_proxy(void **state)
{
    char *trouble;

    (void)state;
    assert_null(prefer_at_the_proxy(NULL));
    assert_string_equal(told, "prompt\n"
                              "set server preferred/miami state maint\n"
                              "set server preferred/direct state ready\n");
    assert_true(hung_up);
    trouble = prefer_at_the_proxy("No such server.\n");
    assert_non_null(trouble);
    assert_non_null(strstr(trouble, "refuses a command: No such server."));
    assert_non_null(strstr(trouble, "it answers the origin, 10.66.0.1, and nobody else"));
    assert_true(hung_up);
    free(trouble);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summarises), cmocka_unit_test(pauses),
        cmocka_unit_test(prefers),    cmocka_unit_test(reads_stat),
        cmocka_unit_test(reads_ways), cmocka_unit_test(prefers_at_the_proxy),
    };

    return UNIT_RUN(argc, argv, "hop_times", tests, NULL, NULL);
}
