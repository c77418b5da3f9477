// SPDX-License-Identifier: MIT
/* The ban list on its way from the worker, which builds it, to the game's thread, which asks it.
 *
 * A snapshot never changes, and at any moment one of the two owns it. Two slots, each one atomic
 * pointer, hand it over: `fresh` from the worker, `spent` back to it, because freeing a large block
 * is work too and not the game's. Neither side ever waits for the other: a fresh snapshot that was
 * not taken yet is replaced by a fresher one. */
#ifndef ROPP_SERVICE_SNAPSHOT_H
#define ROPP_SERVICE_SNAPSHOT_H

#include "core/ban.h"

struct ropp_snapshot {
    struct ropp_table *table;     /* of proxy_ban; owned, from malloc */
    struct ropp_table *ipbanlist; /* the same of ipbanlist; NULL when it has nothing */
    int64_t loaded_ms;            /* wall clock */
    struct ropp_snapshot *older;  /* in the slot `spent`: one that is done with as well */
};

struct ropp_snapshot_slots {
    void *fresh; /* struct ropp_snapshot; both slots by ropp_exchange alone */
    void *spent;
};

/* By the worker: gives it away. Takes back, and frees, what is in either slot. */
void ropp_snapshot_publish(struct ropp_snapshot_slots *slots, struct ropp_snapshot *snapshot);

/* By the worker, now and then: frees what the game is done with. */
void ropp_snapshot_sweep(struct ropp_snapshot_slots *slots);

/* By the game: puts a fresh snapshot, if there is one, in the place of *current (NULL before the
 * first). True when it has changed. */
bool ropp_snapshot_take(struct ropp_snapshot_slots *slots, struct ropp_snapshot **current);

/* The lists in it, as core/ban.h asks them with that key. */
struct ropp_ban_lists ropp_snapshot_lists(const struct ropp_snapshot *snapshot,
                                          const struct ropp_standin_key *key);

/* Frees it and those that are linked to it. NULL is harmless. */
void ropp_snapshot_free(struct ropp_snapshot *snapshot);

#endif
