/* Where the database is, gathered from weak to strong: what a stronger place sets replaces what a
 * weaker one has set, one by one. The places: the emulator's tree, or, without one, the groups
 * [client] and [ropp] of MariaDB's option files; the group [ropp] of the one that --defaults-file
 * names; the environment; the command line. */
#ifndef ROPP_TOOLS_DATABASE_SETTINGS_H
#define ROPP_TOOLS_DATABASE_SETTINGS_H

#include <stdbool.h>

#include "service/db.h"

enum ropp_setting {
    ROPP_SETTING_HOST,
    ROPP_SETTING_SOCKET,
    ROPP_SETTING_PORT,
    ROPP_SETTING_USER,
    ROPP_SETTING_PASSWORD,
    ROPP_SETTING_DATABASE,
};

/* Sets one. A host replaces a socket that was set before, and a socket a host. `where` is for the
 * message, such as "conf/inter_athena.conf:12: login_server_port". False with a message when the
 * value is too long or no port. */
bool ropp_setting_set(struct ropp_db_settings *settings, enum ropp_setting setting,
                      const char *value, const char *where);

#endif
