// SPDX-License-Identifier: MIT
/* HAProxy's runtime API and the list that is kept in step by it, with one that stands in for it: what
 * is sent, how answers are taken that come in pieces, and what is said when they do not come. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <unistd.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/edge/edge.h"
#include "tools/edge/haproxyapi.h"

#define LIMIT_MS 5000
#define FILE_OF  "/etc/ropp/bans.acl"

/* -- one that stands in for HAProxy ------------------------------------------------ */

static char folder[] = "/tmp/ropp-haproxy-XXXXXX";
static char at[96]; /* its socket */
static int listener = -1;

static struct ropp_buffer told; /* all that it was sent */
static size_t read_up_to;       /* and has answered */
static struct ropp_buffer says; /* what it has to send, from there on: */
static size_t said;
static size_t piece;               /* so much at a time */
static size_t takes;               /* so much at a time */
static size_t largest;             /* that it was offered at once */
static int send_error, recv_error; /* the next one fails; -1: the end of the connection */
static int interrupted;            /* so many waits are broken off */
static int waits, last_wait_ms;
static bool is_silent, never_connects, is_behind, no_socket;
static const char *lists[4]; /* the answers to `show acl`, the last one again and again */
static size_t lists_shown;
static const char *info, *prepared;
static const char *refused, *refusal; /* a command that begins like this, and its answer */

int __real_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);

static const char *first_address; /* of every host, before its own */

int __real_getaddrinfo(const char *host, const char *port, const struct addrinfo *wanted,
                       struct addrinfo **found);
int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *wanted,
                       struct addrinfo **found);

int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *wanted,
                       struct addrinfo **found)
{
    const int error = __real_getaddrinfo(host, port, wanted, found);
    struct addrinfo *others = *found;

    if (error != 0 || first_address == NULL)
        return error;
    assert_int_equal(__real_getaddrinfo(first_address, port, wanted, found), 0);
    (*found)->ai_next = others;
    return 0;
}

static void answer(const char *line)
{
    if (strcmp(line, "show info") == 0)
        ropp_buffer_text(&says, info);
    else if (strcmp(line, "show acl") == 0) {
        ropp_buffer_text(&says, lists[lists_shown]);
        if (lists[lists_shown + 1] != NULL)
            lists_shown++;
    } else if (strncmp(line, "prepare acl", 11) == 0)
        ropp_buffer_text(&says, prepared);
    else if (strncmp(line, "say ", 4) == 0)
        ropp_buffer_text(&says, line + 4);
    else if (refused != NULL && strncmp(line, refused, strlen(refused)) == 0)
        ropp_buffer_text(&says, refusal);
    if (!is_behind)
        ropp_buffer_text(&says, "\n> ");
}

static void answer_lines(void)
{
    char *end;

    while (!is_silent && read_up_to < told.size &&
           (end = memchr(told.data + read_up_to, '\n', told.size - read_up_to)) != NULL) {
        *end = '\0';
        answer(told.data + read_up_to);
        *end = '\n';
        read_up_to = (size_t)(end - told.data) + 1;
    }
}

int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout_ms)
{
    if (polled->events == POLLOUT) { /* it connects */
        assert_in_range(timeout_ms, LIMIT_MS - 1000, LIMIT_MS);
        return never_connects ? 0 : __real_poll(polled, count, timeout_ms);
    }
    waits++;
    last_wait_ms = timeout_ms;
    if (interrupted > 0) {
        interrupted--;
        usleep(10000);
        errno = EINTR;
        return -1;
    }
    answer_lines();
    polled->revents = 0;
    if (said < says.size || recv_error != 0)
        polled->revents |= POLLIN;
    if ((polled->events & POLLOUT) != 0)
        polled->revents |= POLLOUT;
    return polled->revents != 0;
}

int __wrap_socket(int domain, int type, int protocol)
{
    if (no_socket) {
        errno = EMFILE;
        return -1;
    }
    return __real_socket(domain, type, protocol);
}

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
    assert_true(fd > STDERR_FILENO);
    assert_int_equal(flags, MSG_NOSIGNAL);
    if (size > largest)
        largest = size;
    if (send_error != 0) {
        errno = send_error;
        send_error = 0;
        return -1;
    }
    if (size > takes)
        size = takes;
    ropp_buffer_add(&told, bytes, size);
    return (ssize_t)size;
}

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags)
{
    (void)fd;
    assert_int_equal(flags, 0);
    if (recv_error != 0) {
        errno = recv_error > 0 ? recv_error : 0;
        recv_error = 0;
        return errno != 0 ? -1 : 0;
    }
    if (said == says.size) {
        errno = EAGAIN;
        return -1;
    }
    if (size > piece)
        size = piece;
    if (size > says.size - said)
        size = says.size - said;
    memcpy(bytes, says.data + said, size);
    said += size;
    return (ssize_t)size;
}

static int begin(void **state)
{
    (void)state;
    ropp_buffer_free(&told);
    ropp_buffer_free(&says);
    read_up_to = said = largest = 0;
    piece = takes = SIZE_MAX;
    send_error = recv_error = interrupted = waits = 0;
    is_silent = never_connects = is_behind = false;
    memset(lists, 0, sizeof lists);
    lists_shown = 0;
    info = "Name: HAProxy\nPid: 4711\nNode: x\n";
    prepared = "New version created: 8\n";
    refused = NULL;
    refusal = NULL;
    return 0;
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(address.sun_path, path, strlen(path)); /* it may fill all of it */
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 64) != 0)
        return -1;
    return fd;
}

static int make_socket(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(at, sizeof at, "%s/socket", folder);
    listener = listen_at(at);
    return listener >= 0 ? 0 : -1;
}

static int remove_socket(void **state)
{
    begin(state);
    ropp_buffer_free(&told);
    ropp_buffer_free(&says);
    close(listener);
    unlink(at);
    return rmdir(folder);
}

static void open_it(struct ropp_haproxy *haproxy)
{
    assert_true(ropp_haproxy_open(haproxy, at, LIMIT_MS));
    assert_string_equal(told.data, "prompt\n");
    assert_int_equal(haproxy->heard.size, 0);
    assert_true(haproxy->fd > STDERR_FILENO);
    assert_int_equal(haproxy->timeout_ms, LIMIT_MS);
}

/* -- where it is -------------------------------------------------------------------- */

static void cannot_open(const char *where, const char *trouble)
{
    struct ropp_haproxy haproxy;

    assert_false(ropp_haproxy_open(&haproxy, where, LIMIT_MS));
    assert_string_equal(haproxy.trouble, trouble);
    assert_int_equal(haproxy.fd, -1);
    assert_null(haproxy.heard.data);
}

static void test_addresses(void **state)
{
    static const struct {
        const char *at;
        bool good;
    } cases[] = {
        {"127.0.0.1:1", true}, {"localhost:65535", true},
        {"[::1]:80", true},    {"/x", true},
        {"x/y", true},         {"a:09", true},
        {"127.0.0.1", false},  {"127.0.0.1:", false},
        {":80", false},        {"::1:80", false},
        {"[]:80", false},      {"[::1]", false},
        {"[::1:80", false},    {"::1]:80", false},
        {"a:8x", false},       {"a:x8", false},
        {"", false},           {":", false},
        {"a", false},          {"[a]b:80", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (ropp_haproxy_is_address(cases[i].at) != cases[i].good)
            fail_msg("%s", cases[i].at);
        if (!cases[i].good)
            cannot_open(cases[i].at, "no such host: Name or service not known");
    }
}

static void test_paths(void **state)
{
    const size_t most = sizeof((struct sockaddr_un *)NULL)->sun_path;
    char path[128], trouble[96];
    struct ropp_haproxy haproxy;
    int fd;

    (void)state;
    snprintf(path, sizeof path, "%s/none", folder);
    cannot_open(path, "cannot be reached: No such file or directory");
    memset(path, 0, sizeof path);
    snprintf(path, sizeof path, "%s/", folder);
    memset(path + strlen(path), 'x', most - strlen(path));
    cannot_open(path, "the path is too long for a socket");
    path[most - 1] = '\0';
    cannot_open(path, "cannot be reached: No such file or directory");
    fd = listen_at(path);
    assert_true(fd >= 0);
    assert_true(ropp_haproxy_open(&haproxy, path, LIMIT_MS));
    ropp_haproxy_close(&haproxy);
    assert_int_equal(haproxy.fd, -1);
    ropp_haproxy_close(&haproxy);
    close(fd);
    snprintf(trouble, sizeof trouble, "cannot be reached: %s", strerror(ECONNREFUSED));
    cannot_open(path, trouble);
    unlink(path);
}

static void test_hosts(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(0x7f000001)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0), taken;
    struct ropp_haproxy haproxy;
    char where[32];

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    snprintf(where, sizeof where, "127.0.0.1:%u", ntohs(address.sin_port));
    cannot_open(where, "cannot be reached: Connection refused");
    no_socket = true;
    cannot_open(where, "no socket: Too many open files");
    no_socket = false;
    never_connects = true;
    cannot_open(where, "does not answer within 5000 ms");
    never_connects = false;
    assert_int_equal(listen(fd, 4), 0);
    assert_true(ropp_haproxy_open(&haproxy, where, LIMIT_MS));
    taken = accept(fd, NULL, NULL);
    assert_true(taken >= 0);
    close(taken);
    ropp_haproxy_close(&haproxy);
    snprintf(where, sizeof where, "[127.0.0.1]:%u", ntohs(address.sin_port));
    assert_true(ropp_haproxy_open(&haproxy, where, LIMIT_MS));
    ropp_haproxy_close(&haproxy);
    close(fd);
}

/* A host with two addresses, of which the first is nobody's: nothing stays open. */
static void test_next_address(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(0x7f000001)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0), next;
    struct ropp_haproxy haproxy;
    char where[32];

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(listen(fd, 4), 0);
    snprintf(where, sizeof where, "127.0.0.1:%u", ntohs(address.sin_port));
    next = dup(fd);
    close(next);
    first_address = "127.0.0.99";
    assert_true(ropp_haproxy_open(&haproxy, where, LIMIT_MS));
    first_address = NULL;
    assert_int_equal(haproxy.fd, next);
    ropp_haproxy_close(&haproxy);
    close(fd);
}

/* -- exchanges ---------------------------------------------------------------------- */

static void expect_answer(struct ropp_haproxy *haproxy, const char *command, const char *text)
{
    struct ropp_buffer got = {0};

    ropp_buffer_text(&got, "=");
    assert_true(ropp_haproxy_ask(haproxy, command, &got));
    assert_string_equal(got.data + 1, text);
    assert_int_equal(got.size, strlen(text) + 1);
    ropp_buffer_free(&got);
    assert_int_equal(haproxy->heard.size, 0);
}

/* Whatever comes, and goes, at a time. */
static void test_asks(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 64, SIZE_MAX};
    struct ropp_haproxy haproxy;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        begin(state);
        piece = takes = sizes[i];
        interrupted = i == 3 ? 2 : 0;
        open_it(&haproxy);
        expect_answer(&haproxy, "say one", "one");
        expect_answer(&haproxy, "nothing", "");
        lists[0] = "\nfirst\n\n>second > third\n\n\n";
        expect_answer(&haproxy, "show acl", "\nfirst\n\n>second > third");
        assert_string_equal(told.data, "prompt\nsay one\nnothing\nshow acl\n");
        ropp_haproxy_close(&haproxy);
        assert_null(haproxy.heard.data);
    }
}

/* What comes too much is the beginning of the next answer, and no more of it. */
static void test_asks_on(void **state)
{
    struct ropp_haproxy haproxy;
    struct ropp_buffer got = {0};

    (void)state;
    open_it(&haproxy);
    prepared = "something long\n> l";
    is_behind = true;
    assert_true(ropp_haproxy_ask(&haproxy, "prepare acl", &got));
    assert_string_equal(got.data, "something long");
    assert_int_equal(haproxy.heard.size, 1);
    is_behind = false;
    got.size = 0;
    assert_true(ropp_haproxy_ask(&haproxy, "say ate", &got));
    assert_string_equal(got.data, "late");
    ropp_buffer_free(&got);
    ropp_haproxy_close(&haproxy);
}

static void cannot_ask(struct ropp_haproxy *haproxy, const char *trouble)
{
    struct ropp_buffer got = {0};

    haproxy->trouble[0] = '\0';
    assert_false(ropp_haproxy_ask(haproxy, "show stat", &got));
    assert_string_equal(haproxy->trouble, trouble);
    assert_int_equal(got.size, 0);
    ropp_buffer_free(&got);
}

static void test_breaks(void **state)
{
    struct ropp_haproxy haproxy;

    (void)state;
    open_it(&haproxy);
    /* Neither is an end. */
    send_error = EAGAIN;
    expect_answer(&haproxy, "say x", "x");
    send_error = EINTR;
    expect_answer(&haproxy, "say y", "y");
    recv_error = EAGAIN;
    expect_answer(&haproxy, "say z", "z");
    recv_error = EINTR;
    expect_answer(&haproxy, "say w", "w");
    send_error = EPIPE;
    cannot_ask(&haproxy, "the connection broke: Broken pipe");
    recv_error = ECONNRESET;
    cannot_ask(&haproxy, "the connection broke: Connection reset by peer");
    recv_error = -1;
    cannot_ask(&haproxy, "the connection was closed");
    ropp_haproxy_close(&haproxy);
}

/* An exchange has its time, however often it is woken. */
static void test_is_silent(void **state)
{
    struct ropp_haproxy haproxy;

    (void)state;
    open_it(&haproxy);
    is_silent = true;
    cannot_ask(&haproxy, "does not answer within 5000 ms");
    assert_in_range(last_wait_ms, LIMIT_MS - 1000, LIMIT_MS);
    interrupted = 3;
    haproxy.timeout_ms = 100;
    cannot_ask(&haproxy, "does not answer within 100 ms");
    assert_in_range(last_wait_ms, 0, 70);
    haproxy.timeout_ms = 0;
    cannot_ask(&haproxy, "does not answer within 0 ms");
    assert_int_equal(last_wait_ms, 0);
    haproxy.timeout_ms = -5;
    cannot_ask(&haproxy, "does not answer within -5 ms");
    assert_int_equal(last_wait_ms, 0);
    haproxy.timeout_ms = 700;
    cannot_ask(&haproxy, "does not answer within 700 ms");
    assert_in_range(last_wait_ms, 500, 700);
    ropp_haproxy_close(&haproxy);
    cannot_open(at, "does not answer within 5000 ms");
}

static bool tell(struct ropp_haproxy *haproxy, const char *text)
{
    struct ropp_buffer commands = {0};
    bool good;

    ropp_buffer_text(&commands, text);
    haproxy->trouble[0] = '\0';
    good = ropp_haproxy_tell(haproxy, &commands);
    ropp_buffer_free(&commands);
    return good;
}

static void test_tells(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 64, SIZE_MAX};
    struct ropp_haproxy haproxy;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        begin(state);
        piece = sizes[i];
        takes = sizes[sizeof sizes / sizeof sizes[0] - 1 - i];
        open_it(&haproxy);
        assert_true(tell(&haproxy, "one\ntwo\nthree\n"));
        assert_string_equal(told.data, "prompt\none\ntwo\nthree\n");
        assert_int_equal(said, says.size);
        assert_int_equal(haproxy.heard.size, 0);
        assert_in_range(last_wait_ms, LIMIT_MS - 1000, LIMIT_MS);
        waits = 0;
        assert_true(tell(&haproxy, ""));
        assert_true(ropp_haproxy_tell(&haproxy, &(struct ropp_buffer){0}));
        assert_int_equal(waits, 0);
        refused = "two";
        refusal = "Unknown ACL identifier.\nand more\n";
        assert_false(tell(&haproxy, "one\ntwo\nthree\n"));
        if (piece == SIZE_MAX)
            assert_string_equal(haproxy.trouble, "refuses a command: Unknown ACL identifier.");
        else
            assert_memory_equal(haproxy.trouble, "refuses a command: ", 19);
        ropp_haproxy_close(&haproxy);
    }
    open_it((begin(state), &haproxy));
    is_silent = true;
    assert_false(tell(&haproxy, "one\n"));
    assert_string_equal(haproxy.trouble, "does not answer within 5000 ms");
    recv_error = -1;
    assert_false(tell(&haproxy, "one\n"));
    assert_string_equal(haproxy.trouble, "the connection was closed");
    ropp_haproxy_close(&haproxy);
}

/* More than is sent at once; and all that is said of it in the end is remembered no longer than it
 * has to be. */
static void test_tells_much(void **state)
{
    static char much[200001];
    struct ropp_haproxy haproxy;

    (void)state;
    open_it(&haproxy);
    for (size_t i = 0; i < sizeof much - 1; i++)
        much[i] = i % 10 == 9 ? '\n' : (char)('a' + i / 10 % 26);
    assert_true(tell(&haproxy, much));
    assert_string_equal(told.data + 7, much);
    assert_int_equal(largest, 65536);
    assert_int_equal(haproxy.heard.size, 0);
    ropp_haproxy_close(&haproxy);
}

/* -- lists -------------------------------------------------------------------------- */

#define ROW(id, file, version, entries)                                                            \
#    id " (" file ") pattern loaded from file '" file                                              \
        "' used by acl at file 'x' line 9. curr_ver=" #    version                                 \
        " next_ver=9 entry_cnt=" #    entries "\n"

static void expect_list(const char *shown, bool good, unsigned id, uint64_t version,
                        uint64_t entries)
{
    struct ropp_haproxy haproxy;
    struct ropp_haproxy_acl acl = {0};

    begin(NULL);
    lists[0] = shown;
    open_it(&haproxy);
    assert_int_equal(ropp_haproxy_acl(&haproxy, FILE_OF, &acl), good);
    assert_string_equal(told.data, "prompt\nshow info\nshow acl\n");
    if (good) {
        assert_string_equal(haproxy.trouble, "");
        assert_int_equal(acl.pid, 4711);
        assert_int_equal(acl.id, id);
        assert_int_equal(acl.version, version);
        assert_int_equal(acl.entries, entries);
    } else {
        assert_string_equal(haproxy.trouble,
                            "has no list from the file " FILE_OF ", or is older than 2.4");
    }
    ropp_haproxy_close(&haproxy);
}

static void test_lists(void **state)
{
    struct ropp_haproxy haproxy;
    struct ropp_haproxy_acl acl;
    char long_name[300] = "";

    (void)state;
    expect_list("# id (file) description\n" ROW(0, "/etc/ropp/bans.acl2", 3, 4)
                    ROW(1, "/etc/ropp/bans", 5, 6) ROW(12, FILE_OF, 34, 56) ROW(2, FILE_OF, 7, 8),
                true, 12, 34, 56);
    expect_list(ROW(0, FILE_OF, 0, 0), true, 0, 0, 0);
    expect_list("# id (file) description\n", false, 0, 0, 0);
    expect_list("", false, 0, 0, 0);
    expect_list("(" FILE_OF ") curr_ver=1 next_ver=1 entry_cnt=1\n", false, 0, 0, 0);
    expect_list("3(" FILE_OF ") curr_ver=1 next_ver=1 entry_cnt=1\n", false, 0, 0, 0);
    expect_list("3 [" FILE_OF ") curr_ver=1 next_ver=1 entry_cnt=1\n", false, 0, 0, 0);
    expect_list("3 (" FILE_OF " curr_ver=1 next_ver=1 entry_cnt=1\n", false, 0, 0, 0);
    expect_list("3 (" FILE_OF ") next_ver=1 entry_cnt=1\n", false, 0, 0, 0);
    expect_list("3 (" FILE_OF ") curr_ver=x next_ver=1 entry_cnt=1\n", false, 0, 0, 0);
    expect_list("3 (" FILE_OF ") curr_ver=1 next_ver=1\n", false, 0, 0, 0);
    expect_list("3 (" FILE_OF ") curr_ver=1 next_ver=1 entry_cnt=\n", false, 0, 0, 0);
    expect_list("3 (" FILE_OF ") curr_ver=18446744073709551615 entry_cnt=4294967296\n", true, 3,
                UINT64_MAX, UINT64_C(4294967296));
    begin(NULL);
    lists[0] = ROW(0, FILE_OF, 0, 0);
    info = "Pid: 4711\n"; /* behind a line, as HAProxy says it */
    open_it(&haproxy);
    assert_false(ropp_haproxy_acl(&haproxy, FILE_OF, &acl));
    assert_string_equal(haproxy.trouble, "does not answer `show info` as HAProxy does");
    info = "";
    assert_false(ropp_haproxy_acl(&haproxy, FILE_OF, &acl));
    assert_string_equal(haproxy.trouble, "does not answer `show info` as HAProxy does");
    info = "Name: HAProxy\nPid: 4711\n";
    memset(long_name, 'x', sizeof long_name - 1);
    assert_false(ropp_haproxy_acl(&haproxy, long_name, &acl));
    assert_int_equal(strlen(haproxy.trouble), 255);
    recv_error = -1;
    assert_false(ropp_haproxy_acl(&haproxy, FILE_OF, &acl));
    assert_string_equal(haproxy.trouble, "the connection was closed");
    ropp_haproxy_close(&haproxy);
}

/* -- its list, kept in step --------------------------------------------------------- */

/* `count` addresses, each the next but one, from 10.0.0.`first` on. */
static struct ropp_prefix_set row_of(size_t first, size_t count)
{
    struct ropp_prefix_set set = {NULL, 0};

    for (size_t i = 0; i < count; i++) {
        const struct ropp_prefix prefix = {ropp_addr_v4(0x0a000000 + (uint32_t)(first + i) * 2),
                                           32};

        ropp_prefix_set_add(&set, &prefix);
    }
    return set;
}

#define ASKS "show info\nshow acl\n"

static void tend(struct ropp_edge_task *task, bool good, bool touched, const char *message)
{
    const struct ropp_edge edge = {.name = "x", .at = at, .acl = FILE_OF};
    struct capture capture;
    bool is_good;

    ropp_buffer_free(&told);
    ropp_buffer_free(&says);
    read_up_to = said = lists_shown = 0;
    task->touched = false;
    capture_begin(&capture, stderr);
    is_good = ropp_edge_haproxy.tend(&edge, task);
    assert_string_equal(capture_end(&capture), message);
    assert_int_equal(is_good, good);
    assert_int_equal(task->touched, touched);
}

static void assert_mark(const struct ropp_edge_task *task, uint64_t id, uint64_t version,
                        uint64_t entries)
{
    assert_int_equal(task->mark.words[0], 4711);
    assert_int_equal(task->mark.words[1], id);
    assert_int_equal(task->mark.words[2], version);
    assert_int_equal(task->mark.words[3], entries);
}

static void test_keeps_in_step(void **state)
{
    struct ropp_prefix_set two = row_of(1, 2), other = row_of(2, 2);
    struct ropp_edge_task task = {.after = &two};

    (void)state;
    assert_string_equal(ropp_edge_haproxy.name, "haproxy");
    lists[0] = ROW(5, FILE_OF, 6, 99);
    lists[1] = ROW(5, FILE_OF, 8, 2);
    tend(&task, true, true, "");
    assert_string_equal(told.data, "prompt\n" ASKS "prepare acl #5\n"
                                   "add acl @8 #5 10.0.0.2/32\nadd acl @8 #5 10.0.0.4/32\n"
                                   "commit acl @8 #5\n" ASKS);
    assert_mark(&task, 5, 8, 2);
    lists[0] = lists[1];
    lists[1] = NULL;
    task.before = &two;
    tend(&task, true, false, "");
    assert_string_equal(told.data, "prompt\n" ASKS);
    assert_mark(&task, 5, 8, 2);
    /* First in, then out. */
    task.after = &other;
    lists[1] = ROW(5, FILE_OF, 9, 2);
    tend(&task, true, true, "");
    assert_string_equal(told.data,
                        "prompt\n" ASKS "add acl #5 10.0.0.6/32\ndel acl #5 10.0.0.2/32\n" ASKS);
    assert_mark(&task, 5, 9, 2);
    /* It was started anew: all of it again. */
    task.before = &other;
    lists[0] = ROW(5, FILE_OF, 0, 2);
    lists[1] = ROW(5, FILE_OF, 1, 2);
    tend(&task, true, true, "");
    assert_non_null(strstr(told.data, "\ncommit acl @8 #5\n"));
    assert_mark(&task, 5, 1, 2);
    ropp_prefix_set_free(&two);
    ropp_prefix_set_free(&other);
}

/* To take one out costs one and one more for each fifty that there are to be. */
static void expect_step(size_t before_first, size_t before, size_t after_first, size_t after,
                        bool changes)
{
    struct ropp_prefix_set had = row_of(before_first, before), has = row_of(after_first, after);
    struct ropp_edge_task task = {.before = &had, .after = &has, .mark = {{4711, 5, 8, before}}};
    char first[96], then[96];

    begin(NULL);
    snprintf(first, sizeof first, "5 (" FILE_OF ") curr_ver=8 entry_cnt=%zu\n", before);
    snprintf(then, sizeof then, "5 (" FILE_OF ") curr_ver=8 entry_cnt=%zu\n", after);
    lists[0] = first;
    lists[1] = then;
    tend(&task, true, true, "");
    assert_int_equal(strstr(told.data, "prepare") == NULL, changes);
    ropp_prefix_set_free(&had);
    ropp_prefix_set_free(&has);
}

static void test_costs(void **state)
{
    (void)state;
    expect_step(1, 49, 31, 49, false); /* 30 out, 30 in, of 49 */
    expect_step(1, 60, 31, 49, true);  /* 30 out, 19 in */
    expect_step(1, 60, 21, 50, true);  /* 20 out, each at 2, and 10 in, of 50 */
    expect_step(1, 61, 22, 50, false);
    expect_step(1, 133, 34, 100, true); /* 33 out, each at 3, and 1 more */
    expect_step(1, 133, 35, 100, false);
}

static void test_refuses(void **state)
{
    struct ropp_prefix_set two = row_of(1, 2), other = row_of(2, 2);
    struct ropp_edge_task task = {.after = &two};
    char long_text[400], expected[400];

    (void)state;
    lists[0] = ROW(5, FILE_OF, 6, 2);
    prepared = "Unknown ACL identifier. Please use #<id> or <file>.\n";
    tend(&task, false, true,
         "ropp: begins no new list: Unknown ACL identifier. Please use #<id> or <file>.\n");
    assert_string_equal(told.data, "prompt\n" ASKS "prepare acl #5\n");
    assert_mark(&task, 5, 6, 2);
    prepared = "";
    tend(&task, false, true, "ropp: begins no new list: \n");
    memset(long_text, 'x', 300);
    long_text[300] = '\0';
    prepared = long_text;
    snprintf(expected, sizeof expected, "ropp: begins no new list: %.200s\n", long_text);
    tend(&task, false, true, expected);
    prepared = "New version created: 8\n";
    refused = "commit";
    refusal = "No such version.\n";
    tend(&task, false, true, "ropp: refuses a command: No such version.\n");
    assert_mark(&task, 5, 6, 2);
    task.before = &two;
    task.after = &other;
    refused = "del acl";
    refusal = "Key not found.\n";
    tend(&task, false, true, "ropp: refuses a command: Key not found.\n");
    refused = NULL;
    /* What has arrived is asked. */
    lists[1] = ROW(5, FILE_OF, 6, 3);
    tend(&task, false, true,
         "ropp: has 3 prefixes where it should have 2: somebody else changes its list\n");
    assert_mark(&task, 5, 6, 3);
    lists[1] = "\n";
    task.before = NULL;
    tend(&task, false, true, "ropp: has no list from the file " FILE_OF ", or is older than 2.4\n");
    lists[0] = "\n";
    tend(&task, false, false,
         "ropp: has no list from the file " FILE_OF ", or is older than 2.4\n");
    recv_error = -1;
    tend(&task, false, false, "ropp: the connection was closed\n");
    assert_string_equal(told.data, "prompt\n");
    ropp_prefix_set_free(&two);
    ropp_prefix_set_free(&other);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_addresses, begin),
        cmocka_unit_test_setup(test_paths, begin),
        cmocka_unit_test_setup(test_hosts, begin),
        cmocka_unit_test_setup(test_next_address, begin),
        cmocka_unit_test_setup(test_asks, begin),
        cmocka_unit_test_setup(test_asks_on, begin),
        cmocka_unit_test_setup(test_breaks, begin),
        cmocka_unit_test_setup(test_is_silent, begin),
        cmocka_unit_test_setup(test_tells, begin),
        cmocka_unit_test_setup(test_tells_much, begin),
        cmocka_unit_test_setup(test_lists, begin),
        cmocka_unit_test_setup(test_keeps_in_step, begin),
        cmocka_unit_test_setup(test_costs, begin),
        cmocka_unit_test_setup(test_refuses, begin),
    };

    return UNIT_RUN(argc, argv, "haproxy", tests, make_socket, remove_socket);
}
