// SPDX-License-Identifier: MIT
/* nftables' sets by netlink, to the byte, with a kernel and an nft that stand in for the real ones
 * (tests/ban/test_follow.sh has those). */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/edge/edge.h"
#include "tools/edge/nfbatch.h"
#include "tools/edge/nfhandle.h"

/* -- a kernel that stands in ---------------------------------------------------------- */

static struct ropp_buffer sent; /* the last message */
static size_t asks, batches;
static int opened, closed;
static char options[256]; /* what was set of the socket, in words */
static int fails_at;      /* the how manyth call of setsockopt */
static int socket_error, send_error, recv_error;
static size_t send_lacks; /* so many bytes are not taken */

/* What is answered: raw messages, or else the numbers of tables and sets, one each time it is asked. */
static struct ropp_buffer replies[8];
static size_t reply_count, replied;
static uint64_t handles[16];
static int kernel_error; /* a batch comes to this */

int __wrap_socket(int domain, int type, int protocol);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);
int __real_close(int fd);
int __wrap_close(int fd);

pid_t __real_fork(void);
pid_t __wrap_fork(void);
static bool no_fork;

pid_t __wrap_fork(void)
{
    if (!no_fork)
        return __real_fork();
    errno = EAGAIN;
    return -1;
}

int __wrap_socket(int domain, int type, int protocol)
{
    assert_int_equal(domain, AF_NETLINK);
    assert_int_equal(type, SOCK_RAW | SOCK_CLOEXEC);
    assert_int_equal(protocol, NETLINK_NETFILTER);
    if (socket_error != 0) {
        errno = socket_error;
        return -1;
    }
    opened = open("/dev/null", O_RDONLY);
    return opened;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    char *end = options + strlen(options);
    const size_t room = sizeof options - strlen(options);

    assert_int_equal(fd, opened);
    assert_int_equal(level, SOL_SOCKET);
    if (fails_at > 0 && --fails_at == 0) {
        errno = EPERM;
        return -1;
    }
    if (name == SO_SNDBUFFORCE) {
        assert_int_equal(size, sizeof(int));
        snprintf(end, room, "room %d\n", *(const int *)value);
    } else {
        const struct timeval *limit = value;

        assert_int_equal(name, SO_RCVTIMEO);
        assert_int_equal(size, sizeof *limit);
        snprintf(end, room, "limit %ld.%06ld\n", (long)limit->tv_sec, (long)limit->tv_usec);
    }
    return 0;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
    assert_int_equal(fd, opened);
    assert_int_equal(flags, 0);
    sent.size = 0;
    ropp_buffer_add(&sent, bytes, size);
    errno = send_error;
    return send_error > 0 ? -1 : (ssize_t)(size - send_lacks);
}

static void add(struct ropp_buffer *buffer, const void *bytes, size_t size)
{
    ropp_buffer_add(buffer, bytes, size);
}

static struct ropp_buffer ack_of(uint32_t sequence, int error)
{
    const struct nlmsghdr header = {.nlmsg_len = sizeof header + sizeof(struct nlmsgerr),
                                    .nlmsg_type = NLMSG_ERROR,
                                    .nlmsg_seq = sequence};
    const struct nlmsgerr result = {.error = -error};
    struct ropp_buffer message = {0};

    add(&message, &header, sizeof header);
    add(&message, &result, sizeof result);
    return message;
}

/* An answer of this type, with attributes that are given as they are. */
static struct ropp_buffer answer_of(unsigned type, const void *attributes, size_t size)
{
    const struct nlmsghdr header = {.nlmsg_type = (uint16_t)type};
    const struct nfgenmsg own = {1, 0, 0};
    struct ropp_buffer message = {0};

    add(&message, &header, sizeof header);
    add(&message, &own, sizeof own);
    add(&message, attributes, size);
    return message;
}

static uint32_t last_sequence(void)
{
    struct nlmsghdr header;
    uint32_t before = 0;

    for (size_t at = 0; at < sent.size; at += header.nlmsg_len) {
        memcpy(&header, sent.data + at, sizeof header);
        if (header.nlmsg_type != NFNL_MSG_BATCH_END)
            before = header.nlmsg_seq;
    }
    return before;
}

static struct ropp_buffer answer_for(unsigned type)
{
    const bool set = type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSET);
    const uint64_t handle = handles[asks++];
    uint16_t words[2] = {12, set ? NFTA_SET_HANDLE : NFTA_TABLE_HANDLE};
    uint32_t halves[2] = {htonl((uint32_t)(handle >> 32)), htonl((uint32_t)handle)};
    unsigned char attribute[12];

    if (handle == 0)
        return ack_of(0, ENOENT);
    memcpy(attribute, words, 4);
    memcpy(attribute + 4, halves, 8);
    return answer_of(NFNL_SUBSYS_NFTABLES << 8 | (set ? NFT_MSG_NEWSET : NFT_MSG_NEWTABLE),
                     attribute, 12);
}

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags)
{
    struct ropp_buffer message;
    struct nlmsghdr header;

    assert_int_equal(fd, opened);
    assert_int_equal(flags, 0);
    errno = recv_error;
    if (recv_error != 0)
        return -1;
    memcpy(&header, sent.data, sizeof header);
    if (replied < reply_count) {
        message = replies[replied];
        memset(&replies[replied++], 0, sizeof message);
    } else if (header.nlmsg_type == NFNL_MSG_BATCH_BEGIN) {
        batches++;
        message = ack_of(last_sequence(), kernel_error);
    } else {
        message = answer_for(header.nlmsg_type);
    }
    assert_true(message.size <= size);
    if (message.size > 0)
        memcpy(bytes, message.data, message.size);
    size = message.size;
    ropp_buffer_free(&message);
    return (ssize_t)size;
}

int __wrap_close(int fd)
{
    closed += fd == opened;
    return __real_close(fd);
}

static int begin(void **state)
{
    (void)state;
    ropp_buffer_free(&sent);
    for (size_t i = 0; i < 8; i++)
        ropp_buffer_free(&replies[i]);
    asks = batches = reply_count = replied = send_lacks = 0;
    opened = -1;
    closed = fails_at = socket_error = send_error = recv_error = kernel_error = 0;
    options[0] = '\0';
    memset(handles, 0, sizeof handles);
    return 0;
}

static int end(void **state)
{
    return begin(state);
}

/* What was sent last, in hexadecimal, a message a line. */
static void assert_sent(const char *expected)
{
    struct ropp_buffer text = {0};
    struct nlmsghdr header;

    for (size_t at = 0; at < sent.size; at += header.nlmsg_len) {
        memcpy(&header, sent.data + at, sizeof header);
        assert_in_range(header.nlmsg_len, sizeof header, sent.size - at);
        for (size_t i = 0; i < header.nlmsg_len; i++)
            ropp_buffer_format(&text, "%s%02x", i % 4 || i == 0 ? "" : " ",
                               (unsigned char)sent.data[at + i]);
        ropp_buffer_text(&text, "\n");
    }
    assert_string_equal(text.data, expected);
    ropp_buffer_free(&text);
}

static struct ropp_prefix prefix_of(const char *text)
{
    struct ropp_prefix prefix;

    assert_int_equal(ropp_prefix_parse(text, strlen(text), &prefix), ROPP_PREFIX_OK);
    return prefix;
}

/* -- batches -------------------------------------------------------------------------- */

static bool commits(struct ropp_nf_batch *batch, const char *message)
{
    struct capture capture;
    bool good;

    capture_begin(&capture, stderr);
    good = ropp_nf_commit(batch);
    assert_string_equal(capture_end(&capture), message);
    assert_null(batch->bytes.data);
    return good;
}

static void test_bytes(void **state)
{
    struct ropp_nf_batch batch = {0};
    const struct ropp_prefix v4[] = {prefix_of("192.0.2.0/24"), prefix_of("255.255.255.254/31")},
                             v6 = prefix_of("2001:db8::/32");

    (void)state;
    ropp_nf_begin(&batch);
    ropp_nf_flush(&batch, "ropp", "banned4");
    ropp_nf_add(&batch, "ropp", "banned4", v4, 2);
    ropp_nf_add(&batch, "ropp", "none", v4, 0);
    ropp_nf_delete(&batch, "abc", "banned6", &v6, 1);
    assert_true(commits(&batch, ""));
    /* The header of each: length, type and flags, number, port. Then the family and, of the first
     * and the last, the subsystem. The last but one wants an answer. */
    assert_sent("14000000 10000100 01000000 00000000 0000000a\n"
                "2c000000 0e0a0104 02000000 00000000 01000000 09000100 726f7070 00000000 0c000200 "
                "62616e6e 65643400\n"
                "68000000 0c0a0104 03000000 00000000 01000000 09000100 726f7070 00000000 0c000200 "
                "62616e6e 65643400 3c000380 10000180 0c000180 08000100 c0000200 18000180 08000300 "
                "00000001 0c000180 08000100 c0000300 10000180 0c000180 08000100 fffffffe\n"
                "6c000000 0e0a0504 04000000 00000000 01000000 08000100 61626300 0c000200 62616e6e "
                "65643600 44000380 1c000180 18000180 14000100 20010db8 00000000 00000000 00000000 "
                "24000180 08000300 00000001 18000180 14000100 20010db9 00000000 00000000 00000000\n"
                "14000000 11000100 05000000 00000000 0000000a\n");
    assert_string_equal(options, "room 296\nlimit 120.000000\n");
    assert_int_equal(closed, 1);
    assert_int_equal(batches, 1);
}

/* A list of elements has its largest size: 1500 of IPv4 with an end each. */
static void test_many(void **state)
{
    static struct ropp_prefix many[3001];
    struct ropp_nf_batch batch = {0};
    struct nlmsghdr header;
    size_t lengths[8], count = 0;

    (void)state;
    for (size_t i = 0; i < 3001; i++)
        many[i] = (struct ropp_prefix){ropp_addr_v4((uint32_t)i * 2), 32};
    ropp_nf_begin(&batch);
    ropp_nf_add(&batch, "ropp", "banned4", many, 3001);
    assert_true(commits(&batch, ""));
    for (size_t at = 0; at < sent.size; at += header.nlmsg_len) {
        memcpy(&header, sent.data + at, sizeof header);
        assert_true(count < 8);
        assert_int_equal(header.nlmsg_seq, count + 1);
        lengths[count++] = header.nlmsg_len;
    }
    assert_int_equal(count, 5);
    assert_int_equal(lengths[0], 20);
    assert_int_equal(lengths[1], 20 + 12 + 12 + 4 + 1500 * 40);
    assert_int_equal(lengths[2], lengths[1]);
    assert_int_equal(lengths[3], 20 + 12 + 12 + 4 + 40);
    assert_int_equal(lengths[4], 20);
}

static void commit_one(bool good, const char *message)
{
    const struct ropp_prefix one = prefix_of("192.0.2.1");
    struct ropp_nf_batch batch = {0};

    closed = 0;
    options[0] = '\0';
    ropp_nf_begin(&batch);
    ropp_nf_add(&batch, "ropp", "banned4", &one, 1);
    assert_int_equal(commits(&batch, message), good);
    assert_int_equal(closed, socket_error == 0);
}

static void test_does_not_take_it(void **state)
{
    (void)state;
    errno = 0;
    commit_one(true, "");
    kernel_error = ENOENT;
    commit_one(false, "ropp: the kernel does not take it: No such file or directory\n");
    kernel_error = 0;
    fails_at = 1;
    commit_one(false, "ropp: the kernel does not take it: Operation not permitted\n");
    assert_string_equal(options, "");
    fails_at = 2;
    commit_one(false, "ropp: the kernel does not take it: Operation not permitted\n");
    assert_int_equal(batches, 2);
    send_error = ENOBUFS;
    commit_one(false, "ropp: the kernel does not take it: No buffer space available\n");
    send_error = 0;
    send_lacks = 1;
    commit_one(false, "ropp: the kernel does not take it: Message too long\n");
    send_lacks = 0;
    recv_error = EAGAIN;
    commit_one(false, "ropp: the kernel does not take it: Resource temporarily unavailable\n");
    recv_error = 0;
    socket_error = EPERM;
    commit_one(false, "ropp: the kernel does not take it: Operation not permitted\n");
    socket_error = 0;
    commit_one(true, "");
}

/* Others may be told on the same socket, and errors come for any message. */
static void test_answers(void **state)
{
    (void)state;
    replies[0] = ack_of(2, 0);
    replies[0].size = sizeof(struct nlmsghdr) + sizeof(struct nlmsgerr) - 1;
    replies[1] = ack_of(2, 0);
    ((struct nlmsghdr *)(void *)replies[1].data)->nlmsg_type = NLMSG_DONE;
    replies[2] = ack_of(1, 0);
    replies[3] = ack_of(3, 0);
    reply_count = 4;
    commit_one(true, "");
    assert_int_equal(replied, 4);
    assert_int_equal(batches, 1); /* it was answered behind them */
    replies[4] = ack_of(1, 0);
    replies[5] = ack_of(2, 0);
    reply_count = 6;
    replied = 4;
    commit_one(true, "");
    assert_int_equal(batches, 1);
    replies[6] = ack_of(9, EBUSY);
    reply_count = 7;
    commit_one(false, "ropp: the kernel does not take it: Device or resource busy\n");
    assert_int_equal(batches, 1);
}

/* -- numbers -------------------------------------------------------------------------- */

#define TABLE (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWTABLE)
#define SET   (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSET)

static uint64_t table_of(const char *attributes, size_t size)
{
    uint64_t handle;

    replies[0] = answer_of(TABLE, attributes, size);
    reply_count = 1;
    replied = 0;
    closed = 0;
    handle = ropp_nf_table("ropp");
    assert_int_equal(closed, 1);
    return handle;
}

static void test_numbers(void **state)
{
    (void)state;
    handles[0] = UINT64_C(0x0102030405060708);
    handles[1] = UINT64_C(0xfffefdfcfbfaf9f8);
    assert_true(ropp_nf_table("ropp") == UINT64_C(0x0102030405060708));
    assert_sent("20000000 010a0100 00000000 00000000 01000000 09000100 726f7070 00000000\n");
    assert_string_equal(options, "limit 5.000000\n");
    assert_true(ropp_nf_set("abc", "banned4") == UINT64_C(0xfffefdfcfbfaf9f8));
    assert_sent("28000000 0a0a0100 00000000 00000000 01000000 08000100 61626300 0c000200 62616e6e "
                "65643400\n");
    assert_int_equal(ropp_nf_table("ropp"), 0); /* it is not there */
    assert_int_equal(closed, 3);

    /* Behind others, whose lengths are no multiples of four; the last one ends with the message. */
    assert_int_equal(table_of("\x05\0\1\0x\0\0\0\x0c\0\4\0\0\0\0\0\0\0\0\x2a", 20), 42);
    assert_int_equal(table_of("\x0c\0\4\0\0\0\0\0\0\0\0\x2a\x05\0\1\0x\0\0\0", 20), 42);
    assert_int_equal(table_of("\x08\0\4\0\0\0\0\7\x0c\0\4\0\0\0\0\0\0\0\0\x2a", 20), 42);
    assert_int_equal(table_of("\x0c\0\5\0\0\0\0\0\0\0\0\x2a", 12), 0);
    assert_int_equal(table_of("\x0c\0\4\0\0\0\0\0\0\0\0\x2a", 11), 0);
    assert_int_equal(table_of("\x03\0\1\0\x0c\0\4\0\0\0\0\0\0\0\0\x2a", 16), 0);
    assert_int_equal(table_of("\x04\0\1\0\x0c\0\4\0\0\0\0\0\0\0\0\x2a", 16), 42);
    assert_int_equal(table_of("\x0c\0\4", 3), 0);
    assert_int_equal(table_of("", 0), 0);
    assert_int_equal(asks, 3);
}

static void test_no_number(void **state)
{
    (void)state;
    handles[0] = handles[1] = handles[2] = handles[3] = handles[4] = 7;
    assert_int_equal(ropp_nf_table("ropp"), 7);
    socket_error = EPERM;
    assert_int_equal(ropp_nf_table("ropp"), 0);
    socket_error = 0;
    assert_int_equal(closed, 1);
    fails_at = 1;
    assert_int_equal(ropp_nf_table("ropp"), 0);
    assert_int_equal(closed, 2);
    send_error = EPERM;
    assert_int_equal(ropp_nf_table("ropp"), 0);
    send_error = 0;
    recv_error = EAGAIN;
    assert_int_equal(ropp_nf_table("ropp"), 0);
    recv_error = 0;
    assert_int_equal(asks, 1);
    /* An answer to something else; and one that is too short to be one. */
    replies[0] = answer_of(SET, "\x0c\0\4\0\0\0\0\0\0\0\0\x2a", 12);
    replies[1] = answer_of(TABLE, "", 0);
    replies[1].size = 19;
    reply_count = 2;
    assert_int_equal(ropp_nf_table("ropp"), 0);
    assert_int_equal(ropp_nf_table("ropp"), 0);
    replied = 0;
    replies[0] = answer_of(TABLE, "\x0c\0\x10\0\0\0\0\0\0\0\0\x2a", 12);
    reply_count = 1;
    assert_int_equal(ropp_nf_set("ropp", "banned4"), 0);
    assert_int_equal(asks, 1);
}

/* -- a target ------------------------------------------------------------------------- */

static char folder[] = "/tmp/ropp-nft-XXXXXX";

/* What nft was called with and has read, since the last time. */
static const char *nft_was_told(void)
{
    static char text[1024];
    char at[64];
    FILE *file;

    snprintf(at, sizeof at, "%s/told", folder);
    file = fopen(at, "r");
    text[0] = '\0';
    if (file != NULL) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    unlink(at);
    return text;
}

/* Messages of a batch in words: what, and in which set, and how long it is. */
static void assert_batch(const char *expected)
{
    struct ropp_buffer text = {0};
    struct nlmsghdr header;

    for (size_t at = 0; at < sent.size; at += header.nlmsg_len) {
        memcpy(&header, sent.data + at, sizeof header);
        if (header.nlmsg_type >> 8 == NFNL_SUBSYS_NFTABLES)
            ropp_buffer_format(&text, "%s %s %s %u\n",
                               (header.nlmsg_type & 255) == NFT_MSG_NEWSETELEM ? "add" : "delete",
                               sent.data + at + 24, sent.data + at + 36, header.nlmsg_len);
    }
    assert_string_equal(text.size ? text.data : "", expected);
    ropp_buffer_free(&text);
}

static void give(size_t from, uint64_t table, uint64_t set4, uint64_t set6)
{
    handles[from] = table;
    handles[from + 1] = set4;
    handles[from + 2] = set6;
}

static void tend(struct ropp_edge_task *task, bool good, bool touched, size_t asked,
                 size_t committed, const char *told, const char *message)
{
    const struct ropp_edge edge = {.name = "nftables"};
    struct capture capture;
    bool is_good;

    asks = batches = 0;
    sent.size = 0;
    options[0] = '\0';
    task->touched = false;
    capture_begin(&capture, stderr);
    is_good = ropp_edge_nftables.tend(&edge, task);
    assert_string_equal(capture_end(&capture), message);
    assert_int_equal(is_good, good);
    assert_int_equal(task->touched, touched);
    assert_int_equal(asks, asked);
    assert_int_equal(batches, committed);
    assert_string_equal(nft_was_told(), told);
}

static void assert_mark(const struct ropp_edge_task *task, uint64_t table, uint64_t set4,
                        uint64_t set6)
{
    assert_int_equal(task->mark.words[0], table);
    assert_int_equal(task->mark.words[1], set4);
    assert_int_equal(task->mark.words[2], set6);
    assert_int_equal(task->mark.words[3], 0);
}

#define MAKES                                                                                      \
    "-f -\nadd table inet ropp\n"                                                                  \
    "add set inet ropp banned4 { type ipv4_addr; flags interval; }\n"                              \
    "add set inet ropp banned6 { type ipv6_addr; flags interval; }\n"

static void test_keeps_in_step(void **state)
{
    struct ropp_prefix v4[] = {prefix_of("192.0.2.1"), prefix_of("192.0.2.3"),
                               prefix_of("192.0.2.7"), prefix_of("192.0.2.9")},
                       both[] = {prefix_of("192.0.2.1"), prefix_of("192.0.2.5"),
                                 prefix_of("192.0.2.7"), prefix_of("192.0.2.9"),
                                 prefix_of("2001:db8::/32")};
    const struct ropp_prefix_set four = {v4, 4}, five = {both, 5};
    struct ropp_edge_task task = {.after = &five};
    char wide[256], before[4096];

    (void)state;
    assert_string_equal(ropp_edge_nftables.name, "nftables");
    snprintf(before, sizeof before, "%s", getenv("PATH"));
    snprintf(wide, sizeof wide, "%s:%.200s", folder, before);
    setenv("PATH", wide, 1);
    /* There is nothing yet. */
    give(3, 1, 2, 3);
    tend(&task, true, true, 6, 1, MAKES, "");
    assert_mark(&task, 1, 2, 3);
    assert_batch("delete ropp banned4 44\ndelete ropp banned6 44\n"
                 "add ropp banned4 208\nadd ropp banned6 112\n");
    give(0, 1, 2, 3);
    task.before = &five;
    tend(&task, true, false, 3, 0, "", "");
    assert_mark(&task, 1, 2, 3);
    task.after = &four;
    tend(&task, true, true, 3, 1, "", "");
    assert_batch("delete ropp banned4 88\ndelete ropp banned6 112\nadd ropp banned4 88\n");
    task.before = &four;
    task.after = &five;
    tend(&task, true, true, 3, 1, "", "");
    assert_batch("delete ropp banned4 88\nadd ropp banned4 88\nadd ropp banned6 112\n");
    /* One of the sets is another, or is gone. */
    give(0, 1, 2, 4);
    tend(&task, true, true, 3, 1, "", "");
    assert_batch("delete ropp banned4 44\ndelete ropp banned6 44\n"
                 "add ropp banned4 208\nadd ropp banned6 112\n");
    assert_mark(&task, 1, 2, 4);
    for (size_t i = 0; i < 3; i++) {
        give(0, 1, 2, 3);
        give(3, 1, 2, 5);
        handles[i] = 0;
        tend(&task, true, true, 6, 1, MAKES, "");
        assert_mark(&task, 1, 2, 5);
        handles[3 + i] = 0;
        tend(&task, false, true, 6, 0, MAKES,
             "ropp: the sets were taken away again: somebody else deletes them\n");
    }
    give(0, 1, 2, 3);
    kernel_error = ENOENT;
    tend(&task, false, true, 3, 1, "",
         "ropp: the kernel does not take it: No such file or directory\n");
    snprintf(wide, sizeof wide, "%s/fails", folder);
    fclose(fopen(wide, "w"));
    give(0, 0, 0, 0);
    tend(&task, false, true, 3, 0, MAKES, "ropp: nft does not do it\n");
    no_fork = true;
    tend(&task, false, true, 3, 0, "",
         "ropp: cannot start nft: Resource temporarily unavailable\n");
    no_fork = false;
    setenv("PATH", before, 1);
}

static int make_nft(void **state)
{
    char at[64];
    FILE *file;

    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(at, sizeof at, "%s/nft", folder);
    file = fopen(at, "w");
    if (file == NULL)
        return -1;
    fputs("#!/bin/sh\ncd \"${0%/*}\"\n{ echo \"$*\"; cat; } >>told\n[ ! -e fails ]\n", file);
    fclose(file);
    return chmod(at, 0755);
}

static int remove_nft(void **state)
{
    char line[64];

    (void)state;
    snprintf(line, sizeof line, "rm -r %s", folder);
    return system(line);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bytes, begin, end),
        cmocka_unit_test_setup_teardown(test_many, begin, end),
        cmocka_unit_test_setup_teardown(test_does_not_take_it, begin, end),
        cmocka_unit_test_setup_teardown(test_answers, begin, end),
        cmocka_unit_test_setup_teardown(test_numbers, begin, end),
        cmocka_unit_test_setup_teardown(test_no_number, begin, end),
        cmocka_unit_test_setup_teardown(test_keeps_in_step, begin, end),
    };

    signal(SIGPIPE, SIG_IGN);
    return UNIT_RUN(argc, argv, "nft", tests, make_nft, remove_nft);
}
