/* Anchors: where in a file a hook's lines go. */
#ifndef ROPP_TOOLS_PATCH_ANCHOR_H
#define ROPP_TOOLS_PATCH_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/patch/hookfile.h"
#include "tools/patch/mask.h"

struct ropp_place {
    size_t offset;    /* what is inserted goes in front of this byte of the text */
    bool split;       /* the place is not the beginning of a line: the line is broken in two */
    size_t line;      /* from 1: the line that holds the byte */
    char *indent;     /* what the inserted lines begin with */
    bool tabs;        /* one level of indentation is a tab, not four spaces */
    char *function;   /* around the place, or NULL */
    char *conditions; /* the preprocessor's conditions around it, for people, or NULL */
    struct ropp_texts lines; /* the hook's lines with the captures filled in */
};

enum ropp_anchor_result {
    ROPP_ANCHOR_FOUND,
    ROPP_ANCHOR_MISSING, /* the function or the pattern is not there: an optional hook may be left
                            out */
    ROPP_ANCHOR_REFUSED, /* more than one place, or one where an insertion would change the meaning
                          */
};

/* Looks for the one place of a hook in a text without insertions, masked in the hook's language.
 * Unless it is found, `*why` says what was looked for and what came nearest (a sentence without a
 * full stop, freed by the caller). */
enum ropp_anchor_result ropp_anchor_find(const struct ropp_hook *hook, const struct ropp_mask *mask,
                                         struct ropp_place *place, char **why);
void ropp_place_free(struct ropp_place *place);

#endif
