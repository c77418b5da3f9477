// SPDX-License-Identifier: MIT
// The login server's parsers, each one big switch.
#include "common/conf.h"
#include "common/core.h"
#include "login/login_server.h"

// A packet of a char server is at the front.
int parse_fromchar(int fd, int id)
{
	uint16 command = RFIFOW(fd, 0);

	switch (command) {
	// S 2712 <account>.L <login_id1>.L <login_id2>.L <sex>.B <player's ip>.L <request>.L
	case 0x2712:
		if (RFIFOREST(fd) < 23)
			return 0;
		{
			const struct login_auth_node *node;
			const uint32 account_id = RFIFOL(fd, 2);
			const uint32 login_id1 = RFIFOL(fd, 6);
			const uint32 login_id2 = RFIFOL(fd, 10);
			const uint8 sex = RFIFOB(fd, 14);
			const uint32 request = RFIFOL(fd, 19);

			RFIFOSKIP(fd, 23);
			node = (struct login_auth_node *)idb_get(login_auth_db, account_id);
			login_judge(fd, id, node, account_id, login_id1, login_id2, sex, request);
		}
		break;
	}
	return 0;
}

void login_parse_ticket(int32 fd, int32 server)
{
	parse_fromchar(fd, server);
}

int parse_login(int fd)
{
	struct login_session_data *data = session[fd]->session_data;
	char ip[16];

	ip2str(session[fd]->client_addr, ip);
	switch (RFIFOW(fd, 0)) {
	case 0x2710: // a char server
		if (RFIFOREST(fd) < 86)
			return 0;
		login_char_server(fd, data, ip, true, 3);
		RFIFOSKIP(fd, 86);
		break;
	}
	return 0;
}

bool login_server_packet(int32 fd, struct login_session_data *sd, const char *ip)
{
	if (RFIFOW(fd, 0) != 0x2710)
		return false;
	parse_login(fd);
	return true;
}

uint32 login_lan(uint32 ip)
{
	return network_lan_char(ip);
}

void login_send_banned(int32 fd)
{
	login_send_refusal(fd, LOGIN_REJECTED);
}

static const struct setting *const settings[] = {login_settings, account_settings, ipban_settings,
                                                 loginlog_settings, NULL};

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
