// SPDX-License-Identifier: MIT
/* `ropp patch adopt`: takes over what the user has inserted by hand for a hook that finds no place.
 * The lines get the hook's markers, so that `apply` keeps them, `status` knows them, and `revert`
 * takes them out. */
#ifndef ROPP_TOOLS_PATCH_ADOPT_H
#define ROPP_TOOLS_PATCH_ADOPT_H

#include "tools/patch/plan.h"

/* Marks the lines at `place`, "FILE:LINE" or "FILE:LINE-LAST" of the tree as it is on the disk, as
 * those of a hook. Without LAST, as many lines as the hook has. They must use what the hook's lines
 * use of ropp. The plan is the tree's; the tree is locked. Prints what was done, or a message.
 * Returns an exit status. */
int ropp_adopt(const struct ropp_tree *tree, const struct ropp_plan *plan, const char *name,
               const char *place);

#endif
