// SPDX-License-Identifier: MIT
/* Numbers and names as they are in the game's packets: little-endian, and filled with zeroes. */
#ifndef ROPP_PLAYER_BYTES_H
#define ROPP_PLAYER_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t ropp_get16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t ropp_get32(const uint8_t *bytes)
{
    return (uint32_t)ropp_get16(bytes) | (uint32_t)ropp_get16(bytes + 2) << 16;
}

static inline void ropp_put16(uint8_t *out, unsigned value)
{
    out[0] = (uint8_t)value;
    out[1] = (uint8_t)(value >> 8);
}

static inline void ropp_put32(uint8_t *out, uint32_t value)
{
    ropp_put16(out, value & 0xffff);
    ropp_put16(out + 2, value >> 16);
}

/* Fills `size` bytes; a name that is too long is cut, so that a zero ends it. */
static inline void ropp_put_name(uint8_t *out, size_t size, const char *name)
{
    size_t length = strlen(name);
    memset(out, 0, size);
    memcpy(out, name, length < size ? length : size - 1);
}

/* Takes a field of `size` bytes; `out` has room for one more. */
static inline void ropp_get_name(const uint8_t *bytes, size_t size, char *out)
{
    memcpy(out, bytes, size);
    out[size] = '\0';
}

#endif
