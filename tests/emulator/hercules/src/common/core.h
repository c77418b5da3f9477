#ifndef COMMON_CORE_H
#define COMMON_CORE_H

#include "common/hercules.h"

/* The loop runs until runflag is CORE_ST_STOP; each server adds states of its own from CORE_ST_LAST
 * on. */
enum E_CORE_ST { CORE_ST_STOP = 0, CORE_ST_RUN, CORE_ST_LAST };

struct core_interface {
	int arg_c;
	char **arg_v;
	volatile int runflag; /* written by the signal handler, too */
	const char *server_name;

	/* What a signal calls; NULL: it sets runflag. */
	void (*shutdown_callback)(void);
};

#define SERVER_NAME (core->server_name)

/* Every program has these. */
extern int do_init(int argc, char **argv);
extern int do_final(void);

HPShared struct core_interface *core;

#endif /* COMMON_CORE_H */
