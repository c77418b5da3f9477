// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
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
#include "tools/lists/range.h"

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
    struct ropp_ban_target target; /* with `within` */
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
        strcmp(request->kind, "allow") != 0)
        return ropp_fail(ROPP_EXIT_USAGE, "no such kind: --kind %s: there are ban and allow",
                         request->kind);
    if (request->expired && request->history) {
        return ropp_fail(ROPP_EXIT_USAGE, "two lists: --expired and --history: give one of them");
    }
    return request->within == NULL || ropp_target_prefix(request->within, &request->target)
               ? ROPP_EXIT_DONE
               : ROPP_EXIT_USAGE;
}

/* ---- filters ---- */

static void add_text(struct ropp_buffer *sql, struct ropp_session *session, const char *column,
                     const char *value)
{
    if (value != NULL)
        ropp_buffer_format(sql, " AND %s = %s", column, ropp_sql_text(session, value));
}

/* The history keeps no ranges, so that only the very prefix can be looked for there. */
static void add_within(struct ropp_buffer *sql, struct ropp_session *session,
                       const struct request *request)
{
    const struct ropp_prefix *prefix = &request->target.prefix;
    struct ropp_range range;
    struct ropp_addr last;

    if (request->history) {
        ropp_buffer_format(sql, " AND prefix = '%s'", request->target.text);
        return;
    }
    range = ropp_range_of(prefix);
    last = ropp_number_addr(range.family, range.last);
    ropp_buffer_format(sql,
                       " AND family = %d AND range_start BETWEEN %s AND %s AND prefix_length >= %u",
                       range.family == ROPP_FAMILY_INET ? 4 : 6,
                       ropp_sql_address(session, &prefix->addr), ropp_sql_address(session, &last),
                       prefix->length);
}

/* "FROM ... WHERE ..." for what is asked. */
static const char *from_of(struct ropp_session *session, const struct request *request)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_text(&sql, request->history   ? "FROM proxy_ban_history WHERE TRUE"
                           : request->expired ? "FROM proxy_ban WHERE NOT " ROPP_ENTRY_IN_FORCE
                                              : "FROM proxy_ban WHERE " ROPP_ENTRY_IN_FORCE);
    add_text(&sql, session, "source", request->source);
    add_text(&sql, session, "kind", request->kind);
    add_text(&sql, session, "author", request->author);
    if (request->within != NULL)
        add_within(&sql, session, request);
    if (request->reason != NULL)
        ropp_buffer_format(&sql, " AND INSTR(reason, %s) > 0",
                           ropp_sql_text(session, request->reason));
    return ropp_sql_take(session, &sql);
}

/* ---- what is shown ---- */

/* The columns of an event of the history, of which some are NULL for an import. */
#define EVENT_COLUMNS                                                                              \
    "UNIX_TIMESTAMP(time), action, kind, prefix, reason, author, source, "                         \
    "UNIX_TIMESTAMP(expires), user, entries, ban_id"
enum { TIME, ACTION, KIND, PREFIX, REASON, AUTHOR, SOURCE, EXPIRES, SQL_USER, ENTRIES, BAN_ID };

static void moment_cell(struct ropp_columns *columns, int64_t unix_s, const char *none)
{
    char moment[ROPP_MOMENT_TEXT];

    ropp_moment_format(unix_s, moment);
    ropp_columns_cell(columns, unix_s != 0 ? moment : none);
}

static void entry_cells(struct ropp_columns *columns, MYSQL_ROW row)
{
    struct ropp_entry entry = ropp_entry_of(row);

    ropp_columns_format(columns, "%" PRIu64, entry.id);
    ropp_columns_cell(columns, ropp_kind_text(entry.allow));
    ropp_columns_cell(columns, entry.prefix);
    moment_cell(columns, entry.expires_s, "for ever");
    ropp_columns_cell(columns, entry.source);
    ropp_columns_cell(columns, entry.author);
    moment_cell(columns, entry.created_s, "");
    ropp_columns_cell(columns, entry.reason);
}

static void event_cells(struct ropp_columns *columns, MYSQL_ROW row)
{
    static const int behind[] = {SOURCE, AUTHOR, SQL_USER, REASON};
    size_t i;

    moment_cell(columns, ropp_column_number(row[TIME]), "");
    ropp_columns_cell(columns, row[ACTION]);
    ropp_columns_cell(columns, ropp_column_text(row[KIND]));
    if (row[ENTRIES] != NULL)
        ropp_columns_format(columns, "%s entries", row[ENTRIES]);
    else
        ropp_columns_cell(columns, row[PREFIX]);
    moment_cell(columns, ropp_column_number(row[EXPIRES]), row[ENTRIES] != NULL ? "" : "for ever");
    for (i = 0; i < sizeof behind / sizeof behind[0]; i++)
        ropp_columns_cell(columns, row[behind[i]]);
}

static void entry_json(struct ropp_json *json, MYSQL_ROW row)
{
    struct ropp_entry entry = ropp_entry_of(row);

    ropp_entry_json(json, NULL, &entry);
}

static void event_json(struct ropp_json *json, MYSQL_ROW row)
{
    ropp_json_begin(json, NULL, '{');
    ropp_json_moment(json, "time", ropp_column_number(row[TIME]));
    ropp_json_string(json, "action", row[ACTION]);
    ropp_json_raw(json, "id", row[BAN_ID]);
    ropp_json_string(json, "kind", row[KIND]);
    ropp_json_string(json, "prefix", row[PREFIX]);
    ropp_json_string(json, "reason", row[REASON]);
    ropp_json_string(json, "author", row[AUTHOR]);
    ropp_json_string(json, "source", row[SOURCE]);
    ropp_json_moment(json, "expires", ropp_column_number(row[EXPIRES]));
    ropp_json_string(json, "user", row[SQL_USER]);
    ropp_json_raw(json, "entries", row[ENTRIES]);
    ropp_json_end(json, '}');
}

/* The two things that there are to list. */
static const struct {
    const char *columns, *key, *sides;
    const char *headings[10]; /* NULL behind the last */
    void (*cells)(struct ropp_columns *columns, MYSQL_ROW row);
    void (*json)(struct ropp_json *json, MYSQL_ROW row);
} things[] = {
    {ROPP_ENTRY_COLUMNS,
     "entries",
     "rlllllll",
     {"ID", "KIND", "PREFIX", "UNTIL", "LIST", "AUTHOR", "CREATED", "REASON"},
     entry_cells,
     entry_json},
    {EVENT_COLUMNS,
     "history",
     "lllllllll",
     {"TIME", "ACTION", "KIND", "PREFIX", "UNTIL", "LIST", "AUTHOR", "SQL USER", "REASON"},
     event_cells,
     event_json},
};

static void print_json(const struct request *request, MYSQL_RES *rows, uint64_t total,
                       uint64_t pages)
{
    struct ropp_json json = {.out = stdout};
    MYSQL_ROW row;

    ropp_json_begin(&json, NULL, '{');
    ropp_json_number(&json, "total", (int64_t)total);
    ropp_json_number(&json, "page", (int64_t)request->page);
    ropp_json_number(&json, "pages", (int64_t)pages);
    ropp_json_begin(&json, things[request->history].key, '[');
    while ((row = mysql_fetch_row(rows)) != NULL)
        things[request->history].json(&json, row);
    ropp_json_done(&json, "]}");
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
    struct ropp_columns columns = {.sides = things[request->history].sides};
    const char *const *heading = things[request->history].headings;
    MYSQL_ROW row;

    for (; mysql_num_rows(rows) > 0 && *heading != NULL; heading++)
        ropp_columns_cell(&columns, *heading);
    while ((row = mysql_fetch_row(rows)) != NULL)
        things[request->history].cells(&columns, row);
    ropp_columns_print(&columns, 1, stdout);
    print_footer(request, mysql_num_rows(rows), total, pages);
}

/* Of a list that is gone there is still the history. */
static int list(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    const char *from = from_of(session, request);
    int status = ROPP_EXIT_DONE;
    MYSQL_RES *rows = NULL;
    uint64_t total, pages;

    if (request->source != NULL)
        status = ropp_source_check(session, request->source, request->history);
    if (status != ROPP_EXIT_DONE)
        return status;
    if (ropp_session_number(session, &total, ropp_sql_format(session, "SELECT COUNT(*) %s", from)))
        rows = ropp_session_rows(
            session,
            ropp_sql_format(session, "SELECT %s %s ORDER BY id DESC LIMIT %lu OFFSET %" PRIu64,
                            things[request->history].columns, from, request->limit,
                            (uint64_t)(request->page - 1) * request->limit));
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
    .words = {.instead = "filter with --within PREFIX"},
    .statuses = "0 done (also when there is none), 1 no such list, 2 wrong usage or environment",
    .example = "ban list --within 203.0.113.0/24 --history --tree ../rathena",
    ROPP_COMMAND_DATABASE(struct request, options),
    .defaults = &defaults,
    .read = read_request,
    .run = list,
};
