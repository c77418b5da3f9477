// SPDX-License-Identifier: MIT
/* Connections that nobody wants, from many addresses, to one or several ports. Each is of one kind,
 * says what that kind says, and is kept until the other side ends it or so many newer ones are
 * open. See --help. At the end it prints a line: begun, connected, ended by the other side,
 * unreachable, most open at once. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/chaos/random.h"
#include "tests/player/checksum.h"
#include "tools/base/buffer.h"
#include "tools/base/decimal.h"
#include "tools/player/net.h"
#include "tools/player/packet.h"
#include "tools/player/sender.h"

#define TARGETS      8
#define WORDS        128 /* bytes of who does not say the largest header */
#define CHECKSUM_TLV 7
#define TRICKLE_MS   1000
#define EVENTS       256

/* What is done when all has been said. */
enum ending { ENDING_KEEP, ENDING_LEAVE, ENDING_RESET, ENDING_HALF_CLOSE };

struct flood;

struct kind {
    const char *name;
    const char *about;
    enum ending ending;
    bool trickles; /* a byte a second */
    size_t (*words)(struct flood *flood, const struct ropp_hostport *to, uint8_t *out);
};

struct peer {
    int fd; /* -1: there is none */
    bool is_up;
    uint16_t length;
    uint32_t sent;
    int64_t next_ms; /* of who trickles: the next byte */
    uint8_t words[WORDS];
};

struct flood {
    const struct kind *kind;
    uint64_t rate;     /* a second */
    uint64_t burst;    /* or so many at once, */
    uint64_t every_ms; /* again and again */
    uint64_t seconds;
    uint64_t addresses;
    uint64_t open_most;
    struct ropp_hostport from;
    struct ropp_hostport claim;
    struct ropp_hostport targets[TARGETS];
    size_t target_count;
    struct chaos_random random;
    uint8_t *largest; /* the largest header there is; NULL: this kind does not say it */
    int poll;
    struct peer *peers; /* a ring: the oldest is closed for the newest */
    size_t next;
    uint64_t open;
    uint64_t begun;
    uint64_t connected;
    uint64_t ended;
    uint64_t unreachable;
    uint64_t open_seen;
};

/* ---- what they say ---- */

static struct ropp_hostport one_of(struct flood *flood, const struct ropp_hostport *first)
{
    return ropp_hostport_after(first, chaos_below(&flood->random, (uint32_t)flood->addresses));
}

static size_t say_header(struct flood *flood, enum ropp_sender sender,
                         const struct ropp_hostport *to, uint8_t *out)
{
    const struct ropp_hostport source = one_of(flood, &flood->claim);
    return ropp_sender_write(sender, &source, to, 0, out);
}

static size_t say_nothing(struct flood *flood, const struct ropp_hostport *to, uint8_t *out)
{
    (void)flood, (void)to, (void)out;
    return 0;
}

static size_t say_garbage(struct flood *flood, const struct ropp_hostport *to, uint8_t *out)
{
    const size_t length = 64;
    (void)to;
    for (size_t i = 0; i < length; i++)
        out[i] = (uint8_t)chaos_next(&flood->random);
    return length;
}

static size_t say_half(struct flood *flood, const struct ropp_hostport *to, uint8_t *out)
{
    static const char *const halves[] = {"PROXY TCP4 192.0", "\r\n\r\n\0\r\nQUIT\n\x21",
                                         "\x64\0\0\0", "\x65"};
    static const uint8_t lengths[] = {16, 13, 4, 1};
    const uint32_t which = chaos_below(&flood->random, 4);
    (void)to;
    memcpy(out, halves[which], lengths[which]);
    return lengths[which];
}

static size_t say_v2(struct flood *flood, const struct ropp_hostport *to, uint8_t *out)
{
    return say_header(flood, ROPP_SENDER_V2, to, out);
}

static size_t say_all_but_one(struct flood *flood, const struct ropp_hostport *to, uint8_t *out)
{
    return say_v2(flood, to, out) - 1;
}

static size_t say_half_or_whole(struct flood *flood, const struct ropp_hostport *to, uint8_t *out)
{
    const size_t whole = say_v2(flood, to, out);
    return chaos_chance(&flood->random, 50) ? whole / 2 : whole;
}

static size_t say_up_to_whole(struct flood *flood, const struct ropp_hostport *to, uint8_t *out)
{
    return chaos_chance(&flood->random, 33) ? 0 : say_half_or_whole(flood, to, out);
}

/* A login that would be let in, were it not for what is in front. */
static size_t say_login(uint8_t *out, size_t length)
{
    return length + ropp_packet_login("attacker", "secret", out + length);
}

static size_t say_v2_login(struct flood *flood, const struct ropp_hostport *to, uint8_t *out)
{
    return say_login(out, say_v2(flood, to, out));
}

static size_t say_nameless_login(struct flood *flood, const struct ropp_hostport *to, uint8_t *out)
{
    const bool local = chaos_chance(&flood->random, 50);
    return say_login(out, say_header(flood, local ? ROPP_SENDER_V2_LOCAL : ROPP_SENDER_V2_UNSPEC,
                                     to, out));
}

static const struct kind kinds[] = {
    {"silence", "says nothing", ENDING_KEEP, false, say_nothing},
    {"garbage", "says bytes that are no packet and no header", ENDING_KEEP, false, say_garbage},
    {"half", "begins a packet or a header, and does not go on", ENDING_KEEP, false, say_half},
    {"leave", "is gone as soon as it is there", ENDING_LEAVE, false, say_nothing},
    {"trickle", "says a header, a byte a second", ENDING_KEEP, true, say_v2},
    {"short", "says a header but for its last byte", ENDING_KEEP, false, say_all_but_one},
    {"reset", "resets after no header, half of one or a whole one", ENDING_RESET, false,
     say_up_to_whole},
    {"half-closed", "says half a header or a whole one, and that this is all", ENDING_HALF_CLOSE,
     false, say_half_or_whole},
    {"header", "says a header and nothing behind it", ENDING_KEEP, false, say_v2},
    {"largest", "says a header of 65,551 bytes with its checksum", ENDING_KEEP, false, NULL},
    {"login", "says a header and a login", ENDING_KEEP, false, say_v2_login},
    {"nameless", "says a header without an address and a login", ENDING_KEEP, false,
     say_nameless_login},
};

/* A NOOP fills it up to where the checksum is. */
static void prepare_largest(struct flood *flood)
{
    const size_t at = ROPP_SENDER_MAX - CHECKSUM_TLV;
    uint8_t *header = ropp_alloc(ROPP_SENDER_MAX, 1);
    uint32_t sum;
    (void)ropp_sender_write(ROPP_SENDER_V2, &flood->claim, &flood->targets[0], at, header);
    header[14] = header[15] = 0xff; /* the length, which is the largest now */
    memset(header + at, 0, CHECKSUM_TLV);
    header[at] = 0x03;
    header[at + 2] = 4;
    sum = header_checksum(header, ROPP_SENDER_MAX);
    for (int i = 0; i < 4; i++)
        header[at + 3 + (size_t)i] = (uint8_t)(sum >> (24 - 8 * i));
    flood->largest = header;
}

/* ---- one connection ---- */

static void end(struct flood *flood, struct peer *peer)
{
    if (peer->fd < 0)
        return;
    close(peer->fd);
    peer->fd = -1;
    flood->open--;
}

static void ended(struct flood *flood, struct peer *peer)
{
    flood->ended++;
    end(flood, peer);
}

static void watch(struct flood *flood, struct peer *peer, int operation, uint32_t more)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | more, .data.ptr = peer};
    if (epoll_ctl(flood->poll, operation, peer->fd, &event) != 0)
        end(flood, peer);
}

static void begin(struct flood *flood)
{
    struct peer *peer = &flood->peers[flood->next];
    const struct ropp_hostport from = one_of(flood, &flood->from);
    const struct ropp_hostport *to =
        &flood->targets[chaos_below(&flood->random, (uint32_t)flood->target_count)];
    flood->next = (flood->next + 1) % flood->open_most;
    end(flood, peer);
    flood->begun++;
    peer->is_up = false;
    peer->sent = 0;
    peer->length =
        flood->largest != NULL ? 0 : (uint16_t)flood->kind->words(flood, to, peer->words);
    peer->fd = ropp_net_connect(to, &from);
    if (peer->fd < 0) {
        flood->unreachable++;
        return;
    }
    flood->open++;
    if (flood->open > flood->open_seen)
        flood->open_seen = flood->open;
    watch(flood, peer, EPOLL_CTL_ADD, EPOLLOUT);
}

static void finish(struct flood *flood, struct peer *peer)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    switch (flood->kind->ending) {
    case ENDING_RESET:
        (void)setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        end(flood, peer);
        return;
    case ENDING_LEAVE:
        end(flood, peer);
        return;
    case ENDING_HALF_CLOSE:
        (void)shutdown(peer->fd, SHUT_WR);
        break;
    case ENDING_KEEP:
    default:
        break;
    }
    watch(flood, peer, EPOLL_CTL_MOD, 0);
}

/* Says what there is left to say, or the next byte of it. */
static void speak(struct flood *flood, struct peer *peer)
{
    const uint8_t *words = flood->largest != NULL ? flood->largest : peer->words;
    const size_t length = flood->largest != NULL ? ROPP_SENDER_MAX : peer->length;
    const size_t rest = length - peer->sent;
    if (rest > 0) {
        const ssize_t put =
            send(peer->fd, words + peer->sent, flood->kind->trickles ? 1 : rest, MSG_NOSIGNAL);
        if (put < 0 && errno != EAGAIN) {
            ended(flood, peer);
            return;
        }
        peer->sent += put < 0 ? 0 : (uint32_t)put;
    }
    if (peer->sent == length)
        finish(flood, peer);
    else if (flood->kind->trickles)
        watch(flood, peer, EPOLL_CTL_MOD, 0);
}

static void hear(struct flood *flood, struct peer *peer, uint32_t events)
{
    uint8_t bytes[512];
    if (peer->fd < 0)
        return;
    if (events & EPOLLERR) {
        ended(flood, peer);
    } else if (events & EPOLLOUT) {
        flood->connected += peer->is_up ? 0 : 1;
        peer->is_up = true;
        peer->next_ms = ropp_net_now_ms() + TRICKLE_MS;
        speak(flood, peer);
    } else if (recv(peer->fd, bytes, sizeof bytes, 0) <= 0 && errno != EAGAIN) {
        ended(flood, peer);
    }
}

/* ---- all of them ---- */

static void trickle(struct flood *flood, int64_t now)
{
    for (size_t i = 0; i < flood->open_most; i++) {
        struct peer *peer = &flood->peers[i];
        if (peer->fd < 0 || !peer->is_up || peer->next_ms > now || peer->sent == peer->length)
            continue;
        peer->next_ms += TRICKLE_MS;
        speak(flood, peer);
    }
}

static uint64_t due(const struct flood *flood, int64_t ms)
{
    if (flood->burst != 0)
        return flood->burst * ((uint64_t)ms / flood->every_ms + 1);
    return (uint64_t)ms * flood->rate / 1000;
}

/* Those that are due, a few at a time: who is there already is to be heard in between. */
static bool begin_some(struct flood *flood, uint64_t until)
{
    for (unsigned i = 0; i < EVENTS && flood->begun < until; i++)
        begin(flood);
    return flood->begun < until;
}

static bool run(struct flood *flood)
{
    struct epoll_event events[EVENTS];
    const int64_t start = ropp_net_now_ms();
    const int64_t last = start + (int64_t)flood->seconds * 1000;
    int64_t now = start;
    while (now < last) {
        const bool behind = begin_some(flood, due(flood, now - start));
        if (flood->kind->trickles)
            trickle(flood, now);
        const int count = epoll_wait(flood->poll, events, EVENTS, behind ? 0 : 2);
        if (count < 0 && errno != EINTR)
            return false;
        for (int i = 0; i < count; i++)
            hear(flood, events[i].data.ptr, events[i].events);
        now = ropp_net_now_ms();
    }
    return true;
}

/* ---- the command line ---- */

static const char usage_text[] =
    "usage: flood KIND --from ADDRESS [options] TO:PORT...\n"
    "\n"
    "  --rate N         connections a second (default 1000)\n"
    "  --burst N        or so many at once, and again after --every MS (default 1000000000)\n"
    "  --seconds N      how long it goes on (default 10)\n"
    "  --open N         as many at a time, at most (default 1000)\n"
    "  --from ADDRESS   the first of those they come from\n"
    "  --claim ADDRESS  the first of those their headers name (default: --from)\n"
    "  --addresses N    of both there are so many (default 1)\n"
    "\n"
    "kinds:\n";

static const struct option long_options[] = {
    {"rate", required_argument, NULL, 'r'},
    {"burst", required_argument, NULL, 'b'},
    {"every", required_argument, NULL, 'e'},
    {"seconds", required_argument, NULL, 's'},
    {"open", required_argument, NULL, 'o'},
    {"from", required_argument, NULL, 'f'},
    {"claim", required_argument, NULL, 'c'},
    {"addresses", required_argument, NULL, 'a'},
    {NULL, 0, NULL, 0},
};

static int usage(FILE *out, int status)
{
    fputs(usage_text, out);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        fprintf(out, "  %-12s %s\n", kinds[i].name, kinds[i].about);
    return status;
}

static bool take_kind(struct flood *flood, const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0) {
            flood->kind = &kinds[i];
            return true;
        }
    return false;
}

static bool take_option(struct flood *flood, int key, const char *value)
{
    switch (key) {
    case 'r':
        return ropp_decimal_read(value, 1, 1000000, &flood->rate);
    case 'b':
        return ropp_decimal_read(value, 1, 100000, &flood->burst);
    case 'e':
        return ropp_decimal_read(value, 1, 1000000000, &flood->every_ms);
    case 's':
        return ropp_decimal_read(value, 1, 3600, &flood->seconds);
    case 'o':
        return ropp_decimal_read(value, 1, 1000000, &flood->open_most);
    case 'f':
        return ropp_hostport_parse(value, 0, &flood->from);
    case 'c':
        return ropp_hostport_parse(value, 40000, &flood->claim);
    case 'a':
        return ropp_decimal_read(value, 1, 65536, &flood->addresses);
    default:
        return false;
    }
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

static bool take(struct flood *flood, int argc, char **argv)
{
    int key;
    if (argc < 2 || !take_kind(flood, argv[1]))
        return false;
    optind = 2;
    while ((key = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (!take_option(flood, key, optarg))
            return false;
    if (flood->claim.length == 0)
        flood->claim = flood->from;
    return flood->from.length != 0 && take_targets(flood, argv + optind, argc - optind);
}

static void raise_limit(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

int main(int argc, char **argv)
{
    struct flood flood = {.rate = 1000,
                          .every_ms = 1000000000,
                          .seconds = 10,
                          .addresses = 1,
                          .open_most = 1000,
                          .random = {1}};
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout, 0);
    if (!take(&flood, argc, argv))
        return usage(stderr, 2);
    raise_limit();
    if (flood.kind->words == NULL)
        prepare_largest(&flood);
    flood.peers = ropp_alloc(flood.open_most, sizeof *flood.peers);
    for (size_t i = 0; i < flood.open_most; i++)
        flood.peers[i].fd = -1;
    flood.poll = epoll_create1(EPOLL_CLOEXEC);
    if (flood.poll < 0 || !run(&flood)) {
        perror("flood");
        return 2;
    }
    printf("begun %" PRIu64 " connected %" PRIu64 " ended %" PRIu64 " unreachable %" PRIu64
           " open %" PRIu64 "\n",
           flood.begun, flood.connected, flood.ended, flood.unreachable, flood.open_seen);
    free(flood.peers);
    free(flood.largest);
    close(flood.poll);
    return 0;
}
