// SPDX-License-Identifier: MIT
/* An emulator's source tree: reading it without being led out of it.
 *
 * The top folder is opened once; every path below it is walked part by part without following a
 * symbolic link. Where a tree has a link, ropp says so and does not go there: what is behind it may
 * be somebody else's. */
#ifndef ROPP_TOOLS_PATCH_TREE_TREE_H
#define ROPP_TOOLS_PATCH_TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "tools/base/text.h"

/* Files larger than this are no source files. */
#define ROPP_FILE_LIMIT ((size_t)16 << 20)

struct ropp_tree {
    int fd;
    const char *name; /* as the user wrote it */
};

struct ropp_file {
    char *data; /* followed by a NUL */
    size_t size;
    struct stat stat;
};

enum ropp_tree_result {
    ROPP_TREE_OK,
    ROPP_TREE_ABSENT,  /* there is nothing of that name */
    ROPP_TREE_TROUBLE, /* `*why` says what is in the way and what to do; else it is NULL */
};

/* Opens the top folder. The tree itself may be reached through a link. On trouble prints a message
 * and returns false. */
bool ropp_tree_open(struct ropp_tree *tree, const char *name);
void ropp_tree_close(struct ropp_tree *tree);

/* Whether a path may name a file of a tree: relative, `/` between its parts, no `.` or `..`,
 * printable. */
bool ropp_tree_path_ok(const char *path);

/* Opens the folder that holds the file of this path; *base is the file's name in it. */
enum ropp_tree_result ropp_tree_folder(const struct ropp_tree *tree, const char *path, int *folder,
                                       const char **base, const char **why);

/* Whether something of this path exists, whatever it is. */
enum ropp_tree_result ropp_tree_look(const struct ropp_tree *tree, const char *path,
                                     const char **why);

/* Reads a regular file of at most ROPP_FILE_LIMIT bytes. */
enum ropp_tree_result ropp_tree_read(const struct ropp_tree *tree, const char *path,
                                     struct ropp_file *file, const char **why);
void ropp_file_free(struct ropp_file *file);

/* Lists the regular files whose names say that they are of a known language, and that are not too
 * large to be read: those in `folder`, "" for the top, and with `deep` those in the folders below
 * it too, but not in hidden ones
 * and not through links. Paths are relative to the tree, in no order. */
enum ropp_tree_result ropp_tree_list(const struct ropp_tree *tree, const char *folder, bool deep,
                                     struct ropp_texts *paths, const char **why);

/* A sentence on an errno: what is wrong and what to do. */
const char *ropp_errno_text(int error);

#endif
