// SPDX-License-Identifier: MIT
/* A shadow of a tree: a temporary folder that looks like the tree to a compiler. What is not of
 * interest is a symbolic link to the tree's own; the files of a plan are written there, so that the
 * tree itself stays as it is. */
#ifndef ROPP_TOOLS_PATCH_COMPILE_SHADOW_H
#define ROPP_TOOLS_PATCH_COMPILE_SHADOW_H

#include <stdbool.h>

#include "tools/patch/plan.h"

struct ropp_shadow {
    const char *tree;   /* the tree's absolute path */
    const char *folder; /* the shadow's; NULL: there is none */
};

/* Makes the shadow of a tree with the plan's C files: as they will be, or (not `woven`) as they are
 * without anything of ropp's. False with a message. Ended with ropp_shadow_end in any case. */
bool ropp_shadow_begin(struct ropp_shadow *shadow, const struct ropp_tree *tree,
                       const struct ropp_plan *plan, bool woven);

/* Removes it. */
void ropp_shadow_end(struct ropp_shadow *shadow);

#endif
