// SPDX-License-Identifier: MIT
/* What the tests of the services share: the MariaDB that tests/services/run has started, a
 * connection of the test's own to it, and what only the one who has started it can do to it. */
#ifndef ROPP_TESTS_SERVICES_DATABASE_H
#define ROPP_TESTS_SERVICES_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "service/db.h"

/* The test's own connection, beside those that are tested. */
extern struct ropp_db database;

/* Set by a test that has changed the tables themselves: the next one gets new ones. */
extern bool database_spoilt;

/* Where it is, from the environment. Ends the program when that is not set. */
struct ropp_db_settings database_settings(void);

/* For cmocka: connects, for a group of tests; empty tables, for each of them. */
int database_open(void **state);
int database_clear(void **state);
int database_close(void **state);

/* Runs one statement on the test's own connection; printf. */
void sql(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The first column of the first row, as text and as a number; a NULL is "NULL". */
const char *sql_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
long long sql_number(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "stop", "continue", "kill" and "start", of the server; "fresh", a new database with ropp's
 * tables. Returns when it is done. */
void server_do(const char *what);

void sleep_ms(unsigned wait_ms);

/* Waits until the condition holds, for so long at most, and returns how long it took; fails the
 * test when it never does. */
#define WAIT_MS(limit_ms, condition, took_ms)                                                      \
    do {                                                                                           \
        int64_t wait_began_ms = ropp_now_ms();                                                     \
        while (!(condition)) {                                                                     \
            assert_true(ropp_now_ms() - wait_began_ms < (limit_ms));                               \
            sleep_ms(10);                                                                          \
        }                                                                                          \
        *(took_ms) = ropp_now_ms() - wait_began_ms;                                                \
    } while (0)

#endif
