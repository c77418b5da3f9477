// SPDX-License-Identifier: MIT
/* One line of an address list: the forms in which the world writes them (listfile.h). */
#ifndef ROPP_TOOLS_LISTS_LISTLINE_H
#define ROPP_TOOLS_LISTS_LISTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/lists/listfile.h"
#include "tools/lists/listtext.h"
#include "tools/lists/range.h"

#define ROPP_LIST_BRACES 16 /* so deep nothing is that has a set in it */

/* Where in a file of nftables the lines before have come to. */
struct ropp_list_nft {
    bool begun;
    unsigned depth;                /* braces that are open */
    char blocks[ROPP_LIST_BRACES]; /* what they are, listnft.c */
    char set[64];                  /* the one whose block is open */
    bool is_behind;                /* an element was there, and what follows belongs to it */
    unsigned arguments;            /* of its option, still to come */
};

/* What the lines before have said; zeroed at the beginning of a file but for the option. */
struct ropp_list_memory {
    bool mask; /* the option (listfile.h) */
    uint64_t masked;
    bool begun;          /* a line that is neither blank nor comment was there */
    bool every_network;  /* the heading is that of a table of all networks in the world */
    bool lacks_metadata; /* entries of Spamhaus' were there, and the line that ends them was not */
    bool has_stated;     /* the file says how many entries it has */
    uint64_t stated;     /* so many; of several lists in one file the sum */
    bool has_set;        /* an entry of a set was there */
    char set[64];        /* of ipset or nftables, its name without the family */
    bool is_geo;         /* a geo block of nginx */
    bool is_open;        /* its brace was opened and not closed */
    bool is_hosts;       /* hosts.deny */
    struct ropp_list_nft nft;
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
enum ropp_list_mistake ropp_listline_entry(struct ropp_list_text text,
                                           struct ropp_list_memory *memory,
                                           struct ropp_range *range);

/* The same, added to what the line has. */
enum ropp_list_mistake ropp_listline_add(struct ropp_list_text text,
                                         struct ropp_list_memory *memory,
                                         struct ropp_list_said *said);

/* Whether the set is the one whose entries the file has: the first one that is asked about, and
 * those that are called alike but for the family. */
bool ropp_listline_set(struct ropp_list_text set, struct ropp_list_memory *memory);

#endif
