// SPDX-License-Identifier: MIT
/* The formats, word by word; that real programs take them as meant is tests/ban/test_export.sh. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tools/lists/export.h"

#define NOW_S 1800000000

static void add(struct ropp_prefix_set *set, const char *text)
{
    struct ropp_prefix prefix;

    assert_int_equal(ropp_prefix_parse(text, strlen(text), &prefix), ROPP_PREFIX_OK);
    ropp_prefix_set_add(set, &prefix);
}

/* What is exported behind the comments. */
static void assert_export(const char *format_name, const char *const *prefixes,
                          const char *expected)
{
    struct ropp_prefix_set set = {NULL, 0};
    enum ropp_export_format format;
    char *text = NULL, *at;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    for (; *prefixes != NULL; prefixes++)
        add(&set, *prefixes);
    assert_true(ropp_export_format_of(format_name, &format));
    ropp_export(out, format, &set, NOW_S);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "2027-01-15 08:00:00 UTC\n"));
    for (at = text; *at == '#'; at = strchr(at, '\n') + 1)
        ;
    assert_string_equal(at, expected);
    free(text);
    ropp_prefix_set_free(&set);
}

static const char *const both[] = {"192.0.2.0/24", "198.51.100.7", "2001:db8::/32", NULL};
static const char *const everything[] = {"0.0.0.0/0", "::/0", NULL};
static const char *const mapped[] = {"::/79", "2000::/3", NULL};
static const char *const nothing[] = {NULL};

static void test_names(void **state)
{
    enum ropp_export_format format;

    (void)state;
    assert_false(ropp_export_format_of("iptables", &format));
    assert_false(ropp_export_format_of("", &format));
    assert_true(ropp_export_format_of("ipset", &format));
    assert_int_equal(format, ROPP_EXPORT_IPSET);
    assert_true(ropp_export_format_of("plain", &format));
    assert_int_equal(format, ROPP_EXPORT_PLAIN);
}

static void test_lines(void **state)
{
    (void)state;
    assert_export("plain", both, "192.0.2.0/24\n198.51.100.7/32\n2001:db8::/32\n");
    assert_export("plain", nothing, "");
    assert_export("haproxy", both, "192.0.2.0/24\n198.51.100.7/32\n2001:db8::/32\n");
    assert_export("haproxy", mapped,
                  "::/81\n::8000:0:0/82\n::c000:0:0/83\n::e000:0:0/84\n::f000:0:0/85\n"
                  "::f800:0:0/86\n::fc00:0:0/87\n::fe00:0:0/88\n::ff00:0:0/89\n"
                  "::ff80:0:0/90\n::ffc0:0:0/91\n::ffe0:0:0/92\n::fff0:0:0/93\n"
                  "::fff8:0:0/94\n::fffc:0:0/95\n::fffe:0:0/96\n::1:0:0:0/80\n2000::/3\n");
    assert_export("nginx", both,
                  "default 0;\n192.0.2.0/24 1;\n198.51.100.7/32 1;\n2001:db8::/32 1;\n");
    assert_export("nginx", nothing, "default 0;\n");
}

#define NFT_HEAD                                                                                   \
    "add table inet ropp\n"                                                                        \
    "add set inet ropp banned4 { type ipv4_addr; flags interval; }\n"                              \
    "add set inet ropp banned6 { type ipv6_addr; flags interval; }\n"                              \
    "flush set inet ropp banned4\n"                                                                \
    "flush set inet ropp banned6\n"

static void test_nftables(void **state)
{
    (void)state;
    assert_export("nftables", nothing, NFT_HEAD);
    assert_export("nftables", both,
                  NFT_HEAD "add element inet ropp banned4 {\n192.0.2.0/24,\n198.51.100.7/32,\n}\n"
                           "add element inet ropp banned6 {\n2001:db8::/32,\n}\n");
}

#define IPSET_BEGIN(digit, family)                                                                 \
    "create -exist ropp_banned" digit " hash:net family " family " maxelem 134217728\n"            \
    "create -exist ropp_banned" digit "_new hash:net family " family " maxelem 134217728\n"        \
    "flush ropp_banned" digit "_new\n"
#define IPSET_END(digit)                                                                           \
    "swap ropp_banned" digit "_new ropp_banned" digit "\n"                                         \
    "destroy ropp_banned" digit "_new\n"

static void test_ipset(void **state)
{
    (void)state;
    assert_export("ipset", nothing,
                  IPSET_BEGIN("4", "inet") IPSET_END("4") IPSET_BEGIN("6", "inet6") IPSET_END("6"));
    assert_export(
        "ipset", both,
        IPSET_BEGIN("4",
                    "inet") "add ropp_banned4_new 192.0.2.0/24\n"
                            "add ropp_banned4_new 198.51.100.7/32\n" IPSET_END("4") IPSET_BEGIN(
                                "6",
                                "inet6") "add ropp_banned6_new 2001:db8::/32\n" IPSET_END("6"));
    assert_export(
        "ipset", everything,
        IPSET_BEGIN("4", "inet") "add ropp_banned4_new 0.0.0.0/1\n"
                                 "add ropp_banned4_new 128.0.0.0/1\n" IPSET_END("4") IPSET_BEGIN(
                                     "6",
                                     "inet6") "add ropp_banned6_new ::/1\n"
                                              "add ropp_banned6_new 8000::/1\n" IPSET_END("6"));
}

static void assert_change(enum ropp_export_format format, const char *expected)
{
    struct ropp_prefix_set gone = {NULL, 0}, come = {NULL, 0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    add(&gone, "192.0.2.0/24");
    add(&come, "192.0.2.0/25");
    add(&come, "2001:db8::/32");
    ropp_export_change(out, format, &gone, &come);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
    ropp_prefix_set_free(&gone);
    ropp_prefix_set_free(&come);
}

static void test_changes(void **state)
{
    (void)state;
    assert_change(ROPP_EXPORT_NFTABLES, "delete element inet ropp banned4 {\n192.0.2.0/24,\n}\n"
                                        "add element inet ropp banned4 {\n192.0.2.0/25,\n}\n"
                                        "add element inet ropp banned6 {\n2001:db8::/32,\n}\n");
    assert_change(ROPP_EXPORT_IPSET, "add ropp_banned4 192.0.2.0/25\n"
                                     "add ropp_banned6 2001:db8::/32\n"
                                     "del ropp_banned4 192.0.2.0/24\n");
}

/* The whole of a file, with what is written for people at its beginning. */
static void assert_whole(enum ropp_export_format format, int64_t now_s, const char *expected)
{
    struct ropp_prefix_set set = {NULL, 0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    add(&set, "192.0.2.0/24");
    add(&set, "198.51.100.7");
    add(&set, "2001:db8::/32");
    ropp_export(out, format, &set, now_s);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
    ropp_prefix_set_free(&set);
}

#define HEAD "# ropp: 3 banned prefixes (IPv4: 2, IPv6: 1), 2027-01-15 08:00:00 UTC\n"

static void test_whole_files(void **state)
{
    (void)state;
    assert_whole(ROPP_EXPORT_PLAIN, NOW_S,
                 HEAD "# ropp ban import FILE --source NAME\n"
                      "192.0.2.0/24\n198.51.100.7/32\n2001:db8::/32\n");
    assert_whole(ROPP_EXPORT_PLAIN, INT64_MAX,
                 "# ropp: 3 banned prefixes (IPv4: 2, IPv6: 1), at an unknown time\n"
                 "# ropp ban import FILE --source NAME\n"
                 "192.0.2.0/24\n198.51.100.7/32\n2001:db8::/32\n");
    assert_whole(ROPP_EXPORT_HAPROXY, NOW_S,
                 HEAD "# In a frontend, or in a listen section:\n"
                      "#     acl banned src -f FILE\n"
                      "#     tcp-request connection reject if banned\n"
                      "192.0.2.0/24\n198.51.100.7/32\n2001:db8::/32\n");
    assert_whole(ROPP_EXPORT_NGINX, NOW_S,
                 HEAD "# In the stream or http block: geo $banned { include FILE; }\n"
                      "# $banned is 1 for those who are banned, else 0.\n"
                      "default 0;\n192.0.2.0/24 1;\n198.51.100.7/32 1;\n2001:db8::/32 1;\n");
}

/* What HAProxy cannot have is cut out of what is around it, and of nothing else. */
static void test_around_the_mapped(void **state)
{
    static const char *const one[] = {"::ffff:0:0:0/96", "::fffe:0:0/96", "::1:0:0:0/80", NULL};
    static const char *const exact[] = {"::fffe:0:0/95", NULL};

    (void)state;
    assert_export("haproxy", one, "::ffff:0:0:0/96\n::fffe:0:0/96\n::1:0:0:0/80\n");
    assert_export("haproxy", exact, "::fffe:0:0/96\n");
}

static void assert_change_of(enum ropp_export_format format, const char *gone_text,
                             const char *come_text, const char *expected)
{
    struct ropp_prefix_set gone = {NULL, 0}, come = {NULL, 0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    if (gone_text != NULL)
        add(&gone, gone_text);
    if (come_text != NULL)
        add(&come, come_text);
    ropp_export_change(out, format, &gone, &come);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text != NULL ? text : "", expected);
    free(text);
    ropp_prefix_set_free(&gone);
    ropp_prefix_set_free(&come);
}

static void test_small_changes(void **state)
{
    (void)state;
    assert_change_of(ROPP_EXPORT_NFTABLES, NULL, NULL, "");
    assert_change_of(ROPP_EXPORT_IPSET, NULL, NULL, "");
    assert_change_of(ROPP_EXPORT_NFTABLES, "2001:db8::/32", NULL,
                     "delete element inet ropp banned6 {\n2001:db8::/32,\n}\n");
    assert_change_of(ROPP_EXPORT_IPSET, "2001:db8::/32", "192.0.2.1",
                     "add ropp_banned4 192.0.2.1/32\ndel ropp_banned6 2001:db8::/32\n");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_nftables),
        cmocka_unit_test(test_ipset),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_whole_files),
        cmocka_unit_test(test_around_the_mapped),
        cmocka_unit_test(test_small_changes),
    };

    return UNIT_RUN(argc, argv, "export", tests, NULL, NULL);
}
