// SPDX-License-Identifier: MIT
/* What a player has of the system: addresses, sockets and the clock; the headers it writes, what it
 * finds in what it has received, and where its password is from. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/capture.h"
#include "tests/unit/child.h"
#include "tests/unit/hex.h"
#include "tests/unit/unit.h"
#include "tools/base/buffer.h"
#include "tools/player/net.h"
#include "tools/player/password.h"
#include "tools/player/sender.h"
#include "tools/player/trace.h"

/* ---- addresses ---- */

static struct ropp_hostport of(const char *text)
{
    struct ropp_hostport at;

    assert_true(ropp_hostport_parse(text, 7, &at));
    return at;
}

static void is(const struct ropp_hostport *at, const char *wanted)
{
    char text[ROPP_HOSTPORT_TEXT];

    memset(text, 'x', sizeof text);
    ropp_hostport_format(at, text);
    assert_string_equal(text, wanted);
}

static void test_addresses(void **state)
{
    static const struct {
        const char *text, *is;
        sa_family_t family;
        uint16_t port;
    } good[] = {
        {"192.0.2.1", "192.0.2.1:7", AF_INET, 7},
        {"192.0.2.1:0", "192.0.2.1:0", AF_INET, 0},
        {"192.0.2.1:6900", "192.0.2.1:6900", AF_INET, 6900},
        {"192.0.2.1:65535", "192.0.2.1:65535", AF_INET, 65535},
        {"2001:db8::1", "[2001:db8::1]:7", AF_INET6, 7},
        {"[2001:db8::1]", "[2001:db8::1]:7", AF_INET6, 7},
        {"[2001:db8::1]:6900", "[2001:db8::1]:6900", AF_INET6, 6900},
        {"::", "[::]:7", AF_INET6, 7},
        {"::ffff:192.0.2.1", "[::ffff:192.0.2.1]:7", AF_INET6, 7},
    };
    static const char *const wrong[] = {
        "",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.1:",
        "192.0.2.1:65536",
        "192.0.2.1:x",
        "192.0.2.1:6900x",
        "[192.0.2.1]",
        "[2001:db8::1",
        "[2001:db8::1]6900",
        "[2001:db8::1]:",
        "[2001:db8::1]:65536",
        "[]",
        "2001:db8::x",
        "example.org",
        ":6900",
        /* Sixty-four bytes. */
        "192.0.2.1:000000000000000000000000000000000000000000000000000001",
    };
    struct ropp_hostport at;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        memset(&at, 0xee, sizeof at);
        if (!ropp_hostport_parse(good[i].text, 7, &at))
            fail_msg("no address: %s", good[i].text);
        is(&at, good[i].is);
        assert_int_equal(at.any.sa_family, good[i].family);
        assert_int_equal(ropp_hostport_port(&at), good[i].port);
        assert_int_equal(at.length, good[i].family == AF_INET ? sizeof(struct sockaddr_in)
                                                              : sizeof(struct sockaddr_in6));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (ropp_hostport_parse(wrong[i], 7, &at))
            fail_msg("taken for an address: %s", wrong[i]);
    assert_int_equal(strlen(wrong[16]), ROPP_HOSTPORT_TEXT);
    assert_true(ropp_hostport_parse(wrong[16] + 1, 7, &at)); /* one less: 92.0.2.1:1 */
    is(&at, "92.0.2.1:1");
}

/* Also of none, and of a kind that is no concern of a player's. */
static void test_parts_of_addresses(void **state)
{
    static const uint8_t ip[4] = {192, 0, 2, 9};
    struct ropp_hostport at = ropp_hostport_v4(ip, 6121), unset = {.length = 0}, local;
    uint8_t bytes[16];

    (void)state;
    is(&at, "192.0.2.9:6121");
    assert_int_equal(at.length, sizeof(struct sockaddr_in));
    memset(bytes, 0xee, sizeof bytes);
    assert_int_equal(ropp_hostport_bytes(&at, bytes), 4);
    assert_memory_equal(bytes, "\xc0\x00\x02\x09\xee", 5);
    at = of("[2001:db8::9]:1");
    assert_int_equal(ropp_hostport_bytes(&at, bytes), 16);
    assert_memory_equal(bytes, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09", 16);
    memset(&local, 0xee, sizeof local);
    local.any.sa_family = AF_UNIX;
    for (int i = 0; i < 2; i++) {
        const struct ropp_hostport *other = i == 0 ? &unset : &local;
        struct ropp_hostport next = ropp_hostport_after(other, 5);

        memset(bytes, 0xee, sizeof bytes);
        is(other, "none");
        assert_int_equal(ropp_hostport_port(other), 0);
        assert_int_equal(ropp_hostport_bytes(other, bytes), 0);
        assert_int_equal(bytes[0], 0xee);
        assert_memory_equal(&next, other, sizeof next);
    }
}

static void after(const char *text, uint32_t steps, const char *wanted)
{
    struct ropp_hostport at = of(text), next = ropp_hostport_after(&at, steps);

    is(&next, wanted);
    assert_int_equal(next.length, at.length);
}

static void test_addresses_that_follow(void **state)
{
    (void)state;
    after("192.0.2.1", 0, "192.0.2.1:7");
    after("192.0.2.255:80", 1, "192.0.3.0:80");
    after("255.255.255.254", 3, "0.0.0.1:7");
    after("[2001:db8::ffff:ffff]:80", 2, "[2001:db8::1]:80");
    after("2001:db8::1:0", 0x10001, "[2001:db8::2:1]:7");
}

/* ---- sockets ---- */

static unsigned descriptors(void)
{
    int fd = dup(0);

    assert_true(fd >= 0);
    (void)close(fd);
    return (unsigned)fd;
}

static bool has_option(int fd, int level, int name)
{
    int value = 0;
    socklen_t length = sizeof value;

    assert_int_equal(getsockopt(fd, level, name, &value, &length), 0);
    return value != 0;
}

static void is_ours(int fd)
{
    assert_true(fd >= 0);
    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    assert_true(has_option(fd, SOL_SOCKET, SO_REUSEADDR));
    assert_true(has_option(fd, IPPROTO_TCP, TCP_NODELAY));
}

static void is_ready(int fd, short events)
{
    struct pollfd polled = {.fd = fd, .events = events};

    assert_int_equal(poll(&polled, 1, 20000), 1);
}

static void test_connects(void **state)
{
    struct ropp_hostport at = of("127.0.0.1:0"), from = of("127.0.0.5:0"), local;
    unsigned before = descriptors();
    int listener = ropp_net_listen(&at), fd, other;

    (void)state;
    is_ours(listener);
    assert_true(ropp_hostport_port(&at) != 0);
    fd = ropp_net_connect(&at, &from);
    is_ours(fd);
    is_ready(fd, POLLOUT);
    assert_int_equal(ropp_net_error(fd), 0);
    assert_true(ropp_net_local(fd, &local));
    assert_int_equal(local.length, sizeof(struct sockaddr_in));
    assert_int_equal(local.v4.sin_addr.s_addr, htonl(0x7f000005));
    is_ready(listener, POLLIN);
    other = accept(listener, NULL, NULL);
    assert_true(other >= 0);
    (void)close(other);
    (void)close(fd);
    (void)close(listener);
    assert_int_equal(descriptors(), before);
}

/* Nothing stays open, and the error is the one that there was. */
static void test_does_not_connect(void **state)
{
    struct ropp_hostport at = of("127.0.0.1:0"), elsewhere = of("192.0.2.77:0"),
                         unset = {.length = 0}, taken, local;
    unsigned before = descriptors();
    int listener = ropp_net_listen(&at), fd;

    (void)state;
    assert_true(listener >= 0);
    taken = at;
    assert_int_equal(ropp_net_listen(&taken), -1);
    assert_int_equal(errno, EADDRINUSE);
    assert_int_equal(ropp_net_connect(&at, &elsewhere), -1);
    assert_int_equal(errno, EADDRNOTAVAIL);
    assert_int_equal(ropp_net_listen(&elsewhere), -1);
    assert_int_equal(errno, EADDRNOTAVAIL);
    assert_int_equal(ropp_net_connect(&unset, &unset), -1);
    assert_int_equal(errno, EAFNOSUPPORT);
    assert_int_equal(ropp_net_listen(&unset), -1);
    assert_int_equal(errno, EAFNOSUPPORT);
    taken = of("255.255.255.255:9"); /* of everybody */
    assert_int_equal(ropp_net_connect(&taken, &unset), -1);
    assert_true(errno == EACCES || errno == ENETUNREACH || errno == EINVAL);
    (void)close(listener);
    fd = ropp_net_connect(&at, &unset);
    assert_true(fd >= 0);
    is_ready(fd, POLLOUT);
    assert_int_equal(ropp_net_error(fd), ECONNREFUSED);
    assert_int_equal(ropp_net_error(fd), 0); /* it is told once */
    (void)close(fd);
    assert_int_equal(ropp_net_error(-1), EBADF);
    assert_false(ropp_net_local(-1, &local));
    assert_int_equal(descriptors(), before);
}

/* ---- the clock ---- */

static struct timespec stopped; /* 0: it goes */

int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    if (stopped.tv_sec == 0)
        return __real_clock_gettime(id, now);
    assert_int_equal(id, CLOCK_MONOTONIC);
    *now = stopped;
    return 0;
}

static void test_clock(void **state)
{
    (void)state;
    stopped = (struct timespec){5000000000, 123456789};
    assert_int_equal(ropp_net_now_us(), INT64_C(5000000000123456));
    assert_int_equal(ropp_net_now_ms(), INT64_C(5000000000123));
    stopped.tv_sec = 0;
}

/* ---- headers ---- */

static void writes(enum ropp_sender kind, const char *source, const char *destination, size_t total,
                   const char *hex)
{
    struct ropp_hostport from = of(source), to = of(destination);
    static uint8_t out[ROPP_SENDER_MAX + 1], wanted[200];
    size_t length = from_hex(hex, wanted);

    memset(out, 0xee, sizeof out);
    assert_int_equal(ropp_sender_write(kind, &from, &to, total, out), length);
    assert_memory_equal(out, wanted, length);
    if (length != 0)
        assert_int_equal(out[length + (kind == ROPP_SENDER_V1 ? 1 : 0)], 0xee);
}

static void writes_text(const char *source, const char *destination, const char *wanted)
{
    struct ropp_hostport from = of(source), to = of(destination);
    uint8_t out[200];
    size_t length = ropp_sender_write(ROPP_SENDER_V1, &from, &to, 0, out);

    assert_int_equal(length, strlen(wanted));
    assert_memory_equal(out, wanted, length);
}

#define SIGNATURE "0d0a0d0a000d0a515549540a"

static void test_headers(void **state)
{
    static const char longest[] = "[2001:db8:1111:2222:3333:4444:5555:6666]:65535";

    (void)state;
    writes(ROPP_SENDER_NONE, "192.0.2.1:258", "198.51.100.2:772", 0, "");
    writes(ROPP_SENDER_V1_UNKNOWN, "192.0.2.1:258", "198.51.100.2:772", 0,
           "50524f585920554e4b4e4f574e0d0a");
    writes_text("192.0.2.1:258", "198.51.100.2:772",
                "PROXY TCP4 192.0.2.1 198.51.100.2 258 772\r\n");
    writes_text("[2001:db8::1]:258", "[2001:db8::2]:772",
                "PROXY TCP6 2001:db8::1 2001:db8::2 258 772\r\n");
    writes_text(longest, longest,
                "PROXY TCP6 2001:db8:1111:2222:3333:4444:5555:6666 "
                "2001:db8:1111:2222:3333:4444:5555:6666 65535 65535\r\n");
    writes(ROPP_SENDER_V2, "192.0.2.1:258", "198.51.100.2:772", 0,
           SIGNATURE "2111000c c0000201 c6336402 0102 0304");
    writes(ROPP_SENDER_V2, "[2001:db8::1]:258", "[2001:db8::2]:772", 0,
           SIGNATURE "21210024 20010db8000000000000000000000001"
                     "20010db8000000000000000000000002 0102 0304");
    writes(ROPP_SENDER_V2, "192.0.2.1:258", "198.51.100.2:772", 33,
           SIGNATURE "21110011 c0000201 c6336402 0102 0304 040002aaaa");
    writes(ROPP_SENDER_V2_LOCAL, "192.0.2.1:258", "198.51.100.2:772", 0, SIGNATURE "20000000");
    writes(ROPP_SENDER_V2_UNSPEC, "192.0.2.1:258", "198.51.100.2:772", 0, SIGNATURE "21000000");
    writes(ROPP_SENDER_V2_UNSPEC, "192.0.2.1:258", "198.51.100.2:772", 16, SIGNATURE "21000000");
    writes(ROPP_SENDER_V2_UNSPEC, "192.0.2.1:258", "198.51.100.2:772", 18, "");
    writes(ROPP_SENDER_V2_LOCAL, "192.0.2.1:258", "198.51.100.2:772", 19,
           SIGNATURE "20000003 040000");
    writes(ROPP_SENDER_V1, "192.0.2.1:258", "[2001:db8::2]:772", 0, "");
    writes(ROPP_SENDER_V2, "[2001:db8::2]:772", "192.0.2.1:258", 0, "");
}

/* An address that is not set is in no header. */
static void test_no_headers(void **state)
{
    struct ropp_hostport unset = {.length = 0}, at = of("192.0.2.1:258");
    uint8_t out[200];

    (void)state;
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V1, &unset, &unset, 0, out), 0);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &unset, &unset, 0, out), 0);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &at, &unset, 0, out), 0);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V1, &at, &unset, 0, out), 0);
}

/* The length that is filled up to is in two bytes. */
static void test_a_long_header(void **state)
{
    struct ropp_hostport at = of("192.0.2.1:258");
    static uint8_t out[ROPP_SENDER_MAX + 1];

    (void)state;
    memset(out, 0xee, sizeof out);
    assert_int_equal(ropp_sender_write(ROPP_SENDER_V2, &at, &at, 0x1234 + 16, out), 0x1234 + 16);
    assert_memory_equal(out + 14, "\x12\x34", 2);
    assert_memory_equal(out + 28, "\x04\x12\x25\xaa", 4);
    assert_int_equal(out[0x1234 + 15], 0xaa);
    assert_int_equal(out[0x1234 + 16], 0xee);
}

/* ---- what was received ---- */

static char finds[1000];

static void on_find(const struct ropp_trace_find *find, void *context)
{
    size_t used = strlen(finds);

    assert_ptr_equal(context, finds);
    snprintf(finds + used, sizeof finds - used, "%s@%zu %s %s\n", find->leg, find->offset,
             find->order, find->address);
}

static void add(struct ropp_trace *trace, const char *leg, const char *text, size_t size)
{
    ropp_trace_add(trace, leg, (uint8_t *)ropp_copy_text(text, size), size);
}

static void found(const struct ropp_trace *trace, const char *address, size_t count,
                  const char *wanted)
{
    struct ropp_hostport at = of(address);

    finds[0] = '\0';
    assert_int_equal(ropp_trace_search(trace, &at, on_find, finds), count);
    assert_string_equal(finds, wanted);
}

static void test_finds(void **state)
{
    struct ropp_trace trace = {0};

    (void)state;
    found(&trace, "192.0.2.9", 0, "");
    assert_int_equal(ropp_trace_length(&trace), 0);
    add(&trace, "login", "\xc0\x00\x02\x09..192.0.2.9", 15);
    add(&trace, "char", "", 0);
    add(&trace, "char", "x\x09\x02\x00\xc0\xc0\x00\x02\x09", 9);
    add(&trace, "map", "\xc0\x00\x02 192.0.2", 11);
    add(&trace, "map", "2001:db8::9", 11);
    add(&trace, "again",
        "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\0\0\0\0\xb8\x0d\x01\x20", 31);
    assert_int_equal(ropp_trace_length(&trace), 77);
    found(&trace, "192.0.2.9:80", 4,
          "login@0 network 192.0.2.9\n"
          "login@6 text 192.0.2.9\n"
          "char@5 network 192.0.2.9\n"
          "char@1 host 192.0.2.9\n");
    found(&trace, "2001:db8::9", 3,
          "map@0 text 2001:db8::9\n"
          "again@0 network 2001:db8::9\n"
          "again@15 host 2001:db8::9\n");
    found(&trace, "192.0.2.8", 0, "");
    ropp_trace_free(&trace);
    assert_null(trace.parts);
    assert_int_equal(trace.count, 0);
    assert_int_equal(ropp_trace_length(&trace), 0);
}

/* ---- passwords ---- */

static struct capture err;
static char password[ROPP_PACKET_NAME];

static void gets(const char *file, const char *wanted)
{
    memset(password, 'x', sizeof password);
    assert_true(ropp_password_get(file, password));
    assert_string_equal(password, wanted);
}

static void gets_none(const char *file, const char *message)
{
    bool good;

    capture_begin(&err, stderr);
    good = ropp_password_get(file, password);
    capture_end(&err);
    assert_string_equal(err.text, message);
    assert_false(good);
}

static void put(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static void test_passwords(void **state)
{
    char path[] = "/tmp/ropp-password.XXXXXX", message[200];
    int fd = mkstemp(path);
    unsigned before = descriptors();

    (void)state;
    assert_true(fd >= 0);
    put(path, "secret");
    gets(path, "secret");
    put(path, "se cret \r\nnext\n");
    gets(path, "se cret ");
    put(path, "01234567890123456789012\r\n");
    gets(path, "01234567890123456789012");
    put(path, "012345678901234567890123\n");
    snprintf(message, sizeof message,
             "ropp: the password is too long: %s: the game takes 23 bytes\n", path);
    gets_none(path, message);
    put(path, "0123456789012345678901234567890123456789\n");
    gets_none(path, message);
    snprintf(message, sizeof message, "ropp: no password: %s: its first line is empty\n", path);
    put(path, "");
    gets_none(path, message);
    put(path, "\nsecret\n");
    gets_none(path, message);
    assert_int_equal(unlink(path), 0);
    snprintf(message, sizeof message,
             "ropp: cannot read the password: %s (No such file or directory): name a file that you "
             "may read\n",
             path);
    gets_none(path, message);
    gets_none("/", "ropp: cannot read the password: / (Is a directory): name a file that you may "
                   "read\n");
    assert_int_equal(setenv("ROPP_PROBE_PASSWORD", "of the surroundings", 1), 0);
    gets(NULL, "of the surroundings");
    assert_int_equal(setenv("ROPP_PROBE_PASSWORD", "", 1), 0);
    gets_none(NULL, "ropp: no password: ROPP_PROBE_PASSWORD: its first line is empty\n");
    assert_int_equal(unsetenv("ROPP_PROBE_PASSWORD"), 0);
    assert_int_equal(descriptors(), before);
    (void)close(fd);
}

static int terminal[2]; /* the one that is asked at, and its other end */

static void ask(void)
{
    unsigned before = descriptors();

    if (setsid() < 0 || ioctl(terminal[0], TIOCSCTTY, 0) != 0)
        _exit(98);
    if (!ropp_password_get(NULL, password))
        _exit(1);
    _exit(strcmp(password, "typed") == 0 && descriptors() == before ? 0 : 97);
}

static void ask_nobody(void)
{
    if (setsid() < 0)
        _exit(98);
    _exit(ropp_password_get(NULL, password) ? 0 : 1);
}

static const char *typed;

static void *type(void *unused)
{
    struct termios now;

    do {
        if (tcgetattr(terminal[0], &now) != 0)
            return NULL;
    } while ((now.c_lflag & ECHO) != 0);
    (void)!write(terminal[1], typed, strlen(typed));
    return unused;
}

static void asked(const char *what, int wanted, const char *said)
{
    pthread_t typist;
    int status;

    typed = what;
    terminal[1] = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(terminal[1] >= 0);
    assert_int_equal(grantpt(terminal[1]), 0);
    assert_int_equal(unlockpt(terminal[1]), 0);
    terminal[0] = open(ptsname(terminal[1]), O_RDWR | O_NOCTTY);
    assert_true(terminal[0] > terminal[1]);
    status = pthread_create(&typist, NULL, type, NULL);
    assert_int_equal(status, 0);
    capture_begin(&err, stderr);
    status = status_of(ask);
    capture_end(&err);
    assert_int_equal(pthread_join(typist, NULL), 0);
    (void)close(terminal[0]);
    (void)close(terminal[1]);
    assert_string_equal(err.text, said);
    assert_int_equal(status, wanted);
}

static void test_password_at_a_terminal(void **state)
{
    int status;

    (void)state;
    assert_int_equal(unsetenv("ROPP_PROBE_PASSWORD"), 0);
    asked("typed\n", 0, "Password: \n");
    asked("\n", 1, "Password: \nropp: no password: the terminal: its first line is empty\n");
    asked("typed\3", 1,
          "Password: \nropp: cannot read the password: the terminal (Operation canceled): give "
          "--pass-file FILE\n");
    capture_begin(&err, stderr);
    status = status_of(ask_nobody);
    capture_end(&err);
    assert_string_equal(err.text, "ropp: no password: no terminal to ask at: give --pass-file FILE "
                                  "or set ROPP_PROBE_PASSWORD\n");
    assert_int_equal(status, 1);
}

static void ask_standard_input(void)
{
    if (!ropp_password_get("-", password))
        _exit(1);
    /* The next line is for somebody else. */
    _exit(strcmp(password, "piped") == 0 && fgetc(stdin) == 'n' ? 0 : 97);
}

static void test_password_of_standard_input(void **state)
{
    static const char *const texts[] = {"piped\nnext\n", "\n"};
    int kept = dup(0), status;

    (void)state;
    for (int i = 0; i < 2; i++) {
        int ends[2];

        assert_int_equal(pipe(ends), 0);
        assert_true(write(ends[1], texts[i], strlen(texts[i])) > 0);
        (void)close(ends[1]);
        assert_true(dup2(ends[0], 0) == 0);
        (void)close(ends[0]);
        capture_begin(&err, stderr);
        status = status_of(ask_standard_input);
        capture_end(&err);
        assert_true(dup2(kept, 0) == 0);
        assert_string_equal(
            err.text, i == 0 ? "" : "ropp: no password: standard input: its first line is empty\n");
        assert_int_equal(status, i);
    }
    (void)close(kept);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_parts_of_addresses),
        cmocka_unit_test(test_addresses_that_follow),
        cmocka_unit_test(test_connects),
        cmocka_unit_test(test_does_not_connect),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_no_headers),
        cmocka_unit_test(test_a_long_header),
        cmocka_unit_test(test_finds),
        cmocka_unit_test(test_passwords),
        cmocka_unit_test(test_password_at_a_terminal),
        cmocka_unit_test(test_password_of_standard_input),
    };

    return UNIT_RUN(argc, argv, "net", tests, NULL, NULL);
}
