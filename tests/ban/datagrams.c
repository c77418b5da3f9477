// SPDX-License-Identifier: MIT
/* A service manager's ear: binds a datagram socket at PATH and prints what arrives, a line break
 * behind each.
 *
 *     datagrams PATH     until it is ended */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[4096];
    ssize_t size;
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    if (argc != 2 || strlen(argv[1]) >= sizeof address.sun_path)
        return 2;
    strcpy(address.sun_path, argv[1]);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        perror(argv[1]);
        return 2;
    }
    while ((size = recv(fd, text, sizeof text, 0)) >= 0) {
        printf("%.*s\n", (int)size, text);
        fflush(stdout);
    }
    return 1;
}
