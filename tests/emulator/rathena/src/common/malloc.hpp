#ifndef MALLOC_HPP
#define MALLOC_HPP

#include "cbasetypes.hpp"

#define ALC_MARK __FILE__, __LINE__, __func__

#define aCalloc(count, size) emu_calloc((count), (size), ALC_MARK)
#define aRealloc(p, size)    emu_realloc((p), (size), ALC_MARK)
#define aFree(p)             emu_free(p)

#define CREATE(result, type, number) ((result) = (type *)aCalloc((number), sizeof(type)))
#define RECREATE(result, type, number)                                                             \
	((result) = (type *)aRealloc((result), sizeof(type) * (number)))
#define RECREATE2(result, type, number, file, line, func)                                          \
	((result) = (type *)emu_realloc((result), sizeof(type) * (number), (file), (line), (func)))

// None of these returns a null pointer: a server without memory says where and ends.
void *emu_calloc(size_t count, size_t size, const char *file, int32 line, const char *func);
void *emu_realloc(void *p, size_t size, const char *file, int32 line, const char *func);
void emu_free(void *p);

#endif /* MALLOC_HPP */
