// SPDX-License-Identifier: MIT
#include "tools/lists/range.h"

#include <string.h>

static unsigned range_bits(enum ropp_family family)
{
    return family == ROPP_FAMILY_INET ? 32 : 128;
}

/* The number with the lowest `bits` bits set. */
static struct ropp_number range_ones(unsigned bits)
{
    struct ropp_number number = {0, 0};

    if (bits >= 64)
        number.low = UINT64_MAX;
    else if (bits > 0)
        number.low = UINT64_MAX >> (64 - bits);
    if (bits > 64)
        number.high = UINT64_MAX >> (128 - bits);
    return number;
}

struct ropp_number ropp_number_of(const struct ropp_addr *addr)
{
    struct ropp_number number = {0, 0};

    if (addr->family == ROPP_FAMILY_INET) {
        number.low = ropp_addr_to_v4(addr);
        return number;
    }
    for (unsigned i = 0; i < 8; i++) {
        number.high = number.high << 8 | addr->bytes[i];
        number.low = number.low << 8 | addr->bytes[8 + i];
    }
    return number;
}

struct ropp_addr ropp_number_addr(enum ropp_family family, struct ropp_number number)
{
    struct ropp_addr addr;

    if (family == ROPP_FAMILY_INET)
        return ropp_addr_v4((uint32_t)number.low);
    memset(&addr, 0, sizeof addr);
    addr.family = family;
    for (unsigned i = 0; i < 8; i++) {
        addr.bytes[i] = (uint8_t)(number.high >> (56 - 8 * i) & 0xff);
        addr.bytes[8 + i] = (uint8_t)(number.low >> (56 - 8 * i) & 0xff);
    }
    return addr;
}

int ropp_number_compare(struct ropp_number a, struct ropp_number b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return a.low < b.low ? -1 : a.low > b.low;
}

struct ropp_number ropp_number_next(struct ropp_number number)
{
    number.low++;
    if (number.low == 0)
        number.high++;
    return number;
}

struct ropp_number ropp_number_previous(struct ropp_number number)
{
    if (number.low == 0)
        number.high--;
    number.low--;
    return number;
}

struct ropp_number ropp_number_last(enum ropp_family family)
{
    return range_ones(range_bits(family));
}

void ropp_prefix_clear(struct ropp_prefix *prefix)
{
    unsigned bit;

    for (bit = prefix->length; bit < 128; bit++)
        prefix->addr.bytes[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
}

struct ropp_range ropp_range_of(const struct ropp_prefix *prefix)
{
    struct ropp_number ones = range_ones(range_bits(prefix->addr.family) - prefix->length);
    struct ropp_range range;

    range.family = prefix->addr.family;
    range.first = ropp_number_of(&prefix->addr);
    range.last.high = range.first.high | ones.high;
    range.last.low = range.first.low | ones.low;
    return range;
}

/* How many of the lowest bits are zero. */
static unsigned range_zeros(struct ropp_number number)
{
    if (number.low != 0)
        return (unsigned)__builtin_ctzll(number.low);
    return number.high != 0 ? 64 + (unsigned)__builtin_ctzll(number.high) : 128;
}

/* The highest bit that is set, of a number that is not 0. */
static unsigned range_highest(struct ropp_number number)
{
    if (number.high != 0)
        return 127 - (unsigned)__builtin_clzll(number.high);
    return 63 - (unsigned)__builtin_clzll(number.low);
}

/* How many bits the largest prefix leaves open that begins at `first` and ends at or before `end`:
 * no more than `first` has zeros for, and than there are addresses. */
static unsigned range_widest(struct ropp_number first, struct ropp_number end)
{
    struct ropp_number addresses;
    unsigned open = range_zeros(first), most;

    addresses.low = end.low - first.low;
    addresses.high = end.high - first.high - (end.low < first.low);
    addresses = ropp_number_next(addresses);
    if (addresses.high == 0 && addresses.low == 0)
        return open; /* all of IPv6: one more than a number can be */
    most = range_highest(addresses);
    return open < most ? open : most;
}

size_t ropp_range_prefixes(const struct ropp_range *range,
                           struct ropp_prefix out[ROPP_RANGE_PREFIXES])
{
    unsigned bits = range_bits(range->family);
    struct ropp_number first = range->first, last;
    size_t count = 0;

    for (;;) {
        unsigned open = range_widest(first, range->last);
        struct ropp_number ones = range_ones(open);

        last.high = first.high | ones.high;
        last.low = first.low | ones.low;
        out[count].length = bits - open;
        out[count].addr = ropp_number_addr(range->family, first);
        count++;
        if (ropp_number_compare(last, range->last) == 0)
            return count;
        first = ropp_number_next(last);
    }
}

bool ropp_range_exceeds(const struct ropp_range *range, unsigned length)
{
    struct ropp_number most = range_ones(range_bits(range->family) - length), least;

    /* last - first, one less than there are addresses. */
    least.low = range->last.low - range->first.low;
    least.high = range->last.high - range->first.high - (range->last.low < range->first.low);
    return ropp_number_compare(least, most) > 0;
}
