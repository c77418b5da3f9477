// SPDX-License-Identifier: MIT
/* Values for tests: addresses and prefixes out of text, numbers that are random and the same in
 * each run, and a second implementation of the checksum. Included after unit.h. */
#ifndef ROPP_UNIT_VALUES_H
#define ROPP_UNIT_VALUES_H

#include <string.h>

#include "core/addr.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* Fail the test when the text is none. */
static inline struct ropp_addr addr(const char *text)
{
    struct ropp_addr result;

    assert_true(ropp_addr_parse(text, strlen(text), &result));
    return result;
}

static inline struct ropp_prefix prefix(const char *text)
{
    struct ropp_prefix result;

    assert_int_equal(ropp_prefix_parse(text, strlen(text), &result), ROPP_PREFIX_OK);
    return result;
}

static uint64_t random_state = UINT64_C(0x9e3779b97f4a7c15);

static inline uint64_t random_word(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(0x2545f4914f6cdd1d) >> 8;
}

/* From 0 to end - 1. */
static inline unsigned random_below(unsigned end)
{
    return (unsigned)(random_word() % end);
}

/* CRC32c straight from its definition: polynomial 0x1edc6f41, bits reflected, complement before and
 * after. */
static inline uint32_t crc32c_bitwise(const uint8_t *bytes, size_t length)
{
    uint32_t crc = 0xffffffff;
    size_t i;
    int bit;

    for (i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    }
    return ~crc;
}

#endif
