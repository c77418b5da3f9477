// SPDX-License-Identifier: MIT
/* A unified diff of two texts, as `git apply` and `patch -p1` take it: by the system's diff. */
#ifndef ROPP_TOOLS_PATCH_TREE_DIFF_H
#define ROPP_TOOLS_PATCH_TREE_DIFF_H

#include <stddef.h>
#include <stdio.h>

/* A text that is compared; `data` is NULL for a file that is not there. */
struct ropp_diff_text {
    const char *data;
    size_t size;
};

/* Prints how `before` becomes `after`; nothing when they are the same. `path` is relative to the
 * tree. Returns an exit status, with a message if diff cannot be run. */
int ropp_diff(FILE *out, const char *path, struct ropp_diff_text before,
              struct ropp_diff_text after);

#endif
