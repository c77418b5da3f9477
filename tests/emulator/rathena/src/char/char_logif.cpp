#include "char_logif.hpp"

#include <cstring>

#include <common/link.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>
#include <common/utilities.hpp>

#include "char.hpp"
#include "char_clif.hpp"
#include "char_mapif.hpp"

using namespace rathena;

static int32 connect_timer = INVALID_TIMER;

bool chlogif_isconnected(void)
{
	return login_fd > 0 && session_isActive(login_fd);
}

void chlogif_send_reqauth(int32 fd, const struct char_session_data *sd, uint32 ipl)
{
	WFIFOHEAD(login_fd, 23);
	WFIFOW(login_fd, 0) = 0x2712;
	WFIFOL(login_fd, 2) = sd->account_id;
	WFIFOL(login_fd, 6) = sd->login_id1;
	WFIFOL(login_fd, 10) = sd->login_id2;
	WFIFOB(login_fd, 14) = sd->sex;
	WFIFOL(login_fd, 15) = htonl(ipl);
	WFIFOL(login_fd, 19) = (uint32)fd;
	WFIFOSET(login_fd, 23);
}

static void chlogif_send_account(uint16 type, uint32 account_id)
{
	if (!chlogif_isconnected())
		return;
	WFIFOHEAD(login_fd, 6);
	WFIFOW(login_fd, 0) = type;
	WFIFOL(login_fd, 2) = account_id;
	WFIFOSET(login_fd, 6);
}

void chlogif_send_setacconline(uint32 account_id)
{
	chlogif_send_account(0x272b, account_id);
}

void chlogif_send_setaccoffline(uint32 account_id)
{
	chlogif_send_account(0x272c, account_id);
}

void chlogif_request_accreq(uint32 account_id)
{
	chlogif_send_account(0x2716, account_id);
}

void chlogif_send_usercount(void)
{
	uint32 users = 0;

	for (const struct mmo_map_server &server : map_server)
		users += server.users;
	chlogif_send_account(0x2714, users);
}

// Everybody who is in the game, for a login server that does not know.
static void chlogif_send_acc_tologin(void)
{
	auto &online = char_get_onlinedb();
	const size_t users = online.size() < 10000 ? online.size() : 10000;
	size_t n = 0;

	WFIFOHEAD(login_fd, 6 + users * 4);
	WFIFOW(login_fd, 0) = 0x272d;
	for (const auto &[account_id, character] : online)
		if (n < users)
			WFIFOL(login_fd, 6 + n++ * 4) = account_id;
	WFIFOW(login_fd, 2) = (uint16)(6 + users * 4);
	WFIFOW(login_fd, 4) = (uint16)users;
	WFIFOSET(login_fd, 6 + users * 4);
}

// S 2711 <result>.B
static void chlogif_parse_ackconnect(int32 fd, int32)
{
	if (RFIFOB(fd, 2) != 0) {
		ShowError("The login-server refuses this char-server: name, password, or another one is "
		          "there already.\n");
		set_eof(fd);
		return;
	}
	ShowStatus("Connected to login-server (connection #%d).\n", fd);
	chlogif_send_acc_tologin();
	chlogif_send_usercount();
}

// The player whose ticket the login server has judged, or a null pointer if he is gone.
static struct char_session_data *chlogif_find_session(int32 fd, uint32 account_id, uint32 login_id1,
                                                      uint32 login_id2)
{
	if (!session_isActive(fd) || session[fd]->func_parse != chclif_parse)
		return nullptr;
	struct char_session_data *sd = (struct char_session_data *)session[fd]->session_data;
	if (sd == nullptr || sd->auth || sd->account_id != account_id || sd->login_id1 != login_id1 ||
	    sd->login_id2 != login_id2)
		return nullptr;
	return sd;
}

// S 2713 <account>.L <login_id1>.L <login_id2>.L <sex>.B <result>.B <request>.L <clienttype>.B
static void chlogif_parse_ackaccreq(int32 fd, int32)
{
	const int32 client_fd = (int32)RFIFOL(fd, 16);
	struct char_session_data *sd =
	    chlogif_find_session(client_fd, RFIFOL(fd, 2), RFIFOL(fd, 6), RFIFOL(fd, 10));

	if (sd == nullptr)
		return;
	if (RFIFOB(fd, 15) != 0) {
		chclif_reject(client_fd, 0);
		return;
	}
	char_auth_ok(client_fd, sd);
}

// S 2717 <account>.L <e-mail>.40B <expires>.L <group>.B <slots>.B <birth date>.11B ...
static void chlogif_parse_reqaccdata(int32 fd, int32)
{
	auto character = util::umap_find(char_get_onlinedb(), RFIFOL(fd, 2));

	if (character == nullptr || !session_isActive(character->fd))
		return;
	struct char_session_data *sd = (struct char_session_data *)session[character->fd]->session_data;
	if (sd != nullptr && sd->auth)
		chclif_mmo_char_send(character->fd, *sd);
}

// Somebody logs in with the account of a player who is in the game. S 2734 <account>.L
static void chlogif_parse_askkick(int32 fd, int32)
{
	const uint32 account_id = RFIFOL(fd, 2);
	auto character = util::umap_find(char_get_onlinedb(), account_id);

	if (character == nullptr) {
		chlogif_send_setaccoffline(account_id);
		return;
	}
	if (character->server >= 0) {
		mapif_disconnectplayer(character->server, account_id, 2);
		char_await(account_id);
	} else if (session_isActive(character->fd)) {
		chclif_send_auth_result(character->fd, 2);
		set_eof(character->fd);
	} else {
		char_set_char_offline(0, account_id);
	}
}

static const struct link_packet login_packets[] = {
    {0x2711, 3, chlogif_parse_ackconnect},  {0x2713, 21, chlogif_parse_ackaccreq},
    {0x2717, 75, chlogif_parse_reqaccdata}, {0x2718, 2, link_alive},
    {0x2734, 6, chlogif_parse_askkick},
};

static int32 chlogif_parse(int32 fd)
{
	if (fd != login_fd) {
		ShowDebug("chlogif_parse: session #%d is not the login-server\n", fd);
		do_close(fd);
		return 0;
	}
	if (session[fd]->flag.eof) {
		do_close(fd);
		login_fd = -1;
		ShowWarning("Connection to the login-server lost.\n");
		return 0;
	}
	if (link_keepalive(fd, 0x2719))
		link_parse(fd, -1, login_packets);
	return 0;
}

// S 2710 <name>.24B <password>.24B <?>.L <ip>.L <port>.W <display name>.20B <?>.W <type>.W <new>.W
static void chlogif_login(void)
{
	const auto &config = charserv_config;

	WFIFOHEAD(login_fd, 86);
	memset(WFIFOP(login_fd, 0), 0, 86);
	WFIFOW(login_fd, 0) = 0x2710;
	memcpy(WFIFOP(login_fd, 2), config.userid, NAME_LENGTH);
	memcpy(WFIFOP(login_fd, 26), config.passwd, NAME_LENGTH);
	WFIFOL(login_fd, 54) = htonl(config.char_ip);
	WFIFOW(login_fd, 58) = htons(config.char_port);
	memcpy(WFIFOP(login_fd, 60), config.server_name, 20);
	WFIFOW(login_fd, 82) = config.char_maintenance;
	WFIFOW(login_fd, 84) = config.char_new_display;
	WFIFOSET(login_fd, 86);
}

// Connects to the login server as often as it is needed.
static TIMER_FUNC(chlogif_check_connect_logserver)
{
	(void)tid, (void)tick, (void)id, (void)data;
	if (login_fd > 0 && session_isValid(login_fd))
		return 0;

	const auto &config = charserv_config;
	login_fd = make_connection(config.login_ip, config.login_port, false, 10);
	if (login_fd == -1) {
		login_fd = 0; // nobody is closed for this
		return 0;
	}
	link_open(login_fd, chlogif_parse);
	chlogif_login();
	return 1;
}

void do_init_chlogif(void)
{
	add_timer_func_list(chlogif_check_connect_logserver, "chlogif_check_connect_logserver");
	connect_timer =
	    add_timer_interval(gettick() + 1000, chlogif_check_connect_logserver, 0, 0, 10 * 1000);
}

void do_final_chlogif(void)
{
	if (login_fd > 0)
		do_close(login_fd);
	login_fd = -1;
	delete_timer(connect_timer, chlogif_check_connect_logserver);
}
