// SPDX-License-Identifier: MIT
/* How long the turns of a server's loop take: loaded before libc (LD_PRELOAD), it is between
 * the server and the call that waits for the network, and measures what is between two such
 * calls.
 *
 *   cc -shared -fPIC -O2 tests/bench/turns.c -o turns.so
 *   LD_PRELOAD=./turns.so ROPP_TURNS=FILE ./map-server
 *
 * FILE becomes rows of four numbers of eight bytes, one row for each second of an hour: turns, the
 * longest one in nanoseconds of time, the longest one in nanoseconds of the processor, turns longer
 * than a millisecond of time. Time also grows by what else runs on the machine; the processor's
 * does not, but knows nothing of waiting. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#define ROWS 3600 /* an hour */

struct row {
    uint64_t turns, longest_ns, longest_cpu_ns, long_turns;
};

static struct row *rows; /* NULL: nobody wants to know */
static uint64_t turn_ns, turn_cpu_ns;

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("ROPP_TURNS");
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CREAT, 0644);
    void *memory = MAP_FAILED;

    if (file >= 0 && ftruncate(file, ROWS * sizeof *rows) == 0)
        memory = mmap(NULL, ROWS * sizeof *rows, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file >= 0)
        close(file);
    if (memory != MAP_FAILED)
        rows = (struct row *)memory;
}

/* A turn ends with the call that waits. */
static void turn_ends(void)
{
    uint64_t now_ns, cpu_ns;
    struct row *row;

    if (rows == NULL || turn_ns == 0)
        return;
    now_ns = clock_ns(CLOCK_MONOTONIC);
    cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - turn_cpu_ns;
    row = &rows[time(NULL) % ROWS];
    row->turns++;
    if (now_ns - turn_ns > row->longest_ns)
        row->longest_ns = now_ns - turn_ns;
    if (cpu_ns > row->longest_cpu_ns)
        row->longest_cpu_ns = cpu_ns;
    if (now_ns - turn_ns > 1000000)
        row->long_turns++;
}

static void turn_begins(void)
{
    if (rows == NULL)
        return;
    turn_cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    turn_ns = clock_ns(CLOCK_MONOTONIC);
}

int epoll_wait(int fd, struct epoll_event *events, int count, int timeout_ms)
{
    static int (*real)(int, struct epoll_event *, int, int);
    int result;

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "epoll_wait");
    turn_ends();
    result = real(fd, events, count, timeout_ms);
    turn_begins();
    return result;
}

int select(int count, fd_set *in, fd_set *out, fd_set *odd, struct timeval *timeout)
{
    static int (*real)(int, fd_set *, fd_set *, fd_set *, struct timeval *);
    int result;

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "select");
    turn_ends();
    result = real(count, in, out, odd, timeout);
    turn_begins();
    return result;
}
