// SPDX-License-Identifier: MIT
#include "core/policy.h"

static bool policy_list_contains(const struct ropp_prefix_list *list, const struct ropp_addr *addr)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (ropp_prefix_contains(&list->items[i], addr))
            return true;
    return false;
}

enum ropp_verdict ropp_policy_judge(const struct ropp_policy *policy, const struct ropp_addr *peer)
{
    bool trusted, direct;

    if (policy->mode == ROPP_MODE_OFF)
        return ROPP_VERDICT_STOCK;
    trusted = policy_list_contains(&policy->trusted, peer);
    direct = policy_list_contains(&policy->direct, peer);
    if (trusted)
        return direct ? ROPP_VERDICT_EITHER : ROPP_VERDICT_HEADER;
    if (direct || policy->mode == ROPP_MODE_ON)
        return ROPP_VERDICT_DIRECT;
    return ROPP_VERDICT_REFUSE;
}

bool ropp_policy_trusts(const struct ropp_policy *policy, const struct ropp_addr *addr)
{
    return policy_list_contains(&policy->trusted, addr);
}

bool ropp_policy_knows(const struct ropp_policy *policy, const struct ropp_addr *peer)
{
    return policy_list_contains(&policy->trusted, peer) ||
           policy_list_contains(&policy->direct, peer);
}
