#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/ban/ban.h"
#include "tools/ban/entry.h"
#include "tools/ban/source.h"
#include "tools/ban/target.h"
#include "tools/base/cli.h"
#include "tools/base/columns.h"
#include "tools/base/json.h"
#include "tools/base/moment.h"
#include "tools/database/connect.h"
#include "tools/database/query.h"

struct request {
    struct ropp_connect connect;
    const char *source;
    const char *author;
    bool json;
    struct ropp_prefix prefix;
    char text[ROPP_PREFIX_TEXT]; /* the prefix's */
};

static const struct request defaults = {.source = ROPP_SOURCE_MANUAL};

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, source, "--source", "NAME", "the list to take it out of (manual)"),
    ROPP_TEXT(struct request, author, "--author", "NAME", "who does it (you, unless given)"),
    ROPP_FLAG(struct request, json, "--json", "print one JSON object"),
    ROPP_OPTIONS_END,
};

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    if (words->count == 0) {
        ropp_error("no prefix: ban del: write `ropp ban del PREFIX`");
        return ROPP_EXIT_USAGE;
    }
    if (request->author == NULL)
        request->author = ropp_author_default();
    if (!ropp_target_prefix(words->items[0], &request->prefix, NULL))
        return ROPP_EXIT_USAGE;
    ropp_prefix_format(&request->prefix, request->text);
    return ROPP_EXIT_DONE;
}

/* The entries of the prefix, in every list. */
static MYSQL_RES *find(struct ropp_session *session, const struct request *request)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_text(&sql, "SELECT " ROPP_ENTRY_COLUMNS " FROM proxy_ban WHERE range_start = ");
    ropp_sql_address(&sql, &request->prefix.addr);
    ropp_buffer_format(&sql, " AND prefix_length = %u AND prefix = '%s' ORDER BY id FOR UPDATE",
                       request->prefix.length, request->text);
    return ropp_session_rows(session, &sql);
}

/* The same letters in another case are the same list, as they are for the database. */
static bool is_ours(const struct ropp_entry *entry, const struct request *request)
{
    return strcasecmp(entry->source, request->source) == 0;
}

/* There is none in this list: tells in which there is. */
static void explain_absence(MYSQL_RES *entries, const struct request *request)
{
    MYSQL_ROW row = mysql_fetch_row(entries);
    struct ropp_entry entry;

    if (row == NULL) {
        ropp_error("not listed: %s: see what is around it with `ropp ban list --within %s`, or "
                   "what decides with `ropp ban check`",
                   request->text, request->text);
        return;
    }
    entry = ropp_entry_of(row);
    ropp_error("not in the list %s: %s: it is in %s; take it out there with --source %s, which "
               "lasts until the next import, or let it in with `ropp ban add %s --allow`",
               request->source, request->text, entry.source, entry.source, request->text);
}

/* Deletes ours, by id. *count is how many there were. */
static bool drop_ours(struct ropp_session *session, const struct request *request,
                      MYSQL_RES *entries, size_t *count)
{
    struct ropp_buffer sql = {0};
    struct ropp_entry entry;
    MYSQL_ROW row;

    *count = 0;
    while ((row = mysql_fetch_row(entries)) != NULL) {
        entry = ropp_entry_of(row);
        if (!is_ours(&entry, request))
            continue;
        ropp_buffer_text(&sql, *count == 0 ? "DELETE FROM proxy_ban WHERE id IN (" : ", ");
        ropp_buffer_format(&sql, "%llu", (unsigned long long)entry.id);
        ++*count;
    }
    if (*count == 0)
        return true;
    ropp_buffer_text(&sql, ")");
    return ropp_session_run(session, &sql);
}

/* The command that puts an entry back. */
static void print_undo(const struct ropp_session *session, const struct request *request,
                       const struct ropp_entry *entry)
{
    if (entry->expires_s != 0 && entry->expires_s <= session->now_s)
        return;
    fputs("undo: ", stdout);
    ropp_entry_print_add(stdout, entry, &request->connect);
    putchar('\n');
}

static void print_text(const struct ropp_session *session, const struct request *request,
                       const struct ropp_entry *entry)
{
    char end[ROPP_END_TEXT];

    ropp_end_format(entry->expires_s, session->now_s, end);
    printf("taken out: %s %s, %s", entry->allow ? "allowance of" : "ban of", entry->prefix, end);
    if (entry->reason[0] != '\0') {
        fputs(": ", stdout);
        ropp_print_safe(stdout, entry->reason);
    }
    putchar('\n');
    print_undo(session, request, entry);
}

static void report(const struct ropp_session *session, const struct request *request,
                   MYSQL_RES *entries)
{
    struct ropp_json json = {.out = stdout};
    struct ropp_entry entry;
    MYSQL_ROW row;

    if (request->json) {
        ropp_json_begin(&json, NULL, '{');
        ropp_json_string(&json, "result", "deleted");
        ropp_json_begin(&json, "entries", '[');
    }
    while ((row = mysql_fetch_row(entries)) != NULL) {
        entry = ropp_entry_of(row);
        if (!is_ours(&entry, request))
            continue;
        if (request->json)
            ropp_entry_json(&json, NULL, &entry);
        else
            print_text(session, request, &entry);
    }
    if (request->json) {
        ropp_json_end(&json, ']');
        ropp_json_end(&json, '}');
        putchar('\n');
    }
}

/* There is none to delete. */
static int refuse(struct ropp_session *session, const struct request *request, MYSQL_RES *entries)
{
    bool known;

    if (!ropp_source_known(session, request->source, &known))
        return ropp_session_error(session);
    if (!known)
        return ropp_source_refuse(session, request->source);
    explain_absence(entries, request);
    return ROPP_EXIT_REFUSED;
}

static int del(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    char error[ROPP_ERROR_TEXT];
    int status = ROPP_EXIT_DONE;
    MYSQL_RES *entries;
    size_t count;

    if (!ropp_session_author(session, request->author) ||
        !ropp_db_run(&session->db, "START TRANSACTION", error))
        return ropp_session_error(session);
    entries = find(session, request);
    if (entries == NULL)
        return ropp_session_error(session);
    if (!drop_ours(session, request, entries, &count) ||
        !ropp_db_run(&session->db, "COMMIT", error)) {
        status = ropp_session_error(session);
    } else {
        mysql_data_seek(entries, 0);
        if (count > 0)
            report(session, request, entries);
        else
            status = refuse(session, request, entries);
    }
    mysql_free_result(entries);
    return status;
}

const struct ropp_cli_command ropp_ban_del = {
    .name = "ban del",
    .summary = "take entries of a prefix out",
    .usage = "PREFIX [OPTION ...]",
    .about = "Takes the entries of exactly this prefix out of a list, bans and allowances, and "
             "tells how to put them back. `ropp ban list --history` keeps what was taken out.",
    .options = {{options, ropp_connect_options}},
    .words = {.most = 1},
    .statuses = "0 done, 1 there is none, 2 wrong usage or environment",
    .example = "ban del 203.0.113.0/24 --tree ../rathena",
    ROPP_COMMAND_DATABASE,
    .request_size = sizeof(struct request),
    .defaults = &defaults,
    .read = read_request,
    .run = del,
};
