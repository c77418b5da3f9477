// SPDX-License-Identifier: MIT
#include "tools/patch/source/mask.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/text.h"

enum ropp_language ropp_language_by_name(const char *name)
{
    static const char *const names[ROPP_LANGUAGES] = {"c", "make", "cmake", "xml", "conf"};
    int i = 0;

    while (i < ROPP_LANGUAGES && strcmp(name, names[i]) != 0)
        i++;
    return (enum ropp_language)i;
}

enum ropp_language ropp_language_of_file(const char *path)
{
    static const struct {
        const char *suffix;
        enum ropp_language language;
    } suffixes[] = {
        {".c", ROPP_LANGUAGE_C},         {".cc", ROPP_LANGUAGE_C},
        {".cpp", ROPP_LANGUAGE_C},       {".cxx", ROPP_LANGUAGE_C},
        {".h", ROPP_LANGUAGE_C},         {".hh", ROPP_LANGUAGE_C},
        {".hpp", ROPP_LANGUAGE_C},       {".inc", ROPP_LANGUAGE_C},
        {".mk", ROPP_LANGUAGE_MAKE},     {".am", ROPP_LANGUAGE_MAKE},
        {".cmake", ROPP_LANGUAGE_CMAKE}, {".vcxproj", ROPP_LANGUAGE_XML},
        {".vcproj", ROPP_LANGUAGE_XML},  {".filters", ROPP_LANGUAGE_XML},
        {".props", ROPP_LANGUAGE_XML},   {".targets", ROPP_LANGUAGE_XML},
        {".xml", ROPP_LANGUAGE_XML},     {".conf", ROPP_LANGUAGE_CONF},
    };
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    if (strncmp(name, "Makefile", 8) == 0 || strncmp(name, "GNUmakefile", 11) == 0)
        return ROPP_LANGUAGE_MAKE;
    if (strcmp(name, "CMakeLists.txt") == 0)
        return ROPP_LANGUAGE_CMAKE;
    for (size_t i = 0; dot && i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (strcmp(dot, suffixes[i].suffix) == 0)
            return suffixes[i].language;
    return ROPP_LANGUAGES;
}

/* -- reading the text ---------------------------------------------------- */

/* The byte at an offset, NUL behind the end. */
static char at(const struct ropp_mask *mask, size_t offset)
{
    return offset < mask->size ? mask->text[offset] : '\0';
}

static bool starts_with(const struct ropp_mask *mask, size_t offset, const char *prefix)
{
    size_t length = strlen(prefix);

    return mask->size - offset >= length && memcmp(mask->text + offset, prefix, length) == 0;
}

/* Length of the line break at an offset, 0 when there is none. */
static size_t line_break(const struct ropp_mask *mask, size_t offset)
{
    if (at(mask, offset) == '\r' && at(mask, offset + 1) == '\n')
        return 2;
    return at(mask, offset) == '\n' && offset < mask->size ? 1 : 0;
}

/* Length of a backslash with the line break behind it, 0 when there is none. C compilers pass over
 * blanks between the two: whoever does not see them takes a line of a comment for code. */
static size_t splice(const struct ropp_mask *mask, size_t offset)
{
    size_t end = offset + 1, length;

    if (at(mask, offset) != '\\')
        return 0;
    while (mask->language == ROPP_LANGUAGE_C && at(mask, end) != '\0' &&
           strchr(" \t\v\f", at(mask, end)))
        end++;
    length = line_break(mask, end);
    return length ? end + length - offset : 0;
}

static void paint(struct ropp_mask *mask, size_t from, size_t to, enum ropp_ink ink)
{
    memset(mask->ink + from, (int)ink, to - from);
}

/* The end of a comment that runs to the end of its line, continued by backslashes where the
 * language has that. */
static size_t line_comment(const struct ropp_mask *mask, size_t offset, bool continued)
{
    while (offset < mask->size && !line_break(mask, offset))
        offset += continued && splice(mask, offset) ? splice(mask, offset) : 1;
    return offset;
}

/* The end of a comment that runs up to `close`; the end of the text when it is never closed. */
static size_t block_comment(const struct ropp_mask *mask, size_t offset, const char *close)
{
    while (offset < mask->size) {
        if (starts_with(mask, offset, close))
            return offset + strlen(close);
        offset++;
    }
    return offset;
}

/* -- C and C++ ----------------------------------------------------------- */

/* A literal whose opening quote is at `offset`. Paints its inside and returns the offset behind
 * its closing quote; one without a closing quote ends with its line. */
static size_t quoted(struct ropp_mask *mask, size_t offset)
{
    char quote = mask->text[offset];
    size_t i = offset + 1;

    while (i < mask->size && mask->text[i] != quote && !line_break(mask, i)) {
        size_t step = splice(mask, i);

        if (step == 0)
            step = mask->text[i] == '\\' && i + 1 < mask->size && !line_break(mask, i + 1) ? 2 : 1;
        i += step;
    }
    paint(mask, offset + 1, i, ROPP_INK_LITERAL);
    return at(mask, i) == quote && i < mask->size ? i + 1 : i;
}

/* R"delimiter( ... )delimiter" with the quote at `offset`; 0 when it is not one. */
static size_t raw_string(struct ropp_mask *mask, size_t offset)
{
    char close[19] = ")";
    size_t length = 0, end;
    bool closed;

    while (length < 16 && at(mask, offset + 1 + length) != '(') {
        char c = at(mask, offset + 1 + length);

        if (c == '\0' || c == ')' || c == '\\' || c == '"' || isspace((unsigned char)c))
            return 0;
        close[++length] = c;
    }
    if (at(mask, offset + 1 + length) != '(')
        return 0;
    close[length + 1] = '"';
    end = block_comment(mask, offset + length + 2, close);
    closed = starts_with(mask, end - strlen(close), close);
    paint(mask, offset + 1, closed ? end - 1 : end, ROPP_INK_LITERAL);
    return end;
}

/* A name, a number or a prefix of a literal at `offset`; returns its end. */
static size_t word(struct ropp_mask *mask, size_t offset)
{
    static const char *const raw_prefixes[] = {"R", "LR", "uR", "UR", "u8R"};
    size_t end = offset;

    if (isdigit((unsigned char)mask->text[offset])) {
        /* A number, with C++14's and C23's separators: 1'000'000 holds no literal. */
        while (ropp_is_word_char(at(mask, end)) || at(mask, end) == '.' ||
               (at(mask, end) == '\'' && ropp_is_word_char(at(mask, end + 1))))
            end++;
        return end;
    }
    while (ropp_is_word_char(at(mask, end)))
        end++;
    if (at(mask, end) == '"')
        for (size_t i = 0; i < sizeof raw_prefixes / sizeof raw_prefixes[0]; i++)
            if (strlen(raw_prefixes[i]) == end - offset &&
                memcmp(raw_prefixes[i], mask->text + offset, end - offset) == 0) {
                size_t past = raw_string(mask, end);

                return past ? past : end;
            }
    return end;
}

/* First pass: comments, literals and directives. */
static void paint_c(struct ropp_mask *mask)
{
    size_t i = 0, end;
    bool line_start = true, directive = false;

    while (i < mask->size) {
        end = i + 1;
        if (starts_with(mask, i, "//")) {
            end = line_comment(mask, i, true);
            paint(mask, i, end, ROPP_INK_COMMENT);
        } else if (starts_with(mask, i, "/*")) {
            end = block_comment(mask, i + 2, "*/");
            paint(mask, i, end, ROPP_INK_COMMENT);
        } else if (line_break(mask, i)) {
            line_start = true;
            directive = false;
        } else if (splice(mask, i)) {
            end = i + splice(mask, i);
            paint(mask, i, end, directive ? ROPP_INK_DIRECTIVE : ROPP_INK_COMMENT);
        } else if (isspace((unsigned char)mask->text[i])) {
            if (directive)
                paint(mask, i, end, ROPP_INK_DIRECTIVE);
        } else {
            if (mask->text[i] == '#' && line_start)
                directive = true;
            line_start = false;
            if (mask->text[i] == '"' || mask->text[i] == '\'')
                end = quoted(mask, i);
            else if (ropp_is_word_char(mask->text[i]))
                end = word(mask, i);
            if (directive)
                paint(mask, i, end, ROPP_INK_DIRECTIVE);
        }
        i = end;
    }
}

/* The first word of a directive, as far as it tells those of `#if` groups apart. */
static void read_directive(const struct ropp_mask *mask, size_t hash, char name[8])
{
    size_t i = hash + 1, length = 0;

    while (i < mask->size &&
           (at(mask, i) == ' ' || at(mask, i) == '\t' || mask->ink[i] == ROPP_INK_COMMENT))
        i++;
    while (length < 7 && ropp_is_word_char(at(mask, i)) && mask->ink[i] == ROPP_INK_DIRECTIVE)
        name[length++] = mask->text[i++];
    name[length] = '\0';
}

static size_t open_branch(struct ropp_mask *mask, size_t parent, size_t group, size_t directive,
                          size_t start)
{
    mask->branches = ropp_grow(mask->branches, mask->branch_count, sizeof *mask->branches);
    mask->branches[mask->branch_count] = (struct ropp_branch){.parent = parent,
                                                              .group = group,
                                                              .start = start,
                                                              .end = mask->size,
                                                              .directive = directive};
    return mask->branch_count++;
}

/* Whether a condition without blanks is `constant` in any build: alone, in parentheses, or in front of
 * an operator with which nothing else counts. */
static bool is_constant(const char *condition, const char *constant, const char *beside,
                        const char *others)
{
    size_t open = strspn(condition, "("), length = strlen(constant);
    const char *rest = condition + open;

    if (strncmp(rest, constant, length) != 0)
        return false;
    rest += length;
    if (strspn(rest, ")") == strlen(rest))
        return true;
    return open == 0 && strncmp(rest, beside, 2) == 0 && strpbrk(rest, others) == NULL;
}

/* Takes a word off the beginning of a text, if it is there. */
static bool take(const char **text, const char *word)
{
    size_t length = strlen(word);
    bool found = strncmp(*text, word, length) == 0;

    *text += found ? length : 0;
    return found;
}

/* What an #if, #ifdef, #ifndef or #elif asks, of the directive from `hash` to `end`: its text
 * without blanks and comments, and in the shortest form; and whether no build takes it, or every one
 * does. */
static void read_condition(const struct ropp_mask *mask, size_t hash, size_t end, const char *name,
                           struct ropp_branch *branch)
{
    struct ropp_buffer text = {0};
    const char *rest;

    for (size_t i = hash + 1; i < end; i++)
        if (mask->ink[i] == ROPP_INK_DIRECTIVE && !isspace((unsigned char)mask->text[i]) &&
            mask->text[i] != '\\')
            ropp_buffer_add(&text, mask->text + i, 1);
    ropp_buffer_add(&text, "", 0);
    rest = text.data;
    (void)take(&rest, name);
    branch->negated = strcmp(name, "ifndef") == 0;
    if (strcmp(name, "if") == 0 || strcmp(name, "elif") == 0) {
        const bool simple = strpbrk(rest, "&|?=<>") == NULL;

        branch->dead |= is_constant(rest, "0", "&&", "|?:");
        branch->dead |= is_constant(rest, "false", "&&", "|?:");
        branch->taken |= is_constant(rest, "1", "||", "&?:");
        branch->negated = simple && take(&rest, "!");
        if (simple && text.data[text.size - 1] == ')' && take(&rest, "defined("))
            text.data[text.size - 1] = '\0';
    }
    branch->condition = ropp_hash(ROPP_HASH_START, rest, strlen(rest));
    ropp_buffer_free(&text);
}

/* What a directive from `hash` to `end` does to the tree of `#if` groups. `current` is the branch
 * that is open. */
static void take_directive(struct ropp_mask *mask, size_t hash, size_t end, size_t *current,
                           size_t *groups)
{
    struct ropp_branch *branch;
    struct ropp_branch before = mask->branches[*current];
    char name[8];
    bool opens, continues, ends;

    read_directive(mask, hash, name);
    opens = strcmp(name, "if") == 0 || strcmp(name, "ifdef") == 0 || strcmp(name, "ifndef") == 0;
    continues = strncmp(name, "elif", 4) == 0 || strcmp(name, "else") == 0;
    ends = strcmp(name, "endif") == 0;
    if (!opens && (*current == 0 || (!continues && !ends)))
        return;
    if (!opens)
        mask->branches[*current].end = hash;
    if (ends) {
        *current = before.parent;
        return;
    }
    if (opens)
        before = (struct ropp_branch){.parent = *current, .group = ++*groups};
    *current = open_branch(mask, before.parent, before.group, hash, end);
    branch = &mask->branches[*current];
    branch->starts_group = opens;
    branch->dead = branch->taken = before.taken;
    if (strcmp(name, "else") != 0)
        read_condition(mask, hash, end, name, branch);
}

/* Second pass: the tree of `#if` groups, and dead code. */
static void find_branches(struct ropp_mask *mask)
{
    size_t current = open_branch(mask, 0, 0, 0, 0), groups = 0, end;

    for (size_t i = 0; i < mask->size; i = end) {
        end = i + 1;
        if (mask->ink[i] != ROPP_INK_DIRECTIVE)
            continue;
        /* The directive runs up to the next line break that is code. */
        for (end = i; end < mask->size; end++)
            if (mask->text[end] == '\n' && mask->ink[end] == ROPP_INK_CODE)
                break;
        take_directive(mask, i, end, &current, &groups);
    }
    for (size_t i = 1; i < mask->branch_count; i++)
        if (mask->branches[i].dead)
            paint(mask, mask->branches[i].start, mask->branches[i].end, ROPP_INK_DEAD);
}

/* -- the other languages ------------------------------------------------- */

/* Each reads what begins at an offset, and returns its end and its ink. */

static size_t read_make(struct ropp_mask *mask, size_t i, enum ropp_ink *ink)
{
    if (splice(mask, i)) {
        *ink = ROPP_INK_LITERAL;
        return i + splice(mask, i);
    }
    if (mask->text[i] == '\\' && at(mask, i + 1) == '#')
        return i + 2;
    if (mask->text[i] != '#')
        return i + 1;
    *ink = ROPP_INK_COMMENT;
    return line_comment(mask, i, true);
}

/* `[[`, `[=[`, ... at an offset: writes the text that closes it. */
static bool cmake_bracket(const struct ropp_mask *mask, size_t offset, char close[19])
{
    size_t equals = 0;

    if (at(mask, offset) != '[')
        return false;
    while (equals < 16 && at(mask, offset + 1 + equals) == '=')
        equals++;
    if (at(mask, offset + 1 + equals) != '[')
        return false;
    close[0] = ']';
    memset(close + 1, '=', equals);
    close[equals + 1] = ']';
    close[equals + 2] = '\0';
    return true;
}

static size_t read_cmake(struct ropp_mask *mask, size_t i, enum ropp_ink *ink)
{
    size_t end = i + 1;
    char close[19];

    if (mask->text[i] == '#') {
        *ink = ROPP_INK_COMMENT;
        return cmake_bracket(mask, i + 1, close) ? block_comment(mask, i, close)
                                                 : line_comment(mask, i, false);
    }
    if (mask->text[i] == '"') {
        while (end < mask->size && mask->text[end] != '"')
            end += mask->text[end] == '\\' && end + 1 < mask->size ? 2 : 1;
        paint(mask, i + 1, end, ROPP_INK_LITERAL); /* but not the quotes */
        return end < mask->size ? end + 1 : end;
    }
    if (mask->text[i] == '\\')
        return end < mask->size ? end + 1 : end;
    if (!cmake_bracket(mask, i, close))
        return end;
    *ink = ROPP_INK_LITERAL;
    return block_comment(mask, i, close);
}

static size_t read_xml(struct ropp_mask *mask, size_t i, enum ropp_ink *ink)
{
    if (!starts_with(mask, i, "<!--"))
        return i + 1;
    *ink = ROPP_INK_COMMENT;
    return block_comment(mask, i + 4, "-->");
}

static size_t read_conf(struct ropp_mask *mask, size_t i, enum ropp_ink *ink)
{
    *ink = ROPP_INK_COMMENT;
    /* Not in the middle of a word: http://... is a value. */
    if (starts_with(mask, i, "//") && (i == 0 || isspace((unsigned char)mask->text[i - 1])))
        return line_comment(mask, i, false);
    if (starts_with(mask, i, "/*"))
        return block_comment(mask, i + 2, "*/");
    *ink = ROPP_INK_CODE;
    return i + 1;
}

static void paint_other(struct ropp_mask *mask)
{
    static size_t (*const readers[])(struct ropp_mask * mask, size_t i, enum ropp_ink * ink) = {
        [ROPP_LANGUAGE_MAKE] = read_make,
        [ROPP_LANGUAGE_CMAKE] = read_cmake,
        [ROPP_LANGUAGE_XML] = read_xml,
        [ROPP_LANGUAGE_CONF] = read_conf,
    };
    size_t end;

    for (size_t i = 0; i < mask->size; i = end) {
        enum ropp_ink ink = ROPP_INK_CODE;

        end = readers[mask->language](mask, i, &ink);
        if (ink != ROPP_INK_CODE)
            paint(mask, i, end, ink);
    }
}

/* -- the mask ------------------------------------------------------------ */

static void blank(char *bytes, size_t offset)
{
    if (bytes[offset] != '\n' && bytes[offset] != '\r')
        bytes[offset] = ' ';
}

/* By how many braces the code of a branch opens more than it closes, with the first branch of each
 * group in it. */
static long count_open_braces(const struct ropp_mask *mask, size_t branch)
{
    long open = 0;

    for (size_t i = mask->branches[branch].start; i < mask->branches[branch].end; i++) {
        size_t inner = mask->code[i] == '{' || mask->code[i] == '}' ? ropp_mask_branch(mask, i) : 0;

        while (inner != 0 && inner != branch)
            inner = mask->branches[inner].starts_group ? mask->branches[inner].parent : 0;
        if (inner == branch)
            open += mask->code[i] == '{' ? 1 : -1;
    }
    return open;
}

/* Whether nothing but white space and directives is between two branches. */
static bool is_next(const struct ropp_mask *mask, size_t one, size_t other)
{
    for (size_t i = mask->branches[one].end; i < mask->branches[other].directive; i++)
        if (!isspace((unsigned char)mask->code[i]))
            return false;
    return true;
}

/* Third pass: an `#ifdef A`, and right behind its `#endif` an `#ifdef B`, of which each opens a brace
 * that is closed once for both. No build takes the two, so they are branches of one group. */
static void join_groups(struct ropp_mask *mask)
{
    size_t *members = ropp_alloc(mask->branch_count, sizeof *members), before;
    long open;

    for (size_t i = 1; i < mask->branch_count; i++)
        members[mask->branches[i].group - 1]++;
    for (size_t i = 2; i < mask->branch_count; i++) {
        struct ropp_branch *branch = &mask->branches[i];

        before = i - 1;
        while (before > 0 && mask->branches[before].parent != branch->parent)
            before--;
        if (before == 0 || branch->dead || members[branch->group - 1] != 1 ||
            mask->branches[before].dead || !mask->branches[before].starts_group ||
            !is_next(mask, before, i))
            continue;
        open = count_open_braces(mask, i);
        if (open == 0 || open != count_open_braces(mask, before))
            continue;
        branch->group = mask->branches[before].group;
    }
    free(members);
}

void ropp_mask_init(struct ropp_mask *mask, enum ropp_language language, const char *text,
                    size_t size)
{
    memset(mask, 0, sizeof *mask);
    mask->language = language;
    mask->text = text;
    mask->size = size;
    mask->ink = ropp_alloc(size + 1, 1);
    mask->code = ropp_copy_text(text, size);
    mask->lines = ropp_copy_text(text, size);
    if (language == ROPP_LANGUAGE_C)
        paint_c(mask);
    else
        paint_other(mask);
    find_branches(mask);
    for (size_t i = 0; i < size; i++) {
        enum ropp_ink ink = (enum ropp_ink)mask->ink[i];

        if (ink == ROPP_INK_COMMENT || ink == ROPP_INK_DEAD)
            blank(mask->lines, i);
        /* A string is what it is about in a build file, and nothing else is code in C. */
        if (language == ROPP_LANGUAGE_C ? ink != ROPP_INK_CODE : ink == ROPP_INK_COMMENT)
            blank(mask->code, i);
    }
    if (language == ROPP_LANGUAGE_C)
        join_groups(mask);
}

void ropp_mask_free(struct ropp_mask *mask)
{
    free(mask->code);
    free(mask->lines);
    free(mask->ink);
    free(mask->branches);
    memset(mask, 0, sizeof *mask);
}

size_t ropp_mask_branch(const struct ropp_mask *mask, size_t offset)
{
    size_t i = mask->branch_count;

    /* Of the branches around an offset, the innermost begins last; the first one is around all. */
    while (--i > 0 && (offset < mask->branches[i].start || offset >= mask->branches[i].end))
        ;
    return i;
}

bool ropp_mask_inside(const struct ropp_mask *mask, size_t inner, size_t outer)
{
    while (inner != 0 && inner != outer)
        inner = mask->branches[inner].parent;
    return inner == outer;
}

/* Which branches of a file one build takes, as far as it is decided. */
struct choice {
    const struct ropp_mask *mask;
    bool *shown;     /* by branch */
    size_t *decided; /* branches whose condition is decided: */
    bool *holds;     /* whether it does, by index in `decided` */
    size_t count;
};

static void decide(struct choice *choice, size_t branch, bool taken)
{
    if (choice->mask->branches[branch].condition == 0)
        return;
    choice->holds[choice->count] = choice->mask->branches[branch].negated != taken;
    choice->decided[choice->count++] = branch;
}

/* Whether a branch can be taken; when nothing speaks against it, it is from now on. */
static bool can_be(struct choice *choice, size_t branch)
{
    const struct ropp_branch *wanted = &choice->mask->branches[branch];

    if (wanted->dead)
        return false;
    for (size_t i = 0; i < choice->count; i++)
        if (choice->mask->branches[choice->decided[i]].condition == wanted->condition)
            return choice->holds[i] != wanted->negated;
    decide(choice, branch, true);
    return true;
}

/* Takes the branches around `branch`, and no other of their groups. */
static void choose_around(struct choice *choice, size_t branch)
{
    for (; branch != 0; branch = choice->mask->branches[branch].parent) {
        choice->shown[branch] = true;
        decide(choice, branch, true);
        for (size_t i = 1; i < branch; i++)
            if (choice->mask->branches[i].group == choice->mask->branches[branch].group)
                decide(choice, i, false);
    }
}

/* Takes the first branch that can be of every other group that a build sees. */
static void choose_others(struct choice *choice, size_t branch)
{
    const struct ropp_branch *branches = choice->mask->branches;
    const size_t groups = choice->mask->branch_count; /* at least as many */
    bool *settled = ropp_alloc(groups, sizeof *settled);

    for (; branch != 0; branch = branches[branch].parent)
        settled[branches[branch].group] = true;
    choice->shown[0] = true;
    for (size_t i = 1; i < choice->mask->branch_count; i++) {
        if (!choice->shown[branches[i].parent] || choice->shown[i])
            continue;
        if (!settled[branches[i].group] && can_be(choice, i))
            choice->shown[i] = settled[branches[i].group] = true;
        else if (settled[branches[i].group] && branches[i].starts_group)
            decide(choice, i, false); /* of groups that were joined only one is in a build */
    }
    free(settled);
}

void ropp_mask_view(const struct ropp_mask *mask, size_t branch, char *view)
{
    struct choice choice = {mask, ropp_alloc(mask->branch_count, sizeof(bool)),
                            ropp_alloc(2 * mask->branch_count, sizeof(size_t)),
                            ropp_alloc(2 * mask->branch_count, sizeof(bool)), 0};

    choose_around(&choice, branch);
    choose_others(&choice, branch);
    if (mask->size)
        memcpy(view, mask->code, mask->size);
    for (size_t i = 1; i < mask->branch_count; i++)
        for (size_t k = mask->branches[i].start; k < mask->branches[i].end && !choice.shown[i]; k++)
            blank(view, k);
    free(choice.shown);
    free(choice.decided);
    free(choice.holds);
}
