// SPDX-License-Identifier: MIT
/* One captured packet: from its link-layer header to what TCP carries in it. Pure: no I/O, no heap;
 * every length is checked against the bytes that are there. */
#ifndef ROPP_DECODE_FRAME_H
#define ROPP_DECODE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/decode/capture.h"

/* How a packet begins, by the numbers of https://www.tcpdump.org/linktypes.html. */
enum ropp_frame_kind {
    ROPP_FRAME_NULL = 0,      /* BSD loopback: four bytes of family */
    ROPP_FRAME_ETHERNET = 1,  /* with any VLAN tags */
    ROPP_FRAME_RAW_BSD = 12,  /* IP at once, the number some systems write into files */
    ROPP_FRAME_RAW_OPEN = 14, /* and OpenBSD */
    ROPP_FRAME_RAW = 101,     /* IP at once */
    ROPP_FRAME_LOOP = 108,    /* OpenBSD loopback */
    ROPP_FRAME_SLL = 113,     /* Linux cooked: `-i any` */
    ROPP_FRAME_IPV4 = 228,
    ROPP_FRAME_IPV6 = 229,
    ROPP_FRAME_SLL2 = 276 /* Linux cooked, version 2 */
};

struct ropp_segment {
    struct ropp_end from, to;
    uint32_t seq;   /* of the first byte of the payload; SYN has taken its number already */
    uint32_t acked; /* with ack: the other side's next byte */
    bool syn, ack;
    const uint8_t *payload; /* inside the packet */
    size_t length;
};

bool ropp_frame_known(uint32_t link);

/* False when the packet is not TCP over IPv4 or IPv6, is a later fragment, or is cut before the end
 * of its TCP header. What an Ethernet frame is padded with is no payload. */
bool ropp_frame_read(uint32_t link, const uint8_t *bytes, size_t length,
                     struct ropp_segment *segment);

/* The same for a packet of which nobody has said how it begins, as `tcpdump -x` (IP at once) and
 * `tcpdump -xx` (with its link-layer header) print it. */
bool ropp_frame_guess(const uint8_t *bytes, size_t length, struct ropp_segment *segment);

#endif
