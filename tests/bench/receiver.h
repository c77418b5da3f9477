// SPDX-License-Identifier: MIT
/* The receiver that bench_header measures: ropp's own. A peer's header defines the same function:
 *
 *   cc -O2 -I. -Imodule -DBENCH_RECEIVER='"PEER.h"' tests/bench/bench_header.c \
 *      module/core/crc32c.c ... -o PEER */
#ifndef ROPP_BENCH_RECEIVER_H
#define ROPP_BENCH_RECEIVER_H

#include <stddef.h>
#include <stdint.h>

#include "core/header.h"

/* A new connection's bytes, which come in pieces of at most `piece`. Returns how many of them
 * are the header: 0 when it is refused. */
static size_t bench_receive(const uint8_t *bytes, size_t length, size_t piece)
{
    struct ropp_header header;
    size_t at = 0, step;

    ropp_header_init(&header);
    while (at < length) {
        step = length - at < piece ? length - at : piece;
        at += ropp_header_feed(&header, bytes + at, step);
        if (header.status == ROPP_HEADER_INVALID)
            return 0;
    }
    return header.length;
}

#endif
