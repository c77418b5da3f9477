// SPDX-License-Identifier: MIT
#include "core/header.h"

#include <string.h>

#include "core/crc32c.h"
#include "core/straight.h"
#include "core/tlv.h"

static const char header_v1_prefix[] = "PROXY ";
static const uint8_t header_v2_signature[12] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                                0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

enum { HEADER_V2_INET = 12, HEADER_V2_INET6 = 36, HEADER_V2_UNIX = 216 }; /* address bytes */

enum header_step {
    HEADER_FIRST,
    /* Version 1. */
    HEADER_V1_PREFIX,
    HEADER_V1_PROTOCOL,
    HEADER_V1_FIELD,
    HEADER_V1_LF,        /* the line is complete but for its LF */
    HEADER_V1_IGNORE,    /* behind UNKNOWN */
    HEADER_V1_IGNORE_CR, /* the same, and a CR was the last byte */
    /* Version 2. */
    HEADER_V2_SIGNATURE,
    HEADER_V2_COMMAND,
    HEADER_V2_FAMILY,
    HEADER_V2_LENGTH,
    HEADER_V2_TLV_HEAD,
    HEADER_V2_TLV_FIXED, /* what begins the value of SSL */
    /* Runs of bytes up to state.run_end. */
    HEADER_V2_ADDRESSES,
    HEADER_V2_TLV_VALUE,
    HEADER_V2_SKIP
};

static void header_go(struct ropp_header *h, enum header_step step)
{
    h->state.step = (uint8_t)step;
}

/* Ends in INVALID and blanks what has been read, so that nobody takes an unproven address for a
 * true one. Returns false for its callers to return. */
static bool header_refuse(struct ropp_header *h, enum ropp_reason reason)
{
    uint32_t length = h->length;
    uint8_t version = h->version;

    ropp_header_init(h);
    h->status = ROPP_HEADER_INVALID;
    h->reason = reason;
    h->length = length;
    h->version = version;
    return false;
}

/* ---- Version 1, section 2.1 ---- */

/* The last field's byte has been seen: the address or port in state.text is complete. The source
 * must be an address; a destination that is none is unknown. */
static bool header_v1_field_done(struct ropp_header *h)
{
    struct ropp_addr *addr = h->state.field == 0 ? &h->source : &h->destination;
    bool v6 = memchr(h->state.text, ':', h->state.text_used) != NULL;
    bool good = h->state.field >= 2 ||
                (!h->state.overlong && ropp_addr_parse(h->state.text, h->state.text_used, addr));

    if (!good && h->state.field == 0)
        return header_refuse(h, ROPP_REASON_V1_ADDRESS);
    if (!good || (h->state.field < 2 && v6 != (h->family == ROPP_FAMILY_INET6)))
        h->departure = true;
    h->state.field++;
    h->state.text_used = 0;
    h->state.overlong = false;
    return true;
}

static bool header_v1_source_byte(struct ropp_header *h, uint8_t byte)
{
    bool digit = byte >= '0' && byte <= '9';
    bool hex = (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');

    if ((!digit && !hex && byte != '.' && byte != ':') || h->state.text_used == ROPP_ADDR_TEXT - 1)
        return header_refuse(h, ROPP_REASON_V1_ADDRESS);
    h->state.text[h->state.text_used++] = (char)byte;
    return true;
}

static bool header_v1_destination_byte(struct ropp_header *h, uint8_t byte)
{
    if (byte < 0x21 || byte > 0x7e)
        return header_refuse(h, ROPP_REASON_V1_ADDRESS);
    if (h->state.text_used == ROPP_ADDR_TEXT - 1)
        h->state.overlong = true;
    else
        h->state.text[h->state.text_used++] = (char)byte;
    return true;
}

static bool header_v1_port_byte(struct ropp_header *h, uint8_t byte)
{
    uint16_t *port = h->state.field == 2 ? &h->source_port : &h->destination_port;
    unsigned value;

    if (byte < '0' || byte > '9')
        return header_refuse(h, ROPP_REASON_V1_PORT);
    value = *port * 10u + (unsigned)(byte - '0');
    if (value > 65535 || (h->state.text_used > 0 && *port == 0))
        return header_refuse(h, ROPP_REASON_V1_PORT);
    *port = (uint16_t)value;
    h->state.text_used = 1; /* not empty; its text is not needed */
    return true;
}

static bool header_v1_field_byte(struct ropp_header *h, uint8_t byte)
{
    bool empty = h->state.text_used == 0, last = h->state.field == 3;

    if (byte == ' ') {
        if (empty)
            return header_refuse(h, ROPP_REASON_V1_SPACING);
        if (last)
            return header_refuse(h, ROPP_REASON_V1_LINE_END);
        return header_v1_field_done(h);
    }
    if (byte == '\r') {
        if (empty || !last)
            return header_refuse(h, ROPP_REASON_V1_MISSING_FIELD);
        header_go(h, HEADER_V1_LF);
        return true;
    }
    if (byte == '\n')
        return header_refuse(h, ROPP_REASON_V1_LINE_END);
    if (h->state.field == 0)
        return header_v1_source_byte(h, byte);
    return h->state.field == 1 ? header_v1_destination_byte(h, byte) : header_v1_port_byte(h, byte);
}

/* The protocol's name is complete; `byte` comes behind it. */
static bool header_v1_protocol_end(struct ropp_header *h, uint8_t byte)
{
    bool unknown = h->state.text[0] == 'U';

    if (byte == '\n')
        return header_refuse(h, ROPP_REASON_V1_LINE_END);
    if (byte == '\r' && !unknown)
        return header_refuse(h, ROPP_REASON_V1_MISSING_FIELD);
    if (byte != '\r' && byte != ' ')
        return header_refuse(h, ROPP_REASON_V1_PROTOCOL);
    if (!unknown) {
        h->family = h->state.text[3] == '4' ? ROPP_FAMILY_INET : ROPP_FAMILY_INET6;
        h->transport = ROPP_TRANSPORT_STREAM;
    }
    h->state.text_used = 0;
    if (!unknown)
        header_go(h, HEADER_V1_FIELD);
    else
        header_go(h, byte == '\r' ? HEADER_V1_LF : HEADER_V1_IGNORE);
    return true;
}

static bool header_v1_protocol_byte(struct ropp_header *h, uint8_t byte)
{
    static const char *const names[] = {"TCP4", "TCP6", "UNKNOWN"};
    char *text = h->state.text;
    size_t used = h->state.text_used, i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (used == strlen(names[i]) && memcmp(text, names[i], used) == 0)
            return header_v1_protocol_end(h, byte);
    if (byte == ' ' && used == 0)
        return header_refuse(h, ROPP_REASON_V1_SPACING);
    text[used++] = (char)byte;
    h->state.text_used = (uint8_t)used;
    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (used <= strlen(names[i]) && memcmp(text, names[i], used) == 0)
            return true;
    return header_refuse(h, ROPP_REASON_V1_PROTOCOL);
}

static bool header_v1_step(struct ropp_header *h, uint8_t byte)
{
    switch (h->state.step) {
    case HEADER_V1_PREFIX:
        if (byte != (uint8_t)header_v1_prefix[h->length])
            return header_refuse(h, ROPP_REASON_NOT_PROXY);
        if (h->length + 1 == sizeof header_v1_prefix - 1)
            header_go(h, HEADER_V1_PROTOCOL);
        return true;
    case HEADER_V1_PROTOCOL:
        return header_v1_protocol_byte(h, byte);
    case HEADER_V1_FIELD:
        return header_v1_field_byte(h, byte);
    case HEADER_V1_LF:
        if (byte != '\n')
            return header_refuse(h, ROPP_REASON_V1_LINE_END);
        h->status = ROPP_HEADER_OK;
        return true;
    case HEADER_V1_IGNORE_CR:
        if (byte == '\n') {
            h->status = ROPP_HEADER_OK;
            return true;
        }
        header_go(h, byte == '\r' ? HEADER_V1_IGNORE_CR : HEADER_V1_IGNORE);
        return true;
    default: /* HEADER_V1_IGNORE */
        if (byte == '\r')
            header_go(h, HEADER_V1_IGNORE_CR);
        return true;
    }
}

static bool header_v1_byte(struct ropp_header *h, uint8_t byte)
{
    uint32_t left = ROPP_HEADER_V1_MAX - 1 - h->length; /* what may come behind this byte */

    if (!header_v1_step(h, byte))
        return false;
    /* The LF may be the 107th byte at the latest, so the 106th must be its CR. */
    if (h->status == ROPP_HEADER_NEED_MORE && (left == 0 || (left == 1 && byte != '\r')))
        return header_refuse(h, ROPP_REASON_V1_TOO_LONG);
    h->tlvs_at = ++h->length;
    return true;
}

/* ---- Version 2, section 2.2 ---- */

static bool header_v2_command(struct ropp_header *h, uint8_t byte)
{
    if (byte >> 4 != 2)
        return header_refuse(h, ROPP_REASON_V2_VERSION);
    if ((byte & 0x0f) > ROPP_COMMAND_PROXY)
        return header_refuse(h, ROPP_REASON_V2_COMMAND);
    h->command = (byte & 0x0f) == ROPP_COMMAND_PROXY ? ROPP_COMMAND_PROXY : ROPP_COMMAND_LOCAL;
    header_go(h, HEADER_V2_FAMILY);
    return true;
}

/* With LOCAL the receiver must ignore this byte, so nothing in it is refused then. */
static bool header_v2_family(struct ropp_header *h, uint8_t byte)
{
    static const enum ropp_family families[] = {ROPP_FAMILY_UNSPEC, ROPP_FAMILY_INET,
                                                ROPP_FAMILY_INET6, ROPP_FAMILY_UNIX};
    static const enum ropp_transport transports[] = {ROPP_TRANSPORT_UNSPEC, ROPP_TRANSPORT_STREAM,
                                                     ROPP_TRANSPORT_DGRAM};
    unsigned family = byte >> 4, transport = byte & 0x0f;
    bool local = h->command == ROPP_COMMAND_LOCAL;

    if (family < sizeof families / sizeof families[0])
        h->family = families[family];
    else if (!local)
        return header_refuse(h, ROPP_REASON_V2_FAMILY);
    if (transport < sizeof transports / sizeof transports[0])
        h->transport = transports[transport];
    else if (!local)
        return header_refuse(h, ROPP_REASON_V2_TRANSPORT);
    h->state.lenient =
        local || h->family == ROPP_FAMILY_UNSPEC || h->transport == ROPP_TRANSPORT_UNSPEC;
    header_go(h, HEADER_V2_LENGTH);
    return true;
}

/* The bytes that the addresses of the header's family take. */
static uint32_t header_v2_family_size(const struct ropp_header *h)
{
    switch (h->family) {
    case ROPP_FAMILY_INET:
        return HEADER_V2_INET;
    case ROPP_FAMILY_INET6:
        return HEADER_V2_INET6;
    case ROPP_FAMILY_UNIX:
        return HEADER_V2_UNIX;
    case ROPP_FAMILY_UNSPEC:
        break;
    }
    return 0;
}

/* The bytes of addresses that must be there. */
static uint32_t header_v2_address_size(const struct ropp_header *h)
{
    return h->state.lenient ? 0 : header_v2_family_size(h);
}

static bool header_v2_length(struct ropp_header *h, uint8_t byte)
{
    uint32_t addresses = header_v2_address_size(h);

    if (h->length == ROPP_HEADER_V2_FIXED - 2) {
        h->state.whole = (uint32_t)byte << 8;
        return true;
    }
    h->state.whole += ROPP_HEADER_V2_FIXED + (uint32_t)byte;
    h->state.run_end = ROPP_HEADER_V2_FIXED + addresses;
    h->tlvs_at = h->state.run_end;
    if (h->state.whole < h->state.run_end)
        return header_refuse(h, ROPP_REASON_V2_LENGTH);
    header_go(h, addresses > 0 ? HEADER_V2_ADDRESSES : HEADER_V2_TLV_HEAD);
    return true;
}

/* Whether what was read so far, and is no TLV, is the addresses of the header's family. */
static bool header_v2_in_addresses(const struct ropp_header *h)
{
    uint32_t behind = ROPP_HEADER_V2_FIXED + header_v2_family_size(h);

    return !h->state.behind && h->length < behind && behind <= h->state.whole;
}

/* Something that cannot be in a TLV. Where addresses of unknown shape may be, these are no TLVs
 * then: what seemed to be some is forgotten and passed over. Only a checksum stays known, unless it
 * was found where the addresses are. */
static bool header_tlv_fault(struct ropp_header *h, enum ropp_reason reason)
{
    bool addresses = header_v2_in_addresses(h);
    const struct ropp_header was = *h;

    if (!h->state.lenient || reason == ROPP_REASON_CRC32C_DUPLICATE)
        return header_refuse(h, reason);
    ropp_header_init(h);
    h->version = was.version;
    h->length = was.length;
    h->command = was.command;
    h->family = was.family;
    h->transport = was.transport;
    h->state.lenient = true;
    h->state.crc = addresses ? was.state.crc_plain : was.state.crc;
    h->state.whole = was.state.whole;
    h->state.run_end =
        addresses ? ROPP_HEADER_V2_FIXED + header_v2_family_size(&was) : was.state.whole;
    h->state.behind = true;
    h->tlvs_at = h->state.run_end;
    if (!addresses) {
        h->state.crc_seen = was.state.crc_seen;
        h->state.crc_wanted = was.state.crc_wanted;
    }
    header_go(h, HEADER_V2_SKIP);
    return true;
}

/* Where the value of the current TLV is kept, NULL for those that are passed over. */
static struct ropp_header_value *header_tlv_target(struct ropp_header *h)
{
    if (h->state.ssl_end != 0)
        return h->state.type == ROPP_TLV_SSL_VERSION && !h->has_ssl ? &h->tls_version : NULL;
    switch (h->state.type) {
    case ROPP_TLV_AUTHORITY:
        return &h->authority;
    case ROPP_TLV_UNIQUE_ID:
        return &h->unique_id;
    default:
        return NULL;
    }
}

/* The value begins with the next byte. */
static void header_tlv_value_begin(struct ropp_header *h, uint32_t size)
{
    struct ropp_header_value *value = header_tlv_target(h);

    h->state.number_used = 0;
    h->state.keep = value != NULL && !value->present;
    if (h->state.keep) {
        value->present = true;
        value->true_length = (uint16_t)size;
    }
    header_go(h, HEADER_V2_TLV_VALUE);
}

/* The head of a TLV is complete. `end` is the offset behind the head. */
static bool header_tlv_begin(struct ropp_header *h, uint32_t end, uint32_t limit)
{
    bool inside_ssl = h->state.ssl_end != 0;
    uint32_t size = (uint32_t)h->state.number[1] << 8 | h->state.number[2];

    h->state.type = h->state.number[0];
    h->state.run_end = end + size;
    h->state.number_used = 0;
    if (size > limit - end)
        return header_tlv_fault(h,
                                inside_ssl ? ROPP_REASON_SSL_TLV_OVERRUN : ROPP_REASON_TLV_OVERRUN);
    if (!inside_ssl && h->state.type == ROPP_TLV_CRC32C) {
        if (size != 4)
            return header_tlv_fault(h, ROPP_REASON_CRC32C_SIZE);
        if (h->state.crc_seen)
            return header_tlv_fault(h, ROPP_REASON_CRC32C_DUPLICATE);
    }
    if (!inside_ssl && h->state.type == ROPP_TLV_UNIQUE_ID && size > ROPP_TLV_UNIQUE_ID_MAX)
        return header_tlv_fault(h, ROPP_REASON_UNIQUE_ID_SIZE);
    if (!inside_ssl && h->state.type == ROPP_TLV_SSL && size < ROPP_TLV_SSL_FIXED)
        return header_tlv_fault(h, ROPP_REASON_SSL_SIZE);
    if (!inside_ssl && h->state.type == ROPP_TLV_SSL) {
        header_go(h, HEADER_V2_TLV_FIXED);
        return true;
    }
    header_tlv_value_begin(h, size);
    return true;
}

static bool header_tlv_head(struct ropp_header *h, uint8_t byte)
{
    bool inside_ssl = h->state.ssl_end != 0;
    uint32_t limit = inside_ssl ? h->state.ssl_end : h->state.whole;

    if (h->state.number_used == 0 && limit - h->length < ROPP_TLV_HEAD)
        return header_tlv_fault(h, inside_ssl ? ROPP_REASON_SSL_TLV_TRUNCATED
                                              : ROPP_REASON_TLV_TRUNCATED);
    h->state.number[h->state.number_used++] = byte;
    if (h->state.number_used < ROPP_TLV_HEAD)
        return true;
    return header_tlv_begin(h, h->length + 1, limit);
}

/* The SSL TLV's own bytes, which nobody reads; what is behind them are TLVs again. */
static void header_tlv_fixed(struct ropp_header *h)
{
    if (++h->state.number_used < ROPP_TLV_SSL_FIXED)
        return;
    h->state.ssl_end = h->state.run_end;
    h->state.number_used = 0;
    header_go(h, HEADER_V2_TLV_HEAD);
}

static void header_tlv_value_run(struct ropp_header *h, const uint8_t *bytes, size_t len)
{
    struct ropp_header_value *value = h->state.keep ? header_tlv_target(h) : NULL;
    size_t room, i;

    for (i = 0; i < len && h->state.number_used < sizeof h->state.number; i++)
        h->state.number[h->state.number_used++] = bytes[i];
    if (value == NULL)
        return;
    room = ROPP_HEADER_VALUE_MAX - (size_t)value->length;
    if (len > room)
        len = room;
    memcpy(value->bytes + value->length, bytes, len);
    value->length = (uint16_t)(value->length + len);
}

static uint64_t header_number(const uint8_t *bytes, size_t len)
{
    uint64_t value = 0;
    size_t i;

    for (i = 0; i < len; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* The value is complete; a checksum's is in state.number. */
static void header_tlv_value_end(struct ropp_header *h)
{
    if (h->state.ssl_end == 0 && h->state.type == ROPP_TLV_CRC32C) {
        h->state.crc_seen = true;
        h->state.crc_wanted = (uint32_t)header_number(h->state.number, 4);
    }
    h->state.number_used = 0;
    header_go(h, HEADER_V2_TLV_HEAD);
}

static void header_v2_addresses(struct ropp_header *h)
{
    const uint8_t *raw = h->state.raw;
    size_t size = h->family == ROPP_FAMILY_INET ? 4 : 16;

    if (header_v2_address_size(h) == 0 || h->family == ROPP_FAMILY_UNIX)
        return;
    h->source.family = h->family;
    h->destination.family = h->family;
    memcpy(h->source.bytes, raw, size);
    memcpy(h->destination.bytes, raw + size, size);
    ropp_addr_unwrap(&h->source);
    ropp_addr_unwrap(&h->destination);
    h->source_port = (uint16_t)header_number(raw + 2 * size, 2);
    h->destination_port = (uint16_t)header_number(raw + 2 * size + 2, 2);
}

/* The last byte of the header has come. It is not yet counted in length, as with every refusal. */
static bool header_v2_finish(struct ropp_header *h)
{
    if (h->state.crc_seen && h->state.crc != h->state.crc_wanted)
        return header_refuse(h, ROPP_REASON_CRC32C_MISMATCH);
    h->has_crc32c = h->state.crc_seen;
    header_v2_addresses(h);
    h->status = ROPP_HEADER_OK;
    return true;
}

static bool header_v2_byte(struct ropp_header *h, uint8_t byte)
{
    switch (h->state.step) {
    case HEADER_V2_SIGNATURE:
        if (byte != header_v2_signature[h->length])
            return header_refuse(h, ROPP_REASON_NOT_PROXY);
        if (h->length + 1 == sizeof header_v2_signature)
            header_go(h, HEADER_V2_COMMAND);
        return true;
    case HEADER_V2_COMMAND:
        return header_v2_command(h, byte);
    case HEADER_V2_FAMILY:
        return header_v2_family(h, byte);
    case HEADER_V2_LENGTH:
        return header_v2_length(h, byte);
    case HEADER_V2_TLV_HEAD:
        return header_tlv_head(h, byte);
    default: /* HEADER_V2_TLV_FIXED */
        header_tlv_fixed(h);
        return true;
    }
}

/* Brings the checksum up to date. Section 2.2.3: its own four bytes count as zeros; but what seems to
 * be these may turn out to be an address, 3.0.4.x, so that the sum of all as it is goes beside it. */
static void header_v2_sum(struct ropp_header *h, const uint8_t *bytes, size_t len, bool is_crc)
{
    static const uint8_t zeros[4] = {0, 0, 0, 0};

    h->state.crc = ropp_crc32c(h->state.crc, is_crc ? zeros : bytes, len);
    if (!h->state.behind && (h->state.lenient || h->length < ROPP_HEADER_V2_FIXED))
        h->state.crc_plain = ropp_crc32c(h->state.crc_plain, bytes, len);
}

/* Takes bytes of a step that ends at state.run_end. */
static void header_v2_run(struct ropp_header *h, const uint8_t *bytes, size_t len)
{
    uint32_t at = h->length - ROPP_HEADER_V2_FIXED;
    bool is_crc = h->state.step == HEADER_V2_TLV_VALUE && h->state.ssl_end == 0 &&
                  h->state.type == ROPP_TLV_CRC32C;

    header_v2_sum(h, bytes, len, is_crc);
    if (h->state.step == HEADER_V2_TLV_VALUE)
        header_tlv_value_run(h, bytes, len);
    else if (h->state.step == HEADER_V2_ADDRESSES && h->family != ROPP_FAMILY_UNIX)
        memcpy(h->state.raw + at, bytes, len);
}

/* What ends with the byte before offset `at`: a run, the SSL TLV around it, the header. */
static bool header_v2_ends(struct ropp_header *h, uint32_t at)
{
    if ((h->state.step == HEADER_V2_ADDRESSES || h->state.step == HEADER_V2_SKIP) &&
        at == h->state.run_end)
        header_go(h, HEADER_V2_TLV_HEAD);
    if (h->state.step == HEADER_V2_TLV_VALUE && at == h->state.run_end)
        header_tlv_value_end(h);
    if (h->state.ssl_end != 0 && at == h->state.ssl_end) {
        h->has_ssl = true;
        h->state.ssl_end = 0;
    }
    if (at >= ROPP_HEADER_V2_FIXED && at == h->state.whole)
        return header_v2_finish(h);
    return true;
}

/* Returns how many bytes were consumed, at least one unless the header is refused. */
static size_t header_v2_bytes(struct ropp_header *h, const uint8_t *bytes, size_t len)
{
    if (h->state.step < HEADER_V2_ADDRESSES) {
        if (!header_v2_byte(h, bytes[0]))
            return 0;
        len = 1;
        header_v2_sum(h, bytes, len, false);
    } else {
        if (len > h->state.run_end - h->length)
            len = h->state.run_end - h->length;
        header_v2_run(h, bytes, len);
    }
    if (!header_v2_ends(h, h->length + (uint32_t)len)) {
        h->length += (uint32_t)len - 1; /* only the checksum can still fail: on the last byte */
        return len - 1;
    }
    h->length += (uint32_t)len;
    return len;
}

static void header_blank_value(struct ropp_header_value *value)
{
    value->present = false;
    value->length = 0;
    value->true_length = 0;
}

void ropp_header_init(struct ropp_header *header)
{
    memset(header, 0, offsetof(struct ropp_header, authority));
    header_blank_value(&header->authority);
    header_blank_value(&header->unique_id);
    header_blank_value(&header->tls_version);
    header->command = ROPP_COMMAND_PROXY;
}

/* Compares with the beginning of one signature. */
static enum ropp_match header_match_one(const uint8_t *bytes, size_t length, const void *signature,
                                        size_t size)
{
    if (memcmp(bytes, signature, length < size ? length : size) != 0)
        return ROPP_MATCH_NO;
    return length < size ? ROPP_MATCH_PERHAPS : ROPP_MATCH_YES;
}

enum ropp_match ropp_header_match(const uint8_t *bytes, size_t length)
{
    enum ropp_match v1 =
        header_match_one(bytes, length, header_v1_prefix, sizeof header_v1_prefix - 1);

    if (v1 != ROPP_MATCH_NO)
        return v1;
    return header_match_one(bytes, length, header_v2_signature, sizeof header_v2_signature);
}

/* Byte by byte, or run by run. */
static size_t header_feed_on(struct ropp_header *header, const uint8_t *bytes, size_t len)
{
    size_t used = 0;

    while (used < len && header->status == ROPP_HEADER_NEED_MORE) {
        if (header->state.step == HEADER_FIRST) {
            if (bytes[used] == (uint8_t)header_v1_prefix[0]) {
                header->version = 1;
                header_go(header, HEADER_V1_PREFIX);
            } else if (bytes[used] == header_v2_signature[0]) {
                header->version = 2;
                header_go(header, HEADER_V2_SIGNATURE);
            } else {
                header_refuse(header, ROPP_REASON_NOT_PROXY);
                break;
            }
        }
        if (header->version == 1)
            used += header_v1_byte(header, bytes[used]) ? 1 : 0;
        else
            used += header_v2_bytes(header, bytes + used, len - used);
    }
    return used;
}

size_t ropp_header_feed(struct ropp_header *header, const uint8_t *bytes, size_t len)
{
    size_t used = 0;

    if (header->state.step == HEADER_FIRST && header->status == ROPP_HEADER_NEED_MORE && len > 1)
        used = bytes[0] == (uint8_t)header_v1_prefix[0] ? ropp_straight_v1(header, bytes, len)
                                                        : ropp_straight_v2(header, bytes, len);
    return used > 0 ? used : header_feed_on(header, bytes, len);
}
