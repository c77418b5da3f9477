// SPDX-License-Identifier: MIT
/* A hop's nginx: for every game port the ways to the origin and a server. It writes headers of
 * version 1, finds a broken way by the connections that fail, and cannot have hops behind it. */
#include "tools/hop/render.h"

#include <inttypes.h>

static void render_ways(const struct ropp_network *network, const struct ropp_hop *hop,
                        const char *name, uint16_t port, struct ropp_buffer *out)
{
    ropp_buffer_format(out, "\n    upstream %s {\n", name);
    for (size_t i = 0; i < hop->way_count; i++) {
        ropp_buffer_text(out, "        server ");
        ropp_render_host(out, ropp_way_address(network, hop->ways[i]));
        ropp_buffer_format(out, ":%u max_fails=2 fail_timeout=5s%s;\n", port, i ? " backup" : "");
    }
    ropp_buffer_text(out, "    }\n");
}

static void render_server(const struct ropp_hop *hop, const char *name, uint16_t port,
                          struct ropp_buffer *out)
{
    ropp_buffer_format(out,
                       "\n    map $banned $to_%s {\n"
                       "        0 %s;\n"
                       "        default nobody;\n"
                       "    }\n"
                       "\n    server {\n",
                       name, name);
    for (size_t i = 0; i < hop->bind.count; i++) {
        ropp_buffer_text(out, "        listen ");
        ropp_render_host(out, &hop->bind.items[i]);
        ropp_buffer_format(out, ":%u so_keepalive=60s:15s:4;\n", port);
    }
    ropp_buffer_format(out,
                       "        limit_conn players %" PRIu64 ";\n"
                       "        limit_conn everybody %" PRIu64 ";\n"
                       "        proxy_pass $to_%s;\n"
                       "    }\n",
                       hop->connections, hop->sessions, name);
}

void ropp_render_nginx(const struct ropp_network *network, size_t hop, struct ropp_buffer *out)
{
    ropp_buffer_text(out, "include /etc/nginx/modules-enabled/*.conf;\n"
                          "worker_processes auto;\n"
                          "# Two for each player; what a service gets are 1024, of all files.\n"
                          "worker_rlimit_nofile 40000;\n"
                          "events {\n"
                          "    worker_connections 16384;\n"
                          "}\n"
                          "stream {\n"
                          "    # The player's address goes along.\n"
                          "    proxy_protocol on;\n"
                          "    # A player may stand still for hours; who is gone is found by "
                          "keepalive.\n"
                          "    proxy_timeout 24h;\n"
                          "    proxy_socket_keepalive on;\n"
                          "    tcp_nodelay on;\n"
                          "    # A way that does not answer is left at once.\n"
                          "    proxy_connect_timeout 3s;\n"
                          "    # Whoever is over a limit is not worth a line in the log.\n"
                          "    limit_conn_log_level info;\n"
                          "    # Who is one: of IPv6 a network of 64 bits, half of the address.\n"
                          "    map $binary_remote_addr $player {\n"
                          "        default $binary_remote_addr;\n"
                          "        \"~(?s)^(?<network>.{8}).{8}\\z\" $network;\n"
                          "    }\n"
                          "    limit_conn_zone $player zone=players:10m;\n"
                          "    # So that an attack at this hop is none at the others.\n"
                          "    limit_conn_zone $server_port zone=everybody:1m;\n"
                          "    geo $banned {\n"
                          "        include ");
    ropp_buffer_text(out, ropp_hop_bans(&network->hops[hop]));
    ropp_buffer_text(out, ";\n"
                          "    }\n"
                          "    # Where banned players are sent: there is nothing.\n"
                          "    upstream nobody {\n"
                          "        server unix:/nonexistent/ropp;\n"
                          "    }\n");
    if (ropp_hop_owns_tunnel(&network->hops[hop])) {
        ropp_buffer_text(out, "    proxy_bind ");
        ropp_render_addr(out, &network->hops[hop].tunnel);
        ropp_buffer_text(out, ";\n");
    }
    for (size_t role = 0; role < ROPP_ROLES; role++)
        for (size_t i = 0; i < network->origin.ports[role].count; i++) {
            const uint16_t port = network->origin.ports[role].items[i];
            struct ropp_buffer name = {0};

            ropp_render_port_name(&name, network, role, i);
            render_ways(network, &network->hops[hop], name.data, port, out);
            render_server(&network->hops[hop], name.data, port, out);
            ropp_buffer_free(&name);
        }
    ropp_buffer_text(out, "}\n");
}
