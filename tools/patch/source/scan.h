// SPDX-License-Identifier: MIT
/* Moving over masked C and C++. Offsets are into `code`; nothing at or behind `to` is looked at. */
#ifndef ROPP_TOOLS_PATCH_SOURCE_SCAN_H
#define ROPP_TOOLS_PATCH_SOURCE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Over white space, forwards and backwards: to the next byte that is none, and behind the last. */
size_t ropp_scan_space(const char *code, size_t at, size_t to);
size_t ropp_scan_space_back(const char *code, size_t at);

/* Over the word that begins at `at`, or that ends there. */
size_t ropp_scan_word(const char *code, size_t at, size_t to);
size_t ropp_scan_word_back(const char *code, size_t at);

/* Whether [start, end) is one of the words, of which the last is NULL. */
bool ropp_scan_is_one_of(const char *code, size_t start, size_t end, const char *const *words);

/* Behind the bracket that closes the one at `at`, 0 when nothing does. Brackets of any kind nest. */
size_t ropp_scan_bracket(const char *code, size_t at, size_t to);

#endif
