// SPDX-License-Identifier: MIT
/* The kernel's numbers of nftables' tables and sets, which no other gets as long as the machine runs
 * (of a set: as long as its table is there). Asked by netlink, since nft reads every element of every
 * set for it, which takes seconds. */
#ifndef ROPP_TOOLS_EDGE_NFHANDLE_H
#define ROPP_TOOLS_EDGE_NFHANDLE_H

#include <stdint.h>

/* The number of a table of the family inet, or of a set in it. 0: it is not there, or cannot be
 * asked for. */
uint64_t ropp_nf_table(const char *table);
uint64_t ropp_nf_set(const char *table, const char *set);

#endif
