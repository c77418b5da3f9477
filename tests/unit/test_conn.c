#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/conn.h"

#define NOW     INT64_C(1000000)
#define TIMEOUT 3000

static const struct ropp_server_packets login_packets = {{0x2710, 0x2720}};

static const char v1_tcp4[] = "PROXY TCP4 203.0.113.9 198.51.100.1 50000 6900\r\n";
static const char v1_unknown[] = "PROXY UNKNOWN\r\n";
static const uint8_t v2_signature[] = {'\r', '\n', '\r', '\n', 0,   '\r',
                                       '\n', 'Q',  'U',  'I',  'T', '\n'};

static void open_conn(struct ropp_conn *conn, enum ropp_verdict verdict)
{
    struct ropp_addr peer = ropp_addr_v4(0x7f090909);

    ropp_conn_open(conn, verdict, &peer, login_packets, NOW, TIMEOUT);
}

/* Offers bytes one by one, as a socket may, and drops what is consumed. Returns the sum consumed.
 */
static size_t trickle(struct ropp_conn *conn, const uint8_t *bytes, size_t length)
{
    size_t begin = 0, end;

    for (end = 1; end <= length; end++) {
        begin += ropp_conn_feed(conn, bytes + begin, end - begin);
        if (conn->state != ROPP_CONN_HEADER && conn->state != ROPP_CONN_QUIET)
            break;
    }
    return begin;
}

static void test_direct_is_left_alone(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_DIRECT);
    assert_int_equal(conn.state, ROPP_CONN_DIRECT);
    assert_int_equal(ropp_conn_feed(&conn, (const uint8_t *)v1_tcp4, strlen(v1_tcp4)), 0);
    ropp_conn_tick(&conn, NOW + 10 * TIMEOUT);
    ropp_conn_closed(&conn);
    assert_int_equal(conn.state, ROPP_CONN_DIRECT);
    assert_int_equal(ropp_conn_client_addr(&conn), 0x7f090909);
    assert_false(ropp_conn_had_header(&conn));
}

static void test_header_then_game(void **state)
{
    uint8_t bytes[256];
    struct ropp_conn conn;
    size_t length = strlen(v1_tcp4);

    (void)state;
    memcpy(bytes, v1_tcp4, length);
    memset(bytes + length, 0x64, 55);
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(conn.state, ROPP_CONN_HEADER);
    assert_int_equal(ropp_conn_feed(&conn, bytes, length + 55), length);
    assert_int_equal(conn.state, ROPP_CONN_PROXIED);
    assert_int_equal(ropp_conn_client_addr(&conn), 0xcb007109);
    assert_true(ropp_conn_had_header(&conn));

    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(trickle(&conn, bytes, length + 55), length);
    assert_int_equal(conn.state, ROPP_CONN_PROXIED);
}

static void test_deadline_ends_with_the_header(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    ropp_conn_feed(&conn, (const uint8_t *)v1_tcp4, 10);
    ropp_conn_tick(&conn, NOW + TIMEOUT - 1);
    assert_int_equal(conn.state, ROPP_CONN_HEADER);
    ropp_conn_tick(&conn, NOW + TIMEOUT);
    assert_int_equal(conn.state, ROPP_CONN_REFUSED);
    assert_int_equal(conn.reason, ROPP_REASON_HEADER_TIMEOUT);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    ropp_conn_feed(&conn, (const uint8_t *)v1_tcp4, strlen(v1_tcp4));
    ropp_conn_tick(&conn, NOW + 100 * TIMEOUT);
    assert_int_equal(conn.state, ROPP_CONN_PROXIED);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    ropp_conn_feed(&conn, (const uint8_t *)v1_unknown, strlen(v1_unknown));
    ropp_conn_tick(&conn, NOW + 100 * TIMEOUT);
    assert_int_equal(conn.state, ROPP_CONN_QUIET);
}

static void test_invalid_header(void **state)
{
    static const uint8_t game[] = {0x64, 0, 1, 2, 3};
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    ropp_conn_feed(&conn, game, sizeof game);
    assert_int_equal(conn.state, ROPP_CONN_REFUSED);
    assert_int_equal(conn.reason, ROPP_REASON_NOT_PROXY);
}

/* The proxy's own connection stays quiet until it speaks, and then keeps the peer's address. */
static void assert_local(const uint8_t *header, size_t length)
{
    uint8_t bytes[256];
    struct ropp_conn conn;

    memcpy(bytes, header, length);
    bytes[length] = 0x64;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(ropp_conn_feed(&conn, bytes, length), length);
    assert_int_equal(conn.state, ROPP_CONN_QUIET);
    assert_int_equal(ropp_conn_feed(&conn, bytes + length, 0), 0);
    assert_int_equal(conn.state, ROPP_CONN_QUIET);
    assert_int_equal(ropp_conn_feed(&conn, bytes + length, 1), 0);
    assert_int_equal(conn.state, ROPP_CONN_LOCAL);
    assert_int_equal(ropp_conn_client_addr(&conn), 0x7f090909);
    assert_true(ropp_conn_had_header(&conn));

    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(ropp_conn_feed(&conn, bytes, length + 1), length);
    assert_int_equal(conn.state, ROPP_CONN_LOCAL);
}

static size_t v2_header(uint8_t *out, uint8_t command, uint8_t family, uint16_t body)
{
    memcpy(out, v2_signature, sizeof v2_signature);
    out[12] = command;
    out[13] = family;
    out[14] = (uint8_t)(body >> 8);
    out[15] = (uint8_t)body;
    memset(out + 16, 1, body);
    return 16u + body;
}

static void test_local(void **state)
{
    uint8_t header[64];

    (void)state;
    assert_local((const uint8_t *)v1_unknown, strlen(v1_unknown));
    assert_local(header, v2_header(header, 0x20, 0x00, 0));
    assert_local(header, v2_header(header, 0x20, 0x11, 12)); /* LOCAL: its addresses do not count */
    assert_local(header, v2_header(header, 0x21, 0x00, 0));  /* PROXY, addresses unknown */
}

/* HAProxy's health check with a version 1 header names the proxy itself. It is quiet as long as it
 * says nothing; somebody who plays on the proxy's machine is a player like any other. */
static void test_proxy_itself(void **state)
{
    static const char header[] = "PROXY TCP4 127.9.9.9 198.51.100.1 50000 6900\r\n";
    static const uint8_t game[] = {0x64};
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(ropp_conn_feed(&conn, (const uint8_t *)header, strlen(header)),
                     strlen(header));
    assert_int_equal(conn.state, ROPP_CONN_QUIET);
    assert_int_equal(ropp_conn_feed(&conn, game, 1), 0);
    assert_int_equal(conn.state, ROPP_CONN_PROXIED);
    assert_int_equal(ropp_conn_client_addr(&conn), 0x7f090909);
    assert_true(ropp_conn_had_header(&conn));
}

static void test_ipv6_stand_in(void **state)
{
    uint8_t header[64];
    struct ropp_conn conn;
    size_t length = v2_header(header, 0x21, 0x21, 36);

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(trickle(&conn, header, length), length);
    assert_int_equal(conn.state, ROPP_CONN_PROXIED);
    assert_int_equal(ropp_conn_client_addr(&conn) >> 28, 0xf);
}

static void test_server_login(void **state)
{
    static const uint8_t char_login[] = {0x10, 0x27, 's', '1'};
    static const uint8_t api_login[] = {0x20, 0x27, 's', '1'};
    static const uint8_t other[] = {0x10, 0x28, 's', '1'};
    static const struct ropp_server_packets none = {{0, 0}};
    struct ropp_addr peer = ropp_addr_v4(0x7f090909);
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(trickle(&conn, char_login, sizeof char_login), 0);
    assert_int_equal(conn.state, ROPP_CONN_DIRECT);
    assert_false(ropp_conn_had_header(&conn));

    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(ropp_conn_feed(&conn, api_login, sizeof api_login), 0);
    assert_int_equal(conn.state, ROPP_CONN_DIRECT);

    /* Half a packet id may still become one, until the deadline. */
    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(ropp_conn_feed(&conn, char_login, 1), 0);
    assert_int_equal(conn.state, ROPP_CONN_HEADER);
    ropp_conn_tick(&conn, NOW + TIMEOUT);
    assert_int_equal(conn.reason, ROPP_REASON_HEADER_TIMEOUT);

    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(trickle(&conn, other, sizeof other), 0);
    assert_int_equal(conn.state, ROPP_CONN_REFUSED);
    assert_int_equal(conn.reason, ROPP_REASON_NOT_PROXY);

    /* The owner is told what to add to the settings. */
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(ropp_conn_feed(&conn, char_login, sizeof char_login), 0);
    assert_int_equal(conn.state, ROPP_CONN_REFUSED);
    assert_int_equal(conn.reason, ROPP_REASON_SERVER_NOT_DIRECT);

    /* Where no server logs in, its packet is as wrong as any other. */
    ropp_conn_open(&conn, ROPP_VERDICT_EITHER, &peer, none, NOW, TIMEOUT);
    assert_int_equal(ropp_conn_feed(&conn, char_login, sizeof char_login), 0);
    assert_int_equal(conn.reason, ROPP_REASON_NOT_PROXY);
}

static void test_closed(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    ropp_conn_closed(&conn);
    assert_int_equal(conn.state, ROPP_CONN_HEADER); /* a TCP health check: nothing to count */
    ropp_conn_feed(&conn, (const uint8_t *)v1_tcp4, 10);
    ropp_conn_closed(&conn);
    assert_int_equal(conn.state, ROPP_CONN_REFUSED);
    assert_int_equal(conn.reason, ROPP_REASON_HEADER_CUT_SHORT);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    ropp_conn_feed(&conn, (const uint8_t *)v1_unknown, strlen(v1_unknown));
    ropp_conn_closed(&conn);
    assert_int_equal(conn.state, ROPP_CONN_QUIET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_direct_is_left_alone),
        cmocka_unit_test(test_header_then_game),
        cmocka_unit_test(test_deadline_ends_with_the_header),
        cmocka_unit_test(test_invalid_header),
        cmocka_unit_test(test_local),
        cmocka_unit_test(test_proxy_itself),
        cmocka_unit_test(test_ipv6_stand_in),
        cmocka_unit_test(test_server_login),
        cmocka_unit_test(test_closed),
    };

    return cmocka_run_group_tests_name("conn", tests, NULL, NULL);
}
