// SPDX-License-Identifier: MIT
/* What test_export.sh compares: the exports of a file of entries, and the table's own verdicts.
 *
 *   entries FORMAT FILE     the entries as `ropp ban export` would print them
 *   entries follow FILE...  the kernel's nftables brought to each of them in turn, as `ropp ban follow`
 *                           does it
 *   entries decide FILE     for each address on standard input: "ADDRESS 1" if it is banned, else 0
 *
 * A line of FILE is `ban PREFIX` or `allow PREFIX`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/table.h"
#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/edge/edge.h"
#include "tools/lists/aggregate.h"
#include "tools/lists/export.h"

#define NOW_S 1800000000 /* nothing expires here */

struct entries {
    struct ropp_table_entry *items;
    size_t count;
};

static bool read_entry(const char *line, struct ropp_table_entry *entry)
{
    const char *prefix = strchr(line, ' ');

    if (prefix == NULL)
        return false;
    if (strncmp(line, "ban ", 4) == 0)
        entry->kind = ROPP_TABLE_BAN;
    else if (strncmp(line, "allow ", 6) == 0)
        entry->kind = ROPP_TABLE_ALLOW;
    else
        return false;
    prefix++;
    return ropp_prefix_parse(prefix, strcspn(prefix, "\n"), &entry->prefix) == ROPP_PREFIX_OK;
}

static bool read_entries(const char *path, struct entries *entries)
{
    FILE *file = fopen(path, "r");
    bool is_good = true;
    char line[128];

    if (file == NULL) {
        ropp_error("cannot open: %s: give a file of entries", path);
        return false;
    }
    while (is_good && fgets(line, sizeof line, file) != NULL) {
        entries->items = (struct ropp_table_entry *)ropp_grow(entries->items, entries->count,
                                                              sizeof *entries->items);
        is_good = read_entry(line, &entries->items[entries->count++]);
        if (!is_good)
            ropp_error("no entry: %s:%zu: write `ban PREFIX` or `allow PREFIX`", path,
                       entries->count);
    }
    fclose(file);
    return is_good;
}

static int decide(const struct entries *entries)
{
    struct ropp_table_entry found;
    struct ropp_table *table;
    struct ropp_addr addr;
    char line[128];

    if (ropp_table_build(entries->items, entries->count, malloc, &table) != ROPP_TABLE_OK) {
        ropp_error("no table: these entries: write fewer");
        return ROPP_EXIT_USAGE;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (!ropp_addr_parse(line, strlen(line), &addr)) {
            ropp_error("no address: %s: write one a line", line);
            free(table);
            return ROPP_EXIT_USAGE;
        }
        printf("%s %d\n", line,
               ropp_table_lookup(table, &addr, NOW_S, &found) && found.kind == ROPP_TABLE_BAN);
    }
    free(table);
    return ROPP_EXIT_DONE;
}

static int export(const struct entries *entries, enum ropp_export_format format)
{
    struct ropp_prefix_set banned = {NULL, 0};

    ropp_flatten(entries->items, entries->count, NOW_S, &banned);
    ropp_export(stdout, format, &banned, NOW_S);
    ropp_prefix_set_free(&banned);
    return ROPP_EXIT_DONE;
}

/* Brings the kernel's sets to this file's. */
static bool bring(const char *path, struct ropp_edge_task *task, struct ropp_prefix_set *banned)
{
    static const struct ropp_edge nftables = {.kind = &ropp_edge_nftables, .name = "nftables"};
    struct entries entries = {NULL, 0};
    bool good = read_entries(path, &entries);

    if (good)
        ropp_flatten(entries.items, entries.count, NOW_S, banned);
    task->after = banned;
    good = good && nftables.kind->tend(&nftables, task);
    task->before = banned;
    free(entries.items);
    return good;
}

static int follow(char **paths)
{
    struct ropp_edge_task task = {.now_s = NOW_S};
    struct ropp_prefix_set sets[2] = {{NULL, 0}, {NULL, 0}}; /* the one before, and this one */
    bool good = true;
    size_t which = 0;

    for (; good && *paths != NULL; paths++, which = 1 - which) {
        ropp_prefix_set_free(&sets[which]);
        good = bring(*paths, &task, &sets[which]);
    }
    ropp_prefix_set_free(&sets[0]);
    ropp_prefix_set_free(&sets[1]);
    return good ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    enum ropp_export_format format = ROPP_EXPORT_PLAIN;
    struct entries entries = {NULL, 0};
    int status = ROPP_EXIT_USAGE;

    if (argc > 2 && strcmp(argv[1], "follow") == 0)
        return follow(argv + 2);
    if (argc != 3 || (strcmp(argv[1], "decide") != 0 && !ropp_export_format_of(argv[1], &format))) {
        ropp_error("wrong usage: entries: give follow, decide, " ROPP_EXPORT_FORMATS
                   ", and a file");
        return ROPP_EXIT_USAGE;
    }
    if (read_entries(argv[2], &entries))
        status = strcmp(argv[1], "decide") == 0 ? decide(&entries) : export(&entries, format);
    free(entries.items);
    return ropp_finish(status);
}
