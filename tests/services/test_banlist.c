// SPDX-License-Identifier: MIT
/* The ban list as it is read from a real database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "service/banlist.h"
#include "tests/services/database.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

/* ---- memory that runs out, a clock that jumps ---- */

void *__real_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
int64_t __real_ropp_wall_ms(void);

void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *old, size_t size);
int64_t __wrap_ropp_wall_ms(void);

static int allocations_left = -1; /* before the one that fails; -1: none fails */
static int64_t clock_shift_ms;

static bool allocation_fails(void)
{
    return allocations_left >= 0 && allocations_left-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return allocation_fails() ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return allocation_fails() ? NULL : __real_realloc(old, size);
}

int64_t __wrap_ropp_wall_ms(void)
{
    return __real_ropp_wall_ms() + clock_shift_ms;
}

/* ---- a list and its own connection ---- */

/* The emulator's own reason, and further ones, of another language and of one byte a letter. */
static char own_reason[] = "Password error ban",
            spanish[] = "Contrase\xc3\xb1"
                        "a",
            single[] = "Caf\xe9", beginning[] = "Too many: %";
static char *login_only_items[] = {own_reason, spanish, single, beginning};
static struct ropp_config_texts login_only = {login_only_items, COUNT_OF(login_only_items)};

static struct ropp_db db;
static struct ropp_banlist list;
static char error[ROPP_ERROR_TEXT];

static int begin(void **state)
{
    struct ropp_db_settings settings = database_settings();

    database_clear(state);
    clock_shift_ms = 0;
    if (!ropp_db_open(&db, &settings, error))
        return -1;
    return ropp_banlist_init(&list, "ipbanlist", &login_only) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    allocations_left = -1;
    ropp_banlist_free(&list);
    ropp_db_close(&db);
    sql("SET GLOBAL time_zone = SYSTEM");
    sql("SET time_zone = DEFAULT, timestamp = DEFAULT, @ropp_bulk = NULL, @ropp_wide = NULL");
    return 0;
}

/* After a test that changes the tables themselves. */
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
    ropp_banlist_doubt(&list);
}

/* Polls at a moment so late that everything that can be due is due; returns whether there was news.
 */
static bool poll(void)
{
    static int64_t later_ms;

    list.changed = false;
    later_ms += 1000000000;
    error[0] = '\0';
    if (!ropp_banlist_poll(&list, &db, later_ms, error))
        fail_msg("%s", error);
    return list.changed;
}

/* The entry that decides about an address now; its id is 0 when none does. */
static struct ropp_table_entry decides(const char *text)
{
    struct ropp_snapshot *snapshot = ropp_banlist_snapshot(&list);
    struct ropp_table_entry entry;
    struct ropp_addr addr;

    memset(&entry, 0, sizeof entry);
    assert_non_null(snapshot);
    assert_true(ropp_addr_parse(text, strlen(text), &addr));
    if (!ropp_table_lookup(snapshot->table, &addr, ropp_wall_ms() / 1000, &entry) &&
        !ropp_table_lookup(snapshot->ipbanlist, &addr, ropp_wall_ms() / 1000, &entry))
        entry.id = UINT64_MAX; /* an entry of ipbanlist has 0 */
    ropp_snapshot_free(snapshot);
    return entry;
}

#define NOBODY UINT64_MAX

static size_t entries(void)
{
    struct ropp_snapshot *snapshot = ropp_banlist_snapshot(&list);
    size_t count;

    assert_non_null(snapshot);
    count = ropp_table_count(snapshot->table) + ropp_table_count(snapshot->ipbanlist);
    ropp_snapshot_free(snapshot);
    return count;
}

static uint64_t ban(const char *prefix)
{
    sql("INSERT INTO proxy_ban (prefix) VALUES ('%s')", prefix);
    return (uint64_t)sql_number("SELECT MAX(id) FROM proxy_ban");
}

static void assert_trouble(const struct ropp_banlist_part *part, const char *text)
{
    if (text[0] == '\0' ? part->trouble[0] != '\0' : strstr(part->trouble, text) == NULL)
        fail_msg("'%s' instead of '%s'", part->trouble, text);
}

/* ---- proxy_ban ---- */

static void test_an_empty_list(void **state)
{
    (void)state;
    assert_true(list.changed); /* nothing is something to publish */
    assert_false(poll());      /* and it is what there is */
    assert_true(list.own.installed);
    assert_true(list.ipbanlist.installed);
    assert_int_equal(entries(), 0);
    assert_false(poll());
}

static void test_rows(void **state)
{
    uint64_t net4, one4, net6, one6, all4, mapped, allowed;

    (void)state;
    net4 = ban("203.0.113.0/24");
    one4 = ban("192.0.2.7");
    net6 = ban("2001:db8:bad::/48");
    one6 = ban("2001:db8:1:2:3:4:5:6");
    mapped = ban("::ffff:198.51.100.0/120");
    sql("INSERT INTO proxy_ban (prefix, kind) VALUES ('203.0.113.10', 'allow')");
    allowed = (uint64_t)sql_number("SELECT MAX(id) FROM proxy_ban");
    assert_true(poll());
    assert_int_equal(entries(), 6);
    assert_int_equal(decides("203.0.113.9").id, net4);
    assert_int_equal(decides("203.0.113.9").kind, ROPP_TABLE_BAN);
    assert_int_equal(decides("203.0.113.9").expires_s, 0);
    assert_int_equal(decides("203.0.113.10").id, allowed);
    assert_int_equal(decides("203.0.113.10").kind, ROPP_TABLE_ALLOW);
    assert_int_equal(decides("192.0.2.7").id, one4);
    assert_int_equal(decides("192.0.2.8").id, NOBODY);
    assert_int_equal(decides("2001:db8:bad:ffff::1").id, net6);
    assert_int_equal(decides("2001:db8:1:2:ffff::1").id, one6); /* its /64 */
    assert_int_equal(decides("2001:db8:1:3::1").id, NOBODY);
    assert_int_equal(decides("198.51.100.255").id, mapped);
    assert_int_equal(decides("198.51.100.255").prefix.length, 24);

    sql("SET @ropp_wide = 1");
    all4 = ban("0.0.0.0/0");
    sql("INSERT INTO proxy_ban (prefix) VALUES ('255.255.255.255'), ('::/0'), "
        "('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128')");
    assert_true(poll());
    assert_int_equal(decides("192.0.2.8").id, all4);
    assert_int_equal(decides("255.255.255.255").prefix.length, 32);
    assert_int_equal(decides("2001:db8:1:3::1").prefix.length, 0);
    assert_int_equal(decides("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").prefix.length, 128);
}

/* A table that is not ours in all it holds: what makes no sense bans nobody. */
static void test_senseless_rows(void **state)
{
    (void)state;
    sql("RENAME TABLE proxy_ban TO proxy_ban_away");
    sql("CREATE TABLE proxy_ban (id VARCHAR(20), kind VARCHAR(8), range_start INET6, "
        "prefix_length INT, expires TIMESTAMP(3) NULL, source VARCHAR(64) DEFAULT 'manual')");
    sql("INSERT INTO proxy_ban (id, kind, range_start, prefix_length) VALUES "
        "('1', 'ban', '::ffff:192.0.2.1', 32), ('x', 'ban', '::ffff:192.0.2.2', 32), "
        "(NULL, 'ban', '::ffff:192.0.2.3', 32), ('4', NULL, '::ffff:192.0.2.4', 32), "
        "('5', '', '::ffff:192.0.2.5', 32), ('6', 'deny', '::ffff:192.0.2.6', 32), "
        "('7', 'ban', NULL, 32), ('8', 'ban', '::ffff:192.0.2.8', 33), "
        "('9', 'ban', '::ffff:192.0.2.9', -1), ('10', 'ban', '2001:db8::', 129), "
        "('11', 'ban', '2001:db8::1', 64), ('12', 'ban', '::ffff:192.0.2.12', NULL), "
        "('13', 'ban', '::ffff:192.0.2.13', 1000), ('14', 'allow', '::ffff:192.0.2.14', 32)");
    sql("INSERT INTO proxy_ban (id, kind, range_start, prefix_length, expires) VALUES "
        "('15', 'ban', '::ffff:192.0.2.15', 32, NOW() + INTERVAL 1 DAY)");
    sql("UPDATE proxy_source SET version = version + 1");
    assert_true(poll());
    assert_int_equal(entries(), 2);
    assert_int_equal(decides("192.0.2.1").id, 1);
    assert_int_equal(decides("192.0.2.14").id, 14);
    sql("DROP TABLE proxy_ban");
    sql("RENAME TABLE proxy_ban_away TO proxy_ban");
}

static void test_changes(void **state)
{
    const struct ropp_table_entry *others;
    uint64_t id;

    (void)state;
    sql("INSERT INTO proxy_ban (prefix, source) VALUES ('198.51.100.0/24', 'droplist')");
    id = ban("192.0.2.7");
    assert_true(poll());
    assert_int_equal(list.count, 2);
    assert_false(poll());
    others = list.sources[strcmp(list.sources[0].name, "droplist") == 0 ? 0 : 1].entries.items;

    sql("UPDATE proxy_ban SET prefix = '192.0.2.0/24' WHERE id = %llu", (unsigned long long)id);
    assert_true(poll());
    assert_int_equal(decides("192.0.2.99").id, id);
    sql("DELETE FROM proxy_ban WHERE id = %llu", (unsigned long long)id);
    assert_true(poll());
    assert_int_equal(decides("192.0.2.99").id, NOBODY);
    assert_false(poll());

    /* Only what has changed was read. */
    assert_ptr_equal(
        list.sources[strcmp(list.sources[0].name, "droplist") == 0 ? 0 : 1].entries.items, others);
    assert_int_equal(decides("198.51.100.1").kind, ROPP_TABLE_BAN);

    /* After a doubt everything is read again, and is no news where it is the same. */
    ropp_banlist_doubt(&list);
    assert_false(poll());
    assert_false(list.sources[0].suspect || list.sources[1].suspect);
    assert_int_equal(entries(), 1);
}

/* A new one is seen by the next poll after its commit, and by none before. */
static void test_transactions(void **state)
{
    (void)state;
    assert_false(poll());
    sql("START TRANSACTION");
    sql("INSERT INTO proxy_ban (prefix) VALUES ('192.0.2.7')");
    assert_false(poll());
    sql("ROLLBACK");
    assert_false(poll());
    sql("START TRANSACTION");
    sql("INSERT INTO proxy_ban (prefix) VALUES ('192.0.2.7')");
    sql("COMMIT");
    assert_true(poll());
    assert_int_equal(entries(), 1);
}

static void test_a_source_is_replaced(void **state)
{
    unsigned i;

    (void)state;
    sql("SET @ropp_bulk = 1");
    for (i = 0; i < 2; i++) {
        sql("START TRANSACTION");
        sql("DELETE FROM proxy_ban WHERE source = 'droplist'");
        assert_false(poll());
        sql("INSERT INTO proxy_ban (prefix, source) SELECT CONCAT('10.%u.', seq DIV 256, '.', "
            "seq MOD 256), 'droplist' FROM seq_0_to_999",
            i);
        assert_false(poll());
        assert_int_equal(entries(), i == 0 ? 0 : 1000); /* the old one is whole until the end */
        sql("INSERT INTO proxy_source (name, version, entries) VALUES ('droplist', 1, 1000) "
            "ON DUPLICATE KEY UPDATE version = version + 1");
        assert_false(poll());
        sql("COMMIT");
        assert_true(poll());
        assert_int_equal(entries(), 1000);
        assert_int_equal(decides(i == 0 ? "10.0.3.231" : "10.1.3.231").kind, ROPP_TABLE_BAN);
        assert_int_equal(decides(i == 0 ? "10.1.3.231" : "10.0.3.231").id, NOBODY);
        assert_false(poll());
    }
}

/* TRUNCATE empties a table without a word to its counter, as a dump does that makes it anew: the
 * entries stay until the counter says that it is meant. */
static void test_truncate(void **state)
{
    (void)state;
    ban("192.0.2.7");
    assert_true(poll());
    assert_int_equal(entries(), 1);
    sql("TRUNCATE proxy_ban");
    assert_false(poll());
    assert_int_equal(entries(), 1);
    assert_trouble(&list.own, "proxy_ban has no entry of the list manual any more");
    connect_again(); /* and a new connection is no word either */
    assert_false(poll());
    assert_int_equal(entries(), 1);
    sql("UPDATE proxy_source SET version = version + 1");
    assert_true(poll());
    assert_int_equal(entries(), 0);
    assert_trouble(&list.own, "");
    assert_false(poll());
    ban("192.0.2.8");
    assert_true(poll());
    assert_int_equal(entries(), 1);
}

static void test_a_source_goes(void **state)
{
    (void)state;
    ban("192.0.2.7");
    sql("INSERT INTO proxy_ban (prefix, source) VALUES ('198.51.100.0/24', 'droplist')");
    assert_true(poll());
    assert_int_equal(list.count, 2);
    sql("DELETE FROM proxy_ban WHERE source = 'droplist'");
    sql("DELETE FROM proxy_source WHERE name = 'droplist'");
    assert_true(poll());
    assert_int_equal(list.count, 1);
    assert_int_equal(entries(), 1);
    assert_false(poll());
}

/* Names that no entry can have, quotes and all. */
static void test_odd_names_of_sources(void **state)
{
    (void)state;
    sql("INSERT INTO proxy_source (name) VALUES (''), ('it\\'s \\\\ \"'), "
        "(REPEAT('x', 64)), (REPEAT('\xe2\x82\xac', 64)), (REPEAT('\\'', 64))");
    assert_false(poll());
    assert_false(poll());
    sql("INSERT INTO proxy_ban (prefix, source) VALUES ('192.0.2.9', REPEAT('x', 64))");
    assert_true(poll());
    assert_int_equal(entries(), 1);
    sql("INSERT INTO proxy_ban (prefix, source) VALUES ('192.0.2.10', REPEAT('X', 64))");
    assert_true(poll()); /* to the database it is the same name */
    assert_int_equal(entries(), 2);
}

/* ---- how long ---- */

static void assert_expires(const char *address, long long expires_s)
{
    struct ropp_table_entry entry = decides(address);

    assert_int_not_equal(entry.id, NOBODY);
    assert_in_range(entry.expires_s, expires_s, expires_s + 1);
}

/* Whatever zone the session is in: the server's own default may be any. */
static void test_expiry(void **state)
{
    static const char *const zones[] = {"SYSTEM", "+13:00", "-12:00", "+00:00"};
    long long now_s = (long long)(ropp_wall_ms() / 1000);
    size_t i;

    (void)state;
    sql("INSERT INTO proxy_ban (prefix, expires) VALUES ('192.0.2.1', FROM_UNIXTIME(%lld)), "
        "('192.0.2.2', FROM_UNIXTIME(%lld)), ('192.0.2.3', NULL), "
        "('192.0.2.4', NOW() + INTERVAL 1 HOUR)",
        now_s + 3600, now_s + 200LL * 86400);
    sql("UPDATE proxy_ban SET prefix = '192.0.2.4', expires = NOW() + INTERVAL 1 SECOND "
        "WHERE prefix = '192.0.2.4/32'");
    while (sql_number("SELECT expires <= NOW() FROM proxy_ban WHERE prefix = '192.0.2.4/32'") == 0)
        sleep_ms(20);
    for (i = 0; i < COUNT_OF(zones); i++) {
        sql("SET GLOBAL time_zone = '%s'", zones[i]);
        connect_again();
        assert_int_equal(poll(), i == 0);
        assert_int_equal(entries(), 3); /* what has expired is not even loaded */
        assert_expires("192.0.2.1", now_s + 3600);
        assert_expires("192.0.2.2", now_s + 200LL * 86400);
        assert_int_equal(decides("192.0.2.3").expires_s, 0);
    }
}

/* Whether an entry of so many seconds is loaded, and with how many left, when the database's clock
 * says `then`. */
static void assert_left(long long then, long long left)
{
    struct ropp_table_entry entry;
    char statement[64];

    sql("SET timestamp = %lld", then);
    sql("TRUNCATE proxy_ban");
    sql("INSERT INTO proxy_ban (prefix, expires) VALUES ('192.0.2.1', FROM_UNIXTIME(%lld))",
        then + left);
    sql("UPDATE proxy_ban SET expires = FROM_UNIXTIME(%lld)", then + left);
    sql("SET timestamp = DEFAULT");
    snprintf(statement, sizeof statement, "SET timestamp = %lld", then);
    assert_true(ropp_db_run(&db, statement, error));
    assert_true(poll());
    entry = decides("192.0.2.1");
    assert_int_not_equal(entry.id, NOBODY);
    assert_in_range(entry.expires_s - ropp_wall_ms() / 1000, left - 1, left + 1);
}

/* In the night when summer time ends a clock on the wall shows an hour twice. 01:00 UTC on
 * 2026-10-25 is that moment where the tests' server lives. */
static void test_expiry_over_the_end_of_summer_time(void **state)
{
    const long long moment = 1792890000;

    (void)state;
    sql("SET time_zone = '+00:00'"); /* of the writer */
    assert_left(moment - 1800, 3600);
    assert_left(moment - 7200, 4 * 3600);
    assert_left(moment + 1800, 1200);
    assert_left(moment - 86400, 2 * 86400);
}

/* This machine's clock is set: what is left of each entry stays what it was. */
static void test_the_clock_is_set(void **state)
{
    static const int64_t shifts_ms[] = {-7200000, 3600000, 0};
    size_t i;

    (void)state;
    sql("INSERT INTO proxy_ban (prefix, expires) VALUES ('192.0.2.1', NOW() + INTERVAL 1800 "
        "SECOND)");
    sql("INSERT INTO ipbanlist VALUES ('192.0.2.2', NOW(), NOW() + INTERVAL 1800 SECOND, '')");
    assert_true(poll());
    for (i = 0; i < COUNT_OF(shifts_ms); i++) {
        clock_shift_ms = shifts_ms[i];
        assert_true(poll());
        assert_in_range(decides("192.0.2.1").expires_s - ropp_wall_ms() / 1000, 1700, 1801);
        assert_in_range(decides("192.0.2.2").expires_s - ropp_wall_ms() / 1000, 1700, 1801);
        assert_false(poll());
    }
}

/* ---- ipbanlist ---- */

static void panel(const char *pattern, const char *until)
{
    sql("INSERT INTO ipbanlist VALUES ('%s', NOW(), %s, 'test')", pattern, until);
}

static void test_panel_forms(void **state)
{
    (void)state;
    panel("192.0.2.7", "NOW() + INTERVAL 1 HOUR");
    panel("203.0.113.*", "NOW() + INTERVAL 1 HOUR");
    panel("198.51.*.*", "NOW() + INTERVAL 1 HOUR");
    panel("10.*.*.*", "NOW() + INTERVAL 1 HOUR");
    panel("0.0.0.0", "'9999-12-31 23:59:59'");
    assert_true(poll());
    assert_int_equal(entries(), 5);
    assert_int_equal(decides("192.0.2.7").prefix.length, 32);
    assert_int_equal(decides("192.0.2.7").id, 0);
    assert_int_equal(decides("203.0.113.255").prefix.length, 24);
    assert_int_equal(decides("198.51.0.1").prefix.length, 16);
    assert_int_equal(decides("10.255.255.255").prefix.length, 8);
    assert_int_equal(decides("0.0.0.0").prefix.length, 32);
    assert_in_range(decides("192.0.2.7").expires_s - ropp_wall_ms() / 1000, 3500, 3601);
    assert_int_equal(decides("203.0.114.0").id, NOBODY);
    assert_false(poll());
}

/* Forms that no emulator ever asks for ban nobody here either. */
static void test_panel_odd_forms(void **state)
{
    static const char *const odd[] = {
        "",
        "*",
        "*.*.*.*",
        "1.2.3",
        "1.2.*",
        "1.*",
        "1.*.3.*",
        "1.2.3.4.*",
        "1.2.3.*.*",
        "*.2.3.4",
        "1.2.3.4/24",
        "1.2.3.04",
        "01.2.3.*",
        "1.2.3.256",
        " 1.2.3.4",
        "1.2.3.4\\n",
        "1.2.3.%",
        "::1",
        "1..3.*",
        "1.2.3.**",
        "1.2.3. *",
        "1.2.3.4,5",
        "::ffff:1.2.3.4",
        "::ffff:1.2.*",
        "255.255.*",
        "::ffff:1.*.*",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(odd); i++)
        panel(odd[i], "NOW() + INTERVAL 1 HOUR");
    panel("1.2.3.5   ", "NOW() + INTERVAL 1 HOUR"); /* spaces at the end are nothing to MariaDB */
    assert_true(poll());
    assert_int_equal(entries(), 1);
    assert_int_equal(decides("1.2.3.5").prefix.length, 32);
}

/* A value longer than any form, from a table that takes it. */
static void test_panel_long_and_null(void **state)
{
    (void)state;
    sql("ALTER TABLE ipbanlist MODIFY list VARCHAR(255) NULL, MODIFY rtime DATETIME NULL");
    sql("INSERT INTO ipbanlist VALUES (REPEAT('1.2.3.4.', 30), NOW(), NOW() + INTERVAL 1 HOUR, "
        "''), "
        "(NULL, NOW(), NOW() + INTERVAL 1 HOUR, ''), ('1.2.3.4', NOW(), NULL, ''), "
        "('255.255.255.255', NOW(), NOW() + INTERVAL 1 HOUR, ''), "
        "('1255.255.255.255', NOW(), NOW() + INTERVAL 1 HOUR, ''), "
        "('100.200.255.*.*', NOW(), NOW() + INTERVAL 1 HOUR, '')");
    assert_true(poll());
    assert_int_equal(entries(), 1);
    assert_int_equal(decides("255.255.255.255").prefix.length, 32);
}

static void test_panel_expiry(void **state)
{
    (void)state;
    panel("192.0.2.1", "NOW() - INTERVAL 1 SECOND");
    panel("192.0.2.2", "NOW() + INTERVAL 1 SECOND");
    panel("192.0.2.3", "NOW() + INTERVAL 1 HOUR");
    assert_true(poll());
    assert_int_equal(decides("192.0.2.1").id, NOBODY);
    while (decides("192.0.2.2").id != NOBODY) /* without a change */
        sleep_ms(20);
    assert_true(sql_number("SELECT rtime <= NOW() FROM ipbanlist WHERE list = '192.0.2.2'") == 1);
    assert_int_equal(decides("192.0.2.3").prefix.length, 32);

    /* A longer ban of the same pattern is news; and the one that stays longest decides. */
    assert_true(poll());
    panel("192.0.2.3", "NOW() + INTERVAL 2 HOUR");
    assert_true(poll());
    assert_in_range(decides("192.0.2.3").expires_s - ropp_wall_ms() / 1000, 7100, 7201);
    sql("UPDATE ipbanlist SET rtime = NOW() + INTERVAL 3 HOUR WHERE list = '192.0.2.3'");
    assert_true(poll());
    assert_in_range(decides("192.0.2.3").expires_s - ropp_wall_ms() / 1000, 10700, 10801);
    sql("UPDATE ipbanlist SET list = '192.0.3.*' WHERE list = '192.0.2.3'");
    assert_true(poll());
    assert_int_equal(decides("192.0.2.3").id, NOBODY);
    sql("UPDATE ipbanlist SET list = '192.0.*.*' WHERE list = '192.0.3.*'");
    assert_true(poll());
    assert_int_equal(decides("192.0.2.3").prefix.length, 16);
    sql("DELETE FROM ipbanlist");
    assert_true(poll());
    assert_int_equal(entries(), 0);
    assert_false(poll());
}

/* In whatever order the rows come, they are the same rows. */
static void test_panel_order(void **state)
{
    unsigned i;

    (void)state;
    for (i = 1; i <= 40; i++)
        sql("INSERT INTO ipbanlist VALUES ('10.0.0.%u', NOW(), '2037-01-01', '')", i * 37 % 41);
    panel("10.0.0.*", "'2037-01-01'");
    panel("10.*.*.*", "'2037-01-01'");
    panel("10.0.*.*", "'2037-01-01'");
    panel("10.0.0.0", "'2037-01-01'");
    assert_true(poll());
    assert_int_equal(entries(), 44);
    sql("ALTER TABLE ipbanlist ORDER BY list DESC");
    sql("CREATE TABLE turned AS SELECT * FROM ipbanlist ORDER BY list DESC");
    sql("RENAME TABLE ipbanlist TO turned_old, turned TO ipbanlist");
    sql("DROP TABLE turned_old");
    assert_false(poll());
}

/* A slow read makes the next ones rarer, but not so rare that a ban would be forgotten. */
static void test_panel_is_read_less_often_when_slow(void **state)
{
    int64_t began_ms;

    (void)state;
    sql("DROP TABLE ipbanlist");
    sql("CREATE TABLE ipbanlist_rows AS SELECT '192.0.2.1' AS list, NOW() + INTERVAL 1 HOUR AS "
        "rtime, "
        "'' AS reason");
    sql("CREATE VIEW ipbanlist AS SELECT list, rtime + INTERVAL SLEEP(0.2) SECOND AS rtime, "
        "reason FROM ipbanlist_rows");
    began_ms = ropp_now_ms();
    assert_true(ropp_banlist_poll(&list, &db, began_ms, error));
    assert_true(list.ipbanlist_due_ms >= began_ms + 4 * 200);
    assert_int_equal(entries(), 1);
    sql("UPDATE ipbanlist_rows SET list = '192.0.2.2'");
    assert_true(ropp_banlist_poll(&list, &db, list.ipbanlist_due_ms - 1, error));
    assert_int_equal(decides("192.0.2.2").id, NOBODY); /* it was not read */
    sql("CREATE OR REPLACE VIEW ipbanlist AS SELECT list, rtime + INTERVAL SLEEP(3.5) SECOND AS "
        "rtime, reason FROM ipbanlist_rows");
    began_ms = ropp_now_ms();
    assert_true(ropp_banlist_poll(&list, &db, list.ipbanlist_due_ms, error));
    assert_int_equal(decides("192.0.2.2").prefix.length, 32);
    assert_in_range(list.ipbanlist_due_ms - began_ms, 10000, 12000);
    sql("DROP VIEW ipbanlist");
    sql("DROP TABLE ipbanlist_rows");
}

/* The rows that the emulator wrote itself are its own business, however its connection, its table
 * and its source spell the reason. */
static void test_login_only(void **state)
{
    static const char *const charsets[] = {"latin1", "utf8mb4"};
    size_t table, writer;

    (void)state;
    for (table = 0; table < COUNT_OF(charsets); table++) {
        sql("ALTER TABLE ipbanlist CONVERT TO CHARACTER SET %s", charsets[table]);
        for (writer = 0; writer < COUNT_OF(charsets); writer++) {
            sql("DELETE FROM ipbanlist");
            sql("SET NAMES %s", charsets[writer]);
            sql("INSERT INTO ipbanlist VALUES ('10.0.1.*', NOW(), '2037-01-01', '%s'), "
                "('10.0.2.*', NOW(), '2037-01-01', '%s'), "
                "('10.0.3.*', NOW(), '2037-01-01', 'Password error ban, he says'), "
                "('10.0.4.*', NOW(), '2037-01-01', 'password error ban'), "
                "('10.0.5.*', NOW(), '2037-01-01', '')",
                own_reason, spanish);
            sql("SET NAMES utf8mb4");
            poll();
            assert_int_equal(entries(), 3);
            assert_int_equal(decides("10.0.1.1").id, NOBODY);
            assert_int_equal(decides("10.0.2.1").id, NOBODY);
            assert_int_equal(decides("10.0.3.1").prefix.length, 24);
        }
    }
    sql("ALTER TABLE ipbanlist CONVERT TO CHARACTER SET latin1");
    sql("INSERT INTO ipbanlist VALUES ('10.0.6.*', NOW(), '2037-01-01', x'436166e9')");
    poll();
    assert_int_equal(decides("10.0.6.1").id, NOBODY);
    sql("INSERT INTO ipbanlist VALUES ('10.0.7.*', NOW(), '2037-01-01', 'Too many: somebody'), "
        "('10.0.8.*', NOW(), '2037-01-01', 'Too many: '), "
        "('10.0.9.*', NOW(), '2037-01-01', 'Too many:'), "
        "('10.0.10.*', NOW(), '2037-01-01', 'he had Too many: x')");
    poll();
    assert_int_equal(decides("10.0.7.1").id, NOBODY);
    assert_int_equal(decides("10.0.8.1").id, NOBODY);
    assert_int_equal(decides("10.0.9.1").prefix.length, 24);
    assert_int_equal(decides("10.0.10.1").prefix.length, 24);
    sql("UPDATE ipbanlist SET reason = 'bots' WHERE list = '10.0.1.*'");
    assert_true(poll());
    assert_int_equal(decides("10.0.1.1").prefix.length, 24);
}

/* ---- tables that are not there ---- */

static void test_tables_come_and_go(void **state)
{
    (void)state;
    ban("192.0.2.7");
    panel("203.0.113.*", "NOW() + INTERVAL 1 HOUR");
    sql("RENAME TABLE proxy_source TO source_away");
    sql("RENAME TABLE ipbanlist TO panel_away");
    assert_true(ropp_banlist_poll(&list, &db, 1000, error));
    assert_false(list.own.installed);
    assert_false(list.ipbanlist.installed);
    assert_trouble(&list.own, ""); /* nothing is installed yet */
    assert_trouble(&list.ipbanlist, "");
    assert_int_equal(entries(), 0);

    /* They are looked for now and then, not at each poll. */
    sql("RENAME TABLE source_away TO proxy_source");
    sql("RENAME TABLE panel_away TO ipbanlist");
    assert_true(ropp_banlist_poll(&list, &db, 5999, error));
    assert_false(list.own.installed);
    assert_false(list.ipbanlist.installed);
    assert_true(ropp_banlist_poll(&list, &db, 6000, error));
    assert_true(list.own.installed);
    assert_true(list.ipbanlist.installed);
    assert_int_equal(entries(), 2);

    /* What was read stays when its table goes. */
    sql("RENAME TABLE proxy_source TO source_away");
    assert_false(poll());
    assert_false(list.own.installed);
    assert_trouble(&list.own, ".proxy_source' doesn't exist: restore it, or load sql/install.sql");
    assert_trouble(&list.ipbanlist, "");
    sql("RENAME TABLE ipbanlist TO panel_away");
    assert_false(poll());
    assert_trouble(&list.ipbanlist, ".ipbanlist' doesn't exist: restore it");
    assert_int_equal(entries(), 2);
    connect_again();
    assert_false(poll());
    assert_int_equal(entries(), 2);
    sql("RENAME TABLE source_away TO proxy_source");
    sql("RENAME TABLE panel_away TO ipbanlist");
    assert_false(poll());
    assert_trouble(&list.own, "");
    assert_trouble(&list.ipbanlist, "");
    sql("DELETE FROM proxy_ban");
    sql("DELETE FROM ipbanlist");
    assert_true(poll());
    assert_int_equal(entries(), 0);
}

/* An account that may read one of the two reads that one. */
static void test_rights(void **state)
{
    struct ropp_db_settings settings = database_settings();

    (void)state;
    ban("192.0.2.7");
    panel("203.0.113.*", "NOW() + INTERVAL 1 HOUR");
    sql("CREATE OR REPLACE USER reader@'%%' IDENTIFIED BY 'reader'");
    sql("GRANT SELECT ON ipbanlist TO reader@'%%'");
    sql("GRANT SELECT ON proxy_ban TO reader@'%%'");
    strcpy(settings.user, "reader");
    strcpy(settings.password, "reader");
    ropp_db_close(&db);
    assert_true(ropp_db_open(&db, &settings, error));
    assert_true(poll());
    assert_trouble(&list.own, "SELECT command denied");
    assert_trouble(&list.own, "`proxy_source`: GRANT SELECT on it to the servers' user");
    assert_false(list.own.known);
    assert_true(list.ipbanlist.known);
    assert_int_equal(decides("203.0.113.1").prefix.length, 24);
    assert_int_equal(entries(), 1);

    sql("GRANT SELECT ON proxy_source TO reader@'%%'");
    sql("REVOKE SELECT ON ipbanlist FROM reader@'%%'");
    assert_true(poll());
    assert_trouble(&list.own, "");
    assert_trouble(&list.ipbanlist, "`ipbanlist`: GRANT SELECT on it");
    assert_int_equal(entries(), 2);
    ban("192.0.2.8");
    sql("DELETE FROM ipbanlist");
    assert_true(poll());
    assert_int_equal(entries(), 3); /* the one that cannot be read stays */
    sql("GRANT SELECT ON ipbanlist TO reader@'%%'");
    assert_true(poll());
    assert_trouble(&list.ipbanlist, "");
    assert_int_equal(entries(), 2);
    sql("DROP USER reader@'%%'");
}

/* Waits until a table made now can be distinguished from this one by when it was made: by the second,
 * and the clock of files may be some milliseconds behind. */
static void outlast(const char *table)
{
    while (
        sql_number("SELECT UNIX_TIMESTAMP(CREATE_TIME) < FLOOR(UNIX_TIMESTAMP(NOW(6)) - 0.2) FROM "
                   "information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND "
                   "TABLE_NAME = '%s'",
                   table) == 0)
        sleep_ms(20);
}

/* A dump that is restored: each table is dropped, made anew, and filled in two steps. */
static void restore(const char *table)
{
    sql("CREATE TABLE dumped AS SELECT * FROM %s", table);
    sql("RENAME TABLE %s TO old", table);
    assert_false(poll());
    outlast("old");
    sql("CREATE TABLE %s LIKE old", table);
    assert_false(poll());
    connect_again();
    assert_false(poll());
    sql("INSERT INTO %s SELECT * FROM dumped", table);
    assert_false(poll());
    sql("DROP TABLE old, dumped");
}

static void test_a_dump_is_restored(void **state)
{
    (void)state;
    ban("192.0.2.7");
    sql("INSERT INTO proxy_ban (prefix, source) VALUES ('198.51.100.0/24', 'droplist')");
    panel("203.0.113.*", "NOW() + INTERVAL 1 HOUR");
    assert_true(poll());
    assert_int_equal(entries(), 3);
    restore("ipbanlist");
    restore("proxy_ban");
    restore("proxy_source");
    assert_int_equal(entries(), 3);
    assert_trouble(&list.own, "");
    assert_trouble(&list.ipbanlist, "");
}

/* The same from a list that was read in the middle of it: when the entries come, they are read. */
static void test_a_dump_fills_what_was_empty(void **state)
{
    (void)state;
    ban("192.0.2.7");
    sql("CREATE TABLE dumped AS SELECT * FROM proxy_ban");
    sql("TRUNCATE proxy_ban");
    assert_false(poll());
    assert_int_equal(list.count, 1);
    sql("DROP TRIGGER proxy_ban_after_insert");
    sql("INSERT INTO proxy_ban SELECT * FROM dumped");
    assert_true(poll());
    assert_int_equal(entries(), 1);
    sql("DROP TABLE dumped");
}

/* What came in pieces after a gap is read again for a while, though its counter stays. */
static void test_a_dump_in_pieces(void **state)
{
    (void)state;
    ban("192.0.2.7");
    sql("INSERT INTO proxy_ban (prefix) VALUES ('192.0.2.8')");
    sql("CREATE TABLE dumped AS SELECT * FROM proxy_ban");
    assert_true(ropp_banlist_poll(&list, &db, 1000, error));
    sql("DROP TRIGGER proxy_ban_after_insert");
    sql("RENAME TABLE proxy_ban TO old");
    assert_true(ropp_banlist_poll(&list, &db, 2000, error));
    assert_int_equal(entries(), 2);
    sql("CREATE TABLE proxy_ban LIKE old");
    sql("INSERT INTO proxy_ban SELECT * FROM dumped LIMIT 1");
    connect_again();
    assert_true(ropp_banlist_poll(&list, &db, 7000, error));
    assert_int_equal(entries(), 1);
    sql("INSERT INTO proxy_ban SELECT * FROM dumped WHERE id NOT IN (SELECT id FROM proxy_ban)");
    assert_true(ropp_banlist_poll(&list, &db, 12000, error));
    assert_true(ropp_banlist_poll(&list, &db, 17000, error));
    assert_int_equal(entries(), 2);
    sql("DROP TABLE old, dumped");
}

/* A new ipbanlist without a row is no word; one with a row is, and so is emptying it. */
static void test_a_new_panel(void **state)
{
    (void)state;
    panel("203.0.113.*", "NOW() + INTERVAL 1 HOUR");
    assert_true(poll());
    outlast("ipbanlist");
    sql("RENAME TABLE ipbanlist TO old");
    sql("CREATE TABLE ipbanlist LIKE old");
    sql("DROP TABLE old");
    assert_false(poll());
    assert_trouble(&list.ipbanlist, "ipbanlist is a new table without a row: restore it");
    assert_int_equal(entries(), 1);
    panel("192.0.2.1", "NOW() - INTERVAL 1 HOUR");
    assert_true(poll());
    assert_int_equal(entries(), 0);
    assert_trouble(&list.ipbanlist, "");
    panel("203.0.113.*", "NOW() + INTERVAL 1 HOUR");
    assert_true(poll());
    assert_int_equal(entries(), 1);
    sql("TRUNCATE ipbanlist");
    assert_true(poll());
    assert_int_equal(entries(), 0);
    assert_trouble(&list.ipbanlist, "");
}

static void test_an_empty_proxy_source(void **state)
{
    (void)state;
    ban("192.0.2.7");
    assert_true(poll());
    sql("DELETE FROM proxy_source");
    assert_false(poll());
    assert_trouble(&list.own, "proxy_source has no row any more");
    connect_again();
    assert_false(poll());
    assert_int_equal(entries(), 1);
    sql("INSERT INTO proxy_source (name, version) VALUES ('manual', 7)");
    poll();
    assert_int_equal(entries(), 1);
    assert_trouble(&list.own, "");
}

static void test_allowances_end(void **state)
{
    int64_t now_s = ropp_wall_ms() / 1000, end_s;

    (void)state;
    ban("192.0.2.0/24");
    sql("INSERT INTO proxy_ban (prefix, expires) VALUES ('10.0.0.0/8', NOW() + INTERVAL 5 MINUTE)");
    assert_true(poll());
    (void)entries();
    assert_false(ropp_banlist_allowance_ended(&list, INT64_MAX - 1));
    sql("INSERT INTO proxy_ban (prefix, kind, expires) VALUES "
        "('192.0.2.1', 'allow', NOW() + INTERVAL 2 HOUR), "
        "('192.0.2.2', 'allow', NOW() + INTERVAL 1 HOUR), ('192.0.2.3', 'allow', NULL)");
    assert_true(poll());
    end_s = decides("192.0.2.2").expires_s;
    assert_true(end_s > now_s);
    assert_false(ropp_banlist_allowance_ended(&list, end_s - 1));
    assert_true(ropp_banlist_allowance_ended(&list, end_s));
    clock_shift_ms = (end_s - now_s) * 1000;
    (void)entries(); /* of a later moment: the next one counts */
    assert_false(ropp_banlist_allowance_ended(&list, end_s));
    clock_shift_ms = 0;
}

/* ---- what fails ---- */

/* The connection's fault, or memory's. */
static void assert_fails(const char *why)
{
    error[0] = '\0';
    assert_false(ropp_banlist_poll(&list, &db, INT64_MAX / 2, error));
    if (strstr(error, why) == NULL)
        fail_msg("%s", error);
}

/* A part's: the other one is read all the same. */
static void assert_part_fails(const struct ropp_banlist_part *part, const char *why)
{
    list.tables_due_ms = list.ipbanlist_due_ms = 0;
    if (!ropp_banlist_poll(&list, &db, INT64_MAX / 2, error))
        fail_msg("%s", error);
    assert_trouble(part, why);
    assert_trouble(part == &list.own ? &list.ipbanlist : &list.own, "");
}

static void test_statements_fail(void **state)
{
    (void)state;
    ban("192.0.2.7");
    panel("203.0.113.*", "NOW() + INTERVAL 1 HOUR");
    assert_true(poll());

    /* Refused at once. */
    sql("ALTER TABLE proxy_source CHANGE version gone BIGINT UNSIGNED NOT NULL DEFAULT 0");
    assert_part_fails(&list.own, "MariaDB: Unknown column 'version'");
    assert_false(ropp_db_gone(&db));
    sql("ALTER TABLE proxy_source CHANGE gone version BIGINT UNSIGNED NOT NULL DEFAULT 0");
    sql("ALTER TABLE ipbanlist CHANGE rtime gone DATETIME");
    assert_part_fails(&list.ipbanlist, "MariaDB: Unknown column 'rtime'");
    sql("ALTER TABLE ipbanlist CHANGE gone rtime DATETIME");
    assert_int_equal(entries(), 2);

    /* Broken off among the rows. */
    sql("RENAME TABLE proxy_source TO source_away");
    sql("CREATE VIEW proxy_source AS SELECT name, IF(name = 'manual', (SELECT seq FROM seq_1_to_2 "
        "WHERE seq > version * 0), version) AS version FROM source_away");
    assert_part_fails(&list.own, "MariaDB: Subquery returns more than 1 row");
    sql("DROP VIEW proxy_source");
    sql("RENAME TABLE source_away TO proxy_source");
    sql("RENAME TABLE ipbanlist TO panel_away");
    sql("INSERT INTO panel_away SELECT CONCAT('10.0.', seq DIV 256, '.', seq MOD 256), NOW(), "
        "'2037-01-01', '' FROM seq_1_to_5000");
    sql("CREATE VIEW ipbanlist AS SELECT list, IF(list = '10.0.19.0', (SELECT '2037-01-01' FROM "
        "seq_1_to_2 WHERE seq > LENGTH(list) * 0), rtime) AS rtime, reason FROM panel_away");
    assert_part_fails(&list.ipbanlist, "MariaDB: Subquery returns more than 1 row");
    sql("DROP VIEW ipbanlist");
    sql("RENAME TABLE panel_away TO ipbanlist");
    assert_int_equal(entries(), 2);
    connect_again();
    assert_true(poll());
    assert_int_equal(entries(), 5002);
}

/* In the transaction that loads, what may be read before may not be: a function that writes. */
static void test_the_transaction_fails(void **state)
{
    (void)state;
    ban("192.0.2.7");
    sql("RENAME TABLE proxy_source TO source_away");
    sql("CREATE TABLE asked (n INT)");
    sql("CREATE FUNCTION note(n BIGINT UNSIGNED) RETURNS BIGINT UNSIGNED MODIFIES SQL DATA "
        "BEGIN INSERT INTO asked VALUES (1); RETURN n; END");
    sql("CREATE VIEW proxy_source AS SELECT name, note(version) AS version FROM source_away");
    assert_part_fails(&list.own, "MariaDB: Cannot execute statement in a READ ONLY transaction");
    assert_int_equal(entries(), 0);
}

/* proxy_ban gives its rows to the counting and fails when they are read. */
static void test_loading_fails(void **state)
{
    (void)state;
    ban("192.0.2.7");
    assert_true(poll());
    ban("192.0.2.8");
    sql("RENAME TABLE proxy_ban TO ban_away");
    sql("CREATE VIEW proxy_ban AS SELECT source, id, kind, range_start, "
        "(SELECT seq FROM seq_1_to_2 WHERE seq > id * 0) AS prefix_length, expires FROM ban_away");
    assert_part_fails(&list.own, "MariaDB: Subquery returns more than 1 row");
    assert_int_equal(entries(), 1);
    connect_again(); /* ends the transaction, which keeps the tables as they are */
    sql("CREATE OR REPLACE VIEW proxy_ban AS SELECT source FROM ban_away");
    assert_part_fails(&list.own, "MariaDB: Unknown column");
    assert_int_equal(entries(), 1);
    connect_again();
    sql("DROP VIEW proxy_ban");
    sql("RENAME TABLE ban_away TO proxy_ban");
    assert_true(poll());
    assert_int_equal(entries(), 2);
}

static void test_the_connection_breaks(void **state)
{
    (void)state;
    ban("192.0.2.7");
    assert_true(poll());
    sql("KILL %lu", mysql_thread_id(db.mysql));
    assert_fails("MariaDB: ");
    assert_true(ropp_db_gone(&db));
    assert_int_equal(entries(), 1);
    ban("192.0.2.8");
    connect_again();
    assert_true(poll());
    assert_int_equal(entries(), 2);
}

/* Memory runs out at the first allocation, the second, the third ...; what was loaded stays, and in
 * the end all of it is there. */
static void test_memory_runs_out(void **state)
{
    struct ropp_snapshot *snapshot;
    int fails;
    bool good = false;

    (void)state;
    ban("192.0.2.7");
    assert_true(poll());
    sql("INSERT INTO proxy_ban (prefix, source) SELECT CONCAT('10.0.', seq DIV 256, '.', seq MOD "
        "256), ELT(seq MOD 2 + 1, 'one', 'two') FROM seq_1_to_100");
    panel("203.0.113.*", "NOW() + INTERVAL 1 HOUR");
    for (fails = 0; !good; fails++) {
        ropp_banlist_doubt(&list);
        allocations_left = fails;
        good = ropp_banlist_poll(&list, &db, 0, error);
        if (!good)
            assert_string_equal(error, "out of memory: the ban list: free some");
        allocations_left = -1;
        assert_int_not_equal(decides("192.0.2.7").id, NOBODY);
        assert_true(fails < 100);
    }
    assert_true(fails > 8); /* three sources, three lists that grow, and ipbanlist */
    good = false;
    for (fails = 0; !good; fails++) {
        list.changed = true;
        allocations_left = fails;
        snapshot = ropp_banlist_snapshot(&list);
        allocations_left = -1;
        good = snapshot != NULL;
        assert_int_equal(list.changed, !good);
        if (good)
            assert_int_equal(ropp_table_count(snapshot->table), 101);
        ropp_snapshot_free(snapshot);
    }
    assert_int_equal(fails, 5); /* the snapshot, the entries, both tables */
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name)           cmocka_unit_test_setup_teardown(name, begin, end)
#define TEST_OF_TABLES(name) cmocka_unit_test_setup_teardown(name, begin, end_anew)
        TEST(test_an_empty_list),
        TEST(test_rows),
        TEST_OF_TABLES(test_senseless_rows),
        TEST(test_changes),
        TEST(test_transactions),
        TEST(test_a_source_is_replaced),
        TEST(test_truncate),
        TEST(test_a_source_goes),
        TEST(test_odd_names_of_sources),
        TEST(test_expiry),
        TEST(test_expiry_over_the_end_of_summer_time),
        TEST(test_the_clock_is_set),
        TEST(test_panel_forms),
        TEST(test_panel_odd_forms),
        TEST_OF_TABLES(test_panel_long_and_null),
        TEST(test_panel_expiry),
        TEST_OF_TABLES(test_panel_order),
        TEST_OF_TABLES(test_panel_is_read_less_often_when_slow),
        TEST_OF_TABLES(test_login_only),
        TEST_OF_TABLES(test_tables_come_and_go),
        TEST_OF_TABLES(test_rights),
        TEST_OF_TABLES(test_a_dump_is_restored),
        TEST_OF_TABLES(test_a_dump_fills_what_was_empty),
        TEST_OF_TABLES(test_a_dump_in_pieces),
        TEST_OF_TABLES(test_a_new_panel),
        TEST(test_an_empty_proxy_source),
        TEST(test_allowances_end),
        TEST_OF_TABLES(test_statements_fail),
        TEST_OF_TABLES(test_the_transaction_fails),
        TEST_OF_TABLES(test_loading_fails),
        TEST(test_the_connection_breaks),
        TEST(test_memory_runs_out),
#undef TEST
#undef TEST_OF_TABLES
    };

    return UNIT_RUN(argc, argv, "banlist", tests, database_open, database_close);
}
