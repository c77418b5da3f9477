// SPDX-License-Identifier: MIT
/* Banned prefixes in the words of the programs that can refuse them at the edge.
 *
 *   plain      a prefix a line; `ropp ban import` reads it
 *   haproxy    a file for `acl banned src -f FILE`
 *   nginx      a file for `geo $banned { include FILE; }`: 1 for the banned, 0 for the others
 *   nftables   for `nft -f FILE`: the sets banned4 and banned6 of the table `inet ropp`
 *   ipset      for `ipset restore -file FILE`: the sets ropp_banned4 and ropp_banned6
 *
 * Each begins with comments that say how to use it. Loading one of the last two again replaces the
 * sets at once, with no moment in which they are empty, and leaves rules that name them alone. None
 * has a rule of its own: loading it refuses nobody yet.
 *
 * The prefixes are minimal and disjoint (ropp_flatten, ropp_aggregate), so that a program that
 * looks for the longest, the first or any match finds the same. HAProxy and nginx decide for
 * IPv4-mapped addresses as for IPv4, as ropp does. HAProxy also looks for the IPv4 address inside a
 * 6to4 or an IPv4-compatible one (2002::/16, ::/96), which ropp does not; no player has had such
 * for years.
 *
 * A million prefixes are 17 MB of text, of which `nft -f` makes 1.5 GB of memory while it loads
 * them (20 s); the others need little. */
#ifndef ROPP_TOOLS_LISTS_EXPORT_H
#define ROPP_TOOLS_LISTS_EXPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tools/lists/aggregate.h"

enum ropp_export_format {
    ROPP_EXPORT_PLAIN,
    ROPP_EXPORT_HAPROXY,
    ROPP_EXPORT_NGINX,
    ROPP_EXPORT_NFTABLES,
    ROPP_EXPORT_IPSET
};

#define ROPP_EXPORT_FORMATS "plain, haproxy, nginx, nftables or ipset"

/* False when there is no such format. */
bool ropp_export_format_of(const char *name, enum ropp_export_format *out);

/* Adds to `out`, which is empty, the prefixes that the program is to hold for these: others where it
 * cannot hold the same (HAProxy's IPv4-mapped addresses, ipset's prefixes of length 0). Sorted as
 * ropp_aggregate leaves them. */
void ropp_export_prefixes(enum ropp_export_format format, const struct ropp_prefix_set *banned,
                          struct ropp_prefix_set *out);

/* Writes what brings the sets of nftables or ipset from one list to another, for the same programs:
 * `gone` is taken out and `come` put in. The sets are there, and have what is gone and not what is
 * to come. nft does it all at once; ipset first puts in, so that an address that stays banned always
 * is. */
void ropp_export_change(FILE *out, enum ropp_export_format format,
                        const struct ropp_prefix_set *gone, const struct ropp_prefix_set *come);

/* What the sets are called: these and the family's digit, 4 or 6. */
#define ROPP_EXPORT_NFT_TABLE "inet ropp"
#define ROPP_EXPORT_NFT_SETS  "banned"
#define ROPP_EXPORT_IPSETS    "ropp_banned"

/* Writes the file. now_s (Unix time) is the moment the set is of: it is in the comment. Whether
 * all could be written is for the caller to ask `out` (ferror, or ropp_finish). */
void ropp_export(FILE *out, enum ropp_export_format format, const struct ropp_prefix_set *banned,
                 int64_t now_s);

#endif
