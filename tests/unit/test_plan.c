// SPDX-License-Identifier: MIT
/* Which dialect a tree is of, and what is planned for it: small dialects in the place of those that
 * ropp brings along, in small trees. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tests/unit/capture.h"
#include "tests/unit/cases.h"
#include "tools/base/keep.h"
#include "tools/patch/detect.h"
#include "tools/patch/facts.h"
#include "tools/patch/hooks/bundle.h"
#include "tools/patch/trap.h"

static struct ropp_bundle_file bundle[40];
static size_t bundle_count;

const struct ropp_bundle_file *ropp_bundle(size_t *count)
{
    *count = bundle_count;
    return bundle;
}

static char top[200];

/* Writes a file, or with `-> TARGET` behind its name a link. */
static void put(const char *path, const char *text, size_t size)
{
    const char *link = strstr(path, " -> ");
    char *name = ropp_copy_text(path, link ? (size_t)(link - path) : strlen(path));

    if (link) {
        cases_put(name, "", 0);
        assert_int_equal(unlink(name), 0);
        assert_int_equal(symlink(link + 4, name), 0);
    } else {
        cases_put(name, text, size);
    }
    free(name);
}

/* What comes on standard error, each line with a `!`. */
static struct capture errors;

static void add_heard(struct ropp_buffer *out)
{
    char *line;

    (void)capture_end(&errors);
    for (line = strtok(errors.text, "\n"); line; line = strtok(NULL, "\n"))
        ropp_buffer_format(out, "! %s\n", line);
}

/* A text in which each `old` is another one. */
static char *replaced(const char *text, size_t size, const char *old, const char *other)
{
    struct ropp_buffer out = {0};
    size_t length = strlen(old), i;

    ropp_buffer_add(&out, "", 0);
    for (i = 0; i < size;) {
        bool here = size - i >= length && memcmp(text + i, old, length) == 0;

        ropp_buffer_add(&out, here ? other : text + i, here ? strlen(other) : 1);
        i += here ? length : 1;
    }
    return ropp_keep(ropp_buffer_take(&out));
}

static void add_plan(struct ropp_buffer *out, const struct ropp_plan *plan)
{
    static const char *const states[] = {"fits", "left out", "default", "failed"};
    size_t i, k;

    ropp_buffer_format(out, "dialect %s, %zu failed, %zu problems%s\n",
                       plan->dialect ? plan->dialect->folder : "none", plan->failed, plan->problems,
                       plan->unbuilt ? ", unbuilt" : "");
    for (i = 0; i < plan->outcome_count; i++) {
        const struct ropp_outcome *outcome = &plan->outcomes[i];

        ropp_buffer_format(out, "%s %s (%s:%zu%s): %s", states[outcome->state], outcome->hook->name,
                           outcome->hook->source, outcome->hook->line,
                           outcome->hook->own ? ", own" : "", outcome->path ? outcome->path : "-");
        if (outcome->line)
            ropp_buffer_format(out, ":%zu", outcome->line);
        if (outcome->value)
            ropp_buffer_format(out, " = %s", outcome->value);
        if (outcome->why)
            ropp_buffer_format(out, ": %s", outcome->why);
        ropp_buffer_text(out, "\n");
    }
    for (i = 0; i < plan->file_count; i++) {
        const struct ropp_planned_file *file = &plan->files[i];
        const char *result;

        ropp_buffer_format(out, "file %s:%s%s%s%s%s %zu\n", file->path,
                           file->on_disk ? " there" : "", file->wanted ? " wanted" : "",
                           file->is_copy ? " copy" : "", ropp_plan_changes(file) ? " changes" : "",
                           ropp_plan_edited(file) ? " edited" : "", file->insertion_count);
        result = replaced(file->result.data, file->result.size, ROPP_VERSION, "VERSION");
        for (k = 0; result[k]; k++) {
            if (k == 0 || result[k - 1] == '\n')
                ropp_buffer_text(out, "| ");
            ropp_buffer_add(out, &result[k], 1);
        }
        if (k && result[k - 1] != '\n')
            ropp_buffer_text(out, "@.\n");
    }
}

/* Files, each behind its name: those with `=` of ropp's own, those with `+` of the owner's folder,
 * and those with `-` of the tree. In the title: `force`, `without NAME`, `dialect NAME`, `none` for a
 * plan without one, and `read NAME` for a file that a copy would take. */
static void render(const char *title, const char *text, size_t size, struct ropp_buffer *out)
{
    const char *end = text + size, *without_name = strstr(title, ", without ");
    const char *dialect_name = strncmp(title, "dialect ", 8) == 0 ? title : NULL;
    struct ropp_texts without = {NULL, 0};
    struct ropp_patchset set;
    struct ropp_plan plan;
    struct ropp_tree tree;
    bool owner = false;
    int status;
    size_t i;

    cases_empty("owner");
    cases_empty("tree");
    bundle_count = 0;
    while (text < end) {
        const char kind = text[0];
        const char *name = ropp_keep_part(text + 2, strcspn(text + 2, "\n")), *content;
        size_t length;

        text += 2 + strlen(name) + 1;
        content = text;
        while (text < end && !(strchr("=+-", text[0]) && text[1] == ' '))
            text += strcspn(text, "\n") + 1;
        content = replaced(content, (size_t)(text - content), "VERSION", ROPP_VERSION);
        length = strlen(content);
        if (kind == '=')
            bundle[bundle_count++] =
                (struct ropp_bundle_file){name,
                                          (const unsigned char *)ropp_keep_part(content, length),
                                          length};
        else
            put(ropp_keep_format("%s/%s", kind == '+' ? "owner" : "tree", name), content, length);
        owner |= kind == '+';
    }
    if (without_name)
        ropp_texts_keep(&without, ropp_keep_part(without_name + 10, strlen(without_name + 10)));
    capture_begin(&errors, stderr);
    status = ropp_patchset_load(&set, owner ? "owner" : NULL);
    add_heard(out);
    assert_int_equal(status == ROPP_EXIT_DONE, out->size == 0);
    if (status != ROPP_EXIT_DONE) {
        assert_int_equal(status, ROPP_EXIT_USAGE);
        ropp_keep_end();
        return;
    }
    if (strstr(title, ", read ")) {
        struct ropp_buffer content = {0};
        const char *why;
        bool found = ropp_patchset_read(&set, strstr(title, ", read ") + 7, &content, &why);

        ropp_buffer_format(out, "%s %s", found ? "found" : "not found", why ? why : content.data);
        if (why)
            ropp_buffer_text(out, "\n");
        ropp_buffer_free(&content);
        ropp_keep_end();
        return;
    }
    assert_true(ropp_tree_open(&tree, "tree"));
    for (i = 0; i < set.dialect_count && strstr(title, "rules"); i++) {
        const char *why;
        bool holds = ropp_dialect_holds(&set.dialects[i], &tree, &why);

        ropp_buffer_format(out, "%s %s: %s\n", set.dialects[i].folder, holds ? "holds" : "does not",
                           why);
    }
    memset(&plan, 0, sizeof plan);
    capture_begin(&errors, stderr);
    if (strncmp(title, "none,", 5) == 0 || dialect_name)
        memset(&plan, 0xff, sizeof plan); /* it is made from nothing */
    if (strncmp(title, "none,", 5) == 0)
        status = ropp_plan_make(&plan, &tree, &set, NULL, &without, strstr(title, "force") != NULL);
    else if (dialect_name)
        status =
            ropp_plan_make(&plan, &tree, &set,
                           ropp_patchset_dialect(&set,
                                                 ropp_keep_part(dialect_name + 8,
                                                                strcspn(dialect_name + 8, ","))),
                           &without, strstr(title, "force") != NULL);
    else
        status = ropp_detect(&plan, &tree, &set, &without, strstr(title, "force") != NULL);
    ropp_buffer_format(out, "status %d\n", status);
    add_heard(out);
    if (status == ROPP_EXIT_DONE)
        add_plan(out, &plan);
    if (status == ROPP_EXIT_DONE && plan.dialect) {
        struct ropp_trap_places traps = ropp_traps_find(&tree, plan.dialect);

        for (i = 0; i < traps.count; i++)
            ropp_buffer_format(out, "trap %s in %s:%zu\n", traps.items[i].trap->name,
                               traps.items[i].path, traps.items[i].line);
    }
    if (strstr(title, "recalled")) {
        struct ropp_wish wish = ropp_facts_recall(&tree, &set);

        ropp_buffer_format(out, "recalled %s", wish.dialect ? wish.dialect : "nothing");
        for (i = 0; i < wish.without.count; i++)
            ropp_buffer_format(out, " without %s", wish.without.items[i]);
        for (i = 0; i < wish.files.count; i++)
            ropp_buffer_format(out, " file %s", wish.files.items[i]);
        ropp_buffer_text(out, "\n");
    }
    ropp_plan_free(&plan);
    assert_int_equal(plan.file_count + plan.outcome_count, 0);
    ropp_tree_close(&tree);
    ropp_keep_end();
}

static void test_cases(void **state)
{
    (void)state;
    assert_null(ropp_patchset_dialect(&(struct ropp_patchset){NULL, NULL, 0}, "a"));
    cases_run("plan_cases.txt", render);
}

static int set_up(void **state)
{
    const char *folder = getenv("TMPDIR");

    (void)state;
    umask(022);
    snprintf(top, sizeof top, "%s/plan.XXXXXX", folder ? folder : "/tmp");
    return mkdtemp(top) == NULL || chdir(top) != 0 ? -1 : 0;
}

static int tear_down(void **state)
{
    char *command = ropp_format("rm -rf '%s'", top);
    int result = system(command);

    (void)state;
    free(command);
    return result;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

    return UNIT_RUN(argc, argv, "plan", tests, set_up, tear_down);
}
