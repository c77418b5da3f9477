// SPDX-License-Identifier: MIT
/* The patterns of hook files: PCRE2 in which white space means "these tokens are apart".
 *
 * A run of blanks in a pattern matches any run of white space, and also none where two tokens can
 * be side by side, that is, everywhere but between two word characters. Blanks in a character
 * class, after a backslash and in \Q...\E mean themselves. Patterns see bytes, match line by line
 * (`^`, `$`) with either kind of line end, and are bounded: one that needs too many steps is an
 * error.
 *
 * PCRE2: https://www.pcre.org/current/doc/html/pcre2pattern.html */
#ifndef ROPP_TOOLS_PATCH_SOURCE_PATTERN_H
#define ROPP_TOOLS_PATCH_SOURCE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct ropp_pattern;

/* Compiles `source`; the pattern is kept (tools/base/keep.h). On a mistake returns NULL and a message
 * that holds the column in `source` and what is wrong there. A pattern of a `whole` must match a text
 * from its beginning to its end. */
struct ropp_pattern *ropp_pattern_new(const char *source, bool whole, const char **mistake);

/* The text the pattern was made from. */
const char *ropp_pattern_source(const struct ropp_pattern *pattern);

/* Whether the pattern has a named group of this name. The name need not end with a NUL. */
bool ropp_pattern_has_group(const struct ropp_pattern *pattern, const char *name, size_t size);

/* Calls `each` with the name of every named group. */
void ropp_pattern_each_group(const struct ropp_pattern *pattern,
                             void (*each)(void *context, const char *name), void *context);

enum ropp_match_result {
    ROPP_MATCH_FOUND,
    ROPP_MATCH_NONE,
    ROPP_MATCH_TOO_EXPENSIVE, /* gave up; whether there is a match is not known */
};

/* Looks for a match that begins at or after `from` and ends at or before `to`; `text` may be looked
 * at from its beginning by `^`, `\b` and lookbehinds. On ROPP_MATCH_FOUND sets [*start, *end). */
enum ropp_match_result ropp_pattern_match(struct ropp_pattern *pattern, const char *text,
                                          size_t from, size_t to, size_t *start, size_t *end);

/* Where a named group is in the text of the last match that was found. False when the
 * group took no part in it. */
bool ropp_pattern_group(const struct ropp_pattern *pattern, const char *name, size_t size,
                        size_t *start, size_t *end);

/* For messages: the longest beginning of the pattern that does match between `from` and `to`.
 * Returns its length in bytes of the source and where the match starts; 0 when not even a few
 * characters match. */
size_t ropp_pattern_nearest(const struct ropp_pattern *pattern, const char *text, size_t from,
                            size_t to, size_t *start);

#endif
