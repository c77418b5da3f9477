// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/cases.h"
#include "tools/base/keep.h"
#include "tools/patch/hooks/hookfile.h"

static void test_whole(void **state)
{
    const char *text = "# a comment\n"
                       "hook accept-policy\r\n"
                       "    why       a | b\n"
                       "    file      src/a.cpp | src/a.c\n"
                       "    in        function A::connect\n"
                       "    signature \\( (?<fd> \\w+ )\n"
                       "    at        before x | y\n"
                       "    optional  not in old trees\n"
                       "    insert\n"
                       "        | if (${fd})  \n"
                       "        |     return;\n"
                       "        |\n"
                       "        |\tx\n"
                       "        # another\n"
                       "end\n"
                       "hook two\nwhy w\nfile CMakeLists.txt\nat end\ninsert\n|  ${X} # kept\nend\n"
                       "copy mod\nwhy w\nfrom ropp.c\nto src/a.cpp when src/b.cpp\nto src/a.c\nend";
    struct ropp_hookfile file;
    const struct ropp_hook *hook;

    (void)state;
    assert_true(ropp_hookfile_parse(&file, "x.hook", text, strlen(text)));
    assert_int_equal(file.hook_count, 3);
    hook = &file.hooks[0];
    assert_string_equal(hook->source, "x.hook");
    assert_string_equal(hook->name, "accept-policy");
    assert_string_equal(hook->why, "a | b");
    assert_string_equal(hook->optional, "not in old trees");
    assert_int_equal(hook->files.count, 2);
    assert_string_equal(hook->files.items[0], "src/a.cpp");
    assert_string_equal(hook->files.items[1], "src/a.c");
    assert_int_equal(hook->language, ROPP_LANGUAGE_C);
    assert_string_equal(hook->function, "A::connect");
    assert_null(hook->function_pattern);
    assert_string_equal(ropp_pattern_source(hook->signature), "\\( (?<fd> \\w+ )");
    assert_int_equal(hook->position, ROPP_POSITION_BEFORE);
    assert_string_equal(ropp_pattern_source(hook->pattern), "x | y");
    assert_int_equal(hook->lines.count, 4);
    assert_string_equal(hook->lines.items[0], "if (${fd})");
    assert_string_equal(hook->lines.items[1], "    return;");
    assert_string_equal(hook->lines.items[2], "");
    assert_string_equal(hook->lines.items[3], "\tx");
    assert_int_equal(hook->line, 2);
    assert_int_equal(hook->in_line, 5);
    assert_int_equal(hook->at_line, 7);
    hook = &file.hooks[1];
    assert_int_equal(hook->language, ROPP_LANGUAGE_CMAKE);
    assert_int_equal(hook->position, ROPP_POSITION_END);
    assert_string_equal(hook->lines.items[0], " ${X} # kept");
    assert_int_equal(file.hooks[2].kind, ROPP_COPY);
    assert_string_equal(file.hooks[2].from, "ropp.c");
    assert_int_equal(file.hooks[2].files.count, 2);
    assert_string_equal(file.hooks[2].files.items[0], "src/a.cpp");
    assert_string_equal(file.hooks[2].when.items[0], "src/b.cpp");
    assert_string_equal(file.hooks[2].files.items[1], "src/a.c");
    assert_string_equal(file.hooks[2].when.items[1], "");
}

/* A hook that is right, with one line replaced or added. */
static char *hook_with(const char *key, const char *line)
{
    static const char *const keys[] = {"hook", "why", "file", "at", "insert", "|", "end"};
    static const char *const lines[] = {"hook a", "why b", "file src/a.c", "at start",
                                        "insert", "| x;",  "end"};
    struct ropp_buffer text = {0};
    size_t i;

    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i], key) == 0)
            ropp_buffer_format(&text, "%s\n", line);
        else
            ropp_buffer_format(&text, "%s\n", lines[i]);
        /* A key that the plain hook does not have. */
        if (strcmp(key, "+") == 0 && i == 2)
            ropp_buffer_format(&text, "%s\n", line);
    }
    return ropp_buffer_take(&text);
}

/* The one mistake in this text: its line, and something of its message. */
static void assert_mistake(char *text, size_t line, const char *message)
{
    struct ropp_hookfile file;
    size_t i;

    assert_false(ropp_hookfile_parse(&file, "x", text, strlen(text)));
    for (i = 0; i < file.mistake_count; i++)
        if (file.mistakes[i].line == line && strstr(file.mistakes[i].text, message))
            break;
    if (i == file.mistake_count)
        fail_msg("'%s' is not reported in line %zu of\n%sbut: %zu: %s", message, line, text,
                 file.mistakes[0].line, file.mistakes[0].text);
    free(text);
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *key, *line;
        size_t number;
        const char *message;
    } cases[] = {
        {"hook", "hook", 1, "no name"},
        {"hook", "hook A", 1, "'A' is no name"},
        {"hook", "hook a--b", 1, "no name"},
        {"hook", "hook -a", 1, "no name"},
        {"hook", "hook a-", 1, "no name"},
        {"hook", "hook a b", 1, "no name"},
        {"hook", "hook aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1, "at most 40"},
        {"why", "", 1, "has no 'why'"},
        {"why", "why", 2, "'why' needs a sentence"},
        {"+", "why again", 4, "a second 'why'"},
        {"file", "", 1, "has no 'file'"},
        {"file", "file", 3, "needs a path"},
        {"file", "file /etc/passwd", 3, "'/etc/passwd' is no path inside a tree"},
        {"file", "file src/../../a.c", 3, "no path inside"},
        {"file", "file src//a.c", 3, "no path inside"},
        {"file", "file ./a.c", 3, "no path inside"},
        {"file", "file src\\a.c", 3, "no path inside"},
        {"file", "file src/a\x1f.c", 3, "no path inside"},
        {"file", "file src/a\x7f.c", 3, "no path inside"},
        {"file", "file src/a.c | ", 3, "no path inside"},
        {"file", "file src/a.c | src/a.c", 3, "'src/a.c' is in this line twice"},
        {"file", "each a.c | b.c | a.c", 3, "twice"},
        {"file", "file src/a.txt", 1, "language of hook 'a' is not clear"},
        {"file", "file src/a.c | Makefile", 1, "language of hook 'a' is not clear"},
        {"+", "file src/b.c", 4, "a second 'file'"},
        {"+", "language rust", 4, "'rust' is no language"},
        {"+", "in connect", 4, "write 'in function NAME'"},
        {"+", "in function", 4, "write 'in function NAME'"},
        {"+", "in function a b", 4, "no function's name"},
        {"+", "in function a::", 4, "no function's name"},
        {"+", "in function /(/", 4, "the pattern '(' is wrong at its character 2"},
        {"+", "in function a\nin function b", 5, "a second 'in'"},
        {"+", "signature \\(", 1, "a 'signature' but no 'in'"},
        {"+", "in function a\nsignature [", 5, "the pattern '[' is wrong"},
        {"+", "optional", 4, "needs the reason"},
        {"+", "colour red", 4, "'colour' is no key of a hook"},
        {"at", "", 1, "has no 'at'"},
        {"at", "at", 4, "write start, end"},
        {"at", "at noon", 4, "write start, end"},
        {"at", "at start x", 4, "takes no pattern"},
        {"at", "at after", 4, "needs a pattern"},
        {"at", "at after a(b", 4, "the pattern 'a(b' is wrong at its character 4"},
        {"at", "at after  foo  \\( *)", 4, "wrong"},
        {"at", "at after (?<=a+)b", 4, "wrong"},
        {"at", "at after \\Ca", 4, "wrong"},
        {"at", "at after (*UTF)a", 4, "wrong"},
        {"at", "at start\nat end", 5, "a second 'at'"},
        {"at", "in function a\nsignature (?<x> b )\nat after (?<x> c )", 6,
         "in 'signature' already"},
        {"insert", "", 6, "'|' is no key"},
        {"insert", "insert x", 5, "come below 'insert'"},
        {"|", "", 5, "inserts nothing"},
        {"|", "x;", 6, "only lines with '|'"},
        {"|", "| ${fd}", 5, "'${fd}' is no capture"},
        {"|", "| ${fd", 5, "is no capture"},
        {"|", "| /* ropp:begin x */", 6, "markers"},
        {"end", "", 1, "has no 'end'"},
        {"end", "end\nnonsense\nmore", 8, "'nonsense' outside of a hook"},
        {"file", "file a.xml", 4, "outside of an XML file's root"},
        {"file", "file Makefile\nin function a", 4, "'in' is for C and C++"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_mistake(hook_with(cases[i].key, cases[i].line), cases[i].number, cases[i].message);
    assert_mistake(ropp_format("copy c\nwhy a\nfrom a\nfacts\nto b.c\nend\n"), 1,
                   "has 'from' and 'facts'");
    assert_mistake(ropp_format("copy c\nend\n"), 1, "no 'from'");
    assert_mistake(ropp_format("copy c\nwhy a\nfrom a\nend\n"), 1, "no 'to'");
    assert_mistake(ropp_format("copy c\nwhy a\nfrom a\nto b.txt\nend\n"), 4, "kind of comment");
    assert_mistake(ropp_format("copy c\nwhy a\nfrom ../a\nto b.c\nend\n"), 1, "no path");
    assert_mistake(ropp_format("copy c\nwhy a\nfrom a\nto ../b.c\nend\n"), 4, "no path");
    assert_mistake(ropp_format("copy c\nwhy a\nfrom a\nto b.c when /x\nend\n"), 4, "no path");
    assert_mistake(ropp_format("copy c\nwhy a\nfrom a\nto b.c\n"), 1, "no 'end'");
    assert_mistake(ropp_format("copy c\nwhy a\nfrom a\nto b.c\nat start\nend\n"), 5,
                   "no key of a copy");
}

/* A fact is a look for one place, with a value instead of lines to insert. */
static void test_facts(void **state)
{
    static const struct {
        const char *lines;
        size_t number;
        const char *message;
    } cases[] = {
        {"why b\nfile a.c\nvalue x\n", 1, "fact 'a' has no 'match'"},
        {"why b\nfile a.c\nmatch x\n", 1, "fact 'a' has no 'value'"},
        {"why b\nmatch x\nvalue x\n", 1, "fact 'a' has no 'file'"},
        {"file a.c\nmatch x\nvalue x\n", 1, "fact 'a' has no 'why'"},
        {"why b\neach a.c\nmatch x\nvalue x\n", 1, "it is one, so write 'file'"},
        {"why b\nfile a.c\nmatch (\nvalue x\n", 4, "the pattern '(' is wrong"},
        {"why b\nfile a.c\nmatch x\nmatch y\nvalue x\n", 5, "a second 'match'"},
        {"why b\nfile a.c\nmatch x\nvalue x\nvalue y\n", 6, "a second 'value'"},
        {"why b\nfile a.c\nmatch x\nvalue x\ndefault\n", 6, "'default' needs the text"},
        {"why b\nfile a.c\nmatch x\nvalue ${y}\n", 1, "'${y}' is no capture"},
        {"why b\nfile a.c\nmatch x\nvalue x\nat start\n", 6, "'at' is no key of a fact"},
        {"why b\nfile a.c\nmatch x\nvalue x\ninsert\n", 6, "'insert' is no key of a fact"},
        {"why b\nfile a.c\nmatch x\nvalue x\noptional x\n", 6, "no key of a fact"},
    };
    const char *text = "fact a-b\nwhy c\nfile a.cpp | a.c\nin function f\n"
                       "match \"(?<x>[^\"]*)\"\nvalue \"${x}\"\ndefault \"none\"\nend\n"
                       "copy c\nwhy a\nfacts\nto b.h\nend\n";
    struct ropp_hookfile file;
    size_t i;

    (void)state;
    assert_true(ropp_hookfile_parse(&file, "x", text, strlen(text)));
    assert_int_equal(file.hook_count, 2);
    assert_int_equal(file.hooks[0].kind, ROPP_FACT);
    assert_int_equal(file.hooks[0].position, ROPP_POSITION_FACT);
    assert_string_equal(file.hooks[0].lines.items[0], "\"${x}\"");
    assert_string_equal(file.hooks[0].fallback, "\"none\"");
    assert_true(file.hooks[1].facts);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_mistake(ropp_format("fact a\n%send\n", cases[i].lines), cases[i].number,
                       cases[i].message);
    assert_mistake(ropp_format("fact a\nwhy b\nfile a.c\nmatch x\nvalue x\n"), 1,
                   "fact 'a' has no 'end'");
}

/* All mistakes of a file at once, in the order of their lines; a forgotten `end` does not hide the
 * next hook. */
static void test_all_mistakes(void **state)
{
    const char *text = "hook A\nwhy b\nfile /x.c\nat noon\ninsert\n| x\n"
                       "hook b\nwhy b\nfile a.c\nat after (\ninsert\n| y\nend\n";
    static const size_t lines[] = {1, 1, 3, 4, 10};
    struct ropp_hookfile file;
    size_t i;

    (void)state;
    assert_false(ropp_hookfile_parse(&file, "x", text, strlen(text)));
    assert_int_equal(file.mistake_count, 5);
    for (i = 0; i < 5; i++)
        assert_int_equal(file.mistakes[i].line, lines[i]);
}

/* Nor does a copy's or a fact's. */
static void test_forgotten_ends(void **state)
{
    static const char *const beginnings[] = {
        "copy c\nwhy a\nfrom a\nto b.c\n",
        "fact f\nwhy a\nfile a.c\nmatch x\nvalue 1\ndefault 0\n",
    };
    struct ropp_hookfile file;
    char text[256];
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        snprintf(text, sizeof text, "%shook b\nwhy b\nfile a.c\nat noon\ninsert\n| y\nend\n",
                 beginnings[i]);
        assert_false(ropp_hookfile_parse(&file, "x", text, strlen(text)));
        assert_int_equal(file.mistake_count, 2);
        assert_non_null(strstr(file.mistakes[0].text, "has no 'end'"));
        assert_non_null(strstr(file.mistakes[1].text, "write start, end"));
    }
}

static void test_odd_files(void **state)
{
    struct ropp_hookfile file;

    (void)state;
    assert_true(ropp_hookfile_parse(&file, "x", "", 0));
    assert_int_equal(file.hook_count, 0);
    assert_true(ropp_hookfile_parse(&file, "x", "\xef\xbb\xbf# a\r\n\r\n", 10));
    assert_false(ropp_hookfile_parse(&file, "x", "# a\n\0\n", 6));
    assert_int_equal(file.mistakes[0].line, 2);
}

static void test_dialect(void **state)
{
    const char *text = "# a\nname  rAthena\nhas a.cpp | a.c\nlacks HPM.c\n";
    struct ropp_dialect_file file;

    (void)state;
    assert_true(ropp_dialect_file_parse(&file, text, strlen(text)));
    assert_string_equal(file.name, "rAthena");
    assert_int_equal(file.rule_count, 2);
    assert_false(file.rules[0].lacks);
    assert_int_equal(file.rules[0].paths.count, 2);
    assert_true(file.rules[1].lacks);
    assert_string_equal(file.rules[1].paths.items[0], "HPM.c");

    text = "name a\nname b\nhas\nlacks ../x\nfoo\n";
    assert_false(ropp_dialect_file_parse(&file, text, strlen(text)));
    assert_int_equal(file.mistake_count, 4);
    assert_int_equal(file.mistakes[0].line, 2);
    assert_int_equal(file.mistakes[3].line, 5);

    assert_false(ropp_dialect_file_parse(&file, "", 0));
}

static void add_text(struct ropp_buffer *out, const char *key, const char *text)
{
    if (text)
        ropp_buffer_format(out, " %s=%s", key, text);
}

static void add_pattern(struct ropp_buffer *out, const char *key,
                        const struct ropp_pattern *pattern)
{
    if (pattern)
        add_text(out, key, ropp_pattern_source(pattern));
}

static void add_list(struct ropp_buffer *out, const char *key, const struct ropp_texts *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        ropp_buffer_format(out, " %s=%s", key, list->items[i]);
}

/* All that was read, one line a mistake, or else one line a hook. */
static void render(const char *title, const char *text, size_t size, struct ropp_buffer *out)
{
    static const char *const kinds[] = {"hook", "fact", "trap", "copy"};
    struct ropp_hookfile file;
    bool right = ropp_hookfile_parse(&file, "x.hook", text, size);
    size_t i;

    (void)title;
    ropp_buffer_text(out, right ? "" : "wrong\n");
    for (i = 0; i < file.mistake_count; i++)
        ropp_buffer_format(out, "%zu: %s\n", file.mistakes[i].line, file.mistakes[i].text);
    for (i = 0; i < file.hook_count && right; i++) {
        const struct ropp_hook *hook = &file.hooks[i];

        ropp_buffer_format(out, "%s %s %s:%zu,%zu,%zu", kinds[hook->kind], hook->name, hook->source,
                           hook->line, hook->in_line, hook->at_line);
        add_text(out, "why", hook->why);
        add_text(out, "word", hook->word);
        add_text(out, "optional", hook->optional);
        add_text(out, "feature", hook->feature);
        add_text(out, "build", hook->build);
        add_text(out, "default", hook->fallback);
        add_text(out, "from", hook->from);
        add_list(out, hook->each ? "each" : "file", &hook->files);
        add_list(out, "when", &hook->when);
        add_text(out, "function", hook->function);
        add_pattern(out, "functions", hook->function_pattern);
        add_pattern(out, "signature", hook->signature);
        add_text(out, "case", hook->label);
        ropp_buffer_format(out, " language=%d position=%d", (int)hook->language,
                           (int)hook->position);
        add_pattern(out, "pattern", hook->pattern);
        add_list(out, "line", &hook->lines);
        ropp_buffer_format(out, "%s%s%s\n", hook->facts ? " facts" : "", hook->or_next ? " or" : "",
                           hook->own ? " own" : "");
    }
}

/* Every key, right and wrong, alone and beside others. */
static void test_cases(void **state)
{
    (void)state;
    cases_run("hookfile_cases.txt", render);
}

static void assert_read(const char *text, size_t size, const char *wanted)
{
    struct ropp_buffer out = {0};

    ropp_buffer_add(&out, "", 0);
    render("", text, size, &out);
    assert_string_equal(out.data, wanted);
    ropp_buffer_free(&out);
}

/* What no text file should hold, and how long a path may be. */
static void test_bytes(void **state)
{
    static const char bom[] = "\xef\xbb\xbf"
                              "fact a\nwhy b\nfile c.c\nmatch d\nvalue e";
    static const char nul[] = "hook a\nwhy b\nfile a\0b.c\nat noon\nend\n";
    static const char control[] = "fact a\nwhy b\nfile a\x1f.c\nmatch d\nvalue e\nend\n";
    char path[402], *text;
    size_t length;

    (void)state;
    assert_read(bom, sizeof bom - 1, "wrong\n1: fact 'a' has no 'end'\n");
    assert_read(bom, 3, "");
    assert_read(bom, 2,
                "wrong\n1: '\xef\xbb' outside of a hook: expected 'hook NAME', 'fact NAME', "
                "'trap NAME' or 'copy NAME'\n");
    assert_read(nul, sizeof nul - 1,
                "wrong\n1: hook 'a' has no 'file'\n1: hook 'a' has no 'at'\n"
                "1: hook 'a' has no 'insert'\n1: hook 'a' has no 'end'\n"
                "3: a NUL byte: this is not a text file\n");
    assert_read(control, sizeof control - 1,
                "wrong\n3: 'a\x1f.c' is no path inside a tree: write it relative to the tree's "
                "top, with '/' between folders and without '..'\n");
    for (length = 400; length <= 401; length++) {
        struct ropp_hookfile file;

        memset(path, 'p', sizeof path);
        memcpy(path + length - 2, ".c", 3);
        text = ropp_format("fact a\nwhy b\nfile %s\nmatch d\nvalue e\nend\n", path);
        assert_int_equal(ropp_hookfile_parse(&file, "x", text, strlen(text)), length == 400);
        free(text);
    }
}

/* A mark is one of the lines of all shapes, and of nothing else. */
static void test_marks(void **state)
{
    static const char text[] = "hook a\nwhy b\nfile a.c\nat start\ninsert\n| x\n| y\nor\n"
                               "at end\ninsert\n| z\nend\n"
                               "hook b\nwhy c\nfile b.c\nat end\ninsert\n| z\nend\n"
                               "hook c\nwhy c\nfile b.c\nat end\ninsert\n| xy\n| z\nend\n"
                               "hook d\nwhy c\nfile b.c\nat end\ninsert\n|\nend\n";
    struct ropp_hookfile file;

    (void)state;
    assert_true(ropp_hookfile_parse(&file, "x", text, sizeof text - 1));
    assert_int_equal(file.hook_count, 5);
    assert_string_equal(ropp_hook_mark(&file.hooks[0]), "78bed5bd9fd95376");
    assert_string_equal(ropp_hook_mark(&file.hooks[1]), "08f7a407b592e737");
    assert_string_equal(ropp_hook_mark(&file.hooks[2]), "08f7a407b592e737");
    assert_string_equal(ropp_hook_mark(&file.hooks[3]), "09051d04a1f38e74");
    assert_string_equal(ropp_hook_mark(&file.hooks[4]), "af63bd4c8601b7df");
}

/* A pattern of a function's name must match all of it, the others any part. */
static void test_whole_patterns(void **state)
{
    static const char text[] = "hook a\nwhy b\nfile a.c\nin function /f/\nsignature f\n"
                               "at before f\ninsert\n| x\nend\n"
                               "fact b\nwhy b\nfile a.c\nmatch f\nvalue x\nend\n";
    struct ropp_hookfile file;
    struct ropp_pattern *patterns[4];
    size_t i, start, end;

    (void)state;
    assert_true(ropp_hookfile_parse(&file, "x", text, sizeof text - 1));
    patterns[0] = file.hooks[0].function_pattern;
    patterns[1] = file.hooks[0].signature;
    patterns[2] = file.hooks[0].pattern;
    patterns[3] = file.hooks[1].pattern;
    for (i = 0; i < 4; i++) {
        assert_int_equal(ropp_pattern_match(patterns[i], "f", 0, 1, &start, &end),
                         ROPP_MATCH_FOUND);
        assert_int_equal(ropp_pattern_match(patterns[i], "xfx", 0, 3, &start, &end),
                         i ? ROPP_MATCH_FOUND : ROPP_MATCH_NONE);
    }
}

static void render_dialect(const char *title, const char *text, size_t size,
                           struct ropp_buffer *out)
{
    struct ropp_dialect_file file;
    bool right = ropp_dialect_file_parse(&file, text, size);
    size_t i;

    (void)title;
    ropp_buffer_format(out, "%s%s\n", right ? "" : "wrong ", file.name ? file.name : "NULL");
    for (i = 0; i < file.mistake_count; i++)
        ropp_buffer_format(out, "%zu: %s\n", file.mistakes[i].line, file.mistakes[i].text);
    for (i = 0; i < file.feature_count; i++)
        ropp_buffer_format(out, "feature=%s without=%s\n", file.features[i].name,
                           file.features[i].without);
    for (i = 0; i < file.rule_count; i++) {
        add_list(out, file.rules[i].lacks ? "lacks" : "has", &file.rules[i].paths);
        ropp_buffer_text(out, "\n");
    }
}

static void test_dialects(void **state)
{
    (void)state;
    cases_run("dialect_cases.txt", render_dialect);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_all_mistakes), cmocka_unit_test(test_forgotten_ends),
        cmocka_unit_test(test_odd_files),    cmocka_unit_test(test_dialect),
        cmocka_unit_test(test_facts),        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_bytes),        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_dialects),     cmocka_unit_test(test_whole_patterns),
    };

    return UNIT_RUN(argc, argv, "hookfile", tests, NULL, NULL);
}
