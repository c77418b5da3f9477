// SPDX-License-Identifier: MIT
#include "tools/ban/entry.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/ban/guard.h"
#include "tools/base/cli.h"
#include "tools/base/columns.h"
#include "tools/base/moment.h"
#include "tools/database/query.h"

struct ropp_entry ropp_entry_of(MYSQL_ROW row)
{
    struct ropp_entry entry = {
        .id = ropp_column_count(row[0]),
        .allow = strcmp(ropp_column_text(row[1]), "allow") == 0,
        .reason = ropp_column_text(row[3]),
        .author = ropp_column_text(row[4]),
        .source = ropp_column_text(row[5]),
        .created_s = ropp_column_number(row[6]),
        .expires_s = ropp_column_number(row[7]),
    };

    snprintf(entry.prefix, sizeof entry.prefix, "%s", ropp_column_text(row[2]));
    (void)ropp_prefix_parse(entry.prefix, strlen(entry.prefix), &entry.network);
    return entry;
}

bool ropp_entries_read(struct ropp_session *session, struct ropp_entries *entries,
                       const char *condition)
{
    const char *sql =
        ropp_sql_format(session, "SELECT " ROPP_ENTRY_COLUMNS " FROM proxy_ban WHERE %s",
                        condition);
    MYSQL_ROW row;

    entries->rows = ropp_session_rows(session, sql);
    if (entries->rows == NULL)
        return false;
    while ((row = mysql_fetch_row(entries->rows)) != NULL) {
        entries->items = ropp_grow(entries->items, entries->count, sizeof *entries->items);
        entries->items[entries->count] = ropp_entry_of(row);
        entries->count += entries->items[entries->count].network.addr.family != ROPP_FAMILY_UNSPEC;
    }
    return true;
}

void ropp_entries_free(struct ropp_entries *entries)
{
    mysql_free_result(entries->rows);
    mysql_free_result(entries->ipbanlist);
    free(entries->items);
}

const char *ropp_kind_text(bool allow)
{
    return allow ? "allow" : "ban";
}

struct ropp_table_entry ropp_entry_row(const struct ropp_entry *entry)
{
    struct ropp_table_entry row = {entry->network, entry->allow ? ROPP_TABLE_ALLOW : ROPP_TABLE_BAN,
                                   entry->expires_s, entry->id};

    return row;
}

void ropp_entry_json(struct ropp_json *json, const char *key, const struct ropp_entry *entry)
{
    if (entry == NULL) {
        ropp_json_raw(json, key, NULL);
        return;
    }
    ropp_json_begin(json, key, '{');
    ropp_json_number(json, "id", (int64_t)entry->id);
    ropp_json_string(json, "kind", ropp_kind_text(entry->allow));
    ropp_json_string(json, "prefix", entry->prefix);
    ropp_json_string(json, "reason", entry->reason);
    ropp_json_string(json, "author", entry->author);
    ropp_json_string(json, "source", entry->source);
    ropp_json_moment(json, "created", entry->created_s);
    ropp_json_moment(json, "expires", entry->expires_s);
    ropp_json_end(json, '}');
}

static bool needs_force(const struct ropp_entry *entry)
{
    struct ropp_prefix part;

    return !entry->allow &&
           (ropp_guard_wide(&entry->network) || ropp_guard_private(&entry->network, &part));
}

void ropp_entry_print_add(const struct ropp_entry *entry, const struct ropp_connect *connect)
{
    char moment[ROPP_MOMENT_TEXT];

    ropp_print_self(stdout);
    printf(" ban add %s%s%s", entry->prefix, entry->allow ? " --allow" : "",
           needs_force(entry) ? " --force" : "");
    if (strcmp(entry->source, ROPP_SOURCE_MANUAL) != 0)
        printf(" --source %s", entry->source);
    if (entry->expires_s != 0) {
        ropp_moment_format_utc(entry->expires_s, moment);
        printf(" --until %s", moment);
    }
    if (entry->reason[0] != '\0') {
        fputs(" --reason ", stdout);
        ropp_print_word(stdout, entry->reason);
    }
    ropp_options_print(stdout, ropp_connect_options, connect);
    putchar('\n');
}

void ropp_entry_print_end(const struct ropp_entry *entry, int64_t now_s)
{
    char end[ROPP_END_TEXT];

    ropp_end_format(entry->expires_s, now_s, end);
    printf("%s%s", end, entry->reason[0] != '\0' ? ": " : "");
    ropp_print_safe(stdout, entry->reason);
}

void ropp_end_format(int64_t expires_s, int64_t now_s, char out[ROPP_END_TEXT])
{
    char moment[ROPP_MOMENT_TEXT], span[ROPP_SPAN_TEXT];

    if (expires_s == 0) {
        snprintf(out, ROPP_END_TEXT, "for ever");
        return;
    }
    ropp_moment_format(expires_s, moment);
    if (expires_s <= now_s) {
        snprintf(out, ROPP_END_TEXT, "until %s, which is past", moment);
        return;
    }
    ropp_span_format(expires_s - now_s, span);
    snprintf(out, ROPP_END_TEXT, "until %s (%s)", moment, span);
}

bool ropp_session_begin(struct ropp_session *session, const char *author)
{
    return ropp_session_run(session, "SET @ropp_author = %s", ropp_sql_text(session, author)) &&
           ropp_session_run(session, "START TRANSACTION");
}

const char *ropp_author(const char *given)
{
    const char *name = given != NULL ? given : getenv("SUDO_USER");
    const struct passwd *account;

    if (name != NULL && (given != NULL || *name != '\0'))
        return name;
    account = getpwuid(getuid());
    return account != NULL ? account->pw_name : "";
}
