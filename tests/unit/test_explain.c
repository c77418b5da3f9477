// SPDX-License-Identifier: MIT
#include <string.h>

#include "service/explain.h"
#include "tests/unit/unit.h"

/* A refused connection: through the proxy 192.0.2.10, of the player 203.0.113.9, to 198.51.100.1. */
static struct ropp_conn refused(enum ropp_reason reason)
{
    struct ropp_conn conn;

    ropp_conn_open(&conn, ROPP_VERDICT_HEADER, 0xc000020b, ROPP_SERVER_LOGIN, 0, 3000);
    conn.hop = ropp_addr_v4(0xc000020a);
    conn.source = ropp_addr_v4(0xcb007109);
    conn.destination = ropp_addr_v4(0xc6336401);
    conn.owner = ROPP_OWNER_PROXIED;
    ropp_conn_refuse(&conn, reason);
    return conn;
}

static void assert_line(struct ropp_explain *explain, int64_t now_ms, const char *wanted)
{
    char line[ROPP_LINE_TEXT] = "";

    assert_true(ropp_explain_line(explain, now_ms, line));
    assert_string_equal(line, wanted);
}

static void assert_no_line(struct ropp_explain *explain, int64_t now_ms)
{
    char line[ROPP_LINE_TEXT];

    assert_false(ropp_explain_line(explain, now_ms, line));
}

#define UNTRUSTED                                                                                  \
    "ropp: a PROXY header from 192.0.2.11, which is not in proxy_trusted: nobody gets in through " \
    "it: if it is a proxy of yours, add proxy_trusted: 192.0.2.11"
#define UNNAMED                                                                                    \
    "ropp: the headers of 192.0.2.11 name UNSPEC and no address, and players behind it are "       \
    "refused: let its front listen on TCP (not on a unix socket), or set proxy_unnamed: hop to "   \
    "let them in as 192.0.2.10"

/* Each cause with all that its line names. */
static void test_lines(void **state)
{
    static const uint8_t packet[] = {0x71, 0x0a, 1, 2};
    static const struct {
        enum ropp_reason reason;
        size_t length;
        const char *line;
    } cases[] = {
        {ROPP_REASON_UNTRUSTED_HEADER, 0, UNTRUSTED},
        {ROPP_REASON_SECOND_HEADER, 0,
         "ropp: a second PROXY header, from 203.0.113.9 through 192.0.2.11, which is not in "
         "proxy_trusted: if 203.0.113.9 is a proxy of yours, add it there"},
        {ROPP_REASON_UNNAMED, 0, UNNAMED},
        {ROPP_REASON_NO_ROUTE, 0,
         "ropp: no route back for 203.0.113.9 through 192.0.2.10 to 198.51.100.1: add proxy_route: "
         "192.0.2.10 char=<the address players dial> map=<the address players dial>"},
        {ROPP_REASON_UNKNOWN_FORM, 4,
         "ropp: packet 0x0a71 of 4 bytes would send 203.0.113.9 the origin's address in a form "
         "that is not known: report it with your client's version, or set proxy_hide_origin to "
         "off"},
        {ROPP_REASON_UNKNOWN_FORM, 2,
         "ropp: packet 0x0a71 of 2 bytes would send 203.0.113.9 the origin's address in a form "
         "that is not known: report it with your client's version, or set proxy_hide_origin to "
         "off"},
        {ROPP_REASON_UNKNOWN_FORM, 1,
         "ropp: packet 0x0000 of 1 bytes would send 203.0.113.9 the origin's address in a form "
         "that is not known: report it with your client's version, or set proxy_hide_origin to "
         "off"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ropp_conn conn = refused(cases[i].reason);
        struct ropp_explain explain;

        memset(&explain, 0, sizeof explain);
        ropp_explain_note(&explain, &conn, packet, cases[i].length);
        assert_true(explain.is_waiting);
        assert_line(&explain, 1000, cases[i].line);
        assert_no_line(&explain, 1000000);
        assert_false(explain.is_waiting);
    }
}

/* Where the header in front named nobody, the second cannot be of a player who is a proxy. */
static void test_a_second_header_behind_nobodys(void **state)
{
    struct ropp_conn conn = refused(ROPP_REASON_SECOND_HEADER);
    struct ropp_explain explain;

    (void)state;
    conn.source = ropp_addr_v4(0);
    conn.owner = ROPP_OWNER_UNNAMED;
    memset(&explain, 0, sizeof explain);
    ropp_explain_note(&explain, &conn, NULL, 4);
    assert_line(&explain, 0,
                "ropp: a second PROXY header behind one from 192.0.2.11 that names no address: let "
                "that proxy name the proxy in front of it, which proxy_trusted must contain");
}

/* A destination that is none, and a packet that is none. */
static void test_what_is_not_there(void **state)
{
    struct ropp_conn conn = refused(ROPP_REASON_NO_ROUTE);
    struct ropp_explain explain;

    (void)state;
    memset(&conn.destination, 0, sizeof conn.destination);
    memset(&explain, 0, sizeof explain);
    ropp_explain_note(&explain, &conn, NULL, 2);
    assert_int_equal(explain.cases[ROPP_EXPLAIN_NO_ROUTE].packet, 0);
    assert_line(&explain, 0,
                "ropp: no route back for 203.0.113.9 through 192.0.2.10 to nowhere: add "
                "proxy_route: 192.0.2.10 char=<the address players dial> map=<the address players "
                "dial>");
}

/* Every other reason is summed up elsewhere. */
static void test_reasons_without_a_line(void **state)
{
    struct ropp_explain explain;
    int reason, lines = 0;

    (void)state;
    memset(&explain, 0, sizeof explain);
    for (reason = 0; reason < ROPP_REASON_COUNT; reason++) {
        struct ropp_conn conn = refused((enum ropp_reason)reason);
        char line[ROPP_LINE_TEXT];

        memset(&explain, 0, sizeof explain);
        ropp_explain_note(&explain, &conn, NULL, 0);
        lines += ropp_explain_line(&explain, 0, line);
    }
    assert_int_equal(lines, ROPP_EXPLAIN_KINDS);
}

/* At once, then every ten seconds; each kind by itself, and the latest connection of it. */
static void test_how_often(void **state)
{
    struct ropp_conn header = refused(ROPP_REASON_UNTRUSTED_HEADER);
    struct ropp_conn unnamed = refused(ROPP_REASON_UNNAMED);
    struct ropp_explain explain;

    (void)state;
    memset(&explain, 0, sizeof explain);
    assert_no_line(&explain, 50);
    ropp_explain_note(&explain, &unnamed, NULL, 0);
    ropp_explain_note(&explain, &header, NULL, 0);
    assert_line(&explain, 50, UNTRUSTED);
    assert_true(explain.is_waiting);
    assert_line(&explain, 50, UNNAMED);
    assert_no_line(&explain, 50);
    assert_false(explain.is_waiting);

    ropp_explain_note(&explain, &header, NULL, 0);
    assert_no_line(&explain, 50 + 9999);
    assert_true(explain.is_waiting);
    assert_line(&explain, 50 + 10000, UNTRUSTED);
    assert_no_line(&explain, 50 + 10000);
}

/* Players of the same proxy that names nobody: every ten minutes; of another, after ten seconds. */
static void test_how_often_of_one_proxy(void **state)
{
    struct ropp_conn conn = refused(ROPP_REASON_UNNAMED);
    struct ropp_explain explain;
    char line[ROPP_LINE_TEXT];

    (void)state;
    memset(&explain, 0, sizeof explain);
    ropp_explain_note(&explain, &conn, NULL, 0);
    assert_line(&explain, 50, UNNAMED);
    ropp_explain_note(&explain, &conn, NULL, 0);
    assert_no_line(&explain, 50 + 599999);
    assert_line(&explain, 50 + 600000, UNNAMED);

    conn.peer = 0xc000020c;
    ropp_explain_note(&explain, &conn, NULL, 0);
    assert_no_line(&explain, 50 + 600000 + 9999);
    assert_true(ropp_explain_line(&explain, 50 + 600000 + 10000, line));
    assert_non_null(strstr(line, "the headers of 192.0.2.12 name "));
}

/* What a line says that a header names instead of an address. */
static void test_what_is_named(void **state)
{
    static const struct {
        uint8_t bytes[16 + 216 + 1];
        size_t length;
        const char *names;
    } cases[] = {
        {"PROXY UNKNOWN\r\n", 15, " name UNKNOWN and "},
        {"\r\n\r\n\0\r\nQUIT\n\x20\0\0", 16, " name LOCAL and "},
        {"\r\n\r\n\0\r\nQUIT\n\x21\0\0", 16, " name UNSPEC and "},
        {"\r\n\r\n\0\r\nQUIT\n\x21\x31\0\xd8", 16 + 216, " name a unix socket and "},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ropp_policy policy;
        struct ropp_explain explain;
        struct ropp_header reader;
        struct ropp_conn conn;
        char line[ROPP_LINE_TEXT];

        memset(&policy, 0, sizeof policy);
        memset(&explain, 0, sizeof explain);
        ropp_conn_open(&conn, ROPP_VERDICT_HEADER, 0x7f000001, ROPP_SERVER_LOGIN, 0, 3000);
        ropp_header_init(&reader);
        assert_int_equal(ropp_conn_feed(&conn, &reader, &policy, cases[i].bytes, cases[i].length),
                         cases[i].length);
        assert_int_equal(reader.status, ROPP_HEADER_OK);
        ropp_conn_refuse(&conn, ROPP_REASON_UNNAMED);
        ropp_explain_note(&explain, &conn, NULL, 0);
        assert_true(ropp_explain_line(&explain, 1000, line));
        assert_non_null(strstr(line, cases[i].names));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_a_second_header_behind_nobodys),
        cmocka_unit_test(test_what_is_not_there),
        cmocka_unit_test(test_reasons_without_a_line),
        cmocka_unit_test(test_how_often),
        cmocka_unit_test(test_how_often_of_one_proxy),
        cmocka_unit_test(test_what_is_named),
    };

    return UNIT_RUN(argc, argv, "explain", tests, NULL, NULL);
}
