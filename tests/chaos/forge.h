// SPDX-License-Identifier: MIT
/* Headers as proxies send them in all their forms, as those without a name, and as nobody may send
 * them. Which one it is the random numbers decide. */
#ifndef ROPP_CHAOS_FORGE_H
#define ROPP_CHAOS_FORGE_H

#include <stddef.h>
#include <stdint.h>

#include "tests/chaos/random.h"
#include "tools/player/net.h"
#include "tools/player/sender.h"

/* Each writes into `out`, which has room for ROPP_SENDER_MAX bytes, and returns the length. */

/* A good one, of version 1 or 2, with TLVs and a checksum or without, up to the longest there is.
 * Both ends are of one family. */
size_t chaos_forge_good(struct chaos_random *random, const struct ropp_hostport *source,
                        const struct ropp_hostport *destination, uint8_t *out);

/* A valid one that names nobody: UNKNOWN, LOCAL, UNSPEC, UNIX. */
size_t chaos_forge_nameless(struct chaos_random *random, uint8_t *out);

/* One that the specification refuses, and a lenient reader too. */
size_t chaos_forge_broken(struct chaos_random *random, uint8_t *out);

/* What needs no header: bytes of any value. The first two are no number of a packet that servers
 * log in with. */
size_t chaos_forge_garbage(struct chaos_random *random, size_t most, uint8_t *out);

#endif
