// SPDX-License-Identifier: MIT
/* Ranges of addresses: what lists write as a-b, and what prefixes are to whoever must add, cut or
 * merge them. */
#ifndef ROPP_TOOLS_LISTS_RANGE_H
#define ROPP_TOOLS_LISTS_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"

/* An address as a number. An IPv4 one is in the lower 32 bits of `low`. */
struct ropp_number {
    uint64_t high, low;
};

/* From the first address to the last, both of it; first <= last. */
struct ropp_range {
    enum ropp_family family; /* INET or INET6 */
    struct ropp_number first, last;
};

/* A range has no more prefixes than this: two of each length, but for the whole. */
#define ROPP_RANGE_PREFIXES 254

struct ropp_number ropp_number_of(const struct ropp_addr *addr);
struct ropp_addr ropp_number_addr(enum ropp_family family, struct ropp_number number);
int ropp_number_compare(struct ropp_number a, struct ropp_number b);

/* The numbers beside it; around the end, from the largest to 0 and back. */
struct ropp_number ropp_number_next(struct ropp_number number);
struct ropp_number ropp_number_previous(struct ropp_number number);

/* The largest of a family. */
struct ropp_number ropp_number_last(enum ropp_family family);

/* Clears the bits behind the length. */
void ropp_prefix_clear(struct ropp_prefix *prefix);

struct ropp_range ropp_range_of(const struct ropp_prefix *prefix);

/* Writes the fewest prefixes that cover exactly the range, ascending. Returns how many. */
size_t ropp_range_prefixes(const struct ropp_range *range,
                           struct ropp_prefix out[ROPP_RANGE_PREFIXES]);

/* Whether it has more addresses than a prefix of this length (of its family) has. */
bool ropp_range_exceeds(const struct ropp_range *range, unsigned length);

#endif
