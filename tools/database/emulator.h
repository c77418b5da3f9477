// SPDX-License-Identifier: MIT
/* The database settings of an emulator, from the configuration files in its folder: those with
 * which the login server reads `ipbanlist`. */
#ifndef ROPP_TOOLS_DATABASE_EMULATOR_H
#define ROPP_TOOLS_DATABASE_EMULATOR_H

#include "core/standin.h"
#include "service/dbconf.h"

/* Reads what the login server of the emulator in the folder `tree` would read, proxy_db_ keys
 * included, and proxy_standin_key. Paths in its files are relative to the folder, as they are for
 * the emulator itself. False with a message when it is no emulator's, a file cannot be read, or one
 * is not written as its emulator would read it. */
bool ropp_emulator_read(struct ropp_dbconf *conf, struct ropp_standin_key *key, const char *tree);

#endif
