/* The address an emulator keeps for a player.
 *
 * Emulators hold a client's address in one 32-bit integer. An IPv4 player's address goes there as
 * it is. An IPv6 player gets a stand-in from 240.0.0.0/4, a range that no real client can have. It
 * is computed from the /64, which is what one household or one rented server holds, so that limits
 * and bans by address hit what they hit for an IPv4 player. The same /64 has the same stand-in on
 * every server of a cluster and after every restart. */
#ifndef ROPP_CORE_STANDIN_H
#define ROPP_CORE_STANDIN_H

#include <stdint.h>

#include "core/addr.h"

/* The 32-bit address, host byte order, that stands for an address in the emulator: itself for INET,
 * the stand-in for INET6, 0 for UNSPEC. Never 255.255.255.255. */
uint32_t ropp_client_addr(const struct ropp_addr *addr);

/* Whether an address, host byte order, is from the range that stand-ins are from. */
bool ropp_is_standin(uint32_t addr);

#endif
