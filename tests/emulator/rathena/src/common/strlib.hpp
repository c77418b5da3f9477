#ifndef STRLIB_HPP
#define STRLIB_HPP

#include <cstdio>
#include <cstring>
#include <functional>

#include "cbasetypes.hpp"

// Copies at most n-1 bytes and always terminates dst.
char *safestrncpy(char *dst, const char *src, size_t n);

// on, yes, oui, ja, si: 1; off, no, non, nein: 0; otherwise the number the text begins with.
int32 config_switch(const char *str);

// Reads "key: value" lines to the end of the stream, passing over comments and everything else, and
// gives each setting to take, the key in lower case. Closes the stream.
void read_settings(FILE *stream,
                   const std::function<void(const char *key, const char *value)> &take);

#endif /* STRLIB_HPP */
