// SPDX-License-Identifier: MIT
/* The decoders that connections share: who holds which, and who has not used his for the longest
 * time, against a plain list. */
#include <string.h>

#include "core/readers.h"
#include "tests/unit/unit.h"
#include "tests/unit/values.h"

enum { COUNT = 7 };

static struct ropp_reader items[COUNT + 1];
static struct ropp_readers readers;

static int begin(void **state)
{
    (void)state;
    memset(items, 0, sizeof items);
    memset(&readers, 0, sizeof readers);
    readers.items = items;
    readers.count = COUNT;
    return 0;
}

static void test_none_is_held(void **state)
{
    (void)state;
    assert_int_equal(ropp_readers_oldest(&readers), 0);
    assert_false(ropp_readers_are_used_up(&readers));
}

static void test_each_is_blank(void **state)
{
    uint16_t number, first = ropp_readers_take(&readers, 40);

    (void)state;
    assert_int_not_equal(first, 0);
    assert_int_equal(items[first].holder, 40);
    ropp_header_feed(&items[first].header, (const uint8_t *)"PROXY T", 7);
    assert_int_equal(items[first].header.length, 7);
    ropp_readers_give_back(&readers, first);
    assert_int_equal(ropp_readers_oldest(&readers), 0);
    number = ropp_readers_take(&readers, 41);
    assert_int_equal(number, first);
    assert_int_equal(items[number].header.length, 0);
    assert_int_equal(items[number].header.status, ROPP_HEADER_NEED_MORE);
}

static void test_used_up(void **state)
{
    uint16_t numbers[COUNT];
    int i, j;

    (void)state;
    for (i = 0; i < COUNT; i++) {
        assert_false(ropp_readers_are_used_up(&readers));
        numbers[i] = ropp_readers_take(&readers, i);
        assert_in_range(numbers[i], 1, COUNT);
        for (j = 0; j < i; j++)
            assert_int_not_equal(numbers[i], numbers[j]);
    }
    assert_true(ropp_readers_are_used_up(&readers));
    assert_int_equal(ropp_readers_take(&readers, 99), 0);
    assert_int_equal(ropp_readers_oldest(&readers), numbers[0]);
    ropp_readers_touch(&readers, numbers[0]);
    assert_int_equal(ropp_readers_oldest(&readers), numbers[1]);
    ropp_readers_give_back(&readers, numbers[1]);
    assert_int_equal(ropp_readers_oldest(&readers), numbers[2]);
    assert_int_equal(ropp_readers_take(&readers, 99), numbers[1]);
    assert_int_equal(items[numbers[1]].holder, 99);
}

/* ---- against a list ---- */

static uint16_t list[COUNT]; /* the oldest first */
static size_t listed;

static void list_remove(size_t at)
{
    memmove(list + at, list + at + 1, (listed - at - 1) * sizeof list[0]);
    listed--;
}

static void test_any_order(void **state)
{
    uint16_t number;
    size_t at;
    int i;

    (void)state;
    listed = 0;
    for (i = 0; i < 100000; i++) {
        at = listed > 0 ? random_below((unsigned)listed) : 0;
        switch (random_below(listed > 0 ? 3 : 1)) {
        case 0:
            number = ropp_readers_take(&readers, i);
            assert_int_equal(number == 0, listed == COUNT);
            if (number != 0)
                list[listed++] = number;
            break;
        case 1:
            number = list[at];
            ropp_readers_touch(&readers, number);
            list_remove(at);
            list[listed++] = number;
            break;
        default:
            ropp_readers_give_back(&readers, list[at]);
            list_remove(at);
            break;
        }
        assert_int_equal(ropp_readers_oldest(&readers), listed > 0 ? list[0] : 0);
        assert_int_equal(ropp_readers_are_used_up(&readers), listed == COUNT);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_none_is_held, begin),
        cmocka_unit_test_setup(test_each_is_blank, begin),
        cmocka_unit_test_setup(test_used_up, begin),
        cmocka_unit_test_setup(test_any_order, begin),
    };

    return UNIT_RUN(argc, argv, "readers", tests, NULL, NULL);
}
