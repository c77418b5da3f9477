#ifndef MAP_ATCOMMAND_H
#define MAP_ATCOMMAND_H

#include "common/hercules.h"

struct map_session_data;

/* What players may say to the server:
 *   @warp <map> [<x> <y>], or @xmap the same   to another map
 *   @ip                                        where the server sees the player
 *   @zone <ip> <port> <map>                    to another map server, as a plugin would send them;
 *   @airship <ip> <port> <map>                 nobody expects them there */
struct atcommand_interface {
	/* Carries out a command; false: it is none. */
	bool (*exec)(struct map_session_data *sd, const char *text);
};

void atcommand_defaults(void);

HPShared struct atcommand_interface *atcommand;

#endif /* MAP_ATCOMMAND_H */
