// SPDX-License-Identifier: MIT
/* The `ropp` program: its commands. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tools/ban/ban.h"
#include "tools/base/cli.h"
#include "tools/base/command.h"
#include "tools/decode/decode.h"
#include "tools/hop/hop.h"
#include "tools/patch/patch.h"
#include "tools/probe/probe.h"
#include "tools/status/status.h"

static const struct ropp_cli_command *const commands[] = {
    &ropp_patch, &ropp_decode, &ropp_probe, &ropp_ban, &ropp_status, &ropp_hop, NULL,
};

static const struct ropp_option options[] = {
    {"which ropp this is", "--version", NULL, ROPP_OPTION_FLAG, 0, 0, 0, NULL},
    {"what it can do", "--help", NULL, ROPP_OPTION_FLAG, 0, 0, 0, NULL},
    ROPP_OPTIONS_END,
};

static const struct ropp_cli_command ropp = {
    .name = "",
    .usage = "COMMAND [ARGUMENT ...]",
    .about =
        "The PROXY protocol for Ragnarok Online emulators (rAthena, Hercules and their forks).",
    .commands = commands,
    .options = {{options}},
    .statuses = "0 done, 1 refused or not found, 2 wrong usage or environment",
    .example = "patch check ../rathena",
};

static bool is_version(const char *word)
{
    return strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0;
}

int main(int argc, char **argv)
{
    int status = ROPP_EXIT_DONE;

    ropp_called_as(argv[0]);
    if (argc >= 2 && strcmp(argv[1], "--complete") == 0)
        ropp_command_complete(&ropp, argc - 2, argv + 2);
    else if ((argc >= 2 && is_version(argv[1])) || (argc == 3 && is_version(argv[2])))
        puts("ropp " ROPP_VERSION);
    else
        status = ropp_command_run(&ropp, argc, argv);
    return ropp_finish(status);
}
