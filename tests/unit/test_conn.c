// SPDX-License-Identifier: MIT
#include <string.h>

#include "core/conn.h"
#include "tests/unit/unit.h"

#define NOW     INT64_C(1000000)
#define TIMEOUT 3000

static const char v1_tcp4[] = "PROXY TCP4 203.0.113.9 198.51.100.1 50000 6900\r\n";
static const char v1_proxy[] = "PROXY TCP4 192.0.2.10 198.51.100.1 50000 6900\r\n"; /* trusted */
static const char v1_unknown[] = "PROXY UNKNOWN\r\n";
static const uint8_t v2_signature[] = {'\r', '\n', '\r', '\n', 0,   '\r',
                                       '\n', 'Q',  'U',  'I',  'T', '\n'};

/* Whom the connections below trust: the peer, and a network of proxies. */
static struct ropp_prefix trusted[2];
static struct ropp_policy policy;

static int make_policy(void **state)
{
    (void)state;
    assert_int_equal(ropp_prefix_parse("127.9.9.9", 9, &trusted[0]), ROPP_PREFIX_OK);
    assert_int_equal(ropp_prefix_parse("192.0.2.0/24", 12, &trusted[1]), ROPP_PREFIX_OK);
    policy.mode = ROPP_MODE_ON;
    policy.trusted.items = trusted;
    policy.trusted.count = 2;
    return 0;
}

static void open_conn(struct ropp_conn *conn, enum ropp_verdict verdict)
{
    ropp_conn_open(conn, verdict, 0x7f090909, ROPP_SERVER_LOGIN, NOW, TIMEOUT);
}

/* With a decoder where one is wanted, which is another one unless the same is needed. */
static size_t feed(struct ropp_conn *conn, const void *bytes, size_t length)
{
    static struct ropp_header reader;

    if (!ropp_conn_needs_reader(conn)) {
        memset(&reader, 0xdd, sizeof reader);
        ropp_header_init(&reader);
    }
    return ropp_conn_feed(conn, ropp_conn_wants_reader(conn) ? &reader : NULL, &policy,
                          (const uint8_t *)bytes, length);
}

static size_t feed_text(struct ropp_conn *conn, const char *text)
{
    return feed(conn, text, strlen(text));
}

/* Offers bytes one by one, as a socket may, and drops what is consumed. Returns the sum consumed.
 */
static size_t trickle(struct ropp_conn *conn, const void *bytes, size_t length)
{
    size_t begin = 0, end;

    for (end = 1; end <= length; end++)
        begin += feed(conn, (const uint8_t *)bytes + begin, end - begin);
    return begin;
}

static void assert_conn(const struct ropp_conn *conn, enum ropp_phase phase, enum ropp_owner owner)
{
    assert_int_equal(conn->reason, ROPP_REASON_NONE);
    assert_int_equal(conn->phase, phase);
    assert_int_equal(conn->owner, owner);
}

static void assert_refused(const struct ropp_conn *conn, enum ropp_reason reason)
{
    assert_true(ropp_conn_is_refused(conn));
    assert_int_equal(conn->reason, reason);
}

/* There is one for each descriptor. */
static void test_is_small(void **state)
{
    (void)state;
    assert_true(sizeof(struct ropp_conn) <= 96);
}

static void test_stock_is_left_alone(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_STOCK);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT);
    assert_int_equal(feed_text(&conn, v1_tcp4), 0);
    ropp_conn_tick(&conn, NOW + 10 * TIMEOUT);
    ropp_conn_closed(&conn);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT);
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0x7f090909);
    assert_false(ropp_conn_is_proxied(&conn));

    ropp_conn_open_own(&conn);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_OWN);
    assert_int_equal(ropp_conn_player(&conn).family, ROPP_FAMILY_UNSPEC);
}

/* A direct peer is the emulator's from the start, and its first bytes are looked at once. */
static void test_direct(void **state)
{
    static const uint8_t game[] = {0x64, 0, 1, 2, 3};
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_DIRECT);
    assert_conn(&conn, ROPP_PHASE_FIRST, ROPP_OWNER_DIRECT);
    assert_false(ropp_conn_is_kept(&conn));
    ropp_conn_tick(&conn, NOW + 10 * TIMEOUT);
    assert_conn(&conn, ROPP_PHASE_FIRST, ROPP_OWNER_DIRECT);
    assert_int_equal(feed(&conn, game, sizeof game), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT);
    assert_int_equal(feed_text(&conn, v1_tcp4), 0); /* the game's own business by now */
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT);
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

/* The commonest mistake: a proxy that is not in proxy_trusted. */
static void test_header_from_anybody(void **state)
{
    uint8_t header[64];
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_DIRECT);
    assert_int_equal(feed_text(&conn, v1_tcp4), 0);
    assert_refused(&conn, ROPP_REASON_UNTRUSTED_HEADER);
    assert_int_equal(conn.owner, ROPP_OWNER_DIRECT); /* and not believed */
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0x7f090909);

    open_conn(&conn, ROPP_VERDICT_DIRECT);
    assert_int_equal(trickle(&conn, header, v2_header(header, 0x21, 0x11, 12)), 0);
    assert_refused(&conn, ROPP_REASON_UNTRUSTED_HEADER);
}

/* Bytes that may still become a signature are kept from the emulator, for so long. */
static void test_perhaps_a_header(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_DIRECT);
    assert_int_equal(feed(&conn, v2_signature, 11), 0);
    assert_conn(&conn, ROPP_PHASE_HELD, ROPP_OWNER_DIRECT);
    assert_true(ropp_conn_is_kept(&conn));
    ropp_conn_tick(&conn, NOW + 100 * TIMEOUT); /* the deadline begins with the bytes */
    ropp_conn_tick(&conn, NOW + 101 * TIMEOUT - 1);
    assert_conn(&conn, ROPP_PHASE_HELD, ROPP_OWNER_DIRECT);
    ropp_conn_tick(&conn, NOW + 101 * TIMEOUT);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT);

    open_conn(&conn, ROPP_VERDICT_DIRECT);
    assert_int_equal(feed_text(&conn, "PRO"), 0);
    assert_int_equal(feed_text(&conn, "PROSIT"), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT);
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
    assert_conn(&conn, ROPP_PHASE_HEADER, ROPP_OWNER_UNKNOWN);
    assert_int_equal(feed(&conn, bytes, length), length);
    assert_conn(&conn, ROPP_PHASE_FIRST, ROPP_OWNER_PROXIED); /* the emulator's at once */
    assert_int_equal(feed(&conn, bytes + length, 55), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_PROXIED);
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0xcb007109);
    assert_true(ropp_conn_is_proxied(&conn));

    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(trickle(&conn, bytes, length + 55), length);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_PROXIED);
}

/* Refused later, it stays what it was: packets to it are rewritten until it is closed. */
static void test_refusal_keeps_the_origin(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed_text(&conn, v1_tcp4);
    ropp_conn_refuse(&conn, ROPP_REASON_BANNED);
    assert_true(ropp_conn_is_proxied(&conn));
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0xcb007109);
}

static void test_deadline_ends_with_the_header(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed(&conn, v1_tcp4, 10);
    ropp_conn_tick(&conn, NOW + TIMEOUT - 1);
    assert_conn(&conn, ROPP_PHASE_HEADER, ROPP_OWNER_UNKNOWN);
    ropp_conn_tick(&conn, NOW + TIMEOUT);
    assert_refused(&conn, ROPP_REASON_HEADER_TIMEOUT);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed_text(&conn, v1_tcp4);
    ropp_conn_tick(&conn, NOW + 100 * TIMEOUT);
    assert_conn(&conn, ROPP_PHASE_FIRST, ROPP_OWNER_PROXIED);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed_text(&conn, v1_unknown);
    ropp_conn_tick(&conn, NOW + 100 * TIMEOUT);
    assert_conn(&conn, ROPP_PHASE_SILENT, ROPP_OWNER_UNNAMED);
}

static void test_invalid_header(void **state)
{
    static const uint8_t game[] = {0x64, 0, 1, 2, 3};
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed(&conn, game, sizeof game);
    assert_refused(&conn, ROPP_REASON_NOT_PROXY);
    assert_false(ropp_conn_is_proxied(&conn));
}

/* A header that names nobody: silent until something is sent, and then a player without a name, who
 * has the proxy's address. */
static void assert_unnamed(const void *header, size_t length)
{
    uint8_t bytes[256];
    struct ropp_conn conn;

    memcpy(bytes, header, length);
    bytes[length] = 0x64;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(feed(&conn, bytes, length), length);
    assert_conn(&conn, ROPP_PHASE_SILENT, ROPP_OWNER_UNNAMED);
    assert_int_equal(feed(&conn, bytes + length, 0), 0);
    assert_true(ropp_conn_is_kept(&conn));
    assert_int_equal(feed(&conn, bytes + length, 1), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_UNNAMED);
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0x7f090909);
    assert_int_equal(ropp_conn_player(&conn).family, ROPP_FAMILY_INET);
    assert_true(ropp_conn_is_proxied(&conn));

    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(feed(&conn, bytes, length + 1), length);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_UNNAMED);

    /* A header behind it has no proxy that vouches for it. */
    memcpy(bytes + length, v1_tcp4, strlen(v1_tcp4));
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(feed(&conn, bytes, length + strlen(v1_tcp4)), length);
    assert_refused(&conn, ROPP_REASON_SECOND_HEADER);
}

static void test_unnamed(void **state)
{
    uint8_t header[256 - 64];

    (void)state;
    assert_unnamed(v1_unknown, strlen(v1_unknown));
    assert_unnamed(header, v2_header(header, 0x20, 0x00, 0));
    assert_unnamed(header,
                   v2_header(header, 0x20, 0x11, 12)); /* LOCAL: its addresses do not count */
    assert_unnamed(header, v2_header(header, 0x21, 0x00, 0)); /* PROXY, addresses unknown */
}

/* HAProxy's health check with a version 1 header names the proxy itself. It is silent as long as it
 * sends nothing; somebody who plays on the proxy's machine is a player like any other. */
static void test_proxy_itself(void **state)
{
    static const char header[] = "PROXY TCP4 127.9.9.9 198.51.100.1 50000 6900\r\n";
    static const uint8_t game[] = {0x64};
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(feed_text(&conn, header), strlen(header));
    assert_conn(&conn, ROPP_PHASE_SILENT, ROPP_OWNER_PROXIED);
    assert_int_equal(feed(&conn, game, 1), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_PROXIED);
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0x7f090909);
    assert_true(ropp_conn_is_proxied(&conn));
}

/* A proxy in front of a proxy: the innermost header is the player's. */
static void test_chain(void **state)
{
    char bytes[256];
    struct ropp_conn conn;
    struct ropp_addr hop = ropp_addr_v4(0xc000020a);
    size_t outer = strlen(v1_proxy), inner = strlen(v1_tcp4);

    (void)state;
    memcpy(bytes, v1_proxy, outer);
    memcpy(bytes + outer, v1_tcp4, inner);
    bytes[outer + inner] = 0x64;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(feed(&conn, bytes, outer + inner + 1), outer + inner);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_PROXIED);
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0xcb007109);
    assert_true(ropp_addr_equal(&conn.hop, &hop));
    assert_int_equal(conn.headers, 2);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(trickle(&conn, bytes, outer + inner + 1), outer + inner);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_PROXIED);
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0xcb007109);

    /* Without a further header it is somebody on the proxy's own machine. */
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(feed_text(&conn, v1_proxy), outer);
    assert_conn(&conn, ROPP_PHASE_SILENT, ROPP_OWNER_PROXIED);
    assert_int_equal(feed(&conn, "d", 1), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_PROXIED);
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0xc000020a);
}

/* Behind a source that nobody trusts, a header is somebody's attempt. */
static void test_second_header(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(feed_text(&conn, v1_tcp4), strlen(v1_tcp4));
    assert_int_equal(feed_text(&conn, v1_proxy), 0);
    assert_refused(&conn, ROPP_REASON_SECOND_HEADER);
    assert_int_equal(ropp_conn_client_addr(&conn, NULL), 0xcb007109);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(trickle(&conn, "PROXY TCP4 203.0.113.9 198.51.100.1 1 2\r\nPROXY TCP4 ", 53),
                     41);
    assert_refused(&conn, ROPP_REASON_SECOND_HEADER);
}

static void test_chain_is_bounded(void **state)
{
    struct ropp_conn conn;
    int i;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    for (i = 0; i < ROPP_CONN_HEADERS_MAX; i++)
        assert_int_equal(feed_text(&conn, v1_proxy), strlen(v1_proxy));
    assert_conn(&conn, ROPP_PHASE_SILENT, ROPP_OWNER_PROXIED);
    assert_int_equal(feed_text(&conn, v1_tcp4), 0);
    assert_refused(&conn, ROPP_REASON_CHAIN_TOO_LONG);
}

/* All headers have one deadline. A check that stays silent has none. */
static void test_chain_has_one_deadline(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed_text(&conn, v1_proxy);
    feed_text(&conn, "PROXY TCP4 203");
    assert_conn(&conn, ROPP_PHASE_HEADER, ROPP_OWNER_UNKNOWN);
    ropp_conn_tick(&conn, NOW + TIMEOUT);
    assert_refused(&conn, ROPP_REASON_HEADER_TIMEOUT);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed_text(&conn, v1_proxy);
    ropp_conn_tick(&conn, NOW + 10 * TIMEOUT);
    assert_conn(&conn, ROPP_PHASE_SILENT, ROPP_OWNER_PROXIED);
    feed_text(&conn, v1_tcp4);
    assert_refused(&conn, ROPP_REASON_HEADER_TIMEOUT);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed_text(&conn, v1_proxy);
    feed_text(&conn, "PROXY TCP4 203");
    ropp_conn_closed(&conn);
    assert_refused(&conn, ROPP_REASON_HEADER_CUT_SHORT);
}

/* Only a stand-in may be from 240.0.0.0/4. */
static void test_reserved_source(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed_text(&conn, "PROXY TCP4 240.1.2.3 198.51.100.1 50000 6900\r\n");
    assert_refused(&conn, ROPP_REASON_RESERVED_SOURCE);
    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed_text(&conn, "PROXY TCP4 239.1.2.3 198.51.100.1 50000 6900\r\n");
    assert_conn(&conn, ROPP_PHASE_FIRST, ROPP_OWNER_PROXIED);
}

static void test_ipv6_stand_in(void **state)
{
    uint8_t header[64];
    struct ropp_conn conn;
    size_t length = v2_header(header, 0x21, 0x21, 36);

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(trickle(&conn, header, length), length);
    assert_conn(&conn, ROPP_PHASE_FIRST, ROPP_OWNER_PROXIED);
    assert_int_equal(ropp_conn_client_addr(&conn, NULL) >> 28, 0xf);
}

static void test_server_login(void **state)
{
    static const uint8_t char_login[] = {0x10, 0x27, 's', '1'};
    static const uint8_t api_login[] = {0x20, 0x27, 's', '1'};
    static const uint8_t other[] = {0x10, 0x28, 's', '1'};
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(trickle(&conn, char_login, sizeof char_login), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT);
    assert_true(conn.is_link);
    assert_false(ropp_conn_is_proxied(&conn));
    ropp_conn_link_failed(&conn);
    assert_refused(&conn, ROPP_REASON_NOT_PROXY);

    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(feed(&conn, api_login, sizeof api_login), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT);

    /* Half a packet id may still become one, until the deadline. */
    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(feed(&conn, char_login, 1), 0);
    assert_conn(&conn, ROPP_PHASE_HEADER, ROPP_OWNER_UNKNOWN);
    ropp_conn_tick(&conn, NOW + TIMEOUT);
    assert_refused(&conn, ROPP_REASON_HEADER_TIMEOUT);

    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(trickle(&conn, other, sizeof other), 0);
    assert_refused(&conn, ROPP_REASON_NOT_PROXY);

    /* The log says what to add to the settings. */
    open_conn(&conn, ROPP_VERDICT_HEADER);
    assert_int_equal(feed(&conn, char_login, sizeof char_login), 0);
    assert_refused(&conn, ROPP_REASON_SERVER_NOT_DIRECT);

    /* Where no server logs in, its packet is as wrong as any other. */
    ropp_conn_open(&conn, ROPP_VERDICT_EITHER, 0x7f090909, ROPP_SERVER_MAP, NOW, TIMEOUT);
    assert_int_equal(feed(&conn, char_login, sizeof char_login), 0);
    assert_refused(&conn, ROPP_REASON_NOT_PROXY);

    /* Inside a header the same two bytes are the header's: here of an address, 16.39.0.1. */
    open_conn(&conn, ROPP_VERDICT_EITHER);
    assert_int_equal(feed(&conn, v2_signature, sizeof v2_signature), sizeof v2_signature);
    assert_int_equal(feed(&conn, "\x21\x11\0\x0c", 4), 4);
    assert_int_equal(feed(&conn, "\x10\x27\0\x01\xc6\x33\x64\x01\xc3\x50\x1a\xf4", 12), 12);
    assert_conn(&conn, ROPP_PHASE_FIRST, ROPP_OWNER_PROXIED);

    /* Behind a header of a proxy it is the game's, and refused where the emulator handles it. */
    open_conn(&conn, ROPP_VERDICT_EITHER);
    feed_text(&conn, v1_proxy);
    assert_int_equal(feed(&conn, char_login, sizeof char_login), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_PROXIED);
    assert_false(conn.is_link);
}

/* A ban that covers another server's address must not cut the link to it. */
static void test_banned_server(void **state)
{
    static const uint8_t char_login[] = {0x10, 0x27, 's', '1'};
    static const uint8_t player_login[] = {0x64, 0x00, 1, 2};
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_DIRECT);
    ropp_conn_refuse(&conn, ROPP_REASON_BANNED);
    ropp_conn_hold(&conn, ROPP_REASON_BANNED);
    assert_conn(&conn, ROPP_PHASE_HELD, ROPP_OWNER_DIRECT);
    assert_int_equal(trickle(&conn, char_login, sizeof char_login), 0);
    assert_conn(&conn, ROPP_PHASE_OPEN, ROPP_OWNER_DIRECT);
    assert_true(conn.is_link);
    assert_false(ropp_conn_link_is_late(&conn, NOW + ROPP_CONN_HOLD_MS - 1));
    assert_true(ropp_conn_link_is_late(&conn, NOW + ROPP_CONN_HOLD_MS));
    ropp_conn_link_failed(&conn); /* the emulator knows no such server */
    assert_refused(&conn, ROPP_REASON_BANNED);

    open_conn(&conn,
              ROPP_VERDICT_EITHER); /* who is not banned has the time that the emulator gives */
    feed(&conn, char_login, sizeof char_login);
    assert_true(conn.is_link);
    assert_false(ropp_conn_link_is_late(&conn, NOW + 100000));

    open_conn(&conn, ROPP_VERDICT_DIRECT);
    ropp_conn_hold(&conn, ROPP_REASON_BANS_UNKNOWN);
    feed(&conn, player_login, sizeof player_login);
    assert_refused(&conn, ROPP_REASON_BANS_UNKNOWN);

    open_conn(&conn, ROPP_VERDICT_DIRECT);
    ropp_conn_hold(&conn, ROPP_REASON_BANNED);
    feed_text(&conn, v1_tcp4);
    assert_refused(&conn, ROPP_REASON_BANNED);

    open_conn(&conn, ROPP_VERDICT_DIRECT);
    ropp_conn_hold(&conn, ROPP_REASON_BANNED);
    feed(&conn, char_login, 1);
    ropp_conn_tick(&conn, NOW + ROPP_CONN_HOLD_MS - 1);
    assert_conn(&conn, ROPP_PHASE_HELD, ROPP_OWNER_DIRECT);
    ropp_conn_tick(&conn, NOW + ROPP_CONN_HOLD_MS);
    assert_refused(&conn, ROPP_REASON_BANNED);
}

static void test_closed(void **state)
{
    struct ropp_conn conn;

    (void)state;
    open_conn(&conn, ROPP_VERDICT_HEADER);
    ropp_conn_closed(&conn);
    assert_conn(&conn, ROPP_PHASE_HEADER, ROPP_OWNER_UNKNOWN); /* a TCP health check */
    feed(&conn, v1_tcp4, 10);
    ropp_conn_closed(&conn);
    assert_refused(&conn, ROPP_REASON_HEADER_CUT_SHORT);

    open_conn(&conn, ROPP_VERDICT_HEADER);
    feed_text(&conn, v1_unknown);
    ropp_conn_closed(&conn);
    assert_conn(&conn, ROPP_PHASE_SILENT, ROPP_OWNER_UNNAMED);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_small),
        cmocka_unit_test(test_stock_is_left_alone),
        cmocka_unit_test(test_direct),
        cmocka_unit_test(test_header_from_anybody),
        cmocka_unit_test(test_perhaps_a_header),
        cmocka_unit_test(test_header_then_game),
        cmocka_unit_test(test_refusal_keeps_the_origin),
        cmocka_unit_test(test_deadline_ends_with_the_header),
        cmocka_unit_test(test_invalid_header),
        cmocka_unit_test(test_unnamed),
        cmocka_unit_test(test_proxy_itself),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_second_header),
        cmocka_unit_test(test_chain_is_bounded),
        cmocka_unit_test(test_chain_has_one_deadline),
        cmocka_unit_test(test_reserved_source),
        cmocka_unit_test(test_ipv6_stand_in),
        cmocka_unit_test(test_server_login),
        cmocka_unit_test(test_banned_server),
        cmocka_unit_test(test_closed),
    };

    return UNIT_RUN(argc, argv, "conn", tests, make_policy, NULL);
}
