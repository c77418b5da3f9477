// SPDX-License-Identifier: MIT
/* The address an emulator keeps for a player.
 *
 * Emulators hold a client's address in one 32-bit integer. An IPv4 player's address goes there as
 * it is. An IPv6 player gets a stand-in from 240.0.0.0/4, a range that no real client can have. It
 * is computed from the /64, which is what one household or one rented server holds, so that limits
 * and bans by address hit what they hit for an IPv4 player. The same /64 has the same stand-in on
 * every server of a cluster and after every restart.
 *
 * There are 2^28 stand-ins, and a /32 has 2^32 networks: without a key, whoever has one can find a
 * network with the stand-in of somebody else, to share that one's bans and limits. With a key,
 * which must be the same on every server of the cluster, that takes guessing. */
#ifndef ROPP_CORE_STANDIN_H
#define ROPP_CORE_STANDIN_H

#include <stdint.h>

#include "core/addr.h"

#define ROPP_STANDIN_KEY_MIN 16 /* bytes of a key's text */
#define ROPP_STANDIN_KEY_MAX 128

struct ropp_standin_key { /* all zero: no key */
    bool is_set;
    uint64_t k[2];
};

/* Makes a key of text[0..length). */
void ropp_standin_key_set(struct ropp_standin_key *key, const char *text, size_t length);

/* The 32-bit address, host byte order, that represents an address in the emulator: itself for INET,
 * the stand-in for INET6, 0 for UNSPEC. Never 255.255.255.255. A NULL key is none. */
uint32_t ropp_client_addr(const struct ropp_addr *addr, const struct ropp_standin_key *key);

/* Whether an address, host byte order, is from the range that stand-ins are from. */
bool ropp_is_standin(uint32_t addr);

#endif
