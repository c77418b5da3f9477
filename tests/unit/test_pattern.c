// SPDX-License-Identifier: MIT
/* What a pattern matches, from where to where: what blanks in it mean, above all. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/cases.h"
#include "tools/base/keep.h"
#include "tools/patch/source/pattern.h"

#define NOWHERE ((size_t)-1)

static void matches(const char *source, const char *text, size_t from, size_t to)
{
    const char *mistake = NULL;
    struct ropp_pattern *pattern = ropp_pattern_new(source, false, &mistake);
    size_t start = NOWHERE, end = NOWHERE;
    enum ropp_match_result result;

    if (pattern == NULL)
        fail_msg("'%s': %s", source, mistake);
    result = ropp_pattern_match(pattern, text, 0, strlen(text), &start, &end);
    if (result != (from == NOWHERE ? ROPP_MATCH_NONE : ROPP_MATCH_FOUND) ||
        (from != NOWHERE && (start != from || end != to)))
        fail_msg("'%s' in '%s': result %d, from %zu to %zu", source, text, (int)result, start, end);
}

/* Any white space there is, and none where two words stay apart without. */
static void test_blanks_between(void **state)
{
    (void)state;
    matches("a b", "a b", 0, 3);
    matches("a b", "(a\t\n  b)", 1, 7);
    matches("a b", "ab", NOWHERE, 0);
    matches("f ( \\( | \\[ )", "f  [", 0, 4);
    matches("f \\(", "f(", 0, 2);
    matches("a  b", "a b", 0, 3);
}

/* A search from every byte of a long run of white space would take forever: blanks that a match
 * could begin with mean nothing. */
static void test_leading_blanks(void **state)
{
    (void)state;
    matches(" b", "a   b", 4, 5);
    matches("( b )", "a   b", 4, 5);
    matches("( ( b ) )", "a   b", 4, 5);
    matches("c | b", "a   b", 4, 5);
    matches("( c | b )", "a   b", 4, 5);
    matches("( ( c | d ) | b )", "a   b", 4, 5);
    matches("( c | ( d | b ) )", "a   b", 4, 5);
    matches("(?: c )? b", "a   b", 4, 5);
    matches("( c )* b", "a   b", 4, 5);
    matches("(?= b ) b", "a   b", 4, 5);
    matches("(?! c ) b", "a   b", 4, 5);
}

/* Behind something they are as everywhere. */
static void test_blanks_behind_a_group(void **state)
{
    (void)state;
    matches("( c ) b", "c   b", 0, 5);
    matches("( c ) b", "cb", NOWHERE, 0);
    matches("a ( c | b )", "a   b", 0, 5);
    matches("a ( c | b )", "ab", NOWHERE, 0);
    matches("a ( c )? b", "a   b", 0, 5);
    matches("( c )+ b", "c   b", 0, 5);
    matches("( ( c ) b | d )", "c   b", 0, 5);
    matches("c ( d ) | b", "a   b", 4, 5);
}

/* They mean nothing beside a \s, also one that a pattern begins with. */
static void test_blanks_beside_a_space(void **state)
{
    (void)state;
    matches("\\s b", "a  b", 2, 4);
    matches("\\s+ b", "a  b", 1, 4);
    matches("a\\s b", "a b", 0, 3);
    matches("a\\s b", "a  b", NOWHERE, 0);
    matches("a \\s b", "a  b", NOWHERE, 0);
    matches("\\\\s b", "\\s  b", 0, 5);
}

/* The character that is counted to is one of the pattern as it was written. */
static void mistaken(const char *source, const char *where)
{
    const char *mistake = NULL;

    assert_null(ropp_pattern_new(source, false, &mistake));
    assert_non_null(mistake);
    if (strstr(mistake, where) == NULL)
        fail_msg("'%s' is not in: %s", where, mistake);
}

static void test_mistakes(void **state)
{
    (void)state;
    mistaken(")", "the pattern ')' is wrong at its character 1: ");
    mistaken("a b )", "at its character 5: ");
    mistaken("a  b ( c ) ) d", "at its character 12: ");
    mistaken("a b (", "at its character 6: ");
    mistaken("a b [c", "at its character 7: ");
}

/* -- whole answers ------------------------------------------------------- */

struct shown {
    struct ropp_pattern *pattern;
    struct ropp_buffer *out;
};

static void show_group(void *context, const char *name)
{
    const struct shown *shown = context;
    size_t start, end, length = strlen(name);

    assert_true(ropp_pattern_has_group(shown->pattern, name, length));
    assert_false(ropp_pattern_has_group(shown->pattern, name, length - 1));
    ropp_buffer_format(shown->out, " %s", name);
    if (ropp_pattern_group(shown->pattern, name, length, &start, &end))
        ropp_buffer_format(shown->out, "=%zu-%zu", start, end);
}

/* The line at the beginning of a text, decoded; moves behind it. */
static char *take_line(const char **text, size_t *size)
{
    char *line;

    *size = strcspn(*text, "\n");
    line = cases_decode(*text, size);
    *text += strcspn(*text, "\n") + 1;
    return line;
}

/* The first line is a pattern; where it matches in each of the others, and what its groups hold. With
 * `whole` in the title all must match; with `nearest` it is how much of it does. */
static void render(const char *title, const char *text, size_t size, struct ropp_buffer *out)
{
    const char *mistake = NULL, *end_of_all = text + size;
    char *line = take_line(&text, &size);
    char *source = ropp_copy_text(line, size);
    struct shown shown = {ropp_pattern_new(source, strstr(title, "whole") != NULL, &mistake), out};

    if (shown.pattern == NULL)
        fail_msg("%s: %s", source, mistake);
    assert_string_equal(ropp_pattern_source(shown.pattern), source);
    free(line);
    free(source);
    while (text < end_of_all) {
        size_t start = 77, end = 77, from;

        line = take_line(&text, &size);
        /* Where a line has a `%`, it is looked at from there on. */
        from = memchr(line, '%', size) ? (size_t)((char *)memchr(line, '%', size) - line) + 1 : 0;
        if (strstr(title, "nearest")) {
            size_t length = ropp_pattern_nearest(shown.pattern, line, from, size, &start);

            ropp_buffer_format(out, "%zu at %zu\n", length, length ? start : 0);
        } else {
            switch (ropp_pattern_match(shown.pattern, line, from, size, &start, &end)) {
            case ROPP_MATCH_NONE:
                ropp_buffer_text(out, "none");
                assert_int_equal(start + end, 2 * 77);
                break;
            case ROPP_MATCH_TOO_EXPENSIVE:
                ropp_buffer_text(out, "too expensive");
                break;
            case ROPP_MATCH_FOUND:
                ropp_buffer_format(out, "%zu-%zu", start, end);
                ropp_pattern_each_group(shown.pattern, show_group, &shown);
            }
            ropp_buffer_text(out, "\n");
        }
        free(line);
    }
    ropp_keep_end();
}

static void test_cases(void **state)
{
    (void)state;
    cases_run("pattern_cases.txt", render);
}

/* A search goes on in windows of 256 starting points: a match begins in each of them, in the first
 * and the last byte of one, and at the end of all. */
static void test_windows(void **state)
{
    static const size_t at[] = {0, 1, 254, 255, 256, 257, 258, 511, 512, 513, 514, 770, 1000};
    char text[1002];
    const char *mistake;
    struct ropp_pattern *pattern = ropp_pattern_new("xy?", false, &mistake);
    size_t i, start, end;

    (void)state;
    for (i = 0; i < sizeof at / sizeof at[0]; i++) {
        memset(text, '.', sizeof text);
        text[at[i]] = 'x';
        assert_int_equal(ropp_pattern_match(pattern, text, 0, 1001, &start, &end),
                         ROPP_MATCH_FOUND);
        assert_int_equal(start, at[i]);
        assert_int_equal(end, at[i] + 1);
        assert_int_equal(ropp_pattern_match(pattern, text, at[i], 1001, &start, &end),
                         ROPP_MATCH_FOUND);
        assert_int_equal(start, at[i]);
        assert_int_equal(ropp_pattern_match(pattern, text, at[i] + 1, 1001, &start, &end),
                         ROPP_MATCH_NONE);
        assert_int_equal(ropp_pattern_match(pattern, text, 0, at[i], &start, &end),
                         ROPP_MATCH_NONE);
    }
    ropp_keep_end();
}

/* Looks for a pattern in so many times an `a`, and what PCRE2 must not see at once. */
static enum ropp_match_result match_in(const char *source, size_t count)
{
    const char *mistake = NULL;
    struct ropp_pattern *pattern = ropp_pattern_new(source, false, &mistake);
    char *text = ropp_alloc(count + 3, 1);
    size_t start, end;
    enum ropp_match_result result;

    memset(text, 'a', count);
    memcpy(text + count, ";b", 2);
    assert_non_null(pattern);
    result = ropp_pattern_match(pattern, text, 0, count + 2, &start, &end);
    free(text);
    return result;
}

/* How many steps are too many, and how deep. */
static void test_limits(void **state)
{
    (void)state;
    assert_int_equal(match_in("^(?:a+)+b", 3000), ROPP_MATCH_TOO_EXPENSIVE);
    assert_int_equal(match_in("^(?:a+)+b", 21), ROPP_MATCH_TOO_EXPENSIVE);
    assert_int_equal(match_in("^(?:a+)+b", 17), ROPP_MATCH_NONE);
    assert_int_equal(match_in("^(?:a|c)*b", 30000), ROPP_MATCH_TOO_EXPENSIVE);
    assert_int_equal(match_in("^(?:a|c)*b", 9000), ROPP_MATCH_NONE);
    assert_int_equal(match_in("^(?:(?:a?){40}){40}b", 2000), ROPP_MATCH_TOO_EXPENSIVE);
    assert_int_equal(match_in("a*b", 2000), ROPP_MATCH_FOUND);
    assert_int_equal(match_in("a*+c", 2000), ROPP_MATCH_NONE);
    ropp_keep_end();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blanks_between),
        cmocka_unit_test(test_leading_blanks),
        cmocka_unit_test(test_blanks_behind_a_group),
        cmocka_unit_test(test_blanks_beside_a_space),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_limits),
    };
    return UNIT_RUN(argc, argv, "pattern", tests, NULL, NULL);
}
