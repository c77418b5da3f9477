// SPDX-License-Identifier: MIT
/* Programs that are run: whether they have ended well, and what they have printed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/base/run.h"

/* ---- a system that has no more ---- */

static bool no_file, no_program;
static int interruptions; /* of the wait */

FILE *__real_tmpfile(void);
FILE *__wrap_tmpfile(void);
pid_t __real_fork(void);
pid_t __wrap_fork(void);
pid_t __real_waitpid(pid_t pid, int *status, int options);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);

FILE *__wrap_tmpfile(void)
{
    errno = EMFILE;
    return no_file ? NULL : __real_tmpfile();
}

pid_t __wrap_fork(void)
{
    errno = EAGAIN;
    return no_program ? -1 : __real_fork();
}

pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
    if (interruptions == 0)
        return __real_waitpid(pid, status, options);
    interruptions--;
    errno = EINTR;
    return -1;
}

/* ---- programs ---- */

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

static void does_not_begin(bool *missing, const char *message)
{
    static struct capture err;
    struct ropp_run run;
    int before = dup(0), after;
    bool good;

    capture_begin(&err, stderr);
    *missing = true;
    good = ropp_run_begin(&run, "/", ":");
    *missing = false;
    capture_end(&err);
    assert_false(good);
    assert_string_equal(err.text, message);
    after = dup(0);
    assert_int_equal(after, before + 1); /* nothing stays open */
    (void)close(after);
    (void)close(before);
}

static void test_no_more(void **state)
{
    (void)state;
    does_not_begin(&no_file, "ropp: cannot write a temporary file: Too many open files\n");
    does_not_begin(&no_program, "ropp: cannot start a program: Resource temporarily unavailable\n");
}

static void test_an_interrupted_wait(void **state)
{
    (void)state;
    interruptions = 3;
    assert_true(ends_well("echo done", "done\n"));
    assert_int_equal(interruptions, 0);
    interruptions = 1;
    assert_false(ends_well("echo wrong; exit 3", "wrong\n"));
}

/* Whoever starts ropp may have it ignore the ends of its programs. How one ends is not known then,
 * and not taken for good. */
static void test_its_end_is_not_known(void **state)
{
    (void)state;
    signal(SIGCHLD, SIG_IGN);
    assert_false(ends_well("echo wrong; exit 1", "wrong\n"));
    assert_false(ends_well("echo unknown", "unknown\n"));
    signal(SIGCHLD, SIG_DFL);
}

/* Nothing stays open, and what was printed before is not printed twice. */
static void test_nothing_stays(void **state)
{
    static struct capture out;
    int before = dup(0), after;

    (void)state;
    capture_begin(&out, stdout);
    printf("once");
    (void)ends_well(":", "");
    capture_end(&out);
    assert_string_equal(out.text, "once");
    after = dup(0);
    assert_int_equal(after, before + 1);
    (void)close(after);
    (void)close(before);
}

static void quotes(const char *word, const char *wanted)
{
    struct ropp_buffer line = {0};

    ropp_buffer_text(&line, "echo ");
    ropp_run_quote(&line, word);
    assert_string_equal(line.data, wanted);
    ropp_buffer_free(&line);
}

static void test_quotes(void **state)
{
    (void)state;
    quotes("", "echo \'\'");
    quotes("a b", "echo 'a b'");
    quotes("it's so", "echo 'it'\\\'\'s so'");
    quotes("'", "echo \'\'\\\'\'\'");
    assert_true(ends_well("echo 'it'\\\'\'s'", "it's\n"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_surroundings),
        cmocka_unit_test(test_unreadable_output),
        cmocka_unit_test(test_no_more),
        cmocka_unit_test(test_an_interrupted_wait),
        cmocka_unit_test(test_its_end_is_not_known),
        cmocka_unit_test(test_nothing_stays),
        cmocka_unit_test(test_quotes),
    };
    return UNIT_RUN(argc, argv, "run", tests, NULL, NULL);
}
