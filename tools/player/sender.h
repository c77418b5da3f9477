// SPDX-License-Identifier: MIT
/* Writes PROXY protocol headers as a proxy would. Written apart from the decoder, from the same
 * specification, so that a misreading in one shows in the other. */
#ifndef ROPP_PLAYER_SENDER_H
#define ROPP_PLAYER_SENDER_H

#include <stddef.h>
#include <stdint.h>

#include "tools/player/net.h"

enum ropp_sender {
    ROPP_SENDER_NONE,
    ROPP_SENDER_V1,
    ROPP_SENDER_V1_UNKNOWN,
    ROPP_SENDER_V2,
    ROPP_SENDER_V2_LOCAL,
    ROPP_SENDER_V2_UNSPEC
};

#define ROPP_SENDER_MAX                                                                            \
    65551 /* 16 bytes and the largest length a version 2 header can announce                       \
           */

/* Writes the header into `out`, which has room for ROPP_SENDER_MAX bytes, and returns its length; 0
 * for NONE, and when source and destination are not of one family. A version 2 header is filled
 * with a NOOP TLV to `total` bytes where that is more than it needs; `total` must then leave room
 * for the TLV's own three bytes. */
size_t ropp_sender_write(enum ropp_sender kind, const struct ropp_hostport *source,
                         const struct ropp_hostport *destination, size_t total, uint8_t *out);

#endif
