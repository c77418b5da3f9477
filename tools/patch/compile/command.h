// SPDX-License-Identifier: MIT
/* How the tree's own build would compile a file. */
#ifndef ROPP_TOOLS_PATCH_COMPILE_COMMAND_H
#define ROPP_TOOLS_PATCH_COMPILE_COMMAND_H

#include "tools/patch/compile/shadow.h"

/* Its texts are kept (base/keep.h). */
struct ropp_command {
    const char *folder; /* where it runs */
    const char *line;   /* for a shell: looks through the file, and writes nothing */
};

/* The command for a C file of a shadow: the one of `like`, a file in the same folder that the build
 * knows. It is taken from compile_commands.json (in the tree or its folder build), else from the
 * folder's Makefile, which is asked and not run, else guessed. */
struct ropp_command ropp_command_for(const struct ropp_shadow *shadow, const char *path,
                                     const char *like);

#endif
