// SPDX-License-Identifier: MIT
#include "tools/hop/samples.h"

#include <stdlib.h>

#include "tools/base/buffer.h"

void ropp_samples_begin(struct ropp_samples *samples, size_t room)
{
    *samples = (struct ropp_samples){.ms = ropp_alloc(room, sizeof *samples->ms), .room = room};
}

void ropp_samples_add(struct ropp_samples *samples, int64_t ms)
{
    samples->ms[samples->count++ % samples->room] = ms;
}

void ropp_samples_free(struct ropp_samples *samples)
{
    free(samples->ms);
    *samples = (struct ropp_samples){.ms = NULL};
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* The smallest of sorted values that `percent` of a hundred do not exceed. */
static int64_t rank(const int64_t *sorted, size_t count, size_t percent)
{
    return sorted[(count * percent + 99) / 100 - 1];
}

struct ropp_summary ropp_samples_summary(const struct ropp_samples *samples)
{
    const size_t tried = samples->count < samples->room ? samples->count : samples->room;
    struct ropp_summary summary = {tried, 0, -1, -1, -1};
    int64_t *good = ropp_alloc(tried, sizeof *good), steps = 0;
    size_t count = 0;

    for (size_t i = samples->count - tried; i < samples->count; i++) {
        const int64_t ms = samples->ms[i % samples->room];

        if (ms < 0) {
            summary.failed++;
            continue;
        }
        if (count)
            steps += llabs(ms - good[count - 1]);
        good[count++] = ms;
    }
    if (count) {
        const int64_t pairs = count > 1 ? (int64_t)count - 1 : 1;

        summary.jitter_ms = (steps + pairs / 2) / pairs;
        qsort(good, count, sizeof *good, compare);
        summary.median_ms = rank(good, count, 50);
        summary.p95_ms = rank(good, count, 95);
    }
    free(good);
    return summary;
}
