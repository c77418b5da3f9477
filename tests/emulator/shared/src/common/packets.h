// SPDX-License-Identifier: MIT
#ifndef COMMON_PACKETS_H
#define COMMON_PACKETS_H

#include "common/socket.h"

/* The packets of game clients that a server handles, with the session's data. A table ends with an
 * id of 0. False: nothing more is to be handled now. */
struct client_packet {
	uint16 id;
	uint16 length;   /* the least, if has_length */
	bool has_length; /* the word behind the id is the length */
	bool (*func)(int32 fd, void *data);
};

/* Handles the packet at the front, of at least two bytes. One that is not in the table ends the
 * session, and in rathena one that is not there as a whole. False: enough for now. */
bool packet_handle(int32 fd, void *data, const struct client_packet *packets);

/* Hercules looks up the length of what it skips or sends, and complains, but goes on. Nothing is
 * looked up in rathena. */
void packet_check(const char *what, const uint8 *bytes, size_t length);

/* Sends a packet as it is in memory. */
void packet_send(int32 fd, const void *packet, size_t length);
/* One with a number of one, two or four bytes behind its id. */
void packet_send_number(int32 fd, uint16 id, uint32 number, size_t bytes);

/* A map's name as the client has it. */
void packet_write_map(char to[16], const char *map);

#endif
