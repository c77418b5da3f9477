// SPDX-License-Identifier: MIT
#include "tools/patch/trap.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/keep.h"
#include "tools/patch/source/mask.h"

/* Whether a path is a file of ropp's own, or one that the trap is not about. */
static bool is_passed_over(const struct ropp_hook *trap, const char *path)
{
    const char *name = strrchr(path, '/');

    name = name ? name + 1 : path;
    return strncmp(name, "ropp.", 5) == 0 || strncmp(name, "ropp_", 5) == 0 ||
           ropp_texts_have(&trap->files, path);
}

static void look_for(const struct ropp_hook *trap, const char *path, const struct ropp_file *file,
                     struct ropp_trap_places *places)
{
    struct ropp_mask mask;
    size_t at = 0, start, end;

    ropp_mask_init(&mask, ROPP_LANGUAGE_C, file->data, file->size);
    while (at <= mask.size && ropp_pattern_match(trap->pattern, mask.lines, at, mask.size, &start,
                                                 &end) == ROPP_MATCH_FOUND) {
        places->items = ropp_keep_grow(places->items, places->count, sizeof *places->items);
        places->items[places->count++] =
            (struct ropp_trap_place){trap, path, ropp_line_of(mask.text, start)};
        at = end > start ? end : end + 1;
    }
    ropp_mask_free(&mask);
}

static void look_in(const struct ropp_tree *tree, const struct ropp_dialect *dialect,
                    const char *path, struct ropp_trap_places *places)
{
    struct ropp_file file;
    const char *why;

    if (ropp_language_of_file(path) != ROPP_LANGUAGE_C ||
        ropp_tree_read(tree, path, &file, &why) != ROPP_TREE_OK)
        return;
    for (size_t i = 0; i < dialect->hook_count; i++) {
        const struct ropp_hook *hook = &dialect->hooks[i];

        if (hook->kind == ROPP_TRAP && !is_passed_over(hook, path) &&
            memmem(file.data, file.size, hook->word, strlen(hook->word)) != NULL)
            look_for(hook, path, &file, places);
    }
    ropp_file_free(&file);
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

struct ropp_trap_places ropp_traps_find(const struct ropp_tree *tree,
                                        const struct ropp_dialect *dialect)
{
    struct ropp_trap_places places = {NULL, 0};
    struct ropp_texts paths = {NULL, 0};
    const char *why;

    (void)ropp_tree_list(tree, "src", true, &paths, &why);
    if (paths.count)
        qsort(paths.items, paths.count, sizeof *paths.items, compare_paths);
    for (size_t i = 0; i < paths.count; i++)
        look_in(tree, dialect, paths.items[i], &places);
    return places;
}
