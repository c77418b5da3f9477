// SPDX-License-Identifier: MIT
#include "tools/base/keep.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"

static void **kept;
static size_t kept_count;

void *ropp_keep(void *memory)
{
    kept = ropp_grow(kept, kept_count, sizeof *kept);
    kept[kept_count++] = memory;
    return memory;
}

char *ropp_keep_format(const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = ropp_vformat(format, args);
    va_end(args);
    return ropp_keep(text);
}

char *ropp_keep_part(const char *text, size_t size)
{
    return ropp_keep(ropp_copy_text(text, size));
}

char *ropp_keep_text(const char *text)
{
    return ropp_keep_part(text, strlen(text));
}

void *ropp_keep_grow(void *array, size_t count, size_t item_size)
{
    void *old = array;

    /* The array is full exactly when the count is 0 or a power of two. */
    if ((count & (count - 1)) == 0) {
        array = ropp_keep(ropp_alloc(count ? count * 2 : 1, item_size));
        if (count)
            memcpy(array, old, count * item_size);
    }
    memset((char *)array + count * item_size, 0, item_size);
    return array;
}

void ropp_keep_end(void)
{
    while (kept_count > 0)
        free(kept[--kept_count]);
    free(kept);
    kept = NULL;
}
