// SPDX-License-Identifier: MIT
#include "map/map_server.h"

#include "common/showmsg.h"
#include "common/strlib.h"
#include "common/timer.h"

static int32 char_fd = -1;
static bool is_known; /* the char server has our maps */

static bool chrif_is_connected(void)
{
	return is_known && session_isActive(char_fd);
}

/* S 2b26 <account>.L <character>.L <login_id1>.L <sex>.B <player's ip>.L <?>.B */
void chrif_judge(struct map_session_data *sd)
{
	if (!chrif_is_connected()) {
		clif_throw_out(sd->fd, 1);
		return;
	}
	WFIFOHEAD(char_fd, 20);
	WFIFOW(char_fd, 0) = 0x2b26;
	WFIFOL(char_fd, 2) = sd->account_id;
	WFIFOL(char_fd, 6) = sd->status.char_id;
	WFIFOL(char_fd, 10) = sd->login_id1;
	WFIFOB(char_fd, 14) = sd->sex;
	WFIFOL(char_fd, 15) = htonl(session_of(sd->fd)->client_addr);
	WFIFOB(char_fd, 19) = 0;
	WFIFOSET(char_fd, 20);
}

/* S 2b01 <account>.L <character>.L <map>.16B <x>.W <y>.W */
void chrif_save(const struct map_session_data *sd)
{
	if (!chrif_is_connected())
		return;
	WFIFOHEAD(char_fd, 30);
	memset(WFIFOP(char_fd, 0), 0, 30);
	WFIFOW(char_fd, 0) = 0x2b01;
	WFIFOL(char_fd, 2) = sd->account_id;
	WFIFOL(char_fd, 6) = sd->status.char_id;
	memcpy(WFIFOP(char_fd, 10), sd->status.map, MAP_NAME_LENGTH);
	WFIFOW(char_fd, 26) = sd->status.x;
	WFIFOW(char_fd, 28) = sd->status.y;
	WFIFOSET(char_fd, 30);
}

/* S 2b17 <character>.L <account>.L */
void chrif_leave(uint32 account_id, uint32 char_id)
{
	if (chrif_is_connected())
		link_send(char_fd, 0x2b17, 10, char_id, account_id);
}

static void chrif_add_user(const struct map_session_data *sd)
{
	const size_t at = WFIFOW(char_fd, 2);

	if (sd->state != PLAYER_LOADING && sd->state != PLAYER_ACTIVE)
		return;
	WFIFOL(char_fd, at) = sd->account_id;
	WFIFOL(char_fd, at + 4) = sd->status.char_id;
	WFIFOW(char_fd, 2) = (uint16)(at + 8);
	WFIFOW(char_fd, 4) = (uint16)(WFIFOW(char_fd, 4) + 1);
}

/* S 2aff <length>.W <users>.W {<account>.L <character>.L}* */
void chrif_send_users(void)
{
	if (!chrif_is_connected())
		return;
	WFIFOHEAD(char_fd, 6 + (size_t)map_player_count() * 8);
	WFIFOW(char_fd, 0) = 0x2aff;
	WFIFOW(char_fd, 2) = 6;
	WFIFOW(char_fd, 4) = 0;
	map_visit(chrif_add_user);
	WFIFOSET(char_fd, (size_t)WFIFOW(char_fd, 2));
}

/* S 2b02 <account>.L <login_id1>.L <login_id2>.L <player's ip>.L <group>.L */
void chrif_ask_back(const struct map_session_data *sd)
{
	if (!chrif_is_connected())
		return;
	WFIFOHEAD(char_fd, 22);
	WFIFOW(char_fd, 0) = 0x2b02;
	WFIFOL(char_fd, 2) = sd->account_id;
	WFIFOL(char_fd, 6) = (uint32)sd->login_id1;
	WFIFOL(char_fd, 10) = sd->login_id2;
	WFIFOL(char_fd, 14) = htonl(session_of(sd->fd)->client_addr);
	WFIFOL(char_fd, 18) = 0;
	WFIFOSET(char_fd, 22);
}

/* S 2b05 <account>.L <login_id1>.L <login_id2>.L <character>.L <map>.16B <x>.W <y>.W <ip>.L
 * <port>.W <sex>.B <player's ip>.L <group>.L */
void chrif_ask_change(const struct map_session_data *sd, uint32 ip, uint16 port)
{
	if (!chrif_is_connected()) {
		clif_throw_out(sd->fd, 0);
		return;
	}
	WFIFOHEAD(char_fd, 53);
	memset(WFIFOP(char_fd, 0), 0, 53);
	WFIFOW(char_fd, 0) = 0x2b05;
	WFIFOL(char_fd, 2) = sd->account_id;
	WFIFOL(char_fd, 6) = (uint32)sd->login_id1;
	WFIFOL(char_fd, 10) = sd->login_id2;
	WFIFOL(char_fd, 14) = sd->status.char_id;
	memcpy(WFIFOP(char_fd, 18), sd->status.map, MAP_NAME_LENGTH);
	WFIFOW(char_fd, 34) = sd->status.x;
	WFIFOW(char_fd, 36) = sd->status.y;
	WFIFOL(char_fd, 38) = htonl(ip);
	WFIFOW(char_fd, 42) = htons(port);
	WFIFOB(char_fd, 44) = sd->status.sex;
	WFIFOL(char_fd, 45) = htonl(session_of(sd->fd)->client_addr);
	WFIFOSET(char_fd, 53);
}

/* Sends our maps. S 2afa <length>.W {<map>.16B}* */
static void chrif_take_answer(int32 fd, int32 unused)
{
	uint16 length = 4;

	if (RFIFOB(fd, 2) != 0) {
		ShowFatalError("The char-server refuses this map-server: reason %u\n", RFIFOB(fd, 2));
		exit(EXIT_FAILURE);
	}
	WFIFOHEAD(fd, 4 + (size_t)map_place_count * MAP_NAME_LENGTH_EXT);
	memset(WFIFOP(fd, 0), 0, 4 + (size_t)map_place_count * MAP_NAME_LENGTH_EXT);
	for (int32 i = 0; i < map_place_count; ++i)
		if (map_places[i].ip == 0) {
			memcpy(WFIFOP(fd, length), map_places[i].name, MAP_NAME_LENGTH);
			length = (uint16)(length + MAP_NAME_LENGTH_EXT);
		}
	WFIFOW(fd, 0) = 0x2afa;
	WFIFOW(fd, 2) = length;
	WFIFOSET(fd, length);
}

static void chrif_take_known(int32 fd, int32 unused)
{
	is_known = true;
	ShowStatus("This map-server is linked with the char-server\n");
	chrif_send_users();
}

/* S 2afd <length>.W <account>.L <login_id1>.L <login_id2>.L <changing>.B <character> */
static void chrif_take_player(int32 fd, int32 unused)
{
	const uint32 account_id = RFIFOL(fd, 4);
	struct map_session_data *sd = map_player(account_id);
	struct mmo_charstatus status;

	memcpy(&status, RFIFOP(fd, 17), sizeof(status));
	if (sd == NULL) {
		chrif_leave(account_id, status.char_id); /* he has gone meanwhile */
		return;
	}
	if (sd->state != PLAYER_WAITING)
		return;
	if (sd->status.char_id != status.char_id || sd->login_id1 != RFIFOL(fd, 8) ||
	    !session_isActive(sd->fd)) {
		chrif_leave(account_id, status.char_id);
		return;
	}
	sd->login_id2 = RFIFOL(fd, 12);
	sd->status = status;
	sd->state = PLAYER_LOADING;
	ShowInfo("'%s' comes in from %s: account %u, character %u\n", status.name,
	         ip2str(session_of(sd->fd)->client_addr, NULL), account_id, status.char_id);
	clif_send_welcome(sd);
	if (!map_is_here(status.map))
		map_move(sd, map_places[0].name, status.x, status.y);
	chrif_send_users();
}

/* S 2b27 <account>.L <character>.L <login_id1>.L <sex>.B <ip>.L */
static void chrif_take_refusal(int32 fd, int32 unused)
{
	const struct map_session_data *sd = map_player(RFIFOL(fd, 2));

	if (sd != NULL && sd->state == PLAYER_WAITING && sd->status.char_id == RFIFOL(fd, 6) &&
	    sd->login_id1 == RFIFOL(fd, 10))
		clif_throw_out(sd->fd, 0);
}

/* S 2b03 <account>.L <good>.B */
static void chrif_take_back(int32 fd, int32 unused)
{
	struct map_session_data *sd = map_player(RFIFOL(fd, 2));

	if (sd == NULL || RFIFOB(fd, 6) == 0)
		return;
	sd->state = PLAYER_CHANGING;
	clif_send_back(sd->fd);
	chrif_send_users();
}

/* S 2b06: 2b05 up to the port; without a login_id1 it cannot be */
static void chrif_take_change(int32 fd, int32 unused)
{
	const struct map_session_data *sd = map_player(RFIFOL(fd, 2));

	if (sd == NULL || sd->state != PLAYER_CHANGING || sd->status.char_id != RFIFOL(fd, 14))
		return;
	if (RFIFOL(fd, 6) == 0) {
		clif_throw_out(sd->fd, 0);
		return;
	}
	clif_send_server(sd->fd, MOVE_BY_FOOT, (const char *)RFIFOP(fd, 18), RFIFOW(fd, 34),
	                 RFIFOW(fd, 36), ntohl(RFIFOL(fd, 38)), ntohs(RFIFOW(fd, 42)), "");
	set_eof(sd->fd);
	chrif_send_users();
}

/* S 2b1f <account>.L <why>.B */
static void chrif_throw_out(int32 fd, int32 unused)
{
	const struct map_session_data *sd = map_player(RFIFOL(fd, 2));

	if (sd != NULL)
		clif_throw_out(sd->fd, RFIFOB(fd, 6));
}

/* S 2b04 <length>.W <ip>.L <port>.W {<map>.16B}*, and 2b20 the same */
static void chrif_add_maps(int32 fd, int32 unused)
{
	char name[MAP_NAME_LENGTH];

	for (int32 at = 10; at + MAP_NAME_LENGTH_EXT <= RFIFOW(fd, 2); at += MAP_NAME_LENGTH_EXT) {
		safestrncpy(name, (const char *)RFIFOP(fd, at), sizeof(name));
		map_add(name, ntohl(RFIFOL(fd, 4)), ntohs(RFIFOW(fd, 8)));
	}
}

static void chrif_remove_maps(int32 fd, int32 unused)
{
	map_remove(ntohl(RFIFOL(fd, 4)), ntohs(RFIFOW(fd, 8)));
}

static TIMER_FUNC(chrif_connect);

static int32 chrif_parse(int32 fd)
{
	static const struct link_packet packets[] = {
	    {0x2af9, 3, chrif_take_answer, false},
	    {0x2afb, 3, chrif_take_known, false},
	    {0x2afd, 0, chrif_take_player, false},
	    {0x2b03, 7, chrif_take_back, false},
	    {0x2b04, 0, chrif_add_maps, false},
	    {0x2b06, 44, chrif_take_change, false},
	    {0x2b1f, 7, chrif_throw_out, false},
	    {0x2b20, 0, chrif_remove_maps, false},
	    {0x2b24, 2, link_alive, false},
	    {0x2b27, 19, chrif_take_refusal, false},
	    {0, 0, NULL, false},
	};

	if (session_of(fd)->flag.eof) {
		do_close(fd);
		ShowWarning("The char-server is gone\n");
		is_known = false;
		char_fd = -1;
		map_remove(0, 0);
		timer_start(gettick() + 1000, chrif_connect, 0, 0, 0);
	} else if (link_keepalive(fd, 0x2b23)) {
		link_parse(fd, -1, packets);
	}
	return 0;
}

/* S 2af8 <name>.24B <password>.24B <?>.L <ip>.L <port>.W */
static TIMER_FUNC(chrif_connect)
{
	if (session_isValid(char_fd))
		return 0;
	char_fd = make_connection(map_config.char_ip, map_config.char_port);
	if (char_fd == -1)
		return 0;
	link_open(char_fd, chrif_parse);
	WFIFOHEAD(char_fd, 60);
	memset(WFIFOP(char_fd, 0), 0, 60);
	WFIFOW(char_fd, 0) = 0x2af8;
	memcpy(WFIFOP(char_fd, 2), map_config.userid, NAME_LENGTH);
	memcpy(WFIFOP(char_fd, 26), map_config.passwd, NAME_LENGTH);
	WFIFOL(char_fd, 54) = htonl(map_config.map_ip);
	WFIFOW(char_fd, 58) = htons(map_config.map_port);
	WFIFOSET(char_fd, 60);
	return 0;
}

void chrif_init(void)
{
	timer_start(gettick() + 1000, chrif_connect, 0, 0, 10000);
}

void chrif_final(void)
{
	if (session_isValid(char_fd))
		do_close(char_fd);
	char_fd = -1;
	is_known = false;
}
