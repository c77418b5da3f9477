// SPDX-License-Identifier: MIT
/* What the tests use of POSIX and mingw-w64 does not have. Included before everything else. */
#ifndef ROPP_WINDOWS_POSIX_H
#define ROPP_WINDOWS_POSIX_H

#include <io.h>
#include <stddef.h>

static inline char *mkdtemp(char *pattern)
{
    return mktemp(pattern) != NULL && mkdir(pattern) == 0 ? pattern : NULL;
}

#endif
