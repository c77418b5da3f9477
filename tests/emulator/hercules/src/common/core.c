#define HERCULES_CORE

#include "core.h"

#include "common/HPM.h"
#include "common/conf.h"
#include "common/memmgr.h"
#include "common/packets.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/sql.h"
#include "common/timer.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct core_interface the_core;
struct core_interface *core = &the_core;

static void sig_proc(int sn)
{
	static volatile sig_atomic_t calls = 0;

	calls = calls + 1;
	if (calls > 3)
		_exit(EXIT_SUCCESS); /* the orderly way does not end */
	if (core->shutdown_callback != NULL)
		core->shutdown_callback();
	else
		core->runflag = CORE_ST_STOP;
}

static void signals_init(void)
{
	signal(SIGTERM, sig_proc);
	signal(SIGINT, sig_proc);
	signal(SIGPIPE, SIG_IGN);
}

static void core_defaults(void)
{
	hpm_defaults();
	malloc_defaults();
	showmsg_defaults();
	libconfig_defaults();
	sql_defaults();
	timer_defaults();
	socket_defaults();
	packets_defaults();
}

int main(int argc, char **argv)
{
	char *slash = strrchr(argv[0], '/');
	int retval;

	SERVER_NAME = slash != NULL ? slash + 1 : argv[0];
	core->arg_c = argc;
	core->arg_v = argv;
	core->runflag = CORE_ST_RUN;

	core_defaults();
	signals_init();
	sockt->init();
	packets->init();

	do_init(argc, argv);

	while (core->runflag != CORE_ST_STOP) {
		int next = timer->perform(timer->gettick_nocache());
		sockt->perform(next);
	}

	retval = do_final();
	timer->final();
	sockt->final();
	return retval;
}
