// SPDX-License-Identifier: MIT
#include "tools/lists/export.h"

#include <string.h>
#include <time.h>

#include "tools/lists/range.h"

/* A limit that is never met: sets are made again only with the one they have. */
#define EXPORT_IPSET_MAX "134217728"

/* What is written, and where; the IPv4 prefixes come first. */
struct export
{
    FILE *out;
    const struct ropp_prefix_set *banned;
    size_t v4_count;
};

static const struct {
    enum ropp_family family;
    char digit; /* of the names of sets */
    const char *nft, *ipset;
} families[] = {
    {ROPP_FAMILY_INET, '4', "ipv4_addr", "inet"},
    {ROPP_FAMILY_INET6, '6', "ipv6_addr", "inet6"},
};

enum { FAMILIES = sizeof families / sizeof families[0] };

/* ---- what a program can hold ---- */

static void take_as_it_is(const struct ropp_prefix *prefix, struct ropp_prefix_set *out)
{
    ropp_prefix_set_add(out, prefix);
}

/* A range; none when it ends before it begins. */
static void take_range(const struct ropp_range *range, struct ropp_prefix_set *out)
{
    struct ropp_prefix prefixes[ROPP_RANGE_PREFIXES];
    size_t count = 0;

    if (ropp_number_compare(range->first, range->last) <= 0)
        count = ropp_range_prefixes(range, prefixes);
    for (size_t i = 0; i < count; i++)
        ropp_prefix_set_add(out, &prefixes[i]);
}

/* HAProxy looks an IPv4 address that it does not find up once more as IPv4-mapped IPv6. So those
 * are cut out of the IPv6 prefixes around them; as such, they are banned nowhere. */
static void take_unmapped(const struct ropp_prefix *prefix, struct ropp_prefix_set *out)
{
    static const struct ropp_range mapped = {ROPP_FAMILY_INET6,
                                             {0, UINT64_C(0xffff00000000)},
                                             {0, UINT64_C(0xffffffffffff)}};
    struct ropp_range below = ropp_range_of(prefix), above = below;

    if (below.family == ROPP_FAMILY_INET6 && ropp_number_compare(below.first, mapped.first) <= 0 &&
        ropp_number_compare(below.last, mapped.last) >= 0) {
        below.last = ropp_number_previous(mapped.first);
        above.first = ropp_number_next(mapped.last);
        take_range(&below, out);
        take_range(&above, out);
    } else {
        ropp_prefix_set_add(out, prefix);
    }
}

/* A set of ipset's holds no prefix of length 0: its halves are given. */
static void take_halves(const struct ropp_prefix *prefix, struct ropp_prefix_set *out)
{
    struct ropp_prefix half = *prefix;

    if (half.length > 0) {
        ropp_prefix_set_add(out, &half);
        return;
    }
    half.length = 1;
    ropp_prefix_set_add(out, &half);
    half.addr.bytes[0] |= 0x80;
    ropp_prefix_set_add(out, &half);
}

/* ---- one prefix a line ---- */

static void print_prefixes(const struct export *export, const struct ropp_prefix *items,
                           size_t count, const char *before, const char *behind)
{
    char text[ROPP_PREFIX_TEXT];

    for (; count > 0; items++, count--) {
        ropp_prefix_format(items, text);
        fprintf(export->out, "%s%s%s\n", before, text, behind);
    }
}

/* The prefixes of one family: how many they are, and the first. */
static size_t share_of(const struct export *export, size_t family, const struct ropp_prefix **items)
{
    bool is_v4 = families[family].family == ROPP_FAMILY_INET;
    size_t count = is_v4 ? export->v4_count : export->banned->count - export->v4_count;

    *items = count == 0 ? NULL : export->banned->items + (is_v4 ? 0 : export->v4_count);
    return count;
}

static void export_plain(const struct export *export)
{
    print_prefixes(export, export->banned->items, export->banned->count, "", "");
}

static void export_nginx(const struct export *export)
{
    fputs("default 0;\n", export->out);
    print_prefixes(export, export->banned->items, export->banned->count, "", " 1;");
}

/* The elements of both sets, as a statement each. */
static void print_elements(const struct export *export, const char *verb)
{
    const struct ropp_prefix *items;
    size_t count;

    for (size_t i = 0; i < FAMILIES; i++) {
        count = share_of(export, i, &items);
        if (count == 0)
            continue;
        fprintf(export->out, "%s element " ROPP_EXPORT_NFT_TABLE " " ROPP_EXPORT_NFT_SETS "%c {\n",
                verb, families[i].digit);
        print_prefixes(export, items, count, "", ",");
        fputs("}\n", export->out);
    }
}

static void export_nftables(const struct export *export)
{
    fputs("add table " ROPP_EXPORT_NFT_TABLE "\n", export->out);
    for (size_t i = 0; i < FAMILIES; i++)
        fprintf(export->out,
                "add set " ROPP_EXPORT_NFT_TABLE " " ROPP_EXPORT_NFT_SETS
                "%c { type %s; flags interval; }\n",
                families[i].digit, families[i].nft);
    for (size_t i = 0; i < FAMILIES; i++)
        fprintf(export->out, "flush set " ROPP_EXPORT_NFT_TABLE " " ROPP_EXPORT_NFT_SETS "%c\n",
                families[i].digit);
    print_elements(export, "add");
}

/* Fills a second set and puts it in the place of the first. */
static void export_ipset(const struct export *export)
{
    const struct ropp_prefix *items;
    char name[32], before[64];
    size_t count;

    for (size_t i = 0; i < FAMILIES; i++) {
        count = share_of(export, i, &items);
        snprintf(name, sizeof name, ROPP_EXPORT_IPSETS "%c", families[i].digit);
        snprintf(before, sizeof before, "add %s_new ", name);
        fprintf(export->out,
                "create -exist %s hash:net family %s maxelem " EXPORT_IPSET_MAX "\n"
                "create -exist %s_new hash:net family %s maxelem " EXPORT_IPSET_MAX "\n"
                "flush %s_new\n",
                name, families[i].ipset, name, families[i].ipset, name);
        print_prefixes(export, items, count, before, "");
        fprintf(export->out, "swap %s_new %s\ndestroy %s_new\n", name, name, name);
    }
}

/* The members of both sets, a line each. */
static void print_members(const struct export *export, const char *verb)
{
    const struct ropp_prefix *items;
    char before[64];
    size_t count;

    for (size_t i = 0; i < FAMILIES; i++) {
        count = share_of(export, i, &items);
        snprintf(before, sizeof before, "%s " ROPP_EXPORT_IPSETS "%c ", verb, families[i].digit);
        print_prefixes(export, items, count, before, "");
    }
}

static const struct {
    const char *name;
    void (*take)(const struct ropp_prefix *prefix, struct ropp_prefix_set *out);
    void (*print)(const struct export *export);
    const char *usage; /* the comment at the beginning, behind its first line */
} formats[] = {
    /* In the order of enum ropp_export_format. */
    {"plain", take_as_it_is, export_plain, "# ropp ban import FILE --source NAME\n"},
    {"haproxy", take_unmapped, export_plain,
     "# In a frontend, or in a listen section:\n"
     "#     acl banned src -f FILE\n"
     "#     tcp-request connection reject if banned\n"},
    {"nginx", take_as_it_is, export_nginx,
     "# In the stream or http block: geo $banned { include FILE; }\n"
     "# $banned is 1 for those who are banned, else 0.\n"},
    {"nftables", take_as_it_is, export_nftables,
     "# nft -f FILE fills two sets; loaded again, it replaces what is in them. A chain that\n"
     "# refuses them, to be made once (the ports are the login, char and map server's):\n"
     "#     nft add chain inet ropp banned '{ type filter hook input priority -10; }'\n"
     "#     nft add rule inet ropp banned tcp dport '{ 6900, 6121, 5121 }' ip saddr @banned4 drop\n"
     "#     nft add rule inet ropp banned tcp dport '{ 6900, 6121, 5121 }' ip6 saddr @banned6 "
     "drop\n"},
    {"ipset", take_halves, export_ipset,
     "# ipset restore -file FILE fills two sets; loaded again, it replaces what is in them. Rules\n"
     "# that refuse them, to be made once (the ports are the login, char and map server's):\n"
     "#     iptables -I INPUT -p tcp -m multiport --dports 6900,6121,5121 \\\n"
     "#         -m set --match-set ropp_banned4 src -j DROP\n"
     "#     ip6tables -I INPUT -p tcp -m multiport --dports 6900,6121,5121 \\\n"
     "#         -m set --match-set ropp_banned6 src -j DROP\n"},
};

bool ropp_export_format_of(const char *name, enum ropp_export_format *out)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(name, formats[i].name) == 0) {
            *out = (enum ropp_export_format)i;
            return true;
        }
    return false;
}

void ropp_export_prefixes(enum ropp_export_format format, const struct ropp_prefix_set *banned,
                          struct ropp_prefix_set *out)
{
    for (size_t i = 0; i < banned->count; i++)
        formats[format].take(&banned->items[i], out);
}

void ropp_export(FILE *out, enum ropp_export_format format, const struct ropp_prefix_set *banned,
                 int64_t now_s)
{
    struct ropp_prefix_set prefixes = {0};
    struct export export = {out, &prefixes, 0};
    size_t v4_count = ropp_prefix_set_v4(banned);
    time_t now = (time_t)now_s;
    char moment[32] = "at an unknown time";
    struct tm parts;

    ropp_export_prefixes(format, banned, &prefixes);
    export.v4_count = ropp_prefix_set_v4(&prefixes);
    if (gmtime_r(&now, &parts) != NULL)
        strftime(moment, sizeof moment, "%Y-%m-%d %H:%M:%S UTC", &parts);
    fprintf(out, "# ropp: %zu banned prefixes (IPv4: %zu, IPv6: %zu), %s\n%s", banned->count,
            v4_count, banned->count - v4_count, moment, formats[format].usage);
    formats[format].print(&export);
    ropp_prefix_set_free(&prefixes);
}

void ropp_export_change(FILE *out, enum ropp_export_format format,
                        const struct ropp_prefix_set *gone, const struct ropp_prefix_set *come)
{
    const struct export out_of = {out, gone, ropp_prefix_set_v4(gone)},
                        into = {out, come, ropp_prefix_set_v4(come)};

    if (format == ROPP_EXPORT_NFTABLES) {
        print_elements(&out_of, "delete");
        print_elements(&into, "add");
    } else {
        print_members(&into, "add");
        print_members(&out_of, "del");
    }
}
