// SPDX-License-Identifier: MIT
/* Several files of a tree changed at once, or none of them: with each call to the system failing in
 * turn, and with the program ending at each. The linker puts our functions in front of the system's.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tests/unit/capture.h"
#include "tests/unit/cases.h"
#include "tools/base/keep.h"
#include "tools/patch/tree/diff.h"
#include "tools/patch/tree/undo.h"

/* -- in front of the system ---------------------------------------------- */

enum plan { PLAN_NOTHING, PLAN_FAIL, PLAN_DIE };

/* What is to happen, and what has. */
static struct {
    bool on;
    enum plan plan;
    size_t at;        /* with the call of this number, from 1 */
    const char *only; /* or with each call of this name */
    int error;        /* how it fails; 0: a write of nothing */
    size_t calls;
    char what[300]; /* the call that it happened to */
    struct ropp_buffer *trace;
    void (*during)(void); /* called with each */
    char root[300];       /* of the tree's folder */
} fake;

/* A file's name below the tree's folder, of a descriptor and what is behind it. */
static const char *name_of(int fd, const char *name)
{
    static char texts[4][300];
    static size_t turn;
    char link[32], *text = texts[turn++ % 4];
    ssize_t size;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    size = readlink(link, text, 200);
    text[size > 0 ? size : 0] = '\0';
    if (strncmp(text, fake.root, strlen(fake.root)) == 0)
        memmove(text, text + strlen(fake.root), strlen(text + strlen(fake.root)) + 1);
    if (name)
        snprintf(text + strlen(text), 90, "/%s", name);
    return text[0] == '/' ? text + 1 : text;
}

/* Notes a call. Returns whether it is one to fail, with errno. */
ROPP_PRINTF(2, 3)
static bool fails(const char *call, const char *format, ...)
{
    char text[200];
    va_list args;
    bool here;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fake.calls++;
    if (fake.during)
        fake.during();
    if (fake.trace)
        ropp_buffer_format(fake.trace, "%s %s\n", call, text);
    here = fake.only ? strcmp(call, fake.only) == 0 : fake.calls == fake.at;
    if (!here || fake.plan == PLAN_NOTHING)
        return false;
    snprintf(fake.what, sizeof fake.what, "%s %s", call, text);
    if (fake.plan == PLAN_DIE)
        _exit(0);
    errno = fake.error;
    return true;
}

#define WRAP(result, name, parameters, arguments, ...)                                             \
    result __real_##name parameters;                                                               \
    result __wrap_##name parameters;                                                               \
    result __wrap_##name parameters                                                                \
    {                                                                                              \
        if (fake.on && fails(#name, __VA_ARGS__))                                                  \
            return -1;                                                                             \
        return __real_##name arguments;                                                            \
    }

WRAP(int, fstatat, (int fd, const char *name, struct stat *out, int flags), (fd, name, out, flags),
     "%s%s", name_of(fd, name), flags == AT_SYMLINK_NOFOLLOW ? "" : " through links")
WRAP(int, renameat, (int fd, const char *name, int to_fd, const char *to), (fd, name, to_fd, to),
     "%s %s", name_of(fd, name), name_of(to_fd, to))
WRAP(int, linkat, (int fd, const char *name, int to_fd, const char *to, int flags),
     (fd, name, to_fd, to, flags), "%s %s%s", name_of(fd, name), name_of(to_fd, to),
     flags ? " with flags" : "")
WRAP(int, unlinkat, (int fd, const char *name, int flags), (fd, name, flags), "%s%s",
     name_of(fd, name), flags ? " the folder" : "")
WRAP(int, mkdirat, (int fd, const char *name, mode_t mode), (fd, name, mode), "%s %o",
     name_of(fd, name), mode)
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode), "%s %o", name_of(fd, NULL), mode)
WRAP(int, utimensat, (int fd, const char *name, const struct timespec *times, int flags),
     (fd, name, times, flags), "%s%s", name_of(fd, name), flags == AT_SYMLINK_NOFOLLOW ? "" : " !")

int __real_fstat(int fd, struct stat *out);
int __wrap_fstat(int fd, struct stat *out);
int __wrap_fstat(int fd, struct stat *out)
{
    return fake.on && fails("fstat", "%s", name_of(fd, NULL)) ? -1 : __real_fstat(fd, out);
}

/* Not in truth: a disk would take its time. */
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    return fake.on && fails("fsync", "%s", name_of(fd, NULL)) ? -1 : 0;
}

/* Only root may give files away. */
int __wrap_fchown(int fd, uid_t user, gid_t group);
int __wrap_fchown(int fd, uid_t user, gid_t group)
{
    return fails("fchown", "%s %u %u", name_of(fd, NULL), user, group) ? -1 : 0;
}

int __real_openat(int fd, const char *name, int flags, ...);
int __wrap_openat(int fd, const char *name, int flags, ...);
int __wrap_openat(int fd, const char *name, int flags, ...)
{
    va_list args;
    mode_t mode;

    va_start(args, flags);
    mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    if (fake.on &&
        fails("openat", "%s %s%s%s%s%o", name_of(fd, name), flags & O_DIRECTORY ? "folder " : "",
              flags & O_NOFOLLOW ? "" : "through links ", flags & O_CLOEXEC ? "" : "kept ",
              flags & O_EXCL ? "new " : "", mode))
        return -1;
    return __real_openat(fd, name, flags, mode);
}

ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    if (fake.on && fails("write", "%s %zu", name_of(fd, NULL), size))
        return fake.error ? -1 : 0;
    /* Not all at once. */
    return __real_write(fd, data, fake.on && size > 60 ? 60 : fake.on && size > 5 ? 5 : size);
}

ssize_t __real_read(int fd, void *data, size_t size);
ssize_t __wrap_read(int fd, void *data, size_t size);
ssize_t __wrap_read(int fd, void *data, size_t size)
{
    if (fake.on && fails("read", "%s %zu", name_of(fd, NULL), size))
        return fake.error ? -1 : 0;
    return __real_read(fd, data, fake.on && size > 30 ? 30 : size);
}

/* -- a lock that another one holds ---------------------------------------- */

static int lock_error;
static size_t lock_tries, lock_pauses;

int __wrap_flock(int fd, int how);
int __wrap_flock(int fd, int how)
{
    (void)fd;
    lock_tries++;
    assert_int_equal(how, LOCK_EX | LOCK_NB);
    errno = lock_error;
    if (lock_error == EINTR && lock_tries == 3)
        return 0;
    return lock_error ? -1 : 0;
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *rest);
int __wrap_nanosleep(const struct timespec *time, struct timespec *rest)
{
    (void)rest;
    assert_int_equal(time->tv_sec, 0);
    assert_int_equal(time->tv_nsec, 50000000);
    lock_pauses++;
    if (lock_pauses == 7 && lock_error == EAGAIN)
        lock_error = 0;
    return 0;
}

/* -- the tree -------------------------------------------------------------- */

static char top[200];
static struct ropp_tree tree;

static void put(const char *path, const char *text, mode_t mode)
{
    cases_put(path, text, strlen(text));
    assert_int_equal(chmod(path, mode), 0);
}

static void fresh(void)
{
    cases_empty("tree");
    put("tree/a.c", "old a\n", 0640);
    put("tree/c.c", "old c\n", 0600);
    put("tree/x/b.c", "old b\n", 0604);
    assert_true(ropp_tree_open(&tree, "tree"));
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* All files below a folder, each with its mode and its content. */
static void add_files(struct ropp_buffer *out, const char *folder)
{
    struct dirent **names;
    int count = scandir(folder, &names, NULL, compare_names), i;

    for (i = 0; i < count; i++) {
        char *path = ropp_format("%s/%s", folder, names[i]->d_name);
        struct stat status;
        struct ropp_buffer text = {0};
        FILE *file;

        lstat(path, &status);
        if (strcmp(names[i]->d_name, ".") == 0 || strcmp(names[i]->d_name, "..") == 0) {
        } else if (S_ISDIR(status.st_mode)) {
            ropp_buffer_format(out, " %s", path + 5);
            add_files(out, path);
        } else {
            file = fopen(path, "r");
            ropp_buffer_read(&text, file, 4096);
            fclose(file);
            ropp_buffer_format(out, " %s(%o %zu: %.*s)", path + 5, status.st_mode & 07777,
                               text.size, text.size ? (int)strcspn(text.data, "\n") : 0,
                               text.size ? text.data : "");
            ropp_buffer_free(&text);
        }
        free(path);
        free(names[i]);
    }
    free(names);
}

static const char before[] = " a.c(640 6: old a) c.c(600 6: old c) x x/b.c(604 6: old b)";
static const char behind[] = " a.c(640 9: new: a.c) x x/b.c(6750 13: new: b.c) x/n.c(644 5: made)";

/* "old", "new", or what is there. */
static void add_state(struct ropp_buffer *out)
{
    struct ropp_buffer files = {0};

    add_files(&files, "tree");
    if (strcmp(files.data, before) == 0)
        ropp_buffer_text(out, " old");
    else if (strcmp(files.data, behind) == 0)
        ropp_buffer_text(out, " new");
    else
        ropp_buffer_text(out, files.data);
    ropp_buffer_free(&files);
}

/* -- what is said ------------------------------------------------------------ */

static struct capture errors;

static void add_heard(struct ropp_buffer *out)
{
    char *line;

    (void)capture_end(&errors);
    for (line = strtok(errors.text, "\n"); line; line = strtok(NULL, "\n"))
        ropp_buffer_format(out, "\n  ! %s", line);
    ropp_buffer_text(out, "\n");
}

/* -- the changes ---------------------------------------------------------------- */

static struct stat old_a, old_b, old_c;

static int write_changes(void)
{
    const struct ropp_change changes[] = {
        {ROPP_CHANGE_REPLACE, "a.c", "new: a.c\n", 9, &old_a},
        {ROPP_CHANGE_CREATE, "x/n.c", "made\n", 5, NULL},
        {ROPP_CHANGE_REMOVE, "c.c", NULL, 0, &old_c},
        {ROPP_CHANGE_REPLACE, "x/b.c", "new: b.c\nmore", 13, &old_b},
    };

    return ropp_undo_write(&tree, changes, 4);
}

/* Makes the tree, and what was read of it: of one file another owner and mode. */
static void prepare(void)
{
    fresh();
    assert_int_equal(stat("tree/a.c", &old_a), 0);
    assert_int_equal(stat("tree/c.c", &old_c), 0);
    assert_int_equal(stat("tree/x/b.c", &old_b), 0);
    old_b.st_mode = S_IFREG | 06750;
    old_b.st_uid += 3;
    old_b.st_gid += 4;
    fake.calls = 0;
    fake.what[0] = '\0';
}

/* Whether something of an undo log is left. */
static bool is_logged(void)
{
    return access("tree/.ropp-journal", F_OK) == 0;
}

static void recover(struct ropp_buffer *out)
{
    int status;

    capture_begin(&errors, stderr);
    status = ropp_undo_recover(&tree, false);
    ropp_buffer_format(out, "  recovered %d:", status);
    add_state(out);
    add_heard(out);
}

/* Each call in turn fails, or each of one name. */
static void fail_each(struct ropp_buffer *out, const char *only, int error)
{
    size_t k;

    for (k = 1; k < 500; k++) {
        int status;

        prepare();
        fake.plan = PLAN_FAIL;
        fake.at = k;
        fake.only = only;
        fake.error = error;
        capture_begin(&errors, stderr);
        fake.on = true;
        status = write_changes();
        fake.on = false;
        ropp_buffer_format(out, "%s: %d:", fake.what, status);
        add_state(out);
        add_heard(out);
        if (is_logged())
            recover(out);
        ropp_tree_close(&tree);
        if (only || fake.what[0] == '\0')
            break;
    }
    fake.only = NULL;
}

/* The program ends in front of each call in turn. */
static void die_at_each(struct ropp_buffer *out)
{
    size_t k;
    int status = 1;

    for (k = 1; k < 500 && status == 1; k++) {
        pid_t child;

        prepare();
        fflush(NULL);
        child = fork();
        if (child == 0) {
            fake.plan = PLAN_DIE;
            fake.at = k;
            fake.on = true;
            write_changes();
            _exit(7);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        status = WEXITSTATUS(status) == 0;
        ropp_buffer_format(out, "%zu:", k);
        add_state(out);
        ropp_buffer_text(out, "\n");
        recover(out);
        if (is_logged())
            ropp_buffer_text(out, "  and it is still there\n");
        ropp_tree_close(&tree);
    }
}

/* The program ends at a call, and then each call of the next run fails. */
static void fail_to_recover(struct ropp_buffer *out, size_t died_at)
{
    size_t k;

    for (k = 1; k < 500; k++) {
        pid_t child;
        int status;

        prepare();
        fflush(NULL);
        child = fork();
        if (child == 0) {
            fake.plan = PLAN_DIE;
            fake.at = died_at;
            fake.on = true;
            write_changes();
            _exit(7);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        fake.plan = PLAN_FAIL;
        fake.at = k;
        fake.error = EIO;
        fake.calls = 0;
        capture_begin(&errors, stderr);
        fake.on = true;
        status = ropp_undo_recover(&tree, false);
        fake.on = false;
        ropp_buffer_format(out, "%s: %d:", fake.what, status);
        add_state(out);
        add_heard(out);
        if (is_logged())
            recover(out);
        ropp_tree_close(&tree);
        if (fake.what[0] == '\0')
            break;
    }
}

/* The number of the first call that begins so. */
static size_t find_call(const char *call)
{
    struct ropp_buffer trace = {0};
    size_t number = 1;
    const char *line;

    prepare();
    fake.plan = PLAN_NOTHING;
    fake.trace = &trace;
    fake.on = true;
    assert_int_equal(write_changes(), ROPP_EXIT_DONE);
    fake.on = false;
    fake.trace = NULL;
    for (line = trace.data; strncmp(line, call, strlen(call)) != 0; number++) {
        line = strchr(line, '\n') + 1;
        assert_true(*line != '\0');
    }
    ropp_buffer_free(&trace);
    ropp_tree_close(&tree);
    return number;
}

static void trace_it(struct ropp_buffer *out)
{
    int status;

    prepare();
    fake.plan = PLAN_NOTHING;
    fake.trace = out;
    fake.on = true;
    status = write_changes();
    fake.on = false;
    fake.trace = NULL;
    ropp_buffer_format(out, "%d:", status);
    add_state(out);
    ropp_buffer_text(out, "\n");
    ropp_tree_close(&tree);
}

/* Somebody else is faster: the tree is another one than was read. */
static void race(struct ropp_buffer *out)
{
    static const char *const commands[] = {
        "echo other >tree/a.c",
        "rm tree/a.c",
        "rm tree/a.c; mkdir tree/a.c",
        "cp -p tree/a.c d; mv d tree/a.c",
        "touch -d @1 tree/a.c",
        "echo mine >tree/x/n.c",
        "rm tree/c.c",
        "rm -r tree/x",
        "mkdir tree/.ropp-journal",
        "echo >tree/x/.ropp-1.new",
        "ln tree/a.c tree/.ropp-0.old",
    };
    size_t i;

    for (i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        int status;

        prepare();
        assert_int_equal(system(commands[i]), 0);
        capture_begin(&errors, stderr);
        status = write_changes();
        ropp_buffer_format(out, "%s: %d:", commands[i], status);
        add_state(out);
        add_heard(out);
        ropp_tree_close(&tree);
    }
}

/* How many files are open. */
static size_t count_open(void)
{
    struct dirent **names;
    int count = scandir("/proc/self/fd", &names, NULL, NULL), i;

    for (i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return (size_t)count;
}

static void render(const char *title, const char *text, size_t size, struct ropp_buffer *out)
{
    const size_t open_before = count_open();

    (void)text;
    (void)size;
    if (strcmp(title, "what is done") == 0)
        trace_it(out);
    else if (strcmp(title, "each call fails") == 0)
        fail_each(out, NULL, EIO);
    else if (strcmp(title, "the program ends in front of each call") == 0)
        die_at_each(out);
    else if (strcmp(title, "each call of the next run fails, while files are written") == 0)
        fail_to_recover(out, find_call("linkat x/b.c"));
    else if (strcmp(title, "each call of the next run fails, while names are switched") == 0)
        fail_to_recover(out, find_call("renameat x/.ropp-3.new"));
    else if (strcmp(title, "each call of the next run fails, while it is tidied up") == 0)
        fail_to_recover(out, find_call("unlinkat x/.ropp-1.new"));
    else if (strcmp(title, "somebody else is faster") == 0)
        race(out);
    else if (strcmp(title, "no links, and no folders on the disk") == 0) {
        static const struct {
            const char *call;
            int error;
        } cases[] = {{"linkat", EPERM},    {"linkat", EOPNOTSUPP}, {"linkat", ENOSYS},
                     {"linkat", EMLINK},   {"linkat", EXDEV},      {"fsync", EINVAL},
                     {"fsync", EROFS},     {"fsync", ENOTSUP},     {"fsync", EBADF},
                     {"write", 0},         {"write", ENOSPC},      {"write", EFBIG},
                     {"unlinkat", ENOENT}, {"fchown", EPERM},      {"mkdirat", EEXIST},
                     {"read", 0}};
        size_t i;

        for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            ropp_buffer_format(out, "%s, %s\n", cases[i].call, strerror(cases[i].error));
            fail_each(out, cases[i].call, cases[i].error);
        }
    } else {
        fail_msg("no such case: %s", title);
    }
    assert_int_equal(count_open(), open_before);
    ropp_keep_end();
}

static void test_cases(void **state)
{
    (void)state;
    cases_run("undo_cases.txt", render);
}

/* Where there are no links, the old file is kept as a copy: it is known by its times. */
static void test_without_links(void **state)
{
    struct ropp_buffer out = {0};
    struct timespec times[2] = {{11, 12}, {13, 14}};
    struct stat status;

    (void)state;
    /* As it is left when the program ends in between. */
    fresh();
    assert_int_equal(system("mkdir tree/.ropp-journal && cp -p tree/a.c tree/.ropp-0.old &&"
                            "printf 'ropp-journal 1\\nreplace 5 a.c\\nend\\n' "
                            ">tree/.ropp-journal/commit && echo >tree/.ropp-0.new"),
                     0);
    assert_int_equal(utimensat(AT_FDCWD, "tree/a.c", times, 0), 0);
    assert_int_equal(utimensat(AT_FDCWD, "tree/.ropp-0.old", times, 0), 0);
    recover(&out);
    assert_string_equal(out.data, "  recovered 0: old\n  ! ropp: an earlier run was interrupted: "
                                  "tree: its changes were taken back\n");
    assert_int_equal(stat("tree/a.c", &status), 0);
    assert_int_equal(status.st_mtim.tv_sec, 13);
    assert_int_equal(status.st_mtim.tv_nsec, 14);
    ropp_buffer_free(&out);
    ropp_tree_close(&tree);
    ropp_keep_end();
}

/* -- the rest -------------------------------------------------------------------- */

static int signals[65];

static void count_signal(int number)
{
    signals[number]++;
}

/* While the tree is being changed. */
static void interrupt(void)
{
    struct sigaction action;

    kill(getpid(), SIGINT);
    kill(getpid(), SIGTERM);
    kill(getpid(), SIGHUP);
    assert_int_equal(signals[SIGINT] + signals[SIGTERM] + signals[SIGHUP], 0);
    sigaction(SIGXFSZ, NULL, &action);
    assert_true(action.sa_handler == SIG_IGN);
}

/* A Ctrl-C waits until the tree is whole, and a limit on files is an error. */
static void test_signals(void **state)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGXFSZ};
    struct sigaction old[4], action;
    size_t i;

    (void)state;
    prepare();
    for (i = 0; i < 4; i++) {
        action = (struct sigaction){.sa_handler = count_signal};
        sigaction(numbers[i], &action, &old[i]);
    }
    fake.plan = PLAN_NOTHING;
    fake.during = interrupt;
    fake.on = true;
    assert_int_equal(write_changes(), ROPP_EXIT_DONE);
    fake.on = false;
    fake.during = NULL;
    sigaction(SIGXFSZ, NULL, &action);
    assert_true(action.sa_handler == count_signal);
    for (i = 0; i < 4; i++) {
        assert_int_equal(signals[numbers[i]], i < 3);
        sigaction(numbers[i], &old[i], NULL);
    }
    ropp_tree_close(&tree);
}

static void test_lock(void **state)
{
    struct ropp_buffer out = {0};

    (void)state;
    fresh();
    capture_begin(&errors, stderr);
    lock_error = EWOULDBLOCK;
    lock_tries = 0;
    lock_pauses = 100; /* so that nobody lets it go */
    assert_false(ropp_undo_lock(&tree));
    add_heard(&out);
    assert_string_equal(out.data,
                        "\n  ! ropp: another `ropp patch` is at work: tree: wait until it "
                        "has ended\n");
    assert_int_equal(lock_tries, 201);
    assert_int_equal(lock_pauses, 300);
    lock_tries = lock_pauses = 0;
    assert_true(ropp_undo_lock(&tree));
    assert_int_equal(lock_tries, 8);
    assert_int_equal(lock_pauses, 7);
    lock_error = EINTR;
    lock_tries = lock_pauses = 0;
    assert_true(ropp_undo_lock(&tree));
    assert_int_equal(lock_tries, 3);
    assert_int_equal(lock_pauses, 0);
    lock_error = ENOLCK;
    lock_tries = 0;
    assert_true(ropp_undo_lock(&tree));
    assert_int_equal(lock_tries, 1);
    ropp_buffer_free(&out);
    ropp_tree_close(&tree);
    ropp_keep_end();
}

static void test_errnos(void **state)
{
    (void)state;
    assert_string_equal(ropp_errno_text(EACCES),
                        "permission denied: run ropp as the owner of the tree");
    assert_string_equal(ropp_errno_text(EPERM),
                        "permission denied: run ropp as the owner of the tree");
    assert_string_equal(ropp_errno_text(ENOSPC), "the disk is full: make room and run it again");
    assert_string_equal(ropp_errno_text(EDQUOT), "the disk is full: make room and run it again");
    assert_string_equal(
        ropp_errno_text(EFBIG),
        "a file may not become this large: raise the limit (ulimit -f) and run it again");
    assert_string_equal(ropp_errno_text(EROFS),
                        "the file system is read-only: mount it for writing");
    assert_string_equal(ropp_errno_text(EIO), "input/output error: check the disk");
    assert_string_equal(ropp_errno_text(ENOENT), strerror(ENOENT));
}

/* Which files there are: of a known language and not too large, not hidden, not behind a link, and
 * not too deep. */
static void test_list(void **state)
{
    const size_t open_before = count_open();
    struct ropp_texts paths = {NULL, 0};
    const char *why;
    struct ropp_buffer all = {0};
    size_t i;

    (void)state;
    fresh();
    assert_int_equal(
        system(
            "cd tree && touch .h.c y.txt Makefile x/z.h x/.i.c \"$(printf 'q\\1.c')\" &&"
            "mkdir .j k.c x/l && touch .j/m.c k.c/n.c x/l/o.conf && ln -s x p && ln -s a.c r.c &&"
            "mkfifo s.c && truncate -s 16777216 t.c && truncate -s 16777217 u.c &&"
            "d=x; for i in $(seq 31); do d=$d/d; mkdir $d; touch $d/$i.c; done"),
        0);
    assert_int_equal(ropp_tree_list(&tree, "", false, &paths, &why), ROPP_TREE_OK);
    assert_null(why);
    assert_int_equal(paths.count, 4);
    assert_true(ropp_texts_have(&paths, "a.c") && ropp_texts_have(&paths, "c.c") &&
                ropp_texts_have(&paths, "t.c") && ropp_texts_have(&paths, "Makefile"));
    paths.count = 0;
    assert_int_equal(ropp_tree_list(&tree, "", true, &paths, &why), ROPP_TREE_OK);
    for (i = 0; i < paths.count; i++)
        if (strstr(paths.items[i], "/d/"))
            ropp_buffer_text(&all, "d");
    /* 29 of those below x: x itself is the first level. */
    assert_int_equal(all.size, 29);
    assert_int_equal(paths.count, 4 + 29 + 4);
    assert_true(ropp_texts_have(&paths, "x/z.h") && ropp_texts_have(&paths, "x/b.c") &&
                ropp_texts_have(&paths, "x/l/o.conf") && ropp_texts_have(&paths, "k.c/n.c"));
    paths.count = 0;
    assert_int_equal(ropp_tree_list(&tree, "x", false, &paths, &why), ROPP_TREE_OK);
    assert_int_equal(paths.count, 2);
    assert_int_equal(ropp_tree_list(&tree, "p", true, &paths, &why), ROPP_TREE_OK);
    assert_int_equal(paths.count, 2);
    assert_int_equal(ropp_tree_list(&tree, "none", true, &paths, &why), ROPP_TREE_ABSENT);
    assert_null(why);
    assert_int_equal(ropp_tree_list(&tree, "a.c", true, &paths, &why), ROPP_TREE_ABSENT);
    ropp_buffer_free(&all);
    ropp_tree_close(&tree);
    assert_int_equal(tree.fd, -1);
    assert_int_equal(count_open(), open_before);
    ropp_keep_end();
}

/* Each way in which a path can be none, and each call that can fail at reading it. */
static void test_read(void **state)
{
    const size_t open_before = count_open();
    static const struct {
        const char *path;
        enum ropp_tree_result result;
        const char *why;
    } cases[] = {
        {"a.c", ROPP_TREE_OK, NULL},
        {"x/b.c", ROPP_TREE_OK, NULL},
        {"none.c", ROPP_TREE_ABSENT, NULL},
        {"none/b.c", ROPP_TREE_ABSENT, NULL},
        {"a.c/b.c", ROPP_TREE_ABSENT, NULL},
        {"x", ROPP_TREE_TROUBLE, "x is a folder, not a file"},
        {"s.c", ROPP_TREE_TROUBLE, "s.c is something special, not a file"},
        {"r.c", ROPP_TREE_TROUBLE,
         "r.c is a symbolic link, which ropp does not follow: put the real one there, or give ropp "
         "the tree it leads to"},
        {"x/p/b.c", ROPP_TREE_TROUBLE,
         "x/p is a symbolic link, which ropp does not follow: put the real one there, or give ropp "
         "the tree it leads to"},
        {"t.c", ROPP_TREE_OK, NULL},
        {"u.c", ROPP_TREE_TROUBLE, "u.c is larger than 16 MiB: this is no source file"},
    };
    static const char *const calls[] = {"openat", "fstat", "read"};
    struct ropp_file file;
    const char *why;
    size_t i;

    (void)state;
    fresh();
    assert_int_equal(system("cd tree && mkfifo s.c && ln -s a.c r.c && ln -s ../x x/p &&"
                            "truncate -s 16777216 t.c && truncate -s 16777217 u.c"),
                     0);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(ropp_tree_read(&tree, cases[i].path, &file, &why), cases[i].result);
        assert_int_equal(why != NULL, cases[i].why != NULL);
        if (why)
            assert_string_equal(why, cases[i].why);
        assert_int_equal(file.data != NULL, cases[i].result == ROPP_TREE_OK);
        if (cases[i].result == ROPP_TREE_OK)
            assert_int_equal(file.data[file.size], 0);
        ropp_file_free(&file);
        assert_null(file.data);
        assert_int_equal(file.size, 0);
        /* To be there is enough for a look. */
        assert_int_equal(ropp_tree_look(&tree, cases[i].path, &why),
                         strstr(cases[i].path, "x/p/")         ? ROPP_TREE_TROUBLE
                         : cases[i].result == ROPP_TREE_ABSENT ? ROPP_TREE_ABSENT
                                                               : ROPP_TREE_OK);
    }
    for (i = 0; i < 3; i++) {
        fake.plan = PLAN_FAIL;
        fake.only = calls[i];
        fake.error = EIO;
        fake.on = true;
        assert_int_equal(ropp_tree_read(&tree, "a.c", &file, &why), ROPP_TREE_TROUBLE);
        fake.on = false;
        assert_string_equal(why, "cannot read a.c: input/output error: check the disk");
        assert_null(file.data);
    }
    /* One that has become shorter. */
    fake.only = "read";
    fake.error = 0;
    fake.on = true;
    assert_int_equal(ropp_tree_read(&tree, "a.c", &file, &why), ROPP_TREE_OK);
    assert_int_equal(file.size, 0);
    ropp_file_free(&file);
    fake.only = "fstatat";
    fake.error = EACCES;
    assert_int_equal(ropp_tree_look(&tree, "a.c", &why), ROPP_TREE_TROUBLE);
    fake.on = false;
    fake.only = NULL;
    assert_string_equal(why,
                        "cannot look at a.c: permission denied: run ropp as the owner of the tree");
    /* In parts of 30 bytes, and all of it. */
    put("tree/a.c", "0123456789012345678901234567890123456789012345678901234567890123456789", 0600);
    fake.plan = PLAN_NOTHING;
    fake.on = true;
    assert_int_equal(ropp_tree_read(&tree, "a.c", &file, &why), ROPP_TREE_OK);
    fake.on = false;
    assert_int_equal(file.size, 70);
    assert_string_equal(file.data + 60, "0123456789");
    ropp_file_free(&file);
    ropp_tree_close(&tree);
    ropp_tree_close(&tree);
    assert_int_equal(count_open(), open_before);
    ropp_keep_end();
}

static void test_open(void **state)
{
    struct ropp_buffer out = {0};
    struct ropp_tree other;

    (void)state;
    fresh();
    capture_begin(&errors, stderr);
    assert_false(ropp_tree_open(&other, "none"));
    assert_false(ropp_tree_open(&other, "tree/a.c"));
    assert_false(ropp_tree_open(&other, "tree/a.c/b"));
    assert_false(ropp_tree_open(
        &other, "0123456789012345678901234567890123456789012345678901234567890123456789012345678901"
                "2345678901234567890123456789012345678901234567890123456789012345678901234567890123"
                "4567890123456789012345678901234567890123456789012345678901234567890123456789012345"
                "67890123456789"));
    ropp_tree_close(&other);
    add_heard(&out);
    assert_true(strncmp(out.data,
                        "\n  ! ropp: no such folder: none: give the top folder of an emulator's "
                        "sources\n"
                        "  ! ropp: not a folder: tree/a.c: give the top folder of an emulator's "
                        "sources\n"
                        "  ! ropp: not a folder: tree/a.c/b: give the top folder of an emulator's "
                        "sources\n"
                        "  ! ropp: cannot open the tree: 0123456789",
                        200) == 0);
    assert_non_null(strstr(out.data, "56789: File name too long\n"));
    ropp_buffer_free(&out);
    ropp_tree_close(&tree);
}

/* -- differences -------------------------------------------------------------------- */

static bool no_temporary;

FILE *__real_tmpfile(void);
FILE *__wrap_tmpfile(void);
FILE *__wrap_tmpfile(void)
{
    errno = EMFILE;
    return no_temporary ? NULL : __real_tmpfile();
}

static void differ(struct ropp_buffer *all, const char *before_text, const char *after_text)
{
    struct ropp_diff_text old = {before_text, before_text ? strlen(before_text) : 0};
    struct ropp_diff_text changed = {after_text, after_text ? strlen(after_text) : 0};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    ropp_buffer_format(all, "%d\n", ropp_diff(out, "x/it's.c", old, changed));
    fclose(out);
    ropp_buffer_text(all, text);
    free(text);
}

static void test_diff(void **state)
{
    const size_t open_before = count_open();
    struct ropp_buffer all = {0};

    (void)state;
    differ(&all, "a\nb\n", "a\nb\n");
    differ(&all, "", "");
    differ(&all, "a\nb\n", "a\nc\n");
    differ(&all, NULL, "a\n");
    differ(&all, "a\n", NULL);
    differ(&all, "a\n", "a");
    differ(&all, NULL, "");
    capture_begin(&errors, stderr);
    no_temporary = true;
    differ(&all, "a\n", "b\n");
    no_temporary = false;
    add_heard(&all);
    assert_string_equal(
        all.data,
        "0\n0\n"
        "0\ndiff --git a/x/it's.c b/x/it's.c\n--- a/x/it's.c\n+++ b/x/it's.c\n@@ -1,2 +1,2 @@\n a\n"
        "-b\n+c\n"
        "0\ndiff --git a/x/it's.c b/x/it's.c\nnew file mode 100644\n--- /dev/null\n"
        "+++ b/x/it's.c\n@@ -0,0 +1 @@\n+a\n"
        "0\ndiff --git a/x/it's.c b/x/it's.c\ndeleted file mode 100644\n--- a/x/it's.c\n"
        "+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
        "0\ndiff --git a/x/it's.c b/x/it's.c\n--- a/x/it's.c\n+++ b/x/it's.c\n@@ -1 +1 @@\n-a\n+a\n"
        "\\ No newline at end of file\n"
        "0\ndiff --git a/x/it's.c b/x/it's.c\nnew file mode 100644\n"
        "2\n\n  ! ropp: cannot write a temporary file: Too many open files\n");
    assert_int_equal(count_open(), open_before);
    ropp_buffer_free(&all);
}

static int set_up(void **state)
{
    const char *folder = getenv("TMPDIR");

    (void)state;
    umask(022);
    snprintf(top, sizeof top, "%s/undo.XXXXXX", folder ? folder : "/tmp");
    if (mkdtemp(top) == NULL || chdir(top) != 0 || getcwd(fake.root, sizeof fake.root - 5) == NULL)
        return -1;
    strcat(fake.root, "/tree");
    return 0;
}

static int tear_down(void **state)
{
    char *command = ropp_format("rm -rf '%s'", top);
    int result = system(command);

    (void)state;
    free(command);
    ropp_keep_end();
    return result;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),   cmocka_unit_test(test_without_links),
        cmocka_unit_test(test_signals), cmocka_unit_test(test_lock),
        cmocka_unit_test(test_errnos),  cmocka_unit_test(test_list),
        cmocka_unit_test(test_read),    cmocka_unit_test(test_open),
        cmocka_unit_test(test_diff),
    };

    return UNIT_RUN(argc, argv, "undo", tests, set_up, tear_down);
}
