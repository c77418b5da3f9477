// SPDX-License-Identifier: MIT
#include "platform.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#    include <winsock2.h>
#    include <ws2tcpip.h>
#    include <windows.h>
#    include <iphlpapi.h>
#else
#    include <ifaddrs.h>
#    include <netinet/in.h>
#    include <pthread.h>
#    include <signal.h>
#    include <sys/mman.h>
#    include <sys/resource.h>
#    include <sys/socket.h>
#    include <time.h>
#    include <unistd.h>
#endif

/* ---- memory ---- */

#define PLATFORM_LARGE_PAGE  ((size_t)2 << 20)
#define PLATFORM_LARGE_BLOCK (2 * PLATFORM_LARGE_PAGE) /* from this size on */

void *ropp_alloc_large(size_t size)
{
#ifdef MADV_HUGEPAGE
    void *block;

    if (size >= PLATFORM_LARGE_BLOCK) {
        if (posix_memalign(&block, PLATFORM_LARGE_PAGE, size) != 0)
            return NULL;
        (void)madvise(block, size, MADV_HUGEPAGE); /* without, the pages are small */
        return block;
    }
#endif
    return malloc(size);
}

/* ---- time and place ---- */

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

typedef ULONG(WINAPI *platform_adapters)(ULONG family, ULONG flags, void *reserved,
                                         IP_ADAPTER_ADDRESSES *out, ULONG *size);

/* The adapters and their addresses, to be freed; NULL when there is no way to know. It says itself
 * how much room they take, and there may be more of them a moment later. */
static IP_ADAPTER_ADDRESSES *platform_list(platform_adapters list_adapters)
{
    const ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER |
                        GAA_FLAG_SKIP_FRIENDLY_NAME;
    IP_ADAPTER_ADDRESSES *list = NULL;
    ULONG size = 0, result;

    while ((result = list_adapters(AF_UNSPEC, flags, NULL, list, &size)) == ERROR_BUFFER_OVERFLOW) {
        free(list);
        list = (IP_ADAPTER_ADDRESSES *)malloc(size);
        if (list == NULL)
            return NULL;
    }
    if (result == ERROR_SUCCESS)
        return list;
    free(list);
    return NULL;
}

/* The library is asked for here, since no emulator's list of libraries has it. */
size_t ropp_own_addresses(struct ropp_addr out[ROPP_OWN_ADDRESSES])
{
    HMODULE library = LoadLibraryA("iphlpapi.dll");
    FARPROC found = library != NULL ? GetProcAddress(library, "GetAdaptersAddresses") : NULL;
    IP_ADAPTER_ADDRESSES *list = NULL, *adapter;
    IP_ADAPTER_UNICAST_ADDRESS *own;
    size_t count = 0;

    out[count++] = ropp_addr_v4(UINT32_C(0x7f000001));
    if (found != NULL)
        list = platform_list((platform_adapters)(void (*)(void))found);
    for (adapter = list; adapter != NULL; adapter = adapter->Next)
        for (own = adapter->FirstUnicastAddress; own != NULL; own = own->Next)
            count = platform_add_address(own->Address.lpSockaddr, out, count);
    free(list);
    if (library != NULL)
        FreeLibrary(library);
    return count;
}

void ropp_network_error(char out[ROPP_NETWORK_ERROR_TEXT])
{
    snprintf(out, ROPP_NETWORK_ERROR_TEXT, "WSA error %d", WSAGetLastError());
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

/* Its whole name: the one of GetComputerName ends after 15 letters, and machines of one owner often
 * differ in the last. As UTF-8, which the database is spoken to in. */
void ropp_host_name(char out[ROPP_HOST_TEXT])
{
    wchar_t name[ROPP_HOST_TEXT];
    DWORD size = ROPP_HOST_TEXT;
    int length, written = 0;

    if (!GetComputerNameExW(ComputerNameDnsHostname, name, &size)) {
        strcpy(out, "unknown");
        return;
    }
    for (length = (int)size; length > 0 && written == 0; length--)
        written =
            WideCharToMultiByte(CP_UTF8, 0, name, length, out, ROPP_HOST_TEXT - 1, NULL, NULL);
    out[written] = '\0';
}

unsigned ropp_process_id(void)
{
    return (unsigned)GetCurrentProcessId();
}

unsigned ropp_descriptor_limit(void)
{
    return UINT_MAX;
}

int ropp_next_descriptor(int fd)
{
    (void)fd;
    return 0;
}

typedef SOCKET platform_socket;

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

void ropp_network_error(char out[ROPP_NETWORK_ERROR_TEXT])
{
    snprintf(out, ROPP_NETWORK_ERROR_TEXT, "%s", strerror(errno));
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

unsigned ropp_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= UINT_MAX)
        return UINT_MAX;
    return (unsigned)limit.rlim_cur;
}

int ropp_next_descriptor(int fd)
{
    int next = dup(fd);

    if (next >= 0)
        (void)close(next);
    return next;
}

typedef int platform_socket;

#endif

unsigned ropp_local_port(intptr_t socket)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;

    memset(&address, 0, sizeof address);
    if (getsockname((platform_socket)socket, (struct sockaddr *)&address, &size) != 0)
        return 0;
    if (address.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)&address)->sin_port);
    return address.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&address)->sin6_port) : 0;
}

/* ---- the thread ---- */

struct platform_thread {
#ifdef _WIN32
    HANDLE id;
    CRITICAL_SECTION lock;
    CONDITION_VARIABLE changed;
#else
    pthread_t id;
    pthread_mutex_t lock;
    pthread_cond_t changed;
#endif
    bool stopping, ended; /* under the lock */
    void (*run)(void *argument);
    void *argument;
};

static void platform_main(struct platform_thread *own);

#ifdef _WIN32

static void platform_init(struct platform_thread *own)
{
    InitializeCriticalSection(&own->lock);
    InitializeConditionVariable(&own->changed);
}

static void platform_destroy(struct platform_thread *own)
{
    DeleteCriticalSection(&own->lock);
}

static void platform_lock(struct platform_thread *own)
{
    EnterCriticalSection(&own->lock);
}

static void platform_unlock(struct platform_thread *own)
{
    LeaveCriticalSection(&own->lock);
}

static void platform_wake(struct platform_thread *own)
{
    WakeAllConditionVariable(&own->changed);
}

static void platform_sleep(struct platform_thread *own, int64_t ms)
{
    SleepConditionVariableCS(&own->changed, &own->lock, (DWORD)ms);
}

static DWORD WINAPI platform_entry(void *argument)
{
    SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_BELOW_NORMAL);
    platform_main((struct platform_thread *)argument);
    return 0;
}

static bool platform_spawn(struct platform_thread *own)
{
    own->id = CreateThread(NULL, 0, platform_entry, own, 0, NULL);
    return own->id != NULL;
}

static void platform_join(struct platform_thread *own)
{
    WaitForSingleObject(own->id, INFINITE);
    CloseHandle(own->id);
}

#else

#    ifdef __APPLE__
#        define PLATFORM_COND_CLOCK CLOCK_REALTIME
#    else
#        define PLATFORM_COND_CLOCK CLOCK_MONOTONIC
#    endif

/* With these attributes nothing here can fail. */
static void platform_init(struct platform_thread *own)
{
    pthread_condattr_t attributes;

    pthread_mutex_init(&own->lock, NULL);
    pthread_condattr_init(&attributes);
#    ifndef __APPLE__
    pthread_condattr_setclock(&attributes, PLATFORM_COND_CLOCK);
#    endif
    pthread_cond_init(&own->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void platform_destroy(struct platform_thread *own)
{
    pthread_cond_destroy(&own->changed);
    pthread_mutex_destroy(&own->lock);
}

static void platform_lock(struct platform_thread *own)
{
    pthread_mutex_lock(&own->lock);
}

static void platform_unlock(struct platform_thread *own)
{
    pthread_mutex_unlock(&own->lock);
}

static void platform_wake(struct platform_thread *own)
{
    pthread_cond_broadcast(&own->changed);
}

static void platform_sleep(struct platform_thread *own, int64_t ms)
{
    int64_t end_ms = platform_clock_ms(PLATFORM_COND_CLOCK) + ms;
    struct timespec end;

    end.tv_sec = (time_t)(end_ms / 1000);
    end.tv_nsec = (long)(end_ms % 1000) * 1000000;
    (void)pthread_cond_timedwait(&own->changed, &own->lock, &end); /* who calls looks at the time */
}

static void *platform_entry(void *argument)
{
#    ifdef __linux__
    /* Here a nice value is the thread's own. Without it the thread only has the usual priority. */
    (void)!nice(10);
#    endif
    platform_main((struct platform_thread *)argument);
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
    started = pthread_create(&own->id, NULL, platform_entry, own) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void platform_join(struct platform_thread *own)
{
    pthread_join(own->id, NULL);
}

#endif

static void platform_main(struct platform_thread *own)
{
    own->run(own->argument);
    platform_lock(own);
    own->ended = true;
    platform_wake(own);
    platform_unlock(own);
}

static void platform_free(struct ropp_thread *thread)
{
    struct platform_thread *own = (struct platform_thread *)thread->state;

    platform_destroy(own);
    free(own);
    thread->state = NULL;
}

/* Waits, with the lock held, until the flag is set; returns whether it is. */
static bool platform_await(struct platform_thread *own, const bool *flag, unsigned wait_ms)
{
    int64_t end_ms = ropp_now_ms() + wait_ms, left_ms;

    while (!*flag && (left_ms = end_ms - ropp_now_ms()) > 0)
        platform_sleep(own, left_ms);
    return *flag;
}

bool ropp_thread_start(struct ropp_thread *thread, void (*run)(void *argument), void *argument)
{
    struct platform_thread *own = (struct platform_thread *)calloc(1, sizeof *own);

    if (own == NULL)
        return false;
    own->run = run;
    own->argument = argument;
    platform_init(own);
    thread->state = own;
    if (platform_spawn(own))
        return true;
    platform_free(thread);
    return false;
}

bool ropp_thread_wait(struct ropp_thread *thread, unsigned wait_ms)
{
    struct platform_thread *own = (struct platform_thread *)thread->state;
    bool stopping;

    platform_lock(own);
    stopping = platform_await(own, &own->stopping, wait_ms);
    platform_unlock(own);
    return !stopping;
}

bool ropp_thread_stop(struct ropp_thread *thread, unsigned wait_ms)
{
    struct platform_thread *own = (struct platform_thread *)thread->state;
    bool ended;

    if (own == NULL)
        return true;
    platform_lock(own);
    own->stopping = true;
    platform_wake(own);
    ended = platform_await(own, &own->ended, wait_ms);
    platform_unlock(own);
    if (!ended)
        return false;
    platform_join(own); /* it is on its last lines */
    platform_free(thread);
    return true;
}

/* ---- words that two threads share ---- */

#ifdef _WIN32

void *ropp_exchange(void **slot, void *value)
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

bool ropp_compare_exchange(uint32_t *word, uint32_t expected, uint32_t value)
{
    return (uint32_t)InterlockedCompareExchange((volatile LONG *)word, (LONG)value,
                                                (LONG)expected) == expected;
}

uint32_t ropp_load_relaxed(const uint32_t *word)
{
    return *(const volatile uint32_t *)word;
}

void ropp_store_relaxed(uint32_t *word, uint32_t value)
{
    *(volatile uint32_t *)word = value;
}

#else

void *ropp_exchange(void **slot, void *value)
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

bool ropp_compare_exchange(uint32_t *word, uint32_t expected, uint32_t value)
{
    return __atomic_compare_exchange_n(word, &expected, value, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

uint32_t ropp_load_relaxed(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

void ropp_store_relaxed(uint32_t *word, uint32_t value)
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
