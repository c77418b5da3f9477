// SPDX-License-Identifier: MIT
#include "tools/player/sender.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const uint8_t signature[12] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                      0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

#define V2_FIXED  16
#define TLV_FIXED 3
#define TLV_NOOP  0x04

static void put16(uint8_t *out, size_t value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

static size_t write_v1(const struct ropp_hostport *source, const struct ropp_hostport *destination,
                       uint8_t *out)
{
    uint8_t bytes[16];
    char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];
    int family = source->address.ss_family;
    if (family != destination->address.ss_family || ropp_hostport_bytes(source, bytes) == 0)
        return 0;
    inet_ntop(family, bytes, from, sizeof from);
    ropp_hostport_bytes(destination, bytes);
    inet_ntop(family, bytes, to, sizeof to);
    int length =
        snprintf((char *)out, 108, "PROXY TCP%c %s %s %u %u\r\n", family == AF_INET ? '4' : '6',
                 from, to, ropp_hostport_port(source), ropp_hostport_port(destination));
    return (size_t)length;
}

static size_t write_v2(enum ropp_sender kind, const struct ropp_hostport *source,
                       const struct ropp_hostport *destination, size_t total, uint8_t *out)
{
    size_t length = V2_FIXED;
    memcpy(out, signature, sizeof signature);
    out[12] = kind == ROPP_SENDER_V2_LOCAL ? 0x20 : 0x21;
    out[13] = 0x00;
    if (kind == ROPP_SENDER_V2) {
        unsigned size = ropp_hostport_bytes(source, out + length);
        if (size == 0 || ropp_hostport_bytes(destination, out + length + size) != size)
            return 0;
        out[13] = size == 4 ? 0x11 : 0x21;
        length += 2 * size;
        put16(out + length, ropp_hostport_port(source));
        put16(out + length + 2, ropp_hostport_port(destination));
        length += 4;
    }
    if (total > ROPP_SENDER_MAX)
        return 0;
    if (total > length) {
        if (total < length + TLV_FIXED)
            return 0;
        out[length] = TLV_NOOP;
        put16(out + length + 1, total - length - TLV_FIXED);
        memset(out + length + TLV_FIXED, 0xaa, total - length - TLV_FIXED);
        length = total;
    }
    put16(out + 14, length - V2_FIXED);
    return length;
}

size_t ropp_sender_write(enum ropp_sender kind, const struct ropp_hostport *source,
                         const struct ropp_hostport *destination, size_t total, uint8_t *out)
{
    static const char unknown[] = "PROXY UNKNOWN\r\n";
    switch (kind) {
    case ROPP_SENDER_V1:
        return write_v1(source, destination, out);
    case ROPP_SENDER_V1_UNKNOWN:
        memcpy(out, unknown, sizeof unknown - 1);
        return sizeof unknown - 1;
    case ROPP_SENDER_V2:
    case ROPP_SENDER_V2_LOCAL:
    case ROPP_SENDER_V2_UNSPEC:
        return write_v2(kind, source, destination, total, out);
    case ROPP_SENDER_NONE:
    default:
        return 0;
    }
}
