// SPDX-License-Identifier: MIT
/* The internet between namespaces: whole packets of IPv4 from one site to another, late, lost and
 * held up as it is ordered. Each site is a network namespace with a TUN device of ours in it, called
 * `wan`; a packet goes to the site that has its destination. Between two sites there is a way in
 * each direction, on which packets do not overtake one another, so that TCP is not led astray.
 *
 * Orders come on standard input, a line each; every one of them is about both directions:
 *
 *   way A B MS PERMILLE   so late is what goes from A to B, and so much of it is lost
 *   cut A B | join A B    nothing goes; it goes again
 *   hold A B | release A B    nothing goes, until it all goes at once
 *
 * B may be `*`: all the others. At the end of its input it ends, and prints what it has moved. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "tests/chaos/random.h"
#include "tools/base/buffer.h"
#include "tools/base/decimal.h"

#define SITES      16
#define PREFIXES   4
#define PACKET_MAX 2048
#define QUEUE_MAX  8192 /* packets on a way; what comes then is lost */
#define AT_ONCE    64   /* packets taken from a site before the others have their turn */
#define MS         INT64_C(1000)

struct packet {
    struct packet *next;
    int64_t due_us;
    size_t length;
    uint8_t bytes[];
};

struct way {
    int64_t delay_us;
    uint32_t permille;
    bool is_cut;
    bool is_held;
    struct packet *first;
    struct packet *last;
    size_t count;
};

struct prefix {
    uint32_t address;
    uint32_t mask;
};

struct site {
    const char *name;
    struct prefix prefixes[PREFIXES];
    size_t prefix_count;
    int fd;
};

struct relay {
    struct site sites[SITES];
    size_t count;
    struct way ways[SITES][SITES];
    struct chaos_random random;
    char order[256];
    size_t order_length;
    bool over;
    uint64_t moved;
    uint64_t lost; /* by chance */
    uint64_t cut;
    uint64_t unknown; /* for nobody here, or no IPv4 */
    uint64_t full;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- packets ---- */

static void put(struct way *way, const uint8_t *bytes, size_t length)
{
    struct packet *packet = ropp_alloc(1, sizeof *packet + length);
    packet->due_us = now_us() + way->delay_us;
    packet->length = length;
    memcpy(packet->bytes, bytes, length);
    if (way->last != NULL) {
        /* Also when the way has just become shorter. */
        if (packet->due_us < way->last->due_us)
            packet->due_us = way->last->due_us;
        way->last->next = packet;
    } else {
        way->first = packet;
    }
    way->last = packet;
    way->count++;
}

static struct packet *take(struct way *way)
{
    struct packet *packet = way->first;
    way->first = packet->next;
    if (way->first == NULL)
        way->last = NULL;
    way->count--;
    return packet;
}

static struct site *owner(struct relay *relay, const uint8_t *bytes, size_t length)
{
    uint32_t to;
    if (length < 20 || bytes[0] >> 4 != 4)
        return NULL;
    memcpy(&to, bytes + 16, sizeof to);
    to = ntohl(to);
    for (size_t i = 0; i < relay->count; i++)
        for (size_t k = 0; k < relay->sites[i].prefix_count; k++)
            if ((to & relay->sites[i].prefixes[k].mask) == relay->sites[i].prefixes[k].address)
                return &relay->sites[i];
    return NULL;
}

static void carry(struct relay *relay, struct site *from, const uint8_t *bytes, size_t length)
{
    struct site *to = owner(relay, bytes, length);
    if (to == NULL || to == from) {
        relay->unknown++;
        return;
    }
    struct way *way = &relay->ways[from - relay->sites][to - relay->sites];
    if (way->is_cut)
        relay->cut++;
    else if (chaos_below(&relay->random, 1000) < way->permille)
        relay->lost++;
    else if (way->count >= QUEUE_MAX)
        relay->full++;
    else
        put(way, bytes, length);
}

static void collect(struct relay *relay, struct site *site)
{
    uint8_t bytes[PACKET_MAX];
    for (int i = 0; i < AT_ONCE; i++) {
        ssize_t got = read(site->fd, bytes, sizeof bytes);
        if (got <= 0)
            return;
        carry(relay, site, bytes, (size_t)got);
    }
}

static void deliver(struct relay *relay, struct way *way, struct site *to, int64_t now)
{
    while (!way->is_held && way->first != NULL && way->first->due_us <= now) {
        struct packet *packet = take(way);
        if (write(to->fd, packet->bytes, packet->length) == (ssize_t)packet->length)
            relay->moved++;
        else
            relay->full++;
        free(packet);
    }
}

/* Delivers what is due; returns when the next one is, INT64_MAX for never. */
static int64_t deliver_all(struct relay *relay)
{
    int64_t next = INT64_MAX, now = now_us();
    for (size_t from = 0; from < relay->count; from++)
        for (size_t to = 0; to < relay->count; to++) {
            struct way *way = &relay->ways[from][to];
            deliver(relay, way, &relay->sites[to], now);
            if (!way->is_held && way->first != NULL && way->first->due_us < next)
                next = way->first->due_us;
        }
    return next;
}

/* ---- orders ---- */

static bool find_site(const struct relay *relay, const char *name, size_t *out)
{
    for (size_t i = 0; i < relay->count; i++)
        if (strcmp(relay->sites[i].name, name) == 0) {
            *out = i;
            return true;
        }
    return false;
}

static void drop_all(struct way *way)
{
    while (way->first != NULL)
        free(take(way));
}

static bool change(struct way *way, const char *what, uint64_t ms, uint64_t permille)
{
    if (strcmp(what, "way") == 0) {
        way->delay_us = (int64_t)ms * MS;
        way->permille = (uint32_t)permille;
    } else if (strcmp(what, "cut") == 0) {
        way->is_cut = true;
        drop_all(way);
    } else if (strcmp(what, "join") == 0) {
        way->is_cut = false;
    } else if (strcmp(what, "hold") == 0) {
        way->is_held = true;
    } else if (strcmp(what, "release") == 0) {
        way->is_held = false;
    } else {
        return false;
    }
    return true;
}

static bool obey(struct relay *relay, char *line)
{
    char *words[5] = {0};
    size_t count = 0, a, b = relay->count;
    uint64_t ms = 0, permille = 0;
    for (char *word = strtok(line, " "); word != NULL && count < 5; word = strtok(NULL, " "))
        words[count++] = word;
    if (count < 3 || !find_site(relay, words[1], &a))
        return false;
    if (strcmp(words[2], "*") != 0 && !find_site(relay, words[2], &b))
        return false;
    if (strcmp(words[0], "way") == 0 &&
        (count != 5 || !ropp_decimal_read(words[3], 0, 60000, &ms) ||
         !ropp_decimal_read(words[4], 0, 1000, &permille)))
        return false;
    for (size_t i = 0; i < relay->count; i++)
        if (i != a && (i == b || b == relay->count))
            if (!change(&relay->ways[a][i], words[0], ms, permille) ||
                !change(&relay->ways[i][a], words[0], ms, permille))
                return false;
    return true;
}

static void take_orders(struct relay *relay)
{
    char *end;
    ssize_t got = read(STDIN_FILENO, relay->order + relay->order_length,
                       sizeof relay->order - 1 - relay->order_length);
    if (got <= 0) {
        relay->over = got == 0 || errno != EINTR;
        return;
    }
    relay->order_length += (size_t)got;
    relay->order[relay->order_length] = '\0';
    while ((end = strchr(relay->order, '\n')) != NULL) {
        *end = '\0';
        char *line = ropp_copy_text(relay->order, (size_t)(end - relay->order));
        if (!obey(relay, line))
            fprintf(stderr, "relay: no such order: %s\n", relay->order);
        free(line);
        relay->order_length -= (size_t)(end + 1 - relay->order);
        memmove(relay->order, end + 1, relay->order_length + 1);
    }
    if (relay->order_length == sizeof relay->order - 1)
        relay->order_length = 0;
}

/* ---- sites ---- */

static bool add_prefix(struct site *site, const char *text)
{
    char address[INET_ADDRSTRLEN];
    struct in_addr raw;
    uint64_t bits;
    const char *slash = strchr(text, '/');
    if (slash == NULL || (size_t)(slash - text) >= sizeof address || site->prefix_count == PREFIXES)
        return false;
    memcpy(address, text, (size_t)(slash - text));
    address[slash - text] = '\0';
    if (inet_pton(AF_INET, address, &raw) != 1 || !ropp_decimal_read(slash + 1, 1, 32, &bits))
        return false;
    struct prefix *prefix = &site->prefixes[site->prefix_count++];
    prefix->mask = UINT32_MAX << (32 - bits);
    prefix->address = ntohl(raw.s_addr) & prefix->mask;
    return true;
}

/* The device is in the namespace that this process is in when it makes it, and stays there. */
static int open_tun(void)
{
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    strcpy(request.ifr_name, "wan");
    if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* NAME=NAMESPACE,PREFIX,... */
static bool add_site(struct relay *relay, char *text)
{
    if (relay->count == SITES)
        return false;
    struct site *site = &relay->sites[relay->count];
    char *path = strchr(text, '=');
    if (path == NULL)
        return false;
    *path++ = '\0';
    site->name = text;
    path = strtok(path, ",");
    for (char *prefix = strtok(NULL, ","); prefix != NULL; prefix = strtok(NULL, ","))
        if (!add_prefix(site, prefix))
            return false;
    int space = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (space < 0 || setns(space, CLONE_NEWNET) != 0) {
        perror(text);
        return false;
    }
    close(space);
    site->fd = open_tun();
    if (site->fd < 0) {
        perror("/dev/net/tun");
        return false;
    }
    relay->count++;
    return true;
}

/* ---- the run ---- */

static int run(struct relay *relay)
{
    struct pollfd polled[SITES + 1] = {{.fd = STDIN_FILENO, .events = POLLIN}};
    for (size_t i = 0; i < relay->count; i++)
        polled[i + 1] = (struct pollfd){.fd = relay->sites[i].fd, .events = POLLIN};
    while (!relay->over) {
        int64_t next = deliver_all(relay), wait_us = 60000 * MS, now = now_us();
        if (next < now + wait_us)
            wait_us = next > now ? next - now : 0;
        const struct timespec wait = {wait_us / 1000000, wait_us % 1000000 * 1000};
        if (ppoll(polled, relay->count + 1, &wait, NULL) < 0 && errno != EINTR) {
            perror("relay");
            return 2;
        }
        if (polled[0].revents != 0)
            take_orders(relay);
        for (size_t i = 0; i < relay->count; i++)
            if (polled[i + 1].revents != 0)
                collect(relay, &relay->sites[i]);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static struct relay relay;
    uint64_t seed;
    int status;
    if (argc < 3 || !ropp_decimal_read(argv[1], 0, UINT64_MAX, &seed)) {
        fputs("usage: relay SEED NAME=NAMESPACE,PREFIX[,PREFIX...]...\n", stderr);
        return 2;
    }
    relay.random = chaos_row(seed, 0);
    for (int i = 2; i < argc; i++)
        if (!add_site(&relay, argv[i])) {
            fprintf(stderr, "relay: this site cannot be had: %s\n", argv[i]);
            return 2;
        }
    puts("ready");
    fflush(stdout);
    status = run(&relay);
    for (size_t i = 0; i < relay.count; i++)
        for (size_t k = 0; k < relay.count; k++)
            drop_all(&relay.ways[i][k]);
    printf("moved %" PRIu64 " lost %" PRIu64 " cut %" PRIu64 " unknown %" PRIu64 " full %" PRIu64
           "\n",
           relay.moved, relay.lost, relay.cut, relay.unknown, relay.full);
    return status;
}
