// SPDX-License-Identifier: MIT
#include "tools/ban/banned.h"

#include <stdlib.h>
#include <strings.h>

#include "tools/ban/entry.h"
#include "tools/ban/guard.h"
#include "tools/ban/ipbanlist.h"
#include "tools/base/buffer.h"
#include "tools/database/query.h"

/* The entries in force, as the core sees them. */
struct entries {
    struct ropp_table_entry *items;
    size_t count;
    uint64_t standins;
};

static void take(struct entries *entries, const struct ropp_entry *entry)
{
    if (entry->network.addr.family == ROPP_FAMILY_UNSPEC)
        return;
    entries->standins += ropp_guard_standin(&entry->network) && !entry->allow;
    entries->items = ropp_grow(entries->items, entries->count, sizeof *entries->items);
    entries->items[entries->count++] = ropp_entry_row(entry);
}

/* One after the other: there may be a million. */
static bool read_own(struct ropp_session *session, const char *name, struct entries *entries)
{
    const char *source = name != NULL ? ropp_sql_text(session, name) : "source";
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

bool ropp_banned_is_ipbanlist(const char *source)
{
    return strcasecmp(source, ROPP_SOURCE_IPBANLIST) == 0;
}

bool ropp_banned_read(struct ropp_session *session, const char *source,
                      struct ropp_prefix_set *banned, uint64_t *standins)
{
    const bool ipbanlist = source == NULL || ropp_banned_is_ipbanlist(source);
    struct entries entries = {0};
    const bool good =
        read_own(session, source, &entries) && (!ipbanlist || read_ipbanlist(session, &entries));

    if (good)
        ropp_flatten(entries.items, entries.count, session->now_s, banned);
    *standins = entries.standins;
    free(entries.items);
    return good;
}
