// SPDX-License-Identifier: MIT
/* Programs that are written to and asked: what comes of one that is not there, that fails, or that
 * does not read. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tools/edge/program.h"

/* Writes `text` to a shell's commands. What is said of it on standard error is left in `said`. */
static bool told(const char *const argv[], const char *text, char *said, size_t size)
{
    struct ropp_program program;
    FILE *error = tmpfile();
    int kept = dup(STDERR_FILENO);
    bool good;

    assert_non_null(error);
    assert_true(kept >= 0 && dup2(fileno(error), STDERR_FILENO) >= 0);
    good = ropp_program_begin(&program, argv);
    if (good) {
        fputs(text, program.input);
        good = ropp_program_end(&program);
    }
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    rewind(error);
    size = fread(said, 1, size - 1, error);
    said[size] = '\0';
    fclose(error);
    return good;
}

static void fails(const char *const argv[], const char *text, const char *message)
{
    char said[256];

    assert_false(told(argv, text, said, sizeof said));
    assert_string_equal(said, message);
}

/* What it prints goes to standard error. */
static void test_what_is_written_is_read(void **state)
{
    static const char *const cat[] = {"cat", NULL};
    char said[256];

    (void)state;
    assert_true(told(cat, "add element\nof a set\n", said, sizeof said));
    assert_string_equal(said, "add element\nof a set\n");
}

static void test_not_there(void **state)
{
    static const char *const none[] = {"ropp-no-such-program", NULL}, *const not_found[] = {
                                                                          "sh", "-c", "exit 127",
                                                                          NULL};

    (void)state;
    fails(none, "", "ropp: no such program: ropp-no-such-program: install it\n");
    fails(not_found, "", "ropp: no such program: sh: install it\n"); /* as shells say it */
}

static void test_fails(void **state)
{
    static const char *const one[] = {"sh", "-c", "cat >/dev/null; exit 1", NULL},
                             *const by_shell[] = {"sh", "-c", "cat >/dev/null; exit 126", NULL},
                             *const killed[] = {"sh", "-c", "cat >/dev/null; kill -9 $$", NULL};

    (void)state;
    fails(one, "text", "ropp: sh does not do it\n");
    fails(by_shell, "text", "ropp: sh does not do it\n");
    fails(killed, "text", "ropp: sh does not do it\n");
}

/* More than a pipe takes. */
static void test_does_not_read(void **state)
{
    static const char *const deaf[] = {"true", NULL};
    static char much[1 << 20];

    (void)state;
    memset(much, 'x', sizeof much - 1);
    fails(deaf, much, "ropp: true does not read it\n");
}

static void test_asked(void **state)
{
    static const char *const says[] = {"sh", "-c", "echo one; echo unheard >&2; echo two", NULL},
                             *const fails_late[] = {"sh", "-c", "echo one; exit 1", NULL},
                             *const none[] = {"ropp-no-such-program", NULL},
                             *const reads[] = {"cat", NULL};
    struct ropp_buffer output = {0};

    (void)state;
    assert_true(ropp_program_ask(says, &output));
    assert_string_equal(output.data, "one\ntwo\n");
    ropp_buffer_free(&output);
    assert_false(ropp_program_ask(fails_late, &output));
    ropp_buffer_free(&output);
    assert_false(ropp_program_ask(none, &output));
    ropp_buffer_free(&output);
    assert_true(ropp_program_ask(reads, &output)); /* there is nothing to read */
    assert_int_equal(output.size, 0);
    ropp_buffer_free(&output);
}

/* Whoever starts ropp may have it ignore the ends of its programs. How they end is not known then,
 * and not taken for done. */
static void test_its_end_is_not_known(void **state)
{
    static const char *const does_not[] = {"sh", "-c", "cat >/dev/null; exit 1", NULL};
    struct ropp_buffer output = {0};

    (void)state;
    signal(SIGCHLD, SIG_IGN);
    fails(does_not, "text", "ropp: sh does not do it\n");
    assert_false(ropp_program_ask(does_not, &output));
    signal(SIGCHLD, SIG_DFL);
    ropp_buffer_free(&output);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_not_there),
        cmocka_unit_test(test_fails),
        cmocka_unit_test(test_does_not_read),
        cmocka_unit_test(test_asked),
        cmocka_unit_test(test_its_end_is_not_known),
    };

    signal(SIGPIPE, SIG_IGN);
    return UNIT_RUN(argc, argv, "program", tests, NULL, NULL);
}
