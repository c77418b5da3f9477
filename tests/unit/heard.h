// SPDX-License-Identifier: MIT
/* What a test's program prints to standard output or to standard error, kept and not shown. */
#ifndef ROPP_TESTS_HEARD_H
#define ROPP_TESTS_HEARD_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

struct heard {
    FILE *stream; /* stdout or stderr */
    FILE *file;   /* where it goes for now */
    int kept;     /* where it went before */
    char text[32768];
};

/* From here on; nothing may be asserted before hear_end. */
static inline void hear(struct heard *heard, FILE *stream)
{
    heard->stream = stream;
    heard->file = tmpfile();
    assert_non_null(heard->file);
    fflush(stream);
    heard->kept = dup(fileno(stream));
    assert_true(heard->kept >= 0);
    assert_true(dup2(fileno(heard->file), fileno(stream)) >= 0);
}

/* Up to here. The text is as long as there is no other. */
static inline const char *hear_end(struct heard *heard)
{
    size_t size;

    fflush(heard->stream);
    (void)dup2(heard->kept, fileno(heard->stream));
    (void)close(heard->kept);
    rewind(heard->file);
    size = fread(heard->text, 1, sizeof heard->text - 1, heard->file);
    heard->text[size] = '\0';
    fclose(heard->file);
    return heard->text;
}

/* Does something in a program of its own. Returns the exit status, -1 when it has none. */
static inline int status_of(void (*does)(void))
{
    int status = -1;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        does();
        _exit(99);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

#endif
