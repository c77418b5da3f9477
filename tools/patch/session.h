// SPDX-License-Identifier: MIT
/* What a command of `ropp patch` works on. */
#ifndef ROPP_TOOLS_PATCH_SESSION_H
#define ROPP_TOOLS_PATCH_SESSION_H

#include <stdbool.h>

#include "tools/patch/compile/compile.h"
#include "tools/patch/plan.h"

/* What is asked of `ropp patch`. */
struct ropp_patch_request {
    const char *command;
    const char *tree;
    const char *hook; /* of adopt */
    const char *place;
    const char *dialect;
    const char *patches;
    struct ropp_texts without;
    bool with_all; /* --without none */
    bool try_compile;
    bool force;
    bool json;
};

/* Everything a command works on. */
struct ropp_patch_session {
    struct ropp_patch_request asked;
    struct ropp_tree tree;
    struct ropp_patchset set;
    struct ropp_plan plan;
    struct ropp_compile compile; /* with --try-compile */
};

#endif
