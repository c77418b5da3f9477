// SPDX-License-Identifier: MIT
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
                        const struct ropp_connqueue_record *record)
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
                        struct ropp_connqueue *queue, enum ropp_server server, unsigned *written,
                        char error[ROPP_ERROR_TEXT])
{
    uint32_t dropped = ropp_connqueue_dropped(queue) - writer->written_dropped;
    struct ropp_connqueue_record record;
    struct connlog_sql sql;
    unsigned rows = 0;
    bool good;

    *written = 0;
    if (dropped == 0 && ropp_connqueue_is_empty(queue))
        return true;
    sql.text = (char *)malloc(CONNLOG_TEXT);
    if (sql.text == NULL) {
        snprintf(error, ROPP_ERROR_TEXT, "out of memory: the connection log: free some");
        return false;
    }
    connlog_begin(&sql);
    if (dropped > 0) {
        connlog_dropped(&sql, server, dropped);
        rows++;
    }
    while (rows < ROPP_CONNLOG_BATCH && ropp_connqueue_take(queue, &record)) {
        connlog_append(&sql, "%s", rows > 0 ? ", " : "");
        connlog_row(&sql, server, &record);
        rows++;
    }
    good = ropp_db_run(db, sql.text, error);
    free(sql.text);
    if (good) {
        writer->written_dropped += dropped;
        *written = rows;
    } else {
        writer->written_dropped -= rows - (dropped > 0 ? 1 : 0);
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

/* ---- how many there may be ---- */

/* A statement that takes longer than the bans can wait ends, and changes nothing. */
#define CONNLOG_BRIEFLY "SET STATEMENT max_statement_time = 0.5 FOR "

#define CONNLOG_HALVED_MAX 5

/* ER_STATEMENT_TIMEOUT */
#define CONNLOG_TOO_LONG 1969

/* A statement has failed. Where it only took too long the next one is half as long; true when it is
 * worth a try. */
static bool connlog_halve(struct ropp_connlog_bound *bound, struct ropp_db *db)
{
    if (mysql_errno(db->mysql) != CONNLOG_TOO_LONG || bound->halved == CONNLOG_HALVED_MAX)
        return false;
    bound->halved++;
    return true;
}

static void connlog_grow(struct ropp_connlog_bound *bound)
{
    if (bound->halved > 0)
        bound->halved--;
}

/* Whether this connection is the one that looks after the table. */
static bool connlog_is_chosen(struct ropp_db *db)
{
    char error[ROPP_ERROR_TEXT];
    MYSQL_RES *result =
        ropp_db_query(db, "SELECT GET_LOCK(CONCAT('ropp-connlog-', MD5(DATABASE())), 0)", error);
    MYSQL_ROW row;
    bool chosen;

    if (result == NULL)
        return false;
    row = mysql_fetch_row(result);
    chosen = row != NULL && row[0] != NULL && row[0][0] == '1';
    mysql_free_result(result);
    return chosen;
}

/* Reasons are words of ours; what anybody else has written there is not counted by name. */
static void connlog_count(struct ropp_connlog_bound *bound, const char *reason, uint64_t rows)
{
    size_t i;

    for (i = 0; i < bound->count; i++)
        if (strcmp(bound->counts[i].reason, reason) == 0)
            break;
    if (i == ROPP_CONNLOG_REASONS || strlen(reason) >= sizeof bound->counts[i].reason ||
        strpbrk(reason, "'\\") != NULL)
        return;
    if (i == bound->count) {
        strcpy(bound->counts[i].reason, reason);
        bound->counts[i].rows = 0;
        bound->count++;
    }
    bound->counts[i].rows += rows;
}

/* Counts the next part. *rows is how many it has. False when that failed. */
static bool connlog_count_part(struct ropp_connlog_bound *bound, struct ropp_db *db, uint64_t *rows)
{
    char sql[320], error[ROPP_ERROR_TEXT];
    MYSQL_RES *result;
    MYSQL_ROW row;
    uint64_t part, last;

    *rows = 0;
    snprintf(sql, sizeof sql,
             CONNLOG_BRIEFLY "SELECT reason, COUNT(*), MAX(id) FROM (SELECT id, reason FROM "
                             "proxy_connlog FORCE INDEX (PRIMARY) WHERE id > %llu ORDER BY id "
                             "LIMIT %d) AS part GROUP BY reason",
             (unsigned long long)bound->last_id, ROPP_CONNLOG_PART >> bound->halved);
    result = ropp_db_query(db, sql, error);
    if (result == NULL)
        return false;
    while ((row = mysql_fetch_row(result)) != NULL) {
        part = strtoull(row[1], NULL, 10);
        last = strtoull(row[2], NULL, 10);
        connlog_count(bound, row[0], part);
        *rows += part;
        bound->last_id = last > bound->last_id ? last : bound->last_id;
    }
    mysql_free_result(result);
    return !ropp_db_failed(db, error);
}

/* Every row is counted: decides which of them are too many. Of the reason that has the most so many
 * go that it has as many as the next one, or its share where two have equally many; the next count
 * sees to the rest. */
static void connlog_decide(struct ropp_connlog_bound *bound, uint64_t rows)
{
    uint64_t total = 0, most = 0, next = 0, classes;
    size_t i;

    for (i = 0; i < bound->count; i++) {
        uint64_t here = bound->counts[i].rows;

        total += here;
        if (here > most) {
            next = most;
            most = here;
            strcpy(bound->surplus_reason, bound->counts[i].reason);
        } else if (here > next) {
            next = here;
        }
    }
    classes = bound->count;
    bound->last_id = 0;
    bound->count = 0;
    if (total <= rows)
        return;
    bound->surplus = total - rows;
    if (most > next && bound->surplus > most - next)
        bound->surplus = most - next;
    else if (most == next)
        bound->surplus = bound->surplus / classes + 1;
}

/* Deletes some of the surplus. */
static bool connlog_cut(struct ropp_connlog_bound *bound, struct ropp_db *db)
{
    uint64_t cut = ROPP_CONNLOG_CUT >> bound->halved, gone;
    char sql[192], error[ROPP_ERROR_TEXT];

    if (cut > bound->surplus)
        cut = bound->surplus;
    snprintf(sql, sizeof sql,
             CONNLOG_BRIEFLY "DELETE FROM proxy_connlog WHERE reason = '%s' ORDER BY id LIMIT %llu",
             bound->surplus_reason, (unsigned long long)cut);
    if (!ropp_db_run(db, sql, error))
        return connlog_halve(bound, db);
    connlog_grow(bound);
    gone = (uint64_t)mysql_affected_rows(db->mysql);
    bound->surplus = gone < cut ? 0 : bound->surplus - gone;
    return true;
}

bool ropp_connlog_limit(struct ropp_connlog_bound *bound, struct ropp_db *db, uint64_t rows)
{
    uint64_t part, whole = (uint64_t)ROPP_CONNLOG_PART >> bound->halved;

    if (bound->last_id == 0 && bound->surplus == 0 && !connlog_is_chosen(db))
        return false;
    if (bound->surplus > 0)
        return connlog_cut(bound, db);
    if (!connlog_count_part(bound, db, &part))
        return connlog_halve(bound, db);
    connlog_grow(bound);
    if (part == whole)
        return true;
    connlog_decide(bound, rows);
    return bound->surplus > 0;
}
