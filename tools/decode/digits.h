// SPDX-License-Identifier: MIT
/* Bytes written as text without offsets: as hex digits, or as a string with escapes. Pure. */
#ifndef ROPP_DECODE_DIGITS_H
#define ROPP_DECODE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROPP_BLOCK_MAX 131072 /* the longest header, and the longest packet, and more */

/* Bytes that were written down as text: the first ones, and how many there were. */
struct ropp_block {
    uint8_t bytes[ROPP_BLOCK_MAX];
    size_t kept;
    uint64_t total;
};

static inline void ropp_block_clear(struct ropp_block *block)
{
    block->kept = 0;
    block->total = 0;
}

static inline void ropp_block_put(struct ropp_block *block, uint8_t byte)
{
    if (block->kept < ROPP_BLOCK_MAX)
        block->bytes[block->kept++] = byte;
    block->total++;
}

/* The value of a hex digit, -1 when it is none. */
int ropp_digit(int c);

/* Pairs of hex digits, with or without something between them: `0d0a`, `0d 0a`, `0d:0a`, `0x0d,
 * 0x0a`; of an array in C what is in its braces. Returns 0, or which character (the first is 1)
 * belongs to no pair; the block then holds what came before. */
size_t ropp_digits_read(const char *text, size_t length, struct ropp_block *block);

/* A string as C, a shell's $'...', Python and HAProxy's log write it: letters mean themselves,
 * \r \n \t \0 \x0d \015 \\ \" for one byte. Quotes around it, one string after the other and the
 * ends of lines do not count. False when there is no escape in it, or one that is none of these. */
bool ropp_escapes_read(const char *text, size_t length, struct ropp_block *block);

#endif
