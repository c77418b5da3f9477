#include "char_clif.hpp"

#include <cstdio>
#include <cstring>

#include <common/link.hpp>
#include <common/malloc.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>
#include <common/utilities.hpp>

#include "char.hpp"
#include "char_db.hpp"
#include "char_logif.hpp"
#include "char_mapif.hpp"
#include "packets.hpp"

using namespace rathena;

static PacketDatabase<char_session_data> char_packet_db;

void chclif_send_auth_result(int32 fd, uint8 result)
{
	PACKET_SC_NOTIFY_BAN p = {};

	p.packetType = HEADER_SC_NOTIFY_BAN;
	p.result = result;
	socket_send(fd, p);
}

void chclif_reject(int32 fd, uint8 reason)
{
	PACKET_HC_REFUSE p = {};

	p.packetType = HEADER_HC_REFUSE_ENTER;
	p.error = reason;
	socket_send(fd, p);
	set_eof(fd);
}

static void chclif_write_map(char out[MAP_NAME_LENGTH_EXT], const char *map)
{
	snprintf(out, MAP_NAME_LENGTH_EXT, "%s.gat", map);
}

static CHARACTER_INFO chclif_character_info(const mmo_charstatus &status)
{
	CHARACTER_INFO info = {};

	info.GID = status.char_id;
	info.joblevel = 1;
	info.hp = info.maxhp = 40;
	info.sp = info.maxsp = 11;
	info.speed = 150;
	info.job = status.class_;
	info.head = status.hair;
	info.level = status.base_level;
	safestrncpy(info.name, status.name, sizeof(info.name));
	memset(info.stats, 1, sizeof(info.stats));
	info.slot = status.slot;
	info.head_color = (uint8)status.hair_color;
	chclif_write_map(info.map, status.map);
#if PACKETVER >= 20141016
	info.sex = status.sex;
#endif
	return info;
}

// The numbers of slots.
static void chclif_charlist_info(int32 fd)
{
	PACKET_HC_ACCEPT_ENTER2 p = {};

	p.packetType = HEADER_HC_ACCEPT_ENTER2;
	p.packetLength = sizeof(p);
	p.normal = p.producible = p.total = MAX_CHARS;
	socket_send(fd, p);
}

static void chclif_charlist(int32 fd, struct char_session_data &sd)
{
	PACKET_HC_ACCEPT_ENTER *p = (PACKET_HC_ACCEPT_ENTER *)packet_buffer;
	size_t n = 0;

	*p = {};
	p->packetType = HEADER_HC_ACCEPT_ENTER;
	p->slots = p->available = p->premium = MAX_CHARS;
	memset(sd.found_char, 0, sizeof(sd.found_char));
	for (const mmo_charstatus &status : char_db_list(sd.account_id)) {
		if (status.slot >= MAX_CHARS)
			continue;
		sd.found_char[status.slot] = status.char_id;
		p->characters[n++] = chclif_character_info(status);
	}
	p->packetLength = (int16)(sizeof(*p) + n * sizeof(p->characters[0]));
	socket_send(fd, p);
}

void chclif_mmo_char_send(int32 fd, struct char_session_data &sd)
{
	PACKET_HC_CHARLIST_NOTIFY pages = {};
	PACKET_HC_SECOND_PASSWD_LOGIN code = {};

	chclif_charlist_info(fd);
	chclif_charlist(fd, sd);

	pages.packetType = HEADER_HC_CHARLIST_NOTIFY;
	pages.pages = MAX_CHARS / 3;
	socket_send(fd, pages);

	code.packetType = HEADER_HC_SECOND_PASSWD_LOGIN;
	code.AID = sd.account_id;
	socket_send(fd, code);
}

// The first packet of a player: his ticket, which the login server judges, or this server if he
// comes from a map server.
static int32 chclif_parse_reqtoconnect(int32 fd, struct char_session_data *sd, uint32 ipl)
{
	if (RFIFOREST(fd) < sizeof(PACKET_CH_ENTER))
		return 0;

	const PACKET_CH_ENTER *p = (PACKET_CH_ENTER *)RFIFOP(fd, 0);
	const uint32 account_id = p->AID;
	const uint32 login_id1 = p->login_id1;
	const uint32 login_id2 = p->login_id2;
	const uint8 sex = p->sex;

	RFIFOSKIP(fd, sizeof(PACKET_CH_ENTER));
	if (sd != nullptr)
		return 1; // he has sent it already

	ShowInfo("Account %u wants to enter (ip: %u.%u.%u.%u)\n", account_id, CONVIP(ipl));
	CREATE(sd, struct char_session_data, 1);
	sd->account_id = account_id;
	sd->login_id1 = login_id1;
	sd->login_id2 = login_id2;
	sd->sex = sex;
	session[fd]->session_data = sd;

	// the client wants its account's id back, and nothing around it
	WFIFOHEAD(fd, 4);
	WFIFOL(fd, 0) = account_id;
	WFIFOSET(fd, 4);

	if (!global_core->is_running()) {
		chclif_reject(fd, 0);
		return 1;
	}

	auto node = util::umap_find(char_get_authdb(), account_id);
	if (node != nullptr && node->char_id == 0 && node->login_id1 == login_id1 &&
	    node->login_id2 == login_id2) {
		char_get_authdb().erase(account_id);
		char_auth_ok(fd, sd);
		return 1;
	}
	if (chlogif_isconnected())
		chlogif_send_reqauth(fd, sd, ipl);
	else
		chclif_reject(fd, 0);
	return 1;
}

// The character in the slot; false if there is none, and then the player is told.
static bool chclif_load_slot(int32 fd, const struct char_session_data &sd, uint8 slot,
                             mmo_charstatus *status)
{
	if (slot < MAX_CHARS && sd.found_char[slot] != 0 && char_db_load(sd.found_char[slot], status) &&
	    status->account_id == sd.account_id)
		return true;
	chclif_reject(fd, 0);
	return false;
}

// Sends the player to a map server, with a ticket.
static void chclif_send_map_data(int32 fd, const struct char_session_data &sd,
                                 const mmo_charstatus &status, int32 i)
{
	const uint32 ipl = session[fd]->client_addr;
	const uint32 subnet_map_ip = char_lan_subnetcheck(ipl);
	PACKET_HC_NOTIFY_ZONESVR p = {};

	p.packetType = HEADER_HC_NOTIFY_ZONESVR;
	p.CID = status.char_id;
	chclif_write_map(p.mapname, status.map);
	p.ip = htonl(subnet_map_ip != 0 ? subnet_map_ip : map_server[i].ip);
	p.port = ntows(htons(map_server[i].port));
	socket_send(fd, p);

	auto node = std::make_shared<struct auth_node>();
	*node = {sd.account_id, status.char_id, sd.login_id1, sd.login_id2, ipl, status.sex, false};
	char_get_authdb()[sd.account_id] = node;
	char_set_char_online(ONLINE_UNKNOWN, status.char_id, sd.account_id);
	char_await(sd.account_id);
}

// The character's map is nowhere to be had: where else would he like to go? One map a server.
static void chclif_send_accessible_maps(int32 fd, const mmo_charstatus &status)
{
	PACKET_HC_NOTIFY_ACCESSIBLE_MAPNAME p = {};
	size_t n = 0;

	p.packetType = HEADER_HC_NOTIFY_ACCESSIBLE_MAPNAME;
	for (const struct mmo_map_server &server : map_server)
		if (session_isValid(server.fd) && !server.maps.empty())
			chclif_write_map(p.maps[n++].map, server.maps.front().c_str());
	if (n == 0) {
		p.maps[0].status = 1;
		chclif_write_map(p.maps[n++].map, status.map);
	}
	p.packetLength = (int16)(4 + n * sizeof(p.maps[0]));
	socket_send(fd, &p);
}

static bool chclif_parse_charselect(int32 fd, struct char_session_data &sd)
{
	const PACKET_CH_SELECT_CHAR *p = (PACKET_CH_SELECT_CHAR *)RFIFOP(fd, 0);
	mmo_charstatus status;

	if (!chclif_load_slot(fd, sd, p->slot, &status))
		return false;
	ShowInfo("Account %u selects '%s'\n", sd.account_id, status.name);
	if (charserv_config.log_char)
		char_db_log(&status, "char select");

	int32 i = char_search_mapserver(status.map, 0, 0);
	if (i < 0)
		chclif_send_accessible_maps(fd, status);
	else
		chclif_send_map_data(fd, sd, status, i);
	return true;
}

static bool chclif_parse_select_accessible_map(int32 fd, struct char_session_data &sd)
{
	const PACKET_CH_SELECT_ACCESSIBLE_MAPNAME *p =
	    (PACKET_CH_SELECT_ACCESSIBLE_MAPNAME *)RFIFOP(fd, 0);
	mmo_charstatus status;
	uint8 n = 0;

	if (!chclif_load_slot(fd, sd, p->slot, &status))
		return false;
	for (int32 i = 0; i < MAX_MAP_SERVERS; ++i) {
		if (!session_isValid(map_server[i].fd) || map_server[i].maps.empty() || n++ != p->index)
			continue;
		safestrncpy(status.map, map_server[i].maps.front().c_str(), sizeof(status.map));
		char_db_save_position(status.char_id, status.map, status.x, status.y);
		chclif_send_map_data(fd, sd, status, i);
		return true;
	}
	chclif_send_accessible_maps(fd, status);
	return true;
}

static bool chclif_parse_createnewchar(int32 fd, struct char_session_data &sd)
{
	const PACKET_CH_MAKE_CHAR *p = (PACKET_CH_MAKE_CHAR *)RFIFOP(fd, 0);
	mmo_charstatus status = {};

	status.account_id = sd.account_id;
	status.slot = p->slot;
	safestrncpy(status.name, p->name, sizeof(status.name));
	status.hair = (int16)p->hair_style;
	status.hair_color = (int16)p->hair_color;
	status.base_level = 1;
	status.sex = sd.sex;
#if PACKETVER >= 20151001
	status.class_ = (int16)p->job;
	status.sex = p->sex == SEX_FEMALE ? SEX_FEMALE : SEX_MALE;
#endif
	safestrncpy(status.map, charserv_config.start_map, sizeof(status.map));
	status.x = charserv_config.start_x;
	status.y = charserv_config.start_y;

	if (!charserv_config.char_new || status.slot >= MAX_CHARS || strlen(status.name) < 4 ||
	    !char_db_create(&status)) {
		PACKET_HC_REFUSE refusal = {};

		refusal.packetType = HEADER_HC_REFUSE_MAKECHAR;
		refusal.error = charserv_config.char_new ? 0 : 0xff;
		socket_send(fd, refusal);
		return true;
	}
	if (charserv_config.log_char)
		char_db_log(&status, "make new char");
	ShowInfo("Account %u has a new character '%s'\n", sd.account_id, status.name);
	sd.found_char[status.slot] = status.char_id;

	PACKET_HC_ACCEPT_MAKECHAR answer = {};
	answer.packetType = HEADER_HC_ACCEPT_MAKECHAR;
	answer.character = chclif_character_info(status);
	socket_send(fd, answer);
	return true;
}

static bool chclif_parse_keepalive(int32, struct char_session_data &)
{
	return true;
}

static void chclif_maplogin_result(int32 fd, uint8 result)
{
	WFIFOHEAD(fd, 3);
	WFIFOW(fd, 0) = 0x2af9;
	WFIFOB(fd, 2) = result;
	WFIFOSET(fd, 3);
}

// A map server logs in. Returns 0 when the packet is not there as a whole.
// S 2af8 <name>.24B <password>.24B <?>.L <ip>.L <port>.W
static int32 chclif_parse_maplogin(int32 fd)
{
	char userid[NAME_LENGTH], passwd[NAME_LENGTH];
	int32 i = 0;

	if (RFIFOREST(fd) < 60)
		return 0;

	safestrncpy(userid, RFIFOCP(fd, 2), sizeof(userid));
	safestrncpy(passwd, RFIFOCP(fd, 26), sizeof(passwd));
	const uint32 server_ip = ntohl(RFIFOL(fd, 54));
	const uint16 server_port = ntohs(RFIFOW(fd, 58));
	RFIFOSKIP(fd, 60);

	while (i < MAX_MAP_SERVERS && session_isValid(map_server[i].fd))
		++i;
	if (!global_core->is_running() || i == MAX_MAP_SERVERS ||
	    strcmp(userid, charserv_config.userid) != 0 ||
	    strcmp(passwd, charserv_config.passwd) != 0) {
		ShowNotice("Connection of a map-server (%u.%u.%u.%u:%u) REFUSED: %s\n", CONVIP(server_ip),
		           server_port,
		           i == MAX_MAP_SERVERS ? "there is no room" : "wrong name or password");
		chclif_maplogin_result(fd, 3);
		return 1;
	}
	chclif_maplogin_result(fd, 0);
	map_server[i] = {};
	map_server[i].fd = fd;
	map_server[i].ip = server_ip;
	map_server[i].port = server_port;
	link_open(fd, chmapif_parse);
	return 1;
}

// The player's connection ends. He is still in the game if he has a map server to go to.
static void chclif_on_disconnect(int32 fd, const struct char_session_data *sd)
{
	if (sd == nullptr || !sd->auth)
		return;
	auto character = util::umap_find(char_get_onlinedb(), sd->account_id);
	if (character == nullptr || character->fd != fd)
		return;
	character->fd = -1;
	if (character->server == ONLINE_AT_CHAR)
		char_set_char_offline(0, sd->account_id);
}

int32 chclif_parse(int32 fd)
{
	struct char_session_data *sd = (struct char_session_data *)session[fd]->session_data;
	uint32 ipl = session[fd]->client_addr;

	if (login_fd < 0)
		set_eof(fd); // without a login server nobody stays here
	if (session[fd]->flag.eof) {
		chclif_on_disconnect(fd, sd);
		do_close(fd);
		return 0;
	}

	while (RFIFOREST(fd) >= 2) {
		const uint16 command = RFIFOW(fd, 0);

		if (command == HEADER_CH_ENTER) {
			if (!chclif_parse_reqtoconnect(fd, sd, ipl))
				return 0;
			sd = (struct char_session_data *)session[fd]->session_data;
		} else if (command == 0x2af8) {
			chclif_parse_maplogin(fd);
			return 0; // another parse handler goes on
		} else if (sd == nullptr || !sd->auth) {
			ShowError("Packet 0x%04x before the player has been let in\n", command);
			set_eof(fd);
		} else if (!char_packet_db.handle(fd, *sd)) {
			return 0;
		}
	}
	return 0;
}

void do_init_chclif(void)
{
	auto &db = char_packet_db;

	db.add(HEADER_CH_SELECT_CHAR, true, sizeof(PACKET_CH_SELECT_CHAR), chclif_parse_charselect);
	db.add(HEADER_CH_SELECT_ACCESSIBLE_MAPNAME, true, sizeof(PACKET_CH_SELECT_ACCESSIBLE_MAPNAME),
	       chclif_parse_select_accessible_map);
	db.add(HEADER_CH_MAKE_CHAR, true, sizeof(PACKET_CH_MAKE_CHAR), chclif_parse_createnewchar);
	db.add(HEADER_PING, true, sizeof(PACKET_PING), chclif_parse_keepalive);
}
