// SPDX-License-Identifier: MIT
/* `balance`: forwards connections with the headers of Amazon's load balancers, byte for byte: its
 * Network Load Balancer's with their checksum, endpoint and padding, and its classic one's. */
#include "tests/player/commands.h"
#include "tests/player/checksum.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAIRS    32
#define ROOM     4096
#define CHECK_MS 200 /* between two health checks */
#define DIAL_MS  5000

/* A Network Load Balancer's headers, whichever family they are of, are followed by so many bytes. */
#define NLB_REST   84
#define NLB_HEADER (16 + NLB_REST)

struct pair {
    int player; /* -1: a free one */
    int server; /* -1: not dialled yet */
};

struct balancer {
    const struct ropp_options *options;
    int listener;
    struct pair pairs[PAIRS];
    int check; /* the health check that runs; -1: none */
    int64_t check_ms;
};

static uint8_t *put_tlv(uint8_t *out, uint8_t type, const void *value, size_t length)
{
    out[0] = type;
    out[1] = (uint8_t)(length >> 8);
    out[2] = (uint8_t)length;
    memcpy(out + 3, value, length);
    return out + 3 + length;
}

/* The checksum first, then the endpoint if there is one, and a NOOP up to the end. `at` is where
 * they begin, `out` where the header does. */
static size_t finish_nlb(uint8_t *out, uint8_t *at, const char *endpoint)
{
    static const uint8_t zeros[NLB_REST];
    uint8_t *crc = at + 3;
    at = put_tlv(at, 0x03, zeros, 4);
    if (endpoint != NULL)
        at = put_tlv(at, 0xea, endpoint, strlen(endpoint));
    put_tlv(at, 0x04, zeros, (size_t)(out + NLB_HEADER - at) - 3);
    uint32_t sum = header_checksum(out, NLB_HEADER);
    for (int i = 0; i < 4; i++)
        crc[i] = (uint8_t)(sum >> (24 - 8 * i));
    return NLB_HEADER;
}

static uint8_t *begin_nlb(uint8_t *out, uint8_t command, uint8_t family)
{
    memcpy(out, "\r\n\r\n\0\r\nQUIT\n", 12);
    out[12] = command;
    out[13] = family;
    out[14] = 0;
    out[15] = NLB_REST;
    return out + 16;
}

static size_t write_nlb(const struct ropp_options *options, const struct ropp_hostport *source,
                        const struct ropp_hostport *destination, uint8_t *out)
{
    bool v4 = source->any.sa_family == AF_INET;
    uint8_t *at = begin_nlb(out, 0x21, v4 ? 0x11 : 0x21);
    at += ropp_hostport_bytes(source, at);
    at += ropp_hostport_bytes(destination, at);
    for (int i = 0; i < 2; i++) {
        unsigned port = ropp_hostport_port(i == 0 ? source : destination);
        *at++ = (uint8_t)(port >> 8);
        *at++ = (uint8_t)port;
    }
    return finish_nlb(out, at,
                      options->balancer == ROPP_BALANCER_NLB_ENDPOINT ? "\x01vpce-0a1b2c3d4e5f60718"
                                                                      : NULL);
}

static size_t write_header(const struct ropp_options *options, int player, uint8_t *out)
{
    struct ropp_hostport source = {.length = sizeof source.address}, destination;
    if (getpeername(player, &source.any, &source.length) != 0 ||
        !ropp_net_local(player, &destination))
        return 0;
    if (options->balancer == ROPP_BALANCER_CLASSIC)
        return ropp_sender_write(ROPP_SENDER_V1, &source, &destination, 0, out);
    return write_nlb(options, &source, &destination, out);
}

static size_t write_check(const struct ropp_options *options, uint8_t *out)
{
    if (options->balancer == ROPP_BALANCER_CLASSIC)
        return ropp_sender_write(ROPP_SENDER_V1_UNKNOWN, NULL, NULL, 0, out);
    return finish_nlb(out, begin_nlb(out, 0x20, 0x11), NULL);
}

static bool ready(int fd, short events, int timeout_ms)
{
    struct pollfd polled = {.fd = fd, .events = events};
    return poll(&polled, 1, timeout_ms) == 1;
}

/* What is sent here is little; the other side reads it at once. */
static bool send_all(int fd, const uint8_t *bytes, size_t length)
{
    while (length != 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN && ready(fd, POLLOUT, DIAL_MS))
            continue;
        if (sent <= 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

static int dial(const struct ropp_options *options)
{
    int fd = ropp_net_connect(&options->forward, &options->from);
    if (fd >= 0 && ready(fd, POLLOUT, DIAL_MS) && ropp_net_error(fd) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The header, and with it what the player has sent, in one segment. */
static bool open_server(struct balancer *balancer, struct pair *pair, const uint8_t *bytes,
                        size_t length)
{
    uint8_t out[NLB_HEADER + 128 + ROOM];
    size_t header = write_header(balancer->options, pair->player, out);
    if (header == 0)
        return false;
    if (length > 0)
        memcpy(out + header, bytes, length);
    pair->server = dial(balancer->options);
    return pair->server >= 0 && send_all(pair->server, out, header + length);
}

static void close_pair(struct pair *pair)
{
    close(pair->player);
    if (pair->server >= 0)
        close(pair->server);
    pair->player = pair->server = -1;
}

/* The classic one dials at once; the Network Load Balancer not before the player has said
 * something. */
static void take_player(struct balancer *balancer)
{
    int fd = accept(balancer->listener, NULL, NULL);
    size_t i = 0;
    while (i < PAIRS && balancer->pairs[i].player >= 0)
        i++;
    if (fd < 0)
        return;
    if (i == PAIRS) {
        close(fd);
        return;
    }
    balancer->pairs[i] = (struct pair){.player = fd, .server = -1};
    if (balancer->options->balancer == ROPP_BALANCER_CLASSIC &&
        !open_server(balancer, &balancer->pairs[i], NULL, 0))
        close_pair(&balancer->pairs[i]);
}

static bool forward(struct balancer *balancer, struct pair *pair, int from)
{
    uint8_t bytes[ROOM];
    ssize_t got = recv(from, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (got <= 0)
        return false;
    if (pair->server < 0)
        return open_server(balancer, pair, bytes, (size_t)got);
    return send_all(from == pair->player ? pair->server : pair->player, bytes, (size_t)got);
}

/* A health check connects, sends its header, and closes at the time of the next. */
static void check_health(struct balancer *balancer)
{
    uint8_t out[NLB_HEADER];
    if (balancer->check >= 0)
        close(balancer->check);
    balancer->check = dial(balancer->options);
    if (balancer->check >= 0 &&
        !send_all(balancer->check, out, write_check(balancer->options, out)))
        perror("player: health check");
    balancer->check_ms = ropp_net_now_ms() + CHECK_MS;
}

/* The sockets to be read from; `owners` says whose each one is. Returns how many. */
static nfds_t watch(struct balancer *balancer, struct pollfd *polled, struct pair **owners)
{
    nfds_t count = 1;
    polled[0] = (struct pollfd){.fd = balancer->listener, .events = POLLIN};
    for (size_t i = 0; i < PAIRS; i++) {
        struct pair *pair = &balancer->pairs[i];
        int both[2] = {pair->player, pair->server};
        for (size_t side = 0; side < 2; side++) {
            if (both[side] < 0)
                continue;
            owners[count] = pair;
            polled[count++] = (struct pollfd){.fd = both[side], .events = POLLIN};
        }
    }
    return count;
}

static void turn(struct balancer *balancer)
{
    struct pollfd polled[1 + 2 * PAIRS];
    struct pair *owners[1 + 2 * PAIRS];
    nfds_t count = watch(balancer, polled, owners);
    if (poll(polled, count, CHECK_MS / 4) > 0) {
        for (nfds_t i = 1; i < count; i++)
            /* The first of a pair may have closed both. */
            if (polled[i].revents != 0 && owners[i]->player >= 0 &&
                !forward(balancer, owners[i], polled[i].fd))
                close_pair(owners[i]);
        if (polled[0].revents != 0)
            take_player(balancer);
    }
    if (ropp_net_now_ms() >= balancer->check_ms)
        check_health(balancer);
}

int ropp_player_balance(const struct ropp_options *options)
{
    struct balancer balancer = {.options = options, .check = -1};
    struct ropp_hostport at = options->to;
    if (options->balancer == ROPP_BALANCER_NONE || options->forward.length == 0) {
        fputs("player: balance needs --as and --to\n", stderr);
        return ROPP_PLAYER_USAGE;
    }
    for (size_t i = 0; i < PAIRS; i++)
        balancer.pairs[i] = (struct pair){-1, -1};
    balancer.listener = ropp_net_listen(&at);
    if (balancer.listener < 0) {
        perror("player: listen");
        return ROPP_PLAYER_FAILED;
    }
    int64_t end_ms = ropp_net_now_ms() + options->timeout_ms;
    while (ropp_net_now_ms() < end_ms)
        turn(&balancer);
    return ROPP_PLAYER_OK;
}
