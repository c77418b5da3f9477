// SPDX-License-Identifier: MIT
/* The settings of the emulator behind a network (docs/SETTINGS.md). */
#include "tools/hop/render.h"

/* Adds each value between `open` and `close`, with a comma between them. */
struct list {
    struct ropp_buffer *out;
    const char *quote;
    bool follows;
};

static void add_addr(struct list *list, const struct ropp_addr *addr)
{
    ropp_buffer_format(list->out, "%s%s", list->follows ? ", " : "", list->quote);
    ropp_render_addr(list->out, addr);
    ropp_buffer_text(list->out, list->quote);
    list->follows = true;
}

static void add_trusted(const struct ropp_network *network, struct list *list)
{
    for (size_t i = 0; i < network->count; i++)
        if (ropp_hop_is_direct(&network->hops[i]))
            add_addr(list, &network->hops[i].tunnel);
}

/* The other servers on this machine. Those whose login_ip and char_ip are not set dial each other by
 * the machine's first address, which mostly is the public one. */
static void add_direct(const struct ropp_network *network, struct list *list)
{
    const struct ropp_origin *origin = &network->origin;
    const struct ropp_addr self = ropp_addr_v4(0x7f000001);

    add_addr(list, &self);
    add_addr(list, &origin->address);
    for (size_t i = 0; i < origin->public.count; i++)
        if (!ropp_addr_equal(&origin->public.items[i], &origin->address))
            add_addr(list, &origin->public.items[i]);
}

/* The address by which players of a hop dial the next server, when what the header names is not it:
 * behind NAT, or IPv6, of which the game's packets have none. NULL: the header's will do. */
static const struct ropp_addr *route_for(const struct ropp_hop *hop, size_t index)
{
    if (hop->bind.items[index].family == ROPP_FAMILY_INET &&
        ropp_addr_equal(&hop->bind.items[index], &hop->public.items[index]))
        return NULL;
    if (hop->public.items[index].family == ROPP_FAMILY_INET)
        return &hop->public.items[index];
    for (size_t i = 0; i < hop->public.count; i++)
        if (hop->public.items[i].family == ROPP_FAMILY_INET)
            return &hop->public.items[i];
    return NULL;
}

/* Calls render for each route: for players who dialled `from`, by `to`. */
static void each_route(const struct ropp_network *network, struct list *list,
                       void (*render)(struct list *list, const struct ropp_addr *from,
                                      const struct ropp_addr *to))
{
    for (size_t i = 0; i < network->count; i++)
        for (size_t k = 0; k < network->hops[i].bind.count; k++) {
            const struct ropp_addr *to = route_for(&network->hops[i], k);

            if (to)
                render(list, &network->hops[i].bind.items[k], to);
        }
}

static void render_route(struct ropp_buffer *out, const struct ropp_addr *from,
                         const struct ropp_addr *to)
{
    ropp_render_addr(out, from);
    ropp_buffer_text(out, " char=");
    ropp_render_addr(out, to);
    ropp_buffer_text(out, " map=");
    ropp_render_addr(out, to);
}

/* What the setting that comes next is for. */
static void render_comment(struct ropp_buffer *out, const char *indent, const char *text)
{
    ropp_buffer_format(out, "%s// %s\n%s", indent, text, indent);
}

static const char about_mode[] = "Proxies alone may connect.";
static const char about_trusted[] = "The hops: their connections must begin with a header.";
static const char about_direct[] = "The servers on this machine; add those on other machines.";
static const char about_hide[] = "Players are sent no address but their hop's.";
static const char about_connlog[] = "What the table proxy_connlog gets.";
static const char about_route[] =
    "Hops that see another address than players dial: what those are sent.";

static void rathena_route(struct list *list, const struct ropp_addr *from,
                          const struct ropp_addr *to)
{
    if (!list->follows) {
        ropp_buffer_text(list->out, "\n");
        render_comment(list->out, "", about_route);
    }
    list->follows = true;
    ropp_buffer_text(list->out, "proxy_route: ");
    render_route(list->out, from, to);
    ropp_buffer_text(list->out, "\n");
}

void ropp_render_rathena(const struct ropp_network *network, size_t hop, struct ropp_buffer *out)
{
    struct list list = {out, "", false};

    (void)hop;
    render_comment(out, "", about_mode);
    ropp_buffer_text(out, "proxy_protocol: strict\n\n");
    render_comment(out, "", about_trusted);
    ropp_buffer_text(out, "proxy_trusted: ");
    add_trusted(network, &list);
    ropp_buffer_text(out, "\n\n");
    render_comment(out, "", about_direct);
    ropp_buffer_text(out, "proxy_direct: ");
    list.follows = false;
    add_direct(network, &list);
    ropp_buffer_text(out, "\n\n");
    render_comment(out, "", about_hide);
    ropp_buffer_text(out, "proxy_hide_origin: on\n");
    if (network->origin.connlog) {
        ropp_buffer_text(out, "\n");
        render_comment(out, "", about_connlog);
        ropp_buffer_format(out, "proxy_connlog: %s\n", network->origin.connlog);
    }
    list.follows = false;
    each_route(network, &list, rathena_route);
}

static void hercules_route(struct list *list, const struct ropp_addr *from,
                           const struct ropp_addr *to)
{
    if (!list->follows) {
        ropp_buffer_text(list->out, "\n");
        render_comment(list->out, "    ", about_route);
    }
    ropp_buffer_text(list->out, list->follows ? ", \"" : "proxy_route: [\"");
    render_route(list->out, from, to);
    ropp_buffer_text(list->out, "\"");
    list->follows = true;
}

void ropp_render_hercules(const struct ropp_network *network, size_t hop, struct ropp_buffer *out)
{
    struct list list = {out, "\"", false};

    (void)hop;
    ropp_buffer_text(out, "proxy_protocol: {\n");
    render_comment(out, "    ", about_mode);
    ropp_buffer_text(out, "mode: \"strict\"\n\n");
    render_comment(out, "    ", about_trusted);
    ropp_buffer_text(out, "proxy_trusted: [");
    add_trusted(network, &list);
    ropp_buffer_text(out, "]\n\n");
    render_comment(out, "    ", about_direct);
    ropp_buffer_text(out, "proxy_direct: [");
    list.follows = false;
    add_direct(network, &list);
    ropp_buffer_text(out, "]\n\n");
    render_comment(out, "    ", about_hide);
    ropp_buffer_text(out, "proxy_hide_origin: \"on\"\n");
    if (network->origin.connlog) {
        ropp_buffer_text(out, "\n");
        render_comment(out, "    ", about_connlog);
        ropp_buffer_format(out, "proxy_connlog: \"%s\"\n", network->origin.connlog);
    }
    list.follows = false;
    each_route(network, &list, hercules_route);
    ropp_buffer_text(out, list.follows ? "]\n}\n" : "}\n");
}
