// SPDX-License-Identifier: MIT
/* Anchors: where in a file a hook's lines go. */
#ifndef ROPP_TOOLS_PATCH_HOOKS_ANCHOR_H
#define ROPP_TOOLS_PATCH_HOOKS_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/patch/hooks/hookfile.h"
#include "tools/patch/source/mask.h"
#include "tools/patch/tree/weave.h"

enum ropp_anchor_result {
    ROPP_ANCHOR_FOUND,
    ROPP_ANCHOR_MISSING, /* the function or the pattern is not there: an optional hook may be left
                            out */
    ROPP_ANCHOR_REFUSED, /* more than one place, or one where an insertion would change the meaning
                          */
};

/* Looks for the one place of a hook in a text without insertions, masked in the hook's language.
 * Unless it is found, `*why` says what was looked for and what came nearest (a sentence without a
 * full stop). */
enum ropp_anchor_result ropp_anchor_find(const struct ropp_hook *hook, const struct ropp_mask *mask,
                                         struct ropp_place *place, const char **why);

#endif
