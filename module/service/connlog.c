#include "service/connlog.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"

/* What one row takes at most: three addresses, two values in hex, and the rest. */
#define CONNLOG_ROW  1024
#define CONNLOG_TEXT ((size_t)CONNLOG_ROW * (ROPP_CONNLOG_BATCH + 2))

/* A statement that is being written. It is as large as it can ever get. */
struct connlog_sql {
    char *text;
    size_t used;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
connlog_append(struct connlog_sql *sql, const char *format, ...)
{
    va_list args;
    int printed;

    va_start(args, format);
    printed = vsnprintf(sql->text + sql->used, CONNLOG_TEXT - sql->used, format, args);
    va_end(args);
    if (printed > 0)
        sql->used += (size_t)printed;
    if (sql->used >= CONNLOG_TEXT)
        sql->used = CONNLOG_TEXT - 1;
}

/* An address as a value of type INET6, which has IPv4 in its mapped form. */
static void connlog_addr(struct connlog_sql *sql, const struct ropp_addr *addr)
{
    char text[ROPP_ADDR_TEXT];

    if (ropp_addr_format(addr, text) == 0)
        connlog_append(sql, "NULL");
    else
        connlog_append(sql, "'%s%s'", addr->family == ROPP_FAMILY_INET ? "::ffff:" : "", text);
}

/* Bytes that a client has chosen go in as hex, so that none of them means anything. */
static void connlog_bytes(struct connlog_sql *sql, const uint8_t *bytes, size_t length)
{
    size_t i;

    if (length == 0) {
        connlog_append(sql, "NULL");
        return;
    }
    connlog_append(sql, "X'");
    for (i = 0; i < length; i++)
        connlog_append(sql, "%02x", bytes[i]);
    connlog_append(sql, "'");
}

/* Text that is text: anything else than what a host name or "TLSv1.3" is made of becomes '?'. */
static void connlog_text(struct connlog_sql *sql, const uint8_t *bytes, size_t length)
{
    size_t i;

    if (length == 0) {
        connlog_append(sql, "NULL");
        return;
    }
    connlog_append(sql, "'");
    for (i = 0; i < length; i++)
        connlog_append(sql, "%c",
                       bytes[i] > 0x20 && bytes[i] < 0x7f && !strchr("'\\\"", bytes[i]) ? bytes[i]
                                                                                        : '?');
    connlog_append(sql, "'");
}

static void connlog_begin(struct connlog_sql *sql)
{
    sql->used = 0;
    connlog_append(sql,
                   ROPP_DB_UTC "INSERT INTO proxy_connlog (time, server, source, source_port, hop, "
                               "destination, destination_port, header, unique_id, authority, tls, "
                               "verdict, reason, ban_id, dropped) VALUES ");
}

static void connlog_time(struct connlog_sql *sql, int64_t time_ms)
{
    connlog_append(sql, "(FROM_UNIXTIME(%lld.%03d)", (long long)(time_ms / 1000),
                   (int)(time_ms % 1000));
}

static void connlog_row(struct connlog_sql *sql, enum ropp_server server,
                        const struct ropp_journal_record *record)
{
    static const char *const verdicts[] = {"accepted", "refused", "kicked"};

    connlog_time(sql, record->time_ms);
    connlog_append(sql, ", '%s', ", ropp_server_name(server));
    connlog_addr(sql, &record->source);
    connlog_append(sql, ", %u, ", record->source_port);
    connlog_addr(sql, &record->hop);
    connlog_append(sql, ", ");
    connlog_addr(sql, &record->destination);
    if (record->destination.family == ROPP_FAMILY_UNSPEC)
        connlog_append(sql, ", NULL, %u, ", record->header_version);
    else
        connlog_append(sql, ", %u, %u, ", record->destination_port, record->header_version);
    connlog_bytes(sql, record->unique_id, record->unique_id_length);
    connlog_append(sql, ", ");
    connlog_text(sql, record->authority, record->authority_length);
    connlog_append(sql, ", ");
    connlog_text(sql, record->tls, record->tls_length);
    connlog_append(sql, ", '%s', '%s', ", verdicts[record->verdict],
                   record->reason == ROPP_REASON_NONE
                       ? ""
                       : ropp_reason_name((enum ropp_reason)record->reason));
    if (record->ban_id == 0)
        connlog_append(sql, "NULL, 0)");
    else
        connlog_append(sql, "%llu, 0)", (unsigned long long)record->ban_id);
}

static void connlog_dropped(struct connlog_sql *sql, enum ropp_server server, uint32_t dropped)
{
    connlog_time(sql, ropp_wall_ms());
    connlog_append(sql,
                   ", '%s', '::', 0, NULL, NULL, NULL, 0, NULL, NULL, NULL, 'refused', 'dropped', "
                   "NULL, %lu)",
                   ropp_server_name(server), (unsigned long)dropped);
}

bool ropp_connlog_write(struct ropp_connlog_writer *writer, struct ropp_db *db,
                        struct ropp_journal *journal, enum ropp_server server, unsigned *written,
                        char error[ROPP_ERROR_TEXT])
{
    uint32_t dropped = ropp_journal_dropped(journal) - writer->told_dropped;
    struct ropp_journal_record record;
    struct connlog_sql sql;
    unsigned rows = 0;
    bool good;

    *written = 0;
    if (dropped == 0 && ropp_journal_is_empty(journal))
        return true;
    sql.text = (char *)malloc(CONNLOG_TEXT);
    if (sql.text == NULL) {
        snprintf(error, ROPP_ERROR_TEXT, "out of memory: the journal: free some");
        return false;
    }
    connlog_begin(&sql);
    if (dropped > 0) {
        connlog_dropped(&sql, server, dropped);
        rows++;
    }
    while (rows < ROPP_CONNLOG_BATCH && ropp_journal_take(journal, &record)) {
        connlog_append(&sql, "%s", rows > 0 ? ", " : "");
        connlog_row(&sql, server, &record);
        rows++;
    }
    good = ropp_db_run(db, sql.text, error);
    free(sql.text);
    if (good) {
        writer->told_dropped += dropped;
        *written = rows;
    } else {
        writer->told_dropped -= rows - (dropped > 0 ? 1 : 0);
    }
    return good;
}

bool ropp_connlog_prune(struct ropp_db *db, int days)
{
    char sql[128], error[ROPP_ERROR_TEXT];

    snprintf(sql, sizeof sql,
             "DELETE FROM proxy_connlog WHERE time < NOW() - INTERVAL %d DAY LIMIT 5000", days);
    return ropp_db_run(db, sql, error) && mysql_affected_rows(db->mysql) == 5000;
}
