// SPDX-License-Identifier: MIT
/* Whether the module and the oracle agree about a header. Where the specification leaves room, what
 * docs/CONFORMANCE.md says of ropp must come of it; the one departure named there is allowed. */
#ifndef ROPP_TESTS_AGREEMENT_H
#define ROPP_TESTS_AGREEMENT_H

#include "core/header.h"

/* `header` is what the module has made of bytes[0..size). NULL when the oracle agrees, otherwise
 * what the difference is. */
const char *oracle_objects(const struct ropp_header *header, const uint8_t *bytes, size_t size);

#endif
