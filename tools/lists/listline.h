// SPDX-License-Identifier: MIT
/* One line of an address list: the forms in which the world writes them (listfile.h). */
#ifndef ROPP_TOOLS_LISTS_LISTLINE_H
#define ROPP_TOOLS_LISTS_LISTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/lists/listfile.h"
#include "tools/lists/range.h"

/* A piece of text that does not end with a NUL. */
struct ropp_list_text {
    const char *at;
    size_t size;
};

/* Without the blanks around it. */
struct ropp_list_text ropp_list_trimmed(struct ropp_list_text text);

/* What the lines before have said; zeroed at the beginning of a file. */
struct ropp_list_memory {
    bool begun;          /* a line that is neither blank nor comment was there */
    bool every_network;  /* the heading is that of a table of all networks in the world */
    bool lacks_metadata; /* entries of Spamhaus' were there, and the line that ends them was not */
    bool has_stated;     /* the file says how many entries it has */
    uint64_t stated;     /* so many; of several lists in one file the sum */
    char set[64];        /* of ipset, the one whose entries these are */
};

#define ROPP_LIST_RANGES                                                                           \
    (ROPP_LIST_LINE / 8) /* one line has no more: an address and a comma each */

/* What a line has: a mistake, or ranges, or neither. */
struct ropp_list_said {
    enum ropp_list_mistake mistake;
    struct ropp_range ranges[ROPP_LIST_RANGES];
    size_t count; /* 0 with a mistake */
};

/* Reads a line without its end; `size` is the line's, of which `text` may be the beginning. */
void ropp_listline_read(struct ropp_list_text text, uint64_t size, struct ropp_list_memory *memory,
                        struct ropp_list_said *said);

/* Reads a single address, prefix, range or pattern, in whatever form. *range may be written also
 * with a mistake. */
enum ropp_list_mistake ropp_listline_entry(struct ropp_list_text text, struct ropp_range *range);

#endif
