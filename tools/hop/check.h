// SPDX-License-Identifier: MIT
/* The parts of `ropp hop check`. Each adds what it finds to the findings. */
#ifndef ROPP_TOOLS_HOP_CHECK_H
#define ROPP_TOOLS_HOP_CHECK_H

#include "tools/database/connect.h"
#include "tools/hop/findings.h"
#include "tools/hop/network.h"
#include "tools/player/client.h"
#include "tools/player/scramble.h"

struct ropp_check {
    const struct ropp_network *network;
    const char *user; /* the account; NULL: a made-up one, which the login server turns away */
    char password[ROPP_PACKET_NAME];
    const struct ropp_client *client;
    const struct ropp_scramble_keys *keys; /* NULL: nothing is scrambled, */
    bool scrambles;                        /* but clients of that version do */
    int timeout_ms;
    struct ropp_session *session; /* NULL: the database is not asked, */
    const char *no_session;       /* for this reason */
    bool through;                 /* hops' proxies are asked */
    struct ropp_findings findings;
    bool *reached; /* of each hop: a player gets in at all of its addresses */
};

/* "hidden": nobody reaches the game's ports at the origin's public addresses (hidden.c). False with
 * a message when the system fails. */
bool ropp_check_hidden(struct ropp_check *check);

/* "server": the emulators' running settings go with the file (servers.c). */
void ropp_check_servers(struct ropp_check *check);

/* "player" at every address of every hop, and "header": what the servers have logged of that player
 * (visit.c). False with a message when the system fails. */
bool ropp_check_visits(struct ropp_check *check);

/* What a look at the logs begins with, before the player comes (header.c). */
struct ropp_check_mark {
    const char *user;  /* of the player to come */
    uint64_t connlog;  /* the last row */
    uint64_t loginlog; /* how many the user has */
    bool has_connlog, has_loginlog;
};

void ropp_check_mark(struct ropp_check *check, const char *user, struct ropp_check_mark *mark);

/* "header": the player came by an address of a hop, from `local` as this machine knows itself. */
void ropp_check_header(struct ropp_check *check, const struct ropp_check_mark *mark, size_t hop,
                       size_t index, const struct ropp_addr *local);

/* "ways" and "bans" of every hop, as its proxy has them (inside.c). Called after the visits. */
void ropp_check_inside(struct ropp_check *check);

#endif
