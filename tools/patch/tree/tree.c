// SPDX-License-Identifier: MIT
#include "tools/patch/tree/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/buffer.h"
#include "tools/base/keep.h"
#include "tools/patch/source/mask.h"

#define FOLDER_DEPTH_LIMIT 30
#define PATH_LIMIT         400

const char *ropp_errno_text(int error)
{
    switch (error) {
    case EACCES:
    case EPERM:
        return "permission denied: run ropp as the owner of the tree";
    case ENOSPC:
    case EDQUOT:
        return "the disk is full: make room and run it again";
    case EFBIG:
        return "a file may not become this large: raise the limit (ulimit -f) and run it again";
    case EROFS:
        return "the file system is read-only: mount it for writing";
    case EIO:
        return "input/output error: check the disk";
    default:
        return strerror(error);
    }
}

/* A name with a control character cannot be written into the undo log, and is none that a build
 * knows. */
static bool name_ok(const char *name)
{
    for (; *name; name++)
        if ((unsigned char)*name < 0x20 || *name == 0x7f)
            return false;
    return true;
}

bool ropp_tree_path_ok(const char *path)
{
    size_t length;

    if (strlen(path) > PATH_LIMIT || !name_ok(path) || strchr(path, '\\'))
        return false;
    for (;; path += length + 1) {
        length = strcspn(path, "/");
        if (length == 0 || (length <= 2 && memcmp(path, "..", length) == 0))
            return false;
        if (path[length] == '\0')
            return true;
    }
}

bool ropp_tree_open(struct ropp_tree *tree, const char *name)
{
    tree->name = name;
    tree->fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (tree->fd >= 0)
        return true;
    if (errno == ENOENT || errno == ENOTDIR)
        return ropp_error("%s folder: %s: give the top folder of an emulator's sources",
                          errno == ENOENT ? "no such" : "not a", name);
    return ropp_error("cannot open the tree: %s: %s", name, ropp_errno_text(errno));
}

void ropp_tree_close(struct ropp_tree *tree)
{
    if (tree->fd >= 0)
        close(tree->fd);
    tree->fd = -1;
}

/* errno of a failed step on `path` becomes an answer. */
static enum ropp_tree_result trouble(const char *what, const char *path, int error,
                                     const char **why)
{
    if (error == ENOENT || error == ENOTDIR)
        return ROPP_TREE_ABSENT;
    if (error == ELOOP)
        *why = ropp_keep_format("%s is a symbolic link, which ropp does not follow: put the real "
                                "one there, or give ropp the tree it leads to",
                                path);
    else
        *why = ropp_keep_format("cannot %s %s: %s", what, path, ropp_errno_text(error));
    return ROPP_TREE_TROUBLE;
}

enum ropp_tree_result ropp_tree_folder(const struct ropp_tree *tree, const char *path, int *folder,
                                       const char **base, const char **why)
{
    int fd = fcntl(tree->fd, F_DUPFD_CLOEXEC, 0);
    const char *part = path, *slash;

    *why = NULL;
    while (fd >= 0 && (slash = strchr(part, '/')) != NULL) {
        const char *name = ropp_keep_part(part, (size_t)(slash - part));
        int next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct stat status;
        int error = errno;

        if (next < 0 && fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISLNK(status.st_mode))
            error = ELOOP;
        close(fd);
        if (next < 0)
            return trouble("open", ropp_keep_part(path, (size_t)(slash - path)), error, why);
        fd = next;
        part = slash + 1;
    }
    if (fd < 0) {
        *why = ropp_keep_format("cannot open the tree: %s", ropp_errno_text(errno));
        return ROPP_TREE_TROUBLE;
    }
    *folder = fd;
    *base = part;
    return ROPP_TREE_OK;
}

enum ropp_tree_result ropp_tree_look(const struct ropp_tree *tree, const char *path,
                                     const char **why)
{
    enum ropp_tree_result result;
    const char *base;
    struct stat status;
    int folder;

    result = ropp_tree_folder(tree, path, &folder, &base, why);
    if (result != ROPP_TREE_OK)
        return result;
    if (fstatat(folder, base, &status, AT_SYMLINK_NOFOLLOW) != 0)
        result = trouble("look at", path, errno, why);
    close(folder);
    return result;
}

/* Reads the whole of an open file. 0, or an errno. */
static int read_all(int fd, struct ropp_file *file)
{
    size_t room = (size_t)file->stat.st_size;

    file->data = ropp_alloc(room + 1, 1);
    file->size = 0;
    while (file->size < room) {
        ssize_t got = read(fd, file->data + file->size, room - file->size);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        file->size += (size_t)got;
    }
    return 0;
}

enum ropp_tree_result ropp_tree_read(const struct ropp_tree *tree, const char *path,
                                     struct ropp_file *file, const char **why)
{
    enum ropp_tree_result result;
    const char *base;
    int folder, fd, error;

    memset(file, 0, sizeof *file);
    result = ropp_tree_folder(tree, path, &folder, &base, why);
    if (result != ROPP_TREE_OK)
        return result;
    /* Not to hang on a named pipe. */
    fd = openat(folder, base, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    error = errno;
    close(folder);
    if (fd < 0)
        return trouble("read", path, error, why);
    if (fstat(fd, &file->stat) != 0)
        result = trouble("read", path, errno, why);
    else if (!S_ISREG(file->stat.st_mode))
        *why = ropp_keep_format("%s is %s, not a file", path,
                                S_ISDIR(file->stat.st_mode) ? "a folder" : "something special");
    else if (file->stat.st_size < 0 || (size_t)file->stat.st_size > ROPP_FILE_LIMIT)
        *why = ropp_keep_format("%s is larger than %zu MiB: this is no source file", path,
                                ROPP_FILE_LIMIT >> 20);
    else if ((error = read_all(fd, file)) != 0)
        result = trouble("read", path, error, why);
    close(fd);
    if (*why)
        result = ROPP_TREE_TROUBLE;
    if (result != ROPP_TREE_OK)
        ropp_file_free(file);
    return result;
}

void ropp_file_free(struct ropp_file *file)
{
    free(file->data);
    file->data = NULL;
    file->size = 0;
}

static enum ropp_tree_result list_folder(int fd, const char *path, bool deep, int depth,
                                         struct ropp_texts *paths, const char **why)
{
    enum ropp_tree_result result = ROPP_TREE_OK;
    DIR *folder = fdopendir(fd);
    struct dirent *entry;

    if (folder == NULL) {
        result = trouble("read", path, errno, why);
        close(fd);
        return result;
    }
    while (result == ROPP_TREE_OK && (errno = 0, entry = readdir(folder)) != NULL) {
        struct stat status;
        char *name;

        if (entry->d_name[0] == '.' || !name_ok(entry->d_name))
            continue;
        if (entry->d_type == DT_REG && ropp_language_of_file(entry->d_name) == ROPP_LANGUAGES)
            continue;
        if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue; /* removed in between */
        name = ropp_keep_format("%s%s%s", path, *path ? "/" : "", entry->d_name);
        if (S_ISREG(status.st_mode) && (size_t)status.st_size <= ROPP_FILE_LIMIT &&
            ropp_language_of_file(name) != ROPP_LANGUAGES) {
            ropp_texts_keep(paths, name);
        } else if (S_ISDIR(status.st_mode) && deep && depth < FOLDER_DEPTH_LIMIT) {
            int next = openat(dirfd(folder), entry->d_name,
                              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

            result = next < 0 ? trouble("open", name, errno, why)
                              : list_folder(next, name, deep, depth + 1, paths, why);
        }
    }
    if (result == ROPP_TREE_OK && errno)
        result = trouble("read", path, errno, why);
    closedir(folder);
    return result;
}

enum ropp_tree_result ropp_tree_list(const struct ropp_tree *tree, const char *folder, bool deep,
                                     struct ropp_texts *paths, const char **why)
{
    /* Not fcntl: the duplicate would share its reading position with the tree's. */
    int fd = *folder ? openat(tree->fd, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                     : openat(tree->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = errno;
    struct stat status;

    *why = NULL;
    if (fd >= 0)
        return list_folder(fd, folder, deep, 0, paths, why);
    if (fstatat(tree->fd, folder, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode))
        return ROPP_TREE_OK;
    return trouble("open", *folder ? folder : tree->name, error, why);
}
