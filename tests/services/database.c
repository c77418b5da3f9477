// SPDX-License-Identifier: MIT
#include "tests/services/database.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

struct ropp_db database;
bool database_spoilt = true;

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    if (value == NULL) {
        fprintf(stderr, "ropp: not set: %s: run this by tests/services/run\n", name);
        exit(2);
    }
    return value;
}

struct ropp_db_settings database_settings(void)
{
    struct ropp_db_settings settings;

    memset(&settings, 0, sizeof settings);
    snprintf(settings.host, sizeof settings.host, "%s", environment("ROPP_TEST_DB_HOST"));
    snprintf(settings.user, sizeof settings.user, "%s", environment("ROPP_TEST_DB_USER"));
    snprintf(settings.password, sizeof settings.password, "%s",
             environment("ROPP_TEST_DB_PASSWORD"));
    snprintf(settings.name, sizeof settings.name, "%s", environment("ROPP_TEST_DB_NAME"));
    settings.port = (unsigned)strtoul(environment("ROPP_TEST_DB_PORT"), NULL, 10);
    settings.server_s = 30;
    return settings;
}

int database_open(void **state)
{
    struct ropp_db_settings settings = database_settings();
    char error[ROPP_ERROR_TEXT];

    if (mysql_library_init(0, NULL, NULL) != 0 || !ropp_db_open(&database, &settings, error)) {
        fprintf(stderr, "ropp: %s\n", error);
        return -1;
    }
    (void)state;
    return 0;
}

static void make_tables(void)
{
    server_do("fresh");
    sql("USE %s", environment("ROPP_TEST_DB_NAME"));
    sql("CREATE TABLE ipbanlist (list VARCHAR(15) NOT NULL DEFAULT '', "
        "btime DATETIME NOT NULL, rtime DATETIME NOT NULL, reason VARCHAR(255) NOT NULL DEFAULT "
        "'')");
}

int database_clear(void **state)
{
    (void)state;
    if (database_spoilt)
        make_tables();
    database_spoilt = false;
    sql("TRUNCATE proxy_ban");
    sql("DELETE FROM proxy_source WHERE name <> 'manual'");
    sql("UPDATE proxy_source SET version = 0");
    sql("TRUNCATE proxy_connlog");
    sql("TRUNCATE proxy_status");
    sql("DELETE FROM ipbanlist");
    return 0;
}

int database_close(void **state)
{
    (void)state;
    ropp_db_close(&database);
    mysql_library_end();
    return 0;
}

static void sql_run(const char *statement)
{
    char error[ROPP_ERROR_TEXT];

    if (!ropp_db_run(&database, statement, error))
        fail_msg("%s: %s", error, statement);
}

void sql(const char *format, ...)
{
    char statement[4096];
    va_list args;

    va_start(args, format);
    vsnprintf(statement, sizeof statement, format, args);
    va_end(args);
    sql_run(statement);
}

static const char *sql_first(const char *statement)
{
    static char text[8192];
    char error[ROPP_ERROR_TEXT];
    MYSQL_RES *result = ropp_db_query(&database, statement, error);
    MYSQL_ROW row;

    if (result == NULL)
        fail_msg("%s: %s", error, statement);
    row = mysql_fetch_row(result);
    if (row == NULL)
        fail_msg("no row: %s", statement);
    snprintf(text, sizeof text, "%s", row[0] != NULL ? row[0] : "NULL");
    mysql_free_result(result);
    return text;
}

const char *sql_text(const char *format, ...)
{
    char statement[4096];
    va_list args;

    va_start(args, format);
    vsnprintf(statement, sizeof statement, format, args);
    va_end(args);
    return sql_first(statement);
}

long long sql_number(const char *format, ...)
{
    char statement[4096];
    va_list args;

    va_start(args, format);
    vsnprintf(statement, sizeof statement, format, args);
    va_end(args);
    return strtoll(sql_first(statement), NULL, 10);
}

void server_do(const char *what)
{
    FILE *ask = fopen(environment("ROPP_TEST_ASK"), "w"),
         *answer = fopen(environment("ROPP_TEST_ANSWER"), "r");
    char line[16] = "";

    assert_non_null(ask);
    assert_non_null(answer);
    assert_true(fprintf(ask, "%s\n", what) > 0);
    assert_int_equal(fclose(ask), 0);
    assert_non_null(fgets(line, sizeof line, answer));
    assert_string_equal(line, "done\n");
    fclose(answer);
}

void sleep_ms(unsigned wait_ms)
{
    struct timespec pause = {wait_ms / 1000, (long)(wait_ms % 1000) * 1000000};

    nanosleep(&pause, NULL);
}
