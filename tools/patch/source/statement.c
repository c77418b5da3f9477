// SPDX-License-Identifier: MIT
#include "tools/patch/source/statement.h"

#include <ctype.h>
#include <string.h>

#include "tools/base/text.h"
#include "tools/patch/source/scan.h"

/* Deeper nesting is not written by people, and would use up the stack. */
#define DEPTH_LIMIT 300

struct parse {
    const char *code;
    size_t to; /* the end of what may be read */
    size_t at;
    int depth;
    bool too_deep;
    bool found;
    struct ropp_statement statement;
};

static size_t parse_statement(struct parse *parse, size_t start, size_t governor);

static size_t skip_space(const struct parse *parse, size_t i)
{
    return ropp_scan_space(parse->code, i, parse->to);
}

static char byte_at(const struct parse *parse, size_t i)
{
    return i < parse->to ? parse->code[i] : '\0';
}

/* Whether this word, and not a longer one, is at an offset. */
static bool word_at(const struct parse *parse, size_t i, const char *word)
{
    size_t length = strlen(word);

    return i < parse->to && parse->to - i >= length && memcmp(parse->code + i, word, length) == 0 &&
           !ropp_is_word_char(byte_at(parse, i + length));
}

/* The length of the word of a list that is at an offset, 0 when none is. */
static size_t any_word_at(const struct parse *parse, size_t i, const char *const *words)
{
    for (; *words; words++)
        if (word_at(parse, i, *words))
            return strlen(*words);
    return 0;
}

/* Behind the bracket that closes the one at `open`, or the end of what may be read. */
static size_t behind_bracket(const struct parse *parse, size_t open)
{
    size_t end = ropp_scan_bracket(parse->code, open, parse->to);

    return end ? end : parse->to;
}

/* The innermost statement reports itself first: whoever contains it comes back later. */
static void claim(struct parse *parse, size_t start, size_t end, size_t governor)
{
    if (parse->found || parse->at < start || parse->at >= end)
        return;
    parse->found = true;
    parse->statement.start = start;
    parse->statement.end = end;
    parse->statement.governor = governor;
}

/* From behind a `{` to behind its `}`. */
static size_t parse_block(struct parse *parse, size_t i)
{
    while ((i = skip_space(parse, i)) < parse->to && parse->code[i] != '}')
        i = parse_statement(parse, i, ROPP_STATEMENT_NONE);
    return i < parse->to ? i + 1 : parse->to;
}

/* What a head governs: a block, or one statement without braces. */
static size_t parse_governed(struct parse *parse, size_t i, size_t governor)
{
    i = skip_space(parse, i);
    if (byte_at(parse, i) == '{')
        return parse_block(parse, i + 1);
    return parse_statement(parse, i, governor);
}

/* Behind the parenthesis that follows a keyword. */
static size_t parse_condition(const struct parse *parse, size_t i)
{
    i = skip_space(parse, i);
    return byte_at(parse, i) == '(' ? behind_bracket(parse, i) : i;
}

static size_t parse_if(struct parse *parse, size_t i)
{
    for (;;) {
        size_t keyword = i, next;

        i = skip_space(parse, i + 2);
        if (word_at(parse, i, "constexpr"))
            i += 9;
        i = parse_governed(parse, parse_condition(parse, i), keyword);
        next = skip_space(parse, i);
        if (!word_at(parse, next, "else"))
            return i;
        i = skip_space(parse, next + 4);
        if (!word_at(parse, i, "if"))
            return parse_governed(parse, i, next);
    }
}

static size_t parse_do(struct parse *parse, size_t start)
{
    size_t i = skip_space(parse, parse_governed(parse, start + 2, start));

    if (!word_at(parse, i, "while"))
        return i;
    i = skip_space(parse, parse_condition(parse, i + 5));
    return byte_at(parse, i) == ';' ? i + 1 : i;
}

static size_t parse_try(struct parse *parse, size_t start)
{
    size_t i = parse_governed(parse, start + 3, start), next;

    while (next = skip_space(parse, i), word_at(parse, next, "catch"))
        i = parse_governed(parse, parse_condition(parse, next + 5), next);
    return i;
}

/* Behind the `:` of the label at an offset; 0 when there is none. */
static size_t label_end(const struct parse *parse, size_t start)
{
    size_t i = start;

    if (word_at(parse, i, "case")) {
        for (i += 4; i < parse->to; i++) {
            if (strchr("([", parse->code[i]) && parse->code[i])
                i = behind_bracket(parse, i) - 1;
            else if (parse->code[i] == ':' && byte_at(parse, i + 1) == ':')
                i++;
            else if (parse->code[i] == ':')
                return i + 1;
            else if (strchr(";{}", parse->code[i]))
                return 0;
        }
        return 0;
    }
    if (!ropp_is_word_char(byte_at(parse, i)) || isdigit((unsigned char)byte_at(parse, i)))
        return 0;
    i = skip_space(parse, ropp_scan_word(parse->code, i, parse->to));
    return byte_at(parse, i) == ':' && byte_at(parse, i + 1) != ':' ? i + 1 : 0;
}

/* What the beginning of a statement, up to a `{` outside of parentheses, says about these braces.
 */
enum brace_kind {
    BRACES_VALUE,   /* an initialiser, an enumeration, a lambda's body: part of the statement */
    BRACES_MEMBERS, /* of a struct, class or union: members inside, the statement goes on behind */
    BRACES_BODY, /* of a function, a namespace, a loop macro: statements inside, the end behind */
};

/* Behind a template's parameters, an operator's name, an attribute's arguments: they hold signs
 * that mean nothing here. Returns 0 when none of them is there. */
static size_t skip_noise(const struct parse *parse, size_t i)
{
    static const char *const with_arguments[] = {"__attribute__", "__declspec", "alignas", NULL};
    size_t depth = 0, end = any_word_at(parse, i, with_arguments);

    if (end)
        return parse_condition(parse, i + end);
    if (word_at(parse, i, "operator")) {
        for (end = i + 8; end < parse->to && !strchr("(;{", parse->code[end]);)
            end++;
        return end;
    }
    end = word_at(parse, i, "template") ? skip_space(parse, i + 8) : parse->to;
    if (byte_at(parse, end) != '<')
        return 0;
    for (; end < parse->to && !strchr(";{", parse->code[end]); end++) {
        if (parse->code[end] == '<')
            depth++;
        else if (parse->code[end] == '>' && --depth == 0)
            return end + 1;
    }
    return end;
}

static enum brace_kind kind_of_brace(const struct parse *parse, size_t start, size_t brace)
{
    static const char *const values[] = {"return", "throw", NULL};
    static const char *const aggregates[] = {"struct", "class", "union", NULL};
    bool call = false, aggregate = false, enumeration = false;
    size_t i = start, past;

    while (i < brace) {
        char c = parse->code[i];

        if (c == '=')
            return BRACES_VALUE;
        if (c == '(' || c == '[') {
            call = call || c == '(';
            i = behind_bracket(parse, i);
        } else if (ropp_is_word_char(c)) {
            if (any_word_at(parse, i, values))
                return BRACES_VALUE;
            if (word_at(parse, i, "namespace"))
                return BRACES_BODY;
            aggregate = aggregate || any_word_at(parse, i, aggregates);
            enumeration = enumeration || word_at(parse, i, "enum");
            past = skip_noise(parse, i);
            i = past ? past : ropp_scan_word(parse->code, i, brace);
        } else {
            i++;
        }
    }
    if (call)
        return BRACES_BODY;
    if (enumeration) /* `enum class` too */
        return BRACES_VALUE;
    if (aggregate)
        return BRACES_MEMBERS;
    i = ropp_scan_space_back(parse->code, brace);
    /* extern "C" { */
    return i > start && parse->code[i - 1] == '"' ? BRACES_BODY : BRACES_VALUE;
}

/* Anything up to a `;`, and definitions. Ends in front of a `}` that is not its own. */
static size_t parse_simple(struct parse *parse, size_t start)
{
    size_t i = start, last = start;

    while (i < parse->to) {
        char c = parse->code[i];

        if (c == ';')
            return i + 1;
        if (c == '}')
            break;
        if (c == '(' || c == '[') {
            i = behind_bracket(parse, i);
        } else if (c == '{') {
            enum brace_kind kind = kind_of_brace(parse, start, i);

            if (kind == BRACES_VALUE) {
                i = behind_bracket(parse, i);
            } else {
                i = parse_block(parse, i + 1);
                if (kind == BRACES_BODY)
                    return i;
            }
        } else {
            i++;
        }
        if (i > last && !isspace((unsigned char)c))
            last = i;
    }
    return last;
}

static size_t parse_body(struct parse *parse, size_t i)
{
    static const char *const loops[] = {"for", "while", "switch", NULL};
    size_t length = any_word_at(parse, i, loops);

    if (length)
        return parse_governed(parse, parse_condition(parse, i + length), i);
    if (word_at(parse, i, "if"))
        return parse_if(parse, i);
    if (word_at(parse, i, "do"))
        return parse_do(parse, i);
    if (word_at(parse, i, "try"))
        return parse_try(parse, i);
    if (word_at(parse, i, "else"))
        return parse_governed(parse, i + 4, i); /* its `if` is in another branch of an #if */
    if (byte_at(parse, i) == '{')
        return parse_block(parse, i + 1);
    return parse_simple(parse, i);
}

static size_t parse_statement(struct parse *parse, size_t start, size_t governor)
{
    size_t end;

    if (++parse->depth > DEPTH_LIMIT)
        parse->too_deep = true;
    if (parse->too_deep)
        return parse->to;
    while ((end = label_end(parse, start)) != 0) {
        claim(parse, start, end, governor);
        start = skip_space(parse, end);
    }
    end = parse_body(parse, start); /* nothing, for a label in front of a `}` */
    claim(parse, start, end, governor);
    parse->depth--;
    return end;
}

enum ropp_statement_result ropp_statement_find(const char *code, size_t from, size_t to, size_t at,
                                               struct ropp_statement *found)
{
    struct parse parse = {code, to, at, 0, false, false, {0, 0, ROPP_STATEMENT_NONE}};
    size_t i = from;

    while ((i = skip_space(&parse, i)) < to && i <= at && !parse.found && !parse.too_deep)
        /* A brace too many: what follows is still worth reading. */
        i = code[i] == '}' ? i + 1 : parse_statement(&parse, i, ROPP_STATEMENT_NONE);
    if (parse.too_deep)
        return ROPP_STATEMENT_TOO_DEEP;
    *found = parse.statement;
    return parse.found ? ROPP_STATEMENT_FOUND : ROPP_STATEMENT_ABSENT;
}
