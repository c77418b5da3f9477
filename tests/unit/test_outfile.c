// SPDX-License-Identifier: MIT
/* A file that is replaced in one go: what is in the folder before, meanwhile and afterwards. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#ifdef __linux__
#    include <sys/xattr.h>
#endif

#include "tests/unit/capture.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"
#include "tools/base/outfile.h"

static char folder[] = "/tmp/ropp-outfile.XXXXXX";
static char path[64];
static struct capture err;

/* ---- attributes, which not every file system has ---- */

static char set_names[200], removed_names[200];
static const char *access_list; /* of the file before; NULL: it has none */
static const char *label_of;
static int get_error, set_error;

static bool no_stream;

FILE *__real_fdopen(int fd, const char *mode);
FILE *__wrap_fdopen(int fd, const char *mode);

FILE *__wrap_fdopen(int fd, const char *mode)
{
    errno = ENOMEM;
    return no_stream ? NULL : __real_fdopen(fd, mode);
}

#ifdef __linux__
ssize_t __wrap_getxattr(const char *name_of_file, const char *name, void *value, size_t size);
int __wrap_fsetxattr(int fd, const char *name, const void *value, size_t size, int flags);
int __wrap_fremovexattr(int fd, const char *name);

static const char *value_of(const char *name)
{
    if (strcmp(name, "system.posix_acl_access") == 0)
        return access_list;
    return strcmp(name, "security.selinux") == 0 ? label_of : NULL;
}

ssize_t __wrap_getxattr(const char *name_of_file, const char *name, void *value, size_t size)
{
    const char *text = value_of(name);

    assert_string_equal(name_of_file, path);
    assert_int_equal(size, 4096);
    if (text == NULL || get_error != 0) {
        errno = text != NULL ? get_error : ENODATA;
        return -1;
    }
    memcpy(value, text, strlen(text));
    return (ssize_t)strlen(text);
}

int __wrap_fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
    size_t used = strlen(set_names);

    assert_true(fd >= 0);
    assert_int_equal(flags, 0);
    snprintf(set_names + used, sizeof set_names - used, "%s=%.*s ", name, (int)size,
             (const char *)value);
    errno = set_error;
    return set_error != 0 && strcmp(name, "security.selinux") != 0 ? -1 : 0;
}

int __wrap_fremovexattr(int fd, const char *name)
{
    size_t used = strlen(removed_names);

    assert_true(fd >= 0);
    snprintf(removed_names + used, sizeof removed_names - used, "%s ", name);
    errno = ENODATA;
    return -1;
}
#endif

/* ---- files ---- */

static int begin(void **state)
{
    (void)state;
    set_names[0] = removed_names[0] = '\0';
    access_list = label_of = NULL;
    get_error = set_error = 0;
    (void)unlink(path);
    return 0;
}

static void put(const char *text, mode_t mode)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void holds(const char *name, const char *wanted, mode_t mode)
{
    char text[100] = "";
    struct stat state;
    FILE *in = fopen(name, "r");

    assert_non_null(in);
    assert_int_equal(fread(text, 1, sizeof text - 1, in), strlen(wanted));
    fclose(in);
    assert_string_equal(text, wanted);
    assert_int_equal(stat(name, &state), 0);
    assert_int_equal(state.st_mode & 07777, mode);
}

/* How many files the folder has. */
static unsigned files(void)
{
    DIR *list = opendir(folder);
    const struct dirent *entry;
    unsigned count = 0;

    assert_non_null(list);
    while ((entry = readdir(list)) != NULL)
        count += entry->d_name[0] != '.';
    closedir(list);
    return count;
}

static unsigned descriptors(void)
{
    int fd = dup(0);

    assert_true(fd >= 0);
    (void)close(fd);
    return (unsigned)fd;
}

static struct ropp_outfile file;

static bool begins(void)
{
    bool good;

    capture_begin(&err, stderr);
    good = ropp_outfile_begin(&file, path);
    capture_end(&err);
    return good;
}

static bool ends(void)
{
    bool good;

    capture_begin(&err, stderr);
    good = ropp_outfile_end(&file);
    capture_end(&err);
    return good;
}

static void is_written(const char *text)
{
    unsigned before = files(), open_before = descriptors();

    assert_true(begins());
    assert_string_equal(err.text, "");
    assert_ptr_equal(file.path, path);
    assert_int_equal(files(), before + 1);
    fputs(text, file.out);
    assert_true(ends());
    assert_string_equal(err.text, "");
    assert_int_equal(descriptors(), open_before);
}

static void test_standard_output(void **state)
{
    (void)state;
    assert_true(ropp_outfile_begin(&file, NULL));
    assert_ptr_equal(file.out, stdout);
    assert_null(file.path);
    assert_true(ropp_outfile_end(&file));
}

/* As any other program would make it. */
static void test_a_new_file(void **state)
{
    mode_t before = umask(027);

    (void)state;
    is_written("new\n");
    assert_int_equal(umask(077), 027);
    holds(path, "new\n", 0640);
    assert_int_equal(unlink(path), 0);
    is_written("private\n");
    holds(path, "private\n", 0600);
    assert_int_equal(umask(before), 077);
    assert_int_equal(files(), 1);
    assert_string_equal(removed_names, "");
}

static void test_a_file_that_is_there(void **state)
{
    (void)state;
    put("old and longer\n", 01604);
    assert_true(begins());
    assert_string_equal(err.text, "");
    fputs("new\n", file.out);
    holds(path, "old and longer\n", 01604); /* until it is whole */
    assert_true(ends());
    holds(path, "new\n", 01604);
    assert_int_equal(files(), 1);
}

/* It is the target that is replaced; without one, the link itself. */
static void test_a_link(void **state)
{
    char target[64];
    struct stat found;

    (void)state;
    snprintf(target, sizeof target, "%s/target", folder);
    assert_int_equal(symlink("target", path), 0);
    is_written("one\n");
    assert_int_equal(lstat(path, &found), 0);
    assert_true(S_ISREG(found.st_mode));
    assert_int_equal(rename(path, target), 0);
    assert_int_equal(chmod(target, 0600), 0);
    assert_int_equal(symlink("target", path), 0);
    is_written("two\n");
    assert_int_equal(lstat(path, &found), 0);
    assert_true(S_ISLNK(found.st_mode));
    holds(target, "two\n", 0600);
    assert_int_equal(files(), 2);
    assert_int_equal(unlink(target), 0);
}

static void fails_to_begin(const char *format, const char *name)
{
    unsigned before = files(), open_before = descriptors();
    char wanted[300];

    snprintf(wanted, sizeof wanted, format, name);
    assert_false(begins());
    assert_string_equal(err.text, wanted);
    assert_int_equal(files(), before);
    assert_int_equal(descriptors(), open_before);
}

static void test_no_plain_file(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path, 0700), 0);
    fails_to_begin("ropp: not a plain file: %s: name one, or write to standard output\n", path);
    assert_int_equal(rmdir(path), 0);
}

static void test_no_such_folder(void **state)
{
    char kept[64];

    (void)state;
    memcpy(kept, path, sizeof kept);
    snprintf(path, sizeof path, "%s/none/file", folder);
    fails_to_begin("ropp: cannot write: %s (No such file or directory): name a file in a folder "
                   "that you may write to\n",
                   path);
    memcpy(path, kept, sizeof kept);
}

/* The file is there already, and goes again. */
static void test_no_memory(void **state)
{
    (void)state;
    no_stream = true;
    fails_to_begin("ropp: cannot write: %s (Cannot allocate memory): name a file in a folder that "
                   "you may write to\n",
                   path);
    no_stream = false;
}

static void does_not_arrive(const char *error)
{
    char wanted[300];

    snprintf(wanted, sizeof wanted,
             "ropp: cannot write: %s (%s): name a file in a folder that you may write to\n", path,
             error);
    assert_false(ends());
    assert_string_equal(err.text, wanted);
    assert_int_equal(files(), 1); /* nothing is left of the new one */
}

/* More than a file may have: the old one stays. */
static void test_what_does_not_arrive(void **state)
{
    struct rlimit before, small;

    (void)state;
    put("old\n", 0644);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (int flushed = 0; flushed < 2; flushed++) {
        signal(SIGXFSZ, SIG_IGN);
        assert_true(begins());
        for (int i = 0; i < 200; i++)
            fputs("too much", file.out);
        small = before;
        small.rlim_cur = 1000;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        if (flushed) { /* it has failed before, and nothing is left to write */
            assert_true(fflush(file.out) != 0);
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
            assert_int_equal(fflush(file.out), 0);
        }
        does_not_arrive(flushed ? "Input/output error" : "File too large");
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        signal(SIGXFSZ, SIG_DFL);
    }
    holds(path, "old\n", 0644);
}

/* Meanwhile there is a folder of that name. */
static void test_what_cannot_be_put_in_place(void **state)
{
    (void)state;
    assert_true(begins());
    assert_int_equal(mkdir(path, 0700), 0);
    does_not_arrive("Is a directory");
    assert_int_equal(rmdir(path), 0);
}

#ifdef __linux__
/* ---- what the file before has ---- */

static void test_attributes(void **state)
{
    (void)state;
    put("old\n", 0644);
    access_list = "somebody reads";
    label_of = "labelled";
    is_written("new\n");
    assert_string_equal(set_names,
                        "security.selinux=labelled system.posix_acl_access=somebody reads ");
    assert_string_equal(removed_names, "");
    (void)begin(NULL);
    put("old\n", 0644);
    is_written("new\n"); /* it has none: neither has the new one */
    assert_string_equal(set_names, "");
    assert_string_equal(removed_names, "security.selinux system.posix_acl_access ");
}

/* An access list that the new one cannot have is an error, a label is not. */
static void test_attributes_that_cannot_be_kept(void **state)
{
    char wanted[300];

    (void)state;
    put("old\n", 0644);
    access_list = "somebody reads";
    set_error = ENOTSUP;
    fails_to_begin("ropp: cannot keep the access list: %s: Operation not supported: see getfacl, "
                   "and write it elsewhere\n",
                   path);
    access_list = NULL;
    label_of = "labelled";
    get_error = ERANGE; /* longer than any */
    snprintf(wanted, sizeof wanted, "note: %s no longer has its SELinux label: see restorecon\n",
             path);
    assert_true(begins());
    assert_string_equal(err.text, wanted);
    assert_true(ends());
    access_list = "longer than any";
    label_of = NULL;
    assert_false(begins());
    assert_int_equal(strncmp(err.text, "ropp: cannot keep the access list: ", 35), 0);
    get_error = EACCES; /* it is not known whether there is one */
    assert_true(begins());
    assert_string_equal(err.text, "");
    assert_true(ends());
}
#endif

/* ---- whose it is ---- */

enum { SOMEBODY = 12345, THEIRS = 23456, OTHER = 34567 };

/* As somebody who may write to the folder and is nobody else. */
static void write_as_somebody(void)
{
    if (setgid(THEIRS) != 0 || setuid(SOMEBODY) != 0)
        _exit(98);
    if (!ropp_outfile_begin(&file, path))
        exit(1);
    fputs("new\n", file.out);
    exit(ropp_outfile_end(&file) ? 0 : 2);
}

/* What it says, of the path; the exit status; and whose the file is afterwards. */
static void owned(mode_t mode, uid_t owner, gid_t group, int wanted, const char *message)
{
    char text[300];
    struct stat found;
    int status;

    (void)unlink(path);
    put("old\n", mode);
    assert_int_equal(chown(path, owner, group), 0);
    assert_int_equal(chmod(path, mode), 0);
    capture_begin(&err, stderr);
    status = status_of(write_as_somebody);
    capture_end(&err);
    snprintf(text, sizeof text, message, path);
    assert_string_equal(err.text, text);
    assert_int_equal(status, wanted);
    assert_int_equal(files(), 1);
    holds(path, wanted == 0 ? "new\n" : "old\n", mode);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_uid, wanted == 0 ? SOMEBODY : owner);
    assert_int_equal(found.st_gid, wanted == 0 ? THEIRS : group);
}

static void test_owners(void **state)
{
    struct stat found;

    (void)state;
    if (geteuid() != 0) {
        fprintf(stderr, "left out: owners (needs root)\n");
        return;
    }
    put("old\n", 0640);
    assert_int_equal(chown(path, OTHER, THEIRS), 0);
    is_written("new\n");
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_uid, OTHER);
    assert_int_equal(found.st_gid, THEIRS);
    assert_int_equal(chmod(folder, 0777), 0);
    owned(0600, SOMEBODY, THEIRS, 0, "");
    owned(0640, SOMEBODY, OTHER, 1,
          "ropp: cannot keep the group: %s: 34567: run this as a member of that group or as "
          "root\n");
    owned(0600, OTHER, THEIRS, 1,
          "ropp: cannot keep the owner: %s: 34567: run this as that user or as root\n");
    owned(0640, OTHER, OTHER, 1,
          "ropp: cannot keep the group: %s: 34567: run this as a member of that group or as "
          "root\n");
    owned(0644, OTHER, THEIRS, 0,
          "note: %s is no longer 34567:23456's; everybody may read it as before\n");
    owned(0644, SOMEBODY, OTHER, 0,
          "note: %s is no longer 12345:34567's; everybody may read it as before\n");
    owned(0604, SOMEBODY, 0, 0,
          "note: %s is no longer 12345:root's; everybody may read it as before\n");
    owned(0600, 0, THEIRS, 0, ""); /* root reads it anyway */
    owned(0200, OTHER, THEIRS, 0,
          "note: %s is no longer 34567:23456's; everybody may read it as before\n");
    owned(0604, 1, THEIRS, 0,
          "note: %s is no longer daemon:23456's; everybody may read it as before\n");
}

static int begin_all(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int end_all(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_standard_output, begin),
        cmocka_unit_test_setup(test_a_new_file, begin),
        cmocka_unit_test_setup(test_a_file_that_is_there, begin),
        cmocka_unit_test_setup(test_a_link, begin),
        cmocka_unit_test_setup(test_no_plain_file, begin),
        cmocka_unit_test_setup(test_no_such_folder, begin),
        cmocka_unit_test_setup(test_no_memory, begin),
        cmocka_unit_test_setup(test_what_does_not_arrive, begin),
        cmocka_unit_test_setup(test_what_cannot_be_put_in_place, begin),
#ifdef __linux__
        cmocka_unit_test_setup(test_attributes, begin),
        cmocka_unit_test_setup(test_attributes_that_cannot_be_kept, begin),
#endif
        cmocka_unit_test_setup(test_owners, begin),
    };

    return UNIT_RUN(argc, argv, "outfile", tests, begin_all, end_all);
}
