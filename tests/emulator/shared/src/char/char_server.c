// SPDX-License-Identifier: MIT
#include "char/char_server.h"

#include "common/core.h"
#include "common/packets.h"
#include "common/showmsg.h"
#include "common/strlib.h"

#include <stdio.h>

struct char_config char_config;
static int32 char_fd = -1;

/* <map>,<x>,<y> */
static void char_take_start(const char *text)
{
	unsigned int x, y;

	if (sscanf(text, "%11[^,],%u,%u", char_config.start_map, &x, &y) != 3)
		return;
	char_config.start_x = (uint16)x;
	char_config.start_y = (uint16)y;
}

#define INTER "char_configuration/inter/"
#define START "char_configuration/player/start_point/"
const struct setting char_settings[] = {
    SET_CONSOLE("char_configuration/console"),
    SET_TEXT("userid", INTER "userid", char_config.userid),
    SET_TEXT("passwd", INTER "passwd", char_config.passwd),
    SET_TEXT("server_name", "char_configuration/server_name", char_config.server_name),
    SET_IP("login_ip", INTER "login_ip", char_config.login_ip),
    SET_WORD("login_port", INTER "login_port", char_config.login_port),
    SET_IP("char_ip", INTER "char_ip", char_config.char_ip),
    SET_IP("bind_ip", INTER "bind_ip", char_config.bind_ip),
    SET_WORD("char_port", INTER "char_port", char_config.char_port),
    SET_CALL("start_point", NULL, char_take_start),
    SET_TEXT(NULL, START "map", char_config.start_map),
    SET_WORD(NULL, START "x", char_config.start_x),
    SET_WORD(NULL, START "y", char_config.start_y),
    SET_END,
};

/* ---- packets to players, little-endian and packed ---- */

#pragma pack(push, 1)
struct packet_character {
	uint32 char_id;
#if PACKETVER >= 20170830
	int64 experience;
	int32 money;
	int64 job_experience;
#else
	int32 experience;
	int32 money;
	int32 job_experience;
#endif
	int32 job_level;
	int32 states[3];
	int32 virtue, honor;
	int16 points;
#if PACKETVER >= 20201007
	int64 hp, max_hp, sp, max_sp;
#else
	int32 hp, max_hp;
	int16 sp, max_sp;
#endif
	int16 speed, job, hair;
#if PACKETVER >= 20141022
	int16 body;
#endif
	int16 weapon, level, skill_points, looks[6];
	char name[NAME_LENGTH];
	uint8 stats[6];
	uint8 slot;
	uint8 hair_color;
	int16 is_renamed;
	char map[MAP_NAME_LENGTH_EXT];
	int32 delete_date, robe, slot_changes, name_changes;
#if PACKETVER >= 20141016
	uint8 sex;
#endif
};
struct packet_new_character {
	int16 id;
	struct packet_character character;
};
struct packet_characters {
	int16 id;
	int16 length;
	uint8 slots, available, premium;
	char unused[20];
	struct packet_character character[MAX_CHARS];
};
struct packet_slots {
	int16 id;
	int16 length;
	uint8 normal, premium, billing, producible, total;
	char unused[20];
};
struct packet_pin {
	int16 id;
	uint32 seed;
	uint32 account_id;
	uint16 state; /* 0: none is wanted */
};
struct packet_maps {
	int16 id;
	int16 length;
	struct {
		int32 state; /* 0: can be reached */
		char map[MAP_NAME_LENGTH_EXT];
	} map[MAX_MAP_SERVERS];
};
struct packet_zone {
	int16 id;
	uint32 char_id;
	char map[MAP_NAME_LENGTH_EXT];
	uint32 ip;   /* network byte order */
	uint16 port; /* little-endian */
#if PACKETVER >= ZONE_NAME_SINCE
	char name[128];
#endif
};
#pragma pack(pop)

void char_send_error(int32 fd, uint8 why)
{
	packet_send_number(fd, 0x0081, why, 1);
}

void char_reject(int32 fd)
{
	packet_send_number(fd, 0x006c, 0, 1);
	set_eof(fd);
}

static void char_fill_in(struct packet_character *to, const struct mmo_charstatus *status)
{
	memset(to, 0, sizeof(*to));
	to->char_id = status->char_id;
	to->job_level = 1;
	to->hp = to->max_hp = 40;
	to->sp = to->max_sp = 11;
	to->speed = 150;
	to->job = status->job;
	to->hair = status->hair;
	to->level = status->base_level;
	memcpy(to->name, status->name, sizeof(to->name));
	memset(to->stats, 1, sizeof(to->stats));
	to->slot = status->slot;
	to->hair_color = (uint8)status->hair_color;
	packet_write_map(to->map, status->map);
#if PACKETVER >= 20141016
	to->sex = status->sex;
#endif
}

static void char_send_list(int32 fd, struct char_session_data *sd)
{
	struct mmo_charstatus found[MAX_CHARS];
	const int32 count = chardb_list(sd->account_id, found);
	struct packet_characters packet;
	size_t used = 0;

	memset(&packet, 0, sizeof packet);
	packet.id = 0x006b;
	packet.slots = packet.available = packet.premium = MAX_CHARS;
	memset(sd->found_char, 0, sizeof(sd->found_char));
	for (int32 i = 0; i < count; ++i) {
		if (found[i].slot >= MAX_CHARS)
			continue;
		sd->found_char[found[i].slot] = found[i].char_id;
		char_fill_in(&packet.character[used++], &found[i]);
	}
	packet.length = (int16)(sizeof(packet) - (MAX_CHARS - used) * sizeof(packet.character[0]));
	packet_send(fd, &packet, (size_t)packet.length);
}

void char_send_characters(int32 fd, struct char_session_data *sd)
{
	struct packet_slots slots = {0x082d, sizeof(slots), MAX_CHARS, 0, 0, MAX_CHARS, MAX_CHARS, ""};
	struct packet_pin pin = {0x08b9, 0, sd->account_id, 0};

	packet_send(fd, &slots, sizeof(slots));
	char_send_list(fd, sd);
	if (CHAR_SENDS_PAGES)
		packet_send_number(fd, 0x09a0, MAX_CHARS / 3, 4);
	packet_send(fd, &pin, sizeof(pin));
}

/* ---- players come in ---- */

void char_let_in(int32 fd, struct char_session_data *sd)
{
	const struct online_char_data *online = online_find(sd->account_id);
	const bool is_at_map = online != NULL && online->server >= 0;

	if (is_at_map || (online != NULL && online->fd != fd && session_isActive(online->fd))) {
		if (is_at_map) {
			mapif_throw_out(online->server, sd->account_id, 2);
			online_await(sd->account_id);
		}
		char_send_error(fd, 8);
		set_eof(fd);
		return;
	}
	sd->is_in = true;
	online_at_char(sd->account_id, fd);
	loginif_ask_account(sd->account_id);
}

struct char_session_data *char_enter(int32 fd, uint32 account_id, uint32 login_id1,
                                     uint32 login_id2, uint8 sex)
{
	struct char_session_data *sd;

	ShowInfo("Account %u comes from %s\n", account_id, ip2str(session_of(fd)->client_addr, NULL));
	CREATE(sd, struct char_session_data, 1);
	sd->account_id = account_id;
	sd->login_id1 = login_id1;
	sd->login_id2 = login_id2;
	sd->sex = sex;
	session_of(fd)->session_data = sd;

	/* the client wants to have this back, without anything around it */
	WFIFOHEAD(fd, 4);
	WFIFOL(fd, 0) = account_id;
	WFIFOSET2(fd, 4);
	return sd;
}

void char_judge(int32 fd, struct char_session_data *sd, uint32 ip, bool has_ticket)
{
	if (!core_is_running()) {
		char_reject(fd);
	} else if (has_ticket) {
		char_ticket_tear(sd->account_id);
		char_let_in(fd, sd);
	} else if (loginif_is_connected()) {
		loginif_judge(fd, sd, ip);
	} else {
		char_reject(fd);
	}
}

/* ---- players choose ---- */

/* The character in that slot; false: there is none, and the player is thrown out. */
static bool char_load(int32 fd, const struct char_session_data *sd, uint8 slot,
                      struct mmo_charstatus *status)
{
	if (slot < MAX_CHARS && sd->found_char[slot] != 0 && chardb_load(sd->found_char[slot], status))
		return true;
	char_reject(fd);
	return false;
}

/* To a map server, with a ticket. */
static void char_send_on(int32 fd, const struct char_session_data *sd,
                         const struct mmo_charstatus *status, const struct map_server *server)
{
	const uint32 ip = session_of(fd)->client_addr;
	const uint32 lan_ip = char_lan(ip);
	const struct char_auth_node node = {
	    sd->account_id, status->char_id, sd->login_id1, sd->login_id2, ip, 0,
	};
	struct packet_zone packet;

	memset(&packet, 0, sizeof packet);
	packet.id = PACKETVER >= ZONE_NAME_SINCE ? 0x0ac5 : 0x0071;
	packet.char_id = status->char_id;
	packet_write_map(packet.map, status->map);
	packet.ip = htonl(lan_ip != 0 ? lan_ip : server->ip);
	packet.port = ntows(htons(server->port));
	packet_send(fd, &packet, sizeof(packet));
	char_ticket_put(&node);
	online_at(ONLINE_ON_THE_WAY, status->char_id, sd->account_id);
	online_await(sd->account_id);
}

/* The number of the map server that is offered at that place; -1: there are not so many. */
static int32 char_offered(int32 place)
{
	for (int32 i = 0; i < MAX_MAP_SERVERS; ++i)
		if (session_isValid(map_servers[i].fd) && map_servers[i].map_count > 0 && place-- == 0)
			return i;
	return -1;
}

/* No map server has the character's map: each offers its first one. */
static void char_offer_maps(int32 fd, const struct mmo_charstatus *status)
{
	struct packet_maps packet;
	int32 count = 0, server;

	memset(&packet, 0, sizeof packet);
	packet.id = 0x0840;
	while ((server = char_offered(count)) >= 0)
		packet_write_map(packet.map[count++].map, map_servers[server].maps[0]);
	if (count == 0) {
		packet.map[0].state = 1;
		packet_write_map(packet.map[count++].map, status->map);
	}
	packet.length = (int16)(4 + (size_t)count * sizeof(packet.map[0]));
	packet_send(fd, &packet, (size_t)packet.length);
}

/* S 0066 <slot>.B */
static bool char_parse_select(int32 fd, void *data)
{
	const struct char_session_data *sd = (const struct char_session_data *)data;
	struct mmo_charstatus status;
	int32 server;

	if (!char_load(fd, sd, RFIFOB(fd, 2), &status))
		return false;
	ShowInfo("Account %u chooses '%s'\n", sd->account_id, status.name);
	chardb_log(&status, "char select");
	server = mapif_search(status.map, 0, 0);
	if (server < 0)
		char_offer_maps(fd, &status);
	else
		char_send_on(fd, sd, &status, &map_servers[server]);
	return true;
}

/* S 0841 <slot>.B <place>.B */
static bool char_parse_offered(int32 fd, void *data)
{
	const struct char_session_data *sd = (const struct char_session_data *)data;
	const int32 server = char_offered(RFIFOB(fd, 3));
	struct mmo_charstatus status;

	if (!char_load(fd, sd, RFIFOB(fd, 2), &status))
		return false;
	if (server < 0) {
		char_offer_maps(fd, &status);
		return true;
	}
	memcpy(status.map, map_servers[server].maps[0], sizeof(status.map));
	chardb_save_position(status.char_id, status.map, status.x, status.y);
	char_send_on(fd, sd, &status, &map_servers[server]);
	return true;
}

/* S 0970 <name>.24B <slot>.B <hair color>.W <hair>.W, or with <job>.L <sex>.B 0a39 */
static bool char_parse_create(int32 fd, void *data)
{
	struct char_session_data *sd = (struct char_session_data *)data;
	struct packet_new_character packet;
	struct mmo_charstatus status;

	memset(&status, 0, sizeof(status));
	status.account_id = sd->account_id;
	safestrncpy(status.name, (const char *)RFIFOP(fd, 2), sizeof(status.name));
	status.slot = RFIFOB(fd, 26);
	status.hair_color = (int16)RFIFOW(fd, 27);
	status.hair = (int16)RFIFOW(fd, 29);
	status.base_level = 1;
	status.sex = sd->sex;
#if PACKETVER >= 20151001
	status.job = (int16)RFIFOL(fd, 31);
	status.sex = RFIFOB(fd, 35) == SEX_FEMALE ? SEX_FEMALE : SEX_MALE;
#endif
	memcpy(status.map, char_config.start_map, sizeof(status.map));
	status.x = char_config.start_x;
	status.y = char_config.start_y;
	if (status.slot >= MAX_CHARS || strlen(status.name) < 4 || !chardb_create(&status)) {
		packet_send_number(fd, 0x006e, 0, 1);
		return true;
	}
	chardb_log(&status, "make new char");
	ShowInfo("Account %u has a new character '%s'\n", sd->account_id, status.name);
	sd->found_char[status.slot] = status.char_id;
	packet.id = PACKETVER >= 20201007 ? 0x0b6f : 0x006d;
	char_fill_in(&packet.character, &status);
	packet_send(fd, &packet, sizeof(packet));
	return true;
}

static bool char_parse_nothing(int32 fd, void *data)
{
	return true;
}

/* ---- the parse handler of every new connection ---- */

/* A player's connection ends. He is still in the game if he has a map server to go to. */
static void char_closed(int32 fd, const struct char_session_data *sd)
{
	struct online_char_data *online;

	if (sd == NULL || !sd->is_in)
		return;
	online = online_find(sd->account_id);
	if (online == NULL || online->fd != fd)
		return;
	online->fd = -1;
	if (online->server == ONLINE_AT_CHAR)
		online_leave(0, sd->account_id);
}

static bool char_parse_first(int32 fd, void *data)
{
	char_parse_enter(fd, (struct char_session_data *)data, session_of(fd)->client_addr);
	return true;
}

static bool char_parse_server(int32 fd, void *data)
{
	session_of(fd)->flag.validate = 0;
	char_parse_map_login(fd, session_of(fd)->client_addr);
	return false; /* another handler goes on */
}

static const struct client_packet first_packets[] = {
    {0x0065, 17, false, char_parse_first},
    {0x2af8, 60, false, char_parse_server},
    {0, 0, false, NULL},
};
static const struct client_packet later_packets[] = {
    {0x0065, 17, false, char_parse_first},
    {0x0066, 3, false, char_parse_select},
    {0x0187, 6, false, char_parse_nothing},
    {0x0841, 4, false, char_parse_offered},
#if PACKETVER >= 20151001
    {0x0a39, 36, false, char_parse_create},
#else
    {0x0970, 31, false, char_parse_create},
#endif
    {0, 0, false, NULL},
};

int32 char_parse(int32 fd)
{
	struct char_session_data *sd = (struct char_session_data *)session_of(fd)->session_data;

	if (loginif_is_lost())
		set_eof(fd); /* without a login server nobody stays here */
	if (session_of(fd)->flag.eof) {
		char_closed(fd, sd);
		do_close(fd);
		return 0;
	}
	while (RFIFOREST(fd) >= 2 &&
	       packet_handle(fd, sd, sd != NULL && sd->is_in ? later_packets : first_packets))
		sd = (struct char_session_data *)session_of(fd)->session_data;
	return 0;
}

/* ---- the program ---- */

void char_begin(void)
{
	static const struct char_config usual = {
	    "s1",       "p1", "Reference", INADDR_LOOPBACK, 6900, INADDR_LOOPBACK, INADDR_ANY, 6121,
	    "prontera", 150,  150,
	};

	char_config = usual;
}

bool char_open(void)
{
	online_init();
	mapif_init();
	if (!chardb_init())
		return false;
	loginif_init();
	session_parse = char_parse;
	session_validates = true;
	char_fd = make_listen_bind(char_config.bind_ip, char_config.char_port);
	if (char_fd == -1)
		return false;
	ShowStatus("The char-server is " CL_GREEN "ready" CL_RESET " on port %u\n",
	           char_config.char_port);
	return true;
}

void do_shutdown(void)
{
}

void do_final(void)
{
	mapif_final();
	loginif_final();
	chardb_final();
	online_final();
	ShowStatus("Finished.\n");
}
