#include "tools/ban/ipbanlist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/database/query.h"

enum { ERROR_NO_TABLE = 1146 };

/* Its times are not TIMESTAMPs, so that they mean what they mean on the server's clock. */
static const char local_time[] = "SET time_zone = @@global.time_zone";
static const char own_time[] = "SET time_zone = '+00:00'";

static void add_name(struct ropp_buffer *sql, const char *name)
{
    ropp_buffer_text(sql, "`");
    for (; *name != '\0'; name++)
        ropp_buffer_add(sql, *name == '`' ? "``" : name, *name == '`' ? 2 : 1);
    ropp_buffer_text(sql, "`");
}

/* The reasons whose rows act at the login server alone, as the servers have told; the emulators'
 * usual one where none has. Adds them as SQL strings. */
static void add_login_only(struct ropp_buffer *sql, struct ropp_session *session)
{
    struct ropp_buffer question = {0};
    size_t count = 0;
    MYSQL_RES *rows;
    MYSQL_ROW row;

    ropp_buffer_text(&question,
                     "SELECT DISTINCT j.reason FROM proxy_status s JOIN JSON_TABLE(s.login_only, "
                     "'$[*]' COLUMNS (reason VARCHAR(255) PATH '$')) j");
    rows = ropp_session_rows(session, &question);
    while (rows != NULL && (row = mysql_fetch_row(rows)) != NULL) {
        if (row[0] == NULL)
            continue;
        ropp_buffer_text(sql, count++ > 0 ? ", " : "");
        ropp_sql_text(sql, session, row[0]);
    }
    mysql_free_result(rows);
    if (count == 0)
        ropp_buffer_text(sql, "'Password error ban'");
}

/* Runs the SELECT with this condition (NULL: all rows). */
static bool select_rows(struct ropp_session *session, const char *condition, MYSQL_RES **rows)
{
    struct ropp_buffer sql = {0};
    char error[ROPP_ERROR_TEXT];
    bool good;

    *rows = NULL;
    if (!ropp_db_run(&session->db, local_time, error))
        return false;
    ropp_buffer_text(&sql, "SELECT list, reason, UNIX_TIMESTAMP(btime), UNIX_TIMESTAMP(rtime), "
                           "CONVERT(reason USING utf8mb4) COLLATE utf8mb4_bin IN (");
    add_login_only(&sql, session);
    ropp_buffer_text(&sql, ") FROM ");
    add_name(&sql, session->ipban_table);
    ropp_buffer_text(&sql, " WHERE rtime > NOW()");
    if (condition != NULL)
        ropp_buffer_text(&sql, condition);
    *rows = ropp_session_rows(session, &sql);
    good = *rows != NULL || mysql_errno(session->db.mysql) == ERROR_NO_TABLE;
    if (good && !ropp_db_run(&session->db, own_time, error)) {
        mysql_free_result(*rows);
        *rows = NULL;
        return false;
    }
    return good;
}

bool ropp_ipbanlist_around(struct ropp_session *session, const struct ropp_addr *addr,
                           MYSQL_RES **rows)
{
    const uint8_t *b = addr->bytes;
    char condition[128];

    snprintf(condition, sizeof condition,
             " AND list IN ('%d.%d.%d.%d', '%d.%d.%d.*', '%d.%d.*.*', '%d.*.*.*')", b[0], b[1],
             b[2], b[3], b[0], b[1], b[2], b[0], b[1], b[0]);
    return select_rows(session, condition, rows);
}

bool ropp_ipbanlist_all(struct ropp_session *session, MYSQL_RES **rows)
{
    return select_rows(session, NULL, rows);
}

bool ropp_ipbanlist_pattern(const char *text, struct ropp_prefix *prefix)
{
    char quad[sizeof "255.255.255.255"];
    size_t length = strlen(text), stars = 0, i;

    /* MariaDB's comparison ignores spaces at the end, and so the emulator's query does. */
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length >= sizeof quad)
        return false;
    memcpy(quad, text, length);
    for (i = length; stars < 3 && i >= 2 && quad[i - 2] == '.' && quad[i - 1] == '*'; i -= 2) {
        quad[i - 1] = '0';
        stars++;
    }
    if (!ropp_addr_parse(quad, length, &prefix->addr) || prefix->addr.family != ROPP_FAMILY_INET)
        return false;
    prefix->length = 32 - 8 * (unsigned)stars;
    return true;
}

bool ropp_ipbanlist_entry(MYSQL_ROW row, struct ropp_entry *entry)
{
    struct ropp_prefix prefix;

    if (row[0] == NULL || !ropp_ipbanlist_pattern(row[0], &prefix))
        return false;
    memset(entry, 0, sizeof *entry);
    ropp_prefix_format(&prefix, entry->prefix);
    entry->reason = ropp_column_text(row[1]);
    entry->author = "";
    entry->source = ROPP_SOURCE_IPBANLIST;
    entry->created_s = ropp_column_number(row[2]);
    entry->expires_s = ropp_column_number(row[3]);
    entry->login_only = row[4] != NULL && row[4][0] == '1';
    return true;
}
