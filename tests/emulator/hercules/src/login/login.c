#define HERCULES_CORE

#include "login.h"

#include "login/account.h"
#include "login/ipban.h"
#include "login/lapiif.h"
#include "login/lclif.h"
#include "login/loginlog.h"
#include "login/packets_ca_struct.h"
#include "common/HPM.h"
#include "common/conf.h"
#include "common/core.h"
#include "common/db.h"
#include "common/link.h"
#include "common/memmgr.h"
#include "common/random.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/strlib.h"
#include "common/timer.h"

#include <stdio.h>
#include <stdlib.h>

static struct login_interface the_login;
struct login_interface *login;
static struct lchrif_interface the_lchrif;
struct lchrif_interface *lchrif;
static struct s_login_dbs the_servers;
static struct Login_Config the_config;

#define AUTH_TIMEOUT 30000

static void login_stop_waiting(struct online_login_data *p)
{
	if (p->waiting_disconnect == INVALID_TIMER)
		return;
	timer->delete_(p->waiting_disconnect, login->waiting_disconnect_timer);
	p->waiting_disconnect = INVALID_TIMER;
}

static struct online_login_data *login_add_online_user(int char_server, int account_id)
{
	struct online_login_data *p = idb_get(login->online_db, (uint32)account_id);

	if (p == NULL) {
		CREATE(p, struct online_login_data, 1);
		p->account_id = account_id;
		p->waiting_disconnect = INVALID_TIMER;
		idb_put(login->online_db, (uint32)account_id, p);
	}
	login_stop_waiting(p);
	p->char_server = char_server;
	return p;
}

static void login_remove_online_user(int account_id)
{
	struct online_login_data *p = idb_get(login->online_db, (uint32)account_id);

	if (p == NULL)
		return;
	login_stop_waiting(p);
	idb_remove(login->online_db, (uint32)account_id);
}

static int login_waiting_disconnect_timer(int tid, int64 tick, int id, intptr_t data)
{
	struct online_login_data *p = idb_get(login->online_db, (uint32)id);

	if (p == NULL || p->waiting_disconnect != tid)
		return 0;
	p->waiting_disconnect = INVALID_TIMER;
	login->remove_online_user(id);
	idb_remove(login->auth_db, (uint32)id);
	return 0;
}

static bool login_online_db_setoffline(uint32 key, void *data, intptr_t id)
{
	struct online_login_data *p = data;

	if (p->char_server == (int)id)
		p->char_server = -2;
	return true;
}

static bool login_online_data_cleanup_sub(uint32 key, void *data, intptr_t arg)
{
	struct online_login_data *p = data;

	if (p->char_server != -2)
		return true;
	login_stop_waiting(p);
	return false;
}

/* Every ten minutes: players of a char server that went away and did not come back. */
static int login_online_data_cleanup(int tid, int64 tick, int id, intptr_t data)
{
	db_foreach(login->online_db, login_online_data_cleanup_sub, 0);
	return 0;
}

static void charif_send(const uint8 *buf, size_t len)
{
	for (int i = 0; i < MAX_SERVERS; ++i) {
		int fd = login->dbs->server[i].fd;

		if (!sockt->session_is_valid(fd))
			continue;
		WFIFOHEAD(fd, len);
		memcpy(WFIFOP(fd, 0), buf, len);
		WFIFOSET(fd, len);
	}
}

static void lchrif_server_init(int id)
{
	memset(&login->dbs->server[id], 0, sizeof(login->dbs->server[id]));
	login->dbs->server[id].fd = -1;
}

static void lchrif_server_reset(int id)
{
	db_foreach(login->online_db, login_online_db_setoffline, id);
	if (login->dbs->server[id].fd != -1)
		sockt->close(login->dbs->server[id].fd);
	lchrif->server_init(id);
}

static void lchrif_on_disconnect(int id)
{
	ShowStatus("Char-server '%s' has disconnected.\n", login->dbs->server[id].name);
	lchrif->server_reset(id);
}

static uint32 login_lan_subnet_check(uint32 ip)
{
	return sockt->lan_subnet_check(ip, NULL);
}

/* ---- char servers ---- */

/* Is the player's ticket good? It is torn on its first use.
 * S 2712 <account>.L <login_id1>.L <login_id2>.L <sex>.B <player's ip>.L <request>.L */
static void login_fromchar_parse_auth(int fd, int id, const char *ip)
{
	const uint32 account_id = RFIFOL(fd, 2);
	const uint32 login_id1 = RFIFOL(fd, 6);
	const uint32 login_id2 = RFIFOL(fd, 10);
	const uint8 sex = RFIFOB(fd, 14);
	const uint32 request_id = RFIFOL(fd, 19);

	RFIFOSKIP(fd, 23);

	const struct login_auth_node *node = idb_get(login->auth_db, account_id);
	/* the address at offset 15 is not compared, as in the emulators */
	const bool good = core->runflag == LOGINSERVER_ST_RUNNING && node != NULL &&
	                  node->login_id1 == login_id1 && node->login_id2 == login_id2 &&
	                  node->sex == sex_num2str(sex);

	if (!good)
		ShowStatus("Char-server '%s': authentication of the account %u REFUSED (ip: %s).\n",
		           login->dbs->server[id].name, account_id, ip);
	WFIFOHEAD(fd, 33);
	memset(WFIFOP(fd, 0), 0, 33);
	WFIFOW(fd, 0) = 0x2713;
	WFIFOL(fd, 2) = account_id;
	WFIFOL(fd, 6) = login_id1;
	WFIFOL(fd, 10) = login_id2;
	WFIFOB(fd, 14) = sex;
	WFIFOB(fd, 15) = good ? 0 : 1;
	WFIFOL(fd, 16) = request_id;
	if (good) {
		WFIFOL(fd, 20) = node->version;
		WFIFOB(fd, 24) = node->clienttype;
		WFIFOL(fd, 25) = (uint32)node->group_id;
		WFIFOL(fd, 29) = (uint32)node->expiration_time;
	}
	WFIFOSET(fd, 33);
	if (good)
		idb_remove(login->auth_db, account_id);
}

static void login_fromchar_parse_update_users(int fd, int id)
{
	const uint16 users = (uint16)RFIFOL(fd, 2);

	if (login->dbs->server[id].users != users)
		ShowStatus("Users on '%s': %d\n", login->dbs->server[id].name, users);
	login->dbs->server[id].users = users;
}

static void login_fromchar_parse_account_data(int fd, int id, const char *ip)
{
	const int account_id = (int)RFIFOL(fd, 2);
	struct mmo_account acc;

	if (!login->accounts->load_num(login->accounts, &acc, account_id))
		ShowNotice("Char-server '%s': account %d NOT found (ip: %s).\n",
		           login->dbs->server[id].name, account_id, ip);
	/* of an unknown account everything is empty */
	WFIFOHEAD(fd, 72);
	memset(WFIFOP(fd, 0), 0, 72);
	WFIFOW(fd, 0) = 0x2717;
	WFIFOL(fd, 2) = (uint32)account_id;
	safestrncpy(WFIFOP(fd, 6), acc.email, 40);
	WFIFOL(fd, 46) = (uint32)acc.expiration_time;
	WFIFOB(fd, 50) = (uint8)acc.group_id;
	WFIFOB(fd, 51) = acc.char_slots;
	safestrncpy(WFIFOP(fd, 52), acc.birthdate, sizeof(acc.birthdate));
	safestrncpy(WFIFOP(fd, 63), acc.pincode, sizeof(acc.pincode));
	WFIFOL(fd, 68) = acc.pincode_change;
	WFIFOSET(fd, 72);
}

static void login_fromchar_pong(int fd)
{
	WFIFOHEAD(fd, 2);
	WFIFOW(fd, 0) = 0x2718;
	WFIFOSET(fd, 2);
}

/* S 272d <length>.W <users>.L {<account>.L}* */
static void login_fromchar_parse_online_accounts(int fd, int id)
{
	const uint32 users = RFIFOL(fd, 4);

	db_foreach(login->online_db, login_online_db_setoffline, id);
	for (uint32 i = 0; i < users && 8 + (i + 1) * 4 <= RFIFOW(fd, 2); ++i)
		login->add_online_user(id, (int)RFIFOL(fd, 8 + i * 4));
}

static void login_fromchar_parse_update_wan_ip(int fd, int id)
{
	login->dbs->server[id].ip = ntohl(RFIFOL(fd, 2));
	ShowInfo("Char-server #%d is now at %u.%u.%u.%u\n", id, CONVIP(login->dbs->server[id].ip));
}

/* Bytes of the packet at the front of the buffer: 0 for an unknown one, more than RFIFOREST if the
 * rest has to come first. */
static size_t login_fromchar_packet_size(int fd)
{
	switch (RFIFOW(fd, 0)) {
	case 0x2719:
	case 0x2737:
		return 2;
	case 0x2714:
	case 0x2716:
	case 0x272c:
	case 0x2736:
		return 6;
	case 0x272b:
		return 7;
	case 0x2721:
	case 0x272e:
		return 10;
	case 0x2712:
		return 23;
	case 0x272d:
		return RFIFOREST(fd) < 8 || RFIFOW(fd, 2) < 8 ? 8 : RFIFOW(fd, 2);
	default:
		return 0;
	}
}

static int login_parse_fromchar(int fd)
{
	char ip[16];
	int id = 0;

	while (id < MAX_SERVERS && login->dbs->server[id].fd != fd)
		++id;
	if (id == MAX_SERVERS) {
		ShowDebug("login_parse_fromchar: session #%d is no char-server\n", fd);
		sockt->eof(fd);
		sockt->close(fd);
		return 0;
	}

	if (sockt->session[fd]->flag.eof) {
		sockt->close(fd);
		login->dbs->server[id].fd = -1;
		lchrif->on_disconnect(id);
		return 0;
	}

	sockt->ip2str(login->dbs->server[id].ip, ip);
	while (RFIFOREST(fd) >= 2) {
		const unsigned int command = RFIFOW(fd, 0);
		const size_t size = login_fromchar_packet_size(fd);

		if (size == 0) {
			ShowError("login_parse_fromchar: Unknown packet 0x%x from a char-server! "
			          "Disconnecting!\n",
			          command);
			sockt->eof(fd);
			return 0;
		}
		if (RFIFOREST(fd) < size)
			return 0;

		switch (command) {
		case 0x2712:
			login_fromchar_parse_auth(fd, id, ip);
			continue; /* it has skipped the packet itself */
		case 0x2714:
			login_fromchar_parse_update_users(fd, id);
			break;
		case 0x2716:
			login_fromchar_parse_account_data(fd, id, ip);
			break;
		case 0x2719:
			login_fromchar_pong(fd);
			break;
		case 0x272b:
			login->add_online_user(id, (int)RFIFOL(fd, 2));
			break;
		case 0x272c:
			login->remove_online_user((int)RFIFOL(fd, 2));
			break;
		case 0x272d:
			login_fromchar_parse_online_accounts(fd, id);
			break;
		case 0x2736:
			login_fromchar_parse_update_wan_ip(fd, id);
			break;
		case 0x2737:
			ShowInfo("Nobody of char-server #%d is online\n", id);
			db_foreach(login->online_db, login_online_db_setoffline, id);
			break;
		default: /* 0x2721 and 0x272e: things that nobody keeps here */
			break;
		}
		RFIFOSKIP(fd, size);
	}
	return 0;
}

/* ---- players ---- */

/* Creates an account. -1: done, otherwise the reason of a refused login. */
static int login_mmo_auth_new(const char *userid, const char *pass, char sex, const char *last_ip)
{
	static int num_regs = 0;
	static int64 new_reg_tick = 0; /* num_regs counts up to then */
	struct AccountDB *accounts = login->accounts;
	struct mmo_account acc;

	if (timer->gettick() < new_reg_tick && num_regs >= login->config->allowed_regs) {
		ShowNotice("No new account '%s': too many of late\n", userid);
		return 3;
	}
	if (login->config->new_acc_length_limit && (strlen(userid) < 4 || strlen(pass) < 4))
		return 1;
	if (accounts->load_str(accounts, &acc, userid)) {
		ShowNotice("No new account '%s': it exists\n", userid);
		return 1;
	}
	memset(&acc, 0, sizeof(acc));
	safestrncpy(acc.userid, userid, sizeof(acc.userid));
	safestrncpy(acc.pass, pass, sizeof(acc.pass));
	acc.sex = sex;
	safestrncpy(acc.email, "a@a.com", sizeof(acc.email));
	safestrncpy(acc.last_ip, last_ip, sizeof(acc.last_ip));
	if (!accounts->create(accounts, &acc))
		return 0;
	ShowNotice("Account creation (account %s, id: %d, sex: %c)\n", acc.userid, acc.account_id,
	           acc.sex);
	if (timer->gettick() >= new_reg_tick) {
		num_regs = 0;
		new_reg_tick = timer->gettick() + login->config->time_allowed * 1000;
	}
	++num_regs;
	return -1;
}

/* "name_M" and "name_F" ask for a new account: the ending is cut off. 0 if there is none. */
static char login_cut_sex(struct login_session_data *sd)
{
	size_t len = strnlen(sd->userid, sizeof(sd->userid));

	if (len <= 2 || sd->passwd[0] == '\0' || sd->userid[len - 2] != '_')
		return 0;
	char sex = (char)TOUPPER(sd->userid[len - 1]);
	if (sex != 'F' && sex != 'M')
		return 0;
	sd->userid[len - 2] = '\0';
	return sex;
}

static int login_mmo_auth(struct login_session_data *sd, bool isServer)
{
	struct AccountDB *accounts = login->accounts;
	struct mmo_account acc;
	char ip[16];

	sockt->ip2str(sockt->session[sd->fd]->client_addr, ip);

	if (!isServer && login->config->check_client_version &&
	    sd->version != login->config->client_version_to_connect)
		return 5;
	if (login->config->new_account_flag) {
		char sex = login_cut_sex(sd);
		int result = sex != 0 ? login_mmo_auth_new(sd->userid, sd->passwd, sex, ip) : -1;

		if (result != -1)
			return result;
	}
	if (sd->userid[0] == '\0' || !accounts->load_str(accounts, &acc, sd->userid)) {
		ShowNotice("Login refused: unknown account '%s' (ip: %s)\n", sd->userid, ip);
		return 0;
	}
	if (strcmp(sd->passwd, acc.pass) != 0) {
		ShowNotice("Login refused: wrong password for '%s' (ip: %s)\n", sd->userid, ip);
		return 1;
	}
	if (acc.unban_time > time(NULL)) {
		ShowNotice("Login refused: account '%s' is banned (ip: %s)\n", sd->userid, ip);
		return 6;
	}
	if (acc.state != 0) {
		ShowNotice("Login refused: account '%s' has state %u (ip: %s)\n", sd->userid, acc.state,
		           ip);
		return (int)acc.state - 1;
	}
	ShowNotice("Authentication accepted (account: %s, id: %d, ip: %s)\n", sd->userid,
	           acc.account_id, ip);

	sd->account_id = acc.account_id;
	sd->login_id1 = rnd() + 1;
	sd->login_id2 = rnd() + 1;
	sd->sex = acc.sex;
	sd->group_id = acc.group_id;
	sd->expiration_time = acc.expiration_time;
	safestrncpy(acc.last_ip, ip, sizeof(acc.last_ip));
	accounts->note_login(accounts, &acc);
	if (acc.sex != 'S' && acc.account_id < START_ACCOUNT_NUM)
		ShowWarning("account %d of '%s' is below %d\n", acc.account_id, sd->userid,
		            START_ACCOUNT_NUM);
	return -1;
}

static bool login_group_may_connect(const struct login_session_data *sd)
{
	if (login->config->group_id_to_connect >= 0)
		return sd->group_id == login->config->group_id_to_connect;
	return sd->group_id >= login->config->min_group_id_to_connect;
}

/* An account that is still in the game is thrown out there, and this login fails. One that never
 * came as far as the char server makes room. */
static bool login_already_online(struct login_session_data *sd)
{
	struct online_login_data *data = idb_get(login->online_db, (uint32)sd->account_id);
	uint8 buf[6] = {0x34, 0x27};

	if (data == NULL)
		return false;
	if (data->char_server == -1) {
		idb_remove(login->auth_db, (uint32)sd->account_id);
		login->remove_online_user(sd->account_id);
		return false;
	}
	if (data->char_server < 0)
		return false;
	ShowNotice("Login refused: '%s' is in the game\n", sd->userid);
	memcpy(buf + 2, &sd->account_id, 4);
	charif_send(buf, sizeof(buf));
	if (data->waiting_disconnect == INVALID_TIMER)
		data->waiting_disconnect = timer->add(timer->gettick() + AUTH_TIMEOUT,
		                                      login->waiting_disconnect_timer, sd->account_id, 0);
	return true;
}

static void login_auth_ok(struct login_session_data *sd)
{
	const int fd = sd->fd;
	const uint32 ip = sockt->session[fd]->client_addr;
	struct login_auth_node *node;

	if (core->runflag != LOGINSERVER_ST_RUNNING) {
		lclif->connection_error(fd, 1);
		return;
	}
	if (!login_group_may_connect(sd)) {
		ShowStatus("Login refused: not for group %d (account '%s')\n", sd->group_id, sd->userid);
		lclif->connection_error(fd, 1);
		return;
	}
	if (login_already_online(sd)) {
		lclif->connection_error(fd, 8);
		return;
	}
	if (!lclif->server_list(sd)) {
		ShowStatus("Login refused: there is no char-server (account '%s')\n", sd->userid);
		lclif->connection_error(fd, 1);
		return;
	}

	loginlog->log(ip, sd->userid, 100, "login ok");
	ShowStatus("Connection of the account '%s' accepted.\n", sd->userid);

	CREATE(node, struct login_auth_node, 1);
	node->account_id = sd->account_id;
	node->login_id1 = (uint32)sd->login_id1;
	node->login_id2 = (uint32)sd->login_id2;
	node->ip = ip;
	node->sex = sd->sex;
	node->version = sd->version;
	node->clienttype = sd->clienttype;
	node->group_id = sd->group_id;
	node->expiration_time = sd->expiration_time;
	idb_put(login->auth_db, (uint32)sd->account_id, node);

	struct online_login_data *data = login->add_online_user(-1, sd->account_id);
	data->waiting_disconnect = timer->add(timer->gettick() + AUTH_TIMEOUT,
	                                      login->waiting_disconnect_timer, sd->account_id, 0);
}

static const char *login_error_text(int result)
{
	static const char *const texts[] = {
	    "Unregistered ID.", "Incorrect Password.",  "Account Expired.", "Rejected from server.",
	    "Blocked by GM.",   "Not latest game EXE.", "Banned.",
	};

	return result >= 0 && result < ARRAYLENGTH(texts) ? texts[result] : "Unknown Error.";
}

static void login_auth_failed(struct login_session_data *sd, int result)
{
	const uint32 ip = sockt->session[sd->fd]->client_addr;
	struct mmo_account acc;
	time_t ban_time = 0;

	if (login->config->log_login)
		loginlog->log(ip, sd->userid, result, login_error_text(result));
	if (result == 1 && login->config->dynamic_pass_failure_ban && !sockt->trusted_ip_check(ip))
		ipban->log(ip);
	if (result == 6 && login->accounts->load_str(login->accounts, &acc, sd->userid))
		ban_time = acc.unban_time;
	lclif->auth_failed(sd->fd, ban_time, (uint32)result);
}

static void login_client_login(int fd, struct login_session_data *sd)
{
	char ip[16];

	sockt->ip2str(sockt->session[fd]->client_addr, ip);
	ShowStatus("Request for connection of %s (ip: %s).\n", sd->userid, ip);

	int result = login->mmo_auth(sd, false);
	if (result == -1)
		login->auth_ok(sd);
	else
		login->auth_failed(sd, result);
}

/* ---- servers that log in ---- */

static void login_char_server_connection_status(int fd, struct login_session_data *sd, uint8 status)
{
	WFIFOHEAD(fd, 3);
	WFIFOW(fd, 0) = 0x2711;
	WFIFOB(fd, 2) = status;
	WFIFOSET2(fd, 3);
}

static void login_api_server_connection_status(int fd, struct login_session_data *sd, uint8 status)
{
	WFIFOHEAD(fd, 3);
	WFIFOW(fd, 0) = 0x2811;
	WFIFOB(fd, 2) = status;
	WFIFOSET2(fd, 3);
}

static void login_parse_request_connection(int fd, struct login_session_data *sd, const char *ip,
                                           uint32 ipl) __attribute__((nonnull(2, 3)));
static void login_parse_request_connection(int fd, struct login_session_data *sd, const char *ip,
                                           uint32 ipl)
{
	const struct PACKET_CA_CHARSERVERCONNECT *packet = RFIFOP(fd, 0);
	char server_name[MAX_CHARSERVER_NAME_SIZE];
	char message[256];
	const uint32 server_ip = ntohl(packet->ip);
	const uint16 server_port = ntohs(packet->port);
	int result;

	safestrncpy(sd->userid, packet->userid, NAME_LENGTH);
	safestrncpy(sd->passwd, packet->password, NAME_LENGTH);
	safestrncpy(server_name, packet->name, sizeof(server_name));

	ShowInfo("Connection request of the char-server '%s' @ %u.%u.%u.%u:%u (account: '%s', "
	         "ip: '%s')\n",
	         server_name, CONVIP(server_ip), server_port, sd->userid, ip);
	snprintf(message, sizeof(message), "charserver - %s@%u.%u.%u.%u:%u", server_name,
	         CONVIP(server_ip), server_port);
	loginlog->log(sockt->session[fd]->client_addr, sd->userid, 100, message);

	result = login->mmo_auth(sd, true);
	if (!sockt->allowed_ip_check(ipl)) {
		ShowNotice("Connection of the char-server '%s' REFUSED: its address is not allowed.\n",
		           server_name);
		login->char_server_connection_status(fd, sd, 2);
		return;
	}
	if (core->runflag != LOGINSERVER_ST_RUNNING || result != -1 || sd->sex != 'S' ||
	    sd->account_id < 0 || sd->account_id >= MAX_SERVERS ||
	    sockt->session_is_valid(login->dbs->server[sd->account_id].fd)) {
		ShowNotice("Connection of the char-server '%s' REFUSED.\n", server_name);
		login->char_server_connection_status(fd, sd, 1);
		return;
	}

	ShowStatus("Connection of the char-server '%s' accepted.\n", server_name);
	struct mmo_char_server *server = &login->dbs->server[sd->account_id];
	safestrncpy(server->name, server_name, sizeof(server->name));
	server->fd = fd;
	server->ip = server_ip;
	server->port = server_port;
	server->users = 0;
	server->type = packet->type;
	server->new_ = packet->new_;
	link_open(fd, login->parse_fromchar);
	login->char_server_connection_status(fd, sd, 0);
}

static void login_parse_request_api_connection(int fd, struct login_session_data *sd,
                                               const char *ip, uint32 ipl)
    __attribute__((nonnull(2, 3)));
static void login_parse_request_api_connection(int fd, struct login_session_data *sd,
                                               const char *ip, uint32 ipl)
{
	const struct PACKET_CA_APISERVERCONNECT *packet = RFIFOP(fd, 0);
	char message[256];
	int result;

	safestrncpy(sd->userid, packet->userid, NAME_LENGTH);
	safestrncpy(sd->passwd, packet->password, NAME_LENGTH);
	ShowInfo("Connection request of the api-server (account: '%s', ip: '%s')\n", sd->userid, ip);
	snprintf(message, sizeof(message), "apiserver - %s", ip);
	loginlog->log(ipl, sd->userid, 100, message);

	result = login->mmo_auth(sd, true);
	if (!sockt->allowed_ip_check(ipl)) {
		ShowNotice("Connection of the api-server REFUSED: its address is not allowed.\n");
		login->api_server_connection_status(fd, sd, 2);
		return;
	}
	if (core->runflag != LOGINSERVER_ST_RUNNING || result != -1 || sd->sex != 'S' ||
	    sd->account_id < 0 || sd->account_id >= MAX_SERVERS ||
	    sockt->session_is_valid(login->dbs->api_server[sd->account_id].fd)) {
		ShowNotice("Connection of the api-server REFUSED.\n");
		login->api_server_connection_status(fd, sd, 1);
		return;
	}
	ShowStatus("Connection of the api-server accepted.\n");
	login->dbs->api_server[sd->account_id].fd = fd;
	link_open(fd, lapiif->parse);
	login->api_server_connection_status(fd, sd, 0);
}

static uint16 login_convert_users_to_colors(uint16 users)
{
#if PACKETVER >= 20170726
	/* a colour instead of a number: green, yellow, red, purple, none */
	if (!login->config->send_user_count_description)
		return 4;
	if (users <= login->config->users_low)
		return 0;
	if (users <= login->config->users_medium)
		return 1;
	return users <= login->config->users_high ? 2 : 3;
#else
	return users;
#endif
}

/* ---- configuration ---- */

static void login_config_set_defaults(void)
{
	struct Login_Config *to = login->config;

	memset(to, 0, sizeof(*to));
	to->login_ip = INADDR_ANY;
	to->login_port = 6900;
	to->ipban_cleanup_interval = 60;
	to->log_login = true;
	safestrncpy(to->date_format, "%Y-%m-%d %H:%M:%S", sizeof(to->date_format));
	to->new_account_flag = true;
	to->new_acc_length_limit = true;
	to->allowed_regs = 1;
	to->time_allowed = 10;
	to->group_id_to_connect = -1;
	to->min_group_id_to_connect = -1;
	to->client_version_to_connect = 20;
	to->ipban = true;
	to->dynamic_pass_failure_ban = true;
	to->dynamic_pass_failure_ban_interval = 5;
	to->dynamic_pass_failure_ban_limit = 7;
	to->dynamic_pass_failure_ban_duration = 5;
}

static void login_config_read_inter(struct config_t *config)
{
	struct config_setting_t *setting = libconfig->lookup(config, "login_configuration/inter");
	const char *bind_ip = NULL;

	if (setting == NULL)
		return;
	libconfig->setting_lookup_uint16(setting, "login_port", &login->config->login_port);
	if (libconfig->setting_lookup_string(setting, "bind_ip", &bind_ip) == CONFIG_TRUE)
		login->config->login_ip = sockt->host2ip(bind_ip);
}

static void login_config_read_console(struct config_t *config)
{
	struct config_setting_t *setting = libconfig->lookup(config, "login_configuration/console");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_bool_real(setting, "stdout_with_ansisequence",
	                                    &showmsg->stdout_with_ansisequence);
	libconfig->setting_lookup_int(setting, "console_silent", &showmsg->silent);
	libconfig->setting_lookup_mutable_string(setting, "timestamp_format", showmsg->timestamp_format,
	                                         sizeof(showmsg->timestamp_format));
}

static void login_config_read_log(struct config_t *config)
{
	struct config_setting_t *setting = libconfig->lookup(config, "login_configuration/log");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_bool_real(setting, "log_login", &login->config->log_login);
	libconfig->setting_lookup_mutable_string(setting, "date_format", login->config->date_format,
	                                         sizeof(login->config->date_format));
}

static bool login_config_read_account(const char *filename, struct config_t *config, bool imported)
{
	struct Login_Config *to = login->config;
	struct config_setting_t *setting = libconfig->lookup(config, "login_configuration/account");

	if (setting == NULL) {
		if (!imported)
			ShowError("login_configuration/account was not found in %s!\n", filename);
		return imported;
	}
	libconfig->setting_lookup_bool_real(setting, "new_account", &to->new_account_flag);
	libconfig->setting_lookup_bool_real(setting, "new_acc_length_limit", &to->new_acc_length_limit);
	libconfig->setting_lookup_int(setting, "allowed_regs", &to->allowed_regs);
	libconfig->setting_lookup_int(setting, "time_allowed", &to->time_allowed);

	bool accounts = login->accounts->set_property(login->accounts, config, imported);
	return ipban->config_read(filename, config, imported) && accounts;
}

static void login_config_read_permission(struct config_t *config)
{
	struct Login_Config *to = login->config;
	struct config_setting_t *setting = libconfig->lookup(config, "login_configuration/permission");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_int(setting, "group_id_to_connect", &to->group_id_to_connect);
	libconfig->setting_lookup_int(setting, "min_group_id_to_connect", &to->min_group_id_to_connect);
	libconfig->setting_lookup_bool_real(setting, "check_client_version", &to->check_client_version);
	libconfig->setting_lookup_uint32(setting, "client_version_to_connect",
	                                 &to->client_version_to_connect);
}

static void login_config_read_users(struct config_t *config)
{
	struct Login_Config *to = login->config;
	struct config_setting_t *setting = libconfig->lookup(config, "login_configuration/users_count");

	if (setting == NULL)
		return;
	libconfig->setting_lookup_bool_real(setting, "send_user_count_description",
	                                    &to->send_user_count_description);
	libconfig->setting_lookup_uint32(setting, "low", &to->users_low);
	libconfig->setting_lookup_uint32(setting, "medium", &to->users_medium);
	libconfig->setting_lookup_uint32(setting, "high", &to->users_high);
}

static bool login_config_read(const char *filename, bool imported)
{
	struct config_t config;
	const char *import = NULL;
	bool retval = true;

	if (!libconfig->load_file(&config, filename))
		return false;

	login_config_read_inter(&config);
	login_config_read_console(&config);
	login_config_read_log(&config);
	if (!login_config_read_account(filename, &config, imported))
		retval = false;
	login_config_read_permission(&config);
	login_config_read_users(&config);
	if (!loginlog->config_read("conf/common/inter-server.conf", imported))
		retval = false;
	ShowInfo("%s has been read.\n", filename);

	/* an imported file has the last word */
	if (libconfig->lookup_string(&config, "import", &import) == CONFIG_TRUE) {
		if (strcmp(import, filename) == 0 || strcmp(import, login->LOGIN_CONF_NAME) == 0)
			ShowWarning("%s: imports itself\n", filename);
		else if (!login->config_read(import, true))
			retval = false;
	}
	libconfig->destroy(&config);
	return retval;
}

/* ---- the program ---- */

static void do_shutdown_login(void)
{
	if (core->runflag == LOGINSERVER_ST_SHUTDOWN)
		return;
	core->runflag = LOGINSERVER_ST_SHUTDOWN;
	ShowStatus("Shutting down...\n");
	for (int id = 0; id < MAX_SERVERS; ++id) {
		lchrif->server_reset(id);
		lapiif->server_reset(id);
	}
	sockt->flush_fifos();
	core->runflag = CORE_ST_STOP;
}

int do_init(int argc, char **argv)
{
	account_defaults();
	login_defaults();
	login->accounts = account->db_sql();
	ipban_defaults();
	lchrif_defaults();
	lclif_defaults();
	loginlog_defaults();
	lapiif_defaults();

	login->config_set_defaults();
	lclif->init();
	login->config_read(login->LOGIN_CONF_NAME, false);
	sockt->net_config_read(login->NET_CONF_NAME);

	login->online_db = idb_alloc();
	login->auth_db = idb_alloc();
	for (int id = 0; id < MAX_SERVERS; ++id) {
		lchrif->server_init(id);
		login->dbs->api_server[id].fd = -1;
	}
	if (login->config->log_login)
		loginlog->init();
	ipban->init();

	timer->add_func_list(login->waiting_disconnect_timer, "login->waiting_disconnect_timer");
	timer->add_func_list(login_online_data_cleanup, "login->online_data_cleanup");
	timer->add_interval(timer->gettick() + 600 * 1000, login_online_data_cleanup, 0, 0, 600 * 1000);

	sockt->set_defaultparse(lclif->parse);
	sockt->validate = true;

	if (!login->accounts->init(login->accounts)) {
		ShowFatalError("no accounts\n");
		exit(EXIT_FAILURE);
	}

	HPM->event(HPET_INIT);

	login->fd = sockt->make_listen_bind(login->config->login_ip, login->config->login_port);
	if (login->fd == -1) {
		ShowFatalError("Failed to bind to port '" CL_WHITE "%d" CL_RESET "'\n",
		               login->config->login_port);
		exit(EXIT_FAILURE);
	}
	if (core->runflag != CORE_ST_STOP) {
		core->shutdown_callback = do_shutdown_login;
		core->runflag = LOGINSERVER_ST_RUNNING;
	}

	ShowStatus("The login-server is " CL_GREEN "ready" CL_RESET
	           " (Server is listening on the port %u).\n\n",
	           login->config->login_port);
	loginlog->log(0, "login server", 100, "login server started");
	HPM->event(HPET_READY);
	return 0;
}

int do_final(void)
{
	ShowStatus("Terminating...\n");
	HPM->event(HPET_FINAL);
	loginlog->log(0, "login server", 100, "login server shutdown");
	if (login->config->log_login)
		loginlog->final();
	ipban->final();
	login->accounts->destroy(login->accounts);
	login->accounts = NULL;
	db_destroy(login->online_db);
	db_destroy(login->auth_db);
	if (login->fd != -1)
		sockt->close(login->fd);
	ShowStatus("Finished.\n");
	return EXIT_SUCCESS;
}

void login_defaults(void)
{
	login = &the_login;
	login->config = &the_config;
	login->dbs = &the_servers;
	login->LOGIN_CONF_NAME = "conf/login/login-server.conf";
	login->NET_CONF_NAME = "conf/network.conf";

	login->mmo_auth = login_mmo_auth;
	login->add_online_user = login_add_online_user;
	login->remove_online_user = login_remove_online_user;
	login->waiting_disconnect_timer = login_waiting_disconnect_timer;
	login->lan_subnet_check = login_lan_subnet_check;
	login->convert_users_to_colors = login_convert_users_to_colors;
	login->client_login = login_client_login;
	login->auth_ok = login_auth_ok;
	login->auth_failed = login_auth_failed;
	login->char_server_connection_status = login_char_server_connection_status;
	login->api_server_connection_status = login_api_server_connection_status;
	login->parse_request_connection = login_parse_request_connection;
	login->parse_request_api_connection = login_parse_request_api_connection;
	login->parse_fromchar = login_parse_fromchar;
	login->config_set_defaults = login_config_set_defaults;
	login->config_read = login_config_read;
}

void lchrif_defaults(void)
{
	lchrif = &the_lchrif;
	lchrif->server_init = lchrif_server_init;
	lchrif->server_reset = lchrif_server_reset;
	lchrif->on_disconnect = lchrif_on_disconnect;
}
