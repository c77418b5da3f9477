// SPDX-License-Identifier: MIT
/* The packets that name a server's address to a player, and how they are rewritten.
 * docs/ARCHITECTURE.md lists them. */
#ifndef ROPP_CORE_REWRITE_H
#define ROPP_CORE_REWRITE_H

#include "core/origin.h"
#include "core/server.h"

enum ropp_rewrite_result {
    ROPP_REWRITE_OK,          /* to be sent as it is now */
    ROPP_REWRITE_NO_ROUTE,    /* it names an address that must not be sent, and no other is known */
    ROPP_REWRITE_UNKNOWN_FORM /* it has an address of the origin's in it, or names one in a form
                                 that is not known; proxy_hide_origin forbids to send it */
};

/* Rewrites the addresses in one packet for the player of a proxied connection: the IPv4 address,
 * the port where the route has one, and the domain name, which a client would prefer, is emptied. A
 * packet that names none is left alone. What was replaced is added to `own`, the origin's own
 * addresses; on the login and char servers a packet that has one of those in it is never OK. */
enum ropp_rewrite_result ropp_rewrite(enum ropp_server server, const struct ropp_routes *routes,
                                      struct ropp_origin_addrs *own, const struct ropp_conn *conn,
                                      uint8_t *packet, size_t length);

#endif
