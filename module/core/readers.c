// SPDX-License-Identifier: MIT
#include "core/readers.h"

static void readers_unlink(struct ropp_readers *readers, uint16_t number)
{
    struct ropp_reader *reader = &readers->items[number];

    readers->items[reader->older].newer = reader->newer;
    readers->items[reader->newer].older = reader->older;
}

/* As the youngest: between that and the end of the order. */
static void readers_link(struct ropp_readers *readers, uint16_t number)
{
    struct ropp_reader *end = &readers->items[0], *reader = &readers->items[number];

    reader->older = end->older;
    reader->newer = 0;
    readers->items[end->older].newer = number;
    end->older = number;
}

uint16_t ropp_readers_take(struct ropp_readers *readers, int holder)
{
    uint16_t number = readers->free;

    if (ropp_readers_are_used_up(readers))
        return 0;
    if (number != 0)
        readers->free = readers->items[number].older;
    else
        number = ++readers->begun;
    readers->used++;
    readers->items[number].holder = holder;
    ropp_header_init(&readers->items[number].header);
    readers_link(readers, number);
    return number;
}

void ropp_readers_touch(struct ropp_readers *readers, uint16_t number)
{
    readers_unlink(readers, number);
    readers_link(readers, number);
}

void ropp_readers_give_back(struct ropp_readers *readers, uint16_t number)
{
    readers_unlink(readers, number);
    readers->items[number].older = readers->free;
    readers->free = number;
    readers->used--;
}

uint16_t ropp_readers_oldest(const struct ropp_readers *readers)
{
    return readers->items[0].newer;
}

bool ropp_readers_are_used_up(const struct ropp_readers *readers)
{
    return readers->used == readers->count;
}
