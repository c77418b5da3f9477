#ifndef STRLIB_HPP
#define STRLIB_HPP

#include <cstring>

#include "cbasetypes.hpp"

// Copies at most n-1 bytes and always terminates dst.
char *safestrncpy(char *dst, const char *src, size_t n);

// on, yes, oui, ja, si: 1; off, no, non, nein: 0; otherwise the number the text begins with.
int32 config_switch(const char *str);

#endif /* STRLIB_HPP */
