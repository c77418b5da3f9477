// SPDX-License-Identifier: MIT
/* What one connection began with, as far as it was captured: what every form of input comes down
 * to. */
#ifndef ROPP_DECODE_CAPTURE_H
#define ROPP_DECODE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"
#include "core/header.h"

/* One end of a TCP connection, as its packets name it. */
struct ropp_end {
    struct ropp_addr addr;
    uint16_t port;
};

struct ropp_capture {
    const uint8_t *bytes; /* the first ones; not owned */
    size_t kept;          /* how many of them: at most ROPP_HEADER_MAX */
    uint64_t total;       /* how many there were in a row */
    bool has_gap;         /* more came, but not what is between */
    bool has_ends;        /* it was captured with its packets: */
    struct ropp_end from; /* who opened the connection */
    struct ropp_end to;
};

/* Called for one capture after the other; its bytes do not outlive the call. */
typedef void ropp_capture_call(void *context, const struct ropp_capture *capture);

#endif
