#include "platform.h"

#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#    include <winsock2.h>
#    include <ws2tcpip.h>
#    include <windows.h>
#else
#    include <ifaddrs.h>
#    include <netinet/in.h>
#    include <pthread.h>
#    include <signal.h>
#    include <sys/socket.h>
#    include <time.h>
#    include <unistd.h>
#endif

/* Adds the address of a socket, if it is one of the two families, and there is room. */
static size_t platform_add_address(const struct sockaddr *from,
                                   struct ropp_addr out[ROPP_OWN_ADDRESSES], size_t count)
{
    struct ropp_addr *addr = &out[count];

    if (from == NULL || count == ROPP_OWN_ADDRESSES)
        return count;
    memset(addr, 0, sizeof *addr);
    if (from->sa_family == AF_INET) {
        addr->family = ROPP_FAMILY_INET;
        memcpy(addr->bytes, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
        return count + 1;
    }
    if (from->sa_family != AF_INET6)
        return count;
    addr->family = ROPP_FAMILY_INET6;
    memcpy(addr->bytes, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
    ropp_addr_unmap(addr);
    return count + 1;
}

#ifdef _WIN32

size_t ropp_own_addresses(struct ropp_addr out[ROPP_OWN_ADDRESSES])
{
    struct addrinfo *list = NULL, *info;
    char host[ROPP_HOST_TEXT];
    size_t count = 0;

    out[count++] = ropp_addr_v4(UINT32_C(0x7f000001));
    ropp_host_name(host);
    if (getaddrinfo(host, NULL, NULL, &list) != 0)
        return count;
    for (info = list; info != NULL; info = info->ai_next)
        count = platform_add_address(info->ai_addr, out, count);
    freeaddrinfo(list);
    return count;
}

int64_t ropp_now_ms(void)
{
    return (int64_t)GetTickCount64();
}

int64_t ropp_wall_ms(void)
{
    FILETIME time;
    ULARGE_INTEGER ticks; /* of 100 ns, since 1601 */

    GetSystemTimeAsFileTime(&time);
    ticks.LowPart = time.dwLowDateTime;
    ticks.HighPart = time.dwHighDateTime;
    return (int64_t)(ticks.QuadPart / 10000) - INT64_C(11644473600000);
}

void ropp_host_name(char out[ROPP_HOST_TEXT])
{
    DWORD size = ROPP_HOST_TEXT;

    if (!GetComputerNameA(out, &size))
        strcpy(out, "unknown");
}

unsigned ropp_process_id(void)
{
    return (unsigned)GetCurrentProcessId();
}

unsigned ropp_local_port(int fd)
{
    (void)fd; /* rAthena's descriptors are numbers of its own here */
    return 0;
}

struct platform_thread {
    HANDLE handle;
    CRITICAL_SECTION lock;
    CONDITION_VARIABLE changed;
    bool stopping, ended; /* under the lock */
    void (*run)(void *argument);
    void *argument;
};

static DWORD WINAPI platform_main(void *argument)
{
    struct platform_thread *own = (struct platform_thread *)argument;

    SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_BELOW_NORMAL);
    own->run(own->argument);
    EnterCriticalSection(&own->lock);
    own->ended = true;
    WakeAllConditionVariable(&own->changed);
    LeaveCriticalSection(&own->lock);
    return 0;
}

bool ropp_thread_start(struct ropp_thread *thread, void (*run)(void *argument), void *argument)
{
    struct platform_thread *own = (struct platform_thread *)calloc(1, sizeof *own);

    if (own == NULL)
        return false;
    own->run = run;
    own->argument = argument;
    InitializeCriticalSection(&own->lock);
    InitializeConditionVariable(&own->changed);
    thread->state = own;
    own->handle = CreateThread(NULL, 0, platform_main, own, 0, NULL);
    if (own->handle != NULL)
        return true;
    DeleteCriticalSection(&own->lock);
    free(own);
    thread->state = NULL;
    return false;
}

static bool platform_await(struct platform_thread *own, const bool *flag, unsigned wait_ms)
{
    int64_t end_ms = ropp_now_ms() + wait_ms, left_ms;

    while (!*flag && (left_ms = end_ms - ropp_now_ms()) > 0)
        SleepConditionVariableCS(&own->changed, &own->lock, (DWORD)left_ms);
    return *flag;
}

bool ropp_thread_wait(struct ropp_thread *thread, unsigned wait_ms)
{
    struct platform_thread *own = (struct platform_thread *)thread->state;
    bool stopping;

    EnterCriticalSection(&own->lock);
    stopping = platform_await(own, &own->stopping, wait_ms);
    LeaveCriticalSection(&own->lock);
    return !stopping;
}

bool ropp_thread_stop(struct ropp_thread *thread, unsigned wait_ms)
{
    struct platform_thread *own = (struct platform_thread *)thread->state;
    bool ended;

    if (own == NULL)
        return true;
    EnterCriticalSection(&own->lock);
    own->stopping = true;
    WakeAllConditionVariable(&own->changed);
    ended = platform_await(own, &own->ended, wait_ms);
    LeaveCriticalSection(&own->lock);
    if (!ended)
        return false;
    WaitForSingleObject(own->handle, INFINITE); /* it is on its last lines */
    CloseHandle(own->handle);
    DeleteCriticalSection(&own->lock);
    free(own);
    thread->state = NULL;
    return true;
}

#else

size_t ropp_own_addresses(struct ropp_addr out[ROPP_OWN_ADDRESSES])
{
    struct ifaddrs *list = NULL, *own;
    size_t count = 0;

    out[count++] = ropp_addr_v4(UINT32_C(0x7f000001));
    if (getifaddrs(&list) != 0)
        return count;
    for (own = list; own != NULL; own = own->ifa_next)
        count = platform_add_address(own->ifa_addr, out, count);
    freeifaddrs(list);
    return count;
}

static int64_t platform_clock_ms(clockid_t clock)
{
    struct timespec now;

    /* It cannot fail: the clocks exist on every system we build on and the pointer is good. Zero
     * would only make deadlines late. */
    if (clock_gettime(clock, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t ropp_now_ms(void)
{
    return platform_clock_ms(CLOCK_MONOTONIC);
}

int64_t ropp_wall_ms(void)
{
    return platform_clock_ms(CLOCK_REALTIME);
}

void ropp_host_name(char out[ROPP_HOST_TEXT])
{
    if (gethostname(out, ROPP_HOST_TEXT - 1) != 0)
        strcpy(out, "unknown");
    out[ROPP_HOST_TEXT - 1] = '\0';
}

unsigned ropp_process_id(void)
{
    return (unsigned)getpid();
}

unsigned ropp_local_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;

    memset(&address, 0, sizeof address);
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return 0;
    if (address.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)&address)->sin_port);
    return address.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&address)->sin6_port) : 0;
}

struct platform_thread {
    pthread_t id;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stopping, ended; /* under the lock */
    void (*run)(void *argument);
    void *argument;
};

static void *platform_main(void *argument)
{
    struct platform_thread *own = (struct platform_thread *)argument;

#    ifdef __linux__
    /* Here a nice value is the thread's own. When it cannot be had, nothing is lost but manners. */
    (void)!nice(10);
#    endif
    own->run(own->argument);
    pthread_mutex_lock(&own->lock);
    own->ended = true;
    pthread_cond_broadcast(&own->changed);
    pthread_mutex_unlock(&own->lock);
    return NULL;
}

/* Every signal is the emulator's. */
static bool platform_spawn(struct platform_thread *own)
{
    sigset_t all, before;
    bool started;

    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return false;
    started = pthread_create(&own->id, NULL, platform_main, own) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void platform_free(struct platform_thread *own)
{
    pthread_cond_destroy(&own->changed);
    pthread_mutex_destroy(&own->lock);
    free(own);
}

bool ropp_thread_start(struct ropp_thread *thread, void (*run)(void *argument), void *argument)
{
    struct platform_thread *own = (struct platform_thread *)calloc(1, sizeof *own);
    pthread_condattr_t by_monotonic;

    if (own == NULL)
        return false;
    own->run = run;
    own->argument = argument;
    /* With these attributes neither can fail. */
    pthread_mutex_init(&own->lock, NULL);
    pthread_condattr_init(&by_monotonic);
#    ifndef __APPLE__
    pthread_condattr_setclock(&by_monotonic, CLOCK_MONOTONIC);
#    endif
    pthread_cond_init(&own->changed, &by_monotonic);
    pthread_condattr_destroy(&by_monotonic);
    thread->state = own;
    if (platform_spawn(own))
        return true;
    platform_free(own);
    thread->state = NULL;
    return false;
}

/* Waits, with the lock held, until the flag is set; tells whether it is. */
static bool platform_await(struct platform_thread *own, const bool *flag, unsigned wait_ms)
{
    struct timespec end;

#    ifdef __APPLE__
    clock_gettime(CLOCK_REALTIME, &end);
#    else
    clock_gettime(CLOCK_MONOTONIC, &end);
#    endif
    end.tv_sec += wait_ms / 1000;
    end.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_nsec -= 1000000000;
        end.tv_sec++;
    }
    while (!*flag)
        if (pthread_cond_timedwait(&own->changed, &own->lock, &end) != 0)
            break;
    return *flag;
}

bool ropp_thread_wait(struct ropp_thread *thread, unsigned wait_ms)
{
    struct platform_thread *own = (struct platform_thread *)thread->state;
    bool stopping;

    pthread_mutex_lock(&own->lock);
    stopping = platform_await(own, &own->stopping, wait_ms);
    pthread_mutex_unlock(&own->lock);
    return !stopping;
}

bool ropp_thread_stop(struct ropp_thread *thread, unsigned wait_ms)
{
    struct platform_thread *own = (struct platform_thread *)thread->state;
    bool ended;

    if (own == NULL)
        return true;
    pthread_mutex_lock(&own->lock);
    own->stopping = true;
    pthread_cond_broadcast(&own->changed);
    ended = platform_await(own, &own->ended, wait_ms);
    pthread_mutex_unlock(&own->lock);
    if (!ended)
        return false;
    pthread_join(own->id, NULL); /* it is on its last lines */
    platform_free(own);
    thread->state = NULL;
    return true;
}

#endif

#ifdef _MSC_VER

void *ropp_swap(void **slot, void *value)
{
    return InterlockedExchangePointer(slot, value);
}

/* Every Interlocked call is a full barrier, and every aligned word is read and written whole. */
uint32_t ropp_load(const uint32_t *word)
{
    return (uint32_t)InterlockedOr((volatile LONG *)word, 0);
}

void ropp_store(uint32_t *word, uint32_t value)
{
    InterlockedExchange((volatile LONG *)word, (LONG)value);
}

bool ropp_store_if(uint32_t *word, uint32_t expected, uint32_t value)
{
    return (uint32_t)InterlockedCompareExchange((volatile LONG *)word, (LONG)value,
                                                (LONG)expected) == expected;
}

uint32_t ropp_peek(const uint32_t *word)
{
    return *(const volatile uint32_t *)word;
}

void ropp_poke(uint32_t *word, uint32_t value)
{
    *(volatile uint32_t *)word = value;
}

#else

void *ropp_swap(void **slot, void *value)
{
    return __atomic_exchange_n(slot, value, __ATOMIC_ACQ_REL);
}

uint32_t ropp_load(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

void ropp_store(uint32_t *word, uint32_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

bool ropp_store_if(uint32_t *word, uint32_t expected, uint32_t value)
{
    return __atomic_compare_exchange_n(word, &expected, value, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

uint32_t ropp_peek(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

void ropp_poke(uint32_t *word, uint32_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELAXED);
}

#endif

#if defined(__GNUC__) && defined(__GCC_ATOMIC_LLONG_LOCK_FREE) && __GCC_ATOMIC_LLONG_LOCK_FREE == 2

void ropp_count(uint64_t *counter)
{
    __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + 1, __ATOMIC_RELAXED);
}

uint64_t ropp_counted(const uint64_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

#else

/* Where a machine cannot read such a word at once, a reader may see half a change of a statistic.
 */
void ropp_count(uint64_t *counter)
{
    ++*(volatile uint64_t *)counter;
}

uint64_t ropp_counted(const uint64_t *counter)
{
    return *(const volatile uint64_t *)counter;
}

#endif
