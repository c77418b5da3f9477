// SPDX-License-Identifier: MIT
#include "char/char_server.h"

#include "common/conf.h"
#include "common/db.h"

static struct DBMap *char_auth_db; /* by account */

void char_ticket_put(const struct char_auth_node *node)
{
	struct char_auth_node *copy;

	CREATE(copy, struct char_auth_node, 1);
	*copy = *node;
	idb_put(char_auth_db, node->account_id, copy);
}

void char_ticket_tear(uint32 account_id)
{
	idb_remove(char_auth_db, account_id);
}

/* S 0065 <account>.L <login_id1>.L <login_id2>.L <?>.W <sex>.B */
static void char_parse_char_connect(int fd, struct char_session_data *sd, uint32 ipl)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const uint32 login_id1 = RFIFOL(fd, 6);
	const uint32 login_id2 = RFIFOL(fd, 10);
	const struct char_auth_node *node;

	if (sd != NULL)
		return;
	sd = char_enter(fd, account_id, login_id1, login_id2, RFIFOB(fd, 16));

	node = idb_get(char_auth_db, account_id);
	char_judge(fd, sd, ipl,
	           node != NULL && node->char_id == 0 && node->login_id1 == login_id1 &&
	               node->login_id2 == login_id2);
}

void char_parse_enter(int32 fd, struct char_session_data *sd, uint32 ip)
{
	char_parse_char_connect(fd, sd, ip);
}

static void char_parse_char_login_map_server(int fd, uint32 ipl)
{
	mapif_login(fd, network_is_allowed(ipl) ? 0 : 2, 1);
}

void char_parse_map_login(int32 fd, uint32 ip)
{
	char_parse_char_login_map_server(fd, ip);
}

/* S 2b26 <account>.L <character>.L <login_id1>.L <sex>.B <player's ip>.L <standalone>.B */
static void char_parse_frommap_auth_request(int fd, int id)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const uint32 char_id = RFIFOL(fd, 6);
	const uint32 login_id1 = RFIFOL(fd, 10);
	const uint32 ip = ntohl(RFIFOL(fd, 15));
	const struct char_auth_node *node;

	(void)ip; /* it is not compared, as in the emulator */
	node = idb_get(char_auth_db, account_id);
	mapif_judge(fd, id, node, account_id, char_id, login_id1);
}

void char_parse_map_ticket(int32 fd, int32 server)
{
	char_parse_frommap_auth_request(fd, server);
}

uint32 char_lan(uint32 ip)
{
	return network_lan(ip);
}

static const struct setting *const settings[] = {char_settings, chardb_settings, NULL};

static bool char_config_read(const char *filename, bool imported)
{
	struct config_t config;
	const char *import;

	if (!libconfig->load_file(&config, filename))
		return false;
	conf_take(&config, settings);
	import = conf_import(&config, filename);
	if (import != NULL)
		char_config_read(import, true);
	libconfig->destroy(&config);
	return true;
}

bool do_init(int argc, char **argv)
{
	char_auth_db = idb_alloc();
	char_begin();
	char_config_read("conf/char/char-server.conf", false);
	conf_read("conf/common/inter-server.conf", settings);
	conf_read_networks();
	return char_open();
}
