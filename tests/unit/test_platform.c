// SPDX-License-Identifier: MIT
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#ifndef _WIN32
#    include <sys/resource.h>
#endif
#include <time.h>
#include <unistd.h>

#include "platform.h"
#include "tests/unit/system.h"
#include "tests/unit/unit.h"

static void test_clocks(void **state)
{
    int64_t before_ms = ropp_now_ms(), wall_ms = ropp_wall_ms();

    (void)state;
    assert_true(wall_ms / 1000 >= (int64_t)time(NULL) - 1 &&
                wall_ms / 1000 <= (int64_t)time(NULL) + 1);
    system_pause(40);
    assert_true(ropp_now_ms() - before_ms >= 20); /* some clocks go on by 16 ms at a time */
    assert_true(ropp_now_ms() - before_ms < 10000);
}

/* Small, just not large, and large; all of it is there. */
static void test_large_blocks(void **state)
{
    static const size_t sizes[] = {1, ((size_t)4 << 20) - 1, (size_t)4 << 20, 9000001};
    uint8_t *block;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        block = (uint8_t *)ropp_alloc_large(sizes[i]);
        assert_non_null(block);
        memset(block, 0x5a, sizes[i]);
        assert_int_equal(block[sizes[i] - 1], 0x5a);
#ifdef __linux__
        if (sizes[i] >= (size_t)4 << 20)
            assert_int_equal((uintptr_t)block % ((size_t)2 << 20), 0);
#endif
        free(block);
    }
}

static void test_names(void **state)
{
    char name[ROPP_HOST_TEXT + 1], real[256];

    (void)state;
    name[ROPP_HOST_TEXT] = '!';
    ropp_host_name(name);
    system_host_name(real, sizeof real);
    real[ROPP_HOST_TEXT - 1] = '\0';
    assert_string_equal(name, real);
    assert_int_equal(name[ROPP_HOST_TEXT], '!');
    assert_int_equal(ropp_process_id(), getpid());
}

static void test_how_many_descriptors(void **state)
{
#ifdef _WIN32
    (void)state;
    assert_int_equal(ropp_descriptor_limit(), UINT_MAX);
    assert_int_equal(ropp_next_descriptor(0), 0);
#else
    struct rlimit before, few;
    int pipes[2], next;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = 100;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    assert_int_equal(ropp_descriptor_limit(), 100);
    assert_int_equal(pipe(pipes), 0);
    next = ropp_next_descriptor(pipes[0]);
    assert_true(next > pipes[0] && next != pipes[1]);
    assert_int_equal(ropp_next_descriptor(pipes[0]), next); /* it has not been kept */
    few.rlim_cur = (rlim_t)next;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    assert_int_equal(ropp_next_descriptor(pipes[0]), -1);
    assert_int_equal(close(pipes[1]), 0);
    assert_int_equal(ropp_next_descriptor(pipes[0]), pipes[1]);
    assert_int_equal(close(pipes[0]), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
#endif
}

static bool is_one_of(const struct sockaddr_storage *all, size_t count,
                      const struct ropp_addr *addr)
{
    const struct sockaddr_in *v4;
    const struct sockaddr_in6 *v6;
    size_t i;

    for (i = 0; i < count; i++) {
        v4 = (const struct sockaddr_in *)&all[i];
        v6 = (const struct sockaddr_in6 *)&all[i];
        if (addr->family == ROPP_FAMILY_INET && all[i].ss_family == AF_INET &&
            memcmp(addr->bytes, &v4->sin_addr, 4) == 0)
            return true;
        if (addr->family == ROPP_FAMILY_INET6 && all[i].ss_family == AF_INET6 &&
            memcmp(addr->bytes, &v6->sin6_addr, 16) == 0)
            return true;
    }
    return false;
}

/* Loopback, whatever the system says, and then every interface's. */
static void test_own_addresses(void **state)
{
    struct ropp_addr own[ROPP_OWN_ADDRESSES], loopback = ropp_addr_v4(0x7f000001);
    static struct sockaddr_storage all[4 * ROPP_OWN_ADDRESSES];
    const size_t room = sizeof all / sizeof all[0];
    size_t count = system_addresses(all, room), expected = 1 + count, i;

    (void)state;
    if (expected > ROPP_OWN_ADDRESSES)
        expected = ROPP_OWN_ADDRESSES;
    assert_int_equal(ropp_own_addresses(own), expected);
    assert_memory_equal(&own[0], &loopback, sizeof loopback);
    for (i = 1; i < expected && count <= room; i++)
        assert_true(is_one_of(all, count, &own[i]));
}

/* ---- sockets ---- */

static system_socket bound(struct sockaddr *address, socklen_t size)
{
    system_socket fd = socket(address->sa_family, SOCK_STREAM, 0);

    if (fd == SYSTEM_NO_SOCKET)
        return fd;
    if (bind(fd, address, size) != 0 || getsockname(fd, address, &size) != 0) {
        system_close(fd);
        return SYSTEM_NO_SOCKET;
    }
    return fd;
}

static void test_local_port(void **state)
{
    struct sockaddr_in address;
    struct sockaddr_in6 address6;
    system_socket fd;

    (void)state;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = bound((struct sockaddr *)&address, sizeof address);
    assert_true(fd != SYSTEM_NO_SOCKET);
    assert_int_not_equal(address.sin_port, 0);
    assert_int_equal(ropp_local_port((intptr_t)fd), ntohs(address.sin_port));
    system_close(fd);
    assert_int_equal(ropp_local_port((intptr_t)fd), 0); /* no socket any more */

    /* A machine without IPv6 has no such socket to ask. */
    memset(&address6, 0, sizeof address6);
    address6.sin6_family = AF_INET6;
    address6.sin6_addr = in6addr_loopback;
    fd = bound((struct sockaddr *)&address6, sizeof address6);
    if (fd != SYSTEM_NO_SOCKET) {
        assert_int_equal(ropp_local_port((intptr_t)fd), ntohs(address6.sin6_port));
        system_close(fd);
    }

    fd = system_portless();
    assert_int_equal(ropp_local_port((intptr_t)fd), 0);
    if (fd != SYSTEM_NO_SOCKET)
        system_close(fd);
}

static void test_network_error(void **state)
{
    char text[ROPP_NETWORK_ERROR_TEXT + 1];

    (void)state;
    text[ROPP_NETWORK_ERROR_TEXT] = '!';
    assert_true(listen(SYSTEM_NO_SOCKET, 5) != 0);
    ropp_network_error(text);
    assert_string_equal(text, SYSTEM_NOT_A_SOCKET);
    assert_int_equal(text[ROPP_NETWORK_ERROR_TEXT], '!');
}

static void test_words(void **state)
{
    uint32_t word = 7;
    uint64_t counter = UINT32_MAX;
    void *slot = &word;

    (void)state;
    assert_ptr_equal(ropp_exchange(&slot, NULL), &word);
    assert_null(ropp_exchange(&slot, &counter));
    assert_ptr_equal(slot, &counter);
    ropp_store(&word, 8);
    assert_int_equal(ropp_load(&word), 8);
    assert_false(ropp_compare_exchange(&word, 7, 9));
    assert_int_equal(ropp_load_relaxed(&word), 8);
    assert_true(ropp_compare_exchange(&word, 8, 9));
    assert_int_equal(ropp_load_relaxed(&word), 9);
    ropp_store_relaxed(&word, 10);
    assert_int_equal(word, 10);
    ropp_count(&counter);
    assert_int_equal(ropp_counted(&counter), UINT64_C(0x100000000));
}

/* ---- a system without threads or memory to give ---- */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

static bool no_memory;

void *__wrap_calloc(size_t count, size_t size)
{
    return no_memory ? NULL : __real_calloc(count, size);
}

/* ---- the thread ---- */

struct job {
    struct ropp_thread thread;
    uint32_t turns;
    uint32_t go; /* to be set before it looks whether it is to end */
    bool all_signals_blocked;
    int priority;
};

static void do_turns(void *argument)
{
    struct job *job = (struct job *)argument;

    job->all_signals_blocked = system_signals_blocked();
    job->priority = system_priority();
    do
        ropp_store(&job->turns, ropp_load_relaxed(&job->turns) + 1);
    while (ropp_thread_wait(&job->thread, 1));
}

static void do_wait_for_ever(void *argument)
{
    struct job *job = (struct job *)argument;

    while (ropp_thread_wait(&job->thread, 60000))
        continue;
}

static void do_not_listen(void *argument)
{
    struct job *job = (struct job *)argument;

    while (!ropp_load(&job->go))
        system_pause(5);
}

static void test_thread(void **state)
{
    struct job job;

    (void)state;
    memset(&job, 0, sizeof job);
    assert_true(ropp_thread_stop(&job.thread, 0)); /* there is none */
    assert_true(ropp_thread_start(&job.thread, do_turns, &job));
    while (ropp_load(&job.turns) < 5)
        system_pause(1);
    assert_true(ropp_thread_stop(&job.thread, 10000));
    assert_null(job.thread.state);
    assert_true(job.all_signals_blocked);
    system_signals_arrive();
    assert_int_equal(job.priority, system_lower_priority());
}

static void test_a_wait_ends_at_once(void **state)
{
    int64_t began_ms;
    struct job job;

    (void)state;
    memset(&job, 0, sizeof job);
    assert_true(ropp_thread_start(&job.thread, do_wait_for_ever, &job));
    began_ms = ropp_now_ms();
    assert_true(ropp_thread_stop(&job.thread, 30000));
    assert_true(ropp_now_ms() - began_ms < 10000);
}

static void test_a_thread_that_does_not_end(void **state)
{
    int64_t began_ms = ropp_now_ms();
    struct job job;

    (void)state;
    memset(&job, 0, sizeof job);
    assert_true(ropp_thread_start(&job.thread, do_not_listen, &job));
    assert_false(ropp_thread_stop(&job.thread, 1050));
    assert_true(ropp_now_ms() - began_ms >= 1050);
    assert_non_null(job.thread.state);
    ropp_store(&job.go, 1);
    assert_true(ropp_thread_stop(&job.thread, 30000));
}

static void test_no_thread_to_have(void **state)
{
    struct job job;

    (void)state;
    memset(&job, 0, sizeof job);
    system_has_no_threads = true;
    assert_false(ropp_thread_start(&job.thread, do_turns, &job));
    system_has_no_threads = false;
    assert_null(job.thread.state);
    system_signals_arrive();
    no_memory = true;
    assert_false(ropp_thread_start(&job.thread, do_turns, &job));
    no_memory = false;
    assert_null(job.thread.state);
    assert_true(ropp_thread_stop(&job.thread, 0));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_large_blocks),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_how_many_descriptors),
        cmocka_unit_test(test_own_addresses),
        cmocka_unit_test(test_local_port),
        cmocka_unit_test(test_network_error),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_thread),
        cmocka_unit_test(test_a_wait_ends_at_once),
        cmocka_unit_test(test_a_thread_that_does_not_end),
        cmocka_unit_test(test_no_thread_to_have),
    };

    system_begin();
    return UNIT_RUN(argc, argv, "platform", tests, NULL, NULL);
}
