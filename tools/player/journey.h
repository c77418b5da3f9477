// SPDX-License-Identifier: MIT
/* One player's whole way: login, char, map, and what is done there. Each server is a connection of
 * its own, a leg; the next one goes where the last server sends the player, unless the plan says
 * otherwise. Many journeys run at once, as links of one run.
 *
 * What happens is reported as it happens, as events. */
#ifndef ROPP_PLAYER_JOURNEY_H
#define ROPP_PLAYER_JOURNEY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/player/client.h"
#include "tools/player/link.h"
#include "tools/player/scramble.h"
#include "tools/player/sender.h"
#include "tools/player/trace.h"

enum ropp_leg {
    ROPP_LEG_LOGIN,
    ROPP_LEG_CHAR,
    ROPP_LEG_MAP,
    ROPP_LEG_AGAIN, /* back at the char server, from the map */
    ROPP_LEG_COUNT
};

/* What is not set is as on the leg before, `to` excepted: unset, it is where the servers say. */
struct ropp_leg_plan {
    struct ropp_hostport to;
    struct ropp_hostport from;
    struct ropp_hostport claim;       /* the source in the header; `from` where there is none */
    struct ropp_hostport destination; /* the destination in it; where the leg goes otherwise */
    bool sender_set;
    enum ropp_sender sender;
};

/* What is done on the map, in this order. */
enum ropp_action_kind {
    ROPP_ACTION_CHAT, /* says something, and shows what text comes back */
    ROPP_ACTION_WARP, /* says something, and is moved to another map by it */
    ROPP_ACTION_AGAIN /* goes back to the characters, and comes in again */
};

struct ropp_action {
    enum ropp_action_kind kind;
    const char *text;
};

#define ROPP_ACTIONS 16

enum ropp_event_kind {
    ROPP_EVENT_LOGIN,      /* login: the ticket, the servers */
    ROPP_EVENT_REDIRECT,   /* server, redirect: where it is */
    ROPP_EVENT_CHARACTERS, /* number: how many there are */
    ROPP_EVENT_CREATED,    /* name: the new character's */
    ROPP_EVENT_ENTERED,    /* the game: map, name */
    ROPP_EVENT_MOVED,      /* map: another one of the same server */
    ROPP_EVENT_TEXT,       /* words, number: so many bytes that read like words, without an end */
    ROPP_EVENT_TICKED,     /* the answer to a packet that keeps the session alive: us */
    ROPP_EVENT_STAYED,     /* in the game, to the end of the plan: ms, ticks, slowest */
    ROPP_EVENT_REFUSED,    /* packet, number: the code in it */
    ROPP_EVENT_UNKNOWN,    /* packet: no answer to what was said */
    ROPP_EVENT_ENDED,      /* by the network, before its time: link, played, ms */
    ROPP_EVENT_NO_HEADER,  /* the plan's source and destination do not fit together */
    ROPP_EVENT_PLAYING     /* number: all the players, who have been in the game now */
};

/* Nothing in it outlives the call. */
struct ropp_event {
    enum ropp_event_kind kind;
    unsigned player;
    enum ropp_leg leg;
    const char *leg_name;
    const struct ropp_link *link;
    const struct ropp_reply *login;
    const struct ropp_redirect *redirect;
    const char *server; /* that the redirect leads to: "char", "map" */
    const char *name;
    const char *map;
    const char *words;
    unsigned packet;
    unsigned number;
    bool played;        /* the player was in the game */
    int64_t ms;         /* in the game, or since the connection was made */
    int64_t us;         /* from the question to the answer */
    int64_t slowest_ms; /* the longest wait for the answer to a tick */
    unsigned ticks;
    unsigned ticks_answered;
};

struct ropp_plan {
    struct ropp_leg_plan legs[ROPP_LEG_COUNT];
    const struct ropp_client *client;
    const struct ropp_scramble_keys *keys; /* NULL: nothing is scrambled */
    const char *user;
    const char *password;
    bool user_each; /* the i-th player's name ends with `user_first` + i */
    bool from_each;
    bool claim_each;
    unsigned user_first;
    unsigned count;
    struct ropp_action actions[ROPP_ACTIONS];
    size_t action_count;
    int spread_ms;  /* the players begin evenly over this time */
    int timeout_ms; /* for every answer */
    int retry_ms; /* how long to try again when the account is still online, or no map server is */
    int stay_ms;  /* in the game, when all actions are done */
    int tick_ms;  /* between two packets that keep the session alive */
    enum ropp_leg last; /* the way ends here, and the stay is here: LOGIN, CHAR or MAP */
    const volatile sig_atomic_t *stay_over; /* not zero: the stay ends. NULL: when it is over */

    bool create;           /* a character where there is none; else the way ends there */
    const char *character; /* its name; NULL: the user's */

    /* Asked before a player goes where a server sends it; NULL: it always does. */
    bool (*follows)(const struct ropp_redirect *redirect, void *context);
    void (*report)(const struct ropp_event *event, void *context);
    void *context;
};

/* Fills what is not set from the leg before. */
void ropp_plan_complete(struct ropp_plan *plan);

/* All the players of a plan. */
struct ropp_journeys;

/* The plan must outlive them. NULL when a header cannot be written as planned; that has been
 * reported. */
struct ropp_journeys *ropp_journeys_begin(const struct ropp_plan *plan);

/* False when the system fails: errno. */
bool ropp_journeys_run(struct ropp_journeys *journeys);

/* How many came to the end of the plan. */
unsigned ropp_journeys_arrived(const struct ropp_journeys *journeys);

/* What a player has received. */
const struct ropp_trace *ropp_journeys_trace(const struct ropp_journeys *journeys, unsigned number);

void ropp_journeys_free(struct ropp_journeys *journeys);

#endif
