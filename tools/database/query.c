// SPDX-License-Identifier: MIT
#include "tools/database/query.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Makes a text the session's. */
static const char *keep(struct ropp_session *session, char *text)
{
    ropp_texts_take(&session->texts, text);
    return text;
}

const char *ropp_sql_text(struct ropp_session *session, const char *text)
{
    unsigned long length = (unsigned long)strlen(text), size;
    char *quoted = ropp_alloc(2 * length + 3, 1);

    quoted[0] = '\'';
    size = mysql_real_escape_string(session->db.mysql, quoted + 1, text, length);
    quoted[size + 1] = '\'';
    return keep(session, quoted);
}

const char *ropp_sql_moment(struct ropp_session *session, int64_t unix_s)
{
    return unix_s == 0 ? "NULL" : ropp_sql_format(session, "FROM_UNIXTIME(%" PRId64 ")", unix_s);
}

const char *ropp_sql_address(struct ropp_session *session, const struct ropp_addr *addr)
{
    char text[ROPP_ADDR_TEXT];

    ropp_addr_format(addr, text);
    return ropp_sql_format(session, "'%s%s'", addr->family == ROPP_FAMILY_INET ? "::ffff:" : "",
                           text);
}

const char *ropp_sql_format(struct ropp_session *session, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = ropp_vformat(format, args);
    va_end(args);
    return keep(session, text);
}

const char *ropp_sql_take(struct ropp_session *session, struct ropp_buffer *sql)
{
    return keep(session, ropp_buffer_take(sql));
}

bool ropp_session_run(struct ropp_session *session, const char *format, ...)
{
    va_list args;
    char *sql;
    bool good;

    va_start(args, format);
    sql = ropp_vformat(format, args);
    va_end(args);
    good = mysql_real_query(session->db.mysql, sql, (unsigned long)strlen(sql)) == 0;
    free(sql);
    return good;
}

MYSQL_RES *ropp_session_rows(struct ropp_session *session, const char *sql)
{
    return ropp_session_run(session, "%s", sql) ? mysql_store_result(session->db.mysql) : NULL;
}

MYSQL_RES *ropp_session_stream(struct ropp_session *session, const char *sql)
{
    return ropp_session_run(session, "%s", sql) ? mysql_use_result(session->db.mysql) : NULL;
}

bool ropp_session_number(struct ropp_session *session, uint64_t *number, const char *sql)
{
    MYSQL_RES *rows = ropp_session_rows(session, sql);
    MYSQL_ROW row;

    if (rows == NULL)
        return false;
    row = mysql_fetch_row(rows);
    *number = row != NULL ? ropp_column_count(row[0]) : 0;
    mysql_free_result(rows);
    return true;
}

const char *ropp_column_text(const char *column)
{
    return column != NULL ? column : "";
}

int64_t ropp_column_number(const char *column)
{
    return column != NULL ? strtoll(column, NULL, 10) : 0;
}

uint64_t ropp_column_count(const char *column)
{
    return column != NULL ? strtoull(column, NULL, 10) : 0;
}
