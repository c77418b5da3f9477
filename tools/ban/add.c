// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/ban/ban.h"
#include "tools/ban/entry.h"
#include "tools/ban/guard.h"
#include "tools/ban/source.h"
#include "tools/ban/target.h"
#include "tools/base/cli.h"
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
    struct ropp_ban_target target;
    struct ropp_end end;
};

static const struct request defaults = {.source = ROPP_SOURCE_MANUAL};

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, duration, "--for", "DURATION",
              "30m, 12h, 7d, 2w, or seconds; without an end, or with -1, it stays for ever"),
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

/* Whether the ban is no network that it must not hit; with a message. */
static bool is_harmless(const struct request *request)
{
    const struct ropp_ban_target *target = &request->target;
    char text[ROPP_PREFIX_TEXT];
    struct ropp_prefix part;

    if (request->allow || request->force)
        return true;
    if (ropp_guard_wide(&target->prefix))
        return ropp_error("very wide: %s: shorter than /%u; add --force if you mean it",
                          target->text, ropp_list_wide(target->prefix.addr.family));
    if (ropp_guard_private(&target->prefix, &part)) {
        ropp_prefix_format(&part, text);
        return ropp_error(
            "private or reserved: %s: your own servers may be in %s; add --force if you "
            "mean it",
            target->text, text);
    }
    return true;
}

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    request->author = ropp_author(request->author);
    if (!ropp_target_prefix(words->items[0], &request->target) ||
        !ropp_end_read(request->duration, request->until, &request->end))
        return ROPP_EXIT_USAGE;
    return is_harmless(request) ? ROPP_EXIT_DONE : ROPP_EXIT_REFUSED;
}

/* ---- writing ---- */

static bool insert(struct ropp_session *session, const struct request *request, uint64_t *id)
{
    bool good =
        ropp_session_run(session,
                         "INSERT INTO proxy_ban (kind, prefix, reason, author, source, expires) "
                         "VALUES ('%s', '%s', %s, %s, %s, %s)",
                         ropp_kind_text(request->allow), request->target.text,
                         ropp_sql_text(session, request->reason != NULL ? request->reason : ""),
                         ropp_sql_text(session, request->author),
                         ropp_sql_text(session, request->source),
                         ropp_sql_moment(session, ropp_end_at(&request->end, session->now_s)));

    *id = mysql_insert_id(session->db.mysql);
    return good;
}

static bool change(struct ropp_session *session, const struct request *request, uint64_t id)
{
    return ropp_session_run(session,
                            "UPDATE proxy_ban SET expires = %s, author = %s, reason = %s "
                            "WHERE id = %" PRIu64,
                            ropp_sql_moment(session, ropp_end_at(&request->end, session->now_s)),
                            ropp_sql_text(session, request->author),
                            request->reason != NULL ? ropp_sql_text(session, request->reason)
                                                    : "reason",
                            id);
}

/* Changes the first of the existing entries and deletes the others, which could outlive it; or
 * inserts one. *id is its id. */
static bool write_entry(struct ropp_session *session, const struct request *request,
                        const struct ropp_entries *existing, uint64_t *id)
{
    if (existing->count == 0)
        return insert(session, request, id);
    *id = existing->items[0].id;
    if (!change(session, request, *id))
        return false;
    for (size_t i = 1; i < existing->count; i++)
        if (!ropp_session_run(session, "DELETE FROM proxy_ban WHERE id = %" PRIu64,
                              existing->items[i].id))
            return false;
    return true;
}

/* ---- the answer ---- */

/* The first entry makes the list, and a slip makes one as well. */
static bool note_new_list(struct ropp_session *session, const struct request *request,
                          struct ropp_texts *notes)
{
    struct ropp_suggestion meant;
    bool is_new;

    if (!ropp_source_new(session, request->source, &is_new, &meant))
        return false;
    if (is_new)
        ropp_texts_take(notes, meant.nearest[0] != '\0'
                                   ? ropp_format("a new list: %s; or did you mean '%s'?",
                                                 request->source, meant.nearest)
                                   : ropp_format("a new list: %s", request->source));
    return true;
}

/* What a ban is worth when an allowance of the same prefix is beside it. */
static void note_allowance(const struct request *request, const struct ropp_entries *allowances,
                           struct ropp_texts *notes)
{
    const struct ropp_entry *allowance = allowances->items;

    if (allowances->count > 0)
        ropp_texts_take(notes, ropp_format("an allowance of the same prefix is stronger: #%" PRIu64
                                           " of the list %s; take it out with `ropp ban del %s "
                                           "--source %s`",
                                           allowance->id, allowance->source, request->target.text,
                                           allowance->source));
}

/* The command that takes it out again, or makes it what it was. */
static void print_undo(const struct request *request, const struct ropp_entry *entry,
                       const struct ropp_entry *before)
{
    fputs("undo: ", stdout);
    if (before != NULL) {
        ropp_entry_print_add(before, &request->connect);
        return;
    }
    ropp_print_self(stdout);
    printf(" ban del %s", entry->prefix);
    if (strcmp(entry->source, ROPP_SOURCE_MANUAL) != 0)
        printf(" --source %s", entry->source);
    ropp_options_print(stdout, ropp_connect_options, &request->connect);
    putchar('\n');
}

static void print_text(const struct ropp_session *session, const struct request *request,
                       const struct ropp_entry *entry, const struct ropp_entry *before,
                       const struct ropp_texts *notes)
{
    printf("%s%s %s ", before != NULL ? "changed: " : "", entry->allow ? "let in" : "banned",
           entry->prefix);
    ropp_entry_print_end(entry, session->now_s);
    if (before != NULL) {
        fputs("\nbefore: ", stdout);
        ropp_entry_print_end(before, session->now_s);
    }
    putchar('\n');
    for (size_t i = 0; i < notes->count; i++)
        printf("note: %s\n", notes->items[i]);
    print_undo(request, entry, before);
}

static void print_json(const struct ropp_entry *entry, const struct ropp_entry *before,
                       const struct ropp_texts *notes)
{
    struct ropp_json json = {.out = stdout};

    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "result", before != NULL ? "changed" : "added");
    ropp_entry_json(&json, "entry", entry);
    if (before != NULL)
        ropp_entry_json(&json, "before", before);
    ropp_json_begin(&json, "notes", '[');
    for (size_t i = 0; i < notes->count; i++)
        ropp_json_string(&json, NULL, notes->items[i]);
    ropp_json_done(&json, "]}");
}

/* Shows the entry as the database has it now; `before` is what it was, NULL for a new one. */
static int report(struct ropp_session *session, const struct request *request, uint64_t id,
                  const struct ropp_entry *before, struct ropp_texts *notes)
{
    struct ropp_entries allowances = {0}, written = {0};
    const char *allowed =
        ropp_sql_format(session, "%s AND kind = 'allow' AND " ROPP_ENTRY_IN_FORCE " LIMIT 1",
                        ropp_target_sql(session, &request->target));
    int status = ROPP_EXIT_DONE;

    if (request->target.widened)
        ropp_texts_take(notes, ropp_format("one IPv6 address is taken as its /64; write /128 for "
                                           "it alone"));
    if ((!request->allow && !ropp_entries_read(session, &allowances, allowed)) ||
        !ropp_entries_read(session, &written, ropp_sql_format(session, "id = %" PRIu64, id))) {
        status = ropp_session_error(session);
    } else if (written.count == 0) {
        status =
            ropp_fail(ROPP_EXIT_REFUSED, "gone again: %s: somebody else has taken it out just now",
                      request->target.text);
    } else {
        note_allowance(request, &allowances, notes);
        if (request->json)
            print_json(written.items, before, notes);
        else
            print_text(session, request, written.items, before, notes);
    }
    ropp_entries_free(&allowances);
    ropp_entries_free(&written);
    return status;
}

/* Of the entries that are there already, the one that decides comes first. */
static int write(struct ropp_session *session, const struct request *request,
                 struct ropp_texts *notes)
{
    const char *same =
        ropp_sql_format(session,
                        "%s AND kind = '%s' AND " ROPP_ENTRY_IN_FORCE " AND source = %s "
                        "ORDER BY expires IS NOT NULL, expires DESC, id FOR UPDATE",
                        ropp_target_sql(session, &request->target), ropp_kind_text(request->allow),
                        ropp_sql_text(session, request->source));
    struct ropp_entries existing = {0};
    uint64_t id;
    int status;

    if (ropp_session_begin(session, request->author) &&
        (!request->force || ropp_session_run(session, "SET @ropp_wide = 1")) &&
        ropp_entries_read(session, &existing, same) &&
        write_entry(session, request, &existing, &id) && ropp_session_run(session, "COMMIT"))
        status = report(session, request, id, existing.count > 0 ? existing.items : NULL, notes);
    else
        status = ropp_session_error(session);
    ropp_entries_free(&existing);
    return status;
}

static int add(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    struct ropp_texts notes = {0};
    int status = ROPP_EXIT_DONE;

    if (!request->allow && !request->force)
        status = ropp_guard_servers(session, &request->target.prefix, 1, request->target.text,
                                    "add --force if you mean it");
    if (status == ROPP_EXIT_DONE)
        status = note_new_list(session, request, &notes) ? write(session, request, &notes)
                                                         : ropp_session_error(session);
    ropp_texts_free(&notes);
    return status;
}

const struct ropp_cli_command ropp_ban_add = {
    .name = "ban add",
    .summary = "ban a prefix, or let it in (--allow)",
    .usage = "PREFIX [OPTION ...]",
    .about = "Bans an address or a prefix on every server; an entry of the same prefix and list "
             "that is in force is changed. One IPv6 address is taken as its /64. The longest "
             "prefix that contains a player's address decides, and of equal ones an allowance.",
    .words = {.most = 1, .missing = "no prefix"},
    .statuses = "0 done, 1 refused, 2 wrong usage or environment",
    .example = "ban add 203.0.113.0/24 --for 7d --reason bots --tree ../rathena",
    ROPP_COMMAND_DATABASE(struct request, options),
    .defaults = &defaults,
    .read = read_request,
    .run = add,
};
