// SPDX-License-Identifier: MIT
#ifndef COMMON_LINK_H
#define COMMON_LINK_H

#include "common/socket.h"

/* The links between servers. A table of their packets ends with an id of 0. */
struct link_packet {
	uint16 id;
	uint16 length; /* 0: the word behind the id has it */
	void (*func)(int32 fd, int32 server);
	bool skips; /* func calls RFIFOSKIP itself */
};

/* Makes the session a link. */
void link_open(int32 fd, ParseFunc parse);
/* Handles what has arrived; server is for the functions. A packet that is not in the table ends the
 * link. */
void link_parse(int32 fd, int32 server, const struct link_packet *packets);

/* For the end that has connected: asks once whether the other is alive when nothing has come for
 * too long, and gives up after as long again: false. */
bool link_keepalive(int32 fd, uint16 question);
void link_alive(int32 fd, int32 server); /* the answer */

/* Sends a packet of length bytes: the id, numbers of four bytes, and zeroes. */
void link_send(int32 fd, uint16 id, size_t length, uint32 first, uint32 second);
void link_send_byte(int32 fd, uint16 id, uint8 value);

#endif
