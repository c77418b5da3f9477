#include "tools/base/moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tools/base/cli.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, WEEK = 7 * DAY };

#define DURATION_MAX ((int64_t)36525 * DAY)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The seconds of the unit of time at *at, 0 when there is none; *at moves behind it. */
static int64_t take_unit(const char **at)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {
        {"s", 1},        {"second", 1},      {"seconds", 1},      {"m", MINUTE},
        {"min", MINUTE}, {"minute", MINUTE}, {"minutes", MINUTE}, {"h", HOUR},
        {"hour", HOUR},  {"hours", HOUR},    {"d", DAY},          {"day", DAY},
        {"days", DAY},   {"w", WEEK},        {"week", WEEK},      {"weeks", WEEK},
    };
    size_t length = 0, i;

    while ((*at)[length] >= 'a' && (*at)[length] <= 'z')
        length++;
    for (i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].name) == length && strncmp(units[i].name, *at, length) == 0) {
            *at += length;
            return units[i].seconds;
        }
    return 0;
}

/* A number with at most three digits behind its point, in thousandths; -1 when it is none or too
 * large. *at moves behind it. */
static int64_t take_thousandths(const char **at)
{
    int64_t number = 0, digit = 100;

    if (!is_digit(**at))
        return -1;
    for (; is_digit(**at); (*at)++) {
        number = number * 10 + (**at - '0');
        if (number > DURATION_MAX)
            return -1;
    }
    number *= 1000;
    if (**at != '.')
        return number;
    (*at)++;
    if (!is_digit(**at))
        return -1;
    for (; is_digit(**at) && digit > 0; (*at)++, digit /= 10)
        number += digit * (**at - '0');
    return number;
}

bool ropp_duration_parse(const char *text, int64_t *seconds)
{
    int64_t total = 0, number, unit;
    const char *at = text;

    do {
        number = take_thousandths(&at);
        at += strspn(at, " ");
        unit = take_unit(&at);
        if (number < 0 || unit == 0 || number / 1000 > (DURATION_MAX - total) / unit)
            return false;
        total += number / 1000 * unit + number % 1000 * unit / 1000;
        if (total > DURATION_MAX)
            return false;
        at += strspn(at, " ");
    } while (*at != '\0');
    if (total == 0)
        return false;
    *seconds = total;
    return true;
}

/* A number of exactly so many digits; *at moves behind it. */
static bool take_number(const char **at, int digits, int min, int max, int *out)
{
    int number = 0;

    while (digits-- > 0) {
        if (!is_digit(**at))
            return false;
        number = number * 10 + (*(*at)++ - '0');
    }
    *out = number;
    return number >= min && number <= max;
}

static bool take_char(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

static bool take_day(const char **at, struct tm *day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, last;

    if (!take_number(at, 4, 1970, 9999, &year) || !take_char(at, '-') ||
        !take_number(at, 2, 1, 12, &month) || !take_char(at, '-') ||
        !take_number(at, 2, 1, 31, &day->tm_mday))
        return false;
    last = lengths[month - 1];
    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        last = 29;
    day->tm_year = year - 1900;
    day->tm_mon = month - 1;
    return day->tm_mday <= last;
}

static bool take_time(const char **at, struct tm *time)
{
    if (!take_char(at, ' ') && !take_char(at, 'T'))
        return false;
    if (!take_number(at, 2, 0, 23, &time->tm_hour) || !take_char(at, ':') ||
        !take_number(at, 2, 0, 59, &time->tm_min))
        return false;
    return !take_char(at, ':') || take_number(at, 2, 0, 59, &time->tm_sec);
}

/* "Z", or how far from UTC: "+02:00", "-0330", "+02". *seconds is how much it is ahead; *given is
 * false where there is neither. */
static bool take_zone(const char **at, bool *given, int64_t *ahead_s)
{
    int sign = **at == '-' ? -1 : 1, hours, minutes = 0;

    *ahead_s = 0;
    *given = **at != '\0';
    if (!*given || take_char(at, 'Z'))
        return true;
    if (!take_char(at, '+') && !take_char(at, '-'))
        return false;
    if (!take_number(at, 2, 0, 14, &hours))
        return false;
    (void)take_char(at, ':');
    if (**at != '\0' && !take_number(at, 2, 0, 59, &minutes))
        return false;
    *ahead_s = sign * (int64_t)(hours * HOUR + minutes * MINUTE);
    return true;
}

bool ropp_moment_parse(const char *text, int64_t *unix_s)
{
    const char *at = text;
    struct tm moment;
    int64_t ahead_s;
    time_t seconds;
    bool utc;

    memset(&moment, 0, sizeof moment);
    moment.tm_isdst = -1; /* the system knows whether it is summer */
    if (!take_day(&at, &moment) || (*at != '\0' && *at != 'Z' && !take_time(&at, &moment)))
        return false;
    if (!take_zone(&at, &utc, &ahead_s) || *at != '\0')
        return false;
    seconds = utc ? timegm(&moment) : mktime(&moment);
    if (seconds == (time_t)-1)
        return false;
    *unix_s = (int64_t)seconds - ahead_s;
    return true;
}

static void format(struct tm *(*split)(const time_t *, struct tm *), const char *form,
                   int64_t unix_s, char out[ROPP_MOMENT_TEXT])
{
    time_t seconds = (time_t)unix_s;
    struct tm moment;

    if (split(&seconds, &moment) == NULL || strftime(out, ROPP_MOMENT_TEXT, form, &moment) == 0)
        snprintf(out, ROPP_MOMENT_TEXT, "@%" PRId64, unix_s);
}

void ropp_moment_format(int64_t unix_s, char out[ROPP_MOMENT_TEXT])
{
    format(localtime_r, "%Y-%m-%d %H:%M", unix_s, out);
}

void ropp_moment_format_utc(int64_t unix_s, char out[ROPP_MOMENT_TEXT])
{
    format(gmtime_r, "%Y-%m-%dT%H:%M:%SZ", unix_s, out);
}

void ropp_span_format(int64_t seconds, char out[ROPP_SPAN_TEXT])
{
    if (seconds < MINUTE)
        snprintf(out, ROPP_SPAN_TEXT, "%" PRId64 " s", seconds);
    else if (seconds < HOUR)
        snprintf(out, ROPP_SPAN_TEXT, "%" PRId64 " min", seconds / MINUTE);
    else if (seconds < DAY)
        snprintf(out, ROPP_SPAN_TEXT, "%" PRId64 " h %" PRId64 " min", seconds / HOUR,
                 seconds % HOUR / MINUTE);
    else
        snprintf(out, ROPP_SPAN_TEXT, "%" PRId64 " d %" PRId64 " h", seconds / DAY,
                 seconds % DAY / HOUR);
}

static bool read_duration(const char *text, struct ropp_end *end)
{
    size_t digits = strspn(text, "0123456789");

    if (ropp_duration_parse(text, &end->for_s))
        return true;
    if (digits > 0 && digits < 10 && text[digits] == '\0' && strspn(text, "0") < digits) {
        ropp_error("seconds or minutes: --for '%s': write %ss or %sm", text, text, text);
        return false;
    }
    ropp_error("no such time: --for '%s': write it as 30m, 12h, 7d or 2w, or leave it out for one "
               "that does not end",
               text);
    return false;
}

static bool read_until(const char *text, int64_t now_s, struct ropp_end *end)
{
    if (!ropp_moment_parse(text, &end->until_s)) {
        ropp_error(
            "no such time: --until '%s': write it as 'YYYY-MM-DD HH:MM', with Z or +02:00 behind "
            "it for another time zone",
            text);
        return false;
    }
    if (end->until_s <= now_s) {
        ropp_error("already past: --until '%s': name a time to come", text);
        return false;
    }
    return true;
}

bool ropp_end_read(const char *duration, const char *until, struct ropp_end *end)
{
    int64_t now_s = (int64_t)time(NULL);

    memset(end, 0, sizeof *end);
    if (duration != NULL && until != NULL) {
        ropp_error("two ends: --for and --until: give one of them");
        return false;
    }
    if ((duration != NULL && !read_duration(duration, end)) ||
        (until != NULL && !read_until(until, now_s, end)))
        return false;
    if (ropp_end_at(end, now_s) > ROPP_MOMENT_MAX) {
        ropp_error("too far away: %s '%s': MariaDB's times end on 2038-01-19; leave it out for one "
                   "that does not end",
                   until != NULL ? "--until" : "--for", until != NULL ? until : duration);
        return false;
    }
    return true;
}

int64_t ropp_end_at(const struct ropp_end *end, int64_t now_s)
{
    return end->for_s != 0 ? now_s + end->for_s : end->until_s;
}
