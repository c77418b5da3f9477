// SPDX-License-Identifier: MIT
#include "tools/ban/ban.h"

static const struct ropp_cli_command *const commands[] = {
    &ropp_ban_add,    &ropp_ban_del,    &ropp_ban_list,   &ropp_ban_check,
    &ropp_ban_import, &ropp_ban_export, &ropp_ban_follow, NULL,
};

const struct ropp_cli_command ropp_ban = {
    .name = "ban",
    .summary = "ban addresses, let them in, import and export lists",
    .usage = "COMMAND [ARGUMENT ...]",
    .about = "The ban lists in the emulator's database. The servers act on a change within two "
             "seconds.",
    .commands = commands,
    .example = "ban check 203.0.113.7 --tree ../rathena",
};
