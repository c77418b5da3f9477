#include "tools/player/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool parse_port(const char *text, uint16_t *port)
{
    char *end = NULL;
    if (*text < '0' || *text > '9')
        return false;
    long value = strtol(text, &end, 10);
    if (*end != '\0' || value < 0 || value > 65535)
        return false;
    *port = (uint16_t)value;
    return true;
}

static bool parse_v4(const char *address, uint16_t port, struct ropp_hostport *out)
{
    struct sockaddr_in v4;
    memset(&v4, 0, sizeof v4);
    if (inet_pton(AF_INET, address, &v4.sin_addr) != 1)
        return false;
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    memcpy(&out->address, &v4, sizeof v4);
    out->length = sizeof v4;
    return true;
}

static bool parse_v6(const char *address, uint16_t port, struct ropp_hostport *out)
{
    struct sockaddr_in6 v6;
    memset(&v6, 0, sizeof v6);
    if (inet_pton(AF_INET6, address, &v6.sin6_addr) != 1)
        return false;
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    memcpy(&out->address, &v6, sizeof v6);
    out->length = sizeof v6;
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
        return parse_v6(address + 1, port, out);
    }
    char *colon = strchr(address, ':');
    if (colon != NULL && strchr(colon + 1, ':') != NULL)
        return parse_v6(address, port, out);
    if (colon != NULL) {
        *colon = '\0';
        if (!parse_port(colon + 1, &port))
            return false;
    }
    return parse_v4(address, port, out);
}

uint16_t ropp_hostport_port(const struct ropp_hostport *at)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    switch (at->address.ss_family) {
    case AF_INET:
        memcpy(&v4, &at->address, sizeof v4);
        return ntohs(v4.sin_port);
    case AF_INET6:
        memcpy(&v6, &at->address, sizeof v6);
        return ntohs(v6.sin6_port);
    default:
        return 0;
    }
}

unsigned ropp_hostport_bytes(const struct ropp_hostport *at, uint8_t out[16])
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    switch (at->address.ss_family) {
    case AF_INET:
        memcpy(&v4, &at->address, sizeof v4);
        memcpy(out, &v4.sin_addr, 4);
        return 4;
    case AF_INET6:
        memcpy(&v6, &at->address, sizeof v6);
        memcpy(out, &v6.sin6_addr, 16);
        return 16;
    default:
        return 0;
    }
}

void ropp_hostport_format(const struct ropp_hostport *at, char out[ROPP_HOSTPORT_TEXT])
{
    uint8_t bytes[16];
    char address[INET6_ADDRSTRLEN] = "?";
    switch (ropp_hostport_bytes(at, bytes)) {
    case 4:
        inet_ntop(AF_INET, bytes, address, sizeof address);
        snprintf(out, ROPP_HOSTPORT_TEXT, "%s:%u", address, ropp_hostport_port(at));
        return;
    case 16:
        inet_ntop(AF_INET6, bytes, address, sizeof address);
        snprintf(out, ROPP_HOSTPORT_TEXT, "[%s]:%u", address, ropp_hostport_port(at));
        return;
    default:
        snprintf(out, ROPP_HOSTPORT_TEXT, "none");
    }
}

struct ropp_hostport ropp_hostport_after(const struct ropp_hostport *at, uint32_t steps)
{
    struct ropp_hostport next = *at;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (at->address.ss_family == AF_INET) {
        memcpy(&v4, &next.address, sizeof v4);
        v4.sin_addr.s_addr = htonl(ntohl(v4.sin_addr.s_addr) + steps);
        memcpy(&next.address, &v4, sizeof v4);
    } else if (at->address.ss_family == AF_INET6) {
        uint32_t low;
        memcpy(&v6, &next.address, sizeof v6);
        memcpy(&low, v6.sin6_addr.s6_addr + 12, sizeof low);
        low = htonl(ntohl(low) + steps);
        memcpy(v6.sin6_addr.s6_addr + 12, &low, sizeof low);
        memcpy(&next.address, &v6, sizeof v6);
    }
    return next;
}

static int socket_for(const struct ropp_hostport *at)
{
    int fd = socket(at->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
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
    if (from->length != 0 && bind(fd, (const struct sockaddr *)&from->address, from->length) != 0)
        return give_up(fd);
    if (connect(fd, (const struct sockaddr *)&to->address, to->length) != 0 && errno != EINPROGRESS)
        return give_up(fd);
    return fd;
}

int ropp_net_listen(struct ropp_hostport *at)
{
    int fd = socket_for(at);
    if (fd < 0)
        return -1;
    if (bind(fd, (const struct sockaddr *)&at->address, at->length) != 0 || listen(fd, 64) != 0 ||
        !ropp_net_local(fd, at))
        return give_up(fd);
    return fd;
}

bool ropp_net_local(int fd, struct ropp_hostport *out)
{
    memset(out, 0, sizeof *out);
    out->length = sizeof out->address;
    return getsockname(fd, (struct sockaddr *)&out->address, &out->length) == 0;
}

int ropp_net_error(int fd)
{
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
        return errno;
    return error;
}

int64_t ropp_net_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
