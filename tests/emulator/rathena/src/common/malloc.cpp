#include "malloc.hpp"

#include <cstdlib>

#include "showmsg.hpp"

static void *checked(void *p, const char *file, int32 line, const char *func)
{
	if (p == nullptr) {
		ShowFatalError("%s:%d: %s: out of memory\n", file, line, func);
		exit(EXIT_FAILURE);
	}
	return p;
}

void *emu_calloc(size_t count, size_t size, const char *file, int32 line, const char *func)
{
	return checked(calloc(count, size), file, line, func);
}

void *emu_realloc(void *p, size_t size, const char *file, int32 line, const char *func)
{
	return checked(realloc(p, size), file, line, func);
}

void emu_free(void *p)
{
	free(p);
}
