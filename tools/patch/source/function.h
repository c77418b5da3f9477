// SPDX-License-Identifier: MIT
/* Finding the definitions of functions in masked C and C++. */
#ifndef ROPP_TOOLS_PATCH_SOURCE_FUNCTION_H
#define ROPP_TOOLS_PATCH_SOURCE_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/patch/source/mask.h"

/* A definition: a name, a balanced list of parameters, a body in braces. All offsets are into the
 * text. */
struct ropp_function {
    const char *name;  /* as written, without white space: "connect_client", "LoginServer::run" */
    size_t name_start; /* of the first qualifier */
    size_t params_end; /* behind the `)` */
    size_t open;       /* the body's `{` */
    size_t close;      /* the body's `}`; mask->size when the braces do not balance */
};

/* All definitions of `wanted` in a file, or of every function when `wanted` is NULL, in their
 * order. `MACRO(NAME) {` counts as a definition of NAME. A body with several heads, in the branches
 * of an `#if`, is listed once for each. Returns their number; the list is kept (base/keep.h). */
size_t ropp_functions_list(const struct ropp_mask *mask, const char *wanted,
                           struct ropp_function **list);

#endif
