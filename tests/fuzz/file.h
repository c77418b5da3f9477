// SPDX-License-Identifier: MIT
/* For targets whose subject reads files by their names and prints what is wrong with them. */
#ifndef ROPP_TESTS_FUZZ_FILE_H
#define ROPP_TESTS_FUZZ_FILE_H

#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

/* What a path may be long. */
enum { FUZZ_PATH = 32 };

/* A file of these bytes, in memory. Its path is good until the descriptor that is returned is closed. */
static int fuzz_file(const uint8_t *data, size_t size, char path[FUZZ_PATH])
{
    int fd = memfd_create("fuzz", 0);

    FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, FUZZ_PATH, "/dev/fd/%d", fd);
    return fd;
}

/* Messages are not what is looked at, and there are thousands a second. What this header's FUZZ_CHECK and the
 * sanitizers say goes elsewhere. */
static void fuzz_quiet(void)
{
    static FILE *nowhere;

    if (nowhere == NULL) {
        nowhere = fopen("/dev/null", "w");
        FUZZ_CHECK(nowhere != NULL);
        stderr = nowhere;
    }
}

#endif
