// SPDX-License-Identifier: MIT
/* Anchors: where hooks land. Every case is woven, compared and taken out again. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/unit.h"
#include "tests/unit/cases.h"
#include "tools/base/keep.h"
#include "tools/patch/hooks/anchor.h"
#include "tools/patch/tree/weave.h"

/* The clock goes on by so much whenever it is read. */
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

static time_t clock_step_s;

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    static time_t ahead_s;
    int result = __real_clock_gettime(clock, now);

    ahead_s += clock_step_s;
    now->tv_sec += ahead_s;
    return result;
}

/* Resolves a hook that inserts `X;` or what `body` says, in a text. `head` holds the lines `in`,
 * `signature` and `at`. */
static enum ropp_anchor_result resolve(const char *language, const char *head, const char *body,
                                       const char *text, size_t size, struct ropp_buffer *woven,
                                       const char **why)
{
    char *source = ropp_format("hook t\nwhy t\nfile t\nlanguage %s\n%s\ninsert\n%s\nend\n",
                               language, head, body);
    struct ropp_hookfile file;
    struct ropp_mask mask;
    struct ropp_place place;
    enum ropp_anchor_result result;

    if (!ropp_hookfile_parse(&file, "t.hook", source, strlen(source)))
        fail_msg("%s: %s", head, file.mistakes[0].text);
    ropp_mask_init(&mask, file.hooks[0].language, text, size);
    result = ropp_anchor_find(&file.hooks[0], &mask, &place, why);
    if (result == ROPP_ANCHOR_FOUND) {
        struct ropp_insertion insertion = {"t", file.hooks[0].language, &place, NULL};
        struct ropp_stripped stripped;

        assert_null(*why);
        ropp_weave(text, size, &insertion, 1, "1", woven);
        ropp_strip(woven->data, woven->size, &stripped);
        assert_null(stripped.damage);
        assert_int_equal(stripped.block_count, 1);
        assert_false(stripped.blocks[0].edited);
        assert_int_equal(stripped.text.size, size);
        assert_memory_equal(stripped.text.data, text, size);
        ropp_buffer_free(&stripped.text);
    } else {
        assert_non_null(*why);
    }
    ropp_mask_free(&mask);
    free(source);
    return result;
}

/* Removes the lines with markers: what remains is the text and the inserted lines. */
static void drop_markers(struct ropp_buffer *text)
{
    struct ropp_buffer rest = {0};
    char *line = text->data, *next;

    for (; line && *line; line = next) {
        next = strchr(line, '\n');
        next = next ? next + 1 : line + strlen(line);
        if (!memmem(line, (size_t)(next - line), "ropp:", 5))
            ropp_buffer_add(&rest, line, (size_t)(next - line));
    }
    ropp_buffer_free(text);
    *text = rest;
}

static void expect_in(const char *language, const char *head, const char *body, const char *text,
                      const char *expected)
{
    struct ropp_buffer woven = {0};
    const char *why = NULL;

    if (resolve(language, head, body, text, strlen(text), &woven, &why) != ROPP_ANCHOR_FOUND)
        fail_msg("%s: %s", head, why);
    drop_markers(&woven);
    assert_string_equal(woven.data, expected);
    ropp_buffer_free(&woven);
}

static void expect(const char *head, const char *text, const char *expected)
{
    expect_in("c", head, "| X;", text, expected);
}

/* The hook finds no place, and the message has this text in it. */
static void expect_no(const char *head, const char *text, enum ropp_anchor_result result,
                      const char *message)
{
    struct ropp_buffer woven = {0};
    const char *why = NULL;

    assert_int_equal(resolve("c", head, "| X;", text, strlen(text), &woven, &why), result);
    if (strstr(why, message) == NULL)
        fail_msg("'%s' is not in: %s", message, why);
    ropp_buffer_free(&woven);
}

static void missing(const char *head, const char *text, const char *message)
{
    expect_no(head, text, ROPP_ANCHOR_MISSING, message);
}

static void refused(const char *head, const char *text, const char *message)
{
    expect_no(head, text, ROPP_ANCHOR_REFUSED, message);
}

/* -- functions ----------------------------------------------------------- */

static void test_function_styles(void **state)
{
    (void)state;
    expect("in function f\nat start", "int f(int a) {\n\ta;\n}\n",
           "int f(int a) {\n\tX;\n\ta;\n}\n");
    expect("in function f\nat start", "static int\nf(int a,\n  int b)\n{\n\ta;\n}\n",
           "static int\nf(int a,\n  int b)\n{\n\tX;\n\ta;\n}\n");
    expect("in function f\nat end", "bool A::f() const noexcept\n{\n    a;\n}\n",
           "bool A::f() const noexcept\n{\n    a;\n    X;\n}\n");
    expect("in function A::f\nat start", "int f() {\n}\nint A :: f() {\n}\nint B::f() {\n}\n",
           "int f() {\n}\nint A :: f() {\n    X;\n}\nint B::f() {\n}\n");
    expect("in function f\nat start", "auto f(int a) -> std::vector<int>* {\n\ta;\n}\n",
           "auto f(int a) -> std::vector<int>* {\n\tX;\n\ta;\n}\n");
    expect("in function f\nat start", "static TIMER_FUNC(f){\n\ta;\n}\n",
           "static TIMER_FUNC(f){\n\tX;\n\ta;\n}\n");
    expect("in function f\nat start",
           "struct f { int a; };\nint f __attribute__((x))(int);\nint f(void) "
           "__attribute__((y)) {\n\ta;\n}\n",
           "struct f { int a; };\nint f __attribute__((x))(int);\nint f(void) __attribute__((y)) "
           "{\n\tX;\n\ta;\n}\n");
    expect("in function A\nat end", "A::A(int b) : c(b), d(0)\n{\n\tb;\n}\n",
           "A::A(int b) : c(b), d(0)\n{\n\tb;\n\tX;\n}\n");
    expect("in function f\nat start",
           "extern \"C\" {\nnamespace n {\nstruct s final {\n\tvoid f() {\n\t\ta;\n\t}\n};\n}\n}\n",
           "extern \"C\" {\nnamespace n {\nstruct s final {\n\tvoid f() "
           "{\n\t\tX;\n\t\ta;\n\t}\n};\n}\n}\n");
    expect("in function B\nat end", "A::A(int b) : B(C) {\n\tb;\n}\nB::B() {\n\tc;\n}\n",
           "A::A(int b) : B(C) {\n\tb;\n}\nB::B() {\n\tc;\n\tX;\n}\n");
    missing("in function C\nat end", "A::A(int b) : B(C) {\n}\n", "no definition");
}

static void test_function_decoys(void **state)
{
    const char *text = "int f(int);\n"
                       "// int f(int a) {\n"
                       "/* int f(int a) { */\n"
                       "const char *s = \"int f(int a) {\";\n"
                       "#define f2(a) f(a) {\n"
                       "struct t { int (*f)(int); };\n"
                       "int g(void) {\n"
                       "\tif (f(1)) {\n\t}\n"
                       "\tp->f(1);\n"
                       "\tif (f) {\n\t}\n"
                       "\tswitch (f(2)) {\n\t}\n"
                       "}\n"
                       "int ff(int a) {\n}\n"
                       "#if 0\nint f(int a) {\n}\n#endif\n"
                       "int f(int a) {\n"
                       "\ta;\n"
                       "}\n";
    char *expected, *at;

    (void)state;
    at = strstr(text, "\ta;\n");
    expected = ropp_format("%.*s\tX;\n%s", (int)(at - text), text, at);
    expect("in function f\nat start", text, expected);
    free(expected);
}

static void test_function_missing(void **state)
{
    (void)state;
    missing("in function connect_client\nat start",
            "int connect_clients(int fd) {\n}\nint x(void) {\n}\n",
            "similar: connect_clients (line 1)");
    missing("in function connect_client\nat start", /* half of the letters are others */
            "int connect_server(int fd) {\n}\n", "; 1 functions are defined there");
    missing("in function f\nat start", "int f(int);\nint g(void) {\n}\n", "the name is in line 1");
    missing("in function f\nat start", "MACRO(f)\nint g(void) {\n}\n", "no definition");
    missing("in function f\nat start", "MACRO_LINE(f) int g(void) {\n}\n", "no definition");
    missing("in function /conn\\w+/\nat start", "int g(void) {\n}\n",
            "whose name matches 'conn\\w+'; 1 functions");
    missing("in function f\nsignature \\( char\nat start", "int f(int a) {\n}\n",
            "signature does not match");
    refused("in function f\nat start", "int f(int a) {\n}\nint f(char a) {\n}\n",
            "f in line 1, f in line 3");
    refused("in function f\nat start",
            "#ifdef A\nint f(int a) {\n}\n#else\nint f(char a) {\n}\n#endif\n", "more than once");
    refused("in function f\nat start", "int f(int a) {\n{\n}\n",
            "f (line 1): the braces do not balance from line 3 on");
}

static void test_function_choice(void **state)
{
    (void)state;
    expect("in function f\nsignature \\( char\nat start", "int f(int a) {\n}\nint f(char a) {\n}\n",
           "int f(int a) {\n}\nint f(char a) {\n    X;\n}\n");
    expect("in function /do_(sockets|sendrecv)/\nat start",
           "int do_sockets2(int a) {\n}\nint do_sendrecv(int a) {\n}\n",
           "int do_sockets2(int a) {\n}\nint do_sendrecv(int a) {\n    X;\n}\n");
}

static void test_conditional_heads(void **state)
{
    /* Two heads in front of one body are one function; a brace in each branch counts once. */
    (void)state;
    expect("in function f\nat start",
           "#ifdef A\nint f(int a)\n#else\nint f(char a)\n#endif\n{\n\ta;\n}\n",
           "#ifdef A\nint f(int a)\n#else\nint f(char a)\n#endif\n{\n\tX;\n\ta;\n}\n");
    expect("in function f\nat end",
           "#ifdef A\nint f(int a) {\n#else\nint f(char a) {\n#endif\n\ta;\n}\nint g(void) {\n}\n",
           "#ifdef A\nint f(int a) {\n#else\nint f(char a) {\n#endif\n\ta;\n\tX;\n}\nint g(void) "
           "{\n}\n");
    refused("in function f\nat start",
            "#ifdef A\nint f(int a) {\n#else\nint f(char a) {\n#endif\n\ta;\n}\n",
            "missing in other builds");
    expect(
        "in function f\nat after b",
        "int f(int a) {\n#ifdef A\n\tif (a) {\n#else\n\tif (!a) {\n#endif\n\t\tb;\n\t}\n\tc;\n}\n",
        "int f(int a) {\n#ifdef A\n\tif (a) {\n#else\n\tif (!a) "
        "{\n#endif\n\t\tb;\n\t\tX;\n\t}\n\tc;\n}\n");
    /* The match is in the second branch: there, that branch counts. */
    expect(
        "in function f\nat after !a",
        "int f(int a) {\n#ifdef A\n\tif (a) {\n#else\n\tif (!a) {\n#endif\n\t\tb;\n\t}\n\tc;\n}\n",
        "int f(int a) {\n#ifdef A\n\tif (a) {\n#else\n\tif (!a) "
        "{\n#endif\n\t\tb;\n\t}\n\tX;\n\tc;\n}\n");
    expect("in function f\nat before epoll",
           "int f(void) {\n#ifndef E\n\tselect();\n#else\n\tepoll();\n#endif\n}\n",
           "int f(void) {\n#ifndef E\n\tselect();\n#else\n\tX;\n\tepoll();\n#endif\n}\n");
    expect("in function f\nat start", "#ifdef A\nint f(int a)\n{\n\ta;\n}\n#endif\n",
           "#ifdef A\nint f(int a)\n{\n\tX;\n\ta;\n}\n#endif\n");
}

/* -- statements ---------------------------------------------------------- */

/* A function f around a body; the result must be the same around what is expected. */
static void in_body(const char *head, const char *body, const char *expected)
{
    char *with_in = ropp_format("in function f\n%s", head);
    char *text = ropp_format("int f(int a)\n{\n%s}\n", body);
    char *wanted = ropp_format("int f(int a)\n{\n%s}\n", expected);

    expect(with_in, text, wanted);
    free(with_in);
    free(text);
    free(wanted);
}

static void refused_in_body(const char *head, const char *body, const char *message)
{
    char *with_in = ropp_format("in function f\n%s", head);
    char *text = ropp_format("int f(int a)\n{\n%s}\n", body);

    refused(with_in, text, message);
    free(with_in);
    free(text);
}

static void test_simple_statements(void **state)
{
    (void)state;
    in_body("at before b", "\ta;\n\tb;\n\tc;\n", "\ta;\n\tX;\n\tb;\n\tc;\n");
    in_body("at after b", "\ta;\n\tb;\n\tc;\n", "\ta;\n\tb;\n\tX;\n\tc;\n");
    in_body("at after b", "\tx = g(a,\n\t\tb, {c});\n\td;\n",
            "\tx = g(a,\n\t\tb, {c});\n\tX;\n\td;\n");
    in_body("at before b", "\tx = g(a,\n\t\tb);\n", "\tX;\n\tx = g(a,\n\t\tb);\n");
    in_body("at after y = ", "\tint y = { 1 };\n\tz;\n", "\tint y = { 1 };\n\tX;\n\tz;\n");
    in_body("at after b", "\tg([&](int x) { b; return x; }, c);\n\td;\n",
            "\tg([&](int x) { b; return x; }, c);\n\tX;\n\td;\n");
    in_body("at after b", "\tauto g = [](int x) { b; };\n\td;\n",
            "\tauto g = [](int x) { b; };\n\tX;\n\td;\n");
    in_body("at before b", "\t{\n\t\tb;\n\t}\n", "\t{\n\t\tX;\n\t\tb;\n\t}\n");
    in_body("at after \\{ a", "\t{\n\t\ta;\n\t}\n\tb;\n", "\t{\n\t\ta;\n\t}\n\tX;\n\tb;\n");
    in_body("at after MACRO", "\tMACRO(a, b)\n", "\tMACRO(a, b)\n\tX;\n");
    in_body("at before c", "\ta = b ? c : d;\n", "\tX;\n\ta = b ? c : d;\n");
}

static void test_control_statements(void **state)
{
    const char *chain =
        "\tif (a) {\n\t\tp;\n\t} else if (b)\n\t\tq;\n\telse {\n\t\tr;\n\t}\n\ts;\n";

    (void)state;
    in_body("at before \\( a", chain,
            "\tX;\n\tif (a) {\n\t\tp;\n\t} else if (b)\n\t\tq;\n\telse {\n\t\tr;\n\t}\n\ts;\n");
    in_body("at before \\( b", chain,
            "\tX;\n\tif (a) {\n\t\tp;\n\t} else if (b)\n\t\tq;\n\telse {\n\t\tr;\n\t}\n\ts;\n");
    in_body("at after \\( b", chain,
            "\tif (a) {\n\t\tp;\n\t} else if (b)\n\t\tq;\n\telse {\n\t\tr;\n\t}\n\tX;\n\ts;\n");
    in_body("at after p", chain,
            "\tif (a) {\n\t\tp;\n\t\tX;\n\t} else if (b)\n\t\tq;\n\telse {\n\t\tr;\n\t}\n\ts;\n");
    in_body("at before r", chain,
            "\tif (a) {\n\t\tp;\n\t} else if (b)\n\t\tq;\n\telse {\n\t\tX;\n\t\tr;\n\t}\n\ts;\n");
    in_body("at after \\( a", "\tif (a)\n\t\tb;\n\tc;\n", "\tif (a)\n\t\tb;\n\tX;\n\tc;\n");
    in_body("at after i < a", "\tfor (i = 0; i < a; i++)\n\t\tb;\n\tc;\n",
            "\tfor (i = 0; i < a; i++)\n\t\tb;\n\tX;\n\tc;\n");
    in_body("at before i < a", "\tfor (i = 0; i < a; i++) {\n\t\tb;\n\t}\n",
            "\tX;\n\tfor (i = 0; i < a; i++) {\n\t\tb;\n\t}\n");
    in_body("at after while \\( a", "\tdo {\n\t\tb;\n\t} while (a);\n\tc;\n",
            "\tdo {\n\t\tb;\n\t} while (a);\n\tX;\n\tc;\n");
    in_body("at after b", "\tdo {\n\t\tb;\n\t} while (a);\n",
            "\tdo {\n\t\tb;\n\t\tX;\n\t} while (a);\n");
    in_body("at after catch", "\ttry {\n\t\tb;\n\t} catch (int &e) {\n\t\tc;\n\t}\n\td;\n",
            "\ttry {\n\t\tb;\n\t} catch (int &e) {\n\t\tc;\n\t}\n\tX;\n\td;\n");
    /* What is behind it is no part of it, and each of its blocks has statements of its own. */
    chain = "\ttry {\n\t\tb;\n\t} catch (int) {\n\t\tc;\n\t} catch (...) {\n\t\td;\n\t}\n\te;\n";
    in_body(
        "at before \\be\\b", chain,
        "\ttry {\n\t\tb;\n\t} catch (int) {\n\t\tc;\n\t} catch (...) {\n\t\td;\n\t}\n\tX;\n\te;\n");
    in_body("at after \\bd\\b", chain,
            "\ttry {\n\t\tb;\n\t} catch (int) {\n\t\tc;\n\t} catch (...) "
            "{\n\t\td;\n\t\tX;\n\t}\n\te;\n");
    in_body("at before \\btry\\b", chain,
            "\tX;\n\ttry {\n\t\tb;\n\t} catch (int) {\n\t\tc;\n\t} catch (...) "
            "{\n\t\td;\n\t}\n\te;\n");
    in_body(
        "at after \\btry\\b", chain,
        "\ttry {\n\t\tb;\n\t} catch (int) {\n\t\tc;\n\t} catch (...) {\n\t\td;\n\t}\n\tX;\n\te;\n");
    in_body("at after foreach", "\tforeach (a, b) {\n\t\tc;\n\t}\n\td;\n",
            "\tforeach (a, b) {\n\t\tc;\n\t}\n\tX;\n\td;\n");
    in_body("at after \\bc\\b", "\tforeach (a, b) {\n\t\tc;\n\t}\n\td;\n",
            "\tforeach (a, b) {\n\t\tc;\n\t\tX;\n\t}\n\td;\n");
    in_body("at after switch", "\tswitch (a) {\n\tcase 1:\n\t\tb;\n\t}\n\tc;\n",
            "\tswitch (a) {\n\tcase 1:\n\t\tb;\n\t}\n\tX;\n\tc;\n");
    in_body("at after constexpr", "\tif constexpr (a) {\n\t\tb;\n\t}\n\tc;\n",
            "\tif constexpr (a) {\n\t\tb;\n\t}\n\tX;\n\tc;\n");
}

static void test_labels(void **state)
{
    const char *text =
        "\tswitch (a) {\n\tcase A::B:\n\t\tb;\n\tcase 'x': c; break;\n\tdefault:\n\t\td;\n\t}\n";

    (void)state;
    in_body("at after case A", text,
            "\tswitch (a) {\n\tcase A::B:\n\t\tX;\n\t\tb;\n\tcase 'x': c; "
            "break;\n\tdefault:\n\t\td;\n\t}\n");
    in_body("at before case A", text,
            "\tswitch (a) {\n\tX;\n\tcase A::B:\n\t\tb;\n\tcase 'x': c; "
            "break;\n\tdefault:\n\t\td;\n\t}\n");
    in_body("at before \\b c ;", text,
            "\tswitch (a) {\n\tcase A::B:\n\t\tb;\n\tcase 'x': \n\tX;\nc; "
            "break;\n\tdefault:\n\t\td;\n\t}\n");
    in_body("at after default", text,
            "\tswitch (a) {\n\tcase A::B:\n\t\tb;\n\tcase 'x': c; "
            "break;\n\tdefault:\n\t\tX;\n\t\td;\n\t}\n");
    in_body("at before b", "out:\n\tb;\n", "out:\n\tX;\n\tb;\n");
}

/* Only what is behind one label of a switch. */
static void test_cases(void **state)
{
    static const char parser[] = "int f(int fd) {\n"
                                 "\tswitch (id) {\n"
                                 "\tcase 0x64:\n"
                                 "\tcase 0x0277: {\n"
                                 "\t\tx = 1;\n"
                                 "\t}\n"
                                 "\tbreak;\n"
                                 "\tcase 10000: /* 0x2710 */\n"
                                 "\t\tif (a) return 0;\n"
                                 "\t{\n"
                                 "\t\tswitch (b) { case 1: x = 2; }\n"
                                 "\t\tx = 3;\n"
                                 "\t}\n"
                                 "\tbreak;\n"
                                 "\tdefault:\n"
                                 "\t\tx = 4;\n"
                                 "\t}\n"
                                 "}\n";

    (void)state;
    expect("in function f\ncase 0x2710\nat start",
           "int f() {\n\tswitch (a) {\n\tcase 0x2710:\n\t\tb;\n\t}\n}\n",
           "int f() {\n\tswitch (a) {\n\tcase 0x2710:\n\t\tX;\n\t\tb;\n\t}\n}\n");
    expect(
        "in function f\ncase 0x2710\nat end",
        "int f() {\n\tswitch (a) {\n\tcase 10000:\n\t\tb;\n\tdefault:\n\t\tc;\n\t}\n}\n",
        "int f() {\n\tswitch (a) {\n\tcase 10000:\n\t\tb;\n\t\tX;\n\tdefault:\n\t\tc;\n\t}\n}\n");
    /* Each label has its own part; two labels with nothing between them share one. */
    expect("in function f\ncase 1\nat end",
           "int f() {\n\tswitch (a) {\n\tcase 1:\n\tcase 2:\n\t\tb;\n\tcase 3:\n\t\tc;\n\t}\n}\n",
           "int f() {\n\tswitch (a) {\n\tcase 1:\n\tcase 2:\n\t\tb;\n\t\tX;\n\tcase "
           "3:\n\t\tc;\n\t}\n}\n");
    expect("in function f\ncase 1\nat before b",
           "int f() {\n\tswitch (a) {\n\tcase 1: case 2:\n\t\tb;\n\t}\n}\n",
           "int f() {\n\tswitch (a) {\n\tcase 1: case 2:\n\t\tX;\n\t\tb;\n\t}\n}\n");
    expect("in function f\ncase 1\nat before c ;",
           "int f() {\n\tswitch (a) {\n\tcase 1:\n\tcase 2:{\n\t\tb;\n\t}\n\tc;\n\t}\n}\n",
           "int f() {\n\tswitch (a) {\n\tcase 1:\n\tcase 2:{\n\t\tb;\n\t}\n\tX;\n\tc;\n\t}\n}\n");
    missing("in function f\ncase 0x64\nat before x = 3", parser, "nothing in function f (line 1)");
    missing("in function f\ncase 0x2710\nat before x = 1", parser, "nothing in function f");
    missing("in function f\ncase 0x2710\nat before x = 4", parser, "nothing in function f");
    refused("in function f\ncase 0x2710\nat before x = \\d", parser, "2 places");
    refused("in function f\nat before x = \\d", parser, "4 places");
    missing("in function f\ncase 0x65\nat start", parser, "no 'case 0x65' in function f (line 1)");
    refused("in function f\ncase 1\nat start",
            "int f() {\n\tswitch (a) { case 1: b; }\n\tswitch (c) { case 1: d; }\n}\n",
            "more than one 'case 1' in function f: lines 2, 3");
}

static void test_branches_without_braces(void **state)
{
    (void)state;
    refused_in_body("at before b", "\tif (a)\n\t\tb;\n", "governed by the 'if' in line 3");
    refused_in_body("at after b", "\tif (a) b;\n", "governed by the 'if'");
    refused_in_body("at after c", "\tif (a)\n\t\tb;\n\telse\n\t\tc;\n",
                    "governed by the 'else' in line 5");
    refused_in_body("at after b", "\tfor (;;)\n\t\tb;\n", "governed by the 'for'");
    refused_in_body("at after b", "\twhile (a)\n\t\tb;\n", "governed by the 'while'");
    refused_in_body("at after b", "\tdo b; while (a);\n", "governed by the 'do'");
    refused_in_body("at after c", "\tif (a)\n\t\tfor (;;)\n\t\t\tif (b)\n\t\t\t\tc;\n",
                    "governed by the 'if' in line 5");
    refused_in_body("at before-line b", "\tif (a)\n\t\tb;\n", "governed by the 'if'");
    refused_in_body("at after-line \\( a", "\tif (a)\n\t\tb;\n", "governed by the 'if'");
    refused_in_body("at after-line else", "\tif (a)\n\t\tb;\n\telse\n\t\tc;\n",
                    "governed by the 'else'");
    /* An inner one with braces is no harm. */
    in_body("at after b", "\tif (a)\n\t\twhile (c) {\n\t\t\tb;\n\t\t}\n",
            "\tif (a)\n\t\twhile (c) {\n\t\t\tb;\n\t\t\tX;\n\t\t}\n");
}

static void test_broken_lines(void **state)
{
    (void)state;
    in_body("at before b", "\ta; b; c;\n", "\ta; \n\tX;\nb; c;\n");
    in_body("at after b", "\ta; b; c;\n", "\ta; b;\n\tX;\n c;\n");
    expect("in function f\nat start", "int f(int a) { return a; }\n",
           "int f(int a) {\n    X;\n return a; }\n");
    expect("in function f\nat end", "void f(int a) { b; }\n", "void f(int a) { b; \n    X;\n}\n");
    expect("in function f\nat start", "void f(int a) {}\n", "void f(int a) {\n    X;\n}\n");
    /* A comment behind a statement stays with it; one that goes on in the next line cannot. */
    in_body("at after b", "\tb; // why\n\tc;\n", "\tb; // why\n\tX;\n\tc;\n");
    in_body("at after b", "\tb; /* why */\n\tc;\n", "\tb; /* why */\n\tX;\n\tc;\n");
    in_body("at after b", "\tb; /* why\n\t*/ c;\n", "\tb;\n\tX;\n /* why\n\t*/ c;\n");
    in_body("at before c", "\tb; /* why\n\t*/ c;\n", "\tb; /* why\n\t*/ \n\tX;\nc;\n");
    in_body("at before c", "\tb;\n\t/* why */ c;\n", "\tb;\n\tX;\n\t/* why */ c;\n");
    in_body("at after b", "\tb; // why \\\n\tcomment\n\tc;\n",
            "\tb;\n\tX;\n // why \\\n\tcomment\n\tc;\n");
}

static void test_file_edges(void **state)
{
    (void)state;
    expect("at start", "int a;\n", "X;\nint a;\n");
    expect("at start", "", "X;\n");
    expect("at end", "int a;\n", "int a;\nX;\n");
    expect("at end", "int a;", "int a;\nX;\n");
    expect("at end", "", "X;\n");
    expect("at after a", "int a;", "int a;\nX;\n");
}

static void test_declarations(void **state)
{
    const char *text =
        "namespace n {\nstruct s {\n\tint a;\n\tint b : 3;\n} t;\nenum e { A, B };\n"
        "template <class T = int> bool operator==(T p) {\n\tc;\n}\nint d = { 1 };\n}\n";

    (void)state;
    expect("at after int a", text,
           "namespace n {\nstruct s {\n\tint a;\n\tX;\n\tint b : 3;\n} t;\nenum e { A, B "
           "};\ntemplate <class T = int> bool "
           "operator==(T p) {\n\tc;\n}\nint d = { 1 };\n}\n");
    expect("at after struct s", text,
           "namespace n {\nstruct s {\n\tint a;\n\tint b : 3;\n} t;\nX;\nenum e { A, B "
           "};\ntemplate <class T = int> bool "
           "operator==(T p) {\n\tc;\n}\nint d = { 1 };\n}\n");
    expect("at before A ,", text,
           "namespace n {\nstruct s {\n\tint a;\n\tint b : 3;\n} t;\nX;\nenum e { A, B "
           "};\ntemplate <class T = int> bool "
           "operator==(T p) {\n\tc;\n}\nint d = { 1 };\n}\n");
    expect("at after operator", text,
           "namespace n {\nstruct s {\n\tint a;\n\tint b : 3;\n} t;\nenum e { A, B };\ntemplate "
           "<class T = int> bool "
           "operator==(T p) {\n\tc;\n}\nX;\nint d = { 1 };\n}\n");
    expect("at after c ;", text,
           "namespace n {\nstruct s {\n\tint a;\n\tint b : 3;\n} t;\nenum e { A, B };\ntemplate "
           "<class T = int> bool "
           "operator==(T p) {\n\tc;\n\tX;\n}\nint d = { 1 };\n}\n");
}

/* -- patterns ------------------------------------------------------------ */

static void test_patterns(void **state)
{
    (void)state;
    in_body("at before create_session \\( fd , recv", "\tcreate_session(fd,recv);\n",
            "\tX;\n\tcreate_session(fd,recv);\n");
    in_body("at before create_session \\( fd , recv", "\tcreate_session( fd,\n\t\trecv );\n",
            "\tX;\n\tcreate_session( fd,\n\t\trecv );\n");
    in_body("at before int x ;", "\tintx ;\n\tint  x;\n", "\tintx ;\n\tX;\n\tint  x;\n");
    in_body("at before s -> x", "\ts->x = 1;\n", "\tX;\n\ts->x = 1;\n");
    in_body("at before ^\\t b $", "\ta b;\n\tb\n;\n", "\ta b;\n\tX;\n\tb\n;\n");
    in_body("at before [a ]=", "\tb=1;\n\tc =1;\n", "\tb=1;\n\tX;\n\tc =1;\n");
    in_body("at before \\Qx + (\\E", "\ty = x + (1);\n", "\tX;\n\ty = x + (1);\n");
    in_body("at after ( x | y )? a ( = | \\+= ) b \\b", "\tbc;\n\tx a  =\n\t\tb\n\t;\n\tz;\n",
            "\tbc;\n\tx a  =\n\t\tb\n\t;\n\tX;\n\tz;\n");
    in_body("at before f \\s* \\(", "\tf (1);\n", "\tX;\n\tf (1);\n");
    /* Also right behind the brace. */
    expect("in function f\nat before b", "int f(int a) {b;\n}\n", "int f(int a) {\nX;\nb;\n}\n");
    /* Not in comments and strings. */
    in_body("at before g \\(", "\t/* g(1); */\n\th(\"g(1)\");\n\tg(2);\n",
            "\t/* g(1); */\n\th(\"g(1)\");\n\tX;\n\tg(2);\n");
    /* Two matches in one statement are one place. */
    in_body("at before s -> x", "\ts->x = s->x + 1;\n", "\tX;\n\ts->x = s->x + 1;\n");
    refused_in_body("at before g", "\tg(1);\n\tg(2);\n\tg(3);\n",
                    "3 places in function f (line 1) match 'g': lines 3, 4, 5");
    missing("in function f\nat before accept \\( fd , bar",
            "int f(int a) {\n\taccept(fd, foo);\n}\n",
            "its beginning 'accept \\( fd ,' matches in line 2");
    missing("in function f\nat before b", "int f(int a) {\n\ta;\n}\nint g(int b) {\n\tb;\n}\n",
            "nothing in function f (line 1)");
    missing("in function f\nat before b", "int f(int a) {\n#if 0\n\tb;\n#endif\n}\n",
            "nothing in function f");
}

static void test_expensive_pattern(void **state)
{
    struct ropp_buffer text = {0};
    int i;

    (void)state;
    ropp_buffer_text(&text, "int f(int a) {\n\t");
    for (i = 0; i < 60; i++)
        ropp_buffer_text(&text, "aaaaaaaaaa");
    ropp_buffer_text(&text, ";\n\tb;\n}\n");
    refused("in function f\nat before (?:a+)+b", text.data, "too many steps");
    ropp_buffer_free(&text);
}

/* A search that takes seconds gives up; it does not say that nothing is there. */
static void test_slow_search(void **state)
{
    struct ropp_buffer text = {0};
    int i;

    (void)state;
    ropp_buffer_text(&text, "int f(int a) {\n");
    for (i = 0; i < 100; i++)
        ropp_buffer_text(&text, "\tbbbb(1);\n");
    ropp_buffer_text(&text, "\tx;\n}\n");
    clock_step_s = 4;
    refused("in function f\nat before c", text.data, "too many steps");
    clock_step_s = 0;
    missing("in function f\nat before c", text.data, "nothing in function f");
    ropp_buffer_free(&text);
}

/* Long runs of white space, such as blanked comments, must not be tried from every byte in every
 * way. */
static void test_long_blanks(void **state)
{
    struct ropp_buffer text = {0};
    int i;

    (void)state;
    ropp_buffer_text(&text, "int f(int a) {\n/*");
    for (i = 0; i < 20000; i++)
        ropp_buffer_text(&text, "comment\n");
    ropp_buffer_text(&text, "*/\n\tb;\n}\n");
    missing("in function f\nat before (?<x> (?: s -> )? (?: t | u ) ) \\[ fd \\] -> c = [^=]",
            text.data, "nothing in");
    ropp_buffer_free(&text);
}

/* What is in brackets is one thing, and blanks behind it mean as much as elsewhere. */
static void test_classes(void **state)
{
    static const char *const patterns[] = {"[c]reate \\( fd", "c[]r]eate \\( fd",
                                           "[[:alpha:]]reate \\( fd", "[^]x]reate \\( fd",
                                           "[c\\]]reate \\( fd"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        char *head = ropp_format("in function f\nat before %s", patterns[i]);

        expect(head, "int f(int a) {\n    create(fd);\n}\n",
               "int f(int a) {\n    X;\n    create(fd);\n}\n");
        free(head);
    }
}

/* Nothing is said of a beginning when none matches. */
static void test_nothing_alike(void **state)
{
    static const char text[] = "int f(int a) {\n    create(fd);\n}\n";
    struct ropp_buffer woven = {0};
    const char *why = NULL;

    (void)state;
    assert_int_equal(resolve("c", "in function f\nat before zyxwv \\( fd", "| X;", text,
                             strlen(text), &woven, &why),
                     ROPP_ANCHOR_MISSING);
    assert_string_equal(why, "nothing in function f (line 1) matches 'zyxwv \\( fd'");
    ropp_buffer_free(&woven);
}

static void test_captures(void **state)
{
    const char *text = "void f() {\n\ta;\n}\n";
    struct ropp_buffer woven = {0};
    const char *why = NULL;

    (void)state;
    expect_in("c",
              "in function f\nsignature \\( int (?<fd> \\w+ ) ,\nat after (?<who> \\w+ ) = accept",
              "| hook(${fd}, ${who});",
              "int f(int sock /* the socket */, int b) {\n\tint c;\n\tc = accept();\n}\n",
              "int f(int sock /* the socket */, int b) {\n\tint c;\n\tc = accept();\n\thook(sock, "
              "c);\n}\n");
    /* Comments and line breaks in a capture do not break the inserted line. */
    expect_in("c", "in function f\nat after (?<call> g \\( .* \\n .* \\) )", "| ${call}; $ {",
              "void f() {\n\tg(a, // x\n\t  \"b  c\");\n}\n",
              "void f() {\n\tg(a, // x\n\t  \"b  c\");\n\tg(a, \"b  c\"); $ {\n}\n");
    expect_in("c", "in function f\nat after (?J)(?<x>a)|(?<x>b)", "| ${x};",
              "void f() {\n\tb;\n}\n", "void f() {\n\tb;\n\tb;\n}\n");
    assert_int_equal(resolve("c", "in function f\nsignature (?<x>char)?\nat after a", "| ${x};",
                             text, strlen(text), &woven, &why),
                     ROPP_ANCHOR_REFUSED);
    assert_non_null(strstr(why, "took no part"));
}

/* -- lines --------------------------------------------------------------- */

static void test_lines(void **state)
{
    (void)state;
    expect("at after-line ^#include \"b\\.h\"",
           "#include \"a.h\"\n#include \"b.h\" // b\n\nint x;\n",
           "#include \"a.h\"\n#include \"b.h\" // b\nX;\n\nint x;\n");
    expect("at before-line { \"b\"", "int t[] = {\n\t{ \"a\" },\n\t{ \"b\" },\n};\n",
           "int t[] = {\n\t{ \"a\" },\n\tX;\n\t{ \"b\" },\n};\n");
    expect("at after-line define A", "#define A \\\n\tb\nc;\n", "#define A \\\n\tb\nX;\nc;\n");
    expect("at before-line \\b b ,", "int t[] = { /* a\n\tb */ b,\n};\n",
           "X;\nint t[] = { /* a\n\tb */ b,\n};\n");
    expect("at after-line a", "int a;", "int a;\nX;\n");
    /* Blanks and line ends at a match's end are none of it. */
    expect("at after-line a;\\s*", "int a;\n\nint b;\n", "int a;\nX;\n\nint b;\n");
    expect("in function f\nat after-line include",
           "#include <a>\nint f(int a) {\n#include <b>\n}\n",
           "#include <a>\nint f(int a) {\n#include <b>\nX;\n}\n");
}

static void test_make(void **state)
{
    expect_in("make", "at after ^A =", "|\tX", "A = b \\\n\tc # d\nB = e\n",
              "A = b \\\n\tc # d\n\tX\nB = e\n");
    expect_in("make", "at after \\t c", "| X", "A = b \\\n\tc\nB = e\n",
              "A = b \\\n\tc\nX\nB = e\n");
    expect_in("make", "at before \\t c", "| X", "Z = 1\nA = b \\\n\tc\nB = e\n",
              "Z = 1\nX\nA = b \\\n\tc\nB = e\n");
    expect_in("make", "at before-line \\t c", "| X", "Z = 1\nA = b \\\n\tc\nB = e\n",
              "Z = 1\nX\nA = b \\\n\tc\nB = e\n");
    expect_in("make", "at end", "| X", "# B = x\nB = x", "# B = x\nB = x\nX\n");
    (void)state;
}

static void test_cmake(void **state)
{
    const char *text =
        "set( A\n\t\"${D}/a)b.c\" # (\n\t\"x\"\n\t)\nif(B)\n  list(APPEND C d)\nendif()\n";

    (void)state;
    expect_in(
        "cmake", "at after ^set\\( A", "| X", text,
        "set( A\n\t\"${D}/a)b.c\" # (\n\t\"x\"\n\t)\nX\nif(B)\n  list(APPEND C d)\nendif()\n");
    expect_in(
        "cmake", "at after \"x\"", "| X", text,
        "set( A\n\t\"${D}/a)b.c\" # (\n\t\"x\"\n\t)\nX\nif(B)\n  list(APPEND C d)\nendif()\n");
    expect_in(
        "cmake", "at before APPEND C", "| ${D}", text,
        "set( A\n\t\"${D}/a)b.c\" # (\n\t\"x\"\n\t)\nif(B)\n  ${D}\n  list(APPEND C d)\nendif()\n");
    expect_in(
        "cmake", "at after-line \"\\$\\{D\\}/a", "| X", text,
        "set( A\n\t\"${D}/a)b.c\" # (\n\tX\n\t\"x\"\n\t)\nif(B)\n  list(APPEND C d)\nendif()\n");
    expect_in(
        "cmake", "at before (?<v>A)(?=\\s)", "| ${v}${D}", text,
        "A${D}\nset( A\n\t\"${D}/a)b.c\" # (\n\t\"x\"\n\t)\nif(B)\n  list(APPEND C d)\nendif()\n");
    expect_in("cmake", "at before APPEND C", "| X", "set(A b)list(APPEND C d)\n",
              "set(A b)\nX\nlist(APPEND C d)\n");
}

static void test_xml_and_conf(void **state)
{
    (void)state;
    expect_in("xml", "at after <a b=\"c\" (?: /> | > [^<]* </a> )", "| <x/>",
              "<r>\n  <!-- <a b=\"c\"/> -->\n  <a b=\"c\">\n    d\n  </a>\n</r>\n",
              "<r>\n  <!-- <a b=\"c\"/> -->\n  <a b=\"c\">\n    d\n  </a>\n  <x/>\n</r>\n");
    expect_in("conf", "at after ^login_ip", "| x: y", "// login_ip: a\nlogin_ip: b // c\nd: e\n",
              "// login_ip: a\nlogin_ip: b // c\nx: y\nd: e\n");
}

/* -- the file's own shape ------------------------------------------------ */

static void test_shape(void **state)
{
    struct ropp_buffer woven = {0};
    const char *dos = "int f(int a) {\r\n\ta;\r\n}\r\n", *bom = "\xef\xbb\xbfint a;\n";
    const char *why = NULL;

    (void)state;
    assert_int_equal(resolve("c", "in function f\nat start", "| X;\n|     Y;\n|", dos, strlen(dos),
                             &woven, &why),
                     ROPP_ANCHOR_FOUND);
    assert_non_null(strstr(woven.data, "{\r\n\t/* ropp:begin t 1 "));
    assert_non_null(
        strstr(woven.data, " */\r\n\tX;\r\n\t\tY;\r\n\r\n\t/* ropp:end t */\r\n\ta;\r\n"));
    ropp_buffer_free(&woven);
    assert_int_equal(resolve("c", "at start", "| X;", bom, strlen(bom), &woven, &why),
                     ROPP_ANCHOR_FOUND);
    assert_memory_equal(woven.data, "\xef\xbb\xbf/* ropp:begin", 16);
    ropp_buffer_free(&woven);
    /* Bytes that are no UTF-8 stay as they are. */
    expect("at after a", "int a; // \xb0\xa1\xff\n", "int a; // \xb0\xa1\xff\nX;\n");
}

/* The conditions around a place, for people. */
static void test_conditions(void **state)
{
    const char *text = "#ifndef  A // a\n#if B || \\\n C\nint a;\n#else\nint b;\n#endif\n#endif\n";
    const char *source = "hook t\nwhy t\nfile t.c\nat after int b\ninsert\n| X;\nend\n";
    struct ropp_hookfile file;
    struct ropp_mask mask;
    struct ropp_place place;
    const char *why;

    (void)state;
    assert_true(ropp_hookfile_parse(&file, "t", source, strlen(source)));
    ropp_mask_init(&mask, ROPP_LANGUAGE_C, text, strlen(text));
    assert_int_equal(ropp_anchor_find(&file.hooks[0], &mask, &place, &why), ROPP_ANCHOR_FOUND);
    assert_string_equal(place.conditions, "#else of #if B ||, inside #ifndef A");
    assert_int_equal(place.line, 7);
    ropp_mask_free(&mask);
}

static void test_deep_nesting(void **state)
{
    struct ropp_buffer text = {0};
    int i;

    (void)state;
    ropp_buffer_text(&text, "int f(int a) {\n");
    for (i = 0; i < 5000; i++)
        ropp_buffer_text(&text, "if (a) {\n");
    ropp_buffer_text(&text, "b;\n");
    for (i = 0; i < 5000; i++)
        ropp_buffer_text(&text, "}\n");
    ropp_buffer_text(&text, "}\n");
    refused("in function f\nat after b", text.data, "nested too deeply");
    ropp_buffer_free(&text);
}

/* -- whole answers ------------------------------------------------------- */

/* A hook's lines up to `insert` or with a `value`, a line of dots, and the text, in the language that
 * the title begins with: the text with the insertion, and all that is said of the place. */
static void render(const char *title, const char *input, size_t size, struct ropp_buffer *out)
{
    static const char *const results[] = {"found", "missing", "refused"};
    const char *dots = strstr(input, "....\n");
    size_t text_size = size - (size_t)(dots + 5 - input);
    char *text = cases_decode(dots + 5, &text_size);
    bool fact = strstr(title, "fact") != NULL;
    char *source =
        ropp_format("%s t\nwhy t\nfile t\nlanguage %.*s\n%.*s%send\n", fact ? "fact" : "hook",
                    (int)strcspn(title, ":"), title, (int)(dots - input), input,
                    fact || strstr(title, ": lines") ? "" : "insert\n| X;\n");
    struct ropp_hookfile file;
    struct ropp_mask mask;
    struct ropp_place place;
    const char *why;
    enum ropp_anchor_result result;
    size_t i;

    if (!ropp_hookfile_parse(&file, "t.hook", source, strlen(source)))
        fail_msg("%s: %s", title, file.mistakes[0].text);
    ropp_mask_init(&mask, file.hooks[0].language, text, text_size);
    result = ropp_anchor_find(&file.hooks[0], &mask, &place, &why);
    ropp_buffer_format(out, "%s", results[result]);
    assert_int_equal(why != NULL, result != ROPP_ANCHOR_FOUND);
    if (why)
        ropp_buffer_format(out, ": %s", why);
    if (result == ROPP_ANCHOR_FOUND) {
        ropp_buffer_format(out, " at %zu%s in line %zu, indented '%s'%s", place.offset,
                           place.split ? " (split)" : "", place.line, place.indent,
                           place.tabs ? " by tabs" : "");
        if (place.function)
            ropp_buffer_format(out, ", in %s", place.function);
        if (place.conditions)
            ropp_buffer_format(out, ", if %s", place.conditions);
        assert_null(place.adopted);
        for (i = 0; i < place.lines.count; i++)
            ropp_buffer_format(out, "\n| %s", place.lines.items[i]);
    }
    ropp_buffer_text(out, "\n");
    if (result == ROPP_ANCHOR_FOUND && !fact) {
        struct ropp_buffer woven = {0};
        struct ropp_insertion insertion = {"t", file.hooks[0].language, &place, NULL};

        ropp_weave(text, text_size, &insertion, 1, "1", &woven);
        drop_markers(&woven);
        ropp_buffer_text(out, woven.data);
        if (woven.data[woven.size - 1] != '\n')
            ropp_buffer_text(out, "@.\n");
        ropp_buffer_free(&woven);
    }
    ropp_mask_free(&mask);
    free(source);
    free(text);
    ropp_keep_end();
}

static void test_whole_answers(void **state)
{
    (void)state;
    cases_run("anchor_cases.txt", render);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_function_styles),
        cmocka_unit_test(test_function_decoys),
        cmocka_unit_test(test_function_missing),
        cmocka_unit_test(test_function_choice),
        cmocka_unit_test(test_conditional_heads),
        cmocka_unit_test(test_simple_statements),
        cmocka_unit_test(test_control_statements),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_branches_without_braces),
        cmocka_unit_test(test_broken_lines),
        cmocka_unit_test(test_file_edges),
        cmocka_unit_test(test_declarations),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_expensive_pattern),
        cmocka_unit_test(test_slow_search),
        cmocka_unit_test(test_long_blanks),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_nothing_alike),
        cmocka_unit_test(test_captures),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_make),
        cmocka_unit_test(test_cmake),
        cmocka_unit_test(test_xml_and_conf),
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_deep_nesting),
        cmocka_unit_test(test_whole_answers),
    };

    return UNIT_RUN(argc, argv, "anchor", tests, NULL, NULL);
}
