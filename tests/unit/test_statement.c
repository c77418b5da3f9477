// SPDX-License-Identifier: MIT
/* Every byte of a text, and the statement around it; and which functions are defined there. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/cases.h"
#include "tools/base/keep.h"
#include "tools/patch/source/function.h"
#include "tools/patch/source/scan.h"
#include "tools/patch/source/statement.h"

/* -- moving over code ---------------------------------------------------- */

static void test_space_and_words(void **state)
{
    static const char code[] = " \t\r\n\v\fab_Z09 c";
    static const char *const words[] = {"one", "three", NULL};

    (void)state;
    assert_int_equal(ropp_scan_space(code, 0, 14), 6);
    assert_int_equal(ropp_scan_space(code, 3, 14), 6);
    assert_int_equal(ropp_scan_space(code, 0, 4), 4);
    assert_int_equal(ropp_scan_space(code, 0, 0), 0);
    assert_int_equal(ropp_scan_space(code, 7, 14), 7);
    assert_int_equal(ropp_scan_space_back(code, 6), 0);
    assert_int_equal(ropp_scan_space_back(code, 0), 0);
    assert_int_equal(ropp_scan_space_back(code, 13), 12);
    assert_int_equal(ropp_scan_space_back(code, 14), 14);
    assert_int_equal(ropp_scan_word(code, 6, 14), 12);
    assert_int_equal(ropp_scan_word(code, 6, 8), 8);
    assert_int_equal(ropp_scan_word(code, 6, 6), 6);
    assert_int_equal(ropp_scan_word(code, 12, 14), 12);
    assert_int_equal(ropp_scan_word_back(code, 12), 6);
    assert_int_equal(ropp_scan_word_back(code + 6, 3), 0);
    assert_int_equal(ropp_scan_word_back(code, 13), 13);
    assert_int_equal(ropp_scan_word_back(code, 0), 0);
    assert_true(ropp_scan_is_one_of("xonex", 1, 4, words));
    assert_true(ropp_scan_is_one_of("three", 0, 5, words));
    assert_false(ropp_scan_is_one_of("two", 0, 3, words));
    assert_false(ropp_scan_is_one_of("ones", 0, 4, words));
    assert_false(ropp_scan_is_one_of("one", 0, 2, words));
    assert_false(ropp_scan_is_one_of("one", 0, 0, words));
    assert_false(ropp_scan_is_one_of("one", 0, 3, words + 2));
}

static void test_brackets(void **state)
{
    static const struct {
        const char *code;
        size_t at, to, end;
    } cases[] = {
        {"()", 0, 2, 2},       {"(a)b)", 0, 5, 3},    {"x(a)b", 1, 5, 4}, {"[a]", 0, 3, 3},
        {"{a}", 0, 3, 3},      {"(a(b)c)d", 0, 8, 7}, {"(a", 0, 2, 0},    {"(a)", 0, 2, 0},
        {"([{()}])", 0, 8, 8}, {"([{()}])", 1, 8, 7}, {"(]", 0, 2, 2},    {"((a)", 0, 4, 0},
        {"", 0, 0, 0},         {"{[(", 0, 3, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (ropp_scan_bracket(cases[i].code, cases[i].at, cases[i].to) != cases[i].end)
            fail_msg("%s from %zu: %zu", cases[i].code, cases[i].at,
                     ropp_scan_bracket(cases[i].code, cases[i].at, cases[i].to));
}

/* -- statements ---------------------------------------------------------- */

/* Finds in a copy of what may be read, and then in copies with more behind it: nothing of that may
 * count. */
static enum ropp_statement_result find(const char *code, size_t from, size_t to, size_t at,
                                       struct ropp_statement *found)
{
    static const char *const more[] = {"x", ";", "}", "{",        ")",
                                       ":", "=", "0", " else x;", " if (x) y;"};
    char *copy = malloc(to + 16);
    struct ropp_statement other;
    enum ropp_statement_result result;
    size_t i;

    memset(found, 0, sizeof *found);
    memcpy(copy, code, to);
    copy[to] = '\0';
    result = ropp_statement_find(copy, from, to, at, found);
    for (i = 0; i < sizeof more / sizeof more[0]; i++) {
        memset(&other, 0, sizeof other);
        strcpy(copy + to, more[i]);
        assert_int_equal(ropp_statement_find(copy, from, to, at, &other), result);
        assert_memory_equal(&other, found, sizeof other);
    }
    free(copy);
    return result;
}

/* Writes below each line of the code which statement each byte is of, by a letter, and then what is
 * found for each letter. With `inside` in the title, of what is inside of the first braces. */
static void render(const char *title, const char *text, size_t size, struct ropp_buffer *out)
{
    char *exact = cases_decode(text, &size);
    struct ropp_mask mask;
    char *view = malloc(size + !size), *letters = ropp_alloc(size + 1, 1);
    struct ropp_statement list[60], found;
    size_t from = 0, to = size, count = 0, i, k;

    ropp_mask_init(&mask, ROPP_LANGUAGE_C, exact, size);
    ropp_mask_view(&mask, 0, view);
    if (strstr(title, "inside")) {
        from = strcspn(text, "{") + 1;
        to = ropp_scan_bracket(view, from - 1, size) - 1;
    }
    memset(letters, '-', size);
    for (i = from; i < to; i++) {
        letters[i] = '.';
        switch (find(view, from, to, i, &found)) {
        case ROPP_STATEMENT_ABSENT:
            break;
        case ROPP_STATEMENT_TOO_DEEP:
            letters[i] = '!';
            break;
        case ROPP_STATEMENT_FOUND:
            for (k = 0; k < count && memcmp(&list[k], &found, sizeof found) != 0;)
                k++;
            assert_true(k < 52);
            if (k == count)
                list[count++] = found;
            letters[i] = (char)(k < 26 ? 'a' + (int)k : 'A' + (int)k - 26);
        }
    }
    for (i = 0; i < size; i = k) {
        for (k = i; k < size && exact[k] != '\n';)
            k++;
        k += k < size;
        ropp_buffer_format(out, "|%.*s\n|%.*s\n", (int)(k - i - (exact[k - 1] == '\n')), exact + i,
                           (int)(k - i), letters + i);
    }
    for (i = 0; i < count; i++) {
        ropp_buffer_format(out, "%c %zu-%zu", letters[list[i].start], list[i].start, list[i].end);
        if (list[i].governor != ROPP_STATEMENT_NONE)
            ropp_buffer_format(out, " of %zu", list[i].governor);
        ropp_buffer_text(out, "\n");
    }
    ropp_mask_free(&mask);
    free(view);
    free(letters);
    free(exact);
}

static void test_statements(void **state)
{
    (void)state;
    cases_run("statement_cases.txt", render);
}

/* How deep statements may be in one another: an `if` without braces in each other. */
static void test_depth(void **state)
{
    struct ropp_statement found;
    size_t depth;

    (void)state;
    for (depth = 299; depth <= 300; depth++) {
        struct ropp_buffer text = {0};
        size_t i;

        for (i = 0; i < depth; i++)
            ropp_buffer_text(&text, "do ");
        ropp_buffer_text(&text, "a;");
        assert_int_equal(ropp_statement_find(text.data, 0, text.size, text.size - 2, &found),
                         depth == 299 ? ROPP_STATEMENT_FOUND : ROPP_STATEMENT_TOO_DEEP);
        /* Those beside one another are none. */
        ropp_buffer_free(&text);
    }
    {
        struct ropp_buffer text = {0};
        size_t i;

        for (i = 0; i < 400; i++)
            ropp_buffer_text(&text, "{ ");
        ropp_buffer_text(&text, "a; }");
        assert_int_equal(ropp_statement_find(text.data, 0, text.size, text.size - 4, &found),
                         ROPP_STATEMENT_TOO_DEEP);
        ropp_buffer_free(&text);
        for (i = 0; i < 400; i++)
            ropp_buffer_text(&text, "if (a) b; else { c; }");
        assert_int_equal(ropp_statement_find(text.data, 0, text.size, text.size - 3, &found),
                         ROPP_STATEMENT_FOUND);
        ropp_buffer_free(&text);
    }
}

/* -- functions ----------------------------------------------------------- */

static void render_functions(const char *title, const char *text, size_t size,
                             struct ropp_buffer *out)
{
    char *exact = cases_decode(text, &size);
    const char *wanted = strchr(title, '=');
    struct ropp_mask mask;
    struct ropp_function *list = (struct ropp_function *)(uintptr_t)1; /* not for reading */
    size_t count, i;

    ropp_mask_init(&mask, ROPP_LANGUAGE_C, exact, size);
    count = ropp_functions_list(&mask, wanted ? wanted + 1 : NULL, &list);
    for (i = 0; i < count; i++)
        ropp_buffer_format(out, "%s: %.*s| %zu-%zu\n", list[i].name,
                           (int)(list[i].params_end - list[i].name_start),
                           exact + list[i].name_start, list[i].open, list[i].close);
    ropp_mask_free(&mask);
    /* Cut off anywhere, nothing is read that is not there. */
    for (; size > 0; size--) {
        char *cut = malloc(size);

        memcpy(cut, exact, size);
        ropp_mask_init(&mask, ROPP_LANGUAGE_C, cut, size);
        (void)ropp_functions_list(&mask, wanted ? wanted + 1 : NULL, &list);
        ropp_mask_free(&mask);
        free(cut);
    }
    free(exact);
    ropp_keep_end();
}

static void test_functions(void **state)
{
    (void)state;
    cases_run("function_cases.txt", render_functions);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_space_and_words), cmocka_unit_test(test_brackets),
        cmocka_unit_test(test_statements),      cmocka_unit_test(test_depth),
        cmocka_unit_test(test_functions),
    };

    return UNIT_RUN(argc, argv, "statement", tests, NULL, NULL);
}
