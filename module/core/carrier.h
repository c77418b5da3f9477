/* The packets that carry a server's address to a player. docs/ARCHITECTURE.md lists them. */
#ifndef ROPP_CORE_CARRIER_H
#define ROPP_CORE_CARRIER_H

#include "core/origin.h"

/* Which server sends: a packet's id means something else on each of them. */
enum ropp_server {
    ROPP_SERVER_NONE,
    ROPP_SERVER_LOGIN,
    ROPP_SERVER_CHAR,
    ROPP_SERVER_MAP,
    ROPP_SERVER_API
};

/* "login", "char", "map", "api"; "unknown" for NONE. */
const char *ropp_server_name(enum ropp_server server);

enum ropp_carrier_result {
    ROPP_CARRIER_FINE,    /* to be sent as it is now */
    ROPP_CARRIER_NO_WAY,  /* it carries an address that must not be told, and no other is known */
    ROPP_CARRIER_UNKNOWN, /* it carries an address in a form that is not known, or has an address of
                             the origin's in it; proxy_hide_origin forbids to send it */
};

/* Rewrites the addresses in one packet for the player of a proxied connection: the IPv4 address,
 * the port where the route has one, and the domain name, which a client would prefer, is emptied. A
 * packet that carries none is left alone. What was replaced is added to `own`, the origin's own
 * addresses, and nothing that has one of those in it is FINE on the login and char servers. */
enum ropp_carrier_result ropp_carrier_rewrite(enum ropp_server server,
                                              const struct ropp_routes *routes,
                                              struct ropp_origin_addrs *own,
                                              const struct ropp_conn *conn, uint8_t *packet,
                                              size_t length);

#endif
