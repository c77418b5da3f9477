/* One player's whole way: login, char, map, and what is done there. Each server is a connection of
 * its own, a leg; where the next one goes is what the last server told, unless the plan says
 * otherwise. Many journeys run at once, as links of one run.
 *
 * What happens is told on standard output as it happens: a word, then player=N and what else there
 * is to say as key=value. */
#ifndef ROPP_PLAYER_JOURNEY_H
#define ROPP_PLAYER_JOURNEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/player/client.h"
#include "tools/player/link.h"
#include "tools/player/sender.h"
#include "tools/player/trace.h"

enum ropp_leg {
    ROPP_LEG_LOGIN,
    ROPP_LEG_CHAR,
    ROPP_LEG_MAP,
    ROPP_LEG_AGAIN, /* back at the char server, from the map */
    ROPP_LEG_COUNT
};

/* What is not set is as on the leg before, `to` excepted: unset, it is what the servers tell. */
struct ropp_leg_plan {
    struct ropp_hostport to;
    struct ropp_hostport from;
    struct ropp_hostport claim;       /* the source in the header; `from` where there is none */
    struct ropp_hostport destination; /* the destination in it; where the leg goes otherwise */
    bool sender_set;
    enum ropp_sender sender;
};

/* What is done on the map, in this order. */
enum ropp_deed_kind {
    ROPP_DEED_CHAT, /* says something, and shows what text comes back */
    ROPP_DEED_WARP, /* says something, and is moved to another map by it */
    ROPP_DEED_AGAIN /* goes back to the characters, and comes in again */
};

struct ropp_deed {
    enum ropp_deed_kind kind;
    const char *text;
};

#define ROPP_DEEDS 16

struct ropp_plan {
    struct ropp_leg_plan legs[ROPP_LEG_COUNT];
    const struct ropp_client *client;
    const char *user;
    const char *password;
    bool user_each; /* the i-th player's name ends with `user_first` + i */
    bool from_each;
    bool claim_each;
    unsigned user_first;
    unsigned count;
    struct ropp_deed deeds[ROPP_DEEDS];
    size_t deed_count;
    int spread_ms;  /* the players begin evenly over this time */
    int timeout_ms; /* for every answer */
    int retry_ms; /* how long to try again when the account is still online, or no map server is */
    int stay_ms;  /* in the game, when all deeds are done */
    int tick_ms;  /* between two packets that keep the session alive */
    enum ropp_leg last; /* the way ends here, and the stay is here: LOGIN, CHAR or MAP */
};

/* Fills what is not set from the leg before. */
void ropp_plan_complete(struct ropp_plan *plan);

/* All the players of a plan. */
struct ropp_journeys;

/* The plan must outlive them. NULL when memory runs out, or when a header cannot be written as
 * planned; that is said on standard error. */
struct ropp_journeys *ropp_journeys_begin(const struct ropp_plan *plan);

/* False when memory runs out or the system fails: errno. */
bool ropp_journeys_run(struct ropp_journeys *journeys);

/* How many came to the end of the plan. */
unsigned ropp_journeys_arrived(const struct ropp_journeys *journeys);

/* What a player has received. */
const struct ropp_trace *ropp_journeys_trace(const struct ropp_journeys *journeys, unsigned number);

void ropp_journeys_free(struct ropp_journeys *journeys);

#endif
