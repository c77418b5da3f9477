// SPDX-License-Identifier: MIT
#include "core/origin.h"

#include <string.h>

void ropp_origin_add(struct ropp_origin_addrs *addrs, uint32_t ip)
{
    struct ropp_addr addr = ropp_addr_v4(ip);
    size_t i;

    if (!ropp_route_public(&addr) || addrs->count == ROPP_ORIGIN_ADDRS)
        return;
    for (i = 0; i < addrs->count; i++)
        if (addrs->ip[i] == ip)
            return;
    addrs->ip[addrs->count++] = ip;
}

static bool origin_is_known(const struct ropp_routes *routes, const struct ropp_conn *conn,
                            uint32_t ip)
{
    size_t i;
    int target;

    if (ropp_addr_to_v4(&conn->destination) == ip)
        return true;
    for (i = 0; i < routes->count; i++)
        for (target = 0; target < ROPP_TARGET_COUNT; target++)
            if (routes->items[i].to[target].ip == ip)
                return true;
    return false;
}

static bool origin_is_in(const uint8_t *packet, size_t length, uint32_t ip)
{
    uint8_t forward[4], backward[4];
    size_t i;

    for (i = 0; i < 4; i++) {
        forward[i] = (uint8_t)(ip >> (24 - 8 * i) & 0xff);
        backward[3 - i] = forward[i];
    }
    for (i = 0; i + 4 <= length; i++)
        if (memcmp(packet + i, forward, 4) == 0 || memcmp(packet + i, backward, 4) == 0)
            return true;
    return false;
}

bool ropp_origin_leaks(const struct ropp_origin_addrs *addrs, const struct ropp_routes *routes,
                       const struct ropp_conn *conn, const uint8_t *packet, size_t length)
{
    size_t i;

    for (i = 0; i < addrs->count; i++)
        if (origin_is_in(packet, length, addrs->ip[i]) &&
            !origin_is_known(routes, conn, addrs->ip[i]))
            return true;
    return false;
}
