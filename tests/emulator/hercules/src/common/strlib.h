#ifndef COMMON_STRLIB_H
#define COMMON_STRLIB_H

#include "common/hercules.h"

#include <string.h>
#include <time.h>

/* Copies at most n-1 bytes and always terminates dst. */
char *safestrncpy(char *dst, const char *src, size_t n);

/* A time as text, the rest of the buffer filled with NUL. */
const char *timestamp2string(char *str, size_t size, time_t timestamp, const char *format);

#endif /* COMMON_STRLIB_H */
