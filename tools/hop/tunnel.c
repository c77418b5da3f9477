// SPDX-License-Identifier: MIT
/* Tunnels by WireGuard. The origin dials the hops, so that none of their files names
 * an address of the origin's but the tunnel's. */
#include "tools/hop/render.h"

#define PORT 51820

/* "10.66.0.1/32" */
static void render_single(const struct ropp_addr *addr, struct ropp_buffer *out)
{
    ropp_render_addr(out, addr);
    ropp_buffer_text(out, addr->family == ROPP_FAMILY_INET ? "/32" : "/128");
}

/* What the file has of a machine's own key. */
static void render_own(const struct ropp_hop_keys *keys, struct ropp_buffer *out)
{
    if (keys == NULL)
        ropp_buffer_text(out, "PrivateKey = (of this machine: wg genkey)\n");
    else if (keys->own[0] != '\0')
        ropp_buffer_format(out, "PrivateKey = %s\n", keys->own);
    else
        ropp_buffer_text(out, "# The private key is on this machine alone.\n"
                              "PostUp = wg set %i private-key /etc/wireguard/ropp.key\n");
}

static void render_interface(const struct ropp_addr *addr, const struct ropp_hop_keys *keys,
                             struct ropp_buffer *out)
{
    ropp_buffer_text(out, "[Interface]\nAddress = ");
    render_single(addr, out);
    ropp_buffer_format(out, "\nListenPort = %d\n", PORT);
    render_own(keys, out);
}

/* A peer: who it is, its address in the tunnel, and where it is dialled, if it is. */
static void render_peer(const char *name, const struct ropp_hop_keys *keys,
                        const struct ropp_addr *addr, const struct ropp_addr *endpoint,
                        struct ropp_buffer *out)
{
    ropp_buffer_format(out, "\n[Peer]\n# %s\n", name);
    if (keys)
        ropp_buffer_format(out, "PublicKey = %s\nAllowedIPs = ", keys->public);
    else
        ropp_buffer_format(out, "PublicKey = (of %s: wg pubkey)\nAllowedIPs = ", name);
    render_single(addr, out);
    if (endpoint) {
        ropp_buffer_text(out, "\nEndpoint = ");
        ropp_render_host(out, endpoint);
        ropp_buffer_format(out, ":%d\nPersistentKeepalive = 25", PORT);
    }
    ropp_buffer_text(out, "\n");
}

static bool origin_dials(const struct ropp_hop *hop)
{
    return ropp_has_tunnel(hop) && ropp_hop_is_direct(hop);
}

/* A hop that begins anew does not know where the origin is, and the origin does not know of it
 * until something it has sent stays without an answer: its keepalive does not count, and else its
 * keys last for two minutes. So something is sent to every hop (wg-quick runs this in bash). */
static void render_calls(const struct ropp_network *network, struct ropp_buffer *out)
{
    ropp_buffer_text(out, "# So that a hop that begins anew is found within seconds.\n"
                          "PostUp = while ip link show dev %i; do ");
    for (size_t i = 0; i < network->count; i++)
        if (origin_dials(&network->hops[i])) {
            ropp_buffer_text(out, "echo >/dev/udp/");
            ropp_render_addr(out, &network->hops[i].tunnel);
            ropp_buffer_text(out, "/9; ");
        }
    ropp_buffer_text(out, "sleep 5; done >/dev/null 2>&1 </dev/null &\n");
}

/* Of a hop, or with network->count of the origin; NULL: they were not read. */
static const struct ropp_hop_keys *keys_of(const struct ropp_network *network, size_t machine)
{
    return network->keys ? &network->keys[machine] : NULL;
}

static void render_hop_peer(const struct ropp_network *network, size_t hop, struct ropp_buffer *out)
{
    render_peer(network->hops[hop].name, keys_of(network, hop), &network->hops[hop].tunnel,
                &network->hops[hop].public.items[0], out);
}

void ropp_render_origin_tunnel(const struct ropp_network *network, size_t hop,
                               struct ropp_buffer *out)
{
    (void)hop;
    render_interface(&network->origin.address, keys_of(network, network->count), out);
    render_calls(network, out);
    for (size_t i = 0; i < network->count; i++)
        if (origin_dials(&network->hops[i]))
            render_hop_peer(network, i, out);
}

void ropp_render_hop_tunnel(const struct ropp_network *network, size_t hop, struct ropp_buffer *out)
{
    const struct ropp_hop *self = &network->hops[hop];

    render_interface(&self->tunnel, keys_of(network, hop), out);
    if (ropp_hop_is_direct(self))
        render_peer("the origin", keys_of(network, network->count), &network->origin.address, NULL,
                    out);
    for (size_t i = 0; i < network->count; i++)
        if (ropp_has_tunnel(&network->hops[i]) &&
            (ropp_hop_goes_through(network, hop, i) || ropp_hop_goes_through(network, i, hop)))
            render_hop_peer(network, i, out);
}
