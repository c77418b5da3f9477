// SPDX-License-Identifier: MIT
#include "tools/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/keep.h"

void ropp_texts_take(struct ropp_texts *texts, char *text)
{
    texts->items = ropp_grow(texts->items, texts->count, sizeof *texts->items);
    texts->items[texts->count++] = text;
}

void ropp_texts_add(struct ropp_texts *texts, const char *text, size_t size)
{
    ropp_texts_take(texts, ropp_copy_text(text, size));
}

void ropp_texts_free(struct ropp_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    free(texts->items);
    memset(texts, 0, sizeof *texts);
}

void ropp_texts_keep(struct ropp_texts *texts, char *text)
{
    texts->items = ropp_keep_grow(texts->items, texts->count, sizeof *texts->items);
    texts->items[texts->count++] = text;
}

bool ropp_texts_have(const struct ropp_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], text) == 0)
            return true;
    return false;
}

struct ropp_line ropp_line_at(const char *text, size_t at, size_t size)
{
    struct ropp_line line = {text + at, 0, 0};
    const char *end = memchr(text + at, '\n', size - at);

    line.size = end ? (size_t)(end - line.start) : size - at;
    line.whole = line.size + (end ? 1 : 0);
    if (line.size && line.start[line.size - 1] == '\r')
        line.size--;
    return line;
}

bool ropp_is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

size_t ropp_line_of(const char *text, size_t offset)
{
    size_t line = 1;
    const char *at = text, *end = text + offset;

    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        line++;
        at++;
    }
    return line;
}
