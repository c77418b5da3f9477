// SPDX-License-Identifier: MIT
/* How clients from August 2011 to March 2018, and newer ones whose owner has made them, scramble
 * what they send to a map server: the number of each packet is mixed with a number that changes from
 * one packet to the next. It begins anew with each connection, from three keys that client and
 * server share. */
#ifndef ROPP_PLAYER_SCRAMBLE_H
#define ROPP_PLAYER_SCRAMBLE_H

#include <stdbool.h>
#include <stdint.h>

/* Clients of this version and newer ones do not scramble as they come. */
#define ROPP_SCRAMBLE_UNTIL 20180315

struct ropp_scramble_keys {
    uint32_t start, factor, step;
};

/* Reads "K1,K2,K3", each decimal or with 0x, spaces allowed; false, and *keys untouched, when it is
 * anything else. */
bool ropp_scramble_parse(const char *text, struct ropp_scramble_keys *keys);

/* Scrambles the number of the next packet of a connection. *state is the connection's, and begins
 * as keys->start. */
void ropp_scramble(const struct ropp_scramble_keys *keys, uint32_t *state, uint8_t *packet);

#endif
