#include "char_mapif.hpp"

#include <cstring>

#include <common/link.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>
#include <common/utilities.hpp>

#include "char.hpp"
#include "char_db.hpp"
#include "char_logif.hpp"

using namespace rathena;

void mapif_disconnectplayer(int32 server, uint32 account_id, uint8 reason)
{
	const int32 fd = map_server[server].fd;

	if (!session_isActive(fd))
		return;
	WFIFOHEAD(fd, 7);
	WFIFOW(fd, 0) = 0x2b1f;
	WFIFOL(fd, 2) = account_id;
	WFIFOB(fd, 6) = reason;
	WFIFOSET(fd, 7);
}

// Tells one map server of another's maps: 2b04 they are there, 2b20 they are gone.
// S <type>.W <length>.W <ip>.L <port>.W {<map>.16B}*
static void mapif_send_maps(int32 fd, uint16 type, const struct mmo_map_server &server)
{
	const size_t size = 10 + server.maps.size() * MAP_NAME_LENGTH_EXT;
	size_t at = 10;

	WFIFOHEAD(fd, size);
	WFIFOW(fd, 0) = type;
	WFIFOW(fd, 2) = (uint16)size;
	WFIFOL(fd, 4) = htonl(server.ip);
	WFIFOW(fd, 8) = htons(server.port);
	for (const std::string &map : server.maps) {
		safestrncpy(WFIFOCP(fd, at), map.c_str(), MAP_NAME_LENGTH_EXT);
		at += MAP_NAME_LENGTH_EXT;
	}
	WFIFOSET(fd, size);
}

// S 2afa <length>.W {<map>.16B}*
static void chmapif_parse_getmapname(int32 fd, int32 id)
{
	struct mmo_map_server &self = map_server[id];

	self.maps.clear();
	for (size_t at = 4; at + MAP_NAME_LENGTH_EXT <= RFIFOW(fd, 2); at += MAP_NAME_LENGTH_EXT) {
		char map[MAP_NAME_LENGTH];

		safestrncpy(map, RFIFOCP(fd, at), sizeof(map));
		self.maps.push_back(map);
	}
	ShowStatus("Map-server %d connected: %zu maps, from IP %u.%u.%u.%u port %u.\n", id,
	           self.maps.size(), CONVIP(self.ip), self.port);

	WFIFOHEAD(fd, 3);
	WFIFOW(fd, 0) = 0x2afb;
	WFIFOB(fd, 2) = 0;
	WFIFOSET(fd, 3);
	for (const struct mmo_map_server &other : map_server) {
		if (&other == &self || !session_isActive(other.fd))
			continue;
		mapif_send_maps(other.fd, 0x2b04, self);
		mapif_send_maps(fd, 0x2b04, other);
	}
	ShowStatus("Map-server %d loading complete.\n", id);
}

// Who is in the game there. S 2aff <length>.W <users>.W {<account>.L <character>.L}*
static void chmapif_getusers(int32 fd, int32 id)
{
	const size_t users = RFIFOW(fd, 4);

	map_server[id].users = (uint16)users;
	for (size_t i = 0; i < users && 6 + (i + 1) * 8 <= RFIFOW(fd, 2); ++i) {
		const uint32 account_id = RFIFOL(fd, 6 + i * 8);
		auto character = util::umap_find(char_get_onlinedb(), account_id);

		if (character == nullptr || character->server == ONLINE_UNKNOWN)
			char_set_char_online((int16)id, RFIFOL(fd, 6 + i * 8 + 4), account_id);
	}
	chlogif_send_usercount();
}

// S 2b01 <account>.L <character>.L <map>.16B <x>.W <y>.W
static void chmapif_parse_reqsavechar(int32 fd, int32)
{
	char map[MAP_NAME_LENGTH];

	safestrncpy(map, RFIFOCP(fd, 10), sizeof(map));
	char_db_save_position(RFIFOL(fd, 6), map, RFIFOW(fd, 26), RFIFOW(fd, 28));
}

// A player wants another character: he gets a ticket back to this server.
// S 2b02 <account>.L <login_id1>.L <login_id2>.L <ip>.L <group>.L
static void chmapif_parse_authok(int32 fd, int32)
{
	const uint32 account_id = RFIFOL(fd, 2);
	auto character = util::umap_find(char_get_onlinedb(), account_id);
	const bool good = global_core->is_running() && character != nullptr;

	if (good) {
		auto node = std::make_shared<struct auth_node>();

		*node = {account_id, 0,    RFIFOL(fd, 6), RFIFOL(fd, 10), ntohl(RFIFOL(fd, 14)),
		         SEX_MALE,   false};
		char_get_authdb()[account_id] = node;
		char_db_set_online(character->char_id, account_id, false);
		char_set_char_charselect(account_id, -1);
		char_await(account_id);
	}
	WFIFOHEAD(fd, 7);
	WFIFOW(fd, 0) = 0x2b03;
	WFIFOL(fd, 2) = account_id;
	WFIFOB(fd, 6) = good ? 1 : 0;
	WFIFOSET(fd, 7);
}

// A player goes to a map of another map server: he gets a ticket to that.
// S 2b05 <account>.L <login_id1>.L <login_id2>.L <character>.L <map>.16B <x>.W <y>.W <ip>.L
// <port>.W
//        <sex>.B <player's ip>.L <group>.L
static void chmapif_parse_reqchangemapserv(int32 fd, int32)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const uint32 char_id = RFIFOL(fd, 14);
	char map[MAP_NAME_LENGTH];

	safestrncpy(map, RFIFOCP(fd, 18), sizeof(map));
	const int32 target = char_search_mapserver(map, ntohl(RFIFOL(fd, 38)), ntohs(RFIFOW(fd, 42)));
	const bool good = global_core->is_running() && target >= 0;

	if (good) {
		auto node = std::make_shared<struct auth_node>();

		*node = {account_id,     char_id, RFIFOL(fd, 6), RFIFOL(fd, 10), ntohl(RFIFOL(fd, 45)),
		         RFIFOB(fd, 44), true};
		char_get_authdb()[account_id] = node;
		char_db_save_position(char_id, map, RFIFOW(fd, 34), RFIFOW(fd, 36));
		char_set_char_online(ONLINE_UNKNOWN, char_id, account_id);
		char_await(account_id);
	}

	// the answer begins as the question does
	WFIFOHEAD(fd, 44);
	memcpy(WFIFOP(fd, 0), RFIFOP(fd, 0), 44);
	WFIFOW(fd, 0) = 0x2b06;
	if (!good)
		WFIFOL(fd, 6) = 0; // no login_id1: it cannot be
	WFIFOSET(fd, 44);
}

// S 2b17 <character>.L <account>.L
static void chmapif_parse_setcharoffline(int32 fd, int32)
{
	char_set_char_offline(RFIFOL(fd, 2), RFIFOL(fd, 6));
}

static void chmapif_parse_setalloffline(int32, int32 id)
{
	char_db_setoffline((int16)id);
}

static void chmapif_parse_keepalive(int32 fd, int32)
{
	WFIFOHEAD(fd, 2);
	WFIFOW(fd, 0) = 0x2b24;
	WFIFOSET(fd, 2);
}

// S 2b27 <account>.L <character>.L <login_id1>.L <sex>.B <ip>.L
static void chmapif_auth_failed(int32 fd)
{
	WFIFOHEAD(fd, 19);
	memcpy(WFIFOP(fd, 0), RFIFOP(fd, 0), 19);
	WFIFOW(fd, 0) = 0x2b27;
	WFIFOSET(fd, 19);
}

// S 2afd <length>.W <account>.L <login_id1>.L <login_id2>.L <changing>.B <character>
static void chmapif_auth_ok(int32 fd, const struct auth_node &node, const mmo_charstatus &status)
{
	const size_t size = 17 + sizeof(status);

	WFIFOHEAD(fd, size);
	WFIFOW(fd, 0) = 0x2afd;
	WFIFOW(fd, 2) = (uint16)size;
	WFIFOL(fd, 4) = node.account_id;
	WFIFOL(fd, 8) = node.login_id1;
	WFIFOL(fd, 12) = node.login_id2;
	WFIFOB(fd, 16) = node.changing_mapservers ? 1 : 0;
	memcpy(WFIFOP(fd, 17), &status, sizeof(status));
	WFIFOSET(fd, size);
}

// Is the ticket of a player good who wants to enter a map server? It is torn on its first use.
// S 2b26 <account>.L <character>.L <login_id1>.L <sex>.B <player's ip>.L <autotrade>.B
static void chmapif_parse_reqauth(int32 fd, int32 id)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const uint32 char_id = RFIFOL(fd, 6);
	const uint32 login_id1 = RFIFOL(fd, 10);
	const uint32 ip = ntohl(RFIFOL(fd, 15));
	mmo_charstatus status;

	auto node = util::umap_find(char_get_authdb(), account_id);
	// the address is not compared, as in the emulators
	if (!global_core->is_running() || node == nullptr || node->char_id != char_id ||
	    node->char_id == 0 || node->login_id1 != login_id1 || !char_db_load(char_id, &status)) {
		ShowStatus("Map-server %d: authentication of the account %u REFUSED (ip: %u.%u.%u.%u).\n",
		           id, account_id, CONVIP(ip));
		chmapif_auth_failed(fd);
		return;
	}
	chmapif_auth_ok(fd, *node, status);
	char_get_authdb().erase(account_id);
	char_set_char_online((int16)id, char_id, account_id);
}

static const struct link_packet map_packets[] = {
    {0x2afa, 0, chmapif_parse_getmapname},        {0x2aff, 0, chmapif_getusers},
    {0x2b01, 30, chmapif_parse_reqsavechar},      {0x2b02, 22, chmapif_parse_authok},
    {0x2b05, 53, chmapif_parse_reqchangemapserv}, {0x2b17, 10, chmapif_parse_setcharoffline},
    {0x2b18, 2, chmapif_parse_setalloffline},     {0x2b23, 2, chmapif_parse_keepalive},
    {0x2b26, 20, chmapif_parse_reqauth},
};

static void chmapif_on_disconnect(int32 id)
{
	ShowStatus("Map-server %d has disconnected.\n", id);
	for (const struct mmo_map_server &other : map_server)
		if (&other != &map_server[id] && session_isActive(other.fd))
			mapif_send_maps(other.fd, 0x2b20, map_server[id]);
	char_db_setoffline((int16)id);
	map_server[id] = {};
	chlogif_send_usercount();
}

int32 chmapif_parse(int32 fd)
{
	int32 id = 0;

	while (id < MAX_MAP_SERVERS && map_server[id].fd != fd)
		++id;
	if (id == MAX_MAP_SERVERS) {
		ShowDebug("chmapif_parse: session #%d is no map-server\n", fd);
		set_eof(fd);
		do_close(fd);
		return 0;
	}
	if (session[fd]->flag.eof) {
		do_close(fd);
		chmapif_on_disconnect(id);
		return 0;
	}
	link_parse(fd, id, map_packets);
	return 0;
}

void do_final_chmapif(void)
{
	for (struct mmo_map_server &server : map_server) {
		if (session_isValid(server.fd))
			do_close(server.fd);
		server = {};
	}
}
