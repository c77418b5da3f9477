// SPDX-License-Identifier: MIT
/* What a machine of a network needs, as the text of files. */
#ifndef ROPP_TOOLS_HOP_RENDER_H
#define ROPP_TOOLS_HOP_RENDER_H

#include "tools/base/buffer.h"
#include "tools/hop/network.h"

/* HAProxy's runtime API on the hop itself, and the backend whose servers are switches, one a way. */
#define ROPP_HOP_SOCKET    "/run/haproxy/admin.sock"
#define ROPP_HOP_PREFERRED "preferred"

/* One file of one machine. */
struct ropp_hop_file {
    const char *name; /* "haproxy.cfg" */
    const char *goes; /* where it belongs: "/etc/haproxy/haproxy.cfg" */
    const char *sign; /* what begins a comment line: "#" */
    /* Adds its text, without the lines about where it goes. `hop` is its machine; for the origin's
     * own files network->count. */
    void (*render)(const struct ropp_network *network, size_t hop, struct ropp_buffer *out);
    bool (*wanted)(const struct ropp_network *network, size_t hop); /* NULL: always */
    bool secret;                                                    /* nobody else may read it */
};

/* Each ends with a row without a name. */
extern const struct ropp_hop_file ropp_hop_files[];
extern const struct ropp_hop_file ropp_origin_files[];

/* The proxies (haproxy.c, nginx.c). */
void ropp_render_haproxy(const struct ropp_network *network, size_t hop, struct ropp_buffer *out);
void ropp_render_nginx(const struct ropp_network *network, size_t hop, struct ropp_buffer *out);

/* The packet filters (firewall.c). */
void ropp_render_hop_firewall(const struct ropp_network *network, size_t hop,
                              struct ropp_buffer *out);
void ropp_render_origin_firewall(const struct ropp_network *network, size_t hop,
                                 struct ropp_buffer *out);

/* The tunnels (tunnel.c). */
void ropp_render_hop_tunnel(const struct ropp_network *network, size_t hop,
                            struct ropp_buffer *out);
void ropp_render_origin_tunnel(const struct ropp_network *network, size_t hop,
                               struct ropp_buffer *out);

/* The emulators' settings (emulator.c). */
void ropp_render_rathena(const struct ropp_network *network, size_t hop, struct ropp_buffer *out);
void ropp_render_hercules(const struct ropp_network *network, size_t hop, struct ropp_buffer *out);

/* -- what they share ------------------------------------------------------- */

/* "ADDRESS", or "[ADDRESS]" in front of a port. */
void ropp_render_addr(struct ropp_buffer *out, const struct ropp_addr *addr);
void ropp_render_host(struct ropp_buffer *out, const struct ropp_addr *addr);

/* What a way leads to: the next hop's tunnel, or the origin. */
const struct ropp_addr *ropp_way_address(const struct ropp_network *network, size_t way);
const char *ropp_way_name(const struct ropp_network *network, size_t way);

/* A game port of the origin: its role, and its name: "login", "map_5122" where there are more. */
void ropp_render_port_name(struct ropp_buffer *out, const struct ropp_network *network, size_t role,
                           size_t index);

#endif
