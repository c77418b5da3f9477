// SPDX-License-Identifier: MIT
#include "login/login_server.h"

#include "common/conf.h"
#include "common/core.h"
#include "common/packets.h"
#include "common/showmsg.h"
#include "common/strlib.h"

static int api_servers[MAX_SERVERS] = {-1, -1, -1, -1, -1}; /* their descriptors, by account */

/* ---- a player's ticket ---- */

/* S 2712 <account>.L <login_id1>.L <login_id2>.L <sex>.B <player's ip>.L <request>.L */
static void login_fromchar_parse_auth(int fd, int id)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const uint32 login_id1 = RFIFOL(fd, 6);
	const uint32 login_id2 = RFIFOL(fd, 10);
	const uint8 sex = RFIFOB(fd, 14);
	const uint32 request = RFIFOL(fd, 19);
	struct login_auth_node *node;

	RFIFOSKIP(fd, 23);

	node = idb_get(login_auth_db, account_id);
	login_judge(fd, id, node, account_id, login_id1, login_id2, sex, request);
}

void login_parse_ticket(int32 fd, int32 server)
{
	login_fromchar_parse_auth(fd, server);
}

/* ---- servers that log in ---- */

static void login_parse_request_connection(int fd, struct login_session_data *sd, const char *ip,
                                           uint32 ipl)
{
	login_char_server(fd, sd, ip, network_is_allowed(ipl), 1);
}

/* An api server only asks whether this one is alive. */
static int login_parse_api(int fd)
{
	if (session_of(fd)->flag.eof) {
		ShowStatus("An api-server has disconnected\n");
		for (int i = 0; i < MAX_SERVERS; ++i)
			if (api_servers[i] == fd)
				api_servers[i] = -1;
		do_close(fd);
		return 0;
	}
	while (RFIFOREST(fd) >= 2) {
		RFIFOSKIP(fd, 2);
		link_send(fd, 0x2812, 2, 0, 0);
	}
	return 0;
}

/* S 2720 <name>.24B <password>.24B */
static void login_parse_request_api_connection(int fd, struct login_session_data *sd,
                                               const char *ip, uint32 ipl)
{
	const bool is_allowed = network_is_allowed(ipl);
	int result;

	safestrncpy(sd->userid, (const char *)RFIFOP(fd, 2), NAME_LENGTH);
	safestrncpy(sd->passwd, (const char *)RFIFOP(fd, 26), NAME_LENGTH);
	ShowInfo("An api-server logs in as '%s' from %s\n", sd->userid, ip);
	loginlog_write(ipl, sd->userid, 100, "an api server");
	result = login_check(sd, true);
	if (!is_allowed || !core_is_running() || sd->account_id >= MAX_SERVERS ||
	    !login_may_serve(sd, result, api_servers[sd->account_id])) {
		ShowNotice("The api-server is REFUSED\n");
		link_send_byte(fd, 0x2811, is_allowed ? 1 : 2);
		return;
	}
	ShowStatus("The api-server is number %u\n", sd->account_id);
	api_servers[sd->account_id] = fd;
	link_open(fd, login_parse_api);
	link_send_byte(fd, 0x2811, 0);
}

static bool login_parse_char_server(int32 fd, void *data)
{
	const uint32 ipl = session_of(fd)->client_addr;
	char ip[16];

	login_parse_request_connection(fd, data, ip2str(ipl, ip), ipl);
	return true;
}

static bool login_parse_api_server(int32 fd, void *data)
{
	const uint32 ipl = session_of(fd)->client_addr;
	char ip[16];

	login_parse_request_api_connection(fd, data, ip2str(ipl, ip), ipl);
	return true;
}

bool login_server_packet(int32 fd, struct login_session_data *sd, const char *ip)
{
	static const struct client_packet packets[] = {
	    {0x2710, 86, false, login_parse_char_server},
	    {0x2720, 50, false, login_parse_api_server},
	    {0, 0, false, NULL},
	};

	if (RFIFOW(fd, 0) != 0x2710 && RFIFOW(fd, 0) != 0x2720)
		return false;
	session_of(fd)->flag.validate = 0;
	packet_handle(fd, sd, packets);
	return true;
}

/* ---- what players see ---- */

uint32 login_lan(uint32 ip)
{
	return network_lan(ip);
}

/* The packet of the oldest clients, whatever this one is. */
void login_send_banned(int32 fd)
{
	uint8 packet[23] = {0x6a, 0x00, LOGIN_REJECTED};

	packet_send(fd, packet, sizeof(packet));
}

/* ---- the program ---- */

static const struct setting *const settings[] = {login_settings, account_settings, ipban_settings,
                                                 loginlog_settings, NULL};

static bool login_config_read(const char *filename, bool imported)
{
	struct config_t config;
	const char *import;

	if (!libconfig->load_file(&config, filename))
		return false;
	conf_take(&config, settings);
	import = conf_import(&config, filename);
	if (import != NULL)
		login_config_read(import, true);
	libconfig->destroy(&config);
	return true;
}

bool do_init(int argc, char **argv)
{
	login_begin();
	login_config_read("conf/login/login-server.conf", false);
	conf_read("conf/common/inter-server.conf", settings);
	conf_read_networks();
	return login_open();
}
