// SPDX-License-Identifier: MIT
#include "tests/chaos/forge.h"
#include "tests/player/checksum.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define V2_FIXED  16
#define TLV_FIXED 3

#define TLV_AUTHORITY 0x02
#define TLV_CRC32C    0x03
#define TLV_NOOP      0x04
#define TLV_UNIQUE_ID 0x05
#define TLV_SSL       0x20

static void put16(uint8_t *out, size_t value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

static size_t write_bytes(const void *bytes, size_t length, uint8_t *out)
{
    memcpy(out, bytes, length);
    return length;
}

static size_t write_text(const char *text, uint8_t *out)
{
    return write_bytes(text, strlen(text), out);
}

/* The part of a version 2 header that is always there, with the length of what is behind it. */
static void put_fixed(uint8_t command, uint8_t family, size_t length, uint8_t *out)
{
    static const uint8_t signature[12] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                          0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    memcpy(out, signature, sizeof signature);
    out[12] = command;
    out[13] = family;
    put16(out + 14, length);
}

static void set_length(size_t total, uint8_t *out)
{
    put16(out + 14, total - V2_FIXED);
}

/* Appends a TLV whose value is `length` random bytes. Returns the new length of it all. */
static size_t add_tlv(struct chaos_random *random, uint8_t type, size_t length, size_t total,
                      uint8_t *out)
{
    out[total] = type;
    put16(out + total + 1, length);
    for (size_t i = 0; i < length; i++)
        out[total + TLV_FIXED + i] = (uint8_t)chaos_next(random);
    return total + TLV_FIXED + length;
}

/* Section 2.2.6: five fixed bytes, and a TLV in them. */
static size_t add_ssl(struct chaos_random *random, size_t total, uint8_t *out)
{
    size_t cn = chaos_below(random, 200);
    size_t end = add_tlv(random, TLV_SSL, 5 + TLV_FIXED + cn, total, out);
    memset(out + total + TLV_FIXED, 0, 5);
    out[total + TLV_FIXED] = 0x07;
    out[total + TLV_FIXED + 5] = 0x22;
    put16(out + total + TLV_FIXED + 6, cn);
    return end;
}

/* Appends a checksum over everything; `wrong` changes it. */
static size_t add_checksum(struct chaos_random *random, uint32_t wrong, size_t total, uint8_t *out)
{
    size_t end = add_tlv(random, TLV_CRC32C, 4, total, out);
    uint32_t crc;
    memset(out + total + TLV_FIXED, 0, 4);
    set_length(end, out);
    crc = header_checksum(out, end) ^ wrong;
    put16(out + total + TLV_FIXED, crc >> 16);
    put16(out + total + TLV_FIXED + 2, crc & 0xffff);
    return end;
}

static size_t add_some(struct chaos_random *random, size_t total, uint8_t *out)
{
    uint32_t count = chaos_below(random, 5);
    while (count-- > 0) {
        switch (chaos_below(random, 5)) {
        case 0:
            total = add_tlv(random, TLV_AUTHORITY, chaos_below(random, 256), total, out);
            break;
        case 1:
            total = add_tlv(random, TLV_UNIQUE_ID, chaos_below(random, 129), total, out);
            break;
        case 2:
            total = add_ssl(random, total, out);
            break;
        case 3:
            total = add_tlv(random, TLV_NOOP, chaos_below(random, 3000), total, out);
            break;
        default: /* a type that nobody knows */
            total = add_tlv(random, (uint8_t)(0xe0 + chaos_below(random, 16)),
                            chaos_below(random, 300), total, out);
        }
    }
    set_length(total, out);
    return total;
}

/* The IPv4 address in IPv6's clothes: ::ffff:a.b.c.d. */
static struct ropp_hostport mapped(const struct ropp_hostport *at)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct ropp_hostport result;
    memset(&result, 0, sizeof result);
    memset(&v6, 0, sizeof v6);
    memcpy(&v4, &at->address, sizeof v4);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = v4.sin_port;
    v6.sin6_addr.s6_addr[10] = v6.sin6_addr.s6_addr[11] = 0xff;
    memcpy(v6.sin6_addr.s6_addr + 12, &v4.sin_addr, 4);
    memcpy(&result.address, &v6, sizeof v6);
    result.length = sizeof v6;
    return result;
}

size_t chaos_forge_good(struct chaos_random *random, const struct ropp_hostport *source,
                        const struct ropp_hostport *destination, uint8_t *out)
{
    struct ropp_hostport from = *source, to = *destination;
    size_t total;
    if (from.address.ss_family == AF_INET && chaos_chance(random, 10)) {
        from = mapped(source);
        to = mapped(destination);
    }
    if (chaos_chance(random, 40))
        return ropp_sender_write(ROPP_SENDER_V1, &from, &to, 0, out);
    if (chaos_chance(random, 3))
        return ropp_sender_write(ROPP_SENDER_V2, &from, &to, ROPP_SENDER_MAX, out);
    total = ropp_sender_write(ROPP_SENDER_V2, &from, &to, 0, out);
    if (chaos_chance(random, 50))
        total = add_some(random, total, out);
    if (chaos_chance(random, 30))
        total = add_checksum(random, 0, total, out);
    return total;
}

size_t chaos_forge_nameless(struct chaos_random *random, uint8_t *out)
{
    static const uint8_t families[] = {0x00, 0x01, 0x10, 0x20, 0x31, 0x32};
    uint8_t family = families[chaos_below(random, sizeof families)];
    size_t total = V2_FIXED;
    switch (chaos_below(random, 4)) {
    case 0:
        return write_text("PROXY UNKNOWN\r\n", out);
    case 1:
        return write_text("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", out);
    case 2:
        put_fixed(0x20, 0x00, 0, out);
        return chaos_chance(random, 50) ? total : add_some(random, total, out);
    default:
        if (family >> 4 == 3) {
            memset(out + total, 0, 216);
            total += write_text("/run/proxy.sock", out + total);
            total = V2_FIXED + 216;
        } else if (family >> 4 != 0) {
            memset(out + total, 0, 36);
            total += family >> 4 == 1 ? 12 : 36;
        }
        put_fixed(0x21, family, total - V2_FIXED, out);
        return total;
    }
}

static size_t broken_v1(struct chaos_random *random, uint8_t *out)
{
    static const char *const lines[] = {
        "PROXY TCP4 192.0.2.7 192.0.2.1 65536 80\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 07 80\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 -1 80\r\n",
        "PROXY TCP4  192.0.2.7 192.0.2.1 1 80\r\n",
        "PROXY TCP5 192.0.2.7 192.0.2.1 1 80\r\n",
        "PROXY TCP4 192.0.2 192.0.2.1 1 80\r\n",
        "PROXY TCP4 192.0.2.256 192.0.2.1 1 80\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 80 \r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 80\n\n",
        "PROXY TCP6 2001:db8::7::1 2001:db8::1 1 80\r\n",
        "PROXY TCP6 fe80::1%lo ::1 1 80\r\n",
        "PROXY\tTCP4 192.0.2.7 192.0.2.1 1 80\r\n",
        "proxy TCP4 192.0.2.7 192.0.2.1 1 80\r\n",
        "PROXY UDP4 192.0.2.7 192.0.2.1 1 80\r\n",
        "PROXY \r\n",
        "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "\x16\x03\x01\x02\x01\x01\x00\x01 a handshake",
    };
    if (chaos_chance(random, 10)) { /* longer than any line may be */
        size_t length = write_text("PROXY UNKNOWN ", out);
        memset(out + length, 'x', 200);
        return length + 200;
    }
    return write_text(lines[chaos_below(random, sizeof lines / sizeof *lines)], out);
}

static size_t broken_tlv(struct chaos_random *random, size_t total, uint8_t *out)
{
    size_t end;
    switch (chaos_below(random, 7)) {
    case 0:
        return add_checksum(random, 1 + chaos_below(random, 0xffff), total, out);
    case 1:
        return add_checksum(random, 0, add_checksum(random, 0, total, out), out);
    case 2:
        end = add_tlv(random, TLV_CRC32C, 5, total, out);
        break;
    case 3:
        end = add_tlv(random, TLV_UNIQUE_ID, 129 + chaos_below(random, 1000), total, out);
        break;
    case 4:
        end = add_tlv(random, TLV_SSL, chaos_below(random, 5), total, out);
        break;
    case 5: /* longer than the header */
        end = add_tlv(random, TLV_NOOP, 20, total, out);
        put16(out + total + 1, 21 + chaos_below(random, 60000));
        break;
    default: /* what is inside the SSL TLV is longer than that */
        end = add_ssl(random, total, out);
        put16(out + total + TLV_FIXED + 6, 300 + chaos_below(random, 60000));
    }
    set_length(end, out);
    return end;
}

static size_t broken_v2(struct chaos_random *random, uint8_t *out)
{
    size_t total = V2_FIXED + 12;
    memset(out + V2_FIXED, 0xc0, 12);
    put_fixed(0x21, 0x11, 12, out);
    switch (chaos_below(random, 6)) {
    case 0:
        out[12] = (uint8_t)(chaos_below(random, 2) << 4 | 1); /* version 0 and 1 */
        return total;
    case 1:
        out[12] = (uint8_t)(0x30 + chaos_below(random, 0xd0)); /* and 3 to 15 */
        return total;
    case 2:
        out[12] = (uint8_t)(0x22 + chaos_below(random, 14));
        return total;
    case 3:
        out[13] = (uint8_t)((4 + chaos_below(random, 12)) << 4 | 1);
        return total;
    case 4: /* shorter than its family's addresses */
        put16(out + 14, chaos_below(random, 12));
        return total;
    default:
        return broken_tlv(random, total, out);
    }
}

size_t chaos_forge_broken(struct chaos_random *random, uint8_t *out)
{
    return chaos_chance(random, 40) ? broken_v1(random, out) : broken_v2(random, out);
}

size_t chaos_forge_garbage(struct chaos_random *random, size_t most, uint8_t *out)
{
    size_t length = 2 + chaos_below(random, (uint32_t)most - 1);
    for (size_t i = 0; i < length; i++)
        out[i] = (uint8_t)chaos_next(random);
    out[1] |= 0x80;
    return length;
}
