// SPDX-License-Identifier: MIT
/* Hercules' configuration files, which are libconfig's: `name: value`, groups in braces, lists in
 * brackets, comments as in C, C++ and the shell, and `@include "FILE"`.
 *
 * Why not libconfig itself: Hercules carries one of its own, with a grammar of its own (names that
 * begin with a digit, `<" ... ">`, `0b1`, and a folder where includes are looked for first), and
 * the system's would be one more library for `ropp` to depend on. This one refuses what that one
 * refuses, and tests/unit/test_agreement.c compares the two ways a setting comes to the module:
 * this reader, and the glue of Hercules with libconfig behind it. */
#ifndef ROPP_TOOLS_DATABASE_LIBCONFIG_H
#define ROPP_TOOLS_DATABASE_LIBCONFIG_H

#include "service/keys.h"

/* Reads a file below config->tree, with what it includes and then imports (`import: "FILE"` at its
 * top level), as the login server would. False with a message. */
bool ropp_libconfig_read(struct ropp_config *config, const char *file);

#endif
