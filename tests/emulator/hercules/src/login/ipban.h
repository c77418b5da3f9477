#ifndef LOGIN_IPBAN_H
#define LOGIN_IPBAN_H

#include "common/hercules.h"

struct Sql;
struct config_t;

struct s_ipban_dbs {
	char db_hostname[32];
	uint16 db_port;
	char db_username[32];
	char db_password[100];
	char db_database[32];
	char codepage[32];
	char table[32];
};

struct ipban_interface {
	struct s_ipban_dbs *dbs;
	struct Sql *sql_handle;
	int cleanup_timer_id;

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
