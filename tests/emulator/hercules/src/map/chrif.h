#ifndef MAP_CHRIF_H
#define MAP_CHRIF_H

#include "common/hercules.h"

struct map_session_data;

/* The link to the char server. */
struct chrif_interface {
	int fd;         /* -1: not connected */
	bool connected; /* the char server knows our maps */

	void (*init)(void);
	void (*final)(void);

	/* Asks whether the player's ticket is good. */
	void (*authreq)(struct map_session_data *sd);
	void (*save)(const struct map_session_data *sd);
	void (*char_offline)(int account_id, int char_id);
	void (*send_users)(void);
	/* Asks for a ticket back to the char server. */
	void (*charselectreq)(const struct map_session_data *sd, uint32 s_ip);
};

void chrif_defaults(void);

HPShared struct chrif_interface *chrif;

#endif /* MAP_CHRIF_H */
