// SPDX-License-Identifier: MIT
#include "tools/base/utf8.h"

#include <stdbool.h>
#include <string.h>

size_t ropp_utf8_length(const char *start, size_t left)
{
    const unsigned char *text = (const unsigned char *)start;
    size_t need;

    if (text[0] < 0x80)
        return 1;
    if (text[0] >= 0xc2 && text[0] <= 0xdf)
        need = 2;
    else if (text[0] >= 0xe0 && text[0] <= 0xef)
        need = 3;
    else if (text[0] >= 0xf0 && text[0] <= 0xf4)
        need = 4;
    else
        return 0;
    if (left < need)
        return 0;
    for (size_t i = 1; i < need; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    /* Overlong forms, surrogates and what is above U+10FFFF. */
    if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
        (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
        return 0;
    return need;
}

/* U+0000 to U+001F, U+007F, and U+0080 to U+009F as UTF-8 has them (0xc2 0x80 to 0xc2 0x9f) or as the
 * one byte that some terminals take. `length` is that of a UTF-8 sequence, 0 when it is none. */
static bool is_control(const char *text, size_t length)
{
    const unsigned char *byte = (const unsigned char *)text;

    if (length == 0)
        return byte[0] >= 0x80 && byte[0] <= 0x9f;
    return byte[0] < 0x20 || byte[0] == 0x7f || (byte[0] == 0xc2 && byte[1] <= 0x9f);
}

void ropp_make_safe(char *text, const char *allowed)
{
    char *to = text;

    for (size_t left = strlen(text), step; left > 0; left -= step, text += step) {
        size_t length = ropp_utf8_length(text, left);

        step = length ? length : 1;
        if (is_control(text, length) && strchr(allowed, *text) == NULL) {
            *to++ = '?';
        } else {
            memmove(to, text, step);
            to += step;
        }
    }
    *to = '\0';
}
