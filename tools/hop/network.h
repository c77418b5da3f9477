// SPDX-License-Identifier: MIT
/* A network of hops: the machines in front of a game server, as hops.conf describes them. */
#ifndef ROPP_TOOLS_HOP_NETWORK_H
#define ROPP_TOOLS_HOP_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"
#include "tools/base/text.h"
#include "tools/hop/keys.h"

/* Lists in hops.conf are short; more is refused. */
enum { ROPP_HOP_ADDRESSES = 8, ROPP_HOP_PORTS = 32, ROPP_HOP_WAYS = 8 };

struct ropp_addresses {
    struct ropp_addr items[ROPP_HOP_ADDRESSES];
    size_t count;
};

/* The servers that players dial, in the order in which they do. */
enum ropp_role { ROPP_ROLE_LOGIN, ROPP_ROLE_CHAR, ROPP_ROLE_MAP, ROPP_ROLE_API, ROPP_ROLES };

extern const char *const ropp_role_names[ROPP_ROLES];

struct ropp_ports {
    uint16_t items[ROPP_HOP_PORTS];
    size_t count;
};

/* [origin] */
struct ropp_origin {
    struct ropp_addr address;     /* what hops dial */
    struct ropp_addresses public; /* what players must never see */
    struct ropp_ports ports[ROPP_ROLES];
    const char *connlog; /* proxy_connlog: "off", "refused" or "all"; NULL: not written */
    size_t line;         /* of its section; 0: there is none */
};

enum ropp_hop_kind { ROPP_HOP_HAPROXY, ROPP_HOP_NGINX, ROPP_HOP_KINDS };

extern const char *const ropp_hop_kind_names[ROPP_HOP_KINDS];

/* ROPP_WAY_DIRECT, or the index of the hop that a way goes through. */
#define ROPP_WAY_DIRECT SIZE_MAX

/* So many seconds are counted together: when a hop fails, all of its players come at once to
 * others. */
#define ROPP_HOP_ARRIVALS_S 10

/* [hop NAME] */
struct ropp_hop {
    char *name;
    enum ropp_hop_kind kind;
    struct ropp_addresses public; /* what players dial */
    struct ropp_addresses bind;   /* what that arrives at, behind NAT; else the same as `public` */
    struct ropp_addr tunnel;      /* what the origin and other hops see and dial */
    char *bans;                   /* the file of its ban list; NULL: the usual one */
    struct ropp_texts via;        /* as written */
    size_t ways[ROPP_HOP_WAYS];   /* the best first */
    size_t way_count;
    uint64_t connections; /* an address may have at a time, */
    uint64_t rate;        /* and may begin in ten seconds, */
    uint64_t tries;       /* or in a minute, before it has played */
    uint64_t sessions;    /* all addresses together may have at a time on a port, */
    uint64_t arrivals;    /* and may begin in a second, on average */
    uint64_t wait;        /* seconds that a player may be silent; 0: the server speaks first */
    uint16_t metrics;     /* the port of its figures, on the tunnel, */
    uint16_t control;     /* and of HAProxy's runtime API; 0: none */
    size_t line;
};

struct ropp_network {
    const char *source; /* the file's name, the caller's */
    struct ropp_origin origin;
    struct ropp_hop *hops;
    size_t count;
    struct ropp_hop_keys *keys; /* of each hop, and last of the origin; NULL: not read */
};

/* Reads a file. Prints every mistake in it, with its line and what to do. Returns an exit status;
 * freed with ropp_network_free in any case. */
int ropp_network_load(struct ropp_network *network, const char *path);
void ropp_network_free(struct ropp_network *network);

bool ropp_addresses_have(const struct ropp_addresses *list, const struct ropp_addr *addr);

/* Whether a hop sends connections straight to the origin. */
bool ropp_hop_is_direct(const struct ropp_hop *hop);

/* Whether the address that the origin sees is the hop's own: it is not behind NAT on that side. */
bool ropp_hop_owns_tunnel(const struct ropp_hop *hop);

/* The file that its proxy has the ban list from: made by `ropp ban export` or `ropp ban follow`. */
const char *ropp_hop_bans(const struct ropp_hop *hop);

/* Whether it is seen by an address of its own, which players do not dial. */
bool ropp_has_tunnel(const struct ropp_hop *hop);

/* Whether the origin can ask its proxy. */
bool ropp_hop_has_control(const struct ropp_hop *hop);

/* Whether hop `of` has a way through hop `through`. */
bool ropp_hop_goes_through(const struct ropp_network *network, size_t of, size_t through);

#endif
