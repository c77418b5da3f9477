// SPDX-License-Identifier: MIT
/* Whole numbers as people write them: digits and nothing else. */
#ifndef ROPP_TOOLS_BASE_DECIMAL_H
#define ROPP_TOOLS_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the digits that text[0..size) begins with. Returns how many bytes they are: 0 when there is
 * none, or when the number is above `most`. */
size_t ropp_decimal_begin(const char *text, size_t size, uint64_t most, uint64_t *out);

/* Reads a text that is one number from `least` to `most`. */
bool ropp_decimal_read(const char *text, uint64_t least, uint64_t most, uint64_t *out);

#endif
