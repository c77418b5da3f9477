// SPDX-License-Identifier: MIT
#include "tools/base/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/utf8.h"

static char *kept; /* where messages go instead, or NULL */
static size_t kept_size;

void ropp_errors_into(char *text, size_t size)
{
    kept = text;
    kept_size = size;
}

/* The message in memory, to be freed; NULL when there is none left. */
static char *message_of(const char *format, va_list args)
{
    char *text;
    va_list again;
    int length;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    text = length >= 0 ? malloc((size_t)length + 1) : NULL;
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

/* Much of what it names was written by others: a database, a proxy, a file. */
static void print_error(const char *format, va_list args)
{
    char *text;

    if (kept != NULL) {
        vsnprintf(kept, kept_size, format, args);
        return;
    }
    /* What was printed before comes before the message, also when both go to one terminal. */
    fflush(stdout);
    text = message_of(format, args);
    if (text != NULL)
        ropp_make_safe(text, "\n\t"); /* a message may have lines of its own */
    fprintf(stderr, "ropp: %s\n", text != NULL ? text : format);
    free(text);
}

bool ropp_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_error(format, args);
    va_end(args);
    return false;
}

int ropp_fail(int status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_error(format, args);
    va_end(args);
    return status;
}

static const char *called_as = "ropp";

void ropp_called_as(const char *argv0)
{
    if (argv0 != NULL && strchr(argv0, '/') != NULL)
        called_as = argv0;
}

void ropp_print_self(FILE *out)
{
    ropp_print_word(out, called_as);
}

void ropp_print_word(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "._-/:@%+,=";

    if (*word != '\0' && word[strspn(word, plain)] == '\0') {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else if ((unsigned char)*word >= 0x20 && *word != 0x7f)
            fputc(*word, out);
    }
    fputc('\'', out);
}

int ropp_finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    return ropp_fail(ROPP_EXIT_USAGE, "cannot write: standard output: %s", strerror(errno));
}
