// SPDX-License-Identifier: MIT
/* Targets of `ropp ban follow`: the cheapest step to a list, files and their commands, ipset by a
 * program that stands in for it, the processes that look after targets, and when each is looked at. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#include "platform.h"
#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/edge/keeper.h"

#define LIMIT_MS 20000 /* nothing here is waited for so long */

static char folder[] = "/tmp/ropp-edge-XXXXXX";

/* The system's calls that are to fail: the how manyth from now. */
static int pipe_fails, fork_fails;

int __real_pipe2(int ends[2], int flags);
int __wrap_pipe2(int ends[2], int flags);
pid_t __real_fork(void);
pid_t __wrap_fork(void);

int __wrap_pipe2(int ends[2], int flags)
{
    if (pipe_fails > 0 && --pipe_fails == 0) {
        errno = EMFILE;
        return -1;
    }
    return __real_pipe2(ends, flags);
}

/* It is the child that becomes another program, or ends. */
static pid_t self;

int __real_execvp(const char *file, char *const argv[]);
int __wrap_execvp(const char *file, char *const argv[]);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
    if (getpid() == self)
        abort();
    __real__exit(status);
}

int __wrap_execvp(const char *file, char *const argv[])
{
    if (getpid() == self)
        abort();
    return __real_execvp(file, argv);
}

pid_t __wrap_fork(void)
{
    if (fork_fails > 0 && --fork_fails == 0) {
        errno = EAGAIN;
        return -1;
    }
    return __real_fork();
}

/* Prefixes with a blank between two. */
static struct ropp_prefix_set set_of(const char *text)
{
    struct ropp_prefix_set set = {NULL, 0};

    while (*text != '\0') {
        const size_t length = strcspn(text, " ");
        struct ropp_prefix prefix;

        assert_int_equal(ropp_prefix_parse(text, length, &prefix), ROPP_PREFIX_OK);
        ropp_prefix_set_add(&set, &prefix);
        text += length + (text[length] == ' ');
    }
    ropp_aggregate(&set);
    return set;
}

static void assert_set(const struct ropp_prefix_set *set, const char *text)
{
    struct ropp_prefix_set wanted = set_of(text);

    assert_int_equal(set->count, wanted.count);
    for (size_t i = 0; i < wanted.count; i++)
        assert_int_equal(ropp_prefix_compare(&set->items[i], &wanted.items[i]), 0);
    ropp_prefix_set_free(&wanted);
}

static size_t open_files(void)
{
    size_t count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* -- the cheapest step ----------------------------------------------------------- */

static struct ropp_edge_plan plan_of(struct ropp_edge_task task, uint64_t mark, size_t gone_cost)
{
    const struct ropp_edge_mark now = {{1, 2, 3, mark}};
    struct ropp_edge_plan plan = {0};

    ropp_edge_plan(&plan, &task, &now, ROPP_EXPORT_HAPROXY, gone_cost);
    return plan;
}

static void expect_plan(struct ropp_edge_task task, uint64_t mark, size_t gone_cost,
                        enum ropp_edge_step step, const char *whole, const char *gone,
                        const char *come)
{
    struct ropp_edge_plan plan = plan_of(task, mark, gone_cost);

    assert_int_equal(plan.step, step);
    assert_set(&plan.whole, whole);
    assert_set(&plan.gone, gone);
    assert_set(&plan.come, come);
    ropp_edge_plan_free(&plan);
    assert_null(plan.whole.items);
    assert_null(plan.gone.items);
    assert_null(plan.come.items);
}

#define FIVE "192.0.2.1 192.0.2.3 192.0.2.5 192.0.2.7 2001:db8::/32"

static void test_plans(void **state)
{
    struct ropp_prefix_set five = set_of(FIVE), same = set_of(FIVE),
                           other = set_of("192.0.2.1 192.0.2.3 192.0.2.5 192.0.2.9 192.0.2.11"),
                           more = set_of(FIVE " 192.0.2.9"), none = set_of("");
    struct ropp_edge_task task = {.before = &five, .after = &five, .mark = {{1, 2, 3, 4}}};
    static const char *const others = "192.0.2.1 192.0.2.3 192.0.2.5 192.0.2.9 192.0.2.11",
                             *const fewer = "192.0.2.7 2001:db8::/32",
                             *const newer = "192.0.2.9 192.0.2.11";

    (void)state;
    /* As it was left, and nothing new: the list is not even looked at. */
    expect_plan(task, 4, 1, ROPP_EDGE_KEEP, "", "", "");
    /* It is not as it was left, or that is not known. */
    expect_plan(task, 5, 1, ROPP_EDGE_REPLACE, FIVE, "", "");
    task.again = true;
    expect_plan(task, 4, 1, ROPP_EDGE_REPLACE, FIVE, "", "");
    task.again = false;
    task.before = NULL;
    expect_plan(task, 4, 1, ROPP_EDGE_REPLACE, FIVE, "", "");
    /* Another list of the same. */
    task.before = &same;
    expect_plan(task, 4, 1, ROPP_EDGE_KEEP, FIVE, "", "");
    task.after = &more;
    expect_plan(task, 4, 1, ROPP_EDGE_CHANGE, FIVE " 192.0.2.9", "", "192.0.2.9");
    /* Two to take out and two to put in cost no more than five put in anew, or more. */
    task.after = &other;
    expect_plan(task, 4, 0, ROPP_EDGE_CHANGE, others, fewer, newer);
    expect_plan(task, 4, 1, ROPP_EDGE_CHANGE, others, fewer, newer);
    expect_plan(task, 4, 2, ROPP_EDGE_REPLACE, others, fewer, newer);
    task.before = &more;
    task.after = &five;
    expect_plan(task, 4, 5, ROPP_EDGE_CHANGE, FIVE, "192.0.2.9", "");
    expect_plan(task, 4, 6, ROPP_EDGE_REPLACE, FIVE, "192.0.2.9", "");
    /* What they cost has more bits than a number. */
    task.before = &five;
    task.after = &other;
    expect_plan(task, 4, SIZE_MAX / 2 + 1, ROPP_EDGE_REPLACE, others, fewer, newer);
    task.before = &none;
    task.after = &five;
    expect_plan(task, 4, 1, ROPP_EDGE_CHANGE, FIVE, "", FIVE);
    ropp_prefix_set_free(&five);
    ropp_prefix_set_free(&same);
    ropp_prefix_set_free(&other);
    ropp_prefix_set_free(&more);
    ropp_prefix_set_free(&none);
}

/* -- files ----------------------------------------------------------------------- */

static char path[64], runs[64];

static size_t size_of(const char *file)
{
    struct stat state;

    return stat(file, &state) == 0 ? (size_t)state.st_size : 0;
}

/* The file has what is exported of this set at that moment. */
static void assert_file(const struct ropp_prefix_set *set, int64_t now_s)
{
    char *text = NULL, found[1024];
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    ropp_export(file, ROPP_EXPORT_NGINX, set, now_s);
    fclose(file);
    file = fopen(path, "r");
    assert_non_null(file);
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(found, text);
    free(text);
}

static void assert_mark(const struct ropp_edge_task *task)
{
    struct stat state;

    assert_int_equal(stat(path, &state), 0);
    assert_int_equal(task->mark.words[0], state.st_ino);
    assert_int_equal(task->mark.words[1], state.st_size);
    assert_int_equal(task->mark.words[2], state.st_mtim.tv_sec);
    assert_int_equal(task->mark.words[3], state.st_mtim.tv_nsec);
}

static void tend_file(const struct ropp_edge *edge, struct ropp_edge_task *task, bool good,
                      bool touched, const char *message)
{
    struct capture capture;
    bool is_good;

    task->touched = false;
    capture_begin(&capture, stderr);
    is_good = ropp_edge_file.tend(edge, task);
    assert_string_equal(capture_end(&capture), message);
    assert_int_equal(is_good, good);
    assert_int_equal(task->touched, touched);
}

static void test_file(void **state)
{
    struct ropp_prefix_set one = set_of("192.0.2.0/24"), same = set_of("192.0.2.0/24"),
                           two = set_of("192.0.2.0/24 2001:db8::/32");
    char line[128], expected[1024], nowhere[96];
    struct ropp_edge edge = {.at = path, .format = ROPP_EXPORT_NGINX, .run = line};
    struct ropp_edge_task task = {.after = &one, .now_s = 1800000000};
    const struct timeval times[2] = {{1234, 5000}, {5678, 9000}};

    (void)state;
    assert_string_equal(ropp_edge_file.name, "file");
    snprintf(path, sizeof path, "%s/list", folder);
    snprintf(runs, sizeof runs, "%s/runs", folder);
    snprintf(line, sizeof line, "pwd >>%s", runs);
    tend_file(&edge, &task, true, true, "");
    assert_file(&one, 1800000000);
    assert_mark(&task);
    assert_int_equal(size_of(runs), 2); /* "/\n" */

    /* As it was left. */
    task.before = task.after;
    tend_file(&edge, &task, true, false, "");
    assert_int_equal(size_of(runs), 2);
    /* Somebody has touched it, and has left in it what it had; another list of the same. */
    assert_int_equal(utimes(path, times), 0);
    tend_file(&edge, &task, true, false, "");
    assert_mark(&task);
    assert_int_equal(task.mark.words[2], 5678);
    task.after = &same;
    task.now_s = 1800000060;
    tend_file(&edge, &task, true, false, "");
    assert_file(&one, 1800000000);
    assert_int_equal(size_of(runs), 2);
    /* Whether the program has read it is not known. */
    task.before = NULL;
    tend_file(&edge, &task, true, true, "");
    assert_int_equal(size_of(runs), 4);
    task.before = &same;
    task.again = true;
    tend_file(&edge, &task, true, true, "");
    assert_int_equal(size_of(runs), 6);
    edge.run = NULL;
    tend_file(&edge, &task, true, false, "");
    task.again = false;

    /* Something new; and a program that does not take it. */
    task.after = &two;
    tend_file(&edge, &task, true, true, "");
    assert_file(&two, 1800000060);
    assert_mark(&task);
    assert_int_equal(size_of(runs), 6);
    edge.run = "head -c 300 /dev/zero | tr '\\0' x; exit 3";
    task.again = true;
    snprintf(expected, sizeof expected, "ropp: the command fails: %s: ", edge.run);
    memset(expected + strlen(expected) + 200, 0, 2);
    memset(expected + strlen(expected), 'x', 200);
    strcat(expected, "\n");
    tend_file(&edge, &task, false, true, expected);
    assert_mark(&task);

    /* It cannot be begun. */
    edge.run = line;
    fork_fails = 1;
    tend_file(&edge, &task, false, true,
              "ropp: cannot start a program: Resource temporarily unavailable\n");
    assert_int_equal(size_of(runs), 6);

    /* It cannot be written, and so nothing is run. */
    edge.run = line;
    snprintf(nowhere, sizeof nowhere, "%s/none/list", folder);
    edge.at = nowhere;
    snprintf(expected, sizeof expected,
             "ropp: cannot write: %s (No such file or directory): name a file in a folder that you "
             "may write to\n",
             nowhere);
    tend_file(&edge, &task, false, true, expected);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(task.mark.words[i], 0);
    assert_int_equal(size_of(runs), 6);
    ropp_prefix_set_free(&one);
    ropp_prefix_set_free(&same);
    ropp_prefix_set_free(&two);
}

/* -- ipset, by one that stands in for it ------------------------------------------ */

static void write_text(const char *name, const char *text, int mode)
{
    char at[96];
    FILE *file;

    snprintf(at, sizeof at, "%s/%s", folder, name);
    file = fopen(at, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(at, (mode_t)mode), 0);
}

/* What it was called with, and has read, since the last time. */
static const char *called(void)
{
    static char text[4096];
    char at[96];
    FILE *file;

    snprintf(at, sizeof at, "%s/called", folder);
    file = fopen(at, "r");
    text[0] = '\0';
    if (file != NULL) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    unlink(at);
    return text;
}

#define LISTS "list -t ropp_banned4\nlist -t ropp_banned6\n"

static void tend_ipset(struct ropp_edge_task *task, bool good, bool touched, uint64_t v4,
                       uint64_t v6, const char *message)
{
    const struct ropp_edge edge = {.name = "ipset"};
    struct capture capture;
    bool is_good;

    task->touched = false;
    capture_begin(&capture, stderr);
    is_good = ropp_edge_ipset.tend(&edge, task);
    assert_string_equal(capture_end(&capture), message);
    assert_int_equal(is_good, good);
    assert_int_equal(task->touched, touched);
    assert_int_equal(task->mark.words[0], v4);
    assert_int_equal(task->mark.words[1], v6);
    assert_int_equal(task->mark.words[2], 0);
    assert_int_equal(task->mark.words[3], 0);
}

static void test_ipset(void **state)
{
    struct ropp_prefix_set three = set_of("192.0.2.0/24 198.51.100.7 2001:db8::/32"),
                           other = set_of("192.0.2.0/24 198.51.100.9 2001:db8::/32");
    struct ropp_edge_task task = {.after = &three, .now_s = 1800000000};
    char wide[256], before[4096], expected[96];
    const char *text;
    size_t files;

    (void)state;
    assert_string_equal(ropp_edge_ipset.name, "ipset");
    snprintf(wide, sizeof wide, "%s:%s", folder, getenv("PATH"));
    snprintf(before, sizeof before, "%s", getenv("PATH"));
    setenv("PATH", wide, 1);
    write_text("ipset",
               "#!/bin/sh\n"
               "cd \"${0%/*}\"\n"
               "echo \"$*\" >>called\n"
               "if [ \"$1\" = restore ]; then\n"
               "    grep -v '^#' >>called\n"
               "    [ ! -e refuses ] || exit 1\n"
               "    for set in 4 6; do [ ! -e to-come$set ] || cp to-come$set found$set; done\n"
               "    exit 0\n"
               "fi\n"
               "[ -e \"found${3#ropp_banned}\" ] || exit 1\n"
               "echo \"Name: $3\"\n"
               "cat \"found${3#ropp_banned}\"\n",
               0755);
    write_text("to-come4", "Number of entries: 2\n", 0644);
    write_text("to-come6", "Header: x\nNumber of entries: 1\n", 0644);
    /* There are none yet. */
    tend_ipset(&task, true, true, 3, 2, "");
    text = called();
    assert_int_equal(strncmp(text, LISTS "restore\ncreate -exist ropp_banned4 ", 77), 0);
    assert_non_null(strstr(text, "\nadd ropp_banned4_new 192.0.2.0/24\n"
                                 "add ropp_banned4_new 198.51.100.7/32\n"));
    assert_non_null(strstr(text, "\ndestroy ropp_banned6_new\n" LISTS));
    /* They are as they were left. */
    task.before = task.after;
    tend_ipset(&task, true, false, 3, 2, "");
    assert_string_equal(called(), LISTS);
    /* One for another. */
    task.after = &other;
    tend_ipset(&task, true, true, 3, 2, "");
    assert_string_equal(called(), LISTS "restore\n"
                                        "add ropp_banned4 198.51.100.9/32\n"
                                        "del ropp_banned4 198.51.100.7/32\n" LISTS);
    /* Somebody takes one out, and once more as it is put in. */
    task.before = task.after;
    write_text("found4", "Number of entries: 1\n", 0644);
    write_text("to-come4", "Number of entries: 1\n", 0644);
    tend_ipset(&task, false, true, 3, 2,
               "ropp: the sets do not have what was put in: somebody else changes them\n");
    text = called();
    assert_non_null(strstr(text, "\nadd ropp_banned4_new 198.51.100.9/32\n"));
    /* It refuses; and it is not the number of a set that is not there. */
    write_text("refuses", "", 0644);
    write_text("found6", "Size in memory: 7\n", 0644);
    tend_ipset(&task, false, true, 3, 2, "ropp: ipset does not do it\n");
    fork_fails = 3;
    tend_ipset(&task, false, true, 3, 2,
               "ropp: cannot start ipset: Resource temporarily unavailable\n");
    assert_int_equal(fork_fails, 0);
    pipe_fails = 3;
    tend_ipset(&task, false, true, 3, 2, "ropp: no pipe: Too many open files\n");
    assert_int_equal(pipe_fails, 0);
    called();
    /* What cannot be asked for is not known, and nothing stays open. */
    task.before = task.after;
    unlink(strcat(strcpy(expected, folder), "/refuses"));
    write_text("found6", "Number of entries: 1\n", 0644);
    write_text("to-come4", "Number of entries: 2\n", 0644);
    for (int i = 0; i < 4; i++) {
        files = open_files();
        pipe_fails = i < 2 ? i + 1 : 0;
        fork_fails = i < 2 ? 0 : i - 1;
        tend_ipset(&task, true, true, 3, 2, "");
        text = called();
        assert_int_equal(strncmp(text,
                                 i % 2 == 0 ? "list -t ropp_banned6\nrestore\n"
                                            : "list -t ropp_banned4\nrestore\n",
                                 29),
                         0);
        assert_int_equal(open_files(), files);
    }
    setenv("PATH", before, 1);
    ropp_prefix_set_free(&three);
    ropp_prefix_set_free(&other);
}

/* -- a target that does what the test says ----------------------------------------- */

static enum {
    IS_GOOD,
    IS_TOUCHED, /* and good */
    IS_BAD,     /* and not touched */
    IS_TOUCHED_BAD,
    DIES, /* without a word */
    HANGS,
    TALKS, /* a lot, and fails */
    LOOKS  /* at how it was started */
} act;

static const char *complaint = "cannot be reached";
static int inherited; /* a file that the parent has open */

static struct ropp_edge_mark look_around(void)
{
    struct sigaction action;
    sigset_t mask;
    struct ropp_edge_mark mark = {{0}};
    static const int ours[] = {SIGTERM, SIGINT, SIGHUP};

    for (size_t i = 0; i < 3; i++)
        if (sigaction(ours[i], NULL, &action) == 0 && action.sa_handler == SIG_DFL)
            mark.words[0]++;
    mark.words[1] = sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
    mark.words[2] = sigprocmask(SIG_SETMASK, NULL, &mask) == 0 && !sigismember(&mask, SIGUSR1);
    if (getpgid(0) == getpid())
        mark.words[3] |= 1;
    if (fcntl(inherited, F_GETFD) == FD_CLOEXEC)
        mark.words[3] |= 2;
    if (fcntl(255, F_GETFD) == FD_CLOEXEC)
        mark.words[3] |= 4;
    if (fcntl(256, F_GETFD) == FD_CLOEXEC)
        mark.words[3] |= 8;
    if (fcntl(STDERR_FILENO, F_GETFD) == 0)
        mark.words[3] |= 16;
    return mark;
}

static bool fake_tend(const struct ropp_edge *edge, struct ropp_edge_task *task)
{
    char much[5000];

    fflush(stdout); /* as whoever starts a program does */
    if (act == DIES)
        _exit(0);
    if (act == HANGS)
        for (;;)
            pause();
    if (act == LOOKS) {
        task->mark = look_around();
        return true;
    }
    /* What it was given comes back. */
    task->mark.words[0] = task->before != NULL ? task->before->count : 99;
    task->mark.words[1] = task->after->count + (strcmp(edge->name, "fake") == 0 ? 0 : 1000);
    task->mark.words[2] = (uint64_t)task->now_s;
    task->mark.words[3] = task->again;
    task->touched = act == IS_TOUCHED || act == IS_TOUCHED_BAD || act == TALKS;
    if (act == TALKS) {
        memset(much, 'y', sizeof much);
        return write(STDOUT_FILENO, much, sizeof much) < 0;
    }
    return act == IS_GOOD || act == IS_TOUCHED || ropp_error("%s", complaint);
}

static const struct ropp_edge_kind fake = {"fake", fake_tend};

static struct ropp_edge_keeper keeper;

/* Until the job that runs has something to say, or has ended. */
static void wait_for_job(void)
{
    struct pollfd ready = {keeper.job.result, POLLIN, 0};

    assert_true(keeper.job.pid > 0);
    assert_int_equal(poll(&ready, 1, LIMIT_MS), 1);
}

/* A look at this moment, which begins one and takes in what comes of it. */
static void look(struct ropp_edge_list *list, int64_t now_ms, const char *out, const char *error)
{
    struct capture output, errors;

    keeper.news = false;
    assert_int_equal(keeper.job.pid, 0);
    capture_begin(&output, stdout);
    capture_begin(&errors, stderr);
    ropp_edge_keepers_turn(&keeper, 1, list, now_ms);
    wait_for_job();
    ropp_edge_keepers_turn(&keeper, 1, list, now_ms);
    capture_end(&errors);
    capture_end(&output);
    assert_string_equal(errors.text, error);
    assert_string_equal(output.text, out);
    assert_int_equal(keeper.job.pid, 0);
    assert_null(keeper.coming);
}

static void no_look(struct ropp_edge_list *list, int64_t now_ms)
{
    ropp_edge_keepers_turn(&keeper, 1, list, now_ms);
    assert_int_equal(keeper.job.pid, 0);
}

static void assert_given(uint64_t before, uint64_t after, uint64_t now_s, uint64_t again)
{
    assert_int_equal(keeper.mark.words[0], before);
    assert_int_equal(keeper.mark.words[1], after);
    assert_int_equal(keeper.mark.words[2], now_s);
    assert_int_equal(keeper.mark.words[3], again);
}

static struct ropp_edge_list *list_of(const char *text, int64_t now_s)
{
    struct ropp_prefix_set set = set_of(text);
    struct ropp_edge_list *list = ropp_edge_list_new(&set, now_s);

    assert_ptr_not_equal(list->banned.items, set.items);
    assert_set(&list->banned, text);
    ropp_prefix_set_free(&set);
    assert_int_equal(list->holders, 1);
    return list;
}

static struct ropp_edge_list *one, *two;

static int begin(void **state)
{
    (void)state;
    memset(&keeper, 0, sizeof keeper);
    keeper.edge = (struct ropp_edge){.kind = &fake, .name = "fake"};
    one = list_of("192.0.2.1", 1001);
    two = list_of("192.0.2.1 192.0.2.3", 1002);
    act = IS_GOOD;
    complaint = "cannot be reached";
    return 0;
}

/* Nobody holds a list any more, and nothing is left open. */
static int end(void **state)
{
    (void)state;
    ropp_edge_keepers_end(&keeper, 1, 0);
    if (one->holders != 1 || two->holders != 1)
        return -1;
    ropp_edge_list_drop(one);
    ropp_edge_list_drop(two);
    ropp_edge_list_drop(NULL);
    return 0;
}

#define BAD "ropp: not in step: fake: cannot be reached: it is tried again\n"

static void test_keeps_in_step(void **state)
{
    const int64_t from_ms = ropp_wall_ms();
    int64_t since_ms;

    (void)state;
    no_look(NULL, 5000); /* there is no list yet */
    act = IS_TOUCHED;
    look(one, 5000, "fake: 1 prefixes in force\n", "");
    assert_given(99, 1, 1001, 0);
    assert_true(keeper.good && keeper.ever && keeper.news);
    assert_int_equal(keeper.entries, 1);
    assert_in_range(keeper.since_ms, from_ms, ropp_wall_ms());
    assert_int_equal(keeper.due_ms, 6000);
    assert_ptr_equal(keeper.has, one);
    assert_int_equal(one->holders, 2);
    since_ms = keeper.since_ms = 77;
    act = IS_GOOD;
    no_look(one, 5999);
    look(one, 6000, "", "");
    assert_given(1, 1, 1001, 0);
    assert_false(keeper.news);
    assert_int_equal(keeper.since_ms, since_ms);
    assert_int_equal(keeper.due_ms, 7000);
    /* A new list goes there at once; that it has it already is news all the same. */
    look(two, 6001, "", "");
    assert_given(1, 2, 1002, 0);
    assert_true(keeper.news);
    assert_int_equal(keeper.entries, 2);
    assert_int_not_equal(keeper.since_ms, since_ms);
    assert_int_equal(one->holders, 1);
    assert_int_equal(two->holders, 2);
    act = IS_TOUCHED;
    keeper.since_ms = 77;
    look(two, 7001, "fake: 2 prefixes in force\n", "");
    assert_true(keeper.news);
    assert_int_not_equal(keeper.since_ms, 77);
    assert_true(ropp_edge_keepers_tried(&keeper, 1, two));
    assert_false(ropp_edge_keepers_tried(&keeper, 1, one));
    assert_true(ropp_edge_keepers_tried(&keeper, 0, one));
}

static void test_as_before(void **state)
{
    (void)state;
    look(two, 100, "fake: 2 prefixes in force, as before\n", "");
    assert_true(keeper.good && keeper.news);
    assert_in_range(keeper.since_ms, 1, ropp_wall_ms());
}

/* One that is away is tried again within two seconds, and holds what it was left with. */
static void test_is_away(void **state)
{
    static const int64_t pauses[] = {500, 1000, 2000, 2000};
    int64_t now_ms = 9000;

    (void)state;
    look(one, 8000, "fake: 1 prefixes in force, as before\n", "");
    act = IS_BAD;
    for (size_t i = 0; i < 4; i++) {
        look(one, now_ms, "", i == 0 ? BAD : "");
        assert_int_equal(keeper.news, i == 0);
        assert_false(keeper.good);
        assert_true(keeper.ever);
        assert_string_equal(keeper.trouble, "cannot be reached");
        assert_int_equal(keeper.pause_ms, pauses[i]);
        assert_int_equal(keeper.due_ms, now_ms + pauses[i]);
        assert_ptr_equal(keeper.has, one);
        assert_false(keeper.again);
        no_look(two, keeper.due_ms - 1); /* not even for a new list */
        now_ms = keeper.due_ms;
    }
    assert_true(ropp_edge_keepers_tried(&keeper, 1, two)); /* it was, and failed */
    complaint = "of another kind\nwith a second line";
    look(two, now_ms, "", "ropp: not in step: fake: of another kind: it is tried again\n");
    assert_true(keeper.news);
    act = IS_GOOD;
    look(two, now_ms + 2000, "fake: in step again\n", "");
    assert_given(1, 2, 1002, 0);
    assert_string_equal(keeper.trouble, "");
    assert_int_equal(keeper.pause_ms, 0);
    assert_true(keeper.good && keeper.news);
    assert_false(ropp_edge_keepers_tried(&keeper, 1, one));
}

/* What one has that was touched is not known; and it has all the time up to a minute. */
static void test_refuses(void **state)
{
    static const int64_t pauses[] = {500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    int64_t now_ms = 9000;

    (void)state;
    look(one, 8000, "fake: 1 prefixes in force, as before\n", "");
    act = IS_TOUCHED_BAD;
    for (size_t i = 0; i < 9; i++) {
        look(one, now_ms, "", i == 0 ? BAD : "");
        assert_int_equal(keeper.pause_ms, pauses[i]);
        assert_int_equal(keeper.due_ms, now_ms + pauses[i]);
        assert_null(keeper.has);
        assert_true(keeper.again);
        now_ms = keeper.due_ms;
    }
    assert_int_equal(one->holders, 1);
    act = IS_GOOD;
    look(one, now_ms, "fake: in step again\n", "");
    assert_given(99, 1, 1001, 1);
    assert_false(keeper.again);
    look(one, now_ms + 1000, "", "");
    assert_given(1, 1, 1001, 0);
}

static void test_forgets(void **state)
{
    (void)state;
    look(one, 8000, "fake: 1 prefixes in force, as before\n", "");
    keeper.pause_ms = 7;
    ropp_edge_keepers_forget(&keeper, 1);
    assert_null(keeper.has);
    assert_false(keeper.forget);
    assert_int_equal(keeper.pause_ms, 0);
    look(one, 8001, "", "");
    assert_given(99, 1, 1001, 1);
    /* In the middle of a job: when that is done. */
    ropp_edge_keepers_turn(&keeper, 1, one, 9001);
    ropp_edge_keepers_forget(&keeper, 1);
    assert_true(keeper.forget);
    wait_for_job();
    ropp_edge_keepers_turn(&keeper, 1, NULL, 9001);
    assert_int_equal(keeper.job.pid, 0);
    assert_null(keeper.has);
    assert_false(keeper.forget);
    look(one, 9001, "", "");
    assert_given(99, 1, 1001, 1);
    assert_ptr_equal(keeper.has, one);
}

/* Whoever hangs is ended with all that it has started, and may have done anything. */
static void test_takes_too_long(void **state)
{
    struct capture errors;
    pid_t pid;

    (void)state;
    act = HANGS;
    ropp_edge_keepers_turn(&keeper, 1, one, 8000);
    pid = keeper.job.pid;
    assert_int_equal(one->holders, 2);
    assert_int_equal(getpgid(pid), pid);
    ropp_edge_keepers_turn(&keeper, 1, one, 187999);
    assert_int_equal(keeper.job.pid, pid);
    assert_int_equal(kill(pid, 0), 0);
    capture_begin(&errors, stderr);
    ropp_edge_keepers_turn(&keeper, 1, one, 188000);
    assert_string_equal(capture_end(&errors),
                        "ropp: not in step: fake: takes too long: it is tried again\n");
    assert_int_equal(keeper.job.pid, 0);
    assert_int_equal(kill(pid, 0), -1);
    assert_true(keeper.again);
    assert_int_equal(keeper.due_ms, 188500);
    assert_int_equal(one->holders, 1);
}

static void test_dies_and_talks(void **state)
{
    char expected[512];

    (void)state;
    act = DIES;
    look(one, 8000, "", "ropp: not in step: fake: ends at once: it is tried again\n");
    assert_true(keeper.again);
    act = TALKS;
    memset(expected, 'y', 300);
    memcpy(expected, "ropp: not in step: fake: ", 25);
    strcpy(expected + 25 + 255, ": it is tried again\n");
    look(one, 9000, "", expected);
    assert_int_equal(strlen(keeper.trouble), 255);
    assert_int_equal(keeper.job.said.size, 1024);
    act = IS_GOOD; /* what it has said is no trouble of the next one's */
    look(one, 20000, "fake: 1 prefixes in force, as before\n", "");
    assert_int_equal(keeper.job.said.size, 0);
}

static void test_cannot_begin(void **state)
{
    const size_t files = open_files();
    struct capture errors;

    (void)state;
    for (int i = 0; i < 3; i++) {
        pipe_fails = i < 2 ? i + 1 : 0;
        fork_fails = i < 2 ? 0 : 1;
        keeper.due_ms = 0;
        capture_begin(&errors, stderr);
        ropp_edge_keepers_turn(&keeper, 1, one, 8000);
        assert_string_equal(capture_end(&errors),
                            i < 2 ? "ropp: no pipe: Too many open files\n"
                                  : "ropp: no process: Resource temporarily unavailable\n");
        assert_int_equal(keeper.job.pid, 0);
        assert_null(keeper.coming);
        assert_int_equal(keeper.due_ms, 10000);
        assert_int_equal(open_files(), files);
    }
    look(one, 10000, "fake: 1 prefixes in force, as before\n", "");
    assert_int_equal(open_files(), files);
}

static void test_starts_as_programs_expect(void **state)
{
    sigset_t blocked, before;

    (void)state;
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_DFL);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    inherited = dup(STDOUT_FILENO);
    assert_true(dup2(inherited, 255) == 255 && dup2(inherited, 256) == 256);
    act = LOOKS;
    look(one, 8000, "fake: 1 prefixes in force, as before\n", "");
    assert_given(3, 1, 1, 7 | 16);
    close(inherited);
    close(255);
    close(256);
    sigprocmask(SIG_SETMASK, &before, NULL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
}

/* What was printed before is printed once, and by the parent. */
static void test_prints_once(void **state)
{
    struct capture output;

    (void)state;
    capture_begin(&output, stdout);
    printf("before\n");
    ropp_edge_keepers_turn(&keeper, 1, one, 8000);
    wait_for_job();
    ropp_edge_keepers_turn(&keeper, 1, one, 8000);
    assert_string_equal(capture_end(&output), "before\nfake: 1 prefixes in force, as before\n");
    assert_int_equal(keeper.job.said.size, 0);
}

static void test_polls(void **state)
{
    struct ropp_edge_keeper keepers[3];
    struct pollfd sockets[6];
    int wait_ms = 9999;

    (void)state;
    memset(keepers, 0, sizeof keepers);
    keepers[0].due_ms = 5000;
    keepers[1].job = (struct ropp_edge_job){.pid = 1, .result = 71, .text = 72, .limit_ms = 5500};
    keepers[2].due_ms = 4100;
    ropp_edge_keepers_poll(keepers, 3, true, sockets, 4000, &wait_ms);
    assert_int_equal(wait_ms, 100);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(sockets[i].fd, i == 2 ? 71 : i == 3 ? 72 : -1);
        assert_int_equal(sockets[i].events, POLLIN);
    }
    wait_ms = 9999;
    ropp_edge_keepers_poll(keepers, 3, false, sockets, 4000, &wait_ms);
    assert_int_equal(wait_ms, 1500);
    wait_ms = 50;
    ropp_edge_keepers_poll(keepers, 3, true, sockets, 4000, &wait_ms);
    assert_int_equal(wait_ms, 50);
    ropp_edge_keepers_poll(keepers, 3, true, sockets, 4101, &wait_ms);
    assert_int_equal(wait_ms, 0);
    ropp_edge_keepers_poll(keepers, 3, true, sockets, 4100, &wait_ms);
    assert_int_equal(wait_ms, 0);
}

/* At the end a job may finish, but not hold up anybody. */
static void test_ends(void **state)
{
    struct capture output, errors;
    pid_t pid;

    (void)state;
    ropp_edge_keepers_turn(&keeper, 1, one, ropp_now_ms());
    capture_begin(&output, stdout);
    ropp_edge_keepers_end(&keeper, 1, ropp_now_ms() + LIMIT_MS);
    assert_string_equal(capture_end(&output), "fake: 1 prefixes in force, as before\n");
    assert_int_equal(one->holders, 1);
    memset(&keeper, 0, sizeof keeper);
    keeper.edge = (struct ropp_edge){.kind = &fake, .name = "fake"};
    act = HANGS;
    ropp_edge_keepers_turn(&keeper, 1, one, ropp_now_ms());
    pid = keeper.job.pid;
    capture_begin(&errors, stderr);
    ropp_edge_keepers_end(&keeper, 1, ropp_now_ms() + 60);
    assert_string_equal(capture_end(&errors), "");
    assert_int_equal(keeper.job.pid, 0);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(one->holders, 1);
    memset(&keeper, 0, sizeof keeper);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    char line[64];

    (void)state;
    snprintf(line, sizeof line, "rm -r %s", folder);
    return system(line);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_ipset),
        cmocka_unit_test_setup_teardown(test_keeps_in_step, begin, end),
        cmocka_unit_test_setup_teardown(test_as_before, begin, end),
        cmocka_unit_test_setup_teardown(test_is_away, begin, end),
        cmocka_unit_test_setup_teardown(test_refuses, begin, end),
        cmocka_unit_test_setup_teardown(test_forgets, begin, end),
        cmocka_unit_test_setup_teardown(test_takes_too_long, begin, end),
        cmocka_unit_test_setup_teardown(test_dies_and_talks, begin, end),
        cmocka_unit_test_setup_teardown(test_cannot_begin, begin, end),
        cmocka_unit_test_setup_teardown(test_starts_as_programs_expect, begin, end),
        cmocka_unit_test_setup_teardown(test_prints_once, begin, end),
        cmocka_unit_test(test_polls),
        cmocka_unit_test_setup_teardown(test_ends, begin, end),
    };

    self = getpid();
    signal(SIGPIPE, SIG_IGN);
    return UNIT_RUN(argc, argv, "edge", tests, make_folder, remove_folder);
}
