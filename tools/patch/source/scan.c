// SPDX-License-Identifier: MIT
#include "tools/patch/source/scan.h"

#include <ctype.h>
#include <string.h>

#include "tools/base/text.h"

size_t ropp_scan_space(const char *code, size_t at, size_t to)
{
    while (at < to && isspace((unsigned char)code[at]))
        at++;
    return at;
}

size_t ropp_scan_space_back(const char *code, size_t at)
{
    while (at > 0 && isspace((unsigned char)code[at - 1]))
        at--;
    return at;
}

size_t ropp_scan_word(const char *code, size_t at, size_t to)
{
    while (at < to && ropp_is_word_char(code[at]))
        at++;
    return at;
}

size_t ropp_scan_word_back(const char *code, size_t at)
{
    while (at > 0 && ropp_is_word_char(code[at - 1]))
        at--;
    return at;
}

bool ropp_scan_is_one_of(const char *code, size_t start, size_t end, const char *const *words)
{
    for (; *words; words++)
        if (strlen(*words) == end - start && memcmp(code + start, *words, end - start) == 0)
            return true;
    return false;
}

size_t ropp_scan_bracket(const char *code, size_t at, size_t to)
{
    size_t depth = 0;

    for (; at < to; at++) {
        char c = code[at];

        if (c == '(' || c == '[' || c == '{')
            depth++;
        else if ((c == ')' || c == ']' || c == '}') && --depth == 0)
            return at + 1;
    }
    return 0;
}
