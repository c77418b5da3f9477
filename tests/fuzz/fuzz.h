// SPDX-License-Identifier: MIT
/* What the fuzz targets share. Each target defines LLVMFuzzerTestOneInput and nothing else, so that
 * it links with libFuzzer and, by tests/fuzz/replay.c, as a plain program too. */
#ifndef ROPP_TESTS_FUZZ_H
#define ROPP_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Like assert, but never compiled away. */
#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            dprintf(2, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
