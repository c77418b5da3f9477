// SPDX-License-Identifier: MIT
/* A set of patches: the hook files of every dialect, from the program itself, and from a folder of
 * the user's that replaces some of them. */
#ifndef ROPP_TOOLS_PATCH_HOOKS_PATCHSET_H
#define ROPP_TOOLS_PATCH_HOOKS_PATCHSET_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/base/buffer.h"
#include "tools/patch/hooks/hookfile.h"
#include "tools/patch/tree/tree.h"

struct ropp_dialect {
    char *folder;   /* "rathena": its name for --dialect */
    bool described; /* its dialect file was found */
    struct ropp_dialect_file file;
    struct ropp_hook *hooks; /* in the order of their files' names and of their lines */
    size_t hook_count;
};

struct ropp_patchset {
    const char *folder; /* the user's; NULL: none */
    struct ropp_dialect *dialects;
    size_t dialect_count;
};

/* Reads ropp's hook files, and those of `folder` unless it is NULL. In a dialect of ropp's, a hook
 * or copy from the folder replaces the one of its name, and the others stay; a dialect that ropp
 * does not know is the folder's alone. Prints every mistake in every file. Returns an exit status.
 * All of it is kept (base/keep.h). */
int ropp_patchset_load(struct ropp_patchset *set, const char *folder);

/* The dialect of this name; NULL when there is none, or no name. */
const struct ropp_dialect *ropp_patchset_dialect(const struct ropp_patchset *set, const char *name);

/* Whether a tree fulfils a dialect's rules. *why is what it does not; "" when it does. */
bool ropp_dialect_holds(const struct ropp_dialect *dialect, const struct ropp_tree *tree,
                        const char **why);

/* Adds the content of a file that a `copy` names, from the set's folder or else embedded. Returns
 * false, and a reason, when there is none. */
bool ropp_patchset_read(const struct ropp_patchset *set, const char *name,
                        struct ropp_buffer *content, const char **why);

#endif
