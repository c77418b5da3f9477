// SPDX-License-Identifier: MIT
/* Connections that nobody wants: so many a second, from many addresses, to one hop's ports. Each is
 * of one kind, says its few bytes, and is kept until the hop ends it or so many newer ones are open.
 *
 *   silence   says nothing
 *   garbage   says bytes that are no packet
 *   half      begins what a player begins, or a PROXY header, and does not go on
 *   leave     is gone as soon as it is there
 *
 * At the end it prints a line: begun, connected, ended by the hop, unreachable, most open at once. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/chaos/random.h"
#include "tools/base/buffer.h"
#include "tools/base/decimal.h"
#include "tools/player/net.h"

#define TARGETS 8
#define BYTES   64

enum kind { KIND_SILENCE, KIND_GARBAGE, KIND_HALF, KIND_LEAVE, KINDS };

static const char *const kind_names[KINDS] = {"silence", "garbage", "half", "leave"};

struct flood {
    enum kind kind;
    uint64_t rate;
    uint64_t seconds;
    uint64_t addresses;
    uint64_t open_most;
    struct ropp_hostport from;
    struct ropp_hostport targets[TARGETS];
    size_t target_count;
    struct chaos_random random;
    int poll;
    int *fds; /* a ring: the oldest is closed for the newest; -1 where there is none */
    size_t next;
    uint64_t open;
    uint64_t begun;
    uint64_t connected;
    uint64_t ended;
    uint64_t unreachable;
    uint64_t open_seen;
};

/* ---- one connection ---- */

static void end(struct flood *flood, size_t slot)
{
    if (flood->fds[slot] < 0)
        return;
    close(flood->fds[slot]);
    flood->fds[slot] = -1;
    flood->open--;
}

static void begin(struct flood *flood)
{
    const size_t slot = flood->next;
    const uint32_t step = chaos_below(&flood->random, (uint32_t)flood->addresses);
    const struct ropp_hostport from = ropp_hostport_after(&flood->from, step);
    const uint32_t target = chaos_below(&flood->random, (uint32_t)flood->target_count);
    struct epoll_event event = {.events = EPOLLOUT | EPOLLIN | EPOLLRDHUP, .data.u64 = slot};
    flood->next = (slot + 1) % flood->open_most;
    end(flood, slot);
    flood->begun++;
    flood->fds[slot] = ropp_net_connect(&flood->targets[target], &from);
    if (flood->fds[slot] < 0) {
        flood->unreachable++;
        return;
    }
    flood->open++;
    if (flood->open > flood->open_seen)
        flood->open_seen = flood->open;
    if (epoll_ctl(flood->poll, EPOLL_CTL_ADD, flood->fds[slot], &event) != 0)
        end(flood, slot);
}

static size_t words(struct flood *flood, uint8_t out[BYTES])
{
    static const char *const halves[] = {"PROXY TCP4 192.0", "\r\n\r\n\0\r\nQUIT\n\x21",
                                         "\x64\0\0\0", "\x65"};
    static const uint8_t lengths[] = {16, 13, 4, 1};
    if (flood->kind == KIND_HALF) {
        const uint32_t which = chaos_below(&flood->random, 4);
        memcpy(out, halves[which], lengths[which]);
        return lengths[which];
    }
    for (size_t i = 0; i < BYTES; i++)
        out[i] = (uint8_t)chaos_next(&flood->random);
    return BYTES;
}

static void connected(struct flood *flood, size_t slot)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.u64 = slot};
    uint8_t bytes[BYTES];
    flood->connected++;
    if (flood->kind == KIND_LEAVE) {
        end(flood, slot);
        return;
    }
    if (flood->kind != KIND_SILENCE) {
        const size_t length = words(flood, bytes);
        if (send(flood->fds[slot], bytes, length, MSG_NOSIGNAL) < 0) {
            flood->ended++;
            end(flood, slot);
            return;
        }
    }
    if (epoll_ctl(flood->poll, EPOLL_CTL_MOD, flood->fds[slot], &event) != 0)
        end(flood, slot);
}

static void hear(struct flood *flood, size_t slot, uint32_t events)
{
    uint8_t bytes[512];
    if (flood->fds[slot] < 0)
        return;
    if (events & EPOLLERR) {
        flood->ended++;
        end(flood, slot);
    } else if (events & EPOLLOUT) {
        connected(flood, slot);
    } else if (recv(flood->fds[slot], bytes, sizeof bytes, 0) <= 0 && errno != EAGAIN) {
        flood->ended++;
        end(flood, slot);
    }
}

/* ---- all of them ---- */

static bool run(struct flood *flood)
{
    struct epoll_event events[256];
    const int64_t start = ropp_net_now_ms();
    const int64_t last = start + (int64_t)flood->seconds * 1000;
    int64_t now = start;
    while (now < last) {
        const uint64_t due = (uint64_t)(now - start) * flood->rate / 1000;
        while (flood->begun < due)
            begin(flood);
        const int count = epoll_wait(flood->poll, events, 256, 2);
        if (count < 0 && errno != EINTR)
            return false;
        for (int i = 0; i < count; i++)
            hear(flood, events[i].data.u64, events[i].events);
        now = ropp_net_now_ms();
    }
    return true;
}

static bool take_kind(struct flood *flood, const char *name)
{
    for (int kind = 0; kind < KINDS; kind++)
        if (strcmp(kind_names[kind], name) == 0) {
            flood->kind = (enum kind)kind;
            return true;
        }
    return false;
}

static bool take_targets(struct flood *flood, char **texts, int count)
{
    if (count < 1 || count > TARGETS)
        return false;
    for (int i = 0; i < count; i++)
        if (!ropp_hostport_parse(texts[i], 6900, &flood->targets[flood->target_count++]))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    struct flood flood = {.random = {1}};
    struct rlimit files;
    if (argc < 8 || !take_kind(&flood, argv[1]) ||
        !ropp_decimal_read(argv[2], 1, 100000, &flood.rate) ||
        !ropp_decimal_read(argv[3], 1, 3600, &flood.seconds) ||
        !ropp_decimal_read(argv[4], 1, 65536, &flood.addresses) ||
        !ropp_decimal_read(argv[5], 1, 1000000, &flood.open_most) ||
        !ropp_hostport_parse(argv[6], 0, &flood.from) ||
        !take_targets(&flood, argv + 7, argc - 7)) {
        fputs(
            "usage: flood silence|garbage|half|leave RATE SECONDS ADDRESSES OPEN FROM TO:PORT...\n",
            stderr);
        return 2;
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    flood.fds = ropp_alloc(flood.open_most, sizeof *flood.fds);
    for (size_t i = 0; i < flood.open_most; i++)
        flood.fds[i] = -1;
    flood.poll = epoll_create1(EPOLL_CLOEXEC);
    if (flood.poll < 0 || !run(&flood)) {
        perror("flood");
        return 2;
    }
    printf("begun %" PRIu64 " connected %" PRIu64 " ended %" PRIu64 " unreachable %" PRIu64
           " open %" PRIu64 "\n",
           flood.begun, flood.connected, flood.ended, flood.unreachable, flood.open_seen);
    free(flood.fds);
    close(flood.poll);
    return 0;
}
