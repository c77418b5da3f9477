// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "service/dbconf.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

/* One field of the settings as text. */
static const char *field_text(const struct ropp_db_settings *settings, enum ropp_dbconf_field field,
                              char number[16])
{
    switch (field) {
    case ROPP_DBCONF_HOST:
        return settings->host;
    case ROPP_DBCONF_PORT:
        snprintf(number, 16, "%u", settings->port);
        return number;
    case ROPP_DBCONF_USER:
        return settings->user;
    case ROPP_DBCONF_PASSWORD:
        return settings->password;
    case ROPP_DBCONF_NAME:
        return settings->name;
    case ROPP_DBCONF_FIELDS:
        break;
    }
    return "";
}

static void assert_field(const struct ropp_dbconf *conf, enum ropp_dbconf_field field,
                         const char *wanted)
{
    struct ropp_db_settings settings = ropp_dbconf_settings(conf);
    char number[16];

    assert_string_equal(field_text(&settings, field, number), wanted);
}

static void test_defaults(void **state)
{
    struct ropp_dbconf conf;

    (void)state;
    ropp_dbconf_init(&conf);
    assert_field(&conf, ROPP_DBCONF_HOST, "127.0.0.1");
    assert_field(&conf, ROPP_DBCONF_PORT, "3306");
    assert_field(&conf, ROPP_DBCONF_USER, "ragnarok");
    assert_field(&conf, ROPP_DBCONF_PASSWORD, "");
    assert_field(&conf, ROPP_DBCONF_NAME, "ragnarok");
    assert_string_equal(conf.ipban_table, "ipbanlist");
    assert_string_equal(ropp_dbconf_settings(&conf).socket, "");
    assert_int_equal(ropp_dbconf_settings(&conf).server_s, 0);
}

/* Every set of accounts that may have a field set: the strongest of them gives it, and the other
 * fields stay as they were. */
static void test_the_strongest_wins(void **state)
{
    static const enum ropp_dbconf_rank ranks[] = {ROPP_DBCONF_OWN, ROPP_DBCONF_LOGIN,
                                                  ROPP_DBCONF_IPBAN, ROPP_DBCONF_PROXY};
    static const char *const values[] = {"1001", "1002", "1003", "1004"};
    static const char *const defaults[] = {"127.0.0.1", "3306", "ragnarok", "", "ragnarok"};
    struct ropp_dbconf conf;
    unsigned field, other, set, rank;
    const char *wanted;

    (void)state;
    for (field = 0; field < ROPP_DBCONF_FIELDS; field++) {
        for (set = 0; set < 1u << COUNT_OF(ranks); set++) {
            ropp_dbconf_init(&conf);
            wanted = defaults[field];
            for (rank = COUNT_OF(ranks); rank-- > 0;) { /* the order of the files means nothing */
                if (!(set >> rank & 1))
                    continue;
                assert_true(ropp_dbconf_set(&conf, ranks[rank], (enum ropp_dbconf_field)field,
                                            values[rank]));
                if (set >> rank == 1)
                    wanted = values[rank];
            }
            for (other = 0; other < ROPP_DBCONF_FIELDS; other++)
                assert_field(&conf, (enum ropp_dbconf_field)other,
                             other == field ? wanted : defaults[other]);
        }
    }
}

static void test_lengths(void **state)
{
    static const struct {
        enum ropp_dbconf_field field;
        size_t most;
    } cases[] = {
        {ROPP_DBCONF_HOST, 255},
        {ROPP_DBCONF_USER, 127},
        {ROPP_DBCONF_PASSWORD, 255},
        {ROPP_DBCONF_NAME, 127},
    };
    struct ropp_dbconf conf;
    char value[300];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        ropp_dbconf_init(&conf);
        memset(value, 'x', sizeof value);
        value[cases[i].most + 1] = '\0';
        assert_false(ropp_dbconf_set(&conf, ROPP_DBCONF_PROXY, cases[i].field, value));
        assert_false(conf.set[ROPP_DBCONF_PROXY][cases[i].field]);
        value[cases[i].most] = '\0';
        assert_true(ropp_dbconf_set(&conf, ROPP_DBCONF_PROXY, cases[i].field, value));
        assert_field(&conf, cases[i].field, value);
    }
    assert_false(ropp_dbconf_set(&conf, ROPP_DBCONF_PROXY, ROPP_DBCONF_FIELDS, "x"));
}

static void test_ports(void **state)
{
    static const char *const bad[] = {"",      "0",     "65536", "-1",  "+3306",
                                      " 3306", "3306 ", "33o6",  "0x1", "99999999999999999999999"};
    struct ropp_dbconf conf;
    size_t i;

    (void)state;
    ropp_dbconf_init(&conf);
    for (i = 0; i < COUNT_OF(bad); i++)
        assert_false(ropp_dbconf_set(&conf, ROPP_DBCONF_OWN, ROPP_DBCONF_PORT, bad[i]));
    assert_field(&conf, ROPP_DBCONF_PORT, "3306");
    assert_true(ropp_dbconf_set(&conf, ROPP_DBCONF_OWN, ROPP_DBCONF_PORT, "65535"));
    assert_field(&conf, ROPP_DBCONF_PORT, "65535");
    assert_true(ropp_dbconf_set(&conf, ROPP_DBCONF_OWN, ROPP_DBCONF_PORT, "1"));
    assert_field(&conf, ROPP_DBCONF_PORT, "1");
}

/* ---- the emulators' keys ---- */

static const struct {
    const char *name;
    enum ropp_dbconf_field field;
} fields[] = {
    {"ip", ROPP_DBCONF_HOST}, {"hostname", ROPP_DBCONF_HOST},     {"port", ROPP_DBCONF_PORT},
    {"id", ROPP_DBCONF_USER}, {"username", ROPP_DBCONF_USER},     {"pw", ROPP_DBCONF_PASSWORD},
    {"Db", ROPP_DBCONF_NAME}, {"password", ROPP_DBCONF_PASSWORD}, {"DATABASE", ROPP_DBCONF_NAME},
};

/* Which servers take a prefix, a bit each by enum ropp_server, and as whose account. */
static const struct {
    const char *prefix;
    unsigned servers;
    enum ropp_dbconf_rank rank;
} prefixes[] = {
    {"ipban_db_", 0x1f, ROPP_DBCONF_IPBAN},
    {"IPBan.SQL.db_", 0x1f, ROPP_DBCONF_IPBAN},
    {"login_server_", 0x1f, ROPP_DBCONF_LOGIN},
    {"sql.db_", 0x1f, ROPP_DBCONF_LOGIN},
    {"char_server_", 1u << ROPP_SERVER_CHAR, ROPP_DBCONF_OWN},
    {"map_server_", 1u << ROPP_SERVER_MAP, ROPP_DBCONF_OWN},
    {"Char_Server_", 1u << ROPP_SERVER_CHAR, ROPP_DBCONF_OWN},
    {"MAP_SERVER_", 1u << ROPP_SERVER_MAP, ROPP_DBCONF_OWN},
};

static unsigned count_set(const struct ropp_dbconf *conf)
{
    unsigned rank, field, count = 0;

    for (rank = 0; rank < ROPP_DBCONF_RANKS; rank++)
        for (field = 0; field < ROPP_DBCONF_FIELDS; field++)
            count += conf->set[rank][field];
    return count;
}

static void test_every_key(void **state)
{
    struct ropp_dbconf conf;
    char key[64];
    unsigned server, prefix, field;
    bool taken;

    (void)state;
    for (server = ROPP_SERVER_NONE; server <= ROPP_SERVER_API; server++) {
        for (prefix = 0; prefix < COUNT_OF(prefixes); prefix++) {
            for (field = 0; field < COUNT_OF(fields); field++) {
                ropp_dbconf_init(&conf);
                snprintf(key, sizeof key, "%s%s", prefixes[prefix].prefix, fields[field].name);
                ropp_dbconf_take(&conf, (enum ropp_server)server, key, "4711");
                taken = prefixes[prefix].servers >> server & 1;
                assert_int_equal(count_set(&conf), taken);
                assert_int_equal(conf.set[prefixes[prefix].rank][fields[field].field], taken);
                if (taken)
                    assert_field(&conf, fields[field].field, "4711");
            }
        }
    }
}

static void test_other_keys(void **state)
{
    static const char *const keys[] = {"",
                                       "login_server_",
                                       "login_server_ips",
                                       "login_server_i",
                                       "login_ip",
                                       "xlogin_server_ip",
                                       "Login_server_ip",
                                       "SQL.db_hostname",
                                       "ipban_enable",
                                       "log_db_ip",
                                       "proxy_db_host"};
    struct ropp_dbconf conf;
    size_t i;

    (void)state;
    ropp_dbconf_init(&conf);
    for (i = 0; i < COUNT_OF(keys); i++)
        ropp_dbconf_take(&conf, ROPP_SERVER_MAP, keys[i], "4711");
    assert_int_equal(count_set(&conf), 0);

    /* The emulators take a port for what its beginning says, and nothing for MariaDB's own. */
    ropp_dbconf_take(&conf, ROPP_SERVER_MAP, "login_server_port", "3306 // tunnel");
    assert_field(&conf, ROPP_DBCONF_PORT, "3306");
    ropp_dbconf_take(&conf, ROPP_SERVER_MAP, "login_server_port", "none");
    assert_field(&conf, ROPP_DBCONF_PORT, "0");

    /* The last one counts. */
    ropp_dbconf_take(&conf, ROPP_SERVER_MAP, "login_server_port", "3307");
    assert_field(&conf, ROPP_DBCONF_PORT, "3307");
}

static void test_name_of_ipbanlist(void **state)
{
    struct ropp_dbconf conf;
    char long_name[80];

    (void)state;
    ropp_dbconf_init(&conf);
    ropp_dbconf_take(&conf, ROPP_SERVER_LOGIN, "ipban_table", "bans");
    assert_string_equal(conf.ipban_table, "bans");
    ropp_dbconf_take(&conf, ROPP_SERVER_LOGIN, "ipban.sql.ipban_table", "bans2");
    assert_string_equal(conf.ipban_table, "bans2");
    memset(long_name, 'x', sizeof long_name);
    long_name[64] = '\0';
    ropp_dbconf_take(&conf, ROPP_SERVER_LOGIN, "ipban_table", long_name);
    assert_string_equal(conf.ipban_table, "bans2");
    assert_int_equal(count_set(&conf), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),          cmocka_unit_test(test_the_strongest_wins),
        cmocka_unit_test(test_lengths),           cmocka_unit_test(test_ports),
        cmocka_unit_test(test_every_key),         cmocka_unit_test(test_other_keys),
        cmocka_unit_test(test_name_of_ipbanlist),
    };

    return UNIT_RUN(argc, argv, "dbconf", tests, NULL, NULL);
}
