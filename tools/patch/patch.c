// SPDX-License-Identifier: MIT
#include "tools/patch/patch.h"

#include <stdbool.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/base/keep.h"
#include "tools/patch/adopt.h"
#include "tools/patch/detect.h"
#include "tools/patch/facts.h"
#include "tools/patch/problems.h"
#include "tools/patch/report.h"
#include "tools/patch/tree/diff.h"
#include "tools/patch/tree/undo.h"

static const struct ropp_patch_session defaults = {.tree = {.fd = -1}};

/* --without FEATURE */
static bool take_without(void *request, const char *name, const char *value)
{
    struct ropp_patch_request *asked = &((struct ropp_patch_session *)request)->asked;

    (void)name;
    if (strcmp(value, "none") == 0)
        asked->with_all = true;
    else
        ropp_texts_keep(&asked->without, ropp_keep_text(value));
    return true;
}

static const struct ropp_option options[] = {
    ROPP_TEXT(struct ropp_patch_session, asked.dialect, "--dialect", "NAME",
              "do not detect the dialect; NAME is rathena, hercules or athena, or a folder of "
              "--patches"),
    ROPP_TEXT(struct ropp_patch_session, asked.patches, "--patches", "DIR",
              "hooks of your own: each replaces ropp's of the same name, the others stay"),
    ROPP_CALL(take_without, "--without", "FEATURE",
              "leave a feature out that finds no place in this tree; may repeat. What a tree was "
              "woven without stays so until --without none"),
    ROPP_FLAG(struct ropp_patch_session, asked.try_compile, "--try-compile",
              "with check and apply: compile the woven files in a temporary folder first, with the "
              "flags of the tree's own build, and refuse what compiles only without ropp"),
    ROPP_FLAG(struct ropp_patch_session, asked.force, "--force",
              "drop edits that were made inside ropp's markers"),
    ROPP_FLAG(struct ropp_patch_session, asked.json, "--json",
              "print one JSON object instead of a table"),
    ROPP_OPTIONS_END,
};

static int read_request(void *context, const struct ropp_words *words)
{
    struct ropp_patch_request *asked = &((struct ropp_patch_session *)context)->asked;

    if (words->count == 0)
        return ropp_fail(
            ROPP_EXIT_USAGE,
            "no command: patch: write `ropp patch check|apply|revert|status|diff|adopt TREE`");
    if (ropp_command_below(&ropp_patch, words->items[0]) == NULL)
        return ROPP_EXIT_USAGE;
    asked->command = words->items[0];
    if (words->count == 1)
        return ropp_fail(ROPP_EXIT_USAGE,
                         "no tree: patch %s: give the top folder of the emulator's sources",
                         asked->command);
    asked->tree = words->items[1];
    asked->hook = words->count > 2 ? words->items[2] : NULL;
    asked->place = words->count > 3 ? words->items[3] : NULL;
    if (strcmp(asked->command, "adopt") == 0 && asked->place == NULL)
        return ropp_fail(ROPP_EXIT_USAGE,
                         "no %s: patch adopt: write `ropp patch adopt TREE HOOK FILE:LINE`",
                         asked->hook ? "place" : "hook");
    if (strcmp(asked->command, "adopt") != 0 && asked->hook)
        return ropp_fail(ROPP_EXIT_USAGE, "one word too many: patch %s: %s: give one tree",
                         asked->command, asked->hook);
    if (asked->try_compile && strcmp(asked->command, "check") != 0 &&
        strcmp(asked->command, "apply") != 0)
        return ropp_fail(ROPP_EXIT_USAGE,
                         "patch %s compiles nothing: --try-compile: it is for check and apply",
                         asked->command);
    if (asked->json &&
        (strcmp(asked->command, "diff") == 0 || strcmp(asked->command, "adopt") == 0))
        return ropp_fail(ROPP_EXIT_USAGE, "patch %s prints no JSON: --json: leave it out",
                         asked->command);
    return ROPP_EXIT_DONE;
}

/* -- the commands -------------------------------------------------------- */

/* Whether something is in the way of a change; then it is printed. */
static bool is_in_the_way(const struct ropp_patch_session *session)
{
    if (session->plan.failed || session->plan.problems)
        ropp_plan_print_problems(&session->plan, &session->tree, session->asked.force);
    for (size_t i = 0; i < session->compile.count; i++)
        if (session->compile.items[i].state == ROPP_COMPILE_BROKEN)
            ropp_error("with ropp this does not compile: %s", session->compile.items[i].error);
    return session->plan.failed || session->plan.problems || session->compile.broken;
}

static int run_check(const struct ropp_patch_session *session)
{
    const struct ropp_plan *plan = &session->plan;
    size_t hooks = ropp_plan_count(plan, ROPP_HOOK, ROPP_OUTCOME_FITS);
    size_t copies = ropp_plan_count(plan, ROPP_COPY, ROPP_OUTCOME_FITS);
    size_t left_out = ropp_plan_count(plan, ROPP_HOOK, ROPP_OUTCOME_LEFT_OUT) +
                      ropp_plan_count(plan, ROPP_COPY, ROPP_OUTCOME_LEFT_OUT);
    bool ok = plan->failed == 0 && plan->problems == 0 && session->compile.broken == 0;
    struct ropp_trap_places traps = ropp_traps_find(&session->tree, session->plan.dialect);

    if (session->asked.json) {
        ropp_patch_print_json(session, ok ? "fits" : "refused", NULL, &traps);
    } else {
        printf("%s: %s\n", session->tree.name, session->plan.dialect->file.name);
        ropp_patch_print_outcomes(plan);
        printf("%zu hook%s and %zu file%s fit, %zu left out, %zu do%s not fit\n", hooks,
               ropp_plural(hooks), copies, ropp_plural(copies), left_out, plan->failed,
               plan->failed == 1 ? "es" : "");
        ropp_patch_print_traps(&traps);
        ropp_patch_print_compiled(&session->compile);
        if (ok)
            ropp_patch_print_next(session, "next", "apply");
    }
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

static int write_changes(const struct ropp_patch_session *session)
{
    const struct ropp_plan *plan = &session->plan;
    /* The emulators' build files do not know what a woven file includes, so it must look new. */
    const bool rewrite_woven = changes_a_copy(plan);
    struct ropp_change *changes = NULL;
    size_t count = 0;

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
        changes = ropp_keep_grow(changes, count, sizeof *changes);
        changes[count++] = change;
    }
    return ropp_undo_write(&session->tree, changes, count);
}

/* `apply` and `revert`. */
static int run_change(const struct ropp_patch_session *session)
{
    const struct ropp_plan *plan = &session->plan;
    const char *tree = session->tree.name;
    const bool apply = session->plan.dialect != NULL;
    size_t hooks = ropp_plan_count(plan, ROPP_HOOK, ROPP_OUTCOME_FITS),
           changes = ropp_plan_count_changes(plan);
    const char *result = apply ? "applied" : "reverted";
    int status = ROPP_EXIT_DONE;

    if (!session->asked.json && session->compile.broken)
        ropp_patch_print_compiled(&session->compile);
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
    if (session->asked.json)
        ropp_patch_print_json(session, result, NULL, NULL);
    if (session->asked.json || status != ROPP_EXIT_DONE)
        return status;
    if (changes == 0) {
        printf("%s: %s, nothing to do\n", tree, apply ? "up to date" : "ropp is not in this tree");
        return status;
    }
    if (apply)
        printf("%s: %s\n", tree, session->plan.dialect->file.name);
    ropp_patch_print_changes(plan);
    if (apply)
        ropp_patch_print_compiled(&session->compile);
    if (apply)
        printf("%zu hook%s woven in, %zu file%s changed\n", hooks, ropp_plural(hooks), changes,
               ropp_plural(changes));
    else
        printf("%zu file%s restored\n", changes, ropp_plural(changes));
    ropp_patch_print_generated(session);
    if (apply) {
        puts("next: configure and build the servers as always");
        ropp_patch_print_next(session, "undo", "revert");
    }
    return status;
}

static int run_status(const struct ropp_patch_session *session)
{
    const struct ropp_plan *plan = &session->plan;
    const char *versions = ropp_plan_versions(plan);
    const char *result = "up-to-date";

    if (versions[0] == '\0')
        result = "not-applied";
    else if (ropp_plan_count_changes(plan) || plan->failed)
        result = "outdated";
    for (size_t i = 0; i < plan->file_count; i++)
        if (ropp_plan_edited(&plan->files[i]))
            result = "edited";
    if (session->asked.json) {
        ropp_patch_print_json(session, result, versions[0] ? versions : NULL, NULL);
    } else if (strcmp(result, "not-applied") == 0) {
        printf("%s: not applied\n", session->tree.name);
        ropp_patch_print_next(session, "next", "check");
    } else if (strcmp(result, "up-to-date") == 0) {
        printf("%s: applied (ropp %s), up to date\n", session->tree.name, versions);
    } else if (strcmp(result, "edited") == 0) {
        printf("%s: applied (ropp %s), and edited between ropp's markers\n", session->tree.name,
               versions);
    } else {
        printf("%s: applied (ropp %s), not as ropp " ROPP_VERSION " with these hooks would do it\n",
               session->tree.name, versions);
        ropp_patch_print_next(session, "next", plan->failed ? "check" : "apply");
    }
    if (strcmp(result, "edited") == 0)
        ropp_plan_print_problems(plan, &session->tree, false);
    return strcmp(result, "up-to-date") == 0 ? ROPP_EXIT_DONE : ROPP_EXIT_REFUSED;
}

static int run_adopt(const struct ropp_patch_session *session)
{
    const struct ropp_patch_request *asked = &session->asked;
    int status = ropp_adopt(&session->tree, &session->plan, asked->hook, asked->place);

    if (status == ROPP_EXIT_DONE)
        ropp_patch_print_next(session, "next", "apply");
    return status;
}

static int run_diff(const struct ropp_patch_session *session)
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

static int plan_revert(struct ropp_patch_session *session)
{
    static const struct ropp_texts nothing = {NULL, 0};

    return ropp_plan_make(&session->plan, &session->tree, &session->set, NULL, &nothing,
                          session->asked.force);
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

static int no_such_dialect(const struct ropp_patchset *set, const char *name)
{
    struct ropp_buffer names = {0};

    for (size_t i = 0; i < set->dialect_count; i++)
        ropp_buffer_format(&names, "%s%s", i ? ", " : "", set->dialects[i].folder);
    ropp_error("no such dialect: %s: there are: %s", name, names.data ? names.data : "none");
    ropp_buffer_free(&names);
    return ROPP_EXIT_REFUSED;
}

/* Of the dialect that was asked for, or that the tree was woven with before, or that fits it. */
static int plan_weaving(struct ropp_patch_session *session)
{
    const struct ropp_patch_request *asked = &session->asked;
    struct ropp_wish before = ropp_facts_recall(&session->tree, &session->set);
    const char *named = asked->dialect != NULL ? asked->dialect : before.dialect;
    const struct ropp_dialect *dialect = ropp_patchset_dialect(&session->set, named);
    const struct ropp_texts *without = &asked->without;
    int status;

    if (asked->without.count == 0 && !asked->with_all)
        without = &before.without;
    if (asked->dialect != NULL && dialect == NULL)
        return no_such_dialect(&session->set, asked->dialect);
    if (dialect != NULL)
        status = ropp_plan_make(&session->plan, &session->tree, &session->set, dialect, without,
                                asked->force);
    else
        status = ropp_detect(&session->plan, &session->tree, &session->set, without, asked->force);
    for (size_t i = 0; i < asked->without.count && status == ROPP_EXIT_DONE; i++)
        if (!is_feature(session->plan.dialect, asked->without.items[i]))
            status = ROPP_EXIT_USAGE;
    return status;
}

static int run(struct ropp_patch_session *session)
{
    const struct ropp_patch_request *asked = &session->asked;
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
    struct ropp_patch_session *session = context;
    int status = run(session);

    (void)database;
    ropp_plan_free(&session->plan);
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
    .request_size = sizeof(struct ropp_patch_session),
    .defaults = &defaults,
    .read = read_request,
    .run = patch,
};
