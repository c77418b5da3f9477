// SPDX-License-Identifier: MIT
/* A player's first exchange at every hop: a connection, and an answer of the login server behind
 * it. The question is the one for a key, which clients may ask and which counts as no login. */
#ifndef ROPP_TOOLS_HOP_EXCHANGE_H
#define ROPP_TOOLS_HOP_EXCHANGE_H

#include "tools/hop/network.h"
#include "tools/hop/samples.h"

/* Emulators take more than five connections of one address, each less than three seconds after the
 * one before, for an attack (`ddos_count`, `ddos_interval`). So many are made at a time, and then
 * there is a pause. */
#define ROPP_EXCHANGE_BURST    3
#define ROPP_EXCHANGE_PAUSE_MS 3200

/* One address of a hop. */
struct ropp_exchange {
    size_t hop;
    struct ropp_addr at;
    struct ropp_samples connect, whole; /* the connection alone; the answer has come */
    char *from;                         /* the own address, NULL: there was no connection yet */
    char *trouble;                      /* of the last one that failed; NULL: none has */
};

struct ropp_exchanges {
    const struct ropp_network *network;
    struct ropp_exchange *items; /* one for each public address */
    size_t count;
    int64_t pause_ms;
    int64_t due_ms; /* on ropp_net_now_ms's clock: not before */
};

/* pause_ms is 0 for the usual one, which also keeps to what the hops themselves allow (`rate`).
 * Each keeps so many samples. Freed with ropp_exchanges_free. */
void ropp_exchanges_begin(struct ropp_exchanges *exchanges, const struct ropp_network *network,
                          size_t room, int64_t pause_ms);
void ropp_exchanges_free(struct ropp_exchanges *exchanges);

/* One exchange at each address; waits for its time. False when the system fails: errno. */
bool ropp_exchanges_round(struct ropp_exchanges *exchanges, int timeout_ms);

#endif
