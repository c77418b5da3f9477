// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "platform.h"
#include "service/notes.h"
#include "tests/unit/unit.h"

#define PUT 5000

static void test_in_order(void **state)
{
    struct ropp_notes notes;
    char line[ROPP_LINE_TEXT], wanted[32];
    int round, i;

    (void)state;
    memset(&notes, 0, sizeof notes);
    assert_int_equal(ropp_notes_take(&notes, line), ROPP_NOTE_NONE);
    for (round = 0; round < 5; round++) { /* over the end of the ring */
        for (i = 0; i < ROPP_NOTES - 1; i++)
            ropp_notes_put(&notes, i % 2 ? ROPP_NOTE_STATUS : ROPP_NOTE_WARNING, "line %d of %d", i,
                           round);
        for (i = 0; i < ROPP_NOTES - 1; i++) {
            snprintf(wanted, sizeof wanted, "line %d of %d", i, round);
            assert_int_equal(ropp_notes_take(&notes, line),
                             i % 2 ? ROPP_NOTE_STATUS : ROPP_NOTE_WARNING);
            assert_string_equal(line, wanted);
        }
        assert_int_equal(ropp_notes_take(&notes, line), ROPP_NOTE_NONE);
    }
}

static void test_no_room(void **state)
{
    struct ropp_notes notes;
    char line[ROPP_LINE_TEXT], wanted[32];
    int i;

    (void)state;
    memset(&notes, 0, sizeof notes);
    notes.head = notes.tail = UINT32_MAX - 2; /* the counters wrap around */
    for (i = 0; i < ROPP_NOTES + 3; i++)
        ropp_notes_put(&notes, ROPP_NOTE_STATUS, "%d", i);
    for (i = 0; i < ROPP_NOTES; i++) {
        snprintf(wanted, sizeof wanted, "%d", i);
        assert_int_equal(ropp_notes_take(&notes, line), ROPP_NOTE_STATUS);
        assert_string_equal(line, wanted);
    }
    assert_int_equal(ropp_notes_take(&notes, line), ROPP_NOTE_NONE);
}

static void test_long_line(void **state)
{
    struct ropp_notes notes;
    char text[2 * ROPP_LINE_TEXT], line[ROPP_LINE_TEXT + 1];

    (void)state;
    memset(&notes, 0, sizeof notes);
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    line[ROPP_LINE_TEXT] = '!';
    ropp_notes_put(&notes, ROPP_NOTE_WARNING, "%s", text);
    assert_int_equal(ropp_notes_take(&notes, line), ROPP_NOTE_WARNING);
    assert_int_equal(strlen(line), ROPP_LINE_TEXT - 1);
    assert_int_equal(line[ROPP_LINE_TEXT], '!');
}

/* Puts PUT lines, each its number many times over; waits for room, so that none is lost. */
static void *put_all(void *argument)
{
    struct ropp_notes *notes = (struct ropp_notes *)argument;
    unsigned i;

    for (i = 1; i <= PUT; i++) {
        while (ropp_load_relaxed(&notes->head) - ropp_load(&notes->tail) == ROPP_NOTES)
            sched_yield();
        ropp_notes_put(notes, i % 2 ? ROPP_NOTE_STATUS : ROPP_NOTE_WARNING, "%u %u %u %u %u %u", i,
                       i, i, i, i, i);
    }
    return NULL;
}

static void test_two_threads(void **state)
{
    static struct ropp_notes notes;
    char line[ROPP_LINE_TEXT], wanted[ROPP_LINE_TEXT];
    enum ropp_note kind;
    pthread_t worker;
    unsigned next = 1;

    (void)state;
    assert_int_equal(pthread_create(&worker, NULL, put_all, &notes), 0);
    while (next <= PUT) {
        kind = ropp_notes_take(&notes, line);
        if (kind == ROPP_NOTE_NONE) {
            sched_yield();
            continue;
        }
        snprintf(wanted, sizeof wanted, "%u %u %u %u %u %u", next, next, next, next, next, next);
        assert_string_equal(line, wanted);
        assert_int_equal(kind, next % 2 ? ROPP_NOTE_STATUS : ROPP_NOTE_WARNING);
        next++;
    }
    assert_int_equal(pthread_join(worker, NULL), 0);
    assert_int_equal(ropp_notes_take(&notes, line), ROPP_NOTE_NONE);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order),
        cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_two_threads),
    };

    return UNIT_RUN(argc, argv, "notes", tests, NULL, NULL);
}
