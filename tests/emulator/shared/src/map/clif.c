// SPDX-License-Identifier: MIT
#include "map/map_server.h"

#include "common/core.h"
#include "common/packets.h"
#include "common/showmsg.h"
#include "common/strlib.h"
#include "common/timer.h"

#include <stdio.h>

/* ---- packets to players, little-endian and packed ---- */

#pragma pack(push, 1)
struct packet_welcome {
	int16 id;
	uint32 time;
	uint8 position[3]; /* ten bits x, ten bits y, four bits direction */
	uint8 size[2];
	int16 font;
#if PACKETVER < 20160330 && PACKETVER >= 20141022
	uint8 sex;
#endif
};
struct packet_map {
	int16 id;
	char map[MAP_NAME_LENGTH_EXT];
	uint16 x;
	uint16 y;
};
struct packet_server {
	struct packet_map map;
	uint32 ip;   /* network byte order */
	uint16 port; /* little-endian */
	char name[128];
};
struct packet_text {
	int16 id;
	int16 length;
	char text[256];
};
#pragma pack(pop)

void clif_throw_out(int32 fd, uint8 why)
{
	if (!session_isActive(fd) || session_of(fd)->func_parse != clif_parse)
		return;
	packet_send_number(fd, 0x0081, why, 1);
	set_eof(fd);
}

void clif_send_welcome(struct map_session_data *sd)
{
	const uint16 x = sd->status.x, y = sd->status.y;
	struct packet_welcome packet;

	memset(&packet, 0, sizeof packet);
	packet.id = 0x02eb;
#if PACKETVER < 20160330 && PACKETVER >= 20141022
	packet.id = 0x0a18;
	packet.sex = sd->status.sex;
#endif
	packet.time = (uint32)gettick();
	packet.position[0] = (uint8)(x >> 2);
	packet.position[1] = (uint8)(x << 6 | (y >> 4 & 0x3f));
	packet.position[2] = (uint8)(y << 4);
	packet.size[0] = packet.size[1] = 5;
	packet_send(sd->fd, &packet, sizeof(packet));
}

void clif_send_back(int32 fd)
{
	packet_send_number(fd, 0x00b3, 1, 1);
}

static void clif_send_text(int32 fd, const char *text)
{
	struct packet_text packet;
	const size_t length = strnlen(text, sizeof(packet.text) - 1) + 5;

	packet.id = 0x008e;
	packet.length = (int16)length;
	safestrncpy(packet.text, text, sizeof(packet.text));
	packet_send(fd, &packet, length);
}

void clif_send_map(struct map_session_data *sd, const char *map, uint16 x, uint16 y)
{
	struct packet_map packet = {0x0091, "", x, y};

	packet_write_map(packet.map, map);
	packet_send(sd->fd, &packet, sizeof(packet));
}

void clif_send_server(int32 fd, uint16 id, const char *map, uint16 x, uint16 y, uint32 ip,
                      uint16 port, const char *name)
{
	struct packet_server packet = {{(int16)id, "", x, y}, htonl(ip), ntows(htons(port)), ""};

	packet_write_map(packet.map.map, map);
	safestrncpy(packet.name, name, sizeof(packet.name));
	packet_send(fd, &packet, sizeof(packet) - (id == 0x0ac7 ? 0 : sizeof(packet.name)));
}

/* ---- what players may say to the server ---- */

/* @warp <map> [<x> <y>], and @xmap the same */
static void command_warp(struct map_session_data *sd, const char *arguments)
{
	char map[MAP_NAME_LENGTH];
	unsigned int x = 100, y = 100;

	if (sscanf(arguments, "%11s %u %u", map, &x, &y) < 1)
		clif_send_text(sd->fd, "Which map?");
	else if (!map_move(sd, map, (uint16)x, (uint16)y))
		clif_send_text(sd->fd, "There is no such map.");
}

static void command_ip(struct map_session_data *sd, const char *arguments)
{
	clif_send_text(sd->fd, ip2str(session_of(sd->fd)->client_addr, NULL));
}

#ifdef DIALECT_HERCULES
/* <ip> <port> <map>: the packets that only plugins send in the emulator. */
static void command_server(struct map_session_data *sd, const char *arguments, uint16 id,
                           const char *name)
{
	char map[MAP_NAME_LENGTH], ip[16];
	unsigned int port;

	if (sscanf(arguments, "%15s %u %11s", ip, &port, map) == 3)
		clif_send_server(sd->fd, id, map, 100, 100, str2ip(ip), (uint16)port, name);
	else
		clif_send_text(sd->fd, "Where? <ip> <port> <map>");
}

static void command_zone(struct map_session_data *sd, const char *arguments)
{
	command_server(sd, arguments, MOVE_BY_FOOT, "origin.example");
}

static void command_airship(struct map_session_data *sd, const char *arguments)
{
	command_server(sd, arguments, MOVE_BY_AIRSHIP, "");
}
#endif

static bool clif_command(struct map_session_data *sd, const char *text)
{
	static const struct {
		const char *name;
		void (*run)(struct map_session_data *sd, const char *arguments);
	} commands[] = {
	    {"@warp", command_warp}, {"@xmap", command_warp},       {"@ip", command_ip},
#ifdef DIALECT_HERCULES
	    {"@zone", command_zone}, {"@airship", command_airship},
#endif
	};
	const size_t length = strcspn(text, " ");

	for (int32 i = 0; i < ARRAYLENGTH(commands); ++i)
		if (length == strlen(commands[i].name) && strncmp(text, commands[i].name, length) == 0) {
			commands[i].run(sd, text + length);
			return true;
		}
	return false;
}

/* ---- packets of players ---- */

/* The first: S <id>.W <account>.L <character>.L <login_id1>.L [<?>.L] <time>.L <sex>.B */
static bool clif_parse_enter(int32 fd, void *data)
{
	struct map_session_data *sd = (struct map_session_data *)data;
	const uint32 account_id = RFIFOL(fd, 2);

	if (sd->state != PLAYER_NEW)
		return true;
	packet_send_number(fd, 0x0283, account_id, 4);
	if (!core_is_running() || map_player(account_id) != NULL) {
		clif_throw_out(fd, 8);
		return false;
	}
	sd->account_id = account_id;
	sd->status.char_id = RFIFOL(fd, 6);
	sd->login_id1 = RFIFOL(fd, 10);
	sd->sex = RFIFOB(fd, PACKETVER >= 20211103 ? 22 : 18);
	sd->state = PLAYER_WAITING;
	map_add_player(sd);
	chrif_judge(sd);
	return true;
}

/* The client has loaded the map. */
static bool clif_parse_loaded(int32 fd, void *data)
{
	struct map_session_data *sd = (struct map_session_data *)data;
	const uint8 speed[8] = {0xb0, 0, 0, 0, 150};

	if (sd->state != PLAYER_LOADING)
		return true;
	sd->state = PLAYER_ACTIVE;
	packet_send(fd, speed, sizeof(speed));
	packet_send_number(fd, 0x013a, 1, 2);
	return true;
}

static bool clif_parse_time(int32 fd, void *data)
{
	if (((struct map_session_data *)data)->state == PLAYER_ACTIVE)
		packet_send_number(fd, 0x007f, (uint32)gettick(), 4);
	return true;
}

static bool clif_parse_walk(int32 fd, void *data)
{
	return true; /* nobody sees it */
}

/* S 00f3 <length>.W <name : text>.*B, with a NUL at the end or without */
static bool clif_parse_text(int32 fd, void *data)
{
	struct map_session_data *sd = (struct map_session_data *)data;
	const size_t size = (size_t)RFIFOW(fd, 2) - 4 + 1;
	char text[256];
	const char *said;

	if (sd->state != PLAYER_ACTIVE)
		return true;
	safestrncpy(text, (const char *)RFIFOP(fd, 4), size < sizeof(text) ? size : sizeof(text));
	said = strstr(text, " : ");
	if (said == NULL || !clif_command(sd, said + 3))
		clif_send_text(fd, text);
	return true;
}

/* S 00b2 <1: back to the characters>.B */
static bool clif_parse_back(int32 fd, void *data)
{
	const struct map_session_data *sd = (const struct map_session_data *)data;

	if (sd->state == PLAYER_ACTIVE && RFIFOB(fd, 2) == 1) {
		chrif_save(sd);
		chrif_ask_back(sd);
	}
	return true;
}

static bool clif_parse_quit(int32 fd, void *data)
{
	packet_send_number(fd, 0x018b, 0, 2);
	set_eof(fd);
	return true;
}

/* Until 2018 the numbers were shuffled with every version; those of two are known. */
static const struct client_packet clif_packets[] = {
    {0x007d, 2, false, clif_parse_loaded},
    {0x00b2, 3, false, clif_parse_back},
    {0x00f3, 4, true, clif_parse_text},
    {0x018a, 4, false, clif_parse_quit},
#if PACKETVER == 20151104
    {0x0360, 19, false, clif_parse_enter},
    {0x0886, 6, false, clif_parse_time},
    {0x0363, 5, false, clif_parse_walk},
#elif PACKETVER == 20141022
    {0x093b, 19, false, clif_parse_enter},
    {0x035f, 6, false, clif_parse_time},
    {0x0437, 5, false, clif_parse_walk},
#else
    {0x0436, PACKETVER >= 20211103 ? 23 : 19, false, clif_parse_enter},
    {0x0360, 6, false, clif_parse_time},
    {0x035f, 5, false, clif_parse_walk},
#endif
    {0, 0, false, NULL},
};

/* In rathena clients until March 2018 scramble the number of each packet with a key that goes on
 * from one to the next. */
#if defined DIALECT_RATHENA && PACKETVER < 20180315
static const uint32 keys[3] = {0x29c51f0b, 0x6d2b79f5, 0x1b873593};
#else
static const uint32 keys[3] = {0, 0, 0};
#endif

/* Puts the number of the next packet in its place, once. */
static void clif_unscramble(int32 fd, struct map_session_data *sd)
{
	if (keys[0] == 0 || sd->is_unscrambled)
		return;
	sd->key = sd->key * keys[1] + keys[2];
	RFIFOW(fd, 0) ^= sd->key >> 16 & 0x7fff;
	sd->is_unscrambled = true;
}

static void clif_closed(int32 fd, struct map_session_data *sd)
{
	if (sd != NULL && sd->state >= PLAYER_LOADING)
		ShowInfo("'%s' has left\n", sd->status.name);
	else
		ShowInfo("Closed connection from '%s', session #%d\n",
		         ip2str(session_of(fd)->client_addr, NULL), fd);
	if (sd != NULL)
		map_quit(sd);
	do_close(fd);
}

/* The parse handler of every new connection. */
int32 clif_parse(int32 fd)
{
	struct map_session_data *sd = (struct map_session_data *)session_of(fd)->session_data;

	if (session_of(fd)->flag.eof) {
		clif_closed(fd, sd);
		return 0;
	}
	if (sd == NULL) {
		sd = (struct map_session_data *)memory_new(1, sizeof *sd);
		sd->fd = fd;
		sd->key = keys[0];
		session_of(fd)->session_data = sd;
	}
	while (RFIFOREST(fd) >= 2) {
		clif_unscramble(fd, sd);
		if (!packet_handle(fd, sd, clif_packets))
			break;
		sd->is_unscrambled = false;
	}
	return 0;
}

void clif_init(void)
{
	if (keys[0] != 0)
		ShowStatus("Packet Obfuscation: with the keys 0x%08X, 0x%08X, 0x%08X\n", keys[0], keys[1],
		           keys[2]);
}
