#ifndef MAP_CLIF_H
#define MAP_CLIF_H

#include "common/hercules.h"

struct map_session_data;

/* The game client's side of the map server. */
struct clif_interface {
	/* The parse handler of every new connection. */
	int (*parse)(int fd);

	void (*authok)(struct map_session_data *sd);
	/* Refuses or throws out a player. 0: wrong ticket, 1: no char server, 2: another login, 8:
	 * still online */
	void (*authfail_fd)(int fd, int type);
	void (*charselectok)(int fd, uint8 ok);
	void (*message)(int fd, const char *text);

	void (*changemap)(struct map_session_data *sd, const char *name, uint16 x, uint16 y);
	/* Nothing of this server calls these two: they are there for plugins, and for a command of the
	 * tests. dnsHost may be NULL. */
	void (*changemapserver)(struct map_session_data *sd, const char *name, uint16 x, uint16 y,
	                        uint32 ip, uint16 port, const char *dnsHost);
	void (*changemapserver_airship)(struct map_session_data *sd, const char *name, uint16 x,
	                                uint16 y, uint32 ip, uint16 port);
};

void clif_defaults(void);

HPShared struct clif_interface *clif;

#endif /* MAP_CLIF_H */
