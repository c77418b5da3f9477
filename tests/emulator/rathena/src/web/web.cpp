#include "web.hpp"

#include <cstring>

#include <common/showmsg.hpp>
#include <common/sql.hpp>

bool WebServer::initialize(int32 argc, char *argv[])
{
	for (int i = 1; i < argc; ++i)
		if (strcmp(argv[i], "--run-once") == 0)
			this->set_run_once(true);

	// only to see that the database part is linked as well
	Sql *handle = Sql_Malloc();
	Sql_Free(handle);

	ShowStatus("The web-server is " CL_GREEN "ready" CL_RESET ".\n\n");
	return true;
}

void WebServer::finalize()
{
	ShowStatus("Finished.\n");
}

int32 main(int32 argc, char *argv[])
{
	return main_core<WebServer>(argc, argv);
}
