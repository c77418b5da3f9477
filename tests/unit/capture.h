// SPDX-License-Identifier: MIT
/* What is written to standard output or standard error meanwhile, by whomever: kept, and not shown. */
#ifndef ROPP_UNIT_CAPTURE_H
#define ROPP_UNIT_CAPTURE_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

struct capture {
    FILE *stream; /* stdout or stderr */
    FILE *file;   /* where it goes for now */
    int kept;     /* where it went before */
    char text[32768];
};

/* From here on; nothing may be asserted before capture_end. */
static inline void capture_begin(struct capture *capture, FILE *stream)
{
    fflush(stdout);
    fflush(stream);
    capture->stream = stream;
    capture->file = tmpfile();
    capture->kept = dup(fileno(stream));
    assert_non_null(capture->file);
    assert_true(capture->kept >= 0);
    assert_true(dup2(fileno(capture->file), fileno(stream)) >= 0);
}

/* Up to here. Returns it, until the next one begins. */
static inline const char *capture_end(struct capture *capture)
{
    size_t size;

    fflush(stdout);
    fflush(capture->stream);
    assert_true(dup2(capture->kept, fileno(capture->stream)) >= 0);
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
