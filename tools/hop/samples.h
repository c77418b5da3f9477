// SPDX-License-Identifier: MIT
/* The last so many times that something took, and what is to be said of them. Pure: no clock. */
#ifndef ROPP_TOOLS_HOP_SAMPLES_H
#define ROPP_TOOLS_HOP_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#define ROPP_SAMPLE_FAILED (-1) /* in place of milliseconds */

/* The newest `room` ones. */
struct ropp_samples {
    int64_t *ms;
    size_t room;
    size_t count; /* that were ever added */
};

struct ropp_summary {
    size_t tried, failed;
    int64_t median_ms; /* of those that did not fail; these three are -1 where there is none */
    int64_t p95_ms;    /* so many of a hundred take no longer (nearest rank) */
    int64_t jitter_ms; /* by how much one differs from the one before, on average */
};

/* `room` is not 0. Memory is freed with ropp_samples_free. */
void ropp_samples_begin(struct ropp_samples *samples, size_t room);
void ropp_samples_add(struct ropp_samples *samples, int64_t ms);
void ropp_samples_free(struct ropp_samples *samples);

struct ropp_summary ropp_samples_summary(const struct ropp_samples *samples);

#endif
