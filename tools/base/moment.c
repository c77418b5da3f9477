// SPDX-License-Identifier: MIT
#include "tools/base/moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tools/base/cli.h"
#include "tools/base/decimal.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, WEEK = 7 * DAY };

#define DURATION_MAX ((int64_t)36525 * DAY)

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
    size_t length = 0;

    while ((*at)[length] >= 'a' && (*at)[length] <= 'z')
        length++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
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
    uint64_t whole, part;
    size_t digits = ropp_decimal_begin(*at, strlen(*at), DURATION_MAX, &whole);

    if (digits == 0)
        return -1;
    *at += digits;
    if (**at != '.')
        return (int64_t)whole * 1000;
    digits = ropp_decimal_begin(*at + 1, strlen(*at + 1), 999, &part);
    if (digits == 0 || digits > 3)
        return -1;
    *at += 1 + digits;
    for (; digits < 3; digits++)
        part *= 10;
    return (int64_t)(whole * 1000 + part);
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

/* Whether the text at *at begins in this form, in which a 0 is any digit; then *at moves behind it.
 */
static bool take_form(const char **at, const char *form)
{
    size_t i;

    for (i = 0; form[i] != '\0'; i++)
        if (form[i] == '0' ? (*at)[i] < '0' || (*at)[i] > '9' : (*at)[i] != form[i])
            return false;
    *at += i;
    return true;
}

static bool take_time(const char **at, struct tm *time)
{
    const char *begin = *at;

    if (!take_form(at, " 00:00") && !take_form(at, "T00:00"))
        return false;
    (void)take_form(at, ":00");
    return sscanf(begin + 1, "%2d:%2d:%2d", &time->tm_hour, &time->tm_min, &time->tm_sec) >= 2;
}

/* "Z", or how far from UTC: "+02:00", "-0330", "+02". *ahead_s is how much it is ahead. */
static bool take_zone(const char **at, int64_t *ahead_s)
{
    int sign = **at == '-' ? -1 : 1, hours = 0, minutes = 0;
    const char *digits = *at + 1;

    *ahead_s = 0;
    if (take_form(at, "Z"))
        return true;
    if (!take_form(at, "+") && !take_form(at, "-"))
        return false;
    if ((!take_form(at, "00:00") && !take_form(at, "0000") && !take_form(at, "00")) ||
        sscanf(digits, digits[2] == ':' ? "%2d:%2d" : "%2d%2d", &hours, &minutes) < 1)
        return false;
    *ahead_s = sign * (int64_t)(hours * HOUR + minutes * MINUTE);
    return hours <= 14 && minutes < 60;
}

/* Whether there is such a day and time: calculated with, it stays the same. */
static bool exists(const struct tm *moment)
{
    struct tm same = *moment;

    return moment->tm_year >= 70 && timegm(&same) != (time_t)-1 && same.tm_mon == moment->tm_mon &&
           same.tm_mday == moment->tm_mday && same.tm_hour == moment->tm_hour &&
           same.tm_min == moment->tm_min && same.tm_sec == moment->tm_sec;
}

bool ropp_moment_parse(const char *text, int64_t *unix_s)
{
    struct tm moment = {.tm_isdst = -1}; /* the system knows whether it is summer */
    const char *at = text;
    int64_t ahead_s = 0;
    time_t seconds;
    bool utc;

    if (!take_form(&at, "0000-00-00") ||
        sscanf(text, "%4d-%2d-%2d", &moment.tm_year, &moment.tm_mon, &moment.tm_mday) != 3 ||
        (*at != '\0' && *at != 'Z' && !take_time(&at, &moment)))
        return false;
    moment.tm_year -= 1900;
    moment.tm_mon--;
    utc = *at != '\0';
    if ((utc && !take_zone(&at, &ahead_s)) || *at != '\0' || !exists(&moment))
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

/* A number alone is seconds, of which a part is left out, and -1 is no end: what fail2ban calls the
 * time of a ban. */
static bool read_seconds(const char *text, struct ropp_end *end)
{
    size_t digits, behind = 0;
    uint64_t seconds;

    if (strcmp(text, "-1") == 0)
        return true;
    digits = ropp_decimal_begin(text, strlen(text), DURATION_MAX, &seconds);
    if (digits > 0 && text[digits] == '.')
        behind = 1 + strspn(text + digits + 1, "0123456789");
    if (digits == 0 || seconds == 0 || behind == 1 || text[digits + behind] != '\0')
        return false;
    end->for_s = (int64_t)seconds;
    return true;
}

static bool read_duration(const char *text, struct ropp_end *end)
{
    if (read_seconds(text, end) || ropp_duration_parse(text, &end->for_s))
        return true;
    return ropp_error(
        "no such time: --for '%s': write it as 30m, 12h, 7d or 2w, or leave it out for one "
        "that does not end",
        text);
}

static bool read_until(const char *text, int64_t now_s, struct ropp_end *end)
{
    if (!ropp_moment_parse(text, &end->until_s))
        return ropp_error(
            "no such time: --until '%s': write it as 'YYYY-MM-DD HH:MM', with Z or +02:00 behind "
            "it for another time zone",
            text);
    if (end->until_s <= now_s) {
        return ropp_error("already past: --until '%s': name a time to come", text);
    }
    return true;
}

bool ropp_end_read(const char *duration, const char *until, struct ropp_end *end)
{
    int64_t now_s = (int64_t)time(NULL);

    memset(end, 0, sizeof *end);
    if (duration != NULL && until != NULL)
        return ropp_error("two ends: --for and --until: give one of them");
    if ((duration != NULL && !read_duration(duration, end)) ||
        (until != NULL && !read_until(until, now_s, end)))
        return false;
    if (ropp_end_at(end, now_s) > ROPP_MOMENT_MAX)
        return ropp_error(
            "too far away: %s '%s': MariaDB's times end on 2038-01-19; leave it out for one "
            "that does not end",
            until != NULL ? "--until" : "--for", until != NULL ? until : duration);
    return true;
}

int64_t ropp_end_at(const struct ropp_end *end, int64_t now_s)
{
    return end->for_s != 0 ? now_s + end->for_s : end->until_s;
}
