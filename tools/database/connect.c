// SPDX-License-Identifier: MIT
#include "tools/database/connect.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/cli.h"
#include "tools/base/terminal.h"
#include "tools/database/emulator.h"
#include "tools/database/optionfile.h"
#include "tools/database/query.h"
#include "tools/database/settings.h"

/* What the tables' version has to be, in `proxy_schema`. */
#define SCHEMA_VERSION 1

/* How long the database may be silent. */
#define SERVER_S 30

/* MariaDB's numbers for what has a remedy of its own. */
enum {
    ERROR_NO_TABLE = 1146,
    ERROR_SIGNAL = 1644,
    ERROR_NO_GRANT_TABLE = 1142,
    ERROR_NO_GRANT_COLUMN = 1143,
    ERROR_LOCK_WAIT = 1205,
    ERROR_DEADLOCK = 1213,
};

const struct ropp_option ropp_connect_options[] = {
    ROPP_HEADING("the database, the later ones stronger:"),
    ROPP_TEXT(struct ropp_connect, tree, "--tree", "DIR",
              "as the emulator in DIR has it in its configuration; without it, as MariaDB's option "
              "files have it in their groups [client] and [ropp]"),
    ROPP_TEXT(struct ropp_connect, defaults_file, "--defaults-file", "FILE",
              "read the group [ropp] of FILE instead of the usual option files; also with --tree"),
    ROPP_TEXT(struct ropp_connect, host, "--host", "HOST", "the server's name or address"),
    ROPP_TEXT(struct ropp_connect, port, "--port", "PORT", "its port"),
    ROPP_TEXT(struct ropp_connect, socket, "--socket", "PATH", "its socket, on this machine"),
    ROPP_TEXT(struct ropp_connect, user, "--user", "NAME", "the account"),
    ROPP_TEXT(struct ropp_connect, database, "--database", "NAME", "the database"),
    ROPP_FLAG(struct ropp_connect, ask_password, "--ask-password",
              "ask for the password; or put it into an option file or the environment variable "
              "ROPP_PASSWORD, never on the command line"),
    ROPP_OPTIONS_END,
};

bool ropp_connect_no_password(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--password", 10) != 0 && strncmp(argv[i], "-p", 2) != 0)
            continue;
        return ropp_error(
            "a password on the command line can be read by everybody on this machine: %.10s: "
            "use --tree, the group [ropp] of an option file, ROPP_PASSWORD or "
            "--ask-password",
            argv[i][1] == 'p' ? "-p" : argv[i]);
    }
    return true;
}

static bool ask_password(char *password, size_t size)
{
    if (!isatty(STDIN_FILENO))
        return ropp_error(
            "nobody to ask: --ask-password: standard input is no terminal; use an option "
            "file or ROPP_PASSWORD");
    if (!ropp_terminal_ask(STDIN_FILENO, "password: ", password, size) || password[0] == '\0')
        return ropp_error("no password: --ask-password: type one and press Enter");
    password[strcspn(password, "\n")] = '\0';
    return true;
}

/* The weakest ones: as the emulator has them, or else as MariaDB's own programs have them. */
static bool gather_usual(struct ropp_db_settings *settings, struct ropp_session *session,
                         const struct ropp_connect *connect)
{
    struct ropp_dbconf conf;

    memcpy(settings->host, "localhost", sizeof "localhost");
    memcpy(session->ipban_table, "ipbanlist", sizeof "ipbanlist");
    if (connect->tree == NULL)
        return ropp_optionfile_read(settings, connect->defaults_file, "client");
    if (!ropp_emulator_read(&conf, &session->standin_key, connect->tree))
        return false;
    *settings = ropp_dbconf_settings(&conf);
    memcpy(session->ipban_table, conf.ipban_table, sizeof session->ipban_table);
    return true;
}

static bool gather_options(struct ropp_db_settings *settings, const struct ropp_connect *connect)
{
    const struct {
        const char *key, *name, *value;
    } given[] = {
        {"password", "ROPP_PASSWORD", getenv("ROPP_PASSWORD")},
        {"host", "--host", connect->host},
        {"socket", "--socket", connect->socket},
        {"port", "--port", connect->port},
        {"user", "--user", connect->user},
        {"database", "--database", connect->database},
    };

    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        if (given[i].value != NULL &&
            !ropp_setting_set(settings, given[i].key, given[i].value, given[i].name))
            return false;
    return true;
}

/* From weak to strong. */
static bool gather(struct ropp_db_settings *settings, struct ropp_session *session,
                   const struct ropp_connect *connect)
{
    /* With a tree it is the tree that decides, unless a file is named beside it. */
    bool has_group = connect->tree == NULL || connect->defaults_file != NULL;

    if (!gather_usual(settings, session, connect) ||
        (has_group && !ropp_optionfile_read(settings, connect->defaults_file, "ropp")) ||
        !gather_options(settings, connect))
        return false;
    if (settings->name[0] == '\0')
        return ropp_error(
            "no database: none is named: give --tree DIR, --database NAME, or `database = "
            "NAME` in the group [ropp] of an option file");
    return !connect->ask_password || ask_password(settings->password, sizeof settings->password);
}

static bool start(struct ropp_session *session)
{
    /* A lock is waited for less long than an answer, so that it is the lock that is named. */
    return ropp_session_run(session, "SET time_zone = '+00:00', innodb_lock_wait_timeout = 20, "
                                     "sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
                                     "NO_ENGINE_SUBSTITUTION'") &&
           ropp_session_run(session, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
}

/* The tables' version, and the clock. */
static bool read_state(struct ropp_session *session, int64_t *version)
{
    MYSQL_RES *rows =
        ropp_session_rows(session, "SELECT version, UNIX_TIMESTAMP() FROM proxy_schema");
    MYSQL_ROW row;

    if (rows == NULL)
        return false;
    row = mysql_fetch_row(rows);
    *version = row != NULL ? ropp_column_number(row[0]) : 0;
    session->now_s = row != NULL ? ropp_column_number(row[1]) : 0;
    mysql_free_result(rows);
    return true;
}

/* A file of sql/ as a shell finds it: from this folder, or where `make install` has put it. */
#define SQL_FILE(name) sql_file("sql/" name, ROPP_SQL_FOLDER "/" name)

static const char *sql_file(const char *here, const char *installed)
{
    return access(here, R_OK) != 0 && access(installed, R_OK) == 0 ? installed : here;
}

/* The tables are not there, or not as a server that can have them makes them. */
static int explain_missing(struct ropp_session *session)
{
    const char *what;

    if (ropp_db_has_room(&session->db, &what))
        return ropp_fail(ROPP_EXIT_USAGE, "ropp's tables are not there: %s: run `mariadb %s < %s`",
                         session->where, session->name, SQL_FILE("install.sql"));
    return ropp_fail(ROPP_EXIT_USAGE,
                     "ropp's tables need MariaDB 10.5 or newer: %s: it is %s; use a newer MariaDB, "
                     "or the emulator's own ipbanlist, which counts without them",
                     session->where, what);
}

static int check_schema(struct ropp_session *session)
{
    const char *what;
    int64_t version;

    if (!read_state(session, &version))
        return ropp_session_error(session);
    if (version == SCHEMA_VERSION)
        return ROPP_EXIT_DONE;
    if (version > SCHEMA_VERSION)
        return ropp_fail(ROPP_EXIT_USAGE,
                         "the tables are newer than this program: %s: version %" PRId64
                         ", and this is ropp %s; use the ropp that has made them",
                         session->where, version, ROPP_VERSION);
    if (!ropp_db_has_room(&session->db, &what))
        return explain_missing(session);
    return ropp_fail(ROPP_EXIT_USAGE,
                     "the tables are older than this program: %s: run `cat %s %s | mariadb %s`",
                     session->where, SQL_FILE("upgrade.sql"), SQL_FILE("install.sql"),
                     session->name);
}

static int open_session(struct ropp_session *session, const struct ropp_db_settings *settings)
{
    char error[ROPP_ERROR_TEXT];
    int status;

    snprintf(session->where, sizeof session->where, "%.100s on %.100s", settings->name,
             settings->socket[0] != '\0' ? settings->socket : settings->host);
    snprintf(session->name, sizeof session->name, "%s", settings->name);
    if (!ropp_db_open(&session->db, settings, error))
        return ropp_fail(ROPP_EXIT_USAGE, "%s: see the database's part of --help", error);
    status = start(session) ? check_schema(session) : ropp_session_error(session);
    if (status != ROPP_EXIT_DONE)
        ropp_session_close(session);
    return status == ROPP_EXIT_DONE ? status : ROPP_EXIT_USAGE;
}

int ropp_session_open(struct ropp_session *session, const struct ropp_connect *connect)
{
    struct ropp_db_settings settings;
    int status = ROPP_EXIT_USAGE;

    memset(session, 0, sizeof *session);
    memset(&settings, 0, sizeof settings);
    if (gather(&settings, session, connect)) {
        settings.server_s = connect->server_s != 0 ? connect->server_s : SERVER_S;
        status = open_session(session, &settings);
    }
    explicit_bzero(&settings, sizeof settings); /* it held a password */
    return status;
}

void ropp_session_close(struct ropp_session *session)
{
    ropp_db_close(&session->db);
    ropp_texts_free(&session->texts);
}

int ropp_session_call(const struct ropp_cli_command *command, void *request)
{
    struct ropp_session session;
    int status = ropp_session_open(&session, request);

    if (status != ROPP_EXIT_DONE)
        return status;
    status = command->run(&session, request);
    ropp_session_close(&session);
    return status;
}

int ropp_session_error(struct ropp_session *session)
{
    const char *text = mysql_error(session->db.mysql);
    unsigned code = mysql_errno(session->db.mysql);

    /* What the tables' own rules say is written for people already. */
    if (code == ERROR_SIGNAL && strncmp(text, "ropp: ", 6) == 0)
        return ropp_fail(ROPP_EXIT_REFUSED, "%s", text + 6);
    if (code == ERROR_NO_TABLE && strstr(text, "proxy_") != NULL)
        return explain_missing(session);
    if (code == ERROR_NO_GRANT_TABLE || code == ERROR_NO_GRANT_COLUMN)
        return ropp_fail(ROPP_EXIT_USAGE,
                         "MariaDB does not allow it: %s: %s; GRANT it or use another --user",
                         session->where, text);
    if (code == ERROR_LOCK_WAIT || code == ERROR_DEADLOCK)
        return ropp_fail(ROPP_EXIT_USAGE, "somebody else is writing: %s: %s", session->where, text);
    return ropp_fail(ROPP_EXIT_USAGE, "MariaDB does not do it: %s: %s", session->where, text);
}
