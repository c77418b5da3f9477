// SPDX-License-Identifier: MIT
#include "tools/patch/source/pattern.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "tools/base/buffer.h"
#include "tools/base/keep.h"
#include "tools/base/text.h"

/* Far above what a sane pattern needs from one starting point. PCRE2 counts steps for each starting
 * point anew, so the search goes on in windows of a few of them, with a look at the clock in
 * between. */
#define MATCH_LIMIT    1000000u
#define DEPTH_LIMIT    20000u
#define HEAP_LIMIT_KIB (256u * 1024u)
#define WINDOW         256
#define TIME_LIMIT_MS  3000
#define NEAREST_MS     300 /* for all the tries of ropp_pattern_nearest together */

/* What a run of blanks becomes: all white space there is, but not "nothing" between two word
 * characters. It can match in one way only, so that many of them do not multiply their tries. */
static const char APART[] = "(?:\\s*+(?:(?<!\\w)|(?!\\w)))";

/* The same in front of something that wants white space for itself, such as `$`. */
static const char SPACE[] = "\\s*";

struct ropp_pattern {
    char *source;
    pcre2_code *code;
    pcre2_match_data *match;
};

struct translation {
    struct ropp_buffer text;
    size_t *origin; /* offset in the source of each byte of the text, and of its end */
};

static void emit(struct translation *t, size_t origin, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        t->origin = ropp_grow(t->origin, t->text.size, sizeof *t->origin);
        t->origin[t->text.size] = origin;
        ropp_buffer_add(&t->text, bytes + i, 1);
    }
}

/* What cannot be taken apart in a pattern: \Q...\E, an escape, a class, what opens a group (`(`, `(?:`,
 * `(?<name>`, `(?J` of an option), or one byte. */
static const char TOKEN[] = "\\\\Q.*?(?:\\\\E|\\z)"
                            "|\\\\."
                            "|\\[\\^?\\]?(?:\\\\.|\\[:.*?:\\]|[^]])*+(?:\\]|\\z)"
                            "|\\((?:\\?P?(?:<(?![=!])[^>]*(?:>|\\z)|[A-Za-z<^-]*+[=!:|>]?))?"
                            "|.";

/* The length of the token at source[at]. */
static size_t token_length(const char *source, size_t at, size_t size)
{
    static pcre2_match_data *match;
    static pcre2_code *code;
    PCRE2_SIZE offset;
    int error;

    if (code == NULL) {
        code = pcre2_compile((PCRE2_SPTR)TOKEN, PCRE2_ZERO_TERMINATED,
                             PCRE2_ANCHORED | PCRE2_DOTALL, &error, &offset, NULL);
        match = pcre2_match_data_create(1, NULL);
    }
    if (match == NULL || pcre2_match(code, (PCRE2_SPTR)source, size, at, 0, match, NULL) < 0)
        return 1;
    return pcre2_get_ovector_pointer(match)[1] - at;
}

/* Whether blanks, or the end of the pattern, follow the group around source[at]: then blanks at the
 * end of the group say nothing more. `at` is on a `|` or a `)`. */
static bool is_blank_behind_group(const char *source, size_t at, size_t size)
{
    size_t depth = 1;

    while (at < size) {
        if (source[at] == '(')
            depth++;
        else if (source[at] == ')' && --depth == 0) {
            at++;
            while (at < size && strchr("?*+", source[at]))
                at++;
            if (at == size || source[at] == ' ' || source[at] == '\t')
                return true;
            if (source[at] != ')' && source[at] != '|')
                return false;
            depth = 1;
            continue;
        }
        at += token_length(source, at, size);
    }
    return true; /* not in a group: an alternative of the whole pattern */
}

/* What to put for a run of blanks, source[from] to source[to]; NULL for nothing. */
static const char *blanks(const char *source, size_t from, size_t to, size_t size)
{
    char next = to < size ? source[to] : '\0';
    char escaped = next == '\\' && to + 1 < size ? source[to + 1] : '\0';

    /* An explicit \s on either side says more exactly what is meant. */
    if (escaped == 's' || ((next == ')' || next == '|') && is_blank_behind_group(source, to, size)))
        return NULL;
    while (from > 0 && strchr("*+?", source[from - 1]))
        from--;
    if (from >= 2 && source[from - 1] == 's' && source[from - 2] == '\\' &&
        (from == 2 || source[from - 3] != '\\'))
        return NULL;
    if (next == '$' || next == '^' || next == '[' ||
        (escaped && strchr("hHvVnNrRtSWDbBAzZGK ", escaped)))
        return SPACE;
    return APART;
}

/* Whether a group that opens at source[at] matches no text by itself: an option setting or a look
 * around. */
static bool is_zero_width(const char *source, size_t at, size_t size)
{
    size_t i = at + 2;

    if (size - at < 3 || source[at + 1] != '?')
        return false;
    if (source[i] == '=' || source[i] == '!')
        return true;
    if (source[i] == '<')
        return i + 1 < size && (source[i + 1] == '=' || source[i + 1] == '!');
    while (i < size && (isalpha((unsigned char)source[i]) || source[i] == '-' || source[i] == '^'))
        i++;
    return i < size && source[i] == ')';
}

#define GROUP_DEPTH_LIMIT 100

/* Where a translation is: blanks at the beginning of the pattern are dropped, also inside groups,
 * since a search from every byte of a long run of white space would take forever. */
struct translator {
    bool leading;
    bool group_leading[GROUP_DEPTH_LIMIT]; /* whether the group began so */
    bool group_empty[GROUP_DEPTH_LIMIT];   /* whether it matches no text */
    size_t depth;
};

static void step(struct translator *state, const char *source, size_t at, size_t size)
{
    char after = at + 1 < size ? source[at + 1] : '\0';

    if (source[at] == '(') {
        if (state->depth < GROUP_DEPTH_LIMIT) {
            state->group_leading[state->depth] = state->leading;
            state->group_empty[state->depth] = is_zero_width(source, at, size);
        }
        state->depth++;
    } else if (source[at] == ')' && state->depth > 0) {
        state->depth--;
        if (state->depth < GROUP_DEPTH_LIMIT)
            state->leading = state->group_leading[state->depth] &&
                             (state->group_empty[state->depth] || after == '?' || after == '*');
    } else if (source[at] == '|') {
        state->leading = state->depth == 0 || (state->depth <= GROUP_DEPTH_LIMIT &&
                                               state->group_leading[state->depth - 1]);
    } else if (!(source[at] == '?' || source[at] == '*' || source[at] == ':')) {
        state->leading = false;
    }
}

static void translate(struct translation *t, const char *source, size_t size)
{
    struct translator state = {true, {false}, {false}, 0};
    size_t i = 0, length;

    memset(t, 0, sizeof *t);
    while (i < size) {
        if (source[i] == ' ' || source[i] == '\t') {
            const char *put;

            for (length = 1; i + length < size && strchr(" \t", source[i + length]);)
                length++;
            put = state.leading ? NULL : blanks(source, i, i + length, size);
            if (put)
                emit(t, i, put, strlen(put));
            i += length;
            continue;
        }
        step(&state, source, i, size);
        for (length = token_length(source, i, size); length; length--, i++)
            emit(t, i, source + i, 1);
    }
    t->origin = ropp_grow(t->origin, t->text.size, sizeof *t->origin);
    t->origin[t->text.size] = size;
    ropp_buffer_add(&t->text, "", 0);
}

/* In memory of `general`, NULL for malloc's. Without a `mistake` nothing is said of one. */
static pcre2_code *compile(const char *source, size_t size, uint32_t options,
                           pcre2_general_context *general, const char **mistake)
{
    struct translation t;
    pcre2_compile_context *context = pcre2_compile_context_create(general);
    pcre2_code *code;
    int error = 0;
    PCRE2_SIZE offset = 0;

    if (context == NULL)
        return NULL;
    pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
    translate(&t, source, size);
    code = pcre2_compile((PCRE2_SPTR)t.text.data, t.text.size,
                         PCRE2_MULTILINE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
                             PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT | options,
                         &error, &offset, context);
    if (code == NULL && mistake) {
        PCRE2_UCHAR text[200];

        if (pcre2_get_error_message(error, text, sizeof text) < 0)
            memcpy(text, "no such error", sizeof "no such error");
        *mistake = ropp_keep_format("the pattern '%s' is wrong at its character %zu: %s", source,
                                    t.origin[offset < t.text.size ? offset : t.text.size] + 1,
                                    (const char *)text);
    }
    pcre2_compile_context_free(context);
    ropp_buffer_free(&t.text);
    free(t.origin);
    return code;
}

/* Memory of a pattern's, as PCRE2 asks for it. */
static void *keep_bytes(size_t size, void *context)
{
    (void)context;
    return ropp_keep(ropp_alloc_bytes(size));
}

static void never_free(void *memory, void *context)
{
    (void)memory;
    (void)context;
}

struct ropp_pattern *ropp_pattern_new(const char *source, bool whole, const char **mistake)
{
    struct ropp_pattern *pattern = ropp_keep(ropp_alloc(1, sizeof *pattern));
    uint32_t options = whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0;

    pattern->source = ropp_keep_text(source);
    pattern->code = compile(source, strlen(source), options,
                            pcre2_general_context_create(keep_bytes, never_free, NULL), mistake);
    if (pattern->code == NULL)
        return NULL;
    pattern->match = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    return pattern;
}

const char *ropp_pattern_source(const struct ropp_pattern *pattern)
{
    return pattern->source;
}

/* The named groups: entries of two bytes with a group's number, and then its name. */
struct names {
    PCRE2_SPTR entry;
    uint32_t count, size;
};

static struct names names_of(const struct ropp_pattern *pattern)
{
    struct names names = {NULL, 0, 0};

    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &names.count);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &names.size);
    pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &names.entry);
    return names;
}

static bool is_named(PCRE2_SPTR entry, const char *name, size_t size)
{
    return strlen((const char *)entry + 2) == size && memcmp(entry + 2, name, size) == 0;
}

void ropp_pattern_each_group(const struct ropp_pattern *pattern,
                             void (*each)(void *context, const char *name), void *context)
{
    struct names names = names_of(pattern);

    for (; names.count > 0; names.count--, names.entry += names.size)
        each(context, (const char *)names.entry + 2);
}

bool ropp_pattern_has_group(const struct ropp_pattern *pattern, const char *name, size_t size)
{
    struct names names = names_of(pattern);

    for (; names.count > 0; names.count--, names.entry += names.size)
        if (is_named(names.entry, name, size))
            return true;
    return false;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Searches until `deadline_ms`. */
static enum ropp_match_result run(const pcre2_code *code, pcre2_match_data *match, const char *text,
                                  size_t from, size_t to, int64_t deadline_ms)
{
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    int result = PCRE2_ERROR_MATCHLIMIT;

    if (context == NULL)
        return ROPP_MATCH_TOO_EXPENSIVE;
    pcre2_set_match_limit(context, MATCH_LIMIT);
    pcre2_set_depth_limit(context, DEPTH_LIMIT);
    pcre2_set_heap_limit(context, HEAP_LIMIT_KIB);
    for (;;) {
        size_t last = to - from > WINDOW ? from + WINDOW : to;

        pcre2_set_offset_limit(context, last);
        result = pcre2_match(code, (PCRE2_SPTR)text, to, from, 0, match, context);
        if (result != PCRE2_ERROR_NOMATCH || last == to)
            break;
        if (now_ms() > deadline_ms) {
            result = PCRE2_ERROR_MATCHLIMIT;
            break;
        }
        from = last + 1;
    }
    pcre2_match_context_free(context);
    if (result == PCRE2_ERROR_NOMATCH)
        return ROPP_MATCH_NONE;
    return result > 0 ? ROPP_MATCH_FOUND : ROPP_MATCH_TOO_EXPENSIVE;
}

enum ropp_match_result ropp_pattern_match(struct ropp_pattern *pattern, const char *text,
                                          size_t from, size_t to, size_t *start, size_t *end)
{
    enum ropp_match_result result =
        run(pattern->code, pattern->match, text, from, to, now_ms() + TIME_LIMIT_MS);
    const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(pattern->match);

    if (result != ROPP_MATCH_FOUND)
        return result;
    *start = vector[0];
    *end = vector[1];
    /* \K can move the start behind the end, or before `from`. */
    if (*start > *end || *start < from)
        *start = *end;
    return result;
}

bool ropp_pattern_group(const struct ropp_pattern *pattern, const char *name, size_t size,
                        size_t *start, size_t *end)
{
    const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(pattern->match);
    struct names names = names_of(pattern);

    /* With (?J), several groups have one name; in a match, one of them takes part. */
    for (; names.count > 0; names.count--, names.entry += names.size) {
        size_t number = (size_t)names.entry[0] << 8 | names.entry[1];

        if (!is_named(names.entry, name, size) || vector[2 * number] == PCRE2_UNSET ||
            vector[2 * number] > vector[2 * number + 1])
            continue;
        *start = vector[2 * number];
        *end = vector[2 * number + 1];
        return true;
    }
    return false;
}

size_t ropp_pattern_nearest(const struct ropp_pattern *pattern, const char *text, size_t from,
                            size_t to, size_t *start)
{
    size_t length = strlen(pattern->source);
    int64_t deadline_ms = now_ms() + NEAREST_MS;

    while (length > 3 && now_ms() < deadline_ms) {
        pcre2_code *code;
        pcre2_match_data *match;
        bool found = false;

        length--;
        /* Cut between tokens only. */
        if (pattern->source[length - 1] == ' ' || (ropp_is_word_char(pattern->source[length - 1]) &&
                                                   ropp_is_word_char(pattern->source[length])))
            continue;
        code = compile(pattern->source, length, 0, NULL, NULL);
        if (code == NULL)
            continue;
        match = pcre2_match_data_create_from_pattern(code, NULL);
        if (match && run(code, match, text, from, to, deadline_ms) == ROPP_MATCH_FOUND) {
            const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(match);

            *start = vector[0];
            found = vector[1] > vector[0] + 2;
        }
        pcre2_match_data_free(match);
        pcre2_code_free(code);
        if (found)
            return length;
    }
    return 0;
}
