#define HERCULES_CORE

#include "common/core.h"
#include "common/showmsg.h"
#include "common/sql.h"

#include <stdlib.h>
#include <string.h>

/* Stands for the api server: a second program that is linked with the whole of common, and knows
 * nothing of the login server. */

int do_init(int argc, char **argv)
{
	for (int i = 1; i < argc; ++i)
		if (strcmp(argv[i], "--run-once") == 0)
			core->runflag = CORE_ST_STOP;

	/* only to see that the database part is linked as well */
	struct Sql *handle = SQL->Malloc();
	SQL->Free(handle);

	ShowStatus("The api-server is " CL_GREEN "ready" CL_RESET ".\n\n");
	return 0;
}

int do_final(void)
{
	ShowStatus("Finished.\n");
	return EXIT_SUCCESS;
}
