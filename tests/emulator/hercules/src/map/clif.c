#define HERCULES_CORE

#include "clif.h"

#include "map/atcommand.h"
#include "map/chrif.h"
#include "map/map.h"
#include "map/packets_struct.h"
#include "common/core.h"
#include "common/memmgr.h"
#include "common/packets.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/strlib.h"
#include "common/timer.h"

#include <stdio.h>

static struct clif_interface the_clif;
struct clif_interface *clif;

/* ---- to players ---- */

static void clif_send_byte(int fd, int16 packet_id, uint8 value)
{
	const struct packet_byte packet = {packet_id, value};

	WFIFOHEAD(fd, sizeof(packet));
	memcpy(WFIFOP(fd, 0), &packet, sizeof(packet));
	WFIFOSET(fd, sizeof(packet));
}

static void clif_send_word(int fd, int16 packet_id, int16 value)
{
	const struct packet_word packet = {packet_id, value};

	WFIFOHEAD(fd, sizeof(packet));
	memcpy(WFIFOP(fd, 0), &packet, sizeof(packet));
	WFIFOSET(fd, sizeof(packet));
}

static void clif_send_long(int fd, int16 packet_id, uint32 value)
{
	const struct packet_long packet = {packet_id, value};

	WFIFOHEAD(fd, sizeof(packet));
	memcpy(WFIFOP(fd, 0), &packet, sizeof(packet));
	WFIFOSET(fd, sizeof(packet));
}

static void clif_authfail_fd(int fd, int type)
{
	if (!sockt->session_is_active(fd) || sockt->session[fd]->func_parse != clif->parse)
		return;
	clif_send_byte(fd, HEADER_SC_NOTIFY_BAN, (uint8)type);
	sockt->eof(fd);
}

static void clif_authok(struct map_session_data *sd)
{
	const unsigned int x = sd->status.x, y = sd->status.y;
	struct packet_authok *packet;

	WFIFOHEAD(sd->fd, sizeof(*packet));
	packet = WP2PTR(sd->fd);
	memset(packet, 0, sizeof(*packet));
	packet->packet_id = HEADER_ZC_ACCEPT_ENTER;
	packet->start_tick = (uint32)timer->gettick();
	packet->position[0] = (uint8)(x >> 2);
	packet->position[1] = (uint8)((x & 3) << 6 | (y >> 4));
	packet->position[2] = (uint8)((y & 15) << 4);
	packet->x_size = packet->y_size = 5;
#if PACKETVER >= 20141022 && PACKETVER < 20160330
	packet->sex = sd->status.sex;
#endif
	WFIFOSET(sd->fd, sizeof(*packet));
}

static void clif_charselectok(int fd, uint8 ok)
{
	clif_send_byte(fd, HEADER_ZC_RESTART_ACK, ok);
}

static void clif_message(int fd, const char *text)
{
	const size_t len = strnlen(text, 255);
	struct packet_chat *packet;

	WFIFOHEAD(fd, sizeof(*packet) + len + 1);
	packet = WP2PTR(fd);
	packet->packet_id = HEADER_ZC_NOTIFY_PLAYERCHAT;
	packet->packet_len = (int16)(sizeof(*packet) + len + 1);
	memcpy(packet->message, text, len);
	packet->message[len] = '\0';
	WFIFOSET(fd, sizeof(*packet) + len + 1);
}

static void clif_write_map(char out[MAP_NAME_LENGTH_EXT], const char *name)
{
	memset(out, 0, MAP_NAME_LENGTH_EXT);
	snprintf(out, MAP_NAME_LENGTH_EXT, "%.*s.gat", MAP_NAME_LENGTH - 1, name);
}

static void clif_changemap(struct map_session_data *sd, const char *name, uint16 x, uint16 y)
{
	struct packet_map_change *packet;

	WFIFOHEAD(sd->fd, sizeof(*packet));
	packet = WP2PTR(sd->fd);
	packet->packet_id = HEADER_ZC_NPCACK_MAPMOVE;
	clif_write_map(packet->map, name);
	packet->x = x;
	packet->y = y;
	WFIFOSET(sd->fd, sizeof(*packet));
}

static void clif_write_server_change(struct packet_server_change *packet, int16 packet_id,
                                     const char *name, uint16 x, uint16 y, uint32 ip, uint16 port)
{
	packet->packet_id = packet_id;
	clif_write_map(packet->map, name);
	packet->x = x;
	packet->y = y;
	packet->ip = htonl(ip);
	packet->port = sockt->ntows(htons(port));
}

static void clif_changemapserver(struct map_session_data *sd, const char *name, uint16 x, uint16 y,
                                 uint32 ip, uint16 port, const char *dnsHost)
{
	const size_t len = sizeof(struct packet_server_change) + DNS_HOST_LENGTH;
	struct packet_server_change *packet;

	WFIFOHEAD(sd->fd, len);
	packet = WP2PTR(sd->fd);
	memset(packet, 0, len);
	clif_write_server_change(packet, HEADER_ZC_NPCACK_SERVERMOVE, name, x, y, ip, port);
	if (dnsHost != NULL && DNS_HOST_LENGTH > 0)
		safestrncpy((char *)(packet + 1), dnsHost, DNS_HOST_LENGTH);
	WFIFOSET(sd->fd, len);
}

static void clif_changemapserver_airship(struct map_session_data *sd, const char *name, uint16 x,
                                         uint16 y, uint32 ip, uint16 port)
{
	struct packet_server_change *packet;

	WFIFOHEAD(sd->fd, sizeof(*packet));
	packet = WP2PTR(sd->fd);
	clif_write_server_change(packet, HEADER_ZC_AIRSHIP_SERVERMOVE, name, x, y, ip, port);
	WFIFOSET(sd->fd, sizeof(*packet));
}

/* ---- from players ---- */

/* The first packet of a player: his ticket, which the char server judges. */
static void clif_parse_WantToConnection(int fd, struct map_session_data *sd)
{
	const struct packet_enter *packet = RP2PTR(fd);

	if (sd->state != PLAYER_NEW)
		return;
	clif_send_long(fd, HEADER_ZC_AID, packet->aid);
	if (core->runflag == CORE_ST_STOP || map->id2sd((int)packet->aid) != NULL) {
		clif->authfail_fd(fd, 8);
		return;
	}
	sd->account_id = (int)packet->aid;
	sd->status.char_id = (int)packet->cid;
	sd->login_id1 = packet->login_id1;
	sd->sex = packet->sex;
	sd->state = PLAYER_WAITING;
	map->add_player(sd);
	chrif->authreq(sd);
}

/* The client has loaded the map. */
static void clif_parse_LoadEndAck(int fd, struct map_session_data *sd)
{
	struct packet_par_change *speed;

	if (sd->state != PLAYER_LOADING)
		return;
	sd->state = PLAYER_ACTIVE;
	WFIFOHEAD(fd, sizeof(*speed));
	speed = WP2PTR(fd);
	speed->packet_id = HEADER_ZC_PAR_CHANGE;
	speed->type = 0;
	speed->value = 150;
	WFIFOSET(fd, sizeof(*speed));
	clif_send_word(fd, HEADER_ZC_ATTACK_RANGE, 1);
}

static void clif_parse_TickSend(int fd, struct map_session_data *sd)
{
	if (sd->state == PLAYER_ACTIVE)
		clif_send_long(fd, HEADER_ZC_NOTIFY_TIME, (uint32)timer->gettick());
}

static void clif_parse_WalkToXY(int fd, struct map_session_data *sd)
{
	/* there is nobody to see it */
}

/* "name : text", with a NUL at the end or without */
static void clif_parse_GlobalMessage(int fd, struct map_session_data *sd)
{
	const struct packet_chat *packet = RP2PTR(fd);
	const size_t size = (size_t)packet->packet_len - sizeof(*packet);
	const char *said;
	char text[256];

	if (sd->state != PLAYER_ACTIVE)
		return;
	safestrncpy(text, packet->message, size + 1 < sizeof(text) ? size + 1 : sizeof(text));
	said = strstr(text, " : ");
	if (said == NULL || !atcommand->exec(sd, said + 3))
		clif->message(fd, text);
}

static void clif_parse_Restart(int fd, struct map_session_data *sd)
{
	const struct packet_byte *packet = RP2PTR(fd);

	if (sd->state != PLAYER_ACTIVE || packet->value != 1)
		return;
	chrif->save(sd);
	chrif->charselectreq(sd, sockt->session[fd]->client_addr);
}

static void clif_parse_QuitGame(int fd, struct map_session_data *sd)
{
	clif_send_word(fd, HEADER_ZC_ACK_REQ_DISCONNECT, 0);
	sockt->eof(fd);
}

static const struct clif_packet {
	uint16 id;
	void (*func)(int fd, struct map_session_data *sd);
} clif_packets[] = {
    {HEADER_CZ_ENTER, clif_parse_WantToConnection},
    {HEADER_CZ_NOTIFY_ACTORINIT, clif_parse_LoadEndAck},
    {HEADER_CZ_REQUEST_TIME, clif_parse_TickSend},
    {HEADER_CZ_REQUEST_MOVE, clif_parse_WalkToXY},
    {HEADER_CZ_REQUEST_CHAT, clif_parse_GlobalMessage},
    {HEADER_CZ_RESTART, clif_parse_Restart},
    {HEADER_CZ_REQ_DISCONNECT, clif_parse_QuitGame},
};

static const struct clif_packet *clif_find_packet(uint16 id)
{
	for (int i = 0; i < ARRAYLENGTH(clif_packets); ++i)
		if (clif_packets[i].id == id)
			return &clif_packets[i];
	return NULL;
}

/* Bytes of the packet at the front of the buffer; more than there are if the rest has to come. */
static size_t clif_packet_len(int fd)
{
	const int16 len = packets->db[RFIFOW(fd, 0)];

	if (len != -1)
		return (size_t)len;
	if (RFIFOREST(fd) < 4 || RFIFOW(fd, 2) < 4)
		return 4;
	return RFIFOW(fd, 2);
}

static void clif_closed(int fd, struct map_session_data *sd)
{
	if (sd == NULL || sd->state == PLAYER_NEW || sd->state == PLAYER_WAITING)
		ShowInfo("Closed connection from '" CL_WHITE "%s" CL_RESET "'.\n",
		         sockt->ip2str(sockt->session[fd]->client_addr, NULL));
	else
		ShowInfo("'" CL_WHITE "%s" CL_RESET "' logged off.\n", sd->status.name);
	if (sd != NULL)
		map->quit(sd);
	sockt->close(fd);
}

static int clif_parse(int fd)
{
	struct map_session_data *sd = sockt->session[fd]->session_data;

	if (sockt->session[fd]->flag.eof) {
		clif_closed(fd, sd);
		return 0;
	}
	if (sd == NULL) {
		CREATE(sd, struct map_session_data, 1);
		sd->fd = fd;
		sockt->session[fd]->session_data = sd;
	}
	while (RFIFOREST(fd) >= 2) {
		const struct clif_packet *packet = clif_find_packet(RFIFOW(fd, 0));

		if (packet == NULL) {
			ShowWarning("clif_parse: Received unsupported packet 0x%04x, disconnecting session "
			            "#%d.\n",
			            (unsigned int)RFIFOW(fd, 0), fd);
			sockt->eof(fd);
			return 0;
		}
		const size_t len = clif_packet_len(fd);
		if (RFIFOREST(fd) < len)
			return 0;
		packet->func(fd, sd);
		RFIFOSKIP(fd, len);
	}
	return 0;
}

void clif_defaults(void)
{
	clif = &the_clif;
	clif->parse = clif_parse;
	clif->authok = clif_authok;
	clif->authfail_fd = clif_authfail_fd;
	clif->charselectok = clif_charselectok;
	clif->message = clif_message;
	clif->changemap = clif_changemap;
	clif->changemapserver = clif_changemapserver;
	clif->changemapserver_airship = clif_changemapserver_airship;
}
