// SPDX-License-Identifier: MIT
/* The undo log: changing several files of a tree at once, or none of them.
 *
 * All changes are described in TREE/.ropp-journal first. Then each new file is written in full next
 * to the one it replaces, each old file gets a second name, and only when all of that is on the
 * disk are the names switched. Whatever fails or ends in between, the old files are still there
 * under their second names: an error takes everything back at once, and after a kill or a power cut
 * the next run does. No step back needs room on the disk.
 *
 * The file in .ropp-journal is called
 *   prepare   while new files are written: to take back, remove them
 *   commit    while names are switched: to take back, switch them back
 *   done      when all names are switched: what remains is to remove the old files */
#ifndef ROPP_TOOLS_PATCH_TREE_UNDO_H
#define ROPP_TOOLS_PATCH_TREE_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "tools/patch/tree/tree.h"

enum ropp_change_kind {
    ROPP_CHANGE_REPLACE,
    ROPP_CHANGE_CREATE,
    ROPP_CHANGE_REMOVE,
};

struct ropp_change {
    enum ropp_change_kind kind;
    const char *path;
    const char *data; /* new content; not for REMOVE */
    size_t size;
    const struct stat *old; /* of the file as it was read; not for CREATE */
};

/* Waits up to ten seconds for other runs on the same tree, then keeps them out until the tree is
 * closed. On trouble prints a message and returns false. */
bool ropp_undo_lock(const struct ropp_tree *tree);

/* Takes back what an interrupted run left, and says so on standard error. The tree is locked. With
 * `force`, edits that somebody made to a half-switched file since are dropped; without, they are an
 * error. Returns an exit status. */
int ropp_undo_recover(const struct ropp_tree *tree, bool force);

/* Does all changes or none. A replaced file keeps its mode and owner. The tree is locked and
 * recovered. On trouble prints a message. Returns an exit status. */
int ropp_undo_write(const struct ropp_tree *tree, const struct ropp_change *changes, size_t count);

#endif
