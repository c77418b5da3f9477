// SPDX-License-Identifier: MIT
/* The two ways through a header, side by side: straight (core/straight.h), and byte by byte, which
 * the decoder goes when a header's first byte comes alone. Included after unit.h. */
#ifndef ROPP_UNIT_WAYS_H
#define ROPP_UNIT_WAYS_H

#include <stdlib.h>
#include <string.h>

#include "core/header.h"
#include "core/straight.h"
#include "tests/unit/hex.h"

enum way { WAY_STRAIGHT, WAY_LONG };

static inline void ways_fail(const uint8_t *bytes, size_t len, const char *what)
{
    size_t i;

    print_error("%s:", what);
    for (i = 0; i < len; i++)
        print_error("%s%02x", i % 4 == 0 ? " " : "", (unsigned)bytes[i]);
    print_error("\n");
    fail();
}

static inline bool ways_same_value(const struct ropp_header_value *a,
                                   const struct ropp_header_value *b)
{
    return a->present == b->present && a->length == b->length && a->true_length == b->true_length &&
           memcmp(a->bytes, b->bytes, a->length) == 0;
}

static inline bool ways_same_address(const struct ropp_addr *a, const struct ropp_addr *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static inline bool ways_same(const struct ropp_header *a, const struct ropp_header *b)
{
    return a->status == b->status && a->reason == b->reason && a->length == b->length &&
           a->version == b->version && a->departure == b->departure && a->command == b->command &&
           a->family == b->family && a->transport == b->transport &&
           ways_same_address(&a->source, &b->source) &&
           ways_same_address(&a->destination, &b->destination) &&
           a->source_port == b->source_port && a->destination_port == b->destination_port &&
           a->tlvs_at == b->tlvs_at && a->has_crc32c == b->has_crc32c && a->has_ssl == b->has_ssl &&
           ways_same_value(&a->authority, &b->authority) &&
           ways_same_value(&a->unique_id, &b->unique_id) &&
           ways_same_value(&a->tls_version, &b->tls_version);
}

/* Whether a header is one that the straight way has to take. */
static inline bool ways_is_players(const struct ropp_header *h)
{
    return h->status == ROPP_HEADER_OK && h->command == ROPP_COMMAND_PROXY && !h->departure &&
           (h->family == ROPP_FAMILY_INET || h->family == ROPP_FAMILY_INET6) &&
           h->transport != ROPP_TRANSPORT_UNSPEC;
}

/* Fails the test unless both ways agree about these bytes, and the straight one takes what it has
 * to and leaves the rest untouched. Returns the way they go. */
static inline enum way both_ways(const uint8_t *given, size_t len)
{
    struct ropp_header straight, slow, alone, blank;
    uint8_t *bytes = malloc(len > 0 ? len : 1); /* of this size, for the sanitizers */
    size_t used, used_slow, taken;

    assert_non_null(bytes);
    memcpy(bytes, given, len);
    ropp_header_init(&straight);
    used = ropp_header_feed(&straight, bytes, len);
    ropp_header_init(&slow);
    used_slow = ropp_header_feed(&slow, bytes, len > 0 ? 1 : 0);
    if (used_slow == 1)
        used_slow += ropp_header_feed(&slow, bytes + 1, len - 1);
    if (used != used_slow || !ways_same(&straight, &slow))
        ways_fail(bytes, len, "the ways differ");
    ropp_header_init(&blank);
    memset(&alone, 0xa5, sizeof alone); /* what is kept of values is all that is written of them */
    ropp_header_init(&alone);
    taken = ropp_straight_v1(&alone, bytes, len);
    if (taken == 0)
        taken = ropp_straight_v2(&alone, bytes, len);
    free(bytes);
    if (ways_is_players(&slow) != (taken > 0))
        ways_fail(given, len, taken > 0 ? "taken, and not a player's" : "not taken");
    if (!ways_same(&alone, taken > 0 ? &slow : &blank))
        ways_fail(given, len, taken > 0 ? "the straight way alone differs" : "touched");
    return taken > 0 ? WAY_STRAIGHT : WAY_LONG;
}

#endif
