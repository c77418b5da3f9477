// SPDX-License-Identifier: MIT
/* How a command comes to the database: its options, and the connection. */
#ifndef ROPP_TOOLS_DATABASE_CONNECT_H
#define ROPP_TOOLS_DATABASE_CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/standin.h"
#include "service/db.h"
#include "tools/base/command.h"
#include "tools/base/text.h"

/* A request of a command that needs the database begins with it. */
struct ropp_connect {
    const char *tree;
    const char *defaults_file;
    const char *host;
    const char *port;
    const char *socket;
    const char *user;
    const char *database;
    bool ask_password;
    unsigned server_s; /* how long the database may be silent; 0: half a minute */
};

/* The table of its options; ropp_options_print makes a command find the same database. */
extern const struct ropp_option ropp_connect_options[];

/* What the row of such a command has besides (tools/base/command.h): `type` is its request, `own`
 * the table of its own options. */
#define ROPP_COMMAND_DATABASE(type, own)                                                           \
    .options = {{own, ropp_connect_options}}, .request_size = sizeof(type),                        \
    .guard = ropp_connect_no_password, .call = ropp_session_call

/* False with a message when a password is on the command line, where everybody on the machine can
 * read it. */
bool ropp_connect_no_password(int argc, char **argv);

/* A connection that is ready: times in UTC, values that do not fit refused. */
struct ropp_session {
    struct ropp_db db;
    char where[256];                     /* "NAME on HOST", for messages */
    char name[128];                      /* of the database */
    char ipban_table[64];                /* what the emulator calls its own table of bans */
    struct ropp_standin_key standin_key; /* the tree's; not set without --tree */
    int64_t now_s;                       /* the database's clock when it was opened */
    struct ropp_texts texts;             /* pieces of SQL (tools/database/query.h) */
};

/* Opens one to a database that has ropp's tables. Returns ROPP_EXIT_DONE, or ROPP_EXIT_USAGE with a
 * message; then there is nothing to close. */
int ropp_session_open(struct ropp_session *session, const struct ropp_connect *connect);
void ropp_session_close(struct ropp_session *session);

/* Runs a command with a session. */
int ropp_session_call(const struct ropp_cli_command *command, void *request);

/* Says what the database has against the last statement, and returns the exit status: refused
 * when a table's own rules do not take the values, else the environment's fault. */
int ropp_session_error(struct ropp_session *session);

#endif
