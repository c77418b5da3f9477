// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/ban/ban.h"
#include "tools/ban/entry.h"
#include "tools/ban/guard.h"
#include "tools/ban/ipbanlist.h"
#include "tools/ban/source.h"
#include "tools/base/cli.h"
#include "tools/base/json.h"
#include "tools/base/outfile.h"
#include "tools/database/connect.h"
#include "tools/database/query.h"
#include "tools/lists/export.h"

struct request {
    struct ropp_connect connect;
    const char *format_name;
    enum ropp_export_format format;
    const char *source; /* NULL: every list, and ipbanlist */
    const char *output; /* NULL: standard output */
    bool force;
    bool json;
};

/* The entries in force, as the core sees them. */
struct entries {
    struct ropp_table_entry *items;
    size_t count;
    uint64_t standins; /* bans of stand-ins, which no other program can know */
};

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, format_name, "--format", "FORMAT", ROPP_EXPORT_FORMATS),
    ROPP_TEXT(struct request, source, "--source", "NAME", "only this list (ipbanlist: only that)"),
    ROPP_TEXT(struct request, output, "--output", "FILE",
              "to this file, which is replaced in one go and keeps its owner, group, mode and "
              "access list"),
    ROPP_FLAG(struct request, force, "--force",
              "even if nobody is banned any more and the file says who is"),
    ROPP_FLAG(struct request, json, "--json", "with --output, print one JSON object about it"),
    ROPP_OPTIONS_END,
};

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    (void)words;
    if (request->format_name == NULL ||
        !ropp_export_format_of(request->format_name, &request->format))
        return ropp_fail(ROPP_EXIT_USAGE, "no such format: --format %s: give " ROPP_EXPORT_FORMATS,
                         request->format_name != NULL ? request->format_name : "is missing");
    if (request->json && request->output == NULL) {
        return ropp_fail(ROPP_EXIT_USAGE, "the list itself is no JSON: --json: add --output FILE");
    }
    return ROPP_EXIT_DONE;
}

/* ---- reading ---- */

static void take(struct entries *entries, const struct ropp_entry *entry)
{
    if (entry->network.addr.family == ROPP_FAMILY_UNSPEC)
        return;
    entries->standins += ropp_guard_standin(&entry->network) && !entry->allow;
    entries->items = ropp_grow(entries->items, entries->count, sizeof *entries->items);
    entries->items[entries->count++] = ropp_entry_row(entry);
}

/* One after the other: there may be a million. */
static bool read_own(struct ropp_session *session, const struct request *request,
                     struct entries *entries)
{
    const char *source =
        request->source != NULL ? ropp_sql_text(session, request->source) : "source";
    MYSQL_RES *rows =
        ropp_session_stream(session, ropp_sql_format(session,
                                                     "SELECT " ROPP_ENTRY_COLUMNS
                                                     " FROM proxy_ban WHERE " ROPP_ENTRY_IN_FORCE
                                                     " AND source = %s",
                                                     source));
    struct ropp_entry entry;
    MYSQL_ROW row;

    if (rows == NULL)
        return false;
    while ((row = mysql_fetch_row(rows)) != NULL) {
        entry = ropp_entry_of(row);
        take(entries, &entry);
    }
    mysql_free_result(rows);
    return mysql_errno(session->db.mysql) == 0;
}

static bool read_ipbanlist(struct ropp_session *session, struct entries *entries)
{
    struct ropp_entries rows = {0};
    bool good = ropp_ipbanlist_read(session, NULL, &rows);

    for (size_t i = 0; i < rows.count; i++)
        if (!rows.items[i].login_only)
            take(entries, &rows.items[i]);
    ropp_entries_free(&rows);
    return good;
}

/* ---- the command ---- */

/* Whether the file before has bans, as far as can be seen: other programs' files have. */
static bool has_bans(const char *path)
{
    static const char none[] = "# ropp: 0 banned prefixes";
    FILE *file = fopen(path, "r");
    char line[sizeof none];
    bool any;

    if (file == NULL)
        return false;
    any = fgets(line, sizeof line, file) != NULL && strcmp(line, none) != 0;
    fclose(file);
    return any;
}

/* Where there were bans and there are none any more, a mistake is likelier than peace. */
static bool may_be_empty(const struct request *request, size_t count)
{
    if (count > 0 || request->force || request->output == NULL || !has_bans(request->output))
        return true;
    return ropp_error("not a single ban: %s%s: %s stays as it is; --force empties it",
                      request->source != NULL ? "the list " : "all lists",
                      request->source != NULL ? request->source : "", request->output);
}

static void report(const struct request *request, size_t count)
{
    struct ropp_json json = {.out = stdout};

    if (request->output == NULL)
        return;
    if (!request->json) {
        printf("%s: %zu prefixes\n", request->output, count);
        return;
    }
    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "result", "exported");
    ropp_json_string(&json, "output", request->output);
    ropp_json_number(&json, "prefixes", (int64_t)count);
    ropp_json_done(&json, "}");
}

static int write_file(const struct request *request, const struct ropp_prefix_set *banned,
                      int64_t now_s)
{
    struct ropp_outfile file;

    if (!may_be_empty(request, banned->count))
        return ROPP_EXIT_REFUSED;
    if (!ropp_outfile_begin(&file, request->output))
        return ROPP_EXIT_USAGE;
    ropp_export(file.out, request->format, banned, now_s);
    if (!ropp_outfile_end(&file))
        return ROPP_EXIT_USAGE;
    report(request, banned->count);
    return ROPP_EXIT_DONE;
}

static int write_out(const struct request *request, struct entries *entries, int64_t now_s)
{
    struct ropp_prefix_set banned = {0};
    int status;

    ropp_flatten(entries->items, entries->count, now_s, &banned);
    status = write_file(request, &banned, now_s);
    if (status == ROPP_EXIT_DONE && entries->standins > 0)
        fprintf(stderr,
                "note: %" PRIu64 " bans of stand-ins of IPv6 players mean nothing to another "
                "program: ban the /64 as well\n",
                entries->standins);
    ropp_prefix_set_free(&banned);
    return status;
}

/* ipbanlist goes by its name where it is asked for alone. */
static int export(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    bool all = request->source == NULL;
    bool only_ipbanlist = !all && strcasecmp(request->source, ROPP_SOURCE_IPBANLIST) == 0;
    struct entries entries = {0};
    int status = ROPP_EXIT_DONE;

    if (!all && !only_ipbanlist)
        status = ropp_source_check(session, request->source, false);
    if (status != ROPP_EXIT_DONE)
        return status;
    if (read_own(session, request, &entries) &&
        ((!all && !only_ipbanlist) || read_ipbanlist(session, &entries)))
        status = write_out(request, &entries, session->now_s);
    else
        status = ropp_session_error(session);
    free(entries.items);
    return status;
}

const struct ropp_cli_command ropp_ban_export = {
    .name = "ban export",
    .summary = "write the bans for haproxy, nginx, nftables or ipset",
    .usage = "--format FORMAT [OPTION ...]",
    .about = "Writes what is banned now for another program, which then decides as `ropp ban "
             "check` does: allowances are cut out, the emulator's ipbanlist is part of it. How to "
             "use the file is written at its beginning.",
    .words = {.instead = "name a file with --output FILE"},
    .statuses = "0 done, 1 refused, 2 wrong usage or environment",
    .example = "ban export --format nftables --output ban.nft --tree ../rathena",
    ROPP_COMMAND_DATABASE(struct request, options),
    .read = read_request,
    .run = export,
};
