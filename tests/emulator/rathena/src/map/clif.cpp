#include "clif.hpp"

#include <cstdio>
#include <cstring>

#include <common/malloc.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>
#include <common/timer.hpp>

#include "atcommand.hpp"
#include "chrif.hpp"
#include "map.hpp"
#include "packets.hpp"

static PacketDatabase<map_session_data> map_packet_db;

void clif_authfail_fd(int32 fd, uint8 type)
{
	PACKET_SC_NOTIFY_BAN p = {};

	if (!session_isActive(fd) || session[fd]->func_parse != clif_parse)
		return;
	p.packetType = HEADER_SC_NOTIFY_BAN;
	p.result = type;
	socket_send(fd, p);
	set_eof(fd);
}

void clif_authok(struct map_session_data *sd)
{
	const uint16 x = sd->status.x, y = sd->status.y;
	PACKET_ZC_ACCEPT_ENTER p = {};

	p.packetType = HEADER_ZC_ACCEPT_ENTER;
	p.startTime = (uint32)gettick();
	p.position[0] = (uint8)(x >> 2);
	p.position[1] = (uint8)((x & 3) << 6 | y >> 4);
	p.position[2] = (uint8)((y & 15) << 4);
	p.xSize = p.ySize = 5;
#if PACKETVER >= 20141022 && PACKETVER < 20160330
	p.sex = sd->status.sex;
#endif
	socket_send(sd->fd, p);
}

void clif_charselectok(int32 fd, uint8 ok)
{
	PACKET_ZC_RESTART_ACK p = {};

	p.packetType = HEADER_ZC_RESTART_ACK;
	p.type = ok;
	socket_send(fd, p);
}

void clif_displaymessage(int32 fd, const char *text)
{
	PACKET_CHAT *p = (PACKET_CHAT *)packet_buffer;
	const size_t len = strnlen(text, 255);

	p->packetType = HEADER_ZC_NOTIFY_PLAYERCHAT;
	p->packetLength = (int16)(sizeof(*p) + len + 1);
	memcpy(p->message, text, len);
	p->message[len] = '\0';
	socket_send(fd, p);
}

static void clif_write_map(char out[MAP_NAME_LENGTH_EXT], const char *map)
{
	snprintf(out, MAP_NAME_LENGTH_EXT, "%.*s.gat", MAP_NAME_LENGTH - 1, map);
}

void clif_changemap(struct map_session_data *sd, const char *map, uint16 x, uint16 y)
{
	PACKET_ZC_NPCACK_MAPMOVE p = {};

	p.packetType = HEADER_ZC_NPCACK_MAPMOVE;
	clif_write_map(p.mapname, map);
	p.x = x;
	p.y = y;
	socket_send(sd->fd, p);
}

void clif_changemapserver(struct map_session_data *sd, const char *map, uint16 x, uint16 y,
                          uint32 ip, uint16 port)
{
	PACKET_ZC_NPCACK_SERVERMOVE p = {};

	p.packetType = HEADER_ZC_NPCACK_SERVERMOVE;
	clif_write_map(p.mapname, map);
	p.x = x;
	p.y = y;
	p.ip = htonl(ip);
	p.port = ntows(htons(port));
	socket_send(sd->fd, p);
}

// The first packet of a player: his ticket, which the char server judges.
static bool clif_parse_WantToConnection(int32 fd, struct map_session_data &sd)
{
	const PACKET_CZ_ENTER *p = (PACKET_CZ_ENTER *)RFIFOP(fd, 0);
	PACKET_ZC_AID answer = {};

	if (sd.state != PLAYER_NEW)
		return true;
	answer.packetType = HEADER_ZC_AID;
	answer.AID = p->AID;
	socket_send(fd, answer);

	if (!global_core->is_running() || map_id2sd(p->AID) != nullptr) {
		clif_authfail_fd(fd, 8);
		return false;
	}
	sd.account_id = p->AID;
	sd.status.char_id = p->CID;
	sd.login_id1 = p->login_id1;
	sd.sex = p->sex;
	sd.state = PLAYER_WAITING;
	map_get_players()[sd.account_id] = &sd;
	chrif_authreq(&sd);
	return true;
}

// The client has loaded the map.
static bool clif_parse_LoadEndAck(int32 fd, struct map_session_data &sd)
{
	PACKET_ZC_PAR_CHANGE speed = {};
	PACKET_ZC_ATTACK_RANGE range = {};

	if (sd.state != PLAYER_LOADING)
		return true;
	sd.state = PLAYER_ACTIVE;
	speed.packetType = HEADER_ZC_PAR_CHANGE;
	speed.value = 150;
	socket_send(fd, speed);
	range.packetType = HEADER_ZC_ATTACK_RANGE;
	range.range = 1;
	socket_send(fd, range);
	return true;
}

static bool clif_parse_TickSend(int32 fd, struct map_session_data &sd)
{
	PACKET_ZC_NOTIFY_TIME p = {};

	if (sd.state != PLAYER_ACTIVE)
		return true;
	p.packetType = HEADER_ZC_NOTIFY_TIME;
	p.time = (uint32)gettick();
	socket_send(fd, p);
	return true;
}

static bool clif_parse_WalkToXY(int32, struct map_session_data &)
{
	return true; // there is nobody to see it
}

// "name : text", with a NUL at the end or without
static bool clif_parse_GlobalMessage(int32 fd, struct map_session_data &sd)
{
	const PACKET_CHAT *p = (PACKET_CHAT *)RFIFOP(fd, 0);
	const size_t size = (size_t)p->packetLength - sizeof(*p);
	char text[256];

	if (sd.state != PLAYER_ACTIVE)
		return true;
	safestrncpy(text, p->message, size + 1 < sizeof(text) ? size + 1 : sizeof(text));
	const char *said = strstr(text, " : ");
	if (said == nullptr || !is_atcommand(&sd, said + 3))
		clif_displaymessage(fd, text);
	return true;
}

static bool clif_parse_Restart(int32 fd, struct map_session_data &sd)
{
	const PACKET_CZ_RESTART *p = (PACKET_CZ_RESTART *)RFIFOP(fd, 0);

	if (sd.state == PLAYER_ACTIVE && p->type == 1) {
		chrif_save(&sd);
		chrif_charselectreq(&sd, session[fd]->client_addr);
	}
	return true;
}

static bool clif_parse_QuitGame(int32 fd, struct map_session_data &)
{
	PACKET_ZC_ACK_REQ_DISCONNECT p = {};

	p.packetType = HEADER_ZC_ACK_REQ_DISCONNECT;
	socket_send(fd, p);
	set_eof(fd);
	return true;
}

// Clients until March 2018 scramble the number of each packet: see clif_unscramble.
static constexpr bool clif_scrambled = PACKETVER < 20180315;
static constexpr uint32 clif_cryptKey[3] = {0x29c51f0b, 0x6d2b79f5, 0x1b873593};

// Puts the number of the next packet in its place, once.
static void clif_unscramble(int32 fd, struct map_session_data &sd)
{
	if (!clif_scrambled || sd.unscrambled)
		return;
	sd.cryptKey = sd.cryptKey * clif_cryptKey[1] + clif_cryptKey[2];
	RFIFOW(fd, 0) ^= (sd.cryptKey >> 16) & 0x7fff;
	sd.unscrambled = true;
}

int32 clif_parse(int32 fd)
{
	struct map_session_data *sd = (struct map_session_data *)session[fd]->session_data;

	if (session[fd]->flag.eof) {
		if (sd != nullptr) {
			if (sd->state == PLAYER_NEW || sd->state == PLAYER_WAITING)
				ShowInfo("Closed connection from '" CL_WHITE "%s" CL_RESET "'.\n",
				         ip2str(session[fd]->client_addr, nullptr));
			else
				ShowInfo("'" CL_WHITE "%s" CL_RESET "' logged off.\n", sd->status.name);
			map_quit(sd);
		}
		do_close(fd);
		return 0;
	}
	if (sd == nullptr) {
		CREATE(sd, struct map_session_data, 1);
		sd->fd = fd;
		sd->cryptKey = clif_cryptKey[0];
		session[fd]->session_data = sd;
	}
	while (RFIFOREST(fd) >= 2) {
		clif_unscramble(fd, *sd);
		if (!map_packet_db.handle(fd, *sd))
			return 0;
		sd->unscrambled = false;
	}
	return 0;
}

void do_init_clif(void)
{
	auto &db = map_packet_db;

	db.add(HEADER_CZ_ENTER, true, sizeof(PACKET_CZ_ENTER), clif_parse_WantToConnection);
	db.add(HEADER_CZ_NOTIFY_ACTORINIT, true, sizeof(PACKET_CZ_NOTIFY_ACTORINIT),
	       clif_parse_LoadEndAck);
	db.add(HEADER_CZ_REQUEST_TIME, true, sizeof(PACKET_CZ_REQUEST_TIME), clif_parse_TickSend);
	db.add(HEADER_CZ_REQUEST_MOVE, true, sizeof(PACKET_CZ_REQUEST_MOVE), clif_parse_WalkToXY);
	db.add(HEADER_CZ_REQUEST_CHAT, false, sizeof(PACKET_CHAT), clif_parse_GlobalMessage);
	db.add(HEADER_CZ_RESTART, true, sizeof(PACKET_CZ_RESTART), clif_parse_Restart);
	db.add(HEADER_CZ_REQ_DISCONNECT, true, sizeof(PACKET_CZ_REQ_DISCONNECT), clif_parse_QuitGame);

	if (clif_scrambled)
		ShowStatus("Packet Obfuscation: " CL_GREEN "on" CL_RESET ", keys " CL_WHITE
		           "0x%08X, 0x%08X, 0x%08X" CL_RESET ".\n",
		           clif_cryptKey[0], clif_cryptKey[1], clif_cryptKey[2]);
}
