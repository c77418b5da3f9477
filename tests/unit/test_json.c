// SPDX-License-Identifier: MIT
/* Strings of JSON: bytes that are no valid UTF-8 are escaped one by one, all others stay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tools/base/json.h"

static void writes(const char *text, const char *wanted)
{
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    struct ropp_json json = {.out = out};

    assert_non_null(out);
    ropp_json_string(&json, NULL, text);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(written, wanted);
    free(written);
}

static void test_ascii(void **state)
{
    (void)state;
    writes("", "\"\"");
    writes("a \"b\" \\c/", "\"a \\\"b\\\" \\\\c/\"");
    writes("\x01\n\x1f ~\x7f", "\"\\u0001\\u000a\\u001f ~\\u007f\"");
}

/* The first and the last sequence of each length, and those on either side of the surrogates. */
static void test_utf8(void **state)
{
    static const char *const valid[] = {
        "\xc2\x80",     "\xdf\xbf",         "\xe0\xa0\x80",     "\xed\x9f\xbf",     "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xc2\x80\xdf\xbf",
    };
    char wanted[16];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof valid / sizeof valid[0]; i++) {
        snprintf(wanted, sizeof wanted, "\"%s\"", valid[i]);
        writes(valid[i], wanted);
    }
}

/* What is beside those, and what ends too early. */
static void test_no_utf8(void **state)
{
    static const char *const invalid[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe0\xa0",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "\xc2",
        "\xef\xbf",
        "\xf4\x8f\xbf",
        "\xc2\xc0",
    };
    char wanted[32], *end;
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        end = wanted + sprintf(wanted, "\"");
        for (k = 0; invalid[i][k] != '\0'; k++)
            end += sprintf(end, "\\u%04x", (unsigned char)invalid[i][k]);
        sprintf(end, "\"");
        writes(invalid[i], wanted);
    }
    writes("\xc2z", "\"\\u00c2z\"");
}

/* A document with everything that can be in one. */
static void document(bool tight, const char *wanted)
{
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    struct ropp_json json = {.out = out, .tight = tight};

    assert_non_null(out);
    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "text", "one");
    ropp_json_string(&json, "nothing", NULL);
    ropp_json_some(&json, "some", "two");
    ropp_json_some(&json, "none", NULL);
    ropp_json_bytes(&json, "bytes", "a\0b\"c", 4);
    ropp_json_begin(&json, "list", '[');
    ropp_json_number(&json, NULL, INT64_MIN);
    ropp_json_number(&json, NULL, 0);
    ropp_json_bool(&json, NULL, true);
    ropp_json_bool(&json, NULL, false);
    ropp_json_begin(&json, NULL, '{');
    ropp_json_end(&json, '}');
    ropp_json_begin(&json, NULL, '[');
    ropp_json_raw(&json, NULL, NULL);
    ropp_json_end(&json, ']');
    ropp_json_raw(&json, NULL, "1.5");
    ropp_json_end(&json, ']');
    ropp_json_moment(&json, "then", 1798131600);
    ropp_json_moment(&json, "never", 0);
    ropp_json_begin(&json, "deep", '{');
    ropp_json_begin(&json, "deeper", '[');
    ropp_json_done(&json, "]}}");
    assert_int_equal(fclose(out), 0);
    assert_string_equal(written, wanted);
    free(written);
}

static void test_documents(void **state)
{
    (void)state;
    document(false, "{\"text\": \"one\", \"nothing\": null, \"some\": \"two\", "
                    "\"bytes\": \"a\\u0000b\\\"\", \"list\": [-9223372036854775808, 0, true, "
                    "false, {}, [null], 1.5], \"then\": \"2026-12-24T17:00:00Z\", "
                    "\"never\": null, \"deep\": {\"deeper\": []}}\n");
    document(true, "{\"text\":\"one\",\"nothing\":null,\"some\":\"two\","
                   "\"bytes\":\"a\\u0000b\\\"\",\"list\":[-9223372036854775808,0,true,false,{},"
                   "[null],1.5],\"then\":\"2026-12-24T17:00:00Z\",\"never\":null,"
                   "\"deep\":{\"deeper\":[]}}\n");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ascii),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_no_utf8),
        cmocka_unit_test(test_documents),
    };
    return UNIT_RUN(argc, argv, "json", tests, NULL, NULL);
}
