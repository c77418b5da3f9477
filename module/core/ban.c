#include "core/ban.h"

#include "core/standin.h"

/* The prefix length that an entry for a stand-in has among those for the player's own address. */
#define BAN_STANDIN_LENGTH 64

static bool ban_of_standin(const struct ropp_table *table, const struct ropp_addr *addr,
                           int64_t now_s, struct ropp_table_entry *out)
{
    struct ropp_addr standin;

    if (addr->family != ROPP_FAMILY_INET6)
        return false;
    standin = ropp_addr_v4(ropp_client_addr(addr, NULL));
    return ropp_table_lookup(table, &standin, now_s, out) && out->prefix.length == 32;
}

bool ropp_ban_judge(const struct ropp_table *table, const struct ropp_addr *addr, int64_t now_s,
                    struct ropp_table_entry *out)
{
    struct ropp_table_entry own, standin;
    bool has_own, has_standin;

    if (table == NULL)
        return false;
    has_own = ropp_table_lookup(table, addr, now_s, &own);
    has_standin = ban_of_standin(table, addr, now_s, &standin);
    /* The longer prefix decides, and of equal ones the allowance, as in the table itself. */
    if (has_standin && (!has_own || own.prefix.length < BAN_STANDIN_LENGTH ||
                        (own.prefix.length == BAN_STANDIN_LENGTH && own.kind == ROPP_TABLE_BAN)))
        own = standin;
    if (!has_own && !has_standin)
        return false;
    if (out != NULL)
        *out = own;
    return own.kind == ROPP_TABLE_BAN;
}
