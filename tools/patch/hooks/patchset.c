// SPDX-License-Identifier: MIT
#include "tools/patch/hooks/patchset.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/keep.h"
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
    set->dialects = ropp_keep_grow(set->dialects, set->dialect_count, sizeof *set->dialects);
    dialect = &set->dialects[set->dialect_count++];
    dialect->folder = ropp_keep_part(folder, size);
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

static void add_hook(struct ropp_dialect *dialect, const struct ropp_hook *hook)
{
    dialect->hooks = ropp_keep_grow(dialect->hooks, dialect->hook_count, sizeof *dialect->hooks);
    dialect->hooks[dialect->hook_count++] = *hook;
}

/* Takes in one file of the set: "dialect" or "NAME.hook". */
static bool add_file(struct ropp_dialect *dialect, const char *name, const char *source,
                     const char *data, size_t size)
{
    struct ropp_hookfile file;

    if (strcmp(name, "dialect") == 0) {
        dialect->described = true;
        ropp_dialect_file_parse(&dialect->file, data, size);
        return print_mistakes(source, dialect->file.mistakes, dialect->file.mistake_count);
    }
    ropp_hookfile_parse(&file, source, data, size);
    for (size_t i = 0; i < file.hook_count; i++)
        add_hook(dialect, &file.hooks[i]);
    return print_mistakes(source, file.mistakes, file.mistake_count);
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

/* Adds a file of a folder that the user gave; links are the user's own there. False without a reason:
 * it cannot be opened, errno. */
static bool read_file(const char *path, size_t limit, struct ropp_buffer *data, const char **why)
{
    FILE *file = fopen(path, "rb");

    *why = NULL;
    if (file == NULL)
        return false;
    if (!ropp_buffer_read(data, file, limit + 1))
        *why = ropp_errno_text(errno);
    else if (data->size > limit)
        *why = ropp_keep_format("larger than %zu KiB: not one of ropp's files", limit >> 10);
    fclose(file);
    if (*why)
        ropp_buffer_free(data);
    return *why == NULL;
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
            ropp_texts_keep(names, ropp_keep_text(entry->d_name));
    closedir(folder);
    return true;
}

static bool load_dialect_folder(struct ropp_patchset *set, const char *name)
{
    const char *path = ropp_keep_format("%s/%s", set->folder, name);
    struct ropp_texts names = {NULL, 0};
    bool ok = true;

    /* What is no folder, such as a file that a `copy` takes, has no names. */
    (void)list_names(path, &names);
    for (size_t i = 0; i < names.count; i++) {
        const char *source = ropp_keep_format("%s/%s", path, names.items[i]), *why;
        struct ropp_buffer data = {0};

        if (!is_of_interest(names.items[i]))
            continue;
        if (read_file(source, HOOKFILE_LIMIT, &data, &why))
            ok &= add_file(find_dialect(set, name, strlen(name)), names.items[i], source, data.data,
                           data.size);
        else
            ok = ropp_error("cannot read the hook file: %s: %s", source,
                            why ? why : ropp_errno_text(errno));
        ropp_buffer_free(&data);
    }
    return ok;
}

/* Reads what a folder of the user's holds, without anything of ropp's. */
static bool load_folder(struct ropp_patchset *set)
{
    struct ropp_texts names = {NULL, 0};
    bool ok = true;

    if (!list_names(set->folder, &names))
        return ropp_error("cannot open the folder of hook files: %s: %s", set->folder,
                          ropp_errno_text(errno));
    for (size_t i = 0; i < names.count; i++)
        ok &= load_dialect_folder(set, names.items[i]);
    if (ok && set->dialect_count == 0)
        return ropp_error(
            "no hook files: %s: it must hold one folder a dialect, with a file 'dialect' "
            "and *.hook files",
            set->folder);
    return ok;
}

/* -- the user's over ropp's ---------------------------------------------- */

/* Takes a hook out, with all of its shapes. */
static void drop(struct ropp_dialect *dialect, const char *name)
{
    size_t kept = 0;

    for (size_t i = 0; i < dialect->hook_count; i++)
        if (strcmp(dialect->hooks[i].name, name) != 0)
            dialect->hooks[kept++] = dialect->hooks[i];
    dialect->hook_count = kept;
}

/* Puts what the user has for a dialect over what ropp has for it. */
static void lay_over(struct ropp_dialect *dialect, const struct ropp_dialect *own)
{
    for (size_t i = 0; i < own->hook_count; i++)
        drop(dialect, own->hooks[i].name);
    for (size_t i = 0; i < own->hook_count; i++) {
        own->hooks[i].own = true;
        add_hook(dialect, &own->hooks[i]);
    }
    if (own->described) {
        dialect->file = own->file;
        dialect->described = true;
    }
}

static bool add_folder(struct ropp_patchset *set)
{
    struct ropp_patchset own = {.folder = set->folder};
    bool ok = load_folder(&own);

    for (size_t i = 0; i < own.dialect_count; i++)
        lay_over(find_dialect(set, own.dialects[i].folder, strlen(own.dialects[i].folder)),
                 &own.dialects[i]);
    return ok;
}

/* -- the whole ----------------------------------------------------------- */

/* The order of insertions at one place: a folder's file goes to ropp's of the same name. */
static int compare_hooks(const void *left, const void *right)
{
    const struct ropp_hook *one = left, *other = right;
    int order = strcmp(strrchr(one->source, '/'), strrchr(other->source, '/'));

    if (order == 0)
        order = strcmp(one->source, other->source);
    return order ? order : one->line < other->line ? -1 : one->line > other->line;
}

static int compare_dialects(const void *left, const void *right)
{
    return strcmp(((const struct ropp_dialect *)left)->folder,
                  ((const struct ropp_dialect *)right)->folder);
}

/* The name of a hook is its mark in the tree: there can be only one. */
static bool check_names(const struct ropp_dialect *dialect)
{
    const struct ropp_hook *hooks = dialect->hooks;
    bool ok = true;

    for (size_t i = 0; i < dialect->hook_count; i++) {
        size_t k = 0;

        if (i > 0 && hooks[i - 1].or_next)
            continue; /* another shape of the one before */
        while (strcmp(hooks[k].name, hooks[i].name) != 0)
            k++;
        if (k < i)
            ok = ropp_error("%s:%zu: the name '%s' is taken already: %s:%zu", hooks[i].source,
                            hooks[i].line, hooks[i].name, hooks[k].source, hooks[k].line);
    }
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

        if (dialect->hook_count)
            qsort(dialect->hooks, dialect->hook_count, sizeof *dialect->hooks, compare_hooks);
        if (!dialect->described)
            ok = ropp_error("hook files without a 'dialect' file beside them: %s: write one that "
                            "says how such a tree is recognised",
                            dialect->folder);
        /* With other mistakes about, names may be missing. */
        if (ok)
            ok = check_names(dialect);
    }
    return ok ? ROPP_EXIT_DONE : ROPP_EXIT_USAGE;
}

/* -- detection ----------------------------------------------------------- */

/* Whether the tree fulfils a rule. On no, adds the reason to `failures`. */
static bool rule_holds(const struct ropp_tree *tree, const struct ropp_rule *rule,
                       struct ropp_buffer *failures)
{
    for (size_t i = 0; i < rule->paths.count; i++) {
        const char *why;
        enum ropp_tree_result result = ropp_tree_look(tree, rule->paths.items[i], &why);

        if (result == ROPP_TREE_TROUBLE) {
            ropp_buffer_format(failures, "%s%s", failures->size ? ", " : "", why);
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
                        const char **why)
{
    struct ropp_buffer failures = {0};
    bool holds = true;

    for (size_t k = 0; k < dialect->file.rule_count; k++)
        holds &= rule_holds(tree, &dialect->file.rules[k], &failures);
    *why = ropp_keep(ropp_buffer_take(&failures));
    return holds;
}

const struct ropp_dialect *ropp_patchset_dialect(const struct ropp_patchset *set, const char *name)
{
    for (size_t i = 0; name != NULL && i < set->dialect_count; i++)
        if (strcmp(set->dialects[i].folder, name) == 0)
            return &set->dialects[i];
    return NULL;
}

bool ropp_patchset_read(const struct ropp_patchset *set, const char *name,
                        struct ropp_buffer *content, const char **why)
{
    size_t count;
    const struct ropp_bundle_file *files = ropp_bundle(&count);

    *why = NULL;
    if (set->folder &&
        (read_file(ropp_keep_format("%s/%s", set->folder, name), ROPP_FILE_LIMIT, content, why) ||
         *why != NULL))
        return *why == NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(files[i].path, name) == 0) {
            ropp_buffer_add(content, files[i].data, files[i].size);
            return true;
        }
    *why = set->folder ? ropp_keep_format("no file '%s' in %s or in ropp itself", name, set->folder)
                       : ropp_keep_format("no file '%s' in ropp itself", name);
    return false;
}
