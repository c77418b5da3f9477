// SPDX-License-Identifier: MIT
#include "tools/hop/network.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/decimal.h"
#include "tools/base/suggest.h"
#include "tools/edge/edge.h"

#define FILE_LIMIT ((size_t)1 << 20)
#define NAME_LIMIT 32

const char *const ropp_role_names[ROPP_ROLES] = {"login", "char", "map", "api"};
const char *const ropp_hop_kind_names[ROPP_HOP_KINDS] = {"haproxy", "nginx"};

/* A file on its way in. */
struct reader {
    struct ropp_network *network;
    size_t line;            /* of what is read */
    bool unknown;           /* the section at hand, whose keys are not looked at; */
    bool in_origin;         /* [origin]; */
    struct ropp_hop *hop;   /* or else that of the last [hop NAME]; NULL: none so far */
    struct ropp_texts seen; /* its keys so far */
    size_t mistakes;
};

ROPP_PRINTF(2, 3)
static void mistake(struct reader *reader, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = ropp_vformat(format, args);
    va_end(args);
    ropp_error("%s:%zu: %s", reader->network->source, reader->line, text);
    free(text);
    reader->mistakes++;
}

/* -- values ---------------------------------------------------------------- */

/* Takes the next piece of a list off: what is between commas, without blanks around it. */
static bool next_piece(const char **at, const char **piece, size_t *size)
{
    const char *end;

    if (**at == '\0')
        return false;
    *at += strspn(*at, " \t");
    end = *at + strcspn(*at, ",");
    *piece = *at;
    *size = (size_t)(end - *at);
    while (*size > 0 && isspace((unsigned char)(*piece)[*size - 1]))
        --*size;
    *at = *end == ',' ? end + 1 : end;
    return true;
}

static void read_addresses(struct reader *reader, const char *key, const char *value,
                           struct ropp_addresses *out)
{
    const char *piece;
    size_t size;

    while (next_piece(&value, &piece, &size)) {
        struct ropp_addr addr;

        if (!ropp_addr_parse(piece, size, &addr)) {
            mistake(reader, "no address: %s = %.*s: write one as in 198.51.100.10 or 2001:db8::10",
                    key, (int)size, piece);
        } else if (out->count == ROPP_HOP_ADDRESSES) {
            mistake(reader, "too many addresses: %s: %d at most", key, ROPP_HOP_ADDRESSES);
            return;
        } else {
            out->items[out->count++] = addr;
        }
    }
}

static void read_address(struct reader *reader, const char *key, const char *value,
                         struct ropp_addr *out)
{
    struct ropp_addresses list = {.count = 0};

    read_addresses(reader, key, value, &list);
    if (list.count > 1)
        mistake(reader, "more than one address: %s = %s: write one", key, value);
    else if (list.count == 1)
        *out = list.items[0];
}

static void read_number(struct reader *reader, const char *key, const char *value, uint64_t least,
                        uint64_t most, uint64_t *out)
{
    if (!ropp_decimal_read(value, least, most, out))
        mistake(reader, "no number from %" PRIu64 " to %" PRIu64 ": %s = %s", least, most, key,
                value);
}

static void read_ports(struct reader *reader, const char *key, const char *value,
                       struct ropp_ports *out)
{
    const char *piece;
    size_t size;

    while (next_piece(&value, &piece, &size)) {
        uint64_t port = 0;

        if (size == 0 || ropp_decimal_begin(piece, size, UINT16_MAX, &port) != size || port == 0) {
            mistake(reader, "no port: %s = %.*s: write a number from 1 to 65535", key, (int)size,
                    piece);
        } else if (out->count == ROPP_HOP_PORTS) {
            mistake(reader, "too many ports: %s: %d at most", key, ROPP_HOP_PORTS);
            return;
        } else {
            out->items[out->count++] = (uint16_t)port;
        }
    }
}

/* -- keys ------------------------------------------------------------------ */

static const char *const origin_keys[] = {"address", "public", "login",   "char",
                                          "map",     "api",    "connlog", NULL};
static const char *const hop_keys[] = {"public",      "tunnel",  "bind",    "via",      "kind",
                                       "connections", "rate",    "tries",   "sessions", "arrivals",
                                       "wait",        "metrics", "control", "bans",     NULL};

/* What is meant by a key that there is not. */
static void unknown_key(struct reader *reader, const char *key, const char *const *keys)
{
    struct ropp_suggestion meant;
    struct ropp_buffer list = {0};

    ropp_suggest_begin(&meant, key);
    for (; *keys; keys++) {
        ropp_suggest_offer(&meant, *keys);
        ropp_buffer_format(&list, "%s%s", list.size ? ", " : "", *keys);
    }
    mistake(reader, "no such key: %s: %sthere are %s", key, ropp_suggest_text(&meant), list.data);
    ropp_buffer_free(&list);
}

static void read_connlog(struct reader *reader, const char *value, const char **out)
{
    static const char *const words[] = {"off", "refused", "all"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(value, words[i]) == 0) {
            *out = words[i];
            return;
        }
    mistake(reader, "no such log: connlog = %s: write off, refused or all", value);
}

/* It goes into other programs' files as it is. */
static void read_path(struct reader *reader, const char *key, const char *value, char **out)
{
    if (*value != '/' || strpbrk(value, " \t\"'\\;{}$"))
        mistake(reader,
                "no path: %s = %s: write one that begins with / and has no blanks or quotes", key,
                value);
    else
        *out = ropp_copy_text(value, strlen(value));
}

static void origin_key(struct reader *reader, const char *key, const char *value)
{
    struct ropp_origin *origin = &reader->network->origin;

    for (size_t i = 0; i < ROPP_ROLES; i++)
        if (strcmp(key, ropp_role_names[i]) == 0) {
            read_ports(reader, key, value, &origin->ports[i]);
            return;
        }
    if (strcmp(key, "address") == 0)
        read_address(reader, key, value, &origin->address);
    else if (strcmp(key, "public") == 0)
        read_addresses(reader, key, value, &origin->public);
    else if (strcmp(key, "connlog") == 0)
        read_connlog(reader, value, &origin->connlog);
    else
        unknown_key(reader, key, origin_keys);
}

static void read_kind(struct reader *reader, const char *value, enum ropp_hop_kind *kind)
{
    for (size_t i = 0; i < ROPP_HOP_KINDS; i++)
        if (strcmp(value, ropp_hop_kind_names[i]) == 0) {
            *kind = (enum ropp_hop_kind)i;
            return;
        }
    if (strcmp(value, "stunnel") == 0 || strcmp(value, "hitch") == 0)
        mistake(reader,
                "%s cannot be a hop of players: kind = %s: it takes TLS alone, and the game's "
                "client speaks none: write haproxy or nginx",
                value, value);
    else
        mistake(reader, "no such kind: kind = %s: write haproxy or nginx", value);
}

static void hop_key(struct reader *reader, const char *key, const char *value)
{
    struct ropp_hop *hop = reader->hop;
    uint64_t number = 0;
    const char *piece;
    size_t size;

    if (strcmp(key, "public") == 0) {
        read_addresses(reader, key, value, &hop->public);
    } else if (strcmp(key, "bind") == 0) {
        read_addresses(reader, key, value, &hop->bind);
    } else if (strcmp(key, "tunnel") == 0) {
        read_address(reader, key, value, &hop->tunnel);
    } else if (strcmp(key, "kind") == 0) {
        read_kind(reader, value, &hop->kind);
    } else if (strcmp(key, "connections") == 0) {
        read_number(reader, key, value, 1, 100000, &hop->connections);
    } else if (strcmp(key, "rate") == 0) {
        read_number(reader, key, value, 1, 100000, &hop->rate);
    } else if (strcmp(key, "tries") == 0) {
        read_number(reader, key, value, 1, 100000, &hop->tries);
    } else if (strcmp(key, "sessions") == 0) {
        read_number(reader, key, value, 1, 100000, &hop->sessions);
    } else if (strcmp(key, "arrivals") == 0) {
        read_number(reader, key, value, 1, 100000, &hop->arrivals);
    } else if (strcmp(key, "wait") == 0) {
        read_number(reader, key, value, 0, 60, &hop->wait);
    } else if (strcmp(key, "metrics") == 0) {
        read_number(reader, key, value, 1, UINT16_MAX, &number);
        hop->metrics = (uint16_t)number;
    } else if (strcmp(key, "control") == 0) {
        if (strcmp(value, "off") != 0)
            read_number(reader, key, value, 1, UINT16_MAX, &number);
        hop->control = (uint16_t)number;
    } else if (strcmp(key, "bans") == 0) {
        read_path(reader, key, value, &hop->bans);
    } else if (strcmp(key, "via") == 0) {
        while (next_piece(&value, &piece, &size))
            ropp_texts_add(&hop->via, piece, size);
    } else {
        unknown_key(reader, key, hop_keys);
    }
}

/* -- lines ----------------------------------------------------------------- */

static bool is_name(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return length > 0 && length <= NAME_LIMIT && name[length] == '\0' && name[0] != '-' &&
           strcmp(name, "direct") != 0 && strcmp(name, "origin") != 0;
}

static void begin_hop(struct reader *reader, const char *name)
{
    struct ropp_network *network = reader->network;

    for (size_t i = 0; i < network->count; i++)
        if (strcmp(network->hops[i].name, name) == 0)
            mistake(reader, "a second hop of this name: %s: the first is in line %zu", name,
                    network->hops[i].line);
    if (!is_name(name))
        mistake(reader,
                "no name for a hop: %s: write lower-case letters, digits and hyphens, at "
                "most %d, and neither 'direct' nor 'origin'",
                name, NAME_LIMIT);
    network->hops = ropp_grow(network->hops, network->count, sizeof *network->hops);
    reader->hop = &network->hops[network->count++];
    *reader->hop = (struct ropp_hop){.name = ropp_copy_text(name, strlen(name)),
                                     .connections = 16,
                                     .rate = 60,
                                     .tries = 12,
                                     .sessions = 1000,
                                     .arrivals = 50,
                                     .wait = 5,
                                     .metrics = 8404,
                                     .control = 8405,
                                     .line = reader->line};
}

/* "[origin]", "[hop NAME]" */
static void begin_section(struct reader *reader, char *text)
{
    char *end = strchr(text, ']');

    ropp_texts_free(&reader->seen);
    reader->in_origin = reader->unknown = false;
    if (end == NULL || end[1] != '\0') {
        reader->unknown = true;
        mistake(reader, "a section without its end: %s: write [origin] or [hop NAME]", text);
        return;
    }
    *end = '\0';
    if (strcmp(text, "[origin") == 0) {
        if (reader->network->origin.line)
            mistake(reader, "a second [origin]: the first is in line %zu",
                    reader->network->origin.line);
        reader->in_origin = true;
        reader->network->origin.line = reader->line;
    } else if (strncmp(text, "[hop", 4) == 0 && isblank((unsigned char)text[4])) {
        begin_hop(reader, text + 4 + strspn(text + 4, " \t"));
    } else {
        reader->unknown = true;
        mistake(reader, "no such section: %s]: write [origin] or [hop NAME]", text);
    }
}

/* Whether a key comes for the first time in its section. */
static bool is_new(struct reader *reader, const char *key)
{
    for (size_t i = 0; i < reader->seen.count; i++)
        if (strcmp(reader->seen.items[i], key) == 0) {
            mistake(reader, "a second '%s' in this section: write one, with commas", key);
            return false;
        }
    ropp_texts_add(&reader->seen, key, strlen(key));
    return true;
}

static void take_setting(struct reader *reader, char *text)
{
    char *equals = strchr(text, '='), *value;
    size_t length;

    if (equals == NULL) {
        mistake(reader, "no setting: %s: write KEY = VALUE", text);
        return;
    }
    value = equals + 1 + strspn(equals + 1, " \t");
    length = (size_t)(equals - text);
    while (length > 0 && isblank((unsigned char)text[length - 1]))
        length--;
    text[length] = '\0';
    if (reader->unknown || !is_new(reader, text))
        return;
    if (*value == '\0')
        mistake(reader, "no value: %s: write one behind the '='", text);
    else if (reader->in_origin)
        origin_key(reader, text, value);
    else if (reader->hop)
        hop_key(reader, text, value);
    else
        mistake(reader, "a setting before any section: %s: write [origin] or [hop NAME] above it",
                text);
}

/* A line without its end: comments begin at its start or behind a blank. */
static void take_line(struct reader *reader, char *text)
{
    size_t length;

    for (char *hash = strpbrk(text, "#;"); hash; hash = strpbrk(hash + 1, "#;"))
        if (hash == text || isblank((unsigned char)hash[-1])) {
            *hash = '\0';
            break;
        }
    text += strspn(text, " \t");
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    if (length == 0)
        return;
    if (*text == '[')
        begin_section(reader, text);
    else
        take_setting(reader, text);
}

/* -- the whole -------------------------------------------------------------- */

bool ropp_hop_is_direct(const struct ropp_hop *hop)
{
    for (size_t i = 0; i < hop->way_count; i++)
        if (hop->ways[i] == ROPP_WAY_DIRECT)
            return true;
    return false;
}

bool ropp_addresses_have(const struct ropp_addresses *list, const struct ropp_addr *addr)
{
    for (size_t i = 0; i < list->count; i++)
        if (ropp_addr_equal(&list->items[i], addr))
            return true;
    return false;
}

bool ropp_hop_owns_tunnel(const struct ropp_hop *hop)
{
    return ropp_addresses_have(&hop->bind, &hop->tunnel) ||
           !ropp_addresses_have(&hop->public, &hop->tunnel);
}

const char *ropp_hop_bans(const struct ropp_hop *hop)
{
    if (hop->bans)
        return hop->bans;
    return hop->kind == ROPP_HOP_NGINX ? "/etc/ropp/bans.conf" : ROPP_EDGE_ACL;
}

bool ropp_has_tunnel(const struct ropp_hop *hop)
{
    return !ropp_addresses_have(&hop->bind, &hop->tunnel) &&
           !ropp_addresses_have(&hop->public, &hop->tunnel);
}

bool ropp_hop_has_control(const struct ropp_hop *hop)
{
    return hop->kind == ROPP_HOP_HAPROXY && hop->control != 0 && ropp_has_tunnel(hop);
}

bool ropp_hop_goes_through(const struct ropp_network *network, size_t of, size_t through)
{
    for (size_t i = 0; i < network->hops[of].way_count; i++)
        if (network->hops[of].ways[i] == through)
            return true;
    return false;
}

static size_t hop_named(const struct ropp_network *network, const char *name)
{
    size_t i = 0;

    while (i < network->count && strcmp(network->hops[i].name, name) != 0)
        i++;
    return i;
}

/* From the names in `via` to the ways. */
static void resolve_ways(struct reader *reader, size_t index)
{
    struct ropp_network *network = reader->network;
    struct ropp_hop *hop = &network->hops[index];

    if (hop->via.count == 0)
        ropp_texts_add(&hop->via, "direct", 6);
    for (size_t i = 0; i < hop->via.count; i++) {
        const char *name = hop->via.items[i];
        size_t way = strcmp(name, "direct") == 0 ? ROPP_WAY_DIRECT : hop_named(network, name);

        for (size_t k = 0; k < hop->way_count; k++)
            if (hop->ways[k] == way)
                mistake(reader, "a way twice: hop %s: via = %s: write it once", hop->name, name);
        if (way == network->count)
            mistake(reader, "no such hop: hop %s: via = %s: write the name of a hop, or direct",
                    hop->name, name);
        else if (way == index)
            mistake(reader, "a hop behind itself: hop %s: via = %s: write another one, or direct",
                    hop->name, name);
        else if (way != ROPP_WAY_DIRECT && network->hops[way].kind == ROPP_HOP_NGINX)
            mistake(
                reader,
                "hop %s: via = %s: that one is nginx, which would name itself as what the player "
                "dialled: write kind = haproxy there",
                hop->name, name);
        else if (hop->way_count < ROPP_HOP_WAYS)
            hop->ways[hop->way_count++] = way;
        else
            mistake(reader, "too many ways: hop %s: %d at most", hop->name, ROPP_HOP_WAYS);
    }
}

/* Whether ways lead from one hop to another. Each hop is looked at once, however many ways lead to it. */
static bool leads_to(const struct ropp_network *network, size_t at, size_t wanted, bool *seen)
{
    const struct ropp_hop *hop = &network->hops[at];

    for (size_t i = 0; i < hop->way_count; i++) {
        const size_t way = hop->ways[i];

        if (way == wanted)
            return true;
        if (way == ROPP_WAY_DIRECT || seen[way])
            continue;
        seen[way] = true;
        if (leads_to(network, way, wanted, seen))
            return true;
    }
    return false;
}

static bool comes_back(const struct ropp_network *network, size_t hop)
{
    bool *seen = ropp_alloc(network->count, sizeof *seen);
    const bool found = leads_to(network, hop, hop, seen);

    free(seen);
    return found;
}

/* An address of the network, and what it is. */
struct use {
    struct ropp_addr addr;
    const char *section, *key;
    size_t line;
};

struct uses {
    struct use *items;
    size_t count;
};

/* Adds an address; one that is there already is a mistake. */
static void use_address(struct reader *reader, struct uses *uses, struct ropp_addr addr,
                        const char *section, const char *key, size_t line)
{
    char text[ROPP_ADDR_TEXT];

    if (addr.family == ROPP_FAMILY_UNSPEC)
        return;
    for (size_t i = 0; i < uses->count; i++)
        if (ropp_addr_equal(&uses->items[i].addr, &addr)) {
            ropp_addr_format(&addr, text);
            reader->line = line;
            mistake(reader, "an address twice: %s: %s = %s: it is %s's %s already (line %zu)",
                    section, key, text, uses->items[i].section, uses->items[i].key,
                    uses->items[i].line);
            return;
        }
    uses->items = ropp_grow(uses->items, uses->count, sizeof *uses->items);
    uses->items[uses->count++] = (struct use){addr, section, key, line};
}

/* No two machines have one address. */
static void check_addresses(struct reader *reader)
{
    const struct ropp_network *network = reader->network;
    const struct ropp_origin *origin = &network->origin;
    struct uses uses = {NULL, 0};

    use_address(reader, &uses, origin->address, "origin", "address", origin->line);
    for (size_t i = 0; i < origin->public.count; i++)
        if (!ropp_addr_equal(&origin->public.items[i], &origin->address))
            use_address(reader, &uses, origin->public.items[i], "origin", "public", origin->line);
    for (size_t i = 0; i < network->count; i++) {
        const struct ropp_hop *hop = &network->hops[i];

        for (size_t k = 0; k < hop->public.count; k++)
            use_address(reader, &uses, hop->public.items[k], hop->name, "public", hop->line);
        /* Behind NAT players are sent back by it, so that two hops' players would be sent to one. */
        for (size_t k = 0; k < hop->bind.count; k++)
            if (!ropp_addresses_have(&hop->public, &hop->bind.items[k]))
                use_address(reader, &uses, hop->bind.items[k], hop->name, "bind", hop->line);
        /* Without a tunnel the origin sees what players dial. */
        if (!ropp_addresses_have(&hop->public, &hop->tunnel) &&
            !ropp_addresses_have(&hop->bind, &hop->tunnel))
            use_address(reader, &uses, hop->tunnel, hop->name, "tunnel", hop->line);
    }
    free(uses.items);
}

static void check_origin(struct reader *reader)
{
    struct ropp_origin *origin = &reader->network->origin;
    static const uint16_t usual[ROPP_ROLES] = {6900, 6121, 5121, 0};

    reader->line = origin->line ? origin->line : 1;
    if (origin->line == 0)
        mistake(reader, "no [origin]: write that section, with the address that hops dial");
    else if (origin->address.family == ROPP_FAMILY_UNSPEC)
        mistake(reader, "no address: [origin]: write address = what hops dial");
    for (size_t i = 0; i < ROPP_ROLES; i++)
        if (origin->ports[i].count == 0 && usual[i])
            origin->ports[i] = (struct ropp_ports){{usual[i]}, 1};
    for (size_t i = 0; i < ROPP_ROLES; i++)
        for (size_t k = 0; k < origin->ports[i].count; k++)
            for (size_t m = 0; m <= i; m++)
                for (size_t n = 0; n < (m == i ? k : origin->ports[m].count); n++)
                    if (origin->ports[i].items[k] == origin->ports[m].items[n])
                        mistake(reader, "a port twice: [origin]: %s = %u: %s has it already",
                                ropp_role_names[i], origin->ports[i].items[k], ropp_role_names[m]);
}

/* What a hop offers on its tunnel has ports that the game has not. */
static void check_own_port(struct reader *reader, const struct ropp_hop *hop, const char *key,
                           uint16_t port)
{
    const struct ropp_origin *origin = &reader->network->origin;

    for (size_t i = 0; i < ROPP_ROLES; i++)
        for (size_t k = 0; k < origin->ports[i].count; k++)
            if (origin->ports[i].items[k] == port)
                mistake(reader, "a port twice: hop %s: %s = %u: %s has it already: write another",
                        hop->name, key, port, ropp_role_names[i]);
}

static void check_own_ports(struct reader *reader, const struct ropp_hop *hop)
{
    check_own_port(reader, hop, "metrics", hop->metrics);
    check_own_port(reader, hop, "control", hop->control);
    if (hop->control == hop->metrics)
        mistake(reader, "a port twice: hop %s: control = %u: metrics has it already: write another",
                hop->name, hop->control);
}

static void check_hop(struct reader *reader, size_t index)
{
    struct ropp_hop *hop = &reader->network->hops[index];

    reader->line = hop->line;
    if (hop->public.count == 0)
        mistake(reader, "no address for players: hop %s: write public = its address", hop->name);
    if (hop->bind.count == 0)
        hop->bind = hop->public;
    else if (hop->bind.count != hop->public.count)
        mistake(reader, "hop %s: bind has %zu addresses and public %zu: write one for each",
                hop->name, hop->bind.count, hop->public.count);
    if (hop->tunnel.family == ROPP_FAMILY_UNSPEC && hop->bind.count)
        hop->tunnel = hop->bind.items[0];
    check_own_ports(reader, hop);
    resolve_ways(reader, index);
}

/* By its tunnel a hop takes the word of those behind it. Where it has none, that would be at the
 * address where it takes players, and each would get half of the other's connections. */
static void check_ways(struct reader *reader, const struct ropp_hop *hop)
{
    const struct ropp_network *network = reader->network;

    reader->line = hop->line;
    for (size_t i = 0; i < hop->way_count; i++)
        if (hop->ways[i] != ROPP_WAY_DIRECT && !ropp_has_tunnel(&network->hops[hop->ways[i]]))
            mistake(reader,
                    "hop %s: via = %s: that one has no tunnel of its own: write tunnel = an "
                    "address there that players do not dial",
                    hop->name, network->hops[hop->ways[i]].name);
}

static void check_whole(struct reader *reader)
{
    struct ropp_network *network = reader->network;

    check_origin(reader);
    if (network->count == 0)
        mistake(reader, "no hop: write a section [hop NAME] for each");
    for (size_t i = 0; i < network->count; i++)
        check_hop(reader, i);
    for (size_t i = 0; i < network->count; i++)
        check_ways(reader, &network->hops[i]);
    for (size_t i = 0; i < network->count; i++)
        if (comes_back(network, i)) {
            reader->line = network->hops[i].line;
            mistake(reader, "a circle: hop %s: its ways (via) lead back to it",
                    network->hops[i].name);
        }
    check_addresses(reader);
}

static int read_text(struct reader *reader, char *text)
{
    char *save = NULL;

    if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    /* strtok would pass over empty lines, which count. */
    for (save = text; save != NULL;) {
        char *line = save, *end = strchr(line, '\n');

        save = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        reader->line++;
        take_line(reader, line);
    }
    check_whole(reader);
    ropp_texts_free(&reader->seen);
    return reader->mistakes ? ROPP_EXIT_REFUSED : ROPP_EXIT_DONE;
}

int ropp_network_load(struct ropp_network *network, const char *path)
{
    struct reader reader = {.network = network};
    struct ropp_buffer text = {0};
    FILE *file = fopen(path, "rb");
    int status;

    memset(network, 0, sizeof *network);
    network->source = path;
    if (file == NULL)
        return ropp_fail(ROPP_EXIT_USAGE, "cannot open the file: %s: %s", path, strerror(errno));
    if (!ropp_buffer_read(&text, file, FILE_LIMIT + 1))
        status = ropp_fail(ROPP_EXIT_USAGE, "cannot read the file: %s: %s", path, strerror(errno));
    else if (text.size > FILE_LIMIT || (text.size && memchr(text.data, '\0', text.size)))
        status = ropp_fail(ROPP_EXIT_REFUSED, "this is no description of hops: %s: it is %s", path,
                           text.size > FILE_LIMIT ? "too large" : "no text");
    else
        status = read_text(&reader, text.size ? text.data : (char[]){""});
    fclose(file);
    ropp_buffer_free(&text);
    return status;
}

void ropp_network_free(struct ropp_network *network)
{
    for (size_t i = 0; i < network->count; i++) {
        free(network->hops[i].name);
        free(network->hops[i].bans);
        ropp_texts_free(&network->hops[i].via);
    }
    free(network->hops);
    if (network->keys)
        explicit_bzero(network->keys, (network->count + 1) * sizeof *network->keys);
    free(network->keys);
    memset(network, 0, sizeof *network);
}
