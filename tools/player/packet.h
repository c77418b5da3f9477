// SPDX-License-Identifier: MIT
/* The packets a player and a server exchange with a login server, in the form every client of the
 * last decade has: the account login without encryption, its answers, and a char server's login.
 * All numbers on the wire are little-endian, addresses are in network order. */
#ifndef ROPP_PLAYER_PACKET_H
#define ROPP_PLAYER_PACKET_H

#include <stddef.h>
#include <stdint.h>

#define ROPP_PACKET_LOGIN       55 /* 0x0064 */
#define ROPP_PACKET_NAME        24 /* user and password, zero-filled */
#define ROPP_PACKET_SERVER_NAME 20
#define ROPP_PACKET_DOMAIN      128
#define ROPP_PACKET_SERVERS     16 /* char servers kept of a list */

enum ropp_answer {
    ROPP_ANSWER_NEED_MORE,
    ROPP_ANSWER_ACCEPTED, /* 0x0069, 0x0ac4: the ticket and the servers */
    ROPP_ANSWER_REFUSED,  /* 0x006a, 0x083e, 0x0b02: code */
    ROPP_ANSWER_NOTICE,   /* 0x0081: code; the server is closed, or knows the account still */
    ROPP_ANSWER_KEY,      /* 0x01dc: the key for passwords, of no use to us */
    ROPP_ANSWER_SERVER,   /* 0x2711: code, 0 when the server was let in */
    ROPP_ANSWER_UNKNOWN   /* code is the packet's number */
};

struct ropp_char_server {
    uint8_t ip[4];
    uint16_t port;
    char name[ROPP_PACKET_SERVER_NAME + 1];
    char domain[ROPP_PACKET_DOMAIN + 1]; /* a client dials this instead, unless it is empty */
};

struct ropp_reply {
    enum ropp_answer answer;
    uint32_t code;
    unsigned packet; /* its number */
    uint32_t account_id;
    uint32_t login_id1;
    uint32_t login_id2;
    uint8_t last_ip[4]; /* of the account's last login; zeroes where the server does not say */
    uint8_t sex;
    unsigned server_count; /* in `servers`, at most ROPP_PACKET_SERVERS */
    struct ropp_char_server servers[ROPP_PACKET_SERVERS];
};

/* Returns the packet's length. A name that is too long is cut. */
size_t ropp_packet_login(const char *user, const char *password, uint8_t out[ROPP_PACKET_LOGIN]);

/* Reads the first packet of `bytes`. Returns its length, 0 when more bytes are needed. */
size_t ropp_packet_read(const uint8_t *bytes, size_t length, struct ropp_reply *reply);

#endif
