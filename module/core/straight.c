// SPDX-License-Identifier: MIT
#include "core/straight.h"

#include <string.h>

#include "core/crc32c.h"
#include "core/tlv.h"

/* ---- version 1, section 2.1 ---- */

/* The address at bytes[*at], and the space behind it; *at moves behind that. */
static bool straight_address(const uint8_t *bytes, size_t len, size_t *at, enum ropp_family family,
                             struct ropp_addr *out)
{
    const uint8_t *from = bytes + *at, *space = (const uint8_t *)memchr(from, ' ', len - *at);

    if (space == NULL ||
        !ropp_addr_parse_as(family, (const char *)from, (size_t)(space - from), out))
        return false;
    *at = (size_t)(space - bytes) + 1;
    return true;
}

/* The port at bytes[*at], and the byte behind it, which must be `end`; *at moves behind that. */
static bool straight_port(const uint8_t *bytes, size_t len, size_t *at, uint8_t end, uint16_t *out)
{
    size_t i = *at, most = len - i > 5 ? i + 5 : len;
    unsigned value = 0, digit;

    for (; i < most && (digit = (unsigned)bytes[i] - '0') <= 9; i++)
        value = value * 10 + digit;
    if (i == *at || i == len || bytes[i] != end || value > 65535)
        return false;
    if (bytes[*at] == '0' && i > *at + 1)
        return false;
    *out = (uint16_t)value;
    *at = i + 1;
    return true;
}

size_t ropp_straight_v1(struct ropp_header *header, const uint8_t *bytes, size_t len)
{
    static const char begin[] = "PROXY TCP";
    struct ropp_addr source, destination;
    uint16_t source_port, destination_port;
    enum ropp_family family;
    size_t at = sizeof begin + 1; /* behind the digit and a space */

    if (len > ROPP_HEADER_V1_MAX)
        len = ROPP_HEADER_V1_MAX;
    if (len < at || memcmp(bytes, begin, sizeof begin - 1) != 0 || bytes[at - 1] != ' ')
        return 0;
    if (bytes[at - 2] != '4' && bytes[at - 2] != '6')
        return 0;
    family = bytes[at - 2] == '4' ? ROPP_FAMILY_INET : ROPP_FAMILY_INET6;
    if (!straight_address(bytes, len, &at, family, &source) ||
        !straight_address(bytes, len, &at, family, &destination) ||
        !straight_port(bytes, len, &at, ' ', &source_port) ||
        !straight_port(bytes, len, &at, '\r', &destination_port) || at == len || bytes[at] != '\n')
        return 0;
    at++;
    header->status = ROPP_HEADER_OK;
    header->version = 1;
    header->length = (uint32_t)at;
    header->tlvs_at = (uint32_t)at;
    header->family = family;
    header->transport = ROPP_TRANSPORT_STREAM;
    header->source = source;
    header->destination = destination;
    header->source_port = source_port;
    header->destination_port = destination_port;
    return at;
}

/* ---- version 2, section 2.2 ---- */

static uint16_t straight_number(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* Of two of a type the first one counts. */
static void straight_keep(struct ropp_header_value *value, const struct ropp_tlv *tlv)
{
    if (value->present)
        return;
    value->present = true;
    value->true_length = tlv->length;
    value->length = tlv->length < ROPP_HEADER_VALUE_MAX ? tlv->length : ROPP_HEADER_VALUE_MAX;
    memcpy(value->bytes, tlv->value, value->length);
}

/* Section 2.2.6: what is inside the SSL TLV. */
static bool straight_ssl(struct ropp_header *header, const struct ropp_tlv *ssl)
{
    const uint8_t *at = ssl->value + ROPP_TLV_SSL_FIXED, *end = ssl->value + ssl->length;
    struct ropp_tlv tlv;

    if (ssl->length < ROPP_TLV_SSL_FIXED)
        return false;
    while (ropp_tlv_next(&at, end, &tlv))
        if (tlv.type == ROPP_TLV_SSL_VERSION && !header->has_ssl)
            straight_keep(&header->tls_version, &tlv);
    header->has_ssl = true;
    return at == end;
}

/* *checksum is where a checksum's value is, NULL when there is none. */
static bool straight_tlvs(struct ropp_header *header, const uint8_t *at, const uint8_t *end,
                          const uint8_t **checksum)
{
    struct ropp_tlv tlv;

    *checksum = NULL;
    while (ropp_tlv_next(&at, end, &tlv)) {
        switch (tlv.type) {
        case ROPP_TLV_CRC32C:
            if (tlv.length != 4 || *checksum != NULL)
                return false;
            *checksum = tlv.value;
            break;
        case ROPP_TLV_UNIQUE_ID:
            if (tlv.length > ROPP_TLV_UNIQUE_ID_MAX)
                return false;
            straight_keep(&header->unique_id, &tlv);
            break;
        case ROPP_TLV_AUTHORITY:
            straight_keep(&header->authority, &tlv);
            break;
        case ROPP_TLV_SSL:
            if (!straight_ssl(header, &tlv))
                return false;
            break;
        default:
            break;
        }
    }
    return at == end;
}

/* Section 2.2.3: the checksum's own four bytes count as zeros. */
static bool straight_checksum(const uint8_t *bytes, size_t whole, const uint8_t *checksum)
{
    static const uint8_t zeros[4] = {0, 0, 0, 0};
    uint32_t crc = ropp_crc32c(0, bytes, (size_t)(checksum - bytes));

    crc = ropp_crc32c(crc, zeros, sizeof zeros);
    crc = ropp_crc32c(crc, checksum + 4, (size_t)(bytes + whole - checksum) - 4);
    return crc == ((uint32_t)straight_number(checksum) << 16 | straight_number(checksum + 2));
}

static void straight_v2_addresses(struct ropp_header *header, const uint8_t *raw, size_t size)
{
    header->source.family = header->family;
    header->destination.family = header->family;
    if (size == 4) {
        memcpy(header->source.bytes, raw, 4);
        memcpy(header->destination.bytes, raw + 4, 4);
    } else {
        memcpy(header->source.bytes, raw, 16);
        memcpy(header->destination.bytes, raw + 16, 16);
        ropp_addr_unwrap(&header->source);
        ropp_addr_unwrap(&header->destination);
    }
    header->source_port = straight_number(raw + 2 * size);
    header->destination_port = straight_number(raw + 2 * size + 2);
}

size_t ropp_straight_v2(struct ropp_header *header, const uint8_t *bytes, size_t len)
{
    static const uint8_t begin[13] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a,
                                      0x51, 0x55, 0x49, 0x54, 0x0a, 0x21};
    const uint8_t *checksum;
    size_t whole, size, tlvs_at;
    unsigned family, transport;

    if (len < ROPP_HEADER_V2_FIXED || memcmp(bytes, begin, sizeof begin) != 0)
        return 0;
    family = bytes[13] >> 4;
    transport = bytes[13] & 0x0f;
    if ((family != 1 && family != 2) || (transport != 1 && transport != 2))
        return 0;
    size = family == 1 ? 4 : 16;
    tlvs_at = ROPP_HEADER_V2_FIXED + 2 * size + 4;
    whole = ROPP_HEADER_V2_FIXED + (size_t)straight_number(bytes + 14);
    if (whole < tlvs_at || whole > len)
        return 0;
    if (whole > tlvs_at) {
        if (!straight_tlvs(header, bytes + tlvs_at, bytes + whole, &checksum) ||
            (checksum != NULL && !straight_checksum(bytes, whole, checksum))) {
            ropp_header_init(header);
            return 0;
        }
        header->has_crc32c = checksum != NULL;
    }
    header->status = ROPP_HEADER_OK;
    header->version = 2;
    header->length = (uint32_t)whole;
    header->tlvs_at = (uint32_t)tlvs_at;
    header->family = family == 1 ? ROPP_FAMILY_INET : ROPP_FAMILY_INET6;
    header->transport = transport == 1 ? ROPP_TRANSPORT_STREAM : ROPP_TRANSPORT_DGRAM;
    straight_v2_addresses(header, bytes + ROPP_HEADER_V2_FIXED, size);
    return whole;
}
