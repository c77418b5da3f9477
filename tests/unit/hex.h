// SPDX-License-Identifier: MIT
/* Bytes of a test, written as hex digits: blanks between them do not count. */
#ifndef ROPP_TESTS_HEX_H
#define ROPP_TESTS_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

static inline size_t from_hex(const char *text, uint8_t *out)
{
    char pair[3] = "";
    size_t length = 0;

    while (*text != '\0') {
        if (*text == ' ' || *text == '\n') {
            text++;
            continue;
        }
        pair[0] = text[0];
        pair[1] = text[1];
        out[length++] = (uint8_t)strtoul(pair, NULL, 16);
        text += 2;
    }
    return length;
}

#endif
