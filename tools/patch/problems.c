// SPDX-License-Identifier: MIT
#include "tools/patch/problems.h"

#include <stdio.h>
#include <string.h>

#include "tools/base/keep.h"

/* Where a hook is defined, for who has written it: " (it is in FILE:LINE)". */
static const char *definition(const struct ropp_hook *hook)
{
    return hook->own ? ropp_keep_format(" (it is in %s:%zu)", hook->source, hook->line) : "";
}

/* Where a hook's lines belong, for who inserts them: "before the statement with /.../ in ...". */
static const char *position_of(const struct ropp_hook *hook)
{
    static const char *const words[] = {
        "at the start of",          "at the end of",        "before the statement with",
        "after the statement with", "before the line with", "after the line with",
    };
    struct ropp_buffer text = {0};

    ropp_buffer_text(&text, words[hook->position]);
    if (hook->pattern)
        ropp_buffer_format(&text, " /%s/ in", ropp_pattern_source(hook->pattern));
    if (hook->function)
        ropp_buffer_format(&text, " %s()", hook->function);
    else if (hook->function_pattern)
        ropp_buffer_format(&text, " the function /%s/",
                           ropp_pattern_source(hook->function_pattern));
    else
        ropp_buffer_text(&text, " the file");
    if (hook->label)
        ropp_buffer_format(&text, ", behind case %s", hook->label);
    return ropp_keep(ropp_buffer_take(&text));
}

/* What somebody can do who knows the place. */
static void print_by_hand(const struct ropp_outcome *outcome, const struct ropp_tree *tree)
{
    const struct ropp_hook *hook = outcome->hook;

    fprintf(stderr, "  its lines, to insert by hand %s:\n", position_of(hook));
    for (size_t i = 0; i < hook->lines.count; i++)
        fprintf(stderr, "      %s\n", hook->lines.items[i]);
    fprintf(stderr, "  (for ${...} write what this tree calls it); then: ");
    ropp_print_self(stderr);
    fprintf(stderr, " patch adopt ");
    ropp_print_word(stderr, tree->name);
    fprintf(stderr, " %s %s:LINE\n", hook->name, outcome->path);
}

/* With more hooks than these without a place, the tree is another one than ropp knows: nobody
 * inserts all of their lines by hand. */
#define BY_HAND_LIMIT 3

/* How to go on without a feature whose hook has no place: "; ...", or nothing. */
static const char *way_without(const struct ropp_plan *plan, const char *feature)
{
    const struct ropp_dialect_file *file = &plan->dialect->file;

    for (size_t i = 0; feature != NULL && i < file->feature_count; i++)
        if (strcmp(file->features[i].name, feature) == 0)
            return ropp_keep_format("; with --without %s it is left out: %s", feature,
                                    file->features[i].without);
    return "";
}

static void print_failed(const struct ropp_plan *plan, const struct ropp_tree *tree,
                         const struct ropp_outcome *outcome)
{
    const struct ropp_hook *hook = outcome->hook;

    if (hook->kind == ROPP_COPY)
        ropp_error("'%s' cannot be copied: %s/%s: %s%s", hook->from, tree->name,
                   outcome->path ? outcome->path : hook->files.items[0], outcome->why,
                   definition(hook));
    else
        ropp_error("%s '%s' (%s) finds no place: %s/%s: %s%s%s",
                   hook->kind == ROPP_FACT ? "fact" : "hook", hook->name, hook->why, tree->name,
                   outcome->path, outcome->why, way_without(plan, hook->feature), definition(hook));
}

void ropp_plan_print_problems(const struct ropp_plan *plan, const struct ropp_tree *tree,
                              bool force)
{
    for (size_t i = 0; i < plan->outcome_count; i++) {
        const struct ropp_outcome *outcome = &plan->outcomes[i];

        if (outcome->state != ROPP_OUTCOME_FAILED)
            continue;
        print_failed(plan, tree, outcome);
        if (outcome->hook->kind == ROPP_HOOK && plan->failed <= BY_HAND_LIMIT)
            print_by_hand(outcome, tree);
    }
    if (plan->unbuilt)
        ropp_error("no build would take ropp in: %s: none of the build files that ropp knows "
                   "(make, CMake, Visual Studio) is there with its list of sources",
                   tree->name);
    for (size_t i = 0; i < plan->file_count; i++) {
        const struct ropp_planned_file *file = &plan->files[i];

        if (file->stripped.damage)
            ropp_error("a marker of ropp's is damaged: %s/%s:%zu: %s: restore the file from your "
                       "version control",
                       tree->name, file->path, file->stripped.damaged_line, file->stripped.damage);
        if (file->is_copy && file->copy_marker.edited && !force)
            ropp_error("this copy of ropp's was edited: %s/%s: move your edit away, or drop it "
                       "with --force",
                       tree->name, file->path);
        for (size_t k = 0; k < file->stripped.block_count && !force; k++)
            if (file->stripped.blocks[k].edited)
                ropp_error("the inserted lines of hook '%s' were edited: %s/%s:%zu: %s",
                           file->stripped.blocks[k].name, tree->name, file->path,
                           file->stripped.blocks[k].line,
                           file->stripped.blocks[k].adopted
                               ? "they are your own: take them as they are now with --force"
                               : "move your edit outside of the markers, or drop it with --force");
    }
}
