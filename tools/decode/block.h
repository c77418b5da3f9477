// SPDX-License-Identifier: MIT
/* Bytes that were written down as text: the first ones, and how many there were. */
#ifndef ROPP_DECODE_BLOCK_H
#define ROPP_DECODE_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#define ROPP_BLOCK_MAX 131072 /* the longest header, and the longest packet, and more */

struct ropp_block {
    uint8_t bytes[ROPP_BLOCK_MAX];
    size_t kept;
    uint64_t total;
};

static inline void ropp_block_put(struct ropp_block *block, uint8_t byte)
{
    if (block->kept < ROPP_BLOCK_MAX)
        block->bytes[block->kept++] = byte;
    block->total++;
}

#endif
