// SPDX-License-Identifier: MIT
/* Memory that is kept to the end of the program: nobody frees it, and so a text can be handed on and
 * shared without a word about whose it is. For what is small and made a bounded number of times; the
 * contents of files are none of it. */
#ifndef ROPP_TOOLS_BASE_KEEP_H
#define ROPP_TOOLS_BASE_KEEP_H

#include <stddef.h>

#include "tools/base/cli.h"

/* Keeps what malloc, or a function of base that calls it, has returned. Returns it. */
void *ropp_keep(void *memory);

/* A formatted text, and a NUL-terminated copy of a text or of `size` bytes of it. */
char *ropp_keep_format(const char *format, ...) ROPP_PRINTF(1, 2);
char *ropp_keep_text(const char *text);
char *ropp_keep_part(const char *text, size_t size);

/* Makes room for one more item, as ropp_grow does. Pointers into the array as it was go stale. */
void *ropp_keep_grow(void *array, size_t count, size_t item_size);

/* Frees all of it, for who does many programs' work in one: tests and fuzzers. */
void ropp_keep_end(void);

#endif
