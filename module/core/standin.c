#include "core/standin.h"

/* The finishing mix of MurmurHash3: every bit of the input moves every bit of the result. */
static uint64_t mix64(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    x ^= x >> 33;
    return x;
}

static uint32_t standin(const uint8_t network[8])
{
    uint64_t bits = 0;
    uint32_t addr;
    int i;

    for (i = 0; i < 8; i++)
        bits = bits << 8 | network[i];
    addr = UINT32_C(0xf0000000) | (uint32_t)(mix64(bits) >> 36);
    /* The last address of the range is the broadcast address, and the emulators' INADDR_NONE. */
    return addr == UINT32_C(0xffffffff) ? addr - 1 : addr;
}

uint32_t ropp_client_addr(const struct ropp_addr *addr)
{
    if (addr->family == ROPP_FAMILY_INET6)
        return standin(addr->bytes);
    return ropp_addr_to_v4(addr);
}

bool ropp_is_standin(uint32_t addr)
{
    return addr >> 28 == 0xf;
}
