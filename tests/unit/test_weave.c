// SPDX-License-Identifier: MIT
/* What comes out of the blocks again, and what is refused; where they go in is in test_anchor.c. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/cases.h"
#include "tools/base/keep.h"
#include "tools/patch/tree/weave.h"

/* A text with three blocks: A and B at one place, C in a broken line. */
static void weave(const char *text, size_t at, size_t broken, struct ropp_buffer *out)
{
    char *a[] = {(char *)(uintptr_t) "a;"}, *none[] = {(char *)(uintptr_t) ""};
    struct ropp_place first = {0}, second = {0}, third = {0};
    struct ropp_insertion list[] = {{"c", ROPP_LANGUAGE_C, &third, NULL},
                                    {"a", ROPP_LANGUAGE_C, &first, NULL},
                                    {"b", ROPP_LANGUAGE_C, &second, NULL}};

    first.offset = second.offset = at;
    third.offset = broken;
    third.split = true;
    first.indent = third.indent = (char *)(uintptr_t) "\t";
    second.indent = (char *)(uintptr_t) "";
    first.lines.items = third.lines.items = a;
    second.lines.items = none;
    first.lines.count = second.lines.count = third.lines.count = 1;
    ropp_weave(text, strlen(text), list, 3, "1.0", out);
}

static void test_order(void **state)
{
    struct ropp_buffer out = {0};
    struct ropp_stripped stripped;

    (void)state;
    weave("x;\ny; z;\n", 3, 5, &out);
    assert_string_equal(out.data,
                        "x;\n"
                        "\t/* ropp:begin a 1.0 c1b7f76b */\n\ta;\n\t/* ropp:end a */\n"
                        "/* ropp:begin b 1.0 29620f91 */\n\n/* ropp:end b */\n"
                        "y;\n"
                        "\t/* ropp:begin c 1.0 c1b7f76b split */\n\ta;\n\t/* ropp:end c */\n"
                        " z;\n");
    ropp_strip(out.data, out.size, &stripped);
    assert_null(stripped.damage);
    assert_string_equal(stripped.text.data, "x;\ny; z;\n");
    assert_int_equal(stripped.block_count, 3);
    assert_string_equal(stripped.blocks[0].name, "a");
    assert_string_equal(stripped.blocks[0].version, "1.0");
    assert_int_equal(stripped.blocks[0].line, 2);
    assert_int_equal(stripped.blocks[2].line, 9);
    ropp_buffer_free(&stripped.text);
    ropp_buffer_free(&out);
}

/* Replaces the first `old` in a text by `new`. */
static void replace(struct ropp_buffer *text, const char *old, const char *new_text)
{
    char *at = strstr(text->data, old);
    struct ropp_buffer result = {0};

    assert_non_null(at);
    ropp_buffer_add(&result, text->data, (size_t)(at - text->data));
    ropp_buffer_text(&result, new_text);
    ropp_buffer_text(&result, at + strlen(old));
    ropp_buffer_free(text);
    *text = result;
}

static void assert_strip(const char *old, const char *new_text, size_t edited_line,
                         size_t damaged_line)
{
    struct ropp_buffer out = {0};
    struct ropp_stripped stripped;
    size_t i, line = 0;

    weave("x;\ny; z;\n", 3, 5, &out);
    replace(&out, old, new_text);
    ropp_strip(out.data, out.size, &stripped);
    assert_int_equal(stripped.damaged_line, damaged_line);
    assert_int_equal(stripped.damage != NULL, damaged_line != 0);
    for (i = 0; i < stripped.block_count; i++)
        if (stripped.blocks[i].edited && line == 0)
            line = stripped.blocks[i].line;
    if (damaged_line == 0)
        assert_int_equal(line, edited_line);
    ropp_buffer_free(&stripped.text);
    ropp_buffer_free(&out);
}

static void test_edits(void **state)
{
    (void)state;
    /* Inside: edited. The lines' ends and what is around do not count. */
    assert_strip("\ta;\n", "\tb;\n", 2, 0);
    assert_strip("\ta;\n", "", 2, 0);
    assert_strip("\ta;\n", " a;\n", 2, 0);
    assert_strip("\ta;\n", "\ta;\n\n", 2, 0);
    assert_strip("1.0 29620f91 */\n\n", "1.0 29620f91 */\n", 5, 0);
    assert_strip("\ta;\n", "\ta;\r\n", 0, 0);
    assert_strip("x;\n", "x;\nq;\n", 0, 0);
    assert_strip("\t/* ropp:end a */", "   /* ropp:end a */ ", 0, 0);
}

static void test_damage(void **state)
{
    (void)state;
    assert_strip("\t/* ropp:end a */\n", "", 0, 4);
    assert_strip("\t/* ropp:begin a 1.0 c1b7f76b */\n", "", 0, 3);
    assert_strip("ropp:end a", "ropp:end b", 0, 4);
    assert_strip("\t/* ropp:end c */\n", "", 0, 9);
    assert_strip("ropp:begin a 1.0 c1b7f76b", "ropp:begin a 1.0", 0, 2);
    assert_strip("c1b7f76b split", "c1b7f76b spilt", 0, 9);
    assert_strip("x;\n\t/* ropp:begin a 1.0 c1b7f76b */", "\t/* ropp:begin a 1.0 c1b7f76b split */",
                 0, 1);
}

static void test_no_markers(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "x",
        "/* ropp:beginning */\n",
        "x; /* ropp:begin a 1 00000000 */\n",
        "\"ropp:begin a 1 00000000\"\n",
        "// ropp\n",
    };
    struct ropp_stripped stripped;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ropp_strip(texts[i], strlen(texts[i]), &stripped);
        assert_null(stripped.damage);
        assert_int_equal(stripped.block_count, 0);
        assert_string_equal(stripped.text.data, texts[i]);
        ropp_buffer_free(&stripped.text);
    }
    assert_false(ropp_is_marked("ropp ropp; rrrropp", 18));
    assert_true(ropp_is_marked("rropp:", 6));
    assert_false(ropp_is_marked("rropp:", 5));
}

static void test_copies(void **state)
{
    struct ropp_buffer out = {0};
    struct ropp_block block;

    (void)state;
    ropp_copy_compose("module", "1.0", ROPP_LANGUAGE_C, "int x;\n", 7, &out);
    assert_memory_equal(out.data, "/* ropp:file module 1.0 ", 24);
    assert_true(ropp_copy_read(out.data, out.size, &block));
    assert_string_equal(block.name, "module");
    assert_string_equal(block.version, "1.0");
    assert_false(block.edited);
    /* Version control may change the line ends. */
    replace(&out, "int x;\n", "int x;\r\n");
    assert_true(ropp_copy_read(out.data, out.size, &block));
    assert_false(block.edited);
    replace(&out, "int x", "int y");
    assert_true(ropp_copy_read(out.data, out.size, &block));
    assert_true(block.edited);
    assert_false(ropp_copy_read("int x;\n", 7, &block));
    assert_false(ropp_copy_read("", 0, &block));
    assert_false(ropp_copy_read("/* ropp:file a */\n", 18, &block));
    ropp_buffer_free(&out);
}

/* Weaving and stripping is the identity, whatever the text: here, the kinds of line ends and blanks
 * that there are. */
static void test_identity(void **state)
{
    static const char alphabet[] = "x; \t\r\n\n\r\n\xff";
    unsigned seed = 7;
    int round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        char text[40];
        size_t size = 0, i;
        struct ropp_place places[3];
        struct ropp_insertion list[3] = {{0}};
        char *line = (char *)(uintptr_t) "q";
        struct ropp_buffer out = {0};
        struct ropp_stripped stripped;

        while (size < sizeof text && (seed = seed * 1103515245u + 12345u) % 23 != 0)
            text[size++] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        memset(places, 0, sizeof places);
        for (i = 0; i < 3; i++) {
            struct ropp_place *place = &places[i];

            seed = seed * 1103515245u + 12345u;
            place->offset = (seed >> 16) % (size + 1);
            place->split = place->offset > 0 && text[place->offset - 1] != '\n';
            place->indent = (char *)(uintptr_t) "  ";
            place->lines.items = &line;
            place->lines.count = 1;
            list[i].name = "n";
            list[i].language = (enum ropp_language)(i % ROPP_LANGUAGES);
            list[i].place = place;
        }
        ropp_weave(text, size, list, 3, "1", &out);
        ropp_strip(out.data, out.size, &stripped);
        assert_null(stripped.damage);
        assert_int_equal(stripped.block_count, 3);
        assert_int_equal(stripped.text.size, size);
        assert_memory_equal(stripped.text.data, text, size);
        ropp_buffer_free(&stripped.text);
        ropp_buffer_free(&out);
    }
}

/* Insertions in every language, whole, split and adopted, in a text with each kind of line end: what
 * is woven, and in which lines. */
static void test_languages(void **state)
{
    static const char *const texts[] = {"a;\nb;\n", "a;\r\nb;\r\n", "a;\r\nb;\nc;\n",
                                        "a;\r\nb;\r\nc;\n", "\na;"};
    static const char wanted[] =
        "a;\n\t/* ropp:begin one 9.8 6568bc84 */\n\tx;\n\t\t\ty;\n\n\t/* ropp:end one */\n"
        "b;\n";
    char *lines[] = {(char *)(uintptr_t) "x;", (char *)(uintptr_t) "        y;",
                     (char *)(uintptr_t) ""};
    size_t i, language, way;
    struct ropp_buffer all = {0};

    (void)state;
    for (language = 0; language < ROPP_LANGUAGES; language++)
        for (way = 0; way < 4; way++)
            for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
                struct ropp_place place = {.offset = i == 4 ? 1 : 3 + (i > 0),
                                           .line = 2,
                                           .indent = "\t",
                                           .split = way == 1,
                                           .tabs = way != 2,
                                           .adopted = way == 3 ? "0123" : NULL,
                                           .lines = {lines, 3}};
                size_t line = 0;
                struct ropp_insertion insertion = {"one", (enum ropp_language)language, &place,
                                                   &line};
                struct ropp_buffer out = {0};

                ropp_weave(texts[i], strlen(texts[i]), &insertion, 1, "9.8", &out);
                assert_int_equal(line, 2 + 1 + (way == 1));
                assert_int_equal(ropp_block_lines(&place), 5 + (way == 1));
                if (language == 0 && way == 0 && i == 0)
                    assert_string_equal(out.data, wanted);
                ropp_buffer_format(&all, "%zu %zu %zu\n", language, way, i);
                ropp_buffer_add(&all, out.data, out.size);
                ropp_buffer_free(&out);
            }
    /* All of them together have this mark; when it is another, look at what is printed. */
    if (ropp_hash(ROPP_HASH_START, all.data, all.size) != UINT64_C(0x91f0e31360486106))
        fail_msg("%s%" PRIx64, all.data, ropp_hash(ROPP_HASH_START, all.data, all.size));
    ropp_buffer_free(&all);
}

/* The lines of several insertions, in any order, at places that are the same and others. */
static void test_lines(void **state)
{
    char *lines[] = {(char *)(uintptr_t) "1", (char *)(uintptr_t) "2", (char *)(uintptr_t) "3"};
    struct ropp_place places[4];
    size_t line[4] = {0};
    struct ropp_insertion list[4];
    static const char *const names[] = {"a", "b", "c", "d"};
    static const size_t offsets[] = {4, 0, 4, 3}, first[] = {4, 1, 4, 3};
    struct ropp_buffer out = {0};
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        places[i] = (struct ropp_place){.offset = offsets[i],
                                        .line = first[i],
                                        .indent = "",
                                        .split = i == 3,
                                        .lines = {lines, i == 3 ? 0 : i + 1}};
        list[i] = (struct ropp_insertion){names[i], ROPP_LANGUAGE_CONF, &places[i],
                                          i == 2 ? NULL : &line[i]};
    }
    ropp_weave("\n\nx\ny\n", 6, list, 4, "1", &out);
    assert_string_equal(out.data, "// ropp:begin b 1 bd72fd5f\n1\n2\n// ropp:end b\n"
                                  "\n\nx\n// ropp:begin d 1 4fd0bfc1 split\n// ropp:end d\n"
                                  "\n// ropp:begin a 1 b342ec05\n1\n// ropp:end a\n"
                                  "// ropp:begin c 1 e007684e\n1\n2\n3\n// ropp:end c\ny\n");
    assert_int_equal(line[0], 4 + 4 + 3 + 1);
    assert_int_equal(line[1], 2);
    assert_int_equal(line[2], 0);
    assert_int_equal(line[3], 3 + 4 + 2);
    ropp_buffer_free(&out);
}

/* What is taken out of a text, and what is said of it. */
static void render(const char *title, const char *text, size_t size, struct ropp_buffer *out)
{
    char *exact = cases_decode(text, &size);
    struct ropp_stripped stripped;
    size_t i, k;

    (void)title;
    ropp_strip(exact, size, &stripped);
    if (stripped.damage)
        ropp_buffer_format(out, "damaged in line %zu: %s\n", stripped.damaged_line,
                           stripped.damage);
    assert_int_equal(stripped.damage != NULL, stripped.damaged_line != 0);
    for (i = 0; i < stripped.block_count; i++) {
        const struct ropp_block *block = &stripped.blocks[i];

        ropp_buffer_format(out, "%s %s in line %zu at %zu%s", block->name, block->version,
                           block->line, block->offset, block->edited ? ", edited" : "");
        if (block->adopted) {
            struct ropp_place place;

            ropp_place_adopted(&stripped, block, &place);
            ropp_buffer_format(out, ", adopted %s in line %zu at %zu, indented '%s'%s",
                               block->adopted, place.line, place.offset, place.indent,
                               place.split || place.tabs ? "!" : "");
            assert_string_equal(place.adopted, block->adopted);
            assert_int_equal(place.lines.count, block->lines.count);
        }
        for (k = 0; k < block->lines.count; k++)
            ropp_buffer_format(out, "\n| %s", block->lines.items[k]);
        ropp_buffer_text(out, "\n");
    }
    for (i = 0; i < stripped.text.size && stripped.damage == NULL; i++)
        if (stripped.text.data[i] == '\r')
            ropp_buffer_text(out, "@r");
        else
            ropp_buffer_add(out, &stripped.text.data[i], 1);
    if (stripped.damage == NULL && size && (i == 0 || stripped.text.data[i - 1] != '\n'))
        ropp_buffer_text(out, "@.\n");
    ropp_buffer_free(&stripped.text);
    free(exact);
    ropp_keep_end();
}

static void test_stripped(void **state)
{
    (void)state;
    cases_run("weave_cases.txt", render);
}

/* In memory of exactly its size, as everything that is looked for at the end of a text. */
static void test_marked(void **state)
{
    static const char *const texts[] = {"ropp:", "xropp:", "ropp:x", "xxropp:xx", "rrropp:"};
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (k = 0; k <= strlen(texts[i]); k++) {
            char *exact = malloc(k ? k : 1);
            const char *found;

            memcpy(exact, texts[i], k);
            found = memmem(exact, k, "ropp:", 5);
            assert_int_equal(ropp_is_marked(exact, k), found != NULL);
            free(exact);
        }
}

/* A copy's marker in every language; the content's line ends do not count, but other returns do. */
static void test_copies_of_all_languages(void **state)
{
    static const char *const firsts[] = {"/* ropp:file a 2.0 %016llx */\n",
                                         "# ropp:file a 2.0 %016llx\n",
                                         "# ropp:file a 2.0 %016llx\n",
                                         "<!-- ropp:file a 2.0 %016llx -->\n",
                                         "// ropp:file a 2.0 %016llx\n"};
    static const char *const contents[] = {"",       "x",      "x\r\ny\n", "x\ny\n",
                                           "x\ry\n", "x\ny\r", "\r\n",     "\r\r\n"};
    static const char *const same[] = {"",       "x",      "x\ny\n", "x\ny\n",
                                       "x\ry\n", "x\ny\r", "\n",     "\r\n"};
    size_t i, k;

    (void)state;
    for (i = 0; i < ROPP_LANGUAGES; i++)
        for (k = 0; k < sizeof contents / sizeof contents[0]; k++) {
            struct ropp_buffer out = {0};
            struct ropp_block block;
            char first[64];

            snprintf(first, sizeof first, firsts[i],
                     (unsigned long long)ropp_hash(ROPP_HASH_START, same[k], strlen(same[k])));
            ropp_copy_compose("a", "2.0", (enum ropp_language)i, contents[k], strlen(contents[k]),
                              &out);
            assert_memory_equal(out.data, first, strlen(first));
            assert_string_equal(out.data + strlen(first), contents[k]);
            assert_true(ropp_copy_read(out.data, out.size, &block));
            assert_string_equal(block.name, "a");
            assert_string_equal(block.version, "2.0");
            assert_int_equal(block.line, 1);
            assert_false(block.edited);
            assert_null(block.adopted);
            ropp_buffer_text(&out, "z");
            assert_true(ropp_copy_read(out.data, out.size, &block));
            assert_true(block.edited);
            ropp_buffer_free(&out);
        }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_edits),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_no_markers),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_stripped),
        cmocka_unit_test(test_marked),
        cmocka_unit_test(test_copies_of_all_languages),
    };

    return UNIT_RUN(argc, argv, "weave", tests, NULL, NULL);
}
