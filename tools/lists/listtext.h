// SPDX-License-Identifier: MIT
/* Pieces of a line of an address list: words, fields, and the tokens that programs write. A blank is
 * a space, a tabulator or a carriage return. */
#ifndef ROPP_TOOLS_LISTS_LISTTEXT_H
#define ROPP_TOOLS_LISTS_LISTTEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of text that does not end with a NUL. */
struct ropp_list_text {
    const char *at;
    size_t size;
};

struct ropp_list_text ropp_list_piece(const char *at, size_t size);

/* Without the blanks around it. */
struct ropp_list_text ropp_list_trimmed(struct ropp_list_text text);

bool ropp_list_has(struct ropp_list_text text, char c);

/* Whether it is this word, in any case of letters. */
bool ropp_list_is(struct ropp_list_text text, const char *word);

/* Whether it is one of `count` words. */
bool ropp_list_is_one(struct ropp_list_text text, const char *const *words, size_t count);

/* A number of at most nine digits, and nothing else; -1 when it is none. */
long ropp_list_number(struct ropp_list_text text);

/* Takes what is before the separator off, without the blanks around it; the rest is behind it. */
struct ropp_list_text ropp_list_field(struct ropp_list_text *rest, char separator);

/* Takes the first word off; the rest is without the blanks around it. Empty at the end. */
struct ropp_list_text ropp_list_word(struct ropp_list_text *rest);

/* Takes the first token off: one of {},;= alone, what is in double quotes with them, or anything up
 * to a blank or one of these. Empty at the end and at a comment, which begins with #. */
struct ropp_list_text ropp_list_token(struct ropp_list_text *rest);

#endif
