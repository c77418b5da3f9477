// SPDX-License-Identifier: MIT
/* Networks that no player comes from, but an owner's own servers may: private, shared by a
 * provider, loopback, link-local, multicast, reserved (IANA's special-purpose registries, what is
 * not globally reachable), and for IPv6 everything outside 2000::/3, the only part in use.
 *
 * The networks kept for examples in books (192.0.2.0/24, 2001:db8::/32 and their like) are not
 * among them: nobody has a server there whom a ban could hit. */
#ifndef ROPP_TOOLS_LISTS_PRIVATE_H
#define ROPP_TOOLS_LISTS_PRIVATE_H

#include <stdbool.h>

#include "tools/lists/range.h"

/* Finds the first network of these that has addresses in the range; *out is what it has of it.
 * False when the whole range is public. */
bool ropp_private_first(const struct ropp_range *range, struct ropp_range *out);

#endif
