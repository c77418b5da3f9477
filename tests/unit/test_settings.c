// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tools/base/buffer.h"
#include "tools/database/emulator.h"
#include "tools/database/optionfile.h"
#include "tools/database/settings.h"

/* A folder of its own for every test, and what was said on standard error. */
static char folder[64];

static int begin(void **state)
{
    static const char *const folders[] = {"conf",       "conf/import", "conf/global",
                                          "conf/login", "conf/common", "more.d"};
    char path[128];
    size_t i;

    (void)state;
    snprintf(folder, sizeof folder, "/tmp/ropp-settings.XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    for (i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, folders[i]);
        if (mkdir(path, 0700) != 0)
            return -1;
    }
    return 0;
}

static int end(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void put(const char *name, const char *text)
{
    char path[128];
    FILE *out;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

/* What is said on standard error between two calls. */
static char said[2000];
static FILE *words;
static int saved;

static void listen_to_errors(void)
{
    words = tmpfile();
    saved = dup(STDERR_FILENO);
    assert_non_null(words);
    fflush(stderr);
    dup2(fileno(words), STDERR_FILENO);
}

static void listen_no_more(void)
{
    size_t length;

    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(words);
    length = fread(said, 1, sizeof said - 1, words);
    said[length] = '\0';
    fclose(words);
}

static bool heard_emulator(struct ropp_dbconf *conf)
{
    struct ropp_standin_key key;
    bool good;

    listen_to_errors();
    good = ropp_emulator_read(conf, &key, folder);
    listen_no_more();
    return good;
}

static void assert_said(const char *text)
{
    if (strstr(said, text) == NULL)
        fail_msg("'%s' is not in '%s'", text, said);
}

static struct ropp_db_settings read_emulator(void)
{
    struct ropp_dbconf conf;

    assert_true(heard_emulator(&conf));
    assert_string_equal(said, "");
    return ropp_dbconf_settings(&conf);
}

/* ---- rAthena ---- */

static void test_rathena(void **state)
{
    struct ropp_db_settings settings;
    struct ropp_dbconf conf;

    (void)state;
    put("conf/inter_athena.conf", "// login_server_ip: 192.0.2.9\n"
                                  "login_server_ip: 192.0.2.1\n"
                                  "login_server_port: 3307 // by the tunnel\r\n"
                                  "login_server_id: accounts\n"
                                  "login_server_pw: a b#c//d\n"
                                  "login_server_db: one\n"
                                  "char_server_ip: 192.0.2.8\n"
                                  "ipban_db_db: bans\n"
                                  "ipban_table: blocked\n"
                                  "import: conf/import/inter_conf.txt\n"
                                  "login_server_id: last\n");
    put("conf/import/inter_conf.txt", "login_server_ip: 192.0.2.2\n"
                                      "import: conf/import/absent.txt\n"
                                      "ipban_db_id: banner");
    settings = read_emulator();
    assert_string_equal(settings.host, "192.0.2.2");
    assert_int_equal(settings.port, 3307);
    assert_string_equal(settings.user, "banner");
    assert_string_equal(settings.password, "a b#c//d");
    assert_string_equal(settings.name, "bans");
    assert_true(heard_emulator(&conf));
    assert_string_equal(conf.ipban_table, "blocked");
}

static void test_rathena_own_keys(void **state)
{
    struct ropp_db_settings settings;
    struct ropp_dbconf conf;

    (void)state;
    put("conf/inter_athena.conf", "ipban_db_ip: 192.0.2.1\nipban_db_pw: old\n");
    put("conf/login_athena.conf", "import: conf/import/login_conf.txt\n");
    put("conf/import/login_conf.txt", "proxy_db_host: 192.0.2.7\nproxy_db_port: 3310\n"
                                      "proxy_db_user: ropp\nproxy_db_password: secret\n"
                                      "proxy_db_name: elsewhere\n");
    settings = read_emulator();
    assert_string_equal(settings.host, "192.0.2.7");
    assert_int_equal(settings.port, 3310);
    assert_string_equal(settings.user, "ropp");
    assert_string_equal(settings.password, "secret");
    assert_string_equal(settings.name, "elsewhere");
    put("conf/import/login_conf.txt", "\nproxy_db_port: many\n");
    assert_false(heard_emulator(&conf));
    assert_said("conf/import/login_conf.txt:2: proxy_db_port");
}

/* Before 2008 the login server reads both. */
static void test_eathena(void **state)
{
    (void)state;
    put("conf/login_athena.conf", "import: conf/import/login_conf.txt\n");
    put("conf/inter_athena.conf", "login_server_db: game\n");
    assert_string_equal(read_emulator().name, "game");
    put("conf/import/login_conf.txt", "proxy_db_host: 192.0.2.8\n");
    assert_string_equal(read_emulator().name, "game");
    assert_string_equal(read_emulator().host, "192.0.2.8");
    put("conf/import/login_conf.txt", "login_server_id: one\n");
    assert_string_equal(read_emulator().user, "one");
    assert_string_equal(read_emulator().name, "ragnarok");
}

static void test_auriga(void **state)
{
    struct ropp_db_settings settings;

    (void)state;
    put("conf/login_auriga.conf", "login_server_ip: 192.0.2.9\r\nlogin_server_id: auriga\r\n"
                                  "import: conf/import/login_conf.txt\r\n");
    put("conf/import/login_conf.txt", "login_server_db: game\n");
    settings = read_emulator();
    assert_string_equal(settings.host, "192.0.2.9");
    assert_string_equal(settings.user, "auriga");
    assert_string_equal(settings.name, "game");
}

/* The emulator goes on behind such an import, and so does its module. */
static void test_rathena_circle(void **state)
{
    (void)state;
    put("conf/inter_athena.conf", "\nimport: conf/inter_athena.conf\nlogin_server_db: one\n");
    assert_string_equal(read_emulator().name, "one");
}

/* The login server begins with login_athena.conf, and what is behind an import counts. */
static void test_rathena_order(void **state)
{
    struct ropp_db_settings settings;

    (void)state;
    put("conf/inter_athena.conf", "login_server_db: one\nlogin_server_id: inner\n"
                                  "proxy_db_host: 192.0.2.1\n");
    put("conf/login_athena.conf", "login_server_db: before\nproxy_db_host: 192.0.2.2\n"
                                  "import: conf/inter_athena.conf\n"
                                  "login_server_id: behind\nproxy_db_port: 3307\n");
    settings = read_emulator();
    assert_string_equal(settings.name, "one");
    assert_string_equal(settings.user, "behind");
    assert_string_equal(settings.host, "192.0.2.1");
    assert_int_equal(settings.port, 3307);
}

/* The tool and the module once had a reader each, which did not agree on these. */
static void test_rathena_as_the_module(void **state)
{
    static const char text[] = "\xef\xbb\xbfproxy_db_host: 192.0.2.7 // ours\r\n"
                               "login_server_port: 3310 // tunnel\r\n"
                               "login_server_pw: a//b \r\n"
                               " login_server_db: none\r\n"
                               "login_server_id : nobody\r\n"
                               "PROXY_DB_NAME :\tbans  // and here\r\n"
                               "proxy_db_password: c//d # e\r\n"
                               "proxy_connlog: whatever is no affair of the database\r\n";
    struct ropp_db_settings settings;
    struct ropp_dbconf conf;

    (void)state;
    put("conf/login_athena.conf", text);
    settings = read_emulator();
    assert_string_equal(settings.host, "192.0.2.7");
    assert_int_equal(settings.port, 3310);
    assert_string_equal(settings.user, "ragnarok");
    assert_string_equal(settings.password, "c//d # e");
    assert_string_equal(settings.name, "bans");
    assert_true(heard_emulator(&conf));
    assert_string_equal(conf.from[ROPP_DBCONF_LOGIN].password, "a//b ");
    put("conf/login_athena.conf", "proxy_db_pasword: x\n");
    assert_false(heard_emulator(&conf));
    assert_said("unknown setting: ");
    put("conf/login_athena.conf", "\nproxy-db-name: x\n");
    assert_false(heard_emulator(&conf));
    assert_said("conf/login_athena.conf:2: proxy-db-name: write proxy_db_name");
}

/* A file that the server can read and this user cannot may say anything. */
static void test_rathena_unreadable(void **state)
{
    struct ropp_dbconf conf;
    char path[128];

    (void)state;
    put("conf/login_athena.conf", "import: conf/import/login_conf.txt\n");
    snprintf(path, sizeof path, "%s/conf/import/login_conf.txt", folder);
    assert_int_equal(symlink(path, path), 0);
    assert_false(heard_emulator(&conf));
    assert_said("conf/import/login_conf.txt: ");
    assert_said("run it as a user who may");
}

/* Hercules before mid-2017 has rAthena's form and keys of its own. */
static void test_old_hercules(void **state)
{
    struct ropp_db_settings settings;

    (void)state;
    put("conf/inter-server.conf", "sql.db_hostname: 192.0.2.3\nsql.db_port: 3308\n"
                                  "sql.db_username: old\nsql.db_password: pw\n"
                                  "sql.db_database: herc\n");
    settings = read_emulator();
    assert_string_equal(settings.host, "192.0.2.3");
    assert_int_equal(settings.port, 3308);
    assert_string_equal(settings.user, "old");
    assert_string_equal(settings.password, "pw");
    assert_string_equal(settings.name, "herc");
}

/* ---- Hercules ---- */

static void test_hercules(void **state)
{
    struct ropp_db_settings settings;
    struct ropp_dbconf conf;

    (void)state;
    put("conf/global/sql_connection.conf",
        "// comment\nsql_connection: {\n\t/* db_port: 1\n */ db_hostname: \"192.0.2.1\"\n"
        "\tdb_port: 3307 # comment\n\tdb_username = \"us\" \"er\";\n"
        "\tdb_password: \"q\\\"\\\\\\x41\\n\",\n\tdb_database: \"herc\"\n}\n");
    put("conf/login/login-server.conf", "import: \"conf/import/login-server.conf\"\n"
                                        "login_configuration: {\n"
                                        "    account: {\n"
                                        "        @include \"conf/global/sql_connection.conf\"\n"
                                        "        ipban: {\n"
                                        "            enabled: true\n"
                                        "            list: ( {a: 1}, [1, 2,], \"x\", () )\n"
                                        "            sql_connection: { db_database: \"bans\" }\n"
                                        "        }\n"
                                        "    }\n"
                                        "}\n");
    settings = read_emulator();
    assert_string_equal(settings.host, "192.0.2.1");
    assert_int_equal(settings.port, 3307);
    assert_string_equal(settings.user, "user");
    assert_string_equal(settings.password, "q\"\\A\n");
    assert_string_equal(settings.name, "bans");

    put("conf/import/login-server.conf",
        "login_configuration: { account: { sql_connection: { db_port: 3309 }\n"
        "ipban: { sql_connection: { db_username: \"own\" } } } }\n"
        "proxy_protocol: { mode: \"on\", proxy_db_host: \"192.0.2.5\" }\n");
    put("conf/common/inter-server.conf",
        "inter_configuration: { database_names: { ipban_table: \"blocked\" } }\n");
    settings = read_emulator();
    assert_string_equal(settings.host, "192.0.2.5");
    assert_int_equal(settings.port, 3309);
    assert_string_equal(settings.user, "own");
    assert_string_equal(settings.name, "bans");
    assert_true(heard_emulator(&conf));
    assert_string_equal(conf.ipban_table, "blocked");
}

static void test_hercules_alone(void **state)
{
    (void)state;
    put("conf/global/sql_connection.conf", "sql_connection: { db_database: \"alone\" }");
    assert_string_equal(read_emulator().name, "alone");
}

/* What Hercules' own libconfig has besides the usual one. */
static void test_hercules_own_grammar(void **state)
{
    struct ropp_db_settings settings;
    char command[192];

    (void)state;
    put("conf/global/sql_connection.conf", "db_username: \"plain\"\n");
    put("conf/login/login-server.conf",
        "1st: 1_000, a.b: 0b101; c: 0o17, d: <\"a \" b\">, e: (1, 2,), f: [1,]\n"
        "login_configuration: { account: { sql_connection: {\n"
        "@include \"conf/global/sql_connection.conf\"\n"
        "db_port: 3_307, db_port: 3308, db_hostname: 5, db_hostname: \"x\" } } }\n"
        "login_configuration: { account: { sql_connection: { db_database: \"y\" } } }\n");
    settings = read_emulator();
    assert_int_equal(settings.port, 3307); /* of two of a name the first */
    assert_string_equal(settings.host, "127.0.0.1");
    assert_string_equal(settings.name, "ragnarok");
    assert_string_equal(settings.user, "plain");

    /* Where it looks for an included file first. */
    snprintf(command, sizeof command, "mkdir -p %s/conf/import/include/login-server/conf/global",
             folder);
    assert_int_equal(system(command), 0);
    put("conf/import/include/login-server/conf/global/sql_connection.conf",
        "db_username: \"special\"\n");
    assert_string_equal(read_emulator().user, "special");
}

static void test_hercules_mistakes(void **state)
{
    static const struct {
        const char *text;
        const char *said; /* behind the path */
    } cases[] = {
        {"a: {\n", "login-server.conf:2: write } behind it"},
        {"a: \"no end\n\n", "login-server.conf:3: write \" behind it"},
        {"a: 1\n}\n", "login-server.conf:2: write NAME: VALUE"},
        {"a\n: ;", "login-server.conf:2: write NAME: VALUE"},
        {"a {}", "login-server.conf:1: write NAME: VALUE"},
        {"a: (1, 2", "login-server.conf:1: write ) behind it"},
        {"a: (1 2)", "login-server.conf:1: write one"},
        {"a: [1, \"x\"]", "an array of more than one type"},
        {"proxy_protocol: { a: 1 }\nproxy_protocol: { b: 1 }",
         "login-server.conf:2: put both into one"},
        {"a: localhost", "login-server.conf:1: write NAME: VALUE, a text in quotes"},
        {"\xef\xbb\xbf"
         "a: 1",
         "login-server.conf:1: write NAME: VALUE"},
        {"proxy_protocol: {\n proxy_db_host: 12.5 }",
         "login-server.conf:2: proxy_db_host: not in quotes"},
        {"proxy_protocol: { proxy_db_password: 00042 }", "proxy_db_password: not in quotes"},
        {"proxy_protocol: { proxy_db_name: true }", "proxy_db_name: not in quotes"},
        {"proxy_protocol: { proxy_db_name: [\"a\"] }", "proxy_db_name: a list"},
        {"proxy_protocol: { proxy_db_name: { a: 1 } }", "proxy_db_name: a group"},
        {"proxy_protocol: { proxy_db_port: 3306.5 }", "'3306.5': write a port"},
        {"proxy_protocol: { proxy_dbname: \"x\" }", "write proxy_db_name"},
        {"@include 7", "login-server.conf:1: write @include"},
        {"\n@include \"conf/login/login-server.conf\"",
         "login-server.conf:2: take an @include out"},
        {"@include \"conf/absent.conf\"", "conf/absent.conf (No such file"},
    };
    struct ropp_dbconf conf;
    char deep[300];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        put("conf/login/login-server.conf", cases[i].text);
        assert_false(heard_emulator(&conf));
        assert_said(cases[i].said);
    }
    for (i = 0; i < 99; i++)
        memcpy(deep + 3 * i, "a:{", 3);
    deep[3 * i] = '\0';
    put("conf/login/login-server.conf", deep);
    assert_false(heard_emulator(&conf));
    assert_said("too many groups");
}

/* As many groups inside each other as there may be, and far more beside each other. */
static void test_hercules_depth(void **state)
{
    enum { DEEPEST = 64 };
    struct ropp_buffer text = {0};
    struct ropp_dbconf conf;
    size_t i;

    (void)state;
    for (i = 0; i < DEEPEST; i++)
        ropp_buffer_text(&text, "a:{");
    for (i = 0; i < DEEPEST; i++)
        ropp_buffer_text(&text, "}");
    for (i = 0; i < 2 * DEEPEST; i++)
        ropp_buffer_format(&text, " b%zu: { } c%zu: ( ) d%zu: [ ]", i, i, i);
    put("conf/login/login-server.conf", text.data);
    if (!heard_emulator(&conf))
        fail_msg("%s", said);
    ropp_buffer_free(&text);
}

/* Every beginning of a file is read or refused, never read past. */
static void test_hercules_cut(void **state)
{
    const char *whole = "a: { b = \"x\\x4\\\\\" 'y'; @include \"z\" } /* c */ // d\nimport: \"q\"";
    char cut[100];
    struct ropp_dbconf conf;
    size_t length;

    (void)state;
    for (length = 0; length <= strlen(whole); length++) {
        memcpy(cut, whole, length);
        cut[length] = '\0';
        put("conf/login/login-server.conf", cut);
        heard_emulator(&conf);
    }
}

static void test_no_emulator(void **state)
{
    struct ropp_dbconf conf;

    (void)state;
    assert_false(heard_emulator(&conf));
    assert_said("no emulator: ");
}

/* ---- option files ---- */

static bool read_options(struct ropp_db_settings *settings, const char *group)
{
    char path[128];

    memset(settings, 0, sizeof *settings);
    snprintf(path, sizeof path, "%s/my.cnf", folder);
    return ropp_optionfile_read(settings, path, group);
}

static void test_option_file(void **state)
{
    struct ropp_db_settings settings;
    char text[600];

    (void)state;
    snprintf(text, sizeof text,
             "user = nobody\n[client]\nuser=client\nport=1\n"
             "# comment\n; another\n[ ropp ]\n  host = 192.0.2.1 # the database\n"
             "port=3307\nuser = 'a # b'\npassword=\"p\\\"\\s#\\\\x\"\nquick\n"
             "database = ragnarok\nssl-ca=/x\n!include %s/more.cnf\n!includedir %s/more.d\n"
             "[other]\nuser=other\n",
             folder, folder);
    put("my.cnf", text);
    put("more.cnf", "[ropp]\nport=3308\n[client]\nport=2\n");
    put("more.d/b.cnf", "[ropp]\ndatabase=second\n");
    put("more.d/a.cnf", "[ropp]\ndatabase=first\n");
    put("more.d/c.txt", "[ropp]\ndatabase=third\n");
    assert_true(read_options(&settings, "ropp"));
    assert_string_equal(settings.host, "192.0.2.1");
    assert_int_equal(settings.port, 3308);
    assert_string_equal(settings.user, "a # b");
    assert_string_equal(settings.password, "p\" #\\x");
    assert_string_equal(settings.name, "second");
    assert_true(read_options(&settings, "client"));
    assert_string_equal(settings.user, "client");
    assert_int_equal(settings.port, 2);
}

static void test_option_file_mistakes(void **state)
{
    struct ropp_db_settings settings;
    char text[200], path[128];

    (void)state;
    assert_false(read_options(&settings, "ropp")); /* there is none */
    put("my.cnf", "[ropp]\nport=70000\n");
    assert_false(read_options(&settings, "ropp"));
    put("my.cnf", "[ropp]\nport=\n");
    assert_false(read_options(&settings, "ropp"));
    snprintf(text, sizeof text, "!include %s/my.cnf\n", folder);
    put("my.cnf", text);
    assert_false(read_options(&settings, "ropp"));
    put("my.cnf", "[ropp]\nport=3306\n");
    snprintf(path, sizeof path, "%s/my.cnf", folder);
    assert_int_equal(chmod(path, 0666), 0); /* anybody's */
    assert_false(read_options(&settings, "ropp"));
    assert_int_equal(settings.port, 0);
}

/* Some editors put a byte order mark before a file; its first group must not be lost by it. */
static void test_option_file_mark(void **state)
{
    struct ropp_db_settings settings;

    (void)state;
    put("my.cnf", "\xef\xbb\xbf[ropp]\r\nuser=ropp\r\n");
    assert_true(read_options(&settings, "ropp"));
    assert_string_equal(settings.user, "ropp");
}

/* What a value is, with quotes, escapes and comments. */
static void test_option_values(void **state)
{
    static const struct {
        const char *text, *is;
    } values[] = {
        {"a", "a"},
        {"  a b \t", "a b"},
        {"\"a'b\"", "a'b"},
        {"'a\"b'", "a\"b"},
        {"\"a", "\"a"},
        {"a\"", "a\""},
        {"\"", "\""},
        {"'", "'"},
        {"\"\"", ""},
        {"''", ""},
        {"'a\"", "'a\""},
        {"a#b", "a"},
        {"#", ""},
        {"a \\# b # c", "a \\# b"},
        {"'a # b' # c", "a # b"},
        {"\"a # ' b\" # c", "a # ' b"},
        {"'a'#'b'", "a"},
        {"'a\\'#b' # c", "a'#b"},
        {"\\b\\t\\n\\r\\s\\\\\\\"\\'", "\b\t\n\r \\\"'"},
        {"a\\x", "a\\x"},
        {"a\\", "a\\"},
        {"a=b=c", "a=b=c"},
        {"'a' b", "'a' b"},
    };
    struct ropp_db_settings settings;
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        snprintf(text, sizeof text, "[ropp]\npassword\nPassword = no\n = no\n password =%s\nuser=u",
                 values[i].text);
        put("my.cnf", text);
        assert_true(read_options(&settings, "ropp"));
        assert_string_equal(settings.password, values[i].is);
        assert_string_equal(settings.user, "u");
    }
}

static void test_option_groups(void **state)
{
    struct ropp_db_settings settings;
    char text[1000];

    (void)state;
    put("my.cnf", "user=a\n[ropp\nuser=b\n[ropp] x\nuser=c\n[Ropp]\nuser=d\n[\tropp ]\nhost=e\n"
                  "[other]\nuser=f\n[]\nuser=g\n");
    assert_true(read_options(&settings, "ropp"));
    assert_string_equal(settings.user, "c");
    assert_string_equal(settings.host, "e");
    /* What looks like an include, and what is none there. */
    put("more.cnf", "[ropp]\nuser=more\n");
    put("more.d/.cnf", "[ropp]\nuser=hidden\n");
    put("more.d/x.cnfx", "[ropp]\nuser=other\n");
    snprintf(text, sizeof text,
             "[ropp]\nuser=here\n!include%s/more.cnf\n!includes %s/more.cnf\n!inc %s/more.cnf\n"
             "!includedir %s/none.d\n!includedir %s/more.d\n!include %s/none.cnf\n",
             folder, folder, folder, folder, folder, folder);
    put("my.cnf", text);
    assert_true(read_options(&settings, "ropp"));
    assert_string_equal(settings.user, "here");
    snprintf(text, sizeof text, "[ropp]\nuser=here\n!include\t %s/more.cnf \nhost=there\n", folder);
    put("my.cnf", text);
    assert_true(read_options(&settings, "ropp"));
    assert_string_equal(settings.user, "more");
    assert_string_equal(settings.host, "there"); /* the group goes on behind it */
}

/* As many files inside each other as there may be, and one more. */
static void test_option_files_inside_each_other(void **state)
{
    struct ropp_db_settings settings;
    char name[16], text[200], wanted[200];
    bool good;

    (void)state;
    for (int last = 9; last <= 10; last++) {
        for (int i = 0; i <= last; i++) {
            snprintf(name, sizeof name, "%d.cnf", i);
            if (i < last)
                snprintf(text, sizeof text, "\n!include %s/%d.cnf\n", folder, i + 1);
            else
                snprintf(text, sizeof text, "[ropp]\nuser=deep\n");
            put(i == 0 ? "my.cnf" : name, text);
        }
        listen_to_errors();
        good = read_options(&settings, "ropp");
        listen_no_more();
        assert_int_equal(good, last == 9);
        assert_string_equal(settings.user, last == 9 ? "deep" : "");
        snprintf(wanted, sizeof wanted,
                 "ropp: too many files inside each other: %s/9.cnf:2: take an !include out\n",
                 folder);
        assert_string_equal(said, last == 9 ? "" : wanted);
    }
}

static void test_option_file_messages(void **state)
{
    struct ropp_db_settings settings;
    char text[200], path[128], wanted[400];

    (void)state;
    snprintf(path, sizeof path, "%s/my.cnf", folder);
    put("my.cnf", "[ropp]\n\nport = 0 # none\n");
    listen_to_errors();
    assert_false(read_options(&settings, "ropp"));
    listen_no_more();
    snprintf(wanted, sizeof wanted,
             "ropp: no port: %s:3: port: '0': write a number from 1 to 65535\n", path);
    assert_string_equal(said, wanted);
    /* One that everybody can write to is passed over where it is only included. */
    put("more.cnf", "[ropp]\nuser=more\n");
    snprintf(path, sizeof path, "%s/more.cnf", folder);
    assert_int_equal(chmod(path, 0602), 0);
    snprintf(text, sizeof text, "[ropp]\nuser=here\n!include %s\nhost=there\n", path);
    put("my.cnf", text);
    listen_to_errors();
    assert_true(read_options(&settings, "ropp"));
    listen_no_more();
    snprintf(wanted, sizeof wanted,
             "ropp: passed over: %s: everybody can write to it: chmod o-w %s\n", path, path);
    assert_string_equal(said, wanted);
    assert_string_equal(settings.user, "here");
    assert_string_equal(settings.host, "there");
    /* A folder is no file, and is said to be none. */
    snprintf(text, sizeof text, "!include %s/more.d\n", folder);
    put("my.cnf", text);
    listen_to_errors();
    assert_false(read_options(&settings, "ropp"));
    listen_no_more();
    snprintf(wanted, sizeof wanted,
             "ropp: cannot read the option file: %s/more.d (Is a directory): name a file that you "
             "may read\n",
             folder);
    assert_string_equal(said, wanted);
    snprintf(path, sizeof path, "%s/none.cnf", folder);
    listen_to_errors();
    assert_false(ropp_optionfile_read(&settings, path, "ropp"));
    listen_no_more();
    snprintf(wanted, sizeof wanted,
             "ropp: cannot read the option file: %s (No such file or directory): name a file that "
             "you may read\n",
             path);
    assert_string_equal(said, wanted);
}

/* Without a name, the files that MariaDB's own programs read: the user's own among them. */
static void test_option_file_of_the_user(void **state)
{
    struct ropp_db_settings settings = {.port = 0};
    const char *home = getenv("HOME");
    char kept[300];

    (void)state;
    snprintf(kept, sizeof kept, "%s", home != NULL ? home : "");
    put(".my.cnf", "[ropp-test]\nuser=own\n");
    assert_int_equal(setenv("HOME", folder, 1), 0);
    assert_true(ropp_optionfile_read(&settings, NULL, "ropp-test"));
    assert_string_equal(settings.user, "own");
    put(".my.cnf", "[ropp-test]\nport=x\n");
    listen_to_errors();
    assert_false(ropp_optionfile_read(&settings, NULL, "ropp-test"));
    listen_no_more();
    assert_int_equal(unsetenv("HOME"), 0);
    assert_true(ropp_optionfile_read(&settings, NULL, "ropp-test"));
    if (home != NULL)
        assert_int_equal(setenv("HOME", kept, 1), 0);
}

/* ---- Hercules' numbers ---- */

static void test_hercules_numbers(void **state)
{
    static const struct {
        const char *text;
        unsigned port; /* 0: refused */
    } own[] = {
        {"3307", 3307},
        {"0xCEB", 3307},
        {"0XcEb", 3307},
        {"0b110011101011", 3307},
        {"0B110011101011", 3307},
        {"0o6353", 3307},
        {"0O6353", 3307},
        {"3_3_07", 3307},
        {"03307", 3307},
        {"+3307", 3307},
        {"3307L", 3307},
        {"3307LL", 3307},
        {"1", 1},
        {"65535", 65535},
        {"65536", 0},
        {"0", 0},
        {"-1", 0},
        {"4294970603", 3307},
        {"4294970603L", 0},
        {"3307.0", 0},
    };
    static const struct {
        const char *text;
        unsigned port;
    } accounts[] = {
        {"3307", 3307},   {"0xCEB", 3307},  {"65535", 65535},
        {"65536", 65535}, {"99999", 65535}, {"1", 1},
    };
    struct ropp_dbconf conf;
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        snprintf(text, sizeof text, "proxy_protocol: { proxy_db_port: %s }\n", own[i].text);
        put("conf/login/login-server.conf", text);
        if (heard_emulator(&conf) != (own[i].port != 0))
            fail_msg("%s: %s", own[i].text, said);
        if (own[i].port != 0)
            assert_int_equal(ropp_dbconf_settings(&conf).port, own[i].port);
    }
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        snprintf(text, sizeof text,
                 "login_configuration: { account: { sql_connection: { db_port: %s } } }\n",
                 accounts[i].text);
        put("conf/login/login-server.conf", text);
        if (!heard_emulator(&conf))
            fail_msg("%s: %s", accounts[i].text, said);
        assert_int_equal(ropp_dbconf_settings(&conf).port, accounts[i].port);
    }
}

/* Texts: strings that follow each other are one, escapes, and what libconfig leaves out. */
static void test_hercules_texts(void **state)
{
    static const struct {
        const char *text, *is;
    } texts[] = {
        {"\"a\"", "a"},
        {"\"a\" \"b\"\n\"c\"", "abc"},
        {"\"a\" /* x */ \"b\"", "ab"},
        {"\"\\f\\n\\r\\t\\\\\\\"\"", "\f\n\r\t\\\""},
        {"\"\\x41\\X42\\x4\\xg1\\q\"", "AB\\x4\\xg1\\q"},
        {"\"a\\x00b\"", "ab"},
        {"<\"a \"b\" c\">", "a \"b\" c"},
        {"\"two\nlines\"", "two\nlines"},
        {"\"# // /* \"", "# // /* "},
    };
    struct ropp_dbconf conf;
    char text[300];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        snprintf(
            text, sizeof text,
            "login_configuration: { account: { sql_connection: { db_password: %s; db_username: "
            "\"u\" } } }\n",
            texts[i].text);
        put("conf/login/login-server.conf", text);
        if (!heard_emulator(&conf))
            fail_msg("%s: %s", texts[i].text, said);
        assert_string_equal(ropp_dbconf_settings(&conf).password, texts[i].is);
        assert_string_equal(ropp_dbconf_settings(&conf).user, "u");
    }
}

static void test_host_and_socket(void **state)
{
    struct ropp_db_settings settings;
    char text[300];

    (void)state;
    memset(&settings, 0, sizeof settings);
    assert_true(ropp_setting_set(&settings, "host", "192.0.2.1", "x"));
    assert_true(ropp_setting_set(&settings, "socket", "/run/x", "x"));
    assert_string_equal(settings.host, "localhost");
    assert_true(ropp_setting_set(&settings, "host", "192.0.2.2", "x"));
    assert_string_equal(settings.socket, "");
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(ropp_setting_set(&settings, "host", text, "x"));
    assert_false(ropp_setting_set(&settings, "password", text, "x"));
    assert_false(ropp_setting_set(&settings, "port", "-1", "x"));
    assert_false(ropp_setting_set(&settings, "port", "1x", "x"));
    assert_false(ropp_setting_set(&settings, "port", "65536", "x"));
    assert_true(ropp_setting_set(&settings, "port", "65535", "x"));
}

/* Each text may be as long as there is room for, and no longer; the message says how long. */
static void test_lengths(void **state)
{
    static const struct {
        const char *key;
        size_t most;
    } cases[] = {
        {"host", 255}, {"socket", 255}, {"user", 127}, {"password", 255}, {"database", 127}};
    struct ropp_db_settings settings = {.port = 0};
    char value[300], message[64];
    bool good;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memset(value, 'x', sizeof value);
        value[cases[i].most + 1] = '\0';
        listen_to_errors();
        good = ropp_setting_set(&settings, cases[i].key, value, "here");
        listen_no_more();
        assert_false(good);
        snprintf(message, sizeof message, "too long: here: write at most %zu bytes\n",
                 cases[i].most);
        assert_said(message);
        value[cases[i].most] = '\0';
        assert_true(ropp_setting_set(&settings, cases[i].key, value, "here"));
    }
    assert_int_equal(strlen(settings.socket), 255);
    assert_int_equal(strlen(settings.user), 127);
    assert_int_equal(strlen(settings.password), 255);
    assert_int_equal(strlen(settings.name), 127);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(test_rathena),
        WITH_FOLDER(test_rathena_own_keys),
        WITH_FOLDER(test_eathena),
        WITH_FOLDER(test_auriga),
        WITH_FOLDER(test_rathena_circle),
        WITH_FOLDER(test_rathena_order),
        WITH_FOLDER(test_rathena_as_the_module),
        WITH_FOLDER(test_rathena_unreadable),
        WITH_FOLDER(test_old_hercules),
        WITH_FOLDER(test_hercules),
        WITH_FOLDER(test_hercules_alone),
        WITH_FOLDER(test_hercules_own_grammar),
        WITH_FOLDER(test_hercules_mistakes),
        WITH_FOLDER(test_hercules_depth),
        WITH_FOLDER(test_hercules_cut),
        WITH_FOLDER(test_no_emulator),
        WITH_FOLDER(test_option_file),
        WITH_FOLDER(test_option_file_mistakes),
        WITH_FOLDER(test_option_file_mark),
        WITH_FOLDER(test_option_values),
        WITH_FOLDER(test_option_groups),
        WITH_FOLDER(test_option_files_inside_each_other),
        WITH_FOLDER(test_option_file_messages),
        WITH_FOLDER(test_option_file_of_the_user),
        WITH_FOLDER(test_hercules_numbers),
        WITH_FOLDER(test_hercules_texts),
        cmocka_unit_test(test_host_and_socket),
        cmocka_unit_test(test_lengths),
    };

    return UNIT_RUN(argc, argv, "settings", tests, NULL, NULL);
}
