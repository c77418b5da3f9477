#ifndef CORE_HPP
#define CORE_HPP

#include "cbasetypes.hpp"
#include "timer.hpp"

extern char *SERVER_NAME;

namespace rathena::server_core
{
enum class e_core_status {
	NOT_STARTED,
	CORE_INITIALIZING,
	CORE_INITIALIZED,
	SERVER_INITIALIZING,
	SERVER_INITIALIZED,
	RUNNING,
	STOPPING,
	SERVER_FINALIZING,
	SERVER_FINALIZED,
	CORE_FINALIZING,
	CORE_FINALIZED,
	STOPPED,
};

enum class e_core_type { LOGIN, CHARACTER, MAP, TOOL, WEB };

// What every program of the tree is: started, run turn by turn, ended by a signal.
class Core
{
  private:
	// written by the signal handler, too
	volatile e_core_status m_status = e_core_status::NOT_STARTED;
	e_core_type m_type;
	bool m_run_once = false;

  protected:
	virtual bool initialize(int32 argc, char *argv[]);
	virtual void handle_main(t_tick next);
	virtual void finalize();
	virtual void handle_shutdown();
	void set_status(e_core_status status);

  public:
	explicit Core(e_core_type type) : m_type(type)
	{
	}
	virtual ~Core() = default;

	e_core_status get_status();
	e_core_type get_type();
	bool is_running();
	void set_run_once(bool run_once);
	void signal_shutdown();
	int32 start(int32 argc, char *argv[]);
};
} // namespace rathena::server_core

extern rathena::server_core::Core *global_core;

template <typename T> int32 main_core(int32 argc, char *argv[])
{
	T server = {};

	global_core = &server;
	return server.start(argc, argv);
}

#endif /* CORE_HPP */
