// SPDX-License-Identifier: MIT
/* The straight way through a PROXY protocol header: for one that is whole in one buffer, valid, and
 * of the forms that players come behind. It agrees with core/header.h in every result, and names no
 * reason: whatever it does not take is read byte by byte.
 *
 * Version 1: TCP4 with two IPv4 addresses, TCP6 with two IPv6 ones. Version 2: PROXY of INET or
 * INET6, with any TLVs. */
#ifndef ROPP_CORE_STRAIGHT_H
#define ROPP_CORE_STRAIGHT_H

#include "core/header.h"

/* Each reads bytes[0..len) into a header that was just initialised. Returns the header's length, or
 * 0 when it is not one for the straight way; then *header is as it was. */
size_t ropp_straight_v1(struct ropp_header *header, const uint8_t *bytes, size_t len);
size_t ropp_straight_v2(struct ropp_header *header, const uint8_t *bytes, size_t len);

#endif
