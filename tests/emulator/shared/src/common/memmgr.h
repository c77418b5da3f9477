// SPDX-License-Identifier: MIT
#ifndef COMMON_MEMMGR_H
#define COMMON_MEMMGR_H

#include "common/cbasetypes.h"

#include <stdlib.h>

/* A server without memory prints that and ends: these never give NULL. */
void *memory_new(size_t count, size_t size); /* all bytes 0 */
void *memory_resize(void *old, size_t size);

#define CREATE(to, type, count)   ((to) = (type *)memory_new((count), sizeof(type)))
#define RECREATE(to, type, count) ((to) = (type *)memory_resize((to), (count) * sizeof(type)))
#define aFree(memory)             free(memory)

#endif
