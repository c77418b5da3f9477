/* A bar on standard error for what takes more than a second, when that is a terminal:
 *
 *   writing  [############--------]  61 %  18200 prefixes/s, 21 s left
 *
 * Nothing is shown, and nothing is left of it, otherwise. */
#ifndef ROPP_TOOLS_PROGRESS_H
#define ROPP_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct ropp_progress {
    const char *what; /* "writing" */
    const char *unit; /* "prefixes" */
    uint64_t total;   /* 0: not known, then only the rate is shown */
    int64_t began_ms;
    int64_t shown_ms; /* 0: not yet */
    bool terminal;
};

/* Texts are the caller's and outlive the bar. */
void ropp_progress_begin(struct ropp_progress *progress, const char *what, const char *unit,
                         uint64_t total);
void ropp_progress_show(struct ropp_progress *progress, uint64_t done);
void ropp_progress_end(struct ropp_progress *progress);

#endif
