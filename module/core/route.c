// SPDX-License-Identifier: MIT
#include "core/route.h"

/* Networks from which nothing public can be reached: RFC 1918, RFC 6598 (the carriers' own),
 * loopback, link-local, and "this network". */
static bool route_is_private(uint32_t ip)
{
    return ip >> 24 == 10 || ip >> 20 == 0xac1 || ip >> 16 == 0xc0a8 || ip >> 22 == 0x191 ||
           ip >> 24 == 127 || ip >> 16 == 0xa9fe || ip >> 24 == 0;
}

/* The IPv6 networks of the same kind: loopback, fe80::/10, fc00::/7. */
static bool route_is_private6(const uint8_t bytes[16])
{
    int i;

    if ((bytes[0] & 0xfe) == 0xfc || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80))
        return true;
    for (i = 0; i < 15; i++)
        if (bytes[i] != 0)
            return false;
    return bytes[15] <= 1;
}

bool ropp_route_public(const struct ropp_addr *addr)
{
    if (addr->family == ROPP_FAMILY_INET6)
        return !route_is_private6(addr->bytes);
    return addr->family == ROPP_FAMILY_INET && !route_is_private(ropp_addr_to_v4(addr));
}

bool ropp_route_dialable(const struct ropp_addr *source, const struct ropp_addr *destination)
{
    if (destination->family != ROPP_FAMILY_INET || ropp_addr_to_v4(destination) == 0)
        return false;
    return ropp_route_public(destination) || !ropp_route_public(source);
}

static const struct ropp_route *route_longest(const struct ropp_routes *routes,
                                              const struct ropp_conn *conn, enum ropp_target target)
{
    const struct ropp_addr peer = ropp_conn_peer(conn);
    const struct ropp_route *best = NULL;
    size_t i;

    for (i = 0; i < routes->count; i++) {
        const struct ropp_route *route = &routes->items[i];

        if (route->to[target].ip == 0 ||
            (best != NULL && route->prefix.length <= best->prefix.length))
            continue;
        if (ropp_prefix_contains(&route->prefix, &peer) ||
            ropp_prefix_contains(&route->prefix, &conn->hop) ||
            ropp_prefix_contains(&route->prefix, &conn->destination))
            best = route;
    }
    return best;
}

enum ropp_route_result ropp_route_find(const struct ropp_routes *routes,
                                       const struct ropp_conn *conn, enum ropp_target target,
                                       uint32_t written, struct ropp_endpoint *to)
{
    const struct ropp_route *route = route_longest(routes, conn, target);
    bool dialable = ropp_route_dialable(&conn->source, &conn->destination);

    to->port = 0;
    if (route != NULL) {
        *to = route->to[target];
        return ROPP_ROUTE_FOUND;
    }
    if (dialable && routes->advertise_destination) {
        to->ip = ropp_addr_to_v4(&conn->destination);
        return ROPP_ROUTE_FOUND;
    }
    if (!routes->hide_origin)
        return ROPP_ROUTE_LEAVE;
    return dialable && written == ropp_addr_to_v4(&conn->destination) ? ROPP_ROUTE_LEAVE
                                                                      : ROPP_ROUTE_NONE;
}
