// SPDX-License-Identifier: MIT
/* Whether the origin is hidden. */
#include <errno.h>
#include <ifaddrs.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/hop/check.h"
#include "tools/hop/dial.h"
#include "tools/player/link.h"

#define CHECK "hidden"

static bool has_address(const struct ifaddrs *interface, const struct ropp_addr *addr)
{
    const struct ropp_hostport wanted = ropp_dial_at(addr, 0);
    struct ropp_hostport own = {.length = wanted.length};
    struct ropp_addr address;

    if (interface->ifa_addr == NULL || interface->ifa_addr->sa_family != wanted.any.sa_family)
        return false;
    memcpy(&own.address, interface->ifa_addr, wanted.length);
    address = ropp_dial_addr(&own);
    return ropp_addr_equal(&address, addr);
}

/* Whether this machine has the address itself: then no packet filter is in between. */
static bool is_own(const struct ropp_addr *addr)
{
    struct ifaddrs *list = NULL;
    bool own = false;

    if (getifaddrs(&list) != 0)
        return false;
    for (const struct ifaddrs *one = list; one && !own; one = one->ifa_next)
        own = has_address(one, addr);
    freeifaddrs(list);
    return own;
}

/* A connection for every game port at every public address that is not this machine's. */
static struct ropp_link *make_links(struct ropp_check *check, size_t *count)
{
    const struct ropp_origin *origin = &check->network->origin;
    struct ropp_link *links = NULL;

    for (size_t i = 0; i < origin->public.count; i++) {
        const struct ropp_addr *addr = &origin->public.items[i];

        if (is_own(addr)) {
            char text[ROPP_ADDR_TEXT];

            ropp_addr_format(addr, text);
            ropp_findings_unasked(&check->findings, "origin", CHECK,
                                  ropp_copy_text(text, strlen(text)),
                                  ropp_format("this machine has that address: look from another"));
            continue;
        }
        for (size_t role = 0; role < ROPP_ROLES; role++)
            for (size_t k = 0; k < origin->ports[role].count; k++) {
                links = ropp_grow(links, *count, sizeof *links);
                links[(*count)++] =
                    (struct ropp_link){.to = ropp_dial_at(addr, origin->ports[role].items[k]),
                                       .timeout_ms = check->timeout_ms,
                                       .fd = -1};
            }
    }
    return links;
}

/* Whether something on the way has answered, or nothing has: a connection that never left this machine,
 * which has no route to IPv6, says nothing of who else gets there. */
static bool has_tried(const struct ropp_link *link)
{
    return link->connected_ms != 0 || link->end == ROPP_LINK_TIMED_OUT ||
           link->error == ECONNREFUSED || link->error == ECONNRESET ||
           link->error == EHOSTUNREACH || link->error == ETIMEDOUT;
}

static void take(struct ropp_check *check, const struct ropp_link *link)
{
    const bool open = link->connected_ms != 0;
    char at[ROPP_HOSTPORT_TEXT];

    ropp_hostport_format(&link->to, at);
    if (!has_tried(link)) {
        ropp_findings_unasked(&check->findings, "origin", CHECK, ropp_copy_text(at, strlen(at)),
                              ropp_format("%s: look from a machine that gets there",
                                          strerror(link->error)));
        return;
    }
    ropp_findings_add(&check->findings, "origin", CHECK, ropp_copy_text(at, strlen(at)),
                      ropp_format("%s", open ? "OPEN TO EVERYBODY" : "closed, as it should be"),
                      open ? ropp_format(
                                 "load origin/nftables.conf there: players must come by hops")
                           : NULL);
}

bool ropp_check_hidden(struct ropp_check *check)
{
    size_t count = 0;
    struct ropp_link *links = make_links(check, &count);
    const bool ok = ropp_link_run(links, count, NULL, NULL);

    for (size_t i = 0; i < count; i++) {
        if (ok)
            take(check, &links[i]);
        ropp_link_free(&links[i]);
    }
    free(links);
    if (ok && check->network->origin.public.count == 0)
        ropp_findings_unasked(&check->findings, "origin", CHECK, NULL,
                              ropp_format("write public = in [origin]"));
    return ok || ropp_error("cannot check the origin: %s", strerror(errno));
}
