// SPDX-License-Identifier: MIT
/* By which command a file of a tree is compiled, and what is made of what the compiler says: a script
 * in the place of the compiler says what the file itself asks for. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tests/unit/capture.h"
#include "tests/unit/cases.h"
#include "tools/base/keep.h"
#include "tools/patch/compile/command.h"
#include "tools/patch/compile/compile.h"

static char top[200];
static char real_top[300];

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

/* The next file of a case: its sign, its name, what is behind a blank there, and its content. */
struct part {
    char sign;
    const char *name, *flags, *content;
    size_t size;
};

static struct part take_part(const char **text, const char *end)
{
    struct part part = {.sign = (*text)[0]};
    size_t length = strcspn(*text + 2, "\n"), name = strcspn(*text + 2, " \n");
    const char *content;

    part.name = ropp_keep_part(*text + 2, name);
    part.flags = ropp_keep_part(*text + 2 + name, length - name);
    *text += 2 + length + 1;
    content = *text;
    while (*text < end && !(strchr("-=~", (*text)[0]) && (*text)[1] == ' '))
        *text += strcspn(*text, "\n") + 1;
    part.content = replaced(content, (size_t)(*text - content), "TOP", real_top);
    part.size = strlen(part.content);
    return part;
}

/* What comes on standard error, each line with a `!`. */
static struct capture errors;

static void add_heard(struct ropp_buffer *out)
{
    const char *text = capture_end(&errors);
    char *plain = replaced(text, strlen(text), real_top, "TOP"), *line;

    for (line = strtok(plain, "\n"); line; line = strtok(NULL, "\n"))
        ropp_buffer_format(out, "! %s\n", line);
}

/* `FILE like OTHER`, and the files of the tree. */
static void render_command(const char *title, const char *text, size_t size,
                           struct ropp_buffer *out)
{
    const char *end = text + size;
    struct ropp_shadow shadow = {ropp_keep_format("%s/tree", real_top),
                                 ropp_keep_format("%s/shadow", real_top)};
    const char *like = strstr(title, " like ");
    const char *path = strrchr(ropp_keep_part(title, (size_t)(like - title)), ' ');
    struct ropp_command command;
    char *line;

    path = path ? path + 1 : ropp_keep_part(title, (size_t)(like - title));
    cases_empty("tree");
    while (text < end) {
        struct part part = take_part(&text, end);

        cases_put(ropp_keep_format("tree/%s", part.name), part.content, part.size);
    }
    command = ropp_command_for(&shadow, path, like + 6);
    line = replaced(command.line, strlen(command.line), real_top, "TOP");
    ropp_buffer_format(out, "%s: %s\n",
                       replaced(command.folder, strlen(command.folder), real_top, "TOP"), line);
    ropp_keep_end();
}

static void test_commands(void **state)
{
    (void)state;
    cases_run("command_cases.txt", render_command);
}

static size_t count_left(void)
{
    struct dirent **names;
    int count = scandir("temporary", &names, NULL, NULL), i;

    for (i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return (size_t)count - 2;
}

/* Files: with `=` of the plan, as they will be, with letters of what they are; with `~` the same as
 * they are without ropp; with `-` others of the tree. */
static void render(const char *title, const char *text, size_t size, struct ropp_buffer *out)
{
    static const char *const states[] = {"compiles", "as before", "broken"};
    const char *end = text + size;
    struct ropp_planned_file files[10] = {{0}};
    struct ropp_plan plan = {.files = files};
    struct ropp_compile compile;
    struct ropp_tree tree;
    int status;
    size_t i;

    (void)title;
    cases_empty("tree");
    cases_empty("temporary");
    while (text < end) {
        struct part part = take_part(&text, end);
        struct ropp_planned_file *file = &files[plan.file_count];

        if (part.sign == '-') {
            cases_put(ropp_keep_format("tree/%s", part.name), part.content, part.size);
            continue;
        }
        if (part.sign == '~') {
            cases_put(ropp_keep_format("tree/%s", part.name), "// neither\n", 11);
            ropp_buffer_add(&file[-1].stripped.text, part.content, part.size);
            continue;
        }
        file->path = part.name;
        file->on_disk = strchr(part.flags, 'd') != NULL;
        file->is_copy = strchr(part.flags, 'c') != NULL;
        file->wanted = strchr(part.flags, 'w') != NULL;
        file->insertion_count = strchr(part.flags, 'i') != NULL;
        ropp_buffer_add(&file->result, part.content, part.size);
        plan.file_count++;
    }
    assert_true(ropp_tree_open(&tree, "tree"));
    capture_begin(&errors, stderr);
    status = ropp_compile(&compile, &tree, &plan);
    ropp_buffer_format(out, "status %d, %zu of %zu broken\n", status, compile.broken,
                       compile.count);
    add_heard(out);
    for (i = 0; i < compile.count; i++) {
        const char *error = compile.items[i].error;

        ropp_buffer_format(out, "%s %s%s%s\n", states[compile.items[i].state],
                           compile.items[i].path, error ? ": " : "",
                           error ? replaced(error, strlen(error), real_top, "TOP") : "");
    }
    assert_int_equal(count_left(), 0);
    ropp_tree_close(&tree);
    for (i = 0; i < plan.file_count; i++) {
        ropp_buffer_free(&files[i].result);
        ropp_buffer_free(&files[i].stripped.text);
    }
    ropp_keep_end();
}

static void test_cases(void **state)
{
    (void)state;
    cases_run("compile_cases.txt", render);
}

/* What the shadow of a tree is made of, and that nothing of it is left. */
static void test_shadow(void **state)
{
    struct ropp_planned_file files[] = {
        {.path = "src/a/x.c", .on_disk = true, .wanted = true},
        {.path = "src/a/new.c", .wanted = true},
        {.path = "src/b/old.c", .on_disk = true, .is_copy = true},
        {.path = "src/b/gone.h", .on_disk = true, .is_copy = true, .wanted = true},
        {.path = "src/Makefile", .on_disk = true, .wanted = true},
        {.path = "src/none.c"},
    };
    static const char wanted[][500] = {
        "src/ src/Makefile@ src/a/ src/a/new.c(made) src/a/sub@ src/a/x.c(woven) src/a/y.c@ src/b/ "
        "src/b/gone.h(copied) src/b/z.c@ src/c@ top.txt@ ",
        "src/ src/Makefile@ src/a/ src/a/sub@ src/a/x.c(plain) src/a/y.c@ src/b/ src/b/z.c@ src/c@ "
        "top.txt@ "};
    struct ropp_plan plan = {.files = files, .file_count = 6};
    struct ropp_tree tree;
    size_t i;
    int woven;

    (void)state;
    assert_int_equal(
        system("rm -rf tree temporary && mkdir -p temporary tree/src/a/sub tree/src/b tree/src/c &&"
               "cd tree && touch top.txt src/Makefile src/a/x.c src/a/y.c src/b/old.c src/b/gone.h "
               "src/b/z.c src/c/w.c"),
        0);
    ropp_buffer_text(&files[0].result, "woven");
    ropp_buffer_text(&files[0].stripped.text, "plain");
    ropp_buffer_text(&files[1].result, "made");
    ropp_buffer_text(&files[3].result, "copied");
    ropp_buffer_text(&files[4].result, "no C");
    assert_true(ropp_tree_open(&tree, "tree"));
    for (woven = 1; woven >= 0; woven--) {
        struct ropp_shadow shadow;
        struct ropp_buffer found = {0};
        FILE *list;

        assert_true(ropp_shadow_begin(&shadow, &tree, &plan, woven != 0));
        list =
            popen(ropp_keep_format("cd '%s' && find . -mindepth 1 | LC_ALL=C sort | sed 's,^./,,' |"
                                   "while read -r f; do if [ -L $f ]; then "
                                   "[ $(realpath $f) = '%s/tree/'$f ] && echo $f@; "
                                   "elif [ -d $f ]; then echo $f/; else echo \"$f($(cat $f))\"; "
                                   "fi; done | tr '\\n' ' '",
                                   shadow.folder, real_top),
                  "r");
        assert_true(ropp_buffer_read(&found, list, 4096));
        pclose(list);
        assert_string_equal(found.data, wanted[woven ? 0 : 1]);
        assert_string_equal(shadow.tree, ropp_keep_format("%s/tree", real_top));
        ropp_shadow_end(&shadow);
        assert_null(shadow.folder);
        assert_null(shadow.tree);
        assert_int_equal(count_left(), 0);
        ropp_buffer_free(&found);
    }
    ropp_tree_close(&tree);
    for (i = 0; i < 6; i++) {
        ropp_buffer_free(&files[i].result);
        ropp_buffer_free(&files[i].stripped.text);
    }
    ropp_keep_end();
}

static int set_up(void **state)
{
    const char *folder = getenv("TMPDIR");

    (void)state;
    umask(022);
    unsetenv("CC");
    unsetenv("CXX");
    unsetenv("MAKEFLAGS");
    unsetenv("MAKELEVEL");
    snprintf(top, sizeof top, "%s/compile.XXXXXX", folder ? folder : "/tmp");
    if (mkdtemp(top) == NULL || chdir(top) != 0 || getcwd(real_top, sizeof real_top) == NULL)
        return -1;
    return setenv("TMPDIR", ropp_keep_format("%s/temporary", real_top), 1);
}

static int tear_down(void **state)
{
    char *command = ropp_format("rm -rf '%s'", real_top);
    int result = system(command);

    (void)state;
    free(command);
    ropp_keep_end();
    return result;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_shadow),
    };

    return UNIT_RUN(argc, argv, "compile", tests, set_up, tear_down);
}
