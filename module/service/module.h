// SPDX-License-Identifier: MIT
/* The module as a dialect's glue sees it: the one state of a server process. Every call comes from
 * the emulator's own thread, and none of them waits. */
#ifndef ROPP_SERVICE_MODULE_H
#define ROPP_SERVICE_MODULE_H

#include <stdbool.h>

#include "core/conn.h"
#include "core/rejection.h"
#include "core/server.h"
#include "service/config.h"
#include "service/notes.h"
#include "service/stats.h"

/* ---- at the server's start ---- */

/* Reads the proxy_ keys of one of the server's files of `key: value` lines
 * (ropp_config_read_lines). False with `error` when the start must stop. Nothing changes once the
 * server listens. */
bool ropp_module_read(enum ropp_server server, const char *path, char error[ROPP_ERROR_TEXT]);

/* Takes one key that the glue has read by the emulator's own means (ropp_config_set). */
bool ropp_module_set(enum ropp_server server, const char *where, const char *key, const char *value,
                     char error[ROPP_ERROR_TEXT]);

/* Takes one key of the emulator's own that the glue has read, by its name in files of lines: where
 * its database is (ropp_dbconf_take). */
void ropp_module_take(enum ropp_server server, const char *key, const char *value);

/* Takes the reason that the emulator itself writes into ipbanlist: rows with it keep its own
 * meaning (proxy_ban_login_only). */
void ropp_module_login_only(const char *reason);

/* Takes the features that this server was woven without, with blanks between them, as a text that
 * stays: they are named in the line at the start and in proxy_status. */
void ropp_module_left_out(const char *features);

/* The packet by which this emulator's login server refuses a login: the id that its client knows,
 * 0x006a, 0x083e or 0x0b02. */
void ropp_module_refusal_packet(unsigned id);

/* Fixes the settings and starts the worker; called when the server begins to listen at a port (0:
 * not known), and harmless when it does so again. False with `text` when they do not fit together
 * or there is no thread to have. True with a line to log in `text`, which is empty when there is
 * nothing to say: with proxy_protocol off, or at a further call. */
bool ropp_module_start(unsigned port, char text[ROPP_LINE_TEXT]);

/* Whether there are settings that do nothing because the mode is off; said once, and never when
 * there are none. The line is for the log. */
bool ropp_module_unused(char line[ROPP_LINE_TEXT]);

/* Ends the worker; called when the server ends, and harmless without one. Waits two seconds at
 * most. */
void ropp_module_stop(void);

/* Whether proxy_protocol is on or strict; false before the start. */
bool ropp_module_is_on(void);

/* The listen backlog to set, 0 to leave the emulator's. */
int ropp_module_backlog(void);

/* ---- for each connection ---- */

/* Judges a peer, IPv4 in host byte order, and opens its connection. False when it is to be closed
 * at once; that is counted. One that is banned is kept until its first bytes show whether it is a
 * server (ropp_conn_hold), where servers log in. */
bool ropp_module_accept(struct ropp_conn *conn, uint32_t peer);

/* Takes what has arrived (ropp_conn_feed), and refuses an unnamed player who is not to be let in.
 * Returns how many bytes are to be dropped. */
size_t ropp_module_feed(struct ropp_conn *conn, struct ropp_header *reader, const uint8_t *bytes,
                        size_t length);

/* Judges the player of a connection that is about to be the emulator's. False when the player is
 * banned: then it is refused. */
bool ropp_module_admit(struct ropp_conn *conn);

/* The address that the emulator is to keep for a connection (ropp_conn_client_addr). */
uint32_t ropp_module_client_addr(const struct ropp_conn *conn);

/* Whether an allowance in proxy_ban lets a player in, so that the emulator's own check of ipbanlist
 * is not to be made. */
bool ropp_module_allows(const struct ropp_addr *player);

/* Counts a connection that the emulator gets, and puts it into the connection log, with the texts of
 * its innermost header; NULL where that is not at hand any more. */
void ropp_module_accepted(const struct ropp_conn *conn, const struct ropp_header *header);

/* Counts a refused connection, and puts it into the connection log in the same way. To be called
 * once for each. */
void ropp_module_refused(const struct ropp_conn *conn, const struct ropp_header *header);

/* The packet that a refused player of the login server is sent (core/rejection.h). Returns its
 * length, 0 when the connection is just to be closed. */
size_t ropp_module_rejection(const struct ropp_conn *conn, uint8_t packet[ROPP_REJECTION_MAX]);

/* Refuses a login as a server over a connection that had a header, and counts that. False when
 * the login may go on. */
bool ropp_module_refuse_server(struct ropp_conn *conn);

/* The address that a server's login names for players; packet[0..length) is it, or what has arrived
 * of it. 0 when that is not there yet. */
uint32_t ropp_module_named(const uint8_t *packet, size_t length);

/* The emulator has taken a connection for a server's: its address, and the one that its login has
 * named, are the origin's. Not before, since anybody can send a login. */
void ropp_module_linked(const struct ropp_conn *conn, uint32_t named);

/* Rewrites a packet to the player of a connection (core/rewrite.h), also of one that is refused.
 * Returns its length, which is another one when it must not be sent: then the packet has become a
 * refusal that every client knows, the connection is refused and counted, and is to be closed. */
size_t ropp_module_send(struct ropp_conn *conn, uint8_t *packet, size_t length);

/* Judges a ticket (ropp_tickets_judge). */
bool ropp_module_ticket(unsigned account, uint32_t issued_to, uint32_t used_from,
                        char line[ROPP_LINE_TEXT]);

/* ---- on every turn of the loop ---- */

/* Takes a new ban list if there is one. True when the sessions that are open are to be looked at
 * (ropp_module_kick). */
bool ropp_module_turn(void);

/* Whether an open session is banned by now and is to be closed; that is counted, and the connection
 * is refused. Not to be asked of links between servers. */
bool ropp_module_kick(struct ropp_conn *conn);

/* A line to log, NONE when there is none. */
enum ropp_note ropp_module_line(char line[ROPP_LINE_TEXT]);

#endif
