#include "chrif.hpp"

#include <cstdlib>
#include <cstring>

#include <common/link.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>

#include "clif.hpp"
#include "map.hpp"

static int32 char_fd = -1;
static bool online = false; // the char server knows our maps
static int32 connect_timer = INVALID_TIMER;

bool chrif_isconnected(void)
{
	return online && session_isActive(char_fd);
}

// S 2b26 <account>.L <character>.L <login_id1>.L <sex>.B <player's ip>.L <autotrade>.B
void chrif_authreq(struct map_session_data *sd)
{
	if (!chrif_isconnected()) {
		clif_authfail_fd(sd->fd, 1);
		return;
	}
	WFIFOHEAD(char_fd, 20);
	WFIFOW(char_fd, 0) = 0x2b26;
	WFIFOL(char_fd, 2) = sd->account_id;
	WFIFOL(char_fd, 6) = sd->status.char_id;
	WFIFOL(char_fd, 10) = sd->login_id1;
	WFIFOB(char_fd, 14) = sd->sex;
	WFIFOL(char_fd, 15) = htonl(session[sd->fd]->client_addr);
	WFIFOB(char_fd, 19) = 0;
	WFIFOSET(char_fd, 20);
}

// S 2b01 <account>.L <character>.L <map>.16B <x>.W <y>.W
void chrif_save(const struct map_session_data *sd)
{
	if (!chrif_isconnected())
		return;
	WFIFOHEAD(char_fd, 30);
	WFIFOW(char_fd, 0) = 0x2b01;
	WFIFOL(char_fd, 2) = sd->account_id;
	WFIFOL(char_fd, 6) = sd->status.char_id;
	safestrncpy(WFIFOCP(char_fd, 10), sd->status.map, MAP_NAME_LENGTH_EXT);
	WFIFOW(char_fd, 26) = sd->status.x;
	WFIFOW(char_fd, 28) = sd->status.y;
	WFIFOSET(char_fd, 30);
}

// S 2b17 <character>.L <account>.L
void chrif_char_offline(uint32 account_id, uint32 char_id)
{
	if (!chrif_isconnected())
		return;
	WFIFOHEAD(char_fd, 10);
	WFIFOW(char_fd, 0) = 0x2b17;
	WFIFOL(char_fd, 2) = char_id;
	WFIFOL(char_fd, 6) = account_id;
	WFIFOSET(char_fd, 10);
}

// S 2aff <length>.W <users>.W {<account>.L <character>.L}*
void chrif_send_users(void)
{
	const size_t most = map_get_players().size();
	size_t at = 6;

	if (!chrif_isconnected())
		return;
	WFIFOHEAD(char_fd, 6 + most * 8);
	WFIFOW(char_fd, 0) = 0x2aff;
	for (const auto &[account_id, sd] : map_get_players()) {
		if (sd->state != PLAYER_LOADING && sd->state != PLAYER_ACTIVE)
			continue;
		WFIFOL(char_fd, at) = account_id;
		WFIFOL(char_fd, at + 4) = sd->status.char_id;
		at += 8;
	}
	WFIFOW(char_fd, 2) = (uint16)at;
	WFIFOW(char_fd, 4) = (uint16)((at - 6) / 8);
	WFIFOSET(char_fd, at);
}

// S 2b02 <account>.L <login_id1>.L <login_id2>.L <player's ip>.L <group>.L
void chrif_charselectreq(const struct map_session_data *sd, uint32 s_ip)
{
	if (!chrif_isconnected())
		return;
	WFIFOHEAD(char_fd, 22);
	WFIFOW(char_fd, 0) = 0x2b02;
	WFIFOL(char_fd, 2) = sd->account_id;
	WFIFOL(char_fd, 6) = sd->login_id1;
	WFIFOL(char_fd, 10) = sd->login_id2;
	WFIFOL(char_fd, 14) = htonl(s_ip);
	WFIFOL(char_fd, 18) = 0;
	WFIFOSET(char_fd, 22);
}

// S 2b05 <account>.L <login_id1>.L <login_id2>.L <character>.L <map>.16B <x>.W <y>.W <ip>.L
// <port>.W
//        <sex>.B <player's ip>.L <group>.L
void chrif_changemapserver(const struct map_session_data *sd, uint32 ip, uint16 port)
{
	if (!chrif_isconnected()) {
		clif_authfail_fd(sd->fd, 0);
		return;
	}
	WFIFOHEAD(char_fd, 53);
	WFIFOW(char_fd, 0) = 0x2b05;
	WFIFOL(char_fd, 2) = sd->account_id;
	WFIFOL(char_fd, 6) = sd->login_id1;
	WFIFOL(char_fd, 10) = sd->login_id2;
	WFIFOL(char_fd, 14) = sd->status.char_id;
	safestrncpy(WFIFOCP(char_fd, 18), sd->status.map, MAP_NAME_LENGTH_EXT);
	WFIFOW(char_fd, 34) = sd->status.x;
	WFIFOW(char_fd, 36) = sd->status.y;
	WFIFOL(char_fd, 38) = htonl(ip);
	WFIFOW(char_fd, 42) = htons(port);
	WFIFOB(char_fd, 44) = sd->status.sex;
	WFIFOL(char_fd, 45) = htonl(session[sd->fd]->client_addr);
	WFIFOL(char_fd, 49) = 0;
	WFIFOSET(char_fd, 53);
}

// S 2af9 <result>.B
static void chrif_connectack(int32 fd, int32)
{
	if (RFIFOB(fd, 2) != 0) {
		ShowFatalError("The char-server refuses this map-server: name, password, or it has no "
		               "room for another one.\n");
		exit(EXIT_FAILURE);
	}
	ShowStatus("Connected to char-server (connection #%d).\n", fd);

	const auto &maps = map_server_config.maps;
	const size_t size = 4 + maps.size() * MAP_NAME_LENGTH_EXT;
	WFIFOHEAD(fd, size);
	WFIFOW(fd, 0) = 0x2afa;
	WFIFOW(fd, 2) = (uint16)size;
	for (size_t i = 0; i < maps.size(); ++i)
		safestrncpy(WFIFOCP(fd, 4 + i * MAP_NAME_LENGTH_EXT), maps[i].c_str(), MAP_NAME_LENGTH_EXT);
	WFIFOSET(fd, size);
}

// S 2afb <result>.B
static void chrif_sendmapack(int32, int32)
{
	online = true;
	ShowStatus("Map Server is now online.\n");
	chrif_send_users();
}

// What 2b04 and 2b20 carry: <length>.W <ip>.L <port>.W {<map>.16B}*
template <typename F> static void chrif_each_map(int32 fd, F take)
{
	const struct other_map_server server = {ntohl(RFIFOL(fd, 4)), ntohs(RFIFOW(fd, 8))};

	for (size_t at = 10; at + MAP_NAME_LENGTH_EXT <= RFIFOW(fd, 2); at += MAP_NAME_LENGTH_EXT) {
		char map[MAP_NAME_LENGTH];

		safestrncpy(map, RFIFOCP(fd, at), sizeof(map));
		take(map, server);
	}
}

static void chrif_recvmap(int32 fd, int32)
{
	chrif_each_map(fd, map_setipport);
	ShowStatus("There is a map-server at %u.%u.%u.%u:%u.\n", CONVIP(ntohl(RFIFOL(fd, 4))),
	           ntohs(RFIFOW(fd, 8)));
}

static void chrif_removemap(int32 fd, int32)
{
	chrif_each_map(fd, map_eraseipport);
}

// S 2afd <length>.W <account>.L <login_id1>.L <login_id2>.L <changing>.B <character>
static void chrif_authok(int32 fd, int32)
{
	const uint32 account_id = RFIFOL(fd, 4);
	struct map_session_data *sd = map_id2sd(account_id);
	mmo_charstatus status;

	memcpy(&status, RFIFOP(fd, 17), sizeof(status));
	if (sd == nullptr || sd->state != PLAYER_WAITING || sd->status.char_id != status.char_id ||
	    sd->login_id1 != RFIFOL(fd, 8) || !session_isActive(sd->fd)) {
		if (sd == nullptr || sd->state == PLAYER_WAITING)
			chrif_char_offline(account_id, status.char_id); // he has gone meanwhile
		return;
	}
	sd->login_id2 = RFIFOL(fd, 12);
	sd->status = status;
	sd->state = PLAYER_LOADING;
	ShowInfo("'" CL_WHITE "%s" CL_RESET "' logged in. (AID/CID: '" CL_WHITE "%u/%u" CL_RESET
	         "', IP: '" CL_WHITE "%s" CL_RESET "')\n",
	         status.name, account_id, status.char_id,
	         ip2str(session[sd->fd]->client_addr, nullptr));
	clif_authok(sd);
	if (!map_is_here(sd->status.map))
		pc_setpos(sd, map_server_config.maps.front().c_str(), sd->status.x, sd->status.y);
	chrif_send_users();
}

// S 2b27 <account>.L <character>.L <login_id1>.L <sex>.B <ip>.L
static void chrif_authfail(int32 fd, int32)
{
	struct map_session_data *sd = map_id2sd(RFIFOL(fd, 2));

	if (sd != nullptr && sd->state == PLAYER_WAITING && sd->status.char_id == RFIFOL(fd, 6) &&
	    sd->login_id1 == RFIFOL(fd, 10))
		clif_authfail_fd(sd->fd, 0);
}

// S 2b03 <account>.L <result>.B
static void chrif_charselectack(int32 fd, int32)
{
	struct map_session_data *sd = map_id2sd(RFIFOL(fd, 2));

	if (sd == nullptr || RFIFOB(fd, 6) == 0)
		return;
	sd->state = PLAYER_CHANGING;
	clif_charselectok(sd->fd, 1);
	chrif_send_users();
}

// S 2b06 <account>.L <login_id1>.L <login_id2>.L <character>.L <map>.16B <x>.W <y>.W <ip>.L
// <port>.W
static void chrif_changemapserverack(int32 fd, int32)
{
	struct map_session_data *sd = map_id2sd(RFIFOL(fd, 2));
	const uint32 login_id1 = RFIFOL(fd, 6);

	if (sd == nullptr || sd->state != PLAYER_CHANGING || sd->status.char_id != RFIFOL(fd, 14))
		return;
	if (login_id1 == 0) {
		clif_authfail_fd(sd->fd, 0);
		return;
	}
	clif_changemapserver(sd, RFIFOCP(fd, 18), RFIFOW(fd, 34), RFIFOW(fd, 36), ntohl(RFIFOL(fd, 38)),
	                     ntohs(RFIFOW(fd, 42)));
	set_eof(sd->fd);
	chrif_send_users();
}

// S 2b1f <account>.L <reason>.B
static void chrif_disconnectplayer(int32 fd, int32)
{
	struct map_session_data *sd = map_id2sd(RFIFOL(fd, 2));

	if (sd != nullptr)
		clif_authfail_fd(sd->fd, RFIFOB(fd, 6));
	else
		ShowInfo("Account %u is not here\n", RFIFOL(fd, 2));
}

static const struct link_packet char_packets[] = {
    {0x2af9, 3, chrif_connectack},
    {0x2afb, 3, chrif_sendmapack},
    {0x2afd, 0, chrif_authok},
    {0x2b03, 7, chrif_charselectack},
    {0x2b04, 0, chrif_recvmap},
    {0x2b06, 44, chrif_changemapserverack},
    {0x2b1f, 7, chrif_disconnectplayer},
    {0x2b20, 0, chrif_removemap},
    {0x2b24, 2, link_alive},
    {0x2b27, 19, chrif_authfail},
};

static TIMER_FUNC(check_connect_char_server);

static void chrif_on_disconnect(void)
{
	if (online)
		ShowWarning("Connection to the char-server lost.\n");
	online = false;
	char_fd = -1;
	map_eraseallipport();
	add_timer(gettick() + 1000, check_connect_char_server, 0, 0);
}

static int32 chrif_parse(int32 fd)
{
	if (fd != char_fd) {
		ShowDebug("chrif_parse: session #%d is not the char-server\n", fd);
		do_close(fd);
		return 0;
	}
	if (session[fd]->flag.eof) {
		do_close(fd);
		chrif_on_disconnect();
		return 0;
	}
	if (link_keepalive(fd, 0x2b23))
		link_parse(fd, -1, char_packets);
	return 0;
}

// S 2af8 <name>.24B <password>.24B <?>.L <ip>.L <port>.W
static void chrif_connect(void)
{
	WFIFOHEAD(char_fd, 60);
	memset(WFIFOP(char_fd, 0), 0, 60);
	WFIFOW(char_fd, 0) = 0x2af8;
	memcpy(WFIFOP(char_fd, 2), map_server_config.userid, NAME_LENGTH);
	memcpy(WFIFOP(char_fd, 26), map_server_config.passwd, NAME_LENGTH);
	WFIFOL(char_fd, 54) = htonl(map_server_config.map_ip);
	WFIFOW(char_fd, 58) = htons(map_server_config.map_port);
	WFIFOSET(char_fd, 60);
}

// Connects to the char server as often as it is needed.
static TIMER_FUNC(check_connect_char_server)
{
	(void)tid, (void)tick, (void)id, (void)data;
	if (session_isValid(char_fd))
		return 0;

	char_fd = make_connection(map_server_config.char_ip, map_server_config.char_port, false, 10);
	if (char_fd == -1)
		return 0;
	link_open(char_fd, chrif_parse);
	chrif_connect();
	return 1;
}

void do_init_chrif(void)
{
	add_timer_func_list(check_connect_char_server, "check_connect_char_server");
	connect_timer =
	    add_timer_interval(gettick() + 1000, check_connect_char_server, 0, 0, 10 * 1000);
}

void do_final_chrif(void)
{
	if (session_isValid(char_fd))
		do_close(char_fd);
	char_fd = -1;
	online = false;
	delete_timer(connect_timer, check_connect_char_server);
}
