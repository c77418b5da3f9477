// SPDX-License-Identifier: MIT
/* Any bytes as a packet to a player behind a proxy: what the login and char servers may send has no address of the
 * origin's in it, whatever the packet was; what is not rewritten is as it was; nothing is written outside.
 *
 * The first byte is the server, and how the owner has set it up. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/rejection.h"
#include "core/rewrite.h"

enum { PACKET_MAX = 4096 };

/* The player is 198.51.100.7, and has dialled 198.51.100.10. */
static const uint8_t header[] = {0x0d, 0x0a, 0x0d, 0x0a, 0,    0x0d, 0x0a, 'Q', 'U', 'I',
                                 'T',  0x0a, 0x21, 0x11, 0,    12,   198,  51,  100, 7,
                                 198,  51,   100,  10,   0x10, 1,    0x1a, 0xf4};

static void be_proxied(struct ropp_conn *conn)
{
    const struct ropp_policy policy = {.mode = ROPP_MODE_ON};
    struct ropp_header reader;

    ropp_header_init(&reader);
    ropp_conn_open(conn, ROPP_VERDICT_HEADER, 0xc000020a, ROPP_SERVER_LOGIN, 0, 3000);
    FUZZ_CHECK(ropp_conn_feed(conn, &reader, &policy, header, sizeof header) == sizeof header);
    FUZZ_CHECK(ropp_conn_is_proxied(conn));
}

/* The address in either byte order. */
static bool has(const uint8_t *packet, size_t size, const uint8_t ip[4])
{
    const uint8_t turned[4] = {ip[3], ip[2], ip[1], ip[0]};

    return size >= 4 &&
           (memmem(packet, size, ip, 4) != NULL || memmem(packet, size, turned, 4) != NULL);
}

static void check_rewrite(uint8_t how, uint8_t *packet, const uint8_t *before, size_t size)
{
    static const uint8_t origin[4] = {203, 0, 114, 9};
    const enum ropp_server server = (enum ropp_server)((how & 7) % 5);
    const struct ropp_route route = {.to = {{0xc6336414, 1026}, {0xc6336414, 0}}};
    const struct ropp_routes routes = {.items = &route,
                                       .count = how >> 4 & 1,
                                       .advertise_destination = how >> 5 & 1,
                                       .hide_origin = (how >> 6 & 1) == 0};
    struct ropp_origin_addrs own = {{0}, 0};
    struct ropp_conn conn;

    be_proxied(&conn);
    ropp_origin_add(&own, 0xcb007209);
    FUZZ_CHECK(own.count == 1);
    if (ropp_rewrite(server, &routes, &own, &conn, packet, size) != ROPP_REWRITE_OK)
        return;
    if (routes.hide_origin && (server == ROPP_SERVER_LOGIN || server == ROPP_SERVER_CHAR))
        FUZZ_CHECK(!has(packet, size, origin));
    FUZZ_CHECK(size < 2 || memcmp(packet, before, 2) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *packet;
    size_t length;

    if (size < 2 || size > PACKET_MAX)
        return 0;
    length = size - 1;
    /* Of exactly that size, so that a sanitizer sees every step outside. */
    packet = (uint8_t *)malloc(length);
    FUZZ_CHECK(packet != NULL);
    memcpy(packet, data + 1, length);
    check_rewrite(data[0], packet, data + 1, length);
    memcpy(packet, data + 1, length);
    FUZZ_CHECK(ropp_rejection_closed(packet, length) <= length);
    free(packet);
    return 0;
}
