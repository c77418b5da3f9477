/* Hercules' configuration files, which are libconfig's: `name: value`, groups in braces, lists in
 * brackets, comments as in C, C++ and the shell, and `@include "FILE"`. */
#ifndef ROPP_TOOLS_BAN_LIBCONFIG_H
#define ROPP_TOOLS_BAN_LIBCONFIG_H

#include "service/dbconf.h"

/* Reads a file below `tree`, with what it includes and then imports (`import: "FILE"` at its top
 * level), into *conf, as the login server would. False with a message. */
bool ropp_libconfig_read(struct ropp_dbconf *conf, const char *tree, const char *file);

#endif
