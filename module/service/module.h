/* The module as a dialect's glue sees it: the one state of a server process. Every call comes from
 * the emulator's only thread. */
#ifndef ROPP_SERVICE_MODULE_H
#define ROPP_SERVICE_MODULE_H

#include <stdbool.h>

#include "core/conn.h"
#include "service/config.h"
#include "service/stats.h"

enum ropp_server {
    ROPP_SERVER_NONE,
    ROPP_SERVER_LOGIN,
    ROPP_SERVER_CHAR,
    ROPP_SERVER_MAP,
    ROPP_SERVER_API
};

/* ---- at the server's start ---- */

/* Reads the proxy_ keys of one of the server's files of `key: value` lines
 * (ropp_config_read_lines). False with `error` when the start must stop. Nothing changes once the
 * server listens. */
bool ropp_module_read(enum ropp_server server, const char *path, char error[ROPP_ERROR_TEXT]);

/* Takes one key that the glue has read by the emulator's own means (ropp_config_set). */
bool ropp_module_set(enum ropp_server server, const char *where, const char *key, const char *value,
                     char error[ROPP_ERROR_TEXT]);

/* Fixes the settings; called when the server begins to listen, and harmless when it does so again.
 * False with `text` when they do not fit together. True with a line to log in `text`, which is
 * empty when there is nothing to say: with proxy_protocol off, or at a further call. */
bool ropp_module_start(char text[ROPP_LINE_TEXT]);

/* The listen backlog to set, 0 to leave the emulator's. */
int ropp_module_backlog(void);

/* ---- for each connection ---- */

/* Judges a peer, IPv4 in host byte order, and opens its connection. False when it is to be closed
 * at once; that is counted. */
bool ropp_module_accept(struct ropp_conn *conn, uint32_t peer);

/* Counts a refused connection. To be called once for each. */
void ropp_module_refused(const struct ropp_conn *conn);

/* Refuses a login as a server over a connection that had a header, and counts that. False when
 * the login may go on. */
bool ropp_module_refuse_server(struct ropp_conn *conn);

/* ---- on every turn of the loop ---- */

/* True when there is a line to log. */
bool ropp_module_line(char line[ROPP_LINE_TEXT]);

#endif
