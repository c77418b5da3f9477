// SPDX-License-Identifier: MIT
/* A unified diff of two texts, as `git apply` and `patch -p1` take it. */
#ifndef ROPP_TOOLS_PATCH_TREE_DIFF_H
#define ROPP_TOOLS_PATCH_TREE_DIFF_H

#include <stddef.h>
#include <stdio.h>

/* Prints how `before` becomes `after`; nothing when they are the same. NULL for `before` is a file
 * that is made, for `after` one that is removed. `path` is relative to the tree. */
void ropp_diff(FILE *out, const char *path, const char *before, size_t before_size,
               const char *after, size_t after_size);

#endif
