// SPDX-License-Identifier: MIT
/* The route back: which server address a player behind a proxy is sent.
 *
 * A login server sends the client the char server's address, a char server the map server's, a map
 * server the next map server's. A player who came through a proxy must come back through the same
 * proxy and must not learn where the origin is. So they are sent what an owner's route has for
 * their hop, or else the address they dialled, which is the header's destination. */
#ifndef ROPP_CORE_ROUTE_H
#define ROPP_CORE_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "core/conn.h"

/* What kind of server an address is of. */
enum ropp_target { ROPP_TARGET_CHAR, ROPP_TARGET_MAP, ROPP_TARGET_COUNT };

struct ropp_endpoint {
    uint32_t ip;   /* IPv4, host byte order; 0 when there is none */
    uint16_t port; /* 0: the port stays as it is */
};

struct ropp_route {
    struct ropp_prefix prefix; /* of the peer's or the hop's address, or of the destination */
    struct ropp_endpoint to[ROPP_TARGET_COUNT];
};

struct ropp_routes {
    const struct ropp_route *items; /* the owner's; not freed here */
    size_t count;
    bool advertise_destination; /* without a route: the header's destination */
    bool hide_origin;           /* without either: nothing at all rather than the origin */
};

enum ropp_route_result {
    ROPP_ROUTE_FOUND, /* send the endpoint that was found */
    ROPP_ROUTE_LEAVE, /* leave what the emulator has written */
    ROPP_ROUTE_NONE   /* there is none: refuse */
};

/* Whether an address is one that the whole Internet can reach. */
bool ropp_route_public(const struct ropp_addr *addr);

/* Whether a player from `source` can have dialled `destination`: it is IPv4, and not an address
 * of a private network while the source is a public one. Most cloud machines have such an address
 * behind their public one, and a proxy there names it. */
bool ropp_route_dialable(const struct ropp_addr *source, const struct ropp_addr *destination);

/* Decides which address the player of a proxied connection is sent for a server that the emulator
 * would name as `written` (host byte order). The longest prefix wins; between equals the first. */
enum ropp_route_result ropp_route_find(const struct ropp_routes *routes,
                                       const struct ropp_conn *conn, enum ropp_target target,
                                       uint32_t written, struct ropp_endpoint *to);

#endif
