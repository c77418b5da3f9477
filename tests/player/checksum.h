// SPDX-License-Identifier: MIT
/* The checksum of a header, for those who write some: bit by bit, apart from the module's own. */
#ifndef ROPP_TESTS_PLAYER_CHECKSUM_H
#define ROPP_TESTS_PLAYER_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t header_checksum(const uint8_t *bytes, size_t length)
{
    uint32_t crc = 0xffffffff;

    for (const uint8_t *end = bytes + length; bytes < end; bytes++) {
        crc ^= *bytes;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
    }
    return ~crc;
}

#endif
