// SPDX-License-Identifier: MIT
/* How a command comes to its database, without one: which of all that names a database counts, and
 * what is said of a database that does not do. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/database/connect.h"
#include "tools/database/query.h"

static struct capture err;

/* ---- the database ---- */

static struct ropp_db_settings asked; /* as the connection was asked for */
static bool opens, has_room;
static int fails_at; /* which statement fails; 0: none */
static int statements, closed, frees;
static char sql[1000];      /* the statements, a line each */
static const char *rows[3]; /* of proxy_schema; NULL: there is no row */
static size_t next_row;
static unsigned code; /* of an error, and its text */
static const char *text_of_error;

bool __wrap_ropp_db_open(struct ropp_db *db, const struct ropp_db_settings *settings,
                         char error[ROPP_ERROR_TEXT]);
void __wrap_ropp_db_close(struct ropp_db *db);
bool __wrap_ropp_db_has_room(struct ropp_db *db, const char **what);
bool __wrap_ropp_session_run(struct ropp_session *session, const char *format, ...)
    ROPP_PRINTF(2, 3);
MYSQL_RES *__wrap_ropp_session_rows(struct ropp_session *session, const char *statement);
MYSQL_ROW __wrap_mysql_fetch_row(MYSQL_RES *result);
void __wrap_mysql_free_result(MYSQL_RES *result);
const char *__wrap_mysql_error(MYSQL *mysql);
unsigned __wrap_mysql_errno(MYSQL *mysql);

bool __wrap_ropp_db_open(struct ropp_db *db, const struct ropp_db_settings *settings,
                         char error[ROPP_ERROR_TEXT])
{
    (void)db;
    asked = *settings;
    strcpy(error, "cannot connect: there");
    return opens;
}

void __wrap_ropp_db_close(struct ropp_db *db)
{
    (void)db;
    closed++;
}

bool __wrap_ropp_db_has_room(struct ropp_db *db, const char **what)
{
    (void)db;
    *what = "MySQL 8";
    return has_room;
}

bool __wrap_ropp_session_run(struct ropp_session *session, const char *format, ...)
{
    size_t used = strlen(sql);
    va_list args;

    (void)session;
    va_start(args, format);
    vsnprintf(sql + used, sizeof sql - used - 1, format, args);
    va_end(args);
    strcat(sql, "\n");
    return ++statements != fails_at;
}

MYSQL_RES *__wrap_ropp_session_rows(struct ropp_session *session, const char *statement)
{
    return __wrap_ropp_session_run(session, "%s", statement) ? (MYSQL_RES *)(void *)rows : NULL;
}

MYSQL_ROW __wrap_mysql_fetch_row(MYSQL_RES *result)
{
    assert_ptr_equal(result, rows);
    return next_row++ == 0 && rows[0] != NULL ? (MYSQL_ROW)(uintptr_t)rows : NULL;
}

void __wrap_mysql_free_result(MYSQL_RES *result)
{
    assert_ptr_equal(result, rows);
    frees++;
}

const char *__wrap_mysql_error(MYSQL *mysql)
{
    (void)mysql;
    return text_of_error;
}

unsigned __wrap_mysql_errno(MYSQL *mysql)
{
    (void)mysql;
    return code;
}

/* ---- opening it ---- */

static char folder[] = "/tmp/ropp-connect.XXXXXX";
static struct ropp_connect connect_to;
static struct ropp_session session;

static void put(const char *name, const char *text)
{
    char path[200];
    FILE *out;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static int begin(void **state)
{
    (void)state;
    opens = has_room = true;
    fails_at = statements = closed = frees = 0;
    sql[0] = '\0';
    rows[0] = "1";
    rows[1] = "1800000000";
    next_row = 0;
    code = 2000;
    text_of_error = "it is so";
    memset(&connect_to, 0, sizeof connect_to);
    connect_to.database = "bans";
    (void)unsetenv("ROPP_PASSWORD");
    return 0;
}

static void opened(int wanted, const char *message)
{
    int status;

    next_row = 0;
    memset(&asked, 0, sizeof asked);
    capture_begin(&err, stderr);
    status = ropp_session_open(&session, &connect_to);
    capture_end(&err);
    assert_string_equal(err.text, message);
    assert_int_equal(status, wanted);
}

static void test_opens(void **state)
{
    (void)state;
    opened(0, "");
    assert_string_equal(sql,
                        "SET time_zone = '+00:00', innodb_lock_wait_timeout = 20, sql_mode = "
                        "'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'\n"
                        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED\n"
                        "SELECT version, UNIX_TIMESTAMP() FROM proxy_schema\n");
    assert_string_equal(asked.host, "localhost");
    assert_string_equal(asked.name, "bans");
    assert_string_equal(asked.socket, "");
    assert_string_equal(asked.password, "");
    assert_int_equal(asked.server_s, 30);
    assert_string_equal(session.where, "bans on localhost");
    assert_string_equal(session.name, "bans");
    assert_string_equal(session.ipban_table, "ipbanlist");
    assert_int_equal(session.now_s, 1800000000);
    assert_int_equal(frees, 1);
    assert_int_equal(closed, 0);
    ropp_session_close(&session);
    assert_int_equal(closed, 1);
    connect_to.server_s = 5;
    opened(0, "");
    assert_int_equal(asked.server_s, 5);
}

static void test_options(void **state)
{
    char file[100];

    (void)state;
    put("own.cnf",
        "[client]\nhost=of-client\nuser=of-client\nport=1\n[ropp]\nuser=of-ropp\nport=2\n"
        "password=of-ropp\ndatabase=of-ropp\n");
    snprintf(file, sizeof file, "%s/own.cnf", folder);
    connect_to.defaults_file = file;
    connect_to.database = NULL;
    opened(0, "");
    assert_string_equal(asked.host, "of-client");
    assert_string_equal(asked.user, "of-ropp");
    assert_string_equal(asked.password, "of-ropp");
    assert_string_equal(asked.name, "of-ropp");
    assert_int_equal(asked.port, 2);
    connect_to.host = "h";
    connect_to.port = "3";
    connect_to.user = "u";
    connect_to.database = "d";
    assert_int_equal(setenv("ROPP_PASSWORD", "p", 1), 0);
    opened(0, "");
    assert_string_equal(asked.host, "h");
    assert_string_equal(asked.user, "u");
    assert_string_equal(asked.password, "p");
    assert_string_equal(asked.name, "d");
    assert_int_equal(asked.port, 3);
    assert_string_equal(session.where, "d on h");
    connect_to.socket = "/run/s";
    opened(0, "");
    assert_string_equal(asked.socket, "/run/s");
    assert_string_equal(asked.host, "localhost");
    assert_string_equal(session.where, "d on /run/s");
    connect_to.port = "x";
    opened(2, "ropp: no port: --port: 'x': write a number from 1 to 65535\n");
    assert_string_equal(asked.name, ""); /* it was not tried */
}

static void test_trees(void **state)
{
    char file[100], conf[100];

    (void)state;
    snprintf(conf, sizeof conf, "%s/conf", folder);
    assert_int_equal(mkdir(conf, 0700), 0);
    put("conf/inter_athena.conf", "login_server_ip: of-tree\nlogin_server_id: of-tree\n"
                                  "login_server_db: of-tree\nipban_table: blocked\n");
    put("own.cnf", "[client]\nhost=of-client\n[ropp]\nuser=of-ropp\n");
    connect_to.tree = folder;
    connect_to.database = NULL;
    opened(0, "");
    assert_string_equal(asked.host, "of-tree");
    assert_string_equal(asked.user, "of-tree");
    assert_string_equal(asked.name, "of-tree");
    assert_string_equal(session.ipban_table, "blocked");
    snprintf(file, sizeof file, "%s/own.cnf", folder);
    connect_to.defaults_file = file;
    opened(0, "");
    assert_string_equal(asked.host, "of-tree");
    assert_string_equal(asked.user, "of-ropp");
    snprintf(file, sizeof file, "%s/conf/inter_athena.conf", folder);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(conf), 0);
}

static void test_what_does_not_open(void **state)
{
    char file[100], message[300];

    (void)state;
    put("own.cnf", "");
    snprintf(file, sizeof file, "%s/own.cnf", folder);
    connect_to.defaults_file = file;
    connect_to.database = NULL;
    opened(2, "ropp: no database: none is named: give --tree DIR, --database NAME, or `database = "
              "NAME` in the group [ropp] of an option file\n");
    connect_to.database = "bans";
    opens = false;
    opened(2, "ropp: cannot connect: there: see the database's part of --help\n");
    assert_int_equal(closed, 0);
    opens = true;
    for (fails_at = 1; fails_at <= 3; fails_at++) {
        statements = closed = 0;
        opened(2, "ropp: MariaDB does not do it: bans on localhost: it is so\n");
        assert_int_equal(closed, 1);
        assert_int_equal(statements, fails_at);
    }
    fails_at = 0;
    code = 1644;
    text_of_error = "ropp: refused"; /* also this is the environment's here */
    fails_at = 1;
    statements = 0;
    opened(2, "ropp: refused\n");
    connect_to.defaults_file = "/tmp/ropp-none/x";
    snprintf(message, sizeof message,
             "ropp: cannot read the option file: /tmp/ropp-none/x (No such file or directory): "
             "name a file that you may read\n");
    opened(2, message);
}

static void test_versions(void **state)
{
    char wanted[400];

    (void)state;
    assert_int_equal(chdir(folder), 0); /* where there is a sql/ */
    rows[0] = "2";
    snprintf(wanted, sizeof wanted,
             "ropp: the tables are newer than this program: bans on localhost: version 2, and this "
             "is ropp %s; use the ropp that has made them\n",
             ROPP_VERSION);
    opened(2, wanted);
    assert_int_equal(closed, 1);
    for (int i = 0; i < 2; i++) {
        rows[0] = i == 0 ? "0" : NULL; /* no row is as old as can be */
        opened(2, "ropp: the tables are older than this program: bans on localhost: run `cat "
                  "sql/upgrade.sql sql/install.sql | mariadb bans`\n");
    }
    rows[0] = "0";
    has_room = false;
    opened(2, "ropp: ropp's tables need MariaDB 10.5 or newer: bans on localhost: it is MySQL 8; "
              "use a newer MariaDB, or the emulator's own ipbanlist, which counts without them\n");
    assert_int_equal(chdir("/"), 0);
}

/* ---- errors ---- */

static void error_is(unsigned number, const char *text, int wanted, const char *message)
{
    int status;

    code = number;
    text_of_error = text;
    capture_begin(&err, stderr);
    status = ropp_session_error(&session);
    capture_end(&err);
    assert_string_equal(err.text, message);
    assert_int_equal(status, wanted);
}

static void test_errors(void **state)
{
    (void)state;
    opened(0, "");
    assert_int_equal(chdir(folder), 0);
    error_is(1644, "ropp: no prefix", 1, "ropp: no prefix\n");
    error_is(1644, "own words", 2, "ropp: MariaDB does not do it: bans on localhost: own words\n");
    error_is(1643, "ropp: x", 2, "ropp: MariaDB does not do it: bans on localhost: ropp: x\n");
    error_is(1146, "Table 'bans.proxy_ban' doesn't exist", 2,
             "ropp: ropp's tables are not there: bans on localhost: run `mariadb bans < "
             "sql/install.sql`\n");
    error_is(1146, "Table 'bans.x' doesn't exist", 2,
             "ropp: MariaDB does not do it: bans on localhost: Table 'bans.x' doesn't exist\n");
    has_room = false;
    error_is(1146, "Table 'bans.proxy_ban' doesn't exist", 2,
             "ropp: ropp's tables need MariaDB 10.5 or newer: bans on localhost: it is MySQL 8; "
             "use a newer MariaDB, or the emulator's own ipbanlist, which counts without them\n");
    for (unsigned number = 1142; number <= 1143; number++)
        error_is(number, "no", 2,
                 "ropp: MariaDB does not allow it: bans on localhost: no; GRANT it or use another "
                 "--user\n");
    error_is(1141, "no", 2, "ropp: MariaDB does not do it: bans on localhost: no\n");
    error_is(1144, "no", 2, "ropp: MariaDB does not do it: bans on localhost: no\n");
    error_is(1205, "no", 2, "ropp: somebody else is writing: bans on localhost: no\n");
    error_is(1213, "no", 2, "ropp: somebody else is writing: bans on localhost: no\n");
    error_is(1206, "no", 2, "ropp: MariaDB does not do it: bans on localhost: no\n");
    error_is(1147, "proxy_", 2, "ropp: MariaDB does not do it: bans on localhost: proxy_\n");
    assert_int_equal(chdir("/"), 0);
}

static int run(struct ropp_session *of_command, void *request)
{
    assert_ptr_equal(request, &connect_to);
    assert_string_equal(of_command->name, "bans");
    return 7;
}

static void test_calls(void **state)
{
    static const struct ropp_cli_command command = {.name = "x", .run = run};

    (void)state;
    assert_int_equal(ropp_session_call(&command, &connect_to), 7);
    assert_int_equal(closed, 1);
    opens = false;
    capture_begin(&err, stderr);
    assert_int_equal(ropp_session_call(&command, &connect_to), 2);
    capture_end(&err);
    assert_int_equal(closed, 1);
}

/* ---- passwords ---- */

static void test_no_password_on_the_command_line(void **state)
{
    static const struct {
        const char *word, *said; /* NULL: it may be there */
    } words[] = {
        {"--password", "--password"},
        {"--password=secret", "--password"},
        {"--passwords", "--password"},
        {"-p", "-p"},
        {"-psecret", "-p"},
        {"--pass", NULL},
        {"--port", NULL},
        {"p", NULL},
        {"--", NULL},
    };
    char message[300];

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char *argv[] = {(char *)"-p", (char *)(uintptr_t)words[i].word, (char *)"x", NULL};
        bool good;

        capture_begin(&err, stderr);
        good = ropp_connect_no_password(3, argv);
        capture_end(&err);
        snprintf(message, sizeof message,
                 "ropp: a password on the command line can be read by everybody on this machine: "
                 "%s: use --tree, the group [ropp] of an option file, ROPP_PASSWORD or "
                 "--ask-password\n",
                 words[i].said);
        assert_int_equal(good, words[i].said == NULL);
        assert_string_equal(err.text, words[i].said != NULL ? message : "");
    }
    {
        char *argv[] = {(char *)"x", (char *)"--", (char *)"-p", NULL};

        assert_true(ropp_connect_no_password(3, argv));
        assert_true(ropp_connect_no_password(1, argv + 2));
    }
}

static int master, terminal;
static const char *typed;

static void *type(void *unused)
{
    struct termios now;

    do {
        if (tcgetattr(terminal, &now) != 0)
            return NULL;
    } while ((now.c_lflag & ECHO) != 0);
    (void)!write(master, typed, strlen(typed));
    return unused;
}

static void asks(const char *what, int wanted, const char *message, const char *password)
{
    int kept = dup(0), error;
    pthread_t typist;

    typed = what;
    master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0);
    assert_int_equal(grantpt(master), 0);
    assert_int_equal(unlockpt(master), 0);
    terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
    assert_true(terminal >= 0);
    assert_int_equal(dup2(terminal, 0), 0);
    error = pthread_create(&typist, NULL, type, NULL);
    assert_int_equal(error, 0);
    connect_to.ask_password = true;
    opened(wanted, message);
    assert_int_equal(pthread_join(typist, NULL), 0);
    assert_int_equal(dup2(kept, 0), 0);
    (void)close(kept);
    (void)close(terminal);
    (void)close(master);
    assert_string_equal(asked.password, password);
}

static void test_asks(void **state)
{
    int kept = dup(0), file = open("/dev/null", O_RDONLY);

    (void)state;
    assert_int_equal(setenv("ROPP_PASSWORD", "weaker", 1), 0);
    asks("se cret\n", 0, "password: \n", "se cret");
    asks("\n", 0, "password: \n", "");
    asks("\4", 2, "password: \nropp: no password: --ask-password: type one and press Enter\n", "");
    asks("x\3", 2, "password: \nropp: no password: --ask-password: type one and press Enter\n", "");
    assert_int_equal(dup2(file, 0), 0);
    opened(2, "ropp: nobody to ask: --ask-password: standard input is no terminal; use an option "
              "file or ROPP_PASSWORD\n");
    assert_int_equal(dup2(kept, 0), 0);
    (void)close(kept);
    (void)close(file);
}

static int begin_all(void **state)
{
    char path[100];

    (void)state;
    /* Nobody's own settings decide. */
    if (mkdtemp(folder) == NULL || setenv("HOME", folder, 1) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/sql", folder);
    if (mkdir(path, 0700) != 0)
        return -1;
    put("sql/install.sql", "");
    put("sql/upgrade.sql", "");
    return 0;
}

static int end_all(void **state)
{
    char command[100];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_opens, begin),
        cmocka_unit_test_setup(test_options, begin),
        cmocka_unit_test_setup(test_trees, begin),
        cmocka_unit_test_setup(test_what_does_not_open, begin),
        cmocka_unit_test_setup(test_versions, begin),
        cmocka_unit_test_setup(test_errors, begin),
        cmocka_unit_test_setup(test_calls, begin),
        cmocka_unit_test_setup(test_no_password_on_the_command_line, begin),
        cmocka_unit_test_setup(test_asks, begin),
    };

    return UNIT_RUN(argc, argv, "connect", tests, begin_all, end_all);
}
