// SPDX-License-Identifier: MIT
/* The table's answers are compared with those of a linear scan that applies the rule of table.h
 * word by word: on small sets made by hand, on sets made to be awkward, and on random ones until a
 * million look-ups have agreed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/table.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

static size_t compared; /* look-ups that agreed with the scan, over all tests */

static size_t allocations;
static size_t allocated_bytes;

static void *counting_malloc(size_t size)
{
    allocations++;
    allocated_bytes = size;
    return malloc(size);
}

static void *failing_malloc(size_t size)
{
    allocations++;
    allocated_bytes = size;
    return NULL;
}

static struct ropp_table_entry entry(const char *text, enum ropp_table_kind kind, int64_t expires_s,
                                     uint64_t id)
{
    struct ropp_table_entry result;

    memset(&result, 0, sizeof result);
    assert_int_equal(ropp_prefix_parse(text, strlen(text), &result.prefix), ROPP_PREFIX_OK);
    result.kind = kind;
    result.expires_s = expires_s;
    result.id = id;
    return result;
}

static struct ropp_table_entry ban(const char *text, uint64_t id)
{
    return entry(text, ROPP_TABLE_BAN, 0, id);
}

static struct ropp_table *build(struct ropp_table_entry *entries, size_t count)
{
    struct ropp_table *table = NULL;

    allocations = 0;
    assert_int_equal(ropp_table_build(entries, count, counting_malloc, &table), ROPP_TABLE_OK);
    assert_non_null(table);
    assert_int_equal(allocations, 1);
    assert_int_equal(ropp_table_size(table), allocated_bytes);
    return table;
}

/* The id of the entry that decides, 0 for none. */
static uint64_t decides(const struct ropp_table *table, const char *text, int64_t now_s)
{
    struct ropp_addr a = addr(text);
    struct ropp_table_entry found;

    return ropp_table_lookup(table, &a, now_s, &found) ? found.id : 0;
}

/* ---- the scan ---- */

static bool comes_before(const struct ropp_table_entry *a, const struct ropp_table_entry *b)
{
    if (a->prefix.length != b->prefix.length)
        return a->prefix.length > b->prefix.length;
    if (a->kind != b->kind)
        return a->kind == ROPP_TABLE_ALLOW;
    if (a->expires_s != b->expires_s)
        return a->expires_s == 0 || (b->expires_s != 0 && a->expires_s > b->expires_s);
    return a->id < b->id;
}

static const struct ropp_table_entry *scan(const struct ropp_table_entry *entries, size_t count,
                                           const struct ropp_addr *a, int64_t now_s)
{
    const struct ropp_table_entry *best = NULL;
    size_t i;

    for (i = 0; i < count; i++)
        if (ropp_prefix_contains(&entries[i].prefix, a) &&
            (entries[i].expires_s == 0 || now_s < entries[i].expires_s) &&
            (best == NULL || comes_before(&entries[i], best)))
            best = &entries[i];
    return best;
}

static bool same_entry(const struct ropp_table_entry *a, const struct ropp_table_entry *b)
{
    return ropp_addr_equal(&a->prefix.addr, &b->prefix.addr) &&
           a->prefix.length == b->prefix.length && a->kind == b->kind &&
           a->expires_s == b->expires_s && a->id == b->id;
}

static void print_answer(const char *who, const struct ropp_table_entry *answer)
{
    char text[ROPP_PREFIX_TEXT];

    if (answer == NULL) {
        print_error("  the %s finds none\n", who);
        return;
    }
    ropp_prefix_format(&answer->prefix, text);
    print_error("  the %s finds %s %s until %" PRId64 ", id %" PRIu64 "\n", who,
                answer->kind == ROPP_TABLE_ALLOW ? "allow" : "ban", text, answer->expires_s,
                answer->id);
}

static void compare(const struct ropp_table *table, const struct ropp_table_entry *entries,
                    size_t count, const struct ropp_addr *a, int64_t now_s)
{
    const struct ropp_table_entry *expected = scan(entries, count, a, now_s);
    struct ropp_table_entry found, untouched;
    char text[ROPP_ADDR_TEXT];
    bool has;

    memset(&untouched, 0xa5, sizeof untouched);
    memcpy(&found, &untouched, sizeof found);
    has = ropp_table_lookup(table, a, now_s, &found);
    compared++;
    if (expected == NULL ? !has && memcmp(&found, &untouched, sizeof found) == 0
                         : has && same_entry(&found, expected))
        return;
    ropp_addr_format(a, text);
    print_error("%s at %" PRId64 " in %zu entries:\n", text, now_s, count);
    print_answer("scan", expected);
    print_answer("table", has ? &found : NULL);
    fail();
}

/* ---- addresses and moments worth asking for ---- */

static unsigned bits_of(const struct ropp_addr *a)
{
    return a->family == ROPP_FAMILY_INET ? 32 : 128;
}

static void flip_bit(struct ropp_addr *a, unsigned bit)
{
    a->bytes[bit / 8] = (uint8_t)(a->bytes[bit / 8] ^ (0x80u >> (bit % 8)));
}

static bool bit_of(const struct ropp_addr *a, unsigned bit)
{
    return (a->bytes[bit / 8] & (0x80u >> (bit % 8))) != 0;
}

/* Sets the bits from `from` on to `value`, or to anything. */
enum fill { FILL_ZEROS, FILL_ONES, FILL_ANY };

static struct ropp_addr filled(struct ropp_addr a, unsigned from, enum fill fill)
{
    unsigned bit;

    for (bit = from; bit < bits_of(&a); bit++)
        if (bit_of(&a, bit) != (fill == FILL_ANY ? random_below(2) != 0 : fill == FILL_ONES))
            flip_bit(&a, bit);
    return a;
}

/* The next address up or down, around the end of the address space. */
static struct ropp_addr neighbour(struct ropp_addr a, bool up)
{
    unsigned bit = bits_of(&a);

    while (bit-- > 0) {
        bool carries = bit_of(&a, bit) == up;

        flip_bit(&a, bit);
        if (!carries)
            break;
    }
    return a;
}

static const int64_t moments_s[] = {INT64_MIN, -6, -5, 0,  1,  9,  10,       11,
                                    19,        20, 21, 29, 30, 31, INT64_MAX};

static const int64_t expiries_s[] = {0, 0, 0, 0, -5, 1, 10, 10, 20, 30, INT64_MAX, INT64_MIN};

/* Those that a table of brief entries has. */
static const int64_t brief_expiries_s[] = {0, 0, 0, 0, 1, 10, 10, 20, 30, UINT32_MAX};

static int64_t random_moment(void)
{
    return moments_s[random_below(COUNT_OF(moments_s))];
}

/* Both ends of a prefix, what is just outside of them, and something inside. */
static void compare_around(const struct ropp_table *table, const struct ropp_table_entry *entries,
                           size_t count, const struct ropp_prefix *prefix, int64_t now_s)
{
    struct ropp_addr first = prefix->addr;
    struct ropp_addr last = filled(first, prefix->length, FILL_ONES);
    struct ropp_addr inside = filled(first, prefix->length, FILL_ANY);
    struct ropp_addr before = neighbour(first, false), after = neighbour(last, true);

    compare(table, entries, count, &first, now_s);
    compare(table, entries, count, &last, now_s);
    compare(table, entries, count, &inside, now_s);
    compare(table, entries, count, &before, now_s);
    compare(table, entries, count, &after, now_s);
}

/* Builds, and asks around every entry at every moment of moments_s. */
static void compare_all(struct ropp_table_entry *entries, size_t count)
{
    struct ropp_table *table = build(entries, count);
    size_t i, j;

    for (i = 0; i < count; i++)
        for (j = 0; j < COUNT_OF(moments_s); j++)
            compare_around(table, entries, count, &entries[i].prefix, moments_s[j]);
    free(table);
}

static struct ropp_table_entry *new_entries(size_t count)
{
    struct ropp_table_entry *entries = (struct ropp_table_entry *)calloc(count, sizeof *entries);

    assert_non_null(entries);
    return entries;
}

/* ---- the rule ---- */

static void test_empty(void **state)
{
    struct ropp_table *table = build(NULL, 0);
    struct ropp_addr none;
    struct ropp_table_entry found;

    (void)state;
    memset(&none, 0, sizeof none);
    assert_int_equal(ropp_table_count(table), 0);
    assert_int_equal(decides(table, "0.0.0.0", 0), 0);
    assert_int_equal(decides(table, "255.255.255.255", 0), 0);
    assert_int_equal(decides(table, "::", 0), 0);
    assert_int_equal(decides(table, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0), 0);
    assert_false(ropp_table_lookup(table, &none, 0, &found));
    free(table);
}

static void test_the_longest_prefix_decides(void **state)
{
    struct ropp_table_entry entries[] = {
        ban("198.51.100.0/24", 1),
        entry("198.51.100.7", ROPP_TABLE_ALLOW, 0, 2),
        ban("198.51.0.0/16", 3),
        ban("2001:db8::/32", 4),
        entry("2001:db8:1::/48", ROPP_TABLE_ALLOW, 0, 5),
        ban("2001:db8:1:2::/64", 6),
        entry("2001:db8:1:2::7", ROPP_TABLE_ALLOW, 0, 7),
    };
    struct ropp_table *table = build(entries, COUNT_OF(entries));
    struct ropp_table_entry found;
    struct ropp_addr a = addr("198.51.100.7");

    (void)state;
    assert_int_equal(ropp_table_count(table), COUNT_OF(entries));
    assert_true(ropp_table_lookup(table, &a, 0, &found));
    assert_int_equal(found.kind, ROPP_TABLE_ALLOW);
    assert_int_equal(found.prefix.length, 32);
    assert_true(ropp_addr_equal(&found.prefix.addr, &a));
    a = addr("198.51.100.8");
    assert_true(ropp_table_lookup(table, &a, 0, &found));
    assert_int_equal(found.kind, ROPP_TABLE_BAN);
    assert_int_equal(found.id, 1);
    assert_int_equal(found.prefix.length, 24);
    a = addr("198.51.100.0");
    assert_true(ropp_addr_equal(&found.prefix.addr, &a));
    assert_int_equal(decides(table, "198.51.101.0", 0), 3);
    assert_int_equal(decides(table, "198.52.0.0", 0), 0);
    assert_int_equal(decides(table, "198.50.255.255", 0), 0);
    assert_int_equal(decides(table, "2001:db8:1:2::7", 0), 7);
    assert_int_equal(decides(table, "2001:db8:1:2::8", 0), 6);
    assert_int_equal(decides(table, "2001:db8:1:3::7", 0), 5);
    assert_int_equal(decides(table, "2001:db8:2::7", 0), 4);
    assert_int_equal(decides(table, "2001:db9::7", 0), 0);
    free(table);
}

static void test_expiry_needs_no_new_table(void **state)
{
    struct ropp_table_entry entries[] = {
        entry("192.0.2.0/24", ROPP_TABLE_BAN, 300, 1),
        entry("192.0.2.0/25", ROPP_TABLE_ALLOW, 200, 2),
        entry("192.0.2.1", ROPP_TABLE_BAN, 100, 3),
        entry("2001:db8::/64", ROPP_TABLE_BAN, 200, 4),
        entry("2001:db8::1", ROPP_TABLE_ALLOW, 100, 5),
    };
    struct ropp_table *table = build(entries, COUNT_OF(entries));

    (void)state;
    assert_int_equal(decides(table, "192.0.2.1", 99), 3);
    assert_int_equal(decides(table, "192.0.2.1", 100), 2);
    assert_int_equal(decides(table, "192.0.2.1", 199), 2);
    assert_int_equal(decides(table, "192.0.2.1", 200), 1);
    assert_int_equal(decides(table, "192.0.2.1", 299), 1);
    assert_int_equal(decides(table, "192.0.2.1", 300), 0);
    /* A clock that is set back brings them back. */
    assert_int_equal(decides(table, "192.0.2.1", 99), 3);
    assert_int_equal(decides(table, "2001:db8::1", 99), 5);
    assert_int_equal(decides(table, "2001:db8::1", 100), 4);
    assert_int_equal(decides(table, "2001:db8::1", 200), 0);
    free(table);
}

static void test_equal_prefixes(void **state)
{
    struct ropp_table_entry entries[] = {
        /* The allowance decides, and gives way when it ends. */
        entry("192.0.2.0/24", ROPP_TABLE_BAN, 0, 1),
        entry("192.0.2.0/24", ROPP_TABLE_ALLOW, 100, 2),
        entry("192.0.2.0/24", ROPP_TABLE_ALLOW, 50, 3),
        entry("192.0.2.0/24", ROPP_TABLE_BAN, 200, 4),
        /* The one that stays longest; never is longer than any. */
        entry("198.51.100.0/24", ROPP_TABLE_BAN, 100, 5),
        entry("198.51.100.0/24", ROPP_TABLE_BAN, 300, 6),
        entry("198.51.100.0/24", ROPP_TABLE_BAN, 200, 7),
        entry("203.0.113.0/24", ROPP_TABLE_BAN, INT64_MAX, 8),
        entry("203.0.113.0/24", ROPP_TABLE_BAN, 0, 9),
        /* The smallest id. */
        entry("2001:db8::1", ROPP_TABLE_BAN, 100, 12),
        entry("2001:db8::1", ROPP_TABLE_BAN, 100, 10),
        entry("2001:db8::1", ROPP_TABLE_BAN, 100, 11),
    };
    struct ropp_table *table = build(entries, COUNT_OF(entries));

    (void)state;
    assert_int_equal(decides(table, "192.0.2.1", 0), 2);
    assert_int_equal(decides(table, "192.0.2.1", 99), 2);
    assert_int_equal(decides(table, "192.0.2.1", 100), 1);
    assert_int_equal(decides(table, "192.0.2.1", 200), 1);
    assert_int_equal(decides(table, "198.51.100.1", 0), 6);
    assert_int_equal(decides(table, "198.51.100.1", 299), 6);
    assert_int_equal(decides(table, "198.51.100.1", 300), 0);
    assert_int_equal(decides(table, "203.0.113.1", INT64_MAX), 9);
    assert_int_equal(decides(table, "2001:db8::1", 0), 10);
    assert_int_equal(decides(table, "2001:db8::1", 100), 0);
    /* 2 and 1, 6, 9, 10: the others could never decide. */
    assert_int_equal(ropp_table_count(table), 5);
    free(table);
    compare_all(entries, COUNT_OF(entries));
}

/* What can never decide takes no room. */
static void test_the_room_of_equal_prefixes(void **state)
{
    struct ropp_table_entry entries[300], one = ban("192.0.2.0/24", 1);
    struct ropp_table *table;
    size_t i, size;

    (void)state;
    table = build(&one, 1);
    size = ropp_table_size(table);
    free(table);
    for (i = 0; i < COUNT_OF(entries); i++)
        entries[i] = ban("192.0.2.0/24", i + 1);
    table = build(entries, COUNT_OF(entries));
    assert_int_equal(ropp_table_count(table), 1);
    assert_int_equal(ropp_table_size(table), size);
    free(table);
}

static void test_families_are_apart(void **state)
{
    struct ropp_table_entry v4 = ban("0.0.0.0/0", 1), v6 = ban("::/0", 2), both[2];
    struct ropp_table *table = build(&v4, 1);
    struct ropp_addr odd = addr("192.0.2.1");
    struct ropp_table_entry found;

    (void)state;
    assert_int_equal(decides(table, "0.0.0.0", 0), 1);
    assert_int_equal(decides(table, "255.255.255.255", 0), 1);
    assert_int_equal(decides(table, "::", 0), 0);
    assert_int_equal(decides(table, "2001:db8::1", 0), 0);
    odd.family = ROPP_FAMILY_UNSPEC;
    assert_false(ropp_table_lookup(table, &odd, 0, &found));
    odd.family = ROPP_FAMILY_UNIX;
    assert_false(ropp_table_lookup(table, &odd, 0, &found));
    free(table);
    table = build(&v6, 1);
    assert_int_equal(decides(table, "::", 0), 2);
    assert_int_equal(decides(table, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0), 2);
    assert_int_equal(decides(table, "0.0.0.0", 0), 0);
    free(table);
    both[0] = v6;
    both[1] = v4;
    table = build(both, 2);
    assert_int_equal(decides(table, "192.0.2.1", 0), 1);
    assert_int_equal(decides(table, "2001:db8::1", 0), 2);
    free(table);
}

/* ---- awkward sets ---- */

/* Every length around one address, ever more of them expired: by length, and the other way. */
static void test_nested_chains(void **state)
{
    static const char *const deepest[] = {"0.0.0.0",
                                          "255.255.255.255",
                                          "203.0.113.85",
                                          "::",
                                          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                          "2001:db8:a5a5:5a5a:0123:4567:89ab:cdef"};
    struct ropp_table_entry entries[129];
    size_t i, order, length, bits;

    (void)state;
    for (i = 0; i < COUNT_OF(deepest); i++) {
        struct ropp_addr inside = addr(deepest[i]);

        bits = bits_of(&inside);
        for (order = 0; order < 3; order++) {
            struct ropp_table *table;
            int64_t now_s;

            memset(entries, 0, sizeof entries);
            for (length = 0; length <= bits; length++) {
                struct ropp_table_entry *e = &entries[length];

                e->prefix.addr = filled(inside, (unsigned)length, FILL_ZEROS);
                e->prefix.length = (unsigned)length;
                e->kind = length % 2 == 0 ? ROPP_TABLE_BAN : ROPP_TABLE_ALLOW;
                e->expires_s = order == 0   ? 0
                               : order == 1 ? (int64_t)length + 1
                                            : (int64_t)(bits - length) + 1;
                e->id = length + 1;
            }
            table = build(entries, bits + 1);
            assert_int_equal(ropp_table_count(table), bits + 1);
            for (now_s = 0; now_s <= (int64_t)bits + 1; now_s++) {
                compare(table, entries, bits + 1, &inside, now_s);
                for (length = 0; length < bits; length++) {
                    struct ropp_addr outside = inside;

                    /* Agrees in exactly `length` bits. */
                    flip_bit(&outside, (unsigned)length);
                    compare(table, entries, bits + 1, &outside, now_s);
                }
            }
            free(table);
        }
    }
}

static void test_siblings(void **state)
{
    static const char *const parents[] = {"0.0.0.0/0",     "192.0.2.0/24",    "255.255.255.254/31",
                                          "::/0",          "2001:db8::/32",   "2001:db8::/63",
                                          "2001:db8::/64", "2001:db8::8/125", "ffff::/16",
                                          "128.0.0.0/1",   "8000::/1",        "0.0.0.0/31"};
    struct ropp_table_entry entries[3 * COUNT_OF(parents)];
    size_t i, count = 0;

    (void)state;
    for (i = 0; i < COUNT_OF(parents); i++) {
        struct ropp_table_entry parent = entry(parents[i], ROPP_TABLE_ALLOW, 20, i + 100);
        struct ropp_table_entry low = parent, high;

        low.prefix.length++;
        low.kind = ROPP_TABLE_BAN;
        low.expires_s = i % 2 == 0 ? 10 : 0;
        low.id += 100;
        high = low;
        flip_bit(&high.prefix.addr, parent.prefix.length);
        high.id += 100;
        entries[count++] = high;
        entries[count++] = low;
        entries[count++] = parent;
        compare_all(entries + count - 3, 2); /* siblings alone, nothing around them */
    }
    compare_all(entries, count);
}

/* What fills up the nodes of the search compares like the last addresses there are. */
static void test_ends_of_the_address_space(void **state)
{
    static const char *const last[] = {"255.255.255.255", "255.255.255.0/24",
                                       "ffff:ffff:ffff:ffff::/64",
                                       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
    static const char *const first[] = {"0.0.0.0", "0.0.0.0/8", "::/64", "::"};
    struct ropp_table_entry entries[300];
    struct ropp_addr ends[4];
    size_t i, j, k, count;

    (void)state;
    ends[0] = addr("0.0.0.0");
    ends[1] = addr("255.255.255.255");
    ends[2] = addr("::");
    ends[3] = addr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    for (i = 0; i < COUNT_OF(last); i++) {
        for (count = 1; count <= COUNT_OF(entries); count += count < 36 ? 1 : 44) {
            /* Without the last, with it, with it alone, and with the first as well. */
            for (k = 0; k < 4; k++) {
                struct ropp_table *table;

                for (j = 0; j < count; j++) {
                    entries[j] = ban(last[i], j + 1);
                    entries[j].prefix.addr.bytes[1] = (uint8_t)(j & 0xff);
                    entries[j].prefix.addr.bytes[2] = (uint8_t)(j >> 8);
                }
                if (k > 0)
                    entries[count - 1] = ban(last[i], 1000);
                if (k == 2)
                    for (j = 0; j < count; j++)
                        entries[j] = entry(last[i], ROPP_TABLE_ALLOW, 10, j + 1);
                if (k == 3)
                    entries[0] = ban(first[i], 1001);
                table = build(entries, count);
                for (j = 0; j < COUNT_OF(ends); j++)
                    compare(table, entries, count, &ends[j], 5);
                for (j = 0; j < count; j += 1 + count / 7)
                    compare_around(table, entries, count, &entries[j].prefix, 5);
                free(table);
            }
        }
    }
}

/* Whole ranges of single addresses, which need five levels. */
static void test_full_ranges(void **state)
{
    const size_t count = 0x20000;
    struct ropp_table_entry *entries = new_entries(count + 2), found;
    struct ropp_table *table;
    struct ropp_addr a;
    size_t i, family;

    (void)state;
    for (family = 0; family < 3; family++) {
        /* IPv4 /32s, IPv6 /64s and IPv6 /128s: consecutive, with one missing. */
        const size_t missing = 0x12345;
        size_t at = 0, byte = family == 0 ? 0 : family == 1 ? 4 : 12;

        entries[at++] = ban(family == 0 ? "10.0.0.0/8" : "2001:db8::/32", 1000000);
        for (i = 0; i < count; i++) {
            struct ropp_table_entry *e = &entries[at];

            if (i == missing)
                continue;
            *e = ban(family == 0   ? "10.2.0.0/32"
                     : family == 1 ? "2001:db8::/64"
                                   : "2001:db8:0:7::/128",
                     i + 1);
            e->prefix.addr.bytes[byte + 1] = (uint8_t)(e->prefix.addr.bytes[byte + 1] + (i >> 16));
            e->prefix.addr.bytes[byte + 2] = (uint8_t)(i >> 8 & 0xff);
            e->prefix.addr.bytes[byte + 3] = (uint8_t)(i & 0xff);
            at++;
        }
        table = build(entries, at);
        assert_int_equal(ropp_table_count(table), at);
        for (i = 0; i < at; i++) {
            a = entries[i].prefix.addr;
            if (entries[i].id == 1000000)
                continue;
            assert_true(ropp_table_lookup(table, &a, 0, &found));
            assert_int_equal(found.id, entries[i].id);
            compared++;
        }
        for (i = 1; i < at; i += at / 40)
            compare_around(table, entries, at, &entries[i].prefix, 0);
        for (i = 0; i < at; i++)
            if (entries[i].id == missing || entries[i].id == missing + 2)
                compare_around(table, entries, at, &entries[i].prefix, 0);
        compare_around(table, entries, at, &entries[0].prefix, 0);
        compare_around(table, entries, at, &entries[at - 1].prefix, 0);
        free(table);
    }
    free(entries);
}

/* ---- the input ---- */

static void shuffle(struct ropp_table_entry *entries, size_t count)
{
    struct ropp_table_entry kept;
    size_t i, j;

    for (i = count; i > 1; i--) {
        j = random_below((unsigned)i);
        kept = entries[i - 1];
        entries[i - 1] = entries[j];
        entries[j] = kept;
    }
}

/* Few different bits, so that prefixes nest, repeat and touch. */
static struct ropp_addr random_addr(void)
{
    static const char *const bases[] = {"0.0.0.0",
                                        "255.255.255.255",
                                        "10.77.0.200",
                                        "::",
                                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                        "2001:db8::1",
                                        "2001:db8:0:1:8000::"};
    struct ropp_addr a = addr(bases[random_below(COUNT_OF(bases))]);
    unsigned flips = random_below(4);

    if (random_below(8) == 0)
        return filled(a, random_below(bits_of(&a)), FILL_ANY);
    while (flips-- > 0)
        flip_bit(&a, random_below(bits_of(&a)));
    if (a.family == ROPP_FAMILY_INET6) {
        struct ropp_addr unmapped = a;

        ropp_addr_unwrap(&unmapped);
        return unmapped;
    }
    return a;
}

/* Whether all entries have numbers and times of 32 bits: one that has not makes the table another. */
static bool are_brief;

static struct ropp_table_entry random_entry(void)
{
    struct ropp_table_entry e;
    struct ropp_addr a = random_addr();

    memset(&e, 0, sizeof e);
    do {
        e.prefix.length = random_below(bits_of(&a) + 1);
        if (random_below(2) == 0)
            e.prefix.length = bits_of(&a) - e.prefix.length % 9;
        if (a.family == ROPP_FAMILY_INET6 && random_below(3) == 0)
            e.prefix.length = 60 + e.prefix.length % 9;
        e.prefix.addr = filled(a, e.prefix.length, FILL_ZEROS);
        e.kind = random_below(3) == 0 ? ROPP_TABLE_ALLOW : ROPP_TABLE_BAN;
        e.expires_s = are_brief ? brief_expiries_s[random_below(COUNT_OF(brief_expiries_s))]
                                : expiries_s[random_below(COUNT_OF(expiries_s))];
        e.id = random_below(30);
        if (random_below(8) == 0)
            e.id += are_brief ? UINT32_MAX - 30 : UINT64_MAX - 30;
    } while (!ropp_table_entry_valid(&e)); /* ::ffff:0:0/96 and what is in it */
    return e;
}

static void test_order_does_not_matter(void **state)
{
    enum { COUNT = 500 };
    struct ropp_table_entry entries[COUNT], sorted[COUNT];
    struct ropp_table *table, *again;
    struct ropp_table_entry found, found_again;
    size_t i, round;

    (void)state;
    for (i = 0; i < COUNT; i++)
        entries[i] = random_entry();
    table = build(entries, COUNT);
    memcpy(sorted, entries, sizeof sorted);
    again = build(entries, COUNT);
    assert_memory_equal(entries, sorted, sizeof sorted); /* sorted input is left alone */
    free(again);
    for (round = 0; round < 20; round++) {
        shuffle(entries, COUNT);
        again = build(entries, COUNT);
        /* All of them are still there, in the one order. */
        for (i = 0; i < COUNT; i++)
            assert_true(same_entry(&entries[i], &sorted[i]));
        assert_int_equal(ropp_table_size(again), ropp_table_size(table));
        assert_int_equal(ropp_table_count(again), ropp_table_count(table));
        for (i = 0; i < 200; i++) {
            struct ropp_addr a = random_addr();
            int64_t now_s = random_moment();
            bool has = ropp_table_lookup(table, &a, now_s, &found);

            assert_int_equal(ropp_table_lookup(again, &a, now_s, &found_again), has);
            if (has)
                assert_true(same_entry(&found, &found_again));
        }
        free(again);
    }
    free(table);
}

static void test_bad_entries(void **state)
{
    struct ropp_table_entry bad[13], entries[3];
    struct ropp_table *table = NULL;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(bad); i++)
        bad[i] = ban(i < 6 ? "192.0.2.0/24" : "2001:db8::/64", 1);
    bad[0].prefix.addr.family = ROPP_FAMILY_UNSPEC;
    bad[1].prefix.addr.family = ROPP_FAMILY_UNIX;
    bad[2].prefix.length = 33;
    bad[3].prefix.addr.bytes[3] = 1;
    bad[4].prefix.addr.bytes[4] = 0x80; /* behind an IPv4 address */
    bad[5].prefix.addr.bytes[15] = 1;
    bad[6].prefix.length = 129;
    bad[7].prefix.addr.bytes[8] = 0x80;
    bad[8].prefix.addr.bytes[15] = 1;
    bad[9].prefix.length = 28; /* 2001:0db8 ends in 1000 */
    bad[10].prefix.length = 127;
    bad[10].prefix.addr.bytes[15] = 1;
    memset(bad[11].prefix.addr.bytes, 0, 16); /* ::ffff:0.0.0.0/96 */
    memset(bad[11].prefix.addr.bytes + 10, 0xff, 2);
    bad[11].prefix.length = 96;
    memset(&bad[12].kind, 0x7f, sizeof bad[12].kind);
    for (i = 0; i < COUNT_OF(bad); i++) {
        assert_false(ropp_table_entry_valid(&bad[i]));
        entries[0] = ban("198.51.100.0/24", 3);
        entries[1] = ban("192.0.2.0/24", 2);
        entries[2] = bad[i];
        allocations = 0;
        assert_int_equal(ropp_table_build(entries, 3, counting_malloc, &table),
                         ROPP_TABLE_BAD_ENTRY);
        assert_null(table);
        assert_int_equal(allocations, 0);
        assert_int_equal(entries[0].id, 3);
    }
    entries[0] = ban("0.0.0.0/0", 1);
    entries[1] = ban("255.255.255.255/32", 1);
    entries[2] = ban("::/0", 1);
    for (i = 0; i < 3; i++)
        assert_true(ropp_table_entry_valid(&entries[i]));
    entries[0] = ban("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", 1);
    entries[1] = ban("ffff:ffff:ffff:ffff::/64", 1);
    entries[2] = ban("ffff:ffff:ffff:ffff:8000::/65", 1);
    for (i = 0; i < 3; i++)
        assert_true(ropp_table_entry_valid(&entries[i]));
}

static void test_too_many(void **state)
{
    struct ropp_table *table = NULL;

    (void)state;
    allocations = 0;
    assert_int_equal(ropp_table_build(NULL, ROPP_TABLE_MAX + 1, counting_malloc, &table),
                     ROPP_TABLE_TOO_MANY);
    assert_null(table);
    assert_int_equal(allocations, 0);
}

/* ---- the block ---- */

static void test_no_memory(void **state)
{
    struct ropp_table_entry entries[3];
    struct ropp_table *table = NULL;
    size_t refused_bytes;

    (void)state;
    entries[0] = ban("192.0.2.0/24", 1);
    entries[1] = ban("2001:db8::/48", 2);
    entries[2] = ban("192.0.0.0/16", 3);
    allocations = 0;
    assert_int_equal(ropp_table_build(entries, 3, failing_malloc, &table), ROPP_TABLE_NO_MEMORY);
    assert_null(table);
    assert_int_equal(allocations, 1);
    refused_bytes = allocated_bytes;
    /* Nothing is lost: the next attempt succeeds. */
    table = build(entries, 3);
    assert_int_equal(allocated_bytes, refused_bytes);
    assert_int_equal(decides(table, "192.0.2.1", 0), 1);
    free(table);
}

static size_t block_offset;
static uint8_t *block_start;

static void *offset_malloc(size_t size)
{
    block_start = (uint8_t *)malloc(size + block_offset);
    return block_start != NULL ? block_start + block_offset : NULL;
}

/* Wherever the block begins, nothing outside of it is touched (the end of the memory is the end of
 * the block, for the sanitizer and Valgrind to watch), and a look-up writes nothing inside. */
static void test_block(void **state)
{
    static const size_t counts[] = {1, 2, 15, 16, 17, 31, 33, 255, 257, 300};
    struct ropp_table_entry entries[300], found;
    struct ropp_table *table;
    uint8_t *before;
    size_t i, j;

    (void)state;
    for (block_offset = 0; block_offset < 128; block_offset += 16) {
        for (i = 0; i < COUNT_OF(counts); i++) {
            for (j = 0; j < counts[i]; j++)
                entries[j] = random_entry();
            assert_int_equal(ropp_table_build(entries, counts[i], offset_malloc, &table),
                             ROPP_TABLE_OK);
            assert_ptr_equal(table, block_start + block_offset);
            before = (uint8_t *)malloc(ropp_table_size(table));
            assert_non_null(before);
            memcpy(before, table, ropp_table_size(table));
            for (j = 0; j < 100; j++) {
                struct ropp_addr a = random_addr();

                (void)ropp_table_lookup(table, &a, random_moment(), &found);
            }
            for (j = 0; j < counts[i]; j++)
                compare_around(table, entries, counts[i], &entries[j].prefix, random_moment());
            assert_memory_equal(table, before, ropp_table_size(table));
            free(before);
            free(block_start);
        }
    }
}

/* The greatest that fits into 32 bits, and what is one more. */
static void test_brief_and_long(void **state)
{
    static const struct {
        int64_t expires_s;
        uint64_t id;
    } cases[] = {{0, 7},
                 {UINT32_MAX, UINT32_MAX},
                 {(int64_t)UINT32_MAX + 1, 7},
                 {9, (uint64_t)UINT32_MAX + 1},
                 {-1, 7}};
    struct ropp_addr a = addr("192.0.2.9");
    struct ropp_table_entry entries[2], found;
    struct ropp_table *table;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        entries[0] = entry("192.0.2.0/24", ROPP_TABLE_BAN, cases[i].expires_s, cases[i].id);
        entries[1] = ban("2001:db8::/32", 1);
        table = build(entries, 2);
        assert_true(ropp_table_lookup(table, &a, -2, &found));
        assert_int_equal(found.expires_s, cases[i].expires_s);
        assert_true(found.id == cases[i].id);
        assert_int_equal(ropp_table_lookup(table, &a, cases[i].expires_s, &found),
                         cases[i].expires_s == 0);
        free(table);
    }
}

/* The promise in table.h. */
static void test_bytes_per_prefix(void **state)
{
    static const struct {
        const char *text;
        size_t max_bytes;
    } cases[] = {{"0.0.0.0/32", 19}, {"::/64", 23}, {"::/128", 33}};
    const size_t count = 0x8000;
    struct ropp_table_entry *entries = new_entries(count);
    struct ropp_table *table;
    size_t i, j, byte;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        for (j = 0; j < count; j++) {
            entries[j] = ban(cases[i].text, j);
            byte = entries[j].prefix.length / 8 - 2;
            entries[j].prefix.addr.bytes[byte] = (uint8_t)(j >> 8);
            entries[j].prefix.addr.bytes[byte + 1] = (uint8_t)(j & 0xff);
        }
        table = build(entries, count);
        assert_in_range(ropp_table_size(table) / count, cases[i].max_bytes - 5,
                        cases[i].max_bytes - 1);
        free(table);
        entries[0].id = UINT64_MAX;
        table = build(entries, count);
        assert_in_range(ropp_table_size(table) / count, cases[i].max_bytes + 3,
                        cases[i].max_bytes + 7);
        free(table);
    }
    free(entries);
}

/* ---- chance ---- */

static void compare_random_set(size_t count, size_t queries)
{
    struct ropp_table_entry *entries = new_entries(count + 1);
    struct ropp_table *table;
    size_t i;

    are_brief = random_below(2) == 0;
    for (i = 0; i < count; i++)
        entries[i] = random_entry();
    table = build(entries, count);
    for (i = 0; i < queries; i++) {
        struct ropp_addr a = random_addr();

        if (count > 0 && random_below(4) != 0)
            compare_around(table, entries, count, &entries[random_below((unsigned)count)].prefix,
                           random_moment());
        compare(table, entries, count, &a, random_moment());
    }
    free(table);
    free(entries);
}

static void test_a_million_lookups(void **state)
{
    size_t round;

    (void)state;
    compare_random_set(5000, 500);
    compare_random_set(70000, 40);
    for (round = 0; compared < 1000000; round++)
        compare_random_set(random_below(round % 16 == 0 ? 600 : 48), 100);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_the_longest_prefix_decides),
        cmocka_unit_test(test_expiry_needs_no_new_table),
        cmocka_unit_test(test_equal_prefixes),
        cmocka_unit_test(test_the_room_of_equal_prefixes),
        cmocka_unit_test(test_families_are_apart),
        cmocka_unit_test(test_nested_chains),
        cmocka_unit_test(test_siblings),
        cmocka_unit_test(test_ends_of_the_address_space),
        cmocka_unit_test(test_full_ranges),
        cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_bad_entries),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_block),
        cmocka_unit_test(test_brief_and_long),
        cmocka_unit_test(test_bytes_per_prefix),
        cmocka_unit_test(test_a_million_lookups),
    };

    return UNIT_RUN(argc, argv, "table", tests, NULL, NULL);
}
