// SPDX-License-Identifier: MIT
#include "tools/edge/nfhandle.h"

#ifdef __linux__

#    include <arpa/inet.h>
#    include <linux/netfilter/nf_tables.h>
#    include <linux/netfilter/nfnetlink.h>
#    include <linux/netlink.h>
#    include <string.h>
#    include <sys/socket.h>
#    include <sys/time.h>
#    include <unistd.h>

/* NFPROTO_INET, whose header and the system's own do not go together. */
#    define FAMILY_INET 1

/* A question and its answer: a header, nfnetlink's own, and attributes. */
union message {
    struct nlmsghdr header;
    char bytes[4096];
};

/* Attributes begin at multiples of four; so do the two headers end. */
#    define NF_ALIGN(size) (((size) + 3) & ~(size_t)3)
#    define NF_BODY        (sizeof(struct nlmsghdr) + sizeof(struct nfgenmsg))

/* Adds an attribute that is a text. There is room: names are short. */
static void add_text(union message *message, unsigned type, const char *text)
{
    size_t size = strlen(text) + 1, at = NF_ALIGN(message->header.nlmsg_len);
    struct nlattr attribute = {(uint16_t)(sizeof(struct nlattr) + size), (uint16_t)type};

    memcpy(message->bytes + at, &attribute, sizeof attribute);
    memcpy(message->bytes + at + sizeof(struct nlattr), text, size);
    message->header.nlmsg_len = (uint32_t)(at + sizeof(struct nlattr) + NF_ALIGN(size));
}

/* The number in an attribute of the answer, 0 where it has none. */
static uint64_t number_in(const union message *message, size_t size, unsigned type)
{
    struct nlattr attribute;
    uint32_t halves[2];
    size_t at = NF_BODY;

    while (at + sizeof attribute <= size) {
        memcpy(&attribute, message->bytes + at, sizeof attribute);
        if (attribute.nla_len < sizeof(struct nlattr) || at + attribute.nla_len > size)
            return 0;
        if (attribute.nla_type == type &&
            attribute.nla_len == sizeof(struct nlattr) + sizeof halves) {
            memcpy(halves, message->bytes + at + sizeof(struct nlattr), sizeof halves);
            return (uint64_t)ntohl(halves[0]) << 32 | ntohl(halves[1]);
        }
        at += NF_ALIGN(attribute.nla_len);
    }
    return 0;
}

/* Sends the question and reads the one answer. Returns its size; 0: there is none. */
static size_t exchange(union message *message)
{
    const struct timeval limit = {5, 0};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    ssize_t size = -1;

    if (fd < 0)
        return 0;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
        send(fd, message->bytes, message->header.nlmsg_len, 0) > 0)
        size = recv(fd, message->bytes, sizeof message->bytes, 0);
    close(fd);
    return size >= (ssize_t)NF_BODY ? (size_t)size : 0;
}

static uint64_t ask(unsigned get, unsigned got, const char *table, const char *set, unsigned handle)
{
    const struct nfgenmsg family = {FAMILY_INET, NFNETLINK_V0, 0};
    union message message;
    size_t size;

    memset(&message, 0, sizeof message);
    message.header.nlmsg_len = NF_BODY;
    message.header.nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | get);
    message.header.nlmsg_flags = NLM_F_REQUEST;
    memcpy(message.bytes + sizeof message.header, &family, sizeof family);
    add_text(&message, NFTA_TABLE_NAME, table); /* which is a set's NFTA_SET_TABLE, too */
    if (set != NULL)
        add_text(&message, NFTA_SET_NAME, set);
    size = exchange(&message);
    if (size == 0 || message.header.nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | got))
        return 0;
    return number_in(&message, size, handle);
}

uint64_t ropp_nf_table(const char *table)
{
    return ask(NFT_MSG_GETTABLE, NFT_MSG_NEWTABLE, table, NULL, NFTA_TABLE_HANDLE);
}

uint64_t ropp_nf_set(const char *table, const char *set)
{
    return ask(NFT_MSG_GETSET, NFT_MSG_NEWSET, table, set, NFTA_SET_HANDLE);
}

#else /* there is no nftables */

uint64_t ropp_nf_table(const char *table)
{
    (void)table;
    return 0;
}

uint64_t ropp_nf_set(const char *table, const char *set)
{
    (void)table, (void)set;
    return 0;
}

#endif
