// SPDX-License-Identifier: MIT
#ifndef COMMON_STRLIB_H
#define COMMON_STRLIB_H

#include "common/cbasetypes.h"

#include <string.h>

/* Copies up to size - 1 bytes, and fills the rest with NUL. */
char *safestrncpy(char *to, const char *from, size_t size);

/* A word for yes is 1, one for no 0; else the number that the text begins with. */
int32 config_switch(const char *text);

/* A number from 0 to 2^31-1. */
int32 rnd(void);

#endif
