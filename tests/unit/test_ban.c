// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "core/ban.h"
#include "core/standin.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

/* One /64 of a household, and another one that no entry names. */
#define PLAYER "2001:db8:1:2::abcd"

static struct ropp_table_entry entry(enum ropp_table_kind kind, const char *prefix, uint64_t id)
{
    struct ropp_table_entry result;

    memset(&result, 0, sizeof result);
    assert_int_equal(ropp_prefix_parse(prefix, strlen(prefix), &result.prefix), ROPP_PREFIX_OK);
    result.kind = kind;
    result.id = id;
    return result;
}

/* An entry for exactly the stand-in of PLAYER. */
static struct ropp_table_entry standin_entry(enum ropp_table_kind kind, uint64_t id)
{
    struct ropp_addr player = addr(PLAYER), standin = ropp_addr_v4(ropp_client_addr(&player, NULL));
    char text[ROPP_ADDR_TEXT];

    ropp_addr_format(&standin, text);
    return entry(kind, text, id);
}

static struct ropp_table *table_of(struct ropp_table_entry *entries, size_t count)
{
    struct ropp_table *table;

    assert_int_equal(ropp_table_build(entries, count, malloc, &table), ROPP_TABLE_OK);
    return table;
}

/* Judges an address by the entries; returns the id of the one that decided, 0 when none did. */
static bool judge(struct ropp_table_entry *entries, size_t count, const char *text, uint64_t *id)
{
    struct ropp_table_entry decided;
    struct ropp_addr address = addr(text);
    struct ropp_ban_lists lists = {table_of(entries, count), NULL, NULL};
    bool banned;

    memset(&decided, 0, sizeof decided);
    banned = ropp_ban_judge(lists, &address, 1000, &decided);
    assert_int_equal(ropp_ban_judge(lists, &address, 1000, NULL), banned);
    free((void *)(uintptr_t)lists.own);
    *id = decided.id;
    return banned;
}

static void test_no_table(void **state)
{
    struct ropp_addr address = addr("192.0.2.1");
    struct ropp_ban_lists none = {NULL, NULL, NULL};

    (void)state;
    assert_false(ropp_ban_judge(none, &address, 0, NULL));
    assert_false(ropp_ban_allows(none, &address, 0));
}

/* What an entry of the owner's own list says is final, however long the other's prefix is. */
static void test_two_lists(void **state)
{
    static const struct {
        const char *address;
        bool banned;
        uint64_t id; /* of who decides; 0: nobody */
        bool allowed;
    } cases[] = {
        {"192.0.2.7", false, 1, true},        /* an allowance of its own, in the other's /24 */
        {"192.0.2.8", true, 11, false},       /* the /24 of the other alone */
        {"198.51.100.1", false, 2, true},     /* the other names the very address */
        {"198.51.100.9", true, 3, false},     /* a ban of its own inside its own allowance */
        {"203.0.113.1", true, 13, false},     /* in the other alone */
        {"203.0.114.1", false, 0, false},     /* in neither */
        {"2001:db8:1:2::1", true, 14, false}, /* by its stand-in, in the other alone */
        {"2001:db8:1:3::1", false, 5, true},
        {"10.0.0.1", true, 15, false}, /* an allowance of its own that has ended */
    };
    struct ropp_table_entry own[6], panel[6];
    struct ropp_ban_lists lists;
    struct ropp_table *tables[2];
    size_t i;

    (void)state;
    own[0] = entry(ROPP_TABLE_ALLOW, "192.0.2.7", 1);
    own[1] = entry(ROPP_TABLE_ALLOW, "198.51.100.0/24", 2);
    own[2] = entry(ROPP_TABLE_BAN, "198.51.100.9", 3);
    own[3] = entry(ROPP_TABLE_ALLOW, "10.0.0.0/8", 4);
    own[3].expires_s = 1000;
    own[4] = entry(ROPP_TABLE_ALLOW, "2001:db8:1:3::/64", 5);
    panel[0] = entry(ROPP_TABLE_BAN, "192.0.2.0/24", 11);
    panel[1] = entry(ROPP_TABLE_BAN, "198.51.100.1", 12);
    panel[2] = entry(ROPP_TABLE_BAN, "203.0.113.0/24", 13);
    panel[3] = standin_entry(ROPP_TABLE_BAN, 14);
    panel[4] = entry(ROPP_TABLE_BAN, "10.0.0.1", 15);
    lists.key = NULL;
    lists.own = tables[0] = table_of(own, 5);
    lists.ipbanlist = tables[1] = table_of(panel, 5);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ropp_addr address = addr(cases[i].address);
        struct ropp_table_entry decided;

        memset(&decided, 0, sizeof decided);
        assert_int_equal(ropp_ban_judge(lists, &address, 1000, &decided), cases[i].banned);
        assert_int_equal(decided.id, cases[i].id);
        assert_int_equal(ropp_ban_allows(lists, &address, 1000), cases[i].allowed);
    }
    free(tables[0]);
    free(tables[1]);
}

static void test_own_address(void **state)
{
    struct ropp_table_entry entries[2];
    uint64_t id;

    (void)state;
    entries[0] = entry(ROPP_TABLE_BAN, "192.0.2.0/24", 1);
    entries[1] = entry(ROPP_TABLE_ALLOW, "192.0.2.7", 2);
    assert_true(judge(entries, 2, "192.0.2.6", &id));
    assert_int_equal(id, 1);
    assert_false(judge(entries, 2, "192.0.2.7", &id));
    assert_int_equal(id, 2);
    assert_false(judge(entries, 2, "192.0.3.7", &id));
    assert_int_equal(id, 0);
}

static void test_standin_counts_as_its_64(void **state)
{
    struct ropp_table_entry entries[2];
    uint64_t id;

    (void)state;
    entries[0] = standin_entry(ROPP_TABLE_BAN, 1);
    assert_true(judge(entries, 1, PLAYER, &id));
    assert_int_equal(id, 1);
    assert_true(judge(entries, 1, "2001:db8:1:2::1", &id)); /* the same household */
    assert_false(judge(entries, 1, "2001:db8:1:3::1", &id));

    /* Longer than a /48, shorter than one host. */
    entries[0] = standin_entry(ROPP_TABLE_BAN, 1);
    entries[1] = entry(ROPP_TABLE_ALLOW, "2001:db8:1::/48", 2);
    assert_true(judge(entries, 2, PLAYER, &id));
    assert_int_equal(id, 1);
    entries[0] = standin_entry(ROPP_TABLE_BAN, 1);
    entries[1] = entry(ROPP_TABLE_ALLOW, PLAYER, 2);
    assert_false(judge(entries, 2, PLAYER, &id));
    assert_int_equal(id, 2);

    /* Of equal ones the allowance decides, whichever it is. */
    entries[0] = standin_entry(ROPP_TABLE_BAN, 1);
    entries[1] = entry(ROPP_TABLE_ALLOW, "2001:db8:1:2::/64", 2);
    assert_false(judge(entries, 2, PLAYER, &id));
    assert_int_equal(id, 2);
    entries[0] = standin_entry(ROPP_TABLE_ALLOW, 1);
    entries[1] = entry(ROPP_TABLE_BAN, "2001:db8:1:2::/64", 2);
    assert_false(judge(entries, 2, PLAYER, &id));
    assert_int_equal(id, 1);
}

static void test_wide_prefixes_do_not_reach_standins(void **state)
{
    struct ropp_table_entry entries[2];
    uint64_t id;

    (void)state;
    entries[0] = entry(ROPP_TABLE_BAN, "240.0.0.0/4", 1);
    entries[1] = entry(ROPP_TABLE_BAN, "0.0.0.0/0", 2);
    assert_false(judge(entries, 2, PLAYER, &id));
    assert_int_equal(id, 0);
    assert_true(judge(entries, 2, "241.1.2.3", &id));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_table),
        cmocka_unit_test(test_two_lists),
        cmocka_unit_test(test_own_address),
        cmocka_unit_test(test_standin_counts_as_its_64),
        cmocka_unit_test(test_wide_prefixes_do_not_reach_standins),
    };

    return UNIT_RUN(argc, argv, "ban", tests, NULL, NULL);
}
