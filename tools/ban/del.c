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

static void print_help(void)
{
    fputs("usage: ropp ban del PREFIX [OPTION ...]\n\n"
          "Takes the entries of exactly this prefix out of a list, bans and allowances, and\n"
          "tells how to put them back. `ropp ban list --history` keeps what was taken out.\n\n"
          "  --source NAME   the list to take it out of (manual)\n"
          "  --author NAME   who does it (you, unless given)\n"
          "  --json          print one JSON object\n\n" ROPP_CONNECT_HELP
          "\nexit status: 0 done, 1 there is none, 2 wrong usage or environment\n\n"
          "example: ropp ban del 203.0.113.0/24 --tree ../rathena\n",
          stdout);
}

static bool read_request(int argc, char **argv, struct request *request)
{
    struct ropp_option options[] = {
        {"--source", &request->source, NULL},
        {"--author", &request->author, NULL},
        {"--json", NULL, &request->json},
        ROPP_CONNECT_OPTIONS(&request->connect),
    };
    struct ropp_words words;

    memset(request, 0, sizeof *request);
    request->source = ROPP_SOURCE_MANUAL;
    request->author = ropp_author_default();
    if (!ropp_connect_no_password(argc, argv) ||
        !ropp_options_read(argc, argv, "ban del", options, sizeof options / sizeof options[0],
                           &words, 1))
        return false;
    if (words.count == 0) {
        ropp_error("no prefix: ban del: write `ropp ban del PREFIX`");
        return false;
    }
    if (!ropp_target_prefix(words.items[0], &request->prefix, NULL))
        return false;
    ropp_prefix_format(&request->prefix, request->text);
    return true;
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
    ropp_entry_print_add(stdout, entry, false, &request->connect);
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
    struct ropp_json json = {stdout, false};
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

static int del(struct ropp_session *session, const struct request *request)
{
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

int ropp_ban_del(int argc, char **argv)
{
    struct ropp_session session;
    struct request request;
    int status;

    if (ropp_options_help(argc, argv)) {
        print_help();
        return ROPP_EXIT_DONE;
    }
    if (!read_request(argc, argv, &request))
        return ROPP_EXIT_USAGE;
    status = ropp_session_open(&session, &request.connect);
    if (status != ROPP_EXIT_DONE)
        return status;
    status = del(&session, &request);
    ropp_session_close(&session);
    return status;
}
