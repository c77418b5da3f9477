// SPDX-License-Identifier: MIT
/* How the fake emulator numbers the system's sockets: as the system does, but on Windows, where a
 * number is a place in an array. ROOM is the size of that. */
#ifndef ROPP_TEST_GLUE_SOCKETS_H
#define ROPP_TEST_GLUE_SOCKETS_H

#ifdef _WIN32

#    include <winsock2.h>
#    include <ws2tcpip.h>

static SOCKET socket_of[ROOM];
#    define fd2sock(fd)    socket_of[fd]
#    define EMU_SOCKET(fd) fd2sock(fd)
#    define EMU_NO_ROOM    "WSA error 10048"

static int emu_socket(void)
{
    WSADATA unused;
    int fd = 7; /* no number of the system's: those are multiples of four */

    assert_int_equal(WSAStartup(MAKEWORD(2, 2), &unused), 0);
    fd2sock(fd) = socket(AF_INET, SOCK_STREAM, 0);
    return fd;
}

static void emu_forget(int fd)
{
    assert_int_equal(closesocket(fd2sock(fd)), 0);
    fd2sock(fd) = INVALID_SOCKET;
}

static void emu_no_room(void)
{
    WSASetLastError(WSAEADDRINUSE);
}

#else

#    include <arpa/inet.h>
#    include <errno.h>
#    include <sys/socket.h>
#    include <unistd.h>

#    define SOCKET_ERROR   (-1)
#    define EMU_SOCKET(fd) (fd)
#    define EMU_NO_ROOM    "Address already in use"

static int emu_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

static void emu_forget(int fd)
{
    assert_int_equal(close(fd), 0);
}

static void emu_no_room(void)
{
    errno = EADDRINUSE;
}

#endif

/* Takes some port of loopback; returns the descriptor. */
static int emu_bind(unsigned *port)
{
    int fd = emu_socket();
    struct sockaddr_in at;
    socklen_t size = sizeof at;

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(EMU_SOCKET(fd), (struct sockaddr *)&at, size), 0);
    assert_int_equal(getsockname(EMU_SOCKET(fd), (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

#endif
