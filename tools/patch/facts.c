// SPDX-License-Identifier: MIT
#include "tools/patch/facts.h"

#include <ctype.h>
#include <string.h>

#include "tools/base/keep.h"

/* The name of a fact's macro: ROPP_TREE_ and its own in capitals. */
static void add_macro(const char *name, struct ropp_buffer *header)
{
    ropp_buffer_text(header, "ROPP_TREE_");
    for (; *name; name++) {
        char c = *name == '-' ? '_' : (char)toupper((unsigned char)*name);

        ropp_buffer_add(header, &c, 1);
    }
}

#define MACRO_DIALECT "#define ROPP_TREE_DIALECT \""
#define MACRO_WITHOUT "#define ROPP_TREE_WITHOUT \""
#define MACRO_FILES   "#define ROPP_TREE_FILES \""

/* The files that hooks of the owner's name, so that a later run finds those that are elsewhere than
 * ropp's own without having these hooks. */
static void add_files(const struct ropp_dialect *dialect, struct ropp_buffer *header)
{
    struct ropp_texts files = {NULL, 0};

    for (size_t i = 0; i < dialect->hook_count; i++) {
        const struct ropp_hook *hook = &dialect->hooks[i];

        for (size_t k = 0; k < hook->files.count; k++)
            if (hook->own && (hook->kind == ROPP_HOOK || hook->kind == ROPP_COPY) &&
                strpbrk(hook->files.items[k], "\"|") == NULL &&
                !ropp_texts_have(&files, hook->files.items[k]))
                ropp_texts_keep(&files, hook->files.items[k]);
    }
    if (files.count == 0)
        return;
    ropp_buffer_text(header, "\n/* Where hooks of the owner's go. */\n" MACRO_FILES);
    for (size_t i = 0; i < files.count; i++)
        ropp_buffer_format(header, "%s%s", i ? "|" : "", files.items[i]);
    ropp_buffer_text(header, "\"\n");
}

/* The header of facts: a #define for each that is known. */
void ropp_facts_compose(const struct ropp_plan *plan, const struct ropp_texts *without,
                        struct ropp_buffer *header)
{
    ropp_buffer_text(
        header, "/* What ropp has found out about this tree: written by `ropp patch apply`. */\n"
                "#ifndef ROPP_TREE_H\n#define ROPP_TREE_H\n");
    for (size_t i = 0; i < plan->outcome_count; i++) {
        const struct ropp_outcome *outcome = &plan->outcomes[i];

        if (outcome->value == NULL)
            continue;
        ropp_buffer_format(header, "\n/* %s */\n#define ", outcome->hook->why);
        add_macro(outcome->hook->name, header);
        ropp_buffer_format(header, " %s\n", outcome->value);
    }
    ropp_buffer_format(header,
                       "\n/* The folder of hooks that was woven in. */\n" MACRO_DIALECT "%s\"\n",
                       plan->dialect->folder);
    ropp_buffer_text(header, "\n/* The features that this tree is without. */\n" MACRO_WITHOUT);
    for (size_t i = 0; i < without->count; i++)
        ropp_buffer_format(header, "%s%s", i ? " " : "", without->items[i]);
    ropp_buffer_text(header, "\"\n");
    add_files(plan->dialect, header);
    ropp_buffer_text(header, "\n#endif\n");
}

/* -- what the header says of earlier runs -------------------------------- */

/* What is in quotes behind a macro's beginning; NULL: it is not there. */
static char *read_macro(const char *text, const char *macro)
{
    const char *found = strstr(text, macro), *end;

    if (found == NULL)
        return NULL;
    found += strlen(macro);
    end = strchr(found, '"');
    return end ? ropp_keep_part(found, (size_t)(end - found)) : NULL;
}

/* Takes a list apart; NULL: there is none. */
static void recall_list(char *list, const char *separator, struct ropp_texts *texts)
{
    char *save = NULL;

    for (char *item = list ? strtok_r(list, separator, &save) : NULL; item;
         item = strtok_r(NULL, separator, &save))
        ropp_texts_keep(texts, item);
}

static void recall_from(const char *text, struct ropp_wish *wish)
{
    wish->dialect = read_macro(text, MACRO_DIALECT);
    recall_list(read_macro(text, MACRO_WITHOUT), " ", &wish->without);
    recall_list(read_macro(text, MACRO_FILES), "|", &wish->files);
}

static void recall_copy(const struct ropp_tree *tree, const struct ropp_hook *copy,
                        struct ropp_wish *wish)
{
    struct ropp_file file;
    struct ropp_block marker;
    const char *why;

    if (!copy->facts || wish->dialect != NULL ||
        ropp_tree_read(tree, copy->files.items[0], &file, &why) != ROPP_TREE_OK)
        return;
    if (ropp_copy_read(file.data, file.size, &marker))
        recall_from(file.data, wish);
    ropp_file_free(&file);
}

struct ropp_wish ropp_facts_recall(const struct ropp_tree *tree, const struct ropp_patchset *set)
{
    struct ropp_wish wish = {0};

    for (size_t d = 0; d < set->dialect_count; d++)
        for (size_t i = 0; i < set->dialects[d].hook_count; i++)
            recall_copy(tree, &set->dialects[d].hooks[i], &wish);
    return wish;
}
