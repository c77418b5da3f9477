/* The `ropp` program: finds the command and hands over to it. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tools/ban/ban.h"
#include "tools/base/cli.h"
#include "tools/base/suggest.h"
#include "tools/decode/decode.h"
#include "tools/patch/patch.h"
#include "tools/probe/probe.h"
#include "tools/status/status.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns the exit status */
    const char *summary;
};

static const struct command commands[] = {
    {"patch", ropp_cmd_patch, "weave ropp into an emulator's source tree, and take it out again"},
    {"decode", ropp_cmd_decode, "show a captured PROXY protocol header"},
    {"probe", ropp_cmd_probe, "go a player's way through a proxy, and say how it went"},
    {"ban", ropp_cmd_ban, "ban addresses, let them in, import and export lists"},
    {"status", ropp_cmd_status, "show every server process, its ban list and what it has counted"},
};

static void print_help(FILE *out)
{
    size_t i;

    fputs("usage: ropp COMMAND [ARGUMENT ...]\n\n"
          "The PROXY protocol for Ragnarok Online emulators (rAthena, Hercules and their\n"
          "forks).\n\n"
          "commands:\n",
          out);
    for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`ropp COMMAND --help` tells more, `ropp --version` which one this is.\n\n"
          "exit status: 0 done, 1 refused or not found, 2 wrong usage or environment\n\n"
          "example: ropp patch check ../rathena\n",
          out);
}

static int print_version(void)
{
    puts("ropp " ROPP_VERSION);
    return ropp_finish(ROPP_EXIT_DONE);
}

static bool is_version(const char *word)
{
    return strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0;
}

/* The first word is neither a command nor an option of ropp's. */
static int no_such(const char *word)
{
    static const char *const options[] = {"--help", "--version"};
    struct ropp_suggestion meant;
    size_t i;

    ropp_suggest_begin(&meant, word);
    for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
        ropp_suggest_offer(&meant, commands[i].name);
    for (i = 0; i < sizeof options / sizeof options[0]; i++)
        ropp_suggest_offer(&meant, options[i]);
    ropp_error("no such %s: '%s': %ssee `ropp --help`", word[0] == '-' ? "option" : "command", word,
               ropp_suggest_text(&meant));
    return ROPP_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    size_t i;

    ropp_called_as(argv[0]);
    if (argc < 2) {
        print_help(stderr);
        return ROPP_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return ropp_finish(ROPP_EXIT_DONE);
    }
    if (is_version(argv[1]) || (argc == 3 && is_version(argv[2])))
        return print_version();
    for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return ropp_finish(commands[i].run(argc - 1, argv + 1));
    return no_such(argv[1]);
}
