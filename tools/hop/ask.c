// SPDX-License-Identifier: MIT
#include "tools/hop/ask.h"

#include <stdlib.h>

#include "tools/edge/haproxyapi.h"
#include "tools/hop/dial.h"

const char *ropp_ask_none(const struct ropp_hop *hop)
{
    if (hop->kind != ROPP_HOP_HAPROXY)
        return "nginx has no runtime API";
    if (!ropp_has_tunnel(hop))
        return "the hop has no tunnel of its own, where its proxy could be asked";
    return hop->control == 0 ? "control = off" : NULL;
}

bool ropp_ask_open(struct ropp_haproxy *haproxy, const struct ropp_network *network,
                   const struct ropp_hop *hop, int timeout_ms, char **trouble)
{
    char *at = ropp_dial_text(&hop->tunnel, hop->control);
    const bool good = ropp_haproxy_open(haproxy, at, timeout_ms);

    if (!good)
        *trouble = ropp_ask_trouble(haproxy, network, hop);
    free(at);
    return good;
}

char *ropp_ask_trouble(const struct ropp_haproxy *haproxy, const struct ropp_network *network,
                       const struct ropp_hop *hop)
{
    char *at = ropp_dial_text(&hop->tunnel, hop->control), origin[ROPP_ADDR_TEXT];
    char *text;

    ropp_addr_format(&network->origin.address, origin);
    text = ropp_format("its HAProxy at %s: %s (it answers the origin, %s, and nobody else)", at,
                       haproxy->trouble, origin);
    free(at);
    return text;
}
