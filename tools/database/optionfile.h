// SPDX-License-Identifier: MIT
/* MariaDB's option files: /etc/my.cnf, /etc/mysql/my.cnf and ~/.my.cnf, or the one that
 * --defaults-file names; `!include FILE` and `!includedir DIR` are followed.
 *
 * Why not the library, which reads them while it connects (MYSQL_READ_DEFAULT_GROUP): Connector/C
 * 3.3 takes a file that everybody can write to; passes over the first group behind a byte order
 * mark, a port that is none, and a file that is not there, without a word; has a comment behind a
 * value in the value; lets a [client] that comes later win against [ropp]; and when it cannot
 * connect, nobody learns where to. Each of these may end in another database than the one that was
 * meant. */
#ifndef ROPP_TOOLS_DATABASE_OPTIONFILE_H
#define ROPP_TOOLS_DATABASE_OPTIONFILE_H

#include <stdbool.h>

#include "service/db.h"

/* Reads the settings of a group such as "ropp" into *settings: host, port, user, password,
 * database, socket; whatever else a group holds is not ours and passed over. `file` is NULL for the
 * usual files, which may be absent; one that everybody can write to is passed over with a word.
 * False with a message when a named file cannot be read or a value is impossible. */
bool ropp_optionfile_read(struct ropp_db_settings *settings, const char *file, const char *group);

#endif
