// SPDX-License-Identifier: MIT
#include "tools/decode/frame.h"

#include <string.h>

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_VLAN_SERVICE = 0x88a8, /* IEEE 802.1ad, the outer tag */
    TYPE_VLAN_OLD = 0x9100,
    VLAN_TAGS = 4,
    IPV4_FIXED = 20,
    IPV6_FIXED = 40,
    IPV6_EXTENSIONS = 8,
    TCP = 6,
    TCP_FIXED = 20,
    TCP_SYN = 0x02,
    TCP_ACK = 0x10
};

/* What is left of a packet. */
struct rest {
    const uint8_t *bytes;
    size_t length;
};

static unsigned get16(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

static uint32_t get32(const uint8_t *bytes)
{
    return (uint32_t)get16(bytes) << 16 | get16(bytes + 2);
}

static bool skip(struct rest *rest, size_t count)
{
    if (count > rest->length)
        return false;
    rest->bytes += count;
    rest->length -= count;
    return true;
}

/* A packet's own length ends it before the captured bytes do: what is behind is padding. A length
 * of 0 is what a network card that cuts packets itself leaves. */
static void trim(struct rest *rest, size_t length)
{
    if (length != 0 && length < rest->length)
        rest->length = length;
}

/* ---- TCP ---- */

static bool read_tcp(struct rest rest, struct ropp_segment *segment)
{
    const uint8_t *tcp = rest.bytes;
    size_t size;

    if (rest.length < TCP_FIXED)
        return false;
    size = (size_t)(tcp[12] >> 4) * 4;
    if (size < TCP_FIXED || !skip(&rest, size))
        return false;
    segment->from.port = (uint16_t)get16(tcp);
    segment->to.port = (uint16_t)get16(tcp + 2);
    segment->syn = (tcp[13] & TCP_SYN) != 0;
    segment->ack = (tcp[13] & TCP_ACK) != 0;
    segment->seq = get32(tcp + 4) + (segment->syn ? 1 : 0);
    segment->acked = get32(tcp + 8);
    segment->payload = rest.bytes;
    segment->length = rest.length;
    return true;
}

/* ---- IP ---- */

static void take_addresses(struct ropp_segment *segment, enum ropp_family family, size_t size,
                           const uint8_t *bytes)
{
    segment->from.addr.family = family;
    segment->to.addr.family = family;
    memcpy(segment->from.addr.bytes, bytes, size);
    memcpy(segment->to.addr.bytes, bytes + size, size);
}

static bool read_ipv4(struct rest rest, struct ropp_segment *segment)
{
    const uint8_t *ip = rest.bytes;
    size_t size;

    if (rest.length < IPV4_FIXED || ip[0] >> 4 != 4)
        return false;
    size = (size_t)(ip[0] & 15) * 4;
    trim(&rest, get16(ip + 2));
    if (size < IPV4_FIXED || !skip(&rest, size))
        return false;
    if (ip[9] != TCP || (get16(ip + 6) & 0x1fff) != 0)
        return false;
    take_addresses(segment, ROPP_FAMILY_INET, 4, ip + 12);
    return read_tcp(rest, segment);
}

/* Bytes of an extension header that may come before TCP (RFC 8200 section 4), 0 for any other. */
static size_t extension_size(unsigned kind, const struct rest *rest)
{
    enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51, DESTINATION = 60 };

    if (rest->length < 8)
        return 0;
    switch (kind) {
    case HOP_BY_HOP:
    case ROUTING:
    case DESTINATION:
        return ((size_t)rest->bytes[1] + 1) * 8;
    case AUTHENTICATION:
        return ((size_t)rest->bytes[1] + 2) * 4;
    case FRAGMENT:
        return (get16(rest->bytes + 2) & 0xfff8) == 0 ? 8 : 0;
    default:
        return 0;
    }
}

static bool read_ipv6(struct rest rest, struct ropp_segment *segment)
{
    const uint8_t *ip = rest.bytes;
    unsigned next;
    size_t size;

    if (rest.length < IPV6_FIXED || ip[0] >> 4 != 6)
        return false;
    next = ip[6];
    skip(&rest, IPV6_FIXED);
    trim(&rest, get16(ip + 4));
    for (int i = 0; next != TCP; i++) {
        size = extension_size(next, &rest);
        if (size == 0 || i == IPV6_EXTENSIONS)
            return false;
        next = rest.bytes[0];
        if (!skip(&rest, size))
            return false;
    }
    take_addresses(segment, ROPP_FAMILY_INET6, 16, ip + 8);
    return read_tcp(rest, segment);
}

/* ---- the link layer ---- */

static bool read_typed(unsigned type, struct rest rest, struct ropp_segment *segment)
{
    for (int i = 0; i < VLAN_TAGS; i++) {
        if (type != TYPE_VLAN && type != TYPE_VLAN_SERVICE && type != TYPE_VLAN_OLD)
            break;
        if (!skip(&rest, 4))
            return false;
        type = get16(rest.bytes - 2);
    }
    if (type == TYPE_IPV4)
        return read_ipv4(rest, segment);
    return type == TYPE_IPV6 && read_ipv6(rest, segment);
}

/* The link-layer headers: so many bytes, with the type of what follows at `type_at`; -1: what
 * follows is IP, which says itself of which version it is. */
static const struct link {
    uint32_t kind;
    uint8_t size;
    int8_t type_at;
} links[] = {
    {ROPP_FRAME_NULL, 4, -1}, /* its family differs between systems */
    {ROPP_FRAME_ETHERNET, 14, 12}, {ROPP_FRAME_RAW_BSD, 0, -1}, {ROPP_FRAME_RAW_OPEN, 0, -1},
    {ROPP_FRAME_RAW, 0, -1},       {ROPP_FRAME_LOOP, 4, -1},    {ROPP_FRAME_SLL, 16, 14},
    {ROPP_FRAME_IPV4, 0, -1},      {ROPP_FRAME_IPV6, 0, -1},    {ROPP_FRAME_SLL2, 20, 0},
};

static const struct link *find_link(uint32_t kind)
{
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
        if (links[i].kind == kind)
            return &links[i];
    return NULL;
}

bool ropp_frame_known(uint32_t link)
{
    return find_link(link) != NULL;
}

bool ropp_frame_read(uint32_t kind, const uint8_t *bytes, size_t length,
                     struct ropp_segment *segment)
{
    const struct link *link = find_link(kind);
    struct rest rest = {bytes, length};

    memset(segment, 0, sizeof *segment);
    if (link == NULL || !skip(&rest, link->size))
        return false;
    if (link->type_at >= 0)
        return read_typed(get16(bytes + link->type_at), rest, segment);
    return read_ipv4(rest, segment) || read_ipv6(rest, segment);
}

bool ropp_frame_guess(const uint8_t *bytes, size_t length, struct ropp_segment *segment)
{
    static const uint32_t kinds[] = {ROPP_FRAME_RAW, ROPP_FRAME_ETHERNET, ROPP_FRAME_SLL,
                                     ROPP_FRAME_SLL2, ROPP_FRAME_NULL};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (ropp_frame_read(kinds[i], bytes, length, segment))
            return true;
    return false;
}
