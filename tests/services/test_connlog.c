// SPDX-License-Identifier: MIT
/* What is written: the connection log's rows, the status row; and what a connection says when it
 * fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "service/connlog.h"
#include "service/status.h"
#include "tests/services/database.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

/* ---- memory that runs out, a clock that is message ---- */

void *__real_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
int64_t __real_ropp_wall_ms(void);

void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *old, size_t size);
int64_t __wrap_ropp_wall_ms(void);

static bool no_memory;
static int64_t clock_shift_ms;

void *__wrap_malloc(size_t size)
{
    return no_memory ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return no_memory ? NULL : __real_realloc(old, size);
}

int64_t __wrap_ropp_wall_ms(void)
{
    return __real_ropp_wall_ms() + clock_shift_ms;
}

static struct ropp_db db;
static struct ropp_connqueue *queue;
static struct ropp_connlog_writer writer;
static char error[ROPP_ERROR_TEXT];

static int begin(void **state)
{
    struct ropp_db_settings settings = database_settings();

    database_clear(state);
    clock_shift_ms = 0;
    memset(&writer, 0, sizeof writer);
    queue = (struct ropp_connqueue *)calloc(1, sizeof *queue);
    if (queue == NULL || !ropp_db_open(&db, &settings, error))
        return -1;
    sql("SET time_zone = '+00:00'");
    return 0;
}

static int end(void **state)
{
    (void)state;
    no_memory = false;
    free(queue);
    ropp_db_close(&db);
    sql("SET GLOBAL sql_mode = 'NO_ENGINE_SUBSTITUTION'");
    sql("SET time_zone = DEFAULT");
    return 0;
}

static int end_anew(void **state)
{
    database_spoilt = true;
    return end(state);
}

static void connect_again(void)
{
    struct ropp_db_settings settings = database_settings();

    ropp_db_close(&db);
    assert_true(ropp_db_open(&db, &settings, error));
}

static unsigned write_batch(void)
{
    unsigned written = 4711;

    error[0] = '\0';
    if (!ropp_connlog_write(&writer, &db, queue, ROPP_SERVER_LOGIN, &written, error))
        fail_msg("%s", error);
    return written;
}

static struct ropp_connqueue_record plain_record(void)
{
    struct ropp_connqueue_record record;

    memset(&record, 0, sizeof record);
    record.time_ms = INT64_C(1700000000000);
    record.source = addr("192.0.2.7");
    record.verdict = ROPP_CONNQUEUE_ACCEPTED;
    return record;
}

static void put(const struct ropp_connqueue_record *record)
{
    ropp_connqueue_put(queue, record, 1);
}

/* Every column of the newest row; bytes in hex. */
static const char *row(void)
{
    return sql_text(
        "SELECT CONCAT_WS('|', UNIX_TIMESTAMP(time), server, source, source_port, "
        "COALESCE(CAST(hop AS CHAR), 'NULL'), COALESCE(CAST(destination AS CHAR), 'NULL'), "
        "COALESCE(destination_port, 'NULL'), header, COALESCE(HEX(unique_id), 'NULL'), "
        "COALESCE(authority, 'NULL'), COALESCE(tls, 'NULL'), verdict, reason, "
        "COALESCE(ban_id, 'NULL'), dropped) FROM proxy_connlog ORDER BY id DESC LIMIT 1");
}

/* ---- rows ---- */

static void test_nothing_to_write(void **state)
{
    (void)state;
    assert_int_equal(write_batch(), 0);
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 0);
}

static void test_a_plain_row(void **state)
{
    struct ropp_connqueue_record record = plain_record();

    (void)state;
    record.time_ms = INT64_C(1700000000123);
    put(&record);
    assert_int_equal(write_batch(), 1);
    assert_string_equal(row(), "1700000000.123|login|::ffff:192.0.2.7|0|NULL|NULL|NULL|0|NULL|"
                               "NULL|NULL|accepted||NULL|0");
    record.time_ms = INT64_C(1700000001007);
    put(&record);
    assert_int_equal(write_batch(), 1);
    assert_int_equal(strncmp(row(), "1700000001.007|", 15), 0);

    /* Half past two, and half past two again, in the night when summer time ends. */
    record.time_ms = INT64_C(1792888200000);
    put(&record);
    assert_int_equal(write_batch(), 1);
    assert_int_equal(strncmp(row(), "1792888200.000|", 15), 0);
    record.time_ms += 3600 * 1000;
    put(&record);
    assert_int_equal(write_batch(), 1);
    assert_int_equal(strncmp(row(), "1792891800.000|", 15), 0);
}

static void test_a_full_row(void **state)
{
    struct ropp_connqueue_record record = plain_record();

    (void)state;
    record.time_ms = INT64_C(1700000000999);
    record.source = addr("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
    record.source_port = 65535;
    record.hop = addr("127.10.0.1");
    record.destination = addr("2001:db8::1");
    record.destination_port = 6900;
    record.header_version = 2;
    record.unique_id_length = 4;
    memcpy(record.unique_id, "\x00\xff'\\", 4);
    record.authority_length = 10;
    memcpy(record.authority, "ro.example", 10);
    record.tls_length = 7;
    memcpy(record.tls, "TLSv1.3", 7);
    record.verdict = ROPP_CONNQUEUE_REFUSED;
    record.reason = ROPP_REASON_BANNED;
    record.ban_id = UINT64_MAX;
    put(&record);
    record.verdict = ROPP_CONNQUEUE_KICKED;
    record.ban_id = 17;
    put(&record);
    assert_int_equal(write_batch(), 2);
    assert_string_equal(row(), "1700000000.999|login|2001:db8:ffff:ffff:ffff:ffff:ffff:ffff|65535|"
                               "::ffff:127.10.0.1|2001:db8::1|6900|2|00FF275C|ro.example|TLSv1.3|"
                               "kicked|banned|17|0");
    assert_string_equal(sql_text("SELECT ban_id FROM proxy_connlog ORDER BY id LIMIT 1"),
                        "18446744073709551615");
}

/* Every byte that a client can put there, in every sql_mode that changes what quotes mean. */
static void test_hostile_bytes(void **state)
{
    static const char *const modes[] = {
        "NO_ENGINE_SUBSTITUTION", "STRICT_ALL_TABLES", "NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES",
        "ANSI_QUOTES,PIPES_AS_CONCAT,IGNORE_SPACE,STRICT_ALL_TABLES"};
    static const char hostile[] = "'); DROP TABLE proxy_connlog; -- \\' \" ` %s%n \xf0\x9f\x92\xa3";
    struct ropp_connqueue_record record = plain_record();
    char hex[2 * ROPP_HEADER_VALUE_MAX + 1], authority[ROPP_HEADER_VALUE_MAX + 1];
    size_t mode, half, i;
    unsigned byte;

    (void)state;
    for (mode = 0; mode < sizeof modes / sizeof modes[0]; mode++) {
        sql("SET GLOBAL sql_mode = '%s'", modes[mode]);
        connect_again();
        for (half = 0; half < 2; half++) {
            record.unique_id_length = record.authority_length = ROPP_HEADER_VALUE_MAX;
            record.tls_length = ROPP_CONNQUEUE_TLS_MAX;
            for (i = 0; i < ROPP_HEADER_VALUE_MAX; i++) {
                byte = (unsigned)(half * ROPP_HEADER_VALUE_MAX + i);
                record.unique_id[i] = record.authority[i] = (uint8_t)byte;
                snprintf(hex + 2 * i, 3, "%02X", byte);
                authority[i] = (char)byte;
                if (byte <= ' ' || byte >= 0x7f || byte == '\'' || byte == '"' || byte == '\\')
                    authority[i] = '?';
            }
            authority[i] = '\0';
            memcpy(record.tls, hostile, ROPP_CONNQUEUE_TLS_MAX);
            put(&record);
            assert_int_equal(write_batch(), 1);
            assert_string_equal(
                sql_text("SELECT HEX(unique_id) FROM proxy_connlog ORDER BY id DESC LIMIT 1"), hex);
            assert_string_equal(sql_text(
                                    "SELECT authority FROM proxy_connlog ORDER BY id DESC LIMIT 1"),
                                authority);
            assert_string_equal(sql_text("SELECT tls FROM proxy_connlog ORDER BY id DESC LIMIT 1"),
                                "?);?DROP?TABLE?p");
        }
        record.unique_id_length = record.authority_length = sizeof hostile - 1;
        memcpy(record.unique_id, hostile, sizeof hostile);
        memcpy(record.authority, hostile, sizeof hostile);
        put(&record);
        assert_int_equal(write_batch(), 1);
        assert_string_equal(sql_text(
                                "SELECT authority FROM proxy_connlog ORDER BY id DESC LIMIT 1"),
                            "?);?DROP?TABLE?proxy_connlog;?--??????`?%s%n?????");
    }
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 4 * 3);
}

/* The largest rows there can be, in the largest statement. */
static void test_a_full_batch(void **state)
{
    struct ropp_connqueue_record record = plain_record();
    unsigned i;

    (void)state;
    record.source = record.hop = record.destination =
        addr("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
    record.source_port = record.destination_port = 65535;
    record.unique_id_length = record.authority_length = ROPP_HEADER_VALUE_MAX;
    record.tls_length = ROPP_CONNQUEUE_TLS_MAX;
    memset(record.unique_id, 0xee, sizeof record.unique_id);
    memset(record.authority, 'e', sizeof record.authority);
    memset(record.tls, 'e', sizeof record.tls);
    record.verdict = ROPP_CONNQUEUE_KICKED;
    record.reason = ROPP_REASON_SERVER_BEHIND_PROXY;
    record.ban_id = UINT64_MAX;
    for (i = 0; i < ROPP_CONNLOG_BATCH + 3; i++)
        put(&record);
    assert_int_equal(write_batch(), ROPP_CONNLOG_BATCH);
    assert_int_equal(write_batch(), 3);
    assert_int_equal(write_batch(), 0);
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog WHERE LENGTH(authority) = 128 "
                                "AND LENGTH(unique_id) = 128 AND reason = 'server-behind-proxy'"),
                     ROPP_CONNLOG_BATCH + 3);
}

/* Each reason has its key, and every key fits. */
static void test_reasons(void **state)
{
    struct ropp_connqueue_record record = plain_record();
    unsigned reason;

    (void)state;
    sql("SET GLOBAL sql_mode = 'STRICT_ALL_TABLES'");
    connect_again();
    record.verdict = ROPP_CONNQUEUE_KICKED; /* those are not rationed */
    for (reason = 1; reason < ROPP_REASON_COUNT; reason++) {
        record.reason = (uint8_t)reason;
        put(&record);
        assert_int_equal(write_batch(), 1);
        assert_string_equal(sql_text("SELECT reason FROM proxy_connlog ORDER BY id DESC LIMIT 1"),
                            ropp_reason_name((enum ropp_reason)reason));
    }
}

/* ---- what is lost is counted ---- */

static void test_dropped(void **state)
{
    struct ropp_connqueue_record record = plain_record();
    unsigned i;

    record.verdict = ROPP_CONNQUEUE_KICKED; /* those are not rationed */
    (void)state;
    for (i = 0; i < ROPP_CONNQUEUE_RECORDS + 5; i++)
        put(&record);
    assert_int_equal(write_batch(), ROPP_CONNLOG_BATCH); /* the row about the others among them */
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog WHERE reason = ''"),
                     ROPP_CONNLOG_BATCH - 1);
    assert_string_equal(
        sql_text("SELECT CONCAT_WS('|', server, source, source_port, header, verdict, dropped, "
                 "ABS(TIMESTAMPDIFF(SECOND, time, NOW())) < 5) FROM proxy_connlog "
                 "WHERE reason = 'dropped'"),
        "login|::|0|0|refused|5|1");
    while (write_batch() > 0)
        continue;
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), ROPP_CONNQUEUE_RECORDS + 1);
    for (i = 0; i < ROPP_CONNQUEUE_RECORDS + 1; i++)
        put(&record);
    while (write_batch() > 0)
        continue;
    assert_string_equal(sql_text("SELECT GROUP_CONCAT(dropped ORDER BY id) FROM proxy_connlog "
                                 "WHERE reason = 'dropped'"),
                        "5,1");
}

/* A statement that fails takes its records with it, which are counted as well. */
static void test_a_batch_is_lost(void **state)
{
    struct ropp_connqueue_record record = plain_record();
    unsigned written, i;

    record.verdict = ROPP_CONNQUEUE_KICKED; /* those are not rationed */
    (void)state;
    for (i = 0; i < ROPP_CONNQUEUE_RECORDS + 5; i++)
        put(&record);
    sql("RENAME TABLE proxy_connlog TO connlog_away");
    assert_false(ropp_connlog_write(&writer, &db, queue, ROPP_SERVER_MAP, &written, error));
    assert_non_null(strstr(error, "MariaDB: Table"));
    assert_int_equal(written, 0);
    assert_false(ropp_db_gone(&db));
    sql("RENAME TABLE connlog_away TO proxy_connlog");
    sql("KILL %lu", mysql_thread_id(db.mysql));
    assert_false(ropp_connlog_write(&writer, &db, queue, ROPP_SERVER_MAP, &written, error));
    assert_true(ropp_db_gone(&db));
    connect_again();
    while (write_batch() > 0)
        continue;
    /* Of either batch one row would have been about those dropped before. */
    assert_int_equal(sql_number("SELECT SUM(dropped) FROM proxy_connlog"),
                     5 + 2 * (ROPP_CONNLOG_BATCH - 1));
    assert_int_equal(sql_number("SELECT SUM(dropped) + COUNT(*) - 1 FROM proxy_connlog"),
                     ROPP_CONNQUEUE_RECORDS + 5);
}

static void test_no_memory_for_a_batch(void **state)
{
    struct ropp_connqueue_record record = plain_record();
    unsigned written;

    (void)state;
    put(&record);
    no_memory = true;
    assert_false(ropp_connlog_write(&writer, &db, queue, ROPP_SERVER_MAP, &written, error));
    no_memory = false;
    assert_string_equal(error, "out of memory: the connection log: free some");
    assert_false(ropp_connqueue_is_empty(queue)); /* it is still there */
    assert_int_equal(write_batch(), 1);
}

/* ---- old rows ---- */

static void test_prune(void **state)
{
    (void)state;
    sql("INSERT INTO proxy_connlog (time) SELECT NOW() - INTERVAL 31 DAY FROM seq_1_to_5003");
    sql("INSERT INTO proxy_connlog (time) SELECT NOW() - INTERVAL 29 DAY FROM seq_1_to_7");
    assert_true(ropp_connlog_prune(&db, 30));
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 10);
    assert_false(ropp_connlog_prune(&db, 30));
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 7);
    assert_false(ropp_connlog_prune(&db, 3650));
    sql("RENAME TABLE proxy_connlog TO connlog_away");
    assert_false(ropp_connlog_prune(&db, 30));
}

/* ---- how many there may be ---- */

/* Rows of a reason, one after the other in the order of their ids. */
static void fill(const char *reason, const char *verdict, unsigned count)
{
    sql("INSERT INTO proxy_connlog (reason, verdict) SELECT '%s', '%s' FROM seq_1_to_%u", reason,
        verdict, count);
}

/* Takes steps until there is nothing to do; returns how many there were. */
static unsigned limit(struct ropp_connlog_bound *bound, uint64_t rows)
{
    unsigned steps = 1;

    while (ropp_connlog_limit(bound, &db, rows))
        assert_true(++steps < 1000);
    return steps;
}

static long long rows_of(const char *reason)
{
    return sql_number("SELECT COUNT(*) FROM proxy_connlog WHERE reason = '%s'", reason);
}

static void test_limit(void **state)
{
    static struct ropp_connlog_bound bound;
    long long newest;

    (void)state;
    memset(&bound, 0, sizeof bound);
    assert_int_equal(limit(&bound, 1000), 1); /* of nothing */
    fill("banned", "refused", 700);
    fill("untrusted-peer", "refused", 50000);
    fill("banned", "kicked", 300);
    fill("", "accepted", 5000);
    newest = sql_number("SELECT MAX(id) FROM proxy_connlog WHERE reason = 'untrusted-peer'");
    assert_true(limit(&bound, 60000) >= 3); /* parts of the table */
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 56000);

    /* The flood makes room for itself, its oldest first. */
    limit(&bound, 20000);
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 20000);
    assert_int_equal(rows_of("banned"), 1000);
    assert_int_equal(rows_of(""), 5000);
    assert_int_equal(rows_of("untrusted-peer"), 14000);
    assert_int_equal(sql_number("SELECT MAX(id) FROM proxy_connlog WHERE reason = "
                                "'untrusted-peer'"),
                     newest);

    /* Once they are equally many, all of them make room. */
    limit(&bound, 4000);
    assert_in_range(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 3990, 4000);
    assert_int_equal(rows_of("banned"), 1000);
    assert_in_range(rows_of("untrusted-peer"), 1490, 1510);
    assert_in_range(rows_of(""), 1490, 1510);
}

/* Of several servers one does it, until it is gone. */
static void test_one_limits(void **state)
{
    static struct ropp_connlog_bound bound;

    (void)state;
    memset(&bound, 0, sizeof bound);
    fill("banned", "refused", 3000);
    sql("DO GET_LOCK(CONCAT('ropp-connlog-', MD5(DATABASE())), 0)");
    assert_int_equal(limit(&bound, 1000), 1);
    assert_int_equal(rows_of("banned"), 3000);
    sql("DO RELEASE_LOCK(CONCAT('ropp-connlog-', MD5(DATABASE())))");
    limit(&bound, 1000);
    assert_int_equal(rows_of("banned"), 1000);
}

/* Rows that somebody else has locked, or none of ours, stop nothing. */
static void test_limit_fails(void **state)
{
    static struct ropp_connlog_bound bound;
    int64_t began_ms;

    (void)state;
    memset(&bound, 0, sizeof bound);
    fill("it''s \\\\ not ours", "refused", 3000);
    limit(&bound, 1000);
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 3000);
    fill("banned", "refused", 3000);
    sql("START TRANSACTION");
    sql("DELETE FROM proxy_connlog");
    began_ms = ropp_now_ms();
    limit(&bound, 1000);
    assert_true(ropp_now_ms() - began_ms < 4000);
    sql("ROLLBACK");
    limit(&bound, 1000);
    assert_int_equal(rows_of("banned"), 1000);
    sql("RENAME TABLE proxy_connlog TO connlog_away");
    assert_int_equal(limit(&bound, 1000), 1);
}

/* ---- the status row ---- */

static void test_status_row(void **state)
{
    struct ropp_addr peer = ropp_addr_v4(0xc0000207);
    struct ropp_status status;
    struct ropp_stats stats;
    int i;

    (void)state;
    memset(&status, 0, sizeof status);
    ropp_stats_init(&stats);
    status.server = ROPP_SERVER_LOGIN;
    strcpy(status.host, "it's \\ \"host\"");
    status.port = 6900;
    status.mode = ROPP_MODE_STRICT;
    status.started_ms = ropp_wall_ms() - 86400 * 1000;
    assert_true(ropp_status_write(&status, &stats, &db, error));
    assert_string_equal(
        sql_text("SELECT CONCAT_WS('|', server, host, port, version, "
                 "TIMESTAMPDIFF(SECOND, started, heartbeat), "
                 "ABS(TIMESTAMPDIFF(SECOND, heartbeat, NOW())) < 5, mode, "
                 "COALESCE(snapshot_loaded, 'NULL'), snapshot_entries, snapshot_bytes, bans_state, "
                 "connlog_dropped, accepted, proxied, refused, banned, kicked, reasons) "
                 "FROM proxy_status"),
        "login|it's \\ \"host\"|6900|" ROPP_VERSION "|86400|1|strict|NULL|0|0|off|0|0|0|0|0|0|{}");
    assert_int_equal(sql_number("SELECT pid FROM proxy_status"), ropp_process_id());

    /* The same process again, later. */
    for (i = 0; i < 3; i++)
        ropp_stats_refused(&stats, ROPP_REASON_BANNED, &peer);
    ropp_stats_refused(&stats, ROPP_REASON_UNTRUSTED, &peer);
    ropp_count(&stats.accepted);
    ropp_count(&stats.proxied);
    ropp_count(&stats.proxied);
    ropp_count(&stats.kicked);
    status.bans = ROPP_BANS_CURRENT;
    status.loaded_ms = ropp_wall_ms() - 60000;
    status.entries = 1000000;
    status.bytes = (size_t)3 << 20;
    status.connlog_dropped = UINT32_MAX;
    assert_true(ropp_status_write(&status, &stats, &db, error));
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_status"), 1);
    assert_string_equal(
        sql_text("SELECT CONCAT_WS('|', TIMESTAMPDIFF(SECOND, snapshot_loaded, heartbeat), "
                 "snapshot_entries, snapshot_bytes, bans_state, connlog_dropped, accepted, "
                 "proxied, refused, banned, kicked, reasons) FROM proxy_status"),
        "60|1000000|3145728|current|4294967295|1|2|4|3|1|{\"untrusted-peer\": 1, \"banned\": 3}");
    status.port = 6901;
    status.bans = ROPP_BANS_STALE;
    assert_true(ropp_status_write(&status, &stats, &db, error));
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_status"), 2);
    assert_string_equal(ropp_bans_state_name(ROPP_BANS_LOADING), "loading");
    assert_string_equal(ropp_bans_state_name(ROPP_BANS_STALE), "stale");
}

/* Every reason at its largest still is one JSON object. */
static void test_status_reasons(void **state)
{
    struct ropp_status status;
    struct ropp_stats stats;
    int i;

    (void)state;
    memset(&status, 0, sizeof status);
    ropp_stats_init(&stats);
    for (i = 1; i < ROPP_REASON_COUNT; i++)
        stats.total[i] = UINT64_MAX / ROPP_REASON_COUNT;
    assert_true(ropp_status_write(&status, &stats, &db, error));
    assert_int_equal(sql_number("SELECT JSON_VALID(reasons) FROM proxy_status"), 1);
    assert_int_equal(sql_number("SELECT JSON_LENGTH(reasons) FROM proxy_status"),
                     ROPP_REASON_COUNT - 1);
}

/* Each reason is a text of its own, whatever is in it. What is no UTF-8 is latin1. */
static void test_status_login_only(void **state)
{
    static char quotes[] = "it's \\ \"1\"\t", two[] = "\xc3\xb1", three[] = "\xe2\x82\xac",
                four[] = "\xf0\x9f\x98\x80", latin[] = "\xf1o", lone[] = "\xb1", cut[] = "\xe2\x82",
                broken[] = "\xe2\x82z", no_lead[] = "\xf8";
    static char *reasons[] = {quotes, two, three, four, latin, lone, cut, broken, no_lead};
    static const char *const in_hex[] = {"69742773205C2022312209",
                                         "C3B1",
                                         "E282AC",
                                         "F09F9880",
                                         "C3B16F",
                                         "C2B1",
                                         "C3A2C282",
                                         "C3A2C2827A",
                                         "C3B8"};
    const struct ropp_config_texts texts = {reasons, COUNT_OF(reasons)};
    struct ropp_status status;
    struct ropp_stats stats;
    size_t i;

    (void)state;
    memset(&status, 0, sizeof status);
    ropp_stats_init(&stats);
    status.login_only = &texts;
    assert_true(ropp_status_write(&status, &stats, &db, error));
    assert_int_equal(sql_number("SELECT JSON_LENGTH(login_only) FROM proxy_status"),
                     COUNT_OF(reasons));
    for (i = 0; i < COUNT_OF(reasons); i++)
        assert_string_equal(
            sql_text("SELECT HEX(JSON_VALUE(login_only, '$[%u]')) FROM proxy_status", (unsigned)i),
            in_hex[i]);
}

/* Of more than there is room for the first are left. */
static void test_status_login_only_many(void **state)
{
    static char long_one[801];
    static char *reasons[3] = {long_one, long_one, long_one};
    const struct ropp_config_texts texts = {reasons, COUNT_OF(reasons)};
    struct ropp_status status;
    struct ropp_stats stats;

    (void)state;
    memset(long_one, '\'', sizeof long_one - 1);
    memset(&status, 0, sizeof status);
    ropp_stats_init(&stats);
    status.login_only = &texts;
    assert_true(ropp_status_write(&status, &stats, &db, error));
    assert_int_equal(sql_number("SELECT JSON_LENGTH(login_only) FROM proxy_status"), 1);
    assert_int_equal(sql_number(
                         "SELECT CHAR_LENGTH(JSON_VALUE(login_only, '$[0]')) FROM proxy_status"),
                     800);
}

/* A server that has run since summer says so in winter: the session's zone has summer time, and
 * the row's moments are the database's. */
static void test_status_over_the_end_of_summer_time(void **state)
{
    struct ropp_status status;
    struct ropp_stats stats;

    (void)state;
    memset(&status, 0, sizeof status);
    ropp_stats_init(&stats);
    status.started_ms = ropp_wall_ms() - INT64_C(100) * 86400 * 1000;
    status.loaded_ms = ropp_wall_ms() - 7200 * 1000;
    assert_true(ropp_db_run(&db, "SET timestamp = 1792893900", error)); /* 02:05 UTC */
    assert_true(ropp_status_write(&status, &stats, &db, error));
    assert_string_equal(
        sql_text("SELECT CONCAT_WS('|', UNIX_TIMESTAMP(heartbeat), UNIX_TIMESTAMP(heartbeat) - "
                 "UNIX_TIMESTAMP(started), UNIX_TIMESTAMP(heartbeat) - "
                 "UNIX_TIMESTAMP(snapshot_loaded)) FROM proxy_status"),
        "1792893900|8640000|7200");

    /* This machine's clock was set back. */
    clock_shift_ms = -INT64_C(200) * 86400 * 1000;
    assert_true(ropp_status_write(&status, &stats, &db, error));
}

static void test_status_fails(void **state)
{
    struct ropp_status status;
    struct ropp_stats stats;

    (void)state;
    memset(&status, 0, sizeof status);
    ropp_stats_init(&stats);
    sql("RENAME TABLE proxy_status TO status_away");
    assert_false(ropp_status_write(&status, &stats, &db, error));
    assert_non_null(strstr(error, "MariaDB: Table"));
}

/* ---- the connection ---- */

static void assert_refused(const struct ropp_db_settings *settings, const char *message)
{
    struct ropp_db refused;

    error[0] = '\0';
    assert_false(ropp_db_open(&refused, settings, error));
    assert_null(refused.mysql);
    ropp_db_close(&refused);
    if (strstr(error, message) == NULL)
        fail_msg("%s", error);
    assert_null(strstr(error, "hunter2"));
}

static void test_connecting_fails(void **state)
{
    struct ropp_db_settings settings = database_settings();
    char message[512];

    (void)state;
    strcpy(settings.password, "hunter2");
    snprintf(message, sizeof message,
             "cannot connect to MariaDB: %s@127.0.0.1:%u/%s: Access denied", settings.user,
             settings.port, settings.name);
    assert_refused(&settings, message);
    settings = database_settings();
    strcpy(settings.name, "no_such_database");
    assert_refused(&settings, "Unknown database");
    settings = database_settings();
    settings.port = 1;
    assert_refused(&settings, "127.0.0.1:1/");
    strcpy(settings.host, "localhost");
    strcpy(settings.socket, "/nonexistent/socket");
    assert_refused(&settings, "@/nonexistent/socket:1/");
}

static void test_statements(void **state)
{
    MYSQL_RES *result;

    (void)state;
    assert_string_equal(mysql_character_set_name(db.mysql), "utf8mb4");
    assert_true(ropp_db_run(&db, "SELECT 1 UNION SELECT 2", error)); /* rows that nobody wants */
    assert_true(ropp_db_run(&db, "DO 0", error));
    assert_false(ropp_db_run(&db, "SELEC 1", error));
    assert_non_null(strstr(error, "MariaDB: You have an error in your SQL syntax"));
    assert_false(ropp_db_gone(&db));
    assert_false(ropp_db_run(&db, "SELECT (SELECT seq FROM seq_1_to_2)", error));
    assert_null(ropp_db_query(&db, "SELEC 1", error));
    assert_non_null(strstr(error, "MariaDB: You have an error in your SQL syntax"));

    result = ropp_db_query(&db, "SELECT 1", error);
    assert_non_null(result);
    assert_non_null(mysql_fetch_row(result));
    assert_null(mysql_fetch_row(result));
    assert_false(ropp_db_failed(&db, error));
    mysql_free_result(result);

    /* A server cannot have this machine's files. */
    assert_false(
        ropp_db_run(&db, "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE ipbanlist", error));
    assert_null(ropp_db_query(&db, "DO 0", error)); /* no rows at all */
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name)           cmocka_unit_test_setup_teardown(name, begin, end)
#define TEST_OF_TABLES(name) cmocka_unit_test_setup_teardown(name, begin, end_anew)
        TEST(test_nothing_to_write),
        TEST(test_a_plain_row),
        TEST(test_a_full_row),
        TEST(test_hostile_bytes),
        TEST(test_a_full_batch),
        TEST(test_reasons),
        TEST(test_dropped),
        TEST_OF_TABLES(test_a_batch_is_lost),
        TEST(test_no_memory_for_a_batch),
        TEST_OF_TABLES(test_prune),
        TEST(test_limit),
        TEST(test_one_limits),
        TEST_OF_TABLES(test_limit_fails),
        TEST(test_status_row),
        TEST(test_status_reasons),
        TEST(test_status_login_only),
        TEST(test_status_login_only_many),
        TEST(test_status_over_the_end_of_summer_time),
        TEST_OF_TABLES(test_status_fails),
        TEST(test_connecting_fails),
        TEST(test_statements),
#undef TEST
#undef TEST_OF_TABLES
    };

    return UNIT_RUN(argc, argv, "connlog", tests, database_open, database_close);
}
