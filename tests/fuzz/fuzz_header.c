// SPDX-License-Identifier: MIT
/* The decoder on any bytes. The first two bytes of an input choose how the rest is cut; it must
 * then come out as it does whole, and as it does when the first byte comes alone, which is not the
 * straight way. The oracle must agree (tests/oracle), about all of the bytes and about those up to
 * any cut. What is accepted is proved again by other means: the C library for version 1, a walk over
 * the complete block for version 2. */
#include "tests/fuzz/fuzz.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "core/header.h"
#include "core/tlv.h"
#include "tests/oracle/agreement.h"

static void check_same_value(const struct ropp_header_value *a, const struct ropp_header_value *b)
{
    FUZZ_CHECK(a->present == b->present && a->length == b->length);
    FUZZ_CHECK(a->true_length == b->true_length && a->length <= a->true_length);
    FUZZ_CHECK(a->length <= ROPP_HEADER_VALUE_MAX && memcmp(a->bytes, b->bytes, a->length) == 0);
}

static void check_same(const struct ropp_header *a, const struct ropp_header *b)
{
    FUZZ_CHECK(a->status == b->status && a->reason == b->reason && a->length == b->length);
    FUZZ_CHECK(a->version == b->version && a->departure == b->departure);
    if (a->status == ROPP_HEADER_NEED_MORE)
        return;
    FUZZ_CHECK(a->command == b->command && a->family == b->family && a->transport == b->transport);
    FUZZ_CHECK(ropp_addr_equal(&a->source, &b->source));
    FUZZ_CHECK(ropp_addr_equal(&a->destination, &b->destination));
    FUZZ_CHECK(a->source_port == b->source_port && a->destination_port == b->destination_port);
    FUZZ_CHECK(a->tlvs_at == b->tlvs_at && a->has_crc32c == b->has_crc32c);
    check_same_value(&a->authority, &b->authority);
    check_same_value(&a->unique_id, &b->unique_id);
    FUZZ_CHECK(a->has_ssl == b->has_ssl);
    check_same_value(&a->tls_version, &b->tls_version);
}

/* A version 1 line, read by the C library and written again, is the line. */
/* The system's own idea of an address. UNSPEC when it is none. */
static struct ropp_addr system_addr(const char *text)
{
    struct ropp_addr addr;

    memset(&addr, 0, sizeof addr);
    if (inet_pton(AF_INET, text, addr.bytes) == 1)
        addr.family = ROPP_FAMILY_INET;
    else if (inet_pton(AF_INET6, text, addr.bytes) == 1)
        addr.family = ROPP_FAMILY_INET6;
    return addr;
}

static void check_v1(const struct ropp_header *h, const uint8_t *bytes)
{
    char line[ROPP_HEADER_V1_MAX + 1], again[3 * ROPP_HEADER_V1_MAX];
    char source[ROPP_HEADER_V1_MAX + 1], destination[ROPP_HEADER_V1_MAX + 1];
    unsigned source_port, destination_port;
    struct ropp_addr from, to;
    int end = 0;

    FUZZ_CHECK(h->length <= ROPP_HEADER_V1_MAX);
    FUZZ_CHECK(memcmp(bytes + h->length - 2, "\r\n", 2) == 0);
    if (h->family == ROPP_FAMILY_UNSPEC) {
        FUZZ_CHECK(memcmp(bytes, "PROXY UNKNOWN", 13) == 0);
        FUZZ_CHECK(h->source.family == ROPP_FAMILY_UNSPEC);
        return;
    }
    memcpy(line, bytes, h->length);
    line[h->length] = '\0';
    FUZZ_CHECK(sscanf(line, "PROXY TCP%*c %107s %107s %u %u\r\n%n", source, destination,
                      &source_port, &destination_port, &end) == 4);
    FUZZ_CHECK((uint32_t)end == h->length);
    snprintf(again, sizeof again, "PROXY TCP%c %s %s %u %u\r\n",
             h->family == ROPP_FAMILY_INET ? '4' : '6', source, destination, source_port,
             destination_port);
    FUZZ_CHECK(strcmp(line, again) == 0);
    FUZZ_CHECK(source_port == h->source_port && destination_port == h->destination_port);
    from = system_addr(source);
    to = system_addr(destination);
    FUZZ_CHECK(from.family != ROPP_FAMILY_UNSPEC);
    FUZZ_CHECK(h->departure == (from.family != h->family || to.family != h->family));
    ropp_addr_unwrap(&from);
    ropp_addr_unwrap(&to);
    FUZZ_CHECK(ropp_addr_equal(&from, &h->source) && ropp_addr_equal(&to, &h->destination));
}

/* The checksum bit by bit over the complete header, `at` being its place. */
static uint32_t checksum(const uint8_t *bytes, size_t len, size_t at)
{
    uint32_t crc = 0xffffffff;
    size_t i;
    int bit;

    for (i = 0; i < len; i++) {
        crc ^= i >= at && i < at + 4 ? 0 : bytes[i];
        for (bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    }
    return ~crc;
}

enum tlvs { TLVS_GOOD, TLVS_FAULT, TLVS_TWO_CHECKSUMS };

/* Whether bytes[at..end) is TLVs throughout, none of which breaks a rule. *fault is the offset of
 * the byte that cannot be in one, *crc_at that of a checksum before it. */
static enum tlvs walk_tlvs(const uint8_t *bytes, size_t at, size_t end, size_t *crc_at,
                           size_t *fault)
{
    const uint8_t *next = bytes + at, *inner;
    struct ropp_tlv tlv, sub;

    *crc_at = 0;
    *fault = at + (end - at < 3 ? 0 : 2);
    while (ropp_tlv_next(&next, bytes + end, &tlv)) {
        if (tlv.type == ROPP_TLV_CRC32C && tlv.length == 4 && *crc_at != 0)
            return TLVS_TWO_CHECKSUMS;
        if ((tlv.type == ROPP_TLV_CRC32C && tlv.length != 4) ||
            (tlv.type == ROPP_TLV_UNIQUE_ID && tlv.length > ROPP_TLV_UNIQUE_ID_MAX) ||
            (tlv.type == ROPP_TLV_SSL && tlv.length < ROPP_TLV_SSL_FIXED))
            return TLVS_FAULT;
        if (tlv.type == ROPP_TLV_CRC32C)
            *crc_at = (size_t)(tlv.value - bytes);
        if (tlv.type == ROPP_TLV_SSL) {
            inner = tlv.value + ROPP_TLV_SSL_FIXED;
            while (ropp_tlv_next(&inner, tlv.value + tlv.length, &sub))
                continue;
            *fault = (size_t)(inner - bytes) + (tlv.value + tlv.length - inner < 3 ? 0 : 2);
            if (inner != tlv.value + tlv.length)
                return TLVS_FAULT;
        }
        *fault = (size_t)(next - bytes) + (bytes + end - next < 3 ? 0 : 2);
    }
    return next == bytes + end ? TLVS_GOOD : TLVS_FAULT;
}

/* Decides a complete version 2 header anew, from all of its bytes at once. */
static void check_v2(const struct ropp_header *h, const uint8_t *bytes, size_t len)
{
    size_t whole = 16 + ((size_t)bytes[14] << 8 | bytes[15]), at = 16, crc_at, fault, behind = 16;
    unsigned family = bytes[13] >> 4, transport = bytes[13] & 0x0f;
    bool good = bytes[12] >> 4 == 2 && (bytes[12] & 0x0f) < 2, lenient;
    bool local = (bytes[12] & 0x0f) == 0;
    enum tlvs tlvs;
    uint32_t crc;

    lenient = local || family == 0 || transport == 0;
    if (!local && (family > 3 || transport > 2))
        good = false;
    if (family > 0 && family < 4)
        behind += family == 1 ? 12 : family == 2 ? 36 : 216;
    if (!lenient)
        at = behind;
    if (at > whole)
        good = false;
    if (!good) {
        FUZZ_CHECK(h->status == ROPP_HEADER_INVALID);
        return;
    }
    if (whole > len) {
        FUZZ_CHECK(h->status != ROPP_HEADER_OK);
        return;
    }
    tlvs = walk_tlvs(bytes, at, whole, &crc_at, &fault);
    if (lenient && tlvs == TLVS_FAULT && fault < behind && behind <= whole) {
        at = behind; /* those were the addresses */
        tlvs = walk_tlvs(bytes, at, whole, &crc_at, &fault);
    }
    good = tlvs == TLVS_GOOD || (tlvs == TLVS_FAULT && lenient);
    if (good && crc_at != 0) {
        crc = (uint32_t)bytes[crc_at] << 24 | (uint32_t)bytes[crc_at + 1] << 16 |
              (uint32_t)bytes[crc_at + 2] << 8 | bytes[crc_at + 3];
        good = checksum(bytes, whole, crc_at) == crc;
    }
    FUZZ_CHECK((h->status == ROPP_HEADER_OK) == good);
    if (!good)
        return;
    FUZZ_CHECK(h->length == whole && h->tlvs_at == (tlvs == TLVS_GOOD ? at : whole));
    FUZZ_CHECK(h->has_crc32c == (crc_at != 0));
    FUZZ_CHECK((h->source.family == ROPP_FAMILY_UNSPEC) == (lenient || family == 3));
}

/* Fed by pieces, the first of that size and the others as the seed has it. */
static void check_cut(const struct ropp_header *whole, const uint8_t *data, size_t size,
                      size_t first, size_t seed)
{
    struct ropp_header cut;
    size_t at = 0, piece = first, used;

    ropp_header_init(&cut);
    while (at < size && cut.status == ROPP_HEADER_NEED_MORE) {
        if (piece > size - at)
            piece = size - at;
        used = ropp_header_feed(&cut, data + at, piece);
        FUZZ_CHECK(used <= piece);
        at += used;
        seed = (seed * 25173 + 13849) & 0xffff;
        piece = (seed & 0x700) == 0 ? seed >> 4 : (seed >> 4) % 23;
    }
    FUZZ_CHECK(at == cut.length);
    check_same(whole, &cut);
}

static void ask_oracle(const struct ropp_header *h, const uint8_t *data, size_t size)
{
    const char *objection = size > 0 ? oracle_objects(h, data, size) : NULL;

    if (objection == NULL)
        return;
    fprintf(stderr, "the oracle: %s\n", objection);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ropp_header whole, part;
    size_t used, seed;

    if (size < 2)
        return 0;
    seed = (size_t)data[0] << 8 | data[1];
    data += 2;
    size -= 2;
    ropp_header_init(&whole);
    used = ropp_header_feed(&whole, data, size);
    FUZZ_CHECK(used <= size && used == whole.length);
    FUZZ_CHECK((used == size && whole.status == ROPP_HEADER_NEED_MORE) ||
               whole.status != ROPP_HEADER_NEED_MORE);
    FUZZ_CHECK((whole.status == ROPP_HEADER_INVALID) == (whole.reason != ROPP_REASON_NONE));
    check_cut(&whole, data, size, 1, 0xffff);
    check_cut(&whole, data, size, seed % 23, seed);
    ask_oracle(&whole, data, size);
    ropp_header_init(&part);
    ropp_header_feed(&part, data, seed % (size + 1));
    ask_oracle(&part, data, seed % (size + 1));
    FUZZ_CHECK(whole.status == ROPP_HEADER_NEED_MORE || ropp_header_feed(&whole, data, size) == 0);

    if (whole.version == 1 && whole.status == ROPP_HEADER_OK)
        check_v1(&whole, data);
    if (size >= 16 && memcmp(data, "\r\n\r\n\0\r\nQUIT\n", 12) == 0)
        check_v2(&whole, data, size);
    return 0;
}
