// SPDX-License-Identifier: MIT
#include "tools/patch/report.h"

#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/columns.h"
#include "tools/base/json.h"
#include "tools/base/keep.h"

/* -- JSON ---------------------------------------------------------------- */

static const char *kind_of(const struct ropp_outcome *outcome)
{
    static const char *const kinds[] = {"hook", "fact", "trap", "copy"};

    return kinds[outcome->hook->kind];
}

static void json_outcomes(struct ropp_json *json, const struct ropp_plan *plan)
{
    static const char *const states[] = {"fits", "left-out", "default", "failed"};

    ropp_json_begin(json, "hooks", '[');
    for (size_t i = 0; i < plan->outcome_count; i++) {
        const struct ropp_outcome *outcome = &plan->outcomes[i];

        ropp_json_begin(json, NULL, '{');
        ropp_json_string(json, "kind", kind_of(outcome));
        ropp_json_string(json, "name", outcome->hook->name);
        ropp_json_string(json, "state", states[outcome->state]);
        ropp_json_some(json, "file", outcome->path);
        if (outcome->line)
            ropp_json_number(json, "line", (int64_t)outcome->line);
        ropp_json_some(json, "function", outcome->place.function);
        ropp_json_some(json, "conditions", outcome->place.conditions);
        ropp_json_some(json, "value", outcome->value);
        if (outcome->place.adopted)
            ropp_json_bool(json, "adopted", true);
        ropp_json_some(json, "why", outcome->why);
        ropp_json_end(json, '}');
    }
    ropp_json_end(json, ']');
}

static const char *change_name(const struct ropp_planned_file *file)
{
    if (!ropp_plan_changes(file))
        return "unchanged";
    if (!file->on_disk)
        return "created";
    return file->wanted ? "changed" : "removed";
}

static void json_compile(struct ropp_json *json, const struct ropp_compile *compile)
{
    static const char *const states[] = {"compiles", "as-before", "broken"};

    ropp_json_begin(json, "compiled", '[');
    for (size_t i = 0; i < compile->count; i++) {
        ropp_json_begin(json, NULL, '{');
        ropp_json_string(json, "file", compile->items[i].path);
        ropp_json_string(json, "state", states[compile->items[i].state]);
        ropp_json_some(json, "error", compile->items[i].error);
        ropp_json_end(json, '}');
    }
    ropp_json_end(json, ']');
}

static void json_traps(struct ropp_json *json, const struct ropp_trap_places *traps)
{
    ropp_json_begin(json, "traps", '[');
    for (size_t i = 0; i < traps->count; i++) {
        ropp_json_begin(json, NULL, '{');
        ropp_json_string(json, "name", traps->items[i].trap->name);
        ropp_json_string(json, "file", traps->items[i].path);
        ropp_json_number(json, "line", (int64_t)traps->items[i].line);
        ropp_json_string(json, "why", traps->items[i].trap->why);
        ropp_json_end(json, '}');
    }
    ropp_json_end(json, ']');
}

static void json_files(struct ropp_json *json, const struct ropp_plan *plan)
{
    ropp_json_begin(json, "files", '[');
    for (size_t i = 0; i < plan->file_count; i++) {
        const struct ropp_planned_file *file = &plan->files[i];

        if (!file->on_disk && !file->wanted)
            continue;
        ropp_json_begin(json, NULL, '{');
        ropp_json_string(json, "change", change_name(file));
        ropp_json_string(json, "file", file->path);
        ropp_json_number(json, "insertions", (int64_t)file->insertion_count);
        ropp_json_end(json, '}');
    }
    ropp_json_end(json, ']');
}

void ropp_patch_print_json(const struct ropp_patch_session *session, const char *result,
                           const char *versions, const struct ropp_trap_places *traps)
{
    struct ropp_json json = {.out = stdout};

    ropp_json_begin(&json, NULL, '{');
    ropp_json_string(&json, "command", session->asked.command);
    ropp_json_string(&json, "result", result);
    ropp_json_string(&json, "version", ROPP_VERSION);
    ropp_json_string(&json, "tree", session->tree.name);
    if (session->plan.dialect)
        ropp_json_string(&json, "dialect", session->plan.dialect->folder);
    ropp_json_some(&json, "applied_version", versions);
    if (traps)
        json_traps(&json, traps);
    json_outcomes(&json, &session->plan);
    json_files(&json, &session->plan);
    if (session->asked.try_compile)
        json_compile(&json, &session->compile);
    ropp_json_done(&json, "}");
}

/* -- tables -------------------------------------------------------------- */

size_t ropp_plan_count(const struct ropp_plan *plan, enum ropp_hook_kind kind,
                       enum ropp_outcome_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->outcome_count; i++)
        count += plan->outcomes[i].hook->kind == kind && plan->outcomes[i].state == state;
    return count;
}

const char *ropp_plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void print_place(const struct ropp_outcome *outcome)
{
    printf("%s", outcome->path);
    if (outcome->hook->kind == ROPP_COPY)
        return;
    printf(":%zu", outcome->line);
    if (outcome->place.adopted)
        printf("  inserted by hand");
    if (outcome->place.function)
        printf("  in %s", outcome->place.function);
    if (outcome->place.conditions) {
        printf("  (");
        ropp_print_safe(stdout, outcome->place.conditions);
        printf(")");
    }
}

/* Whether an outcome says what the one before it has said: a hook that is left out of each of its
 * files. */
static bool is_repeated(const struct ropp_plan *plan, size_t i)
{
    const struct ropp_outcome *outcome = &plan->outcomes[i];

    return i > 0 && outcome->hook == outcome[-1].hook && outcome->state == ROPP_OUTCOME_LEFT_OUT &&
           outcome[-1].state == ROPP_OUTCOME_LEFT_OUT;
}

void ropp_patch_print_outcomes(const struct ropp_plan *plan)
{
    size_t width = 0;

    for (size_t i = 0; i < plan->outcome_count; i++)
        if (strlen(plan->outcomes[i].hook->name) > width)
            width = strlen(plan->outcomes[i].hook->name);
    for (size_t i = 0; i < plan->outcome_count; i++) {
        const struct ropp_outcome *outcome = &plan->outcomes[i];
        /* The hook's own reason; without one, what the tree lacks. */
        const char *optional = outcome->hook->optional;

        if (is_repeated(plan, i))
            continue;
        printf("  %-5s%-*s  ", kind_of(outcome), (int)width, outcome->hook->name);
        if (outcome->value) {
            ropp_print_safe(stdout, outcome->value); /* it may be any text of the tree's */
            printf("  ");
        }
        if (outcome->state == ROPP_OUTCOME_FITS)
            print_place(outcome);
        else if (outcome->state == ROPP_OUTCOME_DEFAULT)
            printf("by default: %s", outcome->why);
        else if (outcome->state == ROPP_OUTCOME_LEFT_OUT)
            printf("left out: %s", optional ? optional : outcome->why);
        else
            printf("NO PLACE in %s", outcome->path ? outcome->path : "the tree");
        putchar('\n');
    }
}

void ropp_patch_print_changes(const struct ropp_plan *plan)
{
    size_t width = 0;

    for (size_t i = 0; i < plan->file_count; i++)
        if (ropp_plan_changes(&plan->files[i]) && strlen(plan->files[i].path) > width)
            width = strlen(plan->files[i].path);
    for (size_t i = 0; i < plan->file_count; i++) {
        const struct ropp_planned_file *file = &plan->files[i];

        if (!ropp_plan_changes(file))
            continue;
        printf("  %-*s  %s", (int)width, file->path, change_name(file));
        if (file->insertion_count)
            printf(", %zu insertion%s", file->insertion_count, ropp_plural(file->insertion_count));
        putchar('\n');
    }
}

size_t ropp_plan_count_changes(const struct ropp_plan *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->file_count; i++)
        count += ropp_plan_changes(&plan->files[i]);
    return count;
}

static void print_asked(const char *option, const char *value)
{
    if (value == NULL)
        return;
    printf(" %s ", option);
    ropp_print_word(stdout, value);
}

/* "WHAT: ropp patch COMMAND TREE", to be pasted, with the options of this command that decide what
 * is woven. */
void ropp_patch_print_next(const struct ropp_patch_session *session, const char *what,
                           const char *command)
{
    const struct ropp_patch_request *asked = &session->asked;

    printf("%s: ", what);
    ropp_print_self(stdout);
    printf(" patch %s ", command);
    ropp_print_word(stdout, session->tree.name);
    print_asked("--dialect", asked->dialect);
    print_asked("--patches", asked->patches);
    for (size_t i = 0; i < asked->without.count; i++)
        print_asked("--without", asked->without.items[i]);
    if (asked->with_all)
        print_asked("--without", "none");
    putchar('\n');
}

/* Says what must be made anew because it was made from a file that has changed: Makefile from
 * Makefile.in. */
void ropp_patch_print_generated(const struct ropp_patch_session *session)
{
    for (size_t i = 0; i < session->plan.file_count; i++) {
        const struct ropp_planned_file *file = &session->plan.files[i];
        size_t length = strlen(file->path);
        const char *made, *why;

        if (!ropp_plan_changes(file) || length < 4 || strcmp(file->path + length - 3, ".in") != 0)
            continue;
        made = ropp_keep_part(file->path, length - 3);
        if (ropp_tree_look(&session->tree, made, &why) == ROPP_TREE_OK)
            printf("note: %s was made from %s before: run ./configure or ./config.status again\n",
                   made, file->path);
    }
}

/* The versions of ropp whose marks are in the tree: "0.1.0, 0.2.0". */
const char *ropp_plan_versions(const struct ropp_plan *plan)
{
    struct ropp_buffer text = {0};

    for (size_t i = 0; i < plan->file_count; i++) {
        const struct ropp_planned_file *file = &plan->files[i];
        size_t count = file->is_copy ? 1 : file->stripped.block_count;

        for (size_t k = 0; k < count; k++) {
            const char *version =
                file->is_copy ? file->copy_marker.version : file->stripped.blocks[k].version;

            if (text.size && strstr(text.data, version))
                continue;
            ropp_buffer_format(&text, "%s%s", text.size ? ", " : "", version);
        }
    }
    return ropp_keep(ropp_buffer_take(&text));
}

/* What the compiler says of the woven files; errors of ropp's are printed as problems. */
void ropp_patch_print_compiled(const struct ropp_compile *compile)
{
    size_t before = 0;

    for (size_t i = 0; i < compile->count; i++) {
        if (compile->items[i].state != ROPP_COMPILE_BEFORE)
            continue;
        before++;
        printf("note: this does not compile without ropp either: %s\n", compile->items[i].error);
    }
    if (compile->count)
        printf("%zu of %zu woven files compile, %zu only without ropp\n",
               compile->count - before - compile->broken, compile->count, compile->broken);
}

void ropp_patch_print_traps(const struct ropp_trap_places *traps)
{
    for (size_t i = 0; i < traps->count; i++)
        printf("warning: %s:%zu: %s\n", traps->items[i].path, traps->items[i].line,
               traps->items[i].trap->why);
}
