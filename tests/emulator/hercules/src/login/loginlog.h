#ifndef LOGIN_LOGINLOG_H
#define LOGIN_LOGINLOG_H

#include "common/hercules.h"

struct Sql;

struct s_loginlog_dbs {
	char log_db_hostname[32];
	uint16 log_db_port;
	char log_db_username[32];
	char log_db_password[100];
	char log_db_database[32];
	char log_codepage[32];
	char log_login_db[256];
};

struct loginlog_interface {
	struct Sql *sql_handle;
	bool enabled;
	struct s_loginlog_dbs *dbs;

	/* Wrong passwords from the address within the last minutes. */
	unsigned long (*failedattempts)(uint32 ip, unsigned int minutes);
	/* rcode: the reason of a refusal as the packet has it, 100 for what went well, -3 for a banned
	 * address */
	void (*log)(uint32 ip, const char *username, int rcode, const char *message);
	bool (*init)(void);
	bool (*final)(void);
	bool (*config_read)(const char *filename, bool imported);
};

void loginlog_defaults(void);

HPShared struct loginlog_interface *loginlog;

#endif /* LOGIN_LOGINLOG_H */
