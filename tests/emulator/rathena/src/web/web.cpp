// SPDX-License-Identifier: MIT
// Another program on the same common part, of which it uses next to nothing.
#include "common/core.h"
#include "common/showmsg.h"
#include "common/sql.h"

bool do_init(int argc, char **argv)
{
	Sql_Free(nullptr); // the part for the database is linked as well
	ShowStatus("The web-server is " CL_GREEN "ready" CL_RESET ".\n");
	return true;
}

void do_shutdown(void)
{
}

void do_final(void)
{
}
