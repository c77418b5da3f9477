// SPDX-License-Identifier: MIT
#include "tools/hop/ways.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/decimal.h"
#include "tools/hop/ask.h"
#include "tools/hop/render.h"
#include "tools/hop/stat.h"

/* -- what HAProxy says ------------------------------------------------------- */

/* A number in `show stat`; -1 where it has none. */
static int64_t number_of(const char *stat, const char *proxy, const char *server,
                         const char *column)
{
    struct ropp_buffer cell = {0};
    uint64_t number = 0;
    bool good = ropp_stat_find(stat, proxy, server, column, &cell) &&
                ropp_decimal_read(cell.data, 0, INT32_MAX, &number);

    ropp_buffer_free(&cell);
    return good ? (int64_t)number : -1;
}

/* Whether a server is up; else adds "login: DOWN, L4TOUT" to the trouble. */
static bool is_up(const char *stat, const char *port, const char *proxy, const char *check,
                  const char *server, struct ropp_buffer *trouble)
{
    struct ropp_buffer status = {0}, why = {0};
    const bool known = ropp_stat_find(stat, proxy, server, "status", &status);
    const bool up = known && strncmp(status.data, "UP", 2) == 0;

    if (!up)
        ropp_buffer_format(trouble, "%s%s: %s", trouble->size ? "; " : "", port,
                           known ? status.data : "HAProxy has no such way: render it again");
    if (!up && ropp_stat_find(stat, check, server, "check_status", &why) && why.size)
        ropp_buffer_format(trouble, ", %s", why.data);
    ropp_buffer_free(&status);
    ropp_buffer_free(&why);
    return up;
}

/* What a check took. One of a way through another hop goes there and back twice: for the connection
 * and for the answer. */
static int64_t step_of(const char *stat, const char *check, const char *server, bool direct)
{
    const int64_t ms = number_of(stat, check, server, "check_duration");

    return direct || ms < 0 ? ms : (ms + 1) / 2;
}

/* Takes one port of a way in. */
static void take_port(const char *stat, const char *port, const char *server, bool direct,
                      struct ropp_way *way, struct ropp_buffer *trouble)
{
    char *proxy = ropp_format("to-%s", port);
    char *check = direct ? ropp_format("%s", proxy) : ropp_format("up-%s", port);
    const int64_t sessions = number_of(stat, proxy, server, "scur");

    if (is_up(stat, port, proxy, check, server, trouble)) {
        const int64_t ms = step_of(stat, check, server, direct);

        /* The ports share the network; what one takes longer is the machine's. */
        if (ms >= 0 && (way->step_ms < 0 || ms < way->step_ms))
            way->step_ms = ms;
    } else {
        way->up = false;
    }
    way->sessions += sessions > 0 ? (uint64_t)sessions : 0;
    free(proxy);
    free(check);
}

static void take_way(const struct ropp_network *network, const char *stat, size_t leads_to,
                     struct ropp_way *way)
{
    const char *server = ropp_way_name(network, leads_to);
    struct ropp_buffer trouble = {0}, status = {0};

    *way = (struct ropp_way){.up = true, .step_ms = -1, .whole_ms = -1};
    for (size_t role = 0; role < ROPP_ROLES; role++)
        for (size_t i = 0; i < network->origin.ports[role].count; i++) {
            struct ropp_buffer port = {0};

            ropp_render_port_name(&port, network, role, i);
            take_port(stat, port.data, server, leads_to == ROPP_WAY_DIRECT, way, &trouble);
            ropp_buffer_free(&port);
        }
    if (trouble.size)
        way->trouble = ropp_buffer_take(&trouble);
    if (!way->up)
        way->step_ms = -1;
    way->preferred = ropp_stat_find(stat, ROPP_HOP_PREFERRED, server, "status", &status) &&
                     strncmp(status.data, "MAINT", 5) != 0;
    ropp_buffer_free(&status);
}

/* -- all of them ------------------------------------------------------------- */

void ropp_ways_begin(struct ropp_ways *ways, size_t hops)
{
    *ways = (struct ropp_ways){
        .items = ropp_alloc(hops * ROPP_HOP_WAYS, sizeof *ways->items),
        .troubles = ropp_alloc(hops, sizeof *ways->troubles),
        .count = hops,
    };
    for (size_t i = 0; i < hops * ROPP_HOP_WAYS; i++)
        ways->items[i] = (struct ropp_way){.step_ms = -1, .whole_ms = -1};
}

void ropp_ways_free(struct ropp_ways *ways)
{
    for (size_t i = 0; i < ways->count * ROPP_HOP_WAYS; i++)
        free(ways->items[i].trouble);
    for (size_t i = 0; i < ways->count; i++)
        free(ways->troubles[i]);
    free(ways->items);
    free(ways->troubles);
    *ways = (struct ropp_ways){.items = NULL};
}

struct ropp_way *ropp_ways_of(const struct ropp_ways *ways, size_t hop)
{
    return &ways->items[hop * ROPP_HOP_WAYS];
}

void ropp_ways_take(const struct ropp_network *network, struct ropp_ways *ways, size_t hop,
                    const char *stat)
{
    const struct ropp_hop *self = &network->hops[hop];

    for (size_t i = 0; i < self->way_count; i++)
        take_way(network, stat, self->ways[i], &ropp_ways_of(ways, hop)[i]);
}

size_t ropp_ways_taken(const struct ropp_network *network, const struct ropp_ways *ways, size_t hop)
{
    const struct ropp_way *items = ropp_ways_of(ways, hop);
    const size_t count = network->hops[hop].way_count;

    for (size_t i = 0; i < count; i++)
        if (items[i].preferred && items[i].up)
            return i;
    for (size_t i = 0; i < count; i++)
        if (items[i].up)
            return i;
    return count;
}

/* A description has no circles, and only so many hops. */
static int64_t whole_of(const struct ropp_network *network, const struct ropp_ways *ways,
                        size_t hop, size_t way)
{
    const int64_t step_ms = ropp_ways_of(ways, hop)[way].step_ms;
    const size_t next = network->hops[hop].ways[way];
    int64_t rest_ms;
    size_t taken;

    if (step_ms < 0 || next == ROPP_WAY_DIRECT)
        return step_ms;
    taken = ropp_ways_taken(network, ways, next);
    if (ways->troubles[next] || taken == network->hops[next].way_count)
        return -1;
    rest_ms = whole_of(network, ways, next, taken);
    return rest_ms < 0 ? -1 : step_ms + rest_ms;
}

void ropp_ways_whole(const struct ropp_network *network, struct ropp_ways *ways)
{
    for (size_t i = 0; i < network->count; i++)
        for (size_t k = 0; k < network->hops[i].way_count; k++)
            ropp_ways_of(ways, i)[k].whole_ms = whole_of(network, ways, i, k);
}

/* Asks one hop. Returns a trouble, or NULL. */
static char *read_hop(const struct ropp_network *network, size_t hop, int timeout_ms,
                      struct ropp_ways *ways)
{
    const struct ropp_hop *self = &network->hops[hop];
    const char *none = ropp_ask_none(self);
    struct ropp_haproxy haproxy;
    struct ropp_buffer stat = {0};
    char *trouble = NULL;

    if (none)
        return ropp_copy_text(none, strlen(none));
    if (!ropp_ask_open(&haproxy, network, self, timeout_ms, &trouble))
        return trouble;
    if (ropp_haproxy_ask(&haproxy, "show stat", &stat))
        ropp_ways_take(network, ways, hop, stat.size ? stat.data : "");
    else
        trouble = ropp_ask_trouble(&haproxy, network, self);
    ropp_buffer_free(&stat);
    ropp_haproxy_close(&haproxy);
    return trouble;
}

void ropp_ways_read(const struct ropp_network *network, int timeout_ms, struct ropp_ways *ways)
{
    ropp_ways_begin(ways, network->count);
    for (size_t i = 0; i < network->count; i++)
        ways->troubles[i] = read_hop(network, i, timeout_ms, ways);
    ropp_ways_whole(network, ways);
}

char *ropp_ways_prefer(const struct ropp_network *network, size_t hop, size_t way, int timeout_ms)
{
    const struct ropp_hop *self = &network->hops[hop];
    struct ropp_buffer commands = {0};
    struct ropp_haproxy haproxy;
    char *trouble = NULL;

    if (!ropp_ask_open(&haproxy, network, self, timeout_ms, &trouble))
        return trouble;
    for (size_t i = 0; i < self->way_count; i++)
        ropp_buffer_format(&commands, "set server " ROPP_HOP_PREFERRED "/%s state %s\n",
                           ropp_way_name(network, self->ways[i]), i == way ? "ready" : "maint");
    if (!ropp_haproxy_tell(&haproxy, &commands))
        trouble = ropp_ask_trouble(&haproxy, network, self);
    ropp_buffer_free(&commands);
    ropp_haproxy_close(&haproxy);
    return trouble;
}
