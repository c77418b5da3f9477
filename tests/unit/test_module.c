// SPDX-License-Identifier: MIT
#include <string.h>

#include "platform.h"
#include "service/module.h"
#include "tests/unit/unit.h"

static struct ropp_header reader; /* of the connection at hand */

static size_t offer(struct ropp_conn *conn, const uint8_t *bytes, size_t length)
{
    if (!ropp_conn_needs_reader(conn))
        ropp_header_init(&reader);
    return ropp_module_feed(conn, &reader, bytes, length);
}

/* The module's clock, which this story alone moves on. */
int64_t __wrap_ropp_now_ms(void);

static int64_t clock_ms = 1000000;

int64_t __wrap_ropp_now_ms(void)
{
    return clock_ms;
}

/* The module has one state a process and fixes it when the server listens, so this is one story
 * logged in order. */

static void test_before_the_start(void **state)
{
    struct ropp_conn conn;
    char error[ROPP_ERROR_TEXT];

    (void)state;
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    assert_int_equal(conn.owner, ROPP_OWNER_DIRECT);
    assert_int_equal(ropp_module_backlog(), 0);
    assert_true(ropp_module_read(ROPP_SERVER_LOGIN, "/nonexistent", error));
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:1", "proxy_protocol", "strict", error));
    assert_false(ropp_module_set(ROPP_SERVER_LOGIN, "f:2", "proxy_trusted", "nonsense", error));
}

static void test_start(void **state)
{
    char text[ROPP_LINE_TEXT], error[ROPP_ERROR_TEXT];

    (void)state;
    assert_false(ropp_module_start(0, text)); /* nobody is trusted yet */
    assert_non_null(strstr(text, "proxy_trusted"));
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:2", "proxy_trusted", "127.0.0.1", error));
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:3", "proxy_direct", "127.0.0.1", error));
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:4", "proxy_auth_ip_check", "on", error));
    /* Nothing that needs a database, whose thread would log something at any moment. */
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:5", "proxy_bans", "off", error));
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:6", "proxy_connlog", "off", error));
    assert_true(ropp_module_start(0, text));
    assert_non_null(strstr(text, "strict: 1 trusted, 1 direct"));
    assert_int_equal(ropp_module_backlog(), ROPP_BACKLOG_SYSTEM);

    /* A second listener, or a reload, changes nothing and says nothing. */
    assert_true(ropp_module_start(0, text));
    assert_string_equal(text, "");
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:9", "proxy_protocol", "nonsense", error));
    assert_int_equal(ropp_module_backlog(), ROPP_BACKLOG_SYSTEM);
}

static void test_connections(void **state)
{
    static const uint8_t char_login[] = {0x10, 0x27};
    static const char header[] = "PROXY TCP4 203.0.113.9 198.51.100.1 50000 6900\r\n";
    struct ropp_conn conn;
    char line[ROPP_LINE_TEXT];

    (void)state;
    assert_false(ropp_module_line(line));
    assert_false(ropp_module_accept(&conn, 0xcb007101));
    assert_true(ropp_module_line(line));
    assert_non_null(strstr(line, "from 203.0.113.1: untrusted-peer 1"));

    /* The login server knows a char server's login. */
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    assert_int_equal(offer(&conn, char_login, sizeof char_login), 0);
    assert_int_equal(conn.owner, ROPP_OWNER_DIRECT);
    assert_false(ropp_module_refuse_server(&conn));

    /* Behind a header there is none. */
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    offer(&conn, (const uint8_t *)header, strlen(header));
    assert_int_equal(conn.owner, ROPP_OWNER_PROXIED);
    assert_true(ropp_module_refuse_server(&conn));
    assert_int_equal(conn.reason, ROPP_REASON_SERVER_BEHIND_PROXY);
    assert_false(ropp_module_line(line)); /* counted, but not within ten seconds of the last line */
}

/* A server list for one char server, in the form of older clients. */
static void server_list(uint8_t bytes[79])
{
    static const uint8_t origin[] = {127, 77, 13, 9, 0xe9, 0x17};

    memset(bytes, 0, 79);
    bytes[0] = 0x69;
    memcpy(bytes + 47, origin, sizeof origin);
}

static void test_way_back(void **state)
{
    static const char dialable[] = "PROXY TCP4 203.0.113.9 198.51.100.1 50000 6900\r\n";
    static const char hidden[] = "PROXY TCP4 203.0.113.9 10.0.0.5 50000 6900\r\n";
    static const uint8_t hop[] = {198, 51, 100, 1};
    uint8_t bytes[79];
    struct ropp_conn conn;
    char line[ROPP_LINE_TEXT];

    (void)state;
    server_list(bytes);
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    offer(&conn, (const uint8_t *)dialable, strlen(dialable));
    assert_int_equal(ropp_module_send(&conn, bytes, sizeof bytes), sizeof bytes);
    assert_memory_equal(bytes + 47, hop, sizeof hop);

    server_list(bytes);
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    offer(&conn, (const uint8_t *)hidden, strlen(hidden));
    assert_int_equal(ropp_module_send(&conn, bytes, sizeof bytes), 3);
    assert_memory_equal(bytes, "\x81\x00\x01", 3);
    assert_int_equal(conn.reason, ROPP_REASON_NO_ROUTE);
    assert_true(ropp_module_line(line));
    assert_non_null(strstr(line, "no route back for 203.0.113.9 through 127.0.0.1 to 10.0.0.5: add "
                                 "proxy_route: 127.0.0.1 char="));

    /* Nor is anything logged before it is closed. */
    server_list(bytes);
    assert_int_equal(ropp_module_send(&conn, bytes, sizeof bytes), 3);

    /* The next one within ten seconds is counted and not logged. */
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    offer(&conn, (const uint8_t *)hidden, strlen(hidden));
    server_list(bytes);
    assert_int_equal(ropp_module_send(&conn, bytes, sizeof bytes), 3);
    assert_false(ropp_module_line(line));

    /* Whoever is no player behind a proxy is sent what the emulator says. */
    server_list(bytes);
    conn.owner = ROPP_OWNER_DIRECT;
    assert_int_equal(ropp_module_send(&conn, bytes, sizeof bytes), sizeof bytes);
    assert_int_equal(bytes[47], 127);
}

static void test_ticket(void **state)
{
    char line[ROPP_LINE_TEXT];

    (void)state;
    assert_false(ropp_module_ticket(2000001, 0xcb007109, 0xcb007109, line));
    assert_string_equal(line, "");
    assert_true(ropp_module_ticket(2000001, 0xcb007109, 0xcb00714d, line));
    assert_string_equal(line, "ropp: ticket of account 2000001 was issued to 203.0.113.9 and is "
                              "used from 203.0.113.77: refused");
}

/* A player may speak IPv6 to one server and IPv4 to the next: nothing shows whether it is the same.
 */
static void test_ticket_of_two_families(void **state)
{
    char line[ROPP_LINE_TEXT];

    (void)state;
    assert_false(ropp_module_ticket(2000001, 0xf2953f81, 0xcb007109, line));
    assert_string_equal(line, "");
    assert_false(ropp_module_ticket(2000001, 0xcb007109, 0xf2953f81, line));
    assert_string_equal(line, "");
    assert_true(ropp_module_ticket(2000001, 0xf2953f81, 0xf2953f82, line));
    assert_string_not_equal(line, "");
}

/* Each has a line of its own, until there are too many. */
static void test_many_tickets(void **state)
{
    char line[ROPP_LINE_TEXT];
    unsigned logged = 2, i;

    (void)state;
    for (i = 0; i < 100; i++) {
        assert_true(ropp_module_ticket(2000001, 0xcb007109, 0xcb00714d, line));
        logged += line[0] != '\0';
    }
    assert_int_equal(logged, 20);
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_NONE); /* the sum comes after ten seconds */
}

/* A carrier of a form that nobody knows is not sent, and not read beyond its end. */
static void test_unknown_form(void **state)
{
    static const char dialable[] = "PROXY TCP4 203.0.113.9 198.51.100.1 50000 6900\r\n";
    uint8_t bytes[50] = {0x69, 0x00};
    struct ropp_conn conn;

    (void)state;
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    offer(&conn, (const uint8_t *)dialable, strlen(dialable));
    assert_int_equal(ropp_module_send(&conn, bytes, sizeof bytes), 3);
    assert_int_equal(conn.reason, ROPP_REASON_UNKNOWN_FORM);
    assert_memory_equal(bytes, "\x81\x00\x01", 3);
    bytes[0] = 0x69;
    bytes[1] = 0;
    assert_int_equal(ropp_module_send(&conn, bytes, 2), 0);
}

/* Whoever asks to be a server, and is not taken for one, has not named an address of the origin: four
 * bytes that come up in many packets would keep every player out. */
static void test_an_address_that_a_server_names(void **state)
{
    static const char dialable[] = "PROXY TCP4 203.0.113.9 198.51.100.1 50000 6900\r\n";
    static const uint8_t again[] = {0x83, 0x01};
    uint8_t login[86] = {0x10, 0x27}, bytes[40] = {0x83, 0x01};
    struct ropp_conn server, player;

    (void)state;
    login[54] = bytes[20] = 0x9b; /* 155.0.0.0 */
    assert_true(ropp_module_accept(&server, 0x7f000001));
    offer(&server, login, sizeof login);
    assert_false(ropp_module_refuse_server(&server));
    assert_int_equal(ropp_module_named(login, 57), 0);
    assert_int_equal(ropp_module_named(login, 58), 0x9b000000);
    assert_true(ropp_module_accept(&player, 0x7f000001));
    offer(&player, (const uint8_t *)dialable, strlen(dialable));
    assert_int_equal(ropp_module_send(&player, bytes, sizeof bytes), sizeof bytes);
    ropp_module_linked(&server, 0x9b000000);
    assert_int_equal(ropp_module_send(&player, bytes, sizeof bytes), 3);
    assert_int_equal(player.reason, ROPP_REASON_UNKNOWN_FORM);

    /* And the one that it has come from. */
    server.peer = 0x9c000000;
    assert_true(ropp_module_accept(&player, 0x7f000001));
    offer(&player, (const uint8_t *)dialable, strlen(dialable));
    memcpy(bytes, again, sizeof again);
    memset(bytes + 2, 0, sizeof bytes - 2);
    bytes[30] = 0x9c;
    assert_int_equal(ropp_module_send(&player, bytes, sizeof bytes), sizeof bytes);
    ropp_module_linked(&server, 0);
    assert_int_equal(ropp_module_send(&player, bytes, sizeof bytes), 3);
}

/* What had to wait is logged ten seconds later, a line at a time. */
static void test_ten_seconds_later(void **state)
{
    static const char nowhere[] = "PROXY TCP4 203.0.113.9 127.0.0.1 50000 6900\r\n";
    uint8_t bytes[79];
    struct ropp_conn conn;
    char line[ROPP_LINE_TEXT], error[ROPP_ERROR_TEXT];

    (void)state;
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_WARNING);
    assert_string_equal(line, "ropp: packet 0x0069 of 50 bytes would send 203.0.113.9 the origin's "
                              "address in a form that is not known: report it with your client's "
                              "version, or set proxy_hide_origin to off");
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_NONE);
    clock_ms += ROPP_STATS_INTERVAL_MS;
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_WARNING);
    assert_non_null(strstr(line, "no route back for 203.0.113.9 through 127.0.0.1 to 10.0.0.5"));
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_WARNING);
    assert_non_null(strstr(line, "more tickets were used from another address: refused"));
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_WARNING);
    assert_non_null(strstr(line, "ropp: refused "));
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_NONE);

    clock_ms += ROPP_STATS_INTERVAL_MS;
    assert_true(ropp_module_ticket(2000001, 0xcb007109, 0xcb00714d, line));
    assert_non_null(strstr(line, "ticket of account"));
    server_list(bytes);
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    offer(&conn, (const uint8_t *)nowhere, strlen(nowhere));
    assert_int_equal(ropp_module_send(&conn, bytes, sizeof bytes), 3);
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_WARNING);
    assert_non_null(strstr(line, " to 127.0.0.1: add proxy_route: "));

    /* The emulator reads its files again on some commands: nothing comes of it. */
    assert_true(ropp_module_read(ROPP_SERVER_LOGIN, "/", error));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_before_the_start),
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_connections),
        cmocka_unit_test(test_way_back),
        cmocka_unit_test(test_ticket),
        cmocka_unit_test(test_ticket_of_two_families),
        cmocka_unit_test(test_many_tickets),
        cmocka_unit_test(test_an_address_that_a_server_names),
        cmocka_unit_test(test_unknown_form),
        cmocka_unit_test(test_ten_seconds_later),
    };

    return UNIT_RUN_IN_ORDER(argc, argv, "module", tests);
}
