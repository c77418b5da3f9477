/* How a command comes to the database: its options, and the connection. */
#ifndef ROPP_TOOLS_DATABASE_CONNECT_H
#define ROPP_TOOLS_DATABASE_CONNECT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/standin.h"
#include "service/db.h"
#include "service/dbconf.h"
#include "tools/base/options.h"

struct ropp_connect {
    const char *tree;
    const char *defaults_file;
    const char *host;
    const char *port;
    const char *user;
    const char *database;
    const char *socket;
    bool ask_password;
};

/* The options that a command takes for it, for its table (tools/base/options.h), and what its help
 * says of them. */
#define ROPP_CONNECT_OPTIONS(connect)                                                              \
    {"--tree", &(connect)->tree, NULL}, {"--defaults-file", &(connect)->defaults_file, NULL},      \
        {"--host", &(connect)->host, NULL}, {"--port", &(connect)->port, NULL},                    \
        {"--user", &(connect)->user, NULL}, {"--database", &(connect)->database, NULL},            \
        {"--socket", &(connect)->socket, NULL},                                                    \
    {                                                                                              \
        "--ask-password", NULL, &(connect)->ask_password                                           \
    }

#define ROPP_CONNECT_HELP                                                                          \
    "the database, the later ones stronger:\n"                                                     \
    "  --tree DIR             as the emulator in DIR has it in its configuration\n"                \
    "                         (MariaDB's option files, group [ropp], are stronger)\n"              \
    "  --defaults-file FILE   read the group [ropp] of FILE instead of the usual\n"                \
    "                         option files\n"                                                      \
    "  --host HOST  --port PORT  --socket PATH  --user NAME  --database NAME\n"                    \
    "  --ask-password         ask for the password; or put it into an option file or\n"            \
    "                         the environment variable ROPP_PASSWORD, never on the\n"              \
    "                         command line\n"

/* False with a message when a password is on the command line, where everybody on the machine can
 * read it. */
bool ropp_connect_no_password(int argc, char **argv);

/* Prints the options as they were given, a blank before each, so that a command that is shown finds
 * the same database. */
void ropp_connect_print(FILE *out, const struct ropp_connect *connect);

/* A connection that is ready: times in UTC, values that do not fit refused. */
struct ropp_session {
    struct ropp_db db;
    char where[256];                     /* "NAME on HOST", for messages */
    char name[128];                      /* of the database */
    char ipban_table[64];                /* what the emulator calls its own table of bans */
    struct ropp_standin_key standin_key; /* the tree's; not set without --tree */
    int64_t now_s;                       /* the database's clock when it was opened */
};

/* Opens one to a database that has ropp's tables. Returns ROPP_EXIT_DONE, or ROPP_EXIT_USAGE with a
 * message; then there is nothing to close. */
int ropp_session_open(struct ropp_session *session, const struct ropp_connect *connect);
void ropp_session_close(struct ropp_session *session);

/* Says what the database has against the last statement, and returns the exit status: refused
 * when a table's own rules do not take the values, else the environment's fault. */
int ropp_session_error(struct ropp_session *session);

#endif
