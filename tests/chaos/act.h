// SPDX-License-Identifier: MIT
/* What one connection of a storm does, and what may come of it. Everything follows from the seed
 * and the connection's number.
 *
 * The networks are agreed on with the runner, which makes the accounts, the bans and the proxies:
 *
 *   127.61.0.K        players honestK, by header          2001:db8:61:K::5  players sixK, by header
 *   127.62.0.K        players directK, without one        127.63.0.K  players stackK, by two and
 * more 127.64.0.0/16     banned, but for 127.64.1.0/24, where players allowK are 127.65.0.0/16
 * banned                              127.70-79.0.0  banned and not, all the time 127.80.0.0/16 who
 * guesses passwords               127.81.0.0/16  trusted by nobody 127.10.0.20-59    proxies
 * without a proxy_route: who comes by them is sent the header's destination 127.10.0.9        a
 * proxy with one, to the servers' own address */
#ifndef ROPP_CHAOS_ACT_H
#define ROPP_CHAOS_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/player/link.h"

#define CHAOS_TARGETS 5
#define CHAOS_PLAYERS 200 /* K is from 1 to this */

enum chaos_server { CHAOS_LOGIN, CHAOS_CHAR, CHAOS_OTHER };

struct chaos_target {
    enum chaos_server server;
    struct ropp_hostport at;
};

struct chaos_world {
    uint64_t seed;
    struct chaos_target targets[CHAOS_TARGETS]; /* the first is the login server */
    unsigned target_count;
    const char *server_user; /* an account that other servers log in with */
    const char *server_password;
};

/* What came of a connection, as bits. */
enum chaos_outcome {
    CHAOS_UNREACHED = 1 << 0, /* it never stood */
    CHAOS_LEFT = 1 << 1,      /* ended by this side, nothing received */
    CHAOS_CLOSED = 1 << 2,    /* by the server, nothing received */
    CHAOS_STUCK = 1 << 3,     /* neither, when all the time was over */
    CHAOS_ACCEPTED = 1 << 4,  /* a player was let in */
    CHAOS_SERVER = 1 << 5,    /* a server was */
    CHAOS_REFUSED = 1 << 6,   /* in the game's words */
    CHAOS_ANSWERED = 1 << 7   /* anything else */
};

#define CHAOS_OUTCOMES 8

/* How the connection ends, unless the server ends it. */
enum chaos_ending {
    CHAOS_WAIT,  /* when something was heard */
    CHAOS_CLOSE, /* at a moment */
    CHAOS_RESET, /* at a moment, with RST */
    CHAOS_HALF   /* at a moment nothing more is said, and the server closes */
};

struct chaos_act {
    uint64_t number;
    unsigned kind; /* index for chaos_kind_name */
    unsigned target;
    enum chaos_ending ending;
    int end_ms;       /* the moment, after the beginning */
    unsigned allowed; /* outcomes */
    bool honest;      /* may fail while the servers are out of service */
    uint32_t
        sent_address; /* the char server's address that must be sent, host byte order; 0: any */
};

unsigned chaos_kind_count(void);
const char *chaos_kind_name(unsigned kind);

/* Plans the connection with that number. link->out is from malloc, the caller's; false when there
 * is no memory. */
bool chaos_act_plan(const struct chaos_world *world, uint64_t number, struct chaos_act *act,
                    struct ropp_link *link);

/* Plans one of the many that take a server's descriptors away: it says nothing, or half of
 * something. */
bool chaos_act_crowd(const struct chaos_world *world, uint64_t number, unsigned target,
                     struct chaos_act *act, struct ropp_link *link);

#endif
