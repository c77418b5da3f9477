#ifndef LOGIN_LOGINLOG_H
#define LOGIN_LOGINLOG_H

#include "common/hercules.h"

struct loginlog_interface {
	/* Wrong passwords from the address within the last minutes. */
	unsigned long (*failedattempts)(uint32 ip, unsigned int minutes);
	/* rcode: the reason of a refusal as the packet has it, 100 for what went well, -3 for a banned
	 * address */
	void (*log)(uint32 ip, const char *username, int rcode, const char *message);
	bool (*init)(void);
	bool (*final)(void);
	/* The file is that of the other servers. */
	bool (*config_read)(const char *filename, bool imported);
};

void loginlog_defaults(void);

HPShared struct loginlog_interface *loginlog;

#endif /* LOGIN_LOGINLOG_H */
