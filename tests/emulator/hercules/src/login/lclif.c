#define HERCULES_CORE

#include "lclif.p.h"

#include "login/ipban.h"
#include "login/login.h"
#include "login/loginlog.h"
#include "login/packets_ac_struct.h"
#include "login/packets_ca_struct.h"
#include "common/memmgr.h"
#include "common/random.h"
#include "common/showmsg.h"
#include "common/socket.h"
#include "common/strlib.h"

static struct lclif_interface the_lclif;
static struct lclif_interface_private the_lclif_private;
struct lclif_interface *lclif;

static void lclif_connection_error(int fd, uint8 error)
{
	struct PACKET_SC_NOTIFY_BAN *packet;

	WFIFOHEAD(fd, sizeof(*packet));
	packet = WP2PTR(fd);
	packet->packet_id = HEADER_SC_NOTIFY_BAN;
	packet->error_code = error;
	WFIFOSET(fd, sizeof(*packet));
}

static enum parsefunc_rcode lclif_parse_CA_CONNECT_INFO_CHANGED(int fd,
                                                                struct login_session_data *sd)
{
	return PACKET_VALID;
}

static enum parsefunc_rcode lclif_parse_CA_EXE_HASHCHECK(int fd, struct login_session_data *sd)
{
	const struct PACKET_CA_EXE_HASHCHECK *packet = RP2PTR(fd);

	sd->has_client_hash = 1;
	memcpy(sd->client_hash, packet->hash_value, sizeof(sd->client_hash));
	return PACKET_VALID;
}

static enum parsefunc_rcode lclif_parse_CA_LOGIN(int fd, struct login_session_data *sd)
{
	const struct PACKET_CA_LOGIN *packet = RP2PTR(fd);

	sd->version = packet->version;
	sd->clienttype = packet->clienttype;
	safestrncpy(sd->userid, packet->id, NAME_LENGTH);
	safestrncpy(sd->passwd, packet->password, sizeof(packet->password));
	login->client_login(fd, sd);
	return PACKET_VALID;
}

/* The single sign-on token is taken for the password. */
static enum parsefunc_rcode lclif_parse_CA_SSO_LOGIN_REQ(int fd, struct login_session_data *sd)
{
	const struct PACKET_CA_SSO_LOGIN_REQ *packet = RP2PTR(fd);
	int tokenlen = packet->packet_len - (int)sizeof(*packet);

	if (tokenlen < 1 || tokenlen >= (int)sizeof(sd->passwd)) {
		ShowError("PACKET_CA_SSO_LOGIN_REQ: a token of %d bytes\n", tokenlen);
		sockt->eof(fd);
		return PACKET_VALID;
	}
	sd->version = packet->version;
	sd->clienttype = packet->clienttype;
	safestrncpy(sd->userid, packet->id, NAME_LENGTH);
	safestrncpy(sd->passwd, packet->t1, (size_t)tokenlen + 1);
	login->client_login(fd, sd);
	return PACKET_VALID;
}

/* A salt for passwords sent as a hash. */
static enum parsefunc_rcode lclif_parse_CA_REQ_HASH(int fd, struct login_session_data *sd)
{
	sd->md5keylen = (uint16)(12 + rnd() % 4);
	for (int i = 0; i < sd->md5keylen; ++i)
		sd->md5key[i] = (char)(1 + rnd() % 255);
	lclif->coding_key(fd, sd);
	return PACKET_VALID;
}

static enum parsefunc_rcode lclif_parse_CA_CHARSERVERCONNECT(int fd, struct login_session_data *sd)
    __attribute__((nonnull(2)));
static enum parsefunc_rcode lclif_parse_CA_CHARSERVERCONNECT(int fd, struct login_session_data *sd)
{
	char ip[16];
	uint32 ipl = sockt->session[fd]->client_addr;

	sockt->ip2str(ipl, ip);
	login->parse_request_connection(fd, sd, ip, ipl);
	return PACKET_STOPPARSE;
}

static enum parsefunc_rcode lclif_parse_CA_APISERVERCONNECT(int fd, struct login_session_data *sd)
    __attribute__((nonnull(2)));
static enum parsefunc_rcode lclif_parse_CA_APISERVERCONNECT(int fd, struct login_session_data *sd)
{
	char ip[16];
	uint32 ipl = sockt->session[fd]->client_addr;

	sockt->ip2str(ipl, ip);
	login->parse_request_api_connection(fd, sd, ip, ipl);
	return PACKET_STOPPARSE;
}

static bool lclif_send_server_list(struct login_session_data *sd)
{
	const uint32 ip = sockt->session[sd->fd]->client_addr;
	const uint32 lan_ip = login->lan_subnet_check(ip);
	struct PACKET_AC_ACCEPT_LOGIN *packet;
	const size_t max = sizeof(*packet) + MAX_SERVERS * sizeof(packet->server_list[0]);
	int n = 0;

	WFIFOHEAD(sd->fd, max);
	packet = WP2PTR(sd->fd);
	memset(packet, 0, max);
	packet->packet_id = PACKETVER >= 20170315 ? HEADER_AC_ACCEPT_LOGIN2 : HEADER_AC_ACCEPT_LOGIN;
	packet->auth_code = sd->login_id1;
	packet->aid = (uint32)sd->account_id;
	packet->user_level = (uint32)sd->login_id2;
	packet->sex = sex_str2num(sd->sex);
#if PACKETVER >= 20170315
	for (int i = 0; i < AUTH_TOKEN_SIZE; ++i)
		packet->auth_token[i] = (unsigned char)('a' + rnd() % 26);
#endif
	for (int i = 0; i < MAX_SERVERS; ++i) {
		const struct mmo_char_server *server = &login->dbs->server[i];

		if (!sockt->session_is_active(server->fd))
			continue;
		packet->server_list[n].ip = htonl(lan_ip != 0 ? lan_ip : server->ip);
		packet->server_list[n].port = sockt->ntows(htons(server->port));
		safestrncpy(packet->server_list[n].name, server->name, MAX_CHARSERVER_NAME_SIZE);
		packet->server_list[n].usercount = login->convert_users_to_colors(server->users);
		packet->server_list[n].property = server->type;
		if (server->type == CST_PAYING && sd->expiration_time > time(NULL))
			packet->server_list[n].property = CST_NORMAL;
		packet->server_list[n].state = server->new_;
		++n;
	}
	packet->packet_len = (int16)(sizeof(*packet) + (size_t)n * sizeof(packet->server_list[0]));
	if (n == 0)
		return false;
	WFIFOSET(sd->fd, (size_t)packet->packet_len);
	return true;
}

static void lclif_send_auth_failed(int fd, time_t ban, uint32 error)
{
#if PACKETVER >= 20101123
	struct PACKET_AC_REFUSE_LOGIN_R2 *packet;
	const int16 id = PACKETVER >= 20180627 ? HEADER_AC_REFUSE_LOGIN_R3 : HEADER_AC_REFUSE_LOGIN_R2;
#else
	struct PACKET_AC_REFUSE_LOGIN *packet;
	const int16 id = HEADER_AC_REFUSE_LOGIN;
#endif

	WFIFOHEAD(fd, sizeof(*packet));
	packet = WP2PTR(fd);
	memset(packet, 0, sizeof(*packet));
	packet->packet_id = id;
	packet->error_code = error;
	if (error == 6)
		timestamp2string(packet->block_date, sizeof(packet->block_date), ban,
		                 login->config->date_format);
	WFIFOSET(fd, sizeof(*packet));
}

static void lclif_send_login_error(int fd, uint8 error)
{
	struct PACKET_AC_REFUSE_LOGIN *packet;

	WFIFOHEAD(fd, sizeof(*packet));
	packet = WP2PTR(fd);
	memset(packet, 0, sizeof(*packet));
	packet->packet_id = HEADER_AC_REFUSE_LOGIN;
	packet->error_code = error;
	WFIFOSET(fd, sizeof(*packet));
}

static void lclif_send_coding_key(int fd, struct login_session_data *sd)
{
	struct PACKET_AC_ACK_HASH *packet;
	const size_t size = sizeof(*packet) + sd->md5keylen;

	WFIFOHEAD(fd, size);
	packet = WP2PTR(fd);
	packet->packet_id = HEADER_AC_ACK_HASH;
	packet->packet_len = (int16)size;
	memcpy(packet->secret, sd->md5key, sd->md5keylen);
	WFIFOSET(fd, size);
}

static int lclif_parse(int fd)
{
	struct login_session_data *sd = NULL;
	char ip[16];
	uint32 ipl = sockt->session[fd]->client_addr;

	sockt->ip2str(ipl, ip);

	if (sockt->session[fd]->flag.eof) {
		ShowInfo("Closed connection from '" CL_WHITE "%s" CL_RESET "'.\n", ip);
		sockt->close(fd);
		return 0;
	}

	if (sockt->session[fd]->session_data == NULL) {
		/* the first turn of this connection */
		if (login->config->ipban && !sockt->trusted_ip_check(ipl) && ipban->check(ipl)) {
			ShowStatus("Connection refused: %s is banned\n", ip);
			loginlog->log(ipl, "unknown", -3, "ip banned");
			lclif->login_error(fd, 3);
			sockt->eof(fd);
			return 0;
		}
		CREATE(sd, struct login_session_data, 1);
		sd->fd = fd;
		sockt->session[fd]->session_data = sd;
	}
	sd = sockt->session[fd]->session_data;

	for (int i = 0; i < MAX_PROCESSED_PACKETS && RFIFOREST(fd) >= 2; ++i) {
		const unsigned int packet_id = RFIFOW(fd, 0);
		const size_t there = RFIFOREST(fd);
		enum parsefunc_rcode result = lclif->p->parse_sub(fd, sd);

		if (result == PACKET_INCOMPLETE || result == PACKET_STOPPARSE)
			return 0;
		if (result != PACKET_VALID) {
			ShowWarning("lclif_parse: Received %s packet 0x%04x (%zu bytes), disconnecting "
			            "session #%d.\n",
			            result == PACKET_UNKNOWN ? "unsupported" : "misfit", packet_id, there, fd);
			sockt->eof(fd);
			return 0;
		}
	}
	return 0;
}

/* Handles the packet at the front of the buffer, if it is there as a whole. */
static enum parsefunc_rcode lclif_parse_sub(int fd, struct login_session_data *sd)
{
	const int16 packet_id = (int16)RFIFOW(fd, 0);
	const struct login_packet_db *lpd = lclif->p->packet_db;

	while (lpd->packet_id != 0 && lpd->packet_id != packet_id)
		++lpd;
	if (lpd->packet_id == 0)
		return PACKET_UNKNOWN;

	size_t len = (size_t)lpd->len;
	if (lpd->len == -1) {
		if (RFIFOREST(fd) < 4)
			return PACKET_INCOMPLETE;
		len = RFIFOW(fd, 2);
		if (len < 4 || len > INT16_MAX)
			return PACKET_INVALIDLENGTH;
	}
	if (RFIFOREST(fd) < len)
		return PACKET_INCOMPLETE;
	enum parsefunc_rcode result = lpd->func(fd, sd);
	RFIFOSKIP(fd, len);
	return result;
}

static void lclif_init(void)
{
	static const struct login_packet_db packet_db[] = {
#define packet_def(name) {HEADER_##name, sizeof(struct PACKET_##name), lclif_parse_##name}
	    packet_def(CA_CONNECT_INFO_CHANGED),
	    packet_def(CA_EXE_HASHCHECK),
	    packet_def(CA_LOGIN),
	    {HEADER_CA_SSO_LOGIN_REQ, -1, lclif_parse_CA_SSO_LOGIN_REQ},
	    packet_def(CA_REQ_HASH),
	    packet_def(CA_CHARSERVERCONNECT),
	    packet_def(CA_APISERVERCONNECT),
#undef packet_def
	    {0, 0, NULL},
	};

	lclif->p->packet_db = packet_db;
}

void lclif_defaults(void)
{
	lclif = &the_lclif;
	lclif->p = &the_lclif_private;
	lclif->init = lclif_init;
	lclif->connection_error = lclif_connection_error;
	lclif->server_list = lclif_send_server_list;
	lclif->auth_failed = lclif_send_auth_failed;
	lclif->login_error = lclif_send_login_error;
	lclif->coding_key = lclif_send_coding_key;
	lclif->parse = lclif_parse;
	lclif->p->parse_sub = lclif_parse_sub;
}
