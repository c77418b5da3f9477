// SPDX-License-Identifier: MIT
/* The emulator's own table of bans, which control panels write: `ipbanlist`, with the columns list,
 * btime, rtime and reason. It holds patterns (ropp_pattern_parse). A row is in force while rtime is
 * in the future, on the server's own clock. */
#ifndef ROPP_TOOLS_BAN_IPBANLIST_H
#define ROPP_TOOLS_BAN_IPBANLIST_H

#include <stdbool.h>

#include "tools/ban/entry.h"

/* The source that its entries are shown with. */
#define ROPP_SOURCE_IPBANLIST "ipbanlist"

/* Adds the rows in force whose pattern matches the IPv4 address (NULL: all), as entries without an id. One is login_only when the emulator wrote it itself, as the servers have
 * recorded. None when there is no such table; rows whose pattern is none are left out. False when
 * the statement failed. */
bool ropp_ipbanlist_read(struct ropp_session *session, const struct ropp_addr *addr,
                         struct ropp_entries *entries);

/* Adds the reasons of rows that the emulator writes itself, as the servers have recorded them, or the
 * emulators' usual one where none has. One that ends in % is the beginning of reasons. False when
 * they could not be asked: then the usual one is there. */
bool ropp_ipbanlist_reasons(struct ropp_session *session, struct ropp_texts *reasons);

#endif
