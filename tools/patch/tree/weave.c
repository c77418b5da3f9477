#include "tools/patch/tree/weave.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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
    ropp_buffer_format(out, "%s%sropp:begin %s %s %08" PRIx32 "%s%s%s", place->indent,
                       comment->open, insertion->name, version, fold(hash),
                       place->split ? " split" : "", comment->close, eol);
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

/* One line of a text. `size` is without the line end, `whole` with it. */
struct text_line {
    const char *start;
    size_t size, whole;
};

static struct text_line line_at(const char *text, size_t at, size_t size)
{
    struct text_line line = {text + at, 0, 0};
    const char *end = memchr(text + at, '\n', size - at);

    line.size = end ? (size_t)(end - line.start) : size - at;
    line.whole = line.size + (end ? 1 : 0);
    if (line.size && line.start[line.size - 1] == '\r')
        line.size--;
    return line;
}

/* A marker's words, when the line is one: `word[0]` is "ropp:begin" and so on. */
#define WORDS_LIMIT 5

struct marker {
    size_t count;
    char *words[WORDS_LIMIT];
};

static void free_marker(struct marker *marker)
{
    for (size_t i = 0; i < marker->count; i++)
        free(marker->words[i]);
    marker->count = 0;
}

static bool read_marker(struct text_line line, const char *kind, struct marker *marker)
{
    const char *start = line.start, *end = line.start + line.size;
    size_t i;

    marker->count = 0;
    if (end - start >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
        start += 3;
    while (start < end && (*start == ' ' || *start == '\t'))
        start++;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    for (i = 0; i < ROPP_LANGUAGES; i++) {
        size_t open = strlen(comments[i].open), close = strlen(comments[i].close);
        size_t size = (size_t)(end - start);

        if (size > open + close && memcmp(start, comments[i].open, open) == 0 &&
            memcmp(end - close, comments[i].close, close) == 0) {
            start += open;
            end -= close;
            break;
        }
    }
    if (i == ROPP_LANGUAGES || (size_t)(end - start) <= strlen(kind) ||
        memcmp(start, kind, strlen(kind)) != 0 || start[strlen(kind)] != ' ')
        return false;
    while (start < end) {
        const char *space = memchr(start, ' ', (size_t)(end - start));
        const char *stop = space ? space : end;

        if (marker->count == WORDS_LIMIT) {
            free_marker(marker);
            return false;
        }
        marker->words[marker->count++] = ropp_copy_text(start, (size_t)(stop - start));
        start = space ? space + 1 : end;
    }
    return true;
}

static void damaged(struct ropp_stripped *out, size_t line, char *damage)
{
    out->damaged_line = line;
    out->damage = damage;
}

/* A split block owns the line break in front of it, which is written the same way as the marker's.
 */
static bool take_line_break(struct ropp_buffer *text, struct text_line marker)
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
static void read_block(const char *text, size_t size, struct marker *begin, size_t *at,
                       size_t *number, struct ropp_stripped *out)
{
    uint64_t hash = ROPP_HASH_START;
    struct ropp_block *block;
    struct marker marker;
    size_t first = *number - 1;
    char hash_text[9];

    while (*at < size) {
        struct text_line line = line_at(text, *at, size);

        *at += line.whole;
        (*number)++;
        if (read_marker(line, "ropp:end", &marker)) {
            bool same = marker.count == 2 && strcmp(marker.words[1], begin->words[1]) == 0;

            free_marker(&marker);
            if (!same) {
                damaged(out, *number - 1,
                        ropp_format("this marker ends another block than '%s' of line %zu",
                                    begin->words[1], first));
                return;
            }
            snprintf(hash_text, sizeof hash_text, "%08" PRIx32, fold(hash));
            out->blocks = ropp_grow(out->blocks, out->block_count, sizeof *out->blocks);
            block = &out->blocks[out->block_count++];
            block->name = ropp_copy_text(begin->words[1], strlen(begin->words[1]));
            block->version = ropp_copy_text(begin->words[2], strlen(begin->words[2]));
            block->line = first;
            block->edited = strcmp(hash_text, begin->words[3]) != 0;
            return;
        }
        if (read_marker(line, "ropp:begin", &marker)) {
            free_marker(&marker);
            damaged(out, *number - 1,
                    ropp_format("a block begins inside the block '%s' of line %zu", begin->words[1],
                                first));
            return;
        }
        hash = ropp_hash(hash, line.start, line.size);
        hash = ropp_hash(hash, "\n", 1);
    }
    damaged(out, first, ropp_format("the block '%s' has no end marker", begin->words[1]));
}

void ropp_strip(const char *text, size_t size, struct ropp_stripped *out)
{
    size_t at = 0, number = 1;

    memset(out, 0, sizeof *out);
    while (at < size && out->damage == NULL) {
        struct text_line line = line_at(text, at, size);
        struct marker marker;
        bool split;

        number++;
        at += line.whole;
        if (read_marker(line, "ropp:end", &marker)) {
            damaged(out, number - 1, ropp_format("an end marker without a begin marker"));
        } else if (read_marker(line, "ropp:begin", &marker)) {
            split = marker.count == 5 && strcmp(marker.words[4], "split") == 0;
            if (marker.count < 4 || (marker.count == 5 && !split))
                damaged(out, number - 1,
                        ropp_format("a begin marker that is not as ropp writes it"));
            else if (split && !take_line_break(&out->text, line))
                damaged(out, number - 1,
                        ropp_format("the line break in front of this block is gone"));
            else {
                /* The byte order mark stays where it is. */
                if (line.size >= 3 && memcmp(line.start, "\xef\xbb\xbf", 3) == 0)
                    ropp_buffer_add(&out->text, line.start, 3);
                read_block(text, size, &marker, &at, &number, out);
            }
        } else {
            ropp_buffer_add(&out->text, line.start, line.whole);
        }
        free_marker(&marker);
    }
    ropp_buffer_add(&out->text, "", 0);
}

void ropp_stripped_free(struct ropp_stripped *stripped)
{
    for (size_t i = 0; i < stripped->block_count; i++) {
        free(stripped->blocks[i].name);
        free(stripped->blocks[i].version);
    }
    free(stripped->blocks);
    free(stripped->damage);
    ropp_buffer_free(&stripped->text);
    memset(stripped, 0, sizeof *stripped);
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
    struct text_line line = line_at(text, 0, size);
    struct marker marker;
    char hash_text[17];

    if (!read_marker(line, "ropp:file", &marker))
        return false;
    if (marker.count != 4) {
        free_marker(&marker);
        return false;
    }
    snprintf(hash_text, sizeof hash_text, "%016" PRIx64,
             hash_content(text + line.whole, size - line.whole));
    found->name = ropp_copy_text(marker.words[1], strlen(marker.words[1]));
    found->version = ropp_copy_text(marker.words[2], strlen(marker.words[2]));
    found->line = 1;
    found->edited = strcmp(hash_text, marker.words[3]) != 0;
    free_marker(&marker);
    return true;
}
