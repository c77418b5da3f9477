// SPDX-License-Identifier: MIT
/* The options of a command, as tables, and the words between them. */
#ifndef ROPP_TOOLS_BASE_OPTIONS_H
#define ROPP_TOOLS_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum ropp_option_kind {
    ROPP_OPTION_HEADING, /* none: a line above those that follow, for the help */
    ROPP_OPTION_FLAG,    /* a bool */
    ROPP_OPTION_TEXT,    /* a const char * */
    ROPP_OPTION_NUMBER,  /* an unsigned long */
    ROPP_OPTION_CALL,    /* for a function of the command's */
};

/* One option: a flag, or with a value (`--name VALUE` or `--name=VALUE`). A table of them ends with
 * a row without help. */
struct ropp_option {
    const char *help;  /* one sentence, broken into lines by ropp_options_help */
    const char *name;  /* "--name" */
    const char *value; /* what the help calls it: "FILE", or "a|b" for the values there are; NULL: a
                          flag; "[N]": a flag that may have a value, behind '=' alone */
    enum ropp_option_kind kind;
    size_t at; /* offset in the command's request */
    unsigned long least, most;
    bool (*take)(void *request, const char *name, const char *value); /* false with a message; value
                                                                         is NULL for a flag */
};

#define ROPP_OPTION(...)                                                                           \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define ROPP_HEADING(help) ROPP_OPTION(help, NULL, NULL, ROPP_OPTION_HEADING, 0, 0, 0, NULL)
#define ROPP_FLAG(type, member, name, help)                                                        \
    ROPP_OPTION(help, name, NULL, ROPP_OPTION_FLAG, offsetof(type, member), 0, 0, NULL)
#define ROPP_TEXT(type, member, name, value, help)                                                 \
    ROPP_OPTION(help, name, value, ROPP_OPTION_TEXT, offsetof(type, member), 0, 0, NULL)
#define ROPP_NUMBER(type, member, name, value, least, most, help)                                  \
    ROPP_OPTION(help, name, value, ROPP_OPTION_NUMBER, offsetof(type, member), least, most, NULL)
#define ROPP_CALL(take, name, value, help)                                                         \
    ROPP_OPTION(help, name, value, ROPP_OPTION_CALL, 0, 0, 0, take)
#define ROPP_OPTIONS_END ROPP_HEADING(NULL)

enum { ROPP_OPTION_TABLES = 2, ROPP_WORDS_MAX = 4 };

/* The tables of a command: its own and one that it shares with others; either may be NULL. */
struct ropp_options {
    const struct ropp_option *tables[ROPP_OPTION_TABLES];
};

struct ropp_words {
    const char *items[ROPP_WORDS_MAX];
    size_t count;
};

/* What a message says about words. */
struct ropp_words_rule {
    size_t most;
    const char *too_many; /* "more than one file"; NULL: "one word too many" */
    const char *instead;  /* what to do; NULL: to see the help */
    const char *missing;  /* "no prefix", when there is none; NULL: there need not be any */
};

/* Reads argv[1..argc) into *request: options in any order, at most rule->most words, and only words
 * after "--". False with a message when there is anything else. `command` is the command's name for
 * messages, such as "ban add". */
bool ropp_options_read(int argc, char **argv, const char *command,
                       const struct ropp_options *options, const struct ropp_words_rule *rule,
                       void *request, struct ropp_words *words);

/* Whether --help or -h is among the options. */
bool ropp_options_wants_help(int argc, char **argv);

/* Prints every table for people, at most ROPP_HELP_COLUMNS wide. */
void ropp_options_help(FILE *out, const struct ropp_options *options);

/* Prints the options of a table that a request has, as a shell takes them, a blank before each. */
void ropp_options_print(FILE *out, const struct ropp_option *table, const void *request);

/* Calls offer(context, name) for each option, in the order of the tables. */
void ropp_options_each(const struct ropp_options *options,
                       void (*offer)(void *context, const char *name), void *context);

/* The option of this name (of `--name=VALUE` too), or NULL. */
const struct ropp_option *ropp_options_find(const struct ropp_options *options, const char *word);

/* Reads a plain decimal number from `least` to `most`. False with a message that names the option.
 */
bool ropp_options_number(const char *name, const char *text, unsigned long least,
                         unsigned long most, unsigned long *out);

#endif
