// SPDX-License-Identifier: MIT
/* A hop's HAProxy. For every game port there is a backend with the ways to the origin, a frontend
 * for players, and, if other hops stand behind this one, a frontend for those on the tunnel. */
#include "tools/hop/render.h"

#include <inttypes.h>

static const char general[] =
    "global\n"
    "    # Root opens the ports, and nothing that players send is read by it.\n"
    "    user haproxy\n"
    "    group haproxy\n"
    "    log stdout format raw local0\n"
    "    stats socket " ROPP_HOP_SOCKET " user haproxy group haproxy mode 660 level admin\n"
    "\n"
    "defaults\n"
    "    mode tcp\n"
    "    log global\n"
    "    option tcplog\n"
    "    option dontlognull\n"
    "    # A player may stand still for hours; who is gone is found by keepalive.\n"
    "    timeout client 24h\n"
    "    timeout server 24h\n"
    "    timeout client-fin 10s\n"
    "    timeout connect 3s\n"
    "    option clitcpka\n"
    "    clitcpka-idle 60s\n"
    "    clitcpka-intvl 15s\n"
    "    clitcpka-cnt 4\n"
    "    option srvtcpka\n"
    "    srvtcpka-idle 60s\n"
    "    srvtcpka-intvl 15s\n"
    "    srvtcpka-cnt 4\n"
    "    # Who has left meanwhile is not sent on: a login that comes late would throw the player\n"
    "    # out, who plays by another hop by then.\n"
    "    option abortonclose\n"
    "    # A way that does not answer is left, and its sessions with it.\n"
    "    option redispatch 1\n"
    "    retries 2\n"
    "    default-server inter 2s fastinter 500ms downinter 1s rise 2 fall 3\n"
    "    default-server on-marked-down shutdown-sessions\n"
    "    # What the game has sent an address counts while the session lasts, not only at its end.\n"
    "    option contstats\n"
    "\n"
    "# What one address (of IPv6, one network) has open, begins in ten seconds and in a minute, "
    "and\n"
    "# has been sent within an hour, on all ports.\n"
    "backend players\n"
    "    stick-table type ipv6 size 1m expire 1h "
    "store conn_cur,conn_rate(10s),gpc0_rate(1m),bytes_out_rate(1h)\n"
    "\n"
    "# What begins on each port in ten seconds, of all addresses.\n"
    "backend arrivals\n"
    "    stick-table type integer size 1k expire 1m store conn_rate(10s)\n";

/* More than forty refused logins are answered with, and less than who enters the game is sent. */
#define PLAYED_BYTES 1024

/* Who has not spoken yet takes a connection of the frontend, but none of the origin. */
#define WAITING_FACTOR 2

/* A game port of a hop. */
struct port {
    const struct ropp_network *network;
    size_t hop;
    const char *name;
    uint16_t number;
};

static void render_bind(const struct ropp_addr *addr, uint16_t port, struct ropp_buffer *out)
{
    ropp_buffer_text(out, "    bind ");
    ropp_render_host(out, addr);
    ropp_buffer_format(out, ":%u\n", port);
}

/* What one address may begin. An attacker gets next to nothing back from the game, and is soon
 * refused here, as long as it goes on. */
static void render_address_limits(const struct ropp_hop *hop, struct ropp_buffer *out)
{
    ropp_buffer_format(
        out,
        "    acl played sc0_bytes_out_rate(players) ge %d\n"
        "    tcp-request connection reject if { src -f %s }\n"
        "    tcp-request connection track-sc0 src,ipmask(32,64) table players\n"
        "    tcp-request connection sc-inc-gpc0(0)\n"
        "    tcp-request connection reject if { sc0_conn_cur(players) gt %" PRIu64 " }\n"
        "    tcp-request connection reject if { sc0_conn_rate(players) gt %" PRIu64 " }\n"
        "    # Who has not played by this hop within the hour may try so often in a minute.\n"
        "    tcp-request connection reject if !played { sc0_gpc0_rate(players) gt %" PRIu64 " }\n",
        PLAYED_BYTES, ropp_hop_bans(hop), hop->connections, hop->rate, hop->tries);
}

/* What all players together may ask of the origin, so that an attack at this hop is none at the
 * others, and does not keep out who has played here. */
static void render_limits(const struct port *port, struct ropp_buffer *out)
{
    const struct ropp_hop *hop = &port->network->hops[port->hop];
    uint64_t all = hop->arrivals * ROPP_HOP_ARRIVALS_S, strangers = (all + 1) / 2;

    if (hop->wait != 0)
        ropp_buffer_format(out,
                           "    # A player speaks first. Who does not never reaches the origin.\n"
                           "    tcp-request inspect-delay %" PRIu64 "s\n"
                           "    tcp-request content reject unless { req.len gt 0 }\n",
                           hop->wait);
    ropp_buffer_format(
        out,
        "    tcp-request content reject if { be_conn(to-%s) ge %" PRIu64 " }\n"
        "    tcp-request content reject if { fe_id,table_conn_rate(arrivals) ge %" PRIu64 " }\n"
        "    # Half of them are kept for who has played.\n"
        "    tcp-request content reject if !played { fe_id,table_conn_rate(arrivals) ge %" PRIu64
        " }\n"
        "    tcp-request content track-sc1 fe_id table arrivals\n",
        port->name, hop->sessions, all, strangers);
}

static void render_players(const struct port *port, struct ropp_buffer *out)
{
    const struct ropp_hop *hop = &port->network->hops[port->hop];

    ropp_buffer_format(out, "\nfrontend %s\n", port->name);
    for (size_t i = 0; i < hop->bind.count; i++)
        render_bind(&hop->bind.items[i], port->number, out);
    ropp_buffer_format(
        out,
        "    # Full, it keeps nobody from the other ports, and no hop from its checks.\n"
        "    maxconn %" PRIu64 "\n"
        "    unique-id-format %%[uuid()]\n",
        WAITING_FACTOR * hop->sessions);
    render_address_limits(hop, out);
    render_limits(port, out);
    ropp_buffer_format(out, "    default_backend to-%s\n", port->name);
}

/* Players of the hops behind this one: those are believed, and nobody else is. */
static void render_hops(const struct port *port, struct ropp_buffer *out)
{
    const struct ropp_network *network = port->network;
    struct ropp_buffer sources = {0};

    for (size_t i = 0; i < network->count; i++)
        if (ropp_hop_goes_through(network, i, port->hop)) {
            ropp_buffer_text(&sources, " ");
            ropp_render_addr(&sources, &network->hops[i].tunnel);
        }
    if (sources.size) {
        ropp_buffer_format(out, "\nfrontend %s-hops\n", port->name);
        render_bind(&network->hops[port->hop].tunnel, port->number, out);
        ropp_buffer_format(out,
                           "    unique-id-format %%[uuid()]\n"
                           "    tcp-request connection reject unless { src%s }\n"
                           "    tcp-request connection expect-proxy layer4\n"
                           "    default_backend to-%s\n",
                           sources.data, port->name);
    }
    ropp_buffer_free(&sources);
}

/* By the address that the origin and other hops know. */
static void render_source(const struct ropp_hop *hop, struct ropp_buffer *out)
{
    if (!ropp_hop_owns_tunnel(hop))
        return;
    ropp_buffer_text(out, "    source ");
    ropp_render_addr(out, &hop->tunnel);
    ropp_buffer_text(out, "\n");
}

/* A way through another hop is as good as that hop's own ways, for which it answers on its port of
 * figures. */
static void render_watch(const struct port *port, struct ropp_buffer *out)
{
    const struct ropp_network *network = port->network;
    const struct ropp_hop *hop = &network->hops[port->hop];

    ropp_buffer_format(out, "\nbackend up-%s\n    mode http\n    option httpchk GET /up/%s\n",
                       port->name, port->name);
    render_source(hop, out);
    for (size_t i = 0; i < hop->way_count; i++) {
        if (hop->ways[i] == ROPP_WAY_DIRECT)
            continue;
        ropp_buffer_format(out, "    server %s ", ropp_way_name(network, hop->ways[i]));
        ropp_render_host(out, ropp_way_address(network, hop->ways[i]));
        ropp_buffer_format(out, ":%u check\n", network->hops[hop->ways[i]].metrics);
    }
}

/* The way that the owner prefers comes first, whatever the order below: as long as it is up. */
static void render_preferred(const struct port *port, struct ropp_buffer *out)
{
    const struct ropp_hop *hop = &port->network->hops[port->hop];

    for (size_t i = 0; i < hop->way_count && hop->way_count > 1; i++) {
        const char *name = ropp_way_name(port->network, hop->ways[i]);

        ropp_buffer_format(out, "    use-server %s if { srv_is_up(" ROPP_HOP_PREFERRED "/%s) }\n",
                           name, name);
    }
}

static void render_ways(const struct port *port, struct ropp_buffer *out)
{
    const struct ropp_network *network = port->network;
    const struct ropp_hop *hop = &network->hops[port->hop];
    bool through = false;

    ropp_buffer_format(out,
                       "\nbackend to-%s\n"
                       "    # The player's address goes along, in a header with a checksum.\n"
                       "    default-server send-proxy-v2 proxy-v2-options crc32c,unique-id\n",
                       port->name);
    render_source(hop, out);
    render_preferred(port, out);
    for (size_t i = 0; i < hop->way_count; i++) {
        const char *name = ropp_way_name(network, hop->ways[i]);

        ropp_buffer_format(out, "    server %s ", name);
        ropp_render_host(out, ropp_way_address(network, hop->ways[i]));
        ropp_buffer_format(out, ":%u", port->number);
        if (hop->ways[i] == ROPP_WAY_DIRECT)
            ropp_buffer_text(out, " check check-send-proxy observe layer4 error-limit 3 "
                                  "on-error fastinter");
        else
            ropp_buffer_format(out, " track up-%s/%s", port->name, name);
        ropp_buffer_text(out, i ? " backup\n" : "\n");
        through |= hop->ways[i] != ROPP_WAY_DIRECT;
    }
    if (through)
        render_watch(port, out);
}

static void render_port(const struct port *port, struct ropp_buffer *out)
{
    render_players(port, out);
    render_hops(port, out);
    render_ways(port, out);
}

static void render_answer(const struct port *port, struct ropp_buffer *out)
{
    ropp_buffer_format(out,
                       "    http-request return status 200 if { path /up/%s } "
                       "{ nbsrv(to-%s) gt 0 }\n",
                       port->name, port->name);
}

static void each_port(const struct ropp_network *network, size_t hop, struct ropp_buffer *out,
                      void (*render)(const struct port *port, struct ropp_buffer *out))
{
    for (size_t role = 0; role < ROPP_ROLES; role++)
        for (size_t i = 0; i < network->origin.ports[role].count; i++) {
            struct ropp_buffer name = {0};
            struct port port = {network, hop, NULL, network->origin.ports[role].items[i]};

            ropp_render_port_name(&name, network, role, i);
            port.name = name.data;
            render(&port, out);
            ropp_buffer_free(&name);
        }
}

/* A switch for each way, which the runtime API can turn while everybody plays. */
static void render_switches(const struct ropp_network *network, const struct ropp_hop *hop,
                            struct ropp_buffer *out)
{
    if (hop->way_count < 2)
        return;
    ropp_buffer_text(out,
                     "\n# Nobody is sent here. A way whose switch is on comes before the others;\n"
                     "# `ropp hop measure --prefer` turns them.\n"
                     "backend " ROPP_HOP_PREFERRED "\n");
    for (size_t i = 0; i < hop->way_count; i++)
        ropp_buffer_format(out, "    server %s 127.0.0.1:1 disabled\n",
                           ropp_way_name(network, hop->ways[i]));
}

/* The runtime API on the tunnel. Who may use it could do anything with this proxy, so that it is
 * not there where the hop is seen by an address that players dial. */
static void render_control(const struct ropp_network *network, const struct ropp_hop *hop,
                           struct ropp_buffer *out)
{
    if (!ropp_hop_has_control(hop))
        return;
    ropp_buffer_text(out, "\n# The runtime API, for the origin alone.\n"
                          "listen control\n"
                          "    option dontlog-normal\n"
                          "    timeout client 1m\n"
                          "    timeout server 1m\n");
    render_bind(&hop->tunnel, hop->control, out);
    ropp_buffer_text(out, "    tcp-request connection reject unless { src ");
    ropp_render_addr(out, &network->origin.address);
    ropp_buffer_text(out, " }\n    server self unix@" ROPP_HOP_SOCKET "\n");
}

void ropp_render_haproxy(const struct ropp_network *network, size_t hop, struct ropp_buffer *out)
{
    ropp_buffer_text(out, general);
    each_port(network, hop, out, render_port);
    render_switches(network, &network->hops[hop], out);
    render_control(network, &network->hops[hop], out);
    ropp_buffer_text(out,
                     "\n# What the tunnel may ask: figures, and whether a game port has a way.\n"
                     "frontend figures\n"
                     "    mode http\n"
                     "    timeout client 10s\n");
    render_bind(&network->hops[hop].tunnel, network->hops[hop].metrics, out);
    ropp_buffer_text(out,
                     "    http-request use-service prometheus-exporter if { path /metrics }\n");
    each_port(network, hop, out, render_answer);
    ropp_buffer_text(out, "    http-request return status 503\n");
}
