// SPDX-License-Identifier: MIT
#include "common/memmgr.h"

#include "common/showmsg.h"

static void *memory_checked(void *memory)
{
	if (memory == NULL) {
		ShowFatalError("out of memory\n");
		exit(EXIT_FAILURE);
	}
	return memory;
}

void *memory_new(size_t count, size_t size)
{
	return memory_checked(calloc(count, size));
}

void *memory_resize(void *old, size_t size)
{
	return memory_checked(realloc(old, size));
}
