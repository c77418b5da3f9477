// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service/keys.h"
#include "service/lines.h"
#include "service/stats.h"
#include "tests/unit/unit.h"

/* ---- memory that runs out ---- */

void *__real_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool no_memory;

void *__wrap_malloc(size_t size)
{
    return no_memory ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return no_memory ? NULL : __real_realloc(old, size);
}

/* ---- settings ---- */

static void test_defaults(void **state)
{
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT];

    (void)state;
    ropp_config_init(&config);
    assert_int_equal(config.mode, ROPP_MODE_OFF);
    assert_int_equal(config.header_timeout_ms, 3000);
    assert_int_equal(config.listen_backlog, ROPP_BACKLOG_SYSTEM);
    assert_int_equal(config.ticket_check, ROPP_TICKET_LOG);
    assert_true(config.advertise_destination);
    assert_true(config.hide_origin);
    assert_true(config.bans);
    assert_true(config.ban_kick);
    assert_false(config.ban_fails_closed);
    assert_int_equal(config.connlog, ROPP_CONNLOG_REFUSED);
    assert_int_equal(config.connlog_days, 30);
    assert_int_equal(config.connlog_rows, 1000000);
    assert_true(ropp_config_check(&config, error));
    ropp_config_free(&config);
}

static void set(struct ropp_config *config, const char *key, const char *value)
{
    char error[ROPP_ERROR_TEXT];

    assert_true(ropp_config_set(config, "f:1", key, value, error));
}

static void test_every_word(void **state)
{
    struct ropp_config config;
    struct ropp_db_settings db;

    (void)state;
    ropp_config_init(&config);
    set(&config, "proxy_protocol", "on");
    set(&config, "proxy_protocol", "off");
    assert_int_equal(config.mode, ROPP_MODE_OFF);
    set(&config, "proxy_auth_ip_check", "off");
    assert_int_equal(config.ticket_check, ROPP_TICKET_OFF);
    set(&config, "proxy_auth_ip_check", "log");
    assert_int_equal(config.ticket_check, ROPP_TICKET_LOG);
    set(&config, "proxy_advertise", "off");
    set(&config, "proxy_advertise", "destination");
    assert_true(config.advertise_destination);
    set(&config, "proxy_bans", "OFF");
    assert_false(config.bans);
    set(&config, "proxy_bans", "on");
    assert_true(config.bans);
    set(&config, "proxy_ban_kick", "off");
    assert_false(config.ban_kick);
    set(&config, "proxy_unnamed", "hop");
    assert_true(config.unnamed_is_hop);
    set(&config, "proxy_unnamed", "Refuse");
    assert_false(config.unnamed_is_hop);
    assert_false(config.standin_key.is_set);
    set(&config, "proxy_standin_key", "0123456789abcdef");
    assert_true(config.standin_key.is_set);
    set(&config, "proxy_ban_on_error", "closed");
    assert_true(config.ban_fails_closed);
    set(&config, "proxy_ban_on_error", "Open");
    assert_false(config.ban_fails_closed);
    set(&config, "proxy_connlog", "all");
    assert_int_equal(config.connlog, ROPP_CONNLOG_ALL);
    set(&config, "proxy_connlog", "off");
    assert_int_equal(config.connlog, ROPP_CONNLOG_OFF);
    set(&config, "proxy_connlog", "refused");
    assert_int_equal(config.connlog, ROPP_CONNLOG_REFUSED);
    set(&config, "proxy_connlog_days", "1");
    assert_int_equal(config.connlog_days, 1);
    set(&config, "proxy_connlog_rows", "1000");
    assert_int_equal(config.connlog_rows, 1000);
    set(&config, "proxy_connlog_days", "3650");
    assert_int_equal(config.connlog_days, 3650);
    set(&config, "proxy_db_host", "db.example");
    set(&config, "proxy_db_port", "3307");
    set(&config, "proxy_db_user", "ropp");
    set(&config, "proxy_db_password", " a, b // c ");
    set(&config, "proxy_db_name", "bans");
    db = ropp_dbconf_settings(&config.db);
    assert_string_equal(db.host, "db.example");
    assert_int_equal(db.port, 3307);
    assert_string_equal(db.user, "ropp");
    assert_string_equal(db.password, " a, b // c ");
    assert_string_equal(db.name, "bans");
    set(&config, "proxy_db_password", "");
    assert_string_equal(ropp_dbconf_settings(&config.db).password, "");
    ropp_config_free(&config);
}

static void test_good_values(void **state)
{
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT];
    struct ropp_policy policy;
    struct ropp_routes routes;

    (void)state;
    ropp_config_init(&config);
    assert_true(ropp_config_set(&config, "f:1", "Proxy_Protocol", "STRICT", error));
    assert_true(ropp_config_set(&config, "f:2", "proxy_trusted",
                                "192.0.2.1, 2001:db8::/32 10.0.0.0/8", error));
    assert_true(ropp_config_set(&config, "f:3", "proxy_trusted", "127.0.0.1", error));
    assert_true(ropp_config_set(&config, "f:4", "proxy_direct", "127.0.0.1,", error));
    assert_true(ropp_config_set(&config, "f:5", "proxy_header_timeout", "100", error));
    assert_true(ropp_config_set(&config, "f:6", "proxy_listen_backlog", "65535", error));
    assert_true(ropp_config_check(&config, error));
    assert_int_equal(config.header_timeout_ms, 100);
    assert_int_equal(config.listen_backlog, 65535);
    assert_true(ropp_config_set(&config, "f:7", "proxy_auth_ip_check", "on", error));
    assert_true(ropp_config_set(&config, "f:8", "proxy_advertise", "OFF", error));
    assert_true(ropp_config_set(&config, "f:9", "proxy_hide_origin", "off", error));
    assert_true(ropp_config_set(&config, "f:10", "proxy_route",
                                "192.0.2.0/24\tmap=198.51.100.1  char=198.51.100.2:6121 ", error));
    assert_true(
        ropp_config_set(&config, "f:11", "proxy_route", "2001:db8::/32 map=1.2.3.4:1", error));
    assert_int_equal(config.ticket_check, ROPP_TICKET_ON);
    routes = ropp_config_routes(&config);
    assert_false(routes.advertise_destination);
    assert_false(routes.hide_origin);
    assert_int_equal(routes.count, 2);
    assert_int_equal(routes.items[0].prefix.length, 24);
    assert_int_equal(routes.items[0].to[ROPP_TARGET_CHAR].ip, 0xc6336402);
    assert_int_equal(routes.items[0].to[ROPP_TARGET_CHAR].port, 6121);
    assert_int_equal(routes.items[0].to[ROPP_TARGET_MAP].ip, 0xc6336401);
    assert_int_equal(routes.items[0].to[ROPP_TARGET_MAP].port, 0);
    assert_int_equal(routes.items[1].to[ROPP_TARGET_CHAR].ip, 0);
    policy = ropp_config_policy(&config);
    assert_int_equal(policy.mode, ROPP_MODE_STRICT);
    assert_int_equal(policy.trusted.count, 4);
    assert_int_equal(policy.trusted.items[1].length, 32);
    assert_int_equal(policy.direct.count, 1);
    ropp_config_free(&config);
}

/* Whatever word an owner has for a switch, it is taken for what it says. */
static void test_switches(void **state)
{
    static const struct {
        const char *word;
        bool on;
    } words[] = {{"on", true},     {"yes", true},  {"true", true}, {"On", true},
                 {"YES", true},    {"True", true}, {"off", false}, {"no", false},
                 {"false", false}, {"OFF", false}, {"No", false},  {"FALSE", false}};
    struct ropp_config config;
    size_t i;

    (void)state;
    ropp_config_init(&config);
    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        set(&config, "proxy_hide_origin", words[i].word);
        set(&config, "proxy_bans", words[i].word);
        set(&config, "proxy_ban_kick", words[i].word);
        set(&config, "proxy_protocol", words[i].word);
        set(&config, "proxy_auth_ip_check", words[i].word);
        assert_int_equal(config.hide_origin, words[i].on);
        assert_int_equal(config.bans, words[i].on);
        assert_int_equal(config.ban_kick, words[i].on);
        assert_int_equal(config.mode, words[i].on ? ROPP_MODE_ON : ROPP_MODE_OFF);
        assert_int_equal(config.ticket_check, words[i].on ? ROPP_TICKET_ON : ROPP_TICKET_OFF);
        if (words[i].on)
            continue;
        set(&config, "proxy_advertise", "destination");
        set(&config, "proxy_advertise", words[i].word);
        assert_false(config.advertise_destination);
        set(&config, "proxy_connlog", "all");
        set(&config, "proxy_connlog", words[i].word);
        assert_int_equal(config.connlog, ROPP_CONNLOG_OFF);
    }
    ropp_config_free(&config);
}

/* In a file that knows types, each setting takes those that keep what the owner wrote. */
static void test_forms(void **state)
{
    static const struct {
        const char *key;
        enum ropp_config_form form;
        const char *message; /* a part of the message; NULL: it is fine */
    } cases[] = {
        {"proxy_db_host", ROPP_FORM_TEXT, NULL},
        {"proxy_db_host", ROPP_FORM_BARE, "write it in quotes"},
        {"proxy_db_user", ROPP_FORM_BARE, "write it in quotes"},
        {"proxy_db_password", ROPP_FORM_BARE, "write it in quotes"},
        {"proxy_db_name", ROPP_FORM_BARE, "write it in quotes"},
        {"proxy_db_name", ROPP_FORM_LIST, "write one value"},
        {"proxy_db_port", ROPP_FORM_BARE, NULL},
        {"proxy_bans", ROPP_FORM_BARE, NULL},
        {"proxy_protocol", ROPP_FORM_BARE, NULL},
        {"proxy_protocol", ROPP_FORM_LIST, "a list: write one value"},
        {"proxy_protocol", ROPP_FORM_GROUP, "a group: write one value"},
        {"proxy_trusted", ROPP_FORM_LIST, NULL},
        {"proxy_trusted", ROPP_FORM_EMPTY, "a list with nothing in it"},
        {"proxy_trusted", ROPP_FORM_GROUP, "a list of values"},
        {"proxy_route", ROPP_FORM_LIST, NULL},
        {"proxy_header_timeout", ROPP_FORM_EMPTY, "a list with nothing in it"},
        {"proxy_trustd", ROPP_FORM_LIST, "unknown setting"},
        {"Proxy-Trusted", ROPP_FORM_LIST, "write proxy_trusted"},
    };
    char error[ROPP_ERROR_TEXT];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        error[0] = '\0';
        assert_int_equal(ropp_config_check_form("f:7", cases[i].key, cases[i].form, error),
                         cases[i].message == NULL);
        if (cases[i].message == NULL)
            continue;
        assert_non_null(strstr(error, "f:7"));
        assert_non_null(strstr(error, cases[i].key));
        assert_non_null(strstr(error, cases[i].message));
    }
}

/* What looks like one of ours must not be passed over in silence. */
static void test_almost_ours(void **state)
{
    static const char *const ours[] = {"proxy_protocol",  "Proxy_Protocol", "proxy_x",
                                       "proxy-anything",  "proxy protocol", "PROXY.PROTOCOL",
                                       "proxyprotocol",   "ProxyTrusted",   "proxy-db-host",
                                       "  proxy_trusted", "proxy__bans"};
    static const char *const others[] = {"",       "proxy", "proxy settings", "use_proxy_protocol",
                                         "proxyx", "mode",  "login_port"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_true(ropp_config_is_key(ours[i]));
    for (i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(ropp_config_is_key(others[i]));
    assert_string_equal(ropp_config_meant("PROXY protocol"), "proxy_protocol");
    assert_string_equal(ropp_config_key_in_group("Mode"), "proxy_protocol");
    assert_string_equal(ropp_config_key_in_group("proxy_bans"), "proxy_bans");
}

/* Settings that do nothing are named, in one line that always fits. */
static void test_unused(void **state)
{
    static const char *const every[][2] = {
        {"proxy_trusted", "192.0.2.1"},
        {"proxy_direct", "192.0.2.1"},
        {"proxy_header_timeout", "3000"},
        {"proxy_listen_backlog", "511"},
        {"proxy_auth_ip_check", "on"},
        {"proxy_advertise", "off"},
        {"proxy_route", "192.0.2.1 char=198.51.100.1"},
        {"proxy_hide_origin", "on"},
        {"proxy_unnamed", "hop"},
        {"proxy_bans", "on"},
        {"proxy_ban_on_error", "open"},
        {"proxy_ban_kick", "on"},
        {"proxy_connlog", "all"},
        {"proxy_connlog_days", "30"},
        {"proxy_db_host", "x"},
        {"proxy_db_port", "1"},
        {"proxy_db_user", "x"},
        {"proxy_db_password", "hunter2"},
        {"proxy_db_name", "x"},
    };
    struct ropp_config config;
    char line[ROPP_LINE_TEXT + 1];
    size_t i;

    (void)state;
    line[ROPP_LINE_TEXT] = 'x';
    ropp_config_init(&config);
    assert_false(ropp_config_unused(&config, line));
    set(&config, "proxy_protocol", "off");
    assert_false(ropp_config_unused(&config, line));
    set(&config, "proxy_bans", "on");
    assert_true(ropp_config_unused(&config, line));
    assert_non_null(strstr(line, "proxy_protocol is off"));
    assert_non_null(strstr(line, "out: proxy_bans"));
    set(&config, "proxy_protocol", "on");
    assert_false(ropp_config_unused(&config, line));
    ropp_config_free(&config);

    for (i = 0; i < sizeof every / sizeof every[0]; i++)
        set(&config, every[i][0], every[i][1]);
    assert_true(ropp_config_unused(&config, line));
    assert_non_null(strstr(line, "proxy_protocol is missing"));
    assert_non_null(strstr(line, "out: proxy_trusted, proxy_direct, "));
    assert_null(strstr(line, "hunter2"));
    assert_int_equal(line[ROPP_LINE_TEXT], 'x');
    ropp_config_free(&config);
}

struct bad_value {
    const char *key;
    const char *value;
    const char *message; /* a part of the message */
};

/* Of a value that is long, its beginning is said. */
static void test_a_long_bad_value(void **state)
{
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT], value[66], shown[80];
    size_t length;

    (void)state;
    ropp_config_init(&config);
    for (length = 63; length <= 65; length++) {
        memset(value, 'a', length);
        value[length] = '\0';
        assert_false(ropp_config_set(&config, "f:1", "proxy_protocol", value, error));
        snprintf(shown, sizeof shown, " '%.*s':", length < 64 ? (int)length : 64, value);
        assert_non_null(strstr(error, shown));
    }
    ropp_config_free(&config);
}

static void test_bad_values(void **state)
{
    static const struct bad_value cases[] = {
        {"proxy_protocol", "1", "off, on or strict"},
        {"proxy_protocol", "", "off, on or strict"},
        {"proxy_trusted", "", "write a value"},
        {"proxy_trusted", " , ", "write a value"},
        {"proxy_trusted", "10.0.0.0/8, proxy.example", "'proxy.example'"},
        {"proxy_trusted", "10.0.0.1/8", "'10.0.0.1/8'"},
        {"proxy_trusted", "10.0.0.0/33", "'10.0.0.0/33'"},
        {"proxy_trusted", "0.0.0.0/0", "trusts everybody"},
        {"proxy_trusted", "::/0", "trusts everybody"},
        {"proxy_direct", "2001:db8::1/32", "'2001:db8::1/32'"},
        {"proxy_header_timeout", "99", "100 to 60000"},
        {"proxy_header_timeout", "60001", "100 to 60000"},
        {"proxy_header_timeout", "3s", "100 to 60000"},
        {"proxy_header_timeout", "-3000", "100 to 60000"},
        {"proxy_header_timeout", "", "100 to 60000"},
        {"proxy_header_timeout", "99999999999999999999", "100 to 60000"},
        {"proxy_listen_backlog", "0", "1 to 65535"},
        {"proxy_listen_backlog", "65536", "1 to 65535"},
        {"proxy_auth_ip_check", "maybe", "off, log or on"},
        {"proxy_advertise", "on", "off or destination"},
        {"proxy_hide_origin", "log", "on or off"},
        {"proxy_route", "", "PREFIX char="},
        {"proxy_route", "192.0.2.10", "PREFIX char="},
        {"proxy_route", "192.0.2.10/24 char=198.51.100.1", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=2001:db8::1", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=0.0.0.0", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=0.0.0.0 map=198.51.100.1", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=198.51.100.1:0", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=198.51.100.1:65536", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=198.51.100.1:0 map=198.51.100.2", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=2001:db8::1 map=198.51.100.2", "PREFIX char="},
        {"proxy_route", "192.0.2.10 login=198.51.100.1", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=198.51.100.1 login=198.51.100.1", "PREFIX char="},
        {"proxy_route", "192.0.2.10 198.51.100.1 map=198.51.100.1", "PREFIX char="},
        {"proxy_route", "192.0.2.10 char=198.51.100.1 char=198.51.100.2", "PREFIX char="},
        {"proxy_bans", "si", "'si': write on or off"},
        {"proxy_ban_kick", "", "on or off"},
        {"proxy_ban_on_error", "on", "open or closed"},
        {"proxy_unnamed", "on", "refuse or hop"},
        {"proxy_standin_key", "tooshort", "16 to 128 letters and digits"},
        {"proxy_standin_key", "with // a comment behind", "letters and digits, the same"},
        {"proxy_connlog", "some", "off, refused or all"},
        {"proxy_connlog_days", "0", "1 to 3650"},
        {"proxy_connlog_days", "3651", "1 to 3650"},
        {"proxy_db_host", "", "a host name or an address"},
        {"proxy_db_port", "0", "a port from 1 to 65535"},
        {"proxy_db_port", "3306x", "a port from 1 to 65535"},
        {"proxy_db_user", "", "1 to 127 characters"},
        {"proxy_db_name", "", "1 to 127 characters"},
        {"proxy_trustd", "10.0.0.0/8", "proxy_trusted"},
        {"proxy_", "1", "unknown setting"},
        {"proxy-protocol", "on", "write proxy_protocol"},
        {"proxy connlog", "off", "write proxy_connlog"},
        {"proxy_advertise", "yes", "off or destination"},
        {"proxy_connlog", "true", "off, refused or all"},
    };
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ropp_config_init(&config);
        error[0] = '\0';
        assert_false(ropp_config_set(&config, "login.conf:7", cases[i].key, cases[i].value, error));
        assert_non_null(strstr(error, "login.conf:7"));
        assert_non_null(strstr(error, cases[i].key));
        assert_non_null(strstr(error, cases[i].message));
        ropp_config_free(&config);
    }
}

static void test_no_memory(void **state)
{
    static const char *const lists[][2] = {{"proxy_trusted", "192.0.2.1"},
                                           {"proxy_direct", "192.0.2.1"},
                                           {"proxy_route", "192.0.2.1 char=198.51.100.1"}};
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT];
    size_t i;

    (void)state;
    ropp_config_init(&config);
    for (i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        set(&config, lists[i][0], lists[i][1]);
        no_memory = true;
        assert_false(ropp_config_set(&config, "f:7", lists[i][0], lists[i][1], error));
        no_memory = false;
        assert_non_null(strstr(error, "out of memory"));
    }
    assert_int_equal(config.trusted.count, 1); /* what was there still is */
    assert_int_equal(config.direct.count, 1);
    assert_int_equal(config.routes.count, 1);
    ropp_config_free(&config);
}

/* Whatever is wrong with a password, no message shows it. */
static void test_secrets_stay_secret(void **state)
{
    static const char *const keys[] = {"proxy_db_password", "proxy_db_pasword", "proxy_db_pw"};
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT], secret[301];
    size_t i;

    (void)state;
    memset(secret, 'x', sizeof secret);
    memcpy(secret, "hunter2", 7);
    secret[300] = '\0';
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        ropp_config_init(&config);
        error[0] = '\0';
        assert_false(ropp_config_set(&config, "f:7", keys[i], secret, error));
        assert_non_null(strstr(error, "f:7"));
        assert_non_null(strstr(error, keys[i]));
        assert_null(strstr(error, "hunter"));
        ropp_config_free(&config);
    }
}

static void test_nobody_trusted(void **state)
{
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT];

    (void)state;
    ropp_config_init(&config);
    assert_true(ropp_config_set(&config, "f:1", "proxy_protocol", "on", error));
    assert_false(ropp_config_check(&config, error));
    assert_non_null(strstr(error, "proxy_trusted"));
    ropp_config_free(&config);
}

/* Writes text to a temporary file and reads it as settings. The file's path is in `path`. */
static bool read_text(struct ropp_config *config, const char *text, char path[32],
                      char error[ROPP_ERROR_TEXT])
{
    FILE *file;
    bool good;
    int fd;

    strcpy(path, "/tmp/ropp-test-XXXXXX");
    fd = mkstemp(path);
    assert_int_not_equal(fd, -1);
    file = fdopen(fd, "w");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
    ropp_config_init(config);
    error[0] = '\0';
    good = ropp_config_read_lines(config, ROPP_SERVER_LOGIN, path, error);
    assert_int_equal(unlink(path), 0);
    return good;
}

static void test_file(void **state)
{
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT], path[32];

    (void)state;
    assert_true(read_text(&config,
                          "\xef\xbb\xbfproxy_protocol: on\r\n"
                          "// proxy_protocol: strict\n"
                          "login_port: 6900\n"
                          "unrelated line without a colon\n"
                          "proxy\n"
                          "  PROXY_TRUSTED :\t10.0.0.0/8 , 127.0.0.1   // the two in Falkenstein\n"
                          "proxy_trusted: 2001:db8::/32\n"
                          "proxy settings: see the wiki\n"
                          "proxy_header_timeout:500",
                          path, error));
    assert_int_equal(config.mode, ROPP_MODE_ON);
    assert_int_equal(config.trusted.count, 3);
    assert_int_equal(config.header_timeout_ms, 500);
    ropp_config_free(&config);
}

static void test_file_errors_name_the_line(void **state)
{
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT], path[32], place[128], text[4096];

    (void)state;
    assert_false(read_text(&config, "a: b\n\nproxy_trusted: 10.0.0.1/8\n", path, error));
    snprintf(place, sizeof place, "%s:3", path);
    assert_non_null(strstr(error, place));
    ropp_config_free(&config);

    /* A setting without its colon would be no setting at all. */
    assert_false(read_text(&config, "proxy_protocol = on\n", path, error));
    assert_non_null(strstr(error, "no colon"));
    ropp_config_free(&config);

    assert_false(read_text(&config, "proxy_db_password hunter2\n", path, error));
    assert_non_null(strstr(error, "proxy_db_password: "));
    assert_null(strstr(error, "hunter2"));
    ropp_config_free(&config);

    /* Nor would one with a hyphen or a blank for the underscore. */
    assert_false(read_text(&config, "a: b\nproxy protocol: on\n", path, error));
    snprintf(place, sizeof place, "%s:2: proxy protocol: write proxy_protocol", path);
    assert_non_null(strstr(error, place));
    ropp_config_free(&config);
    assert_false(read_text(&config, "\xef\xbb\xbfproxy-bans: off\n", path, error));
    assert_non_null(strstr(error, ":1: proxy-bans: write proxy_bans"));
    ropp_config_free(&config);
    assert_false(read_text(&config, "proxy-protocol\ton\n", path, error));
    assert_non_null(strstr(error, "no colon"));
    ropp_config_free(&config);

    /* A long line of somebody else's is passed over and counted once. */
    memset(text, 'x', sizeof text);
    strcpy(text + 3000, "\nproxy_protocol: maybe\n");
    assert_false(read_text(&config, text, path, error));
    snprintf(place, sizeof place, "%s:2", path);
    assert_non_null(strstr(error, place));
    ropp_config_free(&config);

    /* A long line of ours is not cut in silence. */
    strcpy(text, "proxy_trusted: ");
    memset(text + strlen(text), ' ', 2000);
    strcpy(text + 2000, "10.0.0.0/8\n");
    assert_false(read_text(&config, text, path, error));
    assert_non_null(strstr(error, "too long"));
    ropp_config_free(&config);
}

/* The database is where the emulator's own lines say, but for what ours say. */
static void test_file_tells_the_database(void **state)
{
    struct ropp_config config;
    struct ropp_db_settings db;
    char error[ROPP_ERROR_TEXT], path[32];

    (void)state;
    assert_true(read_text(&config,
                          "login_server_ip: 192.0.2.3\n"
                          "login_server_port:3307\r\n"
                          "login_server_pw: a//b \n"
                          "login_server_id:\n" /* what the emulators do not take for a setting */
                          "//login_server_db: x\n"
                          "ipban_table: bans\n"
                          "Proxy_DB_Password: c//d # e\n"
                          "proxy_db_user: ropp // ours\n",
                          path, error));
    db = ropp_dbconf_settings(&config.db);
    assert_string_equal(db.host, "192.0.2.3");
    assert_int_equal(db.port, 3307);
    assert_string_equal(db.user, "ropp");
    assert_string_equal(db.password, "c//d # e");
    assert_string_equal(db.name, "ragnarok");
    assert_string_equal(config.db.ipban_table, "bans");
    assert_string_equal(config.db.from[ROPP_DBCONF_LOGIN].password, "a//b ");
    assert_false(config.db.set[ROPP_DBCONF_LOGIN][ROPP_DBCONF_USER]);
    ropp_config_free(&config);
}

/* Of its own keys we must think what the emulator thinks: sscanf with "%[^:]: %[^\r\n]", a comment
 * only where the line begins, keys that begin the line, and atoi for a port. */
static void test_as_the_emulator_reads(void **state)
{
    static const struct {
        const char *line;
        enum ropp_dbconf_field field;
        const char *value; /* NULL: the emulator takes nothing */
    } cases[] = {
        {"login_server_ip: 192.0.2.3 // the new one", ROPP_DBCONF_HOST, "192.0.2.3 // the new one"},
        {"login_server_ip:   192.0.2.3", ROPP_DBCONF_HOST, "192.0.2.3"},
        {"login_server_ip:\t192.0.2.3\t", ROPP_DBCONF_HOST, "192.0.2.3\t"},
        {"login_server_ip: a:b", ROPP_DBCONF_HOST, "a:b"},
        {" login_server_ip: 192.0.2.3", ROPP_DBCONF_HOST, NULL},
        {"login_server_ip : 192.0.2.3", ROPP_DBCONF_HOST, NULL},
        {"Login_server_ip: 192.0.2.3", ROPP_DBCONF_HOST, NULL},
        {"login_server_IP: 192.0.2.3", ROPP_DBCONF_HOST, "192.0.2.3"},
        {"\xef\xbb\xbflogin_server_ip: 192.0.2.3", ROPP_DBCONF_HOST, NULL},
        {"//login_server_ip: 192.0.2.3", ROPP_DBCONF_HOST, NULL},
        {"login_server_ip = 192.0.2.3", ROPP_DBCONF_HOST, NULL},
        {"login_server_pw: \"a b\" ", ROPP_DBCONF_PASSWORD, "\"a b\" "},
        {"login_server_pw:   ", ROPP_DBCONF_PASSWORD, NULL},
        {"login_server_port: 3307 // tunnel", ROPP_DBCONF_PORT, "3307"},
        {"login_server_port: 3307x", ROPP_DBCONF_PORT, "3307"},
        {"login_server_port: none", ROPP_DBCONF_PORT, "0"},
        {"login_server_port: 68843", ROPP_DBCONF_PORT, "3307"},
    };
    struct ropp_config config;
    const struct ropp_db_settings *read;
    char error[ROPP_ERROR_TEXT], path[32], text[128], port[16];
    const char *value;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "%s%s", cases[i].line, i % 2 ? "\r\n" : "\n");
        assert_true(read_text(&config, text, path, error));
        read = &config.db.from[ROPP_DBCONF_LOGIN];
        snprintf(port, sizeof port, "%u", read->port);
        value = cases[i].field == ROPP_DBCONF_HOST   ? read->host
                : cases[i].field == ROPP_DBCONF_PORT ? port
                                                     : read->password;
        assert_int_equal(config.db.set[ROPP_DBCONF_LOGIN][cases[i].field], cases[i].value != NULL);
        if (cases[i].value != NULL)
            assert_string_equal(value, cases[i].value);
        ropp_config_free(&config);
    }
}

static void test_missing_file_is_the_emulators(void **state)
{
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT];

    (void)state;
    ropp_config_init(&config);
    assert_true(ropp_config_read_lines(&config, ROPP_SERVER_LOGIN, "/nonexistent/login_athena.conf",
                                       error));
#ifdef _WIN32 /* where a folder cannot be opened */
    assert_true(ropp_config_read_lines(&config, ROPP_SERVER_LOGIN, "/", error));
#else
    assert_false(ropp_config_read_lines(&config, ROPP_SERVER_LOGIN, "/",
                                        error)); /* a folder opens, and cannot be read */
#endif
    ropp_config_free(&config);
}

/* A second file that imports the first, with a line before and one behind. */
static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
}

static void test_imports_are_read_where_they_stand(void **state)
{
    char folder[] = "/tmp/ropp-test-XXXXXX", main_path[64], inner_path[64], text[256];
    struct ropp_config config;
    char error[ROPP_ERROR_TEXT];

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(main_path, sizeof main_path, "%s/main", folder);
    snprintf(inner_path, sizeof inner_path, "%s/inner", folder);
    write_file(inner_path, "proxy_protocol: strict\nproxy_header_timeout: 500\n"
                           "proxy_trusted: 192.0.2.1\n");
    snprintf(text, sizeof text,
             "proxy_header_timeout: 100\nImport: %s\nproxy_protocol: on\nimport: /nonexistent\n",
             inner_path);
    write_file(main_path, text);

    ropp_config_init(&config);
    assert_true(ropp_config_read_lines(&config, ROPP_SERVER_LOGIN, main_path, error));
    assert_int_equal(config.mode, ROPP_MODE_ON);     /* behind the import */
    assert_int_equal(config.header_timeout_ms, 500); /* before it */
    assert_int_equal(config.trusted.count, 1);

    /* The emulator comes to the imported file by itself, later. */
    assert_true(ropp_config_read_lines(&config, ROPP_SERVER_LOGIN, inner_path, error));
    assert_int_equal(config.mode, ROPP_MODE_ON);
    assert_int_equal(config.trusted.count, 1);
    ropp_config_free(&config);

    /* What is wrong there remains there. */
    write_file(inner_path, "\nproxy_header_timeout: soon\n");
    ropp_config_init(&config);
    assert_false(ropp_config_read_lines(&config, ROPP_SERVER_LOGIN, main_path, error));
    snprintf(text, sizeof text, "%s:2", inner_path);
    assert_non_null(strstr(error, text));
    ropp_config_free(&config);

    /* A circle has an end. */
    snprintf(text, sizeof text, "import: %s\nproxy_protocol: strict\n", main_path);
    write_file(inner_path, text);
    ropp_config_init(&config);
    assert_true(ropp_config_read_lines(&config, ROPP_SERVER_LOGIN, main_path, error));
    assert_int_equal(config.mode, ROPP_MODE_ON);
    ropp_config_free(&config);

    assert_int_equal(unlink(main_path), 0);
    assert_int_equal(unlink(inner_path), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* ---- counters ---- */

static void test_stats(void **state)
{
    struct ropp_stats stats;
    struct ropp_addr peer = ropp_addr_v4(0x7f090909);
    char line[ROPP_LINE_TEXT], wanted[ROPP_LINE_TEXT];
    int i;

    (void)state;
    ropp_stats_init(&stats);
    assert_false(ropp_stats_line(&stats, 50, line));
    ropp_stats_refused(&stats, ROPP_REASON_GUARD, &peer);
    ropp_stats_refused(&stats, ROPP_REASON_UNTRUSTED, &peer);
    for (i = 0; i < 500; i++)
        ropp_stats_refused(&stats, ROPP_REASON_HEADER_TIMEOUT, &peer);
    assert_true(ropp_stats_line(&stats, 50, line));
    snprintf(wanted, sizeof wanted,
             "ropp: refused 502 connections, the latest from 127.9.9.9: header-timeout 500, %s 1, "
             "%s 1. header-timeout: %s",
             ropp_reason_name(ROPP_REASON_UNTRUSTED), ropp_reason_name(ROPP_REASON_GUARD),
             ropp_reason_text(ROPP_REASON_HEADER_TIMEOUT));
    assert_string_equal(line, wanted);

    /* Once in a line, nothing is left; and the next line waits its ten seconds. */
    assert_false(ropp_stats_line(&stats, 20000, line));
    ropp_stats_refused(&stats, ROPP_REASON_GUARD, &peer);
    assert_false(ropp_stats_line(&stats, 50 + 9999, line));
    assert_true(ropp_stats_line(&stats, 50 + 10000, line));
    assert_non_null(strstr(line, "refused 1 connection, "));
    assert_int_equal(stats.total[ROPP_REASON_HEADER_TIMEOUT], 500);
}

/* With every reason in it the line is cut, never overrun. */
static void test_stats_full_line(void **state)
{
    struct ropp_stats stats;
    struct ropp_addr peer = ropp_addr_v4(0);
    char line[ROPP_LINE_TEXT + 1];
    int i;

    (void)state;
    ropp_stats_init(&stats);
    for (i = 1; i < ROPP_REASON_COUNT; i++)
        ropp_stats_refused(&stats, (enum ropp_reason)i, &peer);
    line[ROPP_LINE_TEXT] = 'x';
    assert_true(ropp_stats_line(&stats, 0, line));
    assert_int_equal(strlen(line), ROPP_LINE_TEXT - 1);
    assert_int_equal(line[ROPP_LINE_TEXT], 'x');
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_good_values),
        cmocka_unit_test(test_bad_values),
        cmocka_unit_test(test_a_long_bad_value),
        cmocka_unit_test(test_every_word),
        cmocka_unit_test(test_switches),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_almost_ours),
        cmocka_unit_test(test_unused),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_secrets_stay_secret),
        cmocka_unit_test(test_nobody_trusted),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_file_errors_name_the_line),
        cmocka_unit_test(test_file_tells_the_database),
        cmocka_unit_test(test_as_the_emulator_reads),
        cmocka_unit_test(test_missing_file_is_the_emulators),
        cmocka_unit_test(test_imports_are_read_where_they_stand),
        cmocka_unit_test(test_stats),
        cmocka_unit_test(test_stats_full_line),
    };

    return UNIT_RUN(argc, argv, "service", tests, NULL, NULL);
}
