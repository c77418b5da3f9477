#include "loginclif.hpp"

#include <cstdio>
#include <cstring>

#include <common/malloc.hpp>
#include <common/packets.hpp>
#include <common/random.hpp>
#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>
#include <common/timer.hpp>

#include "account.hpp"
#include "ipban.hpp"
#include "login.hpp"
#include "loginchrif.hpp"
#include "loginlog.hpp"

static PacketDatabase<login_session_data> login_packet_db;

// 1: the server is closed, 8: still online
static void logclif_sent_auth_result(int32 fd, uint8 result)
{
	PACKET_SC_NOTIFY_BAN p = {};

	p.packetType = HEADER_SC_NOTIFY_BAN;
	p.result = result;
	socket_send(fd, p);
}

static bool logclif_group_may_connect(const struct login_session_data *sd)
{
	if (login_config.group_id_to_connect >= 0)
		return (int32)sd->group_id == login_config.group_id_to_connect;
	return (int32)sd->group_id >= login_config.min_group_id_to_connect;
}

static bool logclif_any_char_server(void)
{
	for (const struct mmo_char_server &server : ch_server)
		if (session_isActive(server.fd))
			return true;
	return false;
}

// An account that is still in the game is thrown out there, and this login fails. One that never
// came as far as the char server makes room.
static bool logclif_already_online(struct login_session_data *sd)
{
	struct online_login_data *data = login_get_online_user(sd->account_id);
	uint8 buf[6];

	if (data == nullptr)
		return false;
	if (data->char_server == -1) {
		login_remove_auth_node(sd->account_id);
		login_remove_online_user(sd->account_id);
		return false;
	}
	if (data->char_server < 0)
		return false;
	ShowNotice("Login refused: '%s' is in the game\n", sd->userid);
	WBUFW(buf, 0) = 0x2734;
	WBUFL(buf, 2) = sd->account_id;
	logchrif_sendallwos(-1, buf, sizeof(buf));
	if (data->waiting_disconnect == INVALID_TIMER)
		data->waiting_disconnect =
		    add_timer(gettick() + AUTH_TIMEOUT, login_waiting_disconnect_timer,
		              (int32)sd->account_id, 0);
	return true;
}

static void logclif_send_server_list(struct login_session_data *sd)
{
	PACKET_AC_ACCEPT_LOGIN *p = (PACKET_AC_ACCEPT_LOGIN *)packet_buffer;
	const uint32 ip = session[sd->fd]->client_addr;
	const uint32 lan_ip = lan_subnetcheck(ip);
	int32 n = 0;

	memset(packet_buffer, 0, sizeof(*p) + MAX_SERVERS * sizeof(p->char_servers[0]));
	p->packetType = HEADER_AC_ACCEPT_LOGIN;
	p->login_id1 = sd->login_id1;
	p->AID = sd->account_id;
	p->login_id2 = sd->login_id2;
	p->sex = sex_str2num(sd->sex);
#if PACKETVER >= 20170315
	safestrncpy(p->token, sd->web_auth_token, sizeof(p->token));
#endif
	for (const struct mmo_char_server &server : ch_server) {
		if (!session_isValid(server.fd))
			continue;
		PACKET_AC_ACCEPT_LOGIN_sub &entry = p->char_servers[n++];
		entry.ip = htonl(lan_ip != 0 ? lan_ip : server.ip);
		entry.port = ntows(htons(server.port));
		safestrncpy(entry.name, server.name, sizeof(entry.name));
		entry.users = (uint16)login_get_usercount(server.users);
		entry.type = server.type;
		entry.new_ = server.new_;
	}
	p->packetLength = (int16)(sizeof(*p) + (size_t)n * sizeof(p->char_servers[0]));
	socket_send(sd->fd, p);
}

static void logclif_auth_ok(struct login_session_data *sd)
{
	const int32 fd = sd->fd;
	const uint32 ip = session[fd]->client_addr;

	if (!global_core->is_running()) {
		logclif_sent_auth_result(fd, 1);
		return;
	}
	if (!logclif_group_may_connect(sd)) {
		ShowStatus("Login refused: not for group %u (account '%s')\n", sd->group_id, sd->userid);
		logclif_sent_auth_result(fd, 1);
		return;
	}
	if (!logclif_any_char_server()) {
		ShowStatus("Login refused: there is no char-server (account '%s')\n", sd->userid);
		logclif_sent_auth_result(fd, 1);
		return;
	}
	if (logclif_already_online(sd)) {
		logclif_sent_auth_result(fd, 8);
		return;
	}

	login_log(ip, sd->userid, 100, "login ok");
	ShowStatus("Connection of the account '%s' accepted.\n", sd->userid);
	logclif_send_server_list(sd);

	login_add_auth_node(sd, ip);
	struct online_login_data *data = login_add_online_user(-1, sd->account_id);
	data->waiting_disconnect = add_timer(gettick() + AUTH_TIMEOUT, login_waiting_disconnect_timer,
	                                     (int32)sd->account_id, 0);
}

static void logclif_auth_failed(int32 fd, int32 result)
{
	PACKET_AC_REFUSE_LOGIN p = {};

	p.packetType = HEADER_AC_REFUSE_LOGIN;
	p.error = (decltype(p.error))result;
	socket_send(fd, p);
}

static void logclif_auth_failed(struct login_session_data *sd, int32 result)
{
	const uint32 ip = session[sd->fd]->client_addr;

	if (login_config.log_login)
		login_log(ip, sd->userid, result, msg_txt(result));
	if ((result == 0 || result == 1) && login_config.dynamic_pass_failure_ban)
		ipban_log(ip);
	logclif_auth_failed(sd->fd, result);
}

static bool logclif_parse_keepalive(int32, struct login_session_data &)
{
	return true;
}

static bool logclif_parse_updclhash(int32 fd, struct login_session_data &sd)
{
	const PACKET_CA_EXE_HASHCHECK *p = (PACKET_CA_EXE_HASHCHECK *)RFIFOP(fd, 0);

	sd.has_client_hash = 1;
	memcpy(sd.client_hash, p->hash, sizeof(sd.client_hash));
	return true;
}

static void logclif_authenticate(int32 fd, struct login_session_data &sd, const char *mode)
{
	char ip[16];

	ip2str(session[fd]->client_addr, ip);
	ShowStatus("Request for connection %sof %s (ip: %s)\n", mode, sd.userid, ip);

	int32 result = login_mmo_auth(&sd, false);
	if (result == -1)
		logclif_auth_ok(&sd);
	else
		logclif_auth_failed(&sd, result);
}

static bool logclif_parse_reqauth_raw(int32 fd, struct login_session_data &sd)
{
	const PACKET_CA_LOGIN *p = (PACKET_CA_LOGIN *)RFIFOP(fd, 0);

	safestrncpy(sd.userid, p->username, sizeof(sd.userid));
	safestrncpy(sd.passwd, p->password, sizeof(p->password));
	sd.clienttype = p->clienttype;
	logclif_authenticate(fd, sd, "");
	return true;
}

// The single sign-on token is taken for the password.
static bool logclif_parse_reqauth_sso(int32 fd, struct login_session_data &sd)
{
	const PACKET_CA_SSO_LOGIN_REQ *p = (PACKET_CA_SSO_LOGIN_REQ *)RFIFOP(fd, 0);
	size_t token_size = (size_t)p->packetLength - sizeof(*p) + 1;

	safestrncpy(sd.userid, p->username, sizeof(sd.userid));
	safestrncpy(sd.passwd, p->token,
	            token_size < sizeof(sd.passwd) ? token_size : sizeof(sd.passwd));
	sd.clienttype = p->clienttype;
	logclif_authenticate(fd, sd, "(SSO mode) ");
	return true;
}

// A salt for passwords sent as a hash.
static bool logclif_parse_reqkey(int32 fd, struct login_session_data &sd)
{
	PACKET_AC_ACK_HASH *p = (PACKET_AC_ACK_HASH *)packet_buffer;

	sd.md5keylen = sizeof(sd.md5key);
	for (char &c : sd.md5key)
		c = (char)rnd_value(1, 255);
	p->packetType = HEADER_AC_ACK_HASH;
	p->packetLength = (int16)(sizeof(*p) + sd.md5keylen);
	memcpy(p->salt, sd.md5key, sd.md5keylen);
	socket_send(fd, p);
	return true;
}

static void logclif_char_server_result(int32 fd, uint8 result)
{
	WFIFOHEAD(fd, 3);
	WFIFOW(fd, 0) = 0x2711;
	WFIFOB(fd, 2) = result;
	WFIFOSET(fd, 3);
}

// A char server logs in: S 2710 <name>.24B <password>.24B <?>.L <ip>.L <port>.W <display name>.20B
// <?>.W <type>.W <new>.W. Returns 0 when the packet is not there as a whole.
static int32 logclif_parse_reqcharconnec(int32 fd, struct login_session_data *sd, char *ip)
{
	char server_name[20];
	char message[256];

	if (RFIFOREST(fd) < 86)
		return 0;

	safestrncpy(sd->userid, RFIFOCP(fd, 2), NAME_LENGTH);
	safestrncpy(sd->passwd, RFIFOCP(fd, 26), NAME_LENGTH);
	const uint32 server_ip = ntohl(RFIFOL(fd, 54));
	const uint16 server_port = ntohs(RFIFOW(fd, 58));
	safestrncpy(server_name, RFIFOCP(fd, 60), sizeof(server_name));
	const uint16 type = RFIFOW(fd, 82);
	const uint16 new_ = RFIFOW(fd, 84);
	RFIFOSKIP(fd, 86);

	ShowInfo("Connection request of the char-server '%s' @ %u.%u.%u.%u:%u (account: '%s', "
	         "ip: '%s')\n",
	         server_name, CONVIP(server_ip), server_port, sd->userid, ip);
	snprintf(message, sizeof(message), "charserver - %s@%u.%u.%u.%u:%u", server_name,
	         CONVIP(server_ip), server_port);
	login_log(session[fd]->client_addr, sd->userid, 100, message);

	int32 result = login_mmo_auth(sd, true);
	if (!global_core->is_running() || result != -1 || sd->sex != 'S' ||
	    sd->account_id >= ARRAYLENGTH(ch_server) || session_isValid(ch_server[sd->account_id].fd)) {
		ShowNotice("Connection of the char-server '%s' REFUSED.\n", server_name);
		logclif_char_server_result(fd, 3);
		return 1;
	}

	ShowStatus("Connection of the char-server '%s' accepted.\n", server_name);
	struct mmo_char_server &server = ch_server[sd->account_id];
	safestrncpy(server.name, server_name, sizeof(server.name));
	server.fd = fd;
	server.ip = server_ip;
	server.port = server_port;
	server.users = 0;
	server.type = type;
	server.new_ = new_;

	session[fd]->func_parse = logchrif_parse;
	session[fd]->flag.server = 1;
	realloc_fifo(fd, FIFOSIZE_SERVERLINK, FIFOSIZE_SERVERLINK);
	logclif_char_server_result(fd, 0);
	return 1;
}

int32 logclif_parse(int32 fd)
{
	struct login_session_data *sd = (struct login_session_data *)session[fd]->session_data;
	char ip[16];
	uint32 ipl = session[fd]->client_addr;

	ip2str(ipl, ip);

	if (session[fd]->flag.eof) {
		ShowInfo("Closed connection from '" CL_WHITE "%s" CL_RESET "'.\n", ip);
		do_close(fd);
		return 0;
	}

	if (sd == nullptr) {
		// the first turn of this connection
		if (login_config.ipban && ipban_check(ipl)) {
			ShowStatus("Connection refused: %s is banned\n", ip);
			login_log(ipl, "unknown", -3, "ip banned");
			logclif_auth_failed(fd, 3);
			set_eof(fd);
			return 0;
		}
		CREATE(sd, struct login_session_data, 1);
		sd->fd = fd;
		session[fd]->session_data = sd;
	}

	while (RFIFOREST(fd) >= 2) {
		if (RFIFOW(fd, 0) == 0x2710) {
			logclif_parse_reqcharconnec(fd, sd, ip);
			return 0; // another parse handler goes on
		}
		if (!login_packet_db.handle(fd, *sd))
			return 0;
	}
	return 0;
}

void do_init_loginclif(void)
{
	auto &db = login_packet_db;

	db.add(HEADER_CA_CONNECT_INFO_CHANGED, true, sizeof(PACKET_CA_CONNECT_INFO_CHANGED),
	       logclif_parse_keepalive);
	db.add(HEADER_CA_EXE_HASHCHECK, true, sizeof(PACKET_CA_EXE_HASHCHECK), logclif_parse_updclhash);
	db.add(HEADER_CA_LOGIN, true, sizeof(PACKET_CA_LOGIN), logclif_parse_reqauth_raw);
	db.add(HEADER_CA_SSO_LOGIN_REQ, false, sizeof(PACKET_CA_SSO_LOGIN_REQ),
	       logclif_parse_reqauth_sso);
	db.add(HEADER_CA_REQ_HASH, true, sizeof(PACKET_CA_REQ_HASH), logclif_parse_reqkey);
}
