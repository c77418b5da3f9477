// SPDX-License-Identifier: MIT
#include "tools/player/link.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/buffer.h"

#define RECEIVE_MAX (1u << 24) /* a server that says more than this is not answering us */

static void finish(struct ropp_link *link, enum ropp_link_end end, int error)
{
    link->end = end;
    link->error = error;
    link->ended_ms = ropp_net_now_ms();
    link->took_us = ropp_net_now_us() - link->began_us;
    if (link->fd >= 0 && !(link->keep && end == ROPP_LINK_ANSWERED)) {
        close(link->fd);
        link->fd = -1;
    }
}

/* Only EAGAIN leaves a link running; ECONNRESET and EPIPE are a close of the other side's. */
static void fail(struct ropp_link *link)
{
    if (errno != EAGAIN && errno != EINTR)
        finish(link, ROPP_LINK_CLOSED, errno);
}

static void make_room(struct ropp_link *link)
{
    size_t room = link->in_room == 0 ? 2048 : 2 * link->in_room;
    uint8_t *grown = ropp_alloc(room, 1);
    if (link->in_length != 0)
        memcpy(grown, link->in, link->in_length);
    free(link->in);
    link->in = grown;
    link->in_room = room;
}

static void receive(struct ropp_link *link)
{
    if (link->in_length == link->in_room)
        make_room(link);
    ssize_t got = recv(link->fd, link->in + link->in_length, link->in_room - link->in_length, 0);
    if (got < 0) {
        fail(link);
        return;
    }
    link->in_length += (size_t)got;
    if (got == 0)
        finish(link, ROPP_LINK_CLOSED, 0);
    else if (link->heard != NULL && link->heard(link))
        finish(link, ROPP_LINK_ANSWERED, 0);
    else if (link->in_length >= RECEIVE_MAX)
        finish(link, ROPP_LINK_CLOSED, EMSGSIZE);
}

static void transmit(struct ropp_link *link, int64_t now)
{
    size_t rest = link->out_length - link->sent;
    size_t split = link->sent < link->piece_end ? link->piece_end - link->sent : 0;
    size_t piece = rest;
    if (link->piece != 0 && split != 0)
        piece = link->piece < split ? link->piece : split;
    ssize_t put = send(link->fd, link->out + link->sent, piece, MSG_NOSIGNAL);
    if (put < 0) {
        fail(link);
        return;
    }
    link->sent += (size_t)put;
    link->next_ms = link->piece != 0 ? now + link->gap_ms : now;
}

static void begin(struct ropp_link *link, int64_t now)
{
    link->began_ms = now;
    link->began_us = ropp_net_now_us();
    link->fd = ropp_net_connect(&link->to, &link->from);
    link->next_ms = now;
    if (link->fd < 0)
        finish(link, ROPP_LINK_UNREACHABLE, errno);
}

static bool waits_to_begin(const struct ropp_link *link)
{
    return link->end == ROPP_LINK_RUNNING && link->fd < 0;
}

static short wanted(const struct ropp_link *link, int64_t now)
{
    if (link->connected_ms == 0)
        return POLLOUT;
    if (link->sent < link->out_length && link->next_ms <= now)
        return POLLIN | POLLOUT;
    return POLLIN;
}

/* When the link has something to do without the network's asking. */
static int64_t wake_ms(const struct ropp_link *link)
{
    int64_t wake = link->deadline_ms;
    bool timed = waits_to_begin(link) || (link->connected_ms != 0 && link->sent < link->out_length);
    if (timed && link->next_ms < wake)
        wake = link->next_ms;
    if (link->turn_ms != 0 && link->turn_ms < wake)
        wake = link->turn_ms;
    return wake;
}

static void step(struct ropp_link *link, short events, int64_t now)
{
    if (link->connected_ms == 0) {
        int error = ropp_net_error(link->fd);
        if (error != 0) {
            finish(link, ROPP_LINK_UNREACHABLE, error);
            return;
        }
        if (events & POLLOUT) {
            link->connected_ms = now;
            (void)ropp_net_local(link->fd, &link->local);
            link->next_ms = now + link->hold_ms;
        }
    }
    if (link->connected_ms != 0 && (events & POLLOUT) && link->sent < link->out_length &&
        link->next_ms <= now)
        transmit(link, now);
    if (link->end == ROPP_LINK_RUNNING && (events & (POLLIN | POLLHUP | POLLERR)))
        receive(link);
}

static bool all_connected(const struct ropp_link *links, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (links[i].end == ROPP_LINK_RUNNING && links[i].connected_ms == 0)
            return false;
    return true;
}

/* What an end is followed by; asked once. */
static bool goes_on(struct ropp_link *link)
{
    if (link->ended == NULL || link->reported)
        return false;
    link->reported = true;
    return link->ended(link);
}

/* Prepares the poll set; returns how many links still run. */
static size_t prepare(struct ropp_link *links, size_t count, struct pollfd *polled, int64_t now,
                      int *wait_ms)
{
    size_t running = 0;
    int64_t wake = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        struct ropp_link *link = &links[i];
        polled[i] = (struct pollfd){.fd = -1};
        if (waits_to_begin(link) && link->next_ms <= now)
            begin(link, now);
        if (link->end == ROPP_LINK_RUNNING && link->turn_ms != 0 && link->turn_ms <= now) {
            link->turn_ms = 0;
            if (link->turn(link))
                finish(link, ROPP_LINK_ANSWERED, 0);
        }
        if (link->end == ROPP_LINK_RUNNING && now >= link->deadline_ms)
            finish(link, ROPP_LINK_TIMED_OUT, 0);
        if (link->end != ROPP_LINK_RUNNING && !goes_on(link))
            continue;
        running++;
        if (link->fd >= 0) {
            polled[i].fd = link->fd;
            polled[i].events = wanted(link, now);
        }
        if (wake_ms(link) < wake)
            wake = wake_ms(link);
    }
    *wait_ms = wake <= now ? 0 : wake - now > 60000 ? 60000 : (int)(wake - now);
    return running;
}

static void arm(struct ropp_link *link, int64_t now)
{
    link->fd = -1;
    link->next_ms = now + link->delay_ms;
    link->deadline_ms = now + link->timeout_ms;
}

void ropp_link_again(struct ropp_link *link)
{
    ropp_link_free(link);
    link->end = ROPP_LINK_RUNNING;
    link->error = 0;
    link->local.length = 0;
    link->began_ms = 0;
    link->connected_ms = 0;
    link->ended_ms = 0;
    link->in_length = 0;
    link->in_room = 0;
    link->sent = 0;
    link->turn_ms = 0;
    link->reported = false;
    arm(link, ropp_net_now_ms());
}

bool ropp_link_run(struct ropp_link *links, size_t count, void (*open)(void *context),
                   void *context)
{
    struct pollfd *polled = ropp_alloc(count, sizeof *polled);
    int64_t now = ropp_net_now_ms();
    int wait_ms = 0;
    bool reported = open == NULL, good = true;
    for (size_t i = 0; i < count; i++)
        arm(&links[i], now);
    while (good && prepare(links, count, polled, now, &wait_ms) > 0) {
        good = poll(polled, (nfds_t)count, wait_ms) >= 0 || errno == EINTR;
        now = ropp_net_now_ms();
        for (size_t i = 0; good && i < count; i++)
            if (polled[i].revents != 0)
                step(&links[i], polled[i].revents, now);
        if (good && !reported && all_connected(links, count)) {
            reported = true;
            open(context);
        }
    }
    free(polled);
    return good;
}

void ropp_link_free(struct ropp_link *link)
{
    if (link->fd >= 0)
        close(link->fd);
    free(link->in);
    link->fd = -1;
    link->in = NULL;
}
