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
    char *name;        /* as written, without white space: "connect_client", "LoginServer::run" */
    size_t name_start; /* of the first qualifier */
    size_t params_end; /* behind the `)` */
    size_t open;       /* the body's `{` */
    size_t close;      /* the body's `}`; mask->size when the braces do not balance */
};

/* All definitions of `wanted` in a file, or of every function when `wanted` is NULL, in their
 * order. `MACRO(NAME) {` counts as a definition of NAME. A body with several heads, in the branches
 * of an `#if`, is listed once for each. Returns their number; the list is freed with
 * ropp_functions_free. */
size_t ropp_functions_list(const struct ropp_mask *mask, const char *wanted,
                           struct ropp_function **list);
void ropp_functions_free(struct ropp_function *list, size_t count);

/* Whether a name as written is meant by `wanted`: the same, or the same behind qualifiers. */
bool ropp_function_is(const char *name, const char *wanted);

#endif
