// SPDX-License-Identifier: MIT
#include "tools/base/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/base/help.h"
#include "tools/base/suggest.h"

/* The last word of its name. */
static const char *short_name(const struct ropp_cli_command *command)
{
    const char *space = strrchr(command->name, ' ');

    return space != NULL ? space + 1 : command->name;
}

static bool is_root(const struct ropp_cli_command *command)
{
    return command->name[0] == '\0';
}

static const struct ropp_cli_command *find_below(const struct ropp_cli_command *command,
                                                 const char *name)
{
    const struct ropp_cli_command *const *below = command->commands;

    for (; below != NULL && *below != NULL; below++)
        if (strcmp(short_name(*below), name) == 0)
            return *below;
    return NULL;
}

static void offer_name(void *context, const char *name)
{
    ropp_suggest_offer(context, name);
}

const struct ropp_cli_command *ropp_command_below(const struct ropp_cli_command *command,
                                                  const char *name)
{
    const struct ropp_cli_command *found = find_below(command, name), *const * below;
    struct ropp_suggestion meant;

    if (found != NULL)
        return found;
    ropp_suggest_begin(&meant, name);
    for (below = command->commands; *below != NULL; below++)
        ropp_suggest_offer(&meant, short_name(*below));
    if (is_root(command)) {
        ropp_options_each(&command->options, offer_name, &meant);
        ropp_error("no such %s: '%s': %ssee `ropp --help`", name[0] == '-' ? "option" : "command",
                   name, ropp_suggest_text(&meant));
    } else {
        ropp_error("no such command: %s %s: %ssee `ropp %s --help`", command->name, name,
                   ropp_suggest_text(&meant), command->name);
    }
    return NULL;
}

/* ---- help ---- */

static void print_commands(FILE *out, const struct ropp_cli_command *command)
{
    const struct ropp_cli_command *const *below = command->commands;
    size_t width = 0;

    for (; *below != NULL; below++)
        if (strlen(short_name(*below)) > width)
            width = strlen(short_name(*below));
    fputc('\n', out);
    for (below = command->commands; *below != NULL; below++) {
        fprintf(out, "  %-*s   ", (int)width, short_name(*below));
        ropp_help_text(out, (*below)->summary, width + 5, width + 5);
    }
}

static void print_help(FILE *out, const struct ropp_cli_command *command)
{
    static const char status[] = "exit status: ";

    fprintf(out, "usage: ropp %s%s%s\n\n", command->name, is_root(command) ? "" : " ",
            command->usage);
    ropp_help_text(out, command->about, 0, 0);
    if (command->commands != NULL)
        print_commands(out, command);
    ropp_options_help(out, &command->options);
    if (command->run == NULL)
        fprintf(out, "\n`ropp %s%sCOMMAND --help` says more.\n", command->name,
                is_root(command) ? "" : " ");
    if (command->statuses != NULL) {
        fprintf(out, "\n%s", status);
        ropp_help_text(out, command->statuses, sizeof status - 1, sizeof status - 1);
    }
    fprintf(out, "\nexample: ropp %s\n", command->example);
}

/* ---- running ---- */

static int run_below(const struct ropp_cli_command *command, int argc, char **argv)
{
    const struct ropp_cli_command *below;

    if (argc < 2) {
        print_help(stderr, command);
        return ROPP_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout, command);
        return ROPP_EXIT_DONE;
    }
    below = ropp_command_below(command, argv[1]);
    return below != NULL ? ropp_command_run(below, argc - 1, argv + 1) : ROPP_EXIT_USAGE;
}

/* Whether the words that have to be there are; with a message. */
static bool has_words(const struct ropp_cli_command *command, const struct ropp_words *words)
{
    const char *options = strstr(command->usage, " [OPTION");

    if (command->words.missing == NULL || words->count > 0)
        return true;
    return ropp_error("%s: %s: write `ropp %s %.*s`", command->words.missing, command->name,
                      command->name, (int)(options - command->usage), command->usage);
}

/* Reads the options and words into the request, and does it. */
static int run_request(const struct ropp_cli_command *command, int argc, char **argv, void *request)
{
    struct ropp_words words;
    int status = ROPP_EXIT_DONE;

    if (command->guard != NULL && !command->guard(argc, argv))
        return ROPP_EXIT_USAGE;
    if (!ropp_options_read(argc, argv, command->name, &command->options, &command->words, request,
                           &words) ||
        !has_words(command, &words))
        return ROPP_EXIT_USAGE;
    if (command->read != NULL)
        status = command->read(request, &words);
    if (status != ROPP_EXIT_DONE)
        return status;
    return command->call != NULL ? command->call(command, request) : command->run(NULL, request);
}

int ropp_command_run(const struct ropp_cli_command *command, int argc, char **argv)
{
    void *request;
    int status;

    if (command->run == NULL)
        return run_below(command, argc, argv);
    if (ropp_options_wants_help(argc, argv)) {
        print_help(stdout, command);
        return ROPP_EXIT_DONE;
    }
    request = ropp_alloc(1, command->request_size);
    if (command->defaults != NULL)
        memcpy(request, command->defaults, command->request_size);
    status = run_request(command, argc, argv, request);
    free(request);
    return status;
}

/* ---- completion ---- */

static void print_candidate(void *context, const char *name)
{
    const char *word = context;

    if (strncmp(name, word, strlen(word)) == 0)
        puts(name);
}

/* The values there are, of "a|b|c". */
static void complete_value(const char *values, char *word)
{
    char *copy = ropp_copy_text(values, strlen(values)), *rest = copy, *value;

    if (strchr(values, '|') != NULL)
        while ((value = strsep(&rest, "|")) != NULL)
            print_candidate(word, value);
    free(copy);
}

void ropp_command_complete(const struct ropp_cli_command *command, int count, char **words)
{
    const struct ropp_cli_command *below, *const *each;
    const struct ropp_option *option;
    bool has_first_word = false;
    char *word;
    int i = 0;

    if (count == 0)
        return;
    word = words[count - 1];
    while (i < count - 1 && (below = find_below(command, words[i])) != NULL) {
        i++;
        has_first_word = command->run != NULL;
        if (has_first_word)
            break;
        command = below;
    }
    option = i < count - 1 ? ropp_options_find(&command->options, words[count - 2]) : NULL;
    if (option != NULL && option->value != NULL && option->value[0] != '[')
        complete_value(option->value, word);
    else if (word[0] == '-')
        ropp_options_each(&command->options, print_candidate, word);
    else if (i == count - 1 && command->commands != NULL && !has_first_word)
        for (each = command->commands; *each != NULL; each++)
            print_candidate(word, short_name(*each));
}
