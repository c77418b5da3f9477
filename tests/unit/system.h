// SPDX-License-Identifier: MIT
/* What the test of module/platform.c asks of the system itself, to compare with. Its linker puts our
 * function in the place of the one that makes threads. */
#ifndef ROPP_UNIT_SYSTEM_H
#define ROPP_UNIT_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

static bool system_has_no_threads; /* to give */

#ifdef _WIN32

#    include <winsock2.h>
#    include <ws2tcpip.h>
#    include <windows.h>
#    include <iphlpapi.h>
#    include <stdlib.h>
#    include <string.h>

#    include "tests/unit/unit.h"

typedef SOCKET system_socket;
#    define SYSTEM_NO_SOCKET    INVALID_SOCKET
#    define SYSTEM_NOT_A_SOCKET "WSA error 10038"

static void system_begin(void)
{
    WSADATA unused;

    if (WSAStartup(MAKEWORD(2, 2), &unused) != 0)
        exit(1);
}

static void system_close(system_socket fd)
{
    assert_int_equal(closesocket(fd), 0);
}

/* A socket that has no port: here there is none but one that was not bound. */
static system_socket system_portless(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

static void system_pause(unsigned ms)
{
    Sleep(ms);
}

static void system_host_name(char *out, size_t size)
{
    assert_int_equal(gethostname(out, (int)size), 0);
}

/* How many addresses all adapters have; the first `room` of them are left in `out`. */
static size_t system_addresses(struct sockaddr_storage *out, size_t room)
{
    static union {
        IP_ADAPTER_ADDRESSES first;
        char bytes[65536];
    } list;
    ULONG size = sizeof list;
    IP_ADAPTER_ADDRESSES *adapter;
    IP_ADAPTER_UNICAST_ADDRESS *one;
    size_t count = 0;

    assert_int_equal(GetAdaptersAddresses(AF_UNSPEC, 0, NULL, &list.first, &size), ERROR_SUCCESS);
    for (adapter = &list.first; adapter != NULL; adapter = adapter->Next)
        for (one = adapter->FirstUnicastAddress; one != NULL; one = one->Next, count++)
            if (count < room)
                memcpy(&out[count], one->Address.lpSockaddr, (size_t)one->Address.iSockaddrLength);
    return count;
}

/* There are no signals. */
static bool system_signals_blocked(void)
{
    return true;
}

static void system_signals_arrive(void)
{
}

static int system_priority(void)
{
    return GetThreadPriority(GetCurrentThread());
}

static int system_lower_priority(void)
{
    return THREAD_PRIORITY_BELOW_NORMAL;
}

/* What is linked with a library of the system's calls it by a pointer. */
typedef HANDLE(WINAPI *system_create)(SECURITY_ATTRIBUTES *attributes, SIZE_T stack,
                                      LPTHREAD_START_ROUTINE run, void *argument, DWORD flags,
                                      DWORD *id);
extern system_create __real___imp_CreateThread, __wrap___imp_CreateThread;

static HANDLE WINAPI system_create_thread(SECURITY_ATTRIBUTES *attributes, SIZE_T stack,
                                          LPTHREAD_START_ROUTINE run, void *argument, DWORD flags,
                                          DWORD *id)
{
    return system_has_no_threads
               ? NULL
               : __real___imp_CreateThread(attributes, stack, run, argument, flags, id);
}

system_create __wrap___imp_CreateThread = system_create_thread;

#else

#    include <errno.h>
#    include <ifaddrs.h>
#    include <netinet/in.h>
#    include <pthread.h>
#    include <signal.h>
#    include <string.h>
#    include <sys/resource.h>
#    include <sys/socket.h>
#    include <sys/syscall.h>
#    include <time.h>
#    include <unistd.h>

#    include "tests/unit/unit.h"

typedef int system_socket;
#    define SYSTEM_NO_SOCKET    (-1)
#    define SYSTEM_NOT_A_SOCKET "Bad file descriptor"

static void system_begin(void)
{
}

static void system_close(system_socket fd)
{
    assert_int_equal(close(fd), 0);
}

/* A socket that has no port. */
static system_socket system_portless(void)
{
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(close(pair[1]), 0);
    return pair[0];
}

static void system_pause(unsigned ms)
{
    struct timespec pause = {0, (long)ms * 1000000};

    assert_int_equal(nanosleep(&pause, NULL), 0);
}

static void system_host_name(char *out, size_t size)
{
    assert_int_equal(gethostname(out, size), 0);
}

/* How many addresses all interfaces have; the first `room` of them are left in `out`. */
static size_t system_addresses(struct sockaddr_storage *out, size_t room)
{
    struct ifaddrs *all, *one;
    size_t count = 0;

    assert_int_equal(getifaddrs(&all), 0);
    for (one = all; one != NULL; one = one->ifa_next) {
        if (one->ifa_addr == NULL ||
            (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6))
            continue;
        if (count < room)
            memcpy(&out[count], one->ifa_addr,
                   one->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                                       : sizeof(struct sockaddr_in6));
        count++;
    }
    freeifaddrs(all);
    return count;
}

/* Whether this thread takes none of the process's signals. */
static bool system_signals_blocked(void)
{
    sigset_t blocked;

    return pthread_sigmask(SIG_SETMASK, NULL, &blocked) == 0 && sigismember(&blocked, SIGTERM) &&
           sigismember(&blocked, SIGINT) && sigismember(&blocked, SIGUSR1);
}

static void system_signals_arrive(void)
{
    assert_false(system_signals_blocked());
}

static int system_priority(void)
{
    return getpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid));
}

/* What a thread's is that steps back. */
static int system_lower_priority(void)
{
    int own = getpriority(PRIO_PROCESS, 0);

    return own + 10 > 19 ? 19 : own + 10;
}

int __real_pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);
int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);

int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument)
{
    return system_has_no_threads ? EAGAIN : __real_pthread_create(id, attributes, run, argument);
}

#endif

#endif
