// SPDX-License-Identifier: MIT
#include "service/snapshot.h"

#include <stdlib.h>

#include "platform.h"

struct ropp_ban_lists ropp_snapshot_lists(const struct ropp_snapshot *snapshot,
                                          const struct ropp_standin_key *key)
{
    struct ropp_ban_lists lists;

    lists.own = snapshot->table;
    lists.ipbanlist = snapshot->ipbanlist;
    lists.key = key;
    return lists;
}

void ropp_snapshot_free(struct ropp_snapshot *snapshot)
{
    struct ropp_snapshot *older;

    for (; snapshot != NULL; snapshot = older) {
        older = snapshot->older;
        free(snapshot->table);
        free(snapshot->ipbanlist);
        free(snapshot);
    }
}

void ropp_snapshot_sweep(struct ropp_snapshot_slots *slots)
{
    ropp_snapshot_free((struct ropp_snapshot *)ropp_exchange(&slots->spent, NULL));
}

void ropp_snapshot_publish(struct ropp_snapshot_slots *slots, struct ropp_snapshot *snapshot)
{
    ropp_snapshot_sweep(slots);
    ropp_snapshot_free((struct ropp_snapshot *)ropp_exchange(&slots->fresh, snapshot));
}

bool ropp_snapshot_take(struct ropp_snapshot_slots *slots, struct ropp_snapshot **current)
{
    struct ropp_snapshot *fresh = (struct ropp_snapshot *)ropp_exchange(&slots->fresh, NULL);

    if (fresh == NULL)
        return false;
    if (*current != NULL) {
        /* Only this side puts anything into the slot, so nothing is lost between the two. */
        (*current)->older = (struct ropp_snapshot *)ropp_exchange(&slots->spent, NULL);
        ropp_exchange(&slots->spent, *current);
    }
    *current = fresh;
    return true;
}
