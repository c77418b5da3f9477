// SPDX-License-Identifier: MIT
#include "login/login_server.h"

#include "common/core.h"
#include "common/packets.h"
#include "common/showmsg.h"
#include "common/strlib.h"
#include "common/timer.h"

#include <stdio.h>

/* How long a ticket is good for, and a player may take who is thrown out. */
#define AUTH_TIMEOUT_MS 30000

/* An account between its login and the end of its game. */
struct online_login_data {
	int32 timer;
	int32 char_server; /* or one of these */
};
enum { ONLINE_NOWHERE = -1, ONLINE_LOST = -2 /* its char server is gone */ };

static struct char_server {
	int32 fd; /* -1: there is none */
	char name[SERVER_NAME_LENGTH];
	uint32 ip;
	uint16 port;
	uint16 users;
	uint16 type;
	uint16 is_new;
} char_servers[MAX_SERVERS]; /* by account */

struct DBMap *login_auth_db;
static struct DBMap *logged_in; /* struct online_login_data by account */
struct login_config login_config;
static int32 login_fd = -1;

#define INTER   "login_configuration/inter/"
#define BAN     "login_configuration/account/ipban/"
#define DYNAMIC BAN "dynamic_pass_failure/"
#define FAILURE "ipban_dynamic_pass_failure_ban"
const struct setting login_settings[] = {
    SET_CONSOLE("login_configuration/console"),
    SET_IP("bind_ip", INTER "bind_ip", login_config.bind_ip),
    SET_WORD("login_port", INTER "login_port", login_config.port),
    SET_BOOL("log_login", "login_configuration/log/log_login", login_config.log_login),
    SET_BOOL("ipban_enable", BAN "enabled", login_config.ban_check),
    SET_INT("ipban_cleanup_interval", BAN "cleanup_interval", login_config.ban_cleanup_s),
    SET_BOOL(FAILURE, DYNAMIC "enabled", login_config.ban_add),
    SET_INT(FAILURE "_interval", DYNAMIC "ban_interval", login_config.ban_interval_min),
    SET_INT(FAILURE "_limit", DYNAMIC "ban_limit", login_config.ban_limit),
    SET_INT(FAILURE "_duration", DYNAMIC "ban_duration", login_config.ban_duration_min),
    SET_END,
};

/* ---- who is online ---- */

static void login_set_offline(uint32 account_id);

static TIMER_FUNC(login_never_came)
{
	struct online_login_data *online = (struct online_login_data *)idb_get(logged_in, (uint32)id);

	if (online == NULL || online->timer != tid)
		return 0;
	online->timer = INVALID_TIMER;
	login_set_offline((uint32)id);
	idb_remove(login_auth_db, (uint32)id);
	return 0;
}

static void login_stop_timer(struct online_login_data *online)
{
	timer_stop(online->timer, login_never_came);
	online->timer = INVALID_TIMER;
}

static void login_start_timer(struct online_login_data *online, uint32 account_id)
{
	if (online->timer == INVALID_TIMER)
		online->timer =
		    timer_start(gettick() + AUTH_TIMEOUT_MS, login_never_came, (int32)account_id, 0, 0);
}

static struct online_login_data *login_set_online(int32 server, uint32 account_id)
{
	struct online_login_data *online = (struct online_login_data *)idb_get(logged_in, account_id);

	if (online == NULL) {
		CREATE(online, struct online_login_data, 1);
		online->timer = INVALID_TIMER;
		idb_put(logged_in, account_id, online);
	}
	login_stop_timer(online);
	online->char_server = server;
	return online;
}

static void login_set_offline(uint32 account_id)
{
	struct online_login_data *online = (struct online_login_data *)idb_get(logged_in, account_id);

	if (online != NULL)
		login_stop_timer(online);
	idb_remove(logged_in, account_id);
}

static bool login_lose_one(uint32 account_id, void *data, intptr_t server)
{
	struct online_login_data *online = (struct online_login_data *)data;

	if (online->char_server == (int32)server)
		online->char_server = ONLINE_LOST;
	return true;
}

/* All players of a char server that is gone, or that has yet to name those it has. */
static void login_lose(int32 server)
{
	idb_visit(logged_in, login_lose_one, server);
}

static bool login_forget_one(uint32 account_id, void *data, intptr_t unused)
{
	struct online_login_data *online = (struct online_login_data *)data;

	if (online->char_server != ONLINE_LOST)
		return true;
	login_stop_timer(online);
	return false;
}

static TIMER_FUNC(login_forget)
{
	idb_visit(logged_in, login_forget_one, 0);
	return 0;
}

/* ---- char servers ---- */

static void login_server_gone(int32 server)
{
	ShowStatus("Char-server '%s' has disconnected\n", char_servers[server].name);
	do_close(char_servers[server].fd);
	char_servers[server].fd = -1;
	login_lose(server);
}

/* S 2713 <account>.L <login_id1>.L <login_id2>.L <sex>.B <refused>.B <request>.L ... */
void login_judge(int32 fd, int32 server, const struct login_auth_node *node, uint32 account_id,
                 uint32 login_id1, uint32 login_id2, uint8 sex, uint32 request)
{
	/* where the player is now is not compared, as in the emulators */
	const bool is_good = core_is_running() && node != NULL && node->login_id1 == login_id1 &&
	                     node->login_id2 == login_id2 && node->sex == sex;
	const size_t length = LINK_TICKET_LENGTH;

	if (!is_good)
		ShowStatus("Account %u is REFUSED at char-server '%s'\n", account_id,
		           char_servers[server].name);
	WFIFOHEAD(fd, length);
	memset(WFIFOP(fd, 0), 0, length);
	WFIFOW(fd, 0) = 0x2713;
	WFIFOL(fd, 2) = account_id;
	WFIFOL(fd, 6) = login_id1;
	WFIFOL(fd, 10) = login_id2;
	WFIFOB(fd, 14) = sex;
	WFIFOB(fd, 15) = is_good ? 0 : 1;
	WFIFOL(fd, 16) = request;
	if (is_good)
		WFIFOB(fd, length == 21 ? 20 : 24) = node->clienttype;
	WFIFOSET(fd, length);
	if (is_good)
		idb_remove(login_auth_db, account_id);
}

static void login_take_users(int32 fd, int32 server)
{
	char_servers[server].users = RFIFOW(fd, 2);
}

/* S 2717 <account>.L <e-mail>.40B <expires>.L <group>.B <slots>.B <birth date>.11B <pin>.5B ... */
static void login_send_account(int32 fd, int32 server)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const size_t length = LINK_ACCOUNT_LENGTH;
	struct mmo_account account;

	if (!account_load(&account, account_id))
		ShowNotice("Char-server '%s' knows an account %u that there is not\n",
		           char_servers[server].name, account_id);
	WFIFOHEAD(fd, length);
	memset(WFIFOP(fd, 0), 0, length);
	WFIFOW(fd, 0) = 0x2717;
	WFIFOL(fd, 2) = account_id;
	memcpy(WFIFOP(fd, 6), account.email, sizeof(account.email));
	WFIFOL(fd, 46) = account.expiration_time;
	WFIFOB(fd, 50) = account.group_id;
	WFIFOB(fd, 51) = account.char_slots;
	memcpy(WFIFOP(fd, 52), account.birthdate, sizeof(account.birthdate));
	memcpy(WFIFOP(fd, 63), account.pincode, sizeof(account.pincode));
	WFIFOL(fd, 68) = account.pincode_change;
	WFIFOSET(fd, length);
}

static void login_alive(int32 fd, int32 server)
{
	link_send(fd, 0x2718, 2, 0, 0);
}

static void login_take_online(int32 fd, int32 server)
{
	login_set_online(server, RFIFOL(fd, 2));
}

static void login_take_offline(int32 fd, int32 server)
{
	login_set_offline(RFIFOL(fd, 2));
}

static void login_take_list(int32 fd, int32 server)
{
	login_lose(server);
	for (int32 at = LINK_LIST_AT; at + 4 <= RFIFOW(fd, 2); at += 4)
		login_set_online(server, RFIFOL(fd, at));
}

static void login_take_ip(int32 fd, int32 server)
{
	char_servers[server].ip = ntohl(RFIFOL(fd, 2));
}

static void login_take_nobody(int32 fd, int32 server)
{
	login_lose(server);
}

static void login_ignore(int32 fd, int32 server)
{
}

/* But for 2712, which is the dialect's, with its lookup of the ticket. */
static const struct link_packet login_char_packets[] = {
    {0x2712, 23, login_parse_ticket, true}, {0x2714, 6, login_take_users, false},
    {0x2716, 6, login_send_account, false}, {0x2719, 2, login_alive, false},
    {0x2721, 10, login_ignore, false},      {0x272b, LINK_ONLINE_LENGTH, login_take_online, false},
    {0x272c, 6, login_take_offline, false}, {0x272d, 0, login_take_list, false},
    {0x272e, 10, login_ignore, false},      {0x2736, 6, login_take_ip, false},
    {0x2737, 2, login_take_nobody, false},  {0, 0, NULL, false},
};

static int32 login_server_parse(int32 fd)
{
	for (int32 server = 0; server < MAX_SERVERS; ++server) {
		if (char_servers[server].fd != fd)
			continue;
		if (session_of(fd)->flag.eof)
			login_server_gone(server);
		else
			link_parse(fd, server, login_char_packets);
		return 0;
	}
	ShowDebug("session #%d is no char-server\n", fd);
	do_close(fd);
	return 0;
}

bool login_may_serve(const struct login_session_data *sd, int32 result, int32 fd_there)
{
	return result == LOGIN_GOOD && sd->sex == 'S' && !session_isValid(fd_there);
}

/* S 2710 <name>.24B <password>.24B <?>.L <ip>.L <port>.W <display name>.20B <?>.W <type>.W <new>.W
 */
void login_char_server(int32 fd, struct login_session_data *sd, const char *ip, bool is_allowed,
                       uint8 wrong)
{
	struct char_server server = {
	    fd, "", ntohl(RFIFOL(fd, 54)), ntohs(RFIFOW(fd, 58)), 0, RFIFOW(fd, 82), RFIFOW(fd, 84)};
	char text[100];
	int32 result;

	safestrncpy(sd->userid, (const char *)RFIFOP(fd, 2), NAME_LENGTH);
	safestrncpy(sd->passwd, (const char *)RFIFOP(fd, 26), NAME_LENGTH);
	safestrncpy(server.name, (const char *)RFIFOP(fd, 60), SERVER_NAME_LENGTH);
	ShowInfo("A char-server '%s' at %u.%u.%u.%u:%u logs in as '%s' from %s\n", server.name,
	         CONVIP(server.ip), server.port, sd->userid, ip);
	snprintf(text, sizeof(text), "charserver - %s@%u.%u.%u.%u:%u", server.name, CONVIP(server.ip),
	         server.port);
	loginlog_write(session_of(fd)->client_addr, sd->userid, 100, text);

	result = login_check(sd, true);
	if (!is_allowed || !core_is_running() || sd->account_id >= MAX_SERVERS ||
	    !login_may_serve(sd, result, char_servers[sd->account_id].fd)) {
		ShowNotice("Connection of the char-server '%s' is REFUSED\n", server.name);
		link_send_byte(fd, 0x2711, is_allowed ? wrong : 2);
		return;
	}
	ShowStatus("Connection of the char-server '%s' accepted, it is number %u\n", server.name,
	           sd->account_id);
	char_servers[sd->account_id] = server;
	link_open(fd, login_server_parse);
	link_send_byte(fd, 0x2711, 0);
}

/* ---- players ---- */

int32 login_check(struct login_session_data *sd, bool is_server)
{
	struct mmo_account account;
	int32 result = LOGIN_GOOD;
	char ip[16];

	ip2str(session_of(sd->fd)->client_addr, ip);
	if (!account_find(&account, sd->userid) || (!is_server && account.sex == 'S'))
		result = LOGIN_UNKNOWN;
	else if (strcmp(sd->passwd, account.pass) != 0)
		result = LOGIN_WRONG;
	else if (account.expiration_time != 0 && account.expiration_time < time(NULL))
		result = LOGIN_EXPIRED;
	else if (account.unban_time > time(NULL))
		result = LOGIN_BANNED;
	else if (account.state != 0)
		result = (int32)account.state - 1;
	if (result != LOGIN_GOOD) {
		ShowNotice("Login of '%s' from %s is refused: reason %d\n", sd->userid, ip, result);
		return result;
	}
	ShowNotice("Login of '%s' from %s is good: account %u\n", sd->userid, ip, account.account_id);
	sd->account_id = account.account_id;
	sd->login_id1 = (uint32)rnd() + 1;
	sd->login_id2 = (uint32)rnd() + 1;
	sd->sex = account.sex;
	account_note_login(account.account_id, ip);
	if (!is_server && account.account_id < FIRST_PLAYER_ACCOUNT)
		ShowWarning("'%s' is account %u, which are for servers\n", sd->userid, account.account_id);
	return LOGIN_GOOD;
}

/* An account that is in the game is thrown out there, and its login refused. One that has never
 * come to the char server makes room. */
static bool login_is_online(const struct login_session_data *sd)
{
	struct online_login_data *online =
	    (struct online_login_data *)idb_get(logged_in, sd->account_id);

	if (online == NULL || online->char_server == ONLINE_LOST)
		return false;
	if (online->char_server == ONLINE_NOWHERE) {
		idb_remove(login_auth_db, sd->account_id);
		login_set_offline(sd->account_id);
		return false;
	}
	for (int32 i = 0; i < MAX_SERVERS; ++i)
		link_send(char_servers[i].fd, 0x2734, 6, sd->account_id, 0);
	login_start_timer(online, sd->account_id);
	return true;
}

static uint8 login_sex(char sex)
{
	return sex == 'F' ? SEX_FEMALE : sex == 'M' ? SEX_MALE : SEX_SERVER;
}

/* How full a char server is: for newer clients one of five colours. */
static uint16 login_users(uint16 users)
{
	if (PACKETVER < 20170726)
		return users;
	return users <= 200 ? 0 : users <= 500 ? 1 : users <= 1000 ? 2 : 3;
}

#pragma pack(push, 1)
struct packet_server_list {
	int16 id;
	int16 length;
	uint32 login_id1;
	uint32 account_id;
	uint32 login_id2;
	uint32 unused;
	char last_login[26];
	uint8 sex;
#if PACKETVER >= 20170315
	char token[17]; /* for the web server */
#endif
	struct {
		uint32 ip;   /* network byte order */
		uint16 port; /* little-endian */
		char name[SERVER_NAME_LENGTH];
		uint16 users;
		uint16 type;
		uint16 is_new;
#if PACKETVER >= 20170315
		char domain[128];
#endif
	} server[MAX_SERVERS];
};
struct packet_refuse_login {
	int16 id;
#if PACKETVER >= LOGIN_REFUSAL_SINCE
	uint32 reason;
#else
	uint8 reason;
#endif
	char until[20];
};
#pragma pack(pop)

/* False: there is none. */
static bool login_send_servers(const struct login_session_data *sd)
{
	const uint32 lan_ip = login_lan(session_of(sd->fd)->client_addr);
	struct packet_server_list packet;
	size_t count = 0;

	memset(&packet, 0, sizeof packet);
	packet.id = PACKETVER >= 20170315 ? 0x0ac4 : 0x0069;
	packet.login_id1 = sd->login_id1;
	packet.account_id = sd->account_id;
	packet.login_id2 = sd->login_id2;
	packet.sex = login_sex(sd->sex);
#if PACKETVER >= 20170315
	for (int32 i = 0; i < 16; ++i)
		packet.token[i] = "0123456789abcdef"[rnd() % 16];
#endif
	for (int32 i = 0; i < MAX_SERVERS; ++i) {
		const struct char_server *server = &char_servers[i];

		if (!session_isActive(server->fd))
			continue;
		packet.server[count].ip = htonl(lan_ip != 0 ? lan_ip : server->ip);
		packet.server[count].port = ntows(htons(server->port));
		memcpy(packet.server[count].name, server->name, SERVER_NAME_LENGTH);
		packet.server[count].users = login_users(server->users);
		packet.server[count].type = server->type;
		packet.server[count].is_new = server->is_new;
		++count;
	}
	packet.length = (int16)(sizeof(packet) - (MAX_SERVERS - count) * sizeof(packet.server[0]));
	if (count > 0)
		packet_send(sd->fd, &packet, (size_t)packet.length);
	return count > 0;
}

/* 1: the server is closed, 8: still in the game */
static void login_send_error(int32 fd, uint8 error)
{
	packet_send_number(fd, 0x0081, error, 1);
}

static void login_welcome(struct login_session_data *sd)
{
	const uint32 ip = session_of(sd->fd)->client_addr;
	const struct login_auth_node ticket = {
	    sd->account_id, sd->login_id1, sd->login_id2, ip, login_sex(sd->sex), sd->clienttype,
	};
	struct login_auth_node *node;

	if (core_is_running() && login_is_online(sd)) {
		ShowNotice("'%s' is still in the game\n", sd->userid);
		login_send_error(sd->fd, 8);
		return;
	}
	if (!core_is_running() || !login_send_servers(sd)) {
		ShowStatus("There is no char-server for '%s'\n", sd->userid);
		login_send_error(sd->fd, 1);
		return;
	}
	loginlog_write(ip, sd->userid, 100, "login ok");
	node = (struct login_auth_node *)memory_new(1, sizeof *node);
	*node = ticket;
	idb_put(login_auth_db, sd->account_id, node);
	login_start_timer(login_set_online(ONLINE_NOWHERE, sd->account_id), sd->account_id);
}

void login_send_refusal(int32 fd, uint32 reason)
{
	struct packet_refuse_login packet;

	memset(&packet, 0, sizeof packet);
	packet.id = LOGIN_REFUSAL_ID;
	packet.reason = (uint8)reason;
	packet_send(fd, &packet, sizeof(packet));
}

static const char *login_reason(int32 result)
{
	switch (result) {
	case LOGIN_UNKNOWN:
		return "unknown name";
	case LOGIN_WRONG:
		return "wrong password";
	case LOGIN_BANNED:
		return "banned";
	default:
		return "refused";
	}
}

static void login_player(int32 fd, struct login_session_data *sd)
{
	const uint32 ip = session_of(fd)->client_addr;
	int32 result;

	result = login_check(sd, false);
	if (result == LOGIN_GOOD) {
		login_welcome(sd);
		return;
	}
	loginlog_write(ip, sd->userid, result, login_reason(result));
	login_failed(ip, result);
	login_send_refusal(fd, (uint32)result);
}

/* S 0064 <version>.L <name>.24B <password>.24B <client type>.B */
static bool login_parse_name(int32 fd, void *data)
{
	struct login_session_data *sd = (struct login_session_data *)data;

	safestrncpy(sd->userid, (const char *)RFIFOP(fd, 6), NAME_LENGTH);
	safestrncpy(sd->passwd, (const char *)RFIFOP(fd, 30), NAME_LENGTH);
	sd->clienttype = RFIFOB(fd, 54);
	login_player(fd, sd);
	return true;
}

/* S 0825 <length>.W <version>.L <client type>.B <name>.24B <password>.27B <mac>.17B <ip>.15B
 * <token>.*B The token is taken for the password. */
static bool login_parse_token(int32 fd, void *data)
{
	struct login_session_data *sd = (struct login_session_data *)data;
	const size_t size = (size_t)RFIFOW(fd, 2) - 92 + 1;

	safestrncpy(sd->userid, (const char *)RFIFOP(fd, 9), NAME_LENGTH);
	safestrncpy(sd->passwd, (const char *)RFIFOP(fd, 92),
	            size < sizeof(sd->passwd) ? size : sizeof(sd->passwd));
	sd->clienttype = RFIFOB(fd, 8);
	login_player(fd, sd);
	return true;
}

/* A salt for passwords that are sent as a hash. S 01dc <length>.W <salt>.*B */
static bool login_parse_salt(int32 fd, void *data)
{
	uint8 packet[24] = {0xdc, 0x01, sizeof(packet), 0};

	for (size_t i = 4; i < sizeof(packet); ++i)
		packet[i] = (uint8)(1 + rnd() % 255);
	packet_send(fd, packet, sizeof(packet));
	return true;
}

static bool login_parse_nothing(int32 fd, void *data)
{
	return true;
}

static const struct client_packet login_packets[] = {
    {0x0064, 55, false, login_parse_name},    {0x01db, 2, false, login_parse_salt},
    {0x0200, 26, false, login_parse_nothing}, {0x0204, 18, false, login_parse_nothing},
    {0x0825, 92, true, login_parse_token},    {0, 0, false, NULL},
};

/* The parse handler of every new connection. */
static int32 login_parse(int32 fd)
{
	struct login_session_data *sd = (struct login_session_data *)session_of(fd)->session_data;
	const uint32 client_addr = session_of(fd)->client_addr;
	char ip[16];

	ip2str(client_addr, ip);
	if (session_of(fd)->flag.eof) {
		ShowInfo("Closed connection from '%s', session #%d\n", ip, fd);
		do_close(fd);
		return 0;
	}
	if (sd == NULL) { /* on its first turn */
		if (login_is_banned(client_addr)) {
			ShowStatus("%s is banned\n", ip);
			loginlog_write(client_addr, "unknown", -3, "ip banned");
			login_send_banned(fd);
			set_eof(fd);
			return 0;
		}
		CREATE(sd, struct login_session_data, 1);
		sd->fd = fd;
		session_of(fd)->session_data = sd;
	}
	for (int32 i = 0; i < LOGIN_PACKETS_A_TURN && RFIFOREST(fd) >= 2; ++i)
		if (login_server_packet(fd, sd, ip) || !packet_handle(fd, sd, login_packets))
			break;
	return 0;
}

/* ---- the program ---- */

void login_begin(void)
{
	static const struct login_config usual = {INADDR_ANY, 6900, true, true, true, 5, 7, 5, 60};

	login_config = usual;
}

bool login_open(void)
{
	logged_in = idb_alloc();
	login_auth_db = idb_alloc();
	for (int32 i = 0; i < MAX_SERVERS; ++i)
		char_servers[i].fd = -1;
	loginlog_init();
	ipban_init();
	if (!account_init())
		return false;
	timer_start(gettick() + 600000, login_forget, 0, 0, 600000);
	session_parse = login_parse;
	session_validates = true;
	login_fd = make_listen_bind(login_config.bind_ip, login_config.port);
	if (login_fd == -1)
		return false;
	ShowStatus("The login-server is " CL_GREEN "ready" CL_RESET " on port %u\n", login_config.port);
	loginlog_write(0, "login server", 100, "the server has started");
	return true;
}

void do_shutdown(void)
{
	for (int32 i = 0; i < MAX_SERVERS; ++i)
		if (session_isValid(char_servers[i].fd))
			do_close(char_servers[i].fd);
	session_send_all();
}

void do_final(void)
{
	loginlog_write(0, "login server", 100, "the server has ended");
	loginlog_final();
	ipban_final();
	account_final();
	idb_free(logged_in);
	idb_free(login_auth_db);
	ShowStatus("Finished.\n");
}
