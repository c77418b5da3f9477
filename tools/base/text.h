// SPDX-License-Identifier: MIT
/* Small things about text that several parts need. */
#ifndef ROPP_TOOLS_BASE_TEXT_H
#define ROPP_TOOLS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A list of NUL-terminated texts. A zeroed one is empty. */
struct ropp_texts {
    char **items;
    size_t count;
};

/* Adds a copy of `size` bytes. */
void ropp_texts_add(struct ropp_texts *texts, const char *text, size_t size);

/* Adds a text that is the list's from now on. */
void ropp_texts_take(struct ropp_texts *texts, char *text);
void ropp_texts_free(struct ropp_texts *texts);

/* Adds a text that is kept (keep.h) to a list that is kept: nothing of it is freed. */
void ropp_texts_keep(struct ropp_texts *texts, char *text);

/* Whether a text is in a list. */
bool ropp_texts_have(const struct ropp_texts *texts, const char *text);

/* One line of a text. `size` is without the line end, `whole` with it. */
struct ropp_line {
    const char *start;
    size_t size, whole;
};

/* The line that begins at text[at], up to text[size). */
struct ropp_line ropp_line_at(const char *text, size_t at, size_t size);

/* Whether a byte can be in an identifier. */
bool ropp_is_word_char(char c);

/* The line, from 1, that holds the byte at an offset. */
size_t ropp_line_of(const char *text, size_t offset);

#endif
