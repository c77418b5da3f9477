// SPDX-License-Identifier: MIT
#include "tools/patch/compile/shadow.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/buffer.h"
#include "tools/base/keep.h"

static bool failed(const char *path)
{
    return ropp_error("cannot write a temporary file: %s: %s", path, ropp_errno_text(errno));
}

/* Links everything that is in a folder of the tree ("" or "/src/common") into the shadow's. */
static bool link_entries(const struct ropp_shadow *shadow, const char *folder)
{
    const char *from = ropp_keep_format("%s%s", shadow->tree, folder);
    DIR *entries = opendir(from);
    struct dirent *entry;
    bool ok = entries != NULL;

    if (!ok)
        ropp_error("cannot read the folder: %s: %s", from, ropp_errno_text(errno));
    while (ok && (entry = readdir(entries)) != NULL) {
        const char *target = ropp_keep_format("%s/%s", from, entry->d_name);
        const char *name = ropp_keep_format("%s%s/%s", shadow->folder, folder, entry->d_name);

        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            symlink(target, name) != 0)
            ok = failed(name);
    }
    if (entries)
        closedir(entries);
    return ok;
}

/* Makes the folders of a path the shadow's own: links become folders of links. */
static bool own_folders(const struct ropp_shadow *shadow, const char *path)
{
    bool ok = true;

    for (const char *slash = strchr(path, '/'); slash && ok; slash = strchr(slash + 1, '/')) {
        const char *folder = ropp_keep_format("/%.*s", (int)(slash - path), path);
        const char *name = ropp_keep_format("%s%s", shadow->folder, folder);

        if (unlink(name) == 0)
            ok = (mkdir(name, 0700) == 0 || failed(name)) && link_entries(shadow, folder);
    }
    return ok;
}

static bool write_file(const char *path, const struct ropp_buffer *content)
{
    FILE *file;
    bool ok;

    if (unlink(path) != 0 && errno != ENOENT)
        return failed(path);
    file = fopen(path, "wb");
    if (file == NULL)
        return failed(path);
    ok = fwrite(content->data, 1, content->size, file) == content->size;
    ok = fclose(file) == 0 && ok;
    return ok || failed(path);
}

/* Whether the compiler sees a difference in this file. */
static bool is_of_interest(const struct ropp_planned_file *file)
{
    return ropp_language_of_file(file->path) == ROPP_LANGUAGE_C && (file->wanted || file->on_disk);
}

static bool place_file(const struct ropp_shadow *shadow, const struct ropp_planned_file *file,
                       bool woven)
{
    const bool copy = file->is_copy || !file->on_disk;
    const char *path = ropp_keep_format("%s/%s", shadow->folder, file->path);

    if (!own_folders(shadow, file->path))
        return false;
    if (copy && !(woven && file->wanted))
        return unlink(path) == 0 || errno == ENOENT || failed(path);
    return write_file(path, woven ? &file->result : &file->stripped.text);
}

bool ropp_shadow_begin(struct ropp_shadow *shadow, const struct ropp_tree *tree,
                       const struct ropp_plan *plan, bool woven)
{
    const char *temporary = getenv("TMPDIR");
    char *name = ropp_keep_format("%s/ropp-compile-XXXXXX", temporary ? temporary : "/tmp");
    bool ok;

    shadow->folder = NULL;
    shadow->tree = ropp_keep(realpath(tree->name, NULL));
    if (shadow->tree == NULL)
        return ropp_error("cannot find the tree: %s: %s", tree->name, ropp_errno_text(errno));
    if (mkdtemp(name) == NULL)
        return failed(name);
    shadow->folder = ropp_keep(realpath(name, NULL));
    ok = (shadow->folder != NULL || failed(name)) && link_entries(shadow, "");
    for (size_t i = 0; i < plan->file_count && ok; i++)
        if (is_of_interest(&plan->files[i]))
            ok = place_file(shadow, &plan->files[i], woven);
    return ok;
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
    (void)stat;
    (void)type;
    (void)walk;
    return remove(path);
}

void ropp_shadow_end(struct ropp_shadow *shadow)
{
    /* Links are removed, never followed. */
    if (shadow->folder && nftw(shadow->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0)
        ropp_error("cannot remove the temporary folder: %s: %s: remove it yourself", shadow->folder,
                   ropp_errno_text(errno));
    memset(shadow, 0, sizeof *shadow);
}
