// SPDX-License-Identifier: MIT
#include "char/char_server.h"

#include "common/core.h"
#include "common/showmsg.h"
#include "common/strlib.h"

struct map_server map_servers[MAX_MAP_SERVERS];

void mapif_init(void)
{
	for (int32 i = 0; i < MAX_MAP_SERVERS; ++i)
		map_servers[i].fd = -1;
}

static void mapif_clear(int32 server)
{
	aFree(map_servers[server].maps);
	memset(&map_servers[server], 0, sizeof(map_servers[server]));
	map_servers[server].fd = -1;
}

void mapif_final(void)
{
	for (int32 i = 0; i < MAX_MAP_SERVERS; ++i) {
		if (session_isValid(map_servers[i].fd))
			do_close(map_servers[i].fd);
		mapif_clear(i);
	}
}

int32 mapif_search(const char *map, uint32 ip, uint16 port)
{
	for (int32 i = 0; i < MAX_MAP_SERVERS; ++i) {
		const struct map_server *server = &map_servers[i];

		if (!session_isValid(server->fd) || (ip != 0 && (server->ip != ip || server->port != port)))
			continue;
		for (int32 j = 0; j < server->map_count; ++j)
			if (strcmp(server->maps[j], map) == 0)
				return i;
	}
	return -1;
}

void mapif_throw_out(int32 server, uint32 account_id, uint8 why)
{
	link_send(map_servers[server].fd, 0x2b1f, 7, account_id, why);
}

void mapif_send_users(void)
{
	uint32 users = 0;

	for (int32 i = 0; i < MAX_MAP_SERVERS; ++i)
		users += map_servers[i].users;
	loginif_send_users(users);
}

/* Sends one map server the maps of another: 2b04 there they are, 2b20 they are gone.
 * S <id>.W <length>.W <ip>.L <port>.W {<map>.16B}* */
static void mapif_send_maps(int32 fd, uint16 id, const struct map_server *server)
{
	const size_t length = 10 + (size_t)server->map_count * MAP_NAME_LENGTH_EXT;

	WFIFOHEAD(fd, length);
	memset(WFIFOP(fd, 0), 0, length);
	WFIFOW(fd, 0) = id;
	WFIFOW(fd, 2) = (uint16)length;
	WFIFOL(fd, 4) = htonl(server->ip);
	WFIFOW(fd, 8) = htons(server->port);
	for (int32 i = 0; i < server->map_count; ++i)
		memcpy(WFIFOP(fd, 10 + i * MAP_NAME_LENGTH_EXT), server->maps[i], MAP_NAME_LENGTH);
	WFIFOSET(fd, length);
}

static void mapif_send_all_maps(uint16 id, int32 server)
{
	for (int32 i = 0; i < MAX_MAP_SERVERS; ++i)
		if (i != server && session_isActive(map_servers[i].fd)) {
			mapif_send_maps(map_servers[i].fd, id, &map_servers[server]);
			if (id == 0x2b04)
				mapif_send_maps(map_servers[server].fd, id, &map_servers[i]);
		}
}

/* S 2afa <length>.W {<map>.16B}* */
static void mapif_take_maps(int32 fd, int32 server)
{
	struct map_server *self = &map_servers[server];

	self->map_count = (RFIFOW(fd, 2) - 4) / MAP_NAME_LENGTH_EXT;
	aFree(self->maps);
	self->maps = (char(*)[MAP_NAME_LENGTH])memory_new((size_t)self->map_count + 1, MAP_NAME_LENGTH);
	for (int32 i = 0; i < self->map_count; ++i)
		safestrncpy(self->maps[i], (const char *)RFIFOP(fd, 4 + i * MAP_NAME_LENGTH_EXT),
		            MAP_NAME_LENGTH);
	link_send_byte(fd, 0x2afb, 0);
	mapif_send_all_maps(0x2b04, server);
	ShowStatus("Map-server %d with %d maps at %u.%u.%u.%u:%u: loading complete\n", server,
	           self->map_count, CONVIP(self->ip), self->port);
}

/* Who is in the game there. S 2aff <length>.W <users>.W {<account>.L <character>.L}* */
static void mapif_take_users(int32 fd, int32 server)
{
	map_servers[server].users = RFIFOW(fd, 4);
	for (int32 at = 6; at + 8 <= RFIFOW(fd, 2); at += 8) {
		const uint32 account_id = RFIFOL(fd, at);
		const struct online_char_data *online = online_find(account_id);

		if (online == NULL || online->server == ONLINE_ON_THE_WAY)
			online_at(server, RFIFOL(fd, at + 4), account_id);
	}
	mapif_send_users();
}

/* S 2b01 <account>.L <character>.L <map>.16B <x>.W <y>.W */
static void mapif_take_position(int32 fd, int32 server)
{
	char map[MAP_NAME_LENGTH];

	safestrncpy(map, (const char *)RFIFOP(fd, 10), sizeof(map));
	chardb_save_position(RFIFOL(fd, 6), map, RFIFOW(fd, 26), RFIFOW(fd, 28));
}

/* A player wants another character, and gets a ticket back to this server.
 * S 2b02 <account>.L <login_id1>.L <login_id2>.L <player's ip>.L <group>.L */
static void mapif_take_back(int32 fd, int32 server)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const struct online_char_data *online = online_find(account_id);
	const bool is_good = core_is_running() && online != NULL;

	if (is_good) {
		const struct char_auth_node node = {
		    account_id, 0, RFIFOL(fd, 6), RFIFOL(fd, 10), ntohl(RFIFOL(fd, 14)), 0,
		};

		char_ticket_put(&node);
		chardb_set_online(online->char_id, account_id, false);
		online_at_char(account_id, -1);
		online_await(account_id);
	}
	link_send(fd, 0x2b03, 7, account_id, is_good);
}

/* One goes to another map server, and gets a ticket to that.
 * S 2b05 <account>.L <login_id1>.L <login_id2>.L <character>.L <map>.16B <x>.W <y>.W <ip>.L
 * <port>.W <sex>.B <player's ip>.L <group>.L */
static void mapif_take_change(int32 fd, int32 server)
{
	const struct char_auth_node node = {
	    RFIFOL(fd, 2), RFIFOL(fd, 14), RFIFOL(fd, 6), RFIFOL(fd, 10), ntohl(RFIFOL(fd, 45)), 1,
	};
	char map[MAP_NAME_LENGTH];
	bool is_good;

	safestrncpy(map, (const char *)RFIFOP(fd, 18), sizeof(map));
	is_good =
	    core_is_running() && mapif_search(map, ntohl(RFIFOL(fd, 38)), ntohs(RFIFOW(fd, 42))) >= 0;
	if (is_good) {
		char_ticket_put(&node);
		chardb_save_position(node.char_id, map, RFIFOW(fd, 34), RFIFOW(fd, 36));
		online_at(ONLINE_ON_THE_WAY, node.char_id, node.account_id);
		online_await(node.account_id);
	}
	/* the answer begins as the question does; with no login_id1 it cannot be */
	WFIFOHEAD(fd, 44);
	memcpy(WFIFOP(fd, 0), RFIFOP(fd, 0), 44);
	WFIFOW(fd, 0) = 0x2b06;
	if (!is_good)
		WFIFOL(fd, 6) = 0;
	WFIFOSET(fd, 44);
}

/* S 2b17 <character>.L <account>.L */
static void mapif_take_leave(int32 fd, int32 server)
{
	online_leave(RFIFOL(fd, 2), RFIFOL(fd, 6));
}

static void mapif_alive(int32 fd, int32 server)
{
	link_send(fd, 0x2b24, 2, 0, 0);
}

/* 2b27 is the question, with another id.
 * S 2afd <length>.W <account>.L <login_id1>.L <login_id2>.L <changing>.B <character> */
void mapif_judge(int32 fd, int32 server, const struct char_auth_node *node, uint32 account_id,
                 uint32 char_id, uint32 login_id1)
{
	const size_t length = 17 + sizeof(struct mmo_charstatus);
	struct mmo_charstatus status;

	/* where the player is now is not compared, as in the emulators */
	if (!core_is_running() || node == NULL || char_id == 0 || node->char_id != char_id ||
	    node->login_id1 != login_id1 || !chardb_load(char_id, &status)) {
		ShowStatus("Account %u is REFUSED at map-server %d\n", account_id, server);
		WFIFOHEAD(fd, 19);
		memcpy(WFIFOP(fd, 0), RFIFOP(fd, 0), 19);
		WFIFOW(fd, 0) = 0x2b27;
		WFIFOSET(fd, 19);
		return;
	}
	WFIFOHEAD(fd, length);
	WFIFOW(fd, 0) = 0x2afd;
	WFIFOW(fd, 2) = (uint16)length;
	WFIFOL(fd, 4) = account_id;
	WFIFOL(fd, 8) = login_id1;
	WFIFOL(fd, 12) = node->login_id2;
	WFIFOB(fd, 16) = node->is_changing;
	memcpy(WFIFOP(fd, 17), &status, sizeof(status));
	WFIFOSET(fd, length);
	char_ticket_tear(account_id);
	online_at(server, char_id, account_id);
}

static void mapif_gone(int32 server)
{
	ShowStatus("Map-server %d has disconnected\n", server);
	do_close(map_servers[server].fd);
	mapif_send_all_maps(0x2b20, server);
	online_lose(server);
	mapif_clear(server);
	mapif_send_users();
}

static int32 mapif_parse(int32 fd)
{
	static const struct link_packet packets[] = {
	    {0x2afa, 0, mapif_take_maps, false},
	    {0x2aff, 0, mapif_take_users, false},
	    {0x2b01, 30, mapif_take_position, false},
	    {0x2b02, 22, mapif_take_back, false},
	    {0x2b05, 53, mapif_take_change, false},
	    {0x2b17, 10, mapif_take_leave, false},
	    {0x2b23, 2, mapif_alive, false},
	    {0x2b26, 20, char_parse_map_ticket, false},
	    {0, 0, NULL, false},
	};

	for (int32 server = 0; server < MAX_MAP_SERVERS; ++server) {
		if (map_servers[server].fd != fd)
			continue;
		if (session_of(fd)->flag.eof)
			mapif_gone(server);
		else
			link_parse(fd, server, packets);
		return 0;
	}
	ShowDebug("session #%d is no map-server\n", fd);
	do_close(fd);
	return 0;
}

/* S 2af8 <name>.24B <password>.24B <?>.L <ip>.L <port>.W */
void mapif_login(int32 fd, uint8 refusal, uint8 wrong)
{
	const uint32 ip = ntohl(RFIFOL(fd, 54));
	const uint16 port = ntohs(RFIFOW(fd, 58));
	char name[NAME_LENGTH], password[NAME_LENGTH];
	int32 server = 0;

	safestrncpy(name, (const char *)RFIFOP(fd, 2), sizeof(name));
	safestrncpy(password, (const char *)RFIFOP(fd, 26), sizeof(password));
	while (server < MAX_MAP_SERVERS && session_isValid(map_servers[server].fd))
		++server;
	if (refusal == 0 &&
	    (!core_is_running() || server == MAX_MAP_SERVERS || strcmp(name, char_config.userid) != 0 ||
	     strcmp(password, char_config.passwd) != 0))
		refusal = wrong;
	if (refusal != 0) {
		ShowNotice("Connection of the map-server at %u.%u.%u.%u:%u is REFUSED%s\n", CONVIP(ip),
		           port, server == MAX_MAP_SERVERS ? ": there is no room" : "");
		link_send_byte(fd, 0x2af9, refusal);
		return;
	}
	mapif_clear(server);
	map_servers[server].fd = fd;
	map_servers[server].ip = ip;
	map_servers[server].port = port;
	link_open(fd, mapif_parse);
	link_send_byte(fd, 0x2af9, 0);
}
