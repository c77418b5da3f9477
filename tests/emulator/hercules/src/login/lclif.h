#ifndef LOGIN_LCLIF_H
#define LOGIN_LCLIF_H

#include "common/hercules.h"

#include <time.h>

struct login_session_data;
struct lclif_interface_private;

enum parsefunc_rcode {
	PACKET_VALID = 1,
	PACKET_INCOMPLETE = 0,
	PACKET_UNKNOWN = -1,
	PACKET_INVALIDLENGTH = -2,
	PACKET_STOPPARSE = -3, /* another parse handler goes on */
};

/* The game client's side of the login server. */
struct lclif_interface {
	struct lclif_interface_private *p;

	void (*init)(void);
	void (*connection_error)(int fd, uint8 error);      /* 1: server closed, 8: still online */
	bool (*server_list)(struct login_session_data *sd); /* false: there is no server */
	void (*auth_failed)(int fd, time_t ban, uint32 error);
	void (*login_error)(int fd, uint8 error);
	void (*coding_key)(int fd, struct login_session_data *sd);

	/* The parse handler of every new connection: game clients, and servers until they have logged
	 * in. */
	int (*parse)(int fd);
};

void lclif_defaults(void);

HPShared struct lclif_interface *lclif;

#endif /* LOGIN_LCLIF_H */
