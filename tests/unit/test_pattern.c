// SPDX-License-Identifier: MIT
/* What a pattern matches, from where to where: what blanks in it mean, above all. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blanks_between),
        cmocka_unit_test(test_leading_blanks),
        cmocka_unit_test(test_blanks_behind_a_group),
        cmocka_unit_test(test_blanks_beside_a_space),
        cmocka_unit_test(test_mistakes),
    };
    return UNIT_RUN(argc, argv, "pattern", tests, NULL, NULL);
}
