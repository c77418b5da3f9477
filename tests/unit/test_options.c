// SPDX-License-Identifier: MIT
/* The options of a command, its numbers and its help. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/capture.h"
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

/* The widest name that has a column, one that is wider and stands alone, and groups whose first
 * line is a heading. */
static const struct ropp_option wide[] = {
    ROPP_HEADING("The first:"),
    ROPP_FLAG(struct request, force, "--short", "a flag"),
    ROPP_TEXT(struct request, file, "--of-twenty-six", "CHARACTERS", "the widest there is"),
    ROPP_TEXT(struct request, file, "--of-twenty-seven", "CHARACTER", "wider than that"),
    ROPP_TEXT(struct request, file, "--of-twenty-four", "LETTERS", "less wide"),
    ROPP_HEADING("The second, whose heading is a sentence that has no room on one line of "
                 "eighty letters:"),
    ROPP_TEXT(struct request, file, "--very-very-very-very-very", "LONG",
              "a sentence that is broken where the line ends, and goes on below its beginning"),
    ROPP_FLAG(struct request, force, "-x", "alone"),
    ROPP_HEADING("The third:"),
    ROPP_TEXT(struct request, file, "--of-twenty-seven-letters-x", NULL, "without any that fits"),
    ROPP_OPTIONS_END,
};

static void print_wide_options(FILE *out)
{
    static const struct ropp_options tables = {{wide, NULL}};

    ropp_options_help(out, &tables);
}

static void test_wide_help(void **state)
{
    (void)state;
    assert_string_equal(
        printed(print_wide_options),
        "\n"
        "The first:\n"
        "  --short                      a flag\n"
        "  --of-twenty-six CHARACTERS   the widest there is\n"
        "  --of-twenty-seven CHARACTER\n"
        "                               wider than that\n"
        "  --of-twenty-four LETTERS     less wide\n"
        "\n"
        "The second, whose heading is a sentence that has no room on one line of eighty\n"
        "letters:\n"
        "  --very-very-very-very-very LONG\n"
        "       a sentence that is broken where the line ends, and goes on below its\n"
        "       beginning\n"
        "  -x   alone\n"
        "\n"
        "The third:\n"
        "  --of-twenty-seven-letters-x\n"
        "     without any that fits\n");
}

/* As a shell takes them; numbers and calls are none of it. */
static void print_request(FILE *out)
{
    static const struct request filled = {"it is here", 7, true, 1, "5"};
    static const struct request empty = {NULL, 7, false, 1, "5"};

    ropp_options_print(out, own, &filled);
    ropp_options_print(out, shared, &filled);
    fputs(" |", out);
    ropp_options_print(out, own, &empty);
    ropp_options_print(out, shared, &empty);
}

static void test_print(void **state)
{
    (void)state;
    assert_string_equal(printed(print_request), " --file 'it is here' --force |");
}

/* Lines of exactly eighty characters and of one more, at either indent. */
static void print_exact_lines(FILE *out)
{
    ropp_help_text(out,
                   "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
                   "012 next",
                   0, 0);
    ropp_help_text(out,
                   "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
                   "0123 next",
                   0, 0);
    fputs("at", out);
    ropp_help_text(out,
                   "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
                   "0 23\nnext\n\n",
                   2, 6);
    ropp_help_text(out, "", 0, 4);
    ropp_help_text(out,
                   "one-word-of-more-than-eighty-letters-that-is-not-broken-anywhere-because-there-"
                   "is-no-blank two",
                   0, 2);
}

static void test_exact_lines(void **state)
{
    (void)state;
    assert_string_equal(
        printed(print_exact_lines),
        "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 012\nnext\n"
        "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n0123 next\n"
        "at0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0\n      "
        "23\n"
        "      next\n\n      \n"
        "\n"
        "one-word-of-more-than-eighty-letters-that-is-not-broken-anywhere-because-there-is-no-"
        "blank\n"
        "  two\n");
}

static const char *said_of(char *first, char *second)
{
    static struct capture err;
    bool good;

    capture_begin(&err, stderr);
    good = reads(first, second, NULL);
    capture_end(&err);
    assert_false(good);
    return err.text;
}

static void test_messages(void **state)
{
    char file[] = "--file", empty[] = "--file=", force[] = "--force=yes", limit[] = "--limit=0",
         more[] = "--limit", eleven[] = "11", near[] = "--fil", a[] = "a", b[] = "b", dash[] = "-",
         end[] = "--";

    (void)state;
    assert_string_equal(said_of(file, NULL), "ropp: no value: --file: write '--file VALUE'\n");
    assert_string_equal(said_of(empty, NULL), "ropp: no value: --file: write '--file VALUE'\n");
    assert_string_equal(said_of(force, NULL),
                        "ropp: a value too many: --force=yes: write --force alone\n");
    assert_string_equal(said_of(limit, NULL),
                        "ropp: no such number: --limit 0: write one from 1 to 10\n");
    assert_string_equal(said_of(more, eleven),
                        "ropp: no such number: --limit 11: write one from 1 to 10\n");
    assert_string_equal(
        said_of(near, NULL),
        "ropp: no such option: --fil: did you mean '--file'? see `ropp test --help`\n");
    assert_string_equal(said_of(a, b), "ropp: one word too many: 'b': see `ropp test --help`\n");
    assert_true(reads(dash, NULL)); /* a word */
    assert_string_equal(words.items[0], "-");
    assert_true(reads(end, end, NULL));
    assert_string_equal(words.items[0], "--");
    {
        char *argv[] = {(char *)"-h", (char *)"--help", NULL}; /* the first is the command's name */

        assert_false(ropp_options_wants_help(1, argv));
        assert_true(ropp_options_wants_help(2, argv));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),   cmocka_unit_test(test_optional_value),
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_help),     cmocka_unit_test(test_wide_help),
        cmocka_unit_test(test_print),    cmocka_unit_test(test_exact_lines),
        cmocka_unit_test(test_messages),
    };

    return UNIT_RUN(argc, argv, "options", tests, NULL, NULL);
}
