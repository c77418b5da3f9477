/* The emulator's own table of bans, which control panels write: `ipbanlist`, with the columns list,
 * btime, rtime and reason. A pattern is a.b.c.d, a.b.c.*, a.b.*.* or a.*.*.*; any other form
 * matches nothing. It is in force while rtime lies in the future, on the server's own clock. */
#ifndef ROPP_TOOLS_BAN_IPBANLIST_H
#define ROPP_TOOLS_BAN_IPBANLIST_H

#include <stdbool.h>

#include "tools/ban/entry.h"

/* The source that its entries are shown with. */
#define ROPP_SOURCE_IPBANLIST "ipbanlist"

/* Reads the rows in force whose pattern matches the IPv4 address. *rows is NULL when there is no
 * such table. False when the statement failed. */
bool ropp_ipbanlist_around(struct ropp_session *session, const struct ropp_addr *addr,
                           MYSQL_RES **rows);

/* The same for every row in force. */
bool ropp_ipbanlist_all(struct ropp_session *session, MYSQL_RES **rows);

/* A row as an entry, which has no id (0). It is login_only when the emulator wrote it itself, by
 * what the servers have told. False when the pattern is none. */
bool ropp_ipbanlist_entry(MYSQL_ROW row, struct ropp_entry *entry);

/* Reads a pattern. False when it is none. */
bool ropp_ipbanlist_pattern(const char *text, struct ropp_prefix *prefix);

#endif
