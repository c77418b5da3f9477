#ifndef COMMON_LINK_H
#define COMMON_LINK_H

#include "common/hercules.h"

/* A packet between two servers, and what is done with it. A table ends with an id of 0. */
struct link_packet {
	uint16 id;
	uint16 len; /* 0: the word behind the id has it */
	void (*func)(int fd);
};

/* Handles what has arrived over a link. An unknown packet ends the link. */
void link_parse(int fd, const struct link_packet *packets);

/* Keeps alive the end of a link that was connected to: asks once when nothing has come for
 * stall_time, gives up after as long again. Returns false when the link is dead. */
bool link_keepalive(int fd, uint16 ping);

/* The answer to the question. */
void link_alive(int fd);

/* Makes the session a link. */
void link_open(int fd, int (*parse)(int fd));

#endif /* COMMON_LINK_H */
