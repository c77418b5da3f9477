// SPDX-License-Identifier: MIT
/* A server that does nothing but answer logins, for tests/bench/game: what a proxy in front of it
 * costs is the proxy's part alone.
 *
 *   bench_bare PORT [skip]    on 127.0.0.1; `skip`: a version 2 header comes first */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOGIN = 55, HEADER = 16, ANSWER = 79, CONNECTIONS = 4096, EVENTS = 64 };

static struct connection {
    uint8_t in[1024];
    size_t length;
} connections[CONNECTIONS];

/* Bytes in front of the login; more than there are where that cannot be said yet. */
static size_t header_length(const struct connection *from)
{
    if (from->length < HEADER)
        return sizeof from->in;
    return HEADER + ((size_t)from->in[14] << 8 | from->in[15]);
}

/* False when the connection is over. */
static bool receive(int fd, bool skip)
{
    /* One char server, and the rest zeroes. */
    static const uint8_t answer[ANSWER] = {0x69, 0, ANSWER};
    struct connection *from = &connections[fd];
    ssize_t got = recv(fd, from->in + from->length, sizeof from->in - from->length, 0);
    size_t before;

    if (got <= 0)
        return false;
    from->length += (size_t)got;
    before = skip ? header_length(from) : 0;
    if (from->length < before + LOGIN)
        return true;
    from->length = 0;
    return send(fd, answer, sizeof answer, MSG_NOSIGNAL) == ANSWER;
}

static void serve(int listener, int poll, bool skip)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(poll, events, EVENTS, -1), i, fd;

    for (i = 0; i < count; i++) {
        fd = events[i].data.fd;
        if (fd == listener) {
            struct epoll_event event = {.events = EPOLLIN};

            event.data.fd = accept(listener, NULL, NULL);
            if (event.data.fd >= CONNECTIONS)
                close(event.data.fd);
            else if (event.data.fd >= 0 &&
                     epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event) == 0)
                connections[event.data.fd].length = 0;
        } else if (!receive(fd, skip)) {
            close(fd);
        }
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    struct epoll_event event = {.events = EPOLLIN};
    int listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0), yes = 1;
    bool skip = argc == 3 && strcmp(argv[2], "skip") == 0;

    if (argc < 2 || (argc > 2 && !skip)) {
        fputs("usage: bench_bare PORT [skip]\n", stderr);
        return 2;
    }
    at.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    event.data.fd = listener;
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 4096) != 0 ||
        epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event) != 0) {
        perror("bench_bare");
        return 1;
    }
    for (;;)
        serve(listener, poll, skip);
}
