#ifndef COMMON_PACKETS_H
#define COMMON_PACKETS_H

#include "common/hercules.h"

#define MIN_PACKET_DB 0x0064
#define MAX_PACKET_DB 0x0F00

/* The sizes of the packets between game clients and servers, by their id: -1 for those that carry
 * their length behind it, 0 for unknown ones. */
struct packets_interface {
	int16 db[MAX_PACKET_DB + 1];

	void (*init)(void);
	void (*addLen)(int id, int len);
};

void packets_defaults(void);

HPShared struct packets_interface *packets;

#endif /* COMMON_PACKETS_H */
