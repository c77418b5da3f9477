// SPDX-License-Identifier: MIT
/* Packet filters for nftables, each a table of its own, so that the machine's other rules stay. */
#include "tools/hop/render.h"

#include <inttypes.h>

/* "{ 6900, 6121, 5121 }" */
static void render_ports(const struct ropp_network *network, struct ropp_buffer *out)
{
    const char *comma = "";

    ropp_buffer_text(out, "{ ");
    for (size_t role = 0; role < ROPP_ROLES; role++)
        for (size_t i = 0; i < network->origin.ports[role].count; i++) {
            ropp_buffer_format(out, "%s%u", comma, network->origin.ports[role].items[i]);
            comma = ", ";
        }
    ropp_buffer_text(out, " }");
}

/* Adds the tunnels of the hops for which `wanted` holds, of one family, with commas. */
static void render_hops(const struct ropp_network *network, enum ropp_family family,
                        bool (*wanted)(const struct ropp_network *network, size_t of, size_t to),
                        size_t to, struct ropp_buffer *out)
{
    for (size_t i = 0; i < network->count; i++)
        if (network->hops[i].tunnel.family == family && wanted(network, i, to)) {
            ropp_buffer_text(out, out->size ? ", " : "");
            ropp_render_addr(out, &network->hops[i].tunnel);
        }
}

static const char *family_word(enum ropp_family family)
{
    return family == ROPP_FAMILY_INET ? "ip" : "ip6";
}

static bool is_direct(const struct ropp_network *network, size_t of, size_t to)
{
    (void)to;
    return ropp_hop_is_direct(&network->hops[of]);
}

/* Lets the hops of one family in to the game's ports: on all addresses, or only on `at`. */
static void render_allowed(const struct ropp_network *network, const struct ropp_addr *at,
                           enum ropp_family family,
                           bool (*wanted)(const struct ropp_network *network, size_t of, size_t to),
                           size_t to, struct ropp_buffer *out)
{
    struct ropp_buffer hops = {0};

    render_hops(network, family, wanted, to, &hops);
    if (hops.size && (at == NULL || at->family == family)) {
        ropp_buffer_format(out, "        %s saddr { %s } ", family_word(family), hops.data);
        if (at) {
            ropp_buffer_format(out, "%s daddr ", family_word(family));
            ropp_render_addr(out, at);
            ropp_buffer_text(out, " ");
        }
        ropp_buffer_text(out, "tcp dport ");
        render_ports(network, out);
        ropp_buffer_text(out, " accept\n");
    }
    ropp_buffer_free(&hops);
}

static void begin_table(const char *name, struct ropp_buffer *out)
{
    ropp_buffer_format(out,
                       "# Loaded again, it replaces itself in one go.\n"
                       "table inet %s\n"
                       "delete table inet %s\n"
                       "table inet %s {\n",
                       name, name, name);
}

static void begin_chain(struct ropp_buffer *out)
{
    ropp_buffer_text(out, "    chain input {\n"
                          "        type filter hook input priority filter; policy accept;\n"
                          "        # Who is in stays in, whatever follows.\n"
                          "        ct state established,related accept\n"
                          "        iifname \"lo\" accept\n");
}

/* The game's ports of the origin are there for hops and for nobody else. */
void ropp_render_origin_firewall(const struct ropp_network *network, size_t hop,
                                 struct ropp_buffer *out)
{
    (void)hop;
    begin_table("ropp_origin", out);
    begin_chain(out);
    render_allowed(network, NULL, ROPP_FAMILY_INET, is_direct, 0, out);
    render_allowed(network, NULL, ROPP_FAMILY_INET6, is_direct, 0, out);
    ropp_buffer_text(out, "        # If servers of yours run on other machines, let them in here.\n"
                          "        tcp dport ");
    render_ports(network, out);
    ropp_buffer_text(out, " drop\n    }\n}\n");
}

/* The first packet of a connection, whether or not the kernel keeps track of it. */
#define BEGINS "tcp flags & (fin | syn | rst | ack) == syn"

/* New connections of one address, or of one IPv6 network, before the proxy sees them. */
static void render_limit(const struct ropp_network *network, const struct ropp_hop *hop,
                         enum ropp_family family, struct ropp_buffer *out)
{
    const char *word = family_word(family);

    ropp_buffer_text(out, "        tcp dport ");
    render_ports(network, out);
    ropp_buffer_format(out,
                       " " BEGINS " update @new_%s { %s saddr%s limit rate over %" PRIu64
                       "/minute burst %" PRIu64 " packets } drop\n",
                       word, word,
                       family == ROPP_FAMILY_INET ? "" : " & ffff:ffff:ffff:ffff::", hop->rate * 6,
                       hop->rate);
}

/* New connections of all addresses, where the proxy counts none. */
static void render_arrivals(const struct ropp_network *network, const struct ropp_hop *hop,
                            struct ropp_buffer *out)
{
    if (hop->kind != ROPP_HOP_NGINX)
        return;
    for (size_t role = 0; role < ROPP_ROLES; role++)
        for (size_t i = 0; i < network->origin.ports[role].count; i++)
            ropp_buffer_format(out,
                               "        tcp dport %u " BEGINS " limit rate over %" PRIu64
                               "/second burst %" PRIu64 " packets drop\n",
                               network->origin.ports[role].items[i], hop->arrivals,
                               hop->arrivals * ROPP_HOP_ARRIVALS_S);
}

/* Players' packets of one family, to the game's ports or, where `answers`, from there. */
static void render_untracked(const struct ropp_network *network, const struct ropp_hop *hop,
                             enum ropp_family family, bool answers, struct ropp_buffer *out)
{
    struct ropp_buffer own = {0};

    for (size_t i = 0; i < hop->bind.count; i++)
        if (hop->bind.items[i].family == family) {
            ropp_buffer_text(&own, own.size ? ", " : "");
            ropp_render_addr(&own, &hop->bind.items[i]);
        }
    if (own.size) {
        ropp_buffer_format(out, "        %s %s { %s } tcp %s ", family_word(family),
                           answers ? "saddr" : "daddr", own.data, answers ? "sport" : "dport");
        render_ports(network, out);
        ropp_buffer_text(out, " notrack\n");
    }
    ropp_buffer_free(&own);
}

/* Thousands of connections a second fill the kernel's table of connections within two minutes, and
 * then nothing new gets through, not even a check of the way to the origin. */
static void render_tracking(const struct ropp_network *network, const struct ropp_hop *hop,
                            struct ropp_buffer *out)
{
    static const struct {
        const char *hook;
        bool answers;
    } chains[] = {{"prerouting", false}, {"output", true}};

    ropp_buffer_text(
        out,
        "    # Players' connections are not tracked, so that an attack cannot fill the table of\n"
        "    # connections. Rules of yours that let players in must not ask for `ct state new`;\n"
        "    # and where the ports are forwarded to the proxy (Docker), take out both chains.\n");
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        ropp_buffer_format(out,
                           "    chain untracked_%s {\n"
                           "        type filter hook %s priority raw; policy accept;\n",
                           chains[i].hook, chains[i].hook);
        render_untracked(network, hop, ROPP_FAMILY_INET, chains[i].answers, out);
        render_untracked(network, hop, ROPP_FAMILY_INET6, chains[i].answers, out);
        ropp_buffer_text(out, "    }\n");
    }
}

static void render_set(const char *word, struct ropp_buffer *out)
{
    ropp_buffer_format(out,
                       "    set new_%s {\n"
                       "        type %s\n"
                       "        size 262144\n"
                       "        flags dynamic,timeout\n"
                       "        timeout 1m\n"
                       "    }\n",
                       word, word[2] == '6' ? "ipv6_addr" : "ipv4_addr");
}

/* Lets the origin, and the hops behind this one, ask for its figures. */
static void render_figures(const struct ropp_network *network, size_t hop, enum ropp_family family,
                           struct ropp_buffer *out)
{
    const struct ropp_addr *origin = &network->origin.address;
    struct ropp_buffer hops = {0};

    if (origin->family == family)
        ropp_render_addr(&hops, origin);
    render_hops(network, family, ropp_hop_goes_through, hop, &hops);
    if (hops.size)
        ropp_buffer_format(out, "        %s saddr { %s } tcp dport %u accept\n",
                           family_word(family), hops.data, network->hops[hop].metrics);
    ropp_buffer_free(&hops);
}

/* The runtime API is for the origin, and not for other hops. */
static void render_control(const struct ropp_network *network, const struct ropp_hop *self,
                           struct ropp_buffer *out)
{
    const struct ropp_addr *origin = &network->origin.address;

    if (!ropp_hop_has_control(self))
        return;
    ropp_buffer_format(out, "        %s saddr ", family_word(origin->family));
    ropp_render_addr(out, origin);
    ropp_buffer_format(out, " tcp dport %u accept\n        tcp dport %u drop\n", self->control,
                       self->control);
}

/* A hop: the tunnel's ports are there for the hops behind it and the origin, and players may not
 * begin more than a limit. */
void ropp_render_hop_firewall(const struct ropp_network *network, size_t hop,
                              struct ropp_buffer *out)
{
    const struct ropp_hop *self = &network->hops[hop];
    const char *word = family_word(self->tunnel.family);

    begin_table("ropp_hop", out);
    render_set("ip", out);
    render_set("ip6", out);
    render_tracking(network, self, out);
    begin_chain(out);
    render_allowed(network, &self->tunnel, self->tunnel.family, ropp_hop_goes_through, hop, out);
    if (ropp_has_tunnel(self)) {
        ropp_buffer_format(out, "        %s daddr ", word);
        ropp_render_addr(out, &self->tunnel);
        ropp_buffer_text(out, " tcp dport ");
        render_ports(network, out);
        ropp_buffer_text(out, " drop\n");
    }
    render_figures(network, hop, ROPP_FAMILY_INET, out);
    render_figures(network, hop, ROPP_FAMILY_INET6, out);
    ropp_buffer_format(out, "        tcp dport %u drop\n", self->metrics);
    render_control(network, self, out);
    render_limit(network, self, ROPP_FAMILY_INET, out);
    render_limit(network, self, ROPP_FAMILY_INET6, out);
    render_arrivals(network, self, out);
    ropp_buffer_text(out, "    }\n}\n");
}
