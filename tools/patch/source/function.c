// SPDX-License-Identifier: MIT
#include "tools/patch/source/function.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/keep.h"
#include "tools/base/text.h"
#include "tools/patch/source/scan.h"

/* A pair of braces with a function's body inside, not nested in another body. */
struct body {
    size_t open, close;
};

/* The file as the builds see it that take one branch. */
struct view {
    const struct ropp_mask *mask;
    size_t branch;
    char *code;
    struct body *bodies;
    size_t body_count;
};

static bool is_word(const char *code, size_t start, size_t end, const char *word)
{
    return ropp_scan_is_one_of(code, start, end, (const char *const[]){word, NULL});
}

static bool is_keyword(const char *code, size_t start, size_t end)
{
    static const char *const keywords[] = {"if",       "else",          "for",        "while",
                                           "do",       "switch",        "case",       "default",
                                           "return",   "goto",          "sizeof",     "alignof",
                                           "catch",    "throw",         "new",        "delete",
                                           "decltype", "typeof",        "noexcept",   "constexpr",
                                           "defined",  "__attribute__", "__declspec", "alignas",
                                           NULL};

    return ropp_scan_is_one_of(code, start, end, keywords);
}

/* Whether a `{` is where a function's body or a controlled block begins: behind a `)`, with nothing
 * in between but the words that may be between a function's parameters and its body. */
static bool opens_body(const char *code, size_t brace)
{
    static const char *const tail[] = {"const",    "noexcept", "override", "final",
                                       "volatile", "try",      NULL};
    size_t end = ropp_scan_space_back(code, brace), start = end;

    while (start > 1 &&
           (ropp_is_word_char(code[start - 1]) || strchr(" :<>*&\t\r\n", code[start - 1]))) {
        if (code[start - 1] == '>' && code[start - 2] == '-') {
            end = ropp_scan_space_back(code, start - 2); /* `) -> type {` */
            break;
        }
        start--;
    }
    while (end == 0 || code[end - 1] != ')') {
        start = ropp_scan_word_back(code, end);
        if (!ropp_scan_is_one_of(code, start, end, tail))
            return false;
        end = ropp_scan_space_back(code, start);
    }
    return true;
}

static void find_bodies(struct view *view)
{
    size_t depth = 0; /* of the braces inside a body, with its own */

    view->body_count = 0;
    for (size_t i = 0; i < view->mask->size; i++) {
        if (view->code[i] == '{' && (depth > 0 || opens_body(view->code, i))) {
            if (depth++ > 0)
                continue;
            view->bodies = ropp_grow(view->bodies, view->body_count, sizeof *view->bodies);
            view->bodies[view->body_count].open = i;
            view->bodies[view->body_count++].close = view->mask->size;
        } else if (view->code[i] == '}' && depth > 0 && --depth == 0) {
            view->bodies[view->body_count - 1].close = i;
        }
    }
}

static void look_from(struct view *view, size_t branch)
{
    if (view->code && view->branch == branch)
        return;
    if (view->code == NULL)
        view->code = ropp_alloc(view->mask->size + 1, 1);
    view->branch = branch;
    /* The array starts anew: ropp_grow knows its size from the count. */
    free(view->bodies);
    view->bodies = NULL;
    ropp_mask_view(view->mask, branch, view->code);
    find_bodies(view);
}

/* The body whose `{` is at an offset, or the one around it. */
static const struct body *body_at(const struct view *view, size_t offset)
{
    size_t low = 0, high = view->body_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (view->bodies[middle].close < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low < view->body_count && view->bodies[low].open <= offset ? &view->bodies[low] : NULL;
}

/* From behind the parameters to the body's `{`: qualifiers, attributes, a trailing return type, a
 * constructor's initialisers. Returns its offset, 0 when this is no definition. */
static size_t find_brace(const struct view *view, size_t at)
{
    /* With any other word in front of a `(`, the next function has begun. */
    static const char *const with_arguments[] = {"__attribute__", "noexcept", "throw", "decltype",
                                                 NULL};
    size_t size = view->mask->size, start = at, end = at;
    bool initialisers = false;

    while ((at = ropp_scan_space(view->code, at, size)) < size && view->code[at] != '{') {
        char c = view->code[at], next = at + 1 < size ? view->code[at + 1] : '\0';

        if (ropp_is_word_char(c)) {
            start = at;
            end = at = ropp_scan_word(view->code, at, size);
        } else if (c == '(') {
            if (!initialisers && !ropp_scan_is_one_of(view->code, start, end, with_arguments))
                return 0;
            at = ropp_scan_bracket(view->code, at, size);
            if (at == 0)
                return 0;
        } else if ((c == ':' && next == ':') || (c == '-' && next == '>')) {
            at += 2;
        } else if (c == ':') {
            initialisers = true;
            at++;
        } else if (strchr("<>&*[]", c) || (c == ',' && initialisers)) {
            at++;
        } else {
            return 0;
        }
    }
    return at < size ? at : 0;
}

/* Moves the start of a name over the qualifiers in front of it. False when what is there shows
 * that this is no definition: a member access, an operator, an opening bracket. */
static bool take_qualifiers(const struct view *view, size_t *start)
{
    size_t end, left;

    for (;;) {
        end = ropp_scan_space_back(view->code, *start);
        if (end > 0 && view->code[end - 1] == '~')
            end = ropp_scan_space_back(view->code, *start = end - 1);
        if (end < 2 || view->code[end - 1] != ':' || view->code[end - 2] != ':')
            break;
        end = ropp_scan_space_back(view->code, end - 2);
        left = ropp_scan_word_back(view->code, end);
        if (left == end)
            return false; /* a template's arguments, or a call in the global namespace */
        *start = left;
    }
    left = ropp_scan_word_back(view->code, end);
    if (end == 0)
        return true;
    if (left < end)
        return !is_keyword(view->code, left, end);
    if (view->code[end - 1] == '>')
        return end < 2 || view->code[end - 2] != '-';
    return strchr(";{}*&)]:\"", view->code[end - 1]) != NULL;
}

/* Whether a word is a base class or a member behind `)` and `:`, or further on in that list. */
static bool is_initialiser(const char *code, size_t start)
{
    size_t end = ropp_scan_space_back(code, start);

    if (end == 0 || (code[end - 1] != ':' && code[end - 1] != ','))
        return false;
    if (code[end - 1] == ',')
        return true;
    end = ropp_scan_space_back(code, end - 1);
    return end > 0 && code[end - 1] == ')';
}

static const char *squeeze(const char *code, size_t start, size_t end)
{
    struct ropp_buffer name = {0};

    for (; start < end; start++)
        if (!isspace((unsigned char)code[start]))
            ropp_buffer_add(&name, code + start, 1);
    return ropp_keep(ropp_buffer_take(&name));
}

/* Whether the word at [start, end) names a function that is defined here. */
static bool read_definition(const struct view *view, size_t start, size_t end,
                            struct ropp_function *function)
{
    size_t size = view->mask->size, before = ropp_scan_space_back(view->code, start);
    size_t at = ropp_scan_space(view->code, end, size), name_start = start;
    const struct body *body;

    if (at >= size || is_keyword(view->code, start, end))
        return false;
    if (view->code[at] == '(') {
        at = ropp_scan_bracket(view->code, at, size);
        if (at == 0 || !take_qualifiers(view, &name_start) ||
            is_initialiser(view->code, name_start))
            return false;
        function->params_end = at;
    } else if (view->code[at] == ')' && before > 0 && view->code[before - 1] == '(') {
        /* MACRO(NAME) { */
        size_t macro_end = ropp_scan_space_back(view->code, before - 1);
        size_t macro = ropp_scan_word_back(view->code, macro_end);

        if (macro == macro_end || is_keyword(view->code, macro, macro_end) ||
            is_initialiser(view->code, macro) || is_word(view->code, start, end, "void") ||
            isdigit((unsigned char)view->code[start]))
            return false;
        at++;
        function->params_end = at;
    } else {
        return false;
    }
    at = find_brace(view, at);
    body = at ? body_at(view, at) : NULL;
    /* A constructor's body may be behind initialisers in braces; any other `{` inside a body is not
     * a function's. */
    if (body == NULL || body->open != at)
        return false;
    function->open = body->open;
    function->close = body->close;
    function->name_start = name_start;
    function->name = squeeze(view->code, name_start, end);
    return true;
}

/* Whether a name as written is meant by `wanted`: the same, or the same behind qualifiers. */
static bool is_meant(const char *name, const char *wanted)
{
    size_t length = strlen(name), tail = strlen(wanted);

    if (length < tail || strcmp(name + length - tail, wanted) != 0)
        return false;
    return length == tail || (length >= tail + 2 && name[length - tail - 1] == ':');
}

/* A quick look at all branches at once: whether what is behind the word can be a definition at
 * all. Most words are calls, and a view of the file for each of them would take seconds. */
static bool may_define(const struct ropp_mask *mask, size_t end)
{
    size_t at = ropp_scan_space(mask->code, end, mask->size), depth = 0;

    if (at >= mask->size || (mask->code[at] != '(' && mask->code[at] != ')'))
        return false;
    if (mask->code[at] == ')')
        at++;
    else
        for (; at < mask->size; at++) {
            if (mask->code[at] == '(')
                depth++;
            else if (mask->code[at] == ')' && --depth == 0) {
                at++;
                break;
            } else if (mask->code[at] == ';')
                return false;
        }
    at = ropp_scan_space(mask->code, at, mask->size);
    return at < mask->size && (ropp_is_word_char(mask->code[at]) || strchr("{:-&", mask->code[at]));
}

size_t ropp_functions_list(const struct ropp_mask *mask, const char *wanted,
                           struct ropp_function **list)
{
    struct view view = {mask, 0, NULL, NULL, 0};
    const char *colon = wanted ? strrchr(wanted, ':') : NULL;
    const char *last = colon ? colon + 1 : wanted;
    size_t count = 0, i = 0;

    if (last && *last == '~') /* it is in front of a destructor's word */
        last++;
    *list = NULL;
    while (i < mask->size) {
        size_t start = i;
        struct ropp_function function = {0};

        if (!ropp_is_word_char(mask->code[i])) {
            i++;
            continue;
        }
        i = ropp_scan_word(mask->code, i, mask->size);
        if ((last && !is_word(mask->code, start, i, last)) || !may_define(mask, i))
            continue;
        look_from(&view, ropp_mask_branch(mask, start));
        if (!read_definition(&view, start, i, &function) ||
            (wanted && !is_meant(function.name, wanted)))
            continue;
        *list = ropp_keep_grow(*list, count, sizeof **list);
        (*list)[count++] = function;
    }
    free(view.code);
    free(view.bodies);
    return count;
}
