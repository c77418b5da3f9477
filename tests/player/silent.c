// SPDX-License-Identifier: MIT
/* `silent`: connections that say nothing, or begin a header and never end it. */
#include "tests/player/commands.h"

#include <stdio.h>

static void say_open(void *context)
{
    const unsigned *count = context;
    printf("open count=%u\n", *count);
    fflush(stdout);
}

int ropp_player_silent(const struct ropp_options *options)
{
    unsigned closed = 0;
    unsigned count = options->count;
    int64_t first_ms = 0;
    int64_t last_ms = 0;
    struct ropp_link *links = ropp_player_links(options, NULL, 0);
    if (links == NULL)
        return ROPP_PLAYER_USAGE;
    if (!ropp_link_run(links, count, say_open, &count)) {
        perror("player");
        ropp_player_unlink(links, count);
        return ROPP_PLAYER_FAILED;
    }
    for (unsigned i = 0; i < count; i++) {
        if (links[i].end != ROPP_LINK_CLOSED)
            continue;
        int64_t ms = links[i].ended_ms - links[i].connected_ms;
        if (closed == 0 || ms < first_ms)
            first_ms = ms;
        if (ms > last_ms)
            last_ms = ms;
        closed++;
    }
    printf("closed count=%u of=%u first_ms=%lld last_ms=%lld\n", closed, count, (long long)first_ms,
           (long long)last_ms);
    ropp_player_unlink(links, count);
    return closed == count ? ROPP_PLAYER_OK : ROPP_PLAYER_FAILED;
}
