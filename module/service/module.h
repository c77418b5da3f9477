/* The module as a dialect's glue sees it: the one state of a server process. Every call comes from
 * the emulator's only thread. */
#ifndef ROPP_SERVICE_MODULE_H
#define ROPP_SERVICE_MODULE_H

#include <stdbool.h>

#include "core/carrier.h"
#include "core/conn.h"
#include "service/config.h"
#include "service/stats.h"

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

/* Rewrites a packet to the player of a connection (core/carrier.h). Returns its length, which is
 * another one when it must not be sent: then the packet has become a refusal that every client
 * knows, the connection is refused and counted, and is to be closed. */
size_t ropp_module_send(struct ropp_conn *conn, uint8_t *packet, size_t length);

/* Judges a ticket that was issued to one address and is used from another one (host byte order).
 * True when it is to be refused. With a line to log in `line`, which is empty when there is nothing
 * to say. */
bool ropp_module_ticket(unsigned account, uint32_t issued_to, uint32_t used_from,
                        char line[ROPP_LINE_TEXT]);

/* ---- on every turn of the loop ---- */

/* True when there is a line to log. */
bool ropp_module_line(char line[ROPP_LINE_TEXT]);

#endif
