#include "tools/database/query.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void ropp_sql_text(struct ropp_buffer *sql, struct ropp_session *session, const char *text)
{
    size_t length = strlen(text);
    char *escaped = ropp_alloc(2 * length + 1, 1);
    unsigned long size =
        mysql_real_escape_string(session->db.mysql, escaped, text, (unsigned long)length);

    ropp_buffer_text(sql, "'");
    ropp_buffer_add(sql, escaped, size);
    ropp_buffer_text(sql, "'");
    free(escaped);
}

void ropp_sql_moment(struct ropp_buffer *sql, int64_t unix_s)
{
    if (unix_s == 0)
        ropp_buffer_text(sql, "NULL");
    else
        ropp_buffer_format(sql, "FROM_UNIXTIME(%" PRId64 ")", unix_s);
}

void ropp_sql_address(struct ropp_buffer *sql, const struct ropp_addr *addr)
{
    char text[ROPP_ADDR_TEXT];

    ropp_addr_format(addr, text);
    ropp_buffer_format(sql, "'%s%s'", addr->family == ROPP_FAMILY_INET ? "::ffff:" : "", text);
}

bool ropp_session_run(struct ropp_session *session, struct ropp_buffer *sql)
{
    char error[ROPP_ERROR_TEXT];
    bool good = ropp_db_run(&session->db, sql->data, error);

    ropp_buffer_free(sql);
    return good;
}

MYSQL_RES *ropp_session_rows(struct ropp_session *session, struct ropp_buffer *sql)
{
    MYSQL_RES *result = NULL;

    if (mysql_real_query(session->db.mysql, sql->data, (unsigned long)sql->size) == 0)
        result = mysql_store_result(session->db.mysql);
    ropp_buffer_free(sql);
    return result;
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
