// SPDX-License-Identifier: MIT
/* What the ban lists say of a player: the address itself, and the stand-in that an IPv6 player has
 * in the emulator (core/standin.h), which is what control panels show and ban.
 *
 * There are two lists. The owner's own, proxy_ban, is asked first, and what an entry of it says is
 * final, ban or allowance. Where it says nothing, ipbanlist is asked, which control panels write.
 *
 * An entry for exactly one stand-in counts as one for the player's /64, since that is what it
 * represents. A wider IPv4 prefix never reaches a stand-in: which of them are next to each other
 * means nothing, and lists of unroutable networks contain all of 240.0.0.0/4. */
#ifndef ROPP_CORE_BAN_H
#define ROPP_CORE_BAN_H

#include "core/standin.h"
#include "core/table.h"

/* A NULL table says nothing. */
struct ropp_ban_lists {
    const struct ropp_table *own;       /* proxy_ban */
    const struct ropp_table *ipbanlist; /* ipbanlist */
    const struct ropp_standin_key *key; /* with which stand-ins are computed; NULL: without */
};

/* Whether the address is banned at now_s (Unix time). *out, when it is not NULL, is the entry that
 * decides; untouched when there is none. */
bool ropp_ban_judge(struct ropp_ban_lists lists, const struct ropp_addr *addr, int64_t now_s,
                    struct ropp_table_entry *out);

/* Whether an allowance of the owner's lets the address in, whatever else says. */
bool ropp_ban_allows(struct ropp_ban_lists lists, const struct ropp_addr *addr, int64_t now_s);

#endif
