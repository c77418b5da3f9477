// SPDX-License-Identifier: MIT
/* Longest-prefix match over bans and allowances, with their expiry.
 *
 * Which entry decides about an address at a moment: of the entries that contain the address and
 * have not expired, the one with the longest prefix; of several with that very prefix an allowance
 * before a ban, then the one that stays longest, then the smallest id. An expired entry is as if
 * it were absent, so expiry needs no new table: the next shorter entry decides, and an allowance
 * that ends is followed by the ban of the same prefix.
 *
 * The structure: the prefixes sorted by first address, so that an entry comes before those inside
 * it. The last entry that starts at or before an address either contains it or is inside every
 * entry that does. So a look-up is one search for that entry and, where it does not decide, steps
 * along links to the next entry around it: two at most for each prefix length, as a rule none. The
 * search goes down a static tree of sixteen keys to a node: level 0 is every first address, each
 * further level every sixteenth key of the one below. A million entries are five levels however
 * they are (a table indexed by an address's first bits is faster on evenly spread IPv4 and no help
 * on IPv6, which crowds into few /32s), and what counts of them are the one or two that the cache
 * cannot hold. Lengths and flags are kept apart from the rest of an entry, so that what a look-up
 * must touch stays small; of the last node's entries all of it is asked for at once. IPv6 prefixes longer than a /64 are searched apart, so that the others
 * need only half of an address.
 *
 * A prefix takes 19 bytes (IPv4), 23 (IPv6) or 33 (IPv6 longer than a /64); 8 more each when an
 * entry's id or expiry does not fit into 32 bits.
 *
 * A table is immutable and holds no lock: build it, publish its pointer with release order, read
 * it with acquire order from any number of threads. It is one block of memory. */
#ifndef ROPP_CORE_TABLE_H
#define ROPP_CORE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"

enum ropp_table_kind { ROPP_TABLE_BAN, ROPP_TABLE_ALLOW };

struct ropp_table_entry {
    struct ropp_prefix prefix;
    enum ropp_table_kind kind;
    int64_t expires_s; /* Unix time of the first second it is not in force; 0 = never */
    uint64_t id;       /* the caller's name for it */
};

enum ropp_table_error {
    ROPP_TABLE_OK,
    ROPP_TABLE_BAD_ENTRY, /* ropp_table_entry_valid says no to one */
    ROPP_TABLE_TOO_MANY,  /* more than ROPP_TABLE_MAX */
    ROPP_TABLE_NO_MEMORY
};

#define ROPP_TABLE_MAX ((size_t)1 << 27)

struct ropp_table;

/* An INET or INET6 prefix of a possible length, every bit after it zero, and one of the two kinds.
 * INET6 with IPv4 inside is refused: it would never match, as addresses are unwrapped. What
 * ropp_prefix_parse accepts is always valid. */
bool ropp_table_entry_valid(const struct ropp_table_entry *entry);

/* Builds a table from entries[0..count) in any order, in linear time when they are sorted as the
 * last build left them, else in n log n. Reorders the entries (all of them stay, none is needed
 * afterwards). `entries` may be NULL when count is 0; a table without entries is a table.
 *
 * The table is a single block from `allocate`, which is called at most once, as malloc is called;
 * it is freed as a block of that allocator. Of a large one the pages should be large too
 * (ropp_alloc_large), since a look-up touches a handful of them at random. *out is written only with ROPP_TABLE_OK. */
enum ropp_table_error ropp_table_build(struct ropp_table_entry *entries, size_t count,
                                       void *(*allocate)(size_t size), struct ropp_table **out);

/* Finds the entry that decides about the address at now_s (Unix time) and copies it to *out; false,
 * and *out untouched, when none does. An address that is neither INET nor INET6 has none. */
bool ropp_table_lookup(const struct ropp_table *table, const struct ropp_addr *addr, int64_t now_s,
                       struct ropp_table_entry *out);

/* The entries that the table keeps: of each prefix one ban and one allowance at most, because no
 * other could ever decide. Expired ones count. */
size_t ropp_table_count(const struct ropp_table *table);

/* The bytes of the block. */
size_t ropp_table_size(const struct ropp_table *table);

#endif
