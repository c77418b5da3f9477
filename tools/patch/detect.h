// SPDX-License-Identifier: MIT
/* Which dialect a tree has: the one whose hooks find their places there. */
#ifndef ROPP_TOOLS_PATCH_DETECT_H
#define ROPP_TOOLS_PATCH_DETECT_H

#include "tools/patch/plan.h"

/* Chooses the dialect of a tree and makes its plan, as ropp_plan_make does. If the tree fulfils the
 * rules of one dialect, and most of its hooks fit, that one is taken; else every dialect is tried,
 * and the one with the fewest hooks that find no place is taken, if most of them do. Prints a
 * message when there is none. Returns an exit status. */
int ropp_detect(struct ropp_plan *plan, const struct ropp_tree *tree,
                const struct ropp_patchset *set, const struct ropp_texts *without, bool force);

#endif
