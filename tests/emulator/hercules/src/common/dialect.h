// SPDX-License-Identifier: MIT
#ifndef COMMON_DIALECT_H
#define COMMON_DIALECT_H

/* What the parts that both dialects share must know of this one. */
#define DIALECT_HERCULES
#define TIMER_LEAST               50 /* ms between two turns of the loop, at least */
#define GUARD_SPARE               0
#define PACKET_WAITS              true /* for the rest of a packet */
#define SESSION_FULL_BEFORE_FLUSH false
#define LOGIN_PACKETS_A_TURN      3
#define LOGIN_FAILURES            "1" /* refusals that count as failures */
#define LOGIN_REFUSAL_SINCE       20101123
#define LOGIN_REFUSAL_ID          (PACKETVER >= 20180627 ? 0x0b02 : PACKETVER >= 20101123 ? 0x083e : 0x006a)

/* The packets between login and char server: lengths, and where the list of 0x272d begins. */
#define LINK_TICKET_LENGTH  33 /* 0x2713 */
#define LINK_ACCOUNT_LENGTH 72 /* 0x2717 */
#define LINK_ONLINE_LENGTH  7  /* 0x272b */
#define LINK_LIST_AT        8

/* The char server: its map servers, whether it says how many pages of characters there are, and the
   first client that takes a name for a map server. */
#define MAX_MAP_SERVERS  1
#define CHAR_SENDS_PAGES false
#define ZONE_NAME_SINCE  20170329

#endif
