// SPDX-License-Identifier: MIT
#include "tools/hop/exchange.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/buffer.h"
#include "tools/hop/dial.h"
#include "tools/player/client.h"
#include "tools/player/link.h"

#define PACKET_KEY 0x01dc /* what a login server answers */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Milliseconds between connections to an address of which so many may begin in that time. */
static int64_t spaced(uint64_t most, int64_t time_ms)
{
    return (time_ms + time_ms / 20) / (int64_t)most + 1;
}

/* A hop lets an address begin `rate` connections in ten seconds, and `tries` in a minute where it
 * has not played; and gets one for each of its own addresses from every batch that it is in. */
static int64_t usual_pause(const struct ropp_network *network, size_t batches)
{
    int64_t pause_ms = ROPP_EXCHANGE_PAUSE_MS;

    for (size_t i = 0; i < network->count; i++) {
        const struct ropp_hop *hop = &network->hops[i];
        const int64_t by_rate = spaced(hop->rate, 10000), by_tries = spaced(hop->tries, 60000);
        const int64_t hop_ms = (by_rate > by_tries ? by_rate : by_tries) *
                               (int64_t)hop->public.count / (int64_t)batches;

        if (pause_ms < hop_ms)
            pause_ms = hop_ms;
    }
    return pause_ms;
}

void ropp_exchanges_begin(struct ropp_exchanges *exchanges, const struct ropp_network *network,
                          size_t room, int64_t pause_ms)
{
    *exchanges = (struct ropp_exchanges){.network = network};
    for (size_t i = 0; i < network->count; i++)
        for (size_t k = 0; k < network->hops[i].public.count; k++) {
            struct ropp_exchange *exchange;

            exchanges->items =
                ropp_grow(exchanges->items, exchanges->count, sizeof *exchanges->items);
            exchange = &exchanges->items[exchanges->count++];
            exchange->hop = i;
            exchange->at = network->hops[i].public.items[k];
            ropp_samples_begin(&exchange->connect, room);
            ropp_samples_begin(&exchange->whole, room);
        }
    exchanges->pause_ms = pause_ms
                              ? pause_ms
                              : usual_pause(network, (exchanges->count + ROPP_EXCHANGE_BURST - 1) /
                                                         ROPP_EXCHANGE_BURST);
}

void ropp_exchanges_free(struct ropp_exchanges *exchanges)
{
    for (size_t i = 0; i < exchanges->count; i++) {
        ropp_samples_free(&exchanges->items[i].connect);
        ropp_samples_free(&exchanges->items[i].whole);
        free(exchanges->items[i].from);
        free(exchanges->items[i].trouble);
    }
    free(exchanges->items);
    *exchanges = (struct ropp_exchanges){.items = NULL};
}

/* The packet's number is enough. */
static bool has_answer(struct ropp_link *link)
{
    return link->in_length >= 2;
}

static char *trouble_of(const struct ropp_link *link)
{
    switch (link->end) {
    case ROPP_LINK_ANSWERED:
        return ropp_format("packet 0x%04x in place of a key: is this address banned?",
                           link->in[0] | (unsigned)link->in[1] << 8);
    case ROPP_LINK_UNREACHABLE:
        return ropp_format("no connection: %s", strerror(link->error));
    case ROPP_LINK_CLOSED:
        return ropp_format("closed without an answer");
    case ROPP_LINK_RUNNING:
    case ROPP_LINK_TIMED_OUT:
    default:
        return ropp_format("no %s in time", link->connected_ms ? "answer" : "connection");
    }
}

static void take(struct ropp_exchange *exchange, const struct ropp_link *link)
{
    const bool good =
        link->end == ROPP_LINK_ANSWERED && (link->in[0] | (unsigned)link->in[1] << 8) == PACKET_KEY;
    char from[ROPP_HOSTPORT_TEXT];
    struct ropp_hostport local = link->local;

    ropp_samples_add(&exchange->connect,
                     link->connected_ms ? link->connected_ms - link->began_ms : ROPP_SAMPLE_FAILED);
    ropp_samples_add(&exchange->whole, good ? link->ended_ms - link->began_ms : ROPP_SAMPLE_FAILED);
    if (!good) {
        free(exchange->trouble);
        exchange->trouble = trouble_of(link);
    }
    if (local.length != 0) {
        ropp_hostport_format(&local, from);
        *strrchr(from, ':') = '\0'; /* each connection has another port */
        free(exchange->from);
        exchange->from = ropp_copy_text(from, strlen(from));
    }
}

static void wait_until(int64_t due_ms)
{
    for (int64_t left = due_ms - ropp_net_now_ms(); left > 0; left = due_ms - ropp_net_now_ms())
        (void)poll(NULL, 0, (int)left); /* an hour at most */
}

/* Some of them, at the same time. */
static bool run_batch(struct ropp_exchanges *exchanges, size_t from, size_t count, int timeout_ms)
{
    const uint16_t port = ropp_dial_login(exchanges->network);
    const struct ropp_packet question = ropp_client_ask_key();
    struct ropp_link links[ROPP_EXCHANGE_BURST];
    bool ok;

    wait_until(exchanges->due_ms);
    for (size_t i = 0; i < count; i++)
        links[i] = (struct ropp_link){
            .to = ropp_dial_at(&exchanges->items[from + i].at, port),
            .out = question.bytes,
            .out_length = question.length,
            .timeout_ms = timeout_ms,
            .heard = has_answer,
        };
    ok = ropp_link_run(links, count, NULL, NULL);
    exchanges->due_ms = ropp_net_now_ms() + exchanges->pause_ms;
    for (size_t i = 0; i < count; i++) {
        if (ok)
            take(&exchanges->items[from + i], &links[i]);
        ropp_link_free(&links[i]);
    }
    return ok;
}

bool ropp_exchanges_round(struct ropp_exchanges *exchanges, int timeout_ms)
{
    for (size_t i = 0; i < exchanges->count; i += ROPP_EXCHANGE_BURST)
        if (!run_batch(exchanges, i, least(exchanges->count - i, ROPP_EXCHANGE_BURST), timeout_ms))
            return false;
    return true;
}
