// SPDX-License-Identifier: MIT
/* Two ways lead from Hercules' configuration files to the database: the module's, by libconfig
 * inside the emulator, and that of `ropp ban --tree`, by a reader of its own. Each file here is
 * given to both. They must agree in what is wrong, and else in every field; a tool that came to
 * another database would ban nobody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libconfig.h>

#include "service/keys.h"
#include "tests/unit/unit.h"
#include "tools/base/buffer.h"
#include "tools/database/emulator.h"

/* ---- the emulator, as its glue sees it ---- */

#define ROPP_TREE_SETTINGS_GROUPS 1

static int loads;

static int load_file(struct config_t *config, const char *path)
{
    loads++;
    config_init(config);
    if (config_read_file(config, path) == CONFIG_TRUE)
        return CONFIG_TRUE;
    config_destroy(config);
    return CONFIG_FALSE;
}

static const struct {
    int (*load_file)(struct config_t *config, const char *path);
    void (*destroy)(struct config_t *config);
    struct config_setting_t *(*lookup)(const struct config_t *config, const char *path);
    int (*lookup_string)(const struct config_t *config, const char *path, const char **value);
    int (*setting_length)(const struct config_setting_t *setting);
    struct config_setting_t *(*setting_get_elem)(const struct config_setting_t *setting,
                                                 unsigned int i);
    struct config_setting_t *(*setting_get_member)(const struct config_setting_t *setting,
                                                   const char *name);
    int (*setting_get_int)(const struct config_setting_t *setting);
    long long (*setting_get_int64)(const struct config_setting_t *setting);
    double (*setting_get_float)(const struct config_setting_t *setting);
    int (*setting_get_bool)(const struct config_setting_t *setting);
    const char *(*setting_get_string)(const struct config_setting_t *setting);
    int (*setting_lookup_string)(const struct config_setting_t *setting, const char *name,
                                 const char **value);
} interface =
    {
        load_file,
        config_destroy,
        config_lookup,
        config_lookup_string,
        config_setting_length,
        config_setting_get_elem,
        config_setting_get_member,
        config_setting_get_int,
        config_setting_get_int64,
        config_setting_get_float,
        config_setting_get_bool,
        config_setting_get_string,
        config_setting_lookup_string,
},
  *libconfig = &interface;

void ropp_hook_config_libconfig(int server, const char *file);

/* What the module has come to, and why it stopped; "": it did not. */
static struct ropp_config module;
static char stopped[ROPP_ERROR_TEXT];

/* The servers that the glue has given settings for: a bit for each. */
static unsigned given_for;

/* The glue gives settings to these, which are the module's but for its one state a process. */
static bool ropp_module_set(enum ropp_server server, const char *where, const char *key,
                            const char *value, char error[ROPP_ERROR_TEXT])
{
    given_for |= 1u << server;
    return ropp_config_set(&module, where, key, value, error);
}

static void ropp_module_take(enum ropp_server server, const char *key, const char *value)
{
    given_for |= 1u << server;
    ropp_dbconf_take(&module.db, server, key, value);
}

static void ropp_glue_stop(const char *what);

#include "../../module/glue/hercules-settings.inc"

static void ropp_glue_stop(const char *what)
{
    snprintf(stopped, sizeof stopped, "%s", what);
}

/* ---- both ---- */

static const char login_file[] = "conf/login/login-server.conf";

static char folder[64], before[512];

static int first_free; /* the descriptor that the next file will get */

static int next_descriptor(void)
{
    int fd = dup(STDERR_FILENO);

    close(fd);
    return fd;
}

static int begin(void **state)
{
    static const char *const folders[] = {"conf", "conf/import", "conf/global", "conf/login",
                                          "conf/common"};
    size_t i;

    (void)state;
    assert_non_null(getcwd(before, sizeof before));
    snprintf(folder, sizeof folder, "/tmp/ropp-agreement.XXXXXX");
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    for (i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (mkdir(folders[i], 0700) != 0)
            return -1;
    first_free = next_descriptor();
    return 0;
}

static int end(void **state)
{
    char command[128];

    (void)state;
    if (next_descriptor() != first_free) {
        fputs("a file that was read is open still\n", stderr);
        return -1;
    }
    if (chdir(before) != 0)
        return -1;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void put(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

/* As the login server reads its files: one, then the one it imports. */
static bool read_by_module(void)
{
    char file[256], next[256];
    const char *text;
    struct config_t config;

    ropp_config_init(&module);
    stopped[0] = '\0';
    snprintf(next, sizeof next, "%s", login_file);
    while (next[0] != '\0' && access(next, F_OK) == 0) {
        snprintf(file, sizeof file, "%s", next);
        next[0] = '\0';
        ropp_hook_config_libconfig(ROPP_SERVER_LOGIN, file);
        if (stopped[0] != '\0' || !load_file(&config, file))
            return false;
        if (config_lookup_string(&config, "import", &text) && strcmp(text, file) != 0 &&
            strcmp(text, login_file) != 0)
            snprintf(next, sizeof next, "%s", text);
        config_destroy(&config);
    }
    return true;
}

/* What the tool says stays unsaid here: tests/unit/test_settings.c listens. */
static bool read_by_tool(struct ropp_dbconf *conf)
{
    struct ropp_standin_key key;
    FILE *nowhere = fopen("/dev/null", "w");
    int saved = dup(STDERR_FILENO);
    bool good;

    assert_non_null(nowhere);
    fflush(stderr);
    dup2(fileno(nowhere), STDERR_FILENO);
    good = ropp_emulator_read(conf, &key, folder);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    fclose(nowhere);
    return good;
}

/* The settings as one line. */
static char *describe(const struct ropp_dbconf *conf)
{
    struct ropp_db_settings settings = ropp_dbconf_settings(conf);

    return ropp_format("host '%s' port %u user '%s' password '%s' name '%s' table '%s'",
                       settings.host, settings.port, settings.user, settings.password,
                       settings.name, conf->ipban_table);
}

enum verdict {
    GOOD,
    BAD,
    DECIMAL /* good, and left out where a number that begins with 0 is octal */
};

/* From 1.7 on; the emulators bring one from before. */
static const bool has_octal = LIBCONFIG_VER_MAJOR > 1 || LIBCONFIG_VER_MINOR >= 7;

/* A comment that the file ends in, without an end of line: a mistake for the library that the
 * emulator brings and for that of Debian 12, and none for newer ones. */
static bool ends_in_comment(const char *text)
{
    const char *line = strrchr(text, '\n');

    line = line != NULL ? line : text;
    return strchr(line, '#') != NULL || strstr(line, "//") != NULL;
}

static void compare(const char *text, enum verdict verdict)
{
    struct ropp_dbconf conf;
    char *by_module, *by_tool;
    bool module_good = read_by_module(), tool_good = read_by_tool(&conf);

    if (module_good && !tool_good && ends_in_comment(text)) {
        ropp_config_free(&module);
        return;
    }
    if (module_good != (verdict == GOOD) || tool_good != (verdict == GOOD))
        fail_msg("the module %s it (%s), the tool %s it: %s", module_good ? "reads" : "refuses",
                 stopped, tool_good ? "reads" : "refuses", text);
    by_module = describe(&module.db);
    by_tool = describe(&conf);
    if (tool_good && strcmp(by_module, by_tool) != 0)
        fail_msg("%s\nmodule: %s\n  tool: %s", text, by_module, by_tool);
    free(by_module);
    free(by_tool);
    ropp_config_free(&module);
}

#define ACCOUNT(settings) "login_configuration: { account: { sql_connection: { " settings " } } }\n"
#define IPBAN(settings)                                                                            \
    "login_configuration: { account: { ipban: { sql_connection: { " settings " } } } }\n"
#define OWN(settings) "proxy_protocol: { mode: \"off\", " settings " }\n"

static const struct {
    enum verdict verdict;
    const char *text;
} cases[] = {
    /* Grammar. */
    {GOOD, ""},
    {GOOD, "// nothing\n# at all\n/* here */"},
    {GOOD, "a = 1; b: 2, c: 3\nd: \"x\" \"y\"\n\"z\";"},
    {GOOD, "a: true b: FALSE c: -1 d: +2 e: 0x1F f: 1.5 g: .5e3 h: 1e5 i: 5L j: 7LL"},
    {GOOD, "a: ( 1, \"x\", ( ), [ ], { b: 1 }, { b: 2 } ); c: [ 1, 2 ]; e: { }"},
    {GOOD, "a-b: 1\n*c: 2\nd_*-e: 3"},
    {GOOD, ACCOUNT("db_hostname: \"a\"\r\n\tdb_port\f= 3307")},
    {GOOD, ACCOUNT("db_password: \"q\\\"\\\\\\x41\\n\\t\\r\\f\\q\\x4\"")},
    {GOOD, ACCOUNT("db_password: \"a//b # c /* d */\"")},
    {GOOD, ACCOUNT("db_password: \"two\nlines\"")},
    {GOOD, "/* no end"},
    {BAD, "a: 1 # no line break"},
    {BAD, "a: 1\n}"},
    {BAD, "a: {"},
    {BAD, "a: (1, 2"},
    {BAD, "a: \"x"},
    {BAD, "a"},
    {BAD, "a 1"},
    {BAD, "a: ;"},
    {BAD, "a: localhost"},
    {BAD, "a: 127.0.0.1"},
    {BAD, "a: 'x'"},
    {BAD, "_a: 1"},
    {BAD, "-a: 1"},
    {BAD, "true: 1"},
    {BAD, "a:: 1"},
    {BAD, "a: 1;; b: 2"},
    {BAD, "; a: 1"},
    {BAD, "a: (1 2)"},
    {BAD, "a: (, 1)"},
    {BAD, "a: [1, \"x\"]"},
    {BAD, "a: [1, 2L]"},
    {BAD, "a: [ { b: 1 } ]"},
    {BAD, "a: [ [ 1 ] ]"},
    {BAD, "\xef\xbb\xbf"
          "a: 1"},
    {BAD, "a:\v1"},
    {BAD, "a: 1 @include \"conf/global/more.conf\""},
    {BAD, "@include \"conf/global/absent.conf\""},
    {BAD, "@include"},

    /* The emulator's account: strings, and a whole number for the port. */
    {GOOD, ACCOUNT("db_hostname: \"192.0.2.1\", db_port: 3307, db_username: \"u\", "
                   "db_password: \"\", db_database: \"d\"")},
    {GOOD, ACCOUNT("db_hostname: 5, db_port: \"3307\", db_username: true, db_password: 42, "
                   "db_database: 1.5")},
    {GOOD, ACCOUNT("db_port: 0")},
    {GOOD, ACCOUNT("db_port: -5")},
    {GOOD, ACCOUNT("db_port: 99999")},
    {GOOD, ACCOUNT("db_port: 3307.0")},
    {GOOD, ACCOUNT("db_port: 3307L")},
    {GOOD, ACCOUNT("db_port: 0xCEB")},
    {DECIMAL, ACCOUNT("db_port: 03307")},
    {GOOD, ACCOUNT("DB_Hostname: \"x\", db_host: \"y\", db_hostname_: \"z\"")},
    {GOOD, ACCOUNT("db_hostname: [\"x\"], db_database: { a: \"b\" }")},
    {GOOD, "Login_Configuration: { account: { sql_connection: { db_port: 3307 } } }"},
    {GOOD, "sql_connection: { db_port: 3307 }"},
    {GOOD, "account: { sql_connection: { db_port: 3307 } }"},
    {GOOD, "login_configuration: ( { account: { sql_connection: { db_port: 3307 } } } )"},
    {GOOD, IPBAN("db_database: \"bans\", db_port: 3308")},
    {GOOD, "char_configuration: { sql_connection: { db_port: 3307 } }"},

    /* Our own. */
    {GOOD, OWN("proxy_db_host: \"192.0.2.7\", proxy_db_port: 3310, proxy_db_user: \"ropp\", "
               "proxy_db_password: \"00042\", proxy_db_name: \"12.5\"")},
    {GOOD, OWN("Proxy_DB_Host: \"192.0.2.7\"")},
    {GOOD, OWN("proxy_db_port: \"3310\"")},
    {GOOD, OWN("proxy_db_port: 0xCEE")},
    {DECIMAL, OWN("proxy_db_port: 03310")},
    {GOOD, OWN("proxy_db_port: 3310L")},
    {GOOD, OWN("proxy_db_password: \"\"")},
    {GOOD, "proxy_protocol: { mode: false }"},
    {BAD, OWN("proxy_db_host: 12.5")},
    {BAD, OWN("proxy_db_host: \"\"")},
    {BAD, OWN("proxy_db_host: true")},
    {BAD, OWN("proxy_db_user: 42")},
    {BAD, OWN("proxy_db_password: 00042")},
    {BAD, OWN("proxy_db_password: 42L")},
    {BAD, OWN("proxy_db_name: [ \"a\" ]")},
    {BAD, OWN("proxy_db_name: ( )")},
    {BAD, OWN("proxy_db_name: { a: \"b\" }")},
    {BAD, OWN("proxy_db_port: 3306.5")},
    {BAD, OWN("proxy_db_port: 0")},
    {BAD, OWN("proxy_db_port: 70000")},
    {BAD, OWN("proxy_db_port: true")},
    {BAD, OWN("proxy_db_port: \"3306 // x\"")},
    {BAD, OWN("proxy_db_pasword: \"x\"")},
    {BAD, OWN("proxy-db-name: \"x\"")},
};

static void test_login_file(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (cases[i].verdict == DECIMAL && has_octal)
            continue;
        put(login_file, cases[i].text);
        compare(cases[i].text, cases[i].verdict == BAD ? BAD : GOOD);
    }
}

/* Every beginning of a file that has everything in it. */
static void test_cut(void **state)
{
    static const char whole[] =
        "a: { b = \"x\\x4\\\\\" \"y\"; c: [1, 2] d: (1L, 1.5, true, { e: 0x1 }) } "
        "/* c */ // d\nimport: \"q\" # e\n" ACCOUNT("db_port: 3307");
    char cut[sizeof whole];
    struct ropp_dbconf conf;
    size_t length;

    (void)state;
    for (length = 0; length < sizeof whole; length++) {
        memcpy(cut, whole, length);
        cut[length] = '\0';
        put(login_file, cut);
        compare(cut, read_by_tool(&conf) ? GOOD : BAD);
    }
}

/* Included at their place, imported behind everything else, the ban table's name from its own. */
static void test_other_files(void **state)
{
    static const char begin_text[] = "import: \"conf/import/login-server.conf\"\n"
                                     "login_configuration: {\n  account: {\n"
                                     "  @include \"conf/global/sql_connection.conf\"\n"
                                     "  }\n}\n";

    (void)state;
    put(login_file, begin_text);
    compare("nothing to include", BAD);
    put("conf/global/sql_connection.conf",
        "sql_connection: {\n db_port: 3307 db_hostname: \"h\" db_username: \"one\"\n}\n");
    compare("nothing to import", GOOD);
    put("conf/import/login-server.conf",
        ACCOUNT("db_username: \"two\"") OWN("proxy_db_name: \"own\""));
    compare("all", GOOD);
    put("conf/import/login-server.conf", "import: \"conf/login/login-server.conf\"\n"
                                         "proxy_protocol: {\n\n proxy_db_name: 5 }");
    compare("a number for a name", BAD);
    (void)read_by_module();
    assert_non_null(strstr(stopped, "conf/import/login-server.conf:4: proxy_db_name: "));
    put("conf/import/login-server.conf",
        "import: \"conf/login/login-server.conf\"\n" ACCOUNT("db_username: \"three\""));
    compare("a circle", GOOD);
    put("conf/common/inter-server.conf",
        "import: \"conf/import/inter-server.conf\"\n"
        "inter_configuration: { database_names: { ipban_table: \"blocked\" } }\n");
    compare("the name of a table", GOOD);
    put("conf/import/inter-server.conf",
        "inter_configuration: { database_names: { ipban_table: \"more\" } }\n");
    compare("imported", GOOD);
    (void)read_by_module();
    assert_string_equal(module.db.ipban_table, "more");
    put("conf/import/inter-server.conf",
        "inter_configuration: { database_names: { ipban_table: 5 } }\n");
    compare("no name", GOOD);
}

/* Each file imports the next one: ten behind the first are read, by both. */
static void test_imports_end(void **state)
{
    char path[64], text[256];
    int i;

    (void)state;
    put(login_file, "a: 1\n");
    put("conf/common/inter-server.conf", "import: \"conf/import/1.conf\"\n");
    for (i = 1; i < 12; i++) {
        snprintf(path, sizeof path, "conf/import/%d.conf", i);
        snprintf(text, sizeof text,
                 "import: \"conf/import/%d.conf\"\n"
                 "inter_configuration: { database_names: { ipban_table: \"t%d\" } }\n",
                 i + 1, i);
        put(path, text);
    }
    compare("twelve files", GOOD);
    assert_true(read_by_module());
    assert_string_equal(module.db.ipban_table, "t10");
    ropp_config_free(&module);
}

/* One that imports none is the last one, and read once. */
static void test_an_import_is_read_once(void **state)
{
    int alone;

    (void)state;
    put(login_file, "a: 1\n");
    put("conf/common/inter-server.conf", "a: 1\n");
    loads = 0;
    assert_true(read_by_module());
    alone = loads;
    put("conf/common/inter-server.conf", "import: \"conf/import/1.conf\"\n");
    put("conf/import/1.conf", "a: 1\n");
    loads = 0;
    assert_true(read_by_module());
    assert_int_equal(loads, alone + 1);
    ropp_config_free(&module);
}

/* ---- the module alone: a mistake is reported with its file, line, name and what to do ---- */

static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *said;
    } mistakes[] = {
        {"proxy_protocol: {\n mode: \"onn\" }",
         ":2: proxy_protocol: 'onn': write off, on or strict"},
        {"proxy_protocol: {\n mode: 1.5 }", ":2: proxy_protocol: '1.50000'"},
        {"proxy_protocol: { mode: [ \"on\" ] }", ":1: proxy_protocol: a list: write one value"},
        {"proxy_protocol: { mode: { on: true } }", ":1: proxy_protocol: a group: write one value"},
        {"proxy_protocol: { mode: ( ) }", ":1: proxy_protocol: a list with nothing in it"},
        {"\nproxy_protocol: { }", ":2: proxy_protocol: the group is empty"},
        {"proxy_protocol: \"on\"", ":1: proxy_protocol: write proxy_protocol: { mode: \"on\""},
        {"proxy_protocol: true", ":1: proxy_protocol: write proxy_protocol: { mode: \"on\""},
        {"Proxy_Protocol: { mode: \"on\" }", ":1: Proxy_Protocol: write proxy_protocol"},
        {"proxy-protocol: { mode: \"on\" }", ":1: proxy-protocol: write proxy_protocol"},
        {"proxyprotocol: { mode: \"on\" }", ":1: proxyprotocol: write proxy_protocol"},
        {"proxy_trusted: [ \"192.0.2.1\" ]", ":1: proxy_trusted: move it into the group"},
        {"a: { Proxy-Trusted: \"x\" }", ":1: Proxy-Trusted: move it into the group"},
        {"a: {\n proxy_protocol: { mode: \"on\" } }",
         ":2: proxy_protocol: move the group to the top"},
        {OWN("proxy_trusted: 10.5"), "proxy_trusted: '10.5000'"},
        {OWN("proxy_trusted: { a: 1 }"), "proxy_trusted: a group: write one value, or a list"},
        {OWN("proxy_trusted: ( \"192.0.2.1\", ( \"192.0.2.2\" ) )"), "proxy_trusted: a group"},
        {OWN("proxy_trusted: [ \"192.0.2.1\",\n \"x\" ]"), ":2: proxy_trusted: 'x'"},
        {OWN("proxy_header_timeout: 3000.5"), "proxy_header_timeout: '3000.50'"},
        {OWN("proxy_header_timeout: true"), "proxy_header_timeout: 'true'"},
        {OWN("proxy_bans: 1"), "proxy_bans: '1': write on or off"},
        {OWN("trusted: \"192.0.2.1\""), "unknown setting: "},
        {"proxy_protocol: { mode: \"on\" ", "cannot parse: "},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        put(login_file, mistakes[i].text);
        assert_false(read_by_module());
        if (strstr(stopped, mistakes[i].said) == NULL || strstr(stopped, login_file) == NULL)
            fail_msg("'%s' is not in '%s'", mistakes[i].said, stopped);
        ropp_config_free(&module);
    }
}

/* What the emulator cannot parse either it reports itself; it is ours to stop where our settings
 * would be lost. */
static void test_cannot_parse(void **state)
{
    static const struct {
        const char *text;
        bool is_ours;
    } broken[] = {
        {"login_configuration: {\n", false},
        {"login_configuration: {\nproxy_mode: 1\n", true},
        {"login_configuration: {\n# Proxy-protocol\n", true},
        {"proxy_protocol: {\n", true},
        {"proxies: {\n", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        put(login_file, broken[i].text);
        assert_false(read_by_module());
        assert_int_equal(strstr(stopped, "cannot parse") != NULL, broken[i].is_ours);
        ropp_config_free(&module);
    }
}

static void test_types(void **state)
{
    (void)state;
    put(login_file, "proxy_protocol: {\n"
                    "  Mode: yes_or_no\n");
    assert_false(read_by_module()); /* an unquoted word is nothing to libconfig */
    ropp_config_free(&module);
    put(login_file,
        "proxy_protocol: {\n"
        "  Mode: true\n  proxy_bans: false\n  proxy_hide_origin: \"No\"\n"
        "  proxy_ban_kick: \"off\"\n  proxy_connlog: false\n"
        "  proxy_header_timeout: 0x1F4\n  proxy_connlog_days: 7L\n"
        "  proxy_listen_backlog: \"77\"\n  proxy_trusted: \"192.0.2.1, 192.0.2.2\"\n"
        "  proxy_direct: ( \"192.0.2.3\", \"192.0.2.4 192.0.2.5\" )\n"
        "  proxy_route: [ \"192.0.2.1 char=198.51.100.1\", \"192.0.2.2 map=198.51.100.2\" ]\n"
        "}\n");
    assert_true(read_by_module());
    assert_int_equal(module.mode, ROPP_MODE_ON);
    assert_false(module.bans);
    assert_false(module.hide_origin);
    assert_false(module.ban_kick);
    assert_int_equal(module.connlog, ROPP_CONNLOG_OFF);
    assert_int_equal(module.header_timeout_ms, 500);
    assert_int_equal(module.connlog_days, 7);
    assert_int_equal(module.listen_backlog, 77);
    assert_int_equal(module.trusted.count, 2);
    assert_int_equal(module.direct.count, 3);
    assert_int_equal(module.routes.count, 2);
    ropp_config_free(&module);
}

/* The line of a setting is that of the file it is in. */
static void test_mistake_in_an_included_file(void **state)
{
    (void)state;
    put("conf/global/proxy.conf", "proxy_protocol: {\n mode: \"on\"\n proxy_bans: \"maybe\"\n}\n");
    put(login_file, "a: 1\n@include \"conf/global/proxy.conf\"\n");
    assert_false(read_by_module());
    assert_non_null(strstr(stopped, "conf/global/proxy.conf:3: proxy_bans: "));
    ropp_config_free(&module);
}

/* A file with the settings of all servers: each takes its own account, and all the rest. */
static void test_each_server(void **state)
{
    static const char text[] =
        "login_configuration: { account: {\n"
        "  sql_connection: { db_database: \"login\" db_port: 11 }\n"
        "  ipban: { sql_connection: { db_username: \"guard\" } } } }\n"
        "char_configuration: { sql_connection: { db_database: \"char\" db_port: 12 } }\n"
        "map_configuration: { sql_connection: { db_database: \"map\" db_port: 13 } }\n"
        "api_configuration: { sql_connection: { db_database: \"api\" db_port: 14 } }\n"
        "proxy_protocol: { proxy_bans: false, proxy_trusted: [ \"192.0.2.1\" ] }\n";
    static const struct {
        enum ropp_server server;
        const char *name, *user;
        unsigned port;
    } servers[] = {
        {ROPP_SERVER_LOGIN, "login", "guard", 11},
        {ROPP_SERVER_CHAR, "char", "ragnarok", 12},
        {ROPP_SERVER_MAP, "map", "ragnarok", 13},
        {ROPP_SERVER_API, "api", "ragnarok", 14},
    };
    struct ropp_db_settings settings;
    size_t i;

    (void)state;
    put(login_file, text);
    put("conf/common/inter-server.conf",
        "inter_configuration: { database_names: { ipban_table: \"blocked\" } }\n");
    for (i = 0; i < sizeof servers / sizeof servers[0]; i++) {
        ropp_config_init(&module);
        stopped[0] = '\0';
        given_for = 0;
        ropp_hook_config_libconfig((int)servers[i].server, login_file);
        assert_string_equal(stopped, "");
        assert_int_equal(given_for, 1u << servers[i].server);
        settings = ropp_dbconf_settings(&module.db);
        assert_string_equal(settings.name, servers[i].name);
        assert_string_equal(settings.user, servers[i].user);
        assert_int_equal(settings.port, servers[i].port);
        assert_string_equal(module.db.ipban_table, "blocked");
        assert_false(module.bans);
        assert_int_equal(module.trusted.count, 1);
        ropp_config_free(&module);
    }
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(test_login_file),   WITH_FOLDER(test_cut),
        WITH_FOLDER(test_other_files),  WITH_FOLDER(test_mistakes),
        WITH_FOLDER(test_types),        WITH_FOLDER(test_mistake_in_an_included_file),
        WITH_FOLDER(test_imports_end),  WITH_FOLDER(test_an_import_is_read_once),
        WITH_FOLDER(test_cannot_parse), WITH_FOLDER(test_each_server),
    };

    return UNIT_RUN(argc, argv, "agreement", tests, NULL, NULL);
}
