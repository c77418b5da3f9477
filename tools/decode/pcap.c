// SPDX-License-Identifier: MIT
#include "tools/decode/pcap.h"

#include <string.h>

enum {
    NG_BLOCK = 12, /* type, length, and the length again */
    NG_SECTION = 0x0a0d0d0a,
    NG_INTERFACE = 1,
    NG_SIMPLE = 3,
    NG_PACKET = 6,
    NG_INTERFACES = 256 /* more than that are not kept apart, and their packets passed over */
};

/* A file, and how its numbers are written. */
struct file {
    const uint8_t *bytes;
    size_t length;
    bool big; /* endian */
    ropp_pcap_call *call;
    void *context;
    uint32_t links[NG_INTERFACES]; /* of the section of a pcapng */
    uint32_t snap;                 /* of its first interface, 0 without a limit */
    size_t interfaces;
};

static uint32_t get32(const struct file *file, size_t at)
{
    const uint8_t *b = file->bytes + at;

    if (file->big)
        return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

static uint32_t get16(const struct file *file, size_t at)
{
    const uint8_t *b = file->bytes + at;

    return file->big ? (uint32_t)b[0] << 8 | b[1] : (uint32_t)b[1] << 8 | b[0];
}

/* ---- pcap ---- */

enum { PCAP_HEADER = 24, PCAP_RECORD = 16 };

static const uint8_t magics[4][4] = {
    {0xd4, 0xc3, 0xb2, 0xa1}, /* little endian: microseconds, nanoseconds */
    {0x4d, 0x3c, 0xb2, 0xa1},
    {0xa1, 0xb2, 0xc3, 0xd4}, /* big endian */
    {0xa1, 0xb2, 0x3c, 0x4d},
};

static const uint8_t magic_ng[4] = {0x0a, 0x0d, 0x0d, 0x0a};

enum ropp_pcap_kind ropp_pcap_kind(const uint8_t *file, size_t length)
{
    if (length < 4)
        return ROPP_PCAP_NONE;
    for (size_t i = 0; i < 4; i++)
        if (memcmp(file, magics[i], 4) == 0)
            return ROPP_PCAP_CLASSIC;
    return memcmp(file, magic_ng, 4) == 0 ? ROPP_PCAP_NG : ROPP_PCAP_NONE;
}

static bool read_classic(struct file *file)
{
    size_t at = PCAP_HEADER;
    uint32_t link, length;

    file->big = file->bytes[0] == 0xa1;
    if (file->length < PCAP_HEADER)
        return false;
    link = get32(file, 20) & 0xffff; /* above: how long the checksums of the frames are */
    while (file->length - at >= PCAP_RECORD) {
        length = get32(file, at + 8);
        at += PCAP_RECORD;
        if (length > file->length - at)
            return false;
        file->call(file->context, link, file->bytes + at, length);
        at += length;
    }
    return at == file->length;
}

/* ---- pcapng ---- */

/* Whether the byte-order magic of a section at `at` is one, and which. */
static bool read_order(struct file *file, size_t at)
{
    static const uint8_t big[4] = {0x1a, 0x2b, 0x3c, 0x4d}, little[4] = {0x4d, 0x3c, 0x2b, 0x1a};

    if (file->length - at < 4)
        return false;
    file->big = memcmp(file->bytes + at, big, 4) == 0;
    return file->big || memcmp(file->bytes + at, little, 4) == 0;
}

static void read_interface(struct file *file, size_t at, size_t length)
{
    if (length < 8 || file->interfaces == NG_INTERFACES)
        return;
    if (file->interfaces == 0)
        file->snap = get32(file, at + 4);
    file->links[file->interfaces++] = get16(file, at);
}

/* Passes on the packet behind `head` bytes of a block. False when it reaches beyond the block. */
static bool take_packet(const struct file *file, uint32_t interface, size_t captured, size_t head,
                        size_t at, size_t length)
{
    if (captured > length - head)
        return false;
    if (interface < file->interfaces)
        file->call(file->context, file->links[interface], file->bytes + at + head, captured);
    return true;
}

/* A simple packet is the first interface's; the block is padded to a multiple of four. */
static bool read_simple(const struct file *file, size_t at, size_t length)
{
    size_t captured = length < 4 ? 0 : get32(file, at);

    if (file->snap != 0 && captured > file->snap)
        captured = file->snap;
    return length >= 4 && take_packet(file, 0, captured, 4, at, length);
}

static bool read_block(struct file *file, uint32_t type, size_t at, size_t length)
{
    switch (type) {
    case NG_SECTION:
        file->interfaces = 0;
        return true;
    case NG_INTERFACE:
        read_interface(file, at, length);
        return true;
    case NG_SIMPLE:
        return read_simple(file, at, length);
    case NG_PACKET:
        return length >= 20 &&
               take_packet(file, get32(file, at), get32(file, at + 12), 20, at, length);
    default:
        return true;
    }
}

static bool read_ng(struct file *file)
{
    size_t at = 0;
    uint32_t type, length;

    while (file->length - at >= NG_BLOCK) {
        /* This type reads the same in both orders, and behind it is which one it is. */
        type = get32(file, at);
        if (type == NG_SECTION && !read_order(file, at + 8))
            return false;
        length = get32(file, at + 4);
        if (length < NG_BLOCK || length > file->length - at)
            return false;
        if (!read_block(file, type, at + 8, length - NG_BLOCK))
            return false;
        at += length;
    }
    return at == file->length;
}

bool ropp_pcap_read(const uint8_t *file, size_t length, ropp_pcap_call *call, void *context)
{
    struct file read = {.bytes = file, .length = length, .call = call, .context = context};

    switch (ropp_pcap_kind(file, length)) {
    case ROPP_PCAP_CLASSIC:
        return read_classic(&read);
    case ROPP_PCAP_NG:
        return read_ng(&read);
    case ROPP_PCAP_NONE:
    default:
        return false;
    }
}
