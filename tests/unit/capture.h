// SPDX-License-Identifier: MIT
/* What is written to standard output or standard error meanwhile, by whomever. */
#ifndef ROPP_UNIT_CAPTURE_H
#define ROPP_UNIT_CAPTURE_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

struct capture {
    int fd, kept;
    FILE *file;
    char text[32768];
};

static inline void capture_begin(struct capture *capture, int fd)
{
    fflush(stdout);
    capture->fd = fd;
    capture->file = tmpfile();
    capture->kept = dup(fd);
    assert_non_null(capture->file);
    assert_true(capture->kept >= 0 && dup2(fileno(capture->file), fd) >= 0);
}

/* Returns it, until the next one begins. */
static inline const char *capture_end(struct capture *capture)
{
    size_t size;

    fflush(stdout);
    assert_true(dup2(capture->kept, capture->fd) >= 0);
    close(capture->kept);
    rewind(capture->file);
    size = fread(capture->text, 1, sizeof capture->text - 1, capture->file);
    capture->text[size] = '\0';
    fclose(capture->file);
    return capture->text;
}

/* Long texts, of which cmocka would show the beginning. */
static inline void assert_text(const char *is, const char *wanted)
{
    if (strcmp(is, wanted) == 0)
        return;
    fprintf(stderr, "--- \"%s\" != \"%s\"\n---\n", is, wanted);
    fail();
}

#endif
