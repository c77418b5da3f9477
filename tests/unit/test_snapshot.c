// SPDX-License-Identifier: MIT
/* A snapshot changes hands between two threads: whoever is given one must be able to read all of
 * it, and in the end none may be left. The sanitizers and Valgrind see what this program cannot. */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "service/snapshot.h"
#include "tests/unit/unit.h"

#define PUBLISHED 3000

/* A snapshot of one ban, 192.0.2.0/24, whose id is its number; loaded_ms is the same number. */
static struct ropp_snapshot *make_snapshot(uint64_t number)
{
    struct ropp_snapshot *snapshot = (struct ropp_snapshot *)calloc(1, sizeof *snapshot);
    struct ropp_table_entry entry;

    assert_non_null(snapshot);
    memset(&entry, 0, sizeof entry);
    assert_int_equal(ropp_prefix_parse("192.0.2.0/24", 12, &entry.prefix), ROPP_PREFIX_OK);
    entry.id = number;
    assert_int_equal(ropp_table_build(&entry, 1, malloc, &snapshot->table), ROPP_TABLE_OK);
    snapshot->loaded_ms = (int64_t)number;
    return snapshot;
}

/* The number of a snapshot; 0 when it says two things. */
static uint64_t number_of(const struct ropp_snapshot *snapshot)
{
    struct ropp_addr banned = ropp_addr_v4(0xc0000207);
    struct ropp_table_entry entry;

    if (!ropp_table_lookup(snapshot->table, &banned, 0, &entry) ||
        entry.id != (uint64_t)snapshot->loaded_ms)
        return 0;
    return entry.id;
}

static void free_slots(struct ropp_snapshot_slots *slots)
{
    ropp_snapshot_free((struct ropp_snapshot *)ropp_exchange(&slots->fresh, NULL));
    ropp_snapshot_free((struct ropp_snapshot *)ropp_exchange(&slots->spent, NULL));
}

static void test_taking(void **state)
{
    struct ropp_snapshot_slots slots = {NULL, NULL};
    struct ropp_snapshot *current = NULL;

    (void)state;
    assert_false(ropp_snapshot_take(&slots, &current));
    assert_null(current);

    ropp_snapshot_publish(&slots, make_snapshot(1));
    assert_true(ropp_snapshot_take(&slots, &current));
    assert_int_equal(number_of(current), 1);
    assert_false(ropp_snapshot_take(&slots, &current));
    assert_int_equal(number_of(current), 1);
    assert_null(slots.spent);

    /* One that nobody has taken gives way to a fresher one. */
    ropp_snapshot_publish(&slots, make_snapshot(2));
    ropp_snapshot_publish(&slots, make_snapshot(3));
    assert_true(ropp_snapshot_take(&slots, &current));
    assert_int_equal(number_of(current), 3);
    ropp_snapshot_free(current);
    free_slots(&slots);
}

/* The game is done with several before the worker looks. */
static void test_sweeping(void **state)
{
    struct ropp_snapshot_slots slots = {NULL, NULL};
    struct ropp_snapshot *current = NULL, *spent;
    uint64_t number;

    (void)state;
    ropp_snapshot_sweep(&slots); /* nothing */
    for (number = 1; number <= 4; number++) {
        /* Without the sweep of ropp_snapshot_publish. */
        assert_null(ropp_exchange(&slots.fresh, make_snapshot(number)));
        assert_true(ropp_snapshot_take(&slots, &current));
    }
    spent = (struct ropp_snapshot *)slots.spent;
    for (number = 3; number >= 1; number--) {
        assert_non_null(spent);
        assert_int_equal(number_of(spent), number);
        spent = spent->older;
    }
    assert_null(spent);
    ropp_snapshot_sweep(&slots);
    assert_null(slots.spent);
    assert_int_equal(number_of(current), 4);
    ropp_snapshot_free(current);
    ropp_snapshot_free(NULL);
    free_slots(&slots);
}

static struct ropp_snapshot_slots shared;
static uint32_t first_is_taken;

static void *publish_all(void *argument)
{
    struct ropp_snapshot_slots *slots = (struct ropp_snapshot_slots *)argument;
    uint64_t number;

    for (number = 1; number <= PUBLISHED; number++) {
        ropp_snapshot_publish(slots, make_snapshot(number));
        while (ropp_load(&first_is_taken) == 0)
            sched_yield(); /* else all of them could be published before the other thread runs */
        if (number % 3 == 0)
            ropp_snapshot_sweep(slots);
        if (number % 7 == 0)
            sched_yield();
    }
    return NULL;
}

/* One thread publishes while this one takes and reads: what is read is whole, never older than what
 * was read before, and the last one arrives. */
static void test_two_threads(void **state)
{
    struct ropp_snapshot *current = NULL;
    uint64_t latest = 0, number;
    unsigned taken = 0;
    pthread_t worker;

    (void)state;
    assert_int_equal(pthread_create(&worker, NULL, publish_all, &shared), 0);
    while (latest < PUBLISHED) {
        if (ropp_snapshot_take(&shared, &current))
            taken++;
        else
            sched_yield();
        if (current == NULL)
            continue;
        number = number_of(current);
        assert_true(number >= latest && number > 0);
        latest = number;
        ropp_store(&first_is_taken, 1);
    }
    assert_int_equal(pthread_join(worker, NULL), 0);
    assert_true(taken > 1);
    assert_false(ropp_snapshot_take(&shared, &current));
    ropp_snapshot_free(current);
    free_slots(&shared);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taking),
        cmocka_unit_test(test_sweeping),
        cmocka_unit_test(test_two_threads),
    };

    return UNIT_RUN(argc, argv, "snapshot", tests, NULL, NULL);
}
