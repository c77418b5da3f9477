// SPDX-License-Identifier: MIT
#include "tools/ban/ipbanlist.h"

#include <stdlib.h>
#include <string.h>

#include "tools/database/query.h"

enum { ERROR_NO_TABLE = 1146 };

/* A name in SQL. */
static const char *quoted_name(struct ropp_session *session, const char *name)
{
    struct ropp_buffer quoted = {0};

    ropp_buffer_text(&quoted, "`");
    for (; *name != '\0'; name++)
        ropp_buffer_add(&quoted, *name == '`' ? "``" : name, *name == '`' ? 2 : 1);
    ropp_buffer_text(&quoted, "`");
    return ropp_sql_take(session, &quoted);
}

#define REASON "CONVERT(reason USING utf8mb4) COLLATE utf8mb4_bin"

bool ropp_ipbanlist_reasons(struct ropp_session *session, struct ropp_texts *reasons)
{
    static const char usual[] = "Password error ban";
    MYSQL_RES *rows = ropp_session_rows(
        session, "SELECT DISTINCT j.reason FROM proxy_status s JOIN JSON_TABLE(s.login_only, "
                 "'$[*]' COLUMNS (reason VARCHAR(255) PATH '$')) j WHERE j.reason IS NOT NULL");
    const bool good = rows != NULL;
    MYSQL_ROW row;

    while (good && (row = mysql_fetch_row(rows)) != NULL)
        ropp_texts_add(reasons, row[0], strlen(row[0]));
    mysql_free_result(rows);
    if (reasons->count == 0)
        ropp_texts_add(reasons, usual, sizeof usual - 1);
    return good;
}

/* The condition of rows that act at the login server alone: their reason is one of those, or begins
 * so where that ends in %. */
static const char *login_only(struct ropp_session *session)
{
    struct ropp_texts reasons = {0};
    struct ropp_buffer list = {0};

    (void)ropp_ipbanlist_reasons(session, &reasons);
    for (size_t i = 0; i < reasons.count; i++) {
        const char *text = reasons.items[i], *reason = ropp_sql_text(session, text);

        ropp_buffer_format(&list, "%s" REASON " = %s", list.size > 0 ? " OR " : "", reason);
        if (strlen(text) > 1 && text[strlen(text) - 1] == '%')
            ropp_buffer_format(&list,
                               " OR LEFT(" REASON ", CHAR_LENGTH(%s) - 1) = "
                               "LEFT(%s, CHAR_LENGTH(%s) - 1)",
                               reason, reason, reason);
    }
    ropp_texts_free(&reasons);
    return ropp_sql_take(session, &list);
}

/* The condition of patterns that match the address; NULL: of all. */
static const char *around(struct ropp_session *session, const struct ropp_addr *addr)
{
    const uint8_t *b = addr != NULL ? addr->bytes : NULL;

    return b == NULL ? "TRUE"
                     : ropp_sql_format(session,
                                       "list IN ('%d.%d.%d.%d', '%d.%d.%d.*', '%d.%d.*.*', "
                                       "'%d.*.*.*')",
                                       b[0], b[1], b[2], b[3], b[0], b[1], b[2], b[0], b[1], b[0]);
}

static void take_row(struct ropp_entries *entries, MYSQL_ROW row)
{
    const char *pattern = ropp_column_text(row[0]);
    struct ropp_entry entry = {.reason = ropp_column_text(row[1]),
                               .author = "",
                               .source = ROPP_SOURCE_IPBANLIST,
                               .created_s = ropp_column_number(row[2]),
                               .expires_s = ropp_column_number(row[3]),
                               .login_only = ropp_column_number(row[4]) != 0};

    if (!ropp_pattern_parse(pattern, strlen(pattern), &entry.network))
        return;
    ropp_prefix_format(&entry.network, entry.prefix);
    entries->items = ropp_grow(entries->items, entries->count, sizeof *entries->items);
    entries->items[entries->count++] = entry;
}

bool ropp_ipbanlist_read(struct ropp_session *session, const struct ropp_addr *addr,
                         struct ropp_entries *entries)
{
    MYSQL_ROW row;

    /* Its times are not TIMESTAMPs, so that they mean what they mean on the server's clock. */
    if (!ropp_session_run(session, "SET time_zone = @@global.time_zone"))
        return false;
    entries->ipbanlist = ropp_session_rows(
        session, ropp_sql_format(session,
                                 "SELECT list, reason, UNIX_TIMESTAMP(btime), "
                                 "UNIX_TIMESTAMP(rtime), COALESCE(%s, FALSE) FROM %s WHERE "
                                 "rtime > NOW() AND %s",
                                 login_only(session), quoted_name(session, session->ipban_table),
                                 around(session, addr)));
    if ((entries->ipbanlist == NULL && mysql_errno(session->db.mysql) != ERROR_NO_TABLE) ||
        !ropp_session_run(session, "SET time_zone = '+00:00'"))
        return false;
    while (entries->ipbanlist != NULL && (row = mysql_fetch_row(entries->ipbanlist)) != NULL)
        take_row(entries, row);
    return true;
}
