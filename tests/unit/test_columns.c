// SPDX-License-Identifier: MIT
/* Tables for people: as one where there is room, in parts where there is not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tools/base/columns.h"

static const char *const cells[] = {
    "SERVER", "ADDRESS",         "MODE",   "ENTRIES", "SIZE",   "REFUSED", /* */
    "login",  "192.0.2.10:6900", "strict", "12",      "324 B",  "",        /* */
    "map",    "192.0.2.10:5121", "on",     "1200000", "31 MiB", "7",
};

/* Prints the table within so many columns and compares. */
static void prints(size_t keys, size_t room, const char *wanted)
{
    struct ropp_columns columns = {"lllrrr", NULL, 0};
    char *text = NULL;
    size_t size = 0, i;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    for (i = 0; i < sizeof cells / sizeof cells[0]; i++)
        ropp_columns_cell(&columns, cells[i]);
    ropp_columns_print_within(&columns, keys, room, out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, wanted);
    assert_int_equal(columns.count, 0);
    free(text);
}

static const char whole[] = "SERVER  ADDRESS          MODE    ENTRIES    SIZE  REFUSED\n"
                            "login   192.0.2.10:6900  strict       12   324 B\n"
                            "map     192.0.2.10:5121  on      1200000  31 MiB        7\n";

static void one_table(void **state)
{
    (void)state;
    prints(2, 0, whole);  /* no terminal */
    prints(2, 57, whole); /* exactly as wide */
}

static void parts(void **state)
{
    (void)state;
    prints(2, 56,
           "SERVER  ADDRESS          MODE    ENTRIES    SIZE\n"
           "login   192.0.2.10:6900  strict       12   324 B\n"
           "map     192.0.2.10:5121  on      1200000  31 MiB\n"
           "\n"
           "SERVER  ADDRESS          REFUSED\n"
           "login   192.0.2.10:6900\n"
           "map     192.0.2.10:5121        7\n");
    prints(1, 34,
           "SERVER  ADDRESS          MODE\n"
           "login   192.0.2.10:6900  strict\n"
           "map     192.0.2.10:5121  on\n"
           "\n"
           "SERVER  ENTRIES    SIZE  REFUSED\n"
           "login        12   324 B\n"
           "map     1200000  31 MiB        7\n");
    prints(1, 32, /* exactly as wide as the second of them */
           "SERVER  ADDRESS          MODE\n"
           "login   192.0.2.10:6900  strict\n"
           "map     192.0.2.10:5121  on\n"
           "\n"
           "SERVER  ENTRIES    SIZE  REFUSED\n"
           "login        12   324 B\n"
           "map     1200000  31 MiB        7\n");
    prints(1, 31,
           "SERVER  ADDRESS          MODE\n"
           "login   192.0.2.10:6900  strict\n"
           "map     192.0.2.10:5121  on\n"
           "\n"
           "SERVER  ENTRIES    SIZE\n"
           "login        12   324 B\n"
           "map     1200000  31 MiB\n"
           "\n"
           "SERVER  REFUSED\n"
           "login\n"
           "map           7\n");
    prints(1, 30,
           "SERVER  ADDRESS\n"
           "login   192.0.2.10:6900\n"
           "map     192.0.2.10:5121\n"
           "\n"
           "SERVER  MODE    ENTRIES\n"
           "login   strict       12\n"
           "map     on      1200000\n"
           "\n"
           "SERVER    SIZE  REFUSED\n"
           "login    324 B\n"
           "map     31 MiB        7\n");
}

/* A row that is not complete is left out; letters of any language are as wide as they are shown,
 * and a cell is cut at the end of its room. */
static void rows(void **state)
{
    struct ropp_columns columns = {"rl", NULL, 0};
    char long_word[251], cut[200], wanted[300], *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    memset(long_word, 'x', sizeof long_word - 1);
    long_word[sizeof long_word - 1] = '\0';
    snprintf(cut, sizeof cut, "%.199s", long_word);
    ropp_columns_cell(&columns, "\xc3\xa9\xe3\x81\x9b");
    ropp_columns_format(&columns, "%s-%d\x1b", "one", 1);
    ropp_columns_cell(&columns, "four");
    ropp_columns_format(&columns, "%s", long_word);
    ropp_columns_cell(&columns, "lost, and wider than the others");
    ropp_columns_print(&columns, 1, out);
    ropp_print_safe(out, "safe\r\n");
    assert_int_equal(fclose(out), 0);
    snprintf(wanted, sizeof wanted, "%29s\xc3\xa9\xe3\x81\x9b  one-1?\n%27sfour  %s\nsafe??", "",
             "", cut);
    assert_string_equal(text, wanted);
    assert_null(columns.cells);
    assert_int_equal(columns.count, 0);
    free(text);
}

/* A column wider than the terminal is printed as it is, and comes to an end. */
static void too_narrow(void **state)
{
    (void)state;
    prints(0, 4,
           "SERVER\nlogin\nmap\n\n"
           "ADDRESS\n192.0.2.10:6900\n192.0.2.10:5121\n\n"
           "MODE\nstrict\non\n\n"
           "ENTRIES\n     12\n1200000\n\n"
           "  SIZE\n 324 B\n31 MiB\n\n"
           "REFUSED\n\n      7\n");
}

/* What orders a terminal to do something is shown as '?', letters of any language as they are. */
static void orders(void **state)
{
    static const char *const texts[][2] = {
        {"plain", "plain"},
        {"\x1b[2J\x07\x7f\r\n", "?[2J????"},
        {"\xc2\x9b"
         "2J\xc2\x85",
         "?2J?"},
        {"\x9b"
         "2J\x9d"
         "0;x\x9c",
         "?2J?0;x?"},
        {"\xe3\x81\x9b\xc3\x9b \xf0\x9f\x99\x82", "\xe3\x81\x9b\xc3\x9b \xf0\x9f\x99\x82"},
        {"\xe9t\xe9", "\xe9t\xe9"},
        {"\xe3\x9b", "\xe3?"},
        {"\x1f\x20\x7e\x7f\x80\x9f\xa0", "? ~???\xa0"},
        {"\xc2\x80\xc2\x9f\xc2\xa0\xc3\x80", "??\xc2\xa0\xc3\x80"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *copy = ropp_safe_copy(texts[i][0]);

        assert_string_equal(copy, texts[i][1]);
        free(copy);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_table),  cmocka_unit_test(parts),  cmocka_unit_test(rows),
        cmocka_unit_test(too_narrow), cmocka_unit_test(orders),
    };

    return UNIT_RUN(argc, argv, "columns", tests, NULL, NULL);
}
