// SPDX-License-Identifier: MIT
/* Numbers that look random and come again from the same seed: each connection of a storm has a row
 * of its own, so that what it does depends on its number alone and not on the others' timing. */
#ifndef ROPP_CHAOS_RANDOM_H
#define ROPP_CHAOS_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct chaos_random {
    uint64_t state;
};

/* The next one: SplitMix64. */
static inline uint64_t chaos_next(struct chaos_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/* The row of the connection with that number. */
static inline struct chaos_random chaos_row(uint64_t seed, uint64_t number)
{
    struct chaos_random row = {seed};
    row.state = chaos_next(&row) ^ (number * 0xd1342543de82ef95U);
    return row;
}

/* From 0 to bound - 1. */
static inline uint32_t chaos_below(struct chaos_random *random, uint32_t bound)
{
    return (uint32_t)(chaos_next(random) % bound);
}

static inline bool chaos_chance(struct chaos_random *random, uint32_t percent)
{
    return chaos_below(random, 100) < percent;
}

#endif
