// SPDX-License-Identifier: MIT
/* The connections in a capture: TCP segments sorted into them, and put together again in the order
 * of their sequence numbers, whatever order, repetition and overlap they were captured in.
 *
 * Only what the side that opened the connection says is of interest: the one whose SYN was seen, or
 * whom the other side's SYN answers; without either, the one that speaks first. */
#ifndef ROPP_DECODE_FLOWS_H
#define ROPP_DECODE_FLOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/decode/frame.h"

struct ropp_flows;

struct ropp_flows *ropp_flows_new(void);

/* Unless it is copied, the payload must outlive the flows. */
void ropp_flows_add(struct ropp_flows *flows, const struct ropp_segment *segment, bool copy);

/* Connections that were opened, and those of them in which the opener said nothing. */
size_t ropp_flows_count(const struct ropp_flows *flows);
size_t ropp_flows_silent(const struct ropp_flows *flows);

/* Calls for each connection in which the opener said something, in the order they were first seen.
 * Once, when all segments are added. */
void ropp_flows_each(struct ropp_flows *flows, ropp_capture_call *call, void *context);

void ropp_flows_free(struct ropp_flows *flows);

#endif
