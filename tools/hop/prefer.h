// SPDX-License-Identifier: MIT
/* Which of a hop's ways comes first, by the times that they take. Pure. */
#ifndef ROPP_TOOLS_HOP_PREFER_H
#define ROPP_TOOLS_HOP_PREFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Another way takes the first place when it is faster by both of these, so many times in a row:
 * what changes with every breath of the network is not worth following. */
#define ROPP_PREFER_MS      5
#define ROPP_PREFER_PERCENT 15
#define ROPP_PREFER_ROUNDS  3

struct ropp_preference {
    size_t way;     /* that comes first */
    size_t rival;   /* that was faster, */
    unsigned times; /* so often in a row */
};

/* Takes the times of one round in; one that is less than 0 is not known, or the way is down. True
 * when another way now comes first. A first way that is down keeps its place: the proxy passes over
 * it by itself. */
bool ropp_prefer(struct ropp_preference *preference, const int64_t *ms, size_t count);

#endif
