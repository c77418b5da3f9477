// SPDX-License-Identifier: MIT
/* nft and ipset, which read what is to be done, or print what there is. What they say on standard
 * error goes to ours. */
#ifndef ROPP_TOOLS_EDGE_PROGRAM_H
#define ROPP_TOOLS_EDGE_PROGRAM_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "tools/base/buffer.h"

struct ropp_program {
    const char *name;
    pid_t pid;
    FILE *input; /* to write to */
};

/* Starts one that reads its standard input. argv ends with NULL. It is looked for in /usr/sbin and
 * /sbin, too. False with a message. */
bool ropp_program_begin(struct ropp_program *program, const char *const argv[]);

/* Waits for its end. False with a message when it ends with another status than 0. */
bool ropp_program_end(struct ropp_program *program);

/* Runs one without input, and adds what it prints to `output`. False without a message when it ends
 * with another status than 0: what it says then is dropped. */
bool ropp_program_ask(const char *const argv[], struct ropp_buffer *output);

#endif
