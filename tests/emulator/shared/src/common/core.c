// SPDX-License-Identifier: MIT
#include "common/core.h"

#include "common/showmsg.h"
#ifndef MINICORE
#include "common/socket.h"
#include "common/timer.h"
#endif

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t is_started, signals;

bool core_is_running(void)
{
	return is_started && signals == 0;
}

/* rathena works in the folder that it was started from by path. */
static void core_enter_folder(char *path)
{
#ifdef DIALECT_RATHENA
	char *slash = strrchr(path, '/');

	if (slash == NULL)
		return;
	*slash = '\0';
	if (chdir(path) != 0)
		ShowError("cannot change to the folder %s\n", path);
	*slash = '/';
#endif
}

#ifndef MINICORE
static void core_signal(int number)
{
	signals = signals + 1;
	if (signals > 3)
		_exit(EXIT_SUCCESS); /* the orderly way does not end */
}

int main(int argc, char **argv)
{
	core_enter_folder(argv[0]);
	signal(SIGTERM, core_signal);
	signal(SIGINT, core_signal);
	signal(SIGPIPE, SIG_IGN);
	socket_init();
	if (!do_init(argc, argv))
		return EXIT_FAILURE;
	is_started = 1;
	while (core_is_running())
		do_sockets(timer_run(gettick()));
	do_shutdown();
	do_final();
	timer_final();
	socket_final();
	return EXIT_SUCCESS;
}
#else
int main(int argc, char **argv)
{
	core_enter_folder(argv[0]);
	return do_init(argc, argv) ? EXIT_SUCCESS : EXIT_FAILURE;
}
#endif
