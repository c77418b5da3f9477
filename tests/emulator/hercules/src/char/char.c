#define HERCULES_CORE

#include "char.h"

#include "char/chardb.h"
#include "char/loginif.h"
#include "char/packets_char_struct.h"
#include "common/HPM.h"
#include "common/conf.h"
#include "common/core.h"
#include "common/link.h"
#include "common/memmgr.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/strlib.h"

#include <stdio.h>
#include <stdlib.h>

static struct char_interface the_chr;
struct char_interface *chr;
static struct Char_Config the_config;

static uint32 char_lan_subnet_check(uint32 ip)
{
	return sockt->lan_subnet_check(ip, NULL);
}

/* ---- to players ---- */

static void char_send_error(int fd, int16 packet_id, uint8 error_code)
{
	struct PACKET_HC_ERROR *packet;

	WFIFOHEAD(fd, sizeof(*packet));
	packet = WP2PTR(fd);
	packet->packet_id = packet_id;
	packet->error_code = error_code;
	WFIFOSET(fd, sizeof(*packet));
}

static void char_connection_error(int fd, uint8 flag)
{
	char_send_error(fd, HEADER_SC_NOTIFY_BAN, flag);
}

static void char_auth_error(int fd, uint8 flag)
{
	char_send_error(fd, HEADER_HC_REFUSE_ENTER, flag);
	sockt->eof(fd);
}

static void char_auth_ok(int fd, struct char_session_data *sd)
{
	const struct online_char_data *character = online->find(sd->account_id);

	if (character != NULL && character->server == ONLINE_AT_MAP) {
		chr->disconnect_player(sd->account_id, 2);
		online->await(sd->account_id);
		chr->connection_error(fd, 8);
		sockt->eof(fd);
		return;
	}
	if (character != NULL && character->fd != fd && sockt->session_is_active(character->fd)) {
		chr->connection_error(fd, 8);
		sockt->eof(fd);
		return;
	}
	sd->auth = true;
	online->set_char_charselect(sd->account_id, fd);
	loginif->account_data(sd->account_id);
}

static void char_write_map(char out[MAP_NAME_LENGTH_EXT], const char *map)
{
	snprintf(out, MAP_NAME_LENGTH_EXT, "%s.gat", map);
}

static void char_fill_entry(struct char_packet_entry *entry, const struct mmo_charstatus *status)
{
	memset(entry, 0, sizeof(*entry));
	entry->gid = (uint32)status->char_id;
	entry->job_level = 1;
	entry->hp = entry->max_hp = 40;
	entry->sp = entry->max_sp = 11;
	entry->speed = 150;
	entry->job = status->class;
	entry->hair = status->hair;
	entry->base_level = status->base_level;
	safestrncpy(entry->name, status->name, sizeof(entry->name));
	memset(entry->stats, 1, sizeof(entry->stats));
	entry->slot = status->slot;
	entry->hair_color = (uint8)status->hair_color;
	char_write_map(entry->map, status->map);
#if PACKETVER >= 20141016
	entry->sex = status->sex;
#endif
}

/* The numbers of slots. */
static void char_send_slots(int fd)
{
	struct PACKET_HC_ACCEPT_ENTER2 *packet;

	WFIFOHEAD(fd, sizeof(*packet));
	packet = WP2PTR(fd);
	memset(packet, 0, sizeof(*packet));
	packet->packet_id = HEADER_HC_ACCEPT_ENTER2;
	packet->packet_len = sizeof(*packet);
	packet->normal_slots = packet->producible_slots = packet->valid_slots = MAX_CHARS;
	WFIFOSET(fd, sizeof(*packet));
}

static void char_send_list(int fd, struct char_session_data *sd)
{
	struct mmo_charstatus found[MAX_CHARS];
	const int count = chardb->list(sd->account_id, found, MAX_CHARS);
	struct PACKET_HC_ACCEPT_ENTER *packet;
	size_t n = 0;

	WFIFOHEAD(fd, sizeof(*packet) + (size_t)count * sizeof(packet->chars[0]));
	packet = WP2PTR(fd);
	memset(packet, 0, sizeof(*packet));
	packet->packet_id = HEADER_HC_ACCEPT_ENTER;
	packet->max_slots = packet->available_slots = packet->premium_slots = MAX_CHARS;
	memset(sd->found_char, 0, sizeof(sd->found_char));
	for (int i = 0; i < count; ++i) {
		if (found[i].slot >= MAX_CHARS)
			continue;
		sd->found_char[found[i].slot] = found[i].char_id;
		char_fill_entry(&packet->chars[n++], &found[i]);
	}
	packet->packet_len = (int16)(sizeof(*packet) + n * sizeof(packet->chars[0]));
	WFIFOSET(fd, (size_t)packet->packet_len);
}

static void char_mmo_char_send(int fd, struct char_session_data *sd)
{
	struct PACKET_HC_SECOND_PASSWD_LOGIN *packet;

	char_send_slots(fd);
	char_send_list(fd, sd);

	WFIFOHEAD(fd, sizeof(*packet));
	packet = WP2PTR(fd);
	memset(packet, 0, sizeof(*packet));
	packet->packet_id = HEADER_HC_SECOND_PASSWD_LOGIN;
	packet->aid = (uint32)sd->account_id;
	WFIFOSET(fd, sizeof(*packet));
}

/* ---- from players ---- */

/* The first packet of a player: his ticket, which the login server judges, or this server if he
 * comes from the map server. */
static void char_parse_char_connect(int fd, struct char_session_data *sd, uint32 ipl)
{
	const struct PACKET_CH_ENTER *packet = RFIFOP(fd, 0);
	const uint32 account_id = packet->aid;
	const uint32 login_id1 = packet->login_id1;
	const uint32 login_id2 = packet->login_id2;
	const uint8 sex = packet->sex;
	struct char_auth_node *node;

	if (sd != NULL)
		return; /* he has sent it already */

	ShowInfo("Account %u wants to enter (ip: %u.%u.%u.%u)\n", account_id, CONVIP(ipl));
	CREATE(sd, struct char_session_data, 1);
	sd->account_id = (int)account_id;
	sd->login_id1 = (int)login_id1;
	sd->login_id2 = (int)login_id2;
	sd->sex = sex;
	sockt->session[fd]->session_data = sd;

	/* the client wants its account's id back, and nothing around it */
	WFIFOHEAD(fd, 4);
	WFIFOL(fd, 0) = account_id;
	WFIFOSET2(fd, 4);

	if (core->runflag == CORE_ST_STOP) {
		chr->auth_error(fd, 0);
		return;
	}

	node = idb_get(chr->auth_db, account_id);
	if (node != NULL && node->char_id == 0 && node->login_id1 == login_id1 &&
	    node->login_id2 == login_id2) {
		idb_remove(chr->auth_db, account_id);
		chr->auth_ok(fd, sd);
		return;
	}
	if (loginif->is_connected())
		loginif->auth(fd, sd, ipl);
	else
		chr->auth_error(fd, 0);
}

/* The character in the slot; false if there is none, and then the player is told. */
static bool char_load_slot(int fd, const struct char_session_data *sd, uint8 slot,
                           struct mmo_charstatus *status)
{
	if (slot < MAX_CHARS && sd->found_char[slot] != 0 &&
	    chardb->load(sd->found_char[slot], status) && status->account_id == sd->account_id)
		return true;
	chr->auth_error(fd, 0);
	return false;
}

static void char_add_auth_node(const struct char_auth_node *data)
{
	struct char_auth_node *node;

	CREATE(node, struct char_auth_node, 1);
	*node = *data;
	idb_put(chr->auth_db, (uint32)data->account_id, node);
}

/* Sends the player to the map server, with a ticket. */
static void char_send_map_info(int fd, const struct char_session_data *sd,
                               const struct mmo_charstatus *status, uint32 subnet_map_ip,
                               const char *dnsHost)
{
	struct PACKET_HC_NOTIFY_ZONESVR *packet;

	WFIFOHEAD(fd, sizeof(*packet));
	packet = WP2PTR(fd);
	memset(packet, 0, sizeof(*packet));
	packet->packet_id = HEADER_HC_NOTIFY_ZONESVR;
	packet->gid = (uint32)status->char_id;
	char_write_map(packet->map, status->map);
	packet->ip = htonl(subnet_map_ip != 0 ? subnet_map_ip : chr->map_server.ip);
	packet->port = sockt->ntows(htons(chr->map_server.port));
#if PACKETVER >= 20170329
	if (dnsHost != NULL)
		safestrncpy(packet->dns_host, dnsHost, sizeof(packet->dns_host));
#endif
	WFIFOSET(fd, sizeof(*packet));
}

static void char_send_to_map_server(int fd, const struct char_session_data *sd,
                                    const struct mmo_charstatus *status)
{
	const uint32 ipl = sockt->session[fd]->client_addr;
	const struct char_auth_node node = {
	    sd->account_id, status->char_id, (uint32)sd->login_id1, (uint32)sd->login_id2, ipl,
	    status->sex,
	};

	char_send_map_info(fd, sd, status, chr->lan_subnet_check(ipl), NULL);
	char_add_auth_node(&node);
	online->set_char_online(ONLINE_UNKNOWN, status->char_id, sd->account_id);
	online->await(sd->account_id);
}

static bool char_map_is_online(const char *map)
{
	const struct mmo_map_server *server = &chr->map_server;

	if (!sockt->session_is_valid(server->fd))
		return false;
	for (int i = 0; i < VECTOR_LENGTH(server->maps); ++i)
		if (strcmp(VECTOR_INDEX(server->maps, i).name, map) == 0)
			return true;
	return false;
}

/* The first map of the map server, or NULL. */
static const char *char_first_map(void)
{
	const struct mmo_map_server *server = &chr->map_server;

	if (!sockt->session_is_valid(server->fd) || VECTOR_LENGTH(server->maps) == 0)
		return NULL;
	return VECTOR_INDEX(server->maps, 0).name;
}

/* The character's map cannot be had: would he like to go elsewhere? */
static void char_send_accessible_map(int fd, const struct mmo_charstatus *status)
{
	struct PACKET_HC_NOTIFY_ACCESSIBLE_MAPNAME *packet;
	const char *map = char_first_map();

	WFIFOHEAD(fd, sizeof(*packet));
	packet = WP2PTR(fd);
	memset(packet, 0, sizeof(*packet));
	packet->packet_id = HEADER_HC_NOTIFY_ACCESSIBLE_MAPNAME;
	packet->packet_len = sizeof(*packet);
	packet->status = map != NULL ? 0 : 1;
	char_write_map(packet->map, map != NULL ? map : status->map);
	WFIFOSET(fd, sizeof(*packet));
}

static void char_parse_char_select(int fd, struct char_session_data *sd)
{
	const struct PACKET_CH_SELECT_CHAR *packet = RFIFOP(fd, 0);
	struct mmo_charstatus status;

	if (!char_load_slot(fd, sd, packet->slot, &status))
		return;
	ShowInfo("Account %d selects '%s'\n", sd->account_id, status.name);
	if (chr->config->log_char)
		chardb->log(&status, "char select");
	if (char_map_is_online(status.map))
		char_send_to_map_server(fd, sd, &status);
	else
		char_send_accessible_map(fd, &status);
}

static void char_parse_char_select_accessible_map(int fd, struct char_session_data *sd)
{
	const struct PACKET_CH_SELECT_ACCESSIBLE_MAPNAME *packet = RFIFOP(fd, 0);
	const char *map = char_first_map();
	struct mmo_charstatus status;

	if (!char_load_slot(fd, sd, packet->slot, &status))
		return;
	if (map == NULL || packet->map_number != 0) {
		char_send_accessible_map(fd, &status);
		return;
	}
	safestrncpy(status.map, map, sizeof(status.map));
	chardb->save_position(status.char_id, status.map, status.x, status.y);
	char_send_to_map_server(fd, sd, &status);
}

static void char_parse_char_create_new_char(int fd, struct char_session_data *sd)
{
	const struct PACKET_CH_MAKE_CHAR *packet = RFIFOP(fd, 0);
	const struct Char_Config *config = chr->config;
	struct mmo_charstatus status;

	memset(&status, 0, sizeof(status));
	status.account_id = sd->account_id;
	status.slot = packet->slot;
	safestrncpy(status.name, packet->name, sizeof(status.name));
	status.hair = (int16)packet->hair_style;
	status.hair_color = (int16)packet->hair_color;
	status.base_level = 1;
	status.sex = sd->sex;
#if PACKETVER >= 20151001
	status.class = (int16)packet->job;
	status.sex = packet->sex == SEX_FEMALE ? SEX_FEMALE : SEX_MALE;
#endif
	safestrncpy(status.map, config->start_map, sizeof(status.map));
	status.x = config->start_x;
	status.y = config->start_y;

	if (!config->enable_char_creation || status.slot >= MAX_CHARS || strlen(status.name) < 4 ||
	    !chardb->create(&status)) {
		char_send_error(fd, HEADER_HC_REFUSE_MAKECHAR, config->enable_char_creation ? 0 : 0xff);
		return;
	}
	if (config->log_char)
		chardb->log(&status, "make new char");
	ShowInfo("Account %d has a new character '%s'\n", sd->account_id, status.name);
	sd->found_char[status.slot] = status.char_id;

	struct PACKET_HC_ACCEPT_MAKECHAR *answer;
	WFIFOHEAD(fd, sizeof(*answer));
	answer = WP2PTR(fd);
	answer->packet_id = HEADER_HC_ACCEPT_MAKECHAR;
	char_fill_entry(&answer->character, &status);
	WFIFOSET(fd, sizeof(*answer));
}

static void char_parse_char_ping(int fd, struct char_session_data *sd)
{
}

static void char_login_map_server_ack(int fd, uint8 flag)
{
	WFIFOHEAD(fd, 3);
	WFIFOW(fd, 0) = 0x2af9;
	WFIFOB(fd, 2) = flag;
	WFIFOSET2(fd, 3);
}

/* The map server logs in. S 2af8 <name>.24B <password>.24B <?>.L <ip>.L <port>.W */
static void char_parse_char_login_map_server(int fd, uint32 ipl)
{
	struct mmo_map_server *server = &chr->map_server;
	const uint32 server_ip = ntohl(RFIFOL(fd, 54));
	const uint16 server_port = ntohs(RFIFOW(fd, 58));
	const char *why = NULL;
	char userid[NAME_LENGTH], passwd[NAME_LENGTH];

	safestrncpy(userid, RFIFOP(fd, 2), sizeof(userid));
	safestrncpy(passwd, RFIFOP(fd, 26), sizeof(passwd));

	if (core->runflag == CORE_ST_STOP)
		why = "this server ends";
	else if (sockt->session_is_valid(server->fd))
		why = "there is one already";
	else if (strcmp(userid, chr->config->userid) != 0 || strcmp(passwd, chr->config->passwd) != 0)
		why = "wrong name or password";
	else if (!sockt->allowed_ip_check(ipl))
		why = "its address is not allowed";
	if (why != NULL) {
		ShowNotice("Connection of the map-server (%u.%u.%u.%u:%u) REFUSED: %s\n", CONVIP(server_ip),
		           server_port, why);
		char_login_map_server_ack(fd, 3);
		return;
	}
	char_login_map_server_ack(fd, 0);
	server->fd = fd;
	server->ip = server_ip;
	server->port = server_port;
	server->users = 0;
	link_open(fd, chr->parse_frommap);
}

/* A player's connection ends. He is still in the game if he goes to the map server. */
static void char_client_disconnected(int fd, const struct char_session_data *sd)
{
	struct online_char_data *character;

	if (sd == NULL || !sd->auth)
		return;
	character = online->find(sd->account_id);
	if (character == NULL || character->fd != fd)
		return;
	character->fd = -1;
	if (character->server == ONLINE_AT_CHAR)
		online->set_char_offline(0, sd->account_id);
}

static const struct char_packet {
	int16 id;
	uint16 len;
	void (*func)(int fd, struct char_session_data *sd);
} char_packets[] = {
    {HEADER_CH_SELECT_CHAR, sizeof(struct PACKET_CH_SELECT_CHAR), char_parse_char_select},
    {HEADER_CH_SELECT_ACCESSIBLE_MAPNAME, sizeof(struct PACKET_CH_SELECT_ACCESSIBLE_MAPNAME),
     char_parse_char_select_accessible_map},
    {HEADER_CH_MAKE_CHAR, sizeof(struct PACKET_CH_MAKE_CHAR), char_parse_char_create_new_char},
    {HEADER_PING, sizeof(struct PACKET_PING), char_parse_char_ping},
};

/* Handles a packet of a player who has been let in. Returns its length, 0 if the rest of it has to
 * come, -1 if it is unknown. */
static int char_parse_packet(int fd, struct char_session_data *sd)
{
	for (int i = 0; i < ARRAYLENGTH(char_packets); ++i) {
		const struct char_packet *packet = &char_packets[i];

		if (packet->id != (int16)RFIFOW(fd, 0))
			continue;
		if (RFIFOREST(fd) < packet->len)
			return 0;
		packet->func(fd, sd);
		return packet->len;
	}
	return -1;
}

static int char_parse_char(int fd)
{
	struct char_session_data *sd = sockt->session[fd]->session_data;
	uint32 ipl = sockt->session[fd]->client_addr;

	if (chr->login_fd < 0)
		sockt->eof(fd); /* without a login server nobody stays here */
	if (sockt->session[fd]->flag.eof) {
		char_client_disconnected(fd, sd);
		sockt->close(fd);
		return 0;
	}

	while (RFIFOREST(fd) >= 2) {
		const unsigned int cmd = RFIFOW(fd, 0);
		int len = -1;

		if (cmd == HEADER_CH_ENTER) {
			if (RFIFOREST(fd) < sizeof(struct PACKET_CH_ENTER))
				return 0;
			char_parse_char_connect(fd, sd, ipl);
			sd = sockt->session[fd]->session_data;
			len = sizeof(struct PACKET_CH_ENTER);
		} else if (cmd == 0x2af8) {
			if (RFIFOREST(fd) < 60)
				return 0;
			sockt->session[fd]->flag.validate = 0;
			char_parse_char_login_map_server(fd, ipl);
			RFIFOSKIP(fd, 60);
			return 0; /* another parse handler goes on */
		} else if (sd != NULL && sd->auth) {
			len = char_parse_packet(fd, sd);
		}
		if (len < 0) {
			ShowError("char_parse_char: Received unknown packet 0x%04x\n", cmd);
			sockt->eof(fd);
			return 0;
		}
		if (len == 0)
			return 0;
		RFIFOSKIP(fd, (size_t)len);
	}
	return 0;
}

/* ---- the map server ---- */

static void char_disconnect_player(int account_id, uint8 reason)
{
	const int fd = chr->map_server.fd;

	if (!sockt->session_is_active(fd))
		return;
	WFIFOHEAD(fd, 7);
	WFIFOW(fd, 0) = 0x2b1f;
	WFIFOL(fd, 2) = (uint32)account_id;
	WFIFOB(fd, 6) = reason;
	WFIFOSET(fd, 7);
}

/* S 2afa <length>.W {<map>.16B}* */
static void char_parse_frommap_map_names(int fd)
{
	struct mmo_map_server *server = &chr->map_server;

	VECTOR_CLEAR(server->maps);
	for (int at = 4; at + MAP_NAME_LENGTH_EXT <= RFIFOW(fd, 2); at += MAP_NAME_LENGTH_EXT) {
		struct map_name map;

		safestrncpy(map.name, RFIFOP(fd, at), sizeof(map.name));
		VECTOR_PUSH(server->maps, map);
	}
	ShowStatus("Map-server connected: %d maps, from IP %u.%u.%u.%u port %u.\n",
	           VECTOR_LENGTH(server->maps), CONVIP(server->ip), server->port);

	WFIFOHEAD(fd, 3);
	WFIFOW(fd, 0) = 0x2afb;
	WFIFOB(fd, 2) = 0;
	WFIFOSET(fd, 3);
	ShowStatus("Map-server loading complete.\n");
}

/* Who is in the game there. S 2aff <length>.W <users>.W {<account>.L <character>.L}* */
static void char_parse_frommap_set_users(int fd)
{
	const int users = RFIFOW(fd, 4);

	chr->map_server.users = (uint16)users;
	for (int i = 0; i < users && 6 + (i + 1) * 8 <= RFIFOW(fd, 2); ++i) {
		const int account_id = (int)RFIFOL(fd, 6 + i * 8);
		const struct online_char_data *character = online->find(account_id);

		if (character == NULL || character->server == ONLINE_UNKNOWN)
			online->set_char_online(ONLINE_AT_MAP, (int)RFIFOL(fd, 6 + i * 8 + 4), account_id);
	}
	loginif->send_users_count();
}

/* S 2b01 <account>.L <character>.L <map>.16B <x>.W <y>.W */
static void char_parse_frommap_save_character(int fd)
{
	char map[MAP_NAME_LENGTH];

	safestrncpy(map, RFIFOP(fd, 10), sizeof(map));
	chardb->save_position((int)RFIFOL(fd, 6), map, RFIFOW(fd, 26), RFIFOW(fd, 28));
}

/* A player wants another character: he gets a ticket back to this server.
 * S 2b02 <account>.L <login_id1>.L <login_id2>.L <player's ip>.L <group>.L */
static void char_parse_frommap_char_select_req(int fd)
{
	const int account_id = (int)RFIFOL(fd, 2);
	const struct online_char_data *character = online->find(account_id);
	const bool good = core->runflag != CORE_ST_STOP && character != NULL;

	if (good) {
		const struct char_auth_node node = {
		    account_id, 0, RFIFOL(fd, 6), RFIFOL(fd, 10), ntohl(RFIFOL(fd, 14)), SEX_MALE,
		};

		char_add_auth_node(&node);
		chardb->set_online(character->char_id, account_id, false);
		online->set_char_charselect(account_id, -1);
		online->await(account_id);
	}
	WFIFOHEAD(fd, 7);
	WFIFOW(fd, 0) = 0x2b03;
	WFIFOL(fd, 2) = (uint32)account_id;
	WFIFOB(fd, 6) = good ? 1 : 0;
	WFIFOSET(fd, 7);
}

/* S 2b17 <character>.L <account>.L */
static void char_parse_frommap_set_char_offline(int fd)
{
	online->set_char_offline((int)RFIFOL(fd, 2), (int)RFIFOL(fd, 6));
}

static void char_parse_frommap_ping(int fd)
{
	WFIFOHEAD(fd, 2);
	WFIFOW(fd, 0) = 0x2b24;
	WFIFOSET(fd, 2);
}

/* S 2b27 <account>.L <character>.L <login_id1>.L <sex>.B <ip>.L */
static void char_map_auth_failed(int fd)
{
	WFIFOHEAD(fd, 19);
	memcpy(WFIFOP(fd, 0), RFIFOP(fd, 0), 19);
	WFIFOW(fd, 0) = 0x2b27;
	WFIFOSET(fd, 19);
}

/* S 2afd <length>.W <account>.L <login_id1>.L <login_id2>.L <character> */
static void char_map_auth_ok(int fd, const struct char_auth_node *node,
                             const struct mmo_charstatus *status)
{
	const size_t len = 16 + sizeof(*status);

	WFIFOHEAD(fd, len);
	WFIFOW(fd, 0) = 0x2afd;
	WFIFOW(fd, 2) = (uint16)len;
	WFIFOL(fd, 4) = (uint32)node->account_id;
	WFIFOL(fd, 8) = node->login_id1;
	WFIFOL(fd, 12) = node->login_id2;
	memcpy(WFIFOP(fd, 16), status, sizeof(*status));
	WFIFOSET(fd, len);
}

/* Is the ticket of a player good who wants to enter the map server? It is torn on its first use.
 * S 2b26 <account>.L <character>.L <login_id1>.L <sex>.B <player's ip>.L <standalone>.B */
static void char_parse_frommap_auth_request(int fd)
{
	const int account_id = (int)RFIFOL(fd, 2);
	const int char_id = (int)RFIFOL(fd, 6);
	const uint32 login_id1 = RFIFOL(fd, 10);
	const uint32 ip = ntohl(RFIFOL(fd, 15));
	struct mmo_charstatus status;
	const struct char_auth_node *node = idb_get(chr->auth_db, (uint32)account_id);

	/* the address is not compared, as in the emulators */
	if (core->runflag == CORE_ST_STOP || node == NULL || node->char_id != char_id ||
	    node->char_id == 0 || node->login_id1 != login_id1 || !chardb->load(char_id, &status)) {
		ShowStatus("Map-server: authentication of the account %d REFUSED (ip: %u.%u.%u.%u).\n",
		           account_id, CONVIP(ip));
		char_map_auth_failed(fd);
		return;
	}
	char_map_auth_ok(fd, node, &status);
	idb_remove(chr->auth_db, (uint32)account_id);
	online->set_char_online(ONLINE_AT_MAP, char_id, account_id);
}

static void char_map_server_lost(void)
{
	ShowStatus("The map-server has disconnected.\n");
	chr->map_server.fd = -1;
	chr->map_server.users = 0;
	VECTOR_CLEAR(chr->map_server.maps);
	online->map_server_lost();
	loginif->send_users_count();
}

static int char_parse_frommap(int fd)
{
	static const struct link_packet map_packets[] = {
	    {0x2afa, 0, char_parse_frommap_map_names},
	    {0x2aff, 0, char_parse_frommap_set_users},
	    {0x2b01, 30, char_parse_frommap_save_character},
	    {0x2b02, 22, char_parse_frommap_char_select_req},
	    {0x2b17, 10, char_parse_frommap_set_char_offline},
	    {0x2b23, 2, char_parse_frommap_ping},
	    {0x2b26, 20, char_parse_frommap_auth_request},
	    {0, 0, NULL},
	};

	if (fd != chr->map_server.fd) {
		ShowDebug("char_parse_frommap: session #%d is no map-server\n", fd);
		sockt->close(fd);
		return 0;
	}
	if (sockt->session[fd]->flag.eof) {
		sockt->close(fd);
		char_map_server_lost();
		return 0;
	}
	link_parse(fd, map_packets);
	return 0;
}

/* ---- configuration ---- */

static void char_config_set_defaults(void)
{
	struct Char_Config *to = chr->config;

	memset(to, 0, sizeof(*to));
	safestrncpy(to->userid, "s1", sizeof(to->userid));
	safestrncpy(to->passwd, "p1", sizeof(to->passwd));
	safestrncpy(to->server_name, "Reference", sizeof(to->server_name));
	to->login_ip = to->ip = INADDR_LOOPBACK;
	to->bind_ip = INADDR_ANY;
	to->login_port = 6900;
	to->port = 6121;
	to->enable_char_creation = true;
	to->log_char = true;
	safestrncpy(to->start_map, "prontera", sizeof(to->start_map));
	to->start_x = to->start_y = 150;
}

static void char_config_read_console(const struct config_t *config)
{
	struct config_setting_t *setting = libconfig->lookup(config, "char_configuration/console");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_bool_real(setting, "stdout_with_ansisequence",
	                                    &showmsg->stdout_with_ansisequence);
	libconfig->setting_lookup_int(setting, "console_silent", &showmsg->silent);
	libconfig->setting_lookup_mutable_string(setting, "timestamp_format", showmsg->timestamp_format,
	                                         sizeof(showmsg->timestamp_format));
}

static void char_config_read_inter(const struct config_t *config)
{
	struct Char_Config *to = chr->config;
	const struct {
		const char *key;
		uint32 *to;
	} addresses[] = {
	    {"login_ip", &to->login_ip},
	    {"bind_ip", &to->bind_ip},
	    {"char_ip", &to->ip},
	};
	struct config_setting_t *setting = libconfig->lookup(config, "char_configuration/inter");
	const char *text = NULL;

	if (setting == NULL)
		return;
	libconfig->setting_lookup_mutable_string(setting, "userid", to->userid, sizeof(to->userid));
	libconfig->setting_lookup_mutable_string(setting, "passwd", to->passwd, sizeof(to->passwd));
	for (int i = 0; i < ARRAYLENGTH(addresses); ++i)
		if (libconfig->setting_lookup_string(setting, addresses[i].key, &text) == CONFIG_TRUE)
			*addresses[i].to = sockt->host2ip(text);
	libconfig->setting_lookup_uint16(setting, "login_port", &to->login_port);
	libconfig->setting_lookup_uint16(setting, "char_port", &to->port);
}

static void char_config_read_permission(const struct config_t *config)
{
	struct Char_Config *to = chr->config;
	struct config_setting_t *setting = libconfig->lookup(config, "char_configuration/permission");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_bool_real(setting, "enable_char_creation", &to->enable_char_creation);
	libconfig->setting_lookup_uint16(setting, "server_type", &to->server_type);
	libconfig->setting_lookup_uint16(setting, "display_new", &to->new_display);
}

static void char_config_read_player(const struct config_t *config)
{
	struct Char_Config *to = chr->config;
	struct config_setting_t *setting =
	    libconfig->lookup(config, "char_configuration/player/start_point");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_mutable_string(setting, "map", to->start_map, sizeof(to->start_map));
	libconfig->setting_lookup_uint16(setting, "x", &to->start_x);
	libconfig->setting_lookup_uint16(setting, "y", &to->start_y);
}

static bool char_config_read(const char *filename, bool imported)
{
	struct config_t config;
	struct config_setting_t *setting;
	const char *import = NULL;
	bool retval = true;

	if (!libconfig->load_file(&config, filename))
		return false;
	setting = libconfig->lookup(&config, "char_configuration");
	if (setting == NULL) {
		libconfig->destroy(&config);
		if (!imported)
			ShowError("%s: there is no char_configuration\n", filename);
		return imported;
	}
	libconfig->setting_lookup_mutable_string(setting, "server_name", chr->config->server_name,
	                                         sizeof(chr->config->server_name));
	libconfig->setting_lookup_bool_real(setting, "log_char", &chr->config->log_char);
	char_config_read_console(&config);
	char_config_read_inter(&config);
	char_config_read_permission(&config);
	char_config_read_player(&config);
	if (!chardb->config_read(&config) && !imported)
		retval = false;
	ShowInfo("%s has been read.\n", filename);

	/* an imported file has the last word */
	if (libconfig->lookup_string(&config, "import", &import) == CONFIG_TRUE) {
		if (strcmp(import, filename) == 0 || strcmp(import, chr->CHAR_CONF_NAME) == 0)
			ShowWarning("%s: imports itself\n", filename);
		else if (!chr->config_read(import, true))
			retval = false;
	}
	libconfig->destroy(&config);
	return retval;
}

/* ---- the program ---- */

int do_init(int argc, char **argv)
{
	char_defaults();
	chardb_defaults();
	loginif_defaults();
	online_defaults();

	char_config_set_defaults();
	chr->config_read(chr->CHAR_CONF_NAME, false);
	sockt->net_config_read(chr->NET_CONF_NAME);

	chr->auth_db = idb_alloc();
	if (!chardb->init()) {
		ShowFatalError("no characters\n");
		exit(EXIT_FAILURE);
	}
	chardb->set_online(0, 0, false);
	online->init();
	loginif->init();

	sockt->set_defaultparse(chr->parse_char);
	sockt->validate = true;
	HPM->event(HPET_INIT);

	chr->char_fd = sockt->make_listen_bind(chr->config->bind_ip, chr->config->port);
	if (chr->char_fd == -1) {
		ShowFatalError("Failed to bind to port '" CL_WHITE "%d" CL_RESET "'\n", chr->config->port);
		exit(EXIT_FAILURE);
	}
	ShowStatus("The char-server is " CL_GREEN "ready" CL_RESET
	           " (Server is listening on the port %u).\n\n",
	           chr->config->port);
	HPM->event(HPET_READY);
	return 0;
}

int do_final(void)
{
	ShowStatus("Terminating...\n");
	HPM->event(HPET_FINAL);
	if (sockt->session_is_valid(chr->map_server.fd))
		sockt->close(chr->map_server.fd);
	VECTOR_CLEAR(chr->map_server.maps);
	loginif->final();
	chardb->set_online(0, 0, false);
	online->final();
	db_destroy(chr->auth_db);
	if (chr->char_fd != -1)
		sockt->close(chr->char_fd);
	chardb->final();
	ShowStatus("Finished.\n");
	return EXIT_SUCCESS;
}

void char_defaults(void)
{
	chr = &the_chr;
	chr->config = &the_config;
	chr->map_server.fd = -1;
	chr->login_fd = -1;
	chr->char_fd = -1;
	chr->CHAR_CONF_NAME = "conf/char/char-server.conf";
	chr->NET_CONF_NAME = "conf/network.conf";

	chr->parse_char = char_parse_char;
	chr->parse_frommap = char_parse_frommap;
	chr->auth_ok = char_auth_ok;
	chr->auth_error = char_auth_error;
	chr->connection_error = char_connection_error;
	chr->mmo_char_send = char_mmo_char_send;
	chr->disconnect_player = char_disconnect_player;
	chr->lan_subnet_check = char_lan_subnet_check;
	chr->config_read = char_config_read;
}
