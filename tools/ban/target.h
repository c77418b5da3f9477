/* What a user names to be banned, found or listed: a prefix, or one address. */
#ifndef ROPP_TOOLS_BAN_TARGET_H
#define ROPP_TOOLS_BAN_TARGET_H

#include <stdbool.h>

#include "core/addr.h"

/* Reads ADDRESS/LENGTH, or an address: an IPv4 one alone, of an IPv6 one its /64, which is what one
 * household has (*widened is set then; it may be NULL). False with a message that names the right
 * prefix when there are bits behind it. */
bool ropp_target_prefix(const char *text, struct ropp_prefix *prefix, bool *widened);

/* Reads one address. False with a message. */
bool ropp_target_address(const char *text, struct ropp_addr *addr);

#endif
