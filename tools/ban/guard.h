// SPDX-License-Identifier: MIT
/* Bans that would hit those who set them: private networks, half of the Internet, own servers. */
#ifndef ROPP_TOOLS_BAN_GUARD_H
#define ROPP_TOOLS_BAN_GUARD_H

#include <stdbool.h>

#include "core/addr.h"
#include "tools/database/connect.h"

/* Whether nobody's network is that large: shorter than ROPP_LIST_WIDE_V4 or _V6 (listfile.h). */
bool ropp_guard_wide(const struct ropp_prefix *prefix);

/* Whether it is one address of 240.0.0.0/4: the stand-in of an IPv6 player (core/standin.h). */
bool ropp_guard_standin(const struct ropp_prefix *prefix);

/* Whether some of the prefix is private (private.h); *part is it, or the first prefix of it. A
 * stand-in is a player's. */
bool ropp_guard_private(const struct ropp_prefix *prefix, struct ropp_prefix *part);

/* Refuses, with a message, prefixes that have an address of a server of `proxy_status`, by its host
 * name; a host that this machine knows no address of is in none. `what` is what the user has
 * named, and `advice` what to do. Returns the exit status. */
int ropp_guard_servers(struct ropp_session *session, const struct ropp_prefix *prefixes,
                       size_t count, const char *what, const char *advice);

#endif
