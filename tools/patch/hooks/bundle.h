// SPDX-License-Identifier: MIT
/* The files that ropp brings along, embedded into the program when it is built (tools/embed.sh). */
#ifndef ROPP_TOOLS_PATCH_HOOKS_BUNDLE_H
#define ROPP_TOOLS_PATCH_HOOKS_BUNDLE_H

#include <stddef.h>

/* `path` is "patches/DIALECT/dialect", "patches/DIALECT/NAME.hook", or the name by which `from` in
 * a hook file asks for it, such as "ropp.c". `data` is not NUL-terminated. */
struct ropp_bundle_file {
    const char *path;
    const unsigned char *data;
    size_t size;
};

/* All embedded files, in the order in which they were given to the build. */
const struct ropp_bundle_file *ropp_bundle(size_t *count);

#endif
