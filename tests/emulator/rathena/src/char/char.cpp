// SPDX-License-Identifier: MIT
#include "char.hpp"

#include "common/conf.h"

static auth_node_map auth_db;

auth_node_map &char_get_authdb()
{
	return auth_db;
}

void char_ticket_put(const struct char_auth_node *node)
{
	auth_db[node->account_id] = std::make_shared<struct char_auth_node>(*node);
}

void char_ticket_tear(uint32 account_id)
{
	auth_db.erase(account_id);
}

uint32 char_lan(uint32 ip)
{
	return network_lan_map(ip);
}

static void char_config_read(const char *cfgName)
{
	static const struct setting *const settings[] = {char_settings, nullptr};
	FILE *stream = fopen(cfgName, "r");

	conf_read_lines(cfgName, stream, settings, char_config_read);
}

bool do_init(int argc, char **argv)
{
	char_begin();
	char_config_read("conf/char_athena.conf");
	inter_config_read("conf/inter_athena.conf");
	conf_read_networks();
	return char_open();
}
