// SPDX-License-Identifier: MIT
#include "tools/hop/stat.h"

#include <string.h>

/* Takes the next cell of a line off; those with commas or quotes in them are quoted. */
static bool next_cell(const char **at, struct ropp_buffer *cell)
{
    bool quoted = false;

    cell->size = 0;
    ropp_buffer_text(cell, "");
    if (**at == '\0' || **at == '\n')
        return false;
    for (; **at != '\0' && **at != '\n' && (quoted || **at != ','); ++*at) {
        if (**at != '"')
            ropp_buffer_add(cell, *at, 1);
        else if (quoted && (*at)[1] == '"')
            ropp_buffer_add(cell, (*at)++, 1);
        else
            quoted = !quoted;
    }
    *at += **at == ',';
    return true;
}

static const char *next_line(const char *at)
{
    at = strchr(at, '\n');
    return at ? at + 1 : "";
}

static bool cell_is(const char **at, struct ropp_buffer *cell, const char *text)
{
    return next_cell(at, cell) && cell->size == strlen(text) &&
           (cell->size == 0 || memcmp(cell->data, text, cell->size) == 0);
}

static bool column_of(const char *heading, const char *column, size_t *index,
                      struct ropp_buffer *cell)
{
    heading += strspn(heading, "# ");
    for (*index = 0; *heading != '\0' && *heading != '\n'; ++*index)
        if (cell_is(&heading, cell, column))
            return true;
    return false;
}

bool ropp_stat_find(const char *stat, const char *proxy, const char *server, const char *column,
                    struct ropp_buffer *out)
{
    size_t index;

    if (!column_of(stat, column, &index, out))
        return false;
    for (stat = next_line(stat); *stat != '\0'; stat = next_line(stat)) {
        const char *at = stat;

        if (!cell_is(&at, out, proxy) || !cell_is(&at, out, server))
            continue;
        at = stat;
        for (size_t i = 0; i < index; i++)
            if (!next_cell(&at, out))
                return false;
        return next_cell(&at, out);
    }
    return false;
}
