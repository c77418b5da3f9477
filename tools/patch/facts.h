// SPDX-License-Identifier: MIT
/* The header of facts: what was found out about a tree, for the glue, and for later commands. */
#ifndef ROPP_TOOLS_PATCH_FACTS_H
#define ROPP_TOOLS_PATCH_FACTS_H

#include "tools/patch/plan.h"

/* Writes it: a #define for each fact of the plan that is known, the plan's dialect, and the features
 * that are left out. */
void ropp_facts_compose(const struct ropp_plan *plan, const struct ropp_texts *without,
                        struct ropp_buffer *header);

/* What is asked of a plan, and what earlier runs have left in a tree. */
struct ropp_wish {
    const char *dialect;       /* the folder's name; NULL: not known */
    struct ropp_texts without; /* features */
    struct ropp_texts files;   /* of hooks of the owner's, wherever they are */
};

/* What is in the tree already: by which dialect it was woven, and without which features, as its
 * header of facts says. It is kept (base/keep.h). */
struct ropp_wish ropp_facts_recall(const struct ropp_tree *tree, const struct ropp_patchset *set);

#endif
