// SPDX-License-Identifier: MIT
#include "tools/patch/tree/weave.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/keep.h"

static const struct comment {
    const char *open, *close;
} comments[ROPP_LANGUAGES] = {
    {"/* ", " */"},    /* C */
    {"# ", ""},        /* make */
    {"# ", ""},        /* cmake */
    {"<!-- ", " -->"}, /* XML */
    {"// ", ""},       /* configuration */
};

/* -- putting in ---------------------------------------------------------- */

/* The line end that most lines of the text have. */
static const char *line_ends(const char *text, size_t size)
{
    size_t unix_ends = 0, dos_ends = 0;

    for (size_t i = 0; i < size; i++)
        if (text[i] == '\n') {
            if (i > 0 && text[i - 1] == '\r')
                dos_ends++;
            else
                unix_ends++;
        }
    return dos_ends > unix_ends ? "\r\n" : "\n";
}

/* One line of a hook: its own indentation, four spaces a level, in tabs where the file has tabs. */
static void add_line(const struct ropp_insertion *insertion, const char *line,
                     struct ropp_buffer *out)
{
    if (insertion->place->adopted) {
        ropp_buffer_text(out, line);
        return;
    }
    if (*line == '\0')
        return;
    ropp_buffer_text(out, insertion->place->indent);
    if (insertion->place->tabs && insertion->language != ROPP_LANGUAGE_MAKE)
        for (; strncmp(line, "    ", 4) == 0; line += 4)
            ropp_buffer_text(out, "\t");
    ropp_buffer_text(out, line);
}

/* A hash of lines, short enough for a marker. */
static uint32_t fold(uint64_t hash)
{
    return (uint32_t)(hash ^ (hash >> 32));
}

static void add_block(const struct ropp_insertion *insertion, const char *version, const char *eol,
                      struct ropp_buffer *out)
{
    const struct comment *comment = &comments[insertion->language];
    const struct ropp_place *place = insertion->place;
    struct ropp_buffer line = {0}, body = {0};
    uint64_t hash = ROPP_HASH_START;

    for (size_t i = 0; i < place->lines.count; i++) {
        line.size = 0;
        ropp_buffer_add(&line, "", 0);
        add_line(insertion, place->lines.items[i], &line);
        hash = ropp_hash(hash, line.data, line.size);
        hash = ropp_hash(hash, "\n", 1);
        ropp_buffer_add(&body, line.data, line.size);
        ropp_buffer_text(&body, eol);
    }
    if (place->split)
        ropp_buffer_text(out, eol);
    ropp_buffer_format(out, "%s%sropp:begin %s %s %08" PRIx32 "%s%s%s%s%s", place->indent,
                       comment->open, insertion->name, version, fold(hash),
                       place->split ? " split" : "", place->adopted ? " adopted=" : "",
                       place->adopted ? place->adopted : "", comment->close, eol);
    ropp_buffer_add(out, body.data, body.size);
    ropp_buffer_format(out, "%s%sropp:end %s%s%s", place->indent, comment->open, insertion->name,
                       comment->close, eol);
    ropp_buffer_free(&line);
    ropp_buffer_free(&body);
}

size_t ropp_block_lines(const struct ropp_place *place)
{
    return place->lines.count + 2 + (place->split ? 1 : 0);
}

/* Stable, and there are only a few. */
static void sort_by_offset(struct ropp_insertion *insertions, size_t count)
{
    size_t k;

    for (size_t i = 1; i < count; i++) {
        struct ropp_insertion this_one = insertions[i];

        for (k = i; k > 0 && insertions[k - 1].place->offset > this_one.place->offset; k--)
            insertions[k] = insertions[k - 1];
        insertions[k] = this_one;
    }
}

void ropp_weave(const char *text, size_t size, struct ropp_insertion *insertions, size_t count,
                const char *version, struct ropp_buffer *out)
{
    const char *eol = line_ends(text, size);
    size_t at = 0, shift = 0;

    sort_by_offset(insertions, count);
    for (size_t i = 0; i < count; i++) {
        const struct ropp_place *place = insertions[i].place;

        /* Below its marker, and the rest of a broken line in front of that. */
        if (insertions[i].line)
            *insertions[i].line = place->line + shift + (place->split ? 2 : 1);
        shift += ropp_block_lines(place);
        ropp_buffer_add(out, text + at, insertions[i].place->offset - at);
        at = insertions[i].place->offset;
        add_block(&insertions[i], version, eol, out);
    }
    ropp_buffer_add(out, text + at, size - at);
}

/* -- taking out ---------------------------------------------------------- */

/* A word of a marker: a piece of the text. */
struct word {
    const char *start;
    size_t size;
};

/* A marker's words: the first is "ropp:begin" and so on. */
#define WORDS_LIMIT 5

struct marker {
    size_t count;
    struct word words[WORDS_LIMIT];
};

static bool is_word(struct word word, const char *text)
{
    return strlen(text) == word.size && memcmp(text, word.start, word.size) == 0;
}

/* Takes the comment's signs off a line; false when it is no comment of any language. */
static bool take_comment(struct word *text)
{
    for (size_t i = 0; i < ROPP_LANGUAGES; i++) {
        size_t open = strlen(comments[i].open), close = strlen(comments[i].close);

        if (text->size > open + close && memcmp(text->start, comments[i].open, open) == 0 &&
            memcmp(text->start + text->size - close, comments[i].close, close) == 0) {
            *text = (struct word){text->start + open, text->size - open - close};
            return true;
        }
    }
    return false;
}

static bool starts_with_mark(const char *start, size_t size)
{
    return size >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0;
}

static bool read_marker(struct ropp_line line, const char *kind, struct marker *marker)
{
    struct word text = {line.start, line.size};
    size_t length = strlen(kind);
    const char *end;

    marker->count = 0;
    if (starts_with_mark(text.start, text.size))
        text.start += 3, text.size -= 3;
    while (text.size > 0 && (*text.start == ' ' || *text.start == '\t'))
        text.start++, text.size--;
    while (text.size > 0 && (text.start[text.size - 1] == ' ' || text.start[text.size - 1] == '\t'))
        text.size--;
    if (!take_comment(&text) || text.size <= length || memcmp(text.start, kind, length) != 0 ||
        text.start[length] != ' ')
        return false;
    for (end = text.start + text.size; text.start < end;) {
        const char *space = memchr(text.start, ' ', (size_t)(end - text.start));

        if (marker->count == WORDS_LIMIT)
            return false;
        text.size = (size_t)((space ? space : end) - text.start);
        marker->words[marker->count++] = text;
        text.start = space ? space + 1 : end;
    }
    return true;
}

static void set_damage(struct ropp_stripped *out, size_t line, const char *text)
{
    out->damaged_line = line;
    out->damage = text;
}

/* In the manner of printf. */
#define damaged(out, line, ...) set_damage(out, line, ropp_keep_format(__VA_ARGS__))

#define ADOPTED "adopted="

/* The mark behind a marker's `adopted=`, of no size when there is none. */
static struct word mark_of(const struct marker *marker)
{
    const size_t prefix = sizeof ADOPTED - 1;
    const struct word word = marker->count == 5 ? marker->words[4] : (struct word){"", 0};

    if (word.size <= prefix || memcmp(word.start, ADOPTED, prefix) != 0)
        return (struct word){"", 0};
    return (struct word){word.start + prefix, word.size - prefix};
}

/* What a marker says of its block: name, version and hash follow its first word. */
static struct ropp_block block_of(const struct marker *marker, size_t line, const char *hash)
{
    const struct word *words = marker->words, mark = mark_of(marker);

    return (struct ropp_block){.name = ropp_keep_part(words[1].start, words[1].size),
                               .version = ropp_keep_part(words[2].start, words[2].size),
                               .line = line,
                               .edited = !is_word(words[3], hash),
                               .adopted = mark.size ? ropp_keep_part(mark.start, mark.size) : NULL};
}

/* The block whose end was read, of these lines. */
static void add_block_read(struct ropp_stripped *out, struct ropp_block block,
                           struct ropp_texts lines)
{
    block.offset = out->text.size;
    if (block.adopted)
        block.lines = lines;
    out->blocks = ropp_keep_grow(out->blocks, out->block_count, sizeof *out->blocks);
    out->blocks[out->block_count++] = block;
}

/* A split block owns the line break in front of it, which is written the same way as the marker's.
 */
static bool take_line_break(struct ropp_buffer *text, struct ropp_line marker)
{
    if (text->size == 0 || text->data[text->size - 1] != '\n')
        return false;
    text->size--;
    if (marker.whole - marker.size == 2 && text->size && text->data[text->size - 1] == '\r')
        text->size--;
    return true;
}

/* Reads a block, from the line behind its begin marker to its end marker. Moves *at and *number
 * behind it. */
static void read_block(const char *text, size_t size, const struct marker *begin, size_t *at,
                       size_t *number, struct ropp_stripped *out)
{
    const struct word name = begin->words[1];
    uint64_t hash = ROPP_HASH_START;
    struct ropp_texts lines = {NULL, 0};
    struct marker marker;
    size_t first = *number - 1;
    char hash_text[9];
    bool ended = false;

    while (*at < size && !ended && out->damage == NULL) {
        struct ropp_line line = ropp_line_at(text, *at, size);

        *at += line.whole;
        ++*number;
        if (read_marker(line, "ropp:end", &marker)) {
            ended = marker.count == 2 && marker.words[1].size == name.size &&
                    memcmp(marker.words[1].start, name.start, name.size) == 0;
            if (!ended)
                damaged(out, *number - 1, "this marker ends another block than '%.*s' of line %zu",
                        (int)name.size, name.start, first);
        } else if (read_marker(line, "ropp:begin", &marker)) {
            damaged(out, *number - 1, "a block begins inside the block '%.*s' of line %zu",
                    (int)name.size, name.start, first);
        } else {
            hash = ropp_hash(hash, line.start, line.size);
            hash = ropp_hash(hash, "\n", 1);
            ropp_texts_keep(&lines, ropp_keep_part(line.start, line.size));
        }
    }
    snprintf(hash_text, sizeof hash_text, "%08" PRIx32, fold(hash));
    if (ended)
        add_block_read(out, block_of(begin, first, hash_text), lines);
    else if (out->damage == NULL)
        damaged(out, first, "the block '%.*s' has no end marker", (int)name.size, name.start);
}

void ropp_strip(const char *text, size_t size, struct ropp_stripped *out)
{
    size_t at = 0, number = 1;

    memset(out, 0, sizeof *out);
    while (at < size && out->damage == NULL) {
        struct ropp_line line = ropp_line_at(text, at, size);
        struct marker marker;
        bool split;

        number++;
        at += line.whole;
        if (read_marker(line, "ropp:end", &marker)) {
            damaged(out, number - 1, "an end marker without a begin marker");
        } else if (read_marker(line, "ropp:begin", &marker)) {
            split = marker.count == 5 && is_word(marker.words[4], "split");
            if (marker.count < 4 || (marker.count == 5 && !split && mark_of(&marker).size == 0)) {
                damaged(out, number - 1, "a begin marker that is not as ropp writes it");
            } else if (split && !take_line_break(&out->text, line)) {
                damaged(out, number - 1, "the line break in front of this block is gone");
            } else {
                /* The byte order mark stays where it is. */
                if (starts_with_mark(line.start, line.size))
                    ropp_buffer_add(&out->text, line.start, 3);
                read_block(text, size, &marker, &at, &number, out);
            }
        } else {
            ropp_buffer_add(&out->text, line.start, line.whole);
        }
    }
    ropp_buffer_add(&out->text, "", 0);
}

void ropp_place_adopted(const struct ropp_stripped *text, const struct ropp_block *block,
                        struct ropp_place *place)
{
    const char *first = block->lines.count ? block->lines.items[0] : "";

    *place = (struct ropp_place){.offset = block->offset,
                                 .line = ropp_line_of(text->text.data, block->offset),
                                 .indent = ropp_keep_part(first, strspn(first, " \t")),
                                 .adopted = block->adopted,
                                 .lines = block->lines};
}

bool ropp_is_marked(const char *text, size_t size)
{
    const char *end = text + size;

    while (end - text >= 5 && (text = memchr(text, 'r', (size_t)(end - text) - 4)) != NULL) {
        if (memcmp(text, "ropp:", 5) == 0)
            return true;
        text++;
    }
    return false;
}

/* -- whole files --------------------------------------------------------- */

/* Over the content with its line ends made one kind: version control may change them. */
static uint64_t hash_content(const char *text, size_t size)
{
    uint64_t hash = ROPP_HASH_START;

    for (size_t i = 0; i < size; i++)
        if (text[i] != '\r' || i + 1 == size || text[i + 1] != '\n')
            hash = ropp_hash(hash, text + i, 1);
    return hash;
}

void ropp_copy_compose(const char *name, const char *version, enum ropp_language language,
                       const void *content, size_t size, struct ropp_buffer *out)
{
    ropp_buffer_format(out, "%sropp:file %s %s %016" PRIx64 "%s\n", comments[language].open, name,
                       version, hash_content(content, size), comments[language].close);
    ropp_buffer_add(out, content, size);
}

bool ropp_copy_read(const char *text, size_t size, struct ropp_block *found)
{
    struct ropp_line line = ropp_line_at(text, 0, size);
    struct marker marker;
    char hash_text[17];

    if (!read_marker(line, "ropp:file", &marker) || marker.count != 4)
        return false;
    snprintf(hash_text, sizeof hash_text, "%016" PRIx64,
             hash_content(text + line.whole, size - line.whole));
    *found = block_of(&marker, 1, hash_text);
    return true;
}
