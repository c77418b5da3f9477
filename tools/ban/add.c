#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ban/ban.h"
#include "tools/ban/entry.h"
#include "tools/ban/guard.h"
#include "tools/ban/source.h"
#include "tools/ban/target.h"
#include "tools/base/cli.h"
#include "tools/base/columns.h"
#include "tools/base/json.h"
#include "tools/base/moment.h"
#include "tools/database/connect.h"
#include "tools/database/query.h"
#include "tools/lists/listfile.h"

struct request {
    struct ropp_connect connect;
    const char *duration;
    const char *until;
    const char *reason; /* NULL: not given */
    const char *author;
    const char *source;
    bool allow;
    bool force;
    bool json;
    struct ropp_prefix prefix;
    char text[ROPP_PREFIX_TEXT]; /* the prefix's */
    bool widened;                /* from one IPv6 address */
    struct ropp_end end;
};

static const struct request defaults = {.source = ROPP_SOURCE_MANUAL};

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, duration, "--for", "DURATION",
              "30m, 12h, 7d, 2w; without an end it stays for ever"),
    ROPP_TEXT(struct request, until, "--until", "MOMENT", "'YYYY-MM-DD HH:MM'"),
    ROPP_TEXT(struct request, reason, "--reason", "TEXT", "kept with it, for people"),
    ROPP_TEXT(struct request, author, "--author", "NAME", "who does it (you, unless given)"),
    ROPP_TEXT(struct request, source, "--source", "NAME", "the list to put it into (manual)"),
    ROPP_FLAG(struct request, allow, "--allow",
              "the opposite: lets the prefix in where a shorter one is banned"),
    ROPP_FLAG(struct request, force, "--force",
              "also a private network, one of the servers, or a prefix shorter than /8 (IPv4) or "
              "/16 (IPv6)"),
    ROPP_FLAG(struct request, json, "--json", "print one JSON object"),
    ROPP_OPTIONS_END,
};

/* ---- what a ban must not hit ---- */

static bool is_harmless(const struct request *request)
{
    char text[ROPP_PREFIX_TEXT];
    struct ropp_prefix part;

    if (request->allow || request->force)
        return true;
    if (ropp_guard_wide(&request->prefix)) {
        ropp_error("very wide: %s: shorter than /%d; add --force if you mean it", request->text,
                   request->prefix.addr.family == ROPP_FAMILY_INET ? ROPP_LIST_WIDE_V4
                                                                   : ROPP_LIST_WIDE_V6);
        return false;
    }
    if (ropp_guard_private(&request->prefix, &part)) {
        ropp_prefix_format(&part, text);
        ropp_error("private or reserved: %s: your own servers may be in %s; add --force if you "
                   "mean it",
                   request->text, text);
        return false;
    }
    return true;
}

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    if (words->count == 0) {
        ropp_error("no prefix: ban add: write `ropp ban add PREFIX`");
        return ROPP_EXIT_USAGE;
    }
    if (request->author == NULL)
        request->author = ropp_author_default();
    if (!ropp_target_prefix(words->items[0], &request->prefix, &request->widened))
        return ROPP_EXIT_USAGE;
    ropp_prefix_format(&request->prefix, request->text);
    if (!ropp_end_read(request->duration, request->until, &request->end))
        return ROPP_EXIT_USAGE;
    return is_harmless(request) ? ROPP_EXIT_DONE : ROPP_EXIT_REFUSED;
}

static int check_servers(struct ropp_session *session, const struct request *request)
{
    char *server;

    if (request->allow || request->force)
        return ROPP_EXIT_DONE;
    if (!ropp_guard_servers(session, &request->prefix, 1, &server))
        return ropp_session_error(session);
    if (server == NULL)
        return ROPP_EXIT_DONE;
    ropp_error("one of your servers: %s: contains %s; add --force if you mean it", request->text,
               server);
    free(server);
    return ROPP_EXIT_REFUSED;
}

/* ---- writing ---- */

/* The condition of entries of this very prefix that are in force. */
static void same_prefix(struct ropp_buffer *sql, const struct request *request, bool allow)
{
    ropp_buffer_text(sql, "range_start = ");
    ropp_sql_address(sql, &request->prefix.addr);
    ropp_buffer_format(sql, " AND prefix_length = %u AND prefix = '%s' AND kind = '%s' AND ",
                       request->prefix.length, request->text, allow ? "allow" : "ban");
    ropp_buffer_text(sql, ROPP_ENTRY_IN_FORCE);
}

/* The entries that are changed, the one that decides first. */
static MYSQL_RES *find_existing(struct ropp_session *session, const struct request *request)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_text(&sql, "SELECT " ROPP_ENTRY_COLUMNS " FROM proxy_ban WHERE ");
    same_prefix(&sql, request, request->allow);
    ropp_buffer_text(&sql, " AND source = ");
    ropp_sql_text(&sql, session, request->source);
    ropp_buffer_text(&sql, " ORDER BY expires IS NOT NULL, expires DESC, id FOR UPDATE");
    return ropp_session_rows(session, &sql);
}

static bool insert(struct ropp_session *session, const struct request *request, uint64_t *id)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_format(&sql,
                       "INSERT INTO proxy_ban (kind, prefix, reason, author, source, expires) "
                       "VALUES ('%s', '%s', ",
                       request->allow ? "allow" : "ban", request->text);
    ropp_sql_text(&sql, session, request->reason != NULL ? request->reason : "");
    ropp_buffer_text(&sql, ", ");
    ropp_sql_text(&sql, session, request->author);
    ropp_buffer_text(&sql, ", ");
    ropp_sql_text(&sql, session, request->source);
    ropp_buffer_text(&sql, ", ");
    ropp_sql_moment(&sql, ropp_end_at(&request->end, session->now_s));
    ropp_buffer_text(&sql, ")");
    if (!ropp_session_run(session, &sql))
        return false;
    *id = mysql_insert_id(session->db.mysql);
    return true;
}

static bool change(struct ropp_session *session, const struct request *request, uint64_t id)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_text(&sql, "UPDATE proxy_ban SET expires = ");
    ropp_sql_moment(&sql, ropp_end_at(&request->end, session->now_s));
    ropp_buffer_text(&sql, ", author = ");
    ropp_sql_text(&sql, session, request->author);
    if (request->reason != NULL) {
        ropp_buffer_text(&sql, ", reason = ");
        ropp_sql_text(&sql, session, request->reason);
    }
    ropp_buffer_format(&sql, " WHERE id = %llu", (unsigned long long)id);
    return ropp_session_run(session, &sql);
}

static bool drop(struct ropp_session *session, uint64_t id)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_format(&sql, "DELETE FROM proxy_ban WHERE id = %llu", (unsigned long long)id);
    return ropp_session_run(session, &sql);
}

/* Changes the first of the existing entries and drops the others, which could outlive it; or
 * inserts one. *id is its id, and *before what it was, 0 for a new one. */
static bool write_entry(struct ropp_session *session, const struct request *request,
                        MYSQL_RES *existing, uint64_t *id, struct ropp_entry *before)
{
    MYSQL_ROW row = mysql_fetch_row(existing);

    memset(before, 0, sizeof *before);
    if (row == NULL)
        return insert(session, request, id);
    *before = ropp_entry_of(row);
    *id = before->id;
    if (!change(session, request, *id))
        return false;
    while ((row = mysql_fetch_row(existing)) != NULL)
        if (!drop(session, ropp_entry_of(row).id))
            return false;
    return true;
}

/* ---- the answer ---- */

struct answer {
    char *notes[4];
    size_t note_count;
};

static void note(struct answer *answer, char *text)
{
    answer->notes[answer->note_count++] = text;
}

/* The first entry makes the list, and a slip makes one as well. */
static bool note_new_list(struct ropp_session *session, const struct request *request,
                          struct answer *answer)
{
    struct ropp_suggestion meant;
    bool known;

    if (!ropp_source_known(session, request->source, &known) ||
        (!known && !ropp_source_guess(session, request->source, &meant)))
        return false;
    if (!known)
        note(answer, meant.nearest[0] != '\0' ? ropp_format("a new list: %s; or did you mean '%s'?",
                                                            request->source, meant.nearest)
                                              : ropp_format("a new list: %s", request->source));
    return true;
}

/* What a ban is worth when an allowance of the same prefix stands beside it. */
static bool note_allowance(struct ropp_session *session, const struct request *request,
                           struct answer *answer)
{
    struct ropp_buffer sql = {0};
    MYSQL_RES *result;
    MYSQL_ROW row;

    if (request->allow)
        return true;
    ropp_buffer_text(&sql, "SELECT " ROPP_ENTRY_COLUMNS " FROM proxy_ban WHERE ");
    same_prefix(&sql, request, true);
    ropp_buffer_text(&sql, " LIMIT 1");
    result = ropp_session_rows(session, &sql);
    if (result == NULL)
        return false;
    row = mysql_fetch_row(result);
    if (row != NULL)
        note(answer,
             ropp_format("an allowance of the same prefix is stronger: #%llu of the list "
                         "%s; take it out with `ropp ban del %s --source %s`",
                         (unsigned long long)ropp_entry_of(row).id, ropp_entry_of(row).source,
                         request->text, ropp_entry_of(row).source));
    mysql_free_result(result);
    return true;
}

/* The command that takes it out again, or makes it what it was. */
static void print_undo(const struct request *request, const struct ropp_entry *entry,
                       const struct ropp_entry *before)
{
    fputs("undo: ", stdout);
    if (before->id != 0) {
        ropp_entry_print_add(stdout, before, &request->connect);
    } else {
        ropp_print_self(stdout);
        printf(" ban del %s", entry->prefix);
        if (strcmp(entry->source, ROPP_SOURCE_MANUAL) != 0)
            printf(" --source %s", entry->source);
        ropp_connect_print(stdout, &request->connect);
    }
    putchar('\n');
}

static void print_text(const struct ropp_session *session, const struct request *request,
                       const struct ropp_entry *entry, const struct ropp_entry *before,
                       const struct answer *answer)
{
    char end[ROPP_END_TEXT];
    size_t i;

    ropp_end_format(entry->expires_s, session->now_s, end);
    printf("%s%s %s %s", before->id != 0 ? "changed: " : "", entry->allow ? "let in" : "banned",
           entry->prefix, end);
    if (entry->reason[0] != '\0') {
        fputs(": ", stdout);
        ropp_print_safe(stdout, entry->reason);
    }
    putchar('\n');
    if (before->id != 0) {
        ropp_end_format(before->expires_s, session->now_s, end);
        printf("before: %s", end);
        if (before->reason[0] != '\0') {
            fputs(": ", stdout);
            ropp_print_safe(stdout, before->reason);
        }
        putchar('\n');
    }
    for (i = 0; i < answer->note_count; i++)
        printf("note: %s\n", answer->notes[i]);
    print_undo(request, entry, before);
}

static void print_json(const struct ropp_entry *entry, const struct ropp_entry *before,
                       const struct answer *answer)
{
    struct ropp_json json = {.out = stdout};
    size_t i;

    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "result", before->id != 0 ? "changed" : "added");
    ropp_entry_json(&json, "entry", entry);
    if (before->id != 0)
        ropp_entry_json(&json, "before", before);
    ropp_json_begin(&json, "notes", '[');
    for (i = 0; i < answer->note_count; i++)
        ropp_json_string(&json, NULL, answer->notes[i]);
    ropp_json_end(&json, ']');
    ropp_json_end(&json, '}');
    putchar('\n');
}

/* Shows the entry as the database has it now. */
static int report(struct ropp_session *session, const struct request *request, uint64_t id,
                  const struct ropp_entry *before, struct answer *answer)
{
    struct ropp_buffer sql = {0};
    struct ropp_entry entry;
    MYSQL_RES *result;
    MYSQL_ROW row;

    if (request->widened)
        note(answer, ropp_format("one IPv6 address stands for its /64; write /128 for it alone"));
    if (!note_allowance(session, request, answer))
        return ropp_session_error(session);
    ropp_buffer_format(&sql, "SELECT " ROPP_ENTRY_COLUMNS " FROM proxy_ban WHERE id = %llu",
                       (unsigned long long)id);
    result = ropp_session_rows(session, &sql);
    if (result == NULL)
        return ropp_session_error(session);
    row = mysql_fetch_row(result);
    if (row != NULL) {
        entry = ropp_entry_of(row);
        if (request->json)
            print_json(&entry, before, answer);
        else
            print_text(session, request, &entry, before, answer);
    } else {
        ropp_error("gone again: %s: somebody else has taken it out just now", request->text);
    }
    mysql_free_result(result);
    return row != NULL ? ROPP_EXIT_DONE : ROPP_EXIT_REFUSED;
}

static int write(struct ropp_session *session, const struct request *request, struct answer *answer)
{
    char error[ROPP_ERROR_TEXT];
    struct ropp_entry before;
    MYSQL_RES *existing;
    uint64_t id;
    int status;

    if (!ropp_session_author(session, request->author) ||
        (request->force && !ropp_db_run(&session->db, "SET @ropp_wide = 1", error)) ||
        !ropp_db_run(&session->db, "START TRANSACTION", error))
        return ropp_session_error(session);
    existing = find_existing(session, request);
    if (existing == NULL)
        return ropp_session_error(session);
    if (write_entry(session, request, existing, &id, &before) &&
        ropp_db_run(&session->db, "COMMIT", error))
        status = report(session, request, id, &before, answer);
    else
        status = ropp_session_error(session);
    mysql_free_result(existing);
    return status;
}

static int add(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    struct answer answer = {0};
    int status = check_servers(session, request);
    size_t i;

    if (status != ROPP_EXIT_DONE)
        return status;
    status = note_new_list(session, request, &answer) ? write(session, request, &answer)
                                                      : ropp_session_error(session);
    for (i = 0; i < answer.note_count; i++)
        free(answer.notes[i]);
    return status;
}

const struct ropp_cli_command ropp_ban_add = {
    .name = "ban add",
    .summary = "ban a prefix, or let it in (--allow)",
    .usage = "PREFIX [OPTION ...]",
    .about = "Bans an address or a prefix on every server; an entry of the same prefix and list "
             "that is in force is changed. One IPv6 address stands for its /64. The longest "
             "prefix that contains a player's address decides, and of equal ones an allowance.",
    .options = {{options, ropp_connect_options}},
    .words = {.most = 1},
    .statuses = "0 done, 1 refused, 2 wrong usage or environment",
    .example = "ban add 203.0.113.0/24 --for 7d --reason bots --tree ../rathena",
    ROPP_COMMAND_DATABASE,
    .request_size = sizeof(struct request),
    .defaults = &defaults,
    .read = read_request,
    .run = add,
};
