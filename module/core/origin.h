// SPDX-License-Identifier: MIT
/* The origin's own addresses: what a player behind a proxy must never be sent.
 *
 * The packets that carry an address are rewritten (core/rewrite.h), but by their ids, and a fork
 * may have one that nobody knows. So as a backstop no packet with one of these addresses in it
 * leaves a login or char server. Only addresses that are public are kept: a private one is no
 * secret, and four bytes such as 10.0.0.1 come up in packets by themselves. */
#ifndef ROPP_CORE_ORIGIN_H
#define ROPP_CORE_ORIGIN_H

#include "core/route.h"

#define ROPP_ORIGIN_ADDRS 32

struct ropp_origin_addrs {          /* all zero: none */
    uint32_t ip[ROPP_ORIGIN_ADDRS]; /* host byte order */
    size_t count;
};

/* Adds an address, host byte order, unless it is there, is not public, or the room is used up. */
void ropp_origin_add(struct ropp_origin_addrs *addrs, uint32_t ip);

/* Whether one of the addresses is in the packet, in either byte order. One that the player has
 * dialled, or that a route names, is no secret. */
bool ropp_origin_leaks(const struct ropp_origin_addrs *addrs, const struct ropp_routes *routes,
                       const struct ropp_conn *conn, const uint8_t *packet, size_t length);

#endif
