// SPDX-License-Identifier: MIT
#include "tools/decode/digits.h"

#include <string.h>

int ropp_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* ---- hex digits ---- */

static bool is_between(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c != '\0' && strchr(",:;-", c) != NULL);
}

/* `0x` before a byte. */
static bool is_prefix(const char *text, size_t length)
{
    return length > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
           ropp_digit(text[2]) >= 0;
}

/* What is inside the first pair of braces, if there are any. */
static const char *inside_braces(const char *text, size_t *length)
{
    const char *open = memchr(text, '{', *length), *close;

    if (open == NULL)
        return text;
    close = memchr(open, '}', *length - (size_t)(open - text));
    if (close == NULL)
        return text;
    *length = (size_t)(close - open) - 1;
    return open + 1;
}

size_t ropp_digits_read(const char *text, size_t length, struct ropp_block *block)
{
    const char *begin = text, *at, *end;
    bool alone; /* behind 0x a byte may have one digit */

    text = inside_braces(text, &length);
    end = text + length;
    for (at = text; at < end;) {
        if (is_between(*at)) {
            at++;
            continue;
        }
        alone = is_prefix(at, (size_t)(end - at));
        if (alone)
            at += 2;
        if (ropp_digit(*at) < 0)
            return (size_t)(at - begin) + 1;
        if (at + 1 < end && ropp_digit(at[1]) >= 0) {
            ropp_block_put(block, (uint8_t)(ropp_digit(at[0]) * 16 + ropp_digit(at[1])));
            at += 2;
        } else if (alone && (at + 1 == end || is_between(at[1]))) {
            ropp_block_put(block, (uint8_t)ropp_digit(*at++));
        } else {
            return (size_t)(at - begin) + 2;
        }
    }
    return 0;
}

/* ---- escapes ---- */

/* Reads up to `most` digits of a base at *at, at least one. */
static bool read_number(const char **at, const char *end, int base, int most, uint8_t *byte)
{
    int value = 0, used = 0, digit;

    while (used < most && *at < end) {
        digit = ropp_digit(**at);
        if (digit < 0 || digit >= base || value * base + digit > 255)
            break;
        value = value * base + digit;
        used++;
        ++*at;
    }
    *byte = (uint8_t)value;
    return used > 0;
}

/* Behind a backslash. */
static bool read_escape(const char **at, const char *end, uint8_t *byte)
{
    static const char letters[] = "rntvfabe\\\"'?", values[] = "\r\n\t\v\f\a\b\x1b\\\"'?";
    const char *letter;

    if (*at == end)
        return false;
    if (**at == 'x') {
        ++*at;
        return read_number(at, end, 16, 2, byte);
    }
    if (**at >= '0' && **at <= '7')
        return read_number(at, end, 8, 3, byte);
    letter = **at == '\0' ? NULL : strchr(letters, **at);
    if (letter == NULL)
        return false;
    *byte = (uint8_t)values[letter - letters];
    ++*at;
    return true;
}

/* The quote that a string begins with, behind b (Python), $ (a shell) or nothing; 0 when there is
 * none. *at moves behind it. */
static char read_quote(const char **at, const char *end)
{
    const char *quote = *at;

    if (quote < end && (*quote == 'b' || *quote == '$'))
        quote++;
    if (quote == end || (*quote != '"' && *quote != '\''))
        return '\0';
    *at = quote + 1;
    return *quote;
}

/* What may be between two strings, or behind the last one. */
static void skip_between(const char **at, const char *end)
{
    while (*at < end &&
           (**at == ' ' || **at == '\t' || **at == ';' || **at == '\\' || is_line_end(**at)))
        ++*at;
}

/* One string up to its quote, or all of the text where there is none. */
static bool read_string(const char **at, const char *end, char quote, struct ropp_block *block,
                        size_t *escapes)
{
    uint8_t byte;

    while (*at < end && (quote == '\0' || **at != quote)) {
        byte = (uint8_t) * *at;
        ++*at;
        if (is_line_end((char)byte))
            continue;
        if (byte == '\\') {
            if (*at < end && is_line_end(**at))
                continue;
            if (!read_escape(at, end, &byte))
                return false;
            ++*escapes;
        }
        ropp_block_put(block, byte);
    }
    if (quote == '\0')
        return true;
    if (*at == end)
        return false;
    ++*at;
    return true;
}

bool ropp_escapes_read(const char *text, size_t length, struct ropp_block *block)
{
    const char *at = text, *end = text + length;
    size_t escapes = 0;
    char quote;

    while (at < end && (*at == ' ' || *at == '\t' || is_line_end(*at)))
        at++;
    quote = read_quote(&at, end);
    while (at < end) {
        if (!read_string(&at, end, quote, block, &escapes))
            return false;
        if (quote == '\0')
            break;
        skip_between(&at, end);
        if (at < end && read_quote(&at, end) == '\0')
            return false;
    }
    return escapes > 0;
}
