// SPDX-License-Identifier: MIT
/* Traps: places in a tree that ropp does not touch and that defeat what it does. */
#ifndef ROPP_TOOLS_PATCH_TRAP_H
#define ROPP_TOOLS_PATCH_TRAP_H

#include "tools/patch/hooks/patchset.h"
#include "tools/patch/tree/tree.h"

struct ropp_trap_place {
    const struct ropp_hook *trap;
    const char *path;
    size_t line;
};

struct ropp_trap_places {
    struct ropp_trap_place *items;
    size_t count;
};

/* Looks for the traps of a dialect in the C files below src. What cannot be read is passed over:
 * nothing depends on it. They are kept (base/keep.h). */
struct ropp_trap_places ropp_traps_find(const struct ropp_tree *tree,
                                        const struct ropp_dialect *dialect);

#endif
