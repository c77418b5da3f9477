// SPDX-License-Identifier: MIT
/* What a setting changes about the module as a whole. The module has one state a process, so this
 * includes it, and begins each test with a new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/module.c"
#include "tests/unit/unit.h"

#define PLAYER 0xc0000201u /* 192.0.2.1 */

/* There is no thread and no database: what a worker would hand over is handed over here. */
bool ropp_worker_start(struct ropp_worker *started)
{
    (void)started;
    return true;
}

bool ropp_worker_stop(struct ropp_worker *stopped, unsigned wait_ms)
{
    (void)wait_ms;
    ropp_snapshot_sweep(&stopped->slots);
    return true;
}

static void set(const char *key, const char *value)
{
    char error[ROPP_ERROR_TEXT];

    assert_true(ropp_module_set(ROPP_SERVER_MAP, "test", key, value, error));
}

static int begin(void **unused)
{
    (void)unused;
    memset(&state, 0, sizeof state);
    set("proxy_protocol", "on");
    set("proxy_trusted", "127.0.0.3");
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    ropp_module_stop();
    ropp_config_free(&state.config);
    return 0;
}

static void start(void)
{
    char text[ROPP_LINE_TEXT];

    assert_true(ropp_module_start(0, text));
}

/* A server that has started anew with the mode off. */
static void set_mode_off(void)
{
    state.started = false;
    set("proxy_protocol", "off");
    start();
}

/* A list that bans the player. */
static void publish(void)
{
    struct ropp_snapshot *snapshot = (struct ropp_snapshot *)calloc(1, sizeof *snapshot);
    struct ropp_table_entry entry;

    assert_non_null(snapshot);
    memset(&entry, 0, sizeof entry);
    assert_int_equal(ropp_prefix_parse("192.0.2.1", 9, &entry.prefix), ROPP_PREFIX_OK);
    entry.kind = ROPP_TABLE_BAN;
    entry.id = 7;
    assert_int_equal(ropp_table_build(&entry, 1, malloc, &snapshot->table), ROPP_TABLE_OK);
    assert_int_equal(ropp_table_build(&entry, 0, malloc, &snapshot->ipbanlist), ROPP_TABLE_OK);
    ropp_snapshot_publish(&state.worker.slots, snapshot);
}

static void test_who_is_in_is_kicked(void **unused)
{
    struct ropp_conn conn;

    (void)unused;
    start();
    assert_true(ropp_module_accept(&conn, PLAYER));
    assert_false(ropp_module_turn());
    publish();
    assert_true(ropp_module_turn());
    assert_false(ropp_module_turn()); /* once for a list */
    assert_true(ropp_module_kick(&conn));
}

/* The list acts on who comes, and nobody is to be looked at. */
static void test_who_is_in_stays(void **unused)
{
    struct ropp_conn conn;

    (void)unused;
    set("proxy_ban_kick", "off");
    start();
    assert_true(ropp_module_accept(&conn, PLAYER));
    publish();
    assert_false(ropp_module_turn());
    assert_false(ropp_module_accept(&conn, PLAYER));
    assert_int_equal(conn.reason, ROPP_REASON_BANNED);
}

/* Settings that do nothing while the mode is off are said once. */
static void test_unused_settings(void **unused)
{
    char line[ROPP_LINE_TEXT];

    (void)unused;
    start();
    assert_false(ropp_module_unused(line));
    set_mode_off();
    assert_true(ropp_module_unused(line));
    assert_non_null(strstr(line, "proxy_trusted"));
    assert_false(ropp_module_unused(line));
}

/* A line of the settings that owners begin with; a key behind slashes is read as if it had none. */
static bool set_line(char *line)
{
    char error[ROPP_ERROR_TEXT] = "", *key = line + (strncmp(line, "//", 2) == 0 ? 2 : 0), *colon;

    line[strcspn(line, "\r\n")] = '\0';
    if (strncmp(key, "proxy_", 6) != 0)
        return false;
    colon = strstr(key, ": ");
    assert_non_null(colon);
    *colon = '\0';
    if (!ropp_module_set(ROPP_SERVER_MAP, "test", key, colon + 2, error))
        fail_msg("%s: %s", key, error);
    return true;
}

static void test_the_settings_to_begin_with(void **unused)
{
    const char *folder = getenv("srcdir");
    char path[512], line[256];
    unsigned count = 0;
    FILE *file;

    (void)unused;
    snprintf(path, sizeof path, "%s/docs/settings/rathena.conf", folder ? folder : ".");
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        count += set_line(line);
    fclose(file);
    assert_int_equal(count, 9);
    start();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_is_in_is_kicked, begin, end),
        cmocka_unit_test_setup_teardown(test_who_is_in_stays, begin, end),
        cmocka_unit_test_setup_teardown(test_unused_settings, begin, end),
        cmocka_unit_test_setup_teardown(test_the_settings_to_begin_with, begin, end),
    };

    return UNIT_RUN(argc, argv, "module_settings", tests, NULL, NULL);
}
