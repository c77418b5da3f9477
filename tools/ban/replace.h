// SPDX-License-Identifier: MIT
/* Replaces a whole list in one transaction, so that no server ever sees half of it. What stays the
 * same is left alone: a list that is fetched every day changes by a few prefixes. */
#ifndef ROPP_TOOLS_BAN_REPLACE_H
#define ROPP_TOOLS_BAN_REPLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"
#include "tools/database/connect.h"

/* Numbers in an array that grows. */
struct ropp_numbers {
    uint64_t *items;
    size_t count;
};

struct ropp_replacement {
    /* What the list is to be. */
    const char *source;
    const char *reason;
    const char *author;
    bool allow;
    int64_t expires_s;            /* 0: never */
    struct ropp_prefix *prefixes; /* no two are the same; the plan sorts them */
    size_t count;
    /* The plan: what of it is not so yet. Owned. */
    struct ropp_numbers removed; /* ids */
    struct ropp_numbers
        changed;               /* ids that keep their prefix and get another reason, kind or end */
    struct ropp_numbers added; /* indices into prefixes */
    /* What that means for those who are on it now. */
    size_t current_count; /* entries in force */
    size_t gone_count;    /* those of them that no prefix of the new list covers as a whole */
};

/* Keeps others from replacing the same list until the connection ends. *free is 0 when somebody is
 * at it. False when the statement failed. */
bool ropp_replace_lock(struct ropp_session *session, const char *source, uint64_t *free);

/* Compares what is to be with what is, and fills the plan in, which must be zeroed. False when the
 * statement failed. */
bool ropp_replace_plan(struct ropp_session *session, struct ropp_replacement *replacement);

/* Does it, all or nothing, with a bar. False when a statement failed. */
bool ropp_replace_write(struct ropp_session *session, const struct ropp_replacement *replacement);

/* Frees the plan; the prefixes are the caller's. */
void ropp_replace_free(struct ropp_replacement *replacement);

#endif
