// SPDX-License-Identifier: MIT
/* Where the database is, gathered from weak to strong: what a stronger place sets replaces what a
 * weaker one has set, one by one. The places: the emulator's tree, or, without one, the groups
 * [client] and [ropp] of MariaDB's option files; the group [ropp] of the one that --defaults-file
 * names; the environment; the command line. */
#ifndef ROPP_TOOLS_DATABASE_SETTINGS_H
#define ROPP_TOOLS_DATABASE_SETTINGS_H

#include <stdbool.h>

#include "service/db.h"

/* Sets one by its key in an option file: host, port, user, password, database or socket; any other is
 * not ours and passed over. A host replaces a socket that was set before, and a socket a host.
 * `where` is for the message, such as "/etc/my.cnf:12: port". False with a message when the value
 * is too long or no port. */
bool ropp_setting_set(struct ropp_db_settings *settings, const char *key, const char *value,
                      const char *where);

#endif
