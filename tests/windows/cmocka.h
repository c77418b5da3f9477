// SPDX-License-Identifier: MIT
/* In the place of cmocka's header where there is no cmocka, which is Windows: as much of it as
 * tests/unit needs. The first assertion that fails ends the program with 1. Like cmocka's it wants
 * its includes before it (tests/unit/unit.h has them). */
#ifndef ROPP_WINDOWS_CMOCKA_H
#define ROPP_WINDOWS_CMOCKA_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*CMUnitTestFunction)(void **state);
typedef int (*CMFixtureFunction)(void **state);

struct CMUnitTest {
    const char *name;
    CMUnitTestFunction test;
    CMFixtureFunction set_up, tear_down;
};

#define UNIT_TEXT(word) #word
#define cmocka_unit_test_setup_teardown(test, set_up, tear_down)                                   \
    {                                                                                              \
        UNIT_TEXT(test), test, set_up, tear_down                                                   \
    }
#define cmocka_unit_test(test)               cmocka_unit_test_setup_teardown(test, NULL, NULL)
#define cmocka_unit_test_setup(test, set_up) cmocka_unit_test_setup_teardown(test, set_up, NULL)
#define cmocka_unit_test_teardown(test, tear_down)                                                 \
    cmocka_unit_test_setup_teardown(test, NULL, tear_down)

/* What was expected, as printf has it; ends the program when it is not so. */
__attribute__((format(__MINGW_PRINTF_FORMAT, 4, 5))) static inline void
unit_expect(int good, const char *file, int line, const char *format, ...)
{
    va_list values;

    if (good)
        return;
    fflush(stdout);
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

static inline void unit_expect_equal(unsigned long long is, unsigned long long other, int equal,
                                     const char *file, int line)
{
    unit_expect((is == other) == equal, file, line, "0x%llx %s 0x%llx", is, equal ? "is not" : "is",
                other);
}

static inline void unit_expect_text(const char *is, const char *other, int equal, const char *file,
                                    int line)
{
    unit_expect((strcmp(is, other) == 0) == equal, file, line, "'%s' %s '%s'", is,
                equal ? "is not" : "is", other);
}

static inline void unit_expect_range(unsigned long long is, unsigned long long least,
                                     unsigned long long most, const char *file, int line)
{
    unit_expect(is >= least && is <= most, file, line, "%llu is not in %llu..%llu", is, least,
                most);
}

#define UNIT_HERE __FILE__, __LINE__

#define print_error(...)   fprintf(stderr, __VA_ARGS__)
#define fail()             fail_msg("failed")
#define fail_msg(...)      unit_expect(0, UNIT_HERE, __VA_ARGS__)
#define assert_true(c)     unit_expect((c) ? 1 : 0, UNIT_HERE, "not true: %s", #c)
#define assert_false(c)    unit_expect((c) ? 0 : 1, UNIT_HERE, "true: %s", #c)
#define assert_null(p)     unit_expect((p) == NULL, UNIT_HERE, "not NULL: %s", #p)
#define assert_non_null(p) unit_expect((p) != NULL, UNIT_HERE, "NULL: %s", #p)
#define assert_ptr_equal(p, q)                                                                     \
    unit_expect((uintptr_t)(p) == (uintptr_t)(q), UNIT_HERE, "not the same: %s, %s", #p, #q)
#define assert_ptr_not_equal(p, q)                                                                 \
    unit_expect((uintptr_t)(p) != (uintptr_t)(q), UNIT_HERE, "the same: %s, %s", #p, #q)
#define assert_int_equal(n, m)                                                                     \
    unit_expect_equal((unsigned long long)(n), (unsigned long long)(m), 1, UNIT_HERE)
#define assert_int_not_equal(n, m)                                                                 \
    unit_expect_equal((unsigned long long)(n), (unsigned long long)(m), 0, UNIT_HERE)
#define assert_in_range(n, least, most)                                                            \
    unit_expect_range((unsigned long long)(n), (unsigned long long)(least),                        \
                      (unsigned long long)(most), UNIT_HERE)
#define assert_string_equal(s, t)     unit_expect_text(s, t, 1, UNIT_HERE)
#define assert_string_not_equal(s, t) unit_expect_text(s, t, 0, UNIT_HERE)
#define assert_memory_equal(p, q, n)                                                               \
    unit_expect(memcmp(p, q, n) == 0, UNIT_HERE, "not the same bytes: %s, %s", #p, #q)

static inline int _cmocka_run_group_tests(const char *title, const struct CMUnitTest *tests,
                                          size_t count, CMFixtureFunction set_up,
                                          CMFixtureFunction tear_down)
{
    void *group = NULL, *own;
    size_t i;

    unit_expect(set_up == NULL || set_up(&group) == 0, title, 0, "cannot be set up");
    for (i = 0; i < count; i++) {
        own = group;
        printf("%s: %s\n", title, tests[i].name);
        unit_expect(tests[i].set_up == NULL || tests[i].set_up(&own) == 0, title, 0,
                    "cannot be set up: %s", tests[i].name);
        tests[i].test(&own);
        unit_expect(tests[i].tear_down == NULL || tests[i].tear_down(&own) == 0, title, 0,
                    "cannot be torn down: %s", tests[i].name);
    }
    unit_expect(tear_down == NULL || tear_down(&group) == 0, title, 0, "cannot be torn down");
    printf("%s: %u tests passed\n", title, (unsigned)count);
    return 0;
}

#endif
