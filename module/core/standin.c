// SPDX-License-Identifier: MIT
#include "core/standin.h"

/* The finishing mix of MurmurHash3: every bit of the input moves every bit of the result. */
static uint64_t standin_mix64(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    x ^= x >> 33;
    return x;
}

/* ---- SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012) ---- */

static uint64_t standin_sip_rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void standin_sip_rounds(uint64_t v[4], int rounds)
{
    for (; rounds > 0; rounds--) {
        v[0] += v[1];
        v[1] = standin_sip_rotate(v[1], 13) ^ v[0];
        v[0] = standin_sip_rotate(v[0], 32);
        v[2] += v[3];
        v[3] = standin_sip_rotate(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = standin_sip_rotate(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = standin_sip_rotate(v[1], 17) ^ v[2];
        v[2] = standin_sip_rotate(v[2], 32);
    }
}

/* Up to eight bytes, the first one lowest. */
static uint64_t standin_sip_word(const uint8_t *bytes, size_t length)
{
    uint64_t word = 0;
    size_t i;

    for (i = 0; i < length; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

static uint64_t standin_siphash(const uint64_t k[2], const uint8_t *bytes, size_t length)
{
    uint64_t v[4], word;
    size_t left;

    v[0] = k[0] ^ UINT64_C(0x736f6d6570736575);
    v[1] = k[1] ^ UINT64_C(0x646f72616e646f6d);
    v[2] = k[0] ^ UINT64_C(0x6c7967656e657261);
    v[3] = k[1] ^ UINT64_C(0x7465646279746573);
    for (left = length; left >= 8; left -= 8, bytes += 8) {
        word = standin_sip_word(bytes, 8);
        v[3] ^= word;
        standin_sip_rounds(v, 2);
        v[0] ^= word;
    }
    word = standin_sip_word(bytes, left) | (uint64_t)(length & 0xff) << 56;
    v[3] ^= word;
    standin_sip_rounds(v, 2);
    v[0] ^= word;
    v[2] ^= 0xff;
    standin_sip_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* ---- stand-ins ---- */

void ropp_standin_key_set(struct ropp_standin_key *key, const char *text, size_t length)
{
    static const uint64_t first[2] = {1, 0}, second[2] = {2, 0};

    key->k[0] = standin_siphash(first, (const uint8_t *)text, length);
    key->k[1] = standin_siphash(second, (const uint8_t *)text, length);
    key->is_set = true;
}

static uint32_t standin(const uint8_t network[8], const struct ropp_standin_key *key)
{
    uint64_t bits = 0;
    uint32_t addr;
    int i;

    if (key != NULL && key->is_set) {
        bits = standin_siphash(key->k, network, 8);
    } else {
        for (i = 0; i < 8; i++)
            bits = bits << 8 | network[i];
        bits = standin_mix64(bits);
    }
    addr = UINT32_C(0xf0000000) | (uint32_t)(bits >> 36);
    /* The last address of the range is the broadcast address, and the emulators' INADDR_NONE. */
    return addr == UINT32_C(0xffffffff) ? addr - 1 : addr;
}

uint32_t ropp_client_addr(const struct ropp_addr *addr, const struct ropp_standin_key *key)
{
    if (addr->family == ROPP_FAMILY_INET6)
        return standin(addr->bytes, key);
    return ropp_addr_to_v4(addr);
}

bool ropp_is_standin(uint32_t addr)
{
    return addr >> 28 == 0xf;
}
