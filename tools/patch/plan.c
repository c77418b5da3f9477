// SPDX-License-Identifier: MIT
#include "tools/patch/plan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/keep.h"
#include "tools/patch/facts.h"
#include "tools/patch/hooks/anchor.h"

/* A plan in the making: what is needed only until it is complete. */
struct making {
    struct ropp_plan *plan;
    const struct ropp_tree *tree;
    const struct ropp_patchset *set;
    const struct ropp_texts *without;
};

/* -- files --------------------------------------------------------------- */

static size_t find_file(const struct ropp_plan *plan, const char *path)
{
    size_t i;

    for (i = 0; i < plan->file_count && strcmp(plan->files[i].path, path) != 0;)
        i++;
    return i;
}

/* Takes a file into the plan: reads what ropp put there before. The content becomes the plan's. */
static size_t add_file(struct making *making, const char *path, const struct ropp_file *disk)
{
    struct ropp_plan *plan = making->plan;
    struct ropp_planned_file *file;

    plan->files = ropp_keep_grow(plan->files, plan->file_count, sizeof *plan->files);
    file = &plan->files[plan->file_count];
    file->path = ropp_keep_text(path);
    if (disk) {
        file->on_disk = true;
        file->disk = *disk;
        file->is_copy = ropp_copy_read(disk->data, disk->size, &file->copy_marker);
        if (!file->is_copy) {
            file->wanted = true;
            ropp_strip(disk->data, disk->size, &file->stripped);
        }
    }
    return plan->file_count++;
}

/* Finds or reads the file of a path. */
static enum ropp_tree_result open_file(struct making *making, const char *path, size_t *index,
                                       const char **why)
{
    struct ropp_file disk;
    enum ropp_tree_result result;

    *why = NULL;
    *index = find_file(making->plan, path);
    if (*index < making->plan->file_count)
        return making->plan->files[*index].on_disk ? ROPP_TREE_OK : ROPP_TREE_ABSENT;
    result = ropp_tree_read(making->tree, path, &disk, why);
    if (result == ROPP_TREE_OK)
        *index = add_file(making, path, &disk);
    return result;
}

/* -- what is in the tree already ----------------------------------------- */

static void add_once(struct ropp_texts *texts, char *text)
{
    if (!ropp_texts_have(texts, text))
        ropp_texts_keep(texts, text);
}

/* The folders where hooks of any dialect go: an older version's insertions are there too. And those of
 * their files whose names do not say that they are sources: a folder's list has only those that do. */
static void collect_places(const struct ropp_patchset *set, struct ropp_texts *roots,
                           struct ropp_texts *odd)
{
    for (size_t d = 0; d < set->dialect_count; d++)
        for (size_t i = 0; i < set->dialects[d].hook_count; i++) {
            const struct ropp_hook *hook = &set->dialects[d].hooks[i];

            for (size_t k = 0; k < hook->files.count && hook->kind != ROPP_TRAP; k++) {
                char *path = hook->files.items[k];
                const char *slash = strchr(path, '/');

                add_once(roots, ropp_keep_part(path, slash ? (size_t)(slash - path) : 0));
                if (ropp_language_of_file(path) == ROPP_LANGUAGES)
                    add_once(odd, path);
            }
        }
}

/* Whether a file is made from its neighbour NAME.in: then it has that one's marks, but it is the
 * business of who made it. */
static bool is_generated(const struct making *making, const char *path)
{
    const char *why;

    return ropp_tree_look(making->tree, ropp_keep_format("%s.in", path), &why) == ROPP_TREE_OK;
}

static bool scan_file(struct making *making, const char *path, const char **why)
{
    struct ropp_file disk;
    enum ropp_tree_result result = ropp_tree_read(making->tree, path, &disk, why);

    if (result == ROPP_TREE_ABSENT)
        return true; /* removed in between */
    if (result == ROPP_TREE_TROUBLE)
        return false;
    if (ropp_is_marked(disk.data, disk.size) && !is_generated(making, path)) {
        size_t index = add_file(making, path, &disk);
        const struct ropp_planned_file *file = &making->plan->files[index];

        if (file->is_copy || file->stripped.block_count || file->stripped.damage)
            return true;
        /* The word is there for another reason. */
        making->plan->file_count--;
        ropp_buffer_free(&making->plan->files[index].stripped.text);
    }
    ropp_file_free(&disk);
    return true;
}

/* Takes in every file with a mark of ropp's. */
static int scan_tree(struct making *making)
{
    const struct ropp_texts before = ropp_facts_recall(making->tree, making->set).files;
    struct ropp_texts roots = {NULL, 0}, paths = {NULL, 0};
    enum ropp_tree_result result = ROPP_TREE_OK;
    const char *why = NULL;
    bool ok = true;

    collect_places(making->set, &roots, &paths);
    for (size_t i = 0; i < roots.count && result != ROPP_TREE_TROUBLE; i++)
        result =
            ropp_tree_list(making->tree, roots.items[i], roots.items[i][0] != '\0', &paths, &why);
    for (size_t i = 0; i < before.count; i++)
        if (ropp_tree_path_ok(before.items[i]))
            add_once(&paths, before.items[i]);
    for (size_t i = 0; i < paths.count && ok && result != ROPP_TREE_TROUBLE; i++)
        ok = scan_file(making, paths.items[i], &why);
    return why == NULL ? ROPP_EXIT_DONE
                       : ropp_fail(ROPP_EXIT_USAGE, "cannot look through the tree: %s: %s",
                                   making->tree->name, why);
}

/* -- hooks --------------------------------------------------------------- */

static struct ropp_outcome *add_outcome(struct making *making, const struct ropp_hook *hook,
                                        const char *path)
{
    struct ropp_plan *plan = making->plan;
    struct ropp_outcome *outcome;

    plan->outcomes = ropp_keep_grow(plan->outcomes, plan->outcome_count, sizeof *plan->outcomes);
    outcome = &plan->outcomes[plan->outcome_count++];
    outcome->hook = hook;
    outcome->path = path;
    return outcome;
}

static enum ropp_outcome_state missing(const char *optional)
{
    return optional ? ROPP_OUTCOME_LEFT_OUT : ROPP_OUTCOME_FAILED;
}

/* What a fact is worth, found or not. */
static void settle_fact(struct ropp_outcome *outcome)
{
    if (outcome->state == ROPP_OUTCOME_FITS) {
        outcome->value = outcome->place.lines.items[0];
    } else if (outcome->hook->fallback) {
        outcome->value = outcome->hook->fallback;
        outcome->state = ROPP_OUTCOME_DEFAULT;
    }
}

static const char *none_exists(const struct ropp_texts *paths)
{
    struct ropp_buffer text = {0};

    if (paths->count == 1)
        return "there is no such file";
    ropp_buffer_text(&text, "none of these files is there:");
    for (size_t i = 0; i < paths->count; i++)
        ropp_buffer_format(&text, "%s %s", i ? "," : "", paths->items[i]);
    return ropp_keep(ropp_buffer_take(&text));
}

/* Why a file that is there cannot take an insertion, NULL when it can. */
static const char *unfit(const struct ropp_planned_file *file)
{
    if (file->is_copy)
        return "this file was put there by ropp itself";
    if (file->stripped.damage)
        return "ropp's markers in this file are damaged";
    if (memchr(file->stripped.text.data, '\0', file->stripped.text.size))
        return "there are NUL bytes in it; save it as UTF-8 or ASCII text";
    return NULL;
}

static const struct ropp_mask *mask_of(struct ropp_planned_file *file, enum ropp_language language)
{
    if (file->mask.text == NULL || file->mask.language != language) {
        ropp_mask_free(&file->mask);
        ropp_mask_init(&file->mask, language, file->stripped.text.data, file->stripped.text.size);
    }
    return &file->mask;
}

static enum ropp_outcome_state place_hook(struct ropp_planned_file *file,
                                          const struct ropp_hook *hook,
                                          struct ropp_outcome *outcome)
{
    outcome->why = unfit(file);
    if (outcome->why)
        return ROPP_OUTCOME_FAILED;
    switch (ropp_anchor_find(hook, mask_of(file, hook->language), &outcome->place, &outcome->why)) {
    case ROPP_ANCHOR_FOUND:
        return ROPP_OUTCOME_FITS;
    case ROPP_ANCHOR_MISSING:
        return missing(hook->optional);
    case ROPP_ANCHOR_REFUSED:
    default:
        return ROPP_OUTCOME_FAILED;
    }
}

/* Whether a tree has what a hook is for. What cannot be looked at is taken for there: the hook's
 * own file is beside it and shows the trouble. */
static bool is_called_for(const struct making *making, const struct ropp_hook *hook)
{
    for (size_t i = 0; i < hook->when.count; i++) {
        const char *why;

        if (ropp_tree_look(making->tree, hook->when.items[i], &why) != ROPP_TREE_ABSENT)
            return true;
    }
    return hook->when.count == 0;
}

/* One outcome for the file the hook means; with `each`, one for every file that is there. */
static void look_for_hook(struct making *making, const struct ropp_hook *hook)
{
    const char *first = hook->files.items[0];
    struct ropp_outcome *outcome = NULL;

    if (!is_called_for(making, hook)) {
        outcome = add_outcome(making, hook, first);
        outcome->why = ropp_keep_format("there is no %s", hook->when.items[0]);
        outcome->state = ROPP_OUTCOME_LEFT_OUT;
        return;
    }
    for (size_t i = 0; i < hook->files.count && (hook->each || outcome == NULL); i++) {
        size_t index;
        const char *why;
        enum ropp_tree_result result = open_file(making, hook->files.items[i], &index, &why);

        if (result == ROPP_TREE_ABSENT)
            continue;
        outcome = add_outcome(making, hook, hook->files.items[i]);
        outcome->why = why;
        outcome->state = result == ROPP_TREE_OK
                             ? place_hook(&making->plan->files[index], hook, outcome)
                             : ROPP_OUTCOME_FAILED;
    }
    if (outcome == NULL) {
        outcome = add_outcome(making, hook, first);
        outcome->why = none_exists(&hook->files);
        outcome->state = hook->build ? ROPP_OUTCOME_LEFT_OUT : missing(hook->optional);
    }
}

/* How near a shape of a hook is to this tree, by the outcomes that begin at `first`: all of its
 * places are there, its file is, or nothing. */
enum nearness { NEARNESS_NONE, NEARNESS_FILE, NEARNESS_FITS };

static enum nearness nearness_of(const struct making *making, size_t first)
{
    const struct ropp_plan *plan = making->plan;
    enum nearness nearness = NEARNESS_FITS;

    for (size_t i = first; i < plan->outcome_count; i++) {
        if (plan->outcomes[i].state == ROPP_OUTCOME_FITS)
            continue;
        if (find_file(plan, plan->outcomes[i].path) == plan->file_count)
            return NEARNESS_NONE;
        nearness = NEARNESS_FILE;
    }
    return nearness;
}

/* Looks for each shape of a hook in turn; the first that fits counts, else the nearest. */
static void look_for_shapes(struct making *making, const struct ropp_hook *hook)
{
    struct ropp_plan *plan = making->plan;
    const struct ropp_hook *nearest = hook;
    enum nearness least = NEARNESS_NONE;

    for (const struct ropp_hook *shape = hook;; shape++) {
        size_t first = plan->outcome_count;
        enum nearness nearness = NEARNESS_NONE;

        if (is_called_for(making, shape)) {
            look_for_hook(making, shape);
            nearness = nearness_of(making, first);
        }
        if (nearness == NEARNESS_FITS)
            return;
        plan->outcome_count = first;
        if (nearness > least) {
            nearest = shape;
            least = nearness;
        }
        if (!shape->or_next)
            break;
    }
    look_for_hook(making, nearest);
}

/* An adopted block of a hook counts as its place, unless the hook has other lines by now. */
static void take_adopted(struct making *making, const struct ropp_hook *hook,
                         const struct ropp_planned_file *file, const struct ropp_block *block)
{
    struct ropp_outcome *outcome = add_outcome(making, hook, file->path);

    if (strcmp(block->adopted, ropp_hook_mark(hook)) == 0) {
        ropp_place_adopted(&file->stripped, block, &outcome->place);
        return;
    }
    outcome->why = ropp_keep_format(
        "its lines were inserted by hand in line %zu, for another version of ropp: "
        "remove its two markers there, compare the lines, and adopt them again",
        block->line);
    outcome->state = ROPP_OUTCOME_FAILED;
}

/* Takes what the user has inserted for a hook by hand. Returns whether there is anything. */
static bool look_for_adopted(struct making *making, const struct ropp_hook *hook)
{
    const size_t first = making->plan->outcome_count;

    for (size_t i = 0; i < making->plan->file_count; i++) {
        const struct ropp_planned_file *file = &making->plan->files[i];

        for (size_t k = 0; k < file->stripped.block_count; k++)
            if (file->stripped.blocks[k].adopted &&
                strcmp(file->stripped.blocks[k].name, hook->name) == 0)
                take_adopted(making, hook, file, &file->stripped.blocks[k]);
    }
    return making->plan->outcome_count > first;
}

static void plan_hook(struct making *making, const struct ropp_hook *hook)
{
    const bool fact = hook->kind == ROPP_FACT;
    struct ropp_outcome *outcome;

    if (hook->feature && ropp_texts_have(making->without, hook->feature)) {
        outcome = add_outcome(making, hook, hook->files.items[0]);
        outcome->why = ropp_keep_format("--without %s", hook->feature);
        outcome->state = ROPP_OUTCOME_LEFT_OUT;
        return;
    }
    if (!fact && look_for_adopted(making, hook))
        return;
    look_for_shapes(making, hook);
    if (fact)
        settle_fact(&making->plan->outcomes[making->plan->outcome_count - 1]);
}

/* -- copies -------------------------------------------------------------- */

/* The path for a copy in this tree, NULL when none of its conditions holds or on trouble. */
static const char *choose_target(const struct making *making, const struct ropp_hook *copy,
                                 const char **why)
{
    *why = NULL;
    for (size_t i = 0; i < copy->files.count; i++) {
        enum ropp_tree_result result = ROPP_TREE_OK;

        if (copy->when.items[i][0])
            result = ropp_tree_look(making->tree, copy->when.items[i], why);
        if (result == ROPP_TREE_OK)
            return copy->files.items[i];
        if (result == ROPP_TREE_TROUBLE)
            return NULL;
    }
    return NULL;
}

static bool folder_exists(const struct making *making, const char *path, const char **why)
{
    const char *base;
    int folder;
    enum ropp_tree_result result = ropp_tree_folder(making->tree, path, &folder, &base, why);

    if (result == ROPP_TREE_OK)
        close(folder);
    else if (result == ROPP_TREE_ABSENT)
        *why = "its folder is not there";
    return result == ROPP_TREE_OK;
}

/* The content of a copy. */
static bool read_copy(const struct making *making, const struct ropp_hook *copy,
                      struct ropp_buffer *content, const char **why)
{
    if (!copy->facts)
        return ropp_patchset_read(making->set, copy->from, content, why);
    ropp_facts_compose(making->plan, making->without, content);
    return true;
}

/* Takes a copy into the plan. Unless it fits, outcome->why says what is missing. */
static enum ropp_outcome_state place_copy(struct making *making, const struct ropp_hook *copy,
                                          struct ropp_outcome *outcome)
{
    const char *target = choose_target(making, copy, &outcome->why);
    struct ropp_planned_file *file;
    enum ropp_tree_result result;
    struct ropp_buffer content = {0};
    size_t index;

    if (target == NULL && outcome->why == NULL) {
        outcome->why = none_exists(&copy->when);
        return missing(copy->optional);
    }
    if (target == NULL)
        return ROPP_OUTCOME_FAILED;
    outcome->path = target;
    result = open_file(making, target, &index, &outcome->why);
    if (result == ROPP_TREE_TROUBLE)
        return ROPP_OUTCOME_FAILED;
    if (result == ROPP_TREE_ABSENT && index == making->plan->file_count) {
        if (!folder_exists(making, target, &outcome->why))
            return missing(copy->optional);
        index = add_file(making, target, NULL);
    }
    file = &making->plan->files[index];
    if (file->on_disk && !file->is_copy) {
        outcome->why = "a file of this name is there already, and not by ropp: rename it";
        return ROPP_OUTCOME_FAILED;
    }
    if (file->wanted) {
        outcome->why = "another copy goes there";
        return ROPP_OUTCOME_FAILED;
    }
    if (!read_copy(making, copy, &content, &outcome->why))
        return ROPP_OUTCOME_FAILED;
    file->wanted = true;
    ropp_copy_compose(copy->name, ROPP_VERSION, ropp_language_of_file(target), content.data,
                      content.size, &file->result);
    ropp_buffer_free(&content);
    return ROPP_OUTCOME_FITS;
}

static void plan_copy(struct making *making, const struct ropp_hook *copy)
{
    struct ropp_outcome *outcome = add_outcome(making, copy, NULL);

    outcome->state = place_copy(making, copy, outcome);
}

/* -- the result ---------------------------------------------------------- */

static bool goes_into(const struct ropp_outcome *outcome, enum ropp_hook_kind kind,
                      const char *path)
{
    return outcome->hook->kind == kind && outcome->state == ROPP_OUTCOME_FITS &&
           strcmp(outcome->path, path) == 0;
}

static void weave_file(struct making *making, struct ropp_planned_file *file)
{
    struct ropp_insertion *insertions = NULL;
    size_t count = 0;

    for (size_t i = 0; i < making->plan->outcome_count; i++) {
        struct ropp_outcome *outcome = &making->plan->outcomes[i];

        if (!goes_into(outcome, ROPP_HOOK, file->path))
            continue;
        insertions = ropp_grow(insertions, count, sizeof *insertions);
        insertions[count++] = (struct ropp_insertion){outcome->hook->name, outcome->hook->language,
                                                      &outcome->place, &outcome->line};
    }
    file->insertion_count = count;
    ropp_weave(file->stripped.text.data, file->stripped.text.size, insertions, count, ROPP_VERSION,
               &file->result);
    /* The line of each fact, among the insertions: they are sorted by their place. */
    for (size_t i = 0; i < making->plan->outcome_count; i++) {
        struct ropp_outcome *outcome = &making->plan->outcomes[i];

        if (!goes_into(outcome, ROPP_FACT, file->path))
            continue;
        outcome->line = outcome->place.line;
        for (size_t k = 0; k < count && insertions[k].place->offset <= outcome->place.offset; k++)
            outcome->line += ropp_block_lines(insertions[k].place);
    }
    free(insertions);
}

static int compare_files(const void *left, const void *right)
{
    return strcmp(((const struct ropp_planned_file *)left)->path,
                  ((const struct ropp_planned_file *)right)->path);
}

bool ropp_plan_edited(const struct ropp_planned_file *file)
{
    if (file->is_copy)
        return file->copy_marker.edited;
    for (size_t i = 0; i < file->stripped.block_count; i++)
        if (file->stripped.blocks[i].edited)
            return true;
    return file->stripped.damage != NULL;
}

bool ropp_plan_changes(const struct ropp_planned_file *file)
{
    if (file->on_disk != file->wanted)
        return true;
    return file->wanted && (file->disk.size != file->result.size ||
                            memcmp(file->disk.data, file->result.data, file->result.size) != 0);
}

/* Whether at least one of the tree's build systems takes ropp in, as far as there are hooks for
 * them. */
static bool is_built(const struct ropp_plan *plan)
{
    bool any = false;

    for (size_t i = 0; i < plan->outcome_count; i++) {
        const struct ropp_outcome *outcome = &plan->outcomes[i];

        if (outcome->hook->build == NULL)
            continue;
        if (outcome->state == ROPP_OUTCOME_FITS)
            return true;
        any = true;
    }
    return !any;
}

static void plan_dialect(struct making *making)
{
    const struct ropp_hook *hooks = making->plan->dialect->hooks;
    const size_t count = making->plan->dialect->hook_count;

    for (size_t i = 0; i < count; i++)
        if ((hooks[i].kind == ROPP_HOOK || hooks[i].kind == ROPP_FACT) &&
            (i == 0 || !hooks[i - 1].or_next))
            plan_hook(making, &hooks[i]);
    for (size_t i = 0; i < count; i++)
        if (hooks[i].kind == ROPP_COPY)
            plan_copy(making, &hooks[i]);
}

int ropp_plan_make(struct ropp_plan *plan, const struct ropp_tree *tree,
                   const struct ropp_patchset *set, const struct ropp_dialect *dialect,
                   const struct ropp_texts *without, bool force)
{
    struct making making = {plan, tree, set, without};
    int status;

    memset(plan, 0, sizeof *plan);
    plan->dialect = dialect;
    status = scan_tree(&making);
    if (status == ROPP_EXIT_DONE && dialect)
        plan_dialect(&making);
    plan->unbuilt = dialect != NULL && !is_built(plan);
    for (size_t i = 0; i < plan->file_count; i++) {
        struct ropp_planned_file *file = &plan->files[i];

        ropp_mask_free(&file->mask);
        if (status == ROPP_EXIT_DONE && file->on_disk && !file->is_copy)
            weave_file(&making, file);
        /* --force drops edits, but what belongs to a damaged block nobody knows. */
        if (file->stripped.damage || (!force && ropp_plan_edited(file)))
            plan->problems++;
    }
    for (size_t i = 0; i < plan->outcome_count; i++)
        plan->failed += plan->outcomes[i].state == ROPP_OUTCOME_FAILED;
    plan->failed += plan->unbuilt;
    if (plan->file_count)
        qsort(plan->files, plan->file_count, sizeof *plan->files, compare_files);
    return status;
}

void ropp_plan_free(struct ropp_plan *plan)
{
    for (size_t i = 0; i < plan->file_count; i++) {
        ropp_file_free(&plan->files[i].disk);
        ropp_buffer_free(&plan->files[i].stripped.text);
        ropp_buffer_free(&plan->files[i].result);
    }
    memset(plan, 0, sizeof *plan);
}
