// SPDX-License-Identifier: MIT
#include "tools/hop/render.h"

static bool is_haproxy(const struct ropp_network *network, size_t hop)
{
    return network->hops[hop].kind == ROPP_HOP_HAPROXY;
}

static bool is_nginx(const struct ropp_network *network, size_t hop)
{
    return network->hops[hop].kind == ROPP_HOP_NGINX;
}

static bool hop_has_tunnel(const struct ropp_network *network, size_t hop)
{
    return ropp_has_tunnel(&network->hops[hop]);
}

static bool any_has_tunnel(const struct ropp_network *network, size_t hop)
{
    (void)hop;
    for (size_t i = 0; i < network->count; i++)
        if (ropp_has_tunnel(&network->hops[i]))
            return true;
    return false;
}

const struct ropp_hop_file ropp_hop_files[] = {
    {"haproxy.cfg", "/etc/haproxy/haproxy.cfg", "#", ropp_render_haproxy, is_haproxy, false},
    {"nginx.conf", "/etc/nginx/nginx.conf", "#", ropp_render_nginx, is_nginx, false},
    {"nftables.conf", "/etc/nftables.d/ropp.conf", "#", ropp_render_hop_firewall, NULL, false},
    {"wg-ropp.conf", "/etc/wireguard/wg-ropp.conf", "#", ropp_render_hop_tunnel, hop_has_tunnel,
     true},
    {NULL, NULL, NULL, NULL, NULL, false},
};

const struct ropp_hop_file ropp_origin_files[] = {
    {"rathena.conf", "conf/import/{login,char,map}_conf.txt, if it is rAthena", "//",
     ropp_render_rathena, NULL, false},
    {"hercules.conf", "conf/import/{login,char,map,api}-server.conf, if it is Hercules", "//",
     ropp_render_hercules, NULL, false},
    {"nftables.conf", "/etc/nftables.d/ropp.conf", "#", ropp_render_origin_firewall, NULL, false},
    {"wg-ropp.conf", "/etc/wireguard/wg-ropp.conf", "#", ropp_render_origin_tunnel, any_has_tunnel,
     true},
    {NULL, NULL, NULL, NULL, NULL, false},
};

void ropp_render_addr(struct ropp_buffer *out, const struct ropp_addr *addr)
{
    char text[ROPP_ADDR_TEXT];

    ropp_addr_format(addr, text);
    ropp_buffer_text(out, text);
}

void ropp_render_host(struct ropp_buffer *out, const struct ropp_addr *addr)
{
    const bool brackets = addr->family == ROPP_FAMILY_INET6;

    ropp_buffer_text(out, brackets ? "[" : "");
    ropp_render_addr(out, addr);
    ropp_buffer_text(out, brackets ? "]" : "");
}

const struct ropp_addr *ropp_way_address(const struct ropp_network *network, size_t way)
{
    return way == ROPP_WAY_DIRECT ? &network->origin.address : &network->hops[way].tunnel;
}

const char *ropp_way_name(const struct ropp_network *network, size_t way)
{
    return way == ROPP_WAY_DIRECT ? "direct" : network->hops[way].name;
}

void ropp_render_port_name(struct ropp_buffer *out, const struct ropp_network *network, size_t role,
                           size_t index)
{
    const struct ropp_ports *ports = &network->origin.ports[role];

    ropp_buffer_text(out, ropp_role_names[role]);
    if (ports->count > 1)
        ropp_buffer_format(out, "_%u", ports->items[index]);
}
