// SPDX-License-Identifier: MIT
/* What every command of the `ropp` program shares: how it speaks and how it ends. */
#ifndef ROPP_TOOLS_BASE_CLI_H
#define ROPP_TOOLS_BASE_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Exit statuses, the same for every command. */
enum ropp_exit {
    ROPP_EXIT_DONE = 0,
    ROPP_EXIT_REFUSED = 1, /* refused, invalid or not found */
    ROPP_EXIT_USAGE = 2,   /* wrong usage, or the environment does not allow it */
};

#if defined(__GNUC__)
#    define ROPP_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#    define ROPP_PRINTF(text, first)
#endif

/* Prints "ropp: MESSAGE" and a newline to standard error. A message reads
 * "what is wrong: where: what to do"; control characters in it become '?'. Returns false; ropp_fail
 * returns the exit status. */
bool ropp_error(const char *format, ...) ROPP_PRINTF(1, 2);
int ropp_fail(int status, const char *format, ...) ROPP_PRINTF(2, 3);

/* From now on messages go into text[0..size), without "ropp: " and a later one over an earlier one,
 * until it is called with NULL: for who tries the same again and again, and prints what is new. */
void ropp_errors_into(char *text, size_t size);

/* Remembers how the program was called, for ropp_print_self. Once, at the beginning; argv0 is kept.
 */
void ropp_called_as(const char *argv0);

/* Prints the program's name so that a line that begins with it can be pasted where it was called:
 * "ropp" when it is found by its name, else the path. */
void ropp_print_self(FILE *out);

/* Prints a word as a shell takes it: as it is, or in quotes where it has to be. Control bytes are
 * left out. */
void ropp_print_word(FILE *out, const char *word);

/* Flushes standard output. Returns `status`, or ROPP_EXIT_USAGE with a message when what was
 * printed could not be written (a full disk, a closed pipe). */
int ropp_finish(int status);

#endif
