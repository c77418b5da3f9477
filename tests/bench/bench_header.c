// SPDX-License-Identifier: MIT
/* What the decoder costs: nanoseconds a header, and how many times a memcpy of the same bytes in
 * the same run. Prints a table and judges nothing; no time is a test. */
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

static void measure(const char *name, size_t len, size_t piece)
{
    double header = best_ns(decode, len, piece), plain = best_ns(copy, len, piece);

    printf("%-34s %6zu bytes %10.1f ns %8.1f ns memcpy %8.1f x\n", name, len, header, plain,
           header / plain);
}

int main(void)
{
    static const char v1[] = "PROXY TCP4 203.0.113.177 198.51.100.101 56324 6900\r\n";
    size_t len;

    memcpy(wire, v1, sizeof v1 - 1);
    measure("v1 TCP4", sizeof v1 - 1, sizeof v1);
    measure("v1 TCP4, byte by byte", sizeof v1 - 1, 1);
    len = begin_v2(0x11, 12, 12);
    measure("v2 TCP4", len, len);
    len = begin_v2(0x21, 36, 36);
    measure("v2 TCP6", len, len);
    len = put_tlv(put_tlv(begin_v2(0x21, 36, 36 + 7 + 35), 0x03, 4), 0x05, 32);
    put_checksum(len, 16 + 36 + 3);
    measure("v2 TCP6, checksum, unique id", len, len);
    measure("the same, byte by byte", len, 1);
    len = put_tlv(put_tlv(begin_v2(0x11, 12, 65535), 0x03, 4), 0x04, 65535 - 12 - 7 - 3);
    put_checksum(len, 16 + 12 + 3);
    measure("v2 TCP4, longest, checksum", len, len);
    measure("the same, 1448 bytes at a time", len, 1448);
    return 0;
}
