#define HERCULES_CORE

#include "memmgr.h"

#include "common/showmsg.h"

#include <stdlib.h>

static struct malloc_interface the_iMalloc;
struct malloc_interface *iMalloc;

static void *checked(void *p, const char *file, int line)
{
	if (p == NULL) {
		ShowFatalError("%s:%d: out of memory\n", file, line);
		exit(EXIT_FAILURE);
	}
	return p;
}

static void *memmgr_calloc(size_t count, size_t size, const char *file, int line)
{
	return checked(calloc(count, size), file, line);
}

static void *memmgr_realloc(void *p, size_t size, const char *file, int line)
{
	return checked(realloc(p, size), file, line);
}

static void memmgr_free(void *p)
{
	free(p);
}

void malloc_defaults(void)
{
	iMalloc = &the_iMalloc;
	iMalloc->calloc = memmgr_calloc;
	iMalloc->realloc = memmgr_realloc;
	iMalloc->free = memmgr_free;
}
