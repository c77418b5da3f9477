/* What the ban list says of a player: the address itself, and the stand-in that an IPv6 player has
 * in the emulator (core/standin.h), which is what control panels show and ban.
 *
 * An entry for exactly one stand-in counts as one for the player's /64, since that is what it
 * stands for. A wider IPv4 prefix never reaches a stand-in: which of them lie next to each other
 * means nothing, and lists of unroutable networks contain all of 240.0.0.0/4. */
#ifndef ROPP_CORE_BAN_H
#define ROPP_CORE_BAN_H

#include "core/table.h"

/* Whether the address is banned at now_s (Unix time). *out, when it is not NULL, is the entry that
 * decides; untouched when there is none. A NULL table bans nobody. */
bool ropp_ban_judge(const struct ropp_table *table, const struct ropp_addr *addr, int64_t now_s,
                    struct ropp_table_entry *out);

#endif
