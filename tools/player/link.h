// SPDX-License-Identifier: MIT
/* Many connections at once, each with bytes to send and an answer to wait for: the engine under
 * `ropp probe` and the test player. One poll loop, no threads, and a deadline on everything. */
#ifndef ROPP_PLAYER_LINK_H
#define ROPP_PLAYER_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/player/net.h"

enum ropp_link_end {
    ROPP_LINK_RUNNING,
    ROPP_LINK_ANSWERED,   /* `heard` was content */
    ROPP_LINK_CLOSED,     /* by the other side */
    ROPP_LINK_TIMED_OUT,  /* still open at the deadline */
    ROPP_LINK_UNREACHABLE /* never connected; `error` is the errno */
};

struct ropp_link {
    /* Set by the caller; the rest is zero. */
    struct ropp_hostport to;
    struct ropp_hostport from; /* unset: the system's choice */
    const uint8_t *out;        /* the caller's; sent as soon as the connection is up */
    size_t out_length;
    size_t piece;                          /* bytes a segment; 0: all at once */
    size_t piece_end;                      /* behind this many bytes the rest leaves at once */
    int gap_ms;                            /* between segments */
    int hold_ms;                           /* between the connection and the first byte */
    int delay_ms;                          /* before the connection is begun */
    int timeout_ms;                        /* from the start of the run to the end of everything */
    bool keep;                             /* leaves the socket open when the link was answered */
    bool (*heard)(struct ropp_link *link); /* looks at `in`; true when that is all. NULL: never */
    bool (*turn)(struct ropp_link *link);  /* called at `turn_ms`; true when that is all */
    bool (*ended)(struct ropp_link *link); /* called at the end; true when ropp_link_again was */
    void *context;                         /* the caller's */

    /* May change while the link runs, from the three calls above: more to send behind what `out`
     * holds already, the next time to be called, the time to give up. On ropp_net_now_ms's clock.
     */
    int64_t turn_ms; /* 0: not at all; set back to 0 before the call */
    int64_t deadline_ms;

    /* What came of it. */
    enum ropp_link_end end;
    int error;
    int fd;                     /* -1 unless open */
    struct ropp_hostport local; /* the own end; unset when it never connected */
    int64_t began_ms;           /* on ropp_net_now_ms's clock */
    int64_t connected_ms;       /* 0 when it never connected */
    int64_t ended_ms;
    int64_t took_us; /* from the beginning of the connection to the end */
    uint8_t *in;     /* everything received; free with ropp_link_free */
    size_t in_length;

    /* Private. */
    size_t in_room;
    size_t sent;
    bool reported; /* `ended` was called */
    int64_t began_us;
    int64_t next_ms;
};

/* Runs all links to their ends. `open`, unless NULL, is called once, when no link is waiting for
 * its connection any more. False when poll fails: errno. */
bool ropp_link_run(struct ropp_link *links, size_t count, void (*open)(void *context),
                   void *context);

/* From `ended`: begins the connection again, to whatever `to`, `from`, `out` and the times now say.
 * What was received so far is freed, unless the caller has taken it (`in` set to NULL). */
void ropp_link_again(struct ropp_link *link);

void ropp_link_free(struct ropp_link *link);

#endif
