/* The options of a command, as a table, and the words between them. */
#ifndef ROPP_TOOLS_BASE_OPTIONS_H
#define ROPP_TOOLS_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* One option: with a value (`--name VALUE` or `--name=VALUE`) or a flag; the other pointer is NULL.
 * With both it is a flag that may have a value (`--name` or `--name=VALUE`). */
struct ropp_option {
    const char *name;
    const char **value;
    bool *flag;
};

struct ropp_words {
    const char *items[2];
    size_t count;
};

/* Reads argv[1..argc): options in any order, at most `max` (1 or 2) words, and only words after
 * "--". False with a message when there is anything else. `command` is the command's name for
 * messages, such as "ban add". */
bool ropp_options_read(int argc, char **argv, const char *command,
                       const struct ropp_option *options, size_t count, struct ropp_words *words,
                       size_t max);

/* Whether --help or -h is among the options. */
bool ropp_options_help(int argc, char **argv);

/* Reads a plain decimal number from `min` to `max`. False with a message that names the option. */
bool ropp_options_number(const char *name, const char *text, unsigned long min, unsigned long max,
                         unsigned long *out);

#endif
