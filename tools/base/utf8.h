// SPDX-License-Identifier: MIT
/* Bytes that others have written: what of them is UTF-8, and what a terminal would act on. */
#ifndef ROPP_TOOLS_BASE_UTF8_H
#define ROPP_TOOLS_BASE_UTF8_H

#include <stddef.h>

/* Length of the valid UTF-8 sequence at text, 0 when there is none (RFC 3629). */
size_t ropp_utf8_length(const char *text, size_t left);

/* Puts '?' in the place of every control character that is not among those of `allowed`. */
void ropp_make_safe(char *text, const char *allowed);

#endif
