// SPDX-License-Identifier: MIT
#include "core/crc32c.h"

#include <string.h>

#if defined(__GNUC__) && defined(__aarch64__) && defined(__linux__)
#    include <sys/auxv.h>
#endif

/* ---- by tables: eight bytes at a step ----
 *
 * A row has, for each byte, its remainder by the reflected polynomial 0x82f63b78 when so many bytes
 * follow it as the row's number. The remainder of a byte is the sum of those of its bits, so a row
 * is written down by eight numbers; tests/unit/test_crc32c.c derives all of them anew. */

#define CRC32C_1(n, a, b, c, d, e, f, g, h)                                                        \
    (((n)&1 ? a : 0) ^ ((n)&2 ? b : 0) ^ ((n)&4 ? c : 0) ^ ((n)&8 ? d : 0) ^ ((n)&16 ? e : 0) ^    \
     ((n)&32 ? f : 0) ^ ((n)&64 ? g : 0) ^ ((n)&128 ? h : 0))
#define CRC32C_4(n, a, b, c, d, e, f, g, h)                                                        \
    CRC32C_1(n, a, b, c, d, e, f, g, h), CRC32C_1((n) + 1, a, b, c, d, e, f, g, h),                \
        CRC32C_1((n) + 2, a, b, c, d, e, f, g, h), CRC32C_1((n) + 3, a, b, c, d, e, f, g, h)
#define CRC32C_16(n, a, b, c, d, e, f, g, h)                                                       \
    CRC32C_4(n, a, b, c, d, e, f, g, h), CRC32C_4((n) + 4, a, b, c, d, e, f, g, h),                \
        CRC32C_4((n) + 8, a, b, c, d, e, f, g, h), CRC32C_4((n) + 12, a, b, c, d, e, f, g, h)
#define CRC32C_64(n, a, b, c, d, e, f, g, h)                                                       \
    CRC32C_16(n, a, b, c, d, e, f, g, h), CRC32C_16((n) + 16, a, b, c, d, e, f, g, h),             \
        CRC32C_16((n) + 32, a, b, c, d, e, f, g, h), CRC32C_16((n) + 48, a, b, c, d, e, f, g, h)
#define CRC32C_ROW(a, b, c, d, e, f, g, h)                                                         \
    {                                                                                              \
        CRC32C_64(0, a, b, c, d, e, f, g, h), CRC32C_64(64, a, b, c, d, e, f, g, h),               \
            CRC32C_64(128, a, b, c, d, e, f, g, h), CRC32C_64(192, a, b, c, d, e, f, g, h)         \
    }

static const uint32_t crc32c_rows[8][256] = {
    CRC32C_ROW(0xf26b8303u, 0xe13b70f7u, 0xc79a971fu, 0x8ad958cfu, 0x105ec76fu, 0x20bd8edeu,
               0x417b1dbcu, 0x82f63b78u),
    CRC32C_ROW(0x13a29877u, 0x274530eeu, 0x4e8a61dcu, 0x9d14c3b8u, 0x3fc5f181u, 0x7f8be302u,
               0xff17c604u, 0xfbc3faf9u),
    CRC32C_ROW(0xa541927eu, 0x4f6f520du, 0x9edea41au, 0x38513ec5u, 0x70a27d8au, 0xe144fb14u,
               0xc76580d9u, 0x8b277743u),
    CRC32C_ROW(0xdd45aab8u, 0xbf672381u, 0x7b2231f3u, 0xf64463e6u, 0xe964b13du, 0xd725148bu,
               0xaba65fe7u, 0x52a0c93fu),
    CRC32C_ROW(0x38116facu, 0x7022df58u, 0xe045beb0u, 0xc5670b91u, 0x8f2261d3u, 0x1ba8b557u,
               0x37516aaeu, 0x6ea2d55cu),
    CRC32C_ROW(0xef306b19u, 0xdb8ca0c3u, 0xb2f53777u, 0x6006181fu, 0xc00c303eu, 0x85f4168du,
               0x0e045bebu, 0x1c08b7d6u),
    CRC32C_ROW(0x68032cc8u, 0xd0065990u, 0xa5e0c5d1u, 0x4e2dfd53u, 0x9c5bfaa6u, 0x3d5b83bdu,
               0x7ab7077au, 0xf56e0ef4u),
    CRC32C_ROW(0x493c7d27u, 0x9278fa4eu, 0x211d826du, 0x423b04dau, 0x847609b4u, 0x0d006599u,
               0x1a00cb32u, 0x34019664u),
};

uint32_t ropp_crc32c_by_tables(uint32_t crc, const uint8_t *bytes, size_t len)
{
    crc = ~crc;
    for (; len >= 8; len -= 8, bytes += 8) {
        crc ^= (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
               (uint32_t)bytes[3] << 24;
        crc = crc32c_rows[7][crc & 0xff] ^ crc32c_rows[6][crc >> 8 & 0xff] ^
              crc32c_rows[5][crc >> 16 & 0xff] ^ crc32c_rows[4][crc >> 24] ^
              crc32c_rows[3][bytes[4]] ^ crc32c_rows[2][bytes[5]] ^ crc32c_rows[1][bytes[6]] ^
              crc32c_rows[0][bytes[7]];
    }
    for (; len > 0; len--)
        crc = crc >> 8 ^ crc32c_rows[0][(crc ^ *bytes++) & 0xff];
    return ~crc;
}

/* ---- by the processor's own instruction, where it has one ----
 *
 * Written as assembly: an intrinsic would want the compiler to be asked for such a processor. */

#if defined(__GNUC__) && defined(__x86_64__)

static bool crc32c_has_instruction(void)
{
    return __builtin_cpu_supports("sse4.2") != 0;
}

static uint32_t crc32c_step8(uint32_t crc, uint64_t word)
{
    uint64_t wide = crc;

    __asm__("crc32q %1, %0" : "+r"(wide) : "rm"(word));
    return (uint32_t)wide;
}

static uint32_t crc32c_step1(uint32_t crc, uint8_t byte)
{
    __asm__("crc32b %1, %0" : "+r"(crc) : "qm"(byte));
    return crc;
}

#elif defined(__GNUC__) && defined(__aarch64__) && defined(__linux__) && defined(__AARCH64EL__)

static bool crc32c_has_instruction(void)
{
    return (getauxval(AT_HWCAP) & 1ul << 7) != 0; /* HWCAP_CRC32 */
}

static uint32_t crc32c_step8(uint32_t crc, uint64_t word)
{
    __asm__(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(crc) : "r"(word));
    return crc;
}

static uint32_t crc32c_step1(uint32_t crc, uint8_t byte)
{
    __asm__(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(crc) : "r"((uint32_t)byte));
    return crc;
}

#else
#    define CRC32C_TABLES_ALONE
#endif

#ifdef CRC32C_TABLES_ALONE

uint32_t ropp_crc32c(uint32_t crc, const uint8_t *bytes, size_t len)
{
    return ropp_crc32c_by_tables(crc, bytes, len);
}

#else

uint32_t ropp_crc32c(uint32_t crc, const uint8_t *bytes, size_t len)
{
    uint64_t word;

    if (!crc32c_has_instruction())
        return ropp_crc32c_by_tables(crc, bytes, len);
    crc = ~crc;
    for (; len >= sizeof word; len -= sizeof word, bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        crc = crc32c_step8(crc, word);
    }
    for (; len > 0; len--)
        crc = crc32c_step1(crc, *bytes++);
    return ~crc;
}

#endif
