// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/base/moment.h"

/* What the system says that the time is; 0: what it is. */
static time_t time_now;

time_t __real_time(time_t *out);
time_t __wrap_time(time_t *out);

time_t __wrap_time(time_t *out)
{
    return time_now != 0 ? time_now : __real_time(out);
}

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
        {"3155760000s", INT64_C(3155760000)},
        {"36524d 24h", INT64_C(3155760000)},
        {"5217w 6d", INT64_C(3155760000)},
        {"36524.5d 12h", INT64_C(3155760000)},
        {"24h 36524d", INT64_C(3155760000)},
        {"36524d 25h", 0},
        {"25h 36524d", 0},
        {"1s 36525d", 0},
        {"36524.5d 12.5h", 0},
        {"1second 2seconds", 3},
        {"1m 1min 1minute 1minutes", 240},
        {"1h 1hour 1hours", 10800},
        {"1d 1day 1days", 259200},
        {"1w 1week 1weeks", 1814400},
        {"1.125h", 4050},
        {"0.001h", 3},
        {"0.001w", 604},
        {"0.999s 1s", 1},
        {"1.1234h", 0},
        {"1.1000h", 0},
        {"1.0h", 3600},
        {"00001d", 86400},
        {"1d   2h", 93600},
        {"1   d", 86400},
        {"1d ", 86400},
        {"1d2", 0},
        {"1sec", 0},
        {"1mi", 0},
        {"1D", 0},
        {"1{", 0},
        {"1`", 0},
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
        {"2026-12-24T17:00-00", 1798131600},
        {"2026-12-25T07:00+14:00", 1798131600},
        {"2026-12-25T07:59+1459", 1798131600},
        {"2026-12-24T03:00-14:00", 1798131600},
        {"2026-12-24T18:59+01:59", 1798131600},
        {"2026-12-24T17:00:00.5Z", 0},
        {"2026-12-24T19:00+02:60", 0},
        {"2026-12-24T19:00+02:99", 0},
        {"2026-12-24T19:00+0", 0},
        {"2026-12-24T19:00+", 0},
        {"2026-12-24T19:00*02", 0},
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
        {"1970-01-01T00:00:01Z", 1},
        {"1970-01-01 01:00:01", 1},
        {"1970-01-01 00:59:59", 0}, /* what the system calls an error */
        {"1969-12-31T23:59:59Z", 0},
        {"1969-12-31", 0},
        {"2026-12-24T23:59:59Z", 1798156799},
        {"2026-12-24 18:00:7", 0},
        {"2026-12-24 18:0", 0},
        {"2026-12-24-18:00", 0},
        {"2026/12/24", 0},
        {"2026-:2-24", 0},
        {"2026-/2-24", 0},
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
        {0, "0 s"},         {59, "59 s"},         {60, "1 min"},       {3599, "59 min"},
        {1, "1 s"},         {119, "1 min"},       {120, "2 min"},      {3661, "1 h 1 min"},
        {90000, "1 d 1 h"}, {172799, "1 d 23 h"}, {3600, "1 h 0 min"}, {86399, "23 h 59 min"},
        {86400, "1 d 0 h"}, {788400, "9 d 3 h"},
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

static struct capture err;

static void end_is(const char *duration, const char *until, int64_t wanted)
{
    struct ropp_end end;

    assert_true(ropp_end_read(duration, until, &end));
    assert_int_equal(ropp_end_at(&end, time_now), wanted);
}

static void no_end(const char *duration, const char *until, const char *message)
{
    struct ropp_end end;
    bool good;

    capture_begin(&err, stderr);
    good = ropp_end_read(duration, until, &end);
    capture_end(&err);
    assert_string_equal(err.text, message);
    assert_false(good);
}

/* On either side of now, and of the last time that the database has. */
static void test_limits_of_ends(void **state)
{
    (void)state;
    time_now = 2000000000; /* 2033-05-18T03:33:20Z */
    end_is(NULL, "2033-05-18T03:33:21Z", 2000000001);
    no_end(NULL, "2033-05-18T03:33:20Z",
           "ropp: already past: --until '2033-05-18T03:33:20Z': name a time to come\n");
    end_is(NULL, "2038-01-19T03:14:07Z", 2147483647);
    no_end(NULL, "2038-01-19T03:14:08Z",
           "ropp: too far away: --until '2038-01-19T03:14:08Z': MariaDB's times end on 2038-01-19; "
           "leave it out for one that does not end\n");
    end_is("147483647", NULL, 2147483647);
    end_is("147483647s", NULL, 2147483647);
    end_is("1", NULL, 2000000001);
    end_is("1.999", NULL, 2000000001);
    end_is("-1", NULL, 0);
    no_end("147483648", NULL,
           "ropp: too far away: --for '147483648': MariaDB's times end on 2038-01-19; leave it out "
           "for one that does not end\n");
    no_end("3155760000", NULL,
           "ropp: too far away: --for '3155760000': MariaDB's times end on 2038-01-19; leave it "
           "out for one that does not end\n");
    no_end("3155760001", NULL,
           "ropp: no such time: --for '3155760001': write it as 30m, 12h, 7d or 2w, or leave it "
           "out for one that does not end\n");
    no_end("1.5x", NULL,
           "ropp: no such time: --for '1.5x': write it as 30m, 12h, 7d or 2w, or leave it out for "
           "one that does not end\n");
    no_end(NULL, "then",
           "ropp: no such time: --until 'then': write it as 'YYYY-MM-DD HH:MM', with Z or +02:00 "
           "behind it for another time zone\n");
    no_end("1d", "2033-05-19Z", "ropp: two ends: --for and --until: give one of them\n");
    time_now = 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations), cmocka_unit_test(test_moments),
        cmocka_unit_test(test_formats),   cmocka_unit_test(test_beyond_the_calendar),
        cmocka_unit_test(test_ends),      cmocka_unit_test(test_limits_of_ends),
    };

    /* A zone whose rules are in its name, so that none need be installed. */
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    return UNIT_RUN(argc, argv, "moment", tests, NULL, NULL);
}
