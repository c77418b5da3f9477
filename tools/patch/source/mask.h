// SPDX-License-Identifier: MIT
/* Masking: which bytes of a source file are code, and which only look like it.
 *
 * A mask holds copies of a text of exactly the same size, in which everything that is not meant for
 * the compiler is blanked, so that an offset means the same in all of them. Line breaks are never
 * blanked. */
#ifndef ROPP_TOOLS_PATCH_SOURCE_MASK_H
#define ROPP_TOOLS_PATCH_SOURCE_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ropp_language {
    ROPP_LANGUAGE_C, /* C and C++ */
    ROPP_LANGUAGE_MAKE,
    ROPP_LANGUAGE_CMAKE,
    ROPP_LANGUAGE_XML,
    ROPP_LANGUAGE_CONF, /* the emulators' configuration files: comments as in C++ */
    ROPP_LANGUAGES,
};

/* What a byte is. A line break has the ink of what it is in: one that ends a `//` comment or a
 * preprocessor line is code, one inside a block comment or behind a continuation's backslash is
 * not. So a new line can be put behind a line break exactly when it is code. */
enum ropp_ink {
    ROPP_INK_CODE,
    ROPP_INK_COMMENT,
    ROPP_INK_LITERAL,   /* the inside of a string or character literal; the quotes are code */
    ROPP_INK_DIRECTIVE, /* a preprocessor line */
    ROPP_INK_DEAD,      /* behind `#if 0` */
};

/* One branch of an `#if` group: the text between two of its directives. Branch 0 is the whole
 * file. A branch's parent and earlier siblings come before it in the list. */
struct ropp_branch {
    size_t parent; /* index of the branch around the group; 0 for branch 0 */
    size_t group;  /* the branches of one group share this number; 0 for branch 0 only */
    size_t start, end;
    size_t directive;   /* offset of the line that opens the branch */
    bool starts_group;  /* opened by #if, #ifdef or #ifndef */
    bool dead;          /* no build takes it, */
    bool taken;         /* or none takes a later one of the group */
    uint64_t condition; /* which condition it is about: the same one for `#ifdef X`, `#ifndef X` and
                           `#if !defined(X)`; 0 for #else */
    bool negated;       /* it is taken where that does not hold */
};

struct ropp_mask {
    enum ropp_language language;
    const char *text; /* the caller's, not copied */
    size_t size;
    char *code;         /* literals (C only), comments, directives and dead code blanked */
    char *lines;        /* only comments and dead code blanked */
    unsigned char *ink; /* enum ropp_ink for each byte, and for the end of the text */
    struct ropp_branch *branches;
    size_t branch_count;
};

/* Masks a text of any content; there is nothing in it that could be an error. The text must outlive
 * the mask. */
void ropp_mask_init(struct ropp_mask *mask, enum ropp_language language, const char *text,
                    size_t size);
void ropp_mask_free(struct ropp_mask *mask);

/* The innermost branch around an offset. */
size_t ropp_mask_branch(const struct ropp_mask *mask, size_t offset);

/* Whether the branch `inner` is `outer` or somewhere inside it. */
bool ropp_mask_inside(const struct ropp_mask *mask, size_t inner, size_t outer);

/* Writes the code as one build sees it into `view` (mask->size bytes): of each `#if` group only one
 * branch, the one around or equal to `branch`, or else the first one that can be: a condition that
 * was taken to hold once holds in the whole file. */
void ropp_mask_view(const struct ropp_mask *mask, size_t branch, char *view);

/* By its name, "c", "make", ...; ROPP_LANGUAGES when there is no such language. */
enum ropp_language ropp_language_by_name(const char *name);

/* By the name of a file (a path will do); ROPP_LANGUAGES when it says nothing. */
enum ropp_language ropp_language_of_file(const char *path);

#endif
