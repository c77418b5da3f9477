#define HERCULES_CORE

#include "chrif.h"

#include "map/clif.h"
#include "map/map.h"
#include "common/link.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/strlib.h"
#include "common/timer.h"

#include <stdlib.h>

static struct chrif_interface the_chrif;
struct chrif_interface *chrif;

static bool chrif_is_connected(void)
{
	return chrif->connected && sockt->session_is_active(chrif->fd);
}

/* S 2b26 <account>.L <character>.L <login_id1>.L <sex>.B <player's ip>.L <standalone>.B */
static void chrif_authreq(struct map_session_data *sd)
{
	const int fd = chrif->fd;

	if (!chrif_is_connected()) {
		clif->authfail_fd(sd->fd, 1);
		return;
	}
	WFIFOHEAD(fd, 20);
	WFIFOW(fd, 0) = 0x2b26;
	WFIFOL(fd, 2) = (uint32)sd->account_id;
	WFIFOL(fd, 6) = (uint32)sd->status.char_id;
	WFIFOL(fd, 10) = sd->login_id1;
	WFIFOB(fd, 14) = sd->sex;
	WFIFOL(fd, 15) = htonl(sockt->session[sd->fd]->client_addr);
	WFIFOB(fd, 19) = 0;
	WFIFOSET(fd, 20);
}

/* S 2b01 <account>.L <character>.L <map>.16B <x>.W <y>.W */
static void chrif_save(const struct map_session_data *sd)
{
	const int fd = chrif->fd;

	if (!chrif_is_connected())
		return;
	WFIFOHEAD(fd, 30);
	WFIFOW(fd, 0) = 0x2b01;
	WFIFOL(fd, 2) = (uint32)sd->account_id;
	WFIFOL(fd, 6) = (uint32)sd->status.char_id;
	safestrncpy(WFIFOP(fd, 10), sd->status.map, MAP_NAME_LENGTH_EXT);
	WFIFOW(fd, 26) = sd->status.x;
	WFIFOW(fd, 28) = sd->status.y;
	WFIFOSET(fd, 30);
}

/* S 2b17 <character>.L <account>.L */
static void chrif_char_offline(int account_id, int char_id)
{
	const int fd = chrif->fd;

	if (!chrif_is_connected())
		return;
	WFIFOHEAD(fd, 10);
	WFIFOW(fd, 0) = 0x2b17;
	WFIFOL(fd, 2) = (uint32)char_id;
	WFIFOL(fd, 6) = (uint32)account_id;
	WFIFOSET(fd, 10);
}

static bool chrif_add_user(uint32 account_id, void *data, intptr_t arg)
{
	const int fd = chrif->fd;
	const struct map_session_data *sd = *(struct map_session_data **)data;
	const size_t at = WFIFOW(fd, 2);

	if (sd->state != PLAYER_LOADING && sd->state != PLAYER_ACTIVE)
		return true;
	WFIFOL(fd, at) = account_id;
	WFIFOL(fd, at + 4) = (uint32)sd->status.char_id;
	WFIFOW(fd, 2) = (uint16)(at + 8);
	WFIFOW(fd, 4) = (uint16)(WFIFOW(fd, 4) + 1);
	return true;
}

/* S 2aff <length>.W <users>.W {<account>.L <character>.L}* */
static void chrif_send_users(void)
{
	const int fd = chrif->fd;

	if (!chrif_is_connected())
		return;
	WFIFOHEAD(fd, 6 + (size_t)db_size(map->players) * 8);
	WFIFOW(fd, 0) = 0x2aff;
	WFIFOW(fd, 2) = 6;
	WFIFOW(fd, 4) = 0;
	db_foreach(map->players, chrif_add_user, 0);
	WFIFOSET(fd, WFIFOW(fd, 2));
}

/* S 2b02 <account>.L <login_id1>.L <login_id2>.L <player's ip>.L <group>.L */
static void chrif_charselectreq(const struct map_session_data *sd, uint32 s_ip)
{
	const int fd = chrif->fd;

	if (!chrif_is_connected())
		return;
	WFIFOHEAD(fd, 22);
	WFIFOW(fd, 0) = 0x2b02;
	WFIFOL(fd, 2) = (uint32)sd->account_id;
	WFIFOL(fd, 6) = sd->login_id1;
	WFIFOL(fd, 10) = sd->login_id2;
	WFIFOL(fd, 14) = htonl(s_ip);
	WFIFOL(fd, 18) = 0;
	WFIFOSET(fd, 22);
}

/* S 2af9 <result>.B */
static void chrif_connectack(int fd)
{
	const int count = VECTOR_LENGTH(map->maps);
	const size_t len = 4 + (size_t)count * MAP_NAME_LENGTH_EXT;

	if (RFIFOB(fd, 2) != 0) {
		ShowFatalError("The char-server refuses this map-server: its name, password or address, or "
		               "there is one already.\n");
		exit(EXIT_FAILURE);
	}
	ShowStatus("Connected to char-server (connection #%d).\n", fd);

	WFIFOHEAD(fd, len);
	WFIFOW(fd, 0) = 0x2afa;
	WFIFOW(fd, 2) = (uint16)len;
	for (int i = 0; i < count; ++i)
		safestrncpy(WFIFOP(fd, 4 + i * MAP_NAME_LENGTH_EXT), VECTOR_INDEX(map->maps, i).name,
		            MAP_NAME_LENGTH_EXT);
	WFIFOSET(fd, len);
}

/* S 2afb <result>.B */
static void chrif_sendmapack(int fd)
{
	chrif->connected = true;
	ShowStatus("Map Server is now online.\n");
	chrif->send_users();
}

/* S 2afd <length>.W <account>.L <login_id1>.L <login_id2>.L <character> */
static void chrif_authok(int fd)
{
	const int account_id = (int)RFIFOL(fd, 4);
	struct map_session_data *sd = map->id2sd(account_id);
	struct mmo_charstatus status;

	memcpy(&status, RFIFOP(fd, 16), sizeof(status));
	if (sd == NULL || sd->state != PLAYER_WAITING || sd->status.char_id != status.char_id ||
	    sd->login_id1 != RFIFOL(fd, 8) || !sockt->session_is_active(sd->fd)) {
		if (sd == NULL || sd->state == PLAYER_WAITING)
			chrif->char_offline(account_id, status.char_id); /* he has gone meanwhile */
		return;
	}
	sd->login_id2 = RFIFOL(fd, 12);
	sd->status = status;
	sd->state = PLAYER_LOADING;
	ShowInfo("'" CL_WHITE "%s" CL_RESET "' logged in. (AID/CID: '" CL_WHITE "%d/%d" CL_RESET
	         "', IP: '" CL_WHITE "%s" CL_RESET "')\n",
	         status.name, account_id, status.char_id,
	         sockt->ip2str(sockt->session[sd->fd]->client_addr, NULL));
	clif->authok(sd);
	if (!map->is_here(sd->status.map))
		map->setpos(sd, VECTOR_INDEX(map->maps, 0).name, sd->status.x, sd->status.y);
	chrif->send_users();
}

/* S 2b27 <account>.L <character>.L <login_id1>.L <sex>.B <ip>.L */
static void chrif_authfail(int fd)
{
	const struct map_session_data *sd = map->id2sd((int)RFIFOL(fd, 2));

	if (sd != NULL && sd->state == PLAYER_WAITING && sd->status.char_id == (int)RFIFOL(fd, 6) &&
	    sd->login_id1 == RFIFOL(fd, 10))
		clif->authfail_fd(sd->fd, 0);
}

/* S 2b03 <account>.L <result>.B */
static void chrif_charselectack(int fd)
{
	struct map_session_data *sd = map->id2sd((int)RFIFOL(fd, 2));

	if (sd == NULL || RFIFOB(fd, 6) == 0)
		return;
	sd->state = PLAYER_CHANGING;
	clif->charselectok(sd->fd, 1);
	chrif->send_users();
}

/* S 2b1f <account>.L <reason>.B */
static void chrif_disconnectplayer(int fd)
{
	const struct map_session_data *sd = map->id2sd((int)RFIFOL(fd, 2));

	if (sd != NULL)
		clif->authfail_fd(sd->fd, RFIFOB(fd, 6));
	else
		ShowInfo("Account %u is not here\n", RFIFOL(fd, 2));
}

static int chrif_check_connect_char_server(int tid, int64 tick, int id, intptr_t data);

static void chrif_on_disconnect(void)
{
	if (chrif->connected)
		ShowWarning("Connection to the char-server lost.\n");
	chrif->connected = false;
	chrif->fd = -1;
	timer->add(timer->gettick() + 1000, chrif_check_connect_char_server, 0, 0);
}

static int chrif_parse(int fd)
{
	static const struct link_packet char_packets[] = {
	    {0x2af9, 3, chrif_connectack},       {0x2afb, 3, chrif_sendmapack},
	    {0x2afd, 0, chrif_authok},           {0x2b03, 7, chrif_charselectack},
	    {0x2b1f, 7, chrif_disconnectplayer}, {0x2b24, 2, link_alive},
	    {0x2b27, 19, chrif_authfail},        {0, 0, NULL},
	};

	if (fd != chrif->fd) {
		ShowDebug("chrif_parse: session #%d is not the char-server\n", fd);
		sockt->close(fd);
		return 0;
	}
	if (sockt->session[fd]->flag.eof) {
		sockt->close(fd);
		chrif_on_disconnect();
		return 0;
	}
	if (link_keepalive(fd, 0x2b23))
		link_parse(fd, char_packets);
	return 0;
}

/* S 2af8 <name>.24B <password>.24B <?>.L <ip>.L <port>.W */
static void chrif_connect(int fd)
{
	WFIFOHEAD(fd, 60);
	memset(WFIFOP(fd, 0), 0, 60);
	WFIFOW(fd, 0) = 0x2af8;
	memcpy(WFIFOP(fd, 2), map->userid, NAME_LENGTH);
	memcpy(WFIFOP(fd, 26), map->passwd, NAME_LENGTH);
	WFIFOL(fd, 54) = htonl(map->ip);
	WFIFOW(fd, 58) = htons(map->port);
	WFIFOSET(fd, 60);
}

/* Connects to the char server as often as it is needed. */
static int chrif_check_connect_char_server(int tid, int64 tick, int id, intptr_t data)
{
	if (sockt->session_is_valid(chrif->fd))
		return 0;

	chrif->fd = sockt->make_connection(map->char_ip, map->char_port, NULL);
	if (chrif->fd == -1)
		return 0;
	link_open(chrif->fd, chrif_parse);
	chrif_connect(chrif->fd);
	return 1;
}

static void chrif_init(void)
{
	timer->add_func_list(chrif_check_connect_char_server, "chrif->check_connect_char_server");
	timer->add_interval(timer->gettick() + 1000, chrif_check_connect_char_server, 0, 0, 10 * 1000);
}

static void chrif_final(void)
{
	if (sockt->session_is_valid(chrif->fd))
		sockt->close(chrif->fd);
	chrif->fd = -1;
	chrif->connected = false;
}

void chrif_defaults(void)
{
	chrif = &the_chrif;
	chrif->fd = -1;
	chrif->init = chrif_init;
	chrif->final = chrif_final;
	chrif->authreq = chrif_authreq;
	chrif->save = chrif_save;
	chrif->char_offline = chrif_char_offline;
	chrif->send_users = chrif_send_users;
	chrif->charselectreq = chrif_charselectreq;
}
