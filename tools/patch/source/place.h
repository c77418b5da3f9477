// SPDX-License-Identifier: MIT
/* A place in a source file, and what is to be inserted there. */
#ifndef ROPP_TOOLS_PATCH_SOURCE_PLACE_H
#define ROPP_TOOLS_PATCH_SOURCE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/base/text.h"

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

void ropp_place_free(struct ropp_place *place);

#endif
