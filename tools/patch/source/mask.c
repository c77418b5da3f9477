#include "tools/patch/source/mask.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/base/text.h"

static const char *const language_names[ROPP_LANGUAGES] = {"c", "make", "cmake", "xml", "conf"};

const char *ropp_language_name(enum ropp_language language)
{
    return language < ROPP_LANGUAGES ? language_names[language] : "?";
}

enum ropp_language ropp_language_by_name(const char *name)
{
    int i = 0;

    while (i < ROPP_LANGUAGES && strcmp(name, language_names[i]) != 0)
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

/* Length of a backslash with the line break behind it, 0 when there is none. */
static size_t splice(const struct ropp_mask *mask, size_t offset)
{
    size_t length = at(mask, offset) == '\\' ? line_break(mask, offset + 1) : 0;

    return length ? length + 1 : 0;
}

static void paint(struct ropp_mask *mask, size_t from, size_t to, enum ropp_ink ink)
{
    memset(mask->ink + from, (int)ink, to - from);
}

/* The end of a comment that runs to the end of its line, continued by backslashes where the
 * language has that. */
static size_t line_comment(const struct ropp_mask *mask, size_t offset, bool continued)
{
    while (offset < mask->size && !line_break(mask, offset)) {
        size_t step = continued ? splice(mask, offset) : 0;

        offset += step ? step : 1;
    }
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

/* A literal whose opening quote stands at `offset`. Paints its inside and returns the offset behind
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
    char close[20] = ")";
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
    close[length + 2] = '\0';
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
            end = i + line_break(mask, i);
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

/* The first word of a directive, and what stands behind it up to the end of its first line, as far
 * as neither is a comment. */
static void read_directive(const struct ropp_mask *mask, size_t hash, char name[12], char rest[12])
{
    size_t i = hash + 1, length = 0;

    while (i < mask->size &&
           (at(mask, i) == ' ' || at(mask, i) == '\t' || mask->ink[i] == ROPP_INK_COMMENT))
        i++;
    while (length < 11 && ropp_is_word_char(at(mask, i)) && mask->ink[i] == ROPP_INK_DIRECTIVE)
        name[length++] = mask->text[i++];
    name[length] = '\0';
    length = 0;
    for (; i < mask->size && !line_break(mask, i) && length < 11; i++)
        if (mask->ink[i] == ROPP_INK_DIRECTIVE && !isspace((unsigned char)mask->text[i]))
            rest[length++] = mask->text[i];
    rest[length] = '\0';
}

struct branch_walk {
    struct ropp_mask *mask;
    size_t current; /* branch that is open */
    size_t groups;
};

static size_t open_branch(struct branch_walk *walk, size_t parent, size_t group, size_t directive,
                          size_t start)
{
    struct ropp_mask *mask = walk->mask;
    struct ropp_branch *branch;

    mask->branches = ropp_grow(mask->branches, mask->branch_count, sizeof *mask->branches);
    branch = &mask->branches[mask->branch_count];
    branch->parent = parent;
    branch->group = group;
    branch->start = start;
    branch->end = mask->size;
    branch->directive = directive;
    walk->current = mask->branch_count;
    return mask->branch_count++;
}

/* Whether this directive opens a branch that no build takes, or one that every build takes. */
static bool is_constant(const char *name, const char *rest, const char *value)
{
    return (strcmp(name, "if") == 0 || strcmp(name, "elif") == 0) && strcmp(rest, value) == 0;
}

/* Second pass: the tree of `#if` groups, and dead code. */
static void find_branches(struct ropp_mask *mask)
{
    struct branch_walk walk = {mask, 0, 0};
    /* By branch: no build takes it; no build takes a later one of the group; it or an earlier one
     * is primary. */
    bool *dead = NULL, *taken = NULL, *settled = NULL;
    size_t i = 0;

    open_branch(&walk, 0, 0, 0, 0);
    mask->branches[0].primary = true;
    dead = ropp_grow(dead, 0, sizeof *dead);
    taken = ropp_grow(taken, 0, sizeof *taken);
    settled = ropp_grow(settled, 0, sizeof *settled);
    while (i < mask->size) {
        size_t hash = i, end;
        char name[12], rest[12];
        bool opens, continues;
        size_t from;

        if (mask->ink[i] != ROPP_INK_DIRECTIVE) {
            i++;
            continue;
        }
        /* The directive runs up to the next line break that is code. */
        for (end = i; end < mask->size; end++)
            if (mask->text[end] == '\n' && mask->ink[end] == ROPP_INK_CODE)
                break;
        i = end;
        read_directive(mask, hash, name, rest);
        opens =
            strcmp(name, "if") == 0 || strcmp(name, "ifdef") == 0 || strcmp(name, "ifndef") == 0;
        continues = strncmp(name, "elif", 4) == 0 || strcmp(name, "else") == 0;
        if (!opens && !continues && strcmp(name, "endif") != 0)
            continue;
        from = walk.current;
        if (!opens) {
            if (from == 0)
                continue; /* no #if is open */
            mask->branches[from].end = hash;
        }
        if (strcmp(name, "endif") == 0) {
            walk.current = mask->branches[from].parent;
            continue;
        }
        dead = ropp_grow(dead, mask->branch_count, sizeof *dead);
        taken = ropp_grow(taken, mask->branch_count, sizeof *taken);
        settled = ropp_grow(settled, mask->branch_count, sizeof *settled);
        if (opens) {
            size_t branch = open_branch(&walk, from, ++walk.groups, hash, end);

            mask->branches[branch].starts_group = true;
            dead[branch] = is_constant(name, rest, "0");
            taken[branch] = is_constant(name, rest, "1");
        } else {
            size_t branch = open_branch(&walk, mask->branches[from].parent,
                                        mask->branches[from].group, hash, end);

            taken[branch] = taken[from] || is_constant(name, rest, "1");
            dead[branch] = taken[from] || is_constant(name, rest, "0");
        }
        settled[walk.current] = !opens && settled[from];
        mask->branches[walk.current].primary = !dead[walk.current] && !settled[walk.current];
        settled[walk.current] |= mask->branches[walk.current].primary;
    }
    for (i = 1; i < mask->branch_count; i++)
        if (dead[i])
            paint(mask, mask->branches[i].start, mask->branches[i].end, ROPP_INK_DEAD);
    free(dead);
    free(taken);
    free(settled);
}

/* -- the other languages ------------------------------------------------- */

static void paint_make(struct ropp_mask *mask)
{
    size_t i = 0, end;

    while (i < mask->size) {
        if (splice(mask, i)) {
            end = i + splice(mask, i);
            paint(mask, i, end, ROPP_INK_LITERAL);
            i = end;
        } else if (mask->text[i] == '\\' && at(mask, i + 1) == '#') {
            i += 2;
        } else if (mask->text[i] == '#') {
            end = line_comment(mask, i, true);
            paint(mask, i, end, ROPP_INK_COMMENT);
            i = end;
        } else {
            i++;
        }
    }
}

/* `[[`, `[=[`, ... at an offset: writes the text that closes it. */
static bool cmake_bracket(const struct ropp_mask *mask, size_t offset, char close[20])
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

static void paint_cmake(struct ropp_mask *mask)
{
    size_t i = 0, end;
    char close[20];

    while (i < mask->size) {
        end = i + 1;
        if (mask->text[i] == '#') {
            if (cmake_bracket(mask, i + 1, close))
                end = block_comment(mask, i + 2, close);
            else
                end = line_comment(mask, i, false);
            paint(mask, i, end, ROPP_INK_COMMENT);
        } else if (mask->text[i] == '"') {
            while (end < mask->size && mask->text[end] != '"')
                end += mask->text[end] == '\\' && end + 1 < mask->size ? 2 : 1;
            paint(mask, i + 1, end, ROPP_INK_LITERAL);
            if (end < mask->size)
                end++;
        } else if (mask->text[i] == '\\' && end < mask->size) {
            end++;
        } else if (cmake_bracket(mask, i, close)) {
            end = block_comment(mask, i + 1, close);
            paint(mask, i, end, ROPP_INK_LITERAL);
        }
        i = end;
    }
}

static void paint_xml(struct ropp_mask *mask)
{
    size_t i = 0, end;

    while (i < mask->size) {
        if (starts_with(mask, i, "<!--")) {
            end = block_comment(mask, i + 4, "-->");
            paint(mask, i, end, ROPP_INK_COMMENT);
            i = end;
        } else {
            i++;
        }
    }
}

static void paint_conf(struct ropp_mask *mask)
{
    size_t i = 0, end;

    while (i < mask->size) {
        end = i + 1;
        /* Not in the middle of a word: http://... is a value. */
        if (starts_with(mask, i, "//") && (i == 0 || isspace((unsigned char)mask->text[i - 1])))
            end = line_comment(mask, i, false);
        else if (starts_with(mask, i, "/*"))
            end = block_comment(mask, i + 2, "*/");
        if (end > i + 1)
            paint(mask, i, end, ROPP_INK_COMMENT);
        i = end;
    }
}

/* -- the mask ------------------------------------------------------------ */

static void blank(char *bytes, size_t offset)
{
    if (bytes[offset] != '\n' && bytes[offset] != '\r')
        bytes[offset] = ' ';
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
    else if (language == ROPP_LANGUAGE_MAKE)
        paint_make(mask);
    else if (language == ROPP_LANGUAGE_CMAKE)
        paint_cmake(mask);
    else if (language == ROPP_LANGUAGE_XML)
        paint_xml(mask);
    else
        paint_conf(mask);
    find_branches(mask);
    for (size_t i = 0; i < size; i++) {
        enum ropp_ink ink = (enum ropp_ink)mask->ink[i];

        if (ink == ROPP_INK_COMMENT || ink == ROPP_INK_DEAD)
            blank(mask->lines, i);
        /* A string is what it is about in a build file, and nothing else is code in C. */
        if (language == ROPP_LANGUAGE_C ? ink != ROPP_INK_CODE : ink == ROPP_INK_COMMENT)
            blank(mask->code, i);
    }
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

    /* Of the branches around an offset, the innermost begins last. */
    while (i-- > 1)
        if (mask->branches[i].start <= offset && offset < mask->branches[i].end)
            return i;
    return 0;
}

bool ropp_mask_inside(const struct ropp_mask *mask, size_t inner, size_t outer)
{
    while (inner != 0 && inner != outer)
        inner = mask->branches[inner].parent;
    return inner == outer;
}

void ropp_mask_view(const struct ropp_mask *mask, size_t branch, char *view)
{
    size_t up;

    if (mask->size)
        memcpy(view, mask->code, mask->size);
    for (size_t i = 1; i < mask->branch_count; i++) {
        const struct ropp_branch *other = &mask->branches[i];
        bool shown = other->primary;

        for (up = branch; up != 0; up = mask->branches[up].parent)
            if (mask->branches[up].group == other->group)
                shown = up == i;
        if (shown)
            continue;
        for (size_t k = other->start; k < other->end; k++)
            blank(view, k);
    }
}
