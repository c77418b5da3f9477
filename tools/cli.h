/* What every command of the `ropp` program shares: how it speaks and how it ends. */
#ifndef ROPP_TOOLS_CLI_H
#define ROPP_TOOLS_CLI_H

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
 * "what is wrong: where: what to do". */
void ropp_error(const char *format, ...) ROPP_PRINTF(1, 2);

/* Prints text as the inside of a JSON string: quotes, backslashes, control characters and bytes
 * that are not valid UTF-8 are escaped. The surrounding quotes are the caller's. */
void ropp_json_text(FILE *out, const char *text, size_t length);

/* Flushes standard output. Returns `status`, or ROPP_EXIT_USAGE with a message when what was
 * printed could not be written (a full disk, a closed pipe). */
int ropp_finish(int status);

#endif
