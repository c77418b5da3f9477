// SPDX-License-Identifier: MIT
#include "tests/player/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fill(struct ropp_link *link, const struct ropp_options *options, unsigned number,
                 const uint8_t *packet, size_t packet_length)
{
    struct ropp_hostport source = options->claim.length != 0 ? options->claim : options->from;
    struct ropp_hostport destination =
        options->destination.length != 0 ? options->destination : options->to;
    uint8_t *out = malloc(ROPP_SENDER_MAX + options->bytes_length + packet_length);
    if (out == NULL) {
        perror("player");
        return false;
    }
    link->out = out;
    if (options->claim_each)
        source = ropp_hostport_after(&source, number);
    size_t length =
        ropp_sender_write(options->sender, &source, &destination, options->header_total, out);
    if (options->sender != ROPP_SENDER_NONE && length == 0) {
        fputs("player: no such header: --claim, --dest and --total do not fit together\n", stderr);
        return false;
    }
    if (options->bytes_length != 0)
        memcpy(out + length, options->bytes, options->bytes_length);
    length += options->bytes_length;
    if (packet_length != 0)
        memcpy(out + length, packet, packet_length);
    link->out_length = length + packet_length;
    if (length == 0)
        length = packet_length;

    link->to = options->to;
    link->from = options->from;
    if (options->from_each)
        link->from = ropp_hostport_after(&options->from, number);
    /* Some emulators end a connection whose first packet comes in pieces; a header may. */
    link->piece = options->piece;
    link->piece_end = length;
    link->gap_ms = options->gap_ms;
    link->hold_ms = options->hold_ms;
    link->delay_ms = (int)((int64_t)options->spread_ms * number / options->count);
    link->timeout_ms = options->timeout_ms + options->spread_ms;
    link->fd = -1;
    return true;
}

struct ropp_link *ropp_player_links(const struct ropp_options *options, const uint8_t *packet,
                                    size_t packet_length)
{
    struct ropp_link *links = calloc(options->count, sizeof *links);
    if (links == NULL) {
        perror("player");
        return NULL;
    }
    for (unsigned i = 0; i < options->count; i++)
        links[i].fd = -1;
    for (unsigned i = 0; i < options->count; i++)
        if (!fill(&links[i], options, i, packet, packet_length)) {
            ropp_player_unlink(links, options->count);
            return NULL;
        }
    return links;
}

void ropp_player_unlink(struct ropp_link *links, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        ropp_link_free(&links[i]);
        free((void *)(uintptr_t)links[i].out);
    }
    free(links);
}

void ropp_player_say_end(const struct ropp_link *link)
{
    long long ms = (long long)(link->ended_ms - link->connected_ms);
    switch (link->end) {
    case ROPP_LINK_CLOSED:
        printf("closed ms=%lld bytes=%zu\n", ms, link->in_length);
        return;
    case ROPP_LINK_TIMED_OUT:
        printf("timeout ms=%lld bytes=%zu\n", link->connected_ms == 0 ? 0 : ms, link->in_length);
        return;
    case ROPP_LINK_UNREACHABLE:
        printf("unreachable error=%d (%s)\n", link->error, strerror(link->error));
        return;
    case ROPP_LINK_ANSWERED:
    case ROPP_LINK_RUNNING:
    default:
        printf("answered ms=%lld bytes=%zu\n", ms, link->in_length);
    }
}
