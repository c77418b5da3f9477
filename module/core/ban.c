// SPDX-License-Identifier: MIT
#include "core/ban.h"

/* The prefix length that an entry for a stand-in has among those for the player's own address. */
#define BAN_STANDIN_LENGTH 64

static bool ban_of_standin(const struct ropp_table *table, const struct ropp_standin_key *key,
                           const struct ropp_addr *addr, int64_t now_s,
                           struct ropp_table_entry *out)
{
    struct ropp_addr standin;

    if (addr->family != ROPP_FAMILY_INET6)
        return false;
    standin = ropp_addr_v4(ropp_client_addr(addr, key));
    return ropp_table_lookup(table, &standin, now_s, out) && out->prefix.length == 32;
}

/* The entry of one list that decides. */
static bool ban_find(const struct ropp_table *table, const struct ropp_standin_key *key,
                     const struct ropp_addr *addr, int64_t now_s, struct ropp_table_entry *out)
{
    struct ropp_table_entry standin;
    bool has_own, has_standin;

    if (table == NULL)
        return false;
    has_own = ropp_table_lookup(table, addr, now_s, out);
    has_standin = ban_of_standin(table, key, addr, now_s, &standin);
    /* The longer prefix decides, and of equal ones the allowance, as in the table itself. */
    if (has_standin && (!has_own || out->prefix.length < BAN_STANDIN_LENGTH ||
                        (out->prefix.length == BAN_STANDIN_LENGTH && out->kind == ROPP_TABLE_BAN)))
        *out = standin;
    return has_own || has_standin;
}

bool ropp_ban_judge(struct ropp_ban_lists lists, const struct ropp_addr *addr, int64_t now_s,
                    struct ropp_table_entry *out)
{
    struct ropp_table_entry entry;

    if (!ban_find(lists.own, lists.key, addr, now_s, &entry) &&
        !ban_find(lists.ipbanlist, lists.key, addr, now_s, &entry))
        return false;
    if (out != NULL)
        *out = entry;
    return entry.kind == ROPP_TABLE_BAN;
}

bool ropp_ban_allows(struct ropp_ban_lists lists, const struct ropp_addr *addr, int64_t now_s)
{
    struct ropp_table_entry entry;

    return ban_find(lists.own, lists.key, addr, now_s, &entry) && entry.kind == ROPP_TABLE_ALLOW;
}
