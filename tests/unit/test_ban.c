#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/ban.h"
#include "core/standin.h"

/* One /64 of a household, and another one that no entry names. */
#define PLAYER "2001:db8:1:2::abcd"

static struct ropp_addr addr(const char *text)
{
    struct ropp_addr result;

    assert_true(ropp_addr_parse(text, strlen(text), &result));
    return result;
}

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

/* Judges an address by the entries; tells the id of the one that decided, 0 when none did. */
static bool judge(struct ropp_table_entry *entries, size_t count, const char *text, uint64_t *id)
{
    struct ropp_table_entry decided;
    struct ropp_addr address = addr(text);
    struct ropp_table *table;
    bool banned;

    memset(&decided, 0, sizeof decided);
    assert_int_equal(ropp_table_build(entries, count, malloc, &table), ROPP_TABLE_OK);
    banned = ropp_ban_judge(table, &address, 1000, &decided);
    assert_int_equal(ropp_ban_judge(table, &address, 1000, NULL), banned);
    free(table);
    *id = decided.id;
    return banned;
}

static void test_no_table(void **state)
{
    struct ropp_addr address = addr("192.0.2.1");

    (void)state;
    assert_false(ropp_ban_judge(NULL, &address, 0, NULL));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_table),
        cmocka_unit_test(test_own_address),
        cmocka_unit_test(test_standin_counts_as_its_64),
        cmocka_unit_test(test_wide_prefixes_do_not_reach_standins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
