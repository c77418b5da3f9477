// SPDX-License-Identifier: MIT
#include "service/stats.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "platform.h"

void ropp_stats_init(struct ropp_stats *stats)
{
    memset(stats, 0, sizeof *stats);
}

void ropp_stats_refused(struct ropp_stats *stats, enum ropp_reason reason,
                        const struct ropp_addr *peer)
{
    ropp_count(&stats->total[reason]);
    stats->unlogged[reason]++;
    stats->latest = *peer;
    stats->waiting = true;
}

/* Appends to a line and leaves off what does not fit. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
append(char line[ROPP_LINE_TEXT], const char *format, ...)
{
    size_t used = strlen(line);
    va_list args;

    va_start(args, format);
    vsnprintf(line + used, ROPP_LINE_TEXT - used, format, args);
    va_end(args);
}

/* Takes out the reason with the most refusals that are not logged yet. Returns their number, 0 at
 * the end. */
static uint32_t stats_take_most(struct ropp_stats *stats, enum ropp_reason *reason)
{
    uint32_t most = 0;
    int i;

    for (i = 0; i < ROPP_REASON_COUNT; i++) {
        if (stats->unlogged[i] > most) {
            most = stats->unlogged[i];
            *reason = (enum ropp_reason)i;
        }
    }
    if (most > 0)
        stats->unlogged[*reason] = 0;
    return most;
}

bool ropp_stats_line(struct ropp_stats *stats, int64_t now_ms, char line[ROPP_LINE_TEXT])
{
    enum ropp_reason reason = ROPP_REASON_NONE, first = ROPP_REASON_NONE;
    char peer[ROPP_ADDR_TEXT];
    uint32_t count;
    uint64_t sum = 0;
    int i;

    if (!stats->waiting)
        return false;
    if (stats->logged && now_ms - stats->logged_ms < ROPP_STATS_INTERVAL_MS)
        return false;
    for (i = 0; i < ROPP_REASON_COUNT; i++)
        sum += stats->unlogged[i];
    ropp_addr_format(&stats->latest, peer);
    line[0] = '\0';
    append(line, "ropp: refused %llu connection%s, the latest from %s:", (unsigned long long)sum,
           sum == 1 ? "" : "s", peer);
    while ((count = stats_take_most(stats, &reason)) > 0) {
        append(line, "%s %s %lu", first == ROPP_REASON_NONE ? "" : ",", ropp_reason_name(reason),
               (unsigned long)count);
        if (first == ROPP_REASON_NONE)
            first = reason;
    }
    append(line, ". %s: %s", ropp_reason_name(first), ropp_reason_text(first));
    stats->logged = true;
    stats->logged_ms = now_ms;
    stats->waiting = false;
    return true;
}
