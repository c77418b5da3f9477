// SPDX-License-Identifier: MIT
/* Reads tests/corpus/headers.tsv. Included after unit.h; ROPP_SOURCE is the folder of the sources. */
#ifndef ROPP_UNIT_CORPUS_H
#define ROPP_UNIT_CORPUS_H

#include <stdio.h>
#include <string.h>

#include "tests/unit/hex.h"

enum { CORPUS_LINE = 8192, CORPUS_COLUMNS = 5 };

struct corpus_case {
    char *name, *verdict, *source, *why;
    uint8_t bytes[CORPUS_LINE / 2];
    size_t length;
};

/* False for a comment. */
static inline bool corpus_read(char *line, struct corpus_case *c)
{
    char *columns[CORPUS_COLUMNS], *at = line;
    size_t i;

    if (line[0] == '#')
        return false;
    line[strcspn(line, "\n")] = '\0';
    for (i = 0; i < CORPUS_COLUMNS; i++) {
        assert_non_null(at);
        columns[i] = at;
        at = strchr(at, '\t');
        if (at != NULL)
            *at++ = '\0';
    }
    assert_null(at);
    c->name = columns[0];
    c->verdict = columns[1];
    c->source = columns[2];
    c->why = columns[4];
    assert_true(strlen(columns[3]) % 2 == 0 && c->why[0] != '\0');
    c->length = from_hex(columns[3], c->bytes);
    return true;
}

/* Gives each header to `use`, in a struct and texts that are the next one's afterwards. Returns how
 * many there were. */
static inline size_t corpus_each(void (*use)(const struct corpus_case *c))
{
    static const char path[] = ROPP_SOURCE "/tests/corpus/headers.tsv";
    static struct corpus_case c;
    static char line[CORPUS_LINE];
    size_t count = 0;
    FILE *file;

    file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot read: %s", path);
    while (fgets(line, sizeof line, file) != NULL) {
        assert_non_null(strchr(line, '\n'));
        if (!corpus_read(line, &c))
            continue;
        use(&c);
        count++;
    }
    fclose(file);
    return count;
}

#endif
