/* The way back: which server address a player behind a proxy is told.
 *
 * A login server tells the client where the char server is, a char server where the map server is,
 * a map server where the next map server is. A player who came through a proxy must come back
 * through the same proxy and must not learn where the origin is. So they are told what an owner's
 * route says for their hop, or else the address they dialled, which is the header's destination. */
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

enum ropp_way {
    ROPP_WAY_TELL,  /* tell the endpoint that was found */
    ROPP_WAY_LEAVE, /* leave what the emulator has written */
    ROPP_WAY_NONE   /* there is no way back: refuse */
};

/* Whether an address is one that the whole Internet can reach. */
bool ropp_route_public(const struct ropp_addr *addr);

/* Whether a player from `source` can have dialled `destination`: it is IPv4, and not an address
 * of a private network while the source is a public one. Most cloud machines have such an address
 * behind their public one, and a proxy there names it. */
bool ropp_route_dialable(const struct ropp_addr *source, const struct ropp_addr *destination);

/* Decides what the player of a proxied connection is told about a server that the emulator would
 * give as `written` (host byte order). The longest prefix wins; between equals the first. */
enum ropp_way ropp_route_find(const struct ropp_routes *routes, const struct ropp_conn *conn,
                              enum ropp_target target, uint32_t written,
                              struct ropp_endpoint *tell);

#endif
