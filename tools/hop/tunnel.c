// SPDX-License-Identifier: MIT
/* Tunnels by WireGuard, without keys. The origin dials the hops, so that none of their files names
 * an address of the origin's but the tunnel's. */
#include "tools/hop/render.h"

#define PORT 51820

/* "10.66.0.1/32" */
static void render_single(const struct ropp_addr *addr, struct ropp_buffer *out)
{
    ropp_render_addr(out, addr);
    ropp_buffer_text(out, addr->family == ROPP_FAMILY_INET ? "/32" : "/128");
}

static void render_interface(const struct ropp_addr *addr, struct ropp_buffer *out)
{
    ropp_buffer_text(out, "[Interface]\nAddress = ");
    render_single(addr, out);
    ropp_buffer_format(out, "\nListenPort = %d\nPrivateKey = (of this machine: wg genkey)\n", PORT);
}

/* A peer: who it is, its address in the tunnel, and where it is dialled, if it is. */
static void render_peer(const char *name, const struct ropp_addr *addr,
                        const struct ropp_addr *endpoint, struct ropp_buffer *out)
{
    ropp_buffer_format(out, "\n[Peer]\nPublicKey = (of %s: wg pubkey)\nAllowedIPs = ", name);
    render_single(addr, out);
    if (endpoint) {
        ropp_buffer_text(out, "\nEndpoint = ");
        ropp_render_host(out, endpoint);
        ropp_buffer_format(out, ":%d\nPersistentKeepalive = 25", PORT);
    }
    ropp_buffer_text(out, "\n");
}

void ropp_render_origin_tunnel(const struct ropp_network *network, size_t hop,
                               struct ropp_buffer *out)
{
    (void)hop;
    render_interface(&network->origin.address, out);
    for (size_t i = 0; i < network->count; i++)
        if (ropp_has_tunnel(&network->hops[i]) && ropp_hop_is_direct(&network->hops[i]))
            render_peer(network->hops[i].name, &network->hops[i].tunnel,
                        &network->hops[i].public.items[0], out);
}

void ropp_render_hop_tunnel(const struct ropp_network *network, size_t hop, struct ropp_buffer *out)
{
    const struct ropp_hop *self = &network->hops[hop];

    render_interface(&self->tunnel, out);
    if (ropp_hop_is_direct(self))
        render_peer("the origin", &network->origin.address, NULL, out);
    for (size_t i = 0; i < network->count; i++)
        if (ropp_hop_goes_through(network, hop, i) || ropp_hop_goes_through(network, i, hop))
            render_peer(network->hops[i].name, &network->hops[i].tunnel,
                        &network->hops[i].public.items[0], out);
}
