// SPDX-License-Identifier: MIT
/* Decoders for the connections whose header is being read: a few, in the owner's memory, since most
 * headers come in one piece. Whoever holds one is found by its age: with each use it is the youngest
 * again. Nothing allocates. */
#ifndef ROPP_CORE_READERS_H
#define ROPP_CORE_READERS_H

#include "core/header.h"

struct ropp_reader {
    struct ropp_header header;
    int holder;            /* whose it is: a number of the caller's */
    uint16_t older, newer; /* in the order of their last use; of a free one the next free */
};

/* The owner gives `items`, count + 1 of them, all zero: the first is where the order begins and ends,
 * so that 0 is nobody's number. */
struct ropp_readers {
    struct ropp_reader *items;
    uint16_t count; /* 65534 at most */
    uint16_t used;  /* how many are held */
    uint16_t begun; /* how many ever were */
    uint16_t free;  /* the first that was given back; 0: none is */
};

/* Returns the number of a decoder, just initialised, which is the youngest now; 0 when all are held.
 */
uint16_t ropp_readers_take(struct ropp_readers *readers, int holder);

/* It is used: the youngest again. */
void ropp_readers_touch(struct ropp_readers *readers, uint16_t number);

void ropp_readers_give_back(struct ropp_readers *readers, uint16_t number);

/* The one that was not used for the longest time; 0 when none is held. */
uint16_t ropp_readers_oldest(const struct ropp_readers *readers);

bool ropp_readers_are_used_up(const struct ropp_readers *readers);

#endif
