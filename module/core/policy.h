// SPDX-License-Identifier: MIT
/* The peer policy: what may come from whom.
 *
 *   peer is    | on                                   | strict
 *   trusted    | a header, or closed                  | the same
 *   direct     | as the stock emulator                | as the stock emulator
 *   both       | a header, or a server's login first  | the same
 *   neither    | as the stock emulator                | closed at accept
 *
 * A header from a peer that is not trusted is never believed (PROXY protocol specification, section
 * 2: only the proxies that the receiver was configured for may send it). It is only recognised, so
 * that the log can name the commonest mistake. With mode off nothing is looked at. */
#ifndef ROPP_CORE_POLICY_H
#define ROPP_CORE_POLICY_H

#include <stddef.h>

#include "core/addr.h"

enum ropp_mode { ROPP_MODE_OFF, ROPP_MODE_ON, ROPP_MODE_STRICT };

struct ropp_prefix_list {
    const struct ropp_prefix *items; /* the owner's; not freed here */
    size_t count;
};

struct ropp_policy {
    enum ropp_mode mode;
    struct ropp_prefix_list trusted; /* peers whose connections carry a header */
    struct ropp_prefix_list direct; /* peers that may connect without one: servers of the cluster */
};

enum ropp_verdict {
    ROPP_VERDICT_STOCK,  /* nobody looks at it */
    ROPP_VERDICT_DIRECT, /* as the stock emulator, unless it begins with a header */
    ROPP_VERDICT_HEADER, /* a header must come first */
    ROPP_VERDICT_EITHER, /* a header, or the login of a server */
    ROPP_VERDICT_REFUSE  /* to be closed at once */
};

enum ropp_verdict ropp_policy_judge(const struct ropp_policy *policy, const struct ropp_addr *peer);

/* Whether an address is a proxy's. */
bool ropp_policy_trusts(const struct ropp_policy *policy, const struct ropp_addr *addr);

/* Whether a peer is in either list: a proxy or a server of the owner's, whom no ban is meant for.
 */
bool ropp_policy_knows(const struct ropp_policy *policy, const struct ropp_addr *peer);

#endif
