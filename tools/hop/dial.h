// SPDX-License-Identifier: MIT
/* Where the machines of a network are dialled. */
#ifndef ROPP_TOOLS_HOP_DIAL_H
#define ROPP_TOOLS_HOP_DIAL_H

#include "tools/hop/network.h"
#include "tools/player/net.h"

struct ropp_hostport ropp_dial_at(const struct ropp_addr *addr, uint16_t port);

/* "ADDRESS:PORT", freed by the caller. */
char *ropp_dial_text(const struct ropp_addr *addr, uint16_t port);

/* The address of one that is set. */
struct ropp_addr ropp_dial_addr(const struct ropp_hostport *at);

/* The port at which a player begins. */
uint16_t ropp_dial_login(const struct ropp_network *network);

#endif
