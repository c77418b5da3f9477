// SPDX-License-Identifier: MIT
/* A terminal, of which the test has the other end: how wide it is, what is asked there, and what
 * tables and bars look like on it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/base/columns.h"
#include "tools/base/progress.h"
#include "tools/base/terminal.h"

static int master, terminal;
static struct capture err;

/* ---- a clock that stands still ---- */

static int64_t clock_ms; /* 0: the system's */

int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    if (clock_ms == 0)
        return __real_clock_gettime(id, now);
    assert_int_equal(id, CLOCK_MONOTONIC);
    now->tv_sec = (time_t)(clock_ms / 1000);
    now->tv_nsec = (long)(clock_ms % 1000 * 1000000 + 999999);
    return 0;
}

/* ---- the terminal ---- */

static void set_columns(unsigned short columns)
{
    struct winsize size = {24, columns, 0, 0};

    assert_int_equal(ioctl(terminal, TIOCSWINSZ, &size), 0);
}

static int begin(void **state)
{
    struct termios plain;

    (void)state;
    clock_ms = 0;
    master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        return -1;
    terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (terminal < 0 || tcgetattr(terminal, &plain) != 0)
        return -1;
    plain.c_oflag &= ~(tcflag_t)OPOST; /* what is written arrives as it is */
    return tcsetattr(terminal, TCSANOW, &plain);
}

static int end(void **state)
{
    (void)state;
    (void)close(terminal);
    return close(master);
}

/* What has come out at the other end: it takes its time, and a mark is behind it. */
static const char *shown(void)
{
    static char text[4096];
    size_t size = 0;

    assert_int_equal(write(terminal, "\1", 1), 1);
    do {
        ssize_t got = read(master, text + size, 1);

        assert_int_equal(got, 1);
    } while (text[size] != '\1' && ++size < sizeof text - 1);
    text[size] = '\0';
    return text;
}

static void test_columns(void **state)
{
    int file = open("/dev/null", O_WRONLY);

    (void)state;
    set_columns(0);
    assert_int_equal(ropp_terminal_columns(terminal), 80);
    set_columns(1);
    assert_int_equal(ropp_terminal_columns(terminal), 1);
    set_columns(132);
    assert_int_equal(ropp_terminal_columns(terminal), 132);
    assert_int_equal(ropp_terminal_columns(file), 0);
    assert_int_equal(ropp_terminal_columns(-1), 0);
    (void)close(file);
}

/* ---- asking ---- */

static const char *typed;
static size_t typed_size;
static bool hidden, was_canonical;

/* Types when nothing is shown any more, as somebody who waits for the question. */
static void *type(void *unused)
{
    struct termios now;

    do {
        if (tcgetattr(terminal, &now) != 0)
            return NULL;
    } while ((now.c_lflag & ECHO) != 0);
    hidden = (now.c_lflag & ISIG) == 0;
    was_canonical = (now.c_lflag & ICANON) != 0;
    (void)!write(master, typed, typed_size);
    return unused;
}

static bool asks(const char *what, size_t what_size, char *line, size_t size, const char *prompt)
{
    struct termios before, after;
    pthread_t typist;
    bool good;
    int error;

    typed = what;
    typed_size = what_size;
    assert_int_equal(tcgetattr(terminal, &before), 0);
    error = pthread_create(&typist, NULL, type, NULL);
    assert_int_equal(error, 0);
    capture_begin(&err, stderr);
    good = ropp_terminal_ask(terminal, prompt, line, size);
    error = errno;
    capture_end(&err);
    assert_int_equal(pthread_join(typist, NULL), 0);
    assert_true(hidden);
    assert_true(was_canonical);
    assert_int_equal(tcgetattr(terminal, &after), 0);
    assert_int_equal(after.c_lflag, before.c_lflag);
    assert_memory_equal(after.c_cc, before.c_cc, sizeof before.c_cc);
    assert_string_equal(shown(), "");
    errno = error;
    return good;
}

static void test_asks(void **state)
{
    char line[16];

    (void)state;
    memset(line, 'x', sizeof line);
    assert_true(asks("secret\n", 7, line, sizeof line, "Password: "));
    assert_string_equal(line, "secret\n");
    assert_string_equal(err.text, "Password: \n");
    assert_true(asks("\n", 1, line, sizeof line, "Again: "));
    assert_string_equal(line, "\n");
    assert_string_equal(err.text, "Again: \n");
    assert_true(asks("\4", 1, line, sizeof line, "")); /* the input ends */
    assert_string_equal(line, "");
    assert_true(asks("as long as it is\n", 17, line, sizeof line, "")); /* longer than its room */
    assert_string_equal(line, "as long as it i");
    assert_int_equal(tcflush(terminal, TCIFLUSH), 0);
}

/* Also where its lines had no end before. */
static void test_asks_at_one_without_lines(void **state)
{
    struct termios bare;
    char line[16];

    (void)state;
    assert_int_equal(tcgetattr(terminal, &bare), 0);
    bare.c_lflag &= ~(tcflag_t)ICANON;
    assert_int_equal(tcsetattr(terminal, TCSANOW, &bare), 0);
    assert_true(asks("one line\n", 9, line, sizeof line, ""));
    assert_string_equal(line, "one line\n");
}

static void test_ctrl_c(void **state)
{
    char line[16];

    (void)state;
    assert_false(asks("sec\3", 4, line, sizeof line, "Password: "));
    assert_int_equal(errno, ECANCELED);
    assert_string_equal(err.text, "Password: \n");
}

static void test_no_terminal(void **state)
{
    int file = open("/dev/null", O_RDWR);
    char line[16] = "as before";

    (void)state;
    capture_begin(&err, stderr);
    errno = 0;
    assert_false(ropp_terminal_ask(file, "Password: ", line, sizeof line));
    assert_int_equal(errno, ENOTTY);
    capture_end(&err);
    assert_string_equal(err.text, "");
    assert_string_equal(line, "as before");
    (void)close(file);
}

/* ---- tables ---- */

static void add_cells(struct ropp_columns *columns)
{
    static const char *const cells[] = {"NAME", "PLACE", "COUNT", "here", "somewhere", "12"};

    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        ropp_columns_cell(columns, cells[i]);
}

static void test_a_table(void **state)
{
    struct ropp_columns columns = {"llr", NULL, 0};
    FILE *out = fdopen(dup(terminal), "w");

    (void)state;
    assert_non_null(out);
    set_columns(22);
    add_cells(&columns);
    ropp_columns_print(&columns, 1, out);
    fflush(out);
    assert_string_equal(shown(), "NAME  PLACE      COUNT\nhere  somewhere     12\n");
    set_columns(21);
    add_cells(&columns);
    ropp_columns_print(&columns, 1, out);
    fflush(out);
    assert_string_equal(shown(), "NAME  PLACE\nhere  somewhere\n\nNAME  COUNT\nhere     12\n");
    fclose(out);
}

/* ---- bars ---- */

static struct ropp_progress progress;

/* On the terminal instead of standard error. */
static const char *shows(uint64_t done)
{
    int kept = dup(STDERR_FILENO);

    (void)dup2(terminal, STDERR_FILENO);
    if (done == UINT64_MAX)
        ropp_progress_end(&progress);
    else if (done == UINT64_MAX - 1)
        ropp_progress_begin(&progress, "writing", "prefixes", 1000);
    else
        ropp_progress_show(&progress, done);
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
    return shown();
}

#define BEGINS UINT64_MAX - 1
#define ENDS   UINT64_MAX

/* After a second, and then ten times a second. */
static void test_a_bar(void **state)
{
    (void)state;
    set_columns(100);
    clock_ms = 5000;
    assert_string_equal(shows(BEGINS), "");
    assert_int_equal(progress.columns, 100);
    assert_int_equal(progress.began_ms, 5000);
    assert_int_equal(progress.total, 1000);
    clock_ms = 5999;
    assert_string_equal(shows(100), "");
    assert_string_equal(shows(ENDS), ""); /* it was never there */
    clock_ms = 6000;
    assert_string_equal(
        shows(250),
        "\rwriting  [#######-----------------------]  25 %  250 prefixes/s, 3 s left\033[K");
    clock_ms = 6099;
    assert_string_equal(shows(255), "");
    clock_ms = 6100;
    assert_string_equal(
        shows(330),
        "\rwriting  [#########---------------------]  33 %  300 prefixes/s, 2 s left\033[K");
    assert_string_equal(shows(ENDS), "\r\033[K");
    assert_string_equal(shows(ENDS), "");
}

/* A file is no place for bars. */
static void test_no_bar(void **state)
{
    (void)state;
    clock_ms = 5000;
    capture_begin(&err, stderr);
    ropp_progress_begin(&progress, "writing", "prefixes", 1000);
    clock_ms = 9000;
    ropp_progress_show(&progress, 500);
    ropp_progress_end(&progress);
    clock_ms = 0;
    capture_end(&err);
    assert_string_equal(err.text, "");
    assert_int_equal(progress.columns, 0);
    assert_int_equal(progress.shown_ms, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_columns, begin, end),
        cmocka_unit_test_setup_teardown(test_asks, begin, end),
        cmocka_unit_test_setup_teardown(test_asks_at_one_without_lines, begin, end),
        cmocka_unit_test_setup_teardown(test_ctrl_c, begin, end),
        cmocka_unit_test_setup_teardown(test_no_terminal, begin, end),
        cmocka_unit_test_setup_teardown(test_a_table, begin, end),
        cmocka_unit_test_setup_teardown(test_a_bar, begin, end),
        cmocka_unit_test_setup_teardown(test_no_bar, begin, end),
    };

    return UNIT_RUN(argc, argv, "terminal", tests, NULL, NULL);
}
