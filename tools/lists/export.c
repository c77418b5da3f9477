#include "tools/lists/export.h"

#include <string.h>
#include <time.h>

#include "tools/lists/range.h"

/* The names that a rule refers to. */
#define EXPORT_NFT_TABLE "inet ropp"
#define EXPORT_NFT_SETS  "banned" /* and the family: banned4 */
#define EXPORT_IPSETS    "ropp_banned"

/* A limit that is never met: sets are made again only with the one they have. */
#define EXPORT_IPSET_MAX "134217728"

struct export
{
    FILE *out;
    const struct ropp_prefix_set *banned;
    size_t v4_count; /* they come first */
    int64_t now_s;
};

/* One family's share of the prefixes. */
struct export_share {
    char digit; /* of the family's name */
    const struct ropp_prefix *items;
    size_t count;
};

static struct export_share export_share_of(const struct export *export, enum ropp_family family)
{
    struct export_share share = {'4', export->banned->items, export->v4_count};

    if (family == ROPP_FAMILY_INET6) {
        share.digit = '6';
        share.count = export->banned->count - export->v4_count;
        if (share.count > 0)
            share.items += export->v4_count;
    }
    return share;
}

static size_t export_count_v4(const struct ropp_prefix_set *banned)
{
    size_t count = 0;

    while (count < banned->count && banned->items[count].addr.family == ROPP_FAMILY_INET)
        count++;
    return count;
}

/* ---- comments ---- */

static void print_usage(const struct export *export, const char *const *usage)
{
    time_t now = (time_t) export->now_s;
    char moment[32] = "at an unknown time";
    struct tm parts;

    if (gmtime_r(&now, &parts) != NULL)
        strftime(moment, sizeof moment, "%Y-%m-%d %H:%M:%S UTC", &parts);
    fprintf(export->out, "# ropp: %zu banned prefixes (IPv4: %zu, IPv6: %zu), %s\n",
            export->banned->count, export->v4_count, export->banned->count - export->v4_count,
            moment);
    for (; *usage != NULL; usage++)
        fprintf(export->out, "# %s\n", *usage);
}

/* ---- one prefix a line ---- */

/* Prefixes with something before and behind each. */
static void print_each(const struct export *export, const struct ropp_prefix *items, size_t count,
                       const char *before, const char *behind)
{
    char text[ROPP_PREFIX_TEXT];
    size_t i;

    for (i = 0; i < count; i++) {
        ropp_prefix_format(&items[i], text);
        fprintf(export->out, "%s%s%s\n", before, text, behind);
    }
}

static void print_all(const struct export *export, const char *behind)
{
    print_each(export, export->banned->items, export->banned->count, "", behind);
}

static void export_plain(const struct export *export)
{
    static const char *const usage[] = {"ropp ban import FILE --source NAME", NULL};

    print_usage(export, usage);
    print_all(export, "");
}

/* A range; none when it ends before it begins. */
static void print_range(const struct export *export, const struct ropp_range *range)
{
    struct ropp_prefix prefixes[ROPP_RANGE_PREFIXES];

    if (ropp_number_compare(range->first, range->last) <= 0)
        print_each(export, prefixes, ropp_range_prefixes(range, prefixes), "", "");
}

/* HAProxy looks an IPv4 address that it does not find up once more as IPv4-mapped IPv6. So those
 * are cut out of the IPv6 prefixes around them; as such, they are banned nowhere. */
static void print_without_mapped(const struct export *export, const struct ropp_prefix *prefix)
{
    static const struct ropp_range mapped = {ROPP_FAMILY_INET6,
                                             {0, UINT64_C(0xffff00000000)},
                                             {0, UINT64_C(0xffffffffffff)}};
    struct ropp_range below = ropp_range_of(prefix), above = below;

    if (prefix->addr.family != ROPP_FAMILY_INET6 ||
        ropp_number_compare(below.first, mapped.first) > 0 ||
        ropp_number_compare(below.last, mapped.last) < 0) {
        print_each(export, prefix, 1, "", "");
        return;
    }
    below.last = ropp_number_previous(mapped.first);
    above.first = ropp_number_next(mapped.last);
    print_range(export, &below);
    print_range(export, &above);
}

static void export_haproxy(const struct export *export)
{
    static const char *const usage[] = {
        "In a frontend, or in a listen section:",
        "    acl banned src -f FILE",
        "    tcp-request connection reject if banned",
        NULL,
    };

    size_t i;

    print_usage(export, usage);
    for (i = 0; i < export->banned->count; i++)
        print_without_mapped(export, &export->banned->items[i]);
}

static void export_nginx(const struct export *export)
{
    static const char *const usage[] = {
        "In the stream or http block: geo $banned { include FILE; }",
        "$banned is 1 for those who are banned, else 0.",
        NULL,
    };

    print_usage(export, usage);
    fputs("default 0;\n", export->out);
    print_all(export, " 1;");
}

/* ---- nftables ---- */

static void print_nft_elements(const struct export *export, enum ropp_family family)
{
    struct export_share share = export_share_of(export, family);

    if (share.count == 0)
        return;
    fprintf(export->out, "add element " EXPORT_NFT_TABLE " " EXPORT_NFT_SETS "%c {\n", share.digit);
    print_each(export, share.items, share.count, "", ",");
    fputs("}\n", export->out);
}

static void export_nftables(const struct export *export)
{
    static const char *const usage[] = {
        "nft -f FILE fills two sets; loaded again, it replaces what is in them. A chain that",
        "refuses them, to be made once (the ports are the login, char and map server's):",
        "    nft add chain inet ropp banned '{ type filter hook input priority -10; }'",
        "    nft add rule inet ropp banned tcp dport '{ 6900, 6121, 5121 }' ip saddr @banned4 drop",
        "    nft add rule inet ropp banned tcp dport '{ 6900, 6121, 5121 }' ip6 saddr @banned6 "
        "drop",
        NULL,
    };

    print_usage(export, usage);
    fputs("add table " EXPORT_NFT_TABLE "\n"
          "add set " EXPORT_NFT_TABLE " " EXPORT_NFT_SETS "4 { type ipv4_addr; flags interval; }\n"
          "add set " EXPORT_NFT_TABLE " " EXPORT_NFT_SETS "6 { type ipv6_addr; flags interval; }\n"
          "flush set " EXPORT_NFT_TABLE " " EXPORT_NFT_SETS "4\n"
          "flush set " EXPORT_NFT_TABLE " " EXPORT_NFT_SETS "6\n",
          export->out);
    print_nft_elements(export, ROPP_FAMILY_INET);
    print_nft_elements(export, ROPP_FAMILY_INET6);
}

/* ---- ipset ---- */

/* Fills a second set and puts it in the place of the first. A set holds no prefix of length 0: the
 * halves stand for the whole. */
static void print_ipset(const struct export *export, enum ropp_family family)
{
    struct export_share share = export_share_of(export, family);
    const char *name = family == ROPP_FAMILY_INET ? "inet" : "inet6";
    char before[64];

    fprintf(export->out,
            "create -exist " EXPORT_IPSETS "%c hash:net family %s maxelem " EXPORT_IPSET_MAX "\n"
            "create -exist " EXPORT_IPSETS "%c_new hash:net family %s maxelem " EXPORT_IPSET_MAX
            "\n"
            "flush " EXPORT_IPSETS "%c_new\n",
            share.digit, name, share.digit, name, share.digit);
    snprintf(before, sizeof before, "add " EXPORT_IPSETS "%c_new ", share.digit);
    if (share.count == 1 && share.items[0].length == 0)
        fprintf(export->out,
                family == ROPP_FAMILY_INET ? "%s0.0.0.0/1\n%s128.0.0.0/1\n"
                                           : "%s::/1\n%s8000::/1\n",
                before, before);
    else
        print_each(export, share.items, share.count, before, "");
    fprintf(export->out,
            "swap " EXPORT_IPSETS "%c_new " EXPORT_IPSETS "%c\n"
            "destroy " EXPORT_IPSETS "%c_new\n",
            share.digit, share.digit, share.digit);
}

static void export_ipset(const struct export *export)
{
    static const char *const usage[] = {
        "ipset restore -file FILE fills two sets; loaded again, it replaces what is in them. Rules",
        "that refuse them, to be made once (the ports are the login, char and map server's):",
        "    iptables -I INPUT -p tcp -m multiport --dports 6900,6121,5121 \\",
        "        -m set --match-set ropp_banned4 src -j DROP",
        "    ip6tables -I INPUT -p tcp -m multiport --dports 6900,6121,5121 \\",
        "        -m set --match-set ropp_banned6 src -j DROP",
        NULL,
    };

    print_usage(export, usage);
    print_ipset(export, ROPP_FAMILY_INET);
    print_ipset(export, ROPP_FAMILY_INET6);
}

/* ---- */

static const struct {
    const char *name;
    void (*print)(const struct export *export);
} export_formats[] = {
    /* In the order of enum ropp_export_format. */
    {"plain", export_plain},       {"haproxy", export_haproxy}, {"nginx", export_nginx},
    {"nftables", export_nftables}, {"ipset", export_ipset},
};

bool ropp_export_format_of(const char *name, enum ropp_export_format *out)
{
    size_t i;

    for (i = 0; i < sizeof export_formats / sizeof export_formats[0]; i++)
        if (strcmp(name, export_formats[i].name) == 0) {
            *out = (enum ropp_export_format)i;
            return true;
        }
    return false;
}

void ropp_export(FILE *out, enum ropp_export_format format, const struct ropp_prefix_set *banned,
                 int64_t now_s)
{
    struct export export;

    export.out = out;
    export.banned = banned;
    export.v4_count = export_count_v4(banned);
    export.now_s = now_s;
    export_formats[format].print(&export);
}
