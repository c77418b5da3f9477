// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "tools/ban/ban.h"
#include "tools/ban/entry.h"
#include "tools/ban/source.h"
#include "tools/ban/target.h"
#include "tools/base/cli.h"
#include "tools/base/json.h"
#include "tools/database/connect.h"
#include "tools/database/query.h"

struct request {
    struct ropp_connect connect;
    const char *source;
    const char *author;
    bool json;
    struct ropp_ban_target target;
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

    request->author = ropp_author(request->author);
    return ropp_target_prefix(words->items[0], &request->target) ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}

/* There is none in this list: says in which there is. */
static int refuse(struct ropp_session *session, const struct request *request,
                  const struct ropp_entries *elsewhere)
{
    int status = ropp_source_check(session, request->source, false);
    const char *text = request->target.text;

    if (status != ROPP_EXIT_DONE)
        return status;
    if (elsewhere->count == 0)
        ropp_error("not listed: %s: see what is around it with `ropp ban list --within %s`, or "
                   "what decides with `ropp ban check`",
                   text, text);
    else
        ropp_error("not in the list %s: %s: it is in %s; take it out there with --source %s, which "
                   "lasts until the next import, or let it in with `ropp ban add %s --allow`",
                   request->source, text, elsewhere->items[0].source, elsewhere->items[0].source,
                   text);
    return ROPP_EXIT_REFUSED;
}

static void print_text(const struct ropp_session *session, const struct request *request,
                       const struct ropp_entry *entry)
{
    printf("taken out: %s %s, ", entry->allow ? "allowance of" : "ban of", entry->prefix);
    ropp_entry_print_end(entry, session->now_s);
    putchar('\n');
    if (entry->expires_s != 0 && entry->expires_s <= session->now_s)
        return;
    fputs("undo: ", stdout);
    ropp_entry_print_add(entry, &request->connect);
}

static void report(const struct ropp_session *session, const struct request *request,
                   const struct ropp_entries *deleted)
{
    struct ropp_json json = {.out = stdout};

    if (!request->json) {
        for (size_t i = 0; i < deleted->count; i++)
            print_text(session, request, &deleted->items[i]);
        return;
    }
    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "result", "deleted");
    ropp_json_begin(&json, "entries", '[');
    for (size_t i = 0; i < deleted->count; i++)
        ropp_entry_json(&json, NULL, &deleted->items[i]);
    ropp_json_done(&json, "]}");
}

/* The same letters in another case are the same list, as they are for the database. */
static int del(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    const char *all = ropp_target_sql(session, &request->target);
    const char *ours = ropp_sql_format(session, "%s AND source = %s", all,
                                       ropp_sql_text(session, request->source));
    struct ropp_entries elsewhere = {0}, deleted = {0};
    int status = ROPP_EXIT_DONE;

    if (!ropp_session_begin(session, request->author) ||
        !ropp_entries_read(session, &deleted,
                           ropp_sql_format(session, "%s ORDER BY id FOR UPDATE", ours)) ||
        !ropp_session_run(session, "DELETE FROM proxy_ban WHERE %s", ours) ||
        !ropp_entries_read(session, &elsewhere, ropp_sql_format(session, "%s ORDER BY id", all)) ||
        !ropp_session_run(session, "COMMIT"))
        status = ropp_session_error(session);
    else if (deleted.count > 0)
        report(session, request, &deleted);
    else
        status = refuse(session, request, &elsewhere);
    ropp_entries_free(&elsewhere);
    ropp_entries_free(&deleted);
    return status;
}

const struct ropp_cli_command ropp_ban_del = {
    .name = "ban del",
    .summary = "take entries of a prefix out",
    .usage = "PREFIX [OPTION ...]",
    .about = "Takes the entries of exactly this prefix out of a list, bans and allowances, and "
             "prints how to put them back. `ropp ban list --history` keeps what was taken out.",
    .words = {.most = 1, .missing = "no prefix"},
    .statuses = "0 done, 1 there is none, 2 wrong usage or environment",
    .example = "ban del 203.0.113.0/24 --tree ../rathena",
    ROPP_COMMAND_DATABASE(struct request, options),
    .defaults = &defaults,
    .read = read_request,
    .run = del,
};
