// SPDX-License-Identifier: MIT
/* Any bytes as hops.conf: it is refused, or describes a network that can be built: every way leads to the origin, and no
 * address is two machines'. */
#include "tests/fuzz/file.h"

#include <string.h>

#include "tools/base/cli.h"
#include "tools/hop/network.h"

enum { FILE_MAX = 1 << 14 };

/* Whether each of its ways comes to the origin within as many steps as there are hops. */
static bool arrives(const struct ropp_network *network, size_t hop, size_t steps)
{
    for (size_t i = 0; i < network->hops[hop].way_count; i++) {
        size_t way = network->hops[hop].ways[i];

        if (way == ROPP_WAY_DIRECT)
            continue;
        FUZZ_CHECK(way < network->count && way != hop);
        if (steps == 0 || !arrives(network, way, steps - 1))
            return false;
    }
    return true;
}

static void check_hop(const struct ropp_network *network, size_t index)
{
    const struct ropp_hop *hop = &network->hops[index];

    FUZZ_CHECK(hop->name != NULL && hop->name[0] != '\0' && strchr(hop->name, '/') == NULL);
    FUZZ_CHECK(hop->public.count >= 1 && hop->public.count <= ROPP_HOP_ADDRESSES);
    FUZZ_CHECK(hop->bind.count == hop->public.count);
    FUZZ_CHECK(hop->way_count >= 1 && hop->way_count <= ROPP_HOP_WAYS);
    FUZZ_CHECK(arrives(network, index, network->count));
    for (size_t i = 0; i < index; i++)
        for (size_t k = 0; k < hop->public.count; k++)
            FUZZ_CHECK(!ropp_addresses_have(&network->hops[i].public, &hop->public.items[k]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ropp_network network;
    char path[FUZZ_PATH];
    int fd;

    if (size > FILE_MAX)
        return 0;
    fuzz_quiet();
    fd = fuzz_file(data, size, path);
    if (ropp_network_load(&network, path) == ROPP_EXIT_DONE) {
        FUZZ_CHECK(network.origin.line > 0 && network.count > 0);
        for (size_t i = 0; i < network.count; i++)
            check_hop(&network, i);
    }
    ropp_network_free(&network);
    close(fd);
    return 0;
}
