// SPDX-License-Identifier: MIT
/* What the decoder costs: nanoseconds a header, and how many times a memcpy of the same bytes in
 * the same run. Prints a table and judges nothing; no time is a test.
 *
 *   bench_header               all headers
 *   bench_header NAME TIMES    one of them, for tests/bench/instructions: prints its length */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/crc32c.h"
#include "core/header.h"

enum { ROUNDS = 7, SIZE_MAX_BENCH = ROPP_HEADER_MAX };

static uint8_t wire[SIZE_MAX_BENCH], copied[SIZE_MAX_BENCH];
static volatile uint32_t sink; /* keeps the compiler from dropping what is measured */

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void decode(size_t len, size_t piece)
{
    struct ropp_header h;
    size_t at = 0, step;

    ropp_header_init(&h);
    while (at < len) {
        step = len - at < piece ? len - at : piece;
        at += ropp_header_feed(&h, wire + at, step);
        if (h.status == ROPP_HEADER_INVALID) {
            fprintf(stderr, "bench_header: refused: %s\n", ropp_reason_name(h.reason));
            exit(1);
        }
    }
    sink = h.length;
}

static void copy(size_t len, size_t piece)
{
    (void)piece;
    memcpy(copied, wire, len);
    sink = copied[len / 2];
}

/* The best of some rounds: what the machine can do when nothing else disturbs it. */
static double best_ns(void (*run)(size_t, size_t), size_t len, size_t piece)
{
    unsigned repeat = len > 4096 ? 400 : 200000, i;
    double best = 0, start, spent;
    int round;

    for (round = 0; round < ROUNDS; round++) {
        start = now_ns();
        for (i = 0; i < repeat; i++)
            run(len, piece);
        spent = (now_ns() - start) / repeat;
        if (round == 0 || spent < best)
            best = spent;
    }
    return best;
}

static size_t begin_v2(uint8_t family, size_t addresses, size_t body)
{
    static const uint8_t fixed[13] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a,
                                      0x51, 0x55, 0x49, 0x54, 0x0a, 0x21};

    memcpy(wire, fixed, sizeof fixed);
    wire[13] = family;
    wire[14] = (uint8_t)(body >> 8);
    wire[15] = (uint8_t)body;
    memset(wire + 16, 0x20, addresses);
    return 16 + addresses;
}

static size_t put_tlv(size_t at, uint8_t type, size_t len)
{
    wire[at] = type;
    wire[at + 1] = (uint8_t)(len >> 8);
    wire[at + 2] = (uint8_t)len;
    memset(wire + at + 3, 'x', len);
    return at + 3 + len;
}

/* A checksum whose value begins at `at`. */
static void put_checksum(size_t len, size_t at)
{
    uint32_t crc;

    memset(wire + at, 0, 4);
    crc = ropp_crc32c(0, wire, len);
    wire[at] = (uint8_t)(crc >> 24);
    wire[at + 1] = (uint8_t)(crc >> 16);
    wire[at + 2] = (uint8_t)(crc >> 8);
    wire[at + 3] = (uint8_t)crc;
}

/* Each puts a header into `wire` and returns its length. */

static size_t make_v1_tcp4(void)
{
    static const char line[] = "PROXY TCP4 203.0.113.177 198.51.100.101 56324 6900\r\n";

    memcpy(wire, line, sizeof line - 1);
    return sizeof line - 1;
}

static size_t make_v1_tcp6(void)
{
    static const char line[] =
        "PROXY TCP6 2001:db8:85a3::8a2e:370:7334 2001:db8:85a3::8a2e:370:99 56324 6900\r\n";

    memcpy(wire, line, sizeof line - 1);
    return sizeof line - 1;
}

static size_t make_v2_tcp4(void)
{
    return begin_v2(0x11, 12, 12);
}

static size_t make_v2_tcp6(void)
{
    return begin_v2(0x21, 36, 36);
}

static size_t make_v2_id(void)
{
    size_t len = put_tlv(put_tlv(begin_v2(0x21, 36, 36 + 7 + 35), 0x03, 4), 0x05, 32);

    put_checksum(len, 16 + 36 + 3);
    return len;
}

/* As a proxy that ends TLS sends it, with every option it has. */
static size_t make_v2_tlvs(void)
{
    size_t len = put_tlv(put_tlv(begin_v2(0x21, 36, 225), 0x03, 4), 0x01, 2);

    len = put_tlv(put_tlv(len, 0x02, 21), 0x05, 36);
    put_tlv(len, 0x20, 98);
    memset(wire + len + 3, 0, 5);
    len = put_tlv(put_tlv(len + 3 + 5, 0x21, 7), 0x22, 20);
    len = put_tlv(put_tlv(put_tlv(len, 0x25, 7), 0x24, 10), 0x23, 22);
    len = put_tlv(put_tlv(len, 0x27, 9), 0x04, 10);
    put_checksum(len, 16 + 36 + 3);
    return len;
}

static size_t make_v2_longest(void)
{
    size_t len = put_tlv(put_tlv(begin_v2(0x11, 12, 65535), 0x03, 4), 0x04, 65535 - 12 - 7 - 3);

    put_checksum(len, 16 + 12 + 3);
    return len;
}

static const struct {
    const char *name;
    size_t (*make)(void);
    size_t piece; /* bytes that are fed at once */
} headers[] = {
    {"v2-ipv4", make_v2_tcp4, SIZE_MAX_BENCH},
    {"v1-ipv4", make_v1_tcp4, SIZE_MAX_BENCH},
    {"v1-ipv6", make_v1_tcp6, SIZE_MAX_BENCH},
    {"v2-ipv6-tlvs-crc", make_v2_tlvs, SIZE_MAX_BENCH},
    {"v2-ipv6", make_v2_tcp6, SIZE_MAX_BENCH},
    {"v2-ipv6-id-crc", make_v2_id, SIZE_MAX_BENCH},
    {"v1-ipv4-bytewise", make_v1_tcp4, 1},
    {"v2-ipv6-id-crc-bytewise", make_v2_id, 1},
    {"v2-longest-crc", make_v2_longest, SIZE_MAX_BENCH},
    {"v2-longest-crc-1448", make_v2_longest, 1448},
};

enum { HEADERS = sizeof headers / sizeof headers[0] };

static void measure(size_t which)
{
    size_t len = headers[which].make(), piece = headers[which].piece;
    double header = best_ns(decode, len, piece), plain = best_ns(copy, len, piece);

    printf("%-26s %6zu bytes %10.1f ns %8.1f ns memcpy %8.1f x\n", headers[which].name, len, header,
           plain, header / plain);
}

/* For a program that counts instructions: decodes one header so many times and does nothing else. */
static int repeat(const char *name, const char *times)
{
    unsigned long left = strtoul(times, NULL, 10);
    size_t which = 0, len;

    while (which < HEADERS && strcmp(headers[which].name, name) != 0)
        which++;
    if (which == HEADERS) {
        fprintf(stderr, "bench_header: no such header: %s: without arguments all are shown\n",
                name);
        return 2;
    }
    len = headers[which].make();
    for (; left > 0; left--)
        decode(len, headers[which].piece);
    printf("%zu\n", len);
    return 0;
}

int main(int argc, char **argv)
{
    size_t which;

    if (argc == 3)
        return repeat(argv[1], argv[2]);
    for (which = 0; which < HEADERS; which++)
        measure(which);
    return 0;
}
