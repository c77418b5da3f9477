// SPDX-License-Identifier: MIT
/* A target: a program in front of the emulator that refuses the banned, and how its list becomes
 * what it should be. Each kind is a file here; what calls them is keeper.c. */
#ifndef ROPP_TOOLS_EDGE_EDGE_H
#define ROPP_TOOLS_EDGE_EDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/lists/export.h"

/* The file that a hop's HAProxy has its list from. */
#define ROPP_EDGE_ACL "/etc/ropp/bans.acl"

struct ropp_edge_kind;

struct ropp_edge {
    const struct ropp_edge_kind *kind;
    const char *name;               /* for people, such as "haproxy 10.66.0.11:8405" */
    const char *at;                 /* haproxy: its runtime API; file: the path */
    const char *acl;                /* haproxy: the file that the list was loaded from */
    enum ropp_export_format format; /* file; not set yet unless has_format */
    bool has_format;
    const char *run; /* file: the command when it has changed, or NULL */
};

/* How a target was left: what a look at it, which costs little, can tell from any other state. */
struct ropp_edge_mark {
    uint64_t words[4];
};

struct ropp_edge_task {
    const struct ropp_prefix_set *before; /* what it was left with; NULL: not known */
    const struct ropp_prefix_set *after;  /* what it is to have */
    int64_t now_s;                        /* the moment that is of (Unix time) */
    bool again;                           /* what was done last may be half done */
    struct ropp_edge_mark mark;           /* how it was left; afterwards, how it is left now */
    bool touched;                         /* afterwards: something was sent, with success or not */
};

struct ropp_edge_kind {
    const char *name;

    /* Looks at the target and brings it up to date if it is not. False with a message (ropp_error).
     * At no moment of it is the target without a list. It waits, and runs in a process of its own,
     * which may be killed at any time. */
    bool (*tend)(const struct ropp_edge *edge, struct ropp_edge_task *task);
};

extern const struct ropp_edge_kind ropp_edge_file;
extern const struct ropp_edge_kind ropp_edge_haproxy;
extern const struct ropp_edge_kind ropp_edge_nftables;
extern const struct ropp_edge_kind ropp_edge_ipset;

/* ---- for the kinds ---- */

enum ropp_edge_step {
    ROPP_EDGE_KEEP,   /* it is as it should be */
    ROPP_EDGE_CHANGE, /* take out `gone`, put in `come` */
    ROPP_EDGE_REPLACE /* put `whole` in the place of all it has */
};

/* Prefixes as the target's program holds them. */
struct ropp_edge_plan {
    enum ropp_edge_step step;
    struct ropp_prefix_set whole, gone, come;
};

/* Works out the cheapest step for a target that was found like `now`, in *plan, which is empty. To
 * take one prefix out costs as much as to put in `gone_cost`; to replace all, as much as to put all
 * in. */
void ropp_edge_plan(struct ropp_edge_plan *plan, const struct ropp_edge_task *task,
                    const struct ropp_edge_mark *now, enum ropp_export_format format,
                    size_t gone_cost);
void ropp_edge_plan_free(struct ropp_edge_plan *plan);

#endif
