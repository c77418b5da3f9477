// SPDX-License-Identifier: MIT
/* Everything a player has received, connection by connection, and the search in it for an address
 * that must not be there. */
#ifndef ROPP_PLAYER_TRACE_H
#define ROPP_PLAYER_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/player/net.h"

struct ropp_trace_part {
    const char *leg; /* of the way: a word, not owned */
    uint8_t *bytes;  /* owned; from malloc */
    size_t length;
};

struct ropp_trace {
    struct ropp_trace_part *parts; /* owned */
    size_t count;
};

/* Takes `bytes` over. */
void ropp_trace_add(struct ropp_trace *trace, const char *leg, uint8_t *bytes, size_t length);

size_t ropp_trace_length(const struct ropp_trace *trace);

/* A place where an address is: in network order, backwards ("host"), or as text. */
struct ropp_trace_find {
    const char *leg;
    size_t offset;
    const char *order;
    const char *address;
};

/* Calls `found` for every place where the address (its port does not matter) is. Returns how
 * many there are. */
size_t ropp_trace_search(const struct ropp_trace *trace, const struct ropp_hostport *address,
                         void (*found)(const struct ropp_trace_find *find, void *context),
                         void *context);

void ropp_trace_free(struct ropp_trace *trace);

#endif
