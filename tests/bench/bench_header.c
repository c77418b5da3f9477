// SPDX-License-Identifier: MIT
/* Has a receiver read one header over and over: bench_header HEADER TIMES
 *
 * Prints how many bytes the header has, and the nanoseconds of the processor for each time. A program
 * that counts instructions watches it meanwhile. bench_header --list says which headers there are.
 *
 * The receiver is compiled in (receiver.h): ropp's, or a peer's. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/crc32c.h"
#ifndef BENCH_RECEIVER
#    define BENCH_RECEIVER "tests/bench/receiver.h"
#endif
#include BENCH_RECEIVER

enum { WIRE_SIZE = 16 + 65535 };

static uint8_t wire[WIRE_SIZE];
static volatile size_t sink; /* keeps the compiler from dropping what is measured */

static double processor_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
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
    {"v2-ipv4", make_v2_tcp4, WIRE_SIZE},           {"v1-ipv4", make_v1_tcp4, WIRE_SIZE},
    {"v1-ipv6", make_v1_tcp6, WIRE_SIZE},           {"v2-ipv6-tlvs-crc", make_v2_tlvs, WIRE_SIZE},
    {"v2-ipv6", make_v2_tcp6, WIRE_SIZE},           {"v2-ipv6-id-crc", make_v2_id, WIRE_SIZE},
    {"v1-ipv4-bytewise", make_v1_tcp4, 1},          {"v2-ipv6-id-crc-bytewise", make_v2_id, 1},
    {"v2-longest-crc", make_v2_longest, WIRE_SIZE}, {"v2-longest-crc-1448", make_v2_longest, 1448},
};

enum { HEADERS = sizeof headers / sizeof headers[0] };

static int list(void)
{
    size_t which;

    for (which = 0; which < HEADERS; which++)
        puts(headers[which].name);
    return 0;
}

static int repeat(const char *name, const char *times)
{
    unsigned long count = strtoul(times, NULL, 10), left;
    size_t which = 0, length;
    double began_ns;

    while (which < HEADERS && strcmp(headers[which].name, name) != 0)
        which++;
    if (which == HEADERS || count == 0) {
        fprintf(stderr, "bench_header: no such header, or not a number: %s %s: --list lists them\n",
                name, times);
        return 2;
    }
    length = headers[which].make();
    if (bench_receive(wire, length, headers[which].piece) != length) {
        fprintf(stderr, "bench_header: refused: %s\n", name);
        return 1;
    }
    began_ns = processor_ns();
    for (left = count; left > 0; left--)
        sink = bench_receive(wire, length, headers[which].piece);
    printf("%zu %.2f\n", length, (processor_ns() - began_ns) / (double)count);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    if (argc == 3)
        return repeat(argv[1], argv[2]);
    fputs("usage: bench_header HEADER TIMES | --list\n", stderr);
    return 2;
}
