#ifndef WEB_HPP
#define WEB_HPP

#include <common/core.hpp>

// Stands for the web server: a second program that is linked with the whole of common, and knows
// nothing of the login server.
class WebServer : public rathena::server_core::Core
{
  protected:
	bool initialize(int32 argc, char *argv[]) override;
	void finalize() override;

  public:
	WebServer() : Core(rathena::server_core::e_core_type::WEB)
	{
	}
};

#endif /* WEB_HPP */
