// SPDX-License-Identifier: MIT
#include "tools/base/decimal.h"

#include <string.h>

size_t ropp_decimal_begin(const char *text, size_t size, uint64_t most, uint64_t *out)
{
    uint64_t number = 0, digit;
    size_t i;

    for (i = 0; i < size && text[i] >= '0' && text[i] <= '9'; i++) {
        digit = (uint64_t)(text[i] - '0');
        if (digit > most || number > (most - digit) / 10)
            return 0;
        number = number * 10 + digit;
    }
    if (i > 0)
        *out = number;
    return i;
}

bool ropp_decimal_read(const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    size_t size = strlen(text), length;
    uint64_t number;

    length = ropp_decimal_begin(text, size, most, &number);
    if (length == 0 || length < size || number < least)
        return false;
    *out = number;
    return true;
}
