// SPDX-License-Identifier: MIT
#include "tools/patch/hooks/patchset.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/patch/hooks/bundle.h"

/* Hook files are small; what is larger was given by mistake. */
#define HOOKFILE_LIMIT ((size_t)1 << 20)

/* -- one file after the other -------------------------------------------- */

static struct ropp_dialect *find_dialect(struct ropp_patchset *set, const char *folder, size_t size)
{
    struct ropp_dialect *dialect;

    for (size_t i = 0; i < set->dialect_count; i++)
        if (strlen(set->dialects[i].folder) == size &&
            memcmp(set->dialects[i].folder, folder, size) == 0)
            return &set->dialects[i];
    set->dialects = ropp_grow(set->dialects, set->dialect_count, sizeof *set->dialects);
    dialect = &set->dialects[set->dialect_count++];
    dialect->folder = ropp_copy_text(folder, size);
    return dialect;
}

static bool print_mistakes(const char *source, const struct ropp_mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ropp_error("%s:%zu: %s", source, mistakes[i].line, mistakes[i].text);
    return count == 0;
}

static bool is_of_interest(const char *name)
{
    const char *dot = strrchr(name, '.');

    return strcmp(name, "dialect") == 0 || (dot != NULL && strcmp(dot, ".hook") == 0);
}

/* Takes in one file of the set: "dialect" or "NAME.hook". */
static bool add_file(struct ropp_dialect *dialect, const char *name, const char *source,
                     const char *data, size_t size)
{
    struct ropp_hookfile *file;

    if (strcmp(name, "dialect") == 0) {
        dialect->described = true;
        ropp_dialect_file_parse(&dialect->file, source, data, size);
        return print_mistakes(source, dialect->file.mistakes, dialect->file.mistake_count);
    }
    dialect->hookfiles =
        ropp_grow(dialect->hookfiles, dialect->hookfile_count, sizeof *dialect->hookfiles);
    file = &dialect->hookfiles[dialect->hookfile_count++];
    ropp_hookfile_parse(file, source, data, size);
    return print_mistakes(source, file->mistakes, file->mistake_count);
}

static bool load_bundle(struct ropp_patchset *set)
{
    static const char prefix[] = "patches/";
    size_t count;
    const struct ropp_bundle_file *files = ropp_bundle(&count);
    bool ok = true;

    for (size_t i = 0; i < count; i++) {
        const char *folder = files[i].path + sizeof prefix - 1, *slash;

        if (strncmp(files[i].path, prefix, sizeof prefix - 1) != 0 ||
            (slash = strchr(folder, '/')) == NULL || !is_of_interest(slash + 1))
            continue;
        ok &= add_file(find_dialect(set, folder, (size_t)(slash - folder)), slash + 1,
                       files[i].path, (const char *)files[i].data, files[i].size);
    }
    return ok;
}

/* Reads a file of a folder that the user gave; links are the user's own there. NULL without a
 * `*why`: it cannot be opened, errno. */
static char *read_file(const char *path, size_t limit, size_t *size, char **why)
{
    FILE *file = fopen(path, "rb");
    struct ropp_buffer data = {0};

    if (file == NULL)
        return NULL;
    if (!ropp_buffer_read(&data, file, limit + 1))
        *why = ropp_format("%s", ropp_errno_text(errno));
    else if (data.size > limit)
        *why = ropp_format("larger than %zu KiB: not one of ropp's files", limit >> 10);
    fclose(file);
    *size = data.size;
    if (*why == NULL)
        return ropp_buffer_take(&data);
    ropp_buffer_free(&data);
    return NULL;
}

/* All names in a folder that are not hidden; false when it cannot be read. */
static bool list_names(const char *path, struct ropp_texts *names)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    if (folder == NULL)
        return false;
    while ((entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.')
            ropp_texts_add(names, entry->d_name, strlen(entry->d_name));
    closedir(folder);
    return true;
}

static bool load_dialect_folder(struct ropp_patchset *set, const char *name)
{
    char *path = ropp_format("%s/%s", set->folder, name);
    struct ropp_texts names = {NULL, 0};
    bool ok = true;

    /* What is no folder, such as a file that a `copy` takes, has no names. */
    (void)list_names(path, &names);
    for (size_t i = 0; i < names.count; i++) {
        char *source = ropp_format("%s/%s", path, names.items[i]), *data = NULL, *why = NULL;
        size_t size;

        if (!is_of_interest(names.items[i])) {
            free(source);
            continue;
        }
        data = read_file(source, HOOKFILE_LIMIT, &size, &why);
        if (data == NULL)
            ropp_error("cannot read the hook file: %s: %s", source,
                       why ? why : ropp_errno_text(errno));
        ok &= data != NULL &&
              add_file(find_dialect(set, name, strlen(name)), names.items[i], source, data, size);
        free(source);
        free(data);
        free(why);
    }
    ropp_texts_free(&names);
    free(path);
    return ok;
}

/* Reads what a folder of the user's holds, without anything of ropp's. */
static bool load_folder(struct ropp_patchset *set)
{
    struct ropp_texts names = {NULL, 0};
    bool ok = true;

    if (!list_names(set->folder, &names)) {
        ropp_error("cannot open the folder of hook files: %s: %s", set->folder,
                   ropp_errno_text(errno));
        return false;
    }
    for (size_t i = 0; i < names.count; i++)
        ok &= load_dialect_folder(set, names.items[i]);
    ropp_texts_free(&names);
    if (ok && set->dialect_count == 0) {
        ropp_error("no hook files: %s: it must hold one folder a dialect, with a file 'dialect' "
                   "and *.hook files",
                   set->folder);
        return false;
    }
    return ok;
}

/* -- the user's over ropp's ---------------------------------------------- */

static void drop(struct ropp_dialect *dialect, const char *name)
{
    for (size_t i = 0; i < dialect->hookfile_count; i++)
        ropp_hookfile_drop(&dialect->hookfiles[i], name);
}

/* Moves what the user has for a dialect over what ropp has for it. */
static void lay_over(struct ropp_dialect *dialect, struct ropp_dialect *own)
{
    const size_t count = dialect->hookfile_count;

    for (size_t f = 0; f < own->hookfile_count; f++) {
        struct ropp_hookfile *file = &own->hookfiles[f];

        for (size_t i = 0; i < file->hook_count; i++) {
            file->hooks[i].own = true;
            drop(dialect, file->hooks[i].name);
        }
        for (size_t i = 0; i < file->copy_count; i++) {
            file->copies[i].own = true;
            drop(dialect, file->copies[i].name);
        }
    }
    for (size_t f = 0; f < own->hookfile_count; f++) {
        dialect->hookfiles = ropp_grow(dialect->hookfiles, count + f, sizeof *dialect->hookfiles);
        dialect->hookfiles[dialect->hookfile_count++] = own->hookfiles[f];
    }
    own->hookfile_count = 0;
    if (own->described) {
        ropp_dialect_file_free(&dialect->file);
        dialect->file = own->file;
        dialect->described = true;
        memset(&own->file, 0, sizeof own->file);
    }
}

static bool add_folder(struct ropp_patchset *set)
{
    struct ropp_patchset own = {.folder = set->folder};
    bool ok = load_folder(&own);

    for (size_t i = 0; i < own.dialect_count; i++)
        lay_over(find_dialect(set, own.dialects[i].folder, strlen(own.dialects[i].folder)),
                 &own.dialects[i]);
    ropp_patchset_free(&own);
    return ok;
}

/* -- the whole ----------------------------------------------------------- */

/* The order of insertions at one place: a folder's file goes to ropp's of the same name. */
static int compare_hookfiles(const void *left, const void *right)
{
    const struct ropp_hookfile *one = left, *other = right;
    int order = strcmp(strrchr(one->source, '/'), strrchr(other->source, '/'));

    return order ? order : strcmp(one->source, other->source);
}

static int compare_dialects(const void *left, const void *right)
{
    return strcmp(((const struct ropp_dialect *)left)->folder,
                  ((const struct ropp_dialect *)right)->folder);
}

struct named {
    const char *name, *source;
    size_t line;
};

/* The name of a hook is its mark in the tree: there can be only one. */
static bool check_names(const struct ropp_dialect *dialect)
{
    struct named *list = NULL;
    size_t count = 0, k;
    bool ok = true;

    for (size_t f = 0; f < dialect->hookfile_count; f++) {
        const struct ropp_hookfile *file = &dialect->hookfiles[f];

        for (size_t i = 0; i < file->hook_count + file->copy_count; i++) {
            bool hook = i < file->hook_count;
            struct named this_one = {
                hook ? file->hooks[i].name : file->copies[i - file->hook_count].name, file->source,
                hook ? file->hooks[i].line : file->copies[i - file->hook_count].line};

            if (hook && i > 0 && file->hooks[i - 1].or_next)
                continue; /* another shape of the one before */
            for (k = 0; k < count && strcmp(list[k].name, this_one.name) != 0;)
                k++;
            if (k < count) {
                ropp_error("%s:%zu: the name '%s' is taken already: %s:%zu", this_one.source,
                           this_one.line, this_one.name, list[k].source, list[k].line);
                ok = false;
            }
            list = ropp_grow(list, count, sizeof *list);
            list[count++] = this_one;
        }
    }
    free(list);
    return ok;
}

int ropp_patchset_load(struct ropp_patchset *set, const char *folder)
{
    bool ok;

    memset(set, 0, sizeof *set);
    set->folder = folder;
    ok = load_bundle(set) && (folder == NULL || add_folder(set));
    if (set->dialect_count)
        qsort(set->dialects, set->dialect_count, sizeof *set->dialects, compare_dialects);
    for (size_t i = 0; i < set->dialect_count; i++) {
        struct ropp_dialect *dialect = &set->dialects[i];

        if (dialect->hookfile_count)
            qsort(dialect->hookfiles, dialect->hookfile_count, sizeof *dialect->hookfiles,
                  compare_hookfiles);
        if (!dialect->described) {
            ropp_error("hook files without a 'dialect' file beside them: %s: write one that says "
                       "how such a tree is recognised",
                       dialect->folder);
            ok = false;
        }
        /* With other mistakes about, names may be missing. */
        if (ok)
            ok = check_names(dialect);
    }
    return ok ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}

void ropp_patchset_free(struct ropp_patchset *set)
{
    for (size_t i = 0; i < set->dialect_count; i++) {
        struct ropp_dialect *dialect = &set->dialects[i];

        for (size_t k = 0; k < dialect->hookfile_count; k++)
            ropp_hookfile_free(&dialect->hookfiles[k]);
        free(dialect->hookfiles);
        ropp_dialect_file_free(&dialect->file);
        free(dialect->folder);
    }
    free(set->dialects);
    memset(set, 0, sizeof *set);
}

/* -- detection ----------------------------------------------------------- */

/* Whether the tree fulfils a rule. On no, adds the reason to `failures`. */
static bool rule_holds(const struct ropp_tree *tree, const struct ropp_rule *rule,
                       struct ropp_buffer *failures)
{
    for (size_t i = 0; i < rule->paths.count; i++) {
        char *why = NULL;
        enum ropp_tree_result result = ropp_tree_look(tree, rule->paths.items[i], &why);

        if (result == ROPP_TREE_TROUBLE) {
            ropp_buffer_format(failures, "%s%s", failures->size ? ", " : "", why);
            free(why);
            return false;
        }
        if (result == ROPP_TREE_OK) {
            if (!rule->lacks)
                return true;
            ropp_buffer_format(failures, "%s%s is there", failures->size ? ", " : "",
                               rule->paths.items[i]);
            return false;
        }
    }
    if (rule->lacks)
        return true;
    ropp_buffer_text(failures, failures->size ? ", no " : "no ");
    for (size_t i = 0; i < rule->paths.count; i++)
        ropp_buffer_format(failures, "%s%s", i ? " or " : "", rule->paths.items[i]);
    return false;
}

bool ropp_dialect_holds(const struct ropp_dialect *dialect, const struct ropp_tree *tree,
                        char **why)
{
    struct ropp_buffer failures = {0};
    bool holds = true;

    for (size_t k = 0; k < dialect->file.rule_count; k++)
        holds &= rule_holds(tree, &dialect->file.rules[k], &failures);
    *why = ropp_buffer_take(&failures);
    return holds;
}

const struct ropp_dialect *ropp_patchset_dialect(const struct ropp_patchset *set,
                                                 const char *wanted)
{
    struct ropp_buffer names = {0};

    for (size_t i = 0; i < set->dialect_count; i++) {
        if (strcmp(set->dialects[i].folder, wanted) == 0) {
            ropp_buffer_free(&names);
            return &set->dialects[i];
        }
        ropp_buffer_format(&names, "%s%s", i ? ", " : "", set->dialects[i].folder);
    }
    ropp_error("no such dialect: %s: there are: %s", wanted, names.data ? names.data : "none");
    ropp_buffer_free(&names);
    return NULL;
}

bool ropp_patchset_read(const struct ropp_patchset *set, const char *name, char **data,
                        size_t *size, char **why)
{
    size_t count;
    const struct ropp_bundle_file *files = ropp_bundle(&count);

    *why = NULL;
    *data = NULL;
    if (set->folder) {
        char *path = ropp_format("%s/%s", set->folder, name);

        *data = read_file(path, ROPP_FILE_LIMIT, size, why);
        free(path);
    }
    for (size_t i = 0; i < count && *data == NULL && *why == NULL; i++)
        if (strcmp(files[i].path, name) == 0) {
            *size = files[i].size;
            *data = ropp_copy_text((const char *)files[i].data, files[i].size);
        }
    if (*data == NULL && *why == NULL)
        *why = set->folder ? ropp_format("no file '%s' in %s or in ropp itself", name, set->folder)
                           : ropp_format("no file '%s' in ropp itself", name);
    return *data != NULL;
}
