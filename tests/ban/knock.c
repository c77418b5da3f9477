// SPDX-License-Identifier: MIT
/* Tries one door all the time, from one address, as somebody does who is banned and waits for a
 * moment without a list.
 *
 *     knock FROM PORT     until SIGTERM
 *
 * A try is a connection from FROM to 127.0.0.1:PORT, a request, and any answer to it: whoever gets
 * one was let in. At the end it prints "TRIES tried, N let in". */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ending;

static void end(int signal)
{
    (void)signal;
    ending = 1;
}

static struct sockaddr_in at(const char *address, int port)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};

    if (inet_pton(AF_INET, address, &place.sin_addr) != 1) {
        fprintf(stderr, "knock: no address: %s\n", address);
        exit(2);
    }
    return place;
}

/* Whether it was let in. */
static int try(const struct sockaddr_in *from, const struct sockaddr_in *to)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    const struct timeval limit = {5, 0};
    const struct linger at_once = {1, 0}; /* leaves no port behind that waits */
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char answer;
    int in;

    if (fd < 0)
        return 0;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    in = bind(fd, (const struct sockaddr *)from, sizeof *from) == 0 &&
         connect(fd, (const struct sockaddr *)to, sizeof *to) == 0 &&
         send(fd, request, sizeof request - 1, MSG_NOSIGNAL) > 0 && recv(fd, &answer, 1, 0) > 0;
    close(fd);
    return in;
}

int main(int argc, char **argv)
{
    struct sockaddr_in from, to;
    const struct timespec pause = {0, 300000};
    unsigned long tries = 0, let_in = 0;

    if (argc != 3) {
        fprintf(stderr, "knock FROM PORT\n");
        return 2;
    }
    from = at(argv[1], 0);
    to = at("127.0.0.1", atoi(argv[2]));
    signal(SIGTERM, end);
    while (!ending) {
        let_in += (unsigned long)try(&from, &to);
        tries++;
        nanosleep(&pause, NULL); /* leaves the machine to whom it tries */
    }
    printf("%lu tried, %lu let in\n", tries, let_in);
    return 0;
}
