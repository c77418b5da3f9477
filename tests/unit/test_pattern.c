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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blanks_between),
        cmocka_unit_test(test_leading_blanks),
        cmocka_unit_test(test_blanks_behind_a_group),
        cmocka_unit_test(test_blanks_beside_a_space),
    };
    return UNIT_RUN(argc, argv, "pattern", tests, NULL, NULL);
}
