// SPDX-License-Identifier: MIT
#ifndef COMMON_DIALECT_H
#define COMMON_DIALECT_H

// What the parts that both dialects share must know of this one.
#define DIALECT_RATHENA
#define TIMER_LEAST               20 // ms between two turns of the loop, at least
#define GUARD_SPARE               1
#define PACKET_WAITS              false // a packet has to be there as a whole
#define SESSION_FULL_BEFORE_FLUSH true
#define LOGIN_PACKETS_A_TURN      1000
#define LOGIN_FAILURES            "0, 1" // refusals that count as failures
#define LOGIN_REFUSAL_SINCE       20120000
#define LOGIN_REFUSAL_ID          (PACKETVER >= 20120000 ? 0x083e : 0x006a)

// The packets between login and char server: lengths, and where the list of 0x272d begins.
#define LINK_TICKET_LENGTH  21 // 0x2713
#define LINK_ACCOUNT_LENGTH 75 // 0x2717
#define LINK_ONLINE_LENGTH  6  // 0x272b
#define LINK_LIST_AT        6

// The char server: its map servers, whether it says how many pages of characters there are, and the
// first client that takes a name for a map server.
#define MAX_MAP_SERVERS  2
#define CHAR_SENDS_PAGES true
#define ZONE_NAME_SINCE  20170315

#endif
