// SPDX-License-Identifier: MIT
#include <string.h>

#include "core/rewrite.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

static struct ropp_route route(const char *prefix, uint32_t char_ip, uint16_t char_port,
                               uint32_t map_ip)
{
    struct ropp_route result;

    memset(&result, 0, sizeof result);
    assert_int_equal(ropp_prefix_parse(prefix, strlen(prefix), &result.prefix), ROPP_PREFIX_OK);
    result.to[ROPP_TARGET_CHAR].ip = char_ip;
    result.to[ROPP_TARGET_CHAR].port = char_port;
    result.to[ROPP_TARGET_MAP].ip = map_ip;
    return result;
}

/* A player from `source` who dialled `destination` at the hop `peer`. */
static struct ropp_conn player(const char *source, const char *peer, const char *destination)
{
    struct ropp_conn conn;

    memset(&conn, 0, sizeof conn);
    conn.owner = ROPP_OWNER_PROXIED;
    conn.hop = addr(peer);
    conn.peer = ropp_addr_to_v4(&conn.hop);
    conn.source = addr(source);
    conn.destination = addr(destination);
    return conn;
}

/* ---- routes ---- */

static void test_dialable(void **state)
{
    static const struct {
        const char *source;
        const char *destination;
        bool dialable;
    } cases[] = {
        {"203.0.113.9", "198.51.100.1", true}, {"203.0.113.9", "10.0.0.5", false},
        {"203.0.113.9", "172.16.0.1", false},  {"203.0.113.9", "172.31.255.255", false},
        {"203.0.113.9", "172.32.0.1", true},   {"203.0.113.9", "192.168.1.1", false},
        {"203.0.113.9", "100.64.0.1", false},  {"203.0.113.9", "100.127.255.255", false},
        {"203.0.113.9", "100.128.0.1", true},  {"203.0.113.9", "127.0.0.1", false},
        {"203.0.113.9", "169.254.1.1", false}, {"203.0.113.9", "0.0.0.0", false},
        {"10.1.1.1", "10.0.0.5", true},        {"127.77.0.5", "127.10.0.2", true},
        {"10.1.1.1", "198.51.100.1", true},    {"2001:db8::1", "198.51.100.1", true},
        {"2001:db8::1", "10.0.0.5", false},    {"fd00::1", "10.0.0.5", true},
        {"fe80::1", "10.0.0.5", true},         {"::1", "127.0.0.1", true},
        {"203.0.113.9", "2001:db8::1", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ropp_addr source = addr(cases[i].source), destination = addr(cases[i].destination);

        if (ropp_route_dialable(&source, &destination) != cases[i].dialable)
            fail_msg("%s to %s", cases[i].source, cases[i].destination);
    }
}

static void test_longest_route(void **state)
{
    struct ropp_route items[4];
    struct ropp_routes routes = {items, 4, true, true};
    struct ropp_conn conn = player("203.0.113.9", "192.0.2.10", "10.0.0.5");
    struct ropp_endpoint to;

    (void)state;
    items[0] = route("192.0.2.0/24", 1, 0, 11);
    items[1] = route("192.0.2.10", 2, 7000, 0);
    items[2] = route("10.0.0.0/8", 3, 0, 13);
    items[3] = route("192.0.2.10/32", 4, 0, 0);
    assert_int_equal(ropp_route_find(&routes, &conn, ROPP_TARGET_CHAR, 99, &to), ROPP_ROUTE_FOUND);
    assert_int_equal(to.ip, 2); /* the hop itself; of two equals the first */
    assert_int_equal(to.port, 7000);
    /* It says nothing of map servers, and the next longest does. */
    assert_int_equal(ropp_route_find(&routes, &conn, ROPP_TARGET_MAP, 99, &to), ROPP_ROUTE_FOUND);
    assert_int_equal(to.ip, 11);
    assert_int_equal(to.port, 0);
    conn.hop = addr("198.51.100.77");
    conn.peer = ropp_addr_to_v4(&conn.hop); /* the destination decides as well as the hop */
    assert_int_equal(ropp_route_find(&routes, &conn, ROPP_TARGET_MAP, 99, &to), ROPP_ROUTE_FOUND);
    assert_int_equal(to.ip, 13);
    conn.hop = addr("192.0.2.99"); /* in a chain, the proxy that the player has dialled */
    assert_int_equal(ropp_route_find(&routes, &conn, ROPP_TARGET_MAP, 99, &to), ROPP_ROUTE_FOUND);
    assert_int_equal(to.ip, 11);
}

static void test_without_route(void **state)
{
    struct ropp_routes routes = {NULL, 0, true, true};
    struct ropp_conn public = player("203.0.113.9", "192.0.2.10", "198.51.100.1"),
                     hidden = player("203.0.113.9", "192.0.2.10", "10.0.0.5");
    struct ropp_endpoint to;

    (void)state;
    assert_int_equal(ropp_route_find(&routes, &public, ROPP_TARGET_MAP, 99, &to), ROPP_ROUTE_FOUND);
    assert_int_equal(to.ip, 0xc6336401);
    assert_int_equal(ropp_route_find(&routes, &hidden, ROPP_TARGET_MAP, 99, &to), ROPP_ROUTE_NONE);
    assert_int_equal(ropp_route_find(&routes, &hidden, ROPP_TARGET_MAP, 0x0a000005, &to),
                     ROPP_ROUTE_NONE);
    routes.hide_origin = false;
    assert_int_equal(ropp_route_find(&routes, &hidden, ROPP_TARGET_MAP, 99, &to), ROPP_ROUTE_LEAVE);

    /* Nothing is advertised: what the emulator says is good when it is what the player dialled. */
    routes.advertise_destination = false;
    assert_int_equal(ropp_route_find(&routes, &public, ROPP_TARGET_MAP, 99, &to), ROPP_ROUTE_LEAVE);
    routes.hide_origin = true;
    assert_int_equal(ropp_route_find(&routes, &public, ROPP_TARGET_MAP, 99, &to), ROPP_ROUTE_NONE);
    assert_int_equal(ropp_route_find(&routes, &public, ROPP_TARGET_MAP, 0xc6336401, &to),
                     ROPP_ROUTE_LEAVE);
}

/* ---- packets ---- */

static const uint8_t origin_ip[4] = {127, 77, 13, 9};

static void put_server(uint8_t *at)
{
    memcpy(at, origin_ip, 4);
    at[4] = 0xe9; /* port 6121 */
    at[5] = 0x17;
}

static bool contains(const uint8_t *bytes, size_t length, const uint8_t *what, size_t size)
{
    size_t i;

    for (i = 0; i + size <= length; i++)
        if (memcmp(bytes + i, what, size) == 0)
            return true;
    return false;
}

struct packet {
    enum ropp_server server;
    uint16_t id;
    size_t length;
    size_t first; /* offset of the first address */
    size_t step;
    size_t rows;
    bool domain;
};

static const struct packet packets[] = {
    {ROPP_SERVER_LOGIN, 0x0069, 47 + 3 * 32, 47, 32, 3, false},
    {ROPP_SERVER_LOGIN, 0x0ac4, 64 + 2 * 160, 64, 160, 2, true},
    {ROPP_SERVER_CHAR, 0x0071, 28, 22, 0, 1, false},
    {ROPP_SERVER_CHAR, 0x0ac5, 156, 22, 0, 1, true},
    {ROPP_SERVER_MAP, 0x0092, 28, 22, 0, 1, false},
    {ROPP_SERVER_MAP, 0x0ac7, 156, 22, 0, 1, true},
    {ROPP_SERVER_MAP, 0x0a4c, 28, 22, 0, 1, false},
};

static void build(const struct packet *p, uint8_t *bytes)
{
    size_t row;

    memset(bytes, 0xee, p->length);
    bytes[0] = (uint8_t)p->id;
    bytes[1] = (uint8_t)(p->id >> 8);
    for (row = 0; row < p->rows; row++)
        put_server(bytes + p->first + row * p->step);
}

static void test_every_carrier(void **state)
{
    static const uint8_t hop[4] = {198, 51, 100, 1};
    struct ropp_routes routes = {NULL, 0, true, true};
    struct ropp_origin_addrs own = {{0}, 0};
    struct ropp_conn conn = player("203.0.113.9", "192.0.2.10", "198.51.100.1");
    uint8_t bytes[512], before[512];
    size_t i, row, at;

    (void)state;
    for (i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        const struct packet *p = &packets[i];

        build(p, bytes);
        memcpy(before, bytes, p->length);
        assert_int_equal(ropp_rewrite(p->server, &routes, &own, &conn, bytes, p->length),
                         ROPP_REWRITE_OK);
        assert_false(contains(bytes, p->length, origin_ip, 4));
        for (row = 0; row < p->rows; row++) {
            at = p->first + row * p->step;
            assert_memory_equal(bytes + at, hop, 4);
            memcpy(before + at, hop, 4);
            if (p->domain)
                memset(before + (p->step ? at + 32 : at + 6), 0, 128);
        }
        assert_memory_equal(bytes, before, p->length); /* and nothing else has changed */
    }
}

static void test_route_with_port(void **state)
{
    struct ropp_route item = route("192.0.2.10", 0x01020304, 7001, 0);
    struct ropp_routes routes = {&item, 1, true, true};
    struct ropp_origin_addrs own = {{0}, 0};
    struct ropp_conn conn = player("203.0.113.9", "192.0.2.10", "10.0.0.5");
    uint8_t bytes[512];

    (void)state;
    build(&packets[0], bytes);
    assert_int_equal(ropp_rewrite(ROPP_SERVER_LOGIN, &routes, &own, &conn, bytes,
                                  packets[0].length),
                     ROPP_REWRITE_OK);
    assert_int_equal(bytes[47], 1);
    assert_int_equal(bytes[50], 4);
    assert_int_equal(bytes[51], 7001 & 0xff);
    assert_int_equal(bytes[52], 7001 >> 8);
}

/* What is no carrier on that server is left alone, and so is a bare account id that looks like one.
 */
static void test_other_packets(void **state)
{
    struct ropp_routes routes = {NULL, 0, true, true};
    struct ropp_origin_addrs own = {{0}, 0};
    struct ropp_conn conn = player("203.0.113.9", "192.0.2.10", "198.51.100.1");
    uint8_t bytes[512], before[512];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        const struct packet *p = &packets[i];

        build(p, bytes);
        memcpy(before, bytes, sizeof bytes);
        assert_int_equal(ropp_rewrite(ROPP_SERVER_CHAR, &routes, &own, &conn, bytes, 4),
                         ROPP_REWRITE_OK);
        assert_int_equal(ropp_rewrite(p->server, &routes, &own, &conn, bytes, 1), ROPP_REWRITE_OK);
        assert_int_equal(ropp_rewrite(p->server, &routes, &own, &conn, bytes, 0), ROPP_REWRITE_OK);
        assert_int_equal(ropp_rewrite(ROPP_SERVER_API, &routes, &own, &conn, bytes, p->length),
                         ROPP_REWRITE_OK);
        assert_memory_equal(bytes, before, p->length);
    }
}

/* A carrier of another length has its address who knows where. */
static void test_unknown_forms(void **state)
{
    struct ropp_routes routes = {NULL, 0, true, true};
    struct ropp_origin_addrs own = {{0}, 0};
    struct ropp_conn conn = player("203.0.113.9", "192.0.2.10", "198.51.100.1");
    uint8_t bytes[512], before[512];
    size_t i, lengths[] = {2, 3, 5, 27, 29, 46, 63, 155, 157}, j;

    (void)state;
    memset(bytes, 0xee, sizeof bytes);
    for (i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        const struct packet *p = &packets[i];

        build(p, bytes);
        memcpy(before, bytes, sizeof bytes);
        for (j = 0; j < sizeof lengths / sizeof lengths[0]; j++) {
            routes.hide_origin = true;
            assert_int_equal(ropp_rewrite(p->server, &routes, &own, &conn, bytes, lengths[j]),
                             ROPP_REWRITE_UNKNOWN_FORM);
            routes.hide_origin = false;
            assert_int_equal(ropp_rewrite(p->server, &routes, &own, &conn, bytes, lengths[j]),
                             ROPP_REWRITE_OK);
        }
        routes.hide_origin = true;
        assert_int_equal(ropp_rewrite(p->server, &routes, &own, &conn, bytes, 4),
                         p->server == ROPP_SERVER_LOGIN ? ROPP_REWRITE_UNKNOWN_FORM
                                                        : ROPP_REWRITE_OK);
        assert_memory_equal(bytes, before, sizeof bytes);
    }
}

static void test_no_route_back(void **state)
{
    struct ropp_routes routes = {NULL, 0, true, true};
    struct ropp_origin_addrs own = {{0}, 0};
    struct ropp_conn conn = player("203.0.113.9", "192.0.2.10", "10.0.0.5");
    uint8_t bytes[512];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        build(&packets[i], bytes);
        assert_int_equal(ropp_rewrite(packets[i].server, &routes, &own, &conn, bytes,
                                      packets[i].length),
                         ROPP_REWRITE_NO_ROUTE);
    }
}

/* ---- the backstop ---- */

/* What was rewritten once is the origin's, and no packet that nobody knows may carry it. */
static void test_unknown_packets(void **state)
{
    static const uint8_t forward[4] = {198, 18, 7, 9}, backward[4] = {9, 7, 18, 198};
    struct ropp_routes routes = {NULL, 0, true, true};
    struct ropp_origin_addrs own = {{0}, 0};
    struct ropp_conn conn = player("203.0.113.9", "192.0.2.10", "198.51.100.1");
    uint8_t bytes[512];

    (void)state;
    build(&packets[2], bytes);
    memcpy(bytes + 22, forward, 4);
    assert_int_equal(ropp_rewrite(ROPP_SERVER_CHAR, &routes, &own, &conn, bytes, 28),
                     ROPP_REWRITE_OK);
    assert_int_equal(own.count, 1);

    memset(bytes, 0xee, sizeof bytes);
    assert_int_equal(ropp_rewrite(ROPP_SERVER_CHAR, &routes, &own, &conn, bytes, 40),
                     ROPP_REWRITE_OK);
    memcpy(bytes + 36, forward, 4);
    assert_int_equal(ropp_rewrite(ROPP_SERVER_CHAR, &routes, &own, &conn, bytes, 40),
                     ROPP_REWRITE_UNKNOWN_FORM);
    assert_int_equal(ropp_rewrite(ROPP_SERVER_CHAR, &routes, &own, &conn, bytes, 39),
                     ROPP_REWRITE_OK);
    assert_int_equal(ropp_rewrite(ROPP_SERVER_MAP, &routes, &own, &conn, bytes, 40),
                     ROPP_REWRITE_OK); /* too many packets to look into */
    memcpy(bytes + 2, backward, 4);
    assert_int_equal(ropp_rewrite(ROPP_SERVER_LOGIN, &routes, &own, &conn, bytes, 6),
                     ROPP_REWRITE_UNKNOWN_FORM);
    routes.hide_origin = false;
    assert_int_equal(ropp_rewrite(ROPP_SERVER_LOGIN, &routes, &own, &conn, bytes, 6),
                     ROPP_REWRITE_OK);
}

/* One machine for proxy and game: its address is what players dial. */
static void test_dialled_is_no_secret(void **state)
{
    static const uint8_t packet[8] = {0x72, 0, 198, 51, 100, 1, 0, 0};
    struct ropp_route item = route("192.0.2.10", 0xc6336401, 0, 0);
    struct ropp_routes without = {NULL, 0, true, true}, with = {&item, 1, true, true};
    struct ropp_origin_addrs own = {{0}, 0};
    struct ropp_conn dialled = player("203.0.113.9", "192.0.2.10", "198.51.100.1"),
                     other = player("203.0.113.9", "192.0.2.10", "198.51.100.2");

    (void)state;
    ropp_origin_add(&own, 0xc6336401);
    assert_false(ropp_origin_leaks(&own, &without, &dialled, packet, sizeof packet));
    assert_true(ropp_origin_leaks(&own, &without, &other, packet, sizeof packet));
    assert_false(ropp_origin_leaks(&own, &with, &other, packet, sizeof packet));
}

static void test_what_is_kept(void **state)
{
    struct ropp_origin_addrs own = {{0}, 0};
    uint32_t i;

    (void)state;
    ropp_origin_add(&own, 0);
    ropp_origin_add(&own, 0x0a000001);
    ropp_origin_add(&own, 0x7f000001);
    assert_int_equal(own.count, 0);
    ropp_origin_add(&own, 0xc6336401);
    ropp_origin_add(&own, 0xc6336401);
    assert_int_equal(own.count, 1);
    for (i = 0; i < 2 * ROPP_ORIGIN_ADDRS; i++)
        ropp_origin_add(&own, 0xc6336500 + i);
    assert_int_equal(own.count, ROPP_ORIGIN_ADDRS);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dialable),        cmocka_unit_test(test_longest_route),
        cmocka_unit_test(test_without_route),   cmocka_unit_test(test_every_carrier),
        cmocka_unit_test(test_route_with_port), cmocka_unit_test(test_other_packets),
        cmocka_unit_test(test_unknown_forms),   cmocka_unit_test(test_no_route_back),
        cmocka_unit_test(test_unknown_packets), cmocka_unit_test(test_dialled_is_no_secret),
        cmocka_unit_test(test_what_is_kept),
    };

    return UNIT_RUN(argc, argv, "route", tests, NULL, NULL);
}
