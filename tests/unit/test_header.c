// SPDX-License-Identifier: MIT
/* The PROXY header decoder: one flat table of headers, each fed whole, byte by byte and in every
 * two-way cut; then headers of the greatest length and of random TLVs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/header.h"
#include "core/tlv.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"
#include "tests/unit/header_cases.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define SHOWN_MAX   4096

/* What a player's client sends first; it must never be consumed. */
static const uint8_t game[] = {0x64, 0x00, 0x14, 0x00, 0x00, 0x00, 'P', '\r', '\n', 0x0d, 0x0a};

/* ---- From the results to text ---- */

struct text {
    char bytes[SHOWN_MAX];
    size_t used;
};

static void put(struct text *text, const char *format, ...)
{
    va_list args;
    int wrote;

    va_start(args, format);
    wrote = vsnprintf(text->bytes + text->used, sizeof text->bytes - text->used, format, args);
    va_end(args);
    assert_true(wrote >= 0 && (size_t)wrote < sizeof text->bytes - text->used);
    text->used += (size_t)wrote;
}

static void put_value(struct text *text, const char *name, const struct ropp_header_value *value)
{
    unsigned i;

    if (!value->present) {
        assert_int_equal(value->length, 0);
        assert_int_equal(value->true_length, 0);
        return;
    }
    assert_true(value->length <= ROPP_HEADER_VALUE_MAX && value->length <= value->true_length);
    put(text, " %s=", name);
    for (i = 0; i < value->length; i++) {
        if (value->bytes[i] > 0x20 && value->bytes[i] < 0x7f)
            put(text, "%c", value->bytes[i]);
        else
            put(text, "\\%02x", value->bytes[i]);
    }
    if (value->true_length != value->length)
        put(text, "...%u", (unsigned)value->true_length);
}

static void show(const struct ropp_header *h, struct text *text)
{
    static const char *const families[] = {"UNSPEC", "INET", "INET6", "UNIX"};
    static const char *const transports[] = {"UNSPEC", "STREAM", "DGRAM"};
    char source[ROPP_ADDR_TEXT], destination[ROPP_ADDR_TEXT];

    text->used = 0;
    put(text, "v%u %s %s %s", (unsigned)h->version,
        h->command == ROPP_COMMAND_PROXY ? "PROXY" : "LOCAL", families[h->family],
        transports[h->transport]);
    if (h->source.family == ROPP_FAMILY_UNSPEC) {
        assert_int_equal(h->destination.family, ROPP_FAMILY_UNSPEC);
        assert_int_equal(h->source_port, 0);
        assert_int_equal(h->destination_port, 0);
        put(text, " -");
    } else {
        ropp_addr_format(&h->source, source);
        ropp_addr_format(&h->destination, destination);
        put(text, " %s:%u > %s:%u", source, (unsigned)h->source_port, destination,
            (unsigned)h->destination_port);
    }
    if (h->has_crc32c)
        put(text, " crc32c");
    put_value(text, "authority", &h->authority);
    put_value(text, "unique-id", &h->unique_id);
    if (h->departure)
        put(text, " departure");
    if (h->has_ssl)
        put(text, " ssl");
    put_value(text, "version", &h->tls_version);
}

/* ---- Feeding ---- */

/* Feeds a copy of exactly these bytes, so that a sanitizer sees every look outside of them. Less
 * than all of them is consumed only when the header is decided. */
static size_t feed(struct ropp_header *h, const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    size_t used;

    assert_non_null(copy);
    memcpy(copy, bytes, len);
    used = ropp_header_feed(h, copy, len);
    free(copy);
    assert_true(used <= len);
    if (used < len)
        assert_int_not_equal(h->status, ROPP_HEADER_NEED_MORE);
    return used;
}

/* Feeds `wire` in pieces that end at the given offsets. Returns the sum of what was consumed. */
static size_t feed_cut(struct ropp_header *h, size_t len, size_t cut1, size_t cut2)
{
    size_t ends[3], start = 0, sum = 0, used, i;

    ends[0] = cut1;
    ends[1] = cut2;
    ends[2] = len;
    ropp_header_init(h);
    for (i = 0; i < 3; i++) {
        used = feed(h, wire + start, ends[i] - start);
        if (sum != start)
            assert_int_equal(used, 0);
        sum += used;
        start = ends[i];
        assert_int_equal(h->length, sum);
    }
    return sum;
}

static void check(const struct header_case *c, const struct ropp_header *h, size_t used,
                  size_t expected, const char *how, size_t cut)
{
    static const uint8_t blank[16];
    struct text text;

    if (h->status != c->status || h->reason != c->reason || used != expected)
        fail_msg("%s (%s %zu): status %d, reason %s, %zu bytes; expected %d, %s, %zu", c->name, how,
                 cut, (int)h->status, ropp_reason_name(h->reason), used, (int)c->status,
                 ropp_reason_name(c->reason), expected);
    if (c->status == ROPP_HEADER_OK) {
        show(h, &text);
        if (strcmp(text.bytes, c->shown) != 0)
            fail_msg("%s (%s %zu):\n  %s\nexpected\n  %s", c->name, how, cut, text.bytes, c->shown);
    }
    if (c->status == ROPP_HEADER_INVALID) { /* nothing to be mistaken for a true address */
        assert_int_equal(h->source.family, ROPP_FAMILY_UNSPEC);
        assert_int_equal(h->destination.family, ROPP_FAMILY_UNSPEC);
        assert_memory_equal(h->source.bytes, blank, sizeof blank);
        assert_false(h->unique_id.present || h->authority.present || h->has_ssl);
    }
}

static void run_case(const struct header_case *c)
{
    size_t len = build(c->wire), expected = len, cut, cut2, used;
    struct ropp_header h;

    if (c->status == ROPP_HEADER_INVALID)
        expected = (size_t)c->at;
    if (c->status != ROPP_HEADER_NEED_MORE) {
        memcpy(wire + len, game, sizeof game);
        len += sizeof game;
    }
    used = feed_cut(&h, len, len, len);
    check(c, &h, used, expected, "whole", 0);
    for (cut = 0; cut <= len; cut++) {
        used = feed_cut(&h, len, cut, cut);
        check(c, &h, used, expected, "cut at", cut);
        if (len > 128) /* every pair of cuts only where that is cheap */
            continue;
        for (cut2 = cut + 1; cut2 < len; cut2++) {
            used = feed_cut(&h, len, cut, cut2);
            check(c, &h, used, expected, "second cut at", cut2);
        }
    }
    /* Byte by byte: undecided until the one byte that decides. */
    ropp_header_init(&h);
    for (cut = 0, used = 0; cut < len; cut++) {
        size_t decides = c->status == ROPP_HEADER_OK ? expected - 1 : expected;

        used += feed(&h, wire + cut, 1);
        if (c->status == ROPP_HEADER_NEED_MORE || cut < decides)
            assert_int_equal(h.status, ROPP_HEADER_NEED_MORE);
        else if (h.status != c->status)
            fail_msg("%s: byte %zu should decide", c->name, cut);
    }
    check(c, &h, used, expected, "byte by byte", 0);
}

static void test_table(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(header_cases); i++)
        run_case(&header_cases[i]);
}

/* Every reason of the decoder is reached by a case, has a key of its own and a sentence. */
static void test_reasons(void **state)
{
#define KEY(name, key, text) key,
    static const char *const keys[] = {ROPP_HEADER_REASONS(KEY)};
#undef KEY
#define VALUE(name, key, text) ROPP_REASON_##name,
    static const enum ropp_reason reasons[] = {ROPP_HEADER_REASONS(VALUE)};
#undef VALUE
    size_t i, j, letter;

    (void)state;
    for (i = 0; i < COUNT(reasons); i++) {
        const char *text = ropp_reason_text(reasons[i]);

        for (j = 0; j < COUNT(header_cases) && header_cases[j].reason != reasons[i]; j++)
            continue;
        if (j == COUNT(header_cases))
            fail_msg("no case is refused for '%s'", keys[i]);
        assert_string_equal(ropp_reason_name(reasons[i]), keys[i]);
        for (letter = 0; keys[i][letter] != '\0'; letter++)
            assert_non_null(strchr("abcdefghijklmnopqrstuvwxyz0123456789-", keys[i][letter]));
        for (j = 0; j < i; j++) {
            assert_string_not_equal(keys[i], keys[j]);
            assert_string_not_equal(text, ropp_reason_text(reasons[j]));
        }
        assert_true(strlen(text) > 30 && text[strlen(text) - 1] == '.');
    }
    assert_string_equal(ropp_reason_name(ROPP_REASON_NONE), "none");
    assert_string_equal(ropp_reason_name(ROPP_REASON_COUNT), "unknown");
    assert_true(strlen(ropp_reason_text(ROPP_REASON_NONE)) > 0);
    assert_true(strlen(ropp_reason_text(ROPP_REASON_COUNT)) > 0);
}

/* Any other first byte is refused at once: a wrong peer does not wait for the deadline. */
static void test_first_byte(void **state)
{
    struct ropp_header h;
    unsigned i;
    uint8_t byte;

    (void)state;
    for (i = 0; i < 256; i++) {
        byte = (uint8_t)i;
        ropp_header_init(&h);
        if (i == 'P' || i == '\r') {
            assert_int_equal(feed(&h, &byte, 1), 1);
            assert_int_equal(h.status, ROPP_HEADER_NEED_MORE);
            assert_int_equal(h.version, i == 'P' ? 1 : 2);
        } else {
            assert_int_equal(feed(&h, &byte, 1), 0);
            assert_int_equal(h.status, ROPP_HEADER_INVALID);
            assert_int_equal(h.reason, ROPP_REASON_NOT_PROXY);
            assert_int_equal(h.version, 0);
        }
    }
}

static void test_every_command_and_family(void **state)
{
    static const uint8_t sizes[4] = {0, 12, 36, 216};
    unsigned command, family;
    struct ropp_header h;
    size_t used;

    (void)state;
    memset(wire, 0, 16 + 216);
    build(SIG);
    for (command = 0; command < 256; command++) {
        for (family = 0; family < 256; family++) {
            bool good =
                command == 0x20 || (command == 0x21 && family >> 4 < 4 && (family & 15) < 3);

            wire[12] = (uint8_t)command;
            wire[13] = (uint8_t)family;
            wire[15] = good && command == 0x21 ? sizes[family >> 4] : 0;
            ropp_header_init(&h);
            used = feed(&h, wire, 16u + wire[15]);
            assert_int_equal(h.status, good ? ROPP_HEADER_OK : ROPP_HEADER_INVALID);
            assert_int_equal(used, good ? 16u + wire[15] : command >> 1 == 0x10 ? 13 : 12);
        }
    }
}

/* ---- The longest header: 16 + 65535 bytes ---- */

static size_t put_tlv(uint8_t *at, uint8_t type, size_t len, unsigned fill)
{
    size_t i;

    at[0] = type;
    at[1] = (uint8_t)(len >> 8);
    at[2] = (uint8_t)len;
    for (i = 0; i < len; i++)
        at[3 + i] = (uint8_t)(fill + i * 31);
    return 3 + len;
}

/* The checksum first or last; a client certificate of more than 60,000 bytes in between. */
static size_t build_longest(bool crc_first)
{
    size_t len = build(SIG "21 21 ffff" V6), crc_at = 0, cert = 60000, ssl;

    if (crc_first) {
        crc_at = len + 3;
        len += put_tlv(wire + len, ROPP_TLV_CRC32C, 4, 0);
    }
    len += put_tlv(wire + len, ROPP_TLV_UNIQUE_ID, 128, 'u');
    ssl = len;
    len += put_tlv(wire + len, ROPP_TLV_SSL, 5 + 3 + cert + 3 + 7 + 3 + 2, 0);
    memset(wire + ssl + 3, 0, 5);
    wire[ssl + 3] = 7;
    ssl += 8;
    ssl += put_tlv(wire + ssl, ROPP_TLV_SSL_CLIENT_CERT, cert, 1);
    ssl += put_tlv(wire + ssl, ROPP_TLV_SSL_VERSION, 7, 0);
    memcpy(wire + ssl - 7, "TLSv1.3", 7);
    ssl += put_tlv(wire + ssl, ROPP_TLV_SSL_CN, 2, 0);
    memcpy(wire + ssl - 2, "cn", 2);
    assert_int_equal(ssl, len);
    if (crc_first) {
        len += put_tlv(wire + len, ROPP_TLV_NOOP, ROPP_HEADER_MAX - len - 3, 9);
    } else {
        len += put_tlv(wire + len, ROPP_TLV_NOOP, ROPP_HEADER_MAX - len - 10, 9);
        crc_at = len + 3;
        len += put_tlv(wire + len, ROPP_TLV_CRC32C, 4, 0);
    }
    assert_int_equal(len, ROPP_HEADER_MAX);
    put_crc(len, crc_at);
    return len;
}

static void test_longest(void **state)
{
    struct text text, first;
    struct ropp_header h;
    size_t len, cut, i;
    int crc_first;

    (void)state;
    for (crc_first = 0; crc_first < 2; crc_first++) {
        len = build_longest(crc_first);
        memcpy(wire + len, game, sizeof game);
        assert_int_equal(feed_cut(&h, len + sizeof game, len, len), ROPP_HEADER_MAX);
        assert_int_equal(h.status, ROPP_HEADER_OK);
        assert_int_equal(h.unique_id.length, 128);
        show(&h, &first);
        assert_non_null(strstr(first.bytes, PAIR6 " crc32c unique-id=u"));
        assert_non_null(strstr(first.bytes, " ssl version=TLSv1.3"));
        for (cut = 0; cut < len + sizeof game; cut += cut < 400 || cut > len - 400 ? 1 : 4999) {
            assert_int_equal(feed_cut(&h, len + sizeof game, cut, cut), ROPP_HEADER_MAX);
            show(&h, &text);
            assert_string_equal(text.bytes, first.bytes);
        }
        ropp_header_init(&h);
        for (i = 0; i < len - 1; i++) {
            assert_int_equal(feed(&h, wire + i, 1), 1);
            assert_int_equal(h.status, ROPP_HEADER_NEED_MORE);
        }
        assert_int_equal(feed(&h, wire + i, 1 + sizeof game), 1);
        show(&h, &text);
        assert_string_equal(text.bytes, first.bytes);
        /* One bit anywhere in the certificate, and the checksum says so. */
        wire[30000] ^= 0x10;
        ropp_header_init(&h);
        assert_int_equal(feed(&h, wire, len), len - 1);
        assert_int_equal(h.reason, ROPP_REASON_CRC32C_MISMATCH);
    }
}

/* 21,839 empty TLVs, and one value of 65,520 bytes: the two ends of what a header can hold. */
static void test_many_and_one(void **state)
{
    struct ropp_header h;
    size_t len, at;

    (void)state;
    len = build(SIG "21 11 ffff" V4);
    for (at = len; at < ROPP_HEADER_MAX;)
        at += put_tlv(wire + at, 0xe7, 0, 0);
    assert_int_equal(at, ROPP_HEADER_MAX);
    ropp_header_init(&h);
    assert_int_equal(feed(&h, wire, at), at);
    assert_int_equal(h.status, ROPP_HEADER_OK);
    put_tlv(wire + len, ROPP_TLV_AUTHORITY, ROPP_HEADER_MAX - len - 3, 'z');
    ropp_header_init(&h);
    assert_int_equal(feed(&h, wire, at), at);
    assert_int_equal(h.status, ROPP_HEADER_OK);
    assert_int_equal(h.authority.true_length, 65520);
    assert_int_equal(h.authority.length, ROPP_HEADER_VALUE_MAX);
    assert_memory_equal(h.authority.bytes, wire + len + 3, ROPP_HEADER_VALUE_MAX);
}

/* Every bit of a header with a checksum, flipped: no address comes out. (Without one, as LOCAL or
 * UNSPEC, it may still be accepted; and a checksum whose type was hit is none any more.) */
static void test_flipped_bits(void **state)
{
    struct ropp_header h;
    size_t len, bit;

    (void)state;
    len = build(SIG "21 11 LLLL" V4 "05 0004 'abcd' 03 0004 ????????");
    for (bit = 0; bit < len * 8; bit++) {
        size_t byte = bit / 8;

        wire[byte] ^= (uint8_t)(1 << bit % 8);
        ropp_header_init(&h);
        feed(&h, wire, len);
        if (byte != len - 7 && h.status == ROPP_HEADER_OK)
            assert_int_equal(h.source.family, ROPP_FAMILY_UNSPEC);
        wire[byte] ^= (uint8_t)(1 << bit % 8);
    }
}

/* ---- Random TLVs: what the generator puts in is what comes out ---- */

static void keep_value(struct ropp_header_value *value, const uint8_t *bytes, size_t len)
{
    if (value->present)
        return;
    value->present = true;
    value->true_length = (uint16_t)len;
    value->length = (uint16_t)(len < ROPP_HEADER_VALUE_MAX ? len : ROPP_HEADER_VALUE_MAX);
    memcpy(value->bytes, bytes, value->length);
}

static size_t random_ssl(uint8_t *at, struct ropp_header *expected)
{
    size_t len = 3 + 5, size;
    bool first = !expected->has_ssl;
    unsigned i, count = random_below(5);

    for (i = 3; i < len; i++)
        at[i] = (uint8_t)random_below(256);
    for (i = 0; i < count; i++) {
        size = put_tlv(at + len, (uint8_t)(0x20 + random_below(10)), random_below(200),
                       random_below(256));
        if (first && at[len] == ROPP_TLV_SSL_VERSION)
            keep_value(&expected->tls_version, at + len + 3, size - 3);
        len += size;
    }
    at[0] = ROPP_TLV_SSL;
    at[1] = (uint8_t)((len - 3) >> 8);
    at[2] = (uint8_t)(len - 3);
    expected->has_ssl = true;
    return len;
}

/* One TLV of any type but the checksum's. */
static size_t random_tlv(uint8_t *at, struct ropp_header *expected)
{
    static const uint8_t known[] = {0x01, 0x02, 0x04, 0x05, 0x20, 0x30, 0xe0, 0xea, 0xee};
    uint8_t type =
        random_below(4) > 0 ? known[random_below(COUNT(known))] : (uint8_t)random_below(256);
    size_t most = type == ROPP_TLV_UNIQUE_ID ? 129 : random_below(8) > 0 ? 12 : 700, len;
    const uint8_t *value = at + 3;

    if (type == ROPP_TLV_CRC32C)
        type = ROPP_TLV_NOOP;
    if (type == ROPP_TLV_SSL)
        return random_ssl(at, expected);
    len = put_tlv(at, type, random_below((unsigned)most), random_below(256)) - 3;
    if ((type == ROPP_TLV_AWS || type == ROPP_TLV_AZURE) && len > 0 && random_below(3) > 0)
        at[3] = 1;
    if (type == ROPP_TLV_AUTHORITY)
        keep_value(&expected->authority, value, len);
    if (type == ROPP_TLV_UNIQUE_ID)
        keep_value(&expected->unique_id, value, len);
    return 3 + len;
}

/* A header of some command and family, up to its TLVs. */
static size_t random_begin(struct ropp_header *expected)
{
    static const struct {
        const char *wire, *address;
        enum ropp_command command;
        enum ropp_family family;
        enum ropp_transport transport;
    } kinds[] = {
        {SIG "21 11 0000" V4, "4", ROPP_COMMAND_PROXY, ROPP_FAMILY_INET, ROPP_TRANSPORT_STREAM},
        {SIG "21 22 0000" V6, "6", ROPP_COMMAND_PROXY, ROPP_FAMILY_INET6, ROPP_TRANSPORT_DGRAM},
        {SIG "21 31 0000" UNIX_ADDRESSES, "", ROPP_COMMAND_PROXY, ROPP_FAMILY_UNIX,
         ROPP_TRANSPORT_STREAM},
        {SIG "21 00 0000", "", ROPP_COMMAND_PROXY, ROPP_FAMILY_UNSPEC, ROPP_TRANSPORT_UNSPEC},
        {SIG "20 00 0000", "", ROPP_COMMAND_LOCAL, ROPP_FAMILY_UNSPEC, ROPP_TRANSPORT_UNSPEC},
    };
    unsigned kind = random_below(COUNT(kinds));
    bool v4 = kinds[kind].address[0] == '4', v6 = kinds[kind].address[0] == '6';

    ropp_header_init(expected);
    expected->version = 2;
    expected->command = kinds[kind].command;
    expected->family = kinds[kind].family;
    expected->transport = kinds[kind].transport;
    if (v4 || v6) {
        const char *source = v4 ? "192.0.2.7" : "2001:db8::7";
        const char *destination = v4 ? "198.51.100.1" : "2001:db8::1";

        assert_true(ropp_addr_parse(source, strlen(source), &expected->source));
        assert_true(ropp_addr_parse(destination, strlen(destination), &expected->destination));
        expected->source_port = 56324;
        expected->destination_port = 6900;
    }
    return build(kinds[kind].wire);
}

static void test_random_tlvs(void **state)
{
    struct text wanted, got;
    struct ropp_header expected, h;
    unsigned round, count, crc, i;
    size_t len, crc_at, at;

    (void)state;
    for (round = 0; round < 20000; round++) {
        len = random_begin(&expected);
        count = random_below(7);
        crc = random_below(2 * count + 2); /* checksum before the crc-th TLV; none when beyond */
        crc_at = 0;
        for (i = 0; i <= count; i++) {
            if (i == crc) {
                crc_at = len + 3;
                len += put_tlv(wire + len, ROPP_TLV_CRC32C, 4, 0);
                expected.has_crc32c = true;
            }
            if (i < count)
                len += random_tlv(wire + len, &expected);
        }
        wire[14] = (uint8_t)((len - 16) >> 8);
        wire[15] = (uint8_t)(len - 16);
        if (crc_at > 0)
            put_crc(len, crc_at);
        show(&expected, &wanted);
        memcpy(wire + len, game, sizeof game);
        ropp_header_init(&h);
        for (at = 0; at < len && h.status == ROPP_HEADER_NEED_MORE; at += i) {
            i = random_below(round % 2 ? 9 : 600);
            if (i > len + sizeof game - at)
                i = (unsigned)(len + sizeof game - at);
            i = (unsigned)feed(&h, wire + at, i);
        }
        assert_int_equal(at, len);
        assert_int_equal(h.status, ROPP_HEADER_OK);
        show(&h, &got);
        assert_string_equal(got.bytes, wanted.bytes);
    }
}

/* ---- The struct itself ---- */

static void test_size_and_moves(void **state)
{
    struct ropp_header h, moved;
    struct text text;
    size_t len = build(SIG "21 11 LLLL" V4 "20 000b 01 00000000 21 0003 'TLS'"), i;

    (void)state;
    assert_true(sizeof(struct ropp_header) < 700);
    ropp_header_init(&h);
    for (i = 0; i < len; i++) { /* no pointer to itself: it may be copied between two bytes */
        assert_int_equal(feed(&h, wire + i, 1), 1);
        memcpy(&moved, &h, sizeof h);
        memset(&h, 0xee, sizeof h);
        memcpy(&h, &moved, sizeof h);
    }
    show(&h, &text);
    assert_string_equal(text.bytes, "v2 PROXY INET STREAM " PAIR " ssl version=TLS");
    /* Decided: nothing more is consumed, nothing changes. */
    assert_int_equal(feed(&h, game, sizeof game), 0);
    assert_int_equal(feed(&h, wire, len), 0);
    assert_int_equal(h.status, ROPP_HEADER_OK);
    assert_int_equal(ropp_header_feed(&h, NULL, 0), 0);
    ropp_header_init(&h);
    assert_int_equal(ropp_header_feed(&h, NULL, 0), 0);
    assert_int_equal(h.status, ROPP_HEADER_NEED_MORE);
    assert_int_equal(feed(&h, game, sizeof game), 0);
    assert_int_equal(feed(&h, wire, len), 0);
    assert_int_equal(h.reason, ROPP_REASON_NOT_PROXY);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),          cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_first_byte),     cmocka_unit_test(test_every_command_and_family),
        cmocka_unit_test(test_longest),        cmocka_unit_test(test_many_and_one),
        cmocka_unit_test(test_flipped_bits),   cmocka_unit_test(test_random_tlvs),
        cmocka_unit_test(test_size_and_moves),
    };

    return UNIT_RUN(argc, argv, "header", tests, NULL, NULL);
}
