// SPDX-License-Identifier: MIT
#include "tools/decode/dump.h"

#include <stdbool.h>
#include <string.h>

#include "tools/decode/digits.h"

enum { LINE_BYTES = 256, OFFSET_LEAST = 4, OFFSET_MOST = 12, PLAIN_BYTES = 16 };

struct line {
    uint64_t offset;
    size_t count;
    bool colon; /* behind the offset: no other text looks so */
    uint8_t bytes[LINE_BYTES];
};

struct text {
    const char *at, *end;
};

static size_t skip_blanks(struct text *text)
{
    const char *begin = text->at;

    while (text->at < text->end && (*text->at == ' ' || *text->at == '\t' || *text->at == '\r'))
        text->at++;
    return (size_t)(text->at - begin);
}

static size_t count_digits(const struct text *text)
{
    const char *at = text->at;

    while (at < text->end && ropp_digit(*at) >= 0)
        at++;
    return (size_t)(at - text->at);
}

/* The offset, and the blanks that must be behind it: one after a colon, else two. */
static bool read_offset(struct text *text, struct line *line)
{
    size_t digits, blanks;

    skip_blanks(text);
    if (text->end - text->at > 2 && text->at[0] == '0' && text->at[1] == 'x')
        text->at += 2;
    digits = count_digits(text);
    if (digits < OFFSET_LEAST || digits > OFFSET_MOST)
        return false;
    line->offset = 0;
    for (size_t i = 0; i < digits; i++)
        line->offset = line->offset << 4 | (unsigned)ropp_digit(*text->at++);
    line->colon = text->at < text->end && *text->at == ':';
    text->at += line->colon;
    blanks = skip_blanks(text);
    return text->at == text->end || blanks >= (line->colon ? 1u : 2u);
}

/* Whether so many blanks separate the bytes from the letters they are. In the middle of a line,
 * `hexdump -C` has two. */
static bool ends_bytes(const struct line *line, size_t blanks)
{
    if (line->count == 0 || blanks < 2)
        return false;
    return line->colon || blanks > 2 || line->count != PLAIN_BYTES / 2;
}

static void read_bytes(struct text *text, struct line *line)
{
    size_t most = line->colon ? LINE_BYTES : PLAIN_BYTES, digits, i;

    line->count = 0;
    do {
        digits = count_digits(text);
        if (digits == 0 || digits % 2 != 0 || digits / 2 > most - line->count)
            return;
        if (text->at + digits < text->end && strchr(" \t\r", text->at[digits]) == NULL)
            return;
        for (i = 0; i < digits; i += 2)
            line->bytes[line->count++] =
                (uint8_t)(ropp_digit(text->at[i]) * 16 + ropp_digit(text->at[i + 1]));
        text->at += digits;
    } while (!ends_bytes(line, skip_blanks(text)));
}

/* False when it is no line of a dump. The last one of `hexdump` is an offset alone. */
static bool read_line(struct text text, struct line *line)
{
    if (!read_offset(&text, line))
        return false;
    if (text.at == text.end) {
        line->count = 0;
        return !line->colon;
    }
    read_bytes(&text, line);
    return line->count > 0;
}

static bool is_star(struct text text)
{
    skip_blanks(&text);
    if (text.at == text.end || *text.at++ != '*')
        return false;
    skip_blanks(&text);
    return text.at == text.end;
}

/* ---- the lines together ---- */

struct reader {
    struct ropp_block *block;
    ropp_dump_call *call;
    void *context;
    size_t blocks;
    bool open;     /* lines of a block were read */
    bool star;     /* the line before was one */
    uint64_t base; /* offset of the block's first line */
    struct line last;
};

static void close_block(struct reader *reader)
{
    if (reader->open) {
        reader->blocks++;
        reader->call(reader->context, reader->block);
    }
    reader->open = false;
    reader->star = false;
    ropp_block_clear(reader->block);
}

/* Only as many as are kept are written; the rest is counted. */
static void repeat_last(struct reader *reader, uint64_t until)
{
    struct ropp_block *block = reader->block;
    uint64_t start = block->total;

    while (block->total < until && block->kept < ROPP_BLOCK_MAX)
        ropp_block_put(block, reader->last.bytes[(block->total - start) % reader->last.count]);
    block->total = until;
}

/* False when the line does not go on where the one before it ended. */
static bool take_line(struct reader *reader, const struct line *line)
{
    uint64_t at;

    if (line->offset == 0 && line->count > 0)
        close_block(reader);
    if (!reader->open) {
        /* Without a colon many a number looks like an offset: only 0 begins. */
        if (line->count == 0 || (!line->colon && line->offset != 0))
            return true;
        reader->open = true;
        reader->base = line->offset;
    }
    at = line->offset - reader->base;
    if (line->offset < reader->base || at < reader->block->total)
        return false;
    if (at > reader->block->total && !reader->star)
        return false;
    repeat_last(reader, at);
    reader->star = false;
    for (size_t i = 0; i < line->count; i++)
        ropp_block_put(reader->block, line->bytes[i]);
    if (line->count > 0)
        reader->last = *line;
    return true;
}

enum ropp_dump_result ropp_dump_read(const char *text, size_t length, struct ropp_block *block,
                                     ropp_dump_call *call, void *context, size_t *number)
{
    struct reader reader = {.block = block, .call = call, .context = context};
    const char *at = text, *end = text + length, *stop;
    struct line line;

    ropp_block_clear(block);
    for (*number = 1; at < end; ++*number) {
        stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL)
            stop = end;
        if (reader.open && is_star((struct text){at, stop}))
            reader.star = true;
        else if (read_line((struct text){at, stop}, &line) && !take_line(&reader, &line))
            return ROPP_DUMP_BROKEN;
        at = stop < end ? stop + 1 : end;
    }
    close_block(&reader);
    return reader.blocks > 0 ? ROPP_DUMP_READ : ROPP_DUMP_NONE;
}
