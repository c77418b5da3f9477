// SPDX-License-Identifier: MIT
/* Asking a hop's HAProxy by its runtime API, as the origin may. */
#ifndef ROPP_TOOLS_HOP_ASK_H
#define ROPP_TOOLS_HOP_ASK_H

#include "tools/edge/haproxyapi.h"
#include "tools/hop/network.h"

/* Why a hop has nothing to be asked, or NULL. Not to be freed. */
const char *ropp_ask_none(const struct ropp_hop *hop);

/* Begins the conversation with one that has. False with *trouble: why, freed by the caller; then
 * there is nothing to close. */
bool ropp_ask_open(struct ropp_haproxy *haproxy, const struct ropp_network *network,
                   const struct ropp_hop *hop, int timeout_ms, char **trouble);

/* Why its last call has failed, freed by the caller. */
char *ropp_ask_trouble(const struct ropp_haproxy *haproxy, const struct ropp_network *network,
                       const struct ropp_hop *hop);

#endif
