// SPDX-License-Identifier: MIT
/* A command of the `ropp` program, as a row: what its help, the completion and "did you mean" show,
 * and what runs it. */
#ifndef ROPP_TOOLS_BASE_COMMAND_H
#define ROPP_TOOLS_BASE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/base/options.h"

struct ropp_session; /* a connection to the database (tools/database/connect.h) */

struct ropp_cli_command {
    const char *name;     /* as it is typed behind "ropp", such as "ban add"; "" for ropp itself */
    const char *summary;  /* one line, in the list of commands */
    const char *usage;    /* what follows the name: "PREFIX [OPTION ...]" */
    const char *about;    /* what it does; printed by ropp_help_text */
    const char *statuses; /* its exit statuses: "0 done, 1 refused, 2 wrong usage or environment" */
    const char *example;  /* what follows "ropp" in an example; more lines go as they are */

    /* Commands below it, until NULL. Without `run` it is no more than their list; with it they are
     * names for its first word, and only those have a meaning (ropp_command_below). */
    const struct ropp_cli_command *const *commands;

    struct ropp_options options;
    struct ropp_words_rule words;

    /* Looks at the words before they are read; NULL: nothing is looked at. False with a message. */
    bool (*guard)(int argc, char **argv);

    /* The request: zeroed, or a copy of `defaults`; the options are read into it. */
    size_t request_size;
    const void *defaults;

    /* Completes the request from the words, and says what does not go together. Returns an exit
     * status: with ROPP_EXIT_DONE it is run. NULL: there is nothing to do. */
    int (*read)(void *request, const struct ropp_words *words);

    /* Does it and returns the exit status. `session` is NULL unless `call` opens one. */
    int (*run)(struct ropp_session *session, void *request);

    /* Calls `run`; NULL: at once. ropp_session_call, for one that needs the database. */
    int (*call)(const struct ropp_cli_command *command, void *request);
};

/* Reads argv, of which argv[0] is the command's own name, and does it. Returns the exit status. */
int ropp_command_run(const struct ropp_cli_command *command, int argc, char **argv);

/* The command of this name below one, or NULL, with a message that says what may be meant. */
const struct ropp_cli_command *ropp_command_below(const struct ropp_cli_command *command,
                                                  const char *name);

/* Prints what the last of the words may become, a line each: for the completion of shells. Nothing
 * where that is the user's own, such as a file. */
void ropp_command_complete(const struct ropp_cli_command *command, int count, char **words);

#endif
