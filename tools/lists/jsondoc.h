// SPDX-License-Identifier: MIT
/* A JSON document in pieces, as it arrives; of it the texts and the numbers, with where they are.
 */
#ifndef ROPP_TOOLS_LISTS_JSONDOC_H
#define ROPP_TOOLS_LISTS_JSONDOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROPP_JSONDOC_TEXT  128
#define ROPP_JSONDOC_DEPTH 32

struct ropp_jsondoc {
    /* The caller's. */
    void *context;
    /* A text or, unless is_text, a number, true, false or null; cut short if it is longer. `key` is
     * its own or, in an array, that of the array; "" where there is none. `depth` is how many
     * brackets are open around it. */
    void (*value)(void *context, const char *key, const char *value, bool is_text, unsigned depth);
    void (*object_end)(void *context);
    /* The reader's own; zeroed at the beginning. */
    uint64_t lines; /* ends of lines so far */
    uint64_t count; /* whole values outside all brackets */
    int state;
    unsigned depth;
    bool is_object[ROPP_JSONDOC_DEPTH];
    char keys[ROPP_JSONDOC_DEPTH + 1][ROPP_JSONDOC_TEXT]; /* by the depth of what has it */
    char text[ROPP_JSONDOC_TEXT];
    size_t used;
    bool is_key;
};

/* Reads the next bytes. False where the document is none; `lines` says where. */
bool ropp_jsondoc_feed(struct ropp_jsondoc *doc, const char *bytes, size_t size);

/* Whether every bracket is closed. */
bool ropp_jsondoc_is_whole(const struct ropp_jsondoc *doc);

/* ---- a line that is an object, searched for one of its members ---- */

enum ropp_jsonline {
    ROPP_JSONLINE_BROKEN, /* no object, or not an object alone */
    ROPP_JSONLINE_ABSENT, /* it has no such member, or one that is no text */
    ROPP_JSONLINE_FOUND
};

/* Looks for the first member with this key in the object line[0..size), blanks around it or not;
 * objects inside it are passed over. Its text is copied with a NUL, cut short if it is longer;
 * escapes of four hex digits are kept as they are. */
enum ropp_jsonline ropp_jsonline_find(const char *line, size_t size, const char *key,
                                      char out[ROPP_JSONDOC_TEXT]);

/* Looks for the first member with this key that is a whole number. False when there is none. */
bool ropp_jsonline_number(const char *line, size_t size, const char *key, uint64_t *number);

#endif
