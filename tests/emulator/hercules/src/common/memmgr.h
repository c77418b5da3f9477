#ifndef COMMON_MEMMGR_H
#define COMMON_MEMMGR_H

#include "common/hercules.h"

#define ALC_MARK __FILE__, __LINE__

#define aCalloc(count, size) (iMalloc->calloc((count), (size), ALC_MARK))
#define aRealloc(p, size)    (iMalloc->realloc((p), (size), ALC_MARK))
#define aFree(p)             (iMalloc->free(p))

#define CREATE(result, type, number) ((result) = (type *)aCalloc((number), sizeof(type)))
#define RECREATE(result, type, number)                                                             \
	((result) = (type *)aRealloc((result), sizeof(type) * (number)))

/* A server without memory says where and ends: no null pointer is returned. */
struct malloc_interface {
	void *(*calloc)(size_t count, size_t size, const char *file, int line);
	void *(*realloc)(void *p, size_t size, const char *file, int line);
	void (*free)(void *p);
};

void malloc_defaults(void);

HPShared struct malloc_interface *iMalloc;

#endif /* COMMON_MEMMGR_H */
