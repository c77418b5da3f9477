// SPDX-License-Identifier: MIT
/* Sets of prefixes: made by hand, and random ones, whose addresses are compared with the original's
 * one by one, at every boundary and in between. */
#include <stdlib.h>
#include <string.h>

#include "core/table.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"
#include "tools/lists/aggregate.h"
#include "tools/lists/difference.h"
#include "tools/lists/private.h"
#include "tools/lists/range.h"

static struct ropp_range range(const char *first, const char *last)
{
    struct ropp_addr addr;
    struct ropp_range result;

    assert_true(ropp_addr_parse(first, strlen(first), &addr));
    result.family = addr.family;
    result.first = ropp_number_of(&addr);
    assert_true(ropp_addr_parse(last, strlen(last), &addr));
    assert_int_equal(addr.family, result.family);
    result.last = ropp_number_of(&addr);
    return result;
}

static struct ropp_table_entry entry(const char *text, enum ropp_table_kind kind, int64_t expires_s)
{
    struct ropp_table_entry result;

    memset(&result, 0, sizeof result);
    result.prefix = prefix(text);
    result.kind = kind;
    result.expires_s = expires_s;
    return result;
}

/* Prefixes as one text, with blanks between. */
static void assert_prefixes(const struct ropp_prefix *items, size_t count, const char *expected)
{
    char text[16384] = "", one[ROPP_PREFIX_TEXT];
    size_t i;

    for (i = 0; i < count; i++) {
        ropp_prefix_format(&items[i], one);
        assert_true(strlen(text) + strlen(one) + 2 < sizeof text);
        if (i > 0)
            strcat(text, " ");
        strcat(text, one);
    }
    assert_string_equal(text, expected);
}

static void assert_range(const char *first, const char *last, const char *expected)
{
    struct ropp_range r = range(first, last);
    struct ropp_prefix out[ROPP_RANGE_PREFIXES];

    assert_prefixes(out, ropp_range_prefixes(&r, out), expected);
}

/* Adds them in the order given. */
static struct ropp_prefix_set set_of(const char *const *texts, size_t count)
{
    struct ropp_prefix_set set = {NULL, 0};
    size_t i;

    for (i = 0; i < count; i++) {
        struct ropp_prefix p = prefix(texts[i]);

        ropp_prefix_set_add(&set, &p);
    }
    return set;
}

#define ASSERT_AGGREGATE(expected, ...)                                                            \
    do {                                                                                           \
        static const char *const texts[] = {__VA_ARGS__};                                          \
        struct ropp_prefix_set set = set_of(texts, COUNT_OF(texts));                               \
        ropp_aggregate(&set);                                                                      \
        assert_prefixes(set.items, set.count, expected);                                           \
        ropp_prefix_set_free(&set);                                                                \
    } while (0)

/* ---- ranges ---- */

static void test_range_prefixes(void **state)
{
    struct ropp_prefix out[ROPP_RANGE_PREFIXES];
    struct ropp_range r;

    (void)state;
    assert_range("192.0.2.0", "192.0.2.255", "192.0.2.0/24");
    assert_range("192.0.2.7", "192.0.2.7", "192.0.2.7/32");
    assert_range("192.0.2.1", "192.0.2.6", "192.0.2.1/32 192.0.2.2/31 192.0.2.4/31 192.0.2.6/32");
    assert_range("0.0.0.0", "255.255.255.255", "0.0.0.0/0");
    assert_range("0.0.0.0", "0.0.0.0", "0.0.0.0/32");
    assert_range("255.255.255.255", "255.255.255.255", "255.255.255.255/32");
    assert_range("255.255.255.254", "255.255.255.255", "255.255.255.254/31");
    assert_range("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0");
    assert_range("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe",
                 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127");
    assert_range("2001:db8:0:0:ffff:ffff:ffff:ffff",
                 "2001:db8:0:1::", "2001:db8::ffff:ffff:ffff:ffff/128 2001:db8:0:1::/128");
    assert_range("2001:db8::", "2001:db8:2:ffff:ffff:ffff:ffff:ffff",
                 "2001:db8::/47 2001:db8:2::/48");
    /* The worst there is. */
    r = range("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
    assert_int_equal(ropp_range_prefixes(&r, out), ROPP_RANGE_PREFIXES);
    r = range("0.0.0.1", "255.255.255.254");
    assert_int_equal(ropp_range_prefixes(&r, out), 62);
}

static void test_range_size(void **state)
{
    struct ropp_range r = range("9.0.0.0", "9.255.255.255");

    (void)state;
    assert_false(ropp_range_exceeds(&r, 8));
    assert_true(ropp_range_exceeds(&r, 9));
    r = range("8.255.255.255", "9.255.255.255");
    assert_true(ropp_range_exceeds(&r, 8));
    r = range("0.0.0.0", "255.255.255.255");
    assert_false(ropp_range_exceeds(&r, 0));
    r = range("2001::ffff:ffff:ffff:ffff", "2002::ffff:ffff:ffff:fffe");
    assert_false(ropp_range_exceeds(&r, 16));
    r = range("2001::ffff:ffff:ffff:ffff", "2002::ffff:ffff:ffff:ffff");
    assert_true(ropp_range_exceeds(&r, 16));
}

/* ---- private networks ---- */

static void assert_private(const char *first, const char *last, const char *expected)
{
    struct ropp_range r = range(first, last), found;
    struct ropp_prefix out[ROPP_RANGE_PREFIXES];

    if (expected == NULL) {
        assert_false(ropp_private_first(&r, &found));
        return;
    }
    assert_true(ropp_private_first(&r, &found));
    assert_prefixes(out, ropp_range_prefixes(&found, out), expected);
}

static void test_private(void **state)
{
    (void)state;
    assert_private("0.0.0.0", "255.255.255.255", "0.0.0.0/8");
    assert_private("1.0.0.0", "255.255.255.255", "10.0.0.0/8");
    assert_private("10.1.0.0", "10.1.0.255", "10.1.0.0/24");
    assert_private("11.0.0.0", "255.255.255.255", "100.64.0.0/10");
    assert_private("100.128.0.0", "255.255.255.255", "127.0.0.0/8");
    assert_private("128.0.0.0", "255.255.255.255", "169.254.0.0/16");
    assert_private("169.255.0.0", "255.255.255.255", "172.16.0.0/12");
    assert_private("172.32.0.0", "255.255.255.255", "192.0.0.0/24");
    assert_private("192.0.1.0", "255.255.255.255", "192.168.0.0/16");
    assert_private("192.169.0.0", "255.255.255.255", "198.18.0.0/15");
    assert_private("198.20.0.0", "255.255.255.255", "224.0.0.0/3");
    assert_private("255.255.255.255", "255.255.255.255", "255.255.255.255/32");
    assert_private("1.0.0.0", "9.255.255.255", NULL);
    assert_private("192.0.2.0", "192.0.2.255", NULL);
    assert_private("198.20.0.0", "223.255.255.255", NULL);
    assert_private("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/3");
    assert_private("::1", "::1", "::1/128");
    assert_private("2000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL);
    assert_private("2000::", "4000::1", "4000::/127");
    assert_private("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fc00::/7");
    assert_private("fe80::", "fe80::1", "fe80::/127");
}

/* ---- aggregation ---- */

static void test_aggregate(void **state)
{
    struct ropp_prefix_set none = {NULL, 0};

    (void)state;
    ropp_aggregate(&none);
    assert_int_equal(none.count, 0);
    ASSERT_AGGREGATE("192.0.2.0/24", "192.0.2.0/24");
    ASSERT_AGGREGATE("192.0.2.0/24", "192.0.2.0/24", "192.0.2.0/24");
    ASSERT_AGGREGATE("192.0.2.0/24", "192.0.2.7", "192.0.2.0/24", "192.0.2.128/25");
    ASSERT_AGGREGATE("192.0.2.0/24", "192.0.2.128/25", "192.0.2.0/25");
    ASSERT_AGGREGATE("192.0.2.0/24", "192.0.2.128/25", "192.0.2.0/26", "192.0.2.64/26");
    /* Neighbours that are no siblings stay two. */
    ASSERT_AGGREGATE("192.0.2.128/25 192.0.3.0/25", "192.0.3.0/25", "192.0.2.128/25");
    ASSERT_AGGREGATE("0.0.0.0/0 ::/0", "::/0", "2001:db8::1", "128.0.0.0/1", "0.0.0.0/1");
    ASSERT_AGGREGATE("::/0", "8000::/1", "::/1");
    ASSERT_AGGREGATE("255.255.255.255/32 ::/128", "::/128", "255.255.255.255");
    ASSERT_AGGREGATE("2001:db8::/63", "2001:db8:0:1::/64", "2001:db8::/64", "2001:db8::5/128");
}

static void test_a_set_grows_again(void **state)
{
    static const char *const texts[] = {"192.0.2.0/26", "192.0.2.64/26", "192.0.2.128/25",
                                        "198.51.100.1", "203.0.113.1"};
    struct ropp_prefix_set set = set_of(texts, COUNT_OF(texts));
    struct ropp_prefix more = prefix("198.51.100.0");
    unsigned i;

    (void)state;
    ropp_aggregate(&set);
    for (i = 0; i < 9; i++)
        ropp_prefix_set_add(&set, &more);
    ropp_aggregate(&set);
    assert_prefixes(set.items, set.count, "192.0.2.0/24 198.51.100.0/31 203.0.113.1/32");
    ropp_prefix_set_free(&set);
}

/* ---- differences ---- */

static void assert_difference(const char *const *before, size_t before_count,
                              const char *const *after, size_t after_count, const char *gone_text,
                              const char *come_text)
{
    struct ropp_prefix_set from = set_of(before, before_count), to = set_of(after, after_count);
    struct ropp_prefix_set gone = {NULL, 0}, come = {NULL, 0};

    ropp_difference(&from, &to, &gone, &come);
    assert_prefixes(gone.items, gone.count, gone_text);
    assert_prefixes(come.items, come.count, come_text);
    ropp_prefix_set_free(&from);
    ropp_prefix_set_free(&to);
    ropp_prefix_set_free(&gone);
    ropp_prefix_set_free(&come);
}

static void test_difference(void **state)
{
    static const char *const some[] = {"192.0.2.0/24", "198.51.100.7/32", "203.0.113.0/24",
                                       "2001:db8::/32"};
    static const char *const others[] = {"192.0.2.0/25", "198.51.100.7/32", "2001:db8::/33",
                                         "2001:db9::/32"};

    (void)state;
    assert_difference(some, 0, some, 0, "", "");
    assert_difference(some, COUNT_OF(some), some, COUNT_OF(some), "", "");
    assert_difference(some, 0, some, 2, "", "192.0.2.0/24 198.51.100.7/32");
    assert_difference(some, 2, some, 0, "192.0.2.0/24 198.51.100.7/32", "");
    assert_difference(some, COUNT_OF(some), others, COUNT_OF(others),
                      "192.0.2.0/24 203.0.113.0/24 2001:db8::/32",
                      "192.0.2.0/25 2001:db8::/33 2001:db9::/32");
}

/* ---- flattening ---- */

static void assert_flat(struct ropp_table_entry *entries, size_t count, int64_t now_s,
                        const char *expected)
{
    struct ropp_prefix_set banned = {NULL, 0};

    ropp_flatten(entries, count, now_s, &banned);
    assert_prefixes(banned.items, banned.count, expected);
    ropp_prefix_set_free(&banned);
}

static void test_flatten(void **state)
{
    struct ropp_table_entry entries[] = {
        entry("192.0.2.0/24", ROPP_TABLE_BAN, 0),
        entry("192.0.2.64/26", ROPP_TABLE_ALLOW, 100),
        entry("192.0.2.65", ROPP_TABLE_BAN, 0),
        entry("192.0.3.0/24", ROPP_TABLE_BAN, 0),
        entry("198.51.100.0/24", ROPP_TABLE_BAN, 50),
        entry("203.0.113.0/24", ROPP_TABLE_ALLOW, 0),
        entry("203.0.113.0/24", ROPP_TABLE_BAN, 0),
        entry("2001:db8::/32", ROPP_TABLE_BAN, 0),
        entry("2001:db8:8000::/33", ROPP_TABLE_ALLOW, 0),
    };

    (void)state;
    assert_flat(entries, 0, 0, "");
    assert_flat(entries, COUNT_OF(entries), 0,
                "192.0.2.0/26 192.0.2.65/32 192.0.2.128/25 192.0.3.0/24 198.51.100.0/24 "
                "2001:db8::/33");
    assert_flat(entries, COUNT_OF(entries), 50,
                "192.0.2.0/26 192.0.2.65/32 192.0.2.128/25 192.0.3.0/24 2001:db8::/33");
    assert_flat(entries, COUNT_OF(entries), 100, "192.0.2.0/23 2001:db8::/33");
}

static void test_flatten_the_ends(void **state)
{
    struct ropp_table_entry all[] = {entry("0.0.0.0/0", ROPP_TABLE_BAN, 0),
                                     entry("::/0", ROPP_TABLE_BAN, 0)};
    struct ropp_table_entry ends[] = {
        entry("::/0", ROPP_TABLE_BAN, 0),
        entry("::/128", ROPP_TABLE_ALLOW, 0),
        entry("8000::/1", ROPP_TABLE_ALLOW, 0),
        entry("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ROPP_TABLE_BAN, 0),
    };
    struct ropp_table_entry none[] = {entry("::/0", ROPP_TABLE_ALLOW, 0),
                                      entry("::/0", ROPP_TABLE_BAN, 0),
                                      entry("0.0.0.0/0", ROPP_TABLE_ALLOW, 0)};
    struct ropp_prefix_set banned = {NULL, 0};

    (void)state;
    assert_flat(all, COUNT_OF(all), 0, "0.0.0.0/0 ::/0");
    assert_flat(none, COUNT_OF(none), 0, "");
    ropp_flatten(ends, COUNT_OF(ends), 0, &banned);
    assert_int_equal(banned.count, 128);
    assert_prefixes(banned.items, 1, "::1/128");
    assert_prefixes(banned.items + 127, 1, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
    ropp_prefix_set_free(&banned);
}

/* An allowance and a ban by turns, of every length. */
static void test_flatten_the_deepest(void **state)
{
    struct ropp_table_entry entries[129];
    struct ropp_prefix_set banned = {NULL, 0};
    unsigned length;

    (void)state;
    for (length = 0; length <= 128; length++) {
        entries[length] = entry("::/0", length % 2 == 0 ? ROPP_TABLE_BAN : ROPP_TABLE_ALLOW, 0);
        entries[length].prefix.length = length;
    }
    ropp_flatten(entries, COUNT_OF(entries), 0, &banned);
    assert_int_equal(banned.count, 65);
    ropp_prefix_set_free(&banned);
}

/* ---- against the table ---- */

static void set_bit(struct ropp_addr *addr, unsigned bit, bool value)
{
    unsigned mask = 0x80u >> (bit % 8);

    addr->bytes[bit / 8] =
        (uint8_t)(value ? addr->bytes[bit / 8] | mask : addr->bytes[bit / 8] & ~mask);
}

static unsigned bits_of(const struct ropp_addr *addr)
{
    return addr->family == ROPP_FAMILY_INET ? 32 : 128;
}

/* Close to others: few bits are set in any, all of them in a window of twelve. */
static struct ropp_prefix random_prefix(bool v6, unsigned window)
{
    struct ropp_prefix result;
    unsigned bit;

    result.addr = ropp_addr_v4(0);
    if (v6)
        result.addr.family = ROPP_FAMILY_INET6;
    if (v6 && window > 0)
        result.addr.bytes[0] = 0x20;
    result.length = window + random_below(13);
    for (bit = window; bit < result.length; bit++)
        set_bit(&result.addr, bit, random_below(2) != 0);
    return result;
}

/* The next address up or down, around the end of the address space. */
static struct ropp_addr neighbour(struct ropp_addr addr, bool up)
{
    unsigned bit = bits_of(&addr);

    while (bit-- > 0) {
        bool was_set = (addr.bytes[bit / 8] & (0x80u >> (bit % 8))) != 0;

        set_bit(&addr, bit, !was_set);
        if (was_set != up)
            break;
    }
    return addr;
}

static struct ropp_addr filled(struct ropp_addr addr, unsigned from, int value)
{
    unsigned bit;

    for (bit = from; bit < bits_of(&addr); bit++)
        set_bit(&addr, bit, value < 0 ? random_below(2) != 0 : value != 0);
    return addr;
}

static bool holds(const struct ropp_prefix_set *set, const struct ropp_addr *addr)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        if (ropp_prefix_contains(&set->items[i], addr))
            return true;
    return false;
}

static size_t compared;

static void compare_addr(const struct ropp_prefix_set *set, const struct ropp_table *table,
                         int64_t now_s, struct ropp_addr addr)
{
    struct ropp_table_entry found;
    bool banned = ropp_table_lookup(table, &addr, now_s, &found) && found.kind == ROPP_TABLE_BAN;

    compared++;
    if (holds(set, &addr) != banned) {
        char text[ROPP_ADDR_TEXT];

        ropp_addr_format(&addr, text);
        fail_msg("%s is%s banned by the table", text, banned ? "" : " not");
    }
}

static void compare_around(const struct ropp_prefix_set *set, const struct ropp_table *table,
                           int64_t now_s, const struct ropp_prefix *p)
{
    struct ropp_addr last = filled(p->addr, p->length, 1);

    compare_addr(set, table, now_s, p->addr);
    compare_addr(set, table, now_s, last);
    compare_addr(set, table, now_s, neighbour(p->addr, false));
    compare_addr(set, table, now_s, neighbour(last, true));
    compare_addr(set, table, now_s, filled(p->addr, p->length, -1));
}

/* Ascending, apart, and no two of them one prefix: then fewer could not cover the same. */
static void assert_minimal(const struct ropp_prefix_set *set)
{
    size_t i;

    for (i = 1; i < set->count; i++) {
        const struct ropp_prefix *a = &set->items[i - 1], *b = &set->items[i];
        struct ropp_addr sibling = a->addr;

        assert_true(a->addr.family <= b->addr.family);
        assert_false(ropp_prefix_contains(a, &b->addr));
        assert_false(ropp_prefix_contains(b, &a->addr));
        if (a->addr.family == b->addr.family)
            assert_true(memcmp(a->addr.bytes, b->addr.bytes, 16) < 0);
        if (a->length > 0 && a->length == b->length) {
            set_bit(&sibling, a->length - 1, true);
            assert_false(ropp_addr_equal(&sibling, &b->addr));
        }
    }
}

/* Nested bans and allowances, some of them expired. `window` is where the bits are in which they
 * differ. */
static void compare_random(unsigned window_v4, unsigned window_v6, size_t count, bool only_bans)
{
    struct ropp_table_entry entries[200], copy[200];
    struct ropp_prefix_set banned = {NULL, 0}, merged = {NULL, 0};
    struct ropp_table *table;
    size_t i;

    for (i = 0; i < count; i++) {
        bool v6 = random_below(2) != 0;

        memset(&entries[i], 0, sizeof entries[i]);
        entries[i].prefix = random_prefix(v6, v6 ? window_v6 : window_v4);
        entries[i].kind = !only_bans && random_below(3) == 0 ? ROPP_TABLE_ALLOW : ROPP_TABLE_BAN;
        entries[i].expires_s = only_bans ? 0 : (int64_t)random_below(4) * 10;
        assert_true(ropp_table_entry_valid(&entries[i]));
        ropp_prefix_set_add(&merged, &entries[i].prefix);
    }
    memcpy(copy, entries, sizeof copy);
    assert_int_equal(ropp_table_build(copy, count, malloc, &table), ROPP_TABLE_OK);
    memcpy(copy, entries, sizeof copy);
    ropp_flatten(copy, count, 10, &banned);
    assert_minimal(&banned);
    for (i = 0; i < count; i++)
        compare_around(&banned, table, 10, &entries[i].prefix);
    for (i = 0; i < banned.count; i++)
        compare_around(&banned, table, 10, &banned.items[i]);
    for (i = 0; i < 50; i++) {
        struct ropp_prefix any = random_prefix(i % 2 == 0, i % 2 == 0 ? window_v6 : window_v4);

        compare_addr(&banned, table, 10, filled(any.addr, any.length, -1));
    }
    if (only_bans) {
        ropp_aggregate(&merged);
        assert_int_equal(merged.count, banned.count);
        for (i = 0; i < merged.count; i++) {
            assert_int_equal(merged.items[i].length, banned.items[i].length);
            assert_true(ropp_addr_equal(&merged.items[i].addr, &banned.items[i].addr));
        }
    }
    free(table);
    ropp_prefix_set_free(&merged);
    ropp_prefix_set_free(&banned);
}

static void test_random_sets_decide_as_the_table(void **state)
{
    static const unsigned windows[][2] = {{0, 0}, {20, 116}, {8, 58}, {12, 30}};
    unsigned round;

    (void)state;
    for (round = 0; round < 800; round++) {
        const unsigned *window = windows[round % COUNT_OF(windows)];
        size_t count = round % 7 == 0 ? 200 : 1 + random_below(30);

        compare_random(window[0], window[1], count, round % 5 == 0);
    }
    print_message("%zu addresses agreed\n", compared);
    assert_true(compared > 200000);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_range_prefixes),
        cmocka_unit_test(test_range_size),
        cmocka_unit_test(test_private),
        cmocka_unit_test(test_aggregate),
        cmocka_unit_test(test_a_set_grows_again),
        cmocka_unit_test(test_difference),
        cmocka_unit_test(test_flatten),
        cmocka_unit_test(test_flatten_the_ends),
        cmocka_unit_test(test_flatten_the_deepest),
        cmocka_unit_test(test_random_sets_decide_as_the_table),
    };

    return UNIT_RUN(argc, argv, "aggregate", tests, NULL, NULL);
}
