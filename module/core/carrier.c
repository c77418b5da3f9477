#include "core/carrier.h"

#include <string.h>

const char *ropp_server_name(enum ropp_server server)
{
    static const char *const names[] = {"unknown", "login", "char", "map", "api"};

    return names[server];
}

/* Where the addresses lie. A row of `step` bytes repeats from `ip` to the end; 0: there is one. */
struct carrier {
    enum ropp_server server;
    uint16_t id;
    size_t head; /* bytes before the first row; the whole length when there is one */
    size_t step; /* bytes of a row */
    size_t
        ip; /* offset of the address: 4 bytes in network order, then 2 of the port, little-endian */
    size_t domain; /* offset of the name, from the address; 0: it has none */
    enum ropp_target target;
};

#define DOMAIN_SIZE 128

static const struct carrier carriers[] = {
    {ROPP_SERVER_LOGIN, 0x0069, 47, 32, 47, 0, ROPP_TARGET_CHAR},
    {ROPP_SERVER_LOGIN, 0x0ac4, 64, 160, 64, 32, ROPP_TARGET_CHAR},
    {ROPP_SERVER_CHAR, 0x0071, 28, 0, 22, 0, ROPP_TARGET_MAP},
    {ROPP_SERVER_CHAR, 0x0ac5, 156, 0, 22, 6, ROPP_TARGET_MAP},
    {ROPP_SERVER_MAP, 0x0092, 28, 0, 22, 0, ROPP_TARGET_MAP},
    {ROPP_SERVER_MAP, 0x0ac7, 156, 0, 22, 6, ROPP_TARGET_MAP},
    {ROPP_SERVER_MAP, 0x0a4c, 28, 0, 22, 0, ROPP_TARGET_MAP},
};

/* A char server's first bytes to a client are a bare account id, without any packet around it; so
 * are a map server's for clients from before May 2007. */
#define CARRIER_BARE_ID 4

/* Finds the carrier that a packet is. Tells by *unknown whether it has a carrier's id and no length
 * that a carrier has. */
static const struct carrier *find_carrier(enum ropp_server server, const uint8_t *packet,
                                          size_t length, bool *unknown)
{
    uint16_t id = (uint16_t)(packet[0] | packet[1] << 8);
    size_t i;

    *unknown = false;
    for (i = 0; i < sizeof carriers / sizeof carriers[0]; i++) {
        const struct carrier *c = &carriers[i];

        if (c->server != server || c->id != id)
            continue;
        if (c->step ? length >= c->head && (length - c->head) % c->step == 0 : length == c->head)
            return c;
        *unknown = server == ROPP_SERVER_LOGIN || length != CARRIER_BARE_ID;
    }
    return NULL;
}

static uint32_t read_ip(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void write_endpoint(uint8_t *at, const struct ropp_endpoint *tell)
{
    at[0] = (uint8_t)(tell->ip >> 24);
    at[1] = (uint8_t)(tell->ip >> 16);
    at[2] = (uint8_t)(tell->ip >> 8);
    at[3] = (uint8_t)tell->ip;
    if (tell->port == 0)
        return;
    at[4] = (uint8_t)tell->port;
    at[5] = (uint8_t)(tell->port >> 8);
}

static enum ropp_carrier_result rewrite_rows(const struct carrier *c,
                                             const struct ropp_routes *routes,
                                             struct ropp_origin_addrs *own,
                                             const struct ropp_conn *conn, uint8_t *packet,
                                             size_t length)
{
    struct ropp_endpoint tell;
    uint8_t *at;

    for (at = packet + c->ip; at < packet + length; at += c->step) {
        uint32_t written = read_ip(at);
        enum ropp_way way = ropp_route_find(routes, conn, c->target, written, &tell);

        if (way == ROPP_WAY_NONE)
            return ROPP_CARRIER_NO_WAY;
        if (way == ROPP_WAY_TELL) {
            write_endpoint(at, &tell);
            ropp_origin_add(own, written);
        }
        if (c->domain && (way == ROPP_WAY_TELL || routes->hide_origin))
            memset(at + c->domain, 0, DOMAIN_SIZE);
        if (c->step == 0)
            break;
    }
    return ROPP_CARRIER_FINE;
}

enum ropp_carrier_result ropp_carrier_rewrite(enum ropp_server server,
                                              const struct ropp_routes *routes,
                                              struct ropp_origin_addrs *own,
                                              const struct ropp_conn *conn, uint8_t *packet,
                                              size_t length)
{
    enum ropp_carrier_result result = ROPP_CARRIER_FINE;
    const struct carrier *c = NULL;
    bool unknown = false;

    if (length >= 2)
        c = find_carrier(server, packet, length, &unknown);
    if (c)
        result = rewrite_rows(c, routes, own, conn, packet, length);
    if (result != ROPP_CARRIER_FINE || !routes->hide_origin)
        return result;
    if (server == ROPP_SERVER_LOGIN || server == ROPP_SERVER_CHAR)
        unknown = unknown || ropp_origin_leaks(own, routes, conn, packet, length);
    return unknown ? ROPP_CARRIER_UNKNOWN : ROPP_CARRIER_FINE;
}
