// SPDX-License-Identifier: MIT
/* A bar on standard error for what takes more than a second, when that is a terminal:
 *
 *   writing  [############--------]  61 %  18200 prefixes/s, 21 s left
 *
 * Nothing is shown, and nothing is left of it, otherwise. */
#ifndef ROPP_TOOLS_BASE_PROGRESS_H
#define ROPP_TOOLS_BASE_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

struct ropp_progress {
    const char *what; /* "writing" */
    const char *unit; /* "prefixes" */
    uint64_t total;   /* 0: not known, then only the rate is shown */
    int64_t began_ms;
    int64_t shown_ms; /* 0: not yet */
    size_t columns;   /* of the terminal, 0: there is none */
};

/* Texts are the caller's and outlive the bar. */
void ropp_progress_begin(struct ropp_progress *progress, const char *what, const char *unit,
                         uint64_t total);
void ropp_progress_show(struct ropp_progress *progress, uint64_t done);
void ropp_progress_end(struct ropp_progress *progress);

enum { ROPP_PROGRESS_TEXT = 200 };

/* The bar as text, in less than progress->columns; `past_ms` is more than 0. */
void ropp_progress_text(const struct ropp_progress *progress, uint64_t done, int64_t past_ms,
                        char text[ROPP_PROGRESS_TEXT]);

#endif
