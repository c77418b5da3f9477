// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/unit.h"
#include "tools/base/moment.h"

static void test_durations(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds; /* 0: refused */
    } cases[] = {
        {"45s", 45},
        {"30m", 1800},
        {"12h", 43200},
        {"7d", 604800},
        {"2w", 1209600},
        {"1w2d", 777600},
        {"1w 2d 3h", 788400},
        {"7 days", 604800},
        {"1 hour 30 minutes", 5400},
        {"1 week", 604800},
        {"90 min", 5400},
        {"1 second", 1},
        {"36525d", INT64_C(3155760000)},
        {"", 0},
        {"7", 0},
        {"d", 0},
        {"-7d", 0},
        {"+7d", 0},
        {"1.5h", 5400},
        {"7.5d", 648000},
        {"0.5 days", 43200},
        {"1.25h 0.5m", 4530},
        {"0.0005s", 0},
        {"0.25s", 0},
        {"1.h", 0},
        {".5h", 0},
        {"1.2.3h", 0},
        {"1,5h", 0},
        {"36525.5d", 0},
        {"0d", 0},
        {"0s 0m", 0},
        {"7D", 0},
        {"7 dayz", 0},
        {"7d x", 0},
        {" 7d", 0},
        {"36525d 1s", 0},
        {"36526d", 0},
        {"9999999999999999999999d", 0},
        {"3155760001s", 0},
    };
    int64_t seconds;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        seconds = 0;
        if (ropp_duration_parse(cases[i].text, &seconds) != (cases[i].seconds != 0) ||
            seconds != cases[i].seconds)
            fail_msg("'%s' is %lld", cases[i].text, (long long)seconds);
    }
}

static void test_moments(void **state)
{
    static const struct {
        const char *text;
        int64_t unix_s; /* 0: refused */
    } cases[] = {
        {"2026-12-24 18:00", 1798131600}, /* in winter, an hour from UTC */
        {"2026-12-24 18:00:07", 1798131607},
        {"2026-12-24T18:00", 1798131600},
        {"2026-12-24T17:00:00Z", 1798131600},      /* what --json prints */
        {"2026-12-24T19:00:00+02:00", 1798131600}, /* what other programs print */
        {"2026-12-24 19:00+02:00", 1798131600},
        {"2026-12-24T13:30:00-0330", 1798131600},
        {"2026-12-24T19:00+02", 1798131600},
        {"2026-12-24T17:00:00+00:00", 1798131600},
        {"2026-12-24+02:00", 0},
        {"2026-12-24T19:00+2", 0},
        {"2026-12-24T19:00+02:60", 0},
        {"2026-12-24T19:00+15:00", 0},
        {"2026-12-24T19:00+02:00Z", 0},
        {"2026-12-24T19:00+02:0", 0},
        {"2026-12-24T19:00 +02:00", 0},
        {"2026-12-24", 1798066800},
        {"2026-12-24Z", 1798070400},
        {"2026-07-01 12:00", 1782900000}, /* in summer, two hours */
        {"2028-02-29Z", 1835395200},
        {"2000-02-29Z", 951782400},
        {"", 0},
        {"2026-12-24 18", 0},
        {"2026-12-24 24:00", 0},
        {"2026-12-24 18:60", 0},
        {"2026-12-24 18:00:60", 0},
        {"2026-13-24", 0},
        {"2026-00-24", 0},
        {"2026-12-32", 0},
        {"2026-12-00", 0},
        {"2026-02-29", 0},
        {"2100-02-29", 0},
        {"2026-2-9", 0},
        {"1969-12-31", 0},
        {"24.12.2026", 0},
        {"2026-12-24 18:00 ", 0},
        {"2026-12-24x", 0},
        {"2026-12-24 18:00ZZ", 0},
        {"tomorrow", 0},
    };
    int64_t unix_s;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unix_s = 0;
        if (ropp_moment_parse(cases[i].text, &unix_s) != (cases[i].unix_s != 0) ||
            unix_s != cases[i].unix_s)
            fail_msg("'%s' is %lld", cases[i].text, (long long)unix_s);
    }
}

static void test_formats(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } spans[] = {
        {0, "0 s"},          {59, "59 s"},           {60, "1 min"},      {3599, "59 min"},
        {3600, "1 h 0 min"}, {86399, "23 h 59 min"}, {86400, "1 d 0 h"}, {788400, "9 d 3 h"},
    };
    char text[ROPP_MOMENT_TEXT], span[ROPP_SPAN_TEXT];
    int64_t back;
    size_t i;

    (void)state;
    ropp_moment_format(1798131600, text);
    assert_string_equal(text, "2026-12-24 18:00");
    assert_true(ropp_moment_parse(text, &back));
    assert_int_equal(back, 1798131600);
    ropp_moment_format_utc(1798131600, text);
    assert_string_equal(text, "2026-12-24T17:00:00Z");
    assert_true(ropp_moment_parse(text, &back));
    assert_int_equal(back, 1798131600);
    for (i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        ropp_span_format(spans[i].seconds, span);
        assert_string_equal(span, spans[i].text);
    }
}

/* A time that no calendar holds is shown as the number that it is. */
static void test_beyond_the_calendar(void **state)
{
    char text[ROPP_MOMENT_TEXT] = "";

    (void)state;
    ropp_moment_format(INT64_MAX, text);
    assert_string_equal(text, "@9223372036854775807");
    ropp_moment_format_utc(INT64_MAX, text);
    assert_string_equal(text, "@9223372036854775807");
}

static void test_ends(void **state)
{
    int64_t now_s = (int64_t)time(NULL);
    struct ropp_end end;

    (void)state;
    assert_true(ropp_end_read(NULL, NULL, &end));
    assert_int_equal(ropp_end_at(&end, now_s), 0);
    assert_true(ropp_end_read("7d", NULL, &end));
    assert_int_equal(ropp_end_at(&end, 1000), 1000 + 604800);
    assert_true(ropp_end_read(NULL, "2037-12-31Z", &end));
    assert_int_equal(ropp_end_at(&end, 1000), 2145830400);
    assert_true(ropp_end_read("600", NULL, &end));
    assert_int_equal(ropp_end_at(&end, 1000), 1600);
    assert_true(ropp_end_read("90.75", NULL, &end));
    assert_int_equal(ropp_end_at(&end, 1000), 1090);
    assert_true(ropp_end_read("-1", NULL, &end));
    assert_int_equal(ropp_end_at(&end, 1000), 0);
    assert_false(ropp_end_read("-1", "2037-12-31Z", &end));
    assert_false(ropp_end_read("-2", NULL, &end));
    assert_false(ropp_end_read("0", NULL, &end));
    assert_false(ropp_end_read("0.5", NULL, &end));
    assert_false(ropp_end_read("600.", NULL, &end));
    assert_false(ropp_end_read("7d", "2037-12-31Z", &end));
    assert_false(ropp_end_read("soon", NULL, &end));
    assert_false(ropp_end_read(NULL, "soon", &end));
    assert_false(ropp_end_read(NULL, "2026-01-01", &end));
    assert_false(ropp_end_read("36525d", NULL, &end));
    assert_false(ropp_end_read(NULL, "2038-01-20", &end));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations), cmocka_unit_test(test_moments),
        cmocka_unit_test(test_formats),   cmocka_unit_test(test_beyond_the_calendar),
        cmocka_unit_test(test_ends),
    };

    /* A zone whose rules are in its name, so that none need be installed. */
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    return UNIT_RUN(argc, argv, "moment", tests, NULL, NULL);
}
