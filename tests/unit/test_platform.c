// SPDX-License-Identifier: MIT
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "platform.h"
#include "tests/unit/unit.h"

static void test_clocks(void **state)
{
    int64_t before_ms = ropp_now_ms(), wall_ms = ropp_wall_ms();
    struct timespec pause = {0, 20000000};

    (void)state;
    assert_true(wall_ms / 1000 >= (int64_t)time(NULL) - 1 &&
                wall_ms / 1000 <= (int64_t)time(NULL) + 1);
    assert_int_equal(nanosleep(&pause, NULL), 0);
    assert_true(ropp_now_ms() - before_ms >= 20);
    assert_true(ropp_now_ms() - before_ms < 10000);
}

static void test_names(void **state)
{
    char name[ROPP_HOST_TEXT + 1], real[256];

    (void)state;
    name[ROPP_HOST_TEXT] = '!';
    ropp_host_name(name);
    assert_int_equal(gethostname(real, sizeof real), 0);
    real[ROPP_HOST_TEXT - 1] = '\0';
    assert_string_equal(name, real);
    assert_int_equal(name[ROPP_HOST_TEXT], '!');
    assert_int_equal(ropp_process_id(), getpid());
}

/* Loopback, whatever the system says, and then every interface's. */
static void test_own_addresses(void **state)
{
    struct ropp_addr own[ROPP_OWN_ADDRESSES], loopback = ropp_addr_v4(0x7f000001);
    struct ifaddrs *all, *one;
    size_t expected = 1;

    (void)state;
    assert_int_equal(getifaddrs(&all), 0);
    for (one = all; one != NULL && expected < ROPP_OWN_ADDRESSES; one = one->ifa_next)
        expected += one->ifa_addr != NULL &&
                    (one->ifa_addr->sa_family == AF_INET || one->ifa_addr->sa_family == AF_INET6);
    freeifaddrs(all);
    assert_int_equal(ropp_own_addresses(own), expected);
    assert_memory_equal(&own[0], &loopback, sizeof loopback);
}

static void test_local_port(void **state)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), fd6 = socket(AF_INET6, SOCK_STREAM, 0), pair[2];
    struct sockaddr_in address;
    struct sockaddr_in6 address6;
    socklen_t size = sizeof address;

    (void)state;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(ropp_local_port(fd), ntohs(address.sin_port));
    assert_int_equal(close(fd), 0);
    assert_int_equal(ropp_local_port(fd), 0); /* no socket any more */

    /* A machine without IPv6 has no such socket to ask. */
    memset(&address6, 0, sizeof address6);
    address6.sin6_family = AF_INET6;
    address6.sin6_addr = in6addr_loopback;
    if (fd6 >= 0 && bind(fd6, (struct sockaddr *)&address6, sizeof address6) == 0) {
        size = sizeof address6;
        assert_int_equal(getsockname(fd6, (struct sockaddr *)&address6, &size), 0);
        assert_int_equal(ropp_local_port(fd6), ntohs(address6.sin6_port));
    }
    if (fd6 >= 0)
        close(fd6);

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(ropp_local_port(pair[0]), 0);
    close(pair[0]);
    close(pair[1]);
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
int __real_pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);
int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);

static bool no_memory, no_threads;

void *__wrap_calloc(size_t count, size_t size)
{
    return no_memory ? NULL : __real_calloc(count, size);
}

int __wrap_pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument)
{
    return no_threads ? EAGAIN : __real_pthread_create(id, attributes, run, argument);
}

/* ---- the thread ---- */

struct job {
    struct ropp_thread thread;
    uint32_t turns;
    uint32_t go; /* to be set before it looks whether it is to end */
    bool all_signals_blocked;
    int nice;
};

static bool signals_blocked(void)
{
    sigset_t blocked;

    return pthread_sigmask(SIG_SETMASK, NULL, &blocked) == 0 && sigismember(&blocked, SIGTERM) &&
           sigismember(&blocked, SIGINT) && sigismember(&blocked, SIGUSR1);
}

static void do_turns(void *argument)
{
    struct job *job = (struct job *)argument;

    job->all_signals_blocked = signals_blocked();
    job->nice = getpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid));
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
    struct timespec pause = {0, 5000000};

    while (!ropp_load(&job->go))
        nanosleep(&pause, NULL);
}

static void test_thread(void **state)
{
    struct timespec pause = {0, 1000000};
    struct job job;
    int own;

    (void)state;
    memset(&job, 0, sizeof job);
    assert_true(ropp_thread_stop(&job.thread, 0)); /* there is none */
    assert_true(ropp_thread_start(&job.thread, do_turns, &job));
    while (ropp_load(&job.turns) < 5)
        nanosleep(&pause, NULL);
    assert_true(ropp_thread_stop(&job.thread, 10000));
    assert_null(job.thread.state);
    assert_true(job.all_signals_blocked);
    assert_false(signals_blocked());
    own = getpriority(PRIO_PROCESS, 0);
    assert_int_equal(job.nice, own + 10 > 19 ? 19 : own + 10);
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
    no_threads = true;
    assert_false(ropp_thread_start(&job.thread, do_turns, &job));
    no_threads = false;
    assert_null(job.thread.state);
    assert_false(signals_blocked());
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
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_own_addresses),
        cmocka_unit_test(test_local_port),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_thread),
        cmocka_unit_test(test_a_wait_ends_at_once),
        cmocka_unit_test(test_a_thread_that_does_not_end),
        cmocka_unit_test(test_no_thread_to_have),
    };

    return UNIT_RUN(argc, argv, "platform", tests, NULL, NULL);
}
