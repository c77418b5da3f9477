// SPDX-License-Identifier: MIT
/* Sets of prefixes made minimal: what an import stores and what an export prints.
 *
 * Memory: 24 bytes a prefix, twice that where a set has just grown, and as much again while it is
 * sorted; ropp_flatten wants four times as much and a table. Time: n log n; ropp_aggregate's is
 * linear when the prefixes come sorted. Out of memory ends the program with a message
 * (tools/base/buffer.h). */
#ifndef ROPP_TOOLS_LISTS_AGGREGATE_H
#define ROPP_TOOLS_LISTS_AGGREGATE_H

#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"
#include "core/table.h"

/* Prefixes in an array that grows. A zeroed one is empty. */
struct ropp_prefix_set {
    struct ropp_prefix *items;
    size_t count;
};

void ropp_prefix_set_add(struct ropp_prefix_set *set, const struct ropp_prefix *prefix);
void ropp_prefix_set_free(struct ropp_prefix_set *set);

/* How many of a set with IPv4 first are IPv4. */
size_t ropp_prefix_set_v4(const struct ropp_prefix_set *set);

/* By family (IPv4 first), first address and length: a prefix comes before those inside it. Negative,
 * 0 or positive, as memcmp. */
int ropp_prefix_compare(const struct ropp_prefix *a, const struct ropp_prefix *b);

/* Makes the set the only one that covers the same addresses with the fewest prefixes: what is
 * inside another is dropped, neighbours become one, none overlaps another. IPv4 comes before IPv6,
 * each ascending. */
void ropp_aggregate(struct ropp_prefix_set *set);

/* Adds to `banned`, which is empty, exactly the addresses that a table of these entries bans at
 * now_s (core/table.h: the longest prefix in force decides, an allowance before a ban), as
 * ropp_aggregate would leave them. For programs that know no allowances within bans.
 *
 * Entries are valid (ropp_table_entry_valid), in any order, and are reordered. Where an allowance
 * is in a ban, the ban falls into one prefix for each bit by which it is wider. */
void ropp_flatten(struct ropp_table_entry *entries, size_t count, int64_t now_s,
                  struct ropp_prefix_set *banned);

#endif
