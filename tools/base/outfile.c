// SPDX-License-Identifier: MIT
#include "tools/base/outfile.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#    include <sys/xattr.h>
#endif

#include "tools/base/buffer.h"
#include "tools/base/cli.h"

static bool complain(const char *path, int error)
{
    return ropp_error("cannot write: %s (%s): name a file in a folder that you may write to", path,
                      strerror(error));
}

/* What the path means, behind links; itself when there is nothing yet. To be freed. */
static char *target_of(const char *path)
{
    char *target = realpath(path, NULL);

    return target != NULL ? target : ropp_copy_text(path, strlen(path));
}

/* ---- what the file before has ---- */

#ifdef __linux__
#    define OUTFILE_ACCESS "system.posix_acl_access"
#    define OUTFILE_LABEL  "security.selinux"

/* Gives the new file an attribute of the one before, and takes it away where that has none. False
 * when it has one and the new file cannot have it. */
static bool keep_attribute(const char *path, int fd, const char *name)
{
    char value[4096];
    ssize_t size = getxattr(path, name, value, sizeof value);

    bool too_long = size < 0 && errno == ERANGE;

    if (size >= 0)
        return fsetxattr(fd, name, value, (size_t)size, 0) == 0;
    (void)fremovexattr(fd, name); /* a folder may give its files an access list */
    return !too_long;
}
#endif

/* Names of the system's, or else the numbers. To be freed. */
static char *owner_name(uid_t owner)
{
    const struct passwd *account = getpwuid(owner);

    return account != NULL ? ropp_format("%s", account->pw_name) : ropp_format("%u", owner);
}

static char *group_name(gid_t group)
{
    const struct group *entry = getgrgid(group);

    return entry != NULL ? ropp_format("%s", entry->gr_name) : ropp_format("%u", group);
}

/* Where the new file has another owner or group: false, with a message, when somebody who can read
 * the file before could not read this one; else a note. The superuser can read any. */
static bool check_owner(const char *path, const struct stat *before, const struct stat *now)
{
    bool for_all = (before->st_mode & S_IROTH) != 0, good = false;
    bool other_group = now->st_gid != before->st_gid;
    bool other_owner = now->st_uid != before->st_uid && before->st_uid != 0;
    char *owner = owner_name(before->st_uid), *group = group_name(before->st_gid);

    if (other_group && !for_all && (before->st_mode & S_IRGRP) != 0)
        ropp_error("cannot keep the group: %s: %s: run this as a member of that group or as root",
                   path, group);
    else if (other_owner && !for_all && (before->st_mode & S_IRUSR) != 0)
        ropp_error("cannot keep the owner: %s: %s: run this as that user or as root", path, owner);
    else
        good = true;
    if (good && (other_group || other_owner))
        fprintf(stderr, "note: %s is no longer %s:%s's; everybody may read it as before\n", path,
                owner, group);
    free(owner);
    free(group);
    return good;
}

/* Gives it the owner and the group of the file before as far as this user may. */
static bool keep_owner(const char *path, const struct stat *before, int fd)
{
    struct stat now;

    if (fchown(fd, before->st_uid, before->st_gid) != 0)
        (void)!fchown(fd, (uid_t)-1, before->st_gid);
    if (fstat(fd, &now) != 0)
        return complain(path, errno);
    return check_owner(path, before, &now);
}

/* The mode comes before the access list, of which it is a part. */
static bool keep_mode(const char *path, const struct stat *before, int fd)
{
#ifdef __linux__
    if (!keep_attribute(path, fd, OUTFILE_LABEL))
        fprintf(stderr, "note: %s no longer has its SELinux label: see restorecon\n", path);
#endif
    if (fchmod(fd, before->st_mode & 07777) != 0)
        return complain(path, errno);
#ifdef __linux__
    if (!keep_attribute(path, fd, OUTFILE_ACCESS))
        return ropp_error(
            "cannot keep the access list: %s: %s: see getfacl, and write it elsewhere", path,
            strerror(errno));
#endif
    return true;
}

/* Before anything is in it. A new file becomes what any other program would make it. */
static bool prepare(const char *path, int fd)
{
    struct stat before;
    mode_t mask;

    if (stat(path, &before) == 0)
        return keep_owner(path, &before, fd) && keep_mode(path, &before, fd);
    mask = umask(0);
    umask(mask);
    return fchmod(fd, 0666 & ~mask) == 0 || complain(path, errno);
}

bool ropp_outfile_begin(struct ropp_outfile *file, const char *path)
{
    struct stat state;
    char *target;
    bool good;
    int fd;

    file->path = path;
    file->out = stdout;
    file->temporary = NULL;
    if (path == NULL)
        return true;
    if (stat(path, &state) == 0 && !S_ISREG(state.st_mode))
        return ropp_error("not a plain file: %s: name one, or write to standard output", path);
    target = target_of(path);
    file->temporary = ropp_format("%s.XXXXXX", target);
    free(target);
    fd = mkstemp(file->temporary);
    good = fd >= 0 ? prepare(path, fd) : complain(path, errno);
    file->out = good ? fdopen(fd, "w") : NULL;
    if (good && file->out == NULL)
        complain(path, errno);
    if (file->out != NULL)
        return true;
    if (fd >= 0) {
        close(fd);
        unlink(file->temporary);
    }
    free(file->temporary);
    return false;
}

/* Everything is on the disk before the name changes hands. */
bool ropp_outfile_end(struct ropp_outfile *file)
{
    char *target;
    int error = 0;

    if (file->path == NULL)
        return true; /* ropp_finish looks after it */
    errno = 0;
    if (fflush(file->out) != 0 || ferror(file->out) || fsync(fileno(file->out)) != 0)
        error = errno != 0 ? errno : EIO;
    if (fclose(file->out) != 0 && error == 0)
        error = errno;
    target = target_of(file->path);
    if (error == 0 && rename(file->temporary, target) != 0)
        error = errno;
    free(target);
    if (error != 0)
        unlink(file->temporary);
    free(file->temporary);
    return error == 0 || complain(file->path, error);
}
