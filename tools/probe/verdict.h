// SPDX-License-Identifier: MIT
/* What came of a probe and what that most likely means: the words for a server's refusal, where to
 * look when nobody answered, and whether an address that a player was sent is the right one. Pure:
 * no I/O. */
#ifndef ROPP_PROBE_VERDICT_H
#define ROPP_PROBE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/player/journey.h"

enum ropp_probe_result {
    ROPP_PROBE_OK,           /* came as far as was asked */
    ROPP_PROBE_ANSWERED,     /* the made-up user was turned away: a server is there */
    ROPP_PROBE_REFUSED,      /* packet, code */
    ROPP_PROBE_CLOSED,       /* without an answer */
    ROPP_PROBE_SILENT,       /* no answer in time */
    ROPP_PROBE_UNREACHABLE,  /* no connection: error */
    ROPP_PROBE_UNKNOWN,      /* packet: an answer in another language */
    ROPP_PROBE_LEAK,         /* the player got an address that no player must or can have */
    ROPP_PROBE_NO_SERVER,    /* the list of char servers is empty */
    ROPP_PROBE_NO_CHARACTER, /* and none was to be made */
    ROPP_PROBE_ERROR         /* the probe itself failed */
};

/* What became of a connection that said nothing at all, after one that was closed. It shows what a
 * player's side alone cannot see: a hop that reaches no server, or whose header is not believed,
 * closes without being spoken to; a server that waits for a header, or for somebody with a name,
 * does not. */
enum ropp_probe_quiet {
    ROPP_QUIET_UNKNOWN, /* not tried, or there was no connection */
    ROPP_QUIET_CLOSED,
    ROPP_QUIET_OPEN
};

struct ropp_probe_outcome {
    enum ropp_probe_result result;
    enum ropp_leg leg; /* where it came to its end */
    unsigned packet;
    unsigned code;
    int error; /* errno; 0 when the time was over */
    enum ropp_probe_quiet quiet;
    bool header;    /* the probe sent a PROXY header */
    bool guest;     /* the user was made up */
    bool scrambles; /* clients of that version scramble what they send to the map server, and the
                       probe has no keys for it */
};

/* A stable name: "ok", "answered", "refused" ... */
const char *ropp_probe_result_name(enum ropp_probe_result result);

/* Whether the hop does what it should. */
bool ropp_probe_is_good(enum ropp_probe_result result);

/* Whether a login server that refuses so has looked at the account: then it keeps that in loginlog
 * under the user's name, and for a made-up user it is the answer to be expected. It has not when
 * the address is banned, or when the server is closed. */
bool ropp_probe_is_judged(unsigned packet, unsigned code);

/* What a refusal means, in a few words. */
const char *ropp_probe_refusal(enum ropp_leg leg, unsigned packet, unsigned code);

#define ROPP_PROBE_CAUSES 8

/* The likely causes, most likely first, each with what to look at. Returns how many; 0 when all is
 * well. */
size_t ropp_probe_causes(const struct ropp_probe_outcome *outcome,
                         const char *causes[ROPP_PROBE_CAUSES]);

/* Where a server sends the player. */
enum ropp_probe_way {
    ROPP_WAY_SAME,       /* to the address that was dialled */
    ROPP_WAY_OTHER,      /* to another one: right when a proxy_route says so */
    ROPP_WAY_UNDIALABLE, /* to a private network, from outside; or to none at all */
};

/* `dialled` is what the player dialled, or what a header said it had. */
enum ropp_probe_way ropp_probe_judge(const struct ropp_hostport *dialled, const uint8_t ip[4]);

#endif
