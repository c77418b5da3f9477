// SPDX-License-Identifier: MIT
/* Times as people write them: how long, and until when. Times are Unix time in seconds; their text
 * is in the time zone of the machine, except where it ends with Z (UTC). */
#ifndef ROPP_TOOLS_BASE_MOMENT_H
#define ROPP_TOOLS_BASE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#define ROPP_MOMENT_TEXT 24
#define ROPP_SPAN_TEXT   24

/* The last second that a TIMESTAMP of MariaDB can hold (2038-01-19; newer ones go further). */
#define ROPP_MOMENT_MAX INT64_C(2147483647)

/* Reads "7d", "12h", "90m", "2w", "45s", "1.5h", "1w 2d", "7 days", "1 hour 30 minutes": more than
 * nothing and at most a hundred years. False, and *seconds untouched, when it is anything else. */
bool ropp_duration_parse(const char *text, int64_t *seconds);

/* Reads "YYYY-MM-DD", "YYYY-MM-DD HH:MM" and "YYYY-MM-DD HH:MM:SS", with a 'T' for the space and
 * a time zone behind it if wished: 'Z', "+02:00", "+0200". False, and *unix_s untouched, when it is
 * anything else or no such day. */
bool ropp_moment_parse(const char *text, int64_t *unix_s);

/* "2026-11-25 14:03". */
void ropp_moment_format(int64_t unix_s, char out[ROPP_MOMENT_TEXT]);

/* "2026-11-25T14:03:00Z", for programs. */
void ropp_moment_format_utc(int64_t unix_s, char out[ROPP_MOMENT_TEXT]);

/* "45 s", "12 min", "3 h 12 min", "7 d 4 h": two units at most. */
void ropp_span_format(int64_t seconds, char out[ROPP_SPAN_TEXT]);

/* The end of a ban as the options --for and --until give it; zeroed, it never ends. */
struct ropp_end {
    int64_t for_s;   /* so long from the moment it begins, unless 0 */
    int64_t until_s; /* else until then, unless 0 */
};

/* Reads the values of both options; each may be NULL. --for may also be a number of seconds alone,
 * or -1 for no end. False with a message when one is no such time or already past. */
bool ropp_end_read(const char *duration, const char *until, struct ropp_end *end);

/* When a ban ends that begins now; 0 = never. */
int64_t ropp_end_at(const struct ropp_end *end, int64_t now_s);

#endif
