#ifndef LOGIN_IPBAN_H
#define LOGIN_IPBAN_H

#include "common/hercules.h"

struct config_t;

struct ipban_interface {
	void (*init)(void);
	void (*final)(void);
	int (*cleanup)(int tid, int64 tick, int id, intptr_t data);
	bool (*config_read)(const char *filename, struct config_t *config, bool imported);
	/* Is the address in the ban list? One query each time; true, too, when that fails. */
	bool (*check)(uint32 ip);
	/* A wrong password came from the address: bans its /24 if there have been too many. */
	void (*log)(uint32 ip);
};

void ipban_defaults(void);

HPShared struct ipban_interface *ipban;

#endif /* LOGIN_IPBAN_H */
