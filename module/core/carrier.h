/* The packets that carry a server's address to a player. docs/ARCHITECTURE.md lists them. */
#ifndef ROPP_CORE_CARRIER_H
#define ROPP_CORE_CARRIER_H

#include "core/route.h"

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
    ROPP_CARRIER_UNKNOWN, /* it is one that carries an address, but not of a length that is known,
                             so that nobody can tell where; proxy_hide_origin forbids to send it */
};

/* Rewrites the addresses in one packet for the player of a PROXIED connection: the IPv4 address,
 * the port where the route has one, and the domain name, which a client would prefer, is emptied. A
 * packet that carries none is left alone. */
enum ropp_carrier_result ropp_carrier_rewrite(enum ropp_server server,
                                              const struct ropp_routes *routes,
                                              const struct ropp_conn *conn, uint8_t *packet,
                                              size_t length);

#endif
