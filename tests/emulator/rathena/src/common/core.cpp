#include "core.hpp"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

#ifndef MINICORE
#include "socket.hpp"
#endif
#include "showmsg.hpp"

using namespace rathena::server_core;

Core *global_core = nullptr;
char *SERVER_NAME = nullptr;

#ifndef MINICORE
static void sig_proc(int sn)
{
	static volatile sig_atomic_t calls = 0;

	(void)sn;
	calls = calls + 1;
	if (calls > 3)
		_exit(EXIT_SUCCESS); // the orderly way does not end
	if (global_core != nullptr)
		global_core->signal_shutdown();
}

static void signals_init(void)
{
	signal(SIGTERM, sig_proc);
	signal(SIGINT, sig_proc);
	signal(SIGPIPE, SIG_IGN);
}
#endif

// A server works in the folder it was started from by path: that is where conf/ and log/ are.
static void enter_server_folder(char *path)
{
	char *slash = strrchr(path, '/');

	SERVER_NAME = slash == nullptr ? path : slash + 1;
	if (slash == nullptr)
		return;
	std::string folder(path, (size_t)(slash - path) + 1);
	if (chdir(folder.c_str()) != 0)
		ShowError("%s: cannot change to the folder %s\n", SERVER_NAME, folder.c_str());
}

int32 Core::start(int32 argc, char *argv[])
{
	if (this->get_status() != e_core_status::NOT_STARTED)
		return EXIT_FAILURE;

	this->set_status(e_core_status::CORE_INITIALIZING);
	enter_server_folder(argv[0]);
#ifndef MINICORE
	signals_init();
	socket_init();
#endif
	this->set_status(e_core_status::CORE_INITIALIZED);

	this->set_status(e_core_status::SERVER_INITIALIZING);
	if (!this->initialize(argc, argv))
		return EXIT_FAILURE;

	// a signal during the start ends the server before its first turn
	if (this->m_status != e_core_status::STOPPING) {
		this->set_status(e_core_status::RUNNING);
#ifndef MINICORE
		while (!this->m_run_once && this->is_running())
			this->handle_main(do_timer(gettick_nocache()));
#endif
	}
	this->set_status(e_core_status::SERVER_FINALIZING);
	this->finalize();

	this->set_status(e_core_status::CORE_FINALIZING);
#ifndef MINICORE
	timer_final();
	socket_final();
#endif
	this->set_status(e_core_status::STOPPED);
	return EXIT_SUCCESS;
}

bool Core::initialize(int32, char **)
{
	return true;
}

void Core::handle_main(t_tick next)
{
#ifndef MINICORE
	do_sockets(next);
#else
	(void)next;
#endif
}

void Core::finalize()
{
}

void Core::handle_shutdown()
{
}

void Core::set_status(e_core_status status)
{
	this->m_status = status;
}

e_core_status Core::get_status()
{
	return this->m_status;
}

e_core_type Core::get_type()
{
	return this->m_type;
}

bool Core::is_running()
{
	return this->get_status() == e_core_status::RUNNING;
}

void Core::set_run_once(bool run_once)
{
	this->m_run_once = run_once;
}

void Core::signal_shutdown()
{
	this->set_status(e_core_status::STOPPING);
	this->handle_shutdown();
}
