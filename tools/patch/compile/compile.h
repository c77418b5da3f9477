// SPDX-License-Identifier: MIT
/* Whether a tree still compiles with what a plan weaves in. Nothing is written into the tree. */
#ifndef ROPP_TOOLS_PATCH_COMPILE_COMPILE_H
#define ROPP_TOOLS_PATCH_COMPILE_COMPILE_H

#include "tools/patch/plan.h"

enum ropp_compile_state {
    ROPP_COMPILE_DONE,   /* it compiles */
    ROPP_COMPILE_BEFORE, /* it has the same errors without ropp */
    ROPP_COMPILE_BROKEN, /* it has errors that it has not without ropp */
};

struct ropp_compile_result {
    const char *path; /* the plan's */
    enum ropp_compile_state state;
    const char *error; /* the first one, unless it compiles: "TREE/FILE:LINE: what (hook 'NAME')" */
};

struct ropp_compile {
    struct ropp_compile_result *items; /* in the order of the plan's files */
    size_t count;
    size_t broken;
};

/* Compiles every C file of the plan, as far as a compiler must look for errors. Returns an exit
 * status, with a message if that could not be tried. The results are kept (base/keep.h). */
int ropp_compile(struct ropp_compile *compile, const struct ropp_tree *tree,
                 const struct ropp_plan *plan);

#endif
