// SPDX-License-Identifier: MIT
#include "core/rewrite.h"

#include <string.h>

/* A packet with addresses in it: `head` bytes, then rows of `step` bytes with an address in each.
 * With a step of 0 there is one address, and `head` is the whole length. Offsets count from the
 * packet's first byte, but for `domain`, which counts from the address. */
struct rewrite_form {
    enum ropp_server server;
    uint16_t id;
    size_t head;
    size_t step;
    size_t ip;     /* 4 bytes in network order, then 2 of the port, little-endian */
    size_t domain; /* the domain name, REWRITE_DOMAIN bytes; 0: it has none */
    enum ropp_target target;
};

#define REWRITE_DOMAIN 128

static const struct rewrite_form rewrite_forms[] = {
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
#define REWRITE_BARE_ID 4

/* The form that a packet has; NULL: it names no address, or (*is_unknown) has the id of one that
 * does, and no length of such a one. */
static const struct rewrite_form *rewrite_find(enum ropp_server server, const uint8_t *packet,
                                               size_t length, bool *is_unknown)
{
    uint16_t id = (uint16_t)(packet[0] | packet[1] << 8);
    size_t i;

    for (i = 0; i < sizeof rewrite_forms / sizeof rewrite_forms[0]; i++) {
        const struct rewrite_form *form = &rewrite_forms[i];

        if (form->server != server || form->id != id)
            continue;
        if (form->step ? length >= form->head && (length - form->head) % form->step == 0
                       : length == form->head)
            return form;
        *is_unknown = server == ROPP_SERVER_LOGIN || length != REWRITE_BARE_ID;
    }
    return NULL;
}

static uint32_t rewrite_read_ip(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void rewrite_write(uint8_t *at, const struct ropp_endpoint *to)
{
    at[0] = (uint8_t)(to->ip >> 24);
    at[1] = (uint8_t)(to->ip >> 16);
    at[2] = (uint8_t)(to->ip >> 8);
    at[3] = (uint8_t)to->ip;
    if (to->port == 0)
        return;
    at[4] = (uint8_t)to->port;
    at[5] = (uint8_t)(to->port >> 8);
}

static enum ropp_rewrite_result rewrite_rows(const struct rewrite_form *form,
                                             const struct ropp_routes *routes,
                                             struct ropp_origin_addrs *own,
                                             const struct ropp_conn *conn, uint8_t *packet,
                                             size_t length)
{
    struct ropp_endpoint to;
    uint8_t *at;

    for (at = packet + form->ip; at < packet + length; at += form->step) {
        uint32_t written = rewrite_read_ip(at);
        enum ropp_route_result route = ropp_route_find(routes, conn, form->target, written, &to);

        if (route == ROPP_ROUTE_NONE)
            return ROPP_REWRITE_NO_ROUTE;
        if (route == ROPP_ROUTE_FOUND) {
            rewrite_write(at, &to);
            ropp_origin_add(own, written);
        }
        if (form->domain && (route == ROPP_ROUTE_FOUND || routes->hide_origin))
            memset(at + form->domain, 0, REWRITE_DOMAIN);
        if (form->step == 0)
            break;
    }
    return ROPP_REWRITE_OK;
}

enum ropp_rewrite_result ropp_rewrite(enum ropp_server server, const struct ropp_routes *routes,
                                      struct ropp_origin_addrs *own, const struct ropp_conn *conn,
                                      uint8_t *packet, size_t length)
{
    enum ropp_rewrite_result result = ROPP_REWRITE_OK;
    const struct rewrite_form *form = NULL;
    bool is_unknown = false;

    if (length >= 2)
        form = rewrite_find(server, packet, length, &is_unknown);
    if (form != NULL)
        result = rewrite_rows(form, routes, own, conn, packet, length);
    if (result != ROPP_REWRITE_OK || !routes->hide_origin)
        return result;
    if (server == ROPP_SERVER_LOGIN || server == ROPP_SERVER_CHAR)
        is_unknown = is_unknown || ropp_origin_leaks(own, routes, conn, packet, length);
    return is_unknown ? ROPP_REWRITE_UNKNOWN_FORM : ROPP_REWRITE_OK;
}
