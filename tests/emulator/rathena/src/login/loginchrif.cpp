#include "loginchrif.hpp"

#include <cstring>

#include <common/showmsg.hpp>
#include <common/socket.hpp>
#include <common/strlib.hpp>

#include "account.hpp"
#include "login.hpp"

int32 logchrif_sendallwos(int32 sfd, const uint8 *buf, size_t len)
{
	int32 sent = 0;

	for (const struct mmo_char_server &server : ch_server) {
		if (!session_isValid(server.fd) || server.fd == sfd)
			continue;
		WFIFOHEAD(server.fd, len);
		memcpy(WFIFOP(server.fd, 0), buf, len);
		WFIFOSET(server.fd, len);
		++sent;
	}
	return sent;
}

// Is the player's ticket good? It is torn on its first use.
// S 2712 <account>.L <login_id1>.L <login_id2>.L <sex>.B <player's ip>.L <request>.L
static void logchrif_parse_reqauth(int32 fd, int32 id, char *ip)
{
	uint32 account_id = RFIFOL(fd, 2);
	uint32 login_id1 = RFIFOL(fd, 6);
	uint32 login_id2 = RFIFOL(fd, 10);
	uint8 sex = RFIFOB(fd, 14);
	uint32 request_id = RFIFOL(fd, 19);

	RFIFOSKIP(fd, 23);

	struct auth_node *node = login_get_auth_node(account_id);
	// the address at offset 15 is not compared, as in the emulators
	bool good = global_core->is_running() && node != nullptr && node->login_id1 == login_id1 &&
	            node->login_id2 == login_id2 && node->sex == sex_num2str(sex);

	if (!good)
		ShowStatus("Char-server '%s': authentication of the account %u REFUSED (ip: %s).\n",
		           ch_server[id].name, account_id, ip);
	WFIFOHEAD(fd, 21);
	WFIFOW(fd, 0) = 0x2713;
	WFIFOL(fd, 2) = account_id;
	WFIFOL(fd, 6) = login_id1;
	WFIFOL(fd, 10) = login_id2;
	WFIFOB(fd, 14) = sex;
	WFIFOB(fd, 15) = good ? 0 : 1;
	WFIFOL(fd, 16) = request_id;
	WFIFOB(fd, 20) = good ? node->clienttype : 0;
	WFIFOSET(fd, 21);
	if (good)
		login_remove_auth_node(account_id);
}

static void logchrif_parse_ackusercount(int32 fd, int32 id)
{
	uint16 users = (uint16)RFIFOL(fd, 2);

	if (ch_server[id].users != users)
		ShowStatus("Users on '%s': %u\n", ch_server[id].name, users);
	ch_server[id].users = users;
}

static void logchrif_parse_reqaccdata(int32 fd, int32 id, char *ip)
{
	uint32 account_id = RFIFOL(fd, 2);
	struct mmo_account acc;

	if (!login_get_accounts_db()->load_num(&acc, account_id)) {
		ShowNotice("Char-server '%s': account %u NOT found (ip: %s).\n", ch_server[id].name,
		           account_id, ip);
		return;
	}
	WFIFOHEAD(fd, 75);
	memset(WFIFOP(fd, 0), 0, 75);
	WFIFOW(fd, 0) = 0x2717;
	WFIFOL(fd, 2) = account_id;
	safestrncpy(WFIFOCP(fd, 6), acc.email, 40);
	WFIFOL(fd, 46) = (uint32)acc.expiration_time;
	WFIFOB(fd, 50) = (uint8)acc.group_id;
	WFIFOB(fd, 51) = acc.char_slots;
	safestrncpy(WFIFOCP(fd, 52), acc.birthdate, sizeof(acc.birthdate));
	safestrncpy(WFIFOCP(fd, 63), acc.pincode, sizeof(acc.pincode));
	WFIFOL(fd, 68) = acc.pincode_change;
	WFIFOSET(fd, 75);
}

static void logchrif_parse_keepalive(int32 fd)
{
	WFIFOHEAD(fd, 2);
	WFIFOW(fd, 0) = 0x2718;
	WFIFOSET(fd, 2);
}

// S 272d <length>.W <users>.W {<account>.L}*
static void logchrif_parse_updonlinedb(int32 fd, int32 id)
{
	const uint32 users = RFIFOW(fd, 4);

	login_online_db_setoffline(id);
	for (uint32 i = 0; i < users && 6 + (i + 1) * 4 <= RFIFOW(fd, 2); ++i)
		login_add_online_user(id, RFIFOL(fd, 6 + i * 4));
}

static void logchrif_parse_updcharip(int32 fd, int32 id)
{
	ch_server[id].ip = ntohl(RFIFOL(fd, 2));
	ShowInfo("Char-server #%d is now at %u.%u.%u.%u\n", id, CONVIP(ch_server[id].ip));
}

static void logchrif_server_init(int32 id)
{
	ch_server[id] = {};
	ch_server[id].fd = -1;
}

static void logchrif_server_reset(int32 id)
{
	login_online_db_setoffline(id);
	if (ch_server[id].fd != -1)
		do_close(ch_server[id].fd);
	logchrif_server_init(id);
}

static void logchrif_on_disconnect(int32 id)
{
	ShowStatus("Char-server '%s' has disconnected.\n", ch_server[id].name);
	logchrif_server_reset(id);
}

// Bytes of the packet at the front of the buffer: 0 for an unknown one, more than RFIFOREST if the
// rest has to come first.
static size_t logchrif_packet_size(int32 fd)
{
	switch (RFIFOW(fd, 0)) {
	case 0x2719:
	case 0x2737:
		return 2;
	case 0x2714:
	case 0x2716:
	case 0x272b:
	case 0x272c:
	case 0x2736:
		return 6;
	case 0x272e:
		return 10;
	case 0x2712:
		return 23;
	case 0x272d:
		return RFIFOREST(fd) < 6 || RFIFOW(fd, 2) < 6 ? 6 : RFIFOW(fd, 2);
	default:
		return 0;
	}
}

int32 logchrif_parse(int32 fd)
{
	char ip[16];
	int32 id = 0;

	while (id < MAX_SERVERS && ch_server[id].fd != fd)
		++id;
	if (id == MAX_SERVERS) {
		ShowDebug("logchrif_parse: session #%d is no char-server\n", fd);
		set_eof(fd);
		do_close(fd);
		return 0;
	}

	if (session[fd]->flag.eof) {
		do_close(fd);
		ch_server[id].fd = -1;
		logchrif_on_disconnect(id);
		return 0;
	}

	ip2str(ch_server[id].ip, ip);
	while (RFIFOREST(fd) >= 2) {
		const uint16 command = RFIFOW(fd, 0);
		const size_t size = logchrif_packet_size(fd);

		if (size == 0) {
			ShowError("logchrif_parse: Unknown packet 0x%x from a char-server! Disconnecting!\n",
			          command);
			set_eof(fd);
			return 0;
		}
		if (RFIFOREST(fd) < size)
			return 0;

		switch (command) {
		case 0x2712:
			logchrif_parse_reqauth(fd, id, ip);
			continue; // it has skipped the packet itself
		case 0x2714:
			logchrif_parse_ackusercount(fd, id);
			break;
		case 0x2716:
			logchrif_parse_reqaccdata(fd, id, ip);
			break;
		case 0x2719:
			logchrif_parse_keepalive(fd);
			break;
		case 0x272b:
			login_add_online_user(id, RFIFOL(fd, 2));
			break;
		case 0x272c:
			login_remove_online_user(RFIFOL(fd, 2));
			break;
		case 0x272d:
			logchrif_parse_updonlinedb(fd, id);
			break;
		case 0x272e: // registry variables, which nobody keeps here
			break;
		case 0x2736:
			logchrif_parse_updcharip(fd, id);
			break;
		case 0x2737:
			ShowInfo("Nobody of char-server #%d is online\n", id);
			login_online_db_setoffline(id);
			break;
		}
		RFIFOSKIP(fd, size);
	}
	return 1;
}

void do_init_loginchrif(void)
{
	for (int32 id = 0; id < MAX_SERVERS; ++id)
		logchrif_server_init(id);
}

void do_shutdown_loginchrif(void)
{
	for (int32 id = 0; id < MAX_SERVERS; ++id)
		logchrif_server_reset(id);
}
