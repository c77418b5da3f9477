// SPDX-License-Identifier: MIT
/* Weaving: putting marked insertions into a text, and taking them out again.
 *
 * A block is between two marker lines, comments of the file's own kind:
 *
 *     ropp:begin NAME VERSION HASH[ split| adopted=MARK]
 *     ropp:end NAME
 *
 * HASH is of the lines in between, whatever their line ends. `split` says that the line break in
 * front of the block is part of it; `adopted`, that the user has inserted the lines, for a hook
 * whose own lines have that mark. Everything inserted is one run of bytes, so that taking it out
 * gives the old text byte for byte. */
#ifndef ROPP_TOOLS_PATCH_TREE_WEAVE_H
#define ROPP_TOOLS_PATCH_TREE_WEAVE_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/base/buffer.h"
#include "tools/base/text.h"
#include "tools/patch/source/mask.h"

/* A place in a source file, and what is to be inserted there. Its texts are kept (base/keep.h). */
struct ropp_place {
    size_t offset;        /* what is inserted goes in front of this byte of the text */
    bool split;           /* the place is not the beginning of a line: the line is broken in two */
    size_t line;          /* from 1: the line that holds the byte */
    const char *indent;   /* what the inserted lines begin with */
    bool tabs;            /* one level of indentation is a tab, not four spaces */
    const char *function; /* around the place, or NULL */
    const char *conditions;  /* the preprocessor's conditions around it, for people, or NULL */
    struct ropp_texts lines; /* the hook's lines with the captures filled in */
    const char *adopted; /* the mark of the hook's own lines, if the user's are inserted instead: as
                            they are, with their indentation; else NULL */
};

struct ropp_insertion {
    const char *name;
    enum ropp_language language;
    const struct ropp_place *place;
    size_t *line; /* gets the line of its first inserted line in the woven text; or NULL */
};

/* How many lines an insertion at a place adds. */
size_t ropp_block_lines(const struct ropp_place *place);

/* Writes `text` with all insertions to `out` (empty before). Insertions at the same offset keep the
 * order of the array; the array is sorted by offset on the way. */
void ropp_weave(const char *text, size_t size, struct ropp_insertion *insertions, size_t count,
                const char *version, struct ropp_buffer *out);

/* Its texts are kept. */
struct ropp_block {
    const char *name;
    const char *version;
    size_t line;             /* of the begin marker, from 1 */
    bool edited;             /* what is between the markers is not what was put there */
    const char *adopted;     /* as in struct ropp_place */
    size_t offset;           /* where it was, in the text without blocks */
    struct ropp_texts lines; /* of an adopted block */
};

struct ropp_stripped {
    struct ropp_buffer text; /* without the blocks; the one thing here that is to be freed */
    struct ropp_block *blocks;
    size_t block_count;
    size_t damaged_line; /* 0, or the line of a marker without its partner: the text is of no use
                            then */
    const char *damage;
};

/* Takes all blocks out of a text, of any hook, version and language. */
void ropp_strip(const char *text, size_t size, struct ropp_stripped *out);

/* The place of an adopted block of a text, so that it is woven in again as it is. */
void ropp_place_adopted(const struct ropp_stripped *text, const struct ropp_block *block,
                        struct ropp_place *place);

/* Whether there may be something of ropp's in a text: quick, and right when it says no. */
bool ropp_is_marked(const char *text, size_t size);

/* The file that a `copy` puts into a tree: one marker line, then the content. */
void ropp_copy_compose(const char *name, const char *version, enum ropp_language language,
                       const void *content, size_t size, struct ropp_buffer *out);

/* Whether a file was put there by a `copy`; and if so which, and whether it was edited since. */
bool ropp_copy_read(const char *text, size_t size, struct ropp_block *found);

#endif
