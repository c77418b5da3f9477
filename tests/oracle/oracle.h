// SPDX-License-Identifier: MIT
/* A second decoder, for tests alone: slow, simple, and written from the text of the specification
 * (doc/proxy-protocol.txt of haproxy/haproxy, revision 2026/04/27) and from nothing of the module.
 * It takes all bytes at once, leaves addresses to the C library and the line of version 1 to regular
 * expressions, and says of what the specification leaves to the receiver that it does. */
#ifndef ROPP_TESTS_ORACLE_H
#define ROPP_TESTS_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum oracle_verdict {
    ORACLE_MORE,   /* it may still become a header */
    ORACLE_ACCEPT, /* a receiver has to take it */
    ORACLE_REFUSE, /* a receiver has to refuse it */
    ORACLE_OPEN    /* the specification leaves it to the receiver */
};

/* What is left to the receiver. */
enum oracle_room {
    ORACLE_ROOM_NONE,
    ORACLE_ROOM_DOTTED, /* 2.1: a dotted quad inside an IPv6 address */
    ORACLE_ROOM_TLVS, /* 2.2: what is behind the addresses is no row of TLVs, or one breaks its own rule */
    ORACLE_ROOM_TWO_CHECKSUMS, /* 2.2.3 knows of one */
    ORACLE_ROOM_BLOCK          /* 2.2: LOCAL or UNSPEC, and bytes that are no row of TLVs */
};

struct oracle {
    enum oracle_verdict verdict;
    enum oracle_room room;
    const char *why; /* the rule that decides, with its section */

    /* With ACCEPT and OPEN. */
    size_t length;      /* of the header */
    unsigned family;    /* 4 or 6; 0 where it names no address to be used */
    uint8_t source[16]; /* as it is written: 4 or 16 bytes */
    uint8_t destination[16];
    unsigned source_port, destination_port;
    bool has_checksum; /* one that was right */
};

/* Decides bytes[0..size): a header, and perhaps more behind it. */
void oracle_read(const uint8_t *bytes, size_t size, struct oracle *out);

#endif
