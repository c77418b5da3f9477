/* A line that is a JSON object, searched for one of its members. */
#ifndef ROPP_TOOLS_LISTS_JSONLINE_H
#define ROPP_TOOLS_LISTS_JSONLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROPP_JSONLINE_TEXT 128

enum ropp_jsonline {
    ROPP_JSONLINE_BROKEN, /* no object, or not an object alone */
    ROPP_JSONLINE_ABSENT, /* it has no such member, or one that is no text */
    ROPP_JSONLINE_FOUND
};

/* Looks for the first member with this key in the object line[0..size), blanks around it or not;
 * objects inside it are passed over. Its text is copied with a NUL, cut short if it is longer;
 * escapes of four hex digits are kept as they stand. */
enum ropp_jsonline ropp_jsonline_find(const char *line, size_t size, const char *key,
                                      char out[ROPP_JSONLINE_TEXT]);

/* Looks for the first member with this key that is a whole number. False when there is none. */
bool ropp_jsonline_number(const char *line, size_t size, const char *key, uint64_t *number);

#endif
