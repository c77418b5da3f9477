#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "service/module.h"

/* The module has one state a process and fixes it when the server listens, so this is one story
 * told in order. */

static void test_before_the_start(void **state)
{
    struct ropp_conn conn;
    char error[ROPP_ERROR_TEXT];

    (void)state;
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    assert_int_equal(conn.state, ROPP_CONN_DIRECT);
    assert_int_equal(ropp_module_backlog(), 0);
    assert_true(ropp_module_read(ROPP_SERVER_LOGIN, "/nonexistent", error));
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:1", "proxy_protocol", "strict", error));
    assert_false(ropp_module_set(ROPP_SERVER_LOGIN, "f:2", "proxy_trusted", "nonsense", error));
}

static void test_start(void **state)
{
    char text[ROPP_LINE_TEXT], error[ROPP_ERROR_TEXT];

    (void)state;
    assert_false(ropp_module_start(text)); /* nobody is trusted yet */
    assert_non_null(strstr(text, "proxy_trusted"));
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:2", "proxy_trusted", "127.0.0.1", error));
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:3", "proxy_direct", "127.0.0.1", error));
    assert_true(ropp_module_start(text));
    assert_non_null(strstr(text, "strict: 1 trusted, 1 direct"));
    assert_int_equal(ropp_module_backlog(), 511);

    /* A second listener, or a reload, changes nothing and says nothing. */
    assert_true(ropp_module_start(text));
    assert_string_equal(text, "");
    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:9", "proxy_protocol", "nonsense", error));
    assert_int_equal(ropp_module_backlog(), 511);
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
    assert_int_equal(ropp_conn_feed(&conn, char_login, sizeof char_login), 0);
    assert_int_equal(conn.state, ROPP_CONN_DIRECT);
    assert_false(ropp_module_refuse_server(&conn));

    /* Behind a header there is none. */
    assert_true(ropp_module_accept(&conn, 0x7f000001));
    ropp_conn_feed(&conn, (const uint8_t *)header, strlen(header));
    assert_int_equal(conn.state, ROPP_CONN_PROXIED);
    assert_true(ropp_module_refuse_server(&conn));
    assert_int_equal(conn.reason, ROPP_REASON_SERVER_BEHIND_PROXY);
    assert_false(ropp_module_line(line)); /* counted, but not within ten seconds of the last line */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_before_the_start),
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_connections),
    };

    return cmocka_run_group_tests_name("module", tests, NULL, NULL);
}
