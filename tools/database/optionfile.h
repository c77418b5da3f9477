/* MariaDB's option files: /etc/my.cnf, /etc/mysql/my.cnf and ~/.my.cnf, or the one that
 * --defaults-file names; `!include FILE` and `!includedir DIR` are followed.
 *
 * The library reads them too, but only while it connects, so that what they say could not be
 * weaker than an option and stronger than the emulator's tree. */
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
