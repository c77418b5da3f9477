// SPDX-License-Identifier: MIT
/* Reads a file of cases, tests/unit/NAME: behind a line `=== TITLE` an input, up to a line `---`, and
 * then what has to come of it, up to the next case. Lines in front of the first case are comments.
 * With RENEW in the environment the file gets what comes of it now: look at the difference.
 * Included after unit.h; ROPP_SOURCE is the folder of the sources. */
#ifndef ROPP_UNIT_CASES_H
#define ROPP_UNIT_CASES_H

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/buffer.h"

/* Writes what comes of an input. */
typedef void (*cases_answer)(const char *title, const char *text, size_t size,
                             struct ropp_buffer *out);

/* Takes the lines up to the next one that begins with `mark` off a text, and that one too. */
static inline struct ropp_buffer cases_take(const char **at, const char *mark)
{
    struct ropp_buffer part = {0};

    ropp_buffer_add(&part, "", 0);
    while (**at && strncmp(*at, mark, strlen(mark)) != 0) {
        size_t length = strcspn(*at, "\n") + 1;

        ropp_buffer_add(&part, *at, length);
        *at += length;
    }
    return part;
}

/* A text as it is meant: `@n`, `@r`, `@t`, `@f`, `@v` and `@0` for the characters that C writes with a
 * backslash, and `@.` in front of a line break that is none. In memory of exactly its size. */
static inline char *cases_decode(const char *text, size_t *size)
{
    static const char names[] = "nrtfv0.", values[] = "\n\r\t\f\v\0";
    char *result = ropp_alloc(*size + 1, 1);
    size_t used = 0, i;

    for (i = 0; i < *size; i++) {
        const char *name = text[i] == '@' ? strchr(names, text[++i]) : NULL;

        if (name && *name == '.')
            i++;
        else
            result[used++] = name ? values[name - names] : text[i];
    }
    *size = used;
    return realloc(result, used ? used : 1);
}

/* Writes a file, and makes the folders that it is in. */
static inline void cases_put(const char *path, const char *text, size_t size)
{
    char *copy = ropp_copy_text(path, strlen(path)), *slash;
    FILE *file;

    for (slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(copy, 0777);
        *slash = '/';
    }
    file = fopen(path, "w");
    if (file == NULL || fwrite(text, 1, size, file) != size || fclose(file) != 0)
        fail_msg("cannot write: %s", path);
    free(copy);
}

static inline int cases_remove(const char *path, const struct stat *status, int type,
                               struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

/* Makes a folder, or empties it. */
static inline void cases_empty(const char *folder)
{
    (void)nftw(folder, cases_remove, 16, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(folder, 0777), 0);
}

/* One case more, at `*at`: asks, and adds the case to `renewed` with what has come of it. False,
 * and all of it shown, when that is not as it should be. */
static inline bool cases_ask(const char *name, const char **at, cases_answer answer,
                             struct ropp_buffer *renewed)
{
    struct ropp_buffer title = {0}, input, wanted, out = {0};
    bool same;

    ropp_buffer_add(&title, *at + 4, strcspn(*at + 4, "\n"));
    *at += 4 + title.size + 1;
    input = cases_take(at, "---\n");
    assert_true(**at != '\0');
    *at += 4;
    wanted = cases_take(at, "=== ");
    ropp_buffer_add(&out, "", 0);
    answer(title.data, input.data, input.size, &out);
    same = strcmp(out.data, wanted.data) == 0;
    if (!same)
        fprintf(stderr, "%s: %s: not\n%sbut\n%s", name, title.data, wanted.data, out.data);
    ropp_buffer_format(renewed, "=== %s\n%s---\n%s", title.data, input.data, out.data);
    ropp_buffer_free(&title);
    ropp_buffer_free(&input);
    ropp_buffer_free(&wanted);
    ropp_buffer_free(&out);
    return same;
}

/* Asks for each case, compares, and shows all that are not as they should be. */
static inline void cases_run(const char *name, cases_answer answer)
{
    struct ropp_buffer file = {0}, renewed;
    char *path = ropp_format("%s/tests/unit/%s", ROPP_SOURCE, name);
    FILE *in = fopen(path, "r");
    size_t wrong = 0, count = 0;
    const char *at;

    if (in == NULL || !ropp_buffer_read(&file, in, 1 << 24))
        fail_msg("cannot read: %s", path);
    fclose(in);
    at = file.data;
    renewed = cases_take(&at, "=== ");
    for (; *at; count++)
        wrong += !cases_ask(name, &at, answer, &renewed);
    if (getenv("RENEW"))
        cases_put(path, renewed.data, renewed.size);
    else
        assert_int_equal(wrong, 0);
    assert_true(count > 0);
    ropp_buffer_free(&renewed);
    ropp_buffer_free(&file);
    free(path);
}

#endif
