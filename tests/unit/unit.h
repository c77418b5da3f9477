// SPDX-License-Identifier: MIT
/* What every unit test is written with, and what its main() is: the group of its tests, or those of
 * them that the command line names. */
#ifndef ROPP_UNIT_H
#define ROPP_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Whether each test of a group can run alone, or only after all those before it. */
enum unit_order { UNIT_ALONE, UNIT_IN_ORDER };

/* Runs `count` tests as a group called `title`, with its set-up and tear-down, which may be NULL:
 * all of them without arguments, else those whose names contain one of the arguments, and with
 * UNIT_IN_ORDER those before them. Returns the exit status for main(): the number of failed tests,
 * or 2 when an argument is in no name; no test has run then, and every name was printed to standard
 * error. */
int unit_run(int argc, char **argv, const char *title, enum unit_order order,
             const struct CMUnitTest *tests, size_t count, CMFixtureFunction set_up,
             CMFixtureFunction tear_down);

/* The same for an array of tests. */
#define UNIT_RUN(argc, argv, title, tests, set_up, tear_down)                                      \
    unit_run(argc, argv, title, UNIT_ALONE, tests, sizeof(tests) / sizeof((tests)[0]), set_up,     \
             tear_down)

/* And for an array whose tests go on from what those before them have left. */
#define UNIT_RUN_IN_ORDER(argc, argv, title, tests)                                                \
    unit_run(argc, argv, title, UNIT_IN_ORDER, tests, sizeof(tests) / sizeof((tests)[0]), NULL,    \
             NULL)

#endif
