// SPDX-License-Identifier: MIT
/* What a user names to be banned, found or listed: a prefix, or one address. */
#ifndef ROPP_TOOLS_BAN_TARGET_H
#define ROPP_TOOLS_BAN_TARGET_H

#include <stdbool.h>

#include "core/addr.h"
#include "tools/database/connect.h"

struct ropp_ban_target {
    struct ropp_prefix prefix;
    char text[ROPP_PREFIX_TEXT]; /* the prefix's */
    bool widened;                /* from one IPv6 address */
};

/* Reads ADDRESS/LENGTH, or an address: an IPv4 one alone, of an IPv6 one its /64, which is what one
 * household has. False with a message that names the right prefix when there are bits behind it. */
bool ropp_target_prefix(const char *text, struct ropp_ban_target *target);

/* Reads one address. False with a message. */
bool ropp_target_address(const char *text, struct ropp_addr *addr);

/* The condition of entries of this very prefix (tools/database/query.h). */
const char *ropp_target_sql(struct ropp_session *session, const struct ropp_ban_target *target);

#endif
