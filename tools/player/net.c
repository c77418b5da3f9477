// SPDX-License-Identifier: MIT
#include "tools/player/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/decimal.h"

static bool parse_port(const char *text, uint16_t *port)
{
    uint64_t number;
    if (!ropp_decimal_read(text, 0, 65535, &number))
        return false;
    *port = (uint16_t)number;
    return true;
}

/* The raw address and its size: 0 for any other family. */
static uint8_t *raw(struct ropp_hostport *at, unsigned *size)
{
    *size = 0;
    if (at->any.sa_family == AF_INET)
        *size = 4;
    else if (at->any.sa_family == AF_INET6)
        *size = 16;
    return *size == 16 ? at->v6.sin6_addr.s6_addr : (uint8_t *)&at->v4.sin_addr;
}

static bool parse_address(sa_family_t family, const char *address, uint16_t port,
                          struct ropp_hostport *out)
{
    unsigned size;
    out->any.sa_family = family;
    if (inet_pton(family, address, raw(out, &size)) != 1)
        return false;
    if (family == AF_INET)
        out->v4.sin_port = htons(port);
    else
        out->v6.sin6_port = htons(port);
    out->length = family == AF_INET ? sizeof out->v4 : sizeof out->v6;
    return true;
}

bool ropp_hostport_parse(const char *text, uint16_t port, struct ropp_hostport *out)
{
    char address[ROPP_HOSTPORT_TEXT];
    memset(out, 0, sizeof *out);
    if (strlen(text) >= sizeof address)
        return false;
    strcpy(address, text);
    if (address[0] == '[') {
        char *close = strchr(address, ']');
        if (close == NULL)
            return false;
        *close = '\0';
        if (close[1] == ':' ? !parse_port(close + 2, &port) : close[1] != '\0')
            return false;
        return parse_address(AF_INET6, address + 1, port, out);
    }
    char *colon = strchr(address, ':');
    if (colon != NULL && strchr(colon + 1, ':') != NULL)
        return parse_address(AF_INET6, address, port, out);
    if (colon != NULL) {
        *colon = '\0';
        if (!parse_port(colon + 1, &port))
            return false;
    }
    return parse_address(AF_INET, address, port, out);
}

struct ropp_hostport ropp_hostport_v4(const uint8_t ip[4], uint16_t port)
{
    struct ropp_hostport at = {.length = sizeof at.v4};
    at.v4.sin_family = AF_INET;
    at.v4.sin_port = htons(port);
    memcpy(&at.v4.sin_addr, ip, 4);
    return at;
}

uint16_t ropp_hostport_port(const struct ropp_hostport *at)
{
    if (at->any.sa_family == AF_INET)
        return ntohs(at->v4.sin_port);
    return at->any.sa_family == AF_INET6 ? ntohs(at->v6.sin6_port) : 0;
}

unsigned ropp_hostport_bytes(const struct ropp_hostport *at, uint8_t out[16])
{
    struct ropp_hostport copy = *at;
    unsigned size;
    const uint8_t *bytes = raw(&copy, &size);
    memcpy(out, bytes, size);
    return size;
}

void ropp_hostport_format(const struct ropp_hostport *at, char out[ROPP_HOSTPORT_TEXT])
{
    uint8_t bytes[16];
    char address[INET6_ADDRSTRLEN] = "?";
    unsigned size = ropp_hostport_bytes(at, bytes);
    if (size != 0)
        inet_ntop(at->any.sa_family, bytes, address, sizeof address);
    snprintf(out, ROPP_HOSTPORT_TEXT,
             size == 16  ? "[%s]:%u"
             : size == 4 ? "%s:%u"
                         : "none",
             address, ropp_hostport_port(at));
}

struct ropp_hostport ropp_hostport_after(const struct ropp_hostport *at, uint32_t steps)
{
    struct ropp_hostport next = *at;
    unsigned size;
    uint8_t *bytes = raw(&next, &size);
    uint32_t low;
    if (size == 0)
        return next;
    memcpy(&low, bytes + size - sizeof low, sizeof low);
    low = htonl(ntohl(low) + steps);
    memcpy(bytes + size - sizeof low, &low, sizeof low);
    return next;
}

static int socket_for(const struct ropp_hostport *at)
{
    int fd = socket(at->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int yes = 1;
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        /* Each piece of a split header must leave as a segment of its own. */
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    return fd;
}

static int give_up(int fd)
{
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

int ropp_net_connect(const struct ropp_hostport *to, const struct ropp_hostport *from)
{
    int fd = socket_for(to);
    if (fd < 0)
        return -1;
    if (from->length != 0 && bind(fd, &from->any, from->length) != 0)
        return give_up(fd);
    if (connect(fd, &to->any, to->length) != 0 && errno != EINPROGRESS)
        return give_up(fd);
    return fd;
}

int ropp_net_listen(struct ropp_hostport *at)
{
    int fd = socket_for(at);
    if (fd < 0)
        return -1;
    if (bind(fd, &at->any, at->length) != 0 || listen(fd, 64) != 0 || !ropp_net_local(fd, at))
        return give_up(fd);
    return fd;
}

bool ropp_net_local(int fd, struct ropp_hostport *out)
{
    memset(out, 0, sizeof *out);
    out->length = sizeof out->address;
    return getsockname(fd, &out->any, &out->length) == 0;
}

int ropp_net_error(int fd)
{
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
        return errno;
    return error;
}

int64_t ropp_net_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t ropp_net_now_ms(void)
{
    return ropp_net_now_us() / 1000;
}
