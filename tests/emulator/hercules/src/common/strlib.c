#define HERCULES_CORE

#include "strlib.h"

char *safestrncpy(char *dst, const char *src, size_t n)
{
	size_t used = strnlen(src, n - 1);

	memcpy(dst, src, used);
	memset(dst + used, 0, n - used);
	return dst;
}

const char *timestamp2string(char *str, size_t size, time_t timestamp, const char *format)
{
	size_t used = strftime(str, size, format, localtime(&timestamp));

	memset(str + used, 0, size - used);
	return str;
}
