#include "tools/base/options.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/cli.h"
#include "tools/base/suggest.h"

/* Whether the word is this option; then *value is what stands behind its '=', or NULL. */
static bool is_option(const char *word, const struct ropp_option *option, const char **value)
{
    size_t length = strlen(option->name);

    if (strncmp(word, option->name, length) != 0)
        return false;
    *value = word[length] == '=' ? word + length + 1 : NULL;
    return word[length] == '=' || word[length] == '\0';
}

static void no_such_option(const char *word, const char *command, const struct ropp_option *options,
                           size_t count)
{
    struct ropp_suggestion meant;
    size_t i;

    ropp_suggest_begin(&meant, word);
    for (i = 0; i < count; i++)
        ropp_suggest_offer(&meant, options[i].name);
    ropp_error("no such option: %s: %ssee `ropp %s --help`", word, ropp_suggest_text(&meant),
               command);
}

/* Takes the option at argv[*i]; *i moves over a value that is a word of its own. */
static bool take_option(int argc, char **argv, int *i, const char *command,
                        const struct ropp_option *options, size_t count)
{
    const struct ropp_option *option;
    const char *value;

    for (option = options; option < options + count; option++) {
        if (!is_option(argv[*i], option, &value))
            continue;
        if (option->flag != NULL)
            *option->flag = true;
        if (option->flag != NULL && value == NULL)
            return true;
        if (option->value == NULL) {
            ropp_error("a value too many: %s: write %s alone", argv[*i], option->name);
            return false;
        }
        if (value == NULL && *i + 1 < argc)
            value = argv[++*i];
        if (value == NULL || *value == '\0') {
            ropp_error("no value: %s: write '%s VALUE'", option->name, option->name);
            return false;
        }
        *option->value = value;
        return true;
    }
    no_such_option(argv[*i], command, options, count);
    return false;
}

bool ropp_options_read(int argc, char **argv, const char *command,
                       const struct ropp_option *options, size_t count, struct ropp_words *words,
                       size_t max)
{
    bool only_words = false;
    int i;

    words->count = 0;
    for (i = 1; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
            if (!take_option(argc, argv, &i, command, options, count))
                return false;
        } else if (words->count < max) {
            words->items[words->count++] = argv[i];
        } else {
            ropp_error("one word too many: '%s': see `ropp %s --help`", argv[i], command);
            return false;
        }
    }
    return true;
}

bool ropp_options_help(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

bool ropp_options_number(const char *name, const char *text, unsigned long min, unsigned long max,
                         unsigned long *out)
{
    unsigned long number = 0;
    const char *at;

    for (at = text; *at >= '0' && *at <= '9' && number <= max; at++)
        number = number * 10 + (unsigned long)(*at - '0');
    if (at == text || *at != '\0' || number < min || number > max) {
        ropp_error("no such number: %s %s: write one from %lu to %lu", name, text, min, max);
        return false;
    }
    *out = number;
    return true;
}
