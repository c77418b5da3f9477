// SPDX-License-Identifier: MIT
#include "tools/edge/nfbatch.h"

#include "tools/base/cli.h"

#ifdef __linux__

#    include <arpa/inet.h>
#    include <errno.h>
#    include <linux/netfilter/nf_tables.h>
#    include <linux/netfilter/nfnetlink.h>
#    include <linux/netlink.h>
#    include <string.h>
#    include <sys/socket.h>
#    include <sys/time.h>
#    include <unistd.h>

#    include "tools/lists/range.h"

/* NFPROTO_INET, whose header and the system's own do not go together. */
#    define FAMILY_INET 1

/* A list of elements is an attribute, whose length has 16 bits; one element needs less than 100. */
#    define LIST_MOST 60000

/* How long the kernel may be silent: it takes in a million elements before it answers. */
#    define ANSWER_S 120

/* ---- messages and attributes, which begin at multiples of four ---- */

static void patch(struct ropp_nf_batch *batch, size_t at, const void *bytes, size_t size)
{
    memcpy(batch->bytes.data + at, bytes, size);
}

static void begin_message(struct ropp_nf_batch *batch, unsigned type, unsigned flags,
                          unsigned family, unsigned resource)
{
    const struct nfgenmsg own = {(uint8_t)family, NFNETLINK_V0, htons((uint16_t)resource)};
    const struct nlmsghdr header = {
        .nlmsg_type = (uint16_t)type,
        .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
        .nlmsg_seq = ++batch->sequence,
    };

    batch->last = batch->bytes.size;
    ropp_buffer_add(&batch->bytes, &header, sizeof header);
    ropp_buffer_add(&batch->bytes, &own, sizeof own);
}

static void end_message(struct ropp_nf_batch *batch)
{
    uint32_t length = (uint32_t)(batch->bytes.size - batch->last);

    patch(batch, batch->last, &length, sizeof length);
}

/* Returns where it begins, for end_nest. */
static size_t begin_nest(struct ropp_nf_batch *batch, unsigned type)
{
    const struct nlattr attribute = {0, (uint16_t)(type | NLA_F_NESTED)};

    ropp_buffer_add(&batch->bytes, &attribute, sizeof attribute);
    return batch->bytes.size - sizeof attribute;
}

static void end_nest(struct ropp_nf_batch *batch, size_t begin)
{
    uint16_t length = (uint16_t)(batch->bytes.size - begin);

    patch(batch, begin, &length, sizeof length);
}

static void add_attribute(struct ropp_nf_batch *batch, unsigned type, const void *value,
                          size_t size)
{
    const struct nlattr attribute = {(uint16_t)(sizeof attribute + size), (uint16_t)type};

    ropp_buffer_add(&batch->bytes, &attribute, sizeof attribute);
    ropp_buffer_add(&batch->bytes, value, size);
    ropp_buffer_add(&batch->bytes, "\0\0\0", (4 - size % 4) % 4);
}

static void begin_set(struct ropp_nf_batch *batch, unsigned type, const char *table,
                      const char *set)
{
    begin_message(batch, NFNL_SUBSYS_NFTABLES << 8 | type, NLM_F_CREATE, FAMILY_INET, 0);
    add_attribute(batch, NFTA_SET_ELEM_LIST_TABLE, table, strlen(table) + 1);
    add_attribute(batch, NFTA_SET_ELEM_LIST_SET, set, strlen(set) + 1);
}

/* ---- elements ---- */

static void add_element(struct ropp_nf_batch *batch, const struct ropp_addr *addr, bool is_end)
{
    const uint32_t flags = htonl(NFT_SET_ELEM_INTERVAL_END);
    size_t element = begin_nest(batch, NFTA_LIST_ELEM), key;

    if (is_end)
        add_attribute(batch, NFTA_SET_ELEM_FLAGS, &flags, sizeof flags);
    key = begin_nest(batch, NFTA_SET_ELEM_KEY);
    add_attribute(batch, NFTA_DATA_VALUE, addr->bytes, addr->family == ROPP_FAMILY_INET ? 4 : 16);
    end_nest(batch, key);
    end_nest(batch, element);
}

static void add_prefix(struct ropp_nf_batch *batch, const struct ropp_prefix *prefix)
{
    const struct ropp_range range = ropp_range_of(prefix);
    struct ropp_addr behind;

    add_element(batch, &prefix->addr, false);
    if (ropp_number_compare(range.last, ropp_number_last(range.family)) == 0)
        return;
    behind = ropp_number_addr(range.family, ropp_number_next(range.last));
    add_element(batch, &behind, true);
}

/* As many messages as it takes. */
static void add_prefixes(struct ropp_nf_batch *batch, unsigned type, const char *table,
                         const char *set, const struct ropp_prefix *items, size_t count)
{
    size_t list;

    while (count > 0) {
        begin_set(batch, type, table, set);
        list = begin_nest(batch, NFTA_SET_ELEM_LIST_ELEMENTS);
        for (; count > 0 && batch->bytes.size - list < LIST_MOST; items++, count--)
            add_prefix(batch, items);
        end_nest(batch, list);
        end_message(batch);
    }
}

void ropp_nf_begin(struct ropp_nf_batch *batch)
{
    begin_message(batch, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
    end_message(batch);
}

void ropp_nf_flush(struct ropp_nf_batch *batch, const char *table, const char *set)
{
    begin_set(batch, NFT_MSG_DELSETELEM, table, set);
    end_message(batch);
}

void ropp_nf_add(struct ropp_nf_batch *batch, const char *table, const char *set,
                 const struct ropp_prefix *items, size_t count)
{
    add_prefixes(batch, NFT_MSG_NEWSETELEM, table, set, items, count);
}

void ropp_nf_delete(struct ropp_nf_batch *batch, const char *table, const char *set,
                    const struct ropp_prefix *items, size_t count)
{
    add_prefixes(batch, NFT_MSG_DELSETELEM, table, set, items, count);
}

/* ---- carrying it out ---- */

/* The last message that does something is answered when all is done, and whatever went wrong before
 * it. Returns the sequence number of that answer. */
static uint32_t finish(struct ropp_nf_batch *batch)
{
    const uint16_t flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK;
    uint32_t answered = batch->sequence;

    patch(batch, batch->last + offsetof(struct nlmsghdr, nlmsg_flags), &flags, sizeof flags);
    begin_message(batch, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
    end_message(batch);
    return answered;
}

static bool send_all(int fd, const struct ropp_nf_batch *batch)
{
    const struct timeval limit = {ANSWER_S, 0};
    const int room = (int)batch->bytes.size;

    /* It is one message for the socket, however long. */
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0)
        return false;
    return send(fd, batch->bytes.data, batch->bytes.size, 0) == (ssize_t)batch->bytes.size;
}

/* The answer to the message of this number, or the first error: an errno, 0 when it is done. */
static int answer(int fd, uint32_t sequence)
{
    union {
        struct nlmsghdr header;
        char bytes[8192];
    } heard;
    struct nlmsgerr result;
    ssize_t size;

    for (;;) {
        size = recv(fd, heard.bytes, sizeof heard.bytes, 0);
        if (size < 0)
            return errno;
        if (size < (ssize_t)(sizeof heard.header + sizeof result) ||
            heard.header.nlmsg_type != NLMSG_ERROR)
            continue;
        memcpy(&result, heard.bytes + sizeof heard.header, sizeof result);
        if (result.error != 0 || heard.header.nlmsg_seq == sequence)
            return -result.error;
    }
}

bool ropp_nf_commit(struct ropp_nf_batch *batch)
{
    uint32_t sequence = finish(batch);
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER), error = 0;

    if (fd < 0 || batch->bytes.size > INT32_MAX || !send_all(fd, batch))
        error = errno != 0 ? errno : EMSGSIZE;
    if (error == 0)
        error = answer(fd, sequence);
    if (fd >= 0)
        close(fd);
    ropp_buffer_free(&batch->bytes);
    return error == 0 || ropp_error("the kernel does not take it: %s", strerror(error));
}

#else /* there is no nftables */

void ropp_nf_begin(struct ropp_nf_batch *batch)
{
    (void)batch;
}

void ropp_nf_flush(struct ropp_nf_batch *batch, const char *table, const char *set)
{
    (void)batch, (void)table, (void)set;
}

void ropp_nf_add(struct ropp_nf_batch *batch, const char *table, const char *set,
                 const struct ropp_prefix *items, size_t count)
{
    (void)batch, (void)table, (void)set, (void)items, (void)count;
}

void ropp_nf_delete(struct ropp_nf_batch *batch, const char *table, const char *set,
                    const struct ropp_prefix *items, size_t count)
{
    (void)batch, (void)table, (void)set, (void)items, (void)count;
}

bool ropp_nf_commit(struct ropp_nf_batch *batch)
{
    (void)batch;
    return ropp_error("no nftables on this system");
}

#endif
