// SPDX-License-Identifier: MIT
#include "tools/patch/tree/undo.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/buffer.h"
#include "tools/base/keep.h"

#define LOG_FOLDER      ".ropp-journal"
#define LOG_TITLE       "ropp-journal 1"
#define LOCK_TIMEOUT_MS 10000
#define LOCK_POLL_MS    50

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static const char *const kind_names[] = {"replace", "create", "remove"};

enum stage { STAGE_PREPARE, STAGE_COMMIT, STAGE_DONE };

/* The names of the undo log's file. */
static const char *const stage_names[] = {"prepare", "commit", "done"};

/* -- the lock ------------------------------------------------------------ */

bool ropp_undo_lock(const struct ropp_tree *tree)
{
    const struct timespec pause = {0, LOCK_POLL_MS * 1000000L};
    int waited_ms = 0;

    while (flock(tree->fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK)
            return true; /* a file system without locks; mkdir still keeps two writers apart */
        if (waited_ms >= LOCK_TIMEOUT_MS)
            return ropp_error("another `ropp patch` is at work: %s: wait until it has ended",
                              tree->name);
        nanosleep(&pause, NULL);
        waited_ms += LOCK_POLL_MS;
    }
    return true;
}

/* -- entries ------------------------------------------------------------- */

/* One file of an undo log. While a change is under way, its new content has the name .ropp-N.new
 * and its old content the name .ropp-N.old, in the file's own folder. */
struct entry {
    enum ropp_change_kind kind;
    uint64_t hash; /* of the new content */
    const char *path;
    int folder; /* -1: the folder is gone, and so is everything in it */
    const char *base;
    char new_name[32], old_name[32];
};

struct undo_log {
    const struct ropp_tree *tree;
    int folder; /* of LOG_FOLDER */
    struct entry *entries;
    size_t count;
};

static int failed(const struct ropp_tree *tree, const char *what, const char *path, int error)
{
    return ropp_fail(ROPP_EXIT_USAGE, "cannot %s: %s/%s: %s", what, tree->name, path,
                     ropp_errno_text(error));
}

static bool add_entry(struct undo_log *log, enum ropp_change_kind kind, uint64_t hash,
                      const char *path)
{
    struct entry *entry;
    const char *why;

    log->entries = ropp_keep_grow(log->entries, log->count, sizeof *log->entries);
    entry = &log->entries[log->count];
    *entry = (struct entry){.kind = kind, .hash = hash, .folder = -1};
    entry->path = ropp_keep_text(path);
    snprintf(entry->new_name, sizeof entry->new_name, ".ropp-%zu.new", log->count);
    snprintf(entry->old_name, sizeof entry->old_name, ".ropp-%zu.old", log->count);
    log->count++;
    if (ropp_tree_folder(log->tree, entry->path, &entry->folder, &entry->base, &why) !=
        ROPP_TREE_TROUBLE)
        return true;
    return ropp_error("cannot write: %s: %s", log->tree->name, why);
}

static void close_log(struct undo_log *log)
{
    for (size_t i = 0; i < log->count; i++)
        if (log->entries[i].folder >= 0)
            close(log->entries[i].folder);
    if (log->folder >= 0)
        close(log->folder);
}

/* Of a call that returns 0 or sets errno: 0, or the errno. */
static int error_of(int result)
{
    return result == 0 ? 0 : errno;
}

/* Removes a file that may be gone already. 0, or an errno. */
static int remove_if_there(int folder, const char *name)
{
    int error = error_of(unlinkat(folder, name, 0));

    return error == ENOENT ? 0 : error;
}

static bool exists(int folder, const char *name, struct stat *status)
{
    return fstatat(folder, name, status, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool same_content(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* -- taking back --------------------------------------------------------- */

/* Whether a file is still what this undo log's run left there: the old one, or the new one. */
static bool is_ours(const struct undo_log *log, const struct entry *entry)
{
    struct stat now, old;
    struct ropp_file file;
    const char *why;
    bool same;

    if (!exists(entry->folder, entry->base, &now))
        return errno == ENOENT; /* removed, or not made yet */
    if (exists(entry->folder, entry->old_name, &old)) {
        if (same_file(&now, &old))
            return true;
    } else if (entry->kind != ROPP_CHANGE_CREATE) {
        return true; /* taken back already */
    } else if (exists(entry->folder, entry->new_name, &old)) {
        return true; /* not switched, so not ours to touch */
    }
    if (ropp_tree_read(log->tree, entry->path, &file, &why) != ROPP_TREE_OK)
        return false;
    /* The new one; or the old one as a copy, on a file system without hard links. */
    same = ropp_hash(ROPP_HASH_START, file.data, file.size) == entry->hash ||
           (entry->kind != ROPP_CHANGE_CREATE && same_content(&now, &old));
    ropp_file_free(&file);
    return same;
}

/* Gives one file its old name back. 0, or an errno: what cannot be looked at may be there. */
static int switch_back(const struct entry *entry)
{
    const bool create = entry->kind == ROPP_CHANGE_CREATE;
    struct stat status;
    const bool there = exists(entry->folder, create ? entry->new_name : entry->old_name, &status);
    int error = there || errno == ENOENT ? 0 : errno;

    if (error)
        return error;
    if (create && !there) {
        error = remove_if_there(entry->folder, entry->base);
    } else if (!create && there) {
        error = error_of(renameat(entry->folder, entry->old_name, entry->folder, entry->base));
        /* Two names of one file: rename leaves both. */
        if (error == 0)
            error = remove_if_there(entry->folder, entry->old_name);
    }
    return error ? error : remove_if_there(entry->folder, entry->new_name);
}

/* Removes the second names, of old and of new files. 0, or an errno. */
static int remove_leftovers(const struct entry *entry)
{
    int error = remove_if_there(entry->folder, entry->new_name);

    return error ? error : remove_if_there(entry->folder, entry->old_name);
}

/* Puts the folder's entries on the disk. 0, or an errno. Some file systems cannot; then there is
 * nothing to wait for. */
static int sync_folder(int folder)
{
    int error = error_of(fsync(folder));

    return error == EINVAL || error == EROFS || error == ENOTSUP ? 0 : error;
}

/* Removes the undo log itself. 0, or an errno. */
static int remove_log(const struct undo_log *log)
{
    int error = 0;

    for (int stage = STAGE_PREPARE; stage <= STAGE_DONE && error == 0; stage++)
        error = remove_if_there(log->folder, stage_names[stage]);
    return error ? error : error_of(unlinkat(log->tree->fd, LOG_FOLDER, AT_REMOVEDIR));
}

/* Takes back everything, or for STAGE_DONE, tidies up. Prints a message on trouble. Returns an exit
 * status. */
static int take_back(const struct undo_log *log, enum stage stage, bool force)
{
    int error;

    for (size_t i = 0; i < log->count && stage == STAGE_COMMIT && !force; i++) {
        const struct entry *entry = &log->entries[i];

        if (entry->folder < 0 || is_ours(log, entry))
            continue;
        return ropp_fail(ROPP_EXIT_REFUSED,
                         "an interrupted run was to be taken back, but this file was edited since: "
                         "%s/%s: move your edit away, or take "
                         "back anyway with --force (the file as it was before is %s beside it)",
                         log->tree->name, entry->path, entry->old_name);
    }
    for (size_t i = log->count; i-- > 0;) {
        const struct entry *entry = &log->entries[i];

        if (entry->folder < 0)
            continue;
        error = stage == STAGE_COMMIT ? switch_back(entry) : remove_leftovers(entry);
        if (error == 0)
            error = sync_folder(entry->folder);
        if (error)
            return failed(log->tree, "take back", entry->path, error);
    }
    error = remove_log(log);
    if (error)
        return failed(log->tree, "remove", LOG_FOLDER, error);
    return ROPP_EXIT_DONE;
}

/* -- after an interrupted run -------------------------------------------- */

enum log_state { LOG_DAMAGED, LOG_TROUBLE, LOG_CUT_OFF, LOG_WHOLE };

/* Reads one line, `KIND HASH PATH`, which is whole then. Changes the line. On trouble prints a
 * message. */
static enum log_state read_entry(struct undo_log *log, char *line)
{
    const char *kind = strsep(&line, " "), *hash = strsep(&line, " ");
    uint64_t value;
    char *end;

    if (line == NULL || !ropp_tree_path_ok(line))
        return LOG_DAMAGED;
    value = strtoull(hash, &end, 16);
    if (*hash == '\0' || *end)
        return LOG_DAMAGED;
    for (int k = 0; k < 3; k++)
        if (strcmp(kind, kind_names[k]) == 0)
            return add_entry(log, (enum ropp_change_kind)k, value, line) ? LOG_WHOLE : LOG_TROUBLE;
    return LOG_DAMAGED;
}

/* Reads an undo log's text, and changes it. */
static enum log_state read_log(struct undo_log *log, const struct ropp_file *file)
{
    char *rest = file->data, *line;

    if (strlen(file->data) != file->size)
        return LOG_DAMAGED;
    line = strsep(&rest, "\n");
    if (rest == NULL) /* not even the first line is whole */
        return LOG_CUT_OFF;
    if (strcmp(line, LOG_TITLE) != 0)
        return LOG_DAMAGED;
    while ((line = strsep(&rest, "\n")) != NULL && rest != NULL) {
        enum log_state state;

        if (strcmp(line, "end") == 0)
            return LOG_WHOLE;
        state = read_entry(log, line);
        if (state != LOG_WHOLE)
            return state;
    }
    return LOG_CUT_OFF;
}

/* Finds the undo log's file and reads it; *stage is -1 when there is none. Returns an exit status.
 */
static int find_log(struct undo_log *log, int *stage)
{
    enum ropp_tree_result result = ROPP_TREE_ABSENT;
    enum log_state state = LOG_CUT_OFF;
    struct ropp_file file;
    const char *why;

    for (*stage = STAGE_DONE; *stage >= STAGE_PREPARE; --*stage) {
        result = ropp_tree_read(log->tree, ropp_keep_format(LOG_FOLDER "/%s", stage_names[*stage]),
                                &file, &why);
        if (result != ROPP_TREE_ABSENT)
            break;
    }
    if (result == ROPP_TREE_TROUBLE)
        return ropp_fail(ROPP_EXIT_USAGE, "cannot read the undo log of an interrupted run: %s: %s",
                         log->tree->name, why);
    if (result == ROPP_TREE_OK) {
        state = read_log(log, &file);
        ropp_file_free(&file);
    }
    /* The undo log is on the disk before the first file is touched: one that is cut off, or
     * missing, belongs to an untouched tree. */
    if (state == LOG_WHOLE || (state == LOG_CUT_OFF && *stage <= STAGE_PREPARE))
        return ROPP_EXIT_DONE;
    if (state == LOG_TROUBLE)
        return ROPP_EXIT_USAGE;
    return ropp_fail(ROPP_EXIT_USAGE,
                     "the undo log of an interrupted run is damaged: %s/" LOG_FOLDER
                     ": restore the tree from your version control and remove that folder",
                     log->tree->name);
}

int ropp_undo_recover(const struct ropp_tree *tree, bool force)
{
    struct undo_log log = {tree, -1, NULL, 0};
    int stage, status;

    log.folder = openat(tree->fd, LOG_FOLDER, FOLDER_FLAGS);
    if (log.folder < 0)
        return errno == ENOENT
                   ? ROPP_EXIT_DONE
                   : failed(tree, "open the undo log of an interrupted run", LOG_FOLDER, errno);
    status = find_log(&log, &stage);
    if (status == ROPP_EXIT_DONE)
        status = take_back(&log, stage < 0 ? STAGE_PREPARE : (enum stage)stage, force);
    /* An empty undo log belongs to an untouched tree, or to one where all was done. */
    if (status == ROPP_EXIT_DONE)
        ropp_error("an earlier run was interrupted: %s: %s", tree->name,
                   stage == STAGE_DONE || stage < 0 ? "tidied up, no file was half done"
                                                    : "its changes were taken back");
    close_log(&log);
    return status;
}

/* -- writing ------------------------------------------------------------- */

/* Writes all bytes and puts them on the disk. 0, or an errno. */
static int write_all(int fd, const char *data, size_t size)
{
    while (size) {
        ssize_t put = write(fd, data, size);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno;
        if (put == 0)
            return EIO;
        data += put;
        size -= (size_t)put;
    }
    return fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
}

/* Makes a new file, with the owner and mode of `like` if there is one. 0, or an errno. */
static int write_file(int folder, const char *name, const char *data, size_t size,
                      const struct stat *like)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    like ? 0600 : 0666);
    struct stat made;
    int error = 0;

    if (fd < 0)
        return errno;
    if (like) {
        error = error_of(fstat(fd, &made));
        if (error == 0 && (made.st_uid != like->st_uid || made.st_gid != like->st_gid))
            error = error_of(fchown(fd, like->st_uid, like->st_gid));
        /* Behind fchown, which clears the set-id bits. */
        if (error == 0)
            error = error_of(fchmod(fd, like->st_mode & 07777));
    }
    if (error == 0)
        error = write_all(fd, data, size);
    if (close(fd) != 0 && error == 0)
        error = errno;
    return error;
}

/* Gives the old file its second name: a link, or where links are not to be had, a copy. 0, or an
 * errno. */
static int keep_old(const struct undo_log *log, const struct entry *entry, const struct stat *old)
{
    const struct timespec times[] = {old->st_atim, old->st_mtim};
    int error = error_of(linkat(entry->folder, entry->base, entry->folder, entry->old_name, 0));
    struct ropp_file file;
    const char *why;

    if (error != EPERM && error != EOPNOTSUPP && error != ENOSYS && error != EMLINK)
        return error;
    if (ropp_tree_read(log->tree, entry->path, &file, &why) != ROPP_TREE_OK)
        return EIO;
    error = write_file(entry->folder, entry->old_name, file.data, file.size, old);
    ropp_file_free(&file);
    return error ? error
                 : error_of(utimensat(entry->folder, entry->old_name, times, AT_SYMLINK_NOFOLLOW));
}

/* Whether the file is still the one that was read when the changes were made up. */
static bool is_unchanged(const struct entry *entry, const struct stat *old)
{
    struct stat now;

    if (!exists(entry->folder, entry->base, &now))
        return entry->kind == ROPP_CHANGE_CREATE && errno == ENOENT;
    return entry->kind != ROPP_CHANGE_CREATE && S_ISREG(now.st_mode) && same_file(&now, old) &&
           same_content(&now, old);
}

/* Writes the undo log and, next to each file, what will replace it. Returns an exit status. */
static int prepare(const struct undo_log *log, const struct ropp_change *changes)
{
    struct ropp_buffer text = {0};
    int error;

    ropp_buffer_text(&text, LOG_TITLE "\n");
    for (size_t i = 0; i < log->count; i++)
        ropp_buffer_format(&text, "%s %016" PRIx64 " %s\n", kind_names[changes[i].kind],
                           log->entries[i].hash, changes[i].path);
    ropp_buffer_text(&text, "end\n");
    error = write_file(log->folder, "prepare", text.data, text.size, NULL);
    ropp_buffer_free(&text);
    if (error == 0)
        error = sync_folder(log->folder);
    if (error == 0)
        error = sync_folder(log->tree->fd);
    if (error)
        return failed(log->tree, "write", LOG_FOLDER "/prepare", error);
    for (size_t i = 0; i < log->count; i++) {
        const struct entry *entry = &log->entries[i];

        if (changes[i].kind != ROPP_CHANGE_REMOVE)
            error = write_file(entry->folder, entry->new_name, changes[i].data, changes[i].size,
                               changes[i].old);
        if (error == 0 && changes[i].kind != ROPP_CHANGE_CREATE)
            error = keep_old(log, entry, changes[i].old);
        if (error == 0)
            error = sync_folder(entry->folder);
        if (error)
            return failed(log->tree, "write", entry->path, error);
    }
    return ROPP_EXIT_DONE;
}

/* From here on, taking back means to switch names. Returns an exit status. */
static int begin_commit(const struct undo_log *log)
{
    int error = error_of(renameat(log->folder, "prepare", log->folder, "commit"));

    if (error == 0)
        error = sync_folder(log->folder);
    return error ? failed(log->tree, "write", LOG_FOLDER, error) : ROPP_EXIT_DONE;
}

/* Switches the names. Returns an exit status. */
static int commit(const struct undo_log *log, const struct ropp_change *changes)
{
    for (size_t i = 0; i < log->count; i++) {
        const struct entry *entry = &log->entries[i];
        int error = 0;

        if (!is_unchanged(entry, changes[i].old))
            return ropp_fail(ROPP_EXIT_REFUSED,
                             "somebody changed this file at the same time: %s/%s: run it again",
                             log->tree->name, entry->path);
        if (changes[i].kind == ROPP_CHANGE_REMOVE)
            error = error_of(unlinkat(entry->folder, entry->base, 0));
        else
            error = error_of(renameat(entry->folder, entry->new_name, entry->folder, entry->base));
        if (error == 0)
            error = sync_folder(entry->folder);
        if (error)
            return failed(log->tree, "write", entry->path, error);
    }
    return ROPP_EXIT_DONE;
}

/* Describes the changes in a new undo log. Returns an exit status. */
static int begin_log(struct undo_log *log, const struct ropp_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = ropp_hash(ROPP_HASH_START, changes[i].data, changes[i].size);

        if (!add_entry(log, changes[i].kind, hash, changes[i].path))
            return ROPP_EXIT_USAGE;
        if (log->entries[i].folder < 0)
            return failed(log->tree, "write", changes[i].path, ENOENT);
    }
    return ROPP_EXIT_DONE;
}

static int write_logged(struct undo_log *log, const struct ropp_change *changes, size_t count)
{
    const struct ropp_tree *tree = log->tree;
    enum stage stage = STAGE_PREPARE;
    int status;

    if (mkdirat(tree->fd, LOG_FOLDER, 0700) != 0)
        return failed(tree, "make the undo log's folder", LOG_FOLDER, errno);
    log->folder = openat(tree->fd, LOG_FOLDER, FOLDER_FLAGS);
    if (log->folder < 0) {
        status = failed(tree, "open", LOG_FOLDER, errno);
        unlinkat(tree->fd, LOG_FOLDER, AT_REMOVEDIR);
        return status;
    }
    status = begin_log(log, changes, count);
    if (status == ROPP_EXIT_DONE)
        status = prepare(log, changes);
    if (status == ROPP_EXIT_DONE) {
        /* If it fails, names are switched back: harmless where they were not switched. */
        stage = STAGE_COMMIT;
        status = begin_commit(log);
    }
    if (status == ROPP_EXIT_DONE)
        status = commit(log, changes);
    /* With this rename all is done, even if it cannot be put on the disk at once. */
    if (status == ROPP_EXIT_DONE && renameat(log->folder, "commit", log->folder, "done") != 0)
        status = failed(tree, "write", LOG_FOLDER, errno);
    if (status == ROPP_EXIT_DONE) {
        /* All is written; what could not be tidied up is tidied up by the next run. */
        if (take_back(log, STAGE_DONE, false) != ROPP_EXIT_DONE)
            ropp_error("the changes are made all the same: %s: the next run tidies up", tree->name);
    } else if (take_back(log, stage, false) == ROPP_EXIT_DONE) {
        ropp_error("nothing was changed: %s: the tree is as it was", tree->name);
    } else {
        ropp_error("could not take everything back: %s: the next run of `ropp patch` tries again",
                   tree->name);
    }
    return status;
}

int ropp_undo_write(const struct ropp_tree *tree, const struct ropp_change *changes, size_t count)
{
    struct undo_log log = {tree, -1, NULL, 0};
    sigset_t wait, before;
    void (*on_limit)(int);
    int status;

    if (count == 0)
        return ROPP_EXIT_DONE;
    /* A Ctrl-C arrives when the tree is whole again; a file size limit is an error, not a death. */
    sigemptyset(&wait);
    sigaddset(&wait, SIGINT);
    sigaddset(&wait, SIGTERM);
    sigaddset(&wait, SIGHUP);
    sigprocmask(SIG_BLOCK, &wait, &before);
    on_limit = signal(SIGXFSZ, SIG_IGN);
    status = write_logged(&log, changes, count);
    close_log(&log);
    if (on_limit != SIG_ERR)
        signal(SIGXFSZ, on_limit);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return status;
}
