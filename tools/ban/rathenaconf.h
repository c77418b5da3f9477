/* rAthena's configuration files: a `key: value` a line, lines that begin with // are comments. */
#ifndef ROPP_TOOLS_BAN_RATHENACONF_H
#define ROPP_TOOLS_BAN_RATHENACONF_H

#include "service/dbconf.h"

/* Reads a file below `tree` and those it imports into *conf, as the login server would. False with
 * a message. */
bool ropp_rathenaconf_read(struct ropp_dbconf *conf, const char *tree, const char *file);

#endif
