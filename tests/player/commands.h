// SPDX-License-Identifier: MIT
/* The test player's subcommands and the options they share. A result is a line on standard output
 * that begins with one word, followed by key=value; it is written out at once. */
#ifndef ROPP_PLAYER_COMMANDS_H
#define ROPP_PLAYER_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/player/journey.h"
#include "tools/player/link.h"
#include "tools/player/sender.h"

#define ROPP_PLAYER_OK     0 /* the server answered, and accepted */
#define ROPP_PLAYER_FAILED 1 /* anything else the network can do */
#define ROPP_PLAYER_USAGE  2

#define ROPP_HIDDEN 8

/* Whose headers `balance` writes: Amazon's. */
enum ropp_balancer {
    ROPP_BALANCER_NONE,
    ROPP_BALANCER_CLASSIC,
    ROPP_BALANCER_NLB,
    ROPP_BALANCER_NLB_ENDPOINT
};

struct ropp_options {
    struct ropp_hostport to;
    struct ropp_hostport from;
    bool from_each; /* the i-th connection comes from the i-th address after `from` */
    const char *user;
    const char *password;
    const char *name; /* of a char server */
    enum ropp_sender sender;
    struct ropp_hostport claim;       /* the source the header names; unset: `from` */
    struct ropp_hostport destination; /* the destination it names; unset: `to` */
    bool claim_each;
    size_t header_total; /* a version 2 header is filled up to this length */
    uint8_t *bytes;      /* --hex and --file, sent as they are */
    size_t bytes_length;
    size_t piece;
    int gap_ms;
    int hold_ms;
    unsigned count;
    int spread_ms; /* the connections are begun evenly over this time */
    int timeout_ms;
    int quiet_ms; /* `raw`: how long nothing more has come when it was all; 0: until the timeout */
    int stay_ms;
    bool want_banned; /* `watch`: what is waited for; else that the player is in */
    bool short_watch; /* it sends no login, */
    bool one_byte;    /* but the first byte of a packet */
    bool times;       /* answers are shown with how long they took */
    const char *save; /* file to write received bytes to */
    enum ropp_balancer balancer;
    struct ropp_hostport forward; /* `balance`: where to */

    /* `play`: what the others have no use for. The plan's first leg, its user and its count are
     * those above. */
    struct ropp_plan plan;
    struct ropp_scramble_keys keys;
    struct ropp_hostport hidden[ROPP_HIDDEN]; /* must not be in what is received */
    size_t hidden_count;
};

/* Each returns the exit status. */
int ropp_player_login(const struct ropp_options *options);
int ropp_player_server_login(const struct ropp_options *options);
int ropp_player_play(const struct ropp_options *options);
int ropp_player_silent(const struct ropp_options *options);
int ropp_player_watch(const struct ropp_options *options);
int ropp_player_raw(const struct ropp_options *options);
int ropp_player_listen(const struct ropp_options *options);
int ropp_player_balance(const struct ropp_options *options);

/* `count` links as the options want them, each to send its header and then `packet`. NULL when
 * memory runs out, or when source and destination of the header do not fit together; that is said
 * on standard error. Freed with ropp_player_unlink. */
struct ropp_link *ropp_player_links(const struct ropp_options *options, const uint8_t *packet,
                                    size_t packet_length);
void ropp_player_unlink(struct ropp_link *links, unsigned count);

/* The words for an end without an answer: "closed ms=12", "timeout ms=5000", "unreachable
 * error=...". */
void ropp_player_say_end(const struct ropp_link *link);

#endif
