// SPDX-License-Identifier: MIT
/* What `ropp ban follow` is asked for: targets and where the database is, by options and by a file of
 * them. */
#ifndef ROPP_TOOLS_BAN_TARGETS_H
#define ROPP_TOOLS_BAN_TARGETS_H

#include "tools/database/connect.h"
#include "tools/edge/edge.h"

enum { ROPP_TARGETS_MOST = 64 };

struct ropp_targets {
    struct ropp_connect connect;
    const char *config; /* the file, or NULL */
    bool force;         /* a database without any ban is believed */
    struct ropp_edge edges[ROPP_TARGETS_MOST];
    size_t count;
};

/* The options, but for those of the database. What they point at is there until
 * ropp_targets_free. */
extern const struct ropp_option ropp_targets_options[];

/* Completes the request by its configuration file, and says what is missing or does not go together.
 * Returns the exit status. */
int ropp_targets_read(void *targets, const struct ropp_words *words);

void ropp_targets_free(void);

#endif
