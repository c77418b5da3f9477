// SPDX-License-Identifier: MIT
#include "tools/base/columns.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/terminal.h"
#include "tools/base/utf8.h"

char *ropp_safe_copy(const char *text)
{
    char *copy = ropp_copy_text(text, strlen(text));

    ropp_make_safe(copy, "");
    return copy;
}

void ropp_print_safe(FILE *out, const char *text)
{
    char *copy = ropp_safe_copy(text);

    fputs(copy, out);
    free(copy);
}

/* In characters: what follows the first byte of one in UTF-8 does not count. */
static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void ropp_columns_cell(struct ropp_columns *columns, const char *text)
{
    columns->cells = ropp_grow(columns->cells, columns->count, sizeof *columns->cells);
    columns->cells[columns->count++] = ropp_safe_copy(text);
}

void ropp_columns_format(struct ropp_columns *columns, const char *format, ...)
{
    char text[200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ropp_columns_cell(columns, text);
}

/* Some of the columns: the first `keys`, and those from `from` up to `to`. */
struct part {
    size_t keys, from, to;
};

/* No space follows the last cell of a row that has something in it. */
static void print_row(const struct ropp_columns *columns, const struct part *part, char **row,
                      const size_t *widths, FILE *out)
{
    size_t owed = 0;

    for (size_t i = 0; i < part->to; i++) {
        size_t gap = widths[i] - width_of(row[i]);

        if (i >= part->keys && i < part->from)
            continue;
        if (columns->sides[i] == 'r')
            owed += gap;
        if (row[i][0] != '\0') {
            fprintf(out, "%*s%s", (int)owed, "", row[i]);
            owed = 0;
        }
        owed += (columns->sides[i] == 'r' ? 0 : gap) + 2;
    }
    fputc('\n', out);
}

/* How many columns from `from` on fit behind the keys: one at least. */
static size_t part_end(const size_t *widths, size_t wide, size_t keys, size_t from, size_t room)
{
    size_t used = 0, i;

    for (i = 0; i < keys && from > 0; i++)
        used += widths[i] + 2;
    for (i = from; i < wide && (i == from || used + widths[i] <= room); i++)
        used += widths[i] + 2;
    return i;
}

void ropp_columns_print_within(struct ropp_columns *columns, size_t keys, size_t room, FILE *out)
{
    size_t widths[ROPP_COLUMNS_MAX] = {0}, wide = strlen(columns->sides);
    struct part part = {keys, 0, 0};

    for (size_t i = 0; i < columns->count; i++)
        if (width_of(columns->cells[i]) > widths[i % wide])
            widths[i % wide] = width_of(columns->cells[i]);
    for (; part.from < wide; part.from = part.to) {
        part.to = room == 0 ? wide : part_end(widths, wide, keys, part.from, room);
        if (part.from > 0)
            fputc('\n', out);
        for (size_t i = 0; i + wide <= columns->count; i += wide)
            print_row(columns, &part, columns->cells + i, widths, out);
    }
    for (size_t i = 0; i < columns->count; i++)
        free(columns->cells[i]);
    free(columns->cells);
    columns->cells = NULL;
    columns->count = 0;
}

void ropp_columns_print(struct ropp_columns *columns, size_t keys, FILE *out)
{
    ropp_columns_print_within(columns, keys, ropp_terminal_columns(fileno(out)), out);
}
