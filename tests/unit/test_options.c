// SPDX-License-Identifier: MIT
/* The options of a command, its numbers and its help. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tools/base/decimal.h"
#include "tools/base/help.h"
#include "tools/base/options.h"

struct request {
    const char *file;
    unsigned long limit;
    bool force;
    unsigned watched;
    const char *every;
};

static bool take_watch(void *context, const char *name, const char *value)
{
    struct request *request = context;

    assert_string_equal(name, "--watch");
    request->watched++;
    request->every = value;
    return value == NULL || strcmp(value, "never") != 0;
}

static const struct ropp_option own[] = {
    ROPP_TEXT(struct request, file, "--file", "FILE", "a file"),
    ROPP_CALL(take_watch, "--watch", "[N]", "again and again"),
    ROPP_OPTIONS_END,
};
static const struct ropp_option shared[] = {
    ROPP_HEADING("more of them:"),
    ROPP_NUMBER(struct request, limit, "--limit", "N", 1, 10, "so many"),
    ROPP_FLAG(struct request, force, "--force", "also then"),
    ROPP_OPTIONS_END,
};
static const struct ropp_options options = {{own, shared}};
static const struct ropp_words_rule one_word = {.most = 1};

static struct request request;
static struct ropp_words words;

/* The words up to NULL. */
static bool reads(char *first, ...)
{
    char *argv[10] = {(char *)"test", first};
    va_list rest;
    int argc = 2;

    va_start(rest, first);
    while ((argv[argc] = va_arg(rest, char *)) != NULL)
        argc++;
    va_end(rest);
    memset(&request, 0, sizeof request);
    return ropp_options_read(argc, argv, "test", &options, &one_word, &request, &words);
}

static void test_values(void **state)
{
    char file[] = "--file", a[] = "a", equals[] = "--file=b", limit[] = "--limit=10",
         force[] = "--force", end[] = "--";

    (void)state;
    assert_true(reads(file, a, force, limit, NULL));
    assert_string_equal(request.file, "a");
    assert_true(request.force);
    assert_int_equal(request.limit, 10);
    assert_int_equal(words.count, 0);
    assert_true(reads(equals, a, NULL));
    assert_string_equal(request.file, "b");
    assert_int_equal(words.count, 1);
    assert_true(reads(end, force, NULL));
    assert_false(request.force);
    assert_string_equal(words.items[0], "--force");
}

/* A value that may be left out is written behind a '=' or not at all. */
static void test_optional_value(void **state)
{
    char watch[] = "--watch", five[] = "5", equals[] = "--watch=5", never[] = "--watch=never",
         empty[] = "--watch=";

    (void)state;
    assert_true(reads(watch, five, NULL));
    assert_int_equal(request.watched, 1);
    assert_null(request.every);
    assert_string_equal(words.items[0], "5");
    assert_true(reads(equals, NULL));
    assert_string_equal(request.every, "5");
    assert_false(reads(never, NULL));
    assert_false(reads(empty, NULL));
}

static void test_mistakes(void **state)
{
    char file[] = "--file", empty[] = "--file=", force[] = "--force=yes", limit[] = "--limit=11",
         near[] = "--fil", heading[] = "more of them:", a[] = "a", b[] = "b";

    (void)state;
    assert_false(reads(file, NULL));
    assert_false(reads(empty, NULL));
    assert_false(reads(force, NULL));
    assert_false(reads(limit, NULL));
    assert_false(reads(near, a, NULL));
    assert_false(reads(a, b, NULL));
    assert_true(reads(heading, NULL));
    assert_ptr_equal(ropp_options_find(&options, "--limit=3"), &shared[1]);
    assert_null(ropp_options_find(&options, "--limi"));
}

static void test_decimals(void **state)
{
    uint64_t number = 7;

    (void)state;
    assert_true(ropp_decimal_read("0", 0, 9, &number));
    assert_int_equal(number, 0);
    assert_true(ropp_decimal_read("007", 1, 9, &number));
    assert_int_equal(number, 7);
    assert_true(ropp_decimal_read("18446744073709551615", 0, UINT64_MAX, &number));
    assert_true(number == UINT64_MAX);
    number = 7;
    assert_false(ropp_decimal_read("18446744073709551616", 0, UINT64_MAX, &number));
    assert_false(ropp_decimal_read("10", 0, 9, &number));
    assert_false(ropp_decimal_read("1", 2, 9, &number));
    assert_false(ropp_decimal_read("", 0, 9, &number));
    assert_false(ropp_decimal_read("+1", 0, 9, &number));
    assert_false(ropp_decimal_read("1 ", 0, 9, &number));
    assert_int_equal(number, 7);
    assert_int_equal(ropp_decimal_begin("12x", 3, 99, &number), 2);
    assert_int_equal(number, 12);
    assert_int_equal(ropp_decimal_begin("123", 2, 99, &number), 2);
    assert_int_equal(ropp_decimal_begin("x", 1, 99, &number), 0);
}

/* What is printed, for as long as no other is. */
static const char *printed(void (*print)(FILE *out))
{
    static char text[2000];
    FILE *out = tmpfile();
    size_t length;

    assert_non_null(out);
    print(out);
    rewind(out);
    length = fread(text, 1, sizeof text - 1, out);
    text[length] = '\0';
    fclose(out);
    return text;
}

static void print_options(FILE *out)
{
    ropp_options_help(out, &options);
}

static void print_text(FILE *out)
{
    ropp_help_text(out,
                   "A line that is broken in front of the word that would be the first behind "
                   "column 80.\n\n  as  it is\nend",
                   4, 4);
}

static void test_help(void **state)
{
    (void)state;
    assert_string_equal(printed(print_options), "\n"
                                                "  --file FILE   a file\n"
                                                "  --watch [N]   again and again\n"
                                                "\n"
                                                "more of them:\n"
                                                "  --limit N   so many\n"
                                                "  --force     also then\n");
    assert_string_equal(
        printed(print_text),
        "A line that is broken in front of the word that would be the first behind\n"
        "    column 80.\n\n      as  it is\n    end\n");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),   cmocka_unit_test(test_optional_value),
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_help),
    };

    return UNIT_RUN(argc, argv, "options", tests, NULL, NULL);
}
