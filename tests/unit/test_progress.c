// SPDX-License-Identifier: MIT
/* The bar on a terminal. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tools/base/progress.h"

static const char *text_of(struct ropp_progress *progress, uint64_t done, int64_t past_ms)
{
    static char text[ROPP_PROGRESS_TEXT];

    ropp_progress_text(progress, done, past_ms, text);
    return text;
}

static void says(void **state)
{
    struct ropp_progress progress = {"writing", "prefixes", 1000, 0, 0, 80};

    (void)state;
    assert_string_equal(text_of(&progress, 0, 1000),
                        "writing  [------------------------------]   0 %  0 prefixes/s");
    assert_string_equal(
        text_of(&progress, 500, 2000),
        "writing  [###############---------------]  50 %  250 prefixes/s, 2 s left");
    assert_string_equal(
        text_of(&progress, 2000, 2000),
        "writing  [##############################] 100 %  500 prefixes/s, 0 s left");
    assert_string_equal(
        text_of(&progress, 33, 1000),
        "writing  [------------------------------]   3 %  33 prefixes/s, 29 s left");
    assert_string_equal(
        text_of(&progress, 34, 1000),
        "writing  [#-----------------------------]   3 %  34 prefixes/s, 28 s left");
    assert_string_equal(
        text_of(&progress, 999, 1),
        "writing  [#############################-]  99 %  999000 prefixes/s, 0 s left");
    assert_string_equal(text_of(&progress, 1, 2000), /* less than one a second */
                        "writing  [------------------------------]   0 %  0 prefixes/s");
    assert_string_equal(
        text_of(&progress, 2, 2000),
        "writing  [------------------------------]   0 %  1 prefixes/s, 998 s left");
    progress.total = 1;
    assert_string_equal(text_of(&progress, 2, 1000),
                        "writing  [##############################] 100 %  1 prefixes/s, 0 s left");
    progress.total = 0;
    assert_string_equal(text_of(&progress, 500, 2000), "writing  250 prefixes/s");
    progress.columns = 24; /* the last one stays empty */
    assert_string_equal(text_of(&progress, 500, 2000), "writing  250 prefixes/s");
    progress.columns = 23;
    assert_string_equal(text_of(&progress, 500, 2000), "writing  250 prefixes/");
    progress.columns = 1;
    assert_string_equal(text_of(&progress, 500, 2000), "");
    /* What is too long for its place is cut. */
    progress = (struct ropp_progress){
        "0123456789012345678901234567890123456789012345678901234567890123456789",
        "012345678901234567890",
        0,
        0,
        0,
        150};
    assert_string_equal(text_of(&progress, 500, 2000),
                        "012345678901234567890123456789012345678901234567890123456789  250 "
                        "01234567890123456789/s");
}

/* A line that is too long for the terminal would stay there with every turn. */
static void fits(void **state)
{
    struct ropp_progress progress = {"reading the list of everybody who was ever banned from here",
                                     "prefixes",
                                     4000000000,
                                     0,
                                     0,
                                     80};
    size_t columns;

    (void)state;
    for (columns = 20; columns <= 200; columns += 20) {
        progress.columns = columns;
        assert_true(strlen(text_of(&progress, 3999999999, 1001)) < columns);
    }
    progress.columns = 80;
    assert_int_equal(strlen(text_of(&progress, 3999999999, 1001)), 79);
}

/* A terminal that is wider than any line, and one whose width is not known. */
static void keeps_to_its_room(void **state)
{
    struct ropp_progress progress = {"writing", "prefixes", 0, 0, 0, 0};
    char room[1 + 4 * ROPP_PROGRESS_TEXT];
    size_t columns;

    (void)state;
    for (columns = 0; columns <= 2 * ROPP_PROGRESS_TEXT; columns += 2 * ROPP_PROGRESS_TEXT) {
        memset(room, '!', sizeof room);
        progress.columns = columns;
        ropp_progress_text(&progress, 500, 2000, room + 1);
        assert_string_equal(room + 1, "writing  250 prefixes/s");
        assert_int_equal(room[0], '!');
        assert_int_equal(room[columns], '!');
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says),
        cmocka_unit_test(fits),
        cmocka_unit_test(keeps_to_its_room),
    };

    return UNIT_RUN(argc, argv, "progress", tests, NULL, NULL);
}
