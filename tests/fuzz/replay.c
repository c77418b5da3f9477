// SPDX-License-Identifier: MIT
/* A main for a fuzz target where libFuzzer is not at hand: runs the target on each file named, each
 * cut short at every length and with single bytes changed, so that a few seeds go a long way. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

enum { CHANGES = 2000, CHANGED_BYTES = 3 };

static uint32_t random_state = 1;

static size_t random_below(size_t bound)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (size_t)(random_state >> 8) % bound;
}

/* The target gets memory of exactly the input's size, so that a sanitizer sees every look outside.
 */
static void run(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);

    FUZZ_CHECK(copy != NULL);
    memcpy(copy, bytes, len);
    FUZZ_CHECK(LLVMFuzzerTestOneInput(copy, len) == 0);
    free(copy);
}

static void replay(uint8_t *bytes, size_t len)
{
    uint8_t saved[CHANGED_BYTES];
    size_t at[CHANGED_BYTES], i;
    int round, count, change;

    for (i = 0; i <= len; i++)
        run(bytes, i);
    for (round = 0; len > 0 && round < CHANGES; round++) {
        count = 1 + (int)random_below(CHANGED_BYTES);
        for (change = 0; change < count; change++) {
            at[change] = random_below(len);
            saved[change] = bytes[at[change]];
            if (random_below(2))
                bytes[at[change]] = (uint8_t)random_below(256);
            else
                bytes[at[change]] = (uint8_t)(bytes[at[change]] ^ 1u << random_below(8));
        }
        run(bytes, len);
        while (change-- > 0)
            bytes[at[change]] = saved[change];
    }
}

int main(int argc, char **argv)
{
    static uint8_t bytes[1 << 17];
    size_t len;
    FILE *file;
    int i;

    for (i = 1; i < argc; i++) {
        file = fopen(argv[i], "rb");
        if (file == NULL) {
            fprintf(stderr, "replay: cannot read: %s: %s\n", argv[i], strerror(errno));
            return 2;
        }
        len = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        replay(bytes, len);
    }
    printf("%d seeds, and what was made of them: no complaint\n", argc - 1);
    return 0;
}
