// SPDX-License-Identifier: MIT
/* A connection to MariaDB that its owner alone uses: the worker's in a server, a command's in
 * `ropp`. Every call waits, so none of it belongs on an emulator's own thread. */
#ifndef ROPP_SERVICE_DB_H
#define ROPP_SERVICE_DB_H

#include <stdbool.h>
#include <stdint.h>

/* MySQL's mysql.h wants the sockets before it, or includes all of windows.h, with an older winsock
 * in it. */
#ifdef _WIN32
#    ifndef WIN32_LEAN_AND_MEAN
#        define WIN32_LEAN_AND_MEAN
#    endif
#    include <winsock2.h>
#endif

/* Not every rule of an emulator's makefiles has the folder where this is. */
#ifdef __has_include
#    if __has_include(<mysql.h>)
#        include <mysql.h>
#    elif __has_include(<mariadb/mysql.h>)
#        include <mariadb/mysql.h>
#    elif __has_include(<mysql/mysql.h>)
#        include <mysql/mysql.h>
#    else
#        error ropp needs mysql.h, from MariaDB Connector/C: apt-get install libmariadb-dev
#    endif
#else
#    include <mysql.h>
#endif

#include "service/dbconf.h"
#include "service/text.h"

struct ropp_db {
    MYSQL *mysql; /* owned; NULL when closed */
};

/* Before a statement that writes moments: in the session's own zone, which may be any, a moment of
 * the hour that comes twice at the end of summer time would be taken for the other one. */
#define ROPP_DB_UTC "SET STATEMENT time_zone = '+00:00' FOR "

/* Opens a connection in utf8mb4; the server may not ask for local files. *db need not be
 * initialised; it is closed when the result is false, and `error` says why: "cannot connect to
 * MariaDB: USER@HOST:PORT/NAME: REASON". The password is in no message. */
bool ropp_db_open(struct ropp_db *db, const struct ropp_db_settings *settings,
                  char error[ROPP_ERROR_TEXT]);

/* Whether the server can have ropp's tables: MariaDB 10.5 or newer. *what is what it says it is,
 * such as "8.0.36" of MySQL, and the connection's own. */
bool ropp_db_has_room(const struct ropp_db *db, const char **what);

/* Harmless on a closed one. */
void ropp_db_close(struct ropp_db *db);

/* Runs one statement and drops whatever it returns. False with `error`: "MariaDB: REASON". */
bool ropp_db_run(struct ropp_db *db, const char *sql, char error[ROPP_ERROR_TEXT]);

/* Runs one SELECT, whose rows then arrive by mysql_fetch_row one after the other without being
 * held. NULL with `error`. The caller frees the result, and looks at ropp_db_failed when the rows
 * end. */
MYSQL_RES *ropp_db_query(struct ropp_db *db, const char *sql, char error[ROPP_ERROR_TEXT]);

/* Whether the last call failed, mysql_fetch_row among them; then with `error`. */
bool ropp_db_failed(struct ropp_db *db, char error[ROPP_ERROR_TEXT]);

/* Whether the connection is gone and another one must be opened, judged after a failed call. */
bool ropp_db_gone(const struct ropp_db *db);

/* Whether the last call failed for no other reason than that somebody else was at the same rows. */
bool ropp_db_busy(const struct ropp_db *db);

#endif
