// SPDX-License-Identifier: MIT
#include "tools/base/options.h"

#include <string.h>

#include "tools/base/cli.h"
#include "tools/base/decimal.h"
#include "tools/base/help.h"
#include "tools/base/suggest.h"

/* ---- tables ---- */

void ropp_options_each(const struct ropp_options *options,
                       void (*offer)(void *context, const char *name), void *context)
{
    const struct ropp_option *row;
    size_t i;

    for (i = 0; i < ROPP_OPTION_TABLES; i++)
        for (row = options->tables[i]; row != NULL && row->help != NULL; row++)
            if (row->kind != ROPP_OPTION_HEADING)
                offer(context, row->name);
}

const struct ropp_option *ropp_options_find(const struct ropp_options *options, const char *word)
{
    size_t length = strcspn(word, "="), i;
    const struct ropp_option *row;

    for (i = 0; i < ROPP_OPTION_TABLES; i++)
        for (row = options->tables[i]; row != NULL && row->help != NULL; row++)
            if (row->kind != ROPP_OPTION_HEADING && strlen(row->name) == length &&
                memcmp(row->name, word, length) == 0)
                return row;
    return NULL;
}

/* ---- reading ---- */

static void offer_name(void *context, const char *name)
{
    ropp_suggest_offer(context, name);
}

static void no_such_option(const char *word, const char *command,
                           const struct ropp_options *options)
{
    struct ropp_suggestion meant;

    ropp_suggest_begin(&meant, word);
    ropp_options_each(options, offer_name, &meant);
    ropp_error("no such option: %s: %ssee `ropp %s --help`", word, ropp_suggest_text(&meant),
               command);
}

bool ropp_options_number(const char *name, const char *text, unsigned long least,
                         unsigned long most, unsigned long *out)
{
    uint64_t number;

    if (!ropp_decimal_read(text, least, most, &number))
        return ropp_error("no such number: %s %s: write one from %lu to %lu", name, text, least,
                          most);
    *out = (unsigned long)number;
    return true;
}

static bool store(const struct ropp_option *option, void *request, const char *value)
{
    void *at = (char *)request + option->at;

    switch (option->kind) {
    case ROPP_OPTION_FLAG:
        *(bool *)at = true;
        return true;
    case ROPP_OPTION_TEXT:
        *(const char **)at = value;
        return true;
    case ROPP_OPTION_NUMBER:
        return ropp_options_number(option->name, value, option->least, option->most, at);
    case ROPP_OPTION_CALL:
        return option->take(request, option->name, value);
    case ROPP_OPTION_HEADING:
    default:
        return false;
    }
}

/* Takes the option at argv[*i]; *i moves over a value that is a word of its own. */
static bool take_option(int argc, char **argv, int *i, const char *command,
                        const struct ropp_options *options, void *request)
{
    const struct ropp_option *option = ropp_options_find(options, argv[*i]);
    const char *value = strchr(argv[*i], '=');

    if (option == NULL) {
        no_such_option(argv[*i], command, options);
        return false;
    }
    if (value != NULL && option->value == NULL)
        return ropp_error("a value too many: %s: write %s alone", argv[*i], option->name);
    if (value != NULL)
        value++;
    else if (option->value == NULL || option->value[0] == '[')
        return store(option, request, NULL);
    else if (*i + 1 < argc)
        value = argv[++*i];
    if (value == NULL || value[0] == '\0')
        return ropp_error("no value: %s: write '%s VALUE'", option->name, option->name);
    return store(option, request, value);
}

bool ropp_options_read(int argc, char **argv, const char *command,
                       const struct ropp_options *options, const struct ropp_words_rule *rule,
                       void *request, struct ropp_words *words)
{
    bool only_words = false;

    words->count = 0;
    for (int i = 1; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
            if (!take_option(argc, argv, &i, command, options, request))
                return false;
        } else if (words->count < rule->most) {
            words->items[words->count++] = argv[i];
        } else {
            const char *what = rule->too_many != NULL ? rule->too_many : "one word too many";

            return rule->instead != NULL
                       ? ropp_error("%s: '%s': %s", what, argv[i], rule->instead)
                       : ropp_error("%s: '%s': see `ropp %s --help`", what, argv[i], command);
        }
    }
    return true;
}

bool ropp_options_wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

/* ---- printing ---- */

enum { GAP = 3, LEFT = 2, NAME_MOST = 26 };

static size_t name_width(const struct ropp_option *option)
{
    size_t width = strlen(option->name);

    return option->value != NULL ? width + 1 + strlen(option->value) : width;
}

/* The widest name from here to the end of its group, which is the next heading. */
static size_t group_width(const struct ropp_option *row)
{
    size_t widest = 0;

    for (; row->help != NULL && row->kind != ROPP_OPTION_HEADING; row++)
        if (name_width(row) > widest && name_width(row) <= NAME_MOST)
            widest = name_width(row);
    return widest;
}

static void print_option(FILE *out, const struct ropp_option *option, size_t width)
{
    size_t column = LEFT + width + GAP, at = LEFT + name_width(option);

    fprintf(out, "  %s%s%s", option->name, option->value != NULL ? " " : "",
            option->value != NULL ? option->value : "");
    if (at + GAP > column) { /* too wide for the column */
        fputc('\n', out);
        at = 0;
    }
    fprintf(out, "%*s", (int)(column - at), "");
    ropp_help_text(out, option->help, column, column);
}

static void print_table(FILE *out, const struct ropp_option *row)
{
    size_t width = group_width(row);

    if (row->kind != ROPP_OPTION_HEADING)
        fputc('\n', out);
    for (; row->help != NULL; row++) {
        if (row->kind != ROPP_OPTION_HEADING) {
            print_option(out, row, width);
            continue;
        }
        fputc('\n', out);
        ropp_help_text(out, row->help, 0, 0);
        width = group_width(row + 1);
    }
}

void ropp_options_help(FILE *out, const struct ropp_options *options)
{
    size_t i;

    for (i = 0; i < ROPP_OPTION_TABLES; i++)
        if (options->tables[i] != NULL)
            print_table(out, options->tables[i]);
}

void ropp_options_print(FILE *out, const struct ropp_option *table, const void *request)
{
    const struct ropp_option *option;

    for (option = table; option->help != NULL; option++) {
        const void *at = (const char *)request + option->at;

        if (option->kind == ROPP_OPTION_FLAG && *(const bool *)at) {
            fprintf(out, " %s", option->name);
        } else if (option->kind == ROPP_OPTION_TEXT && *(const char *const *)at != NULL) {
            fprintf(out, " %s ", option->name);
            ropp_print_word(out, *(const char *const *)at);
        }
    }
}
