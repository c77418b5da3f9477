// SPDX-License-Identifier: MIT
/* Running a program of the system's and reading what it prints. */
#ifndef ROPP_TOOLS_BASE_RUN_H
#define ROPP_TOOLS_BASE_RUN_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "tools/base/buffer.h"

/* A running command. */
struct ropp_run {
    pid_t pid;
    FILE *output; /* what it has printed, both streams: a file without a name */
};

/* Starts a line of shell in a folder, with messages in English and no input. False with a message.
 */
bool ropp_run_begin(struct ropp_run *run, const char *folder, const char *line);

/* Waits for its end. Returns whether it ended with status 0; adds what it has printed, as far as it
 * is of a sensible size, to `output`. */
bool ropp_run_end(struct ropp_run *run, struct ropp_buffer *output);

/* Adds a word as a shell takes it. */
void ropp_run_quote(struct ropp_buffer *line, const char *word);

#endif
