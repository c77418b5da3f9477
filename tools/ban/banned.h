// SPDX-License-Identifier: MIT
/* What is banned now, for programs that know neither allowances nor ends. */
#ifndef ROPP_TOOLS_BAN_BANNED_H
#define ROPP_TOOLS_BAN_BANNED_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/database/connect.h"
#include "tools/lists/aggregate.h"

/* Whether this names the emulator's own table. */
bool ropp_banned_is_ipbanlist(const char *source);

/* Adds the banned prefixes of a list (NULL: of all, and of ipbanlist) to `banned`, which is empty,
 * as ropp_flatten leaves them; and how many of the bans are of stand-ins, which no other program can
 * know. False when a statement failed (ropp_session_error). */
bool ropp_banned_read(struct ropp_session *session, const char *source,
                      struct ropp_prefix_set *banned, uint64_t *standins);

#endif
