// SPDX-License-Identifier: MIT
/* Addresses with their ports, sockets with a chosen source address, and the monotonic clock: what a
 * player needs of the system. Nothing here blocks. */
#ifndef ROPP_PLAYER_NET_H
#define ROPP_PLAYER_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* An IPv4 or IPv6 address with its port, as the system's calls take it. */
struct ropp_hostport {
    union {
        struct sockaddr_storage address;
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    };
    socklen_t length; /* 0 when unset */
};

#define ROPP_HOSTPORT_TEXT 64

/* Reads "a.b.c.d", "a.b.c.d:port", "v6", "[v6]" or "[v6]:port"; `port` where the text has none. */
bool ropp_hostport_parse(const char *text, uint16_t port, struct ropp_hostport *out);

/* An IPv4 address of four bytes, as packets contain it. */
struct ropp_hostport ropp_hostport_v4(const uint8_t ip[4], uint16_t port);

/* Writes "a.b.c.d:port" or "[v6]:port". */
void ropp_hostport_format(const struct ropp_hostport *at, char out[ROPP_HOSTPORT_TEXT]);

/* The one whose address is `steps` after this one; the port stays. */
struct ropp_hostport ropp_hostport_after(const struct ropp_hostport *at, uint32_t steps);

uint16_t ropp_hostport_port(const struct ropp_hostport *at);

/* The raw address: 4 or 16 bytes, network order. Returns how many. */
unsigned ropp_hostport_bytes(const struct ropp_hostport *at, uint8_t out[16]);

/* Begins a TCP connection to `to`, from `from` unless that is unset. Returns a non-blocking socket,
 * or -1 with errno. The connection is up when the socket is writable and ropp_net_error is 0. */
int ropp_net_connect(const struct ropp_hostport *to, const struct ropp_hostport *from);

/* Listens on `at`, with the port the system chose written back when it was 0. -1 with errno. */
int ropp_net_listen(struct ropp_hostport *at);

/* The socket's own end of the connection. */
bool ropp_net_local(int fd, struct ropp_hostport *out);

/* The error that waits on the socket, 0 when there is none. */
int ropp_net_error(int fd);

/* The monotonic clock. */
int64_t ropp_net_now_ms(void);
int64_t ropp_net_now_us(void);

#endif
