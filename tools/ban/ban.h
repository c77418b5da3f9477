// SPDX-License-Identifier: MIT
/* `ropp ban`: the ban lists in the emulator's database. */
#ifndef ROPP_TOOLS_BAN_BAN_H
#define ROPP_TOOLS_BAN_BAN_H

#include "tools/base/command.h"

extern const struct ropp_cli_command ropp_ban;

/* Its commands, each in a file of its own. */
extern const struct ropp_cli_command ropp_ban_add;
extern const struct ropp_cli_command ropp_ban_del;
extern const struct ropp_cli_command ropp_ban_list;
extern const struct ropp_cli_command ropp_ban_check;
extern const struct ropp_cli_command ropp_ban_import;
extern const struct ropp_cli_command ropp_ban_export;
extern const struct ropp_cli_command ropp_ban_follow;

#endif
