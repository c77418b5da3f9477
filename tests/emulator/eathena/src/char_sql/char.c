// SPDX-License-Identifier: MIT
// The char server's parsers, each one big switch.
#include "char_sql/char_server.h"

#include "common/conf.h"
#include "common/core.h"
#include "common/db.h"
#include "common/memmgr.h"

void inter_config_read(const char *cfgName);

static struct DBMap *auth_db; // by account

void char_ticket_put(const struct char_auth_node *node)
{
	struct char_auth_node *copy;

	CREATE(copy, struct char_auth_node, 1);
	*copy = *node;
	idb_put(auth_db, node->account_id, copy);
}

void char_ticket_tear(uint32 account)
{
	idb_remove(auth_db, account);
}

uint32 char_lan(uint32 ip)
{
	return network_lan_map(ip);
}

// A packet of a map server is at the front.
int parse_frommap(int fd, int id)
{
	switch (RFIFOW(fd, 0)) {
	// S 2b26 <account>.L <character>.L <login_id1>.L <sex>.B <player's ip>.L
	case 0x2b26: {
		struct char_auth_node *node;
		const uint32 account_id = RFIFOL(fd, 2);
		const uint32 char_id = RFIFOL(fd, 6);
		const uint32 login_id1 = RFIFOL(fd, 10);
		const uint32 ip = ntohl(RFIFOL(fd, 15));

		(void)ip; // it is not compared, as in the emulator
		node = (struct char_auth_node *)idb_get(auth_db, account_id);
		mapif_judge(fd, id, node, account_id, char_id, login_id1);
	} break;
	}
	return 0;
}

void char_parse_map_ticket(int32 fd, int32 server)
{
	parse_frommap(fd, server);
}

int parse_char(int fd)
{
	struct char_session_data *sd = (struct char_session_data *)session[fd]->session_data;

	switch (RFIFOW(fd, 0)) {
	// S 0065 <account>.L <login_id1>.L <login_id2>.L <?>.W <sex>.B
	case 0x65: {
		const struct char_auth_node *node;
		const uint32 account_id = RFIFOL(fd, 2);
		const uint32 login_id1 = RFIFOL(fd, 6);
		const uint32 login_id2 = RFIFOL(fd, 10);

		if (sd != NULL)
			break;
		sd = char_enter(fd, account_id, login_id1, login_id2, RFIFOB(fd, 16));
		node = (struct char_auth_node *)idb_get(auth_db, account_id);
		char_judge(fd, sd, session[fd]->client_addr,
		           node != NULL && node->char_id == 0 && node->login_id1 == login_id1 &&
		               node->login_id2 == login_id2);
	} break;
	case 0x2af8: // a map server
		mapif_login(fd, 0, 3);
		break;
	}
	return 0;
}

void char_parse_enter(int32 fd, struct char_session_data *sd, uint32 ip)
{
	parse_char(fd);
}

void char_parse_map_login(int32 fd, uint32 ip)
{
	parse_char(fd);
}

static void char_config_read(const char *cfgName)
{
	static const struct setting *const settings[] = {char_settings, NULL};
	FILE *stream = fopen(cfgName, "r");

	conf_read_lines(cfgName, stream, settings, char_config_read);
}

bool do_init(int argc, char **argv)
{
	auth_db = idb_alloc();
	char_begin();
	char_config_read("conf/char_athena.conf");
	inter_config_read("conf/inter_athena.conf");
	conf_read_networks();
	return char_open();
}
