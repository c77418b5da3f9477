// SPDX-License-Identifier: MIT
#include "core/addr.h"

#include <string.h>

static const uint8_t addr_mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
static const uint8_t addr_nat64[12] = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

static unsigned addr_bits(enum ropp_family family)
{
    if (family == ROPP_FAMILY_INET)
        return 32;
    return family == ROPP_FAMILY_INET6 ? 128 : 0;
}

/* A decimal number without sign or leading zero at text[*at], at most `max`; *at moves behind it.
 */
static bool addr_parse_number(const char *text, size_t len, size_t *at, unsigned max, unsigned *out)
{
    size_t start = *at, i = *at;
    unsigned value = 0;

    while (i < len && text[i] >= '0' && text[i] <= '9') {
        if (i > start && value == 0)
            return false;
        value = value * 10 + (unsigned)(text[i] - '0');
        if (value > max)
            return false;
        i++;
    }
    if (i == start)
        return false;
    *at = i;
    *out = value;
    return true;
}

/* A number from 0 to 255 at `at`. Returns what is behind it, NULL when there is none. Behind a
 * leading zero and behind a third digit no digit is taken: it is then what the caller does not
 * expect. */
static const char *addr_parse_octet(const char *at, const char *end, uint8_t *out)
{
    unsigned value, digit;

    if (at == end || (value = (unsigned)*at - '0') > 9)
        return NULL;
    at++;
    if (value > 0 && at < end && (digit = (unsigned)*at - '0') <= 9) {
        value = value * 10 + digit;
        at++;
        if (at < end && (digit = (unsigned)*at - '0') <= 9) {
            value = value * 10 + digit;
            at++;
        }
    }
    *out = (uint8_t)value;
    return value <= 255 ? at : NULL;
}

static bool addr_parse_v4(const char *text, size_t len, uint8_t out[4])
{
    const char *at = text, *end = text + len;
    unsigned i;

    for (i = 0; i < 4; i++) {
        if (i > 0 && (at == end || *at++ != '.'))
            return false;
        at = addr_parse_octet(at, end, &out[i]);
        if (at == NULL)
            return false;
    }
    return at == end;
}

static int addr_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* RFC 4291 section 2.2: eight groups, one "::" for one or more groups of zeros, and perhaps a
 * dotted quad in place of the last two. */
static bool addr_parse_v6(const char *text, size_t len, uint8_t out[16])
{
    uint8_t bytes[16];
    size_t count = 0, gap = 0, i = 0, start; /* count and gap in bytes */
    bool has_gap = false;
    unsigned value;
    int digit;

    if (len >= 2 && text[0] == ':' && text[1] == ':') {
        has_gap = true;
        i = 2;
    }
    while (i < len) {
        start = i;
        value = 0;
        for (; i < len && i - start < 4 && (digit = addr_hex_digit(text[i])) >= 0; i++)
            value = value * 16 + (unsigned)digit;
        if (i < len && text[i] == '.') {
            if (count > 12 || !addr_parse_v4(text + start, len - start, bytes + count))
                return false;
            count += 4;
            break;
        }
        if (i == start || count > 14)
            return false;
        bytes[count++] = (uint8_t)(value >> 8);
        bytes[count++] = (uint8_t)(value & 0xff);
        if (i == len)
            break;
        if (text[i++] != ':' || i == len)
            return false;
        if (text[i] == ':') {
            if (has_gap)
                return false;
            has_gap = true;
            gap = count;
            i++;
        }
    }
    if (has_gap ? count > 14 : count != 16)
        return false;
    memset(out, 0, 16);
    if (!has_gap)
        gap = count;
    memcpy(out, bytes, gap);
    memcpy(out + 16 - (count - gap), bytes + gap, count - gap);
    return true;
}

/* As ropp_addr_parse_as, but an address with IPv4 inside stays INET6. */
static bool addr_parse_form(enum ropp_family family, const char *text, size_t len,
                            struct ropp_addr *out)
{
    struct ropp_addr addr;

    memset(&addr, 0, sizeof addr);
    addr.family = family;
    if (family == ROPP_FAMILY_INET6 ? !addr_parse_v6(text, len, addr.bytes)
                                    : !addr_parse_v4(text, len, addr.bytes))
        return false;
    *out = addr;
    return true;
}

/* As ropp_addr_parse, but an address with IPv4 inside stays INET6. */
static bool addr_parse_as_written(const char *text, size_t len, struct ropp_addr *out)
{
    if (len == 0)
        return false;
    return addr_parse_form(memchr(text, ':', len) != NULL ? ROPP_FAMILY_INET6 : ROPP_FAMILY_INET,
                           text, len, out);
}

static bool addr_is_mapped(const struct ropp_addr *addr)
{
    return addr->family == ROPP_FAMILY_INET6 &&
           memcmp(addr->bytes, addr_mapped, sizeof addr_mapped) == 0;
}

static bool addr_has_v4(const struct ropp_addr *addr)
{
    return addr_is_mapped(addr) || (addr->family == ROPP_FAMILY_INET6 &&
                                    memcmp(addr->bytes, addr_nat64, sizeof addr_nat64) == 0);
}

struct ropp_addr ropp_addr_v4(uint32_t host_order)
{
    struct ropp_addr addr;

    memset(&addr, 0, sizeof addr);
    addr.family = ROPP_FAMILY_INET;
    addr.bytes[0] = (uint8_t)(host_order >> 24);
    addr.bytes[1] = (uint8_t)(host_order >> 16 & 0xff);
    addr.bytes[2] = (uint8_t)(host_order >> 8 & 0xff);
    addr.bytes[3] = (uint8_t)(host_order & 0xff);
    return addr;
}

uint32_t ropp_addr_to_v4(const struct ropp_addr *addr)
{
    if (addr->family != ROPP_FAMILY_INET)
        return 0;
    return (uint32_t)addr->bytes[0] << 24 | (uint32_t)addr->bytes[1] << 16 |
           (uint32_t)addr->bytes[2] << 8 | (uint32_t)addr->bytes[3];
}

bool ropp_addr_parse_as(enum ropp_family family, const char *text, size_t len,
                        struct ropp_addr *out)
{
    if (!addr_parse_form(family, text, len, out))
        return false;
    ropp_addr_unwrap(out);
    return true;
}

bool ropp_addr_parse(const char *text, size_t len, struct ropp_addr *out)
{
    if (!addr_parse_as_written(text, len, out))
        return false;
    ropp_addr_unwrap(out);
    return true;
}

static void addr_take_v4(struct ropp_addr *addr)
{
    addr->family = ROPP_FAMILY_INET;
    memmove(addr->bytes, addr->bytes + 12, 4);
    memset(addr->bytes + 4, 0, 12);
}

void ropp_addr_unwrap(struct ropp_addr *addr)
{
    if (addr->bytes[0] == 0 && addr_has_v4(addr)) /* few are, and this is seen at once */
        addr_take_v4(addr);
}

void ropp_addr_unmap(struct ropp_addr *addr)
{
    if (addr_is_mapped(addr))
        addr_take_v4(addr);
}

/* Writes value in the given base (10 or 16), lower case, without leading zeros. */
static char *addr_put_number(char *at, unsigned value, unsigned base)
{
    char digits[10];
    size_t used = 0;

    do {
        digits[used++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value > 0);
    while (used > 0)
        *at++ = digits[--used];
    return at;
}

static char *addr_put_v4(char *at, const uint8_t *bytes)
{
    unsigned i;

    for (i = 0; i < 4; i++) {
        if (i > 0)
            *at++ = '.';
        at = addr_put_number(at, bytes[i], 10);
    }
    return at;
}

/* RFC 5952 section 4: lower case, "::" for the longest run of two or more zero groups, the first
 * one of equals. */
static char *addr_put_v6(char *at, const uint8_t *bytes)
{
    unsigned group[8], i, run = 0, best = 0, best_end = 0;

    for (i = 0; i < 8; i++) {
        group[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
        run = group[i] == 0 ? run + 1 : 0;
        if (run >= 2 && run > best) {
            best = run;
            best_end = i + 1;
        }
    }
    for (i = 0; i < 8; i++) {
        if (best > 0 && i == best_end - best) {
            *at++ = ':';
            *at++ = ':';
            i = best_end - 1;
            continue;
        }
        if (i > 0 && !(best > 0 && i == best_end))
            *at++ = ':';
        at = addr_put_number(at, group[i], 16);
    }
    return at;
}

size_t ropp_addr_format(const struct ropp_addr *addr, char out[ROPP_ADDR_TEXT])
{
    char *at = out;

    if (addr->family == ROPP_FAMILY_INET) {
        at = addr_put_v4(at, addr->bytes);
    } else if (addr_is_mapped(addr)) {
        memcpy(at, "::ffff:", 7);
        at = addr_put_v4(at + 7, addr->bytes + 12);
    } else if (addr->family == ROPP_FAMILY_INET6) {
        at = addr_put_v6(at, addr->bytes);
    }
    *at = '\0';
    return (size_t)(at - out);
}

bool ropp_addr_equal(const struct ropp_addr *a, const struct ropp_addr *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static bool addr_has_bits_after(const struct ropp_addr *addr, unsigned length)
{
    unsigned i;

    for (i = length; i < addr_bits(addr->family); i++)
        if (addr->bytes[i / 8] & (0x80u >> (i % 8)))
            return true;
    return false;
}

enum ropp_prefix_error ropp_prefix_parse(const char *text, size_t len, struct ropp_prefix *out)
{
    const char *slash = len > 0 ? (const char *)memchr(text, '/', len) : NULL;
    size_t addr_len = slash != NULL ? (size_t)(slash - text) : len;
    size_t at = addr_len + 1;
    struct ropp_prefix prefix;

    if (!addr_parse_as_written(text, addr_len, &prefix.addr))
        return ROPP_PREFIX_BAD_ADDRESS;
    prefix.length = addr_bits(prefix.addr.family);
    if (slash != NULL &&
        (!addr_parse_number(text, len, &at, addr_bits(prefix.addr.family), &prefix.length) ||
         at != len))
        return ROPP_PREFIX_BAD_LENGTH;
    if (addr_has_bits_after(&prefix.addr, prefix.length))
        return ROPP_PREFIX_HOST_BITS;
    ropp_prefix_unwrap(&prefix);
    *out = prefix;
    return ROPP_PREFIX_OK;
}

bool ropp_pattern_parse(const char *text, size_t len, struct ropp_prefix *out)
{
    char quad[sizeof "255.255.255.255"];
    struct ropp_addr addr;
    size_t stars = 0, i;

    while (len > 0 && text[len - 1] == ' ')
        len--;
    if (len >= sizeof quad)
        return false;
    memcpy(quad, text, len);
    for (i = len; stars < 3 && i >= 2 && memcmp(quad + i - 2, ".*", 2) == 0; i -= 2) {
        quad[i - 1] = '0';
        stars++;
    }
    if (memchr(quad, ':', len) != NULL || !ropp_addr_parse(quad, len, &addr))
        return false;
    out->addr = addr;
    out->length = 32 - 8 * (unsigned)stars;
    return true;
}

void ropp_prefix_unwrap(struct ropp_prefix *prefix)
{
    if (prefix->length < 96 || !addr_has_v4(&prefix->addr))
        return;
    ropp_addr_unwrap(&prefix->addr);
    prefix->length -= 96;
}

const char *ropp_prefix_error_text(enum ropp_prefix_error error)
{
    switch (error) {
    case ROPP_PREFIX_OK:
        return "nothing to do";
    case ROPP_PREFIX_BAD_ADDRESS:
        return "write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as "
               "ADDRESS/LENGTH";
    case ROPP_PREFIX_BAD_LENGTH:
        return "write the length behind the slash as a plain number, at most 32 for IPv4 and 128 "
               "for IPv6";
    case ROPP_PREFIX_HOST_BITS:
        return "clear the bits after the prefix (192.0.2.0/24, not 192.0.2.7/24), or drop the "
               "length to mean the one address";
    }
    return "write a prefix as ADDRESS/LENGTH";
}

bool ropp_prefix_contains(const struct ropp_prefix *prefix, const struct ropp_addr *addr)
{
    unsigned whole = prefix->length / 8, rest = prefix->length % 8;

    if (addr_bits(addr->family) == 0 || prefix->addr.family != addr->family)
        return false;
    if (memcmp(prefix->addr.bytes, addr->bytes, whole) != 0)
        return false;
    return rest == 0 || (prefix->addr.bytes[whole] ^ addr->bytes[whole]) >> (8 - rest) == 0;
}

size_t ropp_prefix_format(const struct ropp_prefix *prefix, char out[ROPP_PREFIX_TEXT])
{
    char *at = out + ropp_addr_format(&prefix->addr, out);

    *at++ = '/';
    at = addr_put_number(at, prefix->length, 10);
    *at = '\0';
    return (size_t)(at - out);
}
