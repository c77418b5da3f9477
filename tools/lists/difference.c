// SPDX-License-Identifier: MIT
#include "tools/lists/difference.h"

void ropp_difference(const struct ropp_prefix_set *before, const struct ropp_prefix_set *after,
                     struct ropp_prefix_set *gone, struct ropp_prefix_set *come)
{
    size_t i = 0, k = 0;
    int order;

    while (i < before->count || k < after->count) {
        if (i == before->count)
            order = 1;
        else if (k == after->count)
            order = -1;
        else
            order = ropp_prefix_compare(&before->items[i], &after->items[k]);
        if (order < 0)
            ropp_prefix_set_add(gone, &before->items[i]);
        else if (order > 0)
            ropp_prefix_set_add(come, &after->items[k]);
        i += order <= 0;
        k += order >= 0;
    }
}
