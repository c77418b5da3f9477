// SPDX-License-Identifier: MIT
/* The module's story with a ban list in it. The worker's two calls are this program's own: it has
 * no thread and no database, and what a worker would hand over, a snapshot or a line, is handed
 * over here. What the game gives to the connection log is read from the connection log. */
#include <stdlib.h>
#include <string.h>

#include "core/standin.h"
#include "platform.h"
#include "service/module.h"
#include "service/worker.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

static struct ropp_header reader; /* of the connection at hand */

static size_t offer(struct ropp_conn *conn, const uint8_t *bytes, size_t length)
{
    if (!ropp_conn_needs_reader(conn))
        ropp_header_init(&reader);
    return ropp_module_feed(conn, &reader, bytes, length);
}

#define BANNED_V4  0xcb007109 /* 203.0.113.9 */
#define FRIEND_V4  0xcb00710a /* 203.0.113.10, allowed inside the ban */
#define PLAYER_V4  0xc0000201 /* 192.0.2.1 */
#define PROXY_V4   0x7f000003 /* trusted */
#define CLUSTER_V4 0x7f000002 /* direct */

static struct ropp_worker *worker;
static bool worker_fails = true;

bool ropp_worker_start(struct ropp_worker *started)
{
    if (worker_fails)
        return false;
    worker = started;
    return true;
}

bool ropp_worker_stop(struct ropp_worker *stopped, unsigned wait_ms)
{
    assert_ptr_equal(stopped, worker);
    assert_int_equal(wait_ms, 2000);
    ropp_snapshot_sweep(&stopped->slots);
    ropp_snapshot_free((struct ropp_snapshot *)ropp_exchange(&stopped->slots.fresh, NULL));
    worker = NULL;
    return true;
}

struct listed {
    const char *prefix;
    enum ropp_table_kind kind;
    uint64_t id;
    int64_t expires_s;
};

static struct ropp_table *table_of(const struct listed *listed, size_t count)
{
    struct ropp_table_entry entries[8];
    struct ropp_table *table;
    size_t i;

    assert_true(count <= COUNT_OF(entries));
    memset(entries, 0, sizeof entries);
    for (i = 0; i < count; i++) {
        assert_int_equal(ropp_prefix_parse(listed[i].prefix, strlen(listed[i].prefix),
                                           &entries[i].prefix),
                         ROPP_PREFIX_OK);
        entries[i].kind = listed[i].kind;
        entries[i].id = listed[i].id;
        entries[i].expires_s = listed[i].expires_s;
    }
    assert_int_equal(ropp_table_build(entries, count, malloc, &table), ROPP_TABLE_OK);
    return table;
}

/* Hands over proxy_ban and ipbanlist. */
static void publish_both(const struct listed *own, size_t own_count, const struct listed *panel,
                         size_t panel_count)
{
    struct ropp_snapshot *snapshot = (struct ropp_snapshot *)calloc(1, sizeof *snapshot);

    assert_non_null(snapshot);
    snapshot->table = table_of(own, own_count);
    snapshot->ipbanlist = table_of(panel, panel_count);
    ropp_snapshot_publish(&worker->slots, snapshot);
}

static void publish(const struct listed *listed, size_t count)
{
    publish_both(listed, count, NULL, 0);
}

static void publish_bans(void)
{
    static const struct listed listed[] = {
        {"203.0.113.0/24", ROPP_TABLE_BAN, 11, 0},
        {"203.0.113.10", ROPP_TABLE_ALLOW, 12, 0},
        {"2001:db8:bad::/48", ROPP_TABLE_BAN, 13, 0},
        {"127.0.0.0/8", ROPP_TABLE_BAN, 14, 0},     /* a slip of the owner's */
        {"198.51.100.0/24", ROPP_TABLE_BAN, 15, 1}, /* expired long ago */
    };

    publish(listed, COUNT_OF(listed));
}

/* The next record of the connection log. */
static struct ropp_connqueue_record connlog_next(void)
{
    struct ropp_connqueue_record record;

    assert_true(ropp_connqueue_take(&worker->connqueue, &record));
    return record;
}

static void assert_connlog(enum ropp_connqueue_verdict verdict, enum ropp_reason reason,
                           uint64_t ban_id)
{
    struct ropp_connqueue_record record = connlog_next();

    assert_int_equal(record.verdict, verdict);
    assert_int_equal(record.reason, reason);
    assert_int_equal(record.ban_id, ban_id);
    assert_true(record.time_ms > INT64_C(1600000000000));
}

/* A connection through the proxy whose header names a player. */
static struct ropp_conn through_proxy(const char *header)
{
    struct ropp_conn conn;

    assert_true(ropp_module_accept(&conn, PROXY_V4));
    assert_int_equal(conn.phase, ROPP_PHASE_HEADER);
    offer(&conn, (const uint8_t *)header, strlen(header));
    return conn;
}

static const char header_banned[] = "PROXY TCP4 203.0.113.9 198.51.100.1 50000 6900\r\n";
static const char header_player[] = "PROXY TCP4 192.0.2.1 198.51.100.1 50000 6900\r\n";
static const char header_banned_v6[] = "PROXY TCP6 2001:db8:bad:1::1 2001:db8::1 50000 6900\r\n";

/* A login as a player, which is no server's. */
static void feed_login(struct ropp_conn *conn)
{
    static const uint8_t login[] = {0x64, 0, 1, 2};

    assert_int_equal(offer(conn, login, sizeof login), 0);
}

/* ---- the story ---- */

static void set(const char *key, const char *value)
{
    char error[ROPP_ERROR_TEXT];

    assert_true(ropp_module_set(ROPP_SERVER_LOGIN, "f:1", key, value, error));
}

static void test_no_thread_to_have(void **state)
{
    char text[ROPP_LINE_TEXT];

    (void)state;
    set("proxy_protocol", "on");
    set("proxy_trusted", "127.0.0.3");
    set("proxy_direct", "127.0.0.2");
    set("proxy_ban_on_error", "closed");
    set("proxy_connlog", "all");
    ropp_module_take(ROPP_SERVER_LOGIN, "login_server_ip", "192.0.2.33");
    assert_false(ropp_module_start(6900, text));
    assert_non_null(strstr(text, "cannot start a thread for the ban list"));
    ropp_module_stop(); /* harmless without one */
}

static void test_start(void **state)
{
    char text[ROPP_LINE_TEXT];

    (void)state;
    worker_fails = false;
    assert_false(ropp_module_turn());
    ropp_module_login_only("Password error ban");
    ropp_module_login_only(""); /* a tree that writes none */
    ropp_module_left_out("");
    ropp_module_left_out("routes tickets");
    assert_true(ropp_module_start(6900, text));
    ropp_module_login_only("too late");
    assert_int_equal(worker->config->login_only.count, 1);
    assert_string_equal(worker->config->login_only.items[0], "Password error ban");
    assert_non_null(strstr(text, "PROXY protocol on: 1 trusted, 1 direct"));
    assert_non_null(strstr(text, "; woven without: routes tickets"));
    assert_non_null(worker);
    assert_int_equal(worker->port, 6900);
    assert_int_equal(worker->server, ROPP_SERVER_LOGIN);
    assert_non_null(worker->stats);
    assert_string_equal(ropp_dbconf_settings(&worker->config->db).host, "192.0.2.33");

    /* Once it runs, nothing changes it any more. */
    ropp_module_take(ROPP_SERVER_LOGIN, "login_server_ip", "192.0.2.44");
    assert_string_equal(ropp_dbconf_settings(&worker->config->db).host, "192.0.2.33");
}

/* proxy_ban_on_error is closed and there is no list yet: nobody comes in but the owner's own. */
static void test_closed_before_the_first_list(void **state)
{
    struct ropp_conn conn;

    (void)state;
    assert_true(ropp_module_accept(&conn, PLAYER_V4)); /* it may be a char server */
    assert_int_equal(conn.phase, ROPP_PHASE_HELD);
    feed_login(&conn);
    assert_int_equal(conn.reason, ROPP_REASON_BANS_UNKNOWN);
    ropp_module_refused(&conn, &reader);
    assert_connlog(ROPP_CONNQUEUE_REFUSED, ROPP_REASON_BANS_UNKNOWN, 0);

    conn = through_proxy(header_player);
    assert_false(ropp_module_admit(&conn));
    assert_int_equal(conn.reason, ROPP_REASON_BANS_UNKNOWN);

    assert_true(ropp_module_accept(&conn, CLUSTER_V4));
    assert_int_equal(conn.phase, ROPP_PHASE_FIRST);
    assert_false(ropp_module_kick(&conn));
    conn = through_proxy("PROXY UNKNOWN\r\n"); /* a health check */
    assert_int_equal(conn.phase, ROPP_PHASE_SILENT);
    assert_false(ropp_conn_is_refused(&conn));
}

static void test_the_first_list(void **state)
{
    struct ropp_conn conn;

    (void)state;
    publish_bans();
    assert_true(ropp_module_turn());
    assert_false(ropp_module_turn());

    assert_true(ropp_module_accept(&conn, PLAYER_V4));
    assert_int_equal(conn.phase, ROPP_PHASE_FIRST);
    ropp_module_accepted(&conn, &reader);
    assert_connlog(ROPP_CONNQUEUE_ACCEPTED, ROPP_REASON_NONE, 0);

    assert_true(ropp_module_accept(&conn, BANNED_V4));
    assert_int_equal(conn.phase, ROPP_PHASE_HELD);
    feed_login(&conn);
    assert_int_equal(conn.reason, ROPP_REASON_BANNED);
    assert_int_equal(conn.ban_id, 11);
    ropp_module_refused(&conn, &reader);
    assert_connlog(ROPP_CONNQUEUE_REFUSED, ROPP_REASON_BANNED, 11);

    assert_true(ropp_module_accept(&conn, FRIEND_V4));
    assert_int_equal(conn.phase, ROPP_PHASE_FIRST);
    assert_true(ropp_module_accept(&conn, 0xc6336401)); /* a ban that has expired */
    assert_int_equal(conn.phase, ROPP_PHASE_FIRST);
}

static void test_behind_the_proxy(void **state)
{
    struct ropp_conn conn = through_proxy(header_banned);

    (void)state;
    assert_false(ropp_module_admit(&conn));
    assert_true(ropp_conn_is_refused(&conn));
    assert_int_equal(conn.ban_id, 11);
    ropp_module_refused(&conn, &reader);
    assert_connlog(ROPP_CONNQUEUE_REFUSED, ROPP_REASON_BANNED, 11);

    conn = through_proxy(header_banned_v6);
    assert_false(ropp_module_admit(&conn));
    assert_int_equal(conn.ban_id, 13);

    conn = through_proxy(header_player);
    assert_true(ropp_module_admit(&conn));
    ropp_module_accepted(&conn, &reader);
    assert_connlog(ROPP_CONNQUEUE_ACCEPTED, ROPP_REASON_NONE, 0);
    assert_int_equal(ropp_counted(&worker->stats->proxied), 1);

    /* A player who shares the address of a server behind a proxy is no server. */
    conn = through_proxy("PROXY TCP4 127.0.0.2 198.51.100.1 50000 6900\r\n");
    assert_false(ropp_module_admit(&conn));
    assert_int_equal(conn.ban_id, 14);
}

/* Another server of the cluster, in no list and banned with its whole network: it stays linked. */
static void test_a_banned_server(void **state)
{
    static const uint8_t char_login[] = {0x10, 0x27};
    struct ropp_conn conn;

    (void)state;
    assert_true(ropp_module_accept(&conn, BANNED_V4));
    assert_int_equal(offer(&conn, char_login, sizeof char_login), 0);
    assert_int_equal(conn.phase, ROPP_PHASE_OPEN);
    assert_true(ropp_module_admit(&conn));
    assert_false(ropp_module_kick(&conn));
    ropp_conn_link_failed(&conn);
    assert_int_equal(conn.reason, ROPP_REASON_BANNED);
    assert_int_equal(conn.ban_id, 11);
}

/* The owner's own proxies and servers are in 127.0.0.0/8, which is banned by a slip. */
static void test_the_owners_own_are_never_banned(void **state)
{
    struct ropp_conn conn;

    (void)state;
    assert_true(ropp_module_accept(&conn, CLUSTER_V4));
    assert_int_equal(conn.phase, ROPP_PHASE_FIRST);
    assert_false(ropp_module_kick(&conn));
    assert_false(ropp_conn_is_refused(&conn));

    conn = through_proxy("PROXY UNKNOWN\r\n");
    assert_int_equal(conn.phase, ROPP_PHASE_SILENT);
    assert_false(ropp_conn_is_refused(&conn));

    ropp_conn_open_own(&conn);
    assert_false(ropp_module_kick(&conn));
}

/* Whoever speaks behind a header that names nobody is refused, counted, and written down. */
static void test_unnamed(void **state)
{
    struct ropp_conn conn = through_proxy("PROXY UNKNOWN\r\n");
    struct ropp_connqueue_record record;
    uint64_t before = ropp_counted(&worker->stats->total[ROPP_REASON_UNNAMED]);

    (void)state;
    feed_login(&conn);
    assert_int_equal(conn.reason, ROPP_REASON_UNNAMED);
    ropp_module_refused(&conn, &reader);
    record = connlog_next();
    assert_int_equal(record.verdict, ROPP_CONNQUEUE_REFUSED);
    assert_int_equal(record.reason, ROPP_REASON_UNNAMED);
    assert_int_equal(record.header_version, 1);
    assert_int_equal(ropp_addr_to_v4(&record.source), PROXY_V4);
    assert_int_equal(ropp_addr_to_v4(&record.hop), PROXY_V4);
    assert_int_equal(ropp_counted(&worker->stats->total[ROPP_REASON_UNNAMED]), before + 1);
}

/* proxy_unnamed: hop. They share the proxy's address, and what is banned of it. */
static void test_unnamed_as_hop(void **state)
{
    static const struct listed nobody[] = {{"192.0.2.1", ROPP_TABLE_BAN, 41, 0}};
    struct ropp_config *config = (struct ropp_config *)(uintptr_t)worker->config;
    struct ropp_conn conn;
    uint8_t bytes[79] = {0x69};

    (void)state;
    config->unnamed_is_hop = true;
    conn = through_proxy("PROXY UNKNOWN\r\n");
    feed_login(&conn);
    assert_false(ropp_conn_is_refused(&conn));
    assert_false(ropp_module_admit(&conn)); /* of 127.0.0.0/8 */
    assert_int_equal(conn.ban_id, 14);

    publish(nobody, COUNT_OF(nobody));
    assert_true(ropp_module_turn());
    conn = through_proxy("PROXY UNKNOWN\r\n");
    feed_login(&conn);
    assert_true(ropp_module_admit(&conn));
    ropp_module_accepted(&conn, &reader);
    assert_connlog(ROPP_CONNQUEUE_ACCEPTED, ROPP_REASON_NONE, 0);
    assert_int_equal(ropp_module_send(&conn, bytes, sizeof bytes), 3); /* no way back is known */
    assert_int_equal(conn.reason, ROPP_REASON_NO_ROUTE);
    assert_connlog(ROPP_CONNQUEUE_REFUSED, ROPP_REASON_NO_ROUTE, 0);
    config->unnamed_is_hop = false;
    publish_bans();
    assert_true(ropp_module_turn());
}

/* Nor is what runs on this machine, in a list or not. */
static void test_own_addresses_are_never_banned(void **state)
{
    static const struct listed everybody[] = {
        {"0.0.0.0/0", ROPP_TABLE_BAN, 16, 0},
        {"203.0.113.10", ROPP_TABLE_ALLOW, 17, 0},
    };
    struct ropp_addr own[ROPP_OWN_ADDRESSES];
    size_t count = ropp_own_addresses(own), i;
    struct ropp_conn conn;

    (void)state;
    publish(everybody, COUNT_OF(everybody));
    assert_true(ropp_module_turn());
    for (i = 0; i < count; i++) {
        if (own[i].family != ROPP_FAMILY_INET)
            continue;
        assert_true(ropp_module_accept(&conn, ropp_addr_to_v4(&own[i])));
        assert_int_equal(conn.phase, ROPP_PHASE_FIRST);
        assert_false(ropp_module_kick(&conn));
    }
    assert_true(ropp_module_accept(&conn, PLAYER_V4));
    assert_int_equal(conn.phase, ROPP_PHASE_HELD);
    publish_bans();
    assert_true(ropp_module_turn());
}

/* The owner's word is final; ipbanlist is asked where it says nothing. */
static void test_an_allowance_and_the_other_list(void **state)
{
    static const struct listed own[] = {
        {"192.0.2.0/24", ROPP_TABLE_ALLOW, 41, 0},
        {"198.51.100.9", ROPP_TABLE_BAN, 42, 0},
    };
    static const struct listed panel[] = {
        {"192.0.2.1", ROPP_TABLE_BAN, 0, 0},
        {"203.0.113.0/24", ROPP_TABLE_BAN, 0, 0},
    };
    static const struct {
        const char *address;
        bool comes_in, allowed;
    } cases[] = {
        {"192.0.2.1", true, true},     {"192.0.2.77", true, true}, {"198.51.100.9", false, false},
        {"203.0.113.1", false, false}, {"8.8.8.8", true, false},
    };
    struct ropp_addr addr;
    struct ropp_conn conn;
    size_t i;

    (void)state;
    publish_both(own, COUNT_OF(own), panel, COUNT_OF(panel));
    assert_true(ropp_module_turn());
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_true(ropp_addr_parse(cases[i].address, strlen(cases[i].address), &addr));
        assert_true(ropp_module_accept(&conn, ropp_addr_to_v4(&addr)));
        assert_int_equal(conn.phase, cases[i].comes_in ? ROPP_PHASE_FIRST : ROPP_PHASE_HELD);
        assert_int_equal(ropp_module_allows(&addr), cases[i].allowed);
    }
    publish_bans();
    assert_true(ropp_module_turn());
}

static void test_kick(void **state)
{
    static const struct listed listed[] = {{"192.0.2.1", ROPP_TABLE_BAN, 21, 0}};
    struct ropp_conn direct, proxied;

    (void)state;
    assert_true(ropp_module_accept(&direct, PLAYER_V4));
    proxied = through_proxy(header_player);
    assert_false(ropp_module_kick(&direct));
    assert_false(ropp_module_kick(&proxied));

    publish(listed, COUNT_OF(listed));
    assert_true(ropp_module_turn());
    assert_true(ropp_module_kick(&direct));
    assert_connlog(ROPP_CONNQUEUE_KICKED, ROPP_REASON_BANNED, 21);
    assert_true(ropp_module_kick(&proxied));
    assert_int_equal(proxied.reason, ROPP_REASON_BANNED);
    assert_connlog(ROPP_CONNQUEUE_KICKED, ROPP_REASON_BANNED, 21);
    assert_int_equal(ropp_counted(&worker->stats->kicked), 2);

    /* Once is enough. */
    assert_false(ropp_module_kick(&direct));
    assert_true(ropp_connqueue_is_empty(&worker->connqueue));
    assert_int_equal(ropp_counted(&worker->stats->kicked), 2);
}

/* What control panels know of an IPv6 player is the stand-in, and that is what they ban. */
static void test_standin(void **state)
{
    struct ropp_config *config = (struct ropp_config *)(uintptr_t)worker->config;
    struct ropp_addr player;
    char text[ROPP_ADDR_TEXT];
    struct listed listed = {text, ROPP_TABLE_BAN, 31, 0};
    struct ropp_addr standin;
    struct ropp_conn conn;

    (void)state;
    assert_true(ropp_addr_parse("2001:db8::77", 12, &player));
    standin = ropp_addr_v4(ropp_client_addr(&player, NULL));
    ropp_addr_format(&standin, text);
    publish(&listed, 1);
    assert_true(ropp_module_turn());
    conn = through_proxy("PROXY TCP6 2001:db8::1234 2001:db8::1 50000 6900\r\n");
    assert_false(ropp_module_admit(&conn)); /* the same /64 */
    assert_int_equal(conn.ban_id, 31);
    conn = through_proxy("PROXY TCP6 2001:db8:0:1::77 2001:db8::1 50000 6900\r\n");
    assert_true(ropp_module_admit(&conn));

    /* With a key it is another one. */
    ropp_standin_key_set(&config->standin_key, "0123456789abcdef", 16);
    conn = through_proxy("PROXY TCP6 2001:db8::1234 2001:db8::1 50000 6900\r\n");
    assert_true(ropp_module_admit(&conn));
    standin = ropp_addr_v4(ropp_module_client_addr(&conn));
    ropp_addr_format(&standin, text);
    publish(&listed, 1);
    assert_true(ropp_module_turn());
    assert_false(ropp_module_admit(&conn));
    memset(&config->standin_key, 0, sizeof config->standin_key);
}

static void test_rejection(void **state)
{
    static const uint8_t forms[][3] = {{0x6a, 0x00, 3}, {0x3e, 0x08, 3}, {0x02, 0x0b, 3}};
    static const unsigned ids[] = {0x006a, 0x083e, 0x0b02};
    static const size_t lengths[] = {23, 26, 26};
    uint8_t packet[ROPP_REJECTION_MAX + 1];
    struct ropp_conn conn;
    size_t i, j;

    (void)state;
    publish_bans();
    assert_true(ropp_module_turn());
    assert_true(ropp_module_accept(&conn, BANNED_V4));
    assert_int_equal(ropp_module_rejection(&conn, packet), 0); /* not refused yet */
    feed_login(&conn);
    packet[ROPP_REJECTION_MAX] = 0x55;
    for (i = 0; i < COUNT_OF(ids); i++) {
        ropp_module_refusal_packet(ids[i]);
        memset(packet, 0xff, ROPP_REJECTION_MAX);
        assert_int_equal(ropp_module_rejection(&conn, packet), lengths[i]);
        assert_memory_equal(packet, forms[i], 3);
        for (j = 3; j < lengths[i]; j++)
            assert_int_equal(packet[j], 0);
    }
    assert_int_equal(packet[ROPP_REJECTION_MAX], 0x55);

    /* Nobody else is sent anything. */
    ropp_conn_refuse(&conn, ROPP_REASON_BANS_UNKNOWN);
    assert_int_equal(ropp_module_rejection(&conn, packet), 26);
    ropp_conn_refuse(&conn, ROPP_REASON_UNTRUSTED);
    assert_int_equal(ropp_module_rejection(&conn, packet), 0);
    assert_true(ropp_module_accept(&conn, PLAYER_V4));
    assert_int_equal(ropp_module_rejection(&conn, packet), 0);
}

/* The worker's lines come before the module's own. */
static void test_lines(void **state)
{
    char line[ROPP_LINE_TEXT];

    (void)state;
    ropp_notes_put(&worker->notes, ROPP_NOTE_STATUS, "one");
    ropp_notes_put(&worker->notes, ROPP_NOTE_WARNING, "two");
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_STATUS);
    assert_string_equal(line, "one");
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_WARNING);
    assert_string_equal(line, "two");
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_WARNING);
    assert_non_null(strstr(line, "the headers of 127.0.0.3 name UNKNOWN and no address"));
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_WARNING);
    assert_non_null(strstr(line, "no route back for 127.0.0.3 through 127.0.0.3"));
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_WARNING);
    assert_non_null(strstr(line, "banned "));
    assert_int_equal(ropp_module_line(line), ROPP_NOTE_NONE);
}

static void test_stop(void **state)
{
    struct ropp_conn conn;

    (void)state;
    publish_bans(); /* one that is never taken */
    ropp_module_stop();
    assert_null(worker);
    assert_false(ropp_module_turn());
    assert_true(ropp_module_accept(&conn, BANNED_V4));
    assert_int_equal(conn.phase, ROPP_PHASE_FIRST);
    ropp_module_accepted(&conn, &reader); /* into no connection log */
    ropp_module_stop();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_thread_to_have),
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_closed_before_the_first_list),
        cmocka_unit_test(test_the_first_list),
        cmocka_unit_test(test_behind_the_proxy),
        cmocka_unit_test(test_a_banned_server),
        cmocka_unit_test(test_unnamed),
        cmocka_unit_test(test_unnamed_as_hop),
        cmocka_unit_test(test_the_owners_own_are_never_banned),
        cmocka_unit_test(test_own_addresses_are_never_banned),
        cmocka_unit_test(test_an_allowance_and_the_other_list),
        cmocka_unit_test(test_kick),
        cmocka_unit_test(test_standin),
        cmocka_unit_test(test_rejection),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_stop),
    };

    return UNIT_RUN_IN_ORDER(argc, argv, "module with bans", tests);
}
