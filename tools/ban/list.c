#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

#define LIMIT_DEFAULT 50
#define LIMIT_MAX     100000

struct request {
    struct ropp_connect connect;
    const char *source;
    const char *kind;
    const char *within;
    const char *reason;
    const char *author;
    bool expired;
    bool history;
    bool json;
    struct ropp_prefix prefix; /* with `within` */
    unsigned long limit;
    unsigned long page; /* from 1 */
};

static const struct request defaults = {.limit = LIMIT_DEFAULT, .page = 1};

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, source, "--source", "NAME", "of one list"),
    ROPP_TEXT(struct request, kind, "--kind", "ban|allow", "of one kind"),
    ROPP_TEXT(struct request, within, "--within", "PREFIX", "in this prefix"),
    ROPP_TEXT(struct request, reason, "--reason", "TEXT", "with this in the reason"),
    ROPP_TEXT(struct request, author, "--author", "NAME", "by this author"),
    ROPP_FLAG(struct request, expired, "--expired", "those that have ended, instead"),
    ROPP_FLAG(struct request, history, "--history",
              "who added, changed, deleted and imported what, instead"),
    ROPP_NUMBER(struct request, limit, "--limit", "N", 1, LIMIT_MAX, "so many a page (50)"),
    ROPP_NUMBER(struct request, page, "--page", "N", 1, 1000000000, "which page (1)"),
    ROPP_FLAG(struct request, json, "--json", "print one JSON object"),
    ROPP_OPTIONS_END,
};

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    (void)words;
    if (request->kind != NULL && strcmp(request->kind, "ban") != 0 &&
        strcmp(request->kind, "allow") != 0) {
        ropp_error("no such kind: --kind %s: there are ban and allow", request->kind);
        return ROPP_EXIT_USAGE;
    }
    if (request->expired && request->history) {
        ropp_error("two lists: --expired and --history: give one of them");
        return ROPP_EXIT_USAGE;
    }
    if (request->within != NULL && !ropp_target_prefix(request->within, &request->prefix, NULL))
        return ROPP_EXIT_USAGE;
    return ROPP_EXIT_DONE;
}

/* ---- filters ---- */

static void add_text(struct ropp_buffer *sql, struct ropp_session *session, const char *column,
                     const char *value)
{
    if (value == NULL)
        return;
    ropp_buffer_format(sql, " AND %s = ", column);
    ropp_sql_text(sql, session, value);
}

/* The last address of a prefix. */
static struct ropp_addr last_of(const struct ropp_prefix *prefix)
{
    unsigned bits = prefix->addr.family == ROPP_FAMILY_INET ? 32 : 128, bit;
    struct ropp_addr last = prefix->addr;

    for (bit = prefix->length; bit < bits; bit++)
        last.bytes[bit / 8] |= (uint8_t)(0x80u >> (bit % 8));
    return last;
}

/* The history keeps no ranges, so that only the very prefix can be looked for there. */
static void add_within(struct ropp_buffer *sql, const struct request *request)
{
    struct ropp_addr last = last_of(&request->prefix);
    char text[ROPP_PREFIX_TEXT];

    if (request->within == NULL)
        return;
    if (request->history) {
        ropp_prefix_format(&request->prefix, text);
        ropp_buffer_format(sql, " AND prefix = '%s'", text);
        return;
    }
    ropp_buffer_format(sql, " AND family = %d AND range_start BETWEEN ",
                       request->prefix.addr.family == ROPP_FAMILY_INET ? 4 : 6);
    ropp_sql_address(sql, &request->prefix.addr);
    ropp_buffer_text(sql, " AND ");
    ropp_sql_address(sql, &last);
    ropp_buffer_format(sql, " AND prefix_length >= %u", request->prefix.length);
}

/* " FROM ... WHERE ..." for what is asked. */
static void add_from(struct ropp_buffer *sql, struct ropp_session *session,
                     const struct request *request)
{
    if (request->history)
        ropp_buffer_text(sql, " FROM proxy_ban_history WHERE TRUE");
    else if (request->expired)
        ropp_buffer_text(sql, " FROM proxy_ban WHERE NOT " ROPP_ENTRY_IN_FORCE);
    else
        ropp_buffer_text(sql, " FROM proxy_ban WHERE " ROPP_ENTRY_IN_FORCE);
    add_text(sql, session, "source", request->source);
    add_text(sql, session, "kind", request->kind);
    add_text(sql, session, "author", request->author);
    add_within(sql, request);
    if (request->reason != NULL) {
        ropp_buffer_text(sql, " AND INSTR(reason, ");
        ropp_sql_text(sql, session, request->reason);
        ropp_buffer_text(sql, ") > 0");
    }
}

static bool count_rows(struct ropp_session *session, const struct request *request, uint64_t *total)
{
    struct ropp_buffer sql = {0};
    MYSQL_RES *result;
    MYSQL_ROW row;

    ropp_buffer_text(&sql, "SELECT COUNT(*)");
    add_from(&sql, session, request);
    result = ropp_session_rows(session, &sql);
    if (result == NULL)
        return false;
    row = mysql_fetch_row(result);
    *total = row != NULL ? ropp_column_count(row[0]) : 0;
    mysql_free_result(result);
    return true;
}

static MYSQL_RES *read_page(struct ropp_session *session, const struct request *request)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_text(&sql, request->history
                               ? "SELECT UNIX_TIMESTAMP(time), action, kind, prefix, reason, "
                                 "author, source, UNIX_TIMESTAMP(expires), user, entries, ban_id"
                               : "SELECT " ROPP_ENTRY_COLUMNS);
    add_from(&sql, session, request);
    ropp_buffer_format(&sql, " ORDER BY id DESC LIMIT %lu OFFSET %llu", request->limit,
                       (unsigned long long)(request->page - 1) * request->limit);
    return ropp_session_rows(session, &sql);
}

/* ---- what is shown ---- */

static void heading(struct ropp_columns *columns, const char *const *names)
{
    for (; *names != NULL; names++)
        ropp_columns_cell(columns, *names);
}

static void entry_cells(struct ropp_columns *columns, MYSQL_ROW row)
{
    struct ropp_entry entry = ropp_entry_of(row);
    char moment[ROPP_MOMENT_TEXT];

    ropp_columns_format(columns, "%" PRIu64, entry.id);
    ropp_columns_cell(columns, entry.allow ? "allow" : "ban");
    ropp_columns_cell(columns, entry.prefix);
    ropp_moment_format(entry.expires_s, moment);
    ropp_columns_cell(columns, entry.expires_s != 0 ? moment : "for ever");
    ropp_columns_cell(columns, entry.source);
    ropp_columns_cell(columns, entry.author);
    ropp_moment_format(entry.created_s, moment);
    ropp_columns_cell(columns, moment);
    ropp_columns_cell(columns, entry.reason);
}

/* One line of the history; texts are the row's. */
struct event {
    int64_t time_s;
    const char *action;
    const char *kind; /* NULL for an import */
    const char *prefix;
    const char *reason;
    const char *author;
    const char *source;
    int64_t expires_s;
    const char *user;
    const char *entries; /* NULL unless it is an import */
    const char *ban_id;  /* NULL for an import */
};

static struct event event_of(MYSQL_ROW row)
{
    struct event event;

    event.time_s = ropp_column_number(row[0]);
    event.action = ropp_column_text(row[1]);
    event.kind = row[2];
    event.prefix = ropp_column_text(row[3]);
    event.reason = ropp_column_text(row[4]);
    event.author = ropp_column_text(row[5]);
    event.source = ropp_column_text(row[6]);
    event.expires_s = ropp_column_number(row[7]);
    event.user = ropp_column_text(row[8]);
    event.entries = row[9];
    event.ban_id = row[10];
    return event;
}

static void event_cells(struct ropp_columns *columns, MYSQL_ROW row)
{
    struct event event = event_of(row);
    char moment[ROPP_MOMENT_TEXT];
    bool import = event.entries != NULL;

    ropp_moment_format(event.time_s, moment);
    ropp_columns_cell(columns, moment);
    ropp_columns_cell(columns, event.action);
    ropp_columns_cell(columns, event.kind != NULL ? event.kind : "");
    if (import)
        ropp_columns_format(columns, "%s entries", event.entries);
    else
        ropp_columns_cell(columns, event.prefix);
    ropp_moment_format(event.expires_s, moment);
    ropp_columns_cell(columns, event.expires_s != 0 ? moment : import ? "" : "for ever");
    ropp_columns_cell(columns, event.source);
    ropp_columns_cell(columns, event.author);
    ropp_columns_cell(columns, event.user);
    ropp_columns_cell(columns, event.reason);
}

static void event_json(struct ropp_json *json, MYSQL_ROW row)
{
    struct event event = event_of(row);

    ropp_json_begin(json, NULL, '{');
    ropp_json_moment(json, "time", event.time_s);
    ropp_json_string(json, "action", event.action);
    ropp_json_raw(json, "id", event.ban_id != NULL ? event.ban_id : "null");
    ropp_json_string(json, "kind", event.kind);
    ropp_json_string(json, "prefix", event.prefix);
    ropp_json_string(json, "reason", event.reason);
    ropp_json_string(json, "author", event.author);
    ropp_json_string(json, "source", event.source);
    ropp_json_moment(json, "expires", event.expires_s);
    ropp_json_string(json, "user", event.user);
    ropp_json_raw(json, "entries", event.entries != NULL ? event.entries : "null");
    ropp_json_end(json, '}');
}

static void print_json(const struct request *request, MYSQL_RES *rows, uint64_t total,
                       uint64_t pages)
{
    struct ropp_json json = {.out = stdout};
    struct ropp_entry entry;
    MYSQL_ROW row;

    ropp_json_begin(&json, NULL, '{');
    ropp_json_number(&json, "total", (int64_t)total);
    ropp_json_number(&json, "page", (int64_t)request->page);
    ropp_json_number(&json, "pages", (int64_t)pages);
    ropp_json_begin(&json, request->history ? "history" : "entries", '[');
    while ((row = mysql_fetch_row(rows)) != NULL) {
        if (request->history) {
            event_json(&json, row);
        } else {
            entry = ropp_entry_of(row);
            ropp_entry_json(&json, NULL, &entry);
        }
    }
    ropp_json_end(&json, ']');
    ropp_json_end(&json, '}');
    putchar('\n');
}

static void print_footer(const struct request *request, uint64_t shown, uint64_t total,
                         uint64_t pages)
{
    uint64_t first = (uint64_t)(request->page - 1) * request->limit + 1;

    if (total == 0)
        printf("no entry%s\n", request->expired   ? " has ended"
                               : request->history ? ""
                                                  : " in force");
    else if (shown == 0)
        printf("no such page: there are %" PRIu64 "\n", pages);
    else if (pages == 1)
        printf("%" PRIu64 " in all\n", total);
    else
        printf("%" PRIu64 " to %" PRIu64 " of %" PRIu64 ", page %lu of %" PRIu64 "%s\n", first,
               first + shown - 1, total, request->page, pages,
               request->page < pages ? ": --page shows the next ones" : "");
}

static void print_table(const struct request *request, MYSQL_RES *rows, uint64_t total,
                        uint64_t pages)
{
    static const char *const entry_names[] = {"ID",     "KIND",    "PREFIX", "UNTIL", "LIST",
                                              "AUTHOR", "CREATED", "REASON", NULL};
    static const char *const event_names[] = {"TIME", "ACTION", "KIND",     "PREFIX", "UNTIL",
                                              "LIST", "AUTHOR", "SQL USER", "REASON", NULL};
    struct ropp_columns columns = {request->history ? "lllllllll" : "rlllllll", NULL, 0};
    MYSQL_ROW row;

    if (mysql_num_rows(rows) > 0)
        heading(&columns, request->history ? event_names : entry_names);
    while ((row = mysql_fetch_row(rows)) != NULL) {
        if (request->history)
            event_cells(&columns, row);
        else
            entry_cells(&columns, row);
    }
    ropp_columns_print(&columns, 1, stdout);
    print_footer(request, mysql_num_rows(rows), total, pages);
}

/* Whether there is the list that is asked for; of one that is gone the history still tells. */
static int check_source(struct ropp_session *session, const struct request *request)
{
    bool there;

    if (request->source == NULL)
        return ROPP_EXIT_DONE;
    if (!(request->history ? ropp_source_recorded : ropp_source_known)(session, request->source,
                                                                       &there))
        return ropp_session_error(session);
    return there ? ROPP_EXIT_DONE : ropp_source_refuse(session, request->source);
}

static int list(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    int status = check_source(session, request);
    MYSQL_RES *rows;
    uint64_t total, pages;

    if (status != ROPP_EXIT_DONE)
        return status;
    if (!count_rows(session, request, &total))
        return ropp_session_error(session);
    rows = read_page(session, request);
    if (rows == NULL)
        return ropp_session_error(session);
    pages = (total + request->limit - 1) / request->limit;
    if (request->json)
        print_json(request, rows, total, pages);
    else
        print_table(request, rows, total, pages);
    mysql_free_result(rows);
    return ROPP_EXIT_DONE;
}

const struct ropp_cli_command ropp_ban_list = {
    .name = "ban list",
    .summary = "show entries, or who changed what (--history)",
    .usage = "[OPTION ...]",
    .about = "Shows the entries in force, the newest first.",
    .options = {{options, ropp_connect_options}},
    .words = {.instead = "filter with --within PREFIX"},
    .statuses = "0 done (also when there is none), 1 no such list, 2 wrong usage or environment",
    .example = "ban list --within 203.0.113.0/24 --history --tree ../rathena",
    ROPP_COMMAND_DATABASE,
    .request_size = sizeof(struct request),
    .defaults = &defaults,
    .read = read_request,
    .run = list,
};
