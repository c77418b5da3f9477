// SPDX-License-Identifier: MIT
#include "common/conf.h"
#include "common/core.h"
#include "login/login_server.h"

static const struct setting *const settings[] = {login_settings, account_settings, ipban_settings,
                                                 loginlog_settings, nullptr};

static void login_config_read(const char *cfgName)
{
	FILE *stream = fopen(cfgName, "r");

	conf_read_lines(cfgName, stream, settings, login_config_read);
}

bool do_init(int argc, char **argv)
{
	login_begin();
	login_config_read("conf/login_athena.conf");
	conf_read_networks();
	return login_open();
}
