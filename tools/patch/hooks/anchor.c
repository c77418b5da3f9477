// SPDX-License-Identifier: MIT
#include "tools/patch/hooks/anchor.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/keep.h"
#include "tools/base/suggest.h"
#include "tools/patch/source/function.h"
#include "tools/patch/source/scan.h"
#include "tools/patch/source/statement.h"

/* With more matches than this, the pattern is not about one place. */
#define MATCH_COUNT_LIMIT 200
#define LISTED_LIMIT      4

struct search {
    const struct ropp_hook *hook;
    const struct ropp_mask *mask;
    const char **why;
    struct ropp_function function; /* around the place; its name is NULL without `in` */
    size_t from, to;               /* where the pattern is looked for */
    char *view;                    /* one build's code, for view_branch */
    size_t view_branch;
};

/* Says why, in the manner of printf. */
#define refuse(search, ...) (*(search)->why = ropp_keep_format(__VA_ARGS__), ROPP_ANCHOR_REFUSED)

/* -- lines --------------------------------------------------------------- */

static size_t line_of(const struct search *search, size_t offset)
{
    return ropp_line_of(search->mask->text, offset);
}

static size_t line_start(const struct ropp_mask *mask, size_t offset)
{
    while (offset > 0 && mask->text[offset - 1] != '\n')
        offset--;
    return offset;
}

/* Offset of the line break, or the size of the text. */
static size_t line_end(const struct ropp_mask *mask, size_t offset)
{
    while (offset < mask->size && mask->text[offset] != '\n')
        offset++;
    return offset;
}

static bool is_blank(const char *text, size_t from, size_t to)
{
    return ropp_scan_space(text, from, to) >= to;
}

/* Whether a line of our own can begin here. */
static bool is_free(const struct ropp_mask *mask, size_t start)
{
    return start == 0 || mask->ink[start - 1] == ROPP_INK_CODE;
}

static const char *indent_of_line(const struct ropp_mask *mask, size_t offset)
{
    size_t start = line_start(mask, offset), end = start;

    while (end < mask->size && (mask->text[end] == ' ' || mask->text[end] == '\t'))
        end++;
    return ropp_keep_part(mask->text + start, end - start);
}

static bool uses_tabs(const struct ropp_mask *mask)
{
    size_t tabs = 0, spaces = 0;

    for (size_t i = 0; i + 1 < mask->size; i++) {
        if (i > 0 && mask->text[i - 1] != '\n')
            continue;
        if (mask->text[i] == '\t')
            tabs++;
        else if (mask->text[i] == ' ' && mask->text[i + 1] == ' ')
            spaces++;
    }
    /* Spaces are also in front of continued lines. */
    return tabs > 0 && tabs >= spaces;
}

/* -- places -------------------------------------------------------------- */

static void place_before(const struct ropp_mask *mask, size_t at, struct ropp_place *place)
{
    size_t start = line_start(mask, at);

    place->split = !is_free(mask, start) || !is_blank(mask->code, start, at);
    place->offset = place->split ? at : start;
}

static void place_after(const struct ropp_mask *mask, size_t end, struct ropp_place *place)
{
    size_t stop = line_end(mask, end);

    place->split = true;
    place->offset = end;
    if (!is_blank(mask->code, end, stop))
        return;
    if (stop == mask->size) {
        place->offset = stop;
        place->split = stop > 0;
    } else if (mask->ink[stop] == ROPP_INK_CODE) {
        place->offset = stop + 1;
        place->split = false;
    }
}

static void place_before_line(const struct ropp_mask *mask, size_t at, struct ropp_place *place)
{
    size_t start = line_start(mask, at);

    while (!is_free(mask, start))
        start = line_start(mask, start - 1);
    place->offset = start;
    place->split = false;
}

static void place_after_line(const struct ropp_mask *mask, size_t end, struct ropp_place *place)
{
    size_t stop = line_end(mask, end);

    while (stop < mask->size && mask->ink[stop] != ROPP_INK_CODE)
        stop = line_end(mask, stop + 1);
    place->split = stop == mask->size;
    place->offset = place->split ? stop : stop + 1;
}

static void add_level(struct ropp_place *place)
{
    place->indent = ropp_keep_format("%s%s", place->indent, place->tabs ? "\t" : "    ");
}

/* -- functions ----------------------------------------------------------- */

/* Adds the names that are most like the wanted one, with their lines. */
static void add_similar(const struct search *search, struct ropp_buffer *message)
{
    const char *wanted = search->hook->function;
    struct ropp_function *list;
    size_t count = ropp_functions_list(search->mask, NULL, &list), i, listed = 0, limit;

    limit = wanted ? strlen(wanted) / 3 + 1 : 0;
    for (; listed < LISTED_LIMIT && limit > 0; listed++) {
        size_t best = count, best_distance = limit + 1;

        for (i = 0; i < count; i++) {
            const char *colon = strrchr(list[i].name, ':');
            size_t this_distance = ropp_suggest_distance(colon ? colon + 1 : list[i].name, wanted);

            /* 0 was listed already, or is not what was meant. */
            if (list[i].open && this_distance < best_distance) {
                best = i;
                best_distance = this_distance;
            }
        }
        if (best == count)
            break;
        ropp_buffer_format(message, "%s%s (line %zu)",
                           listed ? ", " : "; similar: ", list[best].name,
                           line_of(search, list[best].name_start));
        list[best].open = 0;
    }
    if (listed == 0)
        ropp_buffer_format(message, "; %zu functions are defined there", count);
}

/* The first place where the wanted name is at all. */
static bool find_mention(const struct search *search, const char *name, size_t *offset)
{
    const char *code = search->mask->code, *found = code;
    size_t length = strlen(name);

    while ((found = strstr(found, name)) != NULL) {
        bool left = found > code && ropp_is_word_char(found[-1]);
        bool right = ropp_is_word_char(found[length]);

        if (!left && !right) {
            *offset = (size_t)(found - code);
            return true;
        }
        found++;
    }
    return false;
}

static enum ropp_anchor_result function_missing(const struct search *search, size_t by_name,
                                                size_t first)
{
    const struct ropp_hook *hook = search->hook;
    struct ropp_buffer message = {0};
    size_t mention;

    if (by_name) {
        ropp_buffer_format(&message,
                           "the function is in line %zu, but its signature does not match '%s'",
                           line_of(search, first), ropp_pattern_source(hook->signature));
    } else if (hook->function) {
        ropp_buffer_format(&message, "no definition of a function '%s'", hook->function);
        if (find_mention(search, hook->function, &mention))
            ropp_buffer_format(&message, " (the name is in line %zu, but defines nothing there)",
                               line_of(search, mention));
        add_similar(search, &message);
    } else {
        ropp_buffer_format(&message, "no definition of a function whose name matches '%s'",
                           ropp_pattern_source(hook->function_pattern));
        add_similar(search, &message);
    }
    *search->why = ropp_keep(ropp_buffer_take(&message));
    return ROPP_ANCHOR_MISSING;
}

static bool fits(struct ropp_pattern *pattern, const char *text, size_t from, size_t to)
{
    size_t start, end;

    return pattern == NULL ||
           ropp_pattern_match(pattern, text, from, to, &start, &end) == ROPP_MATCH_FOUND;
}

static bool signature_fits(const struct search *search, const struct ropp_function *function)
{
    return fits(search->hook->signature, search->mask->code, function->name_start,
                function->params_end);
}

/* Where it shows that the braces of a function do not balance: the first `}` at the beginning of a
 * line should have ended it. */
static size_t unbalanced_line(const struct search *search, size_t open)
{
    const char *end = strstr(search->mask->code + open, "\n}");

    return line_of(search, end ? (size_t)(end - search->mask->code) + 1 : open);
}

/* Finds the one function, and so the part of the text that is looked through. */
static enum ropp_anchor_result find_function(struct search *search)
{
    struct ropp_function *list;
    size_t count = ropp_functions_list(search->mask, search->hook->function, &list);
    size_t chosen = count, by_name = 0, first = 0, several = 0;
    struct ropp_buffer message = {0};
    enum ropp_anchor_result result = ROPP_ANCHOR_FOUND;

    for (size_t i = 0; i < count; i++) {
        if (!fits(search->hook->function_pattern, list[i].name, 0, strlen(list[i].name)))
            continue;
        if (by_name++ == 0)
            first = list[i].name_start;
        if (!signature_fits(search, &list[i]))
            continue;
        if (chosen == count) {
            chosen = i;
            continue;
        }
        /* Heads in several branches of an #if share one body. */
        if (list[i].close == list[chosen].close)
            continue;
        if (several++ == 0)
            ropp_buffer_format(&message, "the function is defined more than once: %s in line %zu",
                               list[chosen].name, line_of(search, list[chosen].name_start));
        if (several <= LISTED_LIMIT)
            ropp_buffer_format(&message, ", %s in line %zu", list[i].name,
                               line_of(search, list[i].name_start));
    }
    if (chosen == count) {
        result = function_missing(search, by_name, first);
    } else if (several) {
        result = refuse(search, "%s", message.data);
    } else if (list[chosen].close == search->mask->size) {
        result = refuse(search, "%s (line %zu): the braces do not balance from line %zu on",
                        list[chosen].name, line_of(search, list[chosen].name_start),
                        unbalanced_line(search, list[chosen].open));
    } else {
        search->function = list[chosen];
        search->from = search->function.open + 1;
        search->to = search->function.close;
    }
    ropp_buffer_free(&message);
    return result;
}

/* -- the labels of a switch ---------------------------------------------- */

static bool is_word_at(const char *code, size_t at, const char *word)
{
    size_t length = strlen(word);

    return strncmp(code + at, word, length) == 0 && !ropp_is_word_char(code[at + length]) &&
           (at == 0 || !ropp_is_word_char(code[at - 1]));
}

/* Behind the label that begins at `at`; its number, when it is one. 0: there is none. */
static size_t read_label(const char *code, size_t at, size_t to, bool *is_number,
                         unsigned long *number)
{
    char *end;

    *is_number = false;
    if (is_word_at(code, at, "default")) {
        at += strlen("default");
    } else if (is_word_at(code, at, "case")) {
        at += strlen("case");
        *number = strtoul(code + at, &end, 0);
        *is_number = end > code + at;
    } else {
        return 0;
    }
    while (at < to && code[at] != ':' && code[at] != ';' && code[at] != '{')
        at++;
    return at < to && code[at] == ':' ? at + 1 : 0;
}

/* The end of what is behind a label: the next one of the same switch, unless nothing is between
 * the two, or the switch's brace. */
static size_t end_of_case(const char *code, size_t at, size_t to)
{
    unsigned long number;
    bool is_number, any = false;
    size_t depth = 0;

    for (; at < to; at++) {
        size_t behind = depth == 0 ? read_label(code, at, to, &is_number, &number) : 0;

        if (behind && any)
            return at;
        if (behind) {
            at = behind - 1;
            continue;
        }
        if (code[at] == '}' && depth-- == 0)
            return at;
        depth += code[at] == '{';
        any |= !isspace((unsigned char)code[at]);
    }
    return to;
}

static const char *view_of(struct search *search, size_t offset);

/* Narrows the search to what is behind one label of the function. */
static enum ropp_anchor_result find_case(struct search *search)
{
    const unsigned long wanted = strtoul(search->hook->label, NULL, 0);
    const char *code = search->mask->code;
    size_t found = 0, from = 0;

    for (size_t at = search->from; at < search->to; at++) {
        unsigned long number;
        bool is_number;
        size_t behind = read_label(code, at, search->to, &is_number, &number);

        if (behind == 0 || !is_number || number != wanted)
            continue;
        if (found++ > 0)
            return refuse(search, "more than one 'case %s' in function %s: lines %zu, %zu",
                          search->hook->label, search->function.name, line_of(search, from - 1),
                          line_of(search, at));
        from = behind;
    }
    if (found == 0) {
        *search->why =
            ropp_keep_format("no 'case %s' in function %s (line %zu)", search->hook->label,
                             search->function.name, line_of(search, search->function.name_start));
        return ROPP_ANCHOR_MISSING;
    }
    search->to = end_of_case(view_of(search, from), from, search->to);
    search->from = from;
    return ROPP_ANCHOR_FOUND;
}

/* -- patterns ------------------------------------------------------------ */

/* "function connect_client (line 12)" or "the file" */
static const char *where(const struct search *search)
{
    if (search->function.name == NULL)
        return "the file";
    return ropp_keep_format("function %s (line %zu)", search->function.name,
                            line_of(search, search->function.name_start));
}

static const char *view_of(struct search *search, size_t offset)
{
    size_t branch = ropp_mask_branch(search->mask, offset);

    if (search->view == NULL || search->view_branch != branch) {
        if (search->view == NULL)
            search->view = ropp_alloc(search->mask->size + 1, 1);
        ropp_mask_view(search->mask, branch, search->view);
        search->view_branch = branch;
    }
    return search->view;
}

static enum ropp_anchor_result refuse_governed(const struct search *search, const char *view,
                                               size_t at, size_t governor)
{
    static const char *const words[] = {"if", "else", "for", "do", "switch", "while"};
    size_t i = 0;

    while (i < 5 && words[i][0] != view[governor])
        i++;
    return refuse(
        search,
        "the place in line %zu is governed by the '%s' in line %zu without braces, and an "
        "insertion would change what it governs; match the '%s' itself",
        line_of(search, at), words[i], line_of(search, governor), words[i]);
}

/* before and after in C: by the statement. */
static enum ropp_anchor_result place_by_statement(struct search *search, size_t at,
                                                  struct ropp_place *place)
{
    const char *view = view_of(search, at);
    struct ropp_statement statement;

    switch (ropp_statement_find(view, search->from, search->to, at, &statement)) {
    case ROPP_STATEMENT_TOO_DEEP:
        return refuse(search, "the code around line %zu is nested too deeply", line_of(search, at));
    case ROPP_STATEMENT_ABSENT:
        return refuse(search, "the match in line %zu is outside of any statement",
                      line_of(search, at));
    case ROPP_STATEMENT_FOUND:
        break;
    }
    if (statement.governor != ROPP_STATEMENT_NONE)
        return refuse_governed(search, view, statement.start, statement.governor);
    place->indent = indent_of_line(search->mask, statement.start);
    if (search->hook->position == ROPP_POSITION_BEFORE) {
        place_before(search->mask, statement.start, place);
    } else {
        place_after(search->mask, statement.end, place);
        if (view[statement.end - 1] == ':')
            add_level(place);
    }
    return ROPP_ANCHOR_FOUND;
}

/* before and after in cmake: by the command, `name( ... )`. */
static enum ropp_anchor_result place_by_command(const struct search *search, size_t at,
                                                struct ropp_place *place)
{
    const struct ropp_mask *mask = search->mask;
    size_t depth = 0, start = 0;

    for (size_t i = 0; i < mask->size; i++) {
        char c = mask->ink[i] == ROPP_INK_CODE ? mask->code[i] : ' ';

        if (depth == 0 && (isalpha((unsigned char)c) || c == '_') &&
            (i == 0 || isspace((unsigned char)mask->code[i - 1]) || mask->code[i - 1] == ')'))
            start = i;
        if (c == '(')
            depth++;
        if (c != ')' || depth == 0 || --depth > 0 || i < at)
            continue;
        if (start > at)
            break;
        place->indent = indent_of_line(mask, start);
        if (search->hook->position == ROPP_POSITION_BEFORE)
            place_before(mask, start, place);
        else
            place_after(mask, i + 1, place);
        return ROPP_ANCHOR_FOUND;
    }
    return refuse(search, "the match in line %zu is outside of any command", line_of(search, at));
}

static enum ropp_anchor_result place_by_line(struct search *search, size_t at, size_t end,
                                             struct ropp_place *place)
{
    bool before = search->hook->position == ROPP_POSITION_BEFORE ||
                  search->hook->position == ROPP_POSITION_BEFORE_LINE;
    const char *view;
    struct ropp_statement statement;
    size_t next;

    if (before)
        place_before_line(search->mask, at, place);
    else
        place_after_line(search->mask, end, place);
    place->indent = indent_of_line(search->mask, before ? place->offset : at);
    if (search->mask->language != ROPP_LANGUAGE_C)
        return ROPP_ANCHOR_FOUND;
    /* What comes next must not be a branch without braces. */
    view = view_of(search, at);
    next = ropp_scan_space(view, place->offset, search->to);
    if (next < search->to &&
        ropp_statement_find(view, search->from, search->to, next, &statement) ==
            ROPP_STATEMENT_FOUND &&
        statement.start == next && statement.governor != ROPP_STATEMENT_NONE)
        return refuse_governed(search, view, next, statement.governor);
    return ROPP_ANCHOR_FOUND;
}

static bool is_by_line(const struct ropp_hook *hook)
{
    return hook->position == ROPP_POSITION_BEFORE_LINE ||
           hook->position == ROPP_POSITION_AFTER_LINE;
}

static enum ropp_anchor_result place_match(struct search *search, size_t start, size_t end,
                                           struct ropp_place *place)
{
    bool by_line = is_by_line(search->hook);

    while (start < end && isspace((unsigned char)search->mask->code[start]) &&
           isspace((unsigned char)search->mask->lines[start]))
        start++;
    while (end > start && isspace((unsigned char)search->mask->lines[end - 1]))
        end--;
    if (start == end)
        return refuse(search, "the pattern matches nothing but white space in line %zu",
                      line_of(search, start));
    if (search->hook->position == ROPP_POSITION_FACT) {
        place->offset = start;
        place->indent = "";
        return ROPP_ANCHOR_FOUND;
    }
    if (search->mask->language == ROPP_LANGUAGE_C && !by_line)
        return place_by_statement(search, start, place);
    if (search->mask->language == ROPP_LANGUAGE_CMAKE && !by_line)
        return place_by_command(search, start, place);
    return place_by_line(search, start, end - 1, place);
}

static enum ropp_anchor_result pattern_missing(const struct search *search, const char *subject)
{
    const char *source = ropp_pattern_source(search->hook->pattern);
    size_t start = 0, length;

    *search->why = ropp_keep_format("nothing in %s matches '%s'", where(search), source);
    length = ropp_pattern_nearest(search->hook->pattern, subject, search->from, search->to, &start);
    if (length)
        *search->why = ropp_keep_format("%s; its beginning '%.*s' matches in line %zu",
                                        *search->why, (int)length, source, line_of(search, start));
    return ROPP_ANCHOR_MISSING;
}

/* What came of all matches of a pattern. */
struct matches {
    size_t places;     /* different ones */
    size_t at;         /* from here on the first was looked for */
    size_t line;       /* of the first */
    const char *value; /* of a fact: what the first says */
    struct ropp_buffer others;
};

static char *fill_in(const struct search *search, const char *text);

/* What the match of a fact says; NULL of a hook. */
static const char *value_of(const struct search *search)
{
    const struct ropp_hook *hook = search->hook;
    const char *value =
        hook->position == ROPP_POSITION_FACT ? fill_in(search, hook->lines.items[0]) : NULL;

    *search->why = NULL; /* if it matters, it is said of the place that is taken */
    return value;
}

/* Whether a match is the one before once more: at the same place, or a fact that says the same, as
 * two builds of a tree may. */
static bool is_again(const struct matches *matches, const char *value,
                     const struct ropp_place *place, const struct ropp_place *other)
{
    return other->offset == place->offset ||
           (value != NULL && matches->value != NULL && strcmp(value, matches->value) == 0);
}

/* Adds a match to what came before: its place, unless it is the same again. */
static enum ropp_anchor_result add_match(struct search *search, size_t at, size_t start, size_t end,
                                         struct matches *matches, struct ropp_place *place)
{
    struct ropp_place other = {.tabs = place->tabs};
    enum ropp_anchor_result result = place_match(search, start, end, &other);
    const char *value = result == ROPP_ANCHOR_FOUND ? value_of(search) : NULL;

    if (result == ROPP_ANCHOR_FOUND && matches->places == 0) {
        *place = other;
        matches->places = 1;
        matches->at = at;
        matches->line = line_of(search, start);
        matches->value = value;
        return result;
    }
    if (result == ROPP_ANCHOR_FOUND && !is_again(matches, value, place, &other) &&
        ++matches->places <= LISTED_LIMIT)
        ropp_buffer_format(&matches->others, ", %zu", line_of(search, start));
    return result;
}

/* Looks for all matches; the answer is that of the first one that has no place. */
static enum ropp_anchor_result find_matches(struct search *search, const char *subject,
                                            struct matches *matches, struct ropp_place *place)
{
    struct ropp_pattern *pattern = search->hook->pattern;
    enum ropp_anchor_result result = ROPP_ANCHOR_FOUND;
    size_t at = search->from, start, end;

    for (size_t i = 0; i < MATCH_COUNT_LIMIT && at <= search->to && result == ROPP_ANCHOR_FOUND;
         i++) {
        switch (ropp_pattern_match(pattern, subject, at, search->to, &start, &end)) {
        case ROPP_MATCH_NONE:
            return result;
        case ROPP_MATCH_TOO_EXPENSIVE:
            return refuse(search, "the pattern '%s' needs too many steps; make it simpler",
                          ropp_pattern_source(pattern));
        case ROPP_MATCH_FOUND:
        default:
            result = add_match(search, at, start, end, matches, place);
            at = end > at ? end : at + 1;
        }
    }
    return result;
}

/* All matches must give one place. On success the last match of the pattern is the one that gave
 * it. */
static enum ropp_anchor_result find_match(struct search *search, struct ropp_place *place)
{
    struct ropp_pattern *pattern = search->hook->pattern;
    bool lines = is_by_line(search->hook) || search->hook->position == ROPP_POSITION_FACT;
    const char *subject = lines ? search->mask->lines : search->mask->code;
    struct matches matches = {0};
    enum ropp_anchor_result result = find_matches(search, subject, &matches, place);
    size_t start, end;

    if (result == ROPP_ANCHOR_FOUND && matches.places == 0) {
        result = pattern_missing(search, subject);
    } else if (result == ROPP_ANCHOR_FOUND && matches.places > 1) {
        result = refuse(search,
                        "%zu places in %s match '%s': lines %zu%s%s; make the pattern more exact",
                        matches.places, where(search), ropp_pattern_source(pattern), matches.line,
                        matches.others.data, matches.places > LISTED_LIMIT ? ", ..." : "");
    } else if (result == ROPP_ANCHOR_FOUND &&
               ropp_pattern_match(pattern, subject, matches.at, search->to, &start, &end) !=
                   ROPP_MATCH_FOUND) {
        result = refuse(search, "the pattern '%s' needs too many steps; make it simpler",
                        ropp_pattern_source(pattern));
    }
    ropp_buffer_free(&matches.others);
    return result;
}

/* -- start and end ------------------------------------------------------- */

/* The indentation inside a function: that of its first statement, if it is on a line of its own
 * and deeper than the braces, or else one level more than the braces have. */
static void indent_body(const struct search *search, size_t brace, struct ropp_place *place)
{
    const struct ropp_mask *mask = search->mask;
    size_t first = ropp_scan_space(mask->code, search->from, search->to);
    size_t start = line_start(mask, first);
    const char *deeper = indent_of_line(mask, first);

    place->indent = indent_of_line(mask, brace);
    if (first < search->to && start > search->function.open && is_blank(mask->text, start, first) &&
        strlen(deeper) > strlen(place->indent))
        place->indent = deeper;
    else
        add_level(place);
}

static enum ropp_anchor_result find_edge(const struct search *search, struct ropp_place *place)
{
    const struct ropp_mask *mask = search->mask;
    bool start = search->hook->position == ROPP_POSITION_START;
    size_t open_branch, close_branch;

    if (search->function.name == NULL) {
        place->indent = "";
        place->offset = mask->size;
        if (start) /* the byte order mark is no part of the first line */
            place->offset = mask->size >= 3 && memcmp(mask->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        place->split = !start && mask->size > 0 && mask->text[mask->size - 1] != '\n';
        return ROPP_ANCHOR_FOUND;
    }
    if (search->hook->label) {
        /* Behind the label, or behind the last statement before the next one. */
        place->indent = indent_of_line(mask, search->from - 1);
        add_level(place);
        if (start)
            place_after(mask, search->from, place);
        else
            place_before(mask, search->to, place);
        return ROPP_ANCHOR_FOUND;
    }
    open_branch = ropp_mask_branch(mask, search->function.open);
    close_branch = ropp_mask_branch(mask, search->function.close);
    if (start ? !ropp_mask_inside(mask, close_branch, open_branch)
              : !ropp_mask_inside(mask, open_branch, close_branch))
        return refuse(search,
                      "the brace in line %zu is in one branch of an #if, "
                      "so that the hook would be missing in "
                      "other builds; use before or after with a pattern",
                      line_of(search, start ? search->function.open : search->function.close));
    if (start)
        place_after(mask, search->function.open + 1, place);
    else
        place_before(mask, search->function.close, place);
    indent_body(search, start ? search->function.open : search->function.close, place);
    return ROPP_ANCHOR_FOUND;
}

/* -- what goes there ----------------------------------------------------- */

/* The text of a capture: as in the file, but comments and line breaks are single blanks. */
static void add_capture(const struct ropp_mask *mask, size_t start, size_t end,
                        struct ropp_buffer *line)
{
    bool gap = false;
    size_t first = line->size;

    for (; start < end; start++) {
        char c = mask->text[start];

        if (mask->ink[start] == ROPP_INK_COMMENT || c == '\n' || c == '\r' ||
            (isspace((unsigned char)c) && mask->ink[start] != ROPP_INK_LITERAL)) {
            gap = true;
            continue;
        }
        if (gap && line->size > first)
            ropp_buffer_add(line, " ", 1);
        gap = false;
        ropp_buffer_add(line, &c, 1);
    }
}

/* A line of the hook with its captures; NULL with *search->why. */
static char *fill_in(const struct search *search, const char *text)
{
    const struct ropp_hook *hook = search->hook;
    struct ropp_pattern *const patterns[] = {hook->pattern, hook->signature};
    struct ropp_buffer line = {0};

    while (*text) {
        const char *close = text[0] == '$' && text[1] == '{' ? strchr(text, '}') : NULL;
        size_t length = close ? (size_t)(close - text - 2) : 0, i = close ? 0 : 2, start, end;

        while (i < 2 &&
               (patterns[i] == NULL || !ropp_pattern_has_group(patterns[i], text + 2, length)))
            i++;
        if (i == 2) {
            ropp_buffer_add(&line, text++, 1);
        } else if (ropp_pattern_group(patterns[i], text + 2, length, &start, &end)) {
            add_capture(search->mask, start, end, &line);
            text = close + 1;
        } else {
            ropp_buffer_free(&line);
            (void)refuse(search,
                         "the group '%.*s' took no part in the match, so that '${%.*s}' is nothing",
                         (int)length, text + 2, (int)length, text + 2);
            return NULL;
        }
    }
    return ropp_keep(ropp_buffer_take(&line));
}

static enum ropp_anchor_result fill_lines(const struct search *search, struct ropp_place *place)
{
    for (size_t i = 0; i < search->hook->lines.count; i++) {
        char *filled = fill_in(search, search->hook->lines.items[i]);

        if (filled == NULL)
            return ROPP_ANCHOR_REFUSED;
        ropp_texts_keep(&place->lines, filled);
    }
    return ROPP_ANCHOR_FOUND;
}

/* One directive as it is in the file, without comments and needless white space. */
static void add_directive(const struct ropp_mask *mask, size_t branch, struct ropp_buffer *text)
{
    size_t start = mask->branches[branch].directive, end = line_end(mask, start), i;
    bool gap = false, any = false;

    for (i = start; i < end && i < start + 120; i++) {
        if (isspace((unsigned char)mask->lines[i]) || mask->lines[i] == '\\') {
            gap = any;
            continue;
        }
        if (gap)
            ropp_buffer_add(text, " ", 1);
        gap = false;
        any = true;
        ropp_buffer_add(text, mask->lines + i, 1);
    }
}

/* The conditions around an insertion in front of this byte: those around the byte in front of it.
 */
static const char *conditions_at(const struct ropp_mask *mask, size_t offset)
{
    struct ropp_buffer text = {0};
    size_t branch, i;

    for (branch = ropp_mask_branch(mask, offset ? offset - 1 : 0); branch != 0;
         branch = mask->branches[branch].parent) {
        if (text.size)
            ropp_buffer_text(&text, ", inside ");
        add_directive(mask, branch, &text);
        if (mask->branches[branch].starts_group)
            continue;
        for (i = branch; i > 1 && !(mask->branches[i].group == mask->branches[branch].group &&
                                    mask->branches[i].starts_group);)
            i--;
        ropp_buffer_text(&text, " of ");
        add_directive(mask, i, &text);
    }
    return text.size ? ropp_keep(ropp_buffer_take(&text)) : NULL;
}

enum ropp_anchor_result ropp_anchor_find(const struct ropp_hook *hook, const struct ropp_mask *mask,
                                         struct ropp_place *place, const char **why)
{
    struct search search = {hook, mask, why, {NULL, 0, 0, 0, 0}, 0, mask->size, NULL, 0};
    enum ropp_anchor_result result = ROPP_ANCHOR_FOUND;

    memset(place, 0, sizeof *place);
    *why = NULL;
    place->tabs = uses_tabs(mask);
    if (hook->function || hook->function_pattern)
        result = find_function(&search);
    if (result == ROPP_ANCHOR_FOUND && hook->label)
        result = find_case(&search);
    if (result == ROPP_ANCHOR_FOUND)
        result = hook->pattern ? find_match(&search, place) : find_edge(&search, place);
    /* The signature's captures, again for the function that was chosen. */
    if (result == ROPP_ANCHOR_FOUND && hook->signature &&
        !signature_fits(&search, &search.function))
        result = function_missing(&search, 1, search.function.name_start);
    if (result == ROPP_ANCHOR_FOUND)
        result = fill_lines(&search, place);
    if (result == ROPP_ANCHOR_FOUND) {
        place->line = ropp_line_of(mask->text, place->offset);
        place->conditions = conditions_at(mask, place->offset);
        place->function = search.function.name;
        if (mask->language == ROPP_LANGUAGE_MAKE)
            place->indent = "";
    }
    free(search.view);
    return result;
}
