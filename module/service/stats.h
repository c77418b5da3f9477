// SPDX-License-Identifier: MIT
/* What was refused, and how often. A flood must not fill a disk: refusals are counted by reason and
 * logged in one line at most every ten seconds. */
#ifndef ROPP_SERVICE_STATS_H
#define ROPP_SERVICE_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/addr.h"
#include "core/reason.h"
#include "service/text.h"

#define ROPP_STATS_INTERVAL_MS 10000

struct ropp_stats {
    /* Since the start; also the worker reads these, by ropp_counted. */
    uint64_t total[ROPP_REASON_COUNT]; /* refused */
    uint64_t accepted;                 /* without a header */
    uint64_t proxied;                  /* with one */
    uint64_t kicked;                   /* while they were in */
    /* The game's own. */
    uint32_t unlogged[ROPP_REASON_COUNT]; /* since the last line */
    struct ropp_addr latest;              /* the peer that was refused last */
    int64_t logged_ms;                    /* when the last line was */
    bool logged;                          /* whether there was one */
    bool waiting;                         /* whether anything is unlogged */
};

void ropp_stats_init(struct ropp_stats *stats);

void ropp_stats_refused(struct ropp_stats *stats, enum ropp_reason reason,
                        const struct ropp_addr *peer);

/* True when a line is due; it is then in `line`, and its refusals are logged. */
bool ropp_stats_line(struct ropp_stats *stats, int64_t now_ms, char line[ROPP_LINE_TEXT]);

#endif
