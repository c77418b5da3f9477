// SPDX-License-Identifier: MIT
#include "tools/lists/listtext.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "tools/base/decimal.h"

typedef struct ropp_list_text text_t;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

text_t ropp_list_piece(const char *at, size_t size)
{
    text_t text = {at, size};

    return text;
}

text_t ropp_list_trimmed(text_t text)
{
    while (text.size > 0 && is_blank(text.at[0])) {
        text.at++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.at[text.size - 1]))
        text.size--;
    return text;
}

bool ropp_list_has(text_t text, char c)
{
    return text.size > 0 && memchr(text.at, c, text.size) != NULL;
}

bool ropp_list_is(text_t text, const char *word)
{
    return text.size == strlen(word) && strncasecmp(text.at, word, text.size) == 0;
}

bool ropp_list_is_one(text_t text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ropp_list_is(text, words[i]))
            return true;
    return false;
}

long ropp_list_number(text_t text)
{
    uint64_t number = 0;

    return text.size > 0 && ropp_decimal_begin(text.at, text.size, 999999999, &number) == text.size
               ? (long)number
               : -1;
}

text_t ropp_list_field(text_t *rest, char separator)
{
    const char *end = rest->size > 0 ? (const char *)memchr(rest->at, separator, rest->size) : NULL;
    text_t field = *rest;

    if (end == NULL) {
        *rest = ropp_list_piece(rest->at + rest->size, 0);
        return ropp_list_trimmed(field);
    }
    field.size = (size_t)(end - rest->at);
    *rest = ropp_list_piece(end + 1, rest->size - field.size - 1);
    return ropp_list_trimmed(field);
}

/* Takes the first bytes off what has no blanks around it. */
static text_t take(text_t *rest, text_t text, size_t size)
{
    *rest = ropp_list_trimmed(ropp_list_piece(text.at + size, text.size - size));
    return ropp_list_piece(text.at, size);
}

text_t ropp_list_word(text_t *rest)
{
    text_t word = ropp_list_trimmed(*rest);
    size_t size = 0;

    while (size < word.size && !is_blank(word.at[size]))
        size++;
    return take(rest, word, size);
}

static bool ends_token(char c)
{
    return is_blank(c) || (c != '\0' && strchr("{},;=\"#", c) != NULL);
}

text_t ropp_list_token(text_t *rest)
{
    text_t text = ropp_list_trimmed(*rest);
    size_t size = 1;

    if (text.size == 0 || text.at[0] == '#') {
        *rest = ropp_list_piece(text.at, 0);
        return *rest;
    }
    if (text.at[0] == '"') {
        while (size < text.size && text.at[size] != '"')
            size++;
        return take(rest, text, size < text.size ? size + 1 : size);
    }
    if (!ends_token(text.at[0]))
        while (size < text.size && !ends_token(text.at[size]))
            size++;
    return take(rest, text, size);
}
