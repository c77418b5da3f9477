// SPDX-License-Identifier: MIT
/* What two minimal sets of prefixes differ by, for who has one and is to have the other. */
#ifndef ROPP_TOOLS_LISTS_DIFFERENCE_H
#define ROPP_TOOLS_LISTS_DIFFERENCE_H

#include "tools/lists/aggregate.h"

/* Adds to `gone` the prefixes that only `before` has, and to `come` those that only `after` has;
 * both are empty at first. The sets are sorted as ropp_aggregate leaves them, and prefixes are
 * compared as they are written: a /24 that became its two halves has gone, and they have come. */
void ropp_difference(const struct ropp_prefix_set *before, const struct ropp_prefix_set *after,
                     struct ropp_prefix_set *gone, struct ropp_prefix_set *come);

#endif
