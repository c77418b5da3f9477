// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/cases.h"
#include "tools/patch/source/mask.h"

/* Makes each run of blanks one blank, so that nobody has to count them. */
static void squeeze(char *text)
{
    char *to = text;

    for (; *text; text++)
        if (*text != ' ' || text[1] != ' ')
            *to++ = *text;
    *to = '\0';
}

/* Checks what a text looks like masked: its code, and its lines. Runs of blanks count as one. */
static void assert_masked(enum ropp_language language, const char *text, const char *code,
                          const char *lines)
{
    struct ropp_mask mask;

    ropp_mask_init(&mask, language, text, strlen(text));
    assert_int_equal(strlen(mask.code), strlen(text));
    assert_int_equal(strlen(mask.lines), strlen(text));
    squeeze(mask.code);
    assert_string_equal(mask.code, code);
    squeeze(mask.lines);
    if (lines)
        assert_string_equal(mask.lines, lines);
    ropp_mask_free(&mask);
}

static void assert_code(const char *text, const char *code)
{
    assert_masked(ROPP_LANGUAGE_C, text, code, NULL);
}

static void test_comments(void **state)
{
    (void)state;
    assert_code("a; // b;\nc;", "a; \nc;");
    assert_code("a; /* b;\n c; */ d;", "a; \n d;");
    assert_code("a / b; a /* // */ / c;", "a / b; a / c;");
    assert_code("a; // b \\\n c;\nd;", "a; \n \nd;");
    assert_code("a; // b \\\r\n c;\r\nd;", "a; \r\n \r\nd;");
    assert_code("a; // C:\\b\\ \t\n c;\nd;", "a; \n \nd;");
    assert_code("a; // C:\\b\\ \r\n c;\r\nd;", "a; \r\n \r\nd;");
    assert_code("a; // b \\ c\nd;", "a; \nd;");
    assert_code("a; // /* b\nc; */ d;", "a; \nc; */ d;");
    assert_code("a; /* \"b */ c; /* ' */ d", "a; c; d");
    assert_code("a; /* never closed\nb;", "a; \n ");
    assert_code("a; /*/ b; /**/ c;", "a; c;");
}

static void test_literals(void **state)
{
    (void)state;
    assert_code("f(\"a;b\", 'x');", "f(\" \", ' ');");
    assert_code("f(\"a\\\"b;\", '\\'');", "f(\" \", ' ');");
    assert_code("f(\"a\\\\\"); b;", "f(\" \"); b;");
    assert_code("f(\"// no comment\"); b;", "f(\" \"); b;");
    assert_code("f(\"a\\\nb\"); c;", "f(\" \n \"); c;");
    /* A quote that is never closed ends with its line: what follows can still be read. */
    assert_code("f(\"a);\ng(); 'x", "f(\" \ng(); ' ");
    assert_code("n = 1'000'000; c = 'x';", "n = 1'000'000; c = ' ';");
    assert_code("n = 0xab'cd; f(u8'x');", "n = 0xab'cd; f(u8' ');");
}

static void test_raw_strings(void **state)
{
    (void)state;
    assert_code("f(R\"(a\"b)\"); c;", "f(R\" \"); c;");
    assert_code("f(u8R\"x(a)\" )x\"); c;", "f(u8R\" \"); c;");
    assert_code("f(R\"(a\n;)\");", "f(R\" \n \");");
    /* Not raw: a longer name, or no parenthesis. */
    assert_code("FOR\"(a\" b;", "FOR\" \" b;");
    assert_code("R\"a b\" c", "R\" \" c");
    assert_code("R\"(never closed", "R\" ");
}

static void test_directives(void **state)
{
    (void)state;
    assert_masked(ROPP_LANGUAGE_C, "#include \"a.h\" // b\nx;", " \nx;", "#include \"a.h\" \nx;");
    assert_code("  #  define A(x) { \\\n  x; }\ny;", " \n \ny;");
    assert_code("#define A /* b\n c */ d\nx;", " \n \nx;");
    assert_code("#error don't\nx;", " \nx;");
    assert_code("/* c */ # define A {\nx;", " \nx;");
    assert_code("a # b\n", "a # b\n");
}

static void test_dead_code(void **state)
{
    (void)state;
    assert_masked(ROPP_LANGUAGE_C, "#if 0\na;\n#else\nb;\n#endif\nc;", " \n \n \nb;\n \nc;",
                  "#if 0\n \n#else\nb;\n#endif\nc;");
    assert_code("#if 1\na;\n#else\nb;\n#endif", " \na;\n \n \n ");
    assert_code("#if 0\n#if A\na;\n#endif\nb;\n#endif\nc;", " \n \n \n \n \n \nc;");
    assert_code("#if A\na;\n#elif 0\nb;\n#elif 1\nc;\n#else\nd;\n#endif",
                " \na;\n \n \n \nc;\n \n \n ");
    assert_code("#if 0x10\na;\n#endif", " \na;\n ");
    assert_code("#endif\n#else\na;", " \n \na;");
    assert_code("#if 0 // why\na;\n", " \n \n");
    assert_code("#if (0)\na;\n#endif\nb;", " \n \n \nb;");
    assert_code("#if false\na;\n#endif\nb;", " \n \n \nb;");
    assert_code("#if 0 && defined(A) \\\n && B\na;\n#endif\nb;", " \n \n \n \nb;");
    assert_code("#if 0 && A || B\na;\n#endif", " \na;\n ");
    assert_code("#if (0) || B\na;\n#endif", " \na;\n ");
    assert_code("#if falsehood\na;\n#endif", " \na;\n ");
    assert_code("#if A\na;\n#elif ((1))\nb;\n#else\nc;\n#endif", " \na;\n \nb;\n \n \n ");
    assert_code("#if 1 || A\na;\n#else\nb;\n#endif", " \na;\n \n \n ");
    assert_code("#if 1 && A\na;\n#else\nb;\n#endif", " \na;\n \nb;\n ");
}

/* The code as one build sees it: the one that takes the branch around `needle`. */
static void assert_view(const char *text, const char *needle, const char *expected)
{
    struct ropp_mask mask;
    size_t at = (size_t)(strstr(text, needle) - text);
    char *view = calloc(1, strlen(text) + 1);

    ropp_mask_init(&mask, ROPP_LANGUAGE_C, text, strlen(text));
    ropp_mask_view(&mask, ropp_mask_branch(&mask, at), view);
    squeeze(view);
    assert_string_equal(view, expected);
    ropp_mask_free(&mask);
    free(view);
}

static void test_views(void **state)
{
    const char *text = "a\n#if A\nb\n#if B\nc\n#else\nd\n#endif\n#else\ne\n#endif\nf\n";

    (void)state;
    assert_view(text, "a", "a\n \nb\n \nc\n \n \n \n \n \n \nf\n");
    assert_view(text, "\nd", "a\n \nb\n \n \n \nd\n \n \n \n \nf\n");
    assert_view(text, "\ne", "a\n \n \n \n \n \n \n \n \ne\n \nf\n");
    /* Of a group with a dead first branch, the first live one is primary. */
    assert_view("#if 0\na\n#elif B\nb\n#else\nc\n#endif\nd", "d", " \n \n \nb\n \n \n \nd");
}

/* A condition that was taken to hold holds in the whole file, however it is written. */
static void test_one_build(void **state)
{
    const char *text = "#ifdef A\nb {\n#else\nc {\n#endif\nd\n"
                       "#ifndef A /* no */\ne }\n#endif\n#if defined( A )\nf }\n#endif\n";

    (void)state;
    assert_view(text, "d", " \nb {\n \n \n \nd\n \n \n \n \nf }\n \n");
    assert_view(text, "b", " \nb {\n \n \n \nd\n \n \n \n \nf }\n \n");
    assert_view(text, "c", " \n \n \nc {\n \nd\n \ne }\n \n \n \n \n");
    assert_view(text, "\ne", " \n \n \nc {\n \nd\n \ne }\n \n \n \n \n");
    assert_view("#if !defined(A)\na\n#endif\n#ifdef A\nb\n#else\nc\n#endif\nd", "d",
                " \na\n \n \n \n \nc\n \nd");
    /* What is taken is decided by the first group that a build sees, not by one inside another's
     * branch that it does not see. */
    assert_view("#if V > 1\n#else\n#ifdef A\na\n#endif\n#endif\n#ifndef A\nb\n#endif\nd", "\nd",
                " \n \n \n \n \n \n \nb\n \nd");
    /* One that is left out is decided too: the #else of A is taken where A does not hold. */
    assert_view("#if A\na\n#elif B\nb\n#else\nc\n#endif\n#if A\nd\n#endif\n#if B\ne\n#endif", "c",
                " \n \n \n \n \nc\n \n \n \n \n \n \n ");
    /* A combination is a condition of its own. */
    assert_view("#if A && B\na\n#endif\n#if !A && B\nb\n#endif\n#if !(A && B)\nc\n#endif\nd", "\nd",
                " \na\n \n \nb\n \n \nc\n \nd");
}

/* Groups side by side of which each opens a brace that is closed once are one group: at most one of
 * their branches is in a build. */
static void test_groups_that_share_a_brace(void **state)
{
    const char *text = "#ifdef A\na {\n#endif\n#ifdef B\nb {\n#endif\nc }\nd";

    (void)state;
    assert_view(text, "d", " \na {\n \n \n \n \nc }\nd");
    assert_view(text, "a {", " \na {\n \n \n \n \nc }\nd");
    assert_view(text, "b {", " \n \n \n \nb {\n \nc }\nd");
    /* Three of them, with a comment between, and a group inside. */
    assert_view("#if A\na {\n#endif\n/* or */\n#if B\n#if X\nb {\n#else\n{\n#endif\n#endif\n"
                "#if C\nc {\n#endif\nd }",
                "c {", " \n \n \n \n \n \n \n \n \n \n \n \nc {\n \nd }");
    /* Those are not: code between them, braces that are closed, another number, an #else. */
    assert_view("#if A\na {\n#endif\nx\n#if B\nb {\n#endif\nd", "d", " \na {\n \nx\n \nb {\n \nd");
    assert_view("#if A\na {}\n#endif\n#if B\nb {}\n#endif\nd", "d", " \na {}\n \n \nb {}\n \nd");
    assert_view("#if A\na {\n#endif\n#if B\nb {{\n#endif\nd", "d", " \na {\n \n \nb {{\n \nd");
    assert_view("#if A\na {\n#endif\n#if B\nb {\n#else\nc {\n#endif\nd", "d",
                " \na {\n \n \nb {\n \n \n \nd");
    /* What the one that is left out is about does not hold further on. */
    assert_view("#if A\na {\n#endif\n#if B\nb {\n#endif\n}\n#if B\nc\n#else\nd\n#endif\ne", "e",
                " \na {\n \n \n \n \n}\n \n \n \nd\n \ne");
}

static void test_branches(void **state)
{
    const char *text = "a\n#ifdef A\nb\n#ifndef B\nc\n#endif\n#elif C\nd\n#endif\ne";
    struct ropp_mask mask;
    size_t a, b, c, d;

    (void)state;
    ropp_mask_init(&mask, ROPP_LANGUAGE_C, text, strlen(text));
    a = ropp_mask_branch(&mask, 0);
    b = ropp_mask_branch(&mask, (size_t)(strstr(text, "\nb") + 1 - text));
    c = ropp_mask_branch(&mask, (size_t)(strstr(text, "\nc") + 1 - text));
    d = ropp_mask_branch(&mask, (size_t)(strstr(text, "\nd") + 1 - text));
    assert_int_equal(a, 0);
    assert_true(b != c && c != d && b != d);
    assert_true(ropp_mask_inside(&mask, c, b));
    assert_true(ropp_mask_inside(&mask, c, a));
    assert_false(ropp_mask_inside(&mask, b, c));
    assert_false(ropp_mask_inside(&mask, d, b));
    assert_int_equal(mask.branches[b].group, mask.branches[d].group);
    assert_true(mask.branches[b].starts_group);
    assert_false(mask.branches[d].starts_group);
    assert_int_equal(ropp_mask_branch(&mask, strlen(text) - 1), 0);
    ropp_mask_free(&mask);
}

static void test_line_breaks(void **state)
{
    const char *text = "a; // b\nc; /* d\n e */\n#define F \\\n g\n\"h\\\ni\"; j \\\n;";
    struct ropp_mask mask;
    const char *at = text;
    size_t i;
    /* Where a line of our own may begin: not inside a comment, a directive, a literal or a
     * continued line. */
    static const bool is_code[] = {true, false, true, false, true, false, false};

    (void)state;
    ropp_mask_init(&mask, ROPP_LANGUAGE_C, text, strlen(text));
    for (i = 0; i < sizeof is_code / sizeof is_code[0]; i++, at++) {
        at = strchr(at, '\n');
        assert_non_null(at);
        assert_int_equal(mask.ink[at - text] == ROPP_INK_CODE, is_code[i]);
    }
    ropp_mask_free(&mask);
}

static void test_other_languages(void **state)
{
    (void)state;
    assert_masked(ROPP_LANGUAGE_MAKE, "A = b # c\n# d \\\ne\nF = \\# g \\\n h",
                  "A = b \n \n \nF = \\# g \\\n h", NULL);
    assert_masked(ROPP_LANGUAGE_CMAKE, "set(a \"#b\" #c\n) #[[ d\ne ]] f() #[ g",
                  "set(a \"#b\" \n) \n f() ", NULL);
    assert_masked(ROPP_LANGUAGE_CMAKE, "a([=[ # ]] ]=] # b\n)", "a([=[ # ]] ]=] \n)", NULL);
    assert_masked(ROPP_LANGUAGE_XML, "<a b=\"//\"/><!-- <c/>\n --><d/>", "<a b=\"//\"/> \n <d/>",
                  NULL);
    assert_masked(ROPP_LANGUAGE_CONF, "a: http://b // c\n/* d */ e: f", "a: http://b \n e: f",
                  NULL);
}

static void test_names(void **state)
{
    static const char *const names[ROPP_LANGUAGES] = {"c", "make", "cmake", "xml", "conf"};
    int i;

    (void)state;
    for (i = 0; i < ROPP_LANGUAGES; i++)
        assert_int_equal(ropp_language_by_name(names[i]), i);
    assert_int_equal(ropp_language_by_name("rust"), ROPP_LANGUAGES);
    assert_int_equal(ropp_language_of_file("src/a.cpp"), ROPP_LANGUAGE_C);
    assert_int_equal(ropp_language_of_file("a.b/Makefile.in"), ROPP_LANGUAGE_MAKE);
    assert_int_equal(ropp_language_of_file("a/CMakeLists.txt"), ROPP_LANGUAGE_CMAKE);
    assert_int_equal(ropp_language_of_file("a.vcxproj.filters"), ROPP_LANGUAGE_XML);
    assert_int_equal(ropp_language_of_file("conf/login_athena.conf"), ROPP_LANGUAGE_CONF);
    assert_int_equal(ropp_language_of_file("a.c/README"), ROPP_LANGUAGES);
    assert_int_equal(ropp_language_of_file("notes.txt"), ROPP_LANGUAGES);
}

/* Every suffix, alone and behind a folder, and none of them longer or shorter. */
static void test_suffixes(void **state)
{
    static const struct {
        const char *suffixes;
        enum ropp_language language;
    } cases[] = {
        {"a.c a.cc a.cpp a.cxx a.h a.hh a.hpp a.inc a.b.c .c x/a.c x.mk/a.c", ROPP_LANGUAGE_C},
        {"a.mk a.am Makefile Makefile.in Makefiles GNUmakefile GNUmakefile.am x.c/Makefile",
         ROPP_LANGUAGE_MAKE},
        {"a.cmake CMakeLists.txt x/CMakeLists.txt", ROPP_LANGUAGE_CMAKE},
        {"a.vcxproj a.vcproj a.filters a.props a.targets a.xml", ROPP_LANGUAGE_XML},
        {"a.conf", ROPP_LANGUAGE_CONF},
        {"a a. a.d a.ccc a.hp a.cp a.txt CMakeLists.tx CMakeLists CMakeLists.txts makefile Makefil "
         "xMakefile GNUmakefil GNUmakefix x/ a.c/ a.c/a .cx",
         ROPP_LANGUAGES},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *all = ropp_copy_text(cases[i].suffixes, strlen(cases[i].suffixes)), *name;

        for (name = strtok(all, " "); name; name = strtok(NULL, " "))
            if (ropp_language_of_file(name) != cases[i].language)
                fail_msg("%s: %d", name, (int)ropp_language_of_file(name));
        free(all);
    }
    assert_int_equal(ropp_language_by_name("xmls"), ROPP_LANGUAGES);
    assert_int_equal(ropp_language_by_name(""), ROPP_LANGUAGES);
}

/* Bytes, a line of them a line, or all of them in one without a key: blanks as `_`, line breaks as
 * `$` and `<`. */
static void add_shown(struct ropp_buffer *out, const char *key, const char *bytes, const char *text,
                      size_t size)
{
    size_t i;

    for (i = 0; i < size; i++) {
        char c = bytes[i];

        if (key && (i == 0 || text[i - 1] == '\n'))
            ropp_buffer_format(out, "%s%s ", i ? "\n" : "", key);
        c = c == ' ' ? '_' : c == '\n' ? '$' : c == '\r' ? '<' : c < ' ' ? '?' : c;
        ropp_buffer_add(out, &c, 1);
    }
    ropp_buffer_text(out, "\n");
}

static void add_ink(struct ropp_buffer *out, const struct ropp_mask *mask)
{
    static const char signs[] = ".c\"#0";
    char *ink = ropp_alloc(mask->size + 1, 1);
    size_t i;

    for (i = 0; i < mask->size; i++)
        ink[i] = signs[mask->ink[i]];
    add_shown(out, "ink", ink, mask->text, mask->size);
    free(ink);
}

/* The branches: a condition by the first branch that has the same. */
static void add_branches(struct ropp_buffer *out, const struct ropp_mask *mask)
{
    size_t i, same;

    for (i = 0; i < mask->branch_count; i++) {
        const struct ropp_branch *branch = &mask->branches[i];

        for (same = 0; same < i && mask->branches[same].condition != branch->condition;)
            same++;
        ropp_buffer_format(out, "%zu in %zu of %zu: %zu %zu-%zu if %s%zu%s%s%s\n", i,
                           branch->parent, branch->group, branch->directive, branch->start,
                           branch->end, branch->negated ? "!" : "", same,
                           branch->starts_group ? " first" : "", branch->dead ? " dead" : "",
                           branch->taken ? " taken" : "");
    }
}

/* In the language that the title begins with: what is code, and what the other bytes are; of C, what
 * each build sees. */
static void render(const char *title, const char *text, size_t size, struct ropp_buffer *out)
{
    char *name = ropp_copy_text(title, strcspn(title, ":")), *exact = cases_decode(text, &size);
    enum ropp_language language = ropp_language_by_name(name);
    struct ropp_mask mask;
    size_t i, k;

    assert_true(language != ROPP_LANGUAGES);
    ropp_mask_init(&mask, language, exact, size);
    add_shown(out, "code", mask.code, exact, size);
    add_shown(out, "line", mask.lines, exact, size);
    add_ink(out, &mask);
    assert_int_equal(mask.code[size] + mask.lines[size] + mask.ink[size], 0);
    if (mask.branch_count > 1)
        add_branches(out, &mask);
    for (i = 0; i < mask.branch_count && mask.branch_count > 1; i++) {
        char *view = malloc(size + !size);

        ropp_mask_view(&mask, i, view);
        ropp_buffer_format(out, "view %zu ", i);
        add_shown(out, NULL, view, exact, size);
        for (k = mask.branches[i].start; k < mask.branches[i].end; k++)
            assert_true(ropp_mask_inside(&mask, ropp_mask_branch(&mask, k), i));
        free(view);
    }
    ropp_mask_free(&mask);
    assert_null(mask.code);
    free(exact);
    free(name);
}

static void test_cases(void **state)
{
    (void)state;
    cases_run("mask_cases.txt", render);
}

/* Any bytes will do, and what is not blanked stays as it is. */
static void test_random_bytes(void **state)
{
    static const char alphabet[] = "ab\"'\\\n\r/*#{}()R[=]<!->if0 endifelse\t;\x80";
    unsigned seed = 1;
    int round, language;

    (void)state;
    for (round = 0; round < 4000; round++) {
        char text[120];
        size_t size, i;
        struct ropp_mask mask;

        for (size = 0; size < sizeof text && (seed = seed * 1103515245u + 12345u) % 97 != 0; size++)
            text[size] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        for (language = 0; language < ROPP_LANGUAGES; language++) {
            ropp_mask_init(&mask, (enum ropp_language)language, text, size);
            for (i = 0; i < size; i++) {
                assert_true(mask.code[i] == text[i] || mask.code[i] == ' ');
                assert_true(mask.lines[i] == text[i] || mask.lines[i] == ' ');
                if (text[i] == '\n')
                    assert_int_equal(mask.code[i], '\n');
            }
            ropp_mask_free(&mask);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comments),        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_raw_strings),     cmocka_unit_test(test_directives),
        cmocka_unit_test(test_dead_code),       cmocka_unit_test(test_views),
        cmocka_unit_test(test_one_build),       cmocka_unit_test(test_groups_that_share_a_brace),
        cmocka_unit_test(test_branches),        cmocka_unit_test(test_line_breaks),
        cmocka_unit_test(test_other_languages), cmocka_unit_test(test_names),
        cmocka_unit_test(test_random_bytes),    cmocka_unit_test(test_cases),
        cmocka_unit_test(test_suffixes),
    };

    return UNIT_RUN(argc, argv, "mask", tests, NULL, NULL);
}
