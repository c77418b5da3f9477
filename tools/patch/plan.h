// SPDX-License-Identifier: MIT
/* The plan: what a tree would look like with the hooks of a dialect, or without any. Nothing is
 * written here. */
#ifndef ROPP_TOOLS_PATCH_PLAN_H
#define ROPP_TOOLS_PATCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/patch/hooks/patchset.h"
#include "tools/patch/tree/tree.h"
#include "tools/patch/tree/weave.h"

enum ropp_outcome_state {
    ROPP_OUTCOME_FITS,
    ROPP_OUTCOME_LEFT_OUT, /* an optional one whose place is not there */
    ROPP_OUTCOME_DEFAULT,  /* a fact that the tree does not show */
    ROPP_OUTCOME_FAILED,
};

/* What became of one hook or copy. */
struct ropp_outcome {
    const struct ropp_hook *hook;
    enum ropp_outcome_state state;
    const char *path;        /* of the file it goes to; NULL when there is none */
    struct ropp_place place; /* of a hook that fits; its line is in the text without insertions */
    size_t line; /* of a hook that fits: of its first inserted line in the woven file; of a fact:
                    its own there */
    const char *value; /* of a fact that is known: the text of its #define */
    const char *why;   /* unless it fits: what is missing */
};

/* A file that has something of ropp's, or will have. */
struct ropp_planned_file {
    const char *path;
    bool on_disk;
    struct ropp_file disk;
    bool is_copy;                  /* on disk: put there by a `copy` */
    struct ropp_block copy_marker; /* if is_copy */
    struct ropp_stripped stripped; /* unless is_copy */
    struct ropp_mask mask; /* of its text, while the plan is made; its own text is NULL before */
    bool wanted;           /* whether it exists after the change */
    struct ropp_buffer result; /* its content then */
    size_t insertion_count;
};

struct ropp_plan {
    const struct ropp_dialect *dialect; /* NULL: without anything of ropp's */
    struct ropp_outcome *outcomes; /* hooks first, then copies, in the order of the hook files */
    size_t outcome_count;
    struct ropp_planned_file *files; /* by path */
    size_t file_count;
    size_t failed;   /* outcomes that failed */
    bool unbuilt;    /* no build system of the tree takes ropp in */
    size_t problems; /* edited blocks, damaged markers, foreign files */
};

/* Makes the plan for a tree. `dialect` NULL plans a tree without anything of ropp's; `without` are
 * the features that are left out. What cannot be read ends the plan with a message and an exit
 * status; what does not fit or was edited is in the plan, and printed by ropp_plan_print_problems.
 * With `force`, edited blocks and copies are no problem. The plan is kept (base/keep.h), but for the
 * contents of its files. */
int ropp_plan_make(struct ropp_plan *plan, const struct ropp_tree *tree,
                   const struct ropp_patchset *set, const struct ropp_dialect *dialect,
                   const struct ropp_texts *without, bool force);

/* Frees the contents of its files. */
void ropp_plan_free(struct ropp_plan *plan);

/* Whether the plan changes a file. */
bool ropp_plan_changes(const struct ropp_planned_file *file);

/* Whether somebody edited what ropp put into a file, or damaged its markers. */
bool ropp_plan_edited(const struct ropp_planned_file *file);

#endif
