// SPDX-License-Identifier: MIT
#include "tools/patch/patch.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/base/json.h"
#include "tools/patch/adopt.h"
#include "tools/patch/compile/compile.h"
#include "tools/patch/detect.h"
#include "tools/patch/plan.h"
#include "tools/patch/trap.h"
#include "tools/patch/tree/diff.h"
#include "tools/patch/tree/undo.h"

struct options {
    const char *command;
    const char *tree;
    const char *hook; /* of adopt */
    const char *place;
    const char *dialect;
    const char *patches;
    struct ropp_texts without;
    bool with_all; /* --without none */
    bool try_compile;
    bool force;
    bool json;
};

/* Everything a command works on. */
struct session {
    struct options options;
    struct ropp_tree tree;
    struct ropp_patchset set;
    const struct ropp_dialect *dialect; /* NULL for revert */
    struct ropp_plan plan;
    struct ropp_compile compile; /* with --try-compile */
};

static const struct session defaults = {.tree = {.fd = -1}};

/* --without FEATURE */
static bool take_without(void *request, const char *name, const char *value)
{
    struct options *asked = &((struct session *)request)->options;

    (void)name;
    if (strcmp(value, "none") == 0)
        asked->with_all = true;
    else
        ropp_texts_add(&asked->without, value, strlen(value));
    return true;
}

static const struct ropp_option options[] = {
    ROPP_TEXT(struct session, options.dialect, "--dialect", "NAME",
              "do not detect the dialect; NAME is rathena, hercules or athena, or a folder of "
              "--patches"),
    ROPP_TEXT(struct session, options.patches, "--patches", "DIR",
              "hooks of your own: each replaces ropp's of the same name, the others stay"),
    ROPP_CALL(take_without, "--without", "FEATURE",
              "leave a feature out that finds no place in this tree; may repeat. What a tree was "
              "woven without stays so until --without none"),
    ROPP_FLAG(struct session, options.try_compile, "--try-compile",
              "with check and apply: compile the woven files in a temporary folder first, with the "
              "flags of the tree's own build, and refuse what compiles only without ropp"),
    ROPP_FLAG(struct session, options.force, "--force",
              "drop edits that were made inside ropp's markers"),
    ROPP_FLAG(struct session, options.json, "--json", "print one JSON object instead of a table"),
    ROPP_OPTIONS_END,
};

static int read_request(void *context, const struct ropp_words *words)
{
    struct options *asked = &((struct session *)context)->options;

    if (words->count == 0) {
        ropp_error(
            "no command: patch: write `ropp patch check|apply|revert|status|diff|adopt TREE`");
        return ROPP_EXIT_USAGE;
    }
    if (ropp_command_below(&ropp_patch, words->items[0]) == NULL)
        return ROPP_EXIT_USAGE;
    asked->command = words->items[0];
    if (words->count == 1) {
        ropp_error("no tree: patch %s: give the top folder of the emulator's sources",
                   asked->command);
        return ROPP_EXIT_USAGE;
    }
    asked->tree = words->items[1];
    asked->hook = words->count > 2 ? words->items[2] : NULL;
    asked->place = words->count > 3 ? words->items[3] : NULL;
    if (strcmp(asked->command, "adopt") == 0 && asked->place == NULL) {
        ropp_error("no %s: patch adopt: write `ropp patch adopt TREE HOOK FILE:LINE`",
                   asked->hook ? "place" : "hook");
        return ROPP_EXIT_USAGE;
    }
    if (strcmp(asked->command, "adopt") != 0 && asked->hook) {
        ropp_error("one word too many: patch %s: %s: give one tree", asked->command, asked->hook);
        return ROPP_EXIT_USAGE;
    }
    if (asked->try_compile && strcmp(asked->command, "check") != 0 &&
        strcmp(asked->command, "apply") != 0) {
        ropp_error("patch %s compiles nothing: --try-compile: it is for check and apply",
                   asked->command);
        return ROPP_EXIT_USAGE;
    }
    if (asked->json &&
        (strcmp(asked->command, "diff") == 0 || strcmp(asked->command, "adopt") == 0)) {
        ropp_error("patch %s prints no JSON: --json: leave it out", asked->command);
        return ROPP_EXIT_USAGE;
    }
    return ROPP_EXIT_DONE;
}

/* -- JSON ---------------------------------------------------------------- */

static void json_begin(struct ropp_json *json, const struct session *session, const char *result)
{
    ropp_json_begin(json, NULL, '{');
    ropp_json_string(json, "command", session->options.command);
    ropp_json_string(json, "result", result);
    ropp_json_string(json, "version", ROPP_VERSION);
    ropp_json_string(json, "tree", session->tree.name);
    if (session->dialect)
        ropp_json_string(json, "dialect", session->dialect->folder);
}

static const char *kind_of(const struct ropp_outcome *outcome)
{
    if (outcome->hook == NULL)
        return "copy";
    return outcome->hook->fact ? "fact" : "hook";
}

static const char *name_of(const struct ropp_outcome *outcome)
{
    return outcome->hook ? outcome->hook->name : outcome->copy->name;
}

static void json_outcomes(struct ropp_json *json, const struct ropp_plan *plan)
{
    static const char *const states[] = {"fits", "left-out", "default", "failed"};

    ropp_json_begin(json, "hooks", '[');
    for (size_t i = 0; i < plan->outcome_count; i++) {
        const struct ropp_outcome *outcome = &plan->outcomes[i];

        ropp_json_begin(json, NULL, '{');
        ropp_json_string(json, "kind", kind_of(outcome));
        ropp_json_string(json, "name", name_of(outcome));
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

static void json_end(struct ropp_json *json, const struct session *session)
{
    const struct ropp_plan *plan = &session->plan;

    json_outcomes(json, plan);
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
    if (session->options.try_compile)
        json_compile(json, &session->compile);
    ropp_json_end(json, '}');
    putchar('\n');
}

static void print_json(const struct session *session, const char *result)
{
    struct ropp_json json = {.out = stdout};

    json_begin(&json, session, result);
    json_end(&json, session);
}

/* -- tables -------------------------------------------------------------- */

/* How many hooks, or else copies, came out so. */
static size_t count_state(const struct ropp_plan *plan, bool hooks, enum ropp_outcome_state state)
{
    const char *kind = hooks ? "hook" : "copy";
    size_t count = 0;

    for (size_t i = 0; i < plan->outcome_count; i++)
        count += strcmp(kind_of(&plan->outcomes[i]), kind) == 0 && plan->outcomes[i].state == state;
    return count;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void print_place(const struct ropp_outcome *outcome)
{
    if (outcome->hook == NULL) {
        printf("%s", outcome->path);
        return;
    }
    printf("%s:%zu", outcome->path, outcome->line);
    if (outcome->place.adopted)
        printf("  inserted by hand");
    if (outcome->place.function)
        printf("  in %s", outcome->place.function);
    if (outcome->place.conditions)
        printf("  (%s)", outcome->place.conditions);
}

/* Whether an outcome says what the one before it has said: a hook that is left out of each of its
 * files. */
static bool is_repeated(const struct ropp_plan *plan, size_t i)
{
    const struct ropp_outcome *outcome = &plan->outcomes[i];

    return i > 0 && outcome->hook && outcome->hook == outcome[-1].hook &&
           outcome->state == ROPP_OUTCOME_LEFT_OUT && outcome[-1].state == ROPP_OUTCOME_LEFT_OUT;
}

static void print_outcomes(const struct ropp_plan *plan)
{
    size_t width = 0;

    for (size_t i = 0; i < plan->outcome_count; i++)
        if (strlen(name_of(&plan->outcomes[i])) > width)
            width = strlen(name_of(&plan->outcomes[i]));
    for (size_t i = 0; i < plan->outcome_count; i++) {
        const struct ropp_outcome *outcome = &plan->outcomes[i];
        /* The hook's own reason; without one, what the tree lacks. */
        const char *optional = outcome->hook ? outcome->hook->optional : outcome->copy->optional;

        if (is_repeated(plan, i))
            continue;
        printf("  %-5s%-*s  ", kind_of(outcome), (int)width, name_of(outcome));
        if (outcome->value)
            printf("%s  ", outcome->value);
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

static void print_changes(const struct ropp_plan *plan)
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
            printf(", %zu insertion%s", file->insertion_count, plural(file->insertion_count));
        putchar('\n');
    }
}

static size_t count_changes(const struct ropp_plan *plan)
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
static void print_next(const struct session *session, const char *what, const char *command)
{
    const struct options *asked = &session->options;

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
static void print_generated(const struct session *session)
{
    for (size_t i = 0; i < session->plan.file_count; i++) {
        const struct ropp_planned_file *file = &session->plan.files[i];
        size_t length = strlen(file->path);
        char *made, *why;

        if (!ropp_plan_changes(file) || length < 4 || strcmp(file->path + length - 3, ".in") != 0)
            continue;
        made = ropp_copy_text(file->path, length - 3);
        if (ropp_tree_look(&session->tree, made, &why) == ROPP_TREE_OK)
            printf("note: %s was made from %s before: run ./configure or ./config.status again\n",
                   made, file->path);
        free(made);
        free(why);
    }
}

/* The versions of ropp whose marks are in the tree: "0.1.0, 0.2.0". */
static char *versions_of(const struct ropp_plan *plan)
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
    return ropp_buffer_take(&text);
}

/* -- the commands -------------------------------------------------------- */

/* Whether something is in the way of a change; then it is printed. */
static bool is_in_the_way(const struct session *session)
{
    if (session->plan.failed || session->plan.problems)
        ropp_plan_print_problems(&session->plan, &session->tree, session->options.force);
    for (size_t i = 0; i < session->compile.count; i++)
        if (session->compile.items[i].state == ROPP_COMPILE_BROKEN)
            ropp_error("with ropp this does not compile: %s", session->compile.items[i].error);
    return session->plan.failed || session->plan.problems || session->compile.broken;
}

/* What the compiler says of the woven files; errors of ropp's are printed as problems. */
static void print_compiled(const struct ropp_compile *compile)
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

static void print_traps(const struct ropp_trap_places *traps)
{
    for (size_t i = 0; i < traps->count; i++)
        printf("warning: %s:%zu: %s\n", traps->items[i].path, traps->items[i].line,
               traps->items[i].trap->why);
}

static void json_check(const struct session *session, const char *result,
                       const struct ropp_trap_places *traps)
{
    struct ropp_json json = {.out = stdout};

    json_begin(&json, session, result);
    ropp_json_begin(&json, "traps", '[');
    for (size_t i = 0; i < traps->count; i++) {
        ropp_json_begin(&json, NULL, '{');
        ropp_json_string(&json, "name", traps->items[i].trap->name);
        ropp_json_string(&json, "file", traps->items[i].path);
        ropp_json_number(&json, "line", (int64_t)traps->items[i].line);
        ropp_json_string(&json, "why", traps->items[i].trap->why);
        ropp_json_end(&json, '}');
    }
    ropp_json_end(&json, ']');
    json_end(&json, session);
}

static int run_check(const struct session *session)
{
    const struct ropp_plan *plan = &session->plan;
    size_t hooks = count_state(plan, true, ROPP_OUTCOME_FITS);
    size_t copies = count_state(plan, false, ROPP_OUTCOME_FITS);
    size_t left_out = count_state(plan, true, ROPP_OUTCOME_LEFT_OUT) +
                      count_state(plan, false, ROPP_OUTCOME_LEFT_OUT);
    bool ok = plan->failed == 0 && plan->problems == 0 && session->compile.broken == 0;
    struct ropp_trap_places traps = ropp_traps_find(&session->tree, session->dialect);

    if (session->options.json) {
        json_check(session, ok ? "fits" : "refused", &traps);
    } else {
        printf("%s: %s\n", session->tree.name, session->dialect->file.name);
        print_outcomes(plan);
        printf("%zu hook%s and %zu file%s fit, %zu left out, %zu do%s not fit\n", hooks,
               plural(hooks), copies, plural(copies), left_out, plan->failed,
               plan->failed == 1 ? "es" : "");
        print_traps(&traps);
        print_compiled(&session->compile);
        if (ok)
            print_next(session, "next", "apply");
    }
    ropp_traps_free(&traps);
    return is_in_the_way(session) ? ROPP_EXIT_REFUSED : ROPP_EXIT_DONE;
}

/* Whether a file that was copied into the tree before gets another content. */
static bool changes_a_copy(const struct ropp_plan *plan)
{
    for (size_t i = 0; i < plan->file_count; i++)
        if (plan->files[i].is_copy && plan->files[i].wanted && ropp_plan_changes(&plan->files[i]))
            return true;
    return false;
}

static int write_changes(const struct session *session)
{
    const struct ropp_plan *plan = &session->plan;
    /* The emulators' build files do not know what a woven file includes, so it must look new. */
    const bool rewrite_woven = changes_a_copy(plan);
    struct ropp_change *changes = NULL;
    size_t count = 0;
    int status;

    for (size_t i = 0; i < plan->file_count; i++) {
        const struct ropp_planned_file *file = &plan->files[i];
        struct ropp_change change = {ROPP_CHANGE_REPLACE, file->path, file->result.data,
                                     file->result.size, &file->disk.stat};

        if (!ropp_plan_changes(file) && !(rewrite_woven && file->insertion_count > 0))
            continue;
        if (!file->on_disk) {
            change.kind = ROPP_CHANGE_CREATE;
            change.old = NULL;
        } else if (!file->wanted) {
            change.kind = ROPP_CHANGE_REMOVE;
            change.data = NULL;
            change.size = 0;
        }
        changes = ropp_grow(changes, count, sizeof *changes);
        changes[count++] = change;
    }
    status = ropp_undo_write(&session->tree, changes, count);
    free(changes);
    return status;
}

/* `apply` and `revert`. */
static int run_change(const struct session *session)
{
    const struct ropp_plan *plan = &session->plan;
    const char *tree = session->tree.name;
    const bool apply = session->dialect != NULL;
    size_t hooks = count_state(plan, true, ROPP_OUTCOME_FITS), changes = count_changes(plan);
    const char *result = apply ? "applied" : "reverted";
    int status = ROPP_EXIT_DONE;

    if (!session->options.json && session->compile.broken)
        print_compiled(&session->compile);
    if (is_in_the_way(session)) {
        if (apply)
            ropp_error("nothing was changed: %s: `ropp patch check %s` shows where each hook would "
                       "go",
                       tree, tree);
        else
            ropp_error("nothing was changed: %s: see above", tree);
        result = "refused";
        status = ROPP_EXIT_REFUSED;
    } else if (changes == 0) {
        result = apply ? "up-to-date" : "not-applied";
    } else {
        status = write_changes(session);
        if (status != ROPP_EXIT_DONE)
            return status;
    }
    if (session->options.json)
        print_json(session, result);
    if (session->options.json || status != ROPP_EXIT_DONE)
        return status;
    if (changes == 0) {
        printf("%s: %s, nothing to do\n", tree, apply ? "up to date" : "ropp is not in this tree");
        return status;
    }
    if (apply)
        printf("%s: %s\n", tree, session->dialect->file.name);
    print_changes(plan);
    if (apply)
        print_compiled(&session->compile);
    if (apply)
        printf("%zu hook%s woven in, %zu file%s changed\n", hooks, plural(hooks), changes,
               plural(changes));
    else
        printf("%zu file%s restored\n", changes, plural(changes));
    print_generated(session);
    if (apply) {
        puts("next: configure and build the servers as always");
        print_next(session, "undo", "revert");
    }
    return status;
}

static int run_status(const struct session *session)
{
    struct ropp_json json = {.out = stdout};
    const struct ropp_plan *plan = &session->plan;
    char *versions = versions_of(plan);
    const char *result = "up-to-date";

    if (versions[0] == '\0')
        result = "not-applied";
    else if (count_changes(plan) || plan->failed)
        result = "outdated";
    for (size_t i = 0; i < plan->file_count; i++)
        if (ropp_plan_edited(&plan->files[i]))
            result = "edited";
    if (session->options.json) {
        json_begin(&json, session, result);
        ropp_json_some(&json, "applied_version", versions[0] ? versions : NULL);
        json_end(&json, session);
    } else if (strcmp(result, "not-applied") == 0) {
        printf("%s: not applied\n", session->tree.name);
        print_next(session, "next", "check");
    } else if (strcmp(result, "up-to-date") == 0) {
        printf("%s: applied (ropp %s), up to date\n", session->tree.name, versions);
    } else if (strcmp(result, "edited") == 0) {
        printf("%s: applied (ropp %s), and edited between ropp's markers\n", session->tree.name,
               versions);
    } else {
        printf("%s: applied (ropp %s), not as ropp " ROPP_VERSION " with these hooks would do it\n",
               session->tree.name, versions);
        print_next(session, "next", plan->failed ? "check" : "apply");
    }
    if (strcmp(result, "edited") == 0)
        ropp_plan_print_problems(plan, &session->tree, false);
    free(versions);
    return strcmp(result, "up-to-date") == 0 ? ROPP_EXIT_DONE : ROPP_EXIT_REFUSED;
}

static int run_adopt(const struct session *session)
{
    const struct options *asked = &session->options;
    int status =
        ropp_adopt(&session->tree, &session->plan, asked->hook, asked->place, ROPP_VERSION);

    if (status == ROPP_EXIT_DONE)
        print_next(session, "next", "apply");
    return status;
}

static int run_diff(const struct session *session)
{
    const struct ropp_plan *plan = &session->plan;
    int status = ROPP_EXIT_DONE;

    if (is_in_the_way(session))
        return ROPP_EXIT_REFUSED;
    for (size_t i = 0; i < plan->file_count && status == ROPP_EXIT_DONE; i++) {
        const struct ropp_planned_file *file = &plan->files[i];
        const struct ropp_diff_text before = {file->on_disk ? file->disk.data : NULL,
                                              file->disk.size};
        const struct ropp_diff_text after = {file->wanted ? file->result.data : NULL,
                                             file->result.size};

        if (ropp_plan_changes(file))
            status = ropp_diff(stdout, file->path, before, after);
    }
    return status;
}

static int plan_revert(struct session *session)
{
    static const struct ropp_texts nothing = {NULL, 0};

    return ropp_plan_make(&session->plan, &session->tree, &session->set, NULL, &nothing,
                          ROPP_VERSION, session->options.force);
}

/* Whether the dialect has a feature. Prints a message when not. */
static bool is_feature(const struct ropp_dialect *dialect, const char *name)
{
    struct ropp_buffer names = {0};

    for (size_t i = 0; i < dialect->file.feature_count; i++) {
        if (strcmp(dialect->file.features[i].name, name) == 0) {
            ropp_buffer_free(&names);
            return true;
        }
        ropp_buffer_format(&names, "%s%s", i ? ", " : "", dialect->file.features[i].name);
    }
    ropp_error("no such feature: --without %s: there are: %s", name,
               names.data ? names.data : "none");
    ropp_buffer_free(&names);
    return false;
}

static const struct ropp_dialect *dialect_named(const struct ropp_patchset *set, const char *name)
{
    for (size_t i = 0; name != NULL && i < set->dialect_count; i++)
        if (strcmp(set->dialects[i].folder, name) == 0)
            return &set->dialects[i];
    return NULL;
}

/* Of the dialect that was asked for, or that the tree was woven with before, or that fits it. */
static int plan_weaving(struct session *session)
{
    const struct options *asked = &session->options;
    struct ropp_wish before = ropp_plan_recall(&session->tree, &session->set);
    const struct ropp_dialect *dialect = dialect_named(&session->set, before.dialect);
    const struct ropp_texts *without = &asked->without;
    int status = ROPP_EXIT_DONE;

    if (asked->dialect != NULL)
        dialect = ropp_patchset_dialect(&session->set, asked->dialect);
    if (asked->without.count == 0 && !asked->with_all)
        without = &before.without;
    if (asked->dialect != NULL && dialect == NULL)
        status = ROPP_EXIT_REFUSED;
    else if (dialect != NULL)
        status = ropp_plan_make(&session->plan, &session->tree, &session->set, dialect, without,
                                ROPP_VERSION, asked->force);
    else
        status = ropp_detect(&session->plan, &session->tree, &session->set, without, ROPP_VERSION,
                             asked->force);
    for (size_t i = 0; i < asked->without.count && status == ROPP_EXIT_DONE; i++)
        if (!is_feature(session->plan.dialect, asked->without.items[i]))
            status = ROPP_EXIT_USAGE;
    ropp_wish_free(&before);
    return status;
}

static int run(struct session *session)
{
    const struct options *asked = &session->options;
    bool revert = strcmp(asked->command, "revert") == 0;
    int status;

    if (!ropp_tree_open(&session->tree, asked->tree) || !ropp_undo_lock(&session->tree))
        return ROPP_EXIT_USAGE;
    status = ropp_undo_recover(&session->tree, asked->force);
    if (status == ROPP_EXIT_DONE)
        status = ropp_patchset_load(&session->set, asked->patches);
    if (status != ROPP_EXIT_DONE)
        return status;
    status = revert ? plan_revert(session) : plan_weaving(session);
    if (status != ROPP_EXIT_DONE)
        return status;
    session->dialect = session->plan.dialect;
    if (asked->try_compile && session->plan.failed == 0)
        status = ropp_compile(&session->compile, &session->tree, &session->plan);
    if (status != ROPP_EXIT_DONE)
        return status;
    if (strcmp(asked->command, "check") == 0)
        return run_check(session);
    if (strcmp(asked->command, "status") == 0)
        return run_status(session);
    if (strcmp(asked->command, "adopt") == 0)
        return run_adopt(session);
    return strcmp(asked->command, "diff") == 0 ? run_diff(session) : run_change(session);
}

static int patch(struct ropp_session *database, void *context)
{
    struct session *session = context;
    int status = run(session);

    (void)database;
    ropp_texts_free(&session->options.without);
    ropp_compile_free(&session->compile);
    ropp_plan_free(&session->plan);
    ropp_patchset_free(&session->set);
    ropp_tree_close(&session->tree);
    return status;
}

static const struct ropp_cli_command check_command = {
    .name = "patch check", .summary = "shows where each hook would go; writes nothing"};
static const struct ropp_cli_command apply_command = {
    .name = "patch apply",
    .summary = "weaves all hooks in and copies ropp's files, or changes nothing at all; on a tree "
               "with an older ropp, replaces that"};
static const struct ropp_cli_command revert_command = {.name = "patch revert",
                                                       .summary = "restores the tree"};
static const struct ropp_cli_command status_command = {
    .name = "patch status",
    .summary = "says whether ropp is in the tree (exit status 0: it is, and up to date)"};
static const struct ropp_cli_command diff_command = {
    .name = "patch diff", .summary = "prints what `apply` would change, as a unified diff"};

static const struct ropp_cli_command adopt_command = {
    .name = "patch adopt",
    .summary = "takes over the lines that you have inserted for a hook at FILE:LINE, so that "
               "`apply` keeps them and `revert` takes them out"};

static const struct ropp_cli_command *const commands[] = {
    &check_command, &apply_command, &revert_command, &status_command, &diff_command,
    &adopt_command, NULL,
};

const struct ropp_cli_command ropp_patch = {
    .name = "patch",
    .summary = "weave ropp into an emulator's source tree, and take it out again",
    .usage = "COMMAND TREE [HOOK PLACE] [OPTION ...]",
    .about = "Weaves ropp into the source tree of an rAthena or Hercules server, or of a fork of "
             "them. Lines are only inserted, between markers; `revert` takes them out again byte "
             "for byte.",
    .commands = commands,
    .options = {{options}},
    .words = {.most = 4},
    .statuses = "0 done, 1 refused or not found, 2 wrong usage or environment",
    .example = "patch apply ../rathena",
    .request_size = sizeof(struct session),
    .defaults = &defaults,
    .read = read_request,
    .run = patch,
};
