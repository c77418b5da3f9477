// SPDX-License-Identifier: MIT
/* The ways behind each hop, as its HAProxy sees them at the moment. */
#ifndef ROPP_TOOLS_HOP_WAYS_H
#define ROPP_TOOLS_HOP_WAYS_H

#include "tools/hop/network.h"

/* One way of a hop. */
struct ropp_way {
    bool up;          /* for every port of the game */
    char *trouble;    /* what HAProxy says of it: "login: DOWN, L4TOUT"; NULL when it is up */
    int64_t step_ms;  /* there and back to what it leads to; -1: not known */
    int64_t whole_ms; /* there and back to the origin, by the ways that are taken; -1 */
    uint64_t sessions;
    bool preferred; /* its switch is on */
};

/* Those of all hops. */
struct ropp_ways {
    struct ropp_way *items; /* ROPP_HOP_WAYS for each hop, in the order of `via` */
    char **troubles;        /* of each hop: why nothing is known of its ways; NULL: it is */
    size_t count;           /* hops */
};

/* Asks every hop that can be asked; each exchange has so long. Freed with ropp_ways_free. */
void ropp_ways_read(const struct ropp_network *network, int timeout_ms, struct ropp_ways *ways);
void ropp_ways_free(struct ropp_ways *ways);

struct ropp_way *ropp_ways_of(const struct ropp_ways *ways, size_t hop);

/* The one that new sessions take, as an index into hop->ways; hop->way_count when all are down. */
size_t ropp_ways_taken(const struct ropp_network *network, const struct ropp_ways *ways,
                       size_t hop);

/* Makes one way the first, or with hop->way_count goes back to the file's order. Sessions that are
 * open stay where they are. Returns a trouble, freed by the caller, or NULL. */
char *ropp_ways_prefer(const struct ropp_network *network, size_t hop, size_t way, int timeout_ms);

/* -- for the tests ---------------------------------------------------------- */

/* Empty ones, of which nothing is known; and what `show stat` says of a hop's. */
void ropp_ways_begin(struct ropp_ways *ways, size_t hops);
void ropp_ways_take(const struct ropp_network *network, struct ropp_ways *ways, size_t hop,
                    const char *stat);
void ropp_ways_whole(const struct ropp_network *network, struct ropp_ways *ways);

#endif
