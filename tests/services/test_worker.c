// SPDX-License-Identifier: MIT
/* The worker as a whole: this thread is the game's, and MariaDB comes and goes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "service/keys.h"
#include "service/worker.h"
#include "tests/services/database.h"
#include "tests/unit/unit.h"

/* ---- memory that runs out ---- */

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

static uint32_t no_memory;

void *__wrap_malloc(size_t size)
{
    return ropp_load(&no_memory) ? NULL : __real_malloc(size);
}

/* ---- tries to connect ---- */

MYSQL *__real_mysql_real_connect(MYSQL *mysql, const char *host, const char *user,
                                 const char *password, const char *name, unsigned port,
                                 const char *path, unsigned long flags);
MYSQL *__wrap_mysql_real_connect(MYSQL *mysql, const char *host, const char *user,
                                 const char *password, const char *name, unsigned port,
                                 const char *path, unsigned long flags);

static uint32_t tries;

MYSQL *__wrap_mysql_real_connect(MYSQL *mysql, const char *host, const char *user,
                                 const char *password, const char *name, unsigned port,
                                 const char *path, unsigned long flags)
{
    ropp_store(&tries, ropp_load(&tries) + 1);
    return __real_mysql_real_connect(mysql, host, user, password, name, port, path, flags);
}

/* ---- the game ---- */

static struct ropp_worker *worker;
static struct ropp_config config;
static struct ropp_stats stats;
static struct ropp_snapshot *bans; /* the game's */
static char logged[64][ROPP_LINE_TEXT];
static unsigned logged_count;
static struct ropp_db other; /* somebody else's connection, for a test that needs one */
static char error[ROPP_ERROR_TEXT];

static void set(const char *key, const char *value)
{
    if (!ropp_config_set(&config, "test", key, value, error))
        fail_msg("%s", error);
}

static int begin(void **state)
{
    struct ropp_db_settings settings = database_settings();
    char port[16];

    database_clear(state);
    worker = (struct ropp_worker *)calloc(1, sizeof *worker);
    if (worker == NULL)
        return -1;
    ropp_config_init(&config);
    ropp_stats_init(&stats);
    snprintf(port, sizeof port, "%u", settings.port);
    set("proxy_protocol", "on");
    set("proxy_db_host", settings.host);
    set("proxy_db_port", port);
    set("proxy_db_user", settings.user);
    set("proxy_db_password", settings.password);
    set("proxy_db_name", settings.name);
    worker->stats = &stats;
    worker->server = ROPP_SERVER_MAP;
    worker->port = 5121;
    worker->config = &config;
    logged_count = 0;
    return 0;
}

/* Whatever became of the test. */
static int end(void **state)
{
    (void)state;
    ropp_store(&no_memory, 0);
    ropp_db_close(&other);
    sql("ROLLBACK");
    if (!ropp_worker_stop(worker, 20000))
        return -1;
    ropp_snapshot_free(bans);
    bans = NULL;
    ropp_config_free(&config);
    free(worker);
    return 0;
}

static int end_anew(void **state)
{
    database_spoilt = true;
    return end(state);
}

/* A turn of the game's loop. */
static void turn(void)
{
    char line[ROPP_LINE_TEXT];

    (void)ropp_snapshot_take(&worker->slots, &bans);
    while (ropp_notes_take(&worker->notes, line) != ROPP_NOTE_NONE) {
        assert_true(logged_count < sizeof logged / sizeof logged[0]);
        memcpy(logged[logged_count++], line, sizeof line);
    }
}

static bool has_bans(void)
{
    turn();
    return bans != NULL;
}

static unsigned times_logged(const char *text)
{
    unsigned i, count = 0;

    turn();
    for (i = 0; i < logged_count; i++)
        count += strstr(logged[i], text) != NULL;
    return count;
}

static bool is_banned(const char *text)
{
    struct ropp_addr addr;

    turn();
    assert_true(ropp_addr_parse(text, strlen(text), &addr));
    return bans != NULL &&
           ropp_ban_judge(ropp_snapshot_lists(bans, NULL), &addr, ropp_wall_ms() / 1000, NULL);
}

static bool status_is(const char *text)
{
    turn();
    return strcmp(sql_text("SELECT bans_state FROM proxy_status"), text) == 0;
}

static void start(void)
{
    assert_true(ropp_worker_start(worker));
}

static void start_and_load(void)
{
    int64_t took_ms;

    start();
    WAIT_MS(10000, has_bans(), &took_ms);
}

/* The same, and the worker has nothing more to do until its next turn. */
static void start_and_load_and_pause(void)
{
    int64_t took_ms;

    start_and_load();
    WAIT_MS(10000, sql_number("SELECT COUNT(*) FROM proxy_status") == 1, &took_ms);
}

static void put(unsigned count)
{
    struct ropp_connqueue_record record;
    unsigned i;

    memset(&record, 0, sizeof record);
    record.verdict = ROPP_CONNQUEUE_KICKED; /* those are not rationed */
    record.time_ms = ropp_wall_ms();
    record.source = ropp_addr_v4(0xc0000207);
    for (i = 0; i < count; i++) {
        record.source_port = (uint16_t)i;
        ropp_connqueue_put(&worker->connqueue, &record, ropp_now_ms());
    }
}

static long long rows(void)
{
    turn();
    return sql_number("SELECT COUNT(*) FROM proxy_connlog");
}

/* ---- while all is well ---- */

/* The log does not end with a number that has long been another. */
static void test_the_number_of_bans_is_said_again(void **state)
{
    int64_t took_ms;

    (void)state;
    start_and_load();
    WAIT_MS(2000, times_logged("ropp: bans: 0 prefixes in force, ") == 1, &took_ms);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    WAIT_MS(1000, is_banned("203.0.113.9"), &took_ms);
    sql("INSERT INTO proxy_ban (prefix) SELECT CONCAT('10.0.', seq, '.0/24') FROM seq_1_to_99");
    WAIT_MS(12000, times_logged("ropp: bans: 100 prefixes in force, ") == 1, &took_ms);
    assert_in_range(took_ms, 5000, 12000); /* not each change by itself */
    assert_int_equal(times_logged(" prefixes in force, "), 2);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('198.51.100.0/24')"); /* hardly worth a line */
    sleep_ms(11000);
    assert_true(is_banned("198.51.100.9"));
    assert_int_equal(times_logged(" prefixes in force, "), 2);
}

static void test_a_ban_acts_within_a_second(void **state)
{
    int64_t took_ms;

    (void)state;
    start_and_load();
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24'), ('2001:db8:bad::/48')");
    WAIT_MS(1000, is_banned("203.0.113.9"), &took_ms);
    assert_true(is_banned("2001:db8:bad:1::1"));
    sql("INSERT INTO proxy_ban (prefix, kind) VALUES ('203.0.113.9', 'allow')");
    WAIT_MS(1000, !is_banned("203.0.113.9"), &took_ms);
    assert_true(is_banned("203.0.113.10"));
    sql("DELETE FROM proxy_ban");
    WAIT_MS(1000, !is_banned("203.0.113.10"), &took_ms);
    sql("INSERT INTO ipbanlist VALUES ('198.51.100.*', NOW(), NOW() + INTERVAL 1 HOUR, '')");
    WAIT_MS(1000, is_banned("198.51.100.1"), &took_ms);
    sql("DELETE FROM ipbanlist");
    WAIT_MS(1000, !is_banned("198.51.100.1"), &took_ms);
    assert_int_equal(logged_count, 1);
}

static void test_expiry_needs_no_database(void **state)
{
    int64_t took_ms;

    (void)state;
    sql("INSERT INTO proxy_ban (prefix, expires) VALUES ('203.0.113.0/24', NOW() + INTERVAL 4 "
        "SECOND)");
    start_and_load();
    assert_true(is_banned("203.0.113.9"));
    server_do("stop");
    WAIT_MS(6000, !is_banned("203.0.113.9"), &took_ms);
    server_do("continue");
    assert_true(took_ms > 1000);
}

static void test_connlog_and_status(void **state)
{
    char host[ROPP_HOST_TEXT];
    int64_t took_ms, started_s;

    (void)state;
    ropp_count(&stats.accepted);
    start_and_load();
    put(450);
    WAIT_MS(2000, rows() == 450, &took_ms);
    assert_int_equal(sql_number("SELECT COUNT(DISTINCT source_port) FROM proxy_connlog "
                                "WHERE server = 'map'"),
                     450);
    WAIT_MS(4000,
            sql_number("SELECT COUNT(*) FROM proxy_status WHERE server = 'map' AND port = 5121 AND "
                       "bans_state = 'current' AND accepted = 1 AND snapshot_loaded IS NOT NULL") ==
                1,
            &took_ms);
    started_s = sql_number("SELECT UNIX_TIMESTAMP(started) FROM proxy_status");
    assert_in_range(started_s, ropp_wall_ms() / 1000 - 60, ropp_wall_ms() / 1000);
    sql("UPDATE proxy_status SET heartbeat = '2020-01-01'");
    WAIT_MS(4000, sql_number("SELECT heartbeat > '2021-01-01' FROM proxy_status") == 1, &took_ms);
    ropp_host_name(host);
    assert_string_equal(sql_text("SELECT host FROM proxy_status"), host);
    /* It is written as so many whole seconds before the database's own: one of rounding. */
    assert_in_range(sql_number("SELECT UNIX_TIMESTAMP(started) FROM proxy_status"), started_s - 1,
                    started_s + 1);
}

/* What the connection log holds is written before the worker ends. */
static void test_stop_writes_the_connlog(void **state)
{
    (void)state;
    start_and_load_and_pause();
    put(1234);
    assert_true(ropp_worker_stop(worker, 10000));
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 1234);
    assert_int_equal(sql_number("SELECT SUM(dropped) FROM proxy_connlog"), 0);
}

static void test_old_rows_go(void **state)
{
    int64_t took_ms;

    (void)state;
    set("proxy_connlog_days", "7");
    sql("INSERT INTO proxy_connlog (time) SELECT NOW() - INTERVAL 8 DAY FROM seq_1_to_5001");
    sql("INSERT INTO proxy_connlog (time) VALUES (NOW() - INTERVAL 6 DAY)");
    start_and_load();
    WAIT_MS(6000, rows() == 1, &took_ms);
}

/* A flood goes, what is about others stays, and a ban acts in the meantime. */
static void test_a_flood_of_rows_goes(void **state)
{
    int64_t took_ms;

    (void)state;
    set("proxy_connlog_rows", "1000");
    sql("INSERT INTO proxy_connlog (reason) SELECT 'banned' FROM seq_1_to_5");
    sql("INSERT INTO proxy_connlog (reason) SELECT 'header-timeout' FROM seq_1_to_9000");
    start_and_load();
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    WAIT_MS(2000, is_banned("203.0.113.9"), &took_ms);
    WAIT_MS(20000, rows() == 1000, &took_ms);
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog WHERE reason = 'banned'"), 5);
}

/* A slow disk, and many rows to write: a ban acts in the meantime. */
static void test_rows_are_written_slowly(void **state)
{
    int64_t took_ms;

    (void)state;
    sql("CREATE TRIGGER slow BEFORE INSERT ON proxy_connlog FOR EACH ROW SET @slept = "
        "SLEEP(0.005)");
    start_and_load_and_pause();
    put(1600);
    WAIT_MS(4000, rows() > 0, &took_ms);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    WAIT_MS(4000, is_banned("203.0.113.9"), &took_ms);
    assert_true(rows() < 1600);
    WAIT_MS(20000, rows() == 1600, &took_ms);
}

static void test_without_bans(void **state)
{
    int64_t took_ms;

    (void)state;
    set("proxy_bans", "off");
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    start();
    put(3);
    WAIT_MS(3000, rows() == 3, &took_ms);
    WAIT_MS(4000, sql_number("SELECT COUNT(*) FROM proxy_status WHERE bans_state = 'off'") == 1,
            &took_ms);
    assert_false(has_bans());
    assert_int_equal(logged_count, 0);
}

/* A thousand bans, published one after the other while the game takes them. */
/* Twice a second and no more often, when nothing happens. */
static void test_how_often_it_asks(void **state)
{
    static const char selects[] = "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS "
                                  "WHERE VARIABLE_NAME = 'COM_SELECT'";
    long long before;

    (void)state;
    start_and_load();
    before = sql_number("%s", selects);
    sleep_ms(1000);
    assert_in_range(sql_number("%s", selects) - before, 2, 50);
}

static void test_many_changes(void **state)
{
    char address[ROPP_ADDR_TEXT];
    int64_t took_ms;
    unsigned i;

    (void)state;
    start_and_load();
    for (i = 0; i < 20; i++) {
        sql("INSERT INTO proxy_ban (prefix) SELECT CONCAT('10.%u.0.', seq) FROM seq_1_to_50", i);
        snprintf(address, sizeof address, "10.%u.0.50", i);
        if (i % 4 == 0)
            WAIT_MS(1500, is_banned(address), &took_ms);
    }
    WAIT_MS(1500, is_banned("10.19.0.50"), &took_ms);
    assert_int_equal(ropp_table_count(bans->table), 1000);
}

static void test_memory_runs_out(void **state)
{
    int64_t took_ms;

    (void)state;
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    start_and_load();
    ropp_store(&no_memory, 1);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('198.51.100.0/24')");
    WAIT_MS(3000,
            times_logged("ropp: out of memory: the ban list: free some: the bans that were loaded "
                         "last stay in force") == 1,
            &took_ms);
    sleep_ms(2000);
    assert_true(is_banned("203.0.113.9"));
    assert_false(is_banned("198.51.100.1"));
    assert_int_equal(logged_count, 2); /* once, not twice a second */
    ropp_store(&no_memory, 0);
    WAIT_MS(6000, is_banned("198.51.100.1"), &took_ms);
}

/* Somebody else holds the row for longer than the database waits: that is nothing to speak of. */
static void test_the_status_row_is_locked(void **state)
{
    int64_t took_ms;

    (void)state;
    start_and_load();
    WAIT_MS(4000, sql_number("SELECT COUNT(*) FROM proxy_status") == 1, &took_ms);
    sql("START TRANSACTION");
    sql("UPDATE proxy_status SET heartbeat = '2020-01-01', mode = 'locked'");
    sleep_ms(4000);
    assert_int_equal(times_logged("ropp: "), 1);
    sql("COMMIT");
    WAIT_MS(7000, sql_number("SELECT mode = 'on' FROM proxy_status") == 1, &took_ms);
    assert_int_equal(times_logged("ropp: "), 1);
}

/* Nor does a locked connection log, while it is dumped or altered, keep anybody from a ban. */
static void test_the_connlog_is_locked(void **state)
{
    struct ropp_db_settings settings = database_settings();
    int64_t took_ms;

    (void)state;
    start_and_load();
    assert_true(ropp_db_open(&other, &settings, error));
    assert_true(ropp_db_run(&other, "LOCK TABLES proxy_connlog READ", error));
    put(5);
    sleep_ms(ROPP_WORKER_POLL_MS);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    WAIT_MS(3000, is_banned("203.0.113.9"), &took_ms);
    ropp_db_close(&other);
    put(2);
    /* Written or counted: that depends on how long the lock was in the way. */
    WAIT_MS(8000,
            sql_number("SELECT SUM(IF(reason = 'dropped', dropped, 1)) FROM proxy_connlog") == 7,
            &took_ms);
    assert_int_equal(times_logged("ropp: "), 1);
}

/* The worker waits for a table and its connection is broken: what it was writing is counted. */
static void test_the_connection_breaks_in_the_connlog(void **state)
{
    static const char writing[] = "SELECT COALESCE(MAX(id), 0) FROM information_schema.processlist "
                                  "WHERE info LIKE '%%INSERT INTO proxy_connlog%%' AND "
                                  "id <> CONNECTION_ID()";
    int64_t took_ms;

    (void)state;
    start_and_load();
    sleep_ms(1000);
    sql("LOCK TABLES proxy_connlog READ");
    put(5);
    WAIT_MS(3000, sql_number(writing) != 0, &took_ms);
    sql("KILL %lld", sql_number(writing));
    sql("UNLOCK TABLES");
    WAIT_MS(3000, times_logged("the bans that were loaded last stay in force") == 1, &took_ms);
    WAIT_MS(5000, times_logged("ropp: MariaDB is back") == 1, &took_ms);
    WAIT_MS(3000, sql_number("SELECT COALESCE(SUM(dropped), 0) FROM proxy_connlog") == 5, &took_ms);
}

/* ---- MariaDB hangs, dies, comes back ---- */

/* What is committed survives the server's end from now on; by itself the tests' server is lazy. */
static void keep_what_is_committed(void)
{
    sql("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
}

static void test_mariadb_hangs(void **state)
{
    int64_t took_ms, began_ms;

    (void)state;
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    start_and_load();
    server_do("stop");
    began_ms = ropp_now_ms();
    WAIT_MS(10000, times_logged("the bans that were loaded last stay in force") == 1, &took_ms);
    assert_true(took_ms > 3000); /* it was given its five seconds */
    assert_true(is_banned("203.0.113.9"));
    put(10);
    while (ropp_now_ms() - began_ms < 14000) { /* a few tries; not a line each */
        turn();
        sleep_ms(20);
    }
    assert_int_equal(logged_count, 2);
    server_do("continue");
    WAIT_MS(10000, times_logged("ropp: MariaDB is back after ") == 1, &took_ms);
    assert_true(is_banned("203.0.113.9"));
    WAIT_MS(2000, rows() == 10, &took_ms);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('198.51.100.0/24')");
    WAIT_MS(1000, is_banned("198.51.100.1"), &took_ms);
}

static void reconnect(void)
{
    struct ropp_db_settings settings = database_settings();

    ropp_db_close(&database);
    if (!ropp_db_open(&database, &settings, error))
        fail_msg("%s", error);
}

static void test_mariadb_dies(void **state)
{
    int64_t took_ms;
    unsigned i;

    (void)state;
    keep_what_is_committed();
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    start_and_load();
    server_do("kill");
    WAIT_MS(3000, times_logged("the bans that were loaded last stay in force") == 1, &took_ms);
    ropp_store(&tries, 0);
    for (i = 0; i < 60; i++) {
        assert_true(is_banned("203.0.113.9"));
        put(50); /* more than there is room for */
        sleep_ms(50);
    }
    assert_in_range(ropp_load(&tries), 1, 4); /* after one second, after three, after seven */
    assert_int_equal(times_logged("ropp: "), 2);
    server_do("start");
    WAIT_MS(10000, times_logged("ropp: MariaDB is back after ") == 1, &took_ms);
    reconnect();
    WAIT_MS(3000, rows() >= ROPP_CONNQUEUE_RECORDS, &took_ms);
    WAIT_MS(3000,
            sql_number("SELECT SUM(dropped) + COUNT(*) - SUM(dropped > 0) FROM proxy_connlog") ==
                3000,
            &took_ms);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('198.51.100.0/24')");
    WAIT_MS(1000, is_banned("198.51.100.1"), &took_ms);
    assert_true(is_banned("203.0.113.9"));

    /* The next time is a time of its own. */
    server_do("kill");
    WAIT_MS(3000, times_logged("the bans that were loaded last stay in force") == 2, &took_ms);
    server_do("start");
    reconnect();
    WAIT_MS(10000, times_logged("ropp: MariaDB is back after ") == 2, &took_ms);
}

/* It is down when the server starts; `meanwhile` is what the owner reads. */
static void start_without_mariadb(const char *meanwhile)
{
    int64_t took_ms;

    keep_what_is_committed();
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    server_do("kill");
    start();
    WAIT_MS(5000, times_logged(meanwhile) == 1, &took_ms);
    assert_int_equal(times_logged("cannot connect to MariaDB: "), 1);
    assert_false(has_bans());
    server_do("start");
    reconnect();
    WAIT_MS(10000, times_logged("ropp: bans: 1 prefixes in force") == 1, &took_ms);
    assert_true(is_banned("203.0.113.9"));
}

static void test_start_open_without_mariadb(void **state)
{
    (void)state;
    start_without_mariadb("no bans are known, so EVERYBODY comes in");
}

static void test_start_closed_without_mariadb(void **state)
{
    (void)state;
    set("proxy_ban_on_error", "closed");
    start_without_mariadb("no bans are known, so nobody comes in");
}

static void test_start_without_bans_without_mariadb(void **state)
{
    int64_t took_ms;

    (void)state;
    set("proxy_bans", "off");
    set("proxy_db_password", "hunter2");
    start();
    WAIT_MS(5000, times_logged("Access denied") == 1, &took_ms);
    assert_int_equal(times_logged("the connection log waits"), 1);
    assert_int_equal(times_logged("hunter2"), 0);
}

/* The server's end waits two seconds at most, and what the worker uses stays until it has ended.
 * The worker hangs behind the connection log's place in a turn: what comes in then is written at
 * the end. */
static void test_stop_while_mariadb_hangs(void **state)
{
    int64_t began_ms, took_ms;

    (void)state;
    start_and_load_and_pause();
    sql("START TRANSACTION");
    sql("UPDATE proxy_status SET heartbeat = '2020-01-01'");
    WAIT_MS(10000,
            sql_number("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS "
                       "WHERE VARIABLE_NAME = 'INNODB_ROW_LOCK_CURRENT_WAITS'") == 1,
            &took_ms);
    server_do("stop");
    put(5);
    began_ms = ropp_now_ms();
    assert_false(ropp_worker_stop(worker, 2000));
    assert_in_range(ropp_now_ms() - began_ms, 2000, 2200);
    server_do("continue");
    assert_true(ropp_worker_stop(worker, 20000));
    sql("ROLLBACK");
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 5);
}

static void test_stop_while_mariadb_is_away(void **state)
{
    int64_t took_ms;

    (void)state;
    start_and_load();
    server_do("kill");
    WAIT_MS(3000, times_logged("the bans that were loaded last stay in force") == 1, &took_ms);
    ropp_store(&tries, 0);
    sleep_ms(1500);
    assert_in_range(ropp_load(&tries), 0, 2); /* a second between them, then more */
    put(5);
    assert_true(ropp_worker_stop(worker, 2000));
    server_do("start");
    reconnect();
    assert_int_equal(sql_number("SELECT COUNT(*) FROM proxy_connlog"), 0);
}

/* ---- tables that are not there, or not as they should be ---- */

static void test_installed_later(void **state)
{
    int64_t took_ms;

    (void)state;
    sql("DROP TABLE proxy_ban, proxy_source, proxy_connlog, proxy_status, proxy_ban_history");
    start_and_load();
    WAIT_MS(2000, times_logged("there is no table proxy_source in ropp_test") == 1, &took_ms);
    sql("INSERT INTO ipbanlist VALUES ('198.51.100.*', NOW(), NOW() + INTERVAL 1 HOUR, '')");
    WAIT_MS(1000, is_banned("198.51.100.1"), &took_ms);
    put(300);
    sleep_ms(1500);
    assert_int_equal(times_logged("ropp: "), 2); /* and the first one about the bans */
    database_spoilt = true;
    database_clear(NULL);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    WAIT_MS(7000, is_banned("203.0.113.9"), &took_ms);
    WAIT_MS(7000, rows() >= 300, &took_ms); /* none was thrown away */
    WAIT_MS(7000, sql_number("SELECT COUNT(*) FROM proxy_status") == 1, &took_ms);
    assert_int_equal(sql_number("SELECT SUM(dropped) FROM proxy_connlog"), 0);
    assert_int_equal(times_logged("there is no table proxy_source"), 1);
    assert_int_equal(times_logged("proxy_connlog: ") + times_logged("proxy_status: "), 0);
}

/* A database that has no tables of ropp's has not said which bans there are. */
static void test_closed_until_installed(void **state)
{
    int64_t took_ms;

    (void)state;
    set("proxy_ban_on_error", "closed");
    sql("DROP TABLE proxy_ban, proxy_source, proxy_connlog, proxy_status, proxy_ban_history");
    sql("INSERT INTO ipbanlist VALUES ('198.51.100.*', NOW(), NOW() + INTERVAL 1 HOUR, '')");
    start();
    WAIT_MS(3000,
            times_logged("the connection log wait for it, and nobody comes in: mariadb ") == 1,
            &took_ms);
    sleep_ms(1500); /* more than a poll */
    assert_false(has_bans());
    database_spoilt = true;
    database_clear(NULL);
    WAIT_MS(7000, has_bans(), &took_ms);
    assert_int_equal(times_logged(" prefixes in force, "), 1);
    assert_int_equal(times_logged("there is no table proxy_source"), 1);
    /* Once they have been known, they stay in force without the table. */
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    WAIT_MS(2000, is_banned("203.0.113.9"), &took_ms);
    sql("DROP TABLE proxy_ban, proxy_source, proxy_connlog, proxy_status, proxy_ban_history");
    database_spoilt = true;
    WAIT_MS(3000,
            times_logged("proxy_source' doesn't exist: restore it, or load sql/install.sql: "
                         "the bans that were read last stay in force") == 1,
            &took_ms);
    assert_true(is_banned("203.0.113.9"));
}

/* MySQL cannot have the tables: ipbanlist is the whole list then, and nobody is kept out for want
 * of another one. */
static void test_on_mysql(void **state)
{
    int64_t took_ms;

    (void)state;
    keep_what_is_committed();
    set("proxy_ban_on_error", "closed");
    sql("DROP TABLE proxy_ban, proxy_source, proxy_connlog, proxy_status, proxy_ban_history");
    sql("INSERT INTO ipbanlist VALUES ('198.51.100.*', NOW(), NOW() + INTERVAL 1 HOUR, '')");
    server_do("mysql");
    start_and_load();
    WAIT_MS(3000, times_logged("8.0.36, cannot have it: the bans of ipbanlist count alone") == 1,
            &took_ms);
    assert_true(is_banned("198.51.100.1"));
    assert_false(is_banned("203.0.113.9"));
    assert_int_equal(times_logged("install.sql"), 0);
    server_do("mariadb");
    reconnect();
    database_spoilt = true;
}

/* With proxy_bans off nobody looks for proxy_source; what is missing is said all the same. */
static void test_no_tables_and_no_bans(void **state)
{
    int64_t took_ms;

    (void)state;
    set("proxy_bans", "off");
    sql("DROP TABLE proxy_connlog, proxy_status");
    start();
    put(1);
    WAIT_MS(3000, times_logged("proxy_connlog: ") == 1, &took_ms);
    WAIT_MS(3000, times_logged("proxy_status: ") == 1, &took_ms);
}

/* The bans go on when the other tables cannot be used; that is said once, and they are used again
 * when they can be. */
static void test_tables_of_another_form(void **state)
{
    int64_t took_ms, began_ms;

    (void)state;
    sql("ALTER TABLE proxy_connlog CHANGE tls tls_away VARCHAR(32)");
    sql("ALTER TABLE proxy_status CHANGE mode mode_away VARCHAR(8)");
    start_and_load();
    put(1);
    WAIT_MS(3000, times_logged("proxy_connlog: MariaDB: Unknown column 'tls'") == 1, &took_ms);
    WAIT_MS(3000, times_logged("proxy_status: MariaDB: Unknown column 'mode'") == 1, &took_ms);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    WAIT_MS(1000, is_banned("203.0.113.9"), &took_ms);
    for (began_ms = ropp_now_ms(); ropp_now_ms() - began_ms < 11000;) {
        turn();
        sleep_ms(50);
    }
    assert_int_equal(logged_count - times_logged(" prefixes in force, "), 2);
    sql("ALTER TABLE proxy_connlog CHANGE tls_away tls VARCHAR(32)");
    sql("ALTER TABLE proxy_status CHANGE mode_away mode VARCHAR(8) NOT NULL DEFAULT ''");
    put(2);
    WAIT_MS(7000, sql_number("SELECT COUNT(*) FROM proxy_connlog WHERE source_port < 2") >= 2,
            &took_ms);
    WAIT_MS(7000, sql_number("SELECT COUNT(*) FROM proxy_status") == 1, &took_ms);
}

static void test_bans_of_another_form(void **state)
{
    int64_t took_ms;

    (void)state;
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    start_and_load();
    WAIT_MS(4000, sql_number("SELECT COUNT(*) FROM proxy_status") == 1, &took_ms);
    sql("ALTER TABLE proxy_source CHANGE version away BIGINT");
    WAIT_MS(3000, times_logged("Unknown column 'version'") == 1, &took_ms);
    assert_int_equal(times_logged("the bans that were read last stay in force"), 1);
    assert_true(is_banned("203.0.113.9"));
    WAIT_MS(4000, status_is("stale"), &took_ms);
    /* The other table is read all the same. */
    sql("INSERT INTO ipbanlist VALUES ('198.51.100.*', NOW(), NOW() + INTERVAL 1 HOUR, '')");
    WAIT_MS(1000, is_banned("198.51.100.1"), &took_ms);
    sql("ALTER TABLE proxy_source CHANGE away version BIGINT");
    WAIT_MS(7000, times_logged("ropp: bans: proxy_ban can be read again") == 1, &took_ms);
    WAIT_MS(4000, status_is("current"), &took_ms);
    assert_true(is_banned("203.0.113.9"));
}

/* An allowance that ends leaves the ban beneath it in force: the game must look at who is in,
 * by a new list, also while the database is away. */
static void test_an_allowance_ends(void **state)
{
    const struct ropp_snapshot *before;
    int64_t took_ms;

    (void)state;
    sql("INSERT INTO proxy_ban (prefix, kind, source, expires) VALUES "
        "('203.0.113.0/24', 'ban', 'manual', NULL), "
        "('203.0.113.9', 'allow', 'friends', NOW() + INTERVAL 3 SECOND)");
    start_and_load();
    assert_false(is_banned("203.0.113.9"));
    server_do("stop");
    before = bans;
    WAIT_MS(20000, (turn(), bans != before), &took_ms);
    server_do("continue");
    assert_true(is_banned("203.0.113.9"));
}

/* A ban of this machine's own address is said, once. */
static void test_a_ban_of_an_own_address(void **state)
{
    int64_t took_ms;

    (void)state;
    sql("INSERT INTO proxy_ban (prefix) VALUES ('127.0.0.0/8')");
    start_and_load();
    assert_int_equal(times_logged("ropp: the ban 127.0.0.0/8 covers this machine's own address "
                                  "127.0.0.1: its links come in all the same"),
                     1);
    sql("INSERT INTO proxy_ban (prefix) VALUES ('203.0.113.0/24')");
    WAIT_MS(1000, is_banned("203.0.113.9"), &took_ms);
    assert_int_equal(times_logged("covers this machine's own address"), 1);
}

/* The rows the emulator wrote itself are not in the list. */
/* What the servers were woven without is in their rows. */
static void test_left_out(void **state)
{
    int64_t took_ms;

    (void)state;
    config.left_out = "routes tickets";
    start_and_load();
    WAIT_MS(3000,
            sql_number("SELECT COUNT(*) FROM proxy_status WHERE left_out = 'routes tickets'") == 1,
            &took_ms);
    config.left_out = NULL;
}

static void test_login_only(void **state)
{
    int64_t took_ms;

    (void)state;
    set("proxy_ban_login_only", "Password error ban");
    sql("INSERT INTO ipbanlist VALUES "
        "('203.0.113.*', NOW(), NOW() + INTERVAL 5 MINUTE, 'Password error ban'), "
        "('198.51.100.*', NOW(), NOW() + INTERVAL 5 MINUTE, 'bots')");
    start_and_load();
    assert_true(is_banned("198.51.100.1"));
    assert_false(is_banned("203.0.113.1"));
    sql("UPDATE ipbanlist SET reason = 'bots'");
    WAIT_MS(1000, is_banned("203.0.113.1"), &took_ms);
}

int main(int argc, char **argv)
{
#define TEST(name)           cmocka_unit_test_setup_teardown(name, begin, end)
#define TEST_OF_TABLES(name) cmocka_unit_test_setup_teardown(name, begin, end_anew)
    /* For tools that slow everything down: all that the two threads do, in half a minute. */
    static const struct CMUnitTest brief[] = {
        TEST(test_a_ban_acts_within_a_second), TEST(test_connlog_and_status),
        TEST(test_stop_writes_the_connlog),    TEST(test_many_changes),
        TEST(test_stop_while_mariadb_hangs),   TEST(test_stop_while_mariadb_is_away),
        TEST(test_start_open_without_mariadb),
    };
    static const struct CMUnitTest tests[] = {
        TEST(test_a_ban_acts_within_a_second),
        TEST(test_the_number_of_bans_is_said_again),
        TEST(test_expiry_needs_no_database),
        TEST(test_an_allowance_ends),
        TEST(test_a_ban_of_an_own_address),
        TEST(test_left_out),
        TEST(test_login_only),
        TEST(test_connlog_and_status),
        TEST(test_stop_writes_the_connlog),
        TEST(test_old_rows_go),
        TEST(test_a_flood_of_rows_goes),
        TEST_OF_TABLES(test_rows_are_written_slowly),
        TEST(test_without_bans),
        TEST(test_how_often_it_asks),
        TEST(test_many_changes),
        TEST(test_memory_runs_out),
        TEST(test_the_status_row_is_locked),
        TEST(test_the_connlog_is_locked),
        TEST(test_the_connection_breaks_in_the_connlog),
        TEST(test_mariadb_hangs),
        TEST(test_mariadb_dies),
        TEST(test_start_open_without_mariadb),
        TEST(test_start_closed_without_mariadb),
        TEST(test_start_without_bans_without_mariadb),
        TEST(test_stop_while_mariadb_hangs),
        TEST(test_stop_while_mariadb_is_away),
        TEST_OF_TABLES(test_installed_later),
        TEST_OF_TABLES(test_closed_until_installed),
        TEST_OF_TABLES(test_on_mysql),
        TEST_OF_TABLES(test_no_tables_and_no_bans),
        TEST_OF_TABLES(test_tables_of_another_form),
        TEST_OF_TABLES(test_bans_of_another_form),
#undef TEST
#undef TEST_OF_TABLES
    };

    if (getenv("ROPP_TEST_SHORT") != NULL)
        return UNIT_RUN(argc, argv, "worker, in short", brief, database_open, database_close);
    return UNIT_RUN(argc, argv, "worker", tests, database_open, database_close);
}
