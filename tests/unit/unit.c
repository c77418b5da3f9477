// SPDX-License-Identifier: MIT
#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_named(const struct CMUnitTest *test, int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        if (strstr(test->name, argv[i]) != NULL)
            return true;
    }
    return argc < 2;
}

/* An argument that fits no name is a mistake: a group without tests would pass. */
static bool fits(const char *argument, const struct CMUnitTest *tests, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (strstr(tests[i].name, argument) != NULL)
            return true;
    }
    fprintf(stderr, "no test has %s in its name; there are:\n", argument);
    for (i = 0; i < count; i++)
        fprintf(stderr, "  %s\n", tests[i].name);
    return false;
}

int unit_run(int argc, char **argv, const char *title, enum unit_order order,
             const struct CMUnitTest *tests, size_t count, CMFixtureFunction set_up,
             CMFixtureFunction tear_down)
{
    struct CMUnitTest *chosen;
    size_t chosen_count = 0, i;
    int argument, result;

    for (argument = 1; argument < argc; argument++) {
        if (!fits(argv[argument], tests, count))
            return 2;
    }
    chosen = calloc(count, sizeof(*chosen));
    if (chosen == NULL) {
        fprintf(stderr, "%s: out of memory\n", title);
        return 1;
    }
    for (i = 0; i < count; i++) {
        if (!is_named(&tests[i], argc, argv))
            continue;
        if (order == UNIT_IN_ORDER) {
            memcpy(chosen, tests, (i + 1) * sizeof(*chosen));
            chosen_count = i + 1;
        } else {
            chosen[chosen_count++] = tests[i];
        }
    }
    result = _cmocka_run_group_tests(title, chosen, chosen_count, set_up, tear_down);
    free(chosen);
    return result;
}
