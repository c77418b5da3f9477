// SPDX-License-Identifier: MIT
/* Programs that are run: whether they have ended well, and what they have printed. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tools/base/run.h"

/* The program's output must be `wanted`, however it ended. */
static bool ends_well_in(const char *folder, const char *line, const char *wanted)
{
    struct ropp_buffer output = {0};
    struct ropp_run run;
    bool good;

    assert_true(ropp_run_begin(&run, folder, line));
    good = ropp_run_end(&run, &output);
    assert_string_equal(output.data, wanted);
    ropp_buffer_free(&output);
    return good;
}

static bool ends_well(const char *line, const char *wanted)
{
    return ends_well_in("/", line, wanted);
}

static void test_end(void **state)
{
    (void)state;
    assert_true(ends_well("pwd; echo said >&2", "/\nsaid\n"));
    assert_true(ends_well(":", ""));
    assert_false(ends_well("echo wrong; exit 1", "wrong\n"));
    assert_false(ends_well("kill -9 $$", ""));
}

/* Nothing to read, the language of programs, and no other folder than the one that is meant. */
static void test_surroundings(void **state)
{
    (void)state;
    assert_true(ends_well("read -r word; echo $?; echo $LC_ALL", "1\nC\n"));
    assert_false(ends_well_in("/dev/null/none", "echo run", ""));
}

/* A good end counts for nothing when what was printed cannot be read. */
static void test_unreadable_output(void **state)
{
    const int only_written = open("/dev/null", O_WRONLY);
    struct ropp_buffer output = {0};
    struct ropp_run run;

    (void)state;
    assert_true(only_written >= 0);
    assert_true(ropp_run_begin(&run, "/", ":"));
    assert_true(dup2(only_written, fileno(run.output)) >= 0);
    assert_false(ropp_run_end(&run, &output));
    assert_string_equal(output.data, "");
    ropp_buffer_free(&output);
    (void)close(only_written);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_surroundings),
        cmocka_unit_test(test_unreadable_output),
    };
    return UNIT_RUN(argc, argv, "run", tests, NULL, NULL);
}
