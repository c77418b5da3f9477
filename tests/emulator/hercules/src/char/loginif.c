#define HERCULES_CORE

#include "loginif.h"

#include "char/char.h"
#include "common/link.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/strlib.h"
#include "common/timer.h"

static struct loginif_interface the_loginif;
struct loginif_interface *loginif;

static bool loginif_is_connected(void)
{
	return chr->login_fd > 0 && sockt->session_is_active(chr->login_fd);
}

static void loginif_auth(int fd, const struct char_session_data *sd, uint32 ipl)
{
	const int login_fd = chr->login_fd;

	WFIFOHEAD(login_fd, 23);
	WFIFOW(login_fd, 0) = 0x2712;
	WFIFOL(login_fd, 2) = (uint32)sd->account_id;
	WFIFOL(login_fd, 6) = (uint32)sd->login_id1;
	WFIFOL(login_fd, 10) = (uint32)sd->login_id2;
	WFIFOB(login_fd, 14) = sd->sex;
	WFIFOL(login_fd, 15) = htonl(ipl);
	WFIFOL(login_fd, 19) = (uint32)fd;
	WFIFOSET(login_fd, 23);
}

static void loginif_send_number(uint16 id, uint32 number, size_t len)
{
	const int login_fd = chr->login_fd;

	if (!loginif->is_connected())
		return;
	WFIFOHEAD(login_fd, len);
	memset(WFIFOP(login_fd, 0), 0, len);
	WFIFOW(login_fd, 0) = id;
	WFIFOL(login_fd, 2) = number;
	WFIFOSET(login_fd, len);
}

static void loginif_account_data(int account_id)
{
	loginif_send_number(0x2716, (uint32)account_id, 6);
}

static void loginif_set_account_online(int account_id)
{
	loginif_send_number(0x272b, (uint32)account_id, 7);
}

static void loginif_set_account_offline(int account_id)
{
	loginif_send_number(0x272c, (uint32)account_id, 6);
}

static void loginif_send_users_count(void)
{
	loginif_send_number(0x2714, chr->map_server.users, 6);
}

#define MAX_ACCOUNTS 10000

static bool loginif_add_account(uint32 account_id, void *data, intptr_t arg)
{
	const int login_fd = chr->login_fd;
	const uint32 n = WFIFOL(login_fd, 4);

	if (n < MAX_ACCOUNTS) {
		WFIFOL(login_fd, 8 + n * 4) = account_id;
		WFIFOL(login_fd, 4) = n + 1;
	}
	return true;
}

/* Everybody who is in the game, for a login server that does not know. */
static void loginif_send_online_accounts(void)
{
	const int login_fd = chr->login_fd;

	WFIFOHEAD(login_fd, 8 + MAX_ACCOUNTS * 4);
	WFIFOW(login_fd, 0) = 0x272d;
	WFIFOL(login_fd, 4) = 0;
	db_foreach(chr->online_char_db, loginif_add_account, 0);
	WFIFOW(login_fd, 2) = (uint16)(8 + WFIFOL(login_fd, 4) * 4);
	WFIFOSET(login_fd, WFIFOW(login_fd, 2));
}

/* S 2711 <status>.B */
static void loginif_parse_connection_state(int fd)
{
	static const char *const reasons[] = {"", "its name or password, or another one is there",
	                                      "its address is not allowed"};
	const uint8 status = RFIFOB(fd, 2);

	if (status != 0) {
		ShowError("The login-server refuses this char-server: %s.\n",
		          status < ARRAYLENGTH(reasons) ? reasons[status] : "no reason");
		sockt->eof(fd);
		return;
	}
	ShowStatus("Connected to login-server (connection #%d).\n", fd);
	loginif_send_online_accounts();
	loginif->send_users_count();
}

/* The player whose ticket the login server has judged, or NULL if he is gone. */
static struct char_session_data *loginif_find_session(int fd, int account_id, int login_id1,
                                                      int login_id2)
{
	struct char_session_data *sd;

	if (!sockt->session_is_active(fd) || sockt->session[fd]->func_parse != chr->parse_char)
		return NULL;
	sd = sockt->session[fd]->session_data;
	if (sd == NULL || sd->auth || sd->account_id != account_id || sd->login_id1 != login_id1 ||
	    sd->login_id2 != login_id2)
		return NULL;
	return sd;
}

/* S 2713 <account>.L <login_id1>.L <login_id2>.L <sex>.B <result>.B <request>.L ... */
static void loginif_parse_auth_state(int fd)
{
	const int client_fd = (int)RFIFOL(fd, 16);
	struct char_session_data *sd = loginif_find_session(client_fd, (int)RFIFOL(fd, 2),
	                                                    (int)RFIFOL(fd, 6), (int)RFIFOL(fd, 10));

	if (sd == NULL)
		return;
	if (RFIFOB(fd, 15) == 0)
		chr->auth_ok(client_fd, sd);
	else
		chr->auth_error(client_fd, 0);
}

/* S 2717 <account>.L <e-mail>.40B <expires>.L <group>.B <slots>.B <birth date>.11B ... */
static void loginif_parse_account_data(int fd)
{
	const struct online_char_data *character = online->find((int)RFIFOL(fd, 2));
	struct char_session_data *sd;

	if (character == NULL || !sockt->session_is_active(character->fd))
		return;
	sd = sockt->session[character->fd]->session_data;
	if (sd != NULL && sd->auth)
		chr->mmo_char_send(character->fd, sd);
}

/* Somebody logs in with the account of a player who is in the game. S 2734 <account>.L */
static void loginif_parse_kick(int fd)
{
	const int account_id = (int)RFIFOL(fd, 2);
	const struct online_char_data *character = online->find(account_id);

	if (character == NULL) {
		loginif->set_account_offline(account_id);
	} else if (character->server == ONLINE_AT_MAP) {
		chr->disconnect_player(account_id, 2);
		online->await(account_id);
	} else if (sockt->session_is_active(character->fd)) {
		chr->connection_error(character->fd, 2);
		sockt->eof(character->fd);
	} else {
		online->set_char_offline(0, account_id);
	}
}

static int loginif_parse(int fd)
{
	static const struct link_packet login_packets[] = {
	    {0x2711, 3, loginif_parse_connection_state},
	    {0x2713, 33, loginif_parse_auth_state},
	    {0x2717, 72, loginif_parse_account_data},
	    {0x2718, 2, link_alive},
	    {0x2734, 6, loginif_parse_kick},
	    {0, 0, NULL},
	};

	if (fd != chr->login_fd) {
		ShowDebug("loginif_parse: session #%d is not the login-server\n", fd);
		sockt->close(fd);
		return 0;
	}
	if (sockt->session[fd]->flag.eof) {
		sockt->close(fd);
		chr->login_fd = -1;
		ShowWarning("Connection to the login-server lost.\n");
		return 0;
	}
	if (link_keepalive(fd, 0x2719))
		link_parse(fd, login_packets);
	return 0;
}

/* S 2710 <name>.24B <password>.24B <?>.L <ip>.L <port>.W <display name>.20B <?>.W <type>.W <new>.W
 */
static void loginif_login(int fd)
{
	const struct Char_Config *config = chr->config;

	WFIFOHEAD(fd, 86);
	memset(WFIFOP(fd, 0), 0, 86);
	WFIFOW(fd, 0) = 0x2710;
	memcpy(WFIFOP(fd, 2), config->userid, NAME_LENGTH);
	memcpy(WFIFOP(fd, 26), config->passwd, NAME_LENGTH);
	WFIFOL(fd, 54) = htonl(config->ip);
	WFIFOW(fd, 58) = htons(config->port);
	memcpy(WFIFOP(fd, 60), config->server_name, MAX_CHARSERVER_NAME_SIZE);
	WFIFOW(fd, 82) = config->server_type;
	WFIFOW(fd, 84) = config->new_display;
	WFIFOSET(fd, 86);
}

/* Connects to the login server as often as it is needed. */
static int loginif_check_connect_login_server(int tid, int64 tick, int id, intptr_t data)
{
	if (chr->login_fd > 0 && sockt->session_is_valid(chr->login_fd))
		return 0;

	chr->login_fd = sockt->make_connection(chr->config->login_ip, chr->config->login_port, NULL);
	if (chr->login_fd == -1) {
		chr->login_fd = 0; /* nobody is closed for this */
		return 0;
	}
	link_open(chr->login_fd, loginif_parse);
	loginif_login(chr->login_fd);
	return 1;
}

static void loginif_init(void)
{
	timer->add_func_list(loginif_check_connect_login_server, "chr->check_connect_login_server");
	timer->add_interval(timer->gettick() + 1000, loginif_check_connect_login_server, 0, 0,
	                    10 * 1000);
}

static void loginif_final(void)
{
	if (chr->login_fd > 0)
		sockt->close(chr->login_fd);
	chr->login_fd = -1;
}

void loginif_defaults(void)
{
	loginif = &the_loginif;
	loginif->init = loginif_init;
	loginif->final = loginif_final;
	loginif->is_connected = loginif_is_connected;
	loginif->auth = loginif_auth;
	loginif->account_data = loginif_account_data;
	loginif->set_account_online = loginif_set_account_online;
	loginif->set_account_offline = loginif_set_account_offline;
	loginif->send_users_count = loginif_send_users_count;
}
