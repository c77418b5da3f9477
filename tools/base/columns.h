// SPDX-License-Identifier: MIT
/* A table for people: columns as wide as their widest cell, two spaces apart. */
#ifndef ROPP_TOOLS_BASE_COLUMNS_H
#define ROPP_TOOLS_BASE_COLUMNS_H

#include <stddef.h>
#include <stdio.h>

#include "tools/base/cli.h"

enum { ROPP_COLUMNS_MAX = 20 };

/* One character a column: 'l' left, 'r' right. The struct is initialised with it and nothing else.
 */
struct ropp_columns {
    const char *sides;
    char **cells; /* row after row */
    size_t count;
};

/* Adds the next cell. What a terminal would act on (control characters) becomes '?'. */
void ropp_columns_cell(struct ropp_columns *columns, const char *text);
void ropp_columns_format(struct ropp_columns *columns, const char *format, ...) ROPP_PRINTF(2, 3);

/* Prints what was added and forgets it. On a terminal that is too narrow for the table, its columns
 * follow in several tables, each of which begins with the first `keys` columns. */
void ropp_columns_print(struct ropp_columns *columns, size_t keys, FILE *out);

/* The same for a terminal of so many columns; 0: there is none. */
void ropp_columns_print_within(struct ropp_columns *columns, size_t keys, size_t room, FILE *out);

/* Prints a text with control characters as '?'. */
void ropp_print_safe(FILE *out, const char *text);

/* The same as a text, freed by the caller. */
char *ropp_safe_copy(const char *text);

#endif
