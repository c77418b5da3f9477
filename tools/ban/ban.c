#include "tools/ban/ban.h"

#include <stdio.h>
#include <string.h>

#include "tools/base/cli.h"
#include "tools/base/suggest.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"add", ropp_ban_add, "ban a prefix, or let it in (--allow)"},
    {"del", ropp_ban_del, "take entries of a prefix out"},
    {"list", ropp_ban_list, "show entries, or who changed what (--history)"},
    {"check", ropp_ban_check, "tell whether an address is banned, by which entry and why"},
    {"import", ropp_ban_import, "replace a named list by the prefixes of a file"},
    {"export", ropp_ban_export, "write the bans for haproxy, nginx, nftables or ipset"},
};

static void print_help(FILE *out)
{
    size_t i;

    fputs("usage: ropp ban COMMAND [ARGUMENT ...]\n\n"
          "The ban lists in the emulator's database. The servers act on a change within two\n"
          "seconds.\n\n",
          out);
    for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`ropp ban COMMAND --help` tells more.\n\n"
          "example: ropp ban check 203.0.113.7 --tree ../rathena\n",
          out);
}

int ropp_cmd_ban(int argc, char **argv)
{
    struct ropp_suggestion meant;
    size_t i;

    if (argc < 2) {
        print_help(stderr);
        return ROPP_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return ROPP_EXIT_DONE;
    }
    for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    ropp_suggest_begin(&meant, argv[1]);
    for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
        ropp_suggest_offer(&meant, commands[i].name);
    ropp_error("no such command: ban %s: %ssee `ropp ban --help`", argv[1],
               ropp_suggest_text(&meant));
    return ROPP_EXIT_USAGE;
}
