// SPDX-License-Identifier: MIT
/* One transaction of nftables, by netlink: what the elements of sets of the family inet become, all
 * at once or not at all. nft does the same, but reads all elements of a set before it adds one; with
 * a million that takes a minute and gigabytes of memory.
 *
 * The sets are there and have intervals. An interval is two elements, its first address and the one
 * behind its last, which is marked as an end and left out behind the largest address. */
#ifndef ROPP_TOOLS_EDGE_NFBATCH_H
#define ROPP_TOOLS_EDGE_NFBATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/addr.h"
#include "tools/base/buffer.h"

struct ropp_nf_batch {
    struct ropp_buffer bytes;
    uint32_t sequence; /* of the last message */
    size_t last;       /* where that begins */
};

/* *batch is zeroed. */
void ropp_nf_begin(struct ropp_nf_batch *batch);

/* Takes all elements out. */
void ropp_nf_flush(struct ropp_nf_batch *batch, const char *table, const char *set);

/* Puts these prefixes in, or takes them out. All are of the set's family. */
void ropp_nf_add(struct ropp_nf_batch *batch, const char *table, const char *set,
                 const struct ropp_prefix *items, size_t count);
void ropp_nf_delete(struct ropp_nf_batch *batch, const char *table, const char *set,
                    const struct ropp_prefix *items, size_t count);

/* Carries it out, and frees it. False with a message. */
bool ropp_nf_commit(struct ropp_nf_batch *batch);

#endif
