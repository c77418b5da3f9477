// SPDX-License-Identifier: MIT
#include "tests/unit/unit.h"
#include "tools/player/bytes.h"
#include "tools/player/scramble.h"

/* What the numbers of the packets of one connection become, from the first on. */
static void expect_numbers(const char *text, const uint16_t *plain, const uint16_t *scrambled,
                           size_t count)
{
    struct ropp_scramble_keys keys;
    uint8_t packet[3] = {0, 0, 0x55};
    uint32_t state;

    assert_true(ropp_scramble_parse(text, &keys));
    state = keys.start;
    for (size_t i = 0; i < count; i++) {
        ropp_put16(packet, plain[i]);
        ropp_scramble(&keys, &state, packet);
        assert_int_equal(ropp_get16(packet), scrambled[i]);
        assert_int_equal(packet[2], 0x55);
    }
}

/* Each number is of the upper half of the one before it, times the second key, plus the third. */
static void test_numbers(void **state)
{
    static const uint16_t plain[] = {0x0360, 0x007d, 0x0886};
    static const uint16_t doubled[] = {0x0363, 0x007a, 0x0889}; /* 3, 7, 15 */
    static const uint16_t wrapped[] = {0x7c9f, 0x7f83, 0x777b}; /* 7fff, 7ffe, 7ffd */

    (void)state;
    expect_numbers("0x10000,2,0x10000", plain, doubled, 3);
    expect_numbers("0x80000000, 1, 2147418112", plain, wrapped, 3);
    expect_numbers("0,0,0", plain, plain, 3);
}

static void test_keys(void **state)
{
    static const char *const wrong[] = {
        "",       "1,2",      "1,2,3,4", "1,2,x",
        "1,2,3 ", "-1,2,3",   "1,,3",    "0x100000000,2,3",
        "0x,2,3", "1,2,0x1g", "1;2;3",   "99999999999999999999,2,3",
    };
    struct ropp_scramble_keys keys = {7, 8, 9};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (ropp_scramble_parse(wrong[i], &keys))
            fail_msg("taken for keys: '%s'", wrong[i]);
    assert_int_equal(keys.start, 7);
    assert_int_equal(keys.factor, 8);
    assert_int_equal(keys.step, 9);
    assert_true(ropp_scramble_parse("0xFFFFFFFF,0Xa,010", &keys));
    assert_int_equal(keys.start, 0xffffffff);
    assert_int_equal(keys.factor, 10);
    assert_int_equal(keys.step, 10);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_keys),
    };

    return UNIT_RUN(argc, argv, "scramble", tests, NULL, NULL);
}
