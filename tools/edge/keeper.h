// SPDX-License-Identifier: MIT
/* Targets kept in step with a list: who has which, who is to be looked at, who is away. A target is
 * looked at every second or two; one that is away, or fails, is tried again at growing intervals, of
 * which a target that only could not be reached has short ones. */
#ifndef ROPP_TOOLS_EDGE_KEEPER_H
#define ROPP_TOOLS_EDGE_KEEPER_H

#include <poll.h>

#include "tools/edge/edge.h"
#include "tools/edge/job.h"

/* A list that several hold; the last one to let go frees it. */
struct ropp_edge_list {
    struct ropp_prefix_set banned;
    int64_t now_s; /* the moment it is of (Unix time) */
    unsigned holders;
};

/* With a copy of the set; the caller holds the list. */
struct ropp_edge_list *ropp_edge_list_new(const struct ropp_prefix_set *banned, int64_t now_s);
void ropp_edge_list_drop(struct ropp_edge_list *list); /* NULL: nothing */

struct ropp_edge_keeper {
    struct ropp_edge edge;
    struct ropp_edge_list *has;    /* what it was left with; NULL: not known */
    struct ropp_edge_list *coming; /* what the job that runs brings it */
    struct ropp_edge_mark mark;
    struct ropp_edge_job job;
    bool again;       /* what was done last may be half done */
    bool forget;      /* as soon as the job that runs is done */
    int64_t due_ms;   /* when it is looked at next */
    int64_t pause_ms; /* before the next try; 0: the last one was good */

    /* What is known of it. */
    bool good;         /* the last look was */
    bool ever;         /* one was, once */
    uint64_t entries;  /* in force, as of the last good one */
    int64_t since_ms;  /* when they came into force (Unix time); 0: never */
    char trouble[256]; /* why the last look was not good; empty when it was */
    bool news;         /* one of these has changed, and nobody has looked yet */
};

/* Begins and ends jobs as it is due; `list` is what all of them are to have, NULL: there is none yet.
 * Prints what an owner wants to read in a log. */
void ropp_edge_keepers_turn(struct ropp_edge_keeper *keepers, size_t count,
                            struct ropp_edge_list *list, int64_t now_ms);

/* Fills sockets[0..2*count) for poll, and shortens *wait_ms to when something is due. */
void ropp_edge_keepers_poll(const struct ropp_edge_keeper *keepers, size_t count, bool has_list,
                            struct pollfd *sockets, int64_t now_ms, int *wait_ms);

/* Whether every one has this list, or has failed to get it. */
bool ropp_edge_keepers_tried(const struct ropp_edge_keeper *keepers, size_t count,
                             const struct ropp_edge_list *list);

/* All of it is sent again, whatever the targets have. */
void ropp_edge_keepers_forget(struct ropp_edge_keeper *keepers, size_t count);

/* Lets jobs that run come to their end until then, kills the others and frees all but the array. The targets keep what they have. */
void ropp_edge_keepers_end(struct ropp_edge_keeper *keepers, size_t count, int64_t until_ms);

#endif
