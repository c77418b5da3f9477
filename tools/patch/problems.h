// SPDX-License-Identifier: MIT
/* What is in the way of a plan, in words, with what to do about it. */
#ifndef ROPP_TOOLS_PATCH_PROBLEMS_H
#define ROPP_TOOLS_PATCH_PROBLEMS_H

#include "tools/patch/plan.h"

/* Prints everything that is in the way. */
void ropp_plan_print_problems(const struct ropp_plan *plan, const struct ropp_tree *tree,
                              bool force);

#endif
