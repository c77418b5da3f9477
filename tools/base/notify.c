// SPDX-License-Identifier: MIT
#include "tools/base/notify.h"

#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tools/base/decimal.h"

/* The address of the socket, whose size is returned; 0: there is none. A name that begins with '@'
 * is of Linux's own kind, without a file. */
static socklen_t address_of(struct sockaddr_un *address)
{
    const char *name = getenv("NOTIFY_SOCKET");
    size_t length = name != NULL ? strlen(name) : 0;

    if (length < 2 || length >= sizeof address->sun_path || (name[0] != '/' && name[0] != '@'))
        return 0;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, name, length);
    if (name[0] == '@')
        address->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

void ropp_notify(const char *format, ...)
{
    struct sockaddr_un address;
    socklen_t size = address_of(&address);
    char text[1024];
    va_list args;
    int fd;

    if (size == 0)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void)!sendto(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
                  (const struct sockaddr *)&address, size);
    close(fd);
}

int ropp_notify_watchdog_ms(void)
{
    const char *text = getenv("WATCHDOG_USEC");
    uint64_t limit_us;

    if (text == NULL || !ropp_decimal_read(text, 1, UINT64_C(1000) * INT_MAX, &limit_us))
        return 0;
    return (int)(limit_us / 1000);
}
