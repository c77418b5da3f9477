// SPDX-License-Identifier: MIT
/* Where the ban list's database is, derived from the emulator's own settings.
 *
 * proxy_ban lives beside ipbanlist, in the login server's database, and every server must find it
 * there. Of the settings a server reads, the strongest that is set wins, each field for itself:
 *
 *   proxy_db_*                    proxy_db_host, _port, _user, _password, _name
 *   ipban_db_*                    rAthena; in Hercules the group of account/ipban, before 2017
 *                                 ipban.sql.db_*
 *   login_server_*                rAthena; in Hercules the server's own group, before 2017 sql.db_*
 *   char_server_*, map_server_*   of the server itself
 *
 * and what no setting gives is as the emulators have it. */
#ifndef ROPP_SERVICE_DBCONF_H
#define ROPP_SERVICE_DBCONF_H

#include <stdbool.h>

#include "core/server.h"

/* Where the database is and who asks. Texts end with a NUL; an empty one is not set. */
struct ropp_db_settings {
    char host[256]; /* "localhost" means the socket, as everywhere in MariaDB */
    char socket[256];
    char user[128];
    char password[256];
    char name[128];    /* of the database */
    unsigned port;     /* 0: MariaDB's own default */
    unsigned server_s; /* seconds to wait for the server: to connect, for each read and write */
};

enum ropp_dbconf_rank {
    ROPP_DBCONF_OWN,
    ROPP_DBCONF_LOGIN,
    ROPP_DBCONF_IPBAN,
    ROPP_DBCONF_PROXY,
    ROPP_DBCONF_RANKS
};

enum ropp_dbconf_field {
    ROPP_DBCONF_HOST,
    ROPP_DBCONF_PORT,
    ROPP_DBCONF_USER,
    ROPP_DBCONF_PASSWORD,
    ROPP_DBCONF_NAME,
    ROPP_DBCONF_FIELDS
};

struct ropp_dbconf {
    struct ropp_db_settings from[ROPP_DBCONF_RANKS];
    bool set[ROPP_DBCONF_RANKS][ROPP_DBCONF_FIELDS];
    char ipban_table[64]; /* "ipbanlist" unless the emulator has another name for it */
};

void ropp_dbconf_init(struct ropp_dbconf *conf);

/* Takes one setting, the last one counts. False when the value is too long or is no port. */
bool ropp_dbconf_set(struct ropp_dbconf *conf, enum ropp_dbconf_rank rank,
                     enum ropp_dbconf_field field, const char *value);

/* Takes one setting of the emulator's, by its key in files of `key: value` lines, as the emulator
 * takes it: a port may be followed by anything. Other keys are passed over,
 * and so are values that are too long to be good. */
void ropp_dbconf_take(struct ropp_dbconf *conf, enum ropp_server server, const char *key,
                      const char *value);

/* What all of it comes to. server_s is left 0. */
struct ropp_db_settings ropp_dbconf_settings(const struct ropp_dbconf *conf);

#endif
